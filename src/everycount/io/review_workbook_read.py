"""Open a workbook of a review: the rows people filled in, and the review it was made from."""

import base64
import binascii
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl

from everycount.errors import InputError, Problem
from everycount.io.files import digest
from everycount.io.review_file import parse_review
from everycount.io.review_workbook_cells import cell_text
from everycount.io.review_workbook_rows import Sheet
from everycount.io.review_workbook_write import CARRIER, LAYOUT
from everycount.io.words import one_of, quote
from everycount.io.workbook import refusing
from everycount.model.review import Review

EXPECTED = "the workbook of a review (.xlsx)"
LARGEST = 2**30
"""Bytes a workbook may unfold to: 1 GB, some hundred times a review of 3,000 issues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a sheet as it was found: what each column says, by its title."""

    number: int
    """Row of the sheet, from 1."""
    cells: dict[str, str]


class Opened:
    """A workbook that was opened, and what was found wrong in it so far."""

    def __init__(self, source: bytes, subject: str) -> None:
        self.subject = subject
        self.book = _open(source, subject)
        self.problems: list[Problem] = []
        self.notices: list[str] = []

    def refuse(self) -> None:
        """Raise one error with all that was found wrong, if anything was."""
        if self.problems:
            raise InputError(self.subject, self.problems)

    def carried(self) -> Review:
        """Return the review that the workbook was made from."""
        cells = self.column(CARRIER)
        if not cells:
            expected = "the hidden sheet that Everycount wrote; without it edits cannot be told"
            self.problems.append(Problem(f"sheet {CARRIER}", "nothing", expected))
        elif cells[0] != LAYOUT:
            found = Problem(f"sheet {CARRIER}, cell A1", quote(cells[0]), repr(LAYOUT))
            self.problems.append(found)
        self.refuse()
        written = _unpacked("".join(cells[2:]))
        if written is None or digest(written) != (cells[1] if len(cells) > 1 else ""):
            expected = "the hidden sheet as it was written; export the workbook again"
            raise InputError(self.subject, [Problem(f"sheet {CARRIER}", "another one", expected)])
        return parse_review(written, subject=f"{self.subject}, sheet {CARRIER}")

    def column(self, name: str) -> list[str]:
        """Return the first column of a sheet; nothing if there is no such sheet."""
        if name not in self.book.sheetnames:
            return []
        return [cell_text(row[0].value) for row in self.rows(name) if row]

    def rows(self, name: str) -> list[Any]:
        """Return the rows of a sheet, whatever size it says it has."""
        page = self.book[name]
        page.reset_dimensions()
        with refusing(self.subject, expected=EXPECTED):
            return list(page.iter_rows())

    def lines(self, sheet: Sheet) -> list[Line]:
        """Return the rows of a sheet that hold anything, noting what is wrong with the header."""
        if sheet.name not in self.book.sheetnames:
            others = [name for name in self.book.sheetnames if name != CARRIER]
            expected = f"the sheet, under this name ({one_of(others, noun='sheets')})"
            self.problems.append(Problem(f"sheet {sheet.name}", "nothing", expected))
            return []
        rows = self.rows(sheet.name)
        places = self.header(sheet, [cell_text(cell.value) for cell in rows[0]] if rows else [])
        lines = []
        for number, row in enumerate(rows[1:], 2):
            cells = {
                title: cell_text(row[at].value) if at < len(row) else ""
                for title, at in places.items()
            }
            self.problems += _not_values(sheet, number, row, places)
            if any(cells.values()):
                lines.append(Line(number=number, cells=cells))
        return lines

    def header(self, sheet: Sheet, found: Sequence[str]) -> dict[str, int]:
        """Return where the columns of a sheet are."""
        titles = [column.title for column in sheet.columns]
        unknown = [title for title in found if title and title not in titles]
        for title in titles:
            where = f"sheet {sheet.name}, header"
            if title not in found:
                listed = f"no column {title!r}" + (f" but {unknown}" if unknown else "")
                self.problems.append(Problem(where, listed, "the columns as they were named"))
            elif found.count(title) > 1:
                self.problems.append(Problem(where, f"{title!r} twice", "each column once"))
        if unknown:
            listed = ", ".join(map(repr, unknown))
            self.notices.append(f"sheet {sheet.name}: columns not read: {listed}")
        return {title: found.index(title) for title in titles if title in found}


def _not_values(
    sheet: Sheet, number: int, row: Sequence[Any], places: dict[str, int]
) -> Iterator[Problem]:
    """Yield the cells of a row that hold a formula or an error."""
    for title, at in places.items():
        kind = row[at].data_type if at < len(row) else "n"
        if kind in {"f", "e"}:
            where = f"sheet {sheet.name}, row {number}, {title}"
            found = "a formula" if kind == "f" else str(row[at].value)
            yield Problem(where, found, "a value (copy the cell and paste it as a value)")


def _open(source: bytes, subject: str) -> openpyxl.Workbook:
    """Return the workbook, its formulas as such."""
    with refusing(subject, expected=EXPECTED):
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            size = sum(part.file_size for part in archive.infolist())
        if size > LARGEST:
            found = f"a file that unfolds to {size / 1e9:.1f} GB"
            raise InputError(subject, [Problem("file", found, "the workbook of a review")])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # lists and styles of other programs
            return openpyxl.load_workbook(io.BytesIO(source), read_only=True)


def _unpacked(letters: str) -> bytes | None:
    """Return the review that a workbook carries, or None if it was damaged."""
    unfolding = zlib.decompressobj()
    try:
        return unfolding.decompress(base64.b64decode(letters, validate=True), LARGEST)
    except (binascii.Error, ValueError, zlib.error):
        return None
