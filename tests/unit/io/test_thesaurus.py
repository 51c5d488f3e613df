"""The words that matching knows."""

import re

import pytest

from everycount.io.frameworks import find_framework
from everycount.io.thesaurus import shipped_keywords, shipped_thesaurus
from everycount.policy.match_fields import target_of
from everycount.policy.thesaurus import finder


@pytest.mark.parametrize("language", ["en", "fr", "es", "vi"])
def test_the_shipped_thesaurus_speaks_four_languages(language):
    groups = {
        group
        for entry in finder(shipped_thesaurus(), language).entries.values()
        for _, group in entry
    }
    assert len(groups) > 60


def test_the_shipped_thesaurus_has_one_label_for_each_concept():
    terms = shipped_thesaurus().terms
    assert len({(term.group, term.label) for term in terms}) == len({term.group for term in terms})


def test_near_terms_and_only_they_have_parts():
    for term in shipped_thesaurus().terms:
        assert (term.match == "near") == (len(term.parts) > 1), term


def test_every_sdg_target_and_indicator_has_keywords():
    known = shipped_keywords()["en"]
    for version in ("2019", "2023"):
        for indicator in find_framework(f"sdg-global@{version}").indicators:
            assert known[target_of(indicator.key)], indicator.key
    assert sum(re.fullmatch(r"\d+\.[0-9a-d]+", code) is not None for code in known) == 169


def test_every_current_sdg_indicator_has_keywords_of_its_own():
    known = shipped_keywords()["en"]
    keys = {indicator.key for indicator in find_framework("sdg-global@2023").indicators}
    assert keys <= known.keys()


def test_keywords_are_short_and_no_titles():
    titles = {
        indicator.title["en"].lower() for indicator in find_framework("sdg-global@2023").indicators
    }
    for phrases in shipped_keywords()["en"].values():
        assert all(phrase and len(phrase.split()) < 15 for phrase in phrases)
        assert not titles & {phrase.lower() for phrase in phrases}
