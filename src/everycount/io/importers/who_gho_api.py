"""Data of the WHO Global Health Observatory, as its OData service writes JSON."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.importers import who_gho
from everycount.io.importers.json_text import demand_rows, name_item, read_json, table_of
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.source import Source
from everycount.io.words import quote

NAME = "who-gho-api"
TITLE = "JSON of the WHO Global Health Observatory"
NEEDED = ("IndicatorCode", "SpatialDim", "TimeDim")
DIMENSIONS = re.compile(r"Dim\d+")
BATCH = 50_000
"""Observations of a table."""


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file begins as an answer of the service."""
    return b'"IndicatorCode"' in head and b'"SpatialDim"' in head


def parse(source: Source) -> Parsed:
    """Read an answer of the service, or a list of its pages.

    Raises
    ------
    InputError
        If it is no such answer or has no observations.
    """
    pages = read_json(source)
    pages = pages if isinstance(pages, list) else [pages]
    rows: list[Mapping[str, Any]] = []
    for page in pages:
        if not isinstance(page, dict) or "value" not in page:
            problem = Problem("file", quote(page), "an object with a list of observations, value")
            raise InputError(source.name, [problem])
        rows += demand_rows(page["value"], subject=source.name, key="value")
    problems = [
        Problem(f"value, item {number}", f"no {key}", f"the keys {', '.join(NEEDED)}")
        for number, row in enumerate(rows, 1)
        for key in NEEDED
        if key not in row
    ]
    if problems:
        raise InputError(source.name, problems)
    parsed = who_gho.parse_batches(_tables(rows), subject=source.name)
    parsed.first_row, parsed.locate = 1, partial(name_item, "value")
    if pages[-1].get("@odata.nextLink"):
        parsed.notes.append("further pages are not in this file")
    return parsed


def _tables(rows: list[Mapping[str, Any]]) -> Iterator[pl.DataFrame]:
    """Yield tables with the columns of the CSV."""
    flat = [_flat(row) for row in rows]
    blank = dict.fromkeys(name for row in flat for name in row)
    for start in range(0, len(flat), BATCH):
        yield table_of([{**blank, **row} for row in flat[start : start + BATCH]])


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an observation under the names of the CSV."""
    kind = row.get("SpatialDimType") or "COUNTRY"
    dimensions = {
        row[f"{name}Type"]: row[name]
        for name in row
        if DIMENSIONS.fullmatch(name) and row.get(f"{name}Type")
    }
    return {
        who_gho.INDICATOR: row["IndicatorCode"],
        who_gho.YEAR: row["TimeDim"],
        kind if kind in who_gho.AREAS else "REGION": row["SpatialDim"],
        **dimensions,
        who_gho.FIGURE: row.get("Value"),
        who_gho.EXACT: row.get("NumericValue"),
        "Low": row.get("Low"),
        "High": row.get("High"),
        who_gho.COMMENTS: row.get("Comments"),
        "SOURCE_DETAIL": row.get("DataSourceDim"),
        "DATA_LAST_UPDATE": row.get("Date"),
    }
