"""Fit a table of text to a structure. Every importer ends here, so all judge alike."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.numbers import Marks, expect_number, read_numbers
from everycount.io.words import nearest, one_of, quote
from everycount.model.dataset import Column, Structure

TYPES: dict[type, type[pl.DataType]] = {str: pl.String, int: pl.Int64, float: pl.Float64}
ROW = "\0row"  # no reader lets a NUL into a name
FIRST_ROW = 2  # as a spreadsheet counts: the header is row 1
ALIKE = 0.85  # from here a name is taken for another one misspelt
EXPLAINED = 100  # faulty cells of a column for which the nearest code is sought

Locate = Callable[[int, str], str]


def name_cell(row: int, column: str) -> str:
    """Return the place of a cell in words."""
    return f"row {row}, {column}"


def fit(
    text: pl.DataFrame,
    structure: Structure,
    *,
    subject: str,
    first_row: int = FIRST_ROW,
    decimal: Literal[".", ","] = ".",
    thousands: str | None = None,
    locate: Locate = name_cell,
) -> pl.DataFrame:
    """Give a table of text the columns and types of `structure`.

    Parameters
    ----------
    text : DataFrame
        Cells as text, as `csv.read_table` and `excel.read_sheet` return them.
    structure : Structure
        What the table must contain.
    subject : str
        What messages call the table.
    first_row : int
        Number that the first row has in the file.
    decimal : {".", ","}
        Decimal mark of numbers.
    thousands : str, optional
        Mark between groups of three digits. If left out there must be none.
    locate : callable
        Gives words for the number of a row and the name of a column.

    Returns
    -------
    DataFrame
        The columns of `structure`, in its order. Surrounding spaces are gone, empty cells are
        null, empty rows and columns that `structure` does not name are dropped. A column that
        need not be filled may be absent and is then null throughout.

    Raises
    ------
    InputError
        With every missing column, cell of the wrong type, infinite number, unknown code, empty
        cell where a value must stand, and repeated key.

    Examples
    --------
    >>> structure = Structure(
    ...     columns=(Column(name="area", type=str), Column(name="value", type=float)),
    ...     key=("area",),
    ... )
    >>> fit(pl.DataFrame({"area": ["004"], "value": [" 1.50"]}), structure, subject="a").rows()
    [('004', 1.5)]
    """
    rows = number_rows(text, first_row=first_row)
    marks = Marks(decimal=decimal, thousands=thousands)
    table, problems = judge(rows, structure, marks=marks, locate=locate)
    if problems:
        raise InputError(subject, problems)
    return table.drop(ROW)


def number_rows(text: pl.DataFrame, *, first_row: int = FIRST_ROW) -> pl.DataFrame:
    """Return the rows that hold something, without surrounding spaces, with their numbers.

    The numbers stand in the first column, `ROW`.
    """
    stripped = pl.all().str.strip_chars()
    cells = text.select(pl.when(stripped != "").then(stripped))
    rows = cells.with_row_index(ROW, offset=first_row).with_columns(pl.col(ROW).cast(pl.Int64))
    return rows.filter(pl.any_horizontal(pl.exclude(ROW).is_not_null()))


def judge(
    rows: pl.DataFrame,
    structure: Structure,
    *,
    marks: Marks,
    locate: Locate = name_cell,
) -> tuple[pl.DataFrame, list[Problem]]:
    """Return numbered rows with the types of `structure`, and every problem in them.

    For importers that read a table in several steps and raise once; see `fit`. The number of
    a row stays in the column `ROW`. Cells with a problem are null.
    """
    columns = [column for column in structure.columns if column.name in rows.columns]
    typed = rows.select(ROW, *(_read(column, marks) for column in columns))
    wrong = {column.name: _find_wrong(rows, typed, column) for column in columns}
    places = [
        (row, order, problem)
        for order, column in enumerate(columns)
        for row, problem in _misfits(rows.filter(wrong[column.name]), column, marks, locate)
    ]
    if set(structure.key) <= wrong.keys():
        judged = typed.filter(~_any(rows.height, [wrong[name] for name in structure.key]))
        places += [(row, len(columns), problem) for row, problem in _repeats(judged, structure.key)]
    in_order = [problem for *_, problem in sorted(places, key=lambda place: place[:2])]
    absent = [
        pl.lit(None, TYPES[column.type]).alias(column.name)
        for column in structure.columns
        if column not in columns
    ]
    table = typed.with_columns(absent).select(ROW, *(column.name for column in structure.columns))
    return table, [*_absent(rows, structure), *in_order]


def demand_columns(rows: pl.DataFrame, names: Sequence[str]) -> list[Problem]:
    """Return a problem for each of `names` that is not a column of numbered rows."""
    columns = [name for name in rows.columns if name != ROW]
    others = [name for name in columns if name not in names]
    problems = []
    for name in names:
        if name not in columns:
            near = nearest(name, others)
            hint = f" (perhaps {near!r})" if near else ""
            found = f"columns {', '.join(columns)}"
            problems.append(Problem("header", found, f"a column {name!r}{hint}"))
    return problems


def _read(column: Column, marks: Marks) -> pl.Expr:
    """Return the cells of a column in its type."""
    cells = pl.col(column.name)
    return cells if issubclass(column.type, str) else read_numbers(cells, column.type, marks)


def _find_wrong(rows: pl.DataFrame, typed: pl.DataFrame, column: Column) -> pl.Series:
    """Return which cells `column` does not allow."""
    cells = rows[column.name]
    wrong = typed[column.name].is_null()
    if not column.required:
        wrong &= cells.is_not_null()
    if column.codes:
        wrong |= cells.is_in(list(column.codes)).eq(other=False).fill_null(value=False)
    return wrong


def _any(height: int, columns: Sequence[pl.Series]) -> pl.Series:
    """Return in which of `height` rows any of the columns is true."""
    result = pl.repeat(value=False, n=height, eager=True)
    for column in columns:
        result |= column
    return result


def _misfits(
    faulty: pl.DataFrame, column: Column, marks: Marks, locate: Locate
) -> Iterator[tuple[int, Problem]]:
    """Yield the row and the problem of each faulty cell."""
    codes = sorted(column.codes)
    for count, (row, found) in enumerate(faulty.select(ROW, column.name).iter_rows()):
        if codes:
            expected = one_of(codes, found=found if count < EXPLAINED else None)
        elif found is None or issubclass(column.type, str):
            expected = "a value"
        else:
            expected = expect_number(found, column.type, marks)
        yield row, Problem(locate(row, column.name), quote(found), expected)


def _absent(rows: pl.DataFrame, structure: Structure) -> list[Problem]:
    """Return a problem for each column that is not there and should be."""
    names = {column.name for column in structure.columns}
    others = [name for name in rows.columns if name not in names]
    return demand_columns(
        rows,
        # A column that may be absent is asked for only where it seems to be misspelt.
        [c.name for c in structure.columns if c.required or nearest(c.name, others, cutoff=ALIKE)],
    )


def _repeats(rows: pl.DataFrame, key: tuple[str, ...]) -> Iterator[tuple[int, Problem]]:
    """Yield the row and the problem of each row that has the key of an earlier row."""
    if not key:
        return
    first: dict[tuple[object, ...], int] = {}
    repeated = rows.filter(rows.select(key).is_duplicated())
    for row, *values in repeated.select(ROW, *key).iter_rows():
        earlier = first.setdefault(tuple(values), row)
        if earlier != row:
            found = f"{', '.join(quote(value) for value in values)} again, as in row {earlier}"
            yield row, Problem(f"row {row}", found, f"each {', '.join(key)} once")
