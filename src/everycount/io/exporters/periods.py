"""Periods as SDMX writes them: our ranges, such as 2019/2021, become a start and a duration."""

import re
from collections.abc import Iterable
from datetime import date

RANGE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/(?:(P.*)|(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?)")


def sdmx_period(period: str) -> str:
    """Return a period as SDMX 3.0 (Technical Notes, section on time formats) writes it.

    Only ranges change: SDMX gives them as their first day and a duration, both ends counted.
    A range that no calendar has stays as it is.

    Examples
    --------
    >>> sdmx_period("2019"), sdmx_period("2019/2021"), sdmx_period("2019-05/2019-06")
    ('2019', '2019-01-01/P3Y', '2019-05-01/P2M')
    >>> sdmx_period("2019-05-01/2019-05-31"), sdmx_period("2019/P2Y")
    ('2019-05-01/P31D', '2019-01-01/P2Y')
    """
    found = RANGE.fullmatch(period)
    if found is None:
        return period
    year, month, day, duration, *end = found.groups()
    start = f"{year}-{month or '01'}-{day or '01'}"
    duration = duration or _duration((year, month, day), (end[0], end[1], end[2]))
    return f"{start}/{duration}" if duration else period


def _duration(start: tuple[str, ...], end: tuple[str, ...]) -> str | None:
    """Return how long it is from the first to the last of two dates, both counted."""
    (year, month, day), (last_year, last_month, last_day) = start, end
    if day or last_day:
        return _days(start, end)
    if month or last_month:
        months = 12 * (int(last_year) - int(year)) + int(last_month or 12) - int(month or 1) + 1
        return f"P{months}M" if months > 0 else None
    years = int(last_year) - int(year) + 1
    return f"P{years}Y" if years > 0 else None


def _days(start: tuple[str, ...], end: tuple[str, ...]) -> str | None:
    """Return how many days it is; the end may be a month or year, which is meant whole."""
    try:
        first = date(*(int(part or 1) for part in start))
        year, month, day = (int(part) if part else None for part in end)
        if year is not None and day is not None and month is not None:
            days = (date(year, month, day) - first).days + 1
        else:
            months = int(end[0]) * 12 + (month or 12)
            days = (date(months // 12, months % 12 + 1, 1) - first).days
    except ValueError:
        return None
    return f"P{days}D" if days > 0 else None


def changed_periods(periods: Iterable[str]) -> dict[str, str]:
    """Return the periods that SDMX writes otherwise, with how it does."""
    written = {period: sdmx_period(period) for period in periods}
    return {period: other for period, other in written.items() if other != period}


def period_notes(changed: dict[str, str]) -> tuple[str, ...]:
    """Return in words which periods are written otherwise.

    Examples
    --------
    >>> period_notes({"2019/2021": "2019-01-01/P3Y"})
    ('periods are written as SDMX has ranges: 2019/2021 as 2019-01-01/P3Y',)
    """
    if not changed:
        return ()
    shown = ", ".join(f"{period} as {other}" for period, other in list(changed.items())[:5])
    more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
    return (f"periods are written as SDMX has ranges: {shown}{more}",)
