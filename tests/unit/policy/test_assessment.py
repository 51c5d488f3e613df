"""The review of an indicator set, counted by hand."""

from dataclasses import replace

from everycount.model.crosswalk import Crosswalk, Link
from everycount.model.framework import Framework, Group, Source
from everycount.model.indicator import Indicator
from everycount.model.issue import Decision, Issue
from everycount.model.review import FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.scorecard import Mark, Scorecard
from everycount.model.supply import Catalogue, Supply
from everycount.model.vocabulary import Vocabulary
from everycount.policy.assessment import assess_set

YES = Decision(status="accepted", by="Lan", on="2026-11-22", why="asked for")
DRAFT, WORLD = "draft@2026", "world@2023"


def framework(reference, level, groups, *indicators):
    name, _, version = reference.partition("@")
    return Framework(
        id=name,
        version=version,
        title={"en": name},
        publisher="somebody",
        level=level,
        valid_from=version,
        source=Source(citation="a list"),
        groups=tuple(Group(code=code, title={"en": f"Domain {code}"}) for code in groups),
        indicators=indicators,
    )


def indicator(key, **more):
    return Indicator(key=key, code=key, title={"en": f"Title {key}"}, **more)


SET = framework(
    DRAFT,
    "national",
    ("I", "II"),
    indicator("1", group="I", stage="input", unit="%", disaggregations=("sex",), source="act"),
    indicator("2", group="I"),
    indicator("3", group="II", kind="qualitative", stage="outcome"),
    indicator("4"),
)
OTHERS = Catalogue(
    frameworks=(
        framework(WORLD, "global", (), indicator("a"), indicator("b")),
        framework("far@2020", "regional", (), indicator("c")),
    ),
    supplies=(
        Supply(
            framework=DRAFT,
            key="1",
            state="produced",
            sources=(),
            population="women",
            age="15+",
            numerator="n",
            denominator="d",
            frequency="every year",
        ),
        Supply(framework=DRAFT, key="2", state="no method", stage="process"),
        Supply(framework=WORLD, key="a", state="produced"),
    ),
)
CROSSWALK = Crosswalk(
    links=(
        Link(
            from_framework=WORLD,
            from_key="a",
            to_framework=DRAFT,
            to_key="1",
            relation="close",
            by="the office",
        ),
    )
)
CARD = Scorecard(
    framework=DRAFT,
    marks=(
        Mark(key="1", criterion="relevance", mark=3, by="An"),
        Mark(key="1", criterion="relevance", mark=1, by="Bo"),
        Mark(key="1", criterion="advocacy", mark=1, by="An"),
    ),
    selections=(("1", YES), ("2", replace(YES, status="rejected"))),
)


def review(title, *served):
    return Review(
        title=title,
        policy=PolicyText(name="law.txt", digest="", language="en"),
        vocabulary=Vocabulary(id="none", title={"en": "None"}, source="us"),
        frameworks=(FrameworkUse(reference=DRAFT, title="Draft", level="national"),),
        issues=tuple(
            Issue(id=name, passage=name, action=f"do {name}", decision=YES) for name in ("x", "y")
        ),
        links=tuple(
            IndicatorLink(issue=name, framework=DRAFT, key="1", band="likely", decision=YES)
            for name in served
        ),
    )


def reports(reviews=(), card=CARD, others=OTHERS):
    tables = assess_set(SET, card, reviews, catalogue=others, crosswalk=CROSSWALK)
    return {table.id: table for table in tables}


def test_scorecard_has_marks_facts_and_the_selection_of_each_candidate():
    table = reports([review("Law", "x"), review("Strategy", "x", "y")])["scorecard"]
    assert table.rows[0] == (
        *("1", "Title 1", "2.0", "1.0", "", "", "", "", "1.50", "relevance"),
        *("3", "produced", "world@2023 a", "selected", "Lan; 2026-11-22; asked for"),
    )
    assert table.rows[1][10:] == (
        *("0", "no method", "", "not selected"),
        "Lan; 2026-11-22; asked for",
    )
    assert table.rows[3][8:] == ("", "", "0", "not known", "", "", "")
    assert table.finding == "1 of 4 candidates is selected; 2 not yet decided."


def test_coverage_of_policies():
    table = reports([review("Law", "x"), review("Strategy", "x", "y")])["policy-coverage"]
    assert table.rows == (("Law", "2", "1", "1", "y"), ("Strategy", "2", "2", "1", ""))
    assert table.finding == "1 of 4 accepted issues of 2 policies has no indicator in the set."
    without = reports()["policy-coverage"]
    assert (without.of, without.finding) == (
        None,
        "No review of a policy was given, so nothing can be said.",
    )


def test_beyond_the_data_that_exist():
    table = reports()["beyond-data"]
    assert table.rows == (
        ("produced", "1", "1"),
        ("reprocessing", "0", ""),
        ("new module", "0", ""),
        ("no method", "1", "2"),
        ("not known", "2", "3, 4"),
    )
    assert (table.count, table.of) == (1, 2)


def test_balance_of_stages():
    table = reports()["stage-balance"]
    assert table.rows == (
        ("I", "Domain I", "1", "1", "0", "0", "0"),
        ("II", "Domain II", "0", "0", "0", "1", "0"),
        ("", "in no group", "0", "0", "0", "0", "1"),
    )
    assert table.finding == "1 of 3 domains has no outcome indicator."


def test_completeness_of_metadata():
    table = reports()["metadata"]
    assert table.rows[0] == ("1", "Title 1", "10 of 11", "sources")
    assert table.rows[1][2] == "2 of 11"
    assert table.rows[2][2:] == (
        "2 of 11",
        "disaggregations, definition source, numerator, denominator, population, age, frequency, "
        "sources, state",
    )
    assert table.finding.startswith("On average 32 % of 11 facts")


def test_what_international_sets_have_that_the_set_lacks():
    table = reports()["international"]
    assert table.rows == ((WORLD, "b", "Title b"),)
    assert table.notes == (
        "far@2020 was not compared: there is no link between it and the set. `policy match` "
        "proposes links.",
    )
    assert (
        table.finding == "1 of 2 international indicators compared has no counterpart in the set."
    )


def test_an_empty_set_is_told_as_such():
    empty = framework(DRAFT, "national", ())
    tables = assess_set(
        empty, Scorecard(framework=DRAFT), [], catalogue=Catalogue(), crosswalk=Crosswalk()
    )
    assert [table.of for table in tables] == [None] * 6
