"""Read a sheet of an Excel workbook as text, so that it is judged as a CSV file is."""

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Literal

import polars as pl
from openpyxl.utils import get_column_letter

from everycount.errors import InputError, Problem
from everycount.io.text import name_columns
from everycount.io.words import one_of
from everycount.io.workbook import CELLS, COLUMNS, Book, Row, Sheet

ERRORS = frozenset(["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"])
"""What a cell holds whose formula failed. ECMA-376 part 1, 18.17.3."""
WHOLE = 2**53
"""Up to here a float holds every whole number. IEEE 754-2019, binary64."""
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character that XML or Excel would not keep, such as a carriage return. ECMA-376 part 1,
22.9.2.19, ST_Xstring."""
HALVES = range(0xD800, 0xE000)
"""Halves of characters in UTF-16. The Unicode Standard, section 3.9."""
AT_A_TIME = 50_000
"""Rows that wait as lists of Python before they become a table, which takes a tenth."""


def read_sheet(
    source: bytes,
    *,
    subject: str,
    sheet: str | None = None,
    header_row: int = 1,
    header_rows: int = 1,
    decimal: Literal[".", ","] = ".",
    missing: Collection[str] = (),
    usual: tuple[str, frozenset[str]] | None = None,
) -> pl.DataFrame:
    """Read a sheet into a table of text.

    Parameters
    ----------
    source : bytes
        An ``.xlsx`` workbook.
    subject : str
        What messages call the file.
    sheet : str, optional
        Name of the sheet. Needed when the workbook shows more than one that may be meant.
    header_row : int
        Row in which the header begins.
    header_rows : int
        How many rows the header has. A merged cell is spread over the cells below and beside
        it, and the rows are joined as ``Top / Bottom``.
    decimal : {".", ","}
        Decimal mark that cells with numbers are written with, so that they and numbers stored
        as text fit one declaration.
    missing : collection of str
        Errors such as ``#N/A`` that stand for a missing figure; they come through as text.
    usual : tuple of str and frozenset of str, optional
        The sheet that is meant when several show and none is named, and names of which its
        header must have one.

    Returns
    -------
    DataFrame
        All columns are text. Numbers keep all their digits, not the rounding they are shown
        with (25 % is ``0.25``); whole numbers have no decimals; dates are ISO 8601; truth
        values ``TRUE`` and ``FALSE``. Formulas are read as last computed. Empty cells are null;
        empty rows stay, so that the first row is row ``header_row + header_rows`` of the sheet.

    Raises
    ------
    InputError
        With every error value, formula that was never computed and merged cell among the rows;
        if a name of a column is missing or stands twice; if the sheet is not there or one must
        be chosen; if the file is not ``.xlsx``.
    """
    page = _choose(Book(source, subject), sheet, subject, usual=usual, header_row=header_row)
    first = header_row + header_rows
    read = _Read(page=page, first=first, decimal=decimal, missing=missing, subject=subject)
    header: list[Row] = []
    for row in page.rows():
        if row.number >= first:
            read.take(row)
        elif row.number >= header_row:
            header.append(row)
    body = read.finish()
    names = _join_header(page, header, range(header_row, first), decimal, width=body.width)
    blank = [pl.lit(None, pl.String).alias(str(n)) for n in range(body.width, len(names))]
    return name_columns(body.with_columns(blank), names, subject=subject)


class _Read:
    """The rows below the header, which become a table of text piece by piece."""

    def __init__(
        self, *, page: Sheet, first: int, decimal: str, missing: Collection[str], subject: str
    ) -> None:
        self._page, self._first, self._decimal = page, first, decimal
        self._errors = ERRORS.difference(missing)
        self._subject = subject
        self._problems: list[Problem] = []
        self._uncomputed: list[Problem] = []
        self._pieces: list[pl.DataFrame] = []
        self._columns: list[list[str | None]] = []
        self._height = 0
        self._waiting = 0

    def take(self, row: Row) -> None:
        """Take a row; those between it and the last one are empty."""
        for column in row.never_computed:
            where = _cell(self._page, row.number, column)
            expected = "its value (open the workbook in Excel and save it)"
            self._uncomputed.append(Problem(where, "a formula never computed", expected))
        if not row.cells:
            return
        self._skip_to(row)
        for cell in row.cells:
            if cell.is_error and cell.value in self._errors:
                where = _cell(self._page, row.number, cell.column)
                self._problems.append(Problem(where, cell.value, "a value"))
            self._columns[cell.column - 1][-1] = _write(cell.value, self._decimal)

    def finish(self) -> pl.DataFrame:
        """Return all rows, or raise what is wrong with them."""
        self._pack()
        empty = pl.DataFrame(schema=self._schema())
        table = pl.concat([empty, *self._pieces], how="diagonal", rechunk=True)
        problems = [*_merged(self._page, self._first, table), *self._problems, *self._uncomputed]
        if problems:
            raise InputError(self._subject, problems)
        return table

    def _skip_to(self, row: Row) -> None:
        """Make room for a row."""
        gap = row.number - self._first - self._height
        width = max(len(self._columns), *(cell.column for cell in row.cells))
        height = self._height + gap + 1
        if height * width > CELLS:
            found = f"{height:,} rows of {width:,} columns"
            expected = f"at most {CELLS:,} cells (as CSV it may have more)"
            raise InputError(self._subject, [Problem(f"sheet {self._page.title}", found, expected)])
        if gap:
            self._pack()
            blank = pl.repeat(None, gap, dtype=pl.String, eager=True)
            self._pieces.append(pl.DataFrame({"0": blank}))
        elif self._waiting >= AT_A_TIME:
            self._pack()
        while len(self._columns) < width:
            self._columns.append([None] * self._waiting)
        for column in self._columns:
            column.append(None)
        self._waiting += 1
        self._height = height

    def _pack(self) -> None:
        """Put the rows that wait into a table."""
        if self._waiting:
            columns = {str(number): cells for number, cells in enumerate(self._columns)}
            self._pieces.append(pl.DataFrame(columns, schema=self._schema()))
        self._columns = [[] for _ in self._columns]
        self._waiting = 0

    def _schema(self) -> dict[str, type[pl.String]]:
        return {str(number): pl.String for number in range(len(self._columns))}


def _choose(
    book: Book,
    sheet: str | None,
    subject: str,
    *,
    usual: tuple[str, frozenset[str]] | None,
    header_row: int,
) -> Sheet:
    """Return the sheet of that name, the only one that shows, or else the usual one."""
    shown = [page for page in book.sheets if page.shows]
    if sheet is None and len(shown) == 1:
        return shown[0]
    name, names = usual or ("", frozenset())
    for page in shown if sheet is None else ():
        if page.title == name and not names.isdisjoint(_header(page, header_row)):
            return page
    titles = [page.title for page in (shown if sheet is None else book.sheets)]
    if sheet in titles:
        return book.sheets[titles.index(sheet)]
    found = f"{len(titles)} sheets and none chosen" if sheet is None else repr(sheet)
    expected = one_of([repr(title) for title in titles], found=sheet, noun="sheets")
    raise InputError(subject, [Problem("sheet", found, expected if titles else "one that shows")])


def _header(page: Sheet, number: int) -> list[Any]:
    """Return what the cells of one row hold."""
    row = next((row for row in page.rows() if row.number >= number), None)
    return [cell.value for cell in row.cells] if row and row.number == number else []


def _join_header(
    page: Sheet, rows: Sequence[Row], numbers: range, decimal: str, *, width: int
) -> list[str]:
    """Return one name a column: what stands above it, joined, merged cells spread out."""
    merged = [area for area in page.merged if area.min_row in numbers]
    ends = [cell.column for row in rows for cell in row.cells] + [each.max_col for each in merged]
    grid: list[list[str | None]] = [[None] * min(max([width, *ends]), COLUMNS) for _ in numbers]
    for row in rows:
        for cell in row.cells:
            grid[row.number - numbers[0]][cell.column - 1] = _write(cell.value, decimal)
    for area in merged:
        title = grid[area.min_row - numbers[0]][area.min_col - 1]
        for line in grid[area.min_row - numbers[0] : area.max_row + 1 - numbers[0]]:
            line[area.min_col - 1 : area.max_col] = [None] * len(
                line[area.min_col - 1 : area.max_col]
            )
        # Downwards once is enough: a name is not to be joined with itself.
        line = grid[area.min_row - numbers[0]]
        line[area.min_col - 1 : area.max_col] = [title] * len(line[area.min_col - 1 : area.max_col])
    columns = zip(*grid, strict=True)
    return [" / ".join(part.strip() for part in column if part) for column in columns]


def _write(value: Any, decimal: str) -> str:
    """Return what a cell holds as text."""
    match value:
        case bool():
            return str(value).upper()
        case float():
            whole = value.is_integer() and abs(value) < WHOLE
            return str(int(value)) if whole else repr(value).replace(".", decimal)
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            text = str(value)
            return ESCAPED.sub(_unescape, text) if "_x" in text else text


def _unescape(found: re.Match[str]) -> str:
    """Return the character that was written as a number; what is no character stays as it is."""
    code = int(found[1], 16)
    return found[0] if code == 0 or code in HALVES else chr(code)


def _merged(page: Sheet, first: int, table: pl.DataFrame) -> Iterator[Problem]:
    """Yield a problem for each merged cell among the rows."""
    for area in page.merged:
        row, column = area.min_row - first, area.min_col - 1
        if 0 <= row < table.height and column < table.width and table[row, column] is not None:
            where = f"sheet {page.title}, cells {area.coord}"
            yield Problem(where, "merged cells", "a value in each cell")


def _cell(page: Sheet, row: int, column: int) -> str:
    """Return the place of a cell in words."""
    return f"sheet {page.title}, cell {get_column_letter(column)}{row}"
