"""Set the names of groups over their dots: apart from one another, in the order of the dots."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from everycount.charts import marks, wrapping
from everycount.charts.theme import OTHER, Spec

WIDTHS: Final = (90.0, 66.0, 52.0, 44.0)
"""Widths that labels are wrapped to, in pixels, until they fit beside one another."""
GAP: Final = 8
"""Pixels between two labels."""
LEADER: Final = 14
"""Height of the lines from labels to dots."""
TYPE: Final = 11


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Labels:
    """Names in lines, with the middle of each in pixels."""

    lines: tuple[tuple[str, ...], ...]
    middles: tuple[float, ...]
    dots: tuple[float, ...]

    @property
    def height(self) -> float:
        """Pixels from the top of the tallest to the dots."""
        most = max(len(lines) for lines in self.lines)
        return wrapping.height(most, size=TYPE) + LEADER

    def layers(self, *, dot: float) -> list[Spec]:
        """Return the labels and a line from each to its dot, whose upper edge is given."""
        foot = round(dot - LEADER, 1)
        leaders = [
            {"x": middle, "x2": x, "y": foot, "y2": dot}
            for middle, x in zip(self.middles, self.dots, strict=True)
        ]
        words = []
        for lines, middle in zip(self.lines, self.middles, strict=True):
            half = wrapping.height(len(lines), size=TYPE) / 2
            words += wrapping.block(lines, x=middle, middle=foot - 1 - half, size=TYPE)
        return [
            marks.lines(leaders, colour=OTHER, width=0.8),
            marks.texts(words, size=TYPE, align="center"),
        ]


def labels(
    names: Sequence[str], dots: Sequence[float], *, low: float, high: float
) -> Labels | None:
    """Return names beside one another in the order of their dots, or None if there is no room.

    Lines from names to dots never cross, since both have the same order.

    Parameters
    ----------
    names : sequence of str
        At least one.
    dots : sequence of float
        Where their dots stand, in pixels.
    low, high : float
        Where labels may stand, in pixels.

    Returns
    -------
    Labels or None
        Each as near to its dot as the others let it.

    Examples
    --------
    >>> labels(["Q1", "Q2"], [50, 52], low=0, high=100).middles
    (39.9, 62.1)
    >>> labels(["Q1", "Q2"], [50, 52], low=0, high=30) is None
    True
    """
    order = sorted(range(len(names)), key=lambda number: dots[number])
    for width in WIDTHS:
        wrapped = [tuple(wrapping.wrap(names[number], width, size=TYPE)) for number in order]
        rooms = [max(wrapping.room(line, size=TYPE) for line in lines) for lines in wrapped]
        if sum(rooms) + GAP * (len(rooms) - 1) <= high - low:
            wanted = [dots[number] for number in order]
            return Labels(
                lines=tuple(wrapped),
                middles=tuple(spread(wanted, rooms, low=low, high=high)),
                dots=tuple(wanted),
            )
    return None


def spread(
    wanted: Sequence[float], rooms: Sequence[float], *, low: float, high: float
) -> list[float]:
    """Return middles near those wanted, in their order, so that nothing overlaps.

    Neighbours that would overlap are moved as one, by least squares.

    References
    ----------
    Best, M. J. and Chakravarti, N. (1990), Active set algorithms for isotonic regression, a
    unifying framework, Mathematical Programming 47, 425-439: pooling of adjacent violators.

    Examples
    --------
    >>> spread([50, 50, 90], [20, 20, 10], low=0, high=100)
    [36.0, 64.0, 90.0]
    """
    # Less the room that stands before it, each middle needs only be no less than the last.
    offsets, at = [], 0.0
    for room in rooms:
        offsets.append(at + room / 2)
        at += room + GAP
    pools: list[tuple[float, int]] = []
    for middle, offset in zip(wanted, offsets, strict=True):
        mean, count = middle - offset, 1
        while pools and pools[-1][0] > mean:
            before, many = pools.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    starts = [mean for mean, count in pools for _ in range(count)]
    most = high - (at - GAP)
    return [
        round(min(max(start, low), most) + offset, 1)
        for start, offset in zip(starts, offsets, strict=True)
    ]
