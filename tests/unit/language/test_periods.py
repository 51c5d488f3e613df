"""Periods and dates in words."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everycount.language.language import LANGUAGES, language
from everycount.model.period import is_period

FORMS = {
    "2021": ["2021", "2021", "2021", "2021", "2021"],
    "2021-A1": ["2021", "2021", "2021", "2021", "2021"],
    "2021-05": ["May 2021", "mai 2021", "mayo de 2021", "tháng 5 năm 2021", "مايو 2021"],
    "2021-M05": ["May 2021", "mai 2021", "mayo de 2021", "tháng 5 năm 2021", "مايو 2021"],
    "2021-05-31": [
        "31 May 2021",
        "31 mai 2021",
        "31 de mayo de 2021",
        "ngày 31 tháng 5 năm 2021",
        "31 مايو 2021",
    ],
    "2021-S1": [
        "first half of 2021",
        "premier semestre 2021",
        "primer semestre de 2021",
        "6 tháng đầu năm 2021",
        "النصف الأول من عام 2021",
    ],
    "2021-Q3": [
        "third quarter of 2021",
        "troisième trimestre 2021",
        "tercer trimestre de 2021",
        "quý III năm 2021",
        "الربع الثالث من عام 2021",
    ],
    "2021-T1": [
        "January to April 2021",
        "janvier à avril 2021",
        "enero a abril de 2021",
        "từ tháng 1 đến tháng 4 năm 2021",
        "من يناير إلى أبريل 2021",
    ],
    "2021-W07": [
        "week 7 of 2021",
        "semaine 7 de 2021",
        "semana 7 de 2021",
        "tuần 7 năm 2021",
        "الأسبوع 7 من عام 2021",
    ],
    "2021-D032": [
        "1 February 2021",
        "1er février 2021",
        "1 de febrero de 2021",
        "ngày 1 tháng 2 năm 2021",
        "1 فبراير 2021",
    ],
    "2019/2021": [*["2019–2021"] * 4, "من 2019 إلى 2021"],
    "2019-05/2019-08": [
        "May to August 2019",
        "mai à août 2019",
        "mayo a agosto de 2019",
        "từ tháng 5 đến tháng 8 năm 2019",
        "من مايو إلى أغسطس 2019",
    ],
    "2019-05/2020-08": [
        "May 2019 to August 2020",
        "mai 2019 à août 2020",
        "mayo de 2019 a agosto de 2020",
        "từ tháng 5 năm 2019 đến tháng 8 năm 2020",
        "من مايو 2019 إلى أغسطس 2020",
    ],
    "2019-05-01/2019-06-02": [
        "1 May 2019 to 2 June 2019",
        "du 1er mai 2019 au 2 juin 2019",
        "del 1 de mayo de 2019 al 2 de junio de 2019",
        "từ ngày 1 tháng 5 năm 2019 đến ngày 2 tháng 6 năm 2019",
        "من 1 مايو 2019 إلى 2 يونيو 2019",
    ],
}


@pytest.mark.parametrize("text", FORMS)
def test_period_in_words(text):
    assert [language(code).period(text) for code in LANGUAGES] == FORMS[text]


@pytest.mark.parametrize(
    "text",
    ["2014-15", "2021-13", "2021-02-30", "2021-Q5", "2021-S3", "2021-W54", "2021-D366", "2021-T0",
     "2021-A2", "0000", "0000-Q1x", "before 2015", "", "2019/x", "x/2019", "2019-05/2019-13", "/"],
)  # fmt: skip
def test_what_is_no_period_stays_as_it_is(text):
    assert [language(code).period(text) for code in LANGUAGES] == [text] * 5


def test_date_of_a_leap_year():
    assert language("en").period("2020-D366") == "31 December 2020"
    assert language("fr").date(dt.datetime(2020, 2, 29, 8, tzinfo=dt.UTC)) == "29 février 2020"


@given(
    year=st.integers(1, 9999),
    part=st.sampled_from(
        ["", "-A1", *(f"-S{n}" for n in range(4)), *(f"-T{n}" for n in range(5)),
         *(f"-Q{n}" for n in range(6)), *(f"-M{n:02}" for n in range(14)),
         *(f"-W{n:02}" for n in range(55)), *(f"-{n:02}" for n in range(14))]
    ),
)  # fmt: skip
def test_periods_of_observations_are_the_ones_with_words(year, part):
    """What the structure of observations accepts is worded, and nothing else is."""
    text = f"{year:04}{part}"
    worded = language("en").period(text)
    assert f"{year:04}" in worded
    assert (worded != text) == (is_period(text) and part != "")
