"""Write sheets of a review into a workbook that people fill in."""

import base64
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from everycount.io.files import digest
from everycount.io.review_file import review_bytes
from everycount.io.review_workbook_cells import Cell, shown
from everycount.io.review_workbook_rows import Column, Context, Sheet

CARRIER = "everycount"
"""Hidden sheet with the review as it was written out, by which edits are told."""
LISTS = "Lists"
"""Hidden sheet with what coded columns are chosen from."""
LAYOUT = "everycount-review-workbook/1"
PIECE = 32_000
"""Letters of the carried review in one cell."""
BLANK_ROWS = 100
"""Empty rows below, for what people add."""
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
"""The same in every workbook, so that the same review gives the same bytes."""
GREY = "#EDEDED"
PROTECTION = {
    "autofilter": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "sort": True,
}
"""What stays allowed on a protected sheet; there is no password, so that it can be taken off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A sheet that is only read."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    widths: tuple[int, ...] = ()


def write_workbook(context: Context, pages: Sequence[Page | Sheet]) -> bytes:
    """Return the workbook of a review.

    Parameters
    ----------
    context : Context
        The review.
    pages : sequence of Page or Sheet
        Its sheets, in order.

    Returns
    -------
    bytes
        An ``.xlsx`` file. Every text is a text, also one that begins as a formula does.
    """
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": CREATED})
        writing = _Writing(book)
        for page in pages:
            if isinstance(page, Page):
                writing.page(page)
            else:
                writing.sheet(page, context)
        writing.lists()
        writing.carry(review_bytes(context.review))
    return stream.getvalue()


class _Writing:
    """A workbook being written, with its formats."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        usual = {"valign": "top", "text_wrap": True, "num_format": "@"}
        self.book = book
        self.head = book.add_format({**usual, "bold": True, "bottom": 1, "bg_color": GREY})
        self.grey = book.add_format({**usual, "bg_color": GREY})
        self.white = book.add_format({**usual, "locked": False})
        number = {**usual, "num_format": "General"}
        self.number = {
            True: book.add_format({**number, "locked": False}),
            False: book.add_format({**number, "bg_color": GREY}),
        }
        self.choices: dict[tuple[str, ...], str] = {}

    def page(self, page: Page) -> None:
        """Write a sheet that is only read."""
        sheet = self.book.add_worksheet(page.name)
        for at, title in enumerate(page.columns):
            sheet.write_string(0, at, title, self.head)
        for at, row in enumerate(page.rows, 1):
            for place, value in enumerate(row):
                self.cell(sheet, (at, place), value, is_open=False)
        for at, width in enumerate(page.widths):
            sheet.set_column(at, at, width)
        self.finish(sheet, len(page.rows), len(page.columns))

    def sheet(self, page: Sheet, context: Context) -> None:
        """Write a sheet that comes back."""
        sheet = self.book.add_worksheet(page.name)
        rows = page.rows(context.review)
        end = len(rows) + BLANK_ROWS
        for at, column in enumerate(page.columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.title, self.head)
            is_open = column.mark == "edited"
            for line, row in enumerate(rows, 1):
                self.cell(sheet, (line, at), column.cell(row, context), is_open=is_open)
            for line in range(len(rows) + 1, end + 1):
                sheet.write_blank(line, at, None, self.white if _is_filled(column) else self.grey)
            if column.form.choices and _is_filled(column):
                source = self.list(column.form.choices)
                choice: dict[str, Any] = {"validate": "list", "source": source}
                sheet.data_validation(1, at, end, at, choice)
        self.finish(sheet, end, len(page.columns))

    def cell(self, sheet: Any, place: tuple[int, int], value: Cell, *, is_open: bool) -> None:
        """Write one cell: a number as one, everything else as text."""
        value = shown(value)
        if isinstance(value, int | float):
            sheet.write_number(*place, value, self.number[is_open])
        elif value:
            sheet.write_string(*place, value, self.white if is_open else self.grey)
        else:
            sheet.write_blank(*place, None, self.white if is_open else self.grey)

    def finish(self, sheet: Any, rows: int, columns: int) -> None:
        """Freeze the header, set filters, protect what is locked."""
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, rows, columns - 1)
        sheet.protect("", PROTECTION)

    def list(self, choices: tuple[str, ...]) -> str:
        """Return where the choices will stand."""
        if choices not in self.choices:
            letter = xl_col_to_name(len(self.choices))
            self.choices[choices] = f"={LISTS}!${letter}$1:${letter}${len(choices)}"
        return self.choices[choices]

    def lists(self) -> None:
        """Write what coded columns are chosen from."""
        sheet = self.book.add_worksheet(LISTS)
        for at, choices in enumerate(self.choices):
            for line, choice in enumerate(choices):
                sheet.write_string(line, at, choice)
        sheet.hide()

    def carry(self, review: bytes) -> None:
        """Write the review into a hidden sheet."""
        sheet = self.book.add_worksheet(CARRIER)
        letters = base64.b64encode(zlib.compress(review, 6)).decode()
        pieces = [letters[at : at + PIECE] for at in range(0, len(letters), PIECE)]
        for at, text in enumerate([LAYOUT, digest(review), *pieces]):
            sheet.write_string(at, 0, text)
        sheet.very_hidden()


def _is_filled(column: Column) -> bool:
    """Tell whether a column is filled in a new row."""
    return column.mark in {"edited", "fixed"}
