"""Data of the UN Global SDG Indicators Database, as its service writes JSON."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.importers import un_sdg
from everycount.io.importers.json_text import demand_rows, name_item, read_json, table_of
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.source import Source
from everycount.io.words import quote

NAME = "un-sdg-api"
TITLE = "JSON of the UN Global SDG Indicators Database"
NAMES = {
    "indicator": "Indicator",
    "series": "SeriesCode",
    "seriesDescription": "SeriesDescription",
    "geoAreaCode": "GeoAreaCode",
    "geoAreaName": "GeoAreaName",
    "timePeriodStart": "TimePeriod",
    "value": "Value",
    "time_detail": "Time_Detail",
    "timeCoverage": "TimeCoverage",
    "upperBound": "UpperBound",
    "lowerBound": "LowerBound",
    "basePeriod": "BasePeriod",
    "source": "Source",
    "geoInfoUrl": "GeoInfoUrl",
    "footnotes": "FootNote",
}
"""Column of the CSV by key of an observation in Series/Data."""
NEEDED = ("series", "geoAreaCode", "timePeriodStart", "value")
BATCH = 50_000
"""Observations of a table."""


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file holds observations of the service."""
    return b'"geoAreaCode"' in head and b'"timePeriodStart"' in head


def parse(source: Source) -> Parsed:
    """Read an answer of the service, or a list of its pages.

    Raises
    ------
    InputError
        If it is no such answer, or a page has no observations.
    """
    pages = read_json(source)
    pages = pages if isinstance(pages, list) else [pages]
    rows: list[Mapping[str, Any]] = []
    for number, page in enumerate(pages, 1):
        if not isinstance(page, dict) or "data" not in page:
            where = f"page {number}" if len(pages) > 1 else "file"
            problem = Problem(where, quote(page), "an object with a list of observations, data")
            raise InputError(source.name, [problem])
        rows += demand_rows(page["data"], subject=source.name, key="data")
    _demand_keys(rows, source.name)
    parsed = un_sdg.parse_batches(_tables(rows), subject=source.name)
    parsed.first_row, parsed.locate = 1, partial(name_item, "data")
    announced = {str(page.get("totalPages") or len(pages)) for page in pages}
    if announced != {str(len(pages))}:
        parsed.notes.append(f"{len(pages)} of {' or '.join(sorted(announced))} pages")
    return parsed


def _demand_keys(rows: list[Mapping[str, Any]], subject: str) -> None:
    """Refuse observations without what every one has."""
    problems = [
        Problem(f"data, item {number}", f"no {key}", f"the keys {', '.join(NEEDED)}")
        for number, row in enumerate(rows, 1)
        for key in NEEDED
        if key not in row
    ]
    if problems:
        raise InputError(subject, problems)


def _tables(rows: list[Mapping[str, Any]]) -> Iterator[pl.DataFrame]:
    """Yield tables with the columns of the CSV."""
    extra = dict.fromkeys(
        f"[{name}]"
        for row in rows
        for part in ("dimensions", "attributes")
        for name in row.get(part) or {}
    )
    blank = dict.fromkeys([*NAMES.values(), *extra])
    for start in range(0, len(rows), BATCH):
        yield table_of([{**blank, **_flat(row)} for row in rows[start : start + BATCH]])


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an observation under the names of the CSV."""
    flat = {column: row.get(key) for key, column in NAMES.items()}
    for part in ("dimensions", "attributes"):
        flat.update({f"[{name}]": value for name, value in (row.get(part) or {}).items()})
    return flat
