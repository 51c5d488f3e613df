"""Lines and tables of a document, each with its place, and the columns they stand in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from everycount.policy.invisible import visible

Separator = Literal["", " ", "\n", "\n\n"]
"""What stands between a line and the one before: nothing, a blank, a line break, an empty line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a page, or the part of it that stands in a column."""

    text: str
    """As it is in the text of the page, from `start` to `end`."""
    page: int
    start: int
    end: int
    """Offsets of its first character and behind its last one, in the text of the page."""
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0
    """Edges in points from the lower left corner of the page; 0 in files without pages."""
    before: Separator = "\n"
    level: int = 0
    """1 to 6 if the file calls it a heading, 1 being the highest."""
    note: str = ""
    """What stands beside it in the margin."""

    @property
    def height(self) -> float:
        """Return its height in points."""
        return self.top - self.bottom


Cell = tuple[Line, ...]
"""Lines of one cell of a table; none where it is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table, its cells as lines."""

    page: int
    rows: tuple[tuple[Cell, ...], ...]
    left: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    top: float = 0.0
    """Edges as of a line."""


Element = Line | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Lines and tables of a page, as the file has them."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Lines and tables under one another."""

    page: int
    elements: tuple[Element, ...]
    language: str = ""
    """ISO 639-1 code; empty if it cannot be told."""
    left: float = 0.0


def text_of(elements: Iterable[Element]) -> str:
    """Return the words of lines and tables in one line.

    Parameters
    ----------
    elements : iterable of Line or Table
        In the order of reading.

    Returns
    -------
    str

    Examples
    --------
    >>> text_of([Line(text="To see", page=1, start=0, end=6)])
    'To see'
    """
    words = []
    for each in elements:
        if isinstance(each, Line):
            words.append(each.text)
        else:
            words += [line.text for row in each.rows for cell in row for line in cell]
    return visible(" ".join(words))
