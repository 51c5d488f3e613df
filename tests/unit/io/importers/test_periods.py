"""Periods as sources write them."""

import polars as pl
import pytest

from everycount.io.importers.periods import (
    frequencies,
    has_months,
    period,
    period_of_years,
    read_periods,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019", "2019"),
        (" 2000.0 ", "2000"),
        ("2013M1", "2013-01"),
        ("2013-M11", "2013-11"),
        ("2000 Q1", "2000-Q1"),
        ("2000q3", "2000-Q3"),
        ("2000W7", "2000-W07"),
        ("2015-2019", "2015/2019"),
        ("2018 to 2020", "2018/2020"),
        ("2015:2015", "2015"),
        ("2019-2015", "2019-2015"),
        ("2004/05", "2004/2005"),
        ("1999/00", "1999/2000"),
        ("2019/20 [Note 5]", "2019/2020"),
        ("2003-05", "2003-05"),
        ("soon", "soon"),
    ],
)
def test_period_writes_as_sdmx_does(text, expected):
    assert period(text) == expected


def test_period_of_years_takes_two_digits_for_a_year():
    assert [period_of_years(each) for each in ("2003-05", "1999-00", "2011")] == [
        "2003/2005",
        "1999/2000",
        "2011",
    ]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2003-05", "2004-06", "2001"], False),
        (["2003-05", "2012-01"], True),
        (["1999-00"], False),
        ([None], False),
    ],
)
def test_has_months_where_the_second_number_is_not_later(texts, expected):
    assert has_months(pl.Series(texts, dtype=pl.String)) is expected


def test_frequencies_come_from_the_period():
    texts = pl.Series(["2019", "2019-Q1", "2019-05", "2019-W01", None])
    assert frequencies(read_periods(texts)).to_list() == [None, "Q", "M", "W", None]
