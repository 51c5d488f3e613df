"""Open an Excel workbook within bounds, and give the cells of a sheet row by row."""

import io
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, cast

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.xml.constants import SHEET_MAIN_NS

from everycount.errors import InputError, Problem

OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # Microsoft, [MS-CFB] Compound File Binary Format, section 2.2
ROWS, COLUMNS = 1_048_576, 16_384
"""Rows and columns of a sheet. Microsoft, Excel specifications and limits."""
CELLS = 1 << 25
"""Cells from the first to the last filled row and column: 32 columns of as many rows as there can
be. Each takes some microseconds and bytes, also where a few kilobytes unpack to it."""
PART = 1 << 24
"""Bytes of a part that is read whole, such as the styles; usually some kilobytes, at most a few
millions."""
UNPACKED = 1 << 31
"""Bytes of all parts together: a sheet of `CELLS` takes some 40 bytes a cell."""
GROWTH, ALWAYS = 100, 1 << 26
"""How many times the packed size the parts may have beyond the bytes that any file may unpack to.
Sheets unpack to about 10 times, at most 30, as every cell has an address of its own; what is made
to fill the memory, to 200 and more."""
ONE_ROW = 1 << 23
"""Bytes of the XML of one row, with what stands before it: 500 for each of its possible cells."""
DIGITS = "0123456789"
FORMULA = f"{{{SHEET_MAIN_NS}}}f"
STREAMED = ("xl/worksheets/", "xl/sharedStrings")
"""How parts begin that grow with the figures and are read piece by piece."""


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
        ArithmeticError,
        EOFError,
        RuntimeError,  # a password, a kind of compression
        AssertionError,
        OSError,
    ) as error:
        words = (str(error).strip() or type(error).__name__).splitlines()[0]
        problem = Problem("file", f"a file that cannot be read as one ({words})", expected)
        raise InputError(subject, [problem]) from error


def demand_modest(source: bytes, subject: str) -> None:
    """Refuse a workbook whose parts unpack to more than a workbook of its size has.

    Raises
    ------
    InputError
        With the first part that is too long, or the sum of all; or if it is no archive.
    """
    with refusing(subject), zipfile.ZipFile(io.BytesIO(source)) as archive:
        parts = archive.infolist()
    most = min(UNPACKED, ALWAYS + GROWTH * len(source))
    total = sum(part.file_size for part in parts)
    problems = [
        Problem(f"part {part.filename}", f"{part.file_size:,} bytes", f"at most {PART:,}")
        for part in parts
        if part.file_size > PART
        and part.filename.endswith((".xml", ".rels"))
        and not part.filename.startswith(STREAMED)
    ]
    if total > most:
        found = f"{len(source):,} bytes that unpack to {total:,}"
        expected = f"at most {most:,} for a workbook of this size"
        problems.append(Problem("file", found, expected))
    if problems:
        raise InputError(subject, problems[:1])


class Cell(NamedTuple):
    """A cell that holds something. There may be millions: a tuple is made fastest."""

    column: int
    """From 1."""
    value: Any
    is_error: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a sheet, with the cells that hold something."""

    number: int
    cells: list[Cell]
    never_computed: list[int]
    """Columns of formulas of which the file does not hold the value."""


class Book:
    """A workbook. Of its sheets only those are read that are asked for.

    Parameters
    ----------
    source : bytes
        An ``.xlsx`` workbook.
    subject : str
        What messages call the file.

    Raises
    ------
    InputError
        If it is another file, damaged, or unpacks to more than a workbook has.
    """

    def __init__(self, source: bytes, subject: str) -> None:
        if not source:
            raise InputError(subject, [Problem("file", "nothing", "an Excel workbook (.xlsx)")])
        if source.startswith(OLD_OFFICE):
            found = "an old Excel file (.xls) or one with a password"
            expected = ".xlsx (open it in Excel and save it so, without a password)"
            raise InputError(subject, [Problem("file", found, expected)])
        demand_modest(source, subject)
        self.subject = subject
        with refusing(subject), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and lists that openpyxl cannot show
            self._reader = ExcelReader(io.BytesIO(source), read_only=True, data_only=True)
            self._reader.read_manifest()
            self._reader.read_strings()
            self._reader.read_workbook()
            apply_stylesheet(self._reader.archive, self._reader.wb)
            self.sheets = tuple(
                Sheet(book=self, title=sheet.name, part=part.target, shows=sheet.state == "visible")
                for sheet, part in self._reader.parser.find_sheets()
                if part.target in self._reader.valid_files and "chartsheet" not in part.Type
            )

    def parse(self, part: "_Measured") -> "_Parser":
        """Return what reads a sheet."""
        book = cast("Any", self._reader.wb)  # whose stubs leave out what its own reader asks for
        return _Parser(
            part,
            self._reader.shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )

    def open(self, part: str) -> IO[bytes]:
        """Open a part."""
        return self._reader.archive.open(part)


class Sheet:
    """A sheet of a workbook, which is read anew with each call of `rows`."""

    def __init__(self, *, book: Book, title: str, part: str, shows: bool) -> None:
        self.title, self.shows = title, shows
        self._book, self._part = book, part
        self.merged: list[CellRange] = []
        """Merged cells, known once all rows are read."""

    def rows(self) -> Iterator[Row]:
        """Yield the rows that stand in the file, in their order.

        Raises
        ------
        InputError
            If the sheet is damaged, has more rows or columns than a sheet can have, or a row
            that is longer than any can be.
        """
        subject = self._book.subject
        with refusing(subject), warnings.catch_warnings(), self._book.open(self._part) as part:
            warnings.simplefilter("ignore")  # dates that are none become errors
            measured = _Measured(part, self.title, subject)
            parser = self._book.parse(measured)
            last = 0
            for number, cells in parser.parse():
                measured.begin_row()
                row = self._row(number, cells, parser)
                if row.number <= last:
                    found = Problem(self._where, f"row {row.number} after row {last}", "ascending")
                    raise InputError(subject, [found])
                last = row.number
                yield row
            merged = parser.merged_cells
            ranges = [CellRange(each.ref) for each in merged.mergeCell] if merged else []
            self.merged = sorted(ranges, key=lambda area: (area.min_row, area.min_col))

    @property
    def _where(self) -> str:
        return f"sheet {self.title}"

    def _row(self, number: int, cells: list[dict[str, Any]], parser: "_Parser") -> Row:
        """Return a row once its place is known to be one of a sheet."""
        rows = {cell["row"] for cell in cells} or {number}
        number, column = max(rows), max((cell["column"] for cell in cells), default=1)
        problems = [
            Problem(self._where, f"{noun} {found:,}", f"at most {most:,}, as many as a sheet has")
            for noun, found, most in (("row", number, ROWS), ("column", column, COLUMNS))
            if found > most
        ]
        if len(rows) > 1 or number < 1:
            found = f"cells of the rows {', '.join(map(str, sorted(rows)[:3]))} in one row"
            problems.append(Problem(self._where, found, "each cell in its row"))
        if problems:
            raise InputError(self._book.subject, problems)
        return Row(
            number=number,
            cells=[
                Cell(cell["column"], cell["value"], cell["data_type"] == "e")
                for cell in cells
                if cell["value"] is not None
            ],
            never_computed=parser.take_uncomputed(),
        )


class _Parser(WorkSheetParser):
    """openpyxl's reader of a sheet, which also notes the formulas without a value."""

    def __init__(self, source: "_Measured", *arguments: Any, **options: Any) -> None:
        super().__init__(cast("IO[bytes]", source), *arguments, **options)
        self._uncomputed: list[int] = []

    def parse_cell(self, element: Any) -> dict[str, Any]:
        """Return a cell: texts, as most are, by the short way."""
        address = element.get("r")
        if element.get("t") == "s" and address and len(element) == 1 and element[0].text:
            letters = address.rstrip(DIGITS)
            return {
                "row": int(address[len(letters) :]),
                "column": column_index_from_string(letters),
                "value": self.shared_strings[int(element[0].text)],
                "data_type": "s",
            }
        cell = super().parse_cell(element)
        # The type tells a formula whose value is the empty text from one without a value.
        is_empty = cell["value"] is None and cell["data_type"] != "str"
        if is_empty and element.find(FORMULA) is not None:
            self._uncomputed.append(cell["column"])
        return cell

    def take_uncomputed(self) -> list[int]:
        """Return the columns of such formulas since the last call."""
        taken, self._uncomputed = self._uncomputed, []
        return taken


class _Measured:
    """The bytes of a sheet, of which one row may have only so many."""

    def __init__(self, part: IO[bytes], title: str, subject: str) -> None:
        self._part, self._title, self._subject = part, title, subject
        self._since_row = 0

    def begin_row(self) -> None:
        """Note that a row has been read."""
        self._since_row = 0

    def read(self, size: int) -> bytes:
        """Return the next bytes."""
        content = self._part.read(size)
        self._since_row += len(content)
        if self._since_row > ONE_ROW:
            found = f"more than {ONE_ROW:,} bytes in one row, or outside of all rows"
            problem = Problem(f"sheet {self._title}", found, "less")
            raise InputError(self._subject, [problem])
        return content
