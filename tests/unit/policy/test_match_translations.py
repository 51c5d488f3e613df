"""Titles of a framework in further languages."""

import pytest

from everycount.errors import InputError
from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator
from everycount.policy.match_translations import Translation, with_translations

CORE = Framework(
    id="core",
    version="1",
    title={"en": "Core"},
    publisher="NSO",
    level="national",
    valid_from="2024",
    source=Source(citation="NSO"),
    indicators=tuple(
        Indicator(key=key, code=key, title={"en": title})
        for key, title in (("1", "Poverty"), ("2", "Seats"))
    ),
)


def told(key, language, title):
    return Translation(key=key, language=language, title=title)


def test_titles_are_added_and_missing_ones_told():
    found = with_translations(CORE, [told("1", "vi", " Nghèo "), told("2", "fr", "Sièges")])
    assert [each.title for each in found.framework.indicators] == [
        {"en": "Poverty", "vi": "Nghèo"},
        {"en": "Seats", "fr": "Sièges"},
    ]
    assert found.missing == {"fr": ("1",), "vi": ("2",)}
    assert found.replaced == ()
    assert CORE.indicators[0].title == {"en": "Poverty"}


def test_a_title_that_changes_is_told():
    found = with_translations(CORE, [told("1", "en", "Poor"), told("2", "en", "Seats")])
    assert found.replaced == (("1", "en"),)
    assert found.missing == {"en": ()}


def test_every_fault_is_told_at_once():
    table = [
        told("9", "vi", "Nghèo"),
        told("1", "Viet", " "),
        told("2", "fr", "Sièges"),
        Translation(key="2", language="fr", title="Places", where="row 5"),
    ]
    with pytest.raises(InputError) as caught:
        with_translations(CORE, table)
    assert str(caught.value) == (
        "translations of core@1 has 5 problems:\n"
        "  entry 1, key: found '9', expected the key of an indicator of core@1\n"
        "  entry 2, language: found 'Viet', expected a code such as fr or vi\n"
        "  entry 2, title: found nothing, expected words\n"
        "  entry 3, key: found 2 in fr 2 times, expected each title once\n"
        "  row 5, key: found 2 in fr 2 times, expected each title once"
    )
