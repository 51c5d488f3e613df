"""A plain table, CSV or Excel, with columns named for components or mapped to them."""

from collections.abc import Iterator

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.fit import FIRST_ROW
from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.source import Source
from everycount.model.column_mapping import COMPONENTS

NAME = "plain"
TITLE = "a CSV or Excel table with columns such as REF_AREA, or with a column mapping"
DATA = "Data"
"""The sheet of observations in the workbooks that we write, and in many others."""
WORKBOOK = b"PK\x03\x04"
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file is a workbook or text in rows."""
    return name.endswith(ENDINGS) or head.startswith(WORKBOOK) or b"," in head.split(b"\n", 1)[0]


def parse(source: Source) -> Parsed:
    """Read a table whose mapping the user gives.

    Raises
    ------
    InputError
        If a header of several rows or below the first is declared for a text.
    """
    below = source.header_row + source.header_rows
    if below > FIRST_ROW and source.head(4) != WORKBOOK:
        found = f"header_row = {source.header_row}, header_rows = {source.header_rows}"
        expected = "a workbook; of a text the first row alone is the header"
        raise InputError(source.name, [Problem("mapping", found, expected)])
    return Parsed(batches=_batches(source), first_row=below)


def _batches(source: Source) -> Iterator[pl.DataFrame]:
    """Yield the rows of the table."""
    if source.head(4) == WORKBOOK:
        # Loading the Excel reader takes a third of a second, which CSV should not cost.
        from everycount.io.excel import read_sheet  # noqa: PLC0415

        yield read_sheet(
            source.read(),
            subject=source.name,
            sheet=source.sheet,
            decimal=source.decimal,
            header_row=source.header_row,
            header_rows=source.header_rows,
            usual=(DATA, frozenset(COMPONENTS)),
        )
    else:
        yield from csv_batches(source)
