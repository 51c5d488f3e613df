"""Concepts found in texts."""

from everycount.policy.thesaurus import Finder, Term, Thesaurus, find, finder

BEATEN = Term(group="ipv", label="partner violence", language="en", term="wife beating")
COURT = Term(group="law", label="justice", language="en", term="court + women", match="near")
HOME = Term(group="ipv", label="partner violence", language="vi", term="bạo lực gia đình")
KNOWN = Thesaurus(terms=(BEATEN, COURT, HOME))


def concepts(text, language="en"):
    return find(finder(KNOWN, language), text, language)


def test_a_phrase_is_found_whatever_its_endings():
    assert concepts("Wives accept wife beatings") == {"ipv": "wife beat"}


def test_words_of_a_phrase_in_another_order_are_no_phrase():
    assert concepts("Beating the wife's drum") == {}


def test_parts_that_stand_near_each_other_make_a_concept_in_any_order():
    assert concepts("Women shall be heard by the court") == {"law": "court + women"}
    assert concepts("The court shall hear women") == {"law": "court + women"}


def test_parts_far_apart_make_no_concept():
    assert concepts("The court " + "shall sit in public " * 10 + "and women") == {}


def test_a_concept_is_told_once():
    assert list(concepts("wife beating and wife beating")) == ["ipv"]


def test_vietnamese_phrases_are_found_without_word_boundaries():
    assert list(concepts("Phòng, chống bạo lực gia đình", "vi")) == ["ipv"]


def test_a_language_the_thesaurus_does_not_speak_finds_nothing():
    assert finder(KNOWN, "fr").entries == {}
    assert find(Finder(), "violence", "fr") == {}


def test_labels_are_told_by_concept():
    assert KNOWN.labels == {"ipv": "partner violence", "law": "justice"}
