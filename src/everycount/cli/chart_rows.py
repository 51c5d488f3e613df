"""Rows that a chart draws, from a file of figures: its named columns, checked together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, nan
from pathlib import Path

import polars as pl

from everycount.cli.data_reading import read_file
from everycount.errors import InputError, Problem
from everycount.io.csv import read_table
from everycount.io.files import read_bytes

ROW = "number of the row in the file"
MISSING = frozenset({"", "NA", "NaN", "nan", "..", "…", ":", "-"})
"""What a cell of figures holds where there is none; R, Eurostat and the United Nations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of a chart."""

    x: str
    y: float
    """NaN where there is no figure."""
    series: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The columns and rows of a file that a chart is to draw."""

    x: str
    y: str
    series: str | None = None
    filters: tuple[str, ...] = ()
    """Such as ``SEX=F``."""


def read_rows(
    place: str, asked: Asked, *, format: str | None, mapping_file: str | None, x_is_number: bool
) -> list[Row]:
    """Return the rows that a chart draws.

    A file whose name ends in .csv or that comes from standard input is read as it is, all cells
    text; another, and any for which a format or mapping is named, as observations.

    Raises
    ------
    InputError
        With every column that is not there, every cell that is no number, and every figure that
        stands twice at one place.
    """
    table = _table(place, format=format, mapping_file=mapping_file)
    subject = Path(place).name or place
    kept = _chosen(table, asked, subject)
    problems: list[Problem] = []
    rows: list[Row] = []
    seen: dict[tuple[str, str], int] = {}
    columns = [pl.col(ROW), pl.col(asked.x), pl.col(asked.y).alias(""), pl.lit("").alias(" ")]
    if asked.series:
        columns[3] = pl.col(asked.series).alias(" ")
    for number, x, y, series in kept.select(columns).rows():
        where = f"row {number}"
        row = Row(
            x=_text(x),
            y=_number(y, f"{where}, {asked.y}", problems),
            series=_text(series),
            where=where,
        )
        if x_is_number:
            _number(x, f"{where}, {asked.x}", problems)
        place_ = (row.x, row.series)
        if place_ in seen and not x_is_number:
            named = ", ".join(part for part in place_ if part)
            found = f"{named} again, as in row {seen[place_]}"
            problems.append(
                Problem(where, found, "one figure: choose rows by --where COLUMN=VALUE")
            )
        seen.setdefault(place_, number)
        rows.append(row)
    if problems:
        raise InputError(subject, problems)
    return rows


def _table(place: str, *, format: str | None, mapping_file: str | None) -> pl.DataFrame:
    """Return a file as a table."""
    plain = place == "-" or Path(place).suffix.lower() == ".csv"
    if plain and format is None and mapping_file is None:
        return read_table(read_bytes(place), subject=place)
    return read_file(place, format=format, mapping_file=mapping_file).table


def _chosen(table: pl.DataFrame, asked: Asked, subject: str) -> pl.DataFrame:
    """Return the rows asked for, each with its number in the file."""
    problems = []
    filters: dict[str, list[str]] = {}
    for text in asked.filters:
        column, _, value = text.partition("=")
        filters.setdefault(column, []).append(value)
        if "=" not in text:
            problems.append(Problem("--where", repr(text), "COLUMN=VALUE"))
    options = {"--x": asked.x, "--y": asked.y, "--series": asked.series}
    wanted = {name: option for option, name in options.items() if name}
    wanted |= {name: "--where" for name in filters if name not in wanted}
    shown = ", ".join(table.columns[:30])
    problems += [
        Problem(option, f"no column {name!r}", f"one of {shown}")
        for name, option in wanted.items()
        if name not in table.columns
    ]
    if problems:
        raise InputError(subject, problems)
    numbered = table.with_row_index(ROW, offset=2)
    for column, values in filters.items():
        numbered = numbered.filter(pl.col(column).cast(pl.String).is_in(values))
    if numbered.is_empty():
        raise InputError(
            subject, [Problem("--where", _said(table, filters), "a value that is there")]
        )
    return numbered


def _said(table: pl.DataFrame, filters: Mapping[str, Sequence[str]]) -> str:
    """Return in words that filters leave nothing, and what their columns hold."""
    held = "; ".join(
        f"{column} holds {', '.join(sorted(map(str, table[column].drop_nulls().unique()))[:8])}"
        for column in filters
    )
    return f"no row that fits all of them ({held})"


def _text(value: object) -> str:
    """Return a cell as text."""
    return "" if value is None else str(value).strip()


def _number(value: object, where: str, problems: list[Problem]) -> float:
    """Return a figure, NaN where there is none; note what is no number."""
    text = _text(value)
    if text in MISSING:
        return nan
    try:
        number = float(text)
    except ValueError:
        number = nan
    if not isfinite(number) or "_" in text:
        problems.append(Problem(where, repr(text), "a number such as 26.7, or nothing"))
        return nan
    return number
