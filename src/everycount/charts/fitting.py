"""Fit a chart into its width: names that are not too long, rows under headings, round numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10
from typing import Final
from unicodedata import combining, east_asian_width

LETTER: Final = 0.53
"""Width of an average letter beside the size of the type; names of areas have 0.49 in Noto Sans.
Text is never measured, so that the same figures give the same bytes on every computer."""


def room(text: str, *, size: int = 12) -> float:
    """Return about how many pixels a text takes in type of a size.

    Examples
    --------
    >>> round(room("Norway", size=10), 1)
    31.8
    """
    letters = len(text) if text.isascii() else sum(_letters(letter) for letter in text)
    return letters * LETTER * size


def _letters(letter: str) -> float:
    """Return how many average letters wide a letter is."""
    if combining(letter):
        return 0
    return 1 / LETTER if east_asian_width(letter) in "WF" else 1


def fit(text: str, width: float, *, size: int = 12) -> str:
    """Return a text, shortened with an ellipsis if it takes more pixels than there are.

    Examples
    --------
    >>> fit("United Kingdom", 60, size=10)
    'United Kin…'
    """
    if room(text, size=size) <= width:
        return text
    kept, letters = 0, _letters("…") + _letters(text[0])
    while letters * LETTER * size <= width:
        kept += 1
        letters += _letters(text[kept])
    return f"{text[:kept].rstrip()}…"


def column(names: Sequence[str], *, size: int, most: float) -> int:
    """Return the width of a column of names: what the longest needs, up to a most.

    Examples
    --------
    >>> column(["Chad", "Norway"], size=10, most=200), column(["Norway"], size=10, most=20)
    (32, 20)
    """
    return ceil(min(max(room(name, size=size) for name in names), most))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Where rows under headings stand, in pixels from the top."""

    order: tuple[int, ...]
    """Numbers of the rows from top to bottom: groups as they first appear, rows as given."""
    middles: tuple[float, ...]
    """Middle of each row, in that order."""
    headings: tuple[tuple[str, float], ...]
    """Name and middle of each heading; a group without a name has none."""
    height: int


def stack(groups: Sequence[str], *, row: int, heading: int) -> Stack:
    """Return where rows stand under the headings of their groups.

    Examples
    --------
    >>> stack(["Work", "", "Work"], row=10, heading=14).middles
    (19.0, 29.0, 39.0)
    """
    first: dict[str, int] = {}
    for number, group in enumerate(groups):
        first.setdefault(group, number)
    order = sorted(range(len(groups)), key=lambda number: first[groups[number]])
    y, middles, headings, last = 0, [], [], ""
    for group in (groups[number] for number in order):
        if group != last and group:
            headings.append((group, y + heading / 2))
            y += heading
        last = group
        middles.append(y + row / 2)
        y += row
    return Stack(order=tuple(order), middles=tuple(middles), headings=tuple(headings), height=y)


def ticks(low: float, high: float, *, count: int = 5) -> list[float]:
    """Return about `count` round numbers that hold both ends between them.

    Steps are 1, 2 or 5 times a power of ten. Ends that are equal are set a step apart.

    Raises
    ------
    ValueError
        If an end is not finite.

    Examples
    --------
    >>> ticks(-0.06, 0.98, count=8)
    [-0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """
    if not (isfinite(low) and isfinite(high)):
        raise ValueError(f"an axis from {low} to {high}: expected finite ends")
    rough = (high - low or 1) / count
    power = 10.0 ** floor(log10(rough))
    step = next(power * part for part in (1, 2, 5, 10) if power * part >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(number * step, 12) + 0.0 for number in range(first, max(last, first + 1) + 1)]
