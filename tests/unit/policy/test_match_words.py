"""Words by which titles and clauses are compared."""

import unicodedata

import pytest

from everycount.policy.match_words import (
    clean,
    split_excluded,
    split_tail,
    stem,
    stems,
    terms,
    topic_stem,
    weight_of,
    words,
)


def test_html_and_entities_are_removed():
    assert clean("<p>Land &amp; rights</p>,<br/>a < b") == "Land & rights , a < b"


def test_decomposed_vietnamese_is_the_same_text():
    text = "Tỷ lệ phụ nữ"
    assert (
        terms(unicodedata.normalize("NFD", clean(unicodedata.normalize("NFD", text))), "vi") != []
    )
    assert clean(unicodedata.normalize("NFD", text)) == text


@pytest.mark.parametrize(
    ("text", "language", "left", "tail"),
    [
        ("Poverty rate, by sex, age and region", "en", "Poverty rate", "by sex, age and region"),
        ("Number of deaths by suicide", "en", "Number of deaths by suicide", ""),
        ("Poverty rate disaggregated by sex", "en", "Poverty rate", "disaggregated by sex"),
        ("Taux de chômage, par sexe et âge", "fr", "Taux de chômage", "par sexe et âge"),
        ("Tasa de desempleo, según sexo", "es", "Tasa de desempleo", "según sexo"),
        ("Tỷ lệ hộ nghèo, phân theo vùng", "vi", "Tỷ lệ hộ nghèo", "phân theo vùng"),
        ("Arbeitslosenquote nach Geschlecht", "de", "Arbeitslosenquote nach Geschlecht", ""),
    ],
)
def test_the_tail_with_breakdowns_is_cut(text, language, left, tail):
    assert split_tail(text, language) == (left, tail)


@pytest.mark.parametrize(
    ("text", "language", "kept", "left_out"),
    [
        ("Work other than farming in towns", "en", "Work in towns", ("farming",)),
        ("Travail sauf l'agriculture", "fr", "Travail", ("l'agriculture",)),
        ("Trabajo excepto la agricultura", "es", "Trabajo", ("la agricultura",)),
        ("Việc làm ngoại trừ nông nghiệp", "vi", "Việc làm", ("nông nghiệp",)),
        ("Arbeit außer Landwirtschaft", "de", "Arbeit außer Landwirtschaft", ()),
    ],
)
def test_what_a_text_leaves_out_is_told_apart(text, language, kept, left_out):
    assert split_excluded(text, language) == (kept, left_out)


def test_words_of_different_fields_keep_different_stems():
    assert stem("aids") != stem("aid")
    assert stem("wasting") != stem("waste")
    assert stem("universal") != stem("university")


def test_spellings_of_one_word_have_one_stem():
    assert stem("labor") == stem("labour")
    assert stem("programs") == stem("programmes") or stem("program") == stem("programme")


def test_an_elided_article_is_no_word():
    assert words("l'emploi d’avenir") == ["emploi", "avenir"]


def test_a_language_without_stemmer_keeps_its_words():
    assert stems("Frauen im Parlament", "de") == ["frauen", "im", "parlament"]


def test_vietnamese_words_need_not_be_told_apart():
    assert "gia_đình" in terms("Bạo lực gia đình", "vi")


def test_measure_words_and_numbers_count_little():
    assert weight_of(stem("proportion")) == weight_of("49") < weight_of(stem("violence"))


@pytest.mark.parametrize(
    ("word", "found"), [("the", ""), ("rate", ""), ("49", ""), ("wives", "wive")]
)
def test_only_words_of_the_topic_have_a_topic_stem(word, found):
    assert topic_stem(word) == found
