"""Figures, years and numbers of a sentence, in four languages."""

import pytest

from everycount.policy.figures import find_figures
from everycount.policy.numbers import SPELLED, read_number
from everycount.policy.years import find_years


def seen(text, language):
    return [(f.value, f.upper, f.unit, f.comparator) for f in find_figures(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "figures"),
    [
        ("at least 60% of heads", "en", [(60, None, "%", "at least")]),
        ("no fewer than 60 per cent", "en", [(60, None, "%", "at least")]),
        ("60 % or more of them", "en", [(60, None, "%", "at least")]),
        ("under 5%", "en", [(5, None, "%", "less than")]),
        ("more than 30 percent", "en", [(30, None, "%", "more than")]),
        ("not more than 12.5 %", "en", [(12.5, None, "%", "at most")]),
        ("nearly 99%", "en", [(99, None, "%", "about")]),
        ("about 5-6%", "en", [(5, 6, "%", "between")]),
        ("between 30 and 40 per cent", "en", [(30, 40, "%", "between")]),
        ("from 30 to 40 per cent", "en", [(30, 40, "%", "between")]),
        ("1.7 times", "en", [(1.7, None, "times", "equal to")]),
        ("3 percentage points", "en", [(3, None, "percentage points", "equal to")]),
        (
            "42 per 100,000 live births",
            "en",
            [(42, None, "per 100,000 live births", "equal to")],
        ),
        ("111 boys per 100 girls", "en", [(111, None, "boys per 100 girls", "equal to")]),
        ("fifty percentum of it", "en", [(50, None, "%", "equal to")]),
        ("at least two thirds of seats", "en", [(66.7, None, "%", "at least")]),
        ("at least half", "en", [(50, None, "%", "at least")]),
        ("minimum five members", "en", [(5, None, "members", "at least")]),
        ("at least 3 shelters", "en", [(3, None, "shelters", "at least")]),
        ("40% of girls and 60% of boys", "en",
         [(40, None, "%", "equal to"), (60, None, "%", "equal to")]),
        ("30 and 40 % of them", "en", [(40, None, "%", "equal to")]),
        ("60% by 2025, 75 by 2030", "en",
         [(60, None, "%", "equal to"), (75, None, "%", "equal to")]),
        ("thirty per cent (30%) and (40%)", "en",
         [(30, None, "%", "equal to"), (40, None, "%", "equal to")]),
        ("5,5 %", "fr", [(5.5, None, "%", "equal to")]),
        ("au moins 40 pour cent", "fr", [(40, None, "%", "at least")]),
        ("moins de 1\u202f000 pour 100\u202f000", "fr", []),
        ("entre 30 et 40 %", "fr", [(30, 40, "%", "between")]),
        ("cinquante pour cent", "fr", [(50, None, "%", "equal to")]),
        ("42 pour 100 000 naissances vivantes", "fr",
         [(42, None, "per 100 000 naissances vivantes", "equal to")]),
        ("entre el 30 % y el 40 %", "es", [(30, 40, "%", "between")]),
        ("al menos el 50 % de ellas", "es", [(50, None, "%", "at least")]),
        ("2,5 veces", "es", [(2.5, None, "times", "equal to")]),
        ("la mitad de las mujeres", "es", [(50, None, "%", "equal to")]),
        ("từ 60% trở lên", "vi", [(60, None, "%", "at least")]),
        ("không quá 5,5%", "vi", [(5.5, None, "%", "at most")]),
        ("năm mươi phần trăm", "vi", [(50, None, "%", "equal to")]),
        ("42/100.000 trẻ đẻ sống", "vi", [(42, None, "per 100.000 trẻ đẻ sống", "equal to")]),
        ("gần 1,7 lần", "vi", [(1.7, None, "times", "about")]),
    ],
)  # fmt: skip
def test_figures_are_read_with_their_unit_and_comparator(text, language, figures):
    assert seen(text, language) == figures


@pytest.mark.parametrize(
    "text",
    [
        "a fine between 100,000 francs and two hundred thousand francs",
        "imprisonment of at least 5 years",
        "women aged 15 to 49",
        "Article 12 of Law No. 59 of 2008",
        "not more than 500 rupees",
        "half a day",
        "in 2020 30 women came",
        "at least one service",
        "at most 3 of",
        "40-30 % is no range",
    ],
)
def test_figures_leave_out_money_terms_ages_and_dates(text):
    assert seen(text, "en") in ([], [(30, None, "%", "equal to")])


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [("1,234", "en", 1234), ("1.234", "es", 1234), ("1,5", "en", 1.5), ("1.5", "vi", 1.5)],
)
def test_numbers_follow_the_signs_of_the_language(text, language, value):
    assert read_number(text, language) == value


def test_numbers_in_words_go_up_to_ninety_nine():
    assert SPELLED["en"]["forty-two"] == 42
    assert SPELLED["fr"]["quatre-vingt-dix"] == 90
    assert "ten-one" not in SPELLED["en"]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("by 2025 and 2030", [(2025, False), (2030, False)]),
        ("in the period 2021-2030", [(2030, False)]),
        ("since 2010", [(2010, True)]),
        ("compared with 2015 by 2030", [(2015, True), (2030, False)]),
        ("par rapport à 2015", [(2015, True)]),
        ("so với năm 2015", [(2015, True)]),
        ("in the term 2016 to 2021", [(2021, False)]),
        ("between 2016 and 2020", [(2020, False)]),
        ("d'ici à 2030", [(2030, False)]),
        ("de 2016 à 2020", [(2020, False)]),
        ("entre 2016 et 2020", [(2020, False)]),
        ("para 2030", [(2030, False)]),
        ("entre los años 2016 y 2020", [(2020, False)]),
        ("desde 2016 hasta 2020", [(2020, False)]),
        ("đến năm 2030", [(2030, False)]),
        ("giai đoạn 2021-2030", [(2030, False)]),
        ("từ năm 2021 đến năm 2030", [(2030, False)]),
        ("from 24 % in 2010 to 30 % in 2015", [(2010, False), (2015, False)]),
        ("since 2010 and in 2015", [(2010, True), (2015, False)]),
        ("compared with 2010 to 2015", [(2015, True)]),
        ("No. 37 of 2024", []),
        ("Law 51/2007", []),
        ("the Code, 1973", []),
        ("2000 % and 2001.5", []),
    ],
)
def test_years_are_told_apart_from_numbers_of_laws(text, years):
    assert [(each.year, each.is_base) for each in find_years(text)] == years


def test_figures_that_are_slips_are_none():
    assert [each.value for each in find_figures(f"Reach {'9' * 16} % and 40 %.", "en")] == [40]
    assert list(find_figures(f"From 5 to {'9' * 400} %.", "en")) == []
    assert [each.value for each in find_figures(f"Reach {'9' * 15} %.", "en")] == [1e15 - 1]
