"""When periods end."""

import polars as pl
import pytest

from everycount.figures.periods import end_of, ends, year_of


@pytest.mark.parametrize(
    ("period", "end", "year"),
    [
        ("2019", 2020.0, 2019),
        ("2019-12", 2020.0, 2019),
        ("2019-01", 2019 + 1 / 12, 2019),
        ("2019-12-31", 2020.0, 2019),
        ("2019-Q4", 2020.0, 2019),
        ("2019-S1", 2019.5, 2019),
        ("2019-M06", 2019.5, 2019),
        ("2003/2005", 2006.0, 2005),
        ("2019-07/2020-06", 2020.5, 2020),
    ],
)
def test_end_of_a_period_and_its_year(period, end, year):
    assert end_of(period) == pytest.approx(end)
    assert year_of(period) == year


def test_days_and_weeks_are_in_order():
    periods = ["2019-W01", "2019-W52", "2019-D366", "2020-01-01", "2020-02-29", "2020-03"]
    found = [end_of(each) for each in periods]
    assert found == sorted(found)


def test_series_of_periods_is_read_with_nulls():
    end, year = ends(pl.Series(["2019", None, "2019", "2020-Q2"]))
    assert end.to_list() == [2020.0, None, 2020.0, 2020.5]
    assert year.to_list() == [2019, None, 2019, 2020]
