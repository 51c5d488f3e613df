"""List the cells of a survey on its page: every characteristic alone, then two and two."""

from itertools import combinations
from typing import Final

from everycount.reports.survey_charts import table_of
from everycount.reports.survey_page import CellTable
from everycount.reports.survey_view import SurveyView, capitalised
from everycount.reports.wording import plural

MOST: Final = 1_000
"""Rows of all tables together that a page carries; the file has all."""


def cells_of(view: SurveyView) -> tuple[CellTable, ...]:
    """Return the cells of one characteristic in one table, and a table for each two.

    Tables come in the order of the design, as long as their rows are few enough together; the
    first always comes.
    """
    tables = [_alone(view)]
    room = MOST - len(tables[0].rows)
    for pair in combinations(view.codings, 2):
        cells = view.cells(pair)
        if 0 < len(cells) <= room:
            room -= len(cells)
            tables.append(table_of(view, pair, cells))
    return tuple(tables)


def cells_note(view: SurveyView, tables: tuple[CellTable, ...], file: str) -> tuple[str, ...]:
    """Return what these tables are of, and where the others are.

    Parameters
    ----------
    view : SurveyView
        The outcome.
    tables : tuple of CellTable
        Those on the page.
    file : str
        Name of the file with all cells; empty where there is none beside the page.
    """
    shown = sum(len(table.rows) for table in tables)
    where = f" in the file {file}" if file else " in the table of estimates"
    is_deep = max(map(len, view.found.moments.tables)) > 2
    more = "of more characteristics at once and " if is_deep else ""
    said = [
        f"{shown:,} of {plural(len(view.table), 'cell')} of this outcome. All cells, also {more}of "
        "the other outcomes, with standard errors, degrees of freedom and design effects, are"
        f"{where}.",
        "Groups in which nobody was asked have no row. Cases are rows that count, without weights.",
    ]
    made = sum(1 for pair in combinations(view.codings, 2) if view.cells(pair))
    if made > len(tables) - 1:
        missing = plural(made - len(tables) + 1, "table")
        said.append(f"{missing} of two characteristics would make the page too long.")
    return tuple(said)


def _alone(view: SurveyView) -> CellTable:
    """Return everybody, and the groups of each characteristic."""
    rows = [view.row(view.total, capitalised(view.everybody))]
    for name in view.codings:
        cells = view.cells([name])[:MOST]
        rows += [view.row(cell, cell.levels[0], view.character(name)) for cell in cells]
    return CellTable(
        title=f"{view.label}, by one characteristic",
        name="One characteristic at a time",
        head="Group",
        figure=view.head,
        interval=view.interval,
        rows=tuple(rows[: MOST + 1]),
    )
