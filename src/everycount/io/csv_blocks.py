"""Cut CSV, also compressed by gzip, into blocks of whole rows, and read its header."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

import numpy as np

from everycount.errors import InputError, Problem
from everycount.io.csv import CHARACTERS, NAMES, Delimiter
from everycount.io.microdata_file import unreadable
from everycount.io.text import BYTE_ORDER_MARK, utf8

BLOCK = 8_000_000
"""Bytes read at a time."""
LONGEST = 100_000_000
"""Bytes of one row beyond which a quotation mark was never closed. Our own limit."""
GZIP = b"\x1f\x8b"
"""First bytes. RFC 1952, section 2.3.1."""
UNCLOSED = "every quotation mark that opens a cell to close it"


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvShape:
    """How the rows of a file are laid out."""

    separator: str
    names: tuple[str, ...]
    """The header, spaces around names dropped."""
    body: int
    """Bytes before the first row."""
    returns: bool
    """Whether rows end in a carriage return alone, as on old Macs."""


@contextmanager
def _opened(path: Path, name: str) -> Iterator[BinaryIO]:
    """Open a file, through gzip if it is compressed."""
    with path.open("rb") as file:
        zipped = file.read(2) == GZIP
    try:
        if zipped:
            with gzip.open(path, "rb") as unzipped:
                yield cast("BinaryIO", unzipped)
        else:
            with path.open("rb") as plain:
                yield plain
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise unreadable(name, "a gzip archive", error) from error


def read_shape(path: Path, name: str, delimiter: Delimiter | None) -> CsvShape:
    """Read the header."""
    with _opened(path, name) as file:
        start = file.read(BLOCK)
    content = utf8(_whole_letters(start), subject=name)
    if not content.strip():
        raise InputError(name, [Problem("file", "nothing", "a header and rows")])
    returns = b"\n" not in content and b"\r" in content
    if returns:
        content = content.replace(b"\r", b"\n")
    end = _end_of_rows(content, which=0) or len(content)
    line = content[:end].decode()
    separator = _separator(line, path, name, delimiter)
    names = _names(line, separator, name)
    body = end + len(start) - len(start.removeprefix(BYTE_ORDER_MARK))
    return CsvShape(separator=separator, names=names, body=body, returns=returns)


def _names(header: str, separator: str, name: str) -> tuple[str, ...]:
    """Return the names in the header."""
    try:
        cells = next(csv.reader(io.StringIO(header, newline=""), delimiter=separator), [])
    except csv.Error as error:
        raise InputError(name, [Problem("row 1", f"an error ({error})", UNCLOSED)]) from error
    names = tuple(cell.strip() for cell in cells)
    if not any(names):
        raise InputError(name, [Problem("row 1", "no names of columns", "the header")])
    return names


def _separator(header: str, path: Path, name: str, delimiter: Delimiter | None) -> str:
    """Return what separates cells."""
    if delimiter:
        return CHARACTERS[delimiter]
    stem = path.name.lower().removesuffix(".gz")
    if stem.endswith((".tsv", ".tab")):
        return "\t"
    bare = "".join(header.split('"')[::2])  # what stands outside quotation marks
    found = [each for each in CHARACTERS.values() if each in bare]
    if len(found) > 1:
        which = " and ".join(repr(NAMES.get(each, each)) for each in found)
        problem = Problem("header", f"{which}, either of which may separate", "a delimiter given")
        raise InputError(name, [problem])
    return found[0] if found else ","


def _whole_letters(content: bytes) -> bytes:
    """Return a block without a letter of UTF-8 that goes on in the next."""
    for back in range(1, min(4, len(content)) + 1):
        byte = content[-back]
        if byte >= 0xC0:  # the first byte of a letter of two to four; RFC 3629, section 3
            length = 2 + (byte >= 0xE0) + (byte >= 0xF0)
            return content[:-back] if back < length else content
        if byte < 0x80:
            break
    return content


def _end_of_rows(content: bytes, *, which: Literal[0, -1] = -1) -> int:
    """Return where the last row, or the first, ends that ends in `content`; 0 if none does."""
    if b'"' not in content:
        return (content.find(b"\n") if which == 0 else content.rfind(b"\n")) + 1
    characters = np.frombuffer(content, np.uint8)
    inside = np.bitwise_xor.accumulate(characters == ord('"'))
    ends = np.flatnonzero((characters == ord("\n")) & ~inside)
    return int(ends[which]) + 1 if len(ends) else 0


def blocks_of(path: Path, name: str, shape: CsvShape) -> Iterator[bytes]:
    """Yield the rows of a file in blocks of whole rows, without empty rows at its end."""
    rest = b""
    with _opened(path, name) as file:
        file.read(shape.body)
        read = file.read(BLOCK)
        while read:
            following = file.read(BLOCK)
            rest += read.replace(b"\r", b"\n") if shape.returns else read
            end = _end_of_rows(rest) if following else len(rest)
            if len(rest) - end > LONGEST:
                problem = Problem("file", f"a row of {LONGEST:,} bytes or more", UNCLOSED)
                raise InputError(name, [problem])
            rows = _without_empty_end(rest[:end], shape.separator)
            if rows:
                yield rows
            rest = rest[len(rows) :]  # empty rows wait for what comes after them
            read = following


def _without_empty_end(content: bytes, separator: str) -> bytes:
    """Return rows without those at the end that hold nothing but separators."""
    nothing = f"\r\n {separator}".encode()
    end = len(content)
    while end:
        start = content.rfind(b"\n", 0, end - 1) + 1
        if content[start:end].strip(nothing):
            break
        end = start
    return content[:end]
