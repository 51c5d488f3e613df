"""What the words of sources stand for, and what happens to those that stand for nothing."""

import polars as pl
import pytest

from everycount.io.importers.code_words import age_code, code_of
from everycount.io.importers.word_columns import code_columns


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("15-24", "Y15T24"),
        ("15 to 24", "Y15T24"),
        ("15–24 years old", "Y15T24"),
        ("15_24", "Y15T24"),
        ("Ages 15-24", "Y15T24"),
        ("YEARS15-49", "Y15T49"),
        ("AGEGROUP_YEARS15-49", "Y15T49"),
        ("Y15T24", "Y15T24"),
        ("65+", "Y_GE65"),
        ("65 and over", "Y_GE65"),
        ("65 years or older", "Y_GE65"),
        ("YEARS18-PLUS", "Y_GE18"),
        ("<5Y", "Y0T4"),
        ("Under 5 years old", "Y0T4"),
        ("<1Y", "Y0"),
        ("<1M", "M0"),
        ("<=45Y", "Y0T45"),
        ("15 and under", "Y0T15"),
        ("M36T59", "M36T59"),
        ("Over 65", None),
        ("<0Y", None),
        ("adults", None),
    ],
)
def test_age_code_follows_rules(text, code):
    assert age_code(text) == code


@pytest.mark.parametrize(
    ("component", "text", "code"),
    [
        ("SEX", "FEMALE", "F"),
        ("SEX", "Girls", "F"),
        ("SEX", "MLE", "M"),
        ("SEX", "_O", "_O"),
        ("SEX", "Total", "_T"),
        ("SEX", "Femle", None),
        ("URBANISATION", "ALLAREA", "_T"),
        ("URBANISATION", "Rural", "R"),
        ("NATURE", "NA", "_X"),
        ("OBS_STATUS", "Missing value; suppressed", "Q"),
        ("OBS_STATUS", "Undefined", ""),
        ("UNIT_MEASURE", "Percentage (%)", "PT"),
        ("UNIT_MULT", "Thousands", "3"),
        ("EDUCATION_LEV", "LOWSEC", "ISCED11_2"),
        ("DISABILITY_STATUS", "Without disability", "PWD"),
        ("INCOME_WEALTH_QUANTILE", "Q1", "Q1"),
        ("AGE", "ALLAGE", "_T"),
        ("CUST_BREAKDOWN", "whatever it may be", None),
        ("BASE_PER", "2015", None),
    ],
)
def test_code_of_knows_codes_names_and_words(component, text, code):
    assert code_of(component, text) == code


def test_code_columns_keeps_a_sex_that_is_unknown_to_be_refused():
    table = code_columns(pl.DataFrame({"Who": ["Femle"]}), {"Who": "SEX"}, {})
    assert table["SEX"].to_list() == ["Femle"]


def test_code_columns_makes_codes_where_the_list_is_open():
    labels = {}
    words = ["Rate per 100,000", "PT", None]
    table = code_columns(pl.DataFrame({"Units": words}), {"Units": "UNIT_MEASURE"}, labels)
    code = table["UNIT_MEASURE"][0]
    assert code.startswith("RATE_PER_100_000_")
    assert table["UNIT_MEASURE"].to_list()[1:] == ["PT", None]
    assert labels["UNIT_MEASURE"][code].name == {"en": "Rate per 100,000"}


def test_code_columns_takes_the_first_of_two_columns_that_says_something():
    table = pl.DataFrame({"Age": ["15-24", None, "15-24"], "Age 2": ["15-24", "65+", "65+"]})
    coded = code_columns(table, {"Age": "AGE", "Age 2": "AGE", "absent": "SEX"}, {})
    assert coded["AGE"].to_list() == ["Y15T24", "Y_GE65", "Y15T24"]
    assert coded["Age 2"].to_list() == [None, None, "65+"]


def test_code_columns_keeps_a_code_of_an_open_list_that_is_new():
    labels = {}
    table = code_columns(pl.DataFrame({"Units": ["PER_COW"]}), {"Units": "UNIT_MEASURE"}, labels)
    assert table["UNIT_MEASURE"].to_list() == ["PER_COW"]
    assert labels == {}
