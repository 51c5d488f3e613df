"""Accepted links as further wordings."""

import pytest

from everycount.model.crosswalk import Link
from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator
from everycount.policy.match_aliases import aliases_of


def framework(name, titles):
    return Framework(
        id=name,
        version="1",
        title={"en": name},
        publisher="NSO",
        level="national",
        valid_from="2024",
        source=Source(citation="NSO"),
        indicators=tuple(
            Indicator(key=key, code=key, title=title) for key, title in titles.items()
        ),
    )


KNOWN = {
    "rwa@1": framework("rwa", {"1": {"en": "Women MPs", "fr": "Députées"}, "2": {"en": "Water"}}),
    "sdg@1": framework("sdg", {"5": {"en": "Seats held by women"}, "6": {"en": "water "}}),
}


def link(key, to, relation="close", source="rwa@1"):
    return Link(
        from_framework=source,
        from_key=key,
        to_framework="sdg@1",
        to_key=to,
        relation=relation,
        by="NISR",
    )


def test_each_end_lends_its_titles_to_the_other():
    found = aliases_of([link("1", "5")], KNOWN)
    assert [(each.framework, each.key, each.title, each.language) for each in found] == [
        ("sdg@1", "5", "Women MPs", "en"),
        ("sdg@1", "5", "Députées", "fr"),
        ("rwa@1", "1", "Seats held by women", "en"),
    ]
    assert found[0].origin == "rwa@1 1"


def test_the_set_being_matched_lends_nothing():
    found = aliases_of([link("1", "5")], KNOWN, without="rwa@1")
    assert [each.framework for each in found] == ["rwa@1"]


@pytest.mark.parametrize(
    "links",
    [
        [link("2", "6")],
        [link("1", "5", relation="related")],
        [link("9", "5")],
        [link("1", "9")],
        [link("1", "5", source="arm@1")],
    ],
    ids=["same-title", "related", "unknown-from", "unknown-to", "unknown-framework"],
)
def test_links_that_add_no_wording_are_left_aside(links):
    assert aliases_of(links, KNOWN) == ()


def test_a_wording_is_given_once():
    assert len(aliases_of([link("1", "5"), link("1", "5", relation="exact")], KNOWN)) == 3
