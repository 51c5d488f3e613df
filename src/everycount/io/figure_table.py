"""Read a table of figures from CSV, Excel or Parquet: codes as text, figures as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from everycount.errors import Problem
from everycount.io.csv import CHARACTERS, Delimiter
from everycount.io.files import digest, read_bytes
from everycount.io.microdata_file import unreadable
from everycount.io.microdata_parquet import MAGIC as PARQUET
from everycount.io.numbers import Marks, expect_number, read_numbers
from everycount.io.observations import read_cells
from everycount.io.words import quote
from everycount.model.layout import Layout
from everycount.survey.cells import as_codes

MARKS = Marks()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FigureTable:
    """A table as a file has it, and where it is from."""

    table: pl.DataFrame
    """Cells of CSV and Excel are text."""
    name: str
    """What messages call the file."""
    sha256: str
    place: Path


def read_figure_table(place: Path | str) -> FigureTable:
    """Read a table from CSV, Excel or Parquet.

    Parameters
    ----------
    place : Path or str
        The file; ``-`` is CSV or Parquet from standard input. CSV is separated by the one of
        comma, semicolon and tab that stands in its header.

    Returns
    -------
    FigureTable

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If it is of another format or damaged, with every row that is too long or too short.
    """
    content = read_bytes(place)
    name = "standard input" if str(place) == "-" else Path(place).name
    if content.startswith(PARQUET):
        try:
            table = pl.read_parquet(BytesIO(content))
        except (PolarsError, PanicException, OSError) as error:
            raise unreadable(name, "a Parquet file", error) from error
    else:
        table, _ = read_cells(content, Layout(delimiter=_delimiter(content)), name)
        table = table.with_columns(pl.all().str.strip_chars()).with_columns(
            pl.when(pl.all() != "").then(pl.all())
        )
    return FigureTable(table=table, name=name, sha256=digest(content), place=Path(place))


def _delimiter(content: bytes) -> Delimiter | None:
    """Return the separator that alone stands in the header, if it is one alone."""
    header = content.split(b"\n", 1)[0]
    found = [mark for mark in CHARACTERS.values() if mark.encode() in header]
    if len(found) != 1:
        return None
    names: dict[str, Delimiter] = {",": ",", ";": ";", "\t": "tab"}
    return names[found[0]]


def as_text(table: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return a table with these columns as text, whole numbers without a fraction.

    Examples
    --------
    >>> as_text(pl.DataFrame({"region": [1.0, 2.0]}), ["region"])["region"].to_list()
    ['1', '2']
    """
    return table.with_columns(as_codes(table[name]).cast(pl.String) for name in columns)


def as_figures(
    table: pl.DataFrame, columns: Sequence[str], *, called: Sequence[str], whole: Sequence[str] = ()
) -> tuple[pl.DataFrame, list[Problem]]:
    """Return a table with text in these columns read as numbers, and every cell that is none.

    Parameters
    ----------
    table : DataFrame
        Columns that are no text stay as they are.
    columns : sequence of str
        Those to read.
    called : sequence of str
        What messages call the rows.
    whole : sequence of str
        Those of them that hold whole numbers.

    Returns
    -------
    DataFrame, list of Problem
        Where no cell of a column is a number there is one problem, and the column stays text.

    Examples
    --------
    >>> cells = pl.DataFrame({"schools": ["3", "n/a", None]})
    >>> table, problems = as_figures(cells, ["schools"], called=["north", "south", "east"])
    >>> table["schools"].to_list(), str(problems[0])
    ([3.0, None, None], "south, schools: found 'n/a', expected a number")
    """
    problems: list[Problem] = []
    for name in columns:
        if table[name].dtype != pl.String:
            continue
        kind = int if name in whole else float
        read = table.select(read_numbers(pl.col(name), kind, MARKS))[name]
        wrong = (read.is_null() & table[name].is_not_null()).arg_true().to_list()
        if wrong and len(wrong) == table.height - table[name].null_count():
            found = f"text such as {quote(table[name][wrong[0]])}"
            problems.append(Problem(f"column {name}", found, "numbers"))
            continue
        problems += [
            Problem(
                f"{called[row]}, {name}",
                quote(table[name][row]),
                expect_number(table[name][row], kind, MARKS),
            )
            for row in wrong
        ]
        table = table.with_columns(read)
    return table, problems
