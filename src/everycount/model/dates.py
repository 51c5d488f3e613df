"""Dates as people write them down: a year, a month or a day that the calendar has."""

import re
from datetime import date

FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
EXPECTED = "a date such as 2026-11-22, one that the calendar has"


def is_date(text: str) -> bool:
    """Tell whether a text is a year, a month or a day that exists.

    Parameters
    ----------
    text : str
        Such as 2026, 2026-11 or 2026-11-22 (ISO 8601).

    Returns
    -------
    bool
        False also for 2026-02-30, which has the form of a date.

    Examples
    --------
    >>> is_date("2024-02-29"), is_date("2026-02-29"), is_date("2026-11"), is_date("soon")
    (True, False, True, False)
    """
    found = FORM.fullmatch(text)
    if found is None:
        return False
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_after(text: str, day: date) -> bool:
    """Tell whether a date lies wholly behind a day.

    Parameters
    ----------
    text : str
        A date, as `is_date` tells.
    day : date
        The day.

    Examples
    --------
    >>> from datetime import date
    >>> is_after("2027", date(2026, 11, 22)), is_after("2026-11", date(2026, 11, 22))
    (True, False)
    """
    return text > day.isoformat()[: len(text)]
