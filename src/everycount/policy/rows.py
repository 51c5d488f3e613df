"""Read the rows of tables as passages, each with the words above its columns."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from everycount.model.document import Passage, Span
from everycount.policy.flow import Flow, words_of
from everycount.policy.lines import Cell, Table

FIGURE: Final = re.compile(
    r"(?!(?:19|20)\d\d$)[<>≤≥~±+\-–]?\s*\d[\d\s.,]*%?(?:\s*[-–]\s*\d[\d.,]*%?)?"
)
"""A figure, which no header holds, unlike a year."""
LABEL: Final = re.compile(
    r"(?:[^\W\d_]+\s+){1,2}\d{1,2}(?:\.\d{1,2}){0,3}(?=[.):]|$|\s+[–—-])"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}(?=[.)]?(?:\s|$))|\d{1,2}(?=[.)](?:\s|$)|$)"
)
"""How a row is numbered, such as 1.2 or Target 3."""
TITLE: Final = 80
"""Characters of a cell of a header, at most."""


def rows_of(flow: Flow, start: int, end: int, *, parent: str) -> Iterator[Passage]:
    """Yield the rows of the tables in a piece of the text.

    Parameters
    ----------
    flow : Flow
        The running text.
    start, end : int
        The piece.
    parent : str
        Number of the passage that it is.

    Yields
    ------
    Passage
        A row reads ``Target: …; Baseline 2020: 12 %; 2025: 20 %``, its source being the header
        and the cell in turn; of a table that goes on over a page, the cells alone. A row that is
        one cell is also the heading of those below it. Numbers are ``table-1.row-2``, tables
        counted through the document, headers not counted.
    """
    for number, table in flow.tables_within(start, end):
        name = f"table-{number}"
        yield from _rows(table, f"{parent}.{name}" if parent else name, parent)


def _rows(table: Table, name: str, parent: str) -> Iterator[Passage]:
    """Yield the rows of a table."""
    rows = [row for row in table.rows if any(row)]
    header, body = (rows[0], rows[1:]) if _has_header(rows) else ((), rows)
    heading = ""
    for number, row in enumerate(body, 1):
        filled = [(at, cell) for at, cell in enumerate(row) if cell]
        is_group = len(filled) == 1 and len(row) > 1
        parts = [(header[at] if at < len(header) else (), cell) for at, cell in filled]
        if is_group:
            parts = [((), filled[0][1])]
        label = LABEL.match(_words(filled[0][1]))
        yield Passage(
            number=f"{name}.row-{number}",
            kind="row",
            label=label[0] if label else "",
            heading="" if is_group else heading,
            text="; ".join(_part(above, cell) for above, cell in parts),
            spans=tuple(span for above, cell in parts for span in _spans(above, cell)),
            parent=parent,
        )
        if is_group:
            heading = _words(filled[0][1])


def _spans(header: Cell, cell: Cell) -> Iterator[Span]:
    """Yield where a cell stands, and the words above it unless they are on a page before."""
    for line in (*header, *cell):
        if line.page == cell[0].page:
            yield Span(page=line.page, start=line.start, end=line.end)


def _has_header(rows: Sequence[Sequence[Cell]]) -> bool:
    """Tell whether the first row of a table says what its columns hold."""
    if len(rows) < 2:
        return False
    words = [_words(cell) for cell in rows[0]]
    filled = [each for each in words if each]
    is_short = all(len(each) <= TITLE and not FIGURE.fullmatch(each) for each in filled)
    return is_short and len(filled) > 1


def _part(header: Cell, cell: Cell) -> str:
    """Return a cell with the words above it."""
    above, words = _words(header), _words(cell)
    return f"{above}: {words}" if above else words


def _words(cell: Cell) -> str:
    """Return the words of a cell."""
    return words_of("\n".join(line.text for line in cell))
