"""The bytes of a file that is read, packed with gzip or not, from a place or from memory."""

import gzip
import io
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from everycount.errors import InputError, Problem
from everycount.io.files import read_bytes

GZIP = b"\x1f\x8b"
HEAD = 1 << 16
"""Bytes by which a format is recognised."""
UNPACKED_AT_MOST = 8 << 30
"""Bytes that a packed file may grow to which is read piece by piece: five million rows of 1,700
bytes each. A few kilobytes can be made to fill a disk."""
WHOLE_AT_MOST = 1 << 29
"""The same for a file that must be in memory whole, where it takes several times its size. Five
million observations in SDMX-JSON have some 300 megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file by its name, with its place or its content.

    Examples
    --------
    >>> Source(name="a.csv", content=b"area").head()
    b'area'
    """

    name: str
    path: Path | None = None
    content: bytes = b""
    delimiter: Literal[",", ";", "tab"] | None = None
    """What separates cells of a text, where the user says so."""
    sheet: str | None = None
    """Sheet of a workbook, where the user says so."""
    header_row: int = 1
    """Row of a workbook in which its header begins."""
    header_rows: int = 1
    """How many rows the header of a workbook has."""
    decimal: Literal[".", ","] = "."
    """Decimal mark with which a workbook's numbers are written out."""

    @classmethod
    def at(cls, path: Path | str) -> "Source":
        """Return the file at a place; ``-`` is standard input.

        Raises
        ------
        NotFound
            If there is none.
        InputError
            If it is a folder or may not be read.
        """
        if str(path) == "-":
            return cls(name="standard input", content=sys.stdin.buffer.read())
        place = Path(path)
        if not place.is_file():
            read_bytes(place)  # says what is wrong
        return cls(name=place.name, path=place)

    def beside(self, name: str) -> "Source | None":
        """Return the file of a name in the same folder, packed or not, if there is one."""
        if self.path is None:
            return None
        for each in (name, f"{name}.gz"):
            place = self.path.with_name(each) if "/" not in each else self.path.parent / each
            if place.is_file():
                return Source(name=place.name, path=place)
        return None

    @property
    def stem(self) -> str:
        """The name in small letters without ``.gz``."""
        return self.name.lower().removesuffix(".gz")

    def open(self) -> BinaryIO:
        """Open the unpacked bytes.

        Reading them raises InputError where there are more than are allowed.
        """
        return self._open(UNPACKED_AT_MOST)

    def _open(self, most: int) -> BinaryIO:
        """Open the unpacked bytes, of which there may be so many."""
        raw = self.path.open("rb") if self.path else io.BytesIO(self.content)
        start = raw.read(2)
        raw.seek(0)
        if start != GZIP:
            return cast("BinaryIO", raw)
        if self.path:
            raw.close()  # an archive closes what it opened itself, not what it was given
        return cast("BinaryIO", _Unpacked(self.path or raw, self.name, most))

    def head(self, size: int = HEAD) -> bytes:
        """Return the first bytes.

        Raises
        ------
        InputError
            If it is packed and damaged.
        """
        try:
            with self.open() as opened:
                return opened.read(size)
        except (EOFError, OSError, zlib.error) as error:
            raise self.damaged() from error

    def read(self) -> bytes:
        """Return all bytes.

        Raises
        ------
        InputError
            If it is packed and damaged, or grows beyond what is allowed.
        """
        try:
            with self._open(WHOLE_AT_MOST) as opened:
                return opened.read()
        except (EOFError, OSError, zlib.error) as error:
            raise self.damaged() from error

    def damaged(self) -> InputError:
        """Return the error of a packed file that is not whole."""
        problem = Problem("file", "a gzip archive that is truncated or not gzip", "a whole one")
        return InputError(self.name, [problem])


class _Unpacked(gzip.GzipFile):
    """A gzip archive that says so when it grows beyond what is allowed."""

    def __init__(self, packed: Path | BinaryIO, name: str, most: int) -> None:
        if isinstance(packed, Path):
            super().__init__(packed, "rb")
        else:
            super().__init__(fileobj=packed)
        self.subject, self.most = name, most

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes."""
        is_all = size is None or size < 0
        return self._counted(super().read(self.most + 1 if is_all else size))

    def readline(self, size: int | None = -1) -> bytes:
        """Return the next line."""
        return self._counted(super().readline(-1 if size is None else size))

    def _counted(self, content: bytes) -> bytes:
        """Return bytes once it is known that they are not too many with those before them."""
        if self.tell() > self.most:
            found = f"more than {self.most:,} bytes when unpacked"
            expected = "less (send it unpacked, or in several files)"
            raise InputError(self.subject, [Problem("file", found, expected)])
        return content
