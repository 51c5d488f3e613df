"""The shipped reviews: what their reports must say, counted by hand from the decisions in them."""

from dataclasses import replace

import pytest

from everycount.io.files import digest
from everycount.io.frameworks import find_framework
from everycount.io.policy_run import match_review, reread_review, start_review
from everycount.io.review_file import read_review, review_bytes
from everycount.io.sample import sample_path
from everycount.model.supply import Catalogue
from everycount.policy.gaps import gaps
from everycount.policy.plan import costs, unplanned
from everycount.policy.priorities import priorities

ROW = "chapter-2.table-1.row-"
GROUPS = tuple(f"Group {letter} (exercise)" for letter in "ABCD")


def shipped(name):
    review = read_review(sample_path(f"policy/{name}.review.json"))
    loaded = [use.reference for use in review.frameworks if use.is_loaded]
    return review, Catalogue(frameworks=tuple(map(find_framework, loaded)))


@pytest.fixture(scope="module")
def viet_nam():
    review, catalogue = shipped("viet-nam")
    return review, {table.id: table for table in gaps(review, catalogue)}


@pytest.fixture(scope="module")
def rwanda():
    review, catalogue = shipped("rwanda")
    return review, {table.id: table for table in gaps(review, catalogue)}


@pytest.mark.parametrize("name", ["viet-nam", "rwanda"])
def test_decisions_follow_the_text_that_is_shipped_beside_them(name):
    review, catalogue = shipped(name)
    again, followed = reread_review(
        review, sample_path(f"policy/{name}.md"), by="Lan", on="2026-11-22"
    )
    assert (followed.moved, followed.changed, followed.gone, followed.new) == ((), (), (), ())
    assert again.issues == review.issues
    matched = match_review(again, catalogue.frameworks)
    assert {link.ends for link in matched.accepted_links} == {
        link.ends for link in review.accepted_links
    }
    assert review_bytes(match_review(again, catalogue.frameworks)) == review_bytes(matched)


@pytest.mark.parametrize("name", ["viet-nam", "rwanda"])
def test_everything_accepted_was_accepted_by_somebody_and_is_logged(name):
    review, _ = shipped(name)
    assert all(each.decision.by == "Everycount" for each in review.accepted_links)
    others = (
        {"Everycount"} if name == "rwanda" else {"Everycount", "All groups (exercise)", *GROUPS}
    )
    assert {event.by for event in review.log} == others
    assert "own" in review.policy.note


def test_articles_of_the_law_are_those_the_example_names(viet_nam):
    review, _ = viet_nam
    articles = [each.number for each in review.policy.clauses if each.kind == "article"]
    assert articles == [*map(str, range(11, 19)), "40", "41", "42"]


def test_viet_nam_promises_that_nothing_would_show(viet_nam):
    _, found = viet_nam
    table = found["issues-without-indicators"]
    assert [row[0] for row in table.rows] == [
        *("11.b", "12.b", "14.c", "16.a", "17.c", "40.c", "40.d", "41.a", "41.b"),
        *(f"{ROW}{number}" for number in (2, 7, 8, 9)),
    ]
    # Seven have no link at all; the others have only indicators that are related to them.
    assert sum(row[4].startswith("only related") for row in table.rows) == 6
    assert table.of == 41
    assert "nsigd@2019) is not loaded" in table.notes[1]


def test_a_national_set_that_is_not_loaded_is_no_gap_of_viet_nam(viet_nam):
    _, found = viet_nam
    assert found["indicators-without-demand"].rows == ()
    # 28 of the 41 issues have an indicator that answers, none of them a national one.
    assert len({row[0] for row in found["potential-demand"].rows}) == 28
    changes = [row[1] for row in found["advice"].rows if row[3] == "potential-demand"]
    assert all(change.startswith("if the national set, which is not loaded") for change in changes)


def test_targets_of_the_strategy_lack_baselines_and_one_lacks_its_year(viet_nam):
    _, found = viet_nam
    rows = {(row[0], row[2]): row[3] for row in found["open-targets"].rows}
    assert len(rows) == 10  # nine rows, of which the second has two values
    assert all("baseline" in lacking for lacking in rows.values())
    assert [name for name, lacking in rows.items() if "year" in lacking] == [(f"{ROW}3", "25 %")]
    assert found["open-targets"].finding.endswith("32 issues state no target at all.")


def test_breakdowns_of_viet_nam_against_what_is_known(viet_nam):
    _, found = viet_nam
    rows = {
        (row[0], row[2], row[4].split(":")[0]): row[5] for row in found["breakdown-demand"].rows
    }
    literacy = "sdg-global@2023 4.6.1"
    assert rows[f"{ROW}4", "sex", literacy] == "available"
    assert rows[f"{ROW}6", "sex x ethnicity", literacy] == "not expected, not available"
    assert rows["11.c", "sex", "sdg-global@2023 5.5.1"] == "available"
    assert rows["12.b", "sex", ""] == "no indicator"


def test_production_of_viet_nam_counts_the_five_readings(viet_nam):
    _, found = viet_nam
    assert found["production"].finding == (
        "Of 52 indicators asked for: produced: 2; reprocessing: 2; new module: 1; no method: 0; "
        "nobody has said: 47."
    )


def test_priorities_of_viet_nam_follow_from_the_marks_of_four_groups(viet_nam):
    review, _ = viet_nam
    _, catalogue = shipped("viet-nam")
    rated = [each for each in priorities(review, catalogue) if each.place != "not rated"]
    found = [(each.key, each.place, round(each.score, 2), each.is_disputed) for each in rated]
    # Demand of users, feasibility and 6 less the cost of producers: each a mean of two marks.
    assert found == [
        ("5.5.1", "first", round((4 + 5 + 5) / 3, 2), False),
        ("4.6.1", "first", round((5 + 4 + 4) / 3, 2), False),
        ("8.5.1", "first", round((4.5 + 4 + 3.5) / 3, 2), False),
        ("5.4.1", "invest", round((4.5 + 2.5 + 1.5) / 3, 2), False),
        ("16.3.1", "invest", round((3.5 + 1.5 + 1) / 3, 2), True),
        ("3.7.1", "easy", round((2.5 + 4.5 + 4) / 3, 2), False),
    ]
    assert {rating.by for rating in review.ratings} == set(GROUPS)
    assert len(review.ratings) == 36


def test_plan_of_viet_nam_is_dated_costed_and_plainly_an_exercise(viet_nam):
    review, _ = viet_nam
    _, catalogue = shipped("viet-nam")
    assert [(line.id, line.key, line.source, line.phase, line.due) for line in review.plan] == [
        ("P1", "5.5.1", "na", "disseminate", "2027-06"),
        ("P2", "4.6.1", "lfs", "process", "2027-12"),
        ("P3", "8.5.1", "lfs", "specify needs", "2027-04"),
        ("P4", "5.4.1", "lfs", "process", "2028-06"),
        ("P5", "16.3.1", "", "design", "2028-12"),
        ("P6", "3.7.1", "mics", "disseminate", "2027-09"),
    ]
    assert {line.source for line in review.plan} <= {"", *(each.code for each in review.sources)}
    assert [(each.year, each.total, each.currency, each.lines) for each in costs(review.plan)] == [
        ("2027", 10 + 40 + 5 + 15, "XXX", 4),
        ("2028", 60 + 120, "XXX", 2),
    ]
    assert len(unplanned(review, catalogue)) == 52 - 6
    # XXX is ISO 4217 for no currency: nobody shall take the costs for figures of the country.
    assert all(line.note.startswith("exercise: ") for line in review.plan)
    assert "are an exercise" in review.policy.note


def test_sign_offs_of_viet_nam_keep_one_dissent_and_name_what_was_signed(viet_nam):
    review, _ = viet_nam
    assert [(each.by, each.verdict, each.about) for each in review.sign_offs] == [
        ("Group A (exercise)", "agrees", ""),
        ("Group C (exercise)", "agrees with remarks", ""),
        ("Group B (exercise)", "dissents", "12.b"),
    ]
    assert all("exercise" in each.organisation for each in review.sign_offs)
    # Before each signature the review was one sign-off and one entry of the log shorter.
    for number, signed in enumerate(review.sign_offs):
        left = len(review.sign_offs) - number
        before = replace(review, sign_offs=review.sign_offs[:number], log=review.log[:-left])
        assert digest(review_bytes(before)) == signed.of


def test_rwanda_uses_four_of_its_national_indicators(rwanda):
    _, found = rwanda
    table = found["indicators-without-demand"]
    assert (table.count, table.of) == (74, 78)
    assert not {row[1] for row in table.rows} & {"5.2.1", "5.2.2", "5.3.1", "5.6.1"}


def test_rwandas_second_pass_finds_what_the_national_set_lacks(rwanda):
    _, found = rwanda
    rows = found["potential-demand"].rows
    assert sorted({(row[0], row[4]) for row in rows}) == [
        ("7", "16.2.1"),
        ("8", "1.3.1"),
        ("8", "QI.3"),
        ("8", "QI.4"),
    ]
    lacking = [row[0] for row in found["issues-without-indicators"].rows]
    assert lacking == ["3", "4", "6", "9", "10.b", "38", "39"]


def test_rwandas_articles_have_outcomes_where_they_have_indicators(rwanda):
    _, found = rwanda
    remarks = {row[0]: row[7] for row in found["stage-mix"].rows}
    assert [number for number, words in remarks.items() if words == "no indicator"] == [
        *("3", "6", "9")
    ]
    assert found["open-targets"].of == 0


def test_groups_and_concepts_that_both_laws_miss(viet_nam, rwanda):
    for _, found in (viet_nam, rwanda):
        missed = {row[0] for row in found["groups-missed"].rows}
        assert {"older-women", "women-with-disabilities", "forests"} <= missed
        assert "women" not in missed
        lacking = {row[1] for row in found["concepts-missed"].rows if row[3] == "no issue"}
        assert {"Privacy", "Participation", "environmental"} <= lacking
    assert "women-rural" not in {row[0] for row in viet_nam[1]["groups-missed"].rows}


def test_the_text_of_rwanda_says_which_articles_it_leaves_out_and_why(rwanda):
    review, _ = rwanda
    told = {each.number for each in review.policy.clauses if each.kind == "article"}
    left_out = {2, 11, 12, *range(14, 28), *range(29, 38), 40, 41}
    assert {*map(int, told)} == set(range(1, 42)) - left_out
    reason = review.policy.clause("0.3").text
    assert all(f"{number}" in reason for number in (2, 11, 12, 14, 15, 28, 37, 40, 41))
    assert "28" not in {each.passage for each in review.issues}


def test_no_penalty_of_rwandas_law_asks_for_an_indicator(shared):
    file = shared / "data" / "policies" / "rwa_gbv_law_59_2008.txt"
    review = start_review(file)
    passages = {each.passage for each in review.issues}
    assert {"3", "10", "38"} <= passages
    assert not passages & {*map(str, range(12, 38))}
