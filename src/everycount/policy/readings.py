"""Join the figures of a sentence to their years and baselines, and tell changes from values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from everycount.policy.figures import Figure, find_figures
from everycount.policy.words import expression
from everycount.policy.years import Year, find_years

UP: Final = expression(
    r"increas\w* | rais\w* | grow\w* | expand\w* | rise\w* | augment\w* | accroî\w* | relev\w* | "
    r"port(?:er|é|ée) | passer | increment\w* | aument\w* | elev\w* | élev\w* | tăng | nâng"
)
DOWN: Final = expression(
    r"reduc\w* | decreas\w* | lower\w* | cut | halv\w* | declin\w* | rédui\w* | réduction | "
    r"baiss\w* | "
    r"diminu\w* | ramen\w* | disminu\w* | baj\w* | giảm | hạ | rút ngắn"
)
"""Verbs of change, by their direction."""
FROM: Final = re.compile(r"(?:\bfrom|\bde|\bdu|\bdel?|\bdesde)(?: el| about)?\s*$|\btừ\s*$", re.I)
TO: Final = re.compile(
    r"(?:\bto|\bà|\bal?|\bhasta|\blên|\bxuống|\bđến|\bcòn)(?: el| "
    r"about)?\s*$",
    re.I,
)
"""What stands before a baseline, and before the value that follows it."""
BY: Final = re.compile(
    r"(?:\bby|\bde|\bd['’]|\ben(?: un)?|giảm|tăng|thêm)\s*(?:un )?$", re.IGNORECASE
)
"""What stands before a difference."""
HALF: Final = re.compile(r"(?:la )?(?:half|moitié|mitad)|một nửa", re.IGNORECASE)
BASE: Final = expression(
    r"baseline(?: of| is| was)? | compared (?:to|with) | against | par rapport à | contre | "
    r"respecto al? | en comparación con | frente al? | so với(?: mức)? | currently | "
    r"actuellement | "
    r"actualmente | hiện nay là | up from | down from"
)
"""What stands before a value that a target is compared with."""
NEAR: Final = 25
"""Characters before a figure in which those words stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A figure to be reached, with the years and the baseline that belong to it."""

    figure: Figure
    year: int | None
    baseline: float | None
    baseline_year: int | None
    change: int
    """1 for a rise by the value, -1 for a fall by it, 0 for a value to be reached."""


def read_figures(text: str, language: str) -> tuple[Reading, ...]:
    """Return the figures of a sentence that are to be reached, with their years and baselines.

    Parameters
    ----------
    text : str
        A sentence.
    language : str
        Its language.

    Examples
    --------
    >>> for each in read_figures("Raise it from 24 % in 2010 to 30 % in 2015.", "en"):
    ...     print(each.figure.value, each.year, each.baseline, each.baseline_year)
    30.0 2015 24.0 2010
    """
    figures = [part for each in find_figures(text, language) for part in _parted(text, each)]
    years = list(find_years(text))
    bases = _bases(text, figures)
    kept = [figure for figure in figures if figure not in bases.values()]
    found = []
    for figure in kept:
        base = bases.get(figure)
        base_year = _base_year(base, years, figures)
        open_years = [
            year
            for year in years
            if not year.is_base and not (base_year and year.year == base_year)
        ]
        found.append(
            Reading(
                figure=figure,
                year=_deadline(figure, kept, open_years),
                baseline=base.value if base else None,
                baseline_year=base_year,
                change=_change(text, figure),
            )
        )
    return tuple(found)


def _parted(text: str, figure: Figure) -> Iterator[Figure]:
    """Yield two figures for `from 30 to 40 %` behind a verb of change, where it is no range."""
    moves = UP.search(text, 0, figure.start) or DOWN.search(text, 0, figure.start)
    if figure.upper is None or not figure.first_end or not moves:
        yield figure
        return
    one = replace(figure, upper=None, comparator="equal to", first_end=0)
    yield replace(one, end=figure.first_end)
    yield replace(one, value=figure.upper, start=figure.first_end, at=figure.second_at)


def _bases(text: str, figures: Sequence[Figure]) -> dict[Figure, Figure]:
    """Return the baseline of each figure that has one."""
    found: dict[Figure, Figure] = {}
    for first, second in pairwise(figures):
        if first.unit != second.unit:
            continue
        between = text[first.end : second.start]
        before = text[max(0, first.start - NEAR) : first.start]
        if FROM.search(before) and (TO.search(between) or TO.search(text[: second.at])):
            found[second] = first
        elif _is_base(text, second):
            found[first] = second
        elif _is_base(text, first):
            found[second] = first
    return found


def _is_base(text: str, figure: Figure) -> bool:
    before = text[max(0, figure.start - NEAR) : figure.start]
    return any(not before[match.end() :].strip(" :") for match in BASE.finditer(before))


def _base_year(base: Figure | None, years: Sequence[Year], figures: Sequence[Figure]) -> int | None:
    """Return the year of a baseline: right behind its value, or named as such in the sentence."""
    if base:
        behind = [figure.start for figure in figures if figure.start >= base.end]
        until = min(behind, default=base.end + NEAR)
        own = [year.year for year in years if base.end <= year.start < until]
        if own:
            return own[0]
    return next((year.year for year in years if year.is_base), None)


def _deadline(figure: Figure, kept: Sequence[Figure], years: Sequence[Year]) -> int | None:
    """Return the year by which a figure is to be reached: behind it, or else before it."""
    behind = [year for year in years if year.start >= figure.end]
    before = [year for year in years if year.end <= figure.start]
    # `By 2025 60 % and by 2030 75 %`: years stand before their figures if none stands behind all.
    is_led = bool(before) and not any(year.start >= kept[-1].end for year in years)
    if is_led or not behind:
        return before[-1].year if before else None
    return behind[0].year


def _change(text: str, figure: Figure) -> int:
    """Return the direction of a figure that is a difference: `reduce by 20 %`."""
    by = BY.search(text[max(0, figure.start - NEAR) : figure.start])
    # To half and by half is the same.
    by = by or HALF.match(text, figure.start)
    if figure.upper is not None or not by or figure.unit not in ("%", "percentage points", "times"):
        return 0
    last = {
        sign: max((match.start() for match in verbs.finditer(text, 0, figure.start)), default=-1)
        for sign, verbs in ((1, UP), (-1, DOWN))
    }
    if max(last.values()) < 0:
        return 0
    return 1 if last[1] > last[-1] else -1
