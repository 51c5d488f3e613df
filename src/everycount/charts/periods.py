"""Place periods in time: years, half-years, quarters, months, weeks and days, gaps and all."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from math import ceil
from typing import Final

from everycount.charts import wrapping

PARTS: Final = {"A": 1, "S": 2, "T": 3, "Q": 4, "M": 12, "W": 53, "D": 366}
"""Most parts of a year by their letter. SDMX 3.0 Technical Notes, section on time formats."""
EVERY: Final = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
"""Years between two numbers under a chart."""
GAP: Final = 1.5
"""Two figures further apart than this many usual steps have a missing one between them."""
APART: Final = 36
"""Pixels between two periods under a chart."""

_PERIOD: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<letter>[ASTQMWD])(?P<part>\d{1,3})|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
)


@cache
def in_years(period: str) -> float:
    """Return when a period starts, in years.

    Parameters
    ----------
    period : str
        As `everycount.model.period.read_period` keeps it: 2015, 2015-Q2, 2015-03, 2015/2017.

    Returns
    -------
    float
        Months are twelfths of a year, so that equal steps are equally far apart. A range stands
        in the middle of its first and last period.

    Raises
    ------
    ValueError
        If it is none of these.

    Examples
    --------
    >>> in_years("2015"), in_years("2015-Q2"), in_years("2015-07"), in_years("2015/2017")
    (2015.0, 2015.25, 2015.5, 2016.0)
    """
    first, _, last = period.partition("/")
    return (_start(first) + _start(last or first)) / 2


def _start(period: str) -> float:
    """Return when a period that is no range starts."""
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(f"found the period {period!r}, expected one such as 2015 or 2015-Q2")
    year = float(found["year"])
    if found["letter"]:
        return year + (int(found["part"]) - 1) / PARTS[found["letter"]]
    if found["month"]:
        return year + (int(found["month"]) - 1) / 12 + (int(found["day"] or 1) - 1) / 372
    return year


def usual_step(times: Sequence[float]) -> float:
    """Return the usual step between times in order: the lower median, 1 for fewer than two.

    Examples
    --------
    >>> usual_step([2010, 2011, 2012, 2019]), usual_step([2002, 2005, 2010])
    (1, 3)
    """
    steps = sorted(after - before for before, after in pairwise(times))
    return steps[(len(steps) - 1) // 2] if steps else 1


def runs(times: Sequence[float], *, step: float | None = None) -> list[list[int]]:
    """Return the numbers of figures that no missing period parts.

    Parameters
    ----------
    times : sequence of float
        In order.
    step : float, optional
        Years from one figure to the next where none is missing; the usual step unless given.

    Returns
    -------
    list of list of int
        Runs; one of a single figure makes a dot.

    Examples
    --------
    >>> runs([2010, 2011, 2012, 2015, 2017, 2018])
    [[0, 1, 2], [3], [4, 5]]
    """
    most = GAP * (step or usual_step(times))
    found: list[list[int]] = []
    for number, time in enumerate(times):
        if number and time - times[number - 1] <= most:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def marked(
    periods: Sequence[str], place: Callable[[float], float], *, word: Callable[[str], str]
) -> list[tuple[float, str]]:
    """Return pixel and words of the periods under a chart, as many as fit beside one another.

    Parameters
    ----------
    periods : sequence of str
        All that the chart has.
    place : callable
        Pixel of a time in years.
    word : callable
        Words a period.

    Returns
    -------
    list of tuple
        From left to right. The first and the last period always stand there; between them, round
        years, or where all lie within two years, the periods themselves.

    Examples
    --------
    >>> marked(["2001", "2019"], lambda time: (time - 2001) * 20, word=str)
    [(0.0, '2001'), (80, '2005'), (180, '2010'), (280, '2015'), (360.0, '2019')]
    """
    known = sorted({in_years(period): period for period in periods}.items())
    if not known:
        return []
    (first, _), (last, _) = known[0], known[-1]
    ends = [known[0], known[-1]] if first < last else known[:1]
    if last - first < 2:
        between = [known[1:-1][k::every] for every in EVERY for k in [every - 1]]
    else:
        years = range(ceil(first), int(last) + 1)
        between = [[(year, str(year)) for year in years if year % every == 0] for every in EVERY]
    for inner in between:
        kept = _clear(inner, ends, place, word)
        if kept is not None:
            return kept
    return [(place(time), word(period)) for time, period in ends]


def _clear(
    inner: Sequence[tuple[float, str]],
    ends: Sequence[tuple[float, str]],
    place: Callable[[float], float],
    word: Callable[[str], str],
) -> list[tuple[float, str]] | None:
    """Return the ends and what is clear of them; None if what is between them is crowded."""
    fixed = [(place(time), word(period)) for time, period in ends]
    told = [(place(time), word(period)) for time, period in inner]
    if any(_is_near(one, other) for one, other in pairwise(told)):
        return None
    free = [entry for entry in told if not any(_is_near(entry, end) for end in fixed)]
    return sorted([*fixed, *free])


def _is_near(one: tuple[float, str], other: tuple[float, str]) -> bool:
    takes = (wrapping.room(one[1], size=11) + wrapping.room(other[1], size=11)) / 2
    return abs(one[0] - other[0]) < takes + APART
