"""Print the reports of a review as tables that fit a terminal, or as CSV."""

import re
import shutil
import textwrap
from collections.abc import Sequence

import click

from everycount.io.results import csv_bytes
from everycount.model.gap import GapTable
from everycount.reports.wording import plural

USUAL, LEAST, MOST = 100, 60, 140
"""Characters on a line where there is no terminal, and between which one is followed."""
APART = "  "
NARROW = 9
"""Characters that a column has at least, or its longest cell if that is shorter."""
DEEP = 4
"""Lines of a cell; a folder or --json has the rest."""
NUMBER = re.compile(r"-?[0-9][0-9,]*(\.[0-9]+)?( %)?")
"""A cell that stands at the right; a code such as 1.1.1 does not."""
SHOWN = {
    "scorecard": (
        *("code", "title", "mean", "disputed", "issues asking", "figures", "selection"),
        "same or close in",
    ),
    "metadata": ("code", "title", "facts"),
}
"""Columns that a terminal shows of wide reports; of the others all that hold something."""


def show_table(table: GapTable, *, rows: int | None = None) -> None:
    """Print one report: its finding, then its rows under their heads.

    Parameters
    ----------
    table : GapTable
        The report.
    rows : int, optional
        How many rows to show; all if left out.
    """
    click.echo(f"\n{table.title}\n{table.finding}")
    shown = table.rows[:rows]
    names = SHOWN.get(table.id, table.columns)
    at = [table.columns.index(name) for name in names]
    cells = [[row[position] for position in at] for row in shown]
    width = min(max(shutil.get_terminal_size((USUAL, 24)).columns, LEAST), MOST)
    for line in table_lines(names, cells, width=width - len(APART)):
        click.echo(f"{APART}{line}")
    if len(shown) < len(table.rows):
        click.echo(f"{APART}… and {plural(len(table.rows) - len(shown), 'more row')}")
    for note in table.notes:
        whole = f"{APART}note: {note}"
        click.echo(_noted(whole, width))


def _noted(words: str, width: int) -> str:
    """Return a note on several lines; commands and files named in it stay whole, to be copied."""
    return textwrap.fill(
        words, width, subsequent_indent=2 * APART, break_long_words=False, break_on_hyphens=False
    )


def table_lines(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, width: int
) -> tuple[str, ...]:
    """Return a table as lines of text, long cells on several.

    Parameters
    ----------
    columns : sequence of str
        Heads of the columns.
    rows : sequence of sequence of str
        Cells, as many in each row as there are columns.
    width : int
        Characters that a line may have.

    Returns
    -------
    tuple of str
        Heads, a rule, then the rows. Columns that hold nothing are left out; numbers stand at
        the right.

    Examples
    --------
    >>> for line in table_lines(("code", "title", "tier"), [("1.1", "Poverty", "")], width=40):
    ...     print(line)
    code  title
    ----  -------
    1.1   Poverty
    """
    kept = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    heads = [columns[at] for at in kept]
    cells = [[row[at] for at in kept] for row in rows]
    room = width - len(APART) * (len(kept) - 1)
    widths = _widths(heads, cells, room)
    is_number = [at > 0 and all(NUMBER.fullmatch(row[at]) or not row[at] for row in cells) for at in
                 range(len(kept))]  # fmt: skip
    lines: list[str] = []
    for row in [heads, ["-" * each for each in widths], *cells] if kept else []:
        wrapped = [_wrapped(cell, each) for cell, each in zip(row, widths, strict=True)]
        for depth in range(max(map(len, wrapped))):
            parts = [each[depth] if depth < len(each) else "" for each in wrapped]
            aligned = [
                part.rjust(each) if right else part.ljust(each)
                for part, each, right in zip(parts, widths, is_number, strict=True)
            ]
            lines.append(APART.join(aligned).rstrip())
    return tuple(lines)


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Return how wide each column is; the widest give way until all have room."""
    columns = list(zip(heads, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    least = [min(width, NARROW) for width in widths]
    while sum(widths) > room:
        widest = max(range(len(widths)), key=lambda at: widths[at] - least[at])
        if widths[widest] == least[widest]:
            break
        widths[widest] -= 1
    return widths


def _wrapped(cell: str, width: int) -> list[str]:
    """Return a cell as lines."""
    return textwrap.wrap(cell, width, max_lines=DEEP, placeholder=" …") or [""]


def table_csv(table: GapTable) -> bytes:
    """Return the rows of a report as CSV, with all its columns."""
    import polars as pl  # noqa: PLC0415 - only a folder of reports needs tables

    columns = {name: [row[at] for row in table.rows] for at, name in enumerate(table.columns)}
    return csv_bytes(pl.DataFrame(columns, schema=dict.fromkeys(table.columns, pl.String)))
