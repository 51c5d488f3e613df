"""Say where the cells of a crossing stand: bands of columns that fit, under wrapped names."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil
from typing import Final

from everycount.charts import marks, wrapping
from everycount.charts.theme import Spec

ROW: Final = 26
"""Height of a row of one line, in CSS pixels."""
NAMES: Final = 0.34
"""Part of the width that the names of rows may take."""
WORD: Final = 0.42
"""Part that they take at most where a single word needs it."""
LEAST: Final = 34
"""Least width of a cell."""
MOST: Final = 96
"""Most width of a cell."""
HEAD: Final = 110
"""Width up to which a cell grows so that no word of its heading is broken."""
BETWEEN: Final = 16
"""Pixels between two bands."""
TYPE: Final = 11
"""Size of the headings."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """Columns that stand beside one another, with all rows."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    wide: float
    """Width of a cell."""
    tops: tuple[float, ...]
    """Top of each row, and the foot of the last."""
    heads: tuple[Spec, ...]
    """Names of the columns in lines."""
    names: tuple[Spec, ...]
    """Names of the rows in lines."""

    def sides(self) -> list[tuple[tuple[str, str], Spec]]:
        """Return row and column of each cell, with its sides in pixels."""
        return [
            (
                (row, column),
                {
                    "x": round(across * self.wide, 1),
                    "x2": round((across + 1) * self.wide - 1, 1),
                    "y": self.tops[down],
                    "y2": round(self.tops[down + 1] - 1, 1),
                },
            )
            for (down, row), (across, column) in product(
                enumerate(self.rows), enumerate(self.columns)
            )
        ]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bands:
    """All bands, and the room that they take."""

    bands: tuple[Band, ...]
    left: int
    """Pixels of the names of rows."""
    inner: int
    """Width of the widest band."""
    height: int

    def names(self) -> list[Spec]:
        """Return the names of rows and columns."""
        heads = [line for band in self.bands for line in band.heads]
        names = [line for band in self.bands for line in band.names]
        return [marks.texts(heads, size=TYPE, align="center"), marks.texts(names, align="right")]


def bands(rows: Sequence[str], columns: Sequence[str], told: Sequence[str], *, width: int) -> Bands:
    """Return where rows and columns stand, in as many bands as the columns need.

    Parameters
    ----------
    rows, columns : sequence of str
        Names, at least one each.
    told : sequence of str
        The figures as printed, which say how wide a cell must be.
    width : int
        CSS pixels.

    Returns
    -------
    Bands
        Cells are as wide in every band, and at least as wide as their figures.

    Examples
    --------
    >>> sheet = bands(["Poorest fifth"], [f"Region {k}" for k in range(12)], ["100.0"], width=328)
    >>> [len(band.columns) for band in sheet.bands]
    [4, 4, 4]
    """
    longest = max(wrapping.room(name) for name in rows)
    word = max(wrapping.longest_word(name) for name in rows)
    named = ceil(min(longest, max(NAMES * width, min(word, WORD * width))))
    left = named + 12
    free = width - left - 2
    figure = max((wrapping.room(text) for text in told), default=0) + 8
    head = max(wrapping.longest_word(name, size=TYPE) for name in columns) + 6
    least = min(max(LEAST, figure, min(head, HEAD)), free)
    count = ceil(len(columns) / max(1, int(free // least)))
    each = ceil(len(columns) / count)
    wide = round(min(MOST if least < MOST else least, free / each), 1)
    y = 0.0
    made = []
    for start in range(0, len(columns), each):
        band = _band(rows, columns[start : start + each], wide=wide, named=named, top=y)
        made.append(band)
        y = band.tops[-1] + BETWEEN
    return Bands(
        bands=tuple(made),
        left=left,
        inner=ceil(wide * each),
        height=ceil(y - BETWEEN),
    )


def _band(
    rows: Sequence[str], columns: Sequence[str], *, wide: float, named: int, top: float
) -> Band:
    """Return a band whose headings begin at a top."""
    heads = [wrapping.wrap(name, wide - 4, size=TYPE) for name in columns]
    foot = top + wrapping.height(max(len(lines) for lines in heads), size=TYPE) + 4
    placed_heads: list[Spec] = []
    for number, lines in enumerate(heads):
        half = wrapping.height(len(lines), size=TYPE) / 2
        x = round((number + 0.5) * wide - 0.5, 1)  # the last pixel is a gap
        placed_heads += wrapping.block(lines, x=x, middle=foot - 4 - half, size=TYPE)
    tops, names = [round(foot, 1)], []
    for row in rows:
        lines = wrapping.wrap(row, named + 1)
        tall = max(ROW, wrapping.height(len(lines)) + 6)
        names += wrapping.block(lines, x=-8, middle=tops[-1] + tall / 2 - 0.5)
        tops.append(round(tops[-1] + tall, 1))
    return Band(
        rows=tuple(rows),
        columns=tuple(columns),
        wide=wide,
        tops=tuple(tops),
        heads=tuple(placed_heads),
        names=tuple(names),
    )
