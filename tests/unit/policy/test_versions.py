"""Two versions of an indicator set, and the links that they make stale."""

from dataclasses import replace

from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator
from everycount.model.issue import Decision, Issue
from everycount.model.review import FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.vocabulary import Vocabulary
from everycount.policy.versions import framework_changes, move_links

YES = Decision(status="accepted", by="Lan")


def framework(version, titles, **units):
    return Framework(
        id="set",
        version=version,
        title={"en": "Set"},
        publisher="somebody",
        level="national",
        valid_from=version,
        source=Source(citation="a list"),
        indicators=tuple(
            Indicator(
                key=key,
                code=key,
                title={"en": title},
                unit=units.get(f"k{key}", ""),
                disaggregations=("sex",) if units.get(f"k{key}") == "%" else (),
            )
            for key, title in titles.items()
        ),
    )


OLD = framework(
    "2019",
    {
        "1": "Seats held by women",
        "2": "Literacy rate",
        "3": "Wage gap",
        "4": "Time use",
        "5": "Land rights",
        "6": "Health workers",
    },
)
NEW = framework(
    "2025",
    {
        "1": "Seats held by women",
        "2": "Literacy rate of adults",
        "9": "wage   gap",
        "4": "Land rights",
        "6": "Health workers",
        "7": "Violence",
    },
    k6="%",
)


def test_changes_between_versions():
    found = [(each.kind, each.before, each.after) for each in framework_changes(OLD, NEW)]
    assert found == [
        ("same", "1", "1"),
        ("reworded", "2", "2"),
        ("renumbered", "3", "9"),
        ("gone", "4", ""),  # its number went to land rights
        ("renumbered", "5", "4"),
        ("changed", "6", "6"),
        ("new", "", "7"),
    ]
    words = [each.words for each in framework_changes(OLD, NEW)]
    assert words[1] == "“Literacy rate” is now “Literacy rate of adults”"
    assert words[3] == "its number now belongs to “Land rights”"
    assert words[5] == "unit: none is now %; disaggregations: none is now sex"
    assert words[6] == "Violence"


def test_an_indicator_without_heir_is_gone():
    shorter = framework("2025", {"1": "Seats held by women"})
    found = framework_changes(OLD, shorter)
    assert [(each.kind, each.words) for each in found[1:3]] == [("gone", ""), ("gone", "")]


def test_two_changes_of_one_indicator_are_both_told():
    newer = framework("2025", {"8": "Seats held by women"}, k8="%")
    first = framework_changes(OLD, newer)[0]
    assert (first.kind, first.after) == ("renumbered", "8")
    assert first.words == "1 is now 8; unit: none is now %; disaggregations: none is now sex"


def link(key, reference="set@2019", **more):
    return IndicatorLink(
        issue="1", framework=reference, key=key, band="likely", decision=YES, **more
    )


def review(*links, references=("set@2019",)):
    return Review(
        title="Law",
        policy=PolicyText(name="law.txt", digest="", language="en"),
        vocabulary=Vocabulary(id="none", title={"en": "None"}, source="us"),
        frameworks=tuple(
            FrameworkUse(reference=each, title="Set", level="national") for each in references
        ),
        issues=(Issue(id="1", passage="1", action="do", decision=YES),),
        links=links,
    )


def test_links_move_only_to_what_is_the_same():
    before = review(*(link(key) for key in "1234"), references=("other@1", "set@2019"))
    made, stale = move_links(before, OLD, NEW, by="Lan", on="2026-11-22")
    assert [(each.framework, each.key) for each in made.links] == [
        ("set@2025", "1"),
        ("set@2019", "2"),
        ("set@2025", "9"),
        ("set@2019", "4"),
    ]
    assert all(each.decision.is_accepted for each in made.links)
    assert [each.stale for each in stale] == [
        "set@2025: reworded: “Literacy rate” is now “Literacy rate of adults”",
        "set@2025: gone: its number now belongs to “Land rights”",
    ]
    assert [each.reference for each in made.frameworks] == ["other@1", "set@2019", "set@2025"]
    gone = replace(OLD, version="2020", indicators=OLD.indicators[:2])
    _, stale = move_links(before, OLD, gone, by="Lan", on="2026-11-22")
    assert [each.stale for each in stale] == ["set@2020: gone", "set@2020: gone"]
    assert [(each.what, each.after) for each in made.log] == [
        ("link 1 set@2019 1", "set@2025 1"),
        ("link 1 set@2019 3", "set@2025 9"),
    ]


def test_links_that_are_there_already_or_of_other_sets_stay():
    before = review(
        link("1"),
        link("1", "set@2025"),
        link("1", "other@1"),
        references=("set@2019", "set@2025", "other@1"),
    )
    made, stale = move_links(before, OLD, NEW, by="Lan", on="2026-11-22")
    assert [each.framework for each in made.links] == ["set@2019", "set@2025", "other@1"]
    assert [each.stale for each in stale] == ["set@2025: linked there already"]
    assert len(made.frameworks) == 3
