"""Read CSV as text: a header, then one row a line, nothing guessed."""

import csv
import io
from typing import Literal

import numpy as np
import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.text import name_columns, utf8

Delimiter = Literal[",", ";", "tab"]
CHARACTERS = {",": ",", ";": ";", "tab": "\t"}
NAMES = {"\t": "tab"}
COLUMNS = 16_384
"""Columns of a table: as many as a sheet of Excel has. Each costs a thousand times its bytes."""
LISTED = 10_000
"""Rows of a wrong length that are told one by one: more would fill the memory with messages."""
DECLARED = "declare delimiter = {other}"
"""What to do about another delimiter where a layout or option can declare it."""
ONLY_COMMAS = (
    "save the file with commas between its cells (LibreOffice asks for the separator when it saves "
    "CSV; Excel takes the list separator of the system)"
)
"""The same for files whose columns are fixed, and with them the comma."""


def read_table(
    source: bytes,
    *,
    subject: str,
    delimiter: Delimiter | None = None,
    offset: int = 0,
    remedy: str = DECLARED,
) -> pl.DataFrame:
    r"""Read CSV into a table of text.

    Parameters
    ----------
    source : bytes
        UTF-8, with or without a byte order mark; quoted as RFC 4180 says.
    subject : str
        What messages call the file.
    delimiter : {",", ";", "tab"}, optional
        What separates cells. A comma if left out: it is never guessed.
    offset : int
        Rows of the file that stood between the header and these, for the numbers in messages.

    Returns
    -------
    DataFrame
        All columns are text: area "004" stays "004" and "NA" stays Namibia. Empty cells are
        null; empty rows stay, so that row `i` of the file is row ``i - 2`` here.

    Raises
    ------
    InputError
        With every row that has too many or too few cells, a wrong encoding, a repeated or
        missing name of a column, or no rows.

    References
    ----------
    .. [1] RFC 4180 (2005), Common Format and MIME Type for CSV Files, section 2.

    Examples
    --------
    >>> table = read_table(b"area,value\n004,1.50\nNA,\n", subject="figures.csv")
    >>> table.rows()
    [('004', '1.50'), ('NA', None)]
    """
    separator = CHARACTERS[delimiter or ","]
    content = utf8(source, subject=subject)
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    names = _header(content, separator, subject, remedy=remedy)
    table = _read_fast(content, separator, len(names))
    if table is None:
        table = _read_slowly(content, separator, len(names), subject, offset=offset)
    return name_columns(table, names, subject=subject)


def _header(content: bytes, separator: str, subject: str, *, remedy: str) -> list[str]:
    """Return the names in the first row."""
    if not content.strip():
        raise InputError(subject, [Problem("file", "nothing", "a header and rows")])
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", newline="")
    try:
        names = next(csv.reader(text, delimiter=separator, strict=True))
    except csv.Error as error:
        raise InputError(subject, [_malformed(1, error)]) from error
    if not names:
        raise InputError(subject, [Problem("row 1", "an empty row", "the header")])
    if len(names) > COLUMNS:
        expected = f"at most {COLUMNS:,}, as many as a sheet has"
        raise InputError(subject, [Problem("header", f"{len(names):,} columns", expected)])
    others = [other for other in CHARACTERS.values() if other in names[0]]
    if len(names) == 1 and others:
        other = NAMES.get(others[0], others[0])
        found = f"{names[0]!r} as one column"
        expected = f"columns separated by {NAMES.get(separator, separator)!r}"
        hint = f"{expected}; if {other!r} separates them, {remedy.format(other=repr(other))}"
        raise InputError(subject, [Problem("header", found, hint)])
    return names


def _read_fast(content: bytes, separator: str, width: int) -> pl.DataFrame | None:
    """Return the rows as polars reads them, or None if any of them needs a closer look."""
    # Polars fills short rows with nulls without a word, so rows are measured first.
    rows = _count_rows(content, separator, width)
    if rows is None:
        return None
    try:
        table = pl.read_csv(content, separator=separator, infer_schema=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    return table if table.shape == (rows - 1, width) else None


def _count_rows(content: bytes, separator: str, width: int) -> int | None:
    """Return how many rows there are if each is empty or has `width` cells, else None.

    Rows that are too long are also found by the reader; so it is enough, where no cell is quoted
    and no row empty, that there are as many separators as rows of that width have.
    """
    if b'"' not in content and b"\n\n" not in content and b"\r" not in content:
        rows = content.count(b"\n") + (not content.endswith(b"\n"))
        return rows if content.count(separator.encode()) == rows * (width - 1) else None
    characters = np.frombuffer(content, np.uint8)
    is_end, is_cell_end = characters == ord("\n"), characters == ord(separator)
    if b'"' in content:
        quoted = np.bitwise_xor.accumulate(characters == ord('"'))
        if quoted[-1]:
            return None
        is_end &= ~quoted
        is_cell_end &= ~quoted
    ends = np.flatnonzero(is_end)
    if not is_end[-1]:
        ends = np.append(ends, len(characters))
    starts = np.append(0, ends[:-1] + 1)
    separators = np.diff(np.searchsorted(np.flatnonzero(is_cell_end), ends), prepend=0)
    is_empty = (ends == starts) | ((ends == starts + 1) & (characters[starts] == ord("\r")))
    return len(ends) if np.all((separators == width - 1) | is_empty) else None


def _read_slowly(
    content: bytes, separator: str, width: int, subject: str, *, offset: int
) -> pl.DataFrame:
    """Return the rows as Python reads them, or raise an error that lists every ragged one."""
    text = io.StringIO(content.decode(), newline="")
    rows: list[list[str | None]] = []
    problems: list[Problem] = []
    number = 0
    try:
        rows_read = csv.reader(text, delimiter=separator, strict=True)
        for number, cells in enumerate(rows_read, 1 + offset):
            if cells and len(cells) != width:
                problems.append(_ragged(number, len(cells), width, separator))
                if len(problems) == LISTED:
                    problems.append(Problem("rows below", "not looked at", "fewer such rows"))
                    break
            rows.append(list(cells) or [None] * width)
    except csv.Error as error:
        problems.append(_malformed(number + 1, error))
    if problems:
        raise InputError(subject, problems)
    schema = {str(position): pl.String for position in range(width)}
    return pl.DataFrame(rows[1:], schema=schema, orient="row")


def _ragged(number: int, count: int, width: int, separator: str) -> Problem:
    """Return the problem of a row with too many or too few cells."""
    expected = f"{width} as in the header"
    if count > width:
        expected += f" ({NAMES.get(separator, separator)!r} inside a cell needs quotation marks)"
    return Problem(f"row {number}", f"{count} cells", expected)


def _malformed(number: int, error: csv.Error) -> Problem:
    """Return the problem of a row whose quotation marks do not fit together."""
    if "field limit" in str(error):
        found = f"a cell of more than {csv.field_size_limit():,} characters"
        return Problem(f"row {number}", found, "a shorter one, or its quotation mark closed")
    if "expected after" in str(error):
        return Problem(f"row {number}", "text after a closing quotation mark", "the next cell")
    return Problem(f"row {number}", "a quotation mark that is never closed", "a closing one")
