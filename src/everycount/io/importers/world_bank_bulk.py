"""Data of the World Bank as CSV: bulk files, topics and DataBank, with a column a year."""

import csv
from collections.abc import Iterator

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.fit import ROW
from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.labels import note_labels
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.source import Source
from everycount.io.importers.world_bank_json import ORIGIN
from everycount.model.column_mapping import Across, ColumnMapping

NAME = "world-bank-csv"
TITLE = "bulk CSV of the World Bank"
KEY, COUNTRY = "Country Code", "Country Name"
INDICATORS = {"Indicator Code": "Indicator Name", "Series Code": "Series Name"}
"""Column of labels by column of codes: bulk files and topics; DataBank."""
METADATA = {
    ("Country Code", "Region", "IncomeGroup"): "a list of countries with their groups",
    ("Country Code", "Short Name"): "a list of countries with their groups",
    ("INDICATOR_CODE", "INDICATOR_NAME"): "a list of indicators with their definitions",
    ("Series Code", "Topic"): "a list of series with their definitions",
    ("SeriesCode", "Year", "DESCRIPTION"): "notes on series and years",
    ("CountryCode", "SeriesCode", "DESCRIPTION"): "notes on countries and series",
    ("CountryCode", "SeriesCode", "Year"): "footnotes",
}
"""What the files beside the figures begin with, and what they are."""
TITLES = 10
"""Lines above the header at most; topics have four."""
YEARS = r"((?:19|20)\d{2})(?: \[YR\d{4}\])?"


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file has the columns of the World Bank near its top."""
    return any(_is_header(row) or _metadata(row) for row in _rows(head))


def parse(source: Source) -> Parsed:
    """Read a file with a row for each country and series and a column for each year.

    Raises
    ------
    InputError
        If it is one of the files of metadata that lie beside the figures.
    """
    rows = _rows(source.head())
    for row in rows:
        what = _metadata(row)
        if what and not _is_header(row):
            found = f"{what} of the World Bank, without figures"
            expected = "the file beside it with Country Name, Country Code and a column a year"
            raise InputError(source.name, [Problem("file", found, expected)])
    skipped = next((line for line, row in enumerate(rows) if _is_header(row)), None)
    if skipped is None:
        expected = "a header with Country Code, Indicator Code or Series Code, and years"
        problem = Problem("header", "none in the first lines", expected)
        raise InputError(source.name, [problem])
    names = next(code for code in INDICATORS if code in rows[skipped])
    parsed = Parsed(batches=iter(()), origin=ORIGIN, first_row=skipped + 2)
    parsed.mapping = ColumnMapping(
        columns={KEY: "REF_AREA", names: "INDICATOR"},
        across=Across(component="TIME_PERIOD", pattern=YEARS),
        ignored=(COUNTRY, INDICATORS[names]),
        missing=("..",),
        areas="iso3",
    )
    parsed.batches = _batches(source, skipped, parsed, names)
    return parsed


def _rows(head: bytes) -> list[list[str]]:
    """Return the first lines as cells."""
    text = head.decode("utf-8-sig", errors="replace").replace("\0", "")
    return list(csv.reader(text.splitlines()[:TITLES]))


def _is_header(row: list[str]) -> bool:
    """Tell whether cells are the header of figures."""
    return KEY in row and any(each in row for each in INDICATORS) and "Topic" not in row


def _metadata(row: list[str]) -> str | None:
    """Return what a file is whose header is that of metadata."""
    plain = [name.strip() for name in row]
    for start, what in METADATA.items():
        if tuple(plain[: len(start)]) == start:
            return what
    return None


def _batches(source: Source, skipped: int, parsed: Parsed, codes: str) -> Iterator[pl.DataFrame]:
    """Yield the rows of figures with their numbers; the closing lines of DataBank are left out."""
    row, empty = parsed.first_row, 0
    for batch in csv_batches(source, skipped=skipped):
        numbered = batch.with_row_index(ROW, offset=row)
        row += batch.height
        figures = numbered.filter(pl.col(KEY).is_not_null() | pl.col(codes).is_not_null())
        for component, code, name in (
            ("REF_AREA", KEY, COUNTRY),
            ("INDICATOR", codes, INDICATORS[codes]),
        ):
            if name in figures.columns:
                note_labels(parsed.codes, component, figures[code], figures[name])
        empty += batch.height - figures.height
        yield figures
    if empty:
        parsed.notes.append(f"{empty} closing lines without a country and series")
