"""Data of the OECD, as OECD.Stat and data.oecd.org export CSV: codes with names beside them."""

import itertools
from collections.abc import Iterator

import polars as pl

from everycount.io.fit import ROW
from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.headers import demand_names, header_of
from everycount.io.importers.labels import note_labels
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.periods import frequencies, read_periods
from everycount.io.importers.source import Source
from everycount.io.importers.word_columns import code_columns, left_name
from everycount.model.column_mapping import ColumnMapping
from everycount.model.origin import Origin

NAME = "oecd"
TITLE = "CSV of OECD.Stat"
AREAS = ("LOCATION", "COU", "COUNTRY", "REF_AREA")
INDICATORS = ("VAR", "VARIABLE", "IND", "INDICATOR", "INDIC", "SERIES")
PERIODS = ("TIME", "TIME_PERIOD", "YEA", "YEAR", "Time", "Year")
DIMENSIONS = {
    "SEX": "SEX",
    "GENDER": "SEX",
    "AGE": "AGE",
    "AGE_GROUP": "AGE",
    "FREQUENCY": "FREQ",
    "FREQ": "FREQ",
    "EDUCATION": "EDUCATION_LEV",
    "EDUCATION_LEV": "EDUCATION_LEV",
    "Unit Code": "UNIT_MEASURE",
    "UNIT": "UNIT_MEASURE",
    "PowerCode Code": "UNIT_MULT",
    "Reference Period Code": "BASE_PER",
}
"""Component by column of codes; any other that has a column of names is a breakdown."""
SUBJECT, SEXES = "SUBJECT", {"MEN": "M", "WOMEN": "F", "TOT": "_T"}
"""Column of data.oecd.org that holds the sex where figures are by sex, and other things else."""
GROUPS = ("REGION", "INCOME")
"""Columns that say to which groups an area belongs; the figures of the area stand under each."""
FLAGS = {"B": "B", "D": "D", "E": "E", "F": "F", "P": "P", "I": "I", "M": "O", "U": "U", "C": "Q"}
"""Observation status by flag: the letters of OECD.Stat that have a meaning in SDMX; M is missing
value, C not available because confidential."""
VALUE, FLAG, FLAG_NAME = "Value", "Flag Codes", "Flags"
ORIGIN = Origin(producer="OECD", title="OECD.Stat", url="https://stats.oecd.org")


def recognises(head: bytes, name: str) -> bool:
    """Tell whether the header is that of an export of the OECD."""
    cells = header_of(head)
    return VALUE in cells and FLAG in cells and bool(set(AREAS) & set(cells))


def parse(source: Source) -> Parsed:
    """Read an export; a name in the column to the right of a code is its label.

    Raises
    ------
    InputError
        If it has no column for the area, the period, the value or flags.
    """
    header = header_of(source.head(), source.delimiter)
    twins = _twins(header)
    area = next((name for name in AREAS if name in header), AREAS[0])
    series = next((name for name in INDICATORS if name in header), None)
    period = next((name for name in PERIODS if name in header), PERIODS[0])
    demand_names(header, [area, period, VALUE, FLAG], subject=source.name)
    taken = {area, series, period, VALUE, FLAG, FLAG_NAME, *GROUPS, *twins.values()}
    others = [name for name in header if name and name not in taken]
    parsed = Parsed(batches=iter(()), origin=ORIGIN)
    columns = {area: "REF_AREA", period: "TIME_PERIOD", VALUE: "OBS_VALUE"}
    parsed.mapping = ColumnMapping(
        columns={**columns, **({series: "INDICATOR"} if series else {})},
        breakdown=tuple(left_name(name, DIMENSIONS.get(name, "")) for name in others),
        ignored=(*twins.values(), *GROUPS, FLAG, FLAG_NAME),
        missing=("..",),
        areas="iso3",
    )
    named = {**({series: "INDICATOR"} if series else {}), area: "REF_AREA"}
    parsed.batches = _batches(source, parsed, twins, {**named, "period": period})
    return parsed


def _twins(header: list[str]) -> dict[str, str]:
    """Return the column of names by column of codes: TIME and Time, Unit Code and Unit."""
    pairs = itertools.pairwise(header)
    return {
        code: name
        for code, name in pairs
        if code
        and name
        and ((code.isupper() and not name.isupper() and name != VALUE) or code == f"{name} Code")
        and code != name
    }


def _batches(
    source: Source, parsed: Parsed, twins: dict[str, str], named: dict[str, str]
) -> Iterator[pl.DataFrame]:
    """Yield the figures once each, with codes for flags and words."""
    period = named.pop("period")
    row, repeated, seen = parsed.first_row, 0, pl.Series("seen", [], dtype=pl.UInt64)
    for raw in csv_batches(source):
        batch = raw.with_row_index(ROW, offset=row)
        row += raw.height
        for code, component in named.items():
            if code in twins:
                note_labels(parsed.codes, component, batch[code], batch[twins[code]])
        if set(GROUPS) & set(raw.columns):
            apart = [
                name
                for name in raw.columns
                if name not in GROUPS and name not in {twins.get(group) for group in GROUPS}
            ]
            keys = batch.select(pl.struct(apart).hash().alias("seen")).to_series()
            is_new = keys.is_first_distinct() & ~keys.is_in(seen.implode())
            repeated += batch.height - int(is_new.sum())
            seen = pl.concat([seen, keys.filter(is_new)])
            batch = batch.filter(is_new)
        periods = read_periods(batch[period])
        batch = _read_flags(batch.with_columns(periods))
        if not {"FREQ", "FREQUENCY"} & set(batch.columns):
            batch = batch.with_columns(frequencies(periods))
        # Frequencies that periods tell have codes already.
        yield code_columns(_with_names(batch, twins), DIMENSIONS, parsed.codes)
    if repeated:
        parsed.notes.append(f"{repeated} rows left out that repeat a figure under another group")


def _read_flags(batch: pl.DataFrame) -> pl.DataFrame:
    """Return a batch with flags as observation status, or in the comment if there is no code."""
    flag = pl.col(FLAG).str.strip_chars()
    name = pl.col(FLAG_NAME) if FLAG_NAME in batch.columns else flag
    is_known = flag.is_in(list(FLAGS)).fill_null(value=False)
    return batch.with_columns(
        pl.when(is_known).then(flag.replace(FLAGS)).alias("OBS_STATUS"),
        pl.when(~is_known).then(pl.coalesce(name, flag)).alias("COMMENT_OBS"),
    )


def _with_names(batch: pl.DataFrame, twins: dict[str, str]) -> pl.DataFrame:
    """Return a batch whose own characteristics are named in words, and women and men by sex."""
    words = [
        pl.coalesce(twins[name], name).alias(name)
        for name in batch.columns
        if name in twins
        and name not in DIMENSIONS
        and name not in GROUPS
        and name not in (*AREAS, *INDICATORS, *PERIODS)
    ]
    batch = batch.with_columns(words)
    if SUBJECT not in batch.columns or set(DIMENSIONS) & {"SEX", "GENDER"} & set(batch.columns):
        return batch
    sex = pl.col(SUBJECT).replace_strict(SEXES, default=None, return_dtype=pl.String)
    return batch.with_columns(
        sex.alias("SEX"), pl.when(sex.is_null()).then(pl.col(SUBJECT)).alias(SUBJECT)
    )
