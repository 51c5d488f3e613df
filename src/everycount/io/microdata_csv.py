"""Read microdata from CSV block by block; every cell stays text."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from polars.exceptions import PanicException, PolarsError

from everycount.errors import InputError, Problem
from everycount.io.csv import NAMES, Delimiter
from everycount.io.csv_blocks import UNCLOSED, CsvShape, blocks_of, read_shape
from everycount.io.microdata_file import MicrodataFile, check_names, no_rows
from everycount.io.text import WANTED
from everycount.model.microdata import Column

MANY = 1_000
"""Faulty rows after which the rest of the file is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """What is known of some whole rows that are read together."""

    first: int
    """Number of the first row in the file, from 1; the header is row 1."""
    rows: int
    is_even: bool
    """Whether its cells and quotation marks are such that it can be read fast."""


def open_csv(path: Path, *, name: str, delimiter: Delimiter | None = None) -> MicrodataFile:
    """Open CSV; it is read once from end to end to count and to check its rows.

    Parameters
    ----------
    path : Path
        UTF-8, quoted as RFC 4180 says, plain or compressed by gzip.
    name : str
        What messages call it.
    delimiter : {",", ";", "tab"}, optional
        What separates cells. Left out: a tab where the name ends in ``.tsv``; otherwise the one
        of the three that stands in the header.

    Returns
    -------
    MicrodataFile
        All columns are text. Columns without a name are left out.

    Raises
    ------
    InputError
        With every row that has too many or too few cells; if it is not text in UTF-8, several
        separators stand in the header, a name stands twice, or there are no rows.

    References
    ----------
    .. [1] RFC 4180 (2005), Common Format and MIME Type for CSV Files, section 2.
    """
    shape = read_shape(path, name, delimiter)
    named = [title for title in shape.names if title]
    check_names(named, subject=name)
    blocks = _check(path, name, shape)
    rows = sum(block.rows for block in blocks)
    if not rows:
        raise no_rows(name)

    def read(columns: Sequence[str], at_most: int) -> Iterator[pl.DataFrame]:
        places = {shape.names.index(each): each for each in columns}
        waiting: list[pl.DataFrame] = []
        for block, content in zip(blocks, blocks_of(path, name, shape), strict=False):
            waiting.append(_parse(content, block, name, shape=shape, places=places))
            if sum(frame.height for frame in waiting) >= at_most:
                together = pl.concat(waiting)
                whole = together.height - together.height % at_most
                for at in range(0, whole, at_most):
                    yield together.slice(at, at_most)
                waiting = [together.slice(whole)]
        if any(frame.height for frame in waiting):
            yield pl.concat(waiting)

    columns = {title: Column(name=title, kind="text") for title in named}
    return MicrodataFile(name=name, files=(path,), rows=rows, columns=columns, read=read)


def _check(path: Path, name: str, shape: CsvShape) -> list[_Block]:
    """Read a file from end to end; return its blocks.

    Raises
    ------
    InputError
        With every row that has too many or too few cells, or the first place that is no text.
    """
    blocks: list[_Block] = []
    problems: list[Problem] = []
    row, line = 2, 2
    for content in blocks_of(path, name, shape):
        _refuse_no_text(content, name, line)
        rows = _even_rows(content, shape)
        block = _Block(first=row, rows=rows or 0, is_even=rows is not None)
        if rows is None:
            cells, found = _read_slowly(content, block, shape)
            problems += found
            block = _Block(first=row, rows=len(cells) + len(found), is_even=False)
        if len(problems) >= MANY:
            where = f"rows after {row + block.rows - 1}"
            problems.append(Problem(where, "no reason to look at them", "the rows above right"))
            break
        blocks.append(block)
        row, line = row + block.rows, line + content.count(b"\n")
    if problems:
        raise InputError(name, problems)
    return blocks


def _refuse_no_text(content: bytes, name: str, line: int) -> None:
    """Refuse bytes that are not UTF-8 text, `content` beginning in this line.

    Raises
    ------
    InputError
        With the line and the byte.
    """
    at, found = content.find(0), "a NUL byte"
    if at < 0:
        if content.isascii():
            return
        try:
            content.decode()
        except UnicodeDecodeError as error:
            at = error.start
            letter = content[at : at + 1].decode("cp1252", errors="ignore")
            looks = f" ({letter!r} if this is Windows-1252)" if letter else ""
            found = f"byte 0x{content[at]:02X}{looks}"
    if at >= 0:
        line += content.count(b"\n", 0, at)
        raise InputError(name, [Problem(f"line {line}", found, WANTED)])


def _even_rows(content: bytes, shape: CsvShape) -> int | None:
    """Return how many rows there are if each is empty or as wide as the header, else None."""
    characters = np.frombuffer(content, np.uint8)
    is_end, is_cell_end = characters == ord("\n"), characters == ord(shape.separator)
    if b'"' in content:
        inside = np.bitwise_xor.accumulate(characters == ord('"'))
        if inside[-1]:
            return None
        is_end &= ~inside
        is_cell_end &= ~inside
    ends = np.flatnonzero(is_end)
    if not is_end[-1]:
        ends = np.append(ends, len(characters))
    starts = np.append(0, ends[:-1] + 1)
    cells = np.diff(np.searchsorted(np.flatnonzero(is_cell_end), ends), prepend=0)
    is_empty = (ends == starts) | ((ends == starts + 1) & (characters[starts] == ord("\r")))
    return len(ends) if np.all((cells == len(shape.names) - 1) | is_empty) else None


def _parse(
    content: bytes, block: _Block, name: str, *, shape: CsvShape, places: Mapping[int, str]
) -> pl.DataFrame:
    """Return some columns of the rows of a block, by their place in the header."""
    frame = _read_fast(content, shape, sorted(places)) if block.is_even else None
    if frame is None or frame.height != block.rows:
        cells, problems = _read_slowly(content, block, shape)
        if problems:
            raise InputError(name, problems)
        columns = {str(at): [row[at] for row in cells] for at in sorted(places)}
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    frame.columns = [places[at] for at in sorted(places)]
    return frame.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _read_fast(content: bytes, shape: CsvShape, places: list[int]) -> pl.DataFrame | None:
    """Return columns as Polars reads them, or None if it cannot."""
    try:
        return pl.read_csv(
            content,
            separator=shape.separator,
            has_header=False,
            infer_schema=False,
            columns=places,
        )
    except (PolarsError, PanicException):
        return None


def _read_slowly(
    content: bytes, block: _Block, shape: CsvShape
) -> tuple[list[list[str | None]], list[Problem]]:
    """Return the rows as Python reads them, and what is wrong with the others."""
    width = len(shape.names)
    rows: list[list[str | None]] = []
    problems: list[Problem] = []
    number = block.first - 1
    text = io.StringIO(content.decode(), newline="")
    try:
        for number, cells in enumerate(csv.reader(text, delimiter=shape.separator, strict=True),
                                       block.first):  # fmt: skip
            if cells and len(cells) != width:
                problems.append(_ragged(number, len(cells), shape))
            else:
                rows.append(list(cells) or [None] * width)
    except csv.Error as error:
        wrong = "text after a closing quotation mark"
        if "expected after" in str(error):
            problems.append(Problem(f"row {number + 1}", wrong, "the next cell"))
        else:
            problems.append(Problem(f"row {number + 1}", f"an error ({error})", UNCLOSED))
    return rows, problems


def _ragged(number: int, count: int, shape: CsvShape) -> Problem:
    """Return the problem of a row with too many or too few cells."""
    expected = f"{len(shape.names)} as in the header"
    if count > len(shape.names):
        separator = NAMES.get(shape.separator, shape.separator)
        expected += f" ({separator!r} inside a cell needs quotation marks)"
    return Problem(f"row {number}", f"{count} cells", expected)
