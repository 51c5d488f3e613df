"""Show a target: a pale band or a line, with its name where nothing crosses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from everycount.charts import marks, wrapping
from everycount.charts.scales import Scale
from everycount.charts.theme import BAND, BAND_INK, Spec

TYPE: Final = 11
INSIDE: Final = 15
"""Pixels that a band is high at least so that its name stands inside."""
LINE: Final = 1.6
"""Width of the line of a target that is one figure."""

Box = tuple[float, float, float, float]
"""Left, right, top and bottom in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is aimed at: one figure, or a band such as parity."""

    words: str
    """Its name: "Target: parity, 47–53 %"."""
    low: float
    high: float
    """Equal to `low` if the target is one figure."""

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"{self.words}: found a target from {self.low} to {self.high}")

    @property
    def ends(self) -> tuple[float, ...]:
        """What an axis has to hold."""
        return (self.low, self.high)


def level(target: Target, scale: Scale, *, width: float) -> Spec:
    """Return the band or line of a target across a drawing whose figures run upwards.

    Examples
    --------
    >>> scale = Scale(numbers=(0, 100), start=100, end=0)
    >>> parity = Target(words="Parity", low=47, high=53)
    >>> level(parity, scale, width=300)["data"]["values"]
    [{'x': 0, 'x2': 300, 'y': 47.0, 'y2': 53.0}]
    """
    low, high = scale.place(target.low), scale.place(target.high)
    return _filled({"x": 0, "x2": width, "y": high, "y2": low}, "y", is_line=low == high)


def upright(target: Target, scale: Scale, *, height: float) -> Spec:
    """Return the band or line of a target down a drawing whose figures run to the right.

    Examples
    --------
    >>> scale = Scale(numbers=(0, 100), start=0, end=100)
    >>> upright(Target(words="All", low=90, high=90), scale, height=50)["data"]["values"]
    [{'x': 89.2, 'x2': 90.8, 'y': 0, 'y2': 50}]
    """
    low, high = scale.place(target.low), scale.place(target.high)
    return _filled({"x": low, "x2": high, "y": 0, "y2": height}, "x", is_line=low == high)


def _filled(sides: dict[str, float], across: str, *, is_line: bool) -> Spec:
    """Return a band of the target; a line is a thin band of the colour of its name."""
    if is_line:
        middle = sides[across]
        sides[across], sides[f"{across}2"] = middle - LINE / 2, middle + LINE / 2
        sides = {name: round(side, 1) for name, side in sides.items()}
    return {
        "data": {"values": [sides]},
        "mark": {"type": "rect", "color": BAND_INK if is_line else BAND},
        "encoding": {
            "x": marks.PLACE | {"field": "x"},
            "x2": {"field": "x2"},
            "y": marks.PLACE | {"field": "y"},
            "y2": {"field": "y2"},
        },
    }


def name_inside(
    target: Target,
    scale: Scale,
    *,
    width: float,
    height: float,
    taken: Sequence[Sequence[tuple[float, float]]],
) -> Spec | None:
    """Return the name of a level target, inside its band or at its line, clear of what is drawn.

    Parameters
    ----------
    target : Target
        With its name.
    scale : Scale
        Of the figures, which run upwards.
    width, height : float
        Of the drawing in pixels.
    taken : sequence of sequence of tuple
        Lines through points in pixels that the name must not lie on.

    Returns
    -------
    dict or None
        x, y and text of words that start at x; None where no place is clear.

    Examples
    --------
    >>> scale = Scale(numbers=(0, 100), start=200, end=0)
    >>> parity = Target(words="Parity", low=40, high=60)
    >>> name_inside(parity, scale, width=300, height=200, taken=[[(0, 100), (80, 0)]])
    {'x': 132.3, 'y': 100.0, 'text': 'Parity'}
    """
    low, high = scale.place(target.low), scale.place(target.high)
    takes = wrapping.room(target.words, size=TYPE, bold=True)
    middles = [(low + high) / 2] if low - high >= INSIDE else [high - 9, low + 9]
    lefts = [5.0, round((width - takes) / 2, 1), round(width - takes - 5, 1)]
    for y in middles:
        for x in lefts:
            box = (x - 3, x + takes + 3, y - 7, y + 7)
            is_within = x >= 4 and x + takes <= width - 4 and 7 <= y <= height - 7
            if is_within and not any(is_crossed(box, line) for line in taken):
                return {"x": x, "y": round(y, 1), "text": wrapping.isolated(target.words)}
    return None


def is_crossed(box: Box, line: Sequence[tuple[float, float]]) -> bool:
    """Tell whether a line through points runs through a box.

    Examples
    --------
    >>> is_crossed((10, 20, 10, 20), [(0, 0), (30, 30)]), is_crossed((10, 20, 10, 20), [(0, 0)])
    (True, False)
    """
    pieces = zip(line, [*line[1:], line[-1]], strict=True)
    return any(_is_met(box, start, stop) for start, stop in pieces)


def _is_met(box: Box, start: tuple[float, float], stop: tuple[float, float]) -> bool:
    """Tell whether a straight piece meets a box: what is left of it between all four sides."""
    left, right, top, bottom = box
    first, last = 0.0, 1.0
    for near, far, one, other in (
        (left, right, start[0], stop[0]),
        (top, bottom, start[1], stop[1]),
    ):
        step = other - one
        if step == 0:
            if not near <= one <= far:
                return False
            continue
        ends = sorted(((near - one) / step, (far - one) / step))
        first, last = max(first, ends[0]), min(last, ends[1])
    return first <= last
