"""Write observations as an Excel workbook: About, Metadata, Data, Codelists."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from everycount.errors import InputError, Problem
from everycount.io.excel import ESCAPED
from everycount.io.exporters.description import stamp, summary
from everycount.io.exporters.outgoing import Outgoing
from everycount.io.exporters.plain_csv import telling
from everycount.io.exporters.structure_parts import parts_of
from everycount.io.exporters.text import joined, number_text

ROWS_OF_SHEET = 1_048_576
"""Microsoft, Excel specifications and limits."""
LONGEST = 32_767
"""Characters of a cell. Same source."""
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
DATA = "Data"
ROW = "\0row"
CELL_ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    **{chr(code): f"_x{code:04X}_" for code in (*range(9), 11, 12, *range(13, 32), 0xFFFE, 0xFFFF)},
}
"""Characters that cannot stand in a cell as they are. ECMA-376 part 1, 22.9.2.19, ST_Xstring."""
Row = Sequence[str | None]


class FigureSheet(Worksheet):  # type: ignore[misc]  # it has no types
    """A sheet of observations, written whole columns at a time and not cell by cell.

    The library takes minutes for a million of them, and its numbers lose the last of 17 digits.
    Only the step in which a sheet takes its rows from a temporary file is replaced.
    """

    figures: Iterator[str] = iter(())
    """The rows as XML. Each sheet is given its own."""

    def hold(self, figures: Iterator[str], rows: int, columns: int) -> None:
        """Take the rows, of which there are so many below the header."""
        self.figures = figures
        # Readers that stream believe what a sheet says of its size.
        self.dim_rowmin, self.dim_rowmax = 0, rows
        self.dim_colmin, self.dim_colmax = 0, columns - 1

    def _write_optimized_sheet_data(self) -> None:
        """Write the rows."""
        self._xml_start_tag("sheetData")
        for rows in self.figures:
            self.fh.write(rows)
        self._xml_end_tag("sheetData")
        self.row_data_fh.close()
        Path(self.row_data_filename).unlink()


def write_excel(outgoing: Outgoing, file: BinaryIO) -> tuple[str, ...]:
    """Write a workbook. No cell can start a formula, and codes such as 004 stay text.

    Parameters
    ----------
    outgoing : Outgoing
        The observations.
    file : BinaryIO
        Open for writing.

    Returns
    -------
    tuple of str
        What was changed, in words: nothing.

    Raises
    ------
    InputError
        If a sheet cannot hold so many observations, or a cell so long a text.
    """
    if outgoing.rows >= ROWS_OF_SHEET:
        advice = (
            f"at most {ROWS_OF_SHEET - 1:,} in a sheet; write fewer indicators, or csv, "
            "sdmx-csv or parquet"
        )
        found = f"{outgoing.rows:,} observations"
        raise InputError("the workbook", [Problem("sheet Data", found, advice)])
    problems: list[Problem] = []
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.use_zip64()
        # Excel keeps no time zone.
        book.set_properties({"title": outgoing.title, "created": _naive(outgoing.prepared)})
        bold = book.add_format({"bold": True})
        for title, widths, header, rows in _sheets(outgoing):
            sheet = book.add_worksheet(title, FigureSheet if title == DATA else None)
            for column, width in enumerate(widths):
                sheet.set_column(column, column, width)
            sheet.freeze_panes(1, 0)
            if title == DATA:
                problems.extend(_too_long(outgoing, header))
                sheet.hold(_figures(outgoing, header), outgoing.rows, len(header))
                continue
            for column, name in enumerate(header):
                sheet.write_string(0, column, name, bold)
            for number, row in enumerate(rows, 1):
                problems.extend(_write(sheet, number, row, header))
    if problems:
        raise InputError("the workbook", problems)
    return ()


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _write(sheet: Any, number: int, row: Row, header: Sequence[str]) -> Iterator[Problem]:
    """Write the cells of a row as text, whatever they look like."""
    for column, value in enumerate(row):
        if value is None:
            continue
        if len(value) > LONGEST:
            where = f"sheet {sheet.get_name()}, row {number + 1}, {header[column]}"
            yield Problem(where, f"{len(value):,} characters", f"at most {LONGEST:,} in a cell")
        else:
            sheet.write_string(number, column, value)


def _too_long(outgoing: Outgoing, names: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for each cell whose text Excel cannot hold."""
    texts = [name for name in names if outgoing.structure.by_id[name].kind in {"code", "text"}]
    first = 2
    for batch in outgoing.batches():
        for name in texts:
            lengths = batch[name].str.len_chars()
            for place in (lengths > LONGEST).arg_true().to_list():
                where = f"sheet {DATA}, row {first + place}, {name}"
                found = f"{lengths[place]:,} characters"
                yield Problem(where, found, f"at most {LONGEST:,} in a cell")
        first += batch.height


def _figures(outgoing: Outgoing, names: Sequence[str]) -> Iterator[str]:
    """Yield the header and the observations as rows of a sheet's XML."""
    header = pl.DataFrame({name: [name] for name in names})
    yield _rows(header, [_text_cell(number, name) for number, name in enumerate(names)], first=1)
    first = 2
    for batch in outgoing.batches():
        cells = [
            _number_cell(number, name)
            if outgoing.structure.by_id[name].kind in {"number", "integer"}
            else _text_cell(number, name)
            for number, name in enumerate(names)
        ]
        yield _rows(batch, cells, first=first)
        first += batch.height


def _rows(batch: pl.DataFrame, cells: Sequence[pl.Expr], *, first: int) -> str:
    """Return rows of a sheet's XML; cells have ``{row}`` where its number goes."""
    numbered = batch.with_row_index(ROW, offset=first)
    parts = (pl.lit('<row r="'), pl.col(ROW).cast(pl.String), pl.lit('">'), *cells)
    return joined(numbered, (*parts, pl.lit("</row>")), "").decode()


def _number_cell(number: int, name: str) -> pl.Expr:
    """Return cells of numbers, empty where there is none."""
    place = pl.lit(f'<c r="{xl_col_to_name(number)}')
    parts = (place, pl.col(ROW).cast(pl.String), pl.lit('"><v>'), number_text(name))
    return pl.concat_str(*parts, pl.lit("</v></c>")).fill_null("")


def _text_cell(number: int, name: str) -> pl.Expr:
    """Return cells of text, empty where there is none. Excel takes them for nothing else."""
    place = pl.lit(f'<c r="{xl_col_to_name(number)}')
    escaped = pl.col(name).str.replace_all(ESCAPED.pattern, "_x005F_x${1}_")
    escaped = escaped.str.replace_many(CELL_ENTITIES)
    opened = pl.lit('" t="inlineStr"><is><t xml:space="preserve">')
    parts = (place, pl.col(ROW).cast(pl.String), opened, escaped)
    return pl.concat_str(*parts, pl.lit("</t></is></c>")).fill_null("")


def _sheets(
    outgoing: Outgoing,
) -> Iterator[tuple[str, Sequence[int], Sequence[str], Iterator[Row]]]:
    """Yield the title, widths, header and rows of each sheet."""
    names = telling(outgoing)
    languages = _languages(outgoing)
    yield "About", (24, 100), ("About", "These data"), _about(outgoing)
    columns = ("Column", "Name", "Kind", "Role", "Code list", "Agency", "Version", "Source")
    yield "Metadata", (24, 28, 10, 12, 20, 14, 10, 60), columns, _metadata(outgoing, names)
    yield DATA, [max(10, len(name) + 2) for name in names], names, iter(())
    header = ("Column", "Code", *(f"Name ({each})" for each in languages), "Part of", "Description")
    widths = (24, 24, *(40 for _ in languages), 16, 60)
    yield "Codelists", widths, header, _codes(outgoing, names, languages)


def _about(outgoing: Outgoing) -> Iterator[Row]:
    """Yield what the data are, where they are from and what was done to them."""
    yield "Title", outgoing.title
    yield "Content", summary(outgoing)
    if outgoing.is_dated:
        yield "Prepared", stamp(outgoing)
    yield "Structure", outgoing.structure.urn
    for origin in outgoing.origins:
        yield "Producer", origin.producer
        for label, value in (
            ("Source", origin.title),
            ("Licence", origin.licence),
            ("Citation", origin.citation),
            ("Address", origin.url),
            ("Published", origin.published),
            ("Accessed", origin.accessed),
            ("SHA-256 of the file", origin.sha256),
        ):
            if value:
                yield label, str(value)
    for code in outgoing.used("APPRAISAL"):
        yield "Appraisal", f"{code}: {outgoing.label('APPRAISAL', code)}"
    for note in outgoing.notes:
        yield "Note", note


def _metadata(outgoing: Outgoing, names: Sequence[str]) -> Iterator[Row]:
    """Yield each column of the data with what may stand in it."""
    for name in names:
        component = outgoing.structure.by_id[name]
        codes = outgoing.codes.get(name)
        about = (codes.id, codes.agency, codes.version, codes.source) if codes else ()
        yield name, component.name, component.kind, component.role, *about


def _languages(outgoing: Outgoing) -> list[str]:
    """Return the languages of codes, English first."""
    parts = parts_of(outgoing)
    lists = [*(each.codes for each in parts.lists.values()), *parts.labels.values()]
    known = {language for codes in lists for code in codes for language in code.name}
    return ["en", *sorted(known - {"en"})]


def _codes(outgoing: Outgoing, names: Sequence[str], languages: Sequence[str]) -> Iterator[Row]:
    """Yield the codes in use, column by column."""
    parts = parts_of(outgoing)
    for name in names:
        listed = parts.lists[name].codes if name in parts.lists else parts.labels.get(name, ())
        for code in listed:
            labels = (code.name.get(language) for language in languages)
            yield name, code.id, *labels, code.parent or None, code.description or None
