"""The figures of a page as files: the same rows, whole numbers, with where they come from."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import xlsxwriter
from django.http import HttpResponse

from everycount.errors import NotFound

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHEET = 31
"""Letters that Excel lets a sheet's name have."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """One table of a page."""

    id: str
    """Its name in files: letters, digits and hyphens."""
    title: str
    rows: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What stands in each file besides the rows."""

    title: str
    address: str
    release: str
    licence: str
    citation: str


def file_of(tables: Sequence[Table], about: About, *, ending: str, name: str) -> HttpResponse:
    """Return the tables of a page as a file.

    Parameters
    ----------
    tables : sequence of Table
        A CSV file holds the first alone.
    about : About
        What the file says of itself, in the sheet About or the keys of JSON.
    ending : str
        csv, xlsx or json.
    name : str
        What the file is called, without its ending.

    Raises
    ------
    NotFound
        If there is no such ending.
    """
    if ending not in TYPES:
        raise NotFound(f"a page has its data as {', '.join(TYPES)}, not as {ending}")
    write = {"csv": _csv, "json": _json, "xlsx": _xlsx}[ending]
    response = HttpResponse(write(tables, about), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def _csv(tables: Sequence[Table], about: About) -> bytes:
    # Excel takes a file for UTF-8 only with this mark; others skip it.
    return b"\xef\xbb\xbf" + _flat(tables[0].rows).write_csv().encode()


def _json(tables: Sequence[Table], about: About) -> bytes:
    content = {
        "title": about.title,
        "address": about.address,
        "release": about.release,
        "licence": about.licence,
        "citation": about.citation,
        "tables": [
            {"id": each.id, "title": each.title, "rows": _flat(each.rows).to_dicts()}
            for each in tables
        ],
    }
    return json.dumps(content, ensure_ascii=False, allow_nan=False).encode()


def _xlsx(tables: Sequence[Table], about: About) -> bytes:
    file = io.BytesIO()
    # No cell may become a formula or a link: the texts are other people's.
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(file, safe) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("About")
        lines = (
            ("Title", about.title),
            ("Address", about.address),
            ("Release", about.release),
            ("Licence", about.licence),
            ("Citation", about.citation),
        )
        for number, (label, text) in enumerate(lines):
            sheet.write_string(number, 0, label, bold)
            sheet.write_string(number, 1, text)
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 1, 90)
        for table in tables:
            _sheet(book.add_worksheet(table.id[:SHEET]), table.rows, bold)
    return file.getvalue()


def _sheet(sheet: object, rows: pl.DataFrame, bold: object) -> None:
    flat = _flat(rows)
    for column, name in enumerate(flat.columns):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(flat.iter_rows(), start=1):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value)
    sheet.freeze_panes(1, 0)


def _flat(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows without lists and without numbers that are none."""
    lists = [name for name, kind in rows.schema.items() if isinstance(kind, pl.List)]
    numbers = [name for name, kind in rows.schema.items() if kind.is_float()]
    return rows.with_columns(
        *(pl.col(name).cast(pl.List(pl.String)).list.join("; ") for name in lists),
        *(pl.col(name).fill_nan(None) for name in numbers),
    )
