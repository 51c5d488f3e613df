"""Read layouts of tile maps: the shipped world, and files that an office uploads."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Final, Literal

import polars as pl

from everycount.charts.tile_layout import TileLayout
from everycount.errors import InputError, Problem
from everycount.io.areas import m49_codes
from everycount.io.csv import read_table
from everycount.io.files import read_bytes

COLUMNS: Final = ("unit", "column", "row")
MOST: Final = 100
"""Columns and rows of a layout at most: on a page a square would be smaller than a letter."""


def read_layout(path: Path | str) -> TileLayout:
    """Return the layout in a CSV file; ``-`` is standard input.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file.
    """
    return parse_layout(read_bytes(path), subject=str(path))


def parse_layout(source: bytes, *, subject: str) -> TileLayout:
    r"""Return a layout of squares: columns `unit`, `column`, `row`, from 0 at the top left.

    Parameters
    ----------
    source : bytes
        CSV in UTF-8.
    subject : str
        What messages call it.

    Returns
    -------
    TileLayout
        A square for each unit, moved to the top left corner.

    Raises
    ------
    InputError
        With every fault: a column that is missing, a place that is no number, a unit or a square
        that appears twice.

    Examples
    --------
    >>> parse_layout(b"unit,column,row\nVN01,3,2\nVN02,4,2\n", subject="vn.csv").places
    {'VN01': (0, 0), 'VN02': (1, 0)}
    """
    table = read_table(source, subject=subject)
    lacking = [name for name in COLUMNS if name not in table.columns]
    if lacking:
        found = ", ".join(table.columns) or "no columns"
        raise InputError(subject, [Problem("header", found, f"a column {n!r}") for n in lacking])
    rows = table.select(COLUMNS).rows()
    problems = [
        *_faults(rows),
        *(() if rows else (Problem("rows", "none", "a row for each area"),)),
    ]
    if problems:
        raise InputError(subject, problems)
    places = {unit: (int(column), int(row)) for unit, column, row in rows}
    left = min(x for x, _ in places.values())
    top = min(y for _, y in places.values())
    return TileLayout(places={unit: (x - left, y - top) for unit, (x, y) in places.items()})


def _faults(rows: Sequence[tuple[str | None, str | None, str | None]]) -> list[Problem]:
    """Return what is wrong with the rows of a layout."""
    problems = []
    units: dict[str, int] = {}
    squares: dict[tuple[str, str], int] = {}
    for number, (unit, column, row) in enumerate(rows, start=2):
        where = f"row {number}"
        if not unit:
            problems.append(Problem(f"{where}, unit", "nothing", "the code of an area"))
        elif unit in units:
            found = f"{unit!r}, as in row {units[unit]}"
            problems.append(Problem(f"{where}, unit", found, "each area once"))
        else:
            units[unit] = number
        wrong = [
            Problem(f"{where}, {name}", repr(value) if value else "nothing", f"0 to {MOST - 1}")
            for name, value in (("column", column), ("row", row))
            if not _is_place(value)
        ]
        problems += wrong
        if not wrong:
            square = (str(int(column or 0)), str(int(row or 0)))
            if square in squares:
                found = f"the square of row {squares[square]}"
                problems.append(Problem(where, found, "a square for each area"))
            else:
                squares[square] = number
    return problems


def _is_place(text: str | None) -> bool:
    """Tell whether a text is a column or row."""
    return text is not None and text.isascii() and text.isdigit() and int(text) < MOST


@cache
def world_layout(kind: Literal["iso3", "m49"] = "m49") -> TileLayout:
    """Return the shipped tile layout of the world: every state once.

    Parameters
    ----------
    kind : {"iso3", "m49"}
        How its areas are to be called.

    Examples
    --------
    >>> world_layout().cropped({"704", "116", "418", "764"}).places
    {'116': (1, 1), '418': (1, 0), '764': (0, 1), '704': (2, 0)}
    """
    source = (resources("everycount") / "assets" / "tiles.csv").read_bytes()
    world = parse_layout(source, subject="tiles.csv")
    return world if kind == "iso3" else world.renamed(m49_codes("iso3"))


def iso3_labels() -> dict[str, str]:
    """Return the three letters of each area by its M49 code, to be written in squares."""
    known = pl.Series(list(m49_codes("iso3")))
    codes = m49_codes("iso3")
    return {codes[iso3]: iso3 for iso3 in reversed(known.to_list())}
