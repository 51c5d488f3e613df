"""What the report of a review says, on a law of six clauses in Vietnamese and in English."""

from dataclasses import replace

import pytest

from everycount.io.files import digest
from everycount.io.review_file import review_bytes
from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator
from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.plan import PlanLine, Rating
from everycount.model.review import (
    Clause,
    Event,
    FrameworkUse,
    IndicatorLink,
    PolicyText,
    Review,
    SignOff,
)
from everycount.model.supply import Catalogue, DataSource, Supply
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary
from everycount.policy.amend import sign
from everycount.policy.decide import decide_issue
from everycount.reports.policy_printable import printable
from everycount.reports.policy_report import policy_report

YES = Decision(status="accepted", by="Lan", on="2026-11-22")
NO = Decision(status="rejected", by="Hoa", on="2026-11-22", why="another law has it")
NATIONAL, GLOBAL, AWAY = "nso@2024", "world@2023", "away@2019"
VOCABULARY = Vocabulary(
    id="small",
    title={"en": "Small list"},
    source="EquiFrame, in our words",
    groups=(
        TargetGroup(
            code="rural",
            title={"en": "Rural women", "vi": "Phụ nữ nông thôn"},
            terms={"en": ("rural women",)},
            breakdowns=("sex", "urbanisation"),
        ),
    ),
    concepts=(
        Concept(
            code="access",
            title={"en": "Access"},
            question={"en": "Can it be reached?"},
            terms={"en": ("access",)},
        ),
    ),
)
TEXT = "The State shall give rural women access to credit; 60 per cent by 2030."


def cause(words, passage="1.a", text=TEXT, **more):
    start = text.find(words)
    return Cause(passage=passage, start=start, end=start + len(words), words=words, **more)


def target(name, **more):
    return Target(**{"id": name, "words": cause("60 per cent by 2030"), **more})


def issue(name, **more):
    return Issue(**{"id": name, "passage": name, "action": f"do {name}", "decision": YES, **more})


def link(name, framework, key, **more):
    given = {"issue": name, "framework": framework, "key": key, "band": "likely", "decision": YES}
    return IndicatorLink(**{**given, **more})


def framework(reference, level, *indicators):
    name, _, version = reference.partition("@")
    return Framework(
        id=name,
        version=version,
        title={"en": name},
        publisher="Statistics office",
        level=level,
        valid_from=version,
        source=Source(citation="a list"),
        indicators=indicators,
    )


CREDIT = Indicator(key="n1", code="1.1", title={"en": "Loans", "vi": "Vay vốn"})
CATALOGUE = Catalogue(
    frameworks=(
        framework(NATIONAL, "national", CREDIT, Indicator(key="n2", code="1.2", title={"en": "B"})),
        framework(GLOBAL, "global", Indicator(key="g1", code="5.a", title={"en": "Land"})),
    ),
    supplies=(Supply(framework=GLOBAL, key="g1", sources=("census",)),),
)
CLAUSES = (
    Clause(number="c1", kind="chapter", label="Chapter 1", text=""),
    Clause(number="1", kind="article", label="Article 1", text="", heading="Credit", parent="c1"),
    Clause(number="1.a", kind="point", label="(a)", text=TEXT, parent="1", page=3),
    Clause(number="2", kind="article", label="", text="", parent="c1"),
    Clause(number="9", kind="clause", label="x", text="Round."),
    Clause(number="10", kind="clause", label="y", text="", parent="9"),
)
FIRST = issue(
    "1.a",
    clause=TEXT,
    action="give rural women access to credit",
    bodies=("The State",),
    groups=(Tag(code="rural", causes=(cause("rural women"),)),),
    concepts=(Tag(code="access", grade=3, causes=(cause("women access"),)),),
    dimension="economic",
    reference_population="women aged 15 and over",
    targets=(
        target(
            "t1",
            comparator="at least",
            value=60,
            unit="%",
            year=2030,
            baseline=40,
            baseline_year=2025,
            numerator="rural women with a loan",
            denominator="rural women",
            decision=YES,
        ),
        target("t2", numerator="loans to women"),
        target("t3", comparator="between", value=1000, upper=2000, baseline=0.5, decision=NO),
    ),
    breakdowns=(("sex", "age"), ("sex", "urbanisation")),
    frequency="every year",
    area_level="district",
    causes=(
        cause("shall"),
        Cause(passage="1", start=0, end=6, words="Credit", part="heading"),
        Cause(passage="9", start=0, end=5, words="Round"),
        Cause(passage="1.a", start=0, end=3, words="moved"),
        Cause(passage="1.a", start=0, end=3, words="credit"),
    ),
)
REVIEW = Review(
    title="Law on Credit",
    reviewers="Group B",
    policy=PolicyText(
        name="law.pdf", digest="d" * 64, language="vi", title="Law 7", clauses=CLAUSES
    ),
    vocabulary=VOCABULARY,
    frameworks=(
        FrameworkUse(reference=GLOBAL, title="World set", level="global"),
        FrameworkUse(reference=NATIONAL, title="National set", level="national", note="partly"),
        FrameworkUse(reference=AWAY, title="Away set", level="national", is_loaded=False),
    ),
    issues=(
        FIRST,
        issue("2", clause="", stale="the clause changed"),
        issue(
            "3",
            passage="",
            clause="The State shall count.",
            causes=(cause("count", ""),),
            breakdowns=(("sex",),),
        ),
        issue("4", passage="gone"),
        issue("5", passage="9", decision=NO),
        issue("6", passage="9", decision=Decision()),
        issue("7", passage="10", clause="Told before.", decision=Decision()),
    ),
    links=(
        link("1.a", GLOBAL, "g1", relation="broader", decision=replace(YES, on="", why="agreed")),
        link("1.a", NATIONAL, "n1", reasons=("both loans", "same words"), score=0.8),
        link("1.a", NATIONAL, "n2", decision=NO),
        link("2", NATIONAL, "n2", band="nearest", score=0.123, decision=Decision()),
        link("3", NATIONAL, "n2", score=0.5, decision=Decision(), warnings=("men, not women",)),
        link("4", AWAY, "a1", decision=NO),
        link("6", AWAY, "a1", band="added", decision=Decision(), stale="the set changed"),
        link("5", NATIONAL, "n2", decision=Decision()),
    ),
)


def report(review=REVIEW, catalogue=CATALOGUE):
    return policy_report(review, catalogue)


def words(text):
    return "".join(piece.words for piece in text)


def rows(grid):
    return [[words(cell) for cell in row.cells] for row in grid.rows]


def card(name, page=None):
    cards = {each.name: each for clause in (page or report()).clauses for each in clause.issues}
    return cards[f"Issue {name}"]


def test_finding_counts_issues_with_and_without_an_indicator():
    page = report()
    assert page.finding == (
        "1 of 4 accepted issues has an indicator; 3 have none in the sets that are loaded."
    )
    assert page.kicker == ("Law 7", "In Vietnamese", "Reviewed by Group B")
    assert page.language == "vi"


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ((0,), "1 of 1 accepted issue has an indicator; none is without."),
        ((0, 1), "1 of 2 accepted issues has an indicator; 1 has none."),
        ((1, 2), "0 of 2 accepted issues have an indicator; 2 have none."),
        ((5,), "Nobody has accepted an issue yet: 1 is in the review."),
        ((5, 6), "Nobody has accepted an issue yet: 2 are in the review."),
        ((), "The review has no issue yet."),
    ],
)
def test_finding_speaks_of_one_and_of_none(kept, expected):
    issues = tuple(REVIEW.issues[number] for number in kept)
    names = {each.id for each in issues}
    links = tuple(each for each in REVIEW.links[:2] if each.issue in names)
    sets = (REVIEW.frameworks[0], replace(REVIEW.frameworks[1], note=""))
    page = report(replace(REVIEW, issues=issues, links=links, frameworks=sets))
    assert page.finding == expected


def test_stats_count_clauses_issues_and_targets():
    assert [(stat.label, stat.value, stat.note) for stat in report().stats] == [
        ("Clauses", "6", ""),
        ("Proposed issues", "7", "1 rejected, 2 not decided"),
        ("Accepted", "4", "of 7"),
        ("With an indicator", "1", "of 4 accepted issues"),
        ("Targets with a number", "2", "of 3 targets of accepted issues"),
    ]


def test_notices_tell_what_limits_the_review():
    assert report().notices == (
        "Away set (away@2019) is not loaded: what it has is not known.",
        "nso@2024: partly.",
        "1 issue and 1 link are to be looked at again; each says why.",
    )
    review = replace(
        REVIEW,
        policy=replace(REVIEW.policy, note="Told in our own words."),
        issues=REVIEW.issues[6:],
        links=(),
        frameworks=(),
    )
    own, nothing = report(review).notices
    assert own == "Told in our own words."
    assert nothing.startswith("Nothing is accepted yet.")


def test_gaps_lead_to_their_issues_and_name_the_article_of_a_point():
    page = report()
    assert [gap.id for gap in page.gaps][:2] == [
        "gap-issues-without-indicators",
        "gap-indicators-without-demand",
    ]
    without = page.gaps[0]
    assert without.figure == "3 of 4"
    assert [row.cells[0][0].to for row in without.grid.rows] == ["issue-2", "issue-3", "issue-4"]
    demand = next(gap for gap in page.gaps if gap.id == "gap-breakdown-demand")
    first = demand.grid.rows[0]
    assert words(first.cells[1]) == "Article 1, (a)"
    assert first.cells[4][0].to == "indicator-1"
    assert demand.grid.rows[-1].cells[4] == ()  # no indicator, nothing to lead to
    concepts = next(gap for gap in page.gaps if gap.id == "gap-concepts-missed")
    named = [row.cells[4] for row in concepts.grid.rows if row.cells[4]]
    assert named[0][0].to == "issue-1"


def test_gap_without_a_whole_shows_its_count_and_numbers_stand_right():
    page = report()
    potential = next(gap for gap in page.gaps if gap.id == "gap-potential-demand")
    assert potential.figure == "0"
    mix = next(gap for gap in page.gaps if gap.id == "gap-stage-mix")
    kinds = {head.label: head.kind for head in mix.grid.columns}
    assert (kinds["Outcome"], kinds["Not classed"], kinds["Remark"]) == ("number", "number", "text")


def test_advice_has_a_list_for_each_side_with_its_ground():
    advice = report().advice
    (owners, changes), (authors, text) = advice.sides
    assert owners == "To the owners of the indicator set"
    assert authors == "To the authors of the text"
    assert ("gap-issues-without-indicators", "Issues without indicators") in [
        (each.ground.to, each.ground.words) for each in changes
    ]
    assert any(row[0].startswith("State") for each in text for row in each.rows)
    assert sum(len(each.rows) for each in (*changes, *text)) == sum(
        int(number) for number in advice.finding.split() if number.isdigit()
    )


def test_clauses_come_in_the_order_of_the_document_and_lost_ones_last():
    clauses = report().clauses
    assert [clause.title for clause in clauses] == [
        "Article 1, (a)",
        "2",
        "x",
        "x, y",
        "Not in the document",
        "Not in the document",
    ]
    assert report().clauses_note.startswith("6 of 6 clauses have issues")
    assert [len(clause.issues) for clause in clauses] == [1, 1, 2, 1, 1, 1]


def test_words_that_caused_a_proposal_are_marked():
    clause = report().clauses[0]
    assert words(clause.text) == TEXT
    assert [piece.words for piece in clause.text if piece.is_cause] == [
        "shall",
        "rural women access",
        "credit",  # found, though its offsets are of another text
        "60 per cent by 2030",
    ]
    assert [(piece.words, piece.is_cause) for piece in clause.heading] == [("Credit", True)]
    assert clause.note == "Also from elsewhere: “Round” (9)."
    assert clause.page == "page 3"


def test_clause_without_words_says_so():
    clauses = report().clauses
    assert clauses[1].note == "The words of this clause are not kept in the review."
    assert words(clauses[3].text) == "Told before."
    assert clauses[4].note.startswith("This clause is no longer in the document; these are its")
    assert [piece.words for piece in clauses[4].text if piece.is_cause] == ["count"]
    assert clauses[5].note == "This clause is no longer in the document."


def test_card_tells_all_that_an_issue_asks():
    found = card("1.a")
    assert {name: words(text) for name, text in found.facts} == {
        "By whom": "The State",
        "Target groups": "Phụ nữ nông thôn",
        "Core concepts": "Access (3, action named)",
        "Dimension": "economic",
        "Reference population": "women aged 15 and over",
        "Breakdowns needed": "sex × age (the issue); sex × urbanisation (Phụ nữ nông thôn)",
        "How often": "every year",
        "Smallest area": "district",
        "Decision": "accepted by Lan on 2026-11-22",
    }
    assert (found.sign, found.status) == ("good", "accepted")


def test_slots_of_a_target_are_to_be_confirmed_until_somebody_has():
    confirmed, proposed, rejected = (dict(slots) for _, slots in card("1.a").targets)
    assert confirmed == {
        "Value": "at least 60 %",
        "By": "2030",
        "Baseline": "40 % in 2025",
        "Numerator": "rural women with a loan",
        "Denominator": "rural women",
        "Reading": "accepted by Lan on 2026-11-22",
    }
    assert proposed["Numerator"] == "loans to women (to be confirmed)"
    assert proposed["Denominator"] == "not stated (to be confirmed)"
    assert (proposed["Value"], proposed["Baseline"]) == ("not stated", "not stated")
    assert proposed["Reading"] == "not confirmed"
    assert (rejected["Value"], rejected["Baseline"]) == ("between 1,000 and 2,000", "0.5")
    assert rejected["Reading"] == "rejected by Hoa on 2026-11-22: another law has it"


def test_indicators_stand_national_first_and_a_score_only_while_proposed():
    found = card("1.a")
    national, world = found.links
    assert (national.code, national.title, national.to) == ("1.1", "Vay vốn", "indicator-2")
    assert national.framework == "National set, national"
    assert national.facts == (("Why", "both loans; same words"),)
    assert world.facts == (("Relation", "covers more than the issue"),)
    assert world.decision == "accepted by Lan: agreed"
    assert [(each.code, each.status, each.sign) for each in found.others] == [
        ("1.2", "rejected", "off")
    ]
    nearest = card("2").others[0]
    assert nearest.facts == (("Score", "0.12"),)
    assert nearest.status == "none found; this is the nearest"
    assert card("3").others[0].warnings == ("men, not women",)
    away = card("6").others[0]
    assert (away.code, away.title) == ("a1", "")
    assert away.framework == "Away set, national, not loaded"
    assert away.warnings == ("To be looked at again: the set changed",)


def test_search_is_told_where_no_indicator_was_accepted():
    assert card("1.a").search == ""
    assert card("2").search == "No indicator found; the nearest is shown."
    assert card("3").search == "No indicator accepted; 1 proposal not yet decided."
    assert card("4").search == "No indicator: 1 proposal rejected, no other found."
    assert card("7").search == "No indicator found."
    assert card("2").warnings == ("To be looked at again: the clause changed",)


def test_rejected_issue_is_told_in_a_line():
    found = card("5")
    assert (found.sign, found.status, found.links, found.others) == ("off", "rejected", (), ())
    decision = "rejected by Hoa on 2026-11-22: another law has it"
    assert [(name, words(text)) for name, text in found.facts] == [("Decision", decision)]
    assert (found.search, found.targets) == ("", ())


def rating(side, criterion, mark, by="Nam"):
    return Rating(framework=NATIONAL, key="n1", by=by, side=side, criterion=criterion, mark=mark)


def test_priorities_and_plan_stand_with_their_costs():
    review = replace(
        REVIEW,
        ratings=(
            rating("user", "demand", 5),
            rating("user", "demand", 1, by="Mai"),
            rating("producer", "cost", 2),
        ),
        sources=(DataSource(code="lfs", title="Labour force survey", last=2025),),
        plan=(
            PlanLine(
                id="P1",
                framework=NATIONAL,
                key="n1",
                step="add a question",
                note="pilot first",
                source="lfs",
                due="2027-03",
                cost=12500,
                currency="VND",
            ),
            PlanLine(id="P2", framework=NATIONAL, key="n2", step="ask", source="elsewhere"),
        ),
    )
    part = report(review).plan
    assert part.text[1] == "The plan has 2 steps; 1 indicator asked for has none."
    ranked, costs, steps = part.grids
    assert rows(ranked)[0] == [
        "Vay vốn", "1.a", "3.0", "–", "2.0", "3.5",
        "easy: within reach, less wanted", "2 users, 1 producer; marks far apart",
    ]  # fmt: skip
    assert rows(ranked)[1][6] == "not rated"
    assert ranked.rows[0].cells[0][0].to == "indicator-2"
    assert rows(costs) == [["2027", "12,500 VND", "1", "0"], ["no date", "not costed", "0", "1"]]
    assert rows(steps)[0] == [
        "P1", "nso@2024 1.1: Vay vốn", "add a question; pilot first", "specify needs",
        "Labour force survey", "", "", "2027-03", "12,500 VND", "planned",
    ]  # fmt: skip
    assert rows(steps)[1][4] == "elsewhere"
    assert steps.is_wide
    assert not costs.is_wide


def test_plan_is_left_out_where_there_is_none():
    assert report().plan is None
    only_ratings = report(replace(REVIEW, ratings=(rating("user", "demand", 5),))).plan
    assert [grid.title for grid in only_ratings.grids] == ["Priorities"]
    line = PlanLine(id="P1", framework=NATIONAL, key="n1", step="ask")
    both = PlanLine(id="P2", framework=GLOBAL, key="g1", step="ask")
    only_plan = report(replace(REVIEW, plan=(line, both))).plan
    assert [grid.title for grid in only_plan.grids] == ["Costs by year", "Plan"]
    assert only_plan.text[0] == "The plan has 2 steps; 0 indicators asked for have none."


def test_sources_tell_the_production_cycle_of_what_is_asked_for():
    survey = DataSource(code="lfs", title="Survey", agency="NSO", last=2025, next=2026)
    supply = Supply(
        framework=NATIONAL, key="n1", state="produced", sources=("lfs",), feasible_now="yes"
    )
    part = report(replace(REVIEW, sources=(survey,), supplies=(supply,))).sources
    sources, production = part.grids
    assert rows(sources) == [
        ["Survey", "survey", "NSO", "", "2025", "2026"],
    ]
    assert [row.id for row in production.rows] == ["indicator-1", "indicator-2"]
    assert rows(production)[1] == [
        "nso@2024 1.1: Vay vốn", "1.a", "produced", "Survey (survey), NSO",
        "2025", "2026", "", "yes", "not known",
    ]  # fmt: skip
    assert production.rows[1].cells[1][0].to == "issue-1"
    labels = [head.label for head in production.columns]
    assert labels[-2:] == ["Feasible now", "Feasible in 3 to 5 years"]


def test_sources_are_left_out_where_nothing_is_known():
    bare = replace(CATALOGUE, supplies=())
    assert report(replace(REVIEW, links=()), bare).sources is None
    only = report(catalogue=bare).sources
    assert [grid.title.partition(" ")[0] for grid in only.grids] == ["Sources"]
    assert len(only.grids[0].columns) == 9


def signature(by, *, of="", **more):
    given = {"by": by, "organisation": "NSO", "verdict": "agrees", "on": "2026-11-23", "of": of}
    return SignOff(**{**given, **more})


def versions(review):
    (grid,) = report(review).validation.grids
    return [row[6].partition(" (")[0] for row in rows(grid)]


def test_nobody_has_signed():
    part = report().validation
    assert (part.text, part.grids) == (("Nobody has signed this review.",), ())


def test_signatures_stand_with_dissent_and_what_they_are_about():
    about = "1.a nso@2024 n1"
    review = REVIEW
    for each in (
        signature("Lan"),
        signature("Hoa", verdict="dissents", words="no figures", about="2"),
        signature("Mai", verdict="agrees with remarks", words="look again", about=about),
        signature("Nam", about="2"),
    ):
        review = sign(review, each)
    page = report(review)
    (grid,) = page.validation.grids
    assert page.validation.text == (
        "4 sign-offs recorded: agrees: 2, agrees with remarks: 1 and dissents: 1.",
    )
    assert [row[4] for row in rows(grid)] == ["the whole review", "2", about, "2"]
    assert [row.cells[4][0].to for row in grid.rows] == ["", "issue-2", "issue-1", "issue-2"]
    assert versions(review) == ["not said"] * 4
    assert card("2", page).warnings[-1] == "Hoa (NSO) dissents: no figures"
    assert card("1.a", page).links[0].warnings == ("Mai (NSO) agrees with remarks: look again",)


def test_signatures_of_one_session_are_of_this_version():
    opened = digest(review_bytes(REVIEW))
    review = REVIEW
    for name in ("Lan", "Hoa", "Mai"):
        review = sign(review, signature(name, of=opened))
    assert versions(review) == ["this one"] * 3


def test_each_may_sign_what_stood_before_the_signature():
    review = REVIEW
    for name in ("Lan", "Hoa"):
        review = sign(review, signature(name, of=digest(review_bytes(review))))
    assert versions(review) == ["this one"] * 2


def test_two_who_sign_different_versions_are_told_apart():
    review = sign(REVIEW, signature("Lan", of="e" * 64))
    review = sign(review, signature("Hoa", of=digest(review_bytes(REVIEW))))
    assert versions(review) == ["another", "this one"]


def test_change_after_a_signature_was_not_agreed_to():
    review = sign(REVIEW, signature("Lan", of=digest(review_bytes(REVIEW))))
    changed = decide_issue(review, "4", "rejected", by="Hoa", on="2026-11-24")
    later = sign(changed, signature("Mai", of="e" * 64))
    assert versions(changed) == ["another"]
    assert versions(later) == ["another"] * 2


def test_signature_in_a_review_without_log_is_compared_with_the_review_itself():
    review = replace(REVIEW, sign_offs=(signature("Lan", of="e" * 64),))
    assert versions(review) == ["another"]


def test_provenance_names_every_source():
    log = (
        Event(on="2026-11-22", by="Lan", what="1.a", field="decision", after="accepted"),
        Event(on="2026-11-22", by="Lan", what="1.a", field="target t1, decision"),
        Event(on="2026-11-22", by="", what="2", field="decision"),
        Event(on="2026-11-22", by="Hoa", what="2", field="action"),
    )
    review = replace(REVIEW, log=log)
    found = dict(report(review).provenance)
    assert found["Document"] == f"law.pdf, 6 passages; SHA-256 {'d' * 64}"
    assert found["Review"] == f"SHA-256 {digest(review_bytes(review))}"
    assert found["Vocabulary"] == "Small list (small). EquiFrame, in our words"
    assert found["Framework nso@2024"] == (
        "National set, national: 2 indicators, Statistics office. partly"
    )
    assert found["Framework away@2019"] == "Away set, national: not loaded"
    assert found["Decisions in the log"] == "Lan: 2; nobody named: 1"
    assert found["Everycount"][0].isdigit()
    own = replace(REVIEW, policy=replace(REVIEW.policy, digest=""))
    bare = dict(report(own).provenance)
    assert bare["Document"] == "law.pdf, 6 passages; no file: told in reviewers' own words"
    assert bare["Decisions in the log"] == "none"


def test_kicker_names_the_file_where_the_law_has_no_other_title():
    policy = replace(REVIEW.policy, title=REVIEW.title, language="XX")
    page = report(replace(REVIEW, policy=policy, reviewers=""))
    assert page.kicker == ("law.pdf", "In XX")
    assert page.language == "und"


def test_characters_that_no_document_may_hold_become_a_sign():
    page = report(replace(REVIEW, title="Law\x00 \ud800\ue000 Đắk"))
    assert page.title == "Law\ufffd \ufffd\ufffd Đắk"
    assert printable(3) == 3
    assert printable(page) is page


def test_same_review_gives_the_same_page():
    assert report() == report()


def test_pages_that_were_recognised_in_pictures_are_told_first():
    policy = replace(REVIEW.policy, note="", recognised=tuple(range(1, 15)))
    notice = report(replace(REVIEW, policy=policy)).notices[0]
    assert notice == (
        "The text of pages 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more was recognised in "
        "pictures (OCR): letters may be misread."
    )
