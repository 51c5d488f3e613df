"""Data of the UN Global SDG Indicators Database, as its service writes CSV."""

import re
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.figure_text import keep_bounds_in_words
from everycount.io.importers.headers import demand_names
from everycount.io.importers.labels import Labels, note_labels
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.periods import read_periods
from everycount.io.importers.source import Source
from everycount.io.importers.word_columns import code_columns
from everycount.model.column_mapping import ColumnMapping
from everycount.model.origin import Origin

NAME = "un-sdg"
TITLE = "CSV of the UN Global SDG Indicators Database"
COLUMNS = {
    "SeriesCode": "INDICATOR",
    "GeoAreaCode": "REF_AREA",
    "TimePeriod": "TIME_PERIOD",
    "Value": "OBS_VALUE",
    "Time_Detail": "TIME_DETAIL",
    "TimeCoverage": "TIME_COVERAGE",
    "UpperBound": "UPPER_BOUND",
    "LowerBound": "LOWER_BOUND",
    "BasePeriod": "BASE_PER",
    "Source": "SOURCE_DETAIL",
    "GeoInfoUrl": "GEO_INFO_URL",
    "FootNote": "COMMENT_OBS",
}
"""Component by column that every series has. Header of Series/DataCSV, as served in 2021."""
NEEDED = ("SeriesCode", "GeoAreaCode", "TimePeriod", "Value")
ABOUT = ("Goal", "Target", "Indicator", "SeriesDescription", "GeoAreaName")
BRACKETS = {
    "age": "AGE",
    "sex": "SEX",
    "location": "URBANISATION",
    "quantile": "INCOME_WEALTH_QUANTILE",
    "education level": "EDUCATION_LEV",
    "occupation": "OCCUPATION",
    "type of occupation": "OCCUPATION",
    "activity": "ACTIVITY",
    "type of product": "PRODUCT",
    "disability status": "DISABILITY_STATUS",
    "migratory status": "MIGRATION_STATUS",
    "freq": "FREQ",
    "reporting type": "REPORTING_TYPE",
    "nature": "NATURE",
    "units": "UNIT_MEASURE",
    "unitmultiplier": "UNIT_MULT",
    "observation status": "OBS_STATUS",
}
"""Component by the name in square brackets, in small letters. The columns differ by series; a
name that is not here is a breakdown of the source. Dimensions and attributes of the service."""
BRACKET = re.compile(r"\[(.+)\]")
MISSING = ("NaN", "nan")
TEXTS = r"N|[<>≤≥≈~]\s*\d[\d.,]*"
"""Values in words: below or above a number, and N, which the service uses for a nil value."""
ORIGIN = Origin(
    producer="United Nations Statistics Division and custodian agencies",
    title="Global SDG Indicators Database",
    url="https://unstats.un.org/sdgs/dataportal",
)


def recognises(head: bytes, name: str) -> bool:
    """Tell whether the header is that of the database."""
    header = head.split(b"\n", 1)[0]
    return b"SeriesCode" in header and b"GeoAreaCode" in header and b"TimePeriod" in header


def parse(source: Source) -> Parsed:
    """Read a file of one or several series; see `parse_batches`."""
    return parse_batches(csv_batches(source), subject=source.name)


def parse_batches(batches: Iterable[pl.DataFrame], *, subject: str) -> Parsed:
    """Read tables with the columns of the database.

    Parameters
    ----------
    batches : iterable of DataFrame
        Text. Columns in square brackets differ by series.
    subject : str
        What messages call the file.

    Returns
    -------
    Parsed
        Areas are M49; words of the service such as BOTHSEX are codes. The words of characteristics
        without a dimension, and words without a code, are breakdowns of the source.

    Raises
    ------
    InputError
        If a column is not there that every series has.
    """
    labels: Labels = {}
    found: dict[str, str] = {}
    breakdown: list[str] = []
    parsed = Parsed(batches=iter(()), codes=labels, origin=ORIGIN)
    stream = iter(batches)
    first = next(stream)
    demand_names(first.columns, NEEDED, subject=subject)
    for name in first.columns:
        if match := BRACKET.fullmatch(name):
            component = BRACKETS.get(match[1].strip().lower())
            breakdown.append(match[1].strip())
            if component:
                found[match[1].strip()] = component
    parsed.mapping = ColumnMapping(
        columns={name: component for name, component in COLUMNS.items() if name in first.columns},
        breakdown=tuple(breakdown),
        ignored=ABOUT,
        missing=MISSING,
        texts=TEXTS,
        areas="m49",
    )
    parsed.batches = _coded(first, stream, found, labels)
    return parsed


def _coded(
    first: pl.DataFrame, others: Iterator[pl.DataFrame], places: Mapping[str, str], labels: Labels
) -> Iterator[pl.DataFrame]:
    """Yield the batches with codes for words."""
    yield _code(first, places, labels)
    for batch in others:
        yield _code(batch, places, labels)


def _code(batch: pl.DataFrame, places: Mapping[str, str], labels: Labels) -> pl.DataFrame:
    """Return a batch with codes for words, and note the labels in it."""
    for codes, names, component in (
        ("SeriesCode", "SeriesDescription", "INDICATOR"),
        ("GeoAreaCode", "GeoAreaName", "REF_AREA"),
    ):
        if names in batch.columns:
            of = batch["Indicator"] if codes == "SeriesCode" and "Indicator" in batch else None
            note_labels(labels, component, batch[codes], batch[names], descriptions=of)
    bare = {name: match[1].strip() for name in batch.columns if (match := BRACKET.fullmatch(name))}
    coded = code_columns(batch.rename(bare), places, labels)
    return _plain_bounds(coded).with_columns(read_periods(batch["TimePeriod"]))


def _plain_bounds(batch: pl.DataFrame) -> pl.DataFrame:
    """Return a batch whose bounds are numbers or nothing."""
    names = {"LowerBound": "LOWER_BOUND", "UpperBound": "UPPER_BOUND", "FootNote": "COMMENT_OBS"}
    here = {name: component for name, component in names.items() if name in batch.columns}
    back = {component: name for name, component in names.items()}
    kept = keep_bounds_in_words(batch.rename(here))
    return kept.rename({name: back[name] for name in kept.columns if name in back})
