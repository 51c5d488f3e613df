"""Put notes in the margin beside the lines they stand next to."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Final

from everycount.policy.lines import Element, Line

NARROW: Final = 0.35
"""Width of a column of notes against the text, at most."""
SMALLER: Final = 0.93
"""Height of the lines of notes against those of the text, at most."""
APART: Final = 0.5
"""White between two notes, at least, in heights of a line."""


def with_notes(columns: Sequence[list[Element]]) -> list[list[Element]]:
    """Return the columns of text of a page, notes in the margin beside their lines.

    Parameters
    ----------
    columns : sequence of list of Line or Table
        From left to right.

    Returns
    -------
    list of list of Line or Table
        Columns of small, narrow lines are gone, their words in the `note` of other lines.
    """
    if not columns:
        return []
    widest = max(columns, key=_width)
    notes = [
        column
        for column in columns
        if _size(column) < SMALLER * _size(widest) and _width(column) < NARROW * _width(widest)
    ]
    text = [list(column) for column in columns if column not in notes]
    for column in notes:
        for block in _blocks([each for each in column if isinstance(each, Line)]):
            _attach(text, block)
    return text


def _width(column: Sequence[Element]) -> float:
    return max(each.right for each in column) - min(each.left for each in column)


def _size(column: Sequence[Element]) -> float:
    """Return the usual height of lines; a column with a table in it is no column of notes."""
    lines = [each for each in column if isinstance(each, Line)]
    if len(lines) < len(column):
        return float("inf")
    return median(line.height for line in lines)


def _blocks(column: Sequence[Line]) -> Iterator[list[Line]]:
    """Yield notes apart: lines with more space between them are of different notes."""
    block = [column[0]]
    for above, below in pairwise(column):
        if above.bottom - below.top > APART * below.height:
            yield block
            block = []
        block.append(below)
    yield block


def _attach(columns: Sequence[list[Element]], block: Sequence[Line]) -> None:
    """Put a note beside the line of text that is nearest to its first line."""
    top = block[0].top
    lines = (
        (abs(each.top - top), number, at, each)
        for number, elements in enumerate(columns)
        for at, each in enumerate(elements)
        if isinstance(each, Line)
    )
    _, number, at, line = min(lines, key=lambda each: each[:3])
    words = "\n".join(each.text.strip() for each in block)
    columns[number][at] = replace(line, note=f"{line.note}\n{words}".strip())
