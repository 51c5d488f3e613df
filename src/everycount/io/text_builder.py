"""Build the text of a document that has no pages, line by line, each with its place."""

from collections.abc import Sequence

from everycount.policy.invisible import own_words
from everycount.policy.lines import Cell, Element, Line, Separator, Table


class TextBuilder:
    """The text of a document as it grows, and the lines and tables in it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._elements: list[Element] = []

    @property
    def text(self) -> str:
        """Return the text so far."""
        return "".join(self._parts)

    @property
    def elements(self) -> tuple[Element, ...]:
        """Return the lines and tables so far, in order."""
        return tuple(self._elements)

    def add_line(self, text: str, *, before: Separator = "\n\n", level: int = 0) -> None:
        r"""Add a line on its own, blanks at its ends left out; nothing if it is empty.

        Parameters
        ----------
        text : str
            The line.
        before : {"", " ", "\n", "\n\n"}
            What separates it from the one before.
        level : int
            1 to 6 for a heading.
        """
        line = self._line(text, before, level)
        if line:
            self._elements.append(line)

    def add_table(self, rows: Sequence[Sequence[str | None]]) -> None:
        """Add a table; cells are text, lines in them parted by line breaks.

        Parameters
        ----------
        rows : sequence of sequence of str or None
            Rows may differ in length. None is a cell that goes on from the row above.
        """
        placed: list[tuple[Cell, ...]] = []
        for row in rows:
            above = placed[-1] if placed else ()
            placed.append(
                tuple(
                    above[at] if cell is None and at < len(above) else self._cell(cell)
                    for at, cell in enumerate(row)
                )
            )
        self._elements.append(Table(page=1, rows=tuple(placed)))

    def _cell(self, text: str | None) -> Cell:
        """Return the lines of a cell."""
        lines = (self._line(piece, "\n", 0) for piece in (text or "").split("\n"))
        return tuple(line for line in lines if line)

    def _line(self, text: str, before: Separator, level: int) -> Line | None:
        """Put a line behind the text."""
        first, last = own_words(text)
        own = text[first:last]
        if not own:
            return None
        if self._parts:
            self._put(before)
        start = self._length
        self._put(own)
        return Line(text=own, page=1, start=start, end=self._length, before=before, level=level)

    def _put(self, text: str) -> None:
        """Put something behind the text."""
        self._parts.append(text)
        self._length += len(text)
