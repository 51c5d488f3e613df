"""A language's messages, names and lists."""

import pytest

from everycount.errors import NotFound
from everycount.language import areas, catalogue
from everycount.language.language import LANGUAGES, language, prefers


def test_language_is_made_once():
    assert language("vi") is language("vi")


def test_unknown_language_names_those_there_are():
    with pytest.raises(NotFound, match="no language 'de'; there are en, fr, es, vi, ar"):
        language("de")


def test_only_arabic_is_written_from_the_right():
    assert [language(code).direction for code in LANGUAGES] == ["ltr"] * 4 + ["rtl"]
    assert [language(code).name for code in LANGUAGES] == list(LANGUAGES.values())


def test_message_without_translation_is_english_and_says_so():
    for code in ("fr", "es", "vi", "ar"):
        spoken = language(code)
        assert spoken.gettext("Not there.") == spoken.pgettext("here", "Not there.") == "Not there."
        assert spoken.ngettext("{n} hen", "{n} hens", 1) == "{n} hen"
        assert spoken.ngettext("{n} hen", "{n} hens", 2) == "{n} hens"
        assert not spoken.is_translated("Not there.")
        assert not spoken.is_translated("Not there.", "here")


def test_message_that_is_the_same_in_both_languages_is_translated():
    assert language("fr").gettext("{month} {year}") == "{month} {year}"
    assert language("fr").is_translated("{month} {year}")
    assert language("fr").is_translated("{first} to {last}", "days")
    assert not language("fr").is_translated("{first} to {last}")
    assert language("fr").is_translated("{count} more")


def test_english_has_every_message():
    assert language("en").is_translated("Anything.")
    assert language("en").is_translated("Anything.", "anywhere")
    assert language("en").ngettext("{n} hen", "{n} hens", 1) == "{n} hen"


def test_every_message_of_this_package_is_translated():
    """A missing one would make half a sentence English."""
    for code in ("fr", "es", "vi", "ar"):
        spoken = language(code)
        assert spoken.is_translated(catalogue.N_("week {week} of {year}"))
        assert spoken.period("2021-S2") != language("en").period("2021-S2")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("en", ["", "a", "a and b", "a, b and c", "a, b and 2 more"]),
        ("fr", ["", "a", "a et b", "a, b et c", "a, b et 2 autres"]),
        ("es", ["", "a", "a y b", "a, b y c", "a, b y 2 más"]),
        ("vi", ["", "a", "a và b", "a, b và c", "a, b và 2 mục khác"]),
        ("ar", ["", "a", "a وb", "a وb وc", "a وb و2 غيرها"]),
    ],
)
def test_list_in_words(code, expected):
    assert [language(code).listed("abcd"[:n], 2) for n in range(5)] == expected


def test_list_is_not_cut_before_its_last_name():
    assert language("en").listed("abc", 2) == "a, b and c"
    assert language("en").listed(iter("abcde")) == "a, b, c, d and e"


@pytest.mark.parametrize(
    ("last", "joined"),
    [("Italia", "e"), ("Irlanda", "e"), ("hijas", "e"), ("Índice", "e"), ("«Islas»", "e"),
     ("hielo", "y"), ("hiato", "y"), ("Francia", "y"), ("Yemen", "y"), ("", "y")],
)  # fmt: skip
def test_spanish_and_changes_before_the_sound_of_i(last, joined):
    assert language("es").listed(["Chile", last]) == f"Chile {joined} {last}"
    assert language("fr").listed(["Chile", last]) == f"Chile et {last}"


def test_braces_in_names_are_no_places():
    assert language("en").listed(["{0}", "{1}", "{x}"]) == "{0}, {1} and {x}"


def test_only_words_of_the_other_direction_are_isolated():
    assert language("ar").isolate("OECD") == "\u2068OECD\u2069"
    assert language("en").isolate("OECD") == "OECD"
    assert language("en").isolate("فرنسا") == "\u2068فرنسا\u2069"


def test_area_of_every_kind_of_code():
    assert [language(code).area("704") for code in LANGUAGES] == [
        "Viet Nam",
        "Viet Nam",
        "Viet Nam",
        "Việt Nam",
        "فييت نام",
    ]
    assert language("en").area("FRA") == language("en").area("250") == "France"
    assert language("es").area("WLD") == language("es").area("001") == "Mundo"
    assert language("vi").area("VN_01") == "Hà Nội"
    assert language("fr").area("VN_01") == "Ha Noi"  # no French name: the English one
    assert language("fr").area("NOWHERE") == "NOWHERE"


def test_every_area_has_a_name_in_every_language():
    codes = [code for code in areas._shipped() if "_" not in code]
    assert len(codes) > 500
    unnamed = {(code, each) for each in LANGUAGES for code in codes
               if language(each).area(code) in {code, ""}}  # fmt: skip
    assert unnamed == set()


def test_names_of_a_dataset_go_first():
    names = {
        "704": {"en": "Vietnam", "fr": "Viêt Nam"},
        "X1": {"vi": "Vùng 1"},
        "X2": {},
        "X3": "Zone 3",
        "250": "",
    }
    assert language("en").area("704", names) == "Vietnam"
    assert language("fr").area("704", names) == "Viêt Nam"
    assert language("es").area("704", names) == "Viet Nam"  # the list's Spanish before own English
    assert language("en").area("X1", names) == "Vùng 1"
    assert language("en").area("X2", names) == "X2"
    assert language("ar").area("X3", names) == "Zone 3"
    assert language("fr").area("250", names) == "France"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "en"),
        ("vi-VN,vi;q=0.9,en-US;q=0.8,en;q=0.7", "vi"),
        ("de, fr;q=0.4, es;q=0.6", "es"),
        ("AR-eg", "ar"),
        ("ja, zh;q=0.9", "en"),
        ("fr;q=0, *", "en"),
        ("en;q=0, *;q=0.5", "fr"),
        ("*;q=0", "en"),
        ("es, fr", "es"),
        ("en;q=0.5, en-GB;q=0.9, fr;q=0.8", "en"),
        ("fr;q=2, ;;, q=1, \u0661, es ; q = 0.7", "es"),
        ("english; q=high", "en"),
        ("fr;q=1.9, es;Q=1", "fr"),
    ],
)
def test_reader_gets_the_language_liked_best(header, expected):
    assert prefers(header) == expected
