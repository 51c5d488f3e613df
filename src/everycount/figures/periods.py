"""When periods end, so that the newest figure can be found whatever the form of its period."""

import math
import re

import polars as pl

PARTS = {"A": 1, "S": 2, "T": 3, "Q": 4, "M": 12, "W": 53, "D": 366}
"""Most parts of a year by their letter. SDMX 3.0 Technical Notes, section on time formats."""
PART = re.compile(r"(\d{4})-([ASTQMWD])(\d+)")


def end_of(period: str) -> float:
    """Return when a period ends, as a number of years.

    Parameters
    ----------
    period : str
        As `everycount.model.period.read_period` keeps it.

    Returns
    -------
    float
        2020.0 for the end of 2019. Exact for years, months and quarters; weeks and days are
        only put in order.

    Examples
    --------
    >>> [end_of(each) for each in ("2019", "2019-06", "2019-Q1", "2003/2005")]
    [2020.0, 2019.5, 2019.25, 2006.0]
    """
    last = period.rpartition("/")[2]
    if part := PART.fullmatch(last):
        return int(part[1]) + int(part[3]) / PARTS[part[2]]
    year, *rest = (int(each) for each in last.split("-"))
    if not rest:
        return year + 1.0
    months = rest[0] if len(rest) == 1 else rest[0] - 1 + rest[1] / 31
    return year + months / 12


def year_of(period: str) -> int:
    """Return the year in which a period ends.

    Examples
    --------
    >>> year_of("2019"), year_of("2019-07/2020-06"), year_of("2019-Q4")
    (2019, 2020, 2019)
    """
    return math.ceil(end_of(period)) - 1


def ends(periods: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return when periods end, and the year of it; each form is read once.

    Parameters
    ----------
    periods : Series of str

    Returns
    -------
    Series of float, Series of int

    Examples
    --------
    >>> ends(pl.Series(["2019", "2020-06"]))[1].to_list()
    [2019, 2020]
    """
    known = periods.unique().drop_nulls().to_list()
    end = {each: end_of(each) for each in known}
    year = {each: year_of(each) for each in known}
    return (
        periods.replace_strict(end, default=None, return_dtype=pl.Float64),
        periods.replace_strict(year, default=None, return_dtype=pl.Int64),
    )
