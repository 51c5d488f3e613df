"""The reports of a review, counted by hand on a small policy of five clauses."""

from dataclasses import replace

import pytest

from everycount.errors import InputError
from everycount.model.framework import Framework, Source
from everycount.model.gap import GapTable
from everycount.model.indicator import Indicator
from everycount.model.issue import Cause, Decision, Issue, Tag, Target
from everycount.model.review import Clause, FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.supply import Catalogue, DataSource, Supply
from everycount.model.vocabulary import Concept, TargetGroup, Vocabulary
from everycount.policy.gaps import gaps

YES = Decision(status="accepted", by="Lan", on="2026-11-22")
NO = Decision(status="rejected", by="Lan", on="2026-11-22")
NATIONAL, GLOBAL, AWAY = "nso@2024", "world@2023", "away@2019"

VOCABULARY = Vocabulary(
    id="small",
    title={"en": "Small list"},
    source="our own",
    groups=(
        TargetGroup(code="women", title={"en": "Women"}, terms={"en": ("women",)}),
        TargetGroup(
            code="rural-women",
            title={"en": "Rural women"},
            terms={"en": ("rural women",)},
            parent="women",
            breakdowns=("sex", "urbanisation"),
        ),
        TargetGroup(code="girls", title={"en": "Girls"}, terms={"en": ("girls",)}),
        TargetGroup(
            code="firms", title={"en": "Firms"}, terms={"en": ("firm*",)}, dimension="economic"
        ),
    ),
    concepts=(
        Concept(
            code="access",
            title={"en": "Access"},
            question={"en": "Can it be reached?"},
            terms={"en": ("access",)},
            implies=("girls",),
        ),
        Concept(
            code="privacy",
            title={"en": "Privacy"},
            question={"en": "Is it kept?"},
            terms={"en": ("privacy",)},
        ),
    ),
)


def clause(number, parent="", kind="clause"):
    label = f"Article {number}" if kind == "article" else number
    return Clause(
        number=number, kind=kind, label=label, text="...", parent=parent, heading=f"H{number}"
    )


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
        publisher="somebody",
        level=level,
        valid_from=version,
        source=Source(citation="a list"),
        indicators=indicators,
    )


def indicator(key, **more):
    return Indicator(key=key, code=key, title={"en": f"Title {key}"}, **more)


TARGET = Target(
    id="1.1-t1",
    words=Cause(passage="1.1", start=0, end=3, words="60 per cent by 2030"),
    value=60,
    unit="%",
    year=2030,
)
REVIEW = Review(
    title="A small law",
    policy=PolicyText(
        name="law.txt",
        digest="0" * 64,
        language="en",
        clauses=(
            clause("1", kind="article"),
            clause("1.1", "1"),
            clause("1.2", "1"),
            clause("2", kind="article"),
            clause("3", kind="article"),
        ),
    ),
    vocabulary=VOCABULARY,
    frameworks=(
        FrameworkUse(reference=NATIONAL, title="National set", level="national"),
        FrameworkUse(reference=GLOBAL, title="World set", level="global"),
        FrameworkUse(reference=AWAY, title="Away set", level="national", is_loaded=False),
    ),
    issues=(
        issue(
            "1.1",
            groups=(Tag(code="rural-women"),),
            concepts=(Tag(code="access", grade=3),),
            dimension="economic",
            targets=(TARGET,),
            breakdowns=(("sex",), ("sex", "urbanisation")),
            frequency="every year",
            area_level="district",
        ),
        issue("1.2", dimension="social"),
        issue("2", groups=(Tag(code="women"),), breakdowns=(("sex", "age"),)),
        issue("3"),
        issue("4", decision=NO, groups=(Tag(code="girls"),), passage=""),
        issue("5", decision=Decision()),
    ),
    links=(
        link("1.1", NATIONAL, "n1", relation="broader"),
        link("1.1", GLOBAL, "g1"),
        link("1.2", GLOBAL, "g1", warnings=("the other population",)),
        link("1.2", GLOBAL, "g2"),
        link("2", GLOBAL, "g3", decision=Decision()),
        link("3", GLOBAL, "g2", decision=NO),
        link("5", NATIONAL, "n2"),
    ),
    sources=(
        DataSource(code="lfs", title="Labour force survey", agency="NSO", last=2025, next=2026),
        DataSource(code="census", title="Census", kind="census", agency="NSO", last=2019),
    ),
    supplies=(
        Supply(
            framework=NATIONAL,
            key="n1",
            state="produced",
            sources=("lfs", "census"),
            available=(("sex", "age"), ("sex", "Area")),
            frequency="every 2 years",
            area_level="province",
            feasible_now="yes",
        ),
        Supply(framework=GLOBAL, key="g2", state="no method", stage="process"),
    ),
)
CATALOGUE = Catalogue(
    frameworks=(
        framework(NATIONAL, "national", indicator("n1", stage="output"), indicator("n2")),
        framework(
            GLOBAL,
            "global",
            indicator("g1", disaggregations=("sex",), combined=(("sex", "location"),)),
            indicator("g2"),
            indicator("g3"),
        ),
        framework("other@2020", "global", indicator("x")),
    )
)


def report(name, review=REVIEW, catalogue=CATALOGUE):
    return {table.id: table for table in gaps(review, catalogue)}[name]


def test_issues_without_indicators_say_how_far_the_search_got():
    table = report("issues-without-indicators")
    assert (table.count, table.of) == (2, 4)
    assert [(row[0], row[4]) for row in table.rows] == [
        ("2", "1 proposal not yet decided"),
        ("3", "1 proposal rejected, no other"),
    ]
    assert table.notes[1:] == ("Away set (away@2019) is not loaded: what it has is not known.",)
    assert table.finding.startswith("2 of 4 accepted issues have no indicator")


def test_issue_for_which_nothing_was_found_names_the_nearest():
    nearest = link("3", GLOBAL, "g2", band="nearest", decision=Decision(), score=0.1)
    review = replace(REVIEW, links=(*REVIEW.links[:5], nearest))
    rows = report("issues-without-indicators", review).rows
    assert rows[1][4] == "none found; nearest is world@2023 g2: Title g2"
    review = replace(REVIEW, links=REVIEW.links[:4])
    assert report("issues-without-indicators", review).rows[1][4] == "none found"
    table = report("issues-without-indicators", review, Catalogue())
    assert table.rows[1][4] == "no framework loaded"
    assert len(table.notes) == 4
    limited = replace(REVIEW.frameworks[0], note="no titles in vi")
    table = report("issues-without-indicators", replace(review, frameworks=(limited,), links=()))
    assert table.notes[1:] == ("nso@2024: no titles in vi.",)


def test_links_to_indicators_that_do_not_exist_are_refused_together():
    wrong = link("1.2", GLOBAL, "g9")
    review = replace(REVIEW, links=(*REVIEW.links, wrong, link("3", AWAY, "a1")))
    with pytest.raises(InputError) as caught:
        gaps(review, CATALOGUE)
    (problem,) = caught.value.problems
    assert str(problem) == (
        "link 1.2 world@2023 g9: found the key 'g9', expected an indicator of world@2023, such as "
        "g1"
    )
    empty = Catalogue(frameworks=(framework(GLOBAL, "global"),))
    with pytest.raises(InputError, match="expected an indicator of world@2023, such as"):
        gaps(review, empty)


def test_an_indicator_that_is_only_related_does_not_show_an_issue():
    related = replace(REVIEW.links[2], relation="related")
    review = replace(REVIEW, links=(*REVIEW.links[:2], related))
    table = report("issues-without-indicators", review)
    assert [row[0] for row in table.rows] == ["1.2", "2", "3"]
    assert table.rows[0][4] == "only related: world@2023 g1: Title g1"
    assert report("potential-demand", review).rows == ()


def test_links_that_a_person_added_are_held_against_the_opposite_people():
    about = "Proportion of men who are employed"
    made = (Indicator(key="g1", code="g1", title={"en": about}),)
    catalogue = Catalogue(frameworks=(framework(GLOBAL, "global", *made),))
    asked = issue("1.1", action="women shall have work")
    review = replace(REVIEW, issues=(asked,), links=(link("1.1", GLOBAL, "g1", band="added"),))
    (row,) = report("mismatch", review, catalogue).rows
    assert row[3:] == (
        "definition",
        "women shall have work",
        "about men, where the issue is about women",
    )
    assert report("mismatch", review, Catalogue()).rows == ()


def test_one_issue_is_spoken_of_in_the_singular():
    review = replace(REVIEW, issues=(issue("3"),), links=())
    table = report("issues-without-indicators", review)
    assert table.finding == (
        "1 of 1 accepted issue has no indicator: nothing would show whether it is acted on."
    )


def test_national_indicators_without_demand():
    table = report("indicators-without-demand")
    assert table.rows == ((NATIONAL, "n2", "Title n2"),)  # its only link is of an open issue
    assert (table.count, table.of) == (1, 2)
    assert "1 of 2 national indicators is linked" in table.finding


def test_a_national_set_that_is_not_loaded_is_no_gap():
    only_global = replace(CATALOGUE, frameworks=CATALOGUE.frameworks[1:])
    table = report("indicators-without-demand", catalogue=only_global)
    assert (table.rows, table.count, table.of) == ((), None, None)
    assert table.finding == "The national set is not loaded, so nothing can be said of it."
    review = replace(REVIEW, frameworks=REVIEW.frameworks[1:2], links=REVIEW.links[1:2])
    table = report("indicators-without-demand", review)
    assert table.finding == "No national set was matched, so nothing can be said of it."


def test_target_groups_missed():
    table = report("groups-missed")
    assert [row[0] for row in table.rows] == ["girls", "firms"]  # women are named by rural women
    girls, firms = table.rows
    assert girls[3:] == ("1.1", "issues not accepted: 4")  # access implies girls
    assert firms[2:] == ("", "", "")
    assert "2 of 4 target groups of the list “Small list” are named in no" in table.finding
    only_wide = replace(REVIEW, issues=REVIEW.issues[2:3], links=())
    rows = report("groups-missed", only_wide).rows
    assert (rows[0][0], rows[0][2]) == ("rural-women", "Women")


def test_concepts_and_dimensions_missed():
    table = report("concepts-missed")
    found = {row[1]: (row[3], row[4]) for row in table.rows}
    assert found == {
        "Access": ("3, action named", "1.1"),
        "Privacy": ("no issue", ""),
        "social": ("1 issue", "1.2"),
        "economic": ("1 issue", "1.1"),
        "environmental": ("no issue", ""),
        "institutional": ("no issue", ""),
    }
    assert (table.count, table.of) == (3, 6)
    assert table.notes[0] == (
        "As EquiFrame counts: 50 % of concepts named, 50 % of groups named, action or monitoring "
        "on 50 % of concepts; rank High."
    )


def test_breakdown_demand_against_what_figures_have():
    rows = [
        (row[0], row[2], row[4].partition(":")[0], row[5])
        for row in (report("breakdown-demand").rows)
    ]
    assert rows == [
        ("1.1", "sex", "nso@2024 n1", "available"),
        ("1.1", "sex", "world@2023 g1", "expected, figures not known"),
        ("1.1", "sex x urbanisation", "nso@2024 n1", "not expected, not available"),
        ("1.1", "sex x urbanisation", "world@2023 g1", "expected, figures not known"),
        ("2", "sex x age", "", "no indicator"),
    ]
    table = report("breakdown-demand")
    assert (table.count, table.of) == (2, 5)
    assert "1 is available and 2 are not (2 by several characteristics" in table.finding
    assert "for 2 nobody has said" in table.finding


def test_breakdown_that_is_asked_for_and_not_made():
    supply = Supply(framework=GLOBAL, key="g1", state="produced", available=(("sex",),))
    review = replace(REVIEW, supplies=(*REVIEW.supplies, supply))
    verdicts = [row[5] for row in report("breakdown-demand", review).rows]
    assert verdicts == [
        "available",
        "available",
        "not expected, not available",
        "not available",
        "no indicator",
    ]
    empty = Supply(framework=GLOBAL, key="g2")  # says nothing of what figures have
    asked = issue("1.2", breakdowns=(("sex",),))
    linked = (link("1.2", GLOBAL, "g2"),)
    review = replace(REVIEW, issues=(asked,), links=linked, supplies=(empty,))
    (row,) = report("breakdown-demand", review).rows
    assert row[5] == "not expected, figures not known"


def test_mismatch_names_every_aspect():
    table = report("mismatch")
    rows = [(row[0], row[2].partition(":")[0], *row[3:]) for row in table.rows]
    assert rows == [
        ("1.1", "nso@2024 n1", "definition", "do 1.1", "the indicator covers more than the issue"),
        (
            *("1.1", "nso@2024 n1", "breakdown"),
            *("sex x urbanisation", "not expected, not available"),
        ),
        ("1.1", "nso@2024 n1", "frequency", "every year", "every 2 years"),
        ("1.1", "nso@2024 n1", "area", "district", "province"),
        ("1.2", "world@2023 g1", "definition", "do 1.2", "the other population"),
    ]
    assert (table.count, table.of) == (2, 4)


def test_potential_demand_is_international_where_no_national_link_is():
    table = report("potential-demand")
    assert [(row[0], row[3], row[4]) for row in table.rows] == [
        ("1.2", GLOBAL, "g1"),
        ("1.2", GLOBAL, "g2"),
    ]
    assert table.count == 2
    assert table.finding == (
        "2 international indicators would show 1 issue without a national indicator that is loaded."
    )
    table = report("potential-demand", catalogue=Catalogue())
    assert [row[4:] for row in table.rows] == [("g1", "g1"), ("g2", "g2")]
    review = replace(REVIEW, frameworks=REVIEW.frameworks[:2])
    assert report("potential-demand", review).finding.endswith("without a national indicator.")


def test_stage_mix_by_objective():
    table = report("stage-mix")
    assert table.columns[2:7] == ("input", "process", "output", "outcome", "not classed")
    assert table.rows == (
        ("1", "H1", "0", "1", "1", "0", "1", "some are not classed"),
        ("2", "H2", "0", "0", "0", "0", "0", "no indicator"),
        ("3", "H3", "0", "0", "0", "0", "0", "no indicator"),
    )
    assert table.count == 0


@pytest.mark.parametrize(
    ("stages", "remark", "lacking"),
    [
        (("output",), "no outcome", 1),
        (("input", "process"), "stops at input and process", 1),
        (("input", "outcome"), "", 0),
    ],
)
def test_objective_whose_indicators_stop_early(stages, remark, lacking):
    made = [indicator(f"s{at}", stage=stage) for at, stage in enumerate(stages)]
    catalogue = Catalogue(frameworks=(framework(GLOBAL, "global", *made),))
    review = replace(
        REVIEW,
        issues=(issue("1.1", passage=""),),
        links=tuple(link("1.1", GLOBAL, each.key) for each in made),
    )
    table = report("stage-mix", review, catalogue)
    assert (table.rows[0][1], table.rows[0][7], table.count) == ("", remark, lacking)


def test_open_targets():
    table = report("open-targets")
    assert table.rows == (
        (
            *("1.1", "1.1", "60 per cent by 2030", "baseline, denominator"),
            "reading not confirmed",
        ),
    )
    assert table.finding == (
        "1 of 1 target leaves open what one would need to measure it; "
        "3 issues state no target at all."
    )
    full = replace(
        TARGET, baseline=40, baseline_year=2020, denominator="employed people", decision=YES
    )
    done = replace(
        REVIEW, issues=(issue("1.1", targets=(full,), breakdowns=(("sex",),)),), links=()
    )
    assert report("open-targets", done).rows == ()
    without = replace(done, issues=(issue("1.1", targets=(full,)),))
    assert report("open-targets", without).rows[0][3:] == ("breakdown", "confirmed")
    unread = replace(full, decision=Decision())
    only_unread = replace(done, issues=(replace(done.issues[0], targets=(unread,)),))
    assert report("open-targets", only_unread).rows[0][3:] == ("", "reading not confirmed")
    assert "open-targets" not in [row[3] for row in report("advice", only_unread).rows]


def test_comparison_holds_the_national_indicator_against_the_others():
    table = report("comparison")
    assert [(row[0], row[1], row[2], *row[3:5], row[6]) for row in table.rows] == [
        ("1.1", "nso@2024 n1: Title n1", "world@2023 g1: Title g1", "as a whole", "related", ""),
        (
            *("1.1", "nso@2024 n1: Title n1", "world@2023 g1: Title g1"),
            *("breakdowns", "different", "add urbanisation to the breakdowns"),
        ),
    ]
    assert table.finding == "1 of 1 pair of indicators of one issue differs in definition."


def test_comparison_uses_what_is_known_of_figures():
    title = {"en": "Proportion of women who are employed"}
    ours, theirs = (Indicator(key=key, code=key, title=title) for key in ("n1", "g1"))
    catalogue = Catalogue(
        frameworks=(framework(NATIONAL, "national", ours), framework(GLOBAL, "global", theirs)),
        supplies=(
            Supply(framework=NATIONAL, key="n1", age="14-49", frequency="every 2 years"),
            Supply(framework=GLOBAL, key="g1", age="15-49", frequency="every year"),
        ),
    )
    review = replace(REVIEW, links=REVIEW.links[:2], supplies=())
    rows = report("comparison", review, catalogue).rows
    assert [(row[3], row[6]) for row in rows[1:]] == [
        ("age", "raise the lower age from 14 to 15"),
        ("frequency", "produce it every year instead of every 2 years"),
    ]
    same = replace(catalogue, supplies=())
    table = report("comparison", review, same)
    assert (table.count, [row[4] for row in table.rows]) == (0, ["exact"])
    one_set = replace(review, links=(REVIEW.links[1], REVIEW.links[2]))
    assert report("comparison", one_set, catalogue).finding.startswith("0 of 0 pairs")


def test_advice_goes_both_ways_and_names_its_ground():
    table = report("advice")
    assert [(row[0], row[1], row[3]) for row in table.rows] == [
        (
            "indicator set",
            "if the national set, which is not loaded, lacks it, take up world@2023 g1: Title g1",
            "potential-demand",
        ),
        (
            "indicator set",
            "if the national set, which is not loaded, lacks it, take up world@2023 g2: Title g2",
            "potential-demand",
        ),
        ("indicator set", "develop an indicator for: do 3", "issues-without-indicators"),
        (
            *("indicator set", "ask for and produce figures by sex x urbanisation"),
            "breakdown-demand",
        ),
        (
            "indicator set",
            "add urbanisation to the breakdowns, to compare with world@2023 g1: Title g1",
            "comparison",
        ),
        (
            "indicator set",
            "check whether another policy asks for them, before they are dropped",
            "indicators-without-demand",
        ),
        (
            "policy text",
            "state baseline, denominator of the target “60 per cent by 2030”",
            "open-targets",
        ),
        ("policy text", "name Girls", "groups-missed"),
        ("policy text", "consider the concept Privacy", "concepts-missed"),
        ("policy text", "consider the dimension environmental", "concepts-missed"),
        ("policy text", "consider the dimension institutional", "concepts-missed"),
        (
            "policy text",
            "say how it is monitored: by which figures, who reports, and when",
            "concepts-missed",
        ),
    ]
    assert table.finding == (
        "6 changes to the indicator set and 6 changes to the policy text follow from the gaps."
    )


def test_advice_is_silent_where_nothing_is_lacking():
    monitored = issue(
        "1.1",
        concepts=(Tag(code="access", grade=4), Tag(code="privacy", grade=1)),
        groups=(Tag(code="firms"), Tag(code="girls"), Tag(code="rural-women")),
    )
    made = (indicator("n1", stage="output"),)
    supply = Supply(
        framework=NATIONAL, key="n1", state="produced", available=(("sex", "urbanisation"),)
    )
    catalogue = Catalogue(frameworks=(framework(NATIONAL, "national", *made),), supplies=(supply,))
    review = replace(REVIEW, issues=(monitored,), links=REVIEW.links[:1], supplies=())
    about = [row[1] for row in report("advice", review, catalogue).rows]
    assert about == [
        "add an outcome indicator",
        *(
            f"consider the dimension {name}"
            for name in ("social", "economic", "environmental", "institutional")
        ),
    ]


def test_nothing_is_developed_before_the_search_is_over():
    waiting = replace(REVIEW, issues=(REVIEW.issues[2],), links=REVIEW.links[4:5])
    changes = [row[1] for row in report("advice", waiting).rows]
    assert not any(change.startswith("develop") for change in changes)
    changes = [row[1] for row in report("advice", waiting, Catalogue()).rows]
    assert not any(change.startswith("develop") for change in changes)


def test_production_tells_state_sources_and_rounds():
    table = report("production")
    assert table.rows == (
        (
            *(NATIONAL, "Title n1", "1.1", "produced"),
            *("Labour force survey (survey); Census (census)", "NSO", "2025", "2026"),
            *("every 2 years", "yes", "not known"),
        ),
        (GLOBAL, "Title g1", "1.1, 1.2", "not known", "", "", "", "", "", "not known", "not known"),
        (GLOBAL, "Title g2", "1.2", "no method", "", "", "", "", "", "not known", "not known"),
    )
    assert table.finding == (
        "Of 3 indicators asked for: produced: 1; reprocessing: 0; new module: 0; no method: 1; "
        "nobody has said: 1."
    )
    review = replace(REVIEW, supplies=(replace(REVIEW.supplies[0], sources=("lfs",)),))
    assert report("production", review).rows[0][4] == "Labour force survey (survey)"


def test_gaps_of_an_empty_review_are_none():
    review = replace(REVIEW, issues=(), links=(), frameworks=())
    tables = gaps(review, Catalogue())
    assert [table.id for table in tables] == [
        "issues-without-indicators",
        "indicators-without-demand",
        "groups-missed",
        "concepts-missed",
        "breakdown-demand",
        "mismatch",
        "potential-demand",
        "stage-mix",
        "open-targets",
        "comparison",
        "advice",
        "production",
    ]
    for table in tables:
        assert "nan" not in table.finding


def test_rows_that_do_not_fit_their_columns_are_our_mistake():
    with pytest.raises(ValueError, match=r"x: \('1',\) does not fit \('a', 'b'\)"):
        GapTable(id="x", title="X", finding="", columns=("a", "b"), rows=(("1",),))


def test_an_indicator_about_women_alone_is_by_sex_already():
    title = {"en": "Proportion of seats held by women"}
    seats = Indicator(key="n1", code="n1", title=title)
    supply = Supply(framework=NATIONAL, key="n1", state="produced", available=(("area",),))
    catalogue = Catalogue(frameworks=(framework(NATIONAL, "national", seats),))
    asked = issue("1.1", breakdowns=(("sex",), ("sex", "province"), ("age",)))
    review = replace(REVIEW, issues=(asked,), links=REVIEW.links[:1], supplies=(supply,))
    assert [row[5] for row in report("breakdown-demand", review, catalogue).rows] == [
        "available",
        "available",
        "not expected, not available",
    ]


def test_stages_are_read_from_titles_where_nobody_has_stated_them():
    titles = {"g1": "Whether or not legal frameworks are in place", "g2": "Maternal mortality"}
    made = [Indicator(key=key, code=key, title={"en": title}) for key, title in titles.items()]
    catalogue = Catalogue(frameworks=(framework(GLOBAL, "global", *made),))
    review = replace(REVIEW, supplies=())
    table = report("stage-mix", review, catalogue)
    assert table.rows[0][2:7] == ("0", "1", "0", "0", "2")
    assert table.notes == (
        "For 1 of 3 indicators nobody has stated the stage: it is read from the title and to be "
        "confirmed.",
    )


def test_national_indicator_that_is_loaded_is_taken_up_without_doubt():
    review = replace(REVIEW, frameworks=REVIEW.frameworks[:2])
    assert report("advice", review).rows[0][1] == "take up world@2023 g1: Title g1"
    swapped = replace(
        CATALOGUE,
        frameworks=(
            framework(NATIONAL, "national", indicator("n1", disaggregations=("area",))),
            *CATALOGUE.frameworks[1:],
        ),
    )
    related = replace(REVIEW.links[0], relation="related")
    kept = replace(review, links=(related, *REVIEW.links[1:6]))
    assert report("comparison", kept, swapped).rows == ()


def test_pairs_of_international_indicators_are_compared_without_suggestions():
    other = framework("other@2020", "global", indicator("x", disaggregations=("age",)))
    use = FrameworkUse(reference="other@2020", title="Other", level="global")
    review = replace(
        REVIEW,
        frameworks=(*REVIEW.frameworks, use),
        links=(link("1.2", GLOBAL, "g1"), link("1.2", "other@2020", "x")),
    )
    catalogue = Catalogue(frameworks=(CATALOGUE.frameworks[1], other))
    rows = report("comparison", review, catalogue).rows
    assert [row[3] for row in rows] == ["as a whole", "breakdowns"]
    assert {row[6] for row in rows} == {""}


def test_reports_note_the_accepted_issues_whose_clause_is_gone_or_marked():
    gone = "the clause is no longer in the document (it was 1.1)"
    stale = {"1.1": gone, "2": "groups differ: yes and no", "4": gone}
    issues = tuple(replace(each, stale=stale.get(each.id, "")) for each in REVIEW.issues)
    before = {table.id: table for table in gaps(REVIEW, CATALOGUE)}
    after = {table.id: table for table in gaps(replace(REVIEW, issues=issues), CATALOGUE)}
    notes = (
        "1 accepted issue whose clause is no longer in the document counts here until a person "
        "looks at it again: 1.1.",
        "1 accepted issue marked as stale counts here until a person looks at it again: 2.",
    )
    for name in ("issues-without-indicators", "groups-missed", "stage-mix"):
        assert after[name].notes == (*before[name].notes, *notes)
    assert after["open-targets"].notes == (*before["open-targets"].notes, notes[0])
    assert after["indicators-without-demand"].notes == before["indicators-without-demand"].notes
    assert [table.rows for table in after.values()] == [table.rows for table in before.values()]
