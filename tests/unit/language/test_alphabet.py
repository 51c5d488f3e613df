"""The order of names in five languages."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everycount.language.language import LANGUAGES, language

# Words of the alphabet in order, and the six tones of one syllable.
VIETNAMESE = "an ăn ân bà cá da đa em êm gà ha ma mà mả mã má mạ mi ong ông ơn ta tu tư"
ORDERED = {
    "vi": VIETNAMESE.split(),
    "es": ["nada", "naúfrago", "nube", "ñandú", "ñu", "oca", "oír", "pez"],
    "fr": ["cote", "coté", "côte", "côté", "coter", "œdème", "of", "Zoé"],
    "en": ["Åland Islands", "Albania", "Cote", "Côte", "Guinea", "Guinea-Bissau", "Guineb"],
    "ar": ["ألبانيا", "ألمانيا", "الجزائر", "السودان", "الصين", "فرنسا", "مصر", "الهند", "اليمن"],
}


@pytest.mark.parametrize("code", ORDERED)
def test_names_stand_as_in_a_dictionary(code):
    mixed = list(ORDERED[code])
    random.Random(7).shuffle(mixed)
    assert sorted(mixed, key=language(code).sort_key) == ORDERED[code]


def test_letters_come_before_tones():
    ordered = ["Bà Rịa", "Ba Vì", "Bạc Liêu", "Bắc Giang", "Dak Lak", "Đà Nẵng"]
    backwards = ordered[::-1]
    assert sorted(backwards, key=language("vi").sort_key) == ordered


def test_a_letter_of_its_own_is_none_elsewhere():
    names = ["ñu", "nube", "oca"]
    assert sorted(names, key=language("es").sort_key) == ["nube", "ñu", "oca"]
    assert sorted(names, key=language("en").sort_key) == ["ñu", "nube", "oca"]
    assert sorted(["đa", "de", "da"], key=language("en").sort_key) == ["da", "đa", "de"]


def test_arabic_forgets_vowels_the_stretcher_and_the_hamza():
    key = language("ar").sort_key
    assert key("مُحَمَّد")[0] == key("محمد")[0] == key("محـــمد")[0]
    assert key("أحمد")[0] == key("احمد")[0] == key("الأحمد")[0]
    assert key("ال")[0] == (key("ا")[0] + key("ل")[0])  # two letters are no article


def test_own_script_comes_first():
    names = ["Zimbabwe", "فرنسا", "2030"]
    assert sorted(names, key=language("ar").sort_key) == ["2030", "فرنسا", "Zimbabwe"]
    assert sorted(names, key=language("en").sort_key) == ["2030", "Zimbabwe", "فرنسا"]


def test_small_letters_come_before_capitals():
    assert sorted(["Oman", "oman", "OMAN"], key=language("en").sort_key) == ["oman", "Oman", "OMAN"]


def test_marks_that_nobody_sees_do_not_count():
    key = language("en").sort_key
    assert key("\u2068Oman\u2069")[0] == key("Oman")[0]
    assert key("")[0] == key("\u0301")[0] == ()


def test_form_of_unicode_does_not_count():
    key = language("vi").sort_key
    assert key("Vi\u1ec7t")[:3] == key("Vie\u0302\u0323t")[:3] == key("Vie\u0323\u0302t")[:3]


@given(names=st.lists(st.text(max_size=6), max_size=8), code=st.sampled_from(sorted(LANGUAGES)))
def test_order_does_not_depend_on_the_order_before(names, code):
    key, backwards = language(code).sort_key, names[::-1]
    assert sorted(names, key=key) == sorted(backwards, key=key)
