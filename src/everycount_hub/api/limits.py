"""What the API allows: one page of numbers, shown at /api/v1/limits and enforced everywhere."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

PAGE, LARGEST_PAGE = 1_000, 50_000
"""Entries of a page of JSON where nothing is asked for, and at most."""
ROWS = 1_000_000
"""Figures of one answer as a file. More is had as a bulk file or dataset by dataset."""
ROWS_OF_SERIES = 200_000
"""Figures among which the first or last of a series, or the nearest period, are looked for."""
ADDRESS = 8_000
"""Characters of an address. RFC 9110, 4.1: every server should take this many at least."""
CODES = 1_000
"""Codes that one parameter may list."""
RATE, BURST = 20.0, 200
"""Requests a second from one network address, lastingly and at once."""
FILES_AT_ONCE = 4
"""Files that are written at the same time; the next request is asked to wait."""
MAX_AGE = 60
"""Seconds a browser or proxy may show an answer without asking: how late a correction is seen."""


class TooMuch(Exception):
    """An answer would be larger than allowed. It says how to ask for less."""

    def __init__(self, found: str) -> None:
        super().__init__(f"{found}. {advice()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit: its name, number, and what it means."""

    name: str
    value: float
    words: str
    status: int
    """The status of an answer to a request beyond it."""


def limits() -> tuple[Limit, ...]:
    """Return every limit."""
    rate, burst = allowance()
    said = (
        ("page", PAGE, "entries of a page of JSON unless `limit` says otherwise", 200),
        ("largest_page", LARGEST_PAGE, "entries of a page of JSON at most", 400),
        ("rows", ROWS, "figures in one file", 413),
        (
            "rows_of_series",
            ROWS_OF_SERIES,
            "figures among which the first or last of series, or nearest periods, are found",
            413,
        ),
        ("address", ADDRESS, "characters of an address", 414),
        ("codes", CODES, "codes that one parameter lists", 413),
        ("requests_per_second", rate, "requests a second from one address, lastingly", 429),
        ("requests_at_once", burst, "requests at once from one address", 429),
        ("files_at_once", FILES_AT_ONCE, "files of figures that are written at one time", 503),
        ("seconds_without_asking", MAX_AGE, "seconds for which an answer may be kept", 200),
    )
    return tuple(Limit(name=n, value=v, words=w, status=s) for n, v, w, s in said)


def told() -> dict[str, Any]:
    """Return the limits as the API shows them."""
    return {
        "limits": [
            {"name": each.name, "value": each.value, "means": each.words, "status": each.status}
            for each in limits()
        ],
        "advice": advice(),
    }


def allowance() -> tuple[float, int]:
    """Return requests a second and at once from one address; a setting may change them."""
    rate, burst = getattr(settings, "API_ALLOWANCE", (RATE, BURST))
    return float(rate), int(burst)


def advice() -> str:
    """Return how to ask for less, or to get all of it."""
    return (
        "Ask for fewer indicators, areas or periods, or for one dataset at a time; every dataset "
        f"as a whole is listed with its file at {settings.PUBLIC_URL}/api/v1/datasets"
    )
