"""Check that bytes are UTF-8 text, and name the columns of a table of text."""

from collections.abc import Sequence

import polars as pl

from everycount.errors import InputError, Problem

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
SIGNATURES = {
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
    b"PK\x03\x04": "an Excel workbook or another zip archive",
    b"\xd0\xcf\x11\xe0": "an old Office file such as .xls",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
}
"""How files begin that are often given in place of text.

Library of Congress, Sustainability of Digital Formats; RFC 1952 for gzip.
"""
WANTED = "text in UTF-8 (in Excel: Save As, 'CSV UTF-8')"


def utf8(source: bytes, *, subject: str) -> bytes:
    """Return `source` without a byte order mark once it is known to be UTF-8 text.

    Parameters
    ----------
    source : bytes
        What the file holds.
    subject : str
        What messages call it.

    Returns
    -------
    bytes
        UTF-8 without a byte order mark.

    Raises
    ------
    InputError
        If it is something else; the message says what it looks like and where.

    Examples
    --------
    >>> utf8(b"area,value", subject="figures.csv")
    b'area,value'
    """
    problem = _foreign(source) or _null_bytes(source) or _wrong_byte(source)
    if problem:
        raise InputError(subject, [problem])
    return source.removeprefix(BYTE_ORDER_MARK)


def name_columns(table: pl.DataFrame, names: Sequence[str], *, subject: str) -> pl.DataFrame:
    """Name the columns of a table of text; drop empty columns without a name and empty last rows.

    Parameters
    ----------
    table : DataFrame
        Cells as text. The empty text becomes null.
    names : sequence of str
        The header; spaces around a name are dropped.
    subject : str
        What messages call the file.

    Returns
    -------
    DataFrame
        Empty rows in between stay, so that rows can still be counted.

    Raises
    ------
    InputError
        If a name stands twice, a column with cells has none, or there are no rows.

    Examples
    --------
    >>> name_columns(pl.DataFrame({"1": ["004"]}), [" area "], subject="figures.csv")["area"][0]
    '004'
    """
    keys = [str(number) for number in range(len(names))]
    cells = table.rename(dict(zip(table.columns, keys, strict=True)))
    cells = cells.with_columns(pl.when(pl.all() != "").then(pl.all()))
    titles = [name.strip() for name in names]
    filled = {key for key in keys if cells[key].null_count() < cells.height}
    problems = [
        *_repeated(titles),
        *(
            Problem(f"column {number}", "cells but no name in the header", "a name")
            for number, (key, title) in enumerate(zip(keys, titles, strict=True), 1)
            if key in filled and not title
        ),
    ]
    if not filled:
        problems.append(Problem("file", "no rows below the header", "at least one"))
    if problems:
        raise InputError(subject, problems)
    known = {key: title for key, title in zip(keys, titles, strict=True) if title}
    height = 1 + max(_last(cells[key]) for key in filled)
    return cells.head(height).select(list(known)).rename(known)


def _repeated(titles: list[str]) -> list[Problem]:
    """Return a problem for each name that stands more than once."""
    places: dict[str, list[str]] = {}
    for number, title in enumerate(titles, 1):
        places.setdefault(title, []).append(str(number))
    return [
        Problem("header", f"{title!r} in columns {' and '.join(numbers)}", "each name once")
        for title, numbers in places.items()
        if title and len(numbers) > 1
    ]


def _last(column: pl.Series) -> int:
    """Return the position of the last cell that holds something."""
    return int(column.is_not_null().arg_true()[-1])


def _foreign(source: bytes) -> Problem | None:
    """Return a problem if the file begins as another kind of file does."""
    for signature, words in SIGNATURES.items():
        if source.startswith(signature):
            return Problem("file", words, WANTED)
    return None


def _null_bytes(source: bytes) -> Problem | None:
    """Return a problem if there are NUL bytes: padding, or UTF-16 without its mark."""
    count = source.count(0)
    if not count:
        return None
    # Latin letters in UTF-16 have NUL as every other byte, padding has it in runs.
    if b"\0\0" not in source and count > len(source) / 3:
        return Problem("file", "every other byte empty, as text in UTF-16 has", WANTED)
    line = source.count(b"\n", 0, source.index(0)) + 1
    found = f"{count} NUL bytes, which some services pad their files with"
    return Problem(f"line {line}", found, "text without them (as the producer's importer reads it)")


def _wrong_byte(source: bytes) -> Problem | None:
    """Return a problem at the first byte that is not UTF-8."""
    try:
        source.decode()
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        begin = source.rfind(b"\n", 0, error.start)
        place = f"line {line}, byte {error.start - begin}"
        byte = source[error.start : error.start + 1]
        letter = byte.decode("cp1252", errors="ignore")
        looks = f" ({letter!r} if this is Windows-1252, as Excel's plain CSV is)" if letter else ""
        return Problem(place, f"byte 0x{byte.hex().upper()}{looks}", WANTED)
    return None
