"""Read CSV in batches of text, each row checked for its number of cells."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.csv import Delimiter, read_table
from everycount.io.importers.source import Source

BATCH = 1 << 24
"""Bytes of a batch: some 100,000 to 300,000 observations, 200 megabytes while they are fitted."""
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
        services pad their answers with are passed over.
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
        As `read_table`; and if the file holds nothing but NUL bytes, as a failed copy does.
    """
    delimiter = delimiter or source.delimiter or ("tab" if source.stem.endswith(".tsv") else None)
    header, rest, offset, padding = b"", b"", skipped, 0
    with source.open() as opened:
        for _ in range(skipped):
            _read_line(opened, source)
        while chunk := _read(opened, source):
            whole, rest = _cut(rest + chunk.replace(b"\0", b""))
            padding += chunk.count(0)
            if not header:
                header, whole = _split_header(whole)
            if not whole.strip(EMPTY):
                rest = whole + rest  # empty rows go with those that follow, and are counted there
                continue
            table = read_table(
                header + whole, subject=source.name, delimiter=delimiter, offset=offset
            )
            offset += table.height
            yield table
    if padding and not (header + rest).strip(EMPTY):
        found = Problem("file", f"nothing but {padding:,} NUL bytes", "a header and rows")
        raise InputError(source.name, [found])
    if rest.strip(EMPTY) or offset == skipped:
        if not header:
            header, rest = _split_header(rest)
        yield read_table(header + rest, subject=source.name, delimiter=delimiter, offset=offset)


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
