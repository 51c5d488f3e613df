"""Set the names of lines at their ends: wrapped, apart from one another, tied to their ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from everycount.charts import marks, wrapping
from everycount.charts.apart import apart
from everycount.charts.theme import INK, Spec

REACH: Final = 9
"""Pixels from the end of a line to its label."""
LEADER: Final = 12
"""Pixels more where a leader ties them."""
MOVED: Final = 3.5
"""A label moved by more than this has a leader."""
BETWEEN: Final = 3
"""Pixels between two labels."""
LEADING: Final = 14
"""Pixels from line to line of a label, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The end of a line, and what is said there."""

    text: str
    x: float
    """Of the last dot, in pixels."""
    y: float
    colour: str = INK
    bold: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EndLabels:
    """Labels wrapped to a width; `layers` places them."""

    ends: tuple[End, ...]
    lines: tuple[tuple[str, ...], ...]
    size: int

    @property
    def heights(self) -> list[float]:
        """Pixels that each label takes, with the space to the next."""
        return [wrapping.height(len(lines), size=self.size) + BETWEEN for lines in self.lines]

    @property
    def height(self) -> int:
        """Pixels that all take."""
        return ceil(sum(self.heights))

    @property
    def room(self) -> int:
        """Pixels that the widest takes from the edge of the drawing."""
        takes = [
            wrapping.room(line, size=self.size, bold=end.bold)
            for end, lines in zip(self.ends, self.lines, strict=True)
            for line in lines
        ]
        return ceil(max(takes, default=0)) + REACH + LEADER

    def layers(
        self, *, edge: float, height: float, side: Literal["left", "right"] = "right"
    ) -> list[Spec]:
        """Return labels beside the edge of a drawing of a height, and leaders to those moved."""
        if not self.ends:
            return []
        middles = apart(
            [end.y for end in self.ends],
            self.heights,
            low=min(0.0, (height - self.height) / 2),
            high=height,
        )
        way = 1 if side == "right" else -1
        placed = list(zip(self.ends, self.lines, middles, strict=True))
        is_tied = any(abs(y - end.y) > MOVED or end.x != edge for end, _, y in placed)
        start = edge + way * (REACH + (LEADER if is_tied else 0))
        leaders = [
            {"x": edge + way * 5, "y": end.y, "x2": start - way * 3, "y2": y}
            for end, _, y in placed
            if is_tied
        ]
        far = [
            {"x": end.x + way * 6, "y": end.y, "x2": edge + way * 5, "y2": end.y}
            for end, _, _ in placed
            if way * (edge - end.x) > 6
        ]
        layers = [marks.lines([*far, *leaders], width=1)] if far or leaders else []
        align = "left" if side == "right" else "right"
        for colour, bold in sorted({(end.colour, end.bold) for end in self.ends}):
            said: list[Spec] = []
            for end, lines, y in placed:
                if (end.colour, end.bold) == (colour, bold):
                    said += wrapping.block(lines, x=start, middle=y, size=self.size)
            layers.append(marks.texts(said, size=self.size, align=align, colour=colour, bold=bold))
        return layers


def end_labels(ends: Sequence[End], *, most: float, size: int = 12) -> EndLabels:
    """Return labels in lines of at most so many pixels.

    Examples
    --------
    >>> ends = [End(text="South-eastern Asia 20.4", x=9, y=40), End(text="World 24.9", x=9, y=44)]
    >>> end_labels(ends, most=110).lines
    (('South-eastern', 'Asia 20.4'), ('World 24.9',))
    """
    lines = [tuple(wrapping.wrap(end.text, most, size=size, bold=end.bold)) for end in ends]
    return EndLabels(ends=tuple(ends), lines=tuple(lines), size=size)
