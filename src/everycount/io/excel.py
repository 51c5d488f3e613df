"""Read a sheet of an Excel workbook as text, so that it is judged as a CSV file is."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, Literal

import openpyxl
import polars as pl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from everycount.errors import InputError, Problem
from everycount.io.text import name_columns
from everycount.io.words import one_of

OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # Microsoft, [MS-CFB] Compound File Binary Format, section 2.2
ERRORS = frozenset(["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"])
"""What a cell holds whose formula failed. ECMA-376 part 1, 18.17.3."""
WHOLE = 2**53
"""Up to here a float holds every whole number. IEEE 754-2019, binary64."""
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A character that XML or Excel would not keep, such as a carriage return. ECMA-376 part 1,
22.9.2.19, ST_Xstring."""
FORMULA = re.compile(rb"<(\w+:)?f[ >/]")


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
    page = _choose(_open(source, subject), sheet, subject, usual=usual, header_row=header_row)
    first = header_row + header_rows
    rows = list(page.iter_rows(min_row=header_row, values_only=True))
    problems = [
        *_merged(page, first),
        *_failed(page, first, missing),
        *_never_computed(source, page, first, subject),
    ]
    if problems:
        raise InputError(subject, problems)
    names = _join_header(page, rows[:header_rows], header_row, decimal)
    body = rows[header_rows:]
    columns = {
        str(number): [_write(row[number], decimal) for row in body] for number in range(len(names))
    }
    table = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return name_columns(table, names, subject=subject)


def _open(source: bytes, subject: str, *, data_only: bool = True) -> openpyxl.Workbook:
    """Return the workbook, with the values of formulas or else the formulas."""
    if not source:
        raise InputError(subject, [Problem("file", "nothing", "an Excel workbook (.xlsx)")])
    if source.startswith(OLD_OFFICE):
        found = "an old Excel file (.xls) or one with a password"
        expected = ".xlsx (open it in Excel and save it so, without a password)"
        raise InputError(subject, [Problem("file", found, expected)])
    with refusing(subject), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # styles and lists that openpyxl cannot show
        return openpyxl.load_workbook(io.BytesIO(source), data_only=data_only)


@contextmanager
def refusing(subject: str, *, expected: str = "an Excel workbook (.xlsx)") -> Iterator[None]:
    """Turn whatever a damaged or other file leads to into an error in words."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        SyntaxError,  # of XML
        LookupError,  # a part that is not there
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        RuntimeError,  # a password, a kind of compression
        OSError,
    ) as error:
        found = f"a file that cannot be read as one ({error})"
        problem = Problem("file", found, expected)
        raise InputError(subject, [problem]) from error


def _choose(
    book: openpyxl.Workbook,
    sheet: str | None,
    subject: str,
    *,
    usual: tuple[str, frozenset[str]] | None,
    header_row: int,
) -> Worksheet:
    """Return the sheet of that name, the only one that shows, or else the usual one."""
    shown = [page for page in book.worksheets if page.sheet_state == "visible"]
    if sheet is None and len(shown) == 1:
        return shown[0]
    name, names = usual or ("", frozenset())
    for page in shown if sheet is None else ():
        header = next(page.iter_rows(min_row=header_row, max_row=header_row, values_only=True), ())
        if page.title == name and not names.isdisjoint(header):
            return page
    titles = [page.title for page in (shown if sheet is None else book.worksheets)]
    if sheet in titles:
        return book.worksheets[titles.index(sheet)]
    found = f"{len(titles)} sheets and none chosen" if sheet is None else repr(sheet)
    expected = one_of([repr(title) for title in titles], found=sheet, noun="sheets")
    raise InputError(subject, [Problem("sheet", found, expected if titles else "one that shows")])


def _join_header(
    page: Worksheet, rows: Sequence[tuple[Any, ...]], top: int, decimal: str
) -> list[str]:
    """Return one name a column: what stands above it, joined, merged cells spread out."""
    grid = [[_write(value, decimal) for value in row] for row in rows]
    for area in page.merged_cells.ranges:
        if top <= area.min_row < top + len(grid):
            title = grid[area.min_row - top][area.min_col - 1]
            # Downwards once is enough: a name is not to be joined with itself.
            for column in range(area.min_col - 1, area.max_col):
                grid[area.min_row - top][column] = title
    columns = zip(*grid, strict=True)
    return [" / ".join(part.strip() for part in column if part) for column in columns]


def _write(value: Any, decimal: str) -> str | None:
    """Return what a cell holds as text."""
    match value:
        case None:
            return None
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
            return ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))


def _merged(page: Worksheet, first: int) -> Iterator[Problem]:
    """Yield a problem for each merged cell among the rows."""
    for area in sorted(page.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col)):
        if area.min_row >= first and page.cell(area.min_row, area.min_col).value is not None:
            where = f"sheet {page.title}, cells {area.coord}"
            yield Problem(where, "merged cells", "a value in each cell")


def _failed(page: Worksheet, first: int, missing: Collection[str]) -> Iterator[Problem]:
    """Yield a problem for each error value that does not stand for a missing figure."""
    errors = ERRORS.difference(missing)
    for number, row in enumerate(page.iter_rows(min_row=first, values_only=True), first):
        for column, value in enumerate(row, 1):
            if isinstance(value, str) and value in errors and _is_error(page, number, column):
                yield Problem(_cell(page, number, column), value, "a value")


def _is_error(page: Worksheet, row: int, column: int) -> bool:
    """Tell an error from a text that reads like one, such as a comment on it."""
    return bool(page.cell(row, column).data_type == "e")


def _never_computed(source: bytes, page: Worksheet, first: int, subject: str) -> Iterator[Problem]:
    """Yield a problem for each formula of which the file does not hold the value."""
    with refusing(subject), zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(FORMULA.search(archive.read(name)) for name in parts):
            return
    formulas = _open(source, subject, data_only=False)[page.title]
    for number, row in enumerate(formulas.iter_rows(min_row=first), first):
        for column, cell in enumerate(row, 1):
            value = page.cell(number, column)
            # The type tells a formula whose value is the empty text from one without a value.
            if cell.data_type == "f" and value.value is None and value.data_type != "str":
                expected = "its value (open the workbook in Excel and save it)"
                yield Problem(_cell(page, number, column), "a formula never computed", expected)


def _cell(page: Worksheet, row: int, column: int) -> str:
    """Return the place of a cell in words."""
    return f"sheet {page.title}, cell {get_column_letter(column)}{row}"
