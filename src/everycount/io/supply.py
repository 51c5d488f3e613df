"""Read what is known of the figures of indicators, and scorecards of candidates, from CSV."""

import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.csv import ONLY_COMMAS, read_table
from everycount.io.files import read_bytes
from everycount.io.fit import ROW, fit, number_rows
from everycount.io.words import one_of
from everycount.model.dataset import Column, Structure
from everycount.model.indicator import Stage
from everycount.model.issue import Decision
from everycount.model.letters import named, visible
from everycount.model.scorecard import CRITERIA, Mark, Scorecard
from everycount.model.strict import Faults
from everycount.model.supply import FEASIBILITIES, SOURCE_KINDS, STATES, DataSource, Supply

T = TypeVar("T")
Tell = Callable[[str], object]
CROSSED = re.compile(r"(?:^|(?<=\s))[xX×](?=\s|$)|×")
"""What stands between the characteristics of one breakdown."""


def ignore(note: str) -> None:
    """Do nothing with a note."""


def _text(name: str, *, codes: tuple[str, ...] = (), required: bool = False) -> Column:
    return Column(name=name, type=str, required=required, codes=frozenset(codes))


SUPPLIES = Structure(
    columns=(
        _text("framework", required=True),
        _text("key", required=True),
        _text("state", codes=STATES),
        _text("stage", codes=get_args(Stage)),
        *map(_text, ("sources", "available", "frequency", "area_level", "population", "age")),
        *map(_text, ("numerator", "denominator")),
        _text("feasible_now", codes=FEASIBILITIES),
        _text("feasible_later", codes=FEASIBILITIES),
        _text("note"),
    ),
    key=("framework", "key"),
)
"""Columns of a table of supply. `sources` are codes and `available` breakdowns, both with a
semicolon between; a breakdown by several characteristics has " x " between these."""
SOURCES = Structure(
    columns=(
        _text("code", required=True),
        _text("title", required=True),
        _text("kind", codes=SOURCE_KINDS),
        _text("agency"),
        _text("frequency"),
        Column(name="last", type=int, required=False),
        Column(name="next", type=int, required=False),
    ),
    key=("code",),
)
"""Columns of a table of sources."""
MARKS = Structure(
    columns=(
        _text("key", required=True),
        _text("by", required=True),
        *(Column(name=name.replace(" ", "_"), type=int, required=False) for name in CRITERIA),
        _text("selected", codes=("yes", "no")),
        _text("on"),
        _text("why"),
    ),
    key=("key", "by"),
)
"""Columns of a scorecard: a row for each candidate and reviewer, marks 0 to 3; `selected` once
for a candidate, by whoever decides."""


def read_supplies(path: Path | str, *, tell: Tell = ignore) -> tuple[Supply, ...]:
    """Read a table of supply: CSV with the columns of `SUPPLIES`; those not needed may be absent.

    Parameters
    ----------
    path : Path or str
        The file; ``-`` is standard input.
    tell : callable, optional
        What is called with a note on the file, such as other marks between its cells.

    Returns
    -------
    tuple of Supply

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file.
    """
    return _read(path, SUPPLIES, _supply, tell=tell)


def read_sources(path: Path | str, *, tell: Tell = ignore) -> tuple[DataSource, ...]:
    """Read a table of sources: CSV with the columns of `SOURCES`.

    Parameters
    ----------
    path : Path or str
        The file; ``-`` is standard input.
    tell : callable, optional
        What is called with a note on the file, such as other marks between its cells.

    Returns
    -------
    tuple of DataSource

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file.
    """
    return _read(path, SOURCES, lambda cells: DataSource(**cells), tell=tell)


def read_scorecard(path: Path | str, framework: str, *, tell: Tell = ignore) -> Scorecard:
    """Read the marks and selections of candidates: CSV with the columns of `MARKS`.

    Parameters
    ----------
    path : Path or str
        The file; ``-`` is standard input.
    framework : str
        Framework version of the candidates, as id@version.
    tell : callable, optional
        What is called with a note on the file.

    Returns
    -------
    Scorecard

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        With every fault of the file, among them a candidate that two rows select differently.
    """
    rows = _read(path, MARKS, _marks, tell=tell)
    selections: dict[str, Decision] = {}
    problems = []
    for _, decision, key in rows:
        if decision is None:
            continue
        known = selections.setdefault(key, decision)
        if known.status != decision.status:
            found = f"selected by {known.by} otherwise than by {decision.by}"
            problems.append(Problem(f"candidate {key}, selected", found, "one decision"))
    if problems:
        raise InputError(Path(path).name, problems)
    marks = tuple(mark for given, _, _ in rows for mark in given)
    return Scorecard(framework=framework, marks=marks, selections=tuple(selections.items()))


def breakdowns_of(words: str) -> tuple[tuple[str, ...], ...]:
    """Return breakdowns from a cell.

    Examples
    --------
    >>> breakdowns_of("sex; sex x age")
    (('sex',), ('sex', 'age'))
    >>> breakdowns_of("sex x x age")  # which neither an issue nor a supply can have
    (('sex', '', 'age'),)
    """
    cells = (each.strip() for each in words.split(";"))
    return tuple(tuple(name.strip() for name in CROSSED.split(cell)) for cell in cells if cell)


def _supply(cells: dict[str, Any]) -> Supply:
    """Return the supply that a row tells of."""
    codes = (code.strip() for code in cells.pop("sources", "").split(";"))
    available = breakdowns_of(cells.pop("available", ""))
    return Supply(**cells, sources=tuple(filter(None, codes)), available=available)


def _marks(cells: dict[str, Any]) -> tuple[tuple[Mark, ...], Decision | None, str]:
    """Return the marks of a row, and the selection if it states one."""
    key, by = cells["key"], cells["by"]
    marks = tuple(
        Mark(key=key, criterion=name, mark=cells[column], by=by)
        for name in CRITERIA
        if (column := name.replace(" ", "_")) in cells
    )
    if "selected" not in cells:
        return marks, None, key
    decision = Decision(
        status="accepted" if cells["selected"] == "yes" else "rejected",
        by=by,
        on=cells.get("on", ""),
        why=cells.get("why", ""),
    )
    return marks, decision, key


def _read(
    path: Path | str,
    structure: Structure,
    make: Callable[[dict[str, Any]], T],
    *,
    tell: Tell,
) -> tuple[T, ...]:
    """Return what the rows of a CSV file tell of, or raise one error with all faults."""
    subject = Path(path).name
    source = read_bytes(path)
    by_semicolons = _has_semicolons(source, structure)
    if by_semicolons:
        tell(f"note: {subject} has semicolons between its cells and was read so")
    table = read_table(
        source, subject=subject, delimiter=";" if by_semicolons else ",", remedy=ONLY_COMMAS
    )
    table = _legible(table)
    names = [column.name for column in structure.columns]
    unknown = [name for name in table.columns if name not in names]
    if unknown:
        raise InputError(
            subject,
            [
                Problem("header", f"a column {name!r}", one_of(names, found=name))
                for name in unknown
            ],
        )
    text = _completed(table, structure)
    numbers = number_rows(text)[ROW]
    found: list[T] = []
    problems: list[Problem] = []
    fitted = fit(text, structure, subject=subject, decimal="," if by_semicolons else ".")
    for number, row in zip(numbers, fitted.to_dicts(), strict=True):
        try:
            found.append(make({name: cell for name, cell in row.items() if cell is not None}))
        except Faults as error:
            problems += _problems(number, error)
    if problems:
        raise InputError(subject, problems)
    return tuple(found)


def _has_semicolons(source: bytes, structure: Structure) -> bool:
    """Tell whether a header is plain only where semicolons part its names, as Excel writes it.

    So it does where the decimal mark is a comma: in French, Spanish, Vietnamese and others.
    """
    line = source.removeprefix(BOM_UTF8).splitlines()[:1]
    header = line[0].decode(errors="replace") if line else ""
    if "," in header or ";" not in header:
        return False
    names = {name.strip().strip('"').strip() for name in header.split(";")}
    return bool(names & {column.name for column in structure.columns})


def _legible(text: pl.DataFrame) -> pl.DataFrame:
    """Return a table without characters that nobody sees, and names with single spaces."""
    return text.select(
        pl.Series(
            visible(name),
            [
                None if cell is None else (named if name == "by" else visible)(cell)
                for cell in cells
            ],
            dtype=pl.String,
        )
        for name, cells in text.to_dict().items()
    )


def _completed(text: pl.DataFrame, structure: Structure) -> pl.DataFrame:
    """Return a table with empty columns for those that may be absent."""
    absent = [
        column.name
        for column in structure.columns
        if not column.required and column.name not in text.columns
    ]
    return text.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in absent)


def _problems(number: int, error: Faults) -> Iterator[Problem]:
    """Yield the faults of one row with its number."""
    for place, found, expected in error.faults:
        yield Problem(f"row {number}, {place[0]}", found, expected)
