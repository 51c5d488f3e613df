"""Periods of observations: which there are, and the one form in which equal ones are kept."""

import re
from calendar import monthrange
from datetime import date, timedelta

EXPECTED = "a period such as 2019, 2019-05, 2019-Q2 or 2019/2021"
DATE = r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?"
PLAIN = re.compile(DATE)
PART = re.compile(r"(\d{4})-(A1|S[12]|T[123]|Q[1-4]|M\d{2}|W\d{2}|D\d{3})")
RANGE = re.compile(rf"(?P<start>{DATE})/(?:(?P<end>{DATE})|P(?P<count>\d+)(?P<unit>[YMD]))")
"""How periods are written: Gregorian (2019, 2019-05, 2019-05-31), reporting (2019-Q1), ranges.

SDMX 3.0 Technical Notes, section on time formats.
"""
MOST = {"M": 12, "W": 53, "D": 366}
"""Largest number of a part of the year. The same section; ISO 8601 for weeks."""


def read_period(text: str) -> str:
    """Return a period in the form in which it is kept: the shortest that says the same.

    Only ranges can be written in several ways. They become their first and last year, month or
    day, both counted; a range that is one year, month or day becomes this.

    Parameters
    ----------
    text : str
        A period without surrounding spaces.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        If it is no period, or no calendar has it, with what was expected.

    Examples
    --------
    >>> [read_period(each) for each in ("2019-Q1", "2003-01-01/P3Y", "2019-05/P4M")]
    ['2019-Q1', '2003/2005', '2019-05/2019-08']
    """
    if found := RANGE.fullmatch(text):
        return _write(*_span(found))
    if part := PART.fullmatch(text):
        _demand_part(part[1], part[2])
        return text
    if PLAIN.fullmatch(text):
        _first(text)
        return text
    raise ValueError(EXPECTED)


def _demand_part(year: str, part: str) -> None:
    """Refuse a part that no year has."""
    _demand_year(year)
    if not 1 <= int(part[1:]) <= MOST.get(part[0], 9):
        raise ValueError(f"a period that there is; {year} has no {part}")


def _demand_year(year: str) -> None:
    """Refuse the year 0, which the calendar does not have."""
    if int(year) == 0:
        raise ValueError("a period that there is; there is no year 0000")


def _first(text: str) -> date:
    """Return the first day of a year, month or day."""
    year, month, day = (*text.split("-"), "", "")[:3]
    _demand_year(year)
    try:
        return date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        kind = "day" if day else "month"
        raise ValueError(f"a period that there is; there is no {kind} {text}") from error


def _after(first: date, count: int, unit: str) -> date:
    """Return the day after so many years, months or days."""
    if unit == "D":
        return first + timedelta(count)
    months = first.year * 12 + first.month - 1 + count * (12 if unit == "Y" else 1)
    if months // 12 > date.max.year:
        raise OverflowError
    # A month after the 31st is the last day of a month that has no such day.
    day = min(first.day, monthrange(months // 12, months % 12 + 1)[1])
    return date(months // 12, months % 12 + 1, day)


def _span(found: re.Match[str]) -> tuple[date, date]:
    """Return the first day of a range and the day after its last."""
    first = _first(found["start"])
    try:
        if found["count"]:
            after = _after(first, int(found["count"]), found["unit"])
        else:
            end = found["end"]
            after = _after(_first(end), 1, "YMD"[end.count("-")])
    except OverflowError as error:
        raise ValueError("a period of four-digit years") from error
    if after <= first:
        raise ValueError("a period whose end is not before its start")
    return first, after


def _write(first: date, after: date) -> str:
    """Return the shortest form of the days from the first to the one before `after`."""
    last = after - timedelta(1)
    length = len("2019-05-31")
    if first.day == after.day == 1:
        length = len("2019") if first.month == after.month == 1 else len("2019-05")
    start, end = first.isoformat()[:length], last.isoformat()[:length]
    return start if start == end else f"{start}/{end}"


def is_period(text: str) -> bool:
    """Tell whether a text is a period that there is.

    Examples
    --------
    >>> is_period("2019-02-28"), is_period("2019-02-29")
    (True, False)
    """
    try:
        read_period(text)
    except ValueError:
        return False
    return True
