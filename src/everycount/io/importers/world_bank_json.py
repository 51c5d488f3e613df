"""Data of the World Bank's Indicators service, version 2, as JSON."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.fit import ROW
from everycount.io.importers.json_text import demand_rows, name_item, read_json, table_of
from everycount.io.importers.labels import note_labels
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.periods import frequencies, read_periods
from everycount.io.importers.source import Source
from everycount.io.words import quote
from everycount.model.column_mapping import ColumnMapping
from everycount.model.origin import Origin

NAME = "world-bank-json"
TITLE = "JSON of the World Bank's Indicators service"
START = re.compile(rb'\s*\[\s*\{[^\[\]]*"(page|message)"')
BATCH = 50_000
"""Observations of a table."""
PAGE_AND_ROWS = 2
"""A page is a heading and a list. World Bank, Indicators API, basic call structure."""
MAPPING = ColumnMapping(
    columns={
        "indicator": "INDICATOR",
        "area": "REF_AREA",
        "date": "TIME_PERIOD",
        "value": "OBS_VALUE",
        "obs_status": "OBS_STATUS",
        "footnote": "COMMENT_OBS",
    },
    ignored=("decimal", "unit", "scale"),
    areas="iso3",
)
ORIGIN = Origin(
    producer="World Bank",
    title="World Bank Indicators",
    url="https://api.worldbank.org/v2",
    licence="CC-BY-4.0",
)
"""World Bank, summary terms of use of data sets: CC BY 4.0 unless said otherwise."""


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file begins as an answer of the service."""
    return START.match(head) is not None


def parse(source: Source) -> Parsed:
    """Read one page of an answer, or a list of pages.

    Raises
    ------
    InputError
        If it is no such answer, or the service said what was wrong with the question.
    """
    answer = read_json(source)
    pages = answer if answer and isinstance(answer[0], list) else [answer]
    rows = [row for page in pages for row in _rows(page, source.name)]
    parsed = Parsed(batches=iter(()), mapping=MAPPING, first_row=1)
    parsed.locate = partial(name_item, "observations")
    parsed.batches = _tables(rows, parsed)
    heads = [page[0] for page in pages]
    updated = max(str(head.get("lastupdated") or "") for head in heads)
    parsed.origin = replace(ORIGIN, published=_day(updated))
    announced = max(int(str(head.get("pages") or 1)) for head in heads)
    if announced > len(pages):
        parsed.notes.append(f"{len(pages)} of {announced} pages: the others are not in this file")
    return parsed


def _rows(page: Any, subject: str) -> list[Mapping[str, Any]]:
    """Return the observations of a page."""
    head = page[0] if isinstance(page, list) and page else page
    if isinstance(head, dict) and "message" in head:
        raise InputError(subject, _refusals(head["message"]))
    if not isinstance(page, list) or len(page) != PAGE_AND_ROWS or not isinstance(head, dict):
        problem = Problem("file", quote(page), "a list of a heading and the observations")
        raise InputError(subject, [problem])
    if page[1] is None:
        problem = Problem("observations", "none", "at least one: ask for other years or areas")
        raise InputError(subject, [problem])
    rows = demand_rows(page[1], subject=subject, key="observations")
    problems = [
        Problem(f"observations, item {number}", f"no {key}", "indicator, country, date and value")
        for number, row in enumerate(rows, 1)
        for key in ("indicator", "country", "date", "value")
        if key not in row or (key in ("indicator", "country") and not isinstance(row[key], dict))
    ]
    if problems:
        raise InputError(subject, problems)
    return rows


def _refusals(messages: Any) -> list[Problem]:
    """Return what the service said was wrong."""
    said = [each for each in messages if isinstance(each, dict)] if messages else []
    texts = [f"{each.get('key', '')}: {each.get('value', '')}".strip(": ") for each in said]
    expected = "observations: ask the service again with other words"
    found = "an answer of the service that says"
    return [Problem("file", f"{found} {quote(text)}", expected) for text in texts or ["nothing"]]


def _tables(rows: list[Mapping[str, Any]], parsed: Parsed) -> Iterator[pl.DataFrame]:
    """Yield the observations as tables, and note labels and empty ones."""
    empty = 0
    for start in range(0, len(rows), BATCH):
        table = table_of([_flat(row) for row in rows[start : start + BATCH]])
        note_labels(parsed.codes, "INDICATOR", table["indicator"], table["indicator name"])
        note_labels(parsed.codes, "REF_AREA", table["area"], table["area name"])
        periods = read_periods(table["date"])
        table = table.with_columns(periods, frequencies(periods))
        table = table.with_row_index(ROW, offset=start + 1).drop("indicator name", "area name")
        said = table.filter(~pl.all_horizontal(pl.col("value", "obs_status", "footnote").is_null()))
        empty += table.height - said.height
        yield said
    if empty:
        parsed.notes.append(f"{empty} years without a value left out")


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an observation as cells."""
    own = {
        key: value
        for key, value in row.items()
        if key not in ("indicator", "country", "countryiso3code")
    }
    indicator, country = row["indicator"], row["country"]
    return {
        "indicator": indicator.get("id"),
        "indicator name": indicator.get("value"),
        # Some groups of countries have no code of three letters.
        "area": row.get("countryiso3code") or country.get("id"),
        "area name": country.get("value"),
        "obs_status": None,
        "footnote": None,
        **own,
    }


def _day(text: str) -> date | None:
    """Return the day of a date, if it is one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
