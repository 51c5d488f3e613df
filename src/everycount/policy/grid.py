"""Find the tables that ruled lines make on a page, and put its lines into their cells."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from everycount.policy.lines import Cell, Line, Page, Table

NEAR: Final = 3.0
"""Points within which rules meet, or are one: the two edges of a thick one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A straight stroke along or down a page."""

    is_down: bool
    at: float
    """Where it is: from the left edge if it goes down, from the lower edge if along."""
    start: float
    end: float
    """Where it begins and ends in the other direction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rules that meet, with two columns and two rows or more between them."""

    lefts: tuple[float, ...]
    """Where columns part, from left to right, with the outer edges."""
    tops: tuple[float, ...]
    """Where rows part, from top to bottom, with the outer edges."""
    down: tuple[Rule, ...]
    along: tuple[Rule, ...]


def grids_of(rules: Sequence[Rule]) -> tuple[Grid, ...]:
    """Return the tables that rules make.

    Parameters
    ----------
    rules : sequence of Rule
        Of one page.

    Returns
    -------
    tuple of Grid
        Tables without rules between their columns are not found.
    """
    found = []
    for group in _meeting(rules):
        lefts = _apart(rule.at for rule in group if rule.is_down)
        tops = _apart(rule.at for rule in group if not rule.is_down)
        if len(lefts) > 2 and len(tops) > 2:
            down = tuple(rule for rule in group if rule.is_down)
            along = tuple(rule for rule in group if not rule.is_down)
            found.append(Grid(lefts=lefts, tops=tops[::-1], down=down, along=along))
    return tuple(found)


def _meeting(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Return rules in groups that meet one another."""
    groups: list[list[Rule]] = []
    for rule in rules:
        met = [group for group in groups if any(_meet(rule, other) for other in group)]
        groups = [group for group in groups if group not in met]
        groups.append([rule, *(other for group in met for other in group)])
    return groups


def _meet(one: Rule, other: Rule) -> bool:
    """Tell whether two rules touch or cross."""
    if one.is_down == other.is_down:
        overlap = one.start <= other.end + NEAR and other.start <= one.end + NEAR
        return overlap and abs(one.at - other.at) <= NEAR
    return (
        one.start - NEAR <= other.at <= one.end + NEAR
        and other.start - NEAR <= one.at <= other.end + NEAR
    )


def _apart(places: Iterable[float]) -> tuple[float, ...]:
    """Return places in order, those near one another once."""
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > NEAR:
            found.append(place)
    return tuple(found)


def with_tables(page: Page, grids: Sequence[Grid]) -> Page:
    """Return a page with the lines that stand in tables in their cells.

    Parameters
    ----------
    page : Page
        With all its lines.
    grids : sequence of Grid
        Its tables.

    Returns
    -------
    Page
        A table without words is only a frame, and left out.
    """
    lines, tables = list(page.lines), []
    for grid in grids:
        inside = [line for line in lines if _is_in(line, grid)]
        if inside:
            lines = [line for line in lines if not _is_in(line, grid)]
            tables.append(_table(page.number, inside, grid))
    return replace(page, lines=tuple(lines), tables=tuple(tables))


def _is_in(line: Line, grid: Grid) -> bool:
    """Tell whether the middle of a line is in a table."""
    across, up = (line.left + line.right) / 2, (line.bottom + line.top) / 2
    return grid.lefts[0] < across < grid.lefts[-1] and grid.tops[-1] < up < grid.tops[0]


def _table(number: int, lines: Sequence[Line], grid: Grid) -> Table:
    """Return lines as a table."""
    cells = _empty_cells(grid)
    downs = [-top for top in grid.tops]
    for line in sorted(lines, key=lambda each: (-each.top, each.left)):
        middle = (line.bottom + line.top) / 2
        row = bisect_left(downs, -middle) - 1
        column = bisect_left(grid.lefts, (line.left + line.right) / 2) - 1
        # What stands in a wide cell begins it, wherever its middle lies.
        while column and not _is_ruled(grid.down, grid.lefts[column], middle):
            column -= 1
        cells[row][column].append(replace(line, before="\n"))
    return Table(
        page=number,
        rows=tuple(tuple(tuple(cell) for cell in row) for row in cells),
        left=grid.lefts[0],
        right=grid.lefts[-1],
        bottom=grid.tops[-1],
        top=grid.tops[0],
    )


def _empty_cells(grid: Grid) -> list[list[list[Line]]]:
    """Return rows of cells without lines; a cell over several rows is one in all of them."""
    middles = [(left + right) / 2 for left, right in pairwise(grid.lefts)]
    rows: list[list[list[Line]]] = [[[] for _ in middles]]
    for top in grid.tops[1:-1]:
        rows.append(
            [
                [] if _is_ruled(grid.along, top, middle) else above
                for middle, above in zip(middles, rows[-1], strict=True)
            ]
        )
    return rows


def _is_ruled(rules: Sequence[Rule], at: float, middle: float) -> bool:
    """Tell whether there is a rule at a place that goes past a middle in the other direction."""
    return any(abs(rule.at - at) <= NEAR and rule.start <= middle <= rule.end for rule in rules)


def continued(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Return pages on which tables that go on from the page before have its header.

    Parameters
    ----------
    pages : sequence of Page
        All pages of a document.

    Returns
    -------
    tuple of Page
        A table goes on if its columns and edges are those of the last one of the page before.
    """
    found: list[Page] = []
    for page in pages:
        last = found[-1].tables[-1:] if found else ()
        if last and page.tables and _is_same(last[0], page.tables[0]):
            table = page.tables[0]
            header = last[0].rows[0]
            repeats = _texts(table.rows[0]) == _texts(header)
            rows = table.rows if repeats else (header, *table.rows)
            tables = (replace(table, rows=rows), *page.tables[1:])
            found.append(replace(page, tables=tables))
        else:
            found.append(page)
    return tuple(found)


def _is_same(one: Table, other: Table) -> bool:
    """Tell whether two tables have the same columns and edges."""
    edges = abs(one.left - other.left) <= NEAR and abs(one.right - other.right) <= NEAR
    return edges and len(one.rows[0]) == len(other.rows[0])


def _texts(row: Sequence[Cell]) -> list[list[str]]:
    """Return the texts of a row."""
    return [[line.text for line in cell] for cell in row]
