"""Read CSV in batches of text, each row checked for its number of cells."""

import re
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import numpy as np
import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.csv import Delimiter, read_table
from everycount.io.importers.source import Source
from everycount.io.text import utf8

NUL = re.compile(rb"(?<=[^\0\r\n])\0+(?=[^\0\r\n])")
"""NUL bytes inside a row. Before, behind and between rows they are padding."""
ROW_AT_MOST = 1 << 25
"""Bytes of one row, with empty ones before it. Beyond, a quotation mark was never closed, or the
file is made to fill the memory: a real row has some thousands."""
BATCH = 1 << 24
"""Bytes of a batch: some 100,000 to 300,000 observations, 200 megabytes while they are fitted."""
SHOWN = 100
"""NUL bytes inside rows that are told one by one."""
AROUND = 12
"""Bytes around one that a message shows."""
EMPTY = b"\r\n\t ,;"
"""What rows without any cell are made of."""


def csv_batches(
    source: Source, delimiter: Delimiter | None = None, *, skipped: int = 0
) -> Iterator[pl.DataFrame]:
    """Yield a CSV file as tables of text, in the order of the file.

    Parameters
    ----------
    source : Source
        UTF-8, with or without a byte order mark, quoted as RFC 4180 says. NUL bytes that some
        services pad their answers with, between and behind rows, are passed over.
    delimiter : {",", ";", "tab"}, optional
        What separates cells. If left out, what the user says, else a tab if the name ends in
        ``.tsv``, else a comma.
    skipped : int
        Lines above the header.

    Yields
    ------
    DataFrame
        Cells as text; empty ones are null. Empty rows stay.

    Raises
    ------
    InputError
        As `read_table`; if the file holds nothing but NUL bytes, as a failed copy does, or one
        inside a row; or if a row is longer than any can be.
    """
    delimiter = delimiter or source.delimiter or ("tab" if source.stem.endswith(".tsv") else None)
    header, rest, offset = b"", b"", skipped
    padding = _Padding(source.name, skipped)
    with source.open() as opened:
        for _ in range(skipped):
            _read_line(opened, source)
        while chunk := _read(opened, source):
            if len(rest) > ROW_AT_MOST:
                raise _endless(source, offset)
            whole, rest = _cut(rest + chunk)
            whole, rest = padding.taken_from(whole), padding.taken_before(rest)
            if not header:
                header, whole = _split_header(whole)
            if not whole.strip(EMPTY):
                rest = whole + rest  # empty rows go with those that follow, and are counted there
                padding.lines -= whole.count(b"\n")
                continue
            table = read_table(
                header + whole, subject=source.name, delimiter=delimiter, offset=offset
            )
            offset += table.height
            yield table
    rest = padding.taken_from(rest)
    if padding.count and not (header + rest).strip(EMPTY):
        found = Problem("file", f"nothing but {padding.count:,} NUL bytes", "a header and rows")
        raise InputError(source.name, [found])
    if rest.strip(EMPTY) or offset == skipped:
        if not header:
            header, rest = _split_header(rest)
        yield read_table(header + rest, subject=source.name, delimiter=delimiter, offset=offset)


class _Padding:
    """Takes NUL bytes from the rows of a file where they are padding, and refuses them elsewhere.

    A NUL inside a code was part of it, or stands for letters that were lost: without it SE and
    ATS would become a code that nobody wrote.
    """

    def __init__(self, subject: str, lines: int) -> None:
        self.subject, self.lines = subject, lines
        self.count = 0

    def taken_from(self, rows: bytes) -> bytes:
        """Return whole rows without padding."""
        if b"\0" in rows:
            inside = list(islice(NUL.finditer(rows), SHOWN))
            if inside:
                if b"\0\0" not in rows and rows.count(0) > len(rows) / 3:
                    utf8(rows, subject=self.subject)  # UTF-16, which it tells
                raise InputError(self.subject, [self._tell(rows, each) for each in inside])
            self.count += rows.count(0)
            rows = rows.replace(b"\0", b"")
        self.lines += rows.count(b"\n")
        return rows

    def taken_before(self, rest: bytes) -> bytes:
        """Return a row that goes on without the padding before it, which may have no end."""
        plain = rest.lstrip(b"\0")
        self.count += len(rest) - len(plain)
        return plain

    def _tell(self, rows: bytes, found: re.Match[bytes]) -> Problem:
        """Return the problem of NUL bytes inside a row."""
        number = self.lines + rows.count(b"\n", 0, found.start()) + 1
        before = rows[max(found.start() - AROUND, 0) : found.start()].rpartition(b"\n")[2]
        behind = rows[found.end() : found.end() + AROUND].partition(b"\n")[0]
        text = (before + b"\0" + behind).decode(errors="replace")
        return Problem(f"line {number}", f"a NUL byte in {text!r}", "the letters that stood there")


def _endless(source: Source, offset: int) -> InputError:
    """Return the error of a row that does not end."""
    found = f"a row of more than {ROW_AT_MOST >> 20} MiB, or as many bytes of empty ones"
    expected = "shorter ones; perhaps a quotation mark is never closed"
    return InputError(source.name, [Problem(f"behind row {offset + 1}", found, expected)])


def _read(opened: BinaryIO, source: Source) -> bytes:
    """Return the next bytes of a file."""
    try:
        return opened.read(BATCH)
    except (EOFError, OSError, zlib.error) as error:
        raise source.damaged() from error


def _read_line(opened: BinaryIO, source: Source) -> bytes:
    """Return the next line of a file."""
    try:
        return opened.readline()
    except (EOFError, OSError, zlib.error) as error:
        raise source.damaged() from error


def _cut(content: bytes) -> tuple[bytes, bytes]:
    """Return the whole rows, and the beginning of one that goes on."""
    if b'"' not in content:
        last = content.rfind(b"\n") + 1
        return content[:last], content[last:]
    characters = np.frombuffer(content, np.uint8)
    is_end = characters == ord("\n")
    is_end &= ~np.bitwise_xor.accumulate(characters == ord('"'))
    ends = np.flatnonzero(is_end)
    last = int(ends[-1]) + 1 if len(ends) else 0
    return content[:last], content[last:]


def _split_header(content: bytes) -> tuple[bytes, bytes]:
    """Return the first row and the others."""
    ends = np.flatnonzero(np.frombuffer(content, np.uint8) == ord("\n"))
    whole = [end for end in ends[:100].tolist() if content[:end].count(b'"') % 2 == 0]
    first = whole[0] + 1 if whole else len(content)
    return content[:first], content[first:]
