"""Place labels beside dots in two directions: clear of dots, of one another and of the frame."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import cos, pi, sin
from typing import Final

from everycount.charts import wrapping

REACHES: Final = (0.0, 8.0, 18.0, 30.0, 46.0, 66.0, 90.0, 120.0, 160.0)
"""Pixels between a dot and its label, in the order tried; from the second on a line ties them."""
ANGLES: Final = (0, 8, 12, 4, 2, 14, 6, 10, 1, 15, 7, 9, 3, 13, 5, 11)
"""Directions in sixteenths of a turn, in the order tried: to the right first, then to the left."""
HEIGHT: Final = 12.0
"""Of a label in type of 11 pixels."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A dot in pixels, with its label if it is to have one."""

    x: float
    y: float
    radius: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a label stands: the middle of its first letters' left side, in pixels."""

    dot: Dot
    x: float
    y: float
    room: float
    is_clear: bool = True
    """Whether it stands on no dot."""

    @property
    def box(self) -> Box:
        """Left, right, top and bottom."""
        return (self.x, self.x + self.room, self.y - HEIGHT / 2, self.y + HEIGHT / 2)

    @property
    def leader(self) -> dict[str, float] | None:
        """A line from the dot to the label, if the label is not beside it."""
        x = min(max(self.dot.x, self.x - 2), self.x + self.room + 2)
        y = min(max(self.dot.y, self.y - HEIGHT / 2), self.y + HEIGHT / 2)
        far = ((x - self.dot.x) ** 2 + (y - self.dot.y) ** 2) ** 0.5
        if far < self.dot.radius + 6:
            return None
        near = self.dot.radius / far
        return {
            "x": round(self.dot.x + (x - self.dot.x) * near, 1),
            "y": round(self.dot.y + (y - self.dot.y) * near, 1),
            "x2": round(x, 1),
            "y2": round(y, 1),
        }


def placed(dots: Sequence[Dot], *, width: float, height: float) -> list[Place | None]:
    """Return where the labels of dots stand, in the order of the dots that have one.

    Parameters
    ----------
    dots : sequence of Dot
        All of them; those without a label are in the way only.
    width, height : float
        Of the frame in pixels.

    Returns
    -------
    list of Place or None
        None where no place is clear of other labels. A label stands on dots, but not on those with
        a label, if there is no other place.

    Examples
    --------
    >>> dots = [Dot(x=20, y=50, radius=3, label="Chad"), Dot(x=30, y=50, radius=3)]
    >>> place, = placed(dots, width=100, height=100)
    >>> place.x < 20, place.y
    (True, 38.0)
    """
    taken: list[Box] = []
    found: list[Place | None] = []
    round_dots = [_about(dot) for dot in dots]
    named = [_about(dot) for dot in dots if dot.label]
    for dot in dots:
        if not dot.label:
            continue
        tries = [place for place in _tries(dot) if _is_within(place.box, width, height)]
        tries = [place for place in tries if not any(_is_over(place.box, box) for box in taken)]
        clear = next((p for p in tries if not any(_is_over(p.box, b) for b in round_dots)), None)
        if clear is None:
            clear = next((replace(p, is_clear=False) for p in tries
                          if not any(_is_over(p.box, b) for b in named)), None)  # fmt: skip
        found.append(clear)
        if clear is not None:
            taken.append(clear.box)
    return found


def _tries(dot: Dot) -> list[Place]:
    """Return the places of a label from the nearest to the furthest."""
    room = wrapping.room(dot.label, size=11)
    tries = []
    for reach in REACHES:
        for angle in ANGLES:
            across, down = cos(angle * pi / 8), sin(angle * pi / 8)
            away = dot.radius + 4 + reach
            x = dot.x + across * away + (across - 1) / 2 * room
            y = dot.y + down * (away + HEIGHT / 2 - 1)
            tries.append(Place(dot=dot, x=round(x, 1), y=round(y, 1), room=room))
    return tries


def _about(dot: Dot) -> Box:
    return (dot.x - dot.radius, dot.x + dot.radius, dot.y - dot.radius, dot.y + dot.radius)


def _is_within(box: Box, width: float, height: float) -> bool:
    return box[0] >= 0 and box[1] <= width and box[2] >= 0 and box[3] <= height


def _is_over(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
