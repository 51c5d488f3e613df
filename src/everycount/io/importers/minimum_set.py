"""Data of the UNSD Minimum Set of Gender Indicators, one file a series."""

from collections.abc import Iterator

import polars as pl

from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.figure_text import keep_bounds_in_words
from everycount.io.importers.headers import demand_names
from everycount.io.importers.labels import note_labels
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.source import Source
from everycount.io.importers.word_columns import code_columns, left_name
from everycount.model.column_mapping import COMPONENTS, ColumnMapping
from everycount.model.observation import OBSERVATION, VALUE
from everycount.model.origin import Origin

NAME = "minimum-set"
TITLE = "series of the UNSD Minimum Set of Gender Indicators"
SERIES, TWIN, MODIFIER = "MINSET_SERIES", "_DESC", "_MODIFIER"
CATEGORY = "VALUE_CATEGORY"
"""The value of a qualitative indicator, a code whose meaning stands in its twin."""
DIMENSIONS = {
    **{name: name for name in OBSERVATION.dimensions if name not in {"REF_AREA", "INDICATOR"}},
    "URBANIZATION": "URBANISATION",
    "LOCATION": "URBANISATION",
    "NATURE": "NATURE",
    "UNIT_MEASURE": "UNIT_MEASURE",
    "OBS_STATUS": "OBS_STATUS",
}
"""Component by column; any other column with a twin is a breakdown of the source."""
ABOUT = [
    "INDICATOR_LABEL",
    "INDICATOR_ID",
    "INDICATOR",
    "ISO3",
    "X",
    "Y",
    "SDG_REGION",
    "SOURCE_YEAR",
    "SOURCE_DETAIL_URL",
    "sort_order",
    "SDG_SeriesID",
    "ILO_SeriesID",
    "UNESCO_SeriesID",
    "TSK_sub_dims",
    "TSK_sub_id",
    "TSK_sub_desc",
    "isLatestValue",
]
ORIGIN = Origin(
    producer="United Nations Statistics Division",
    title="Minimum Set of Gender Indicators",
    url="https://gender-data-hub-2-undesa.hub.arcgis.com",
)


def recognises(head: bytes, name: str) -> bool:
    """Tell whether the header is that of a series, with commas or tabs."""
    return SERIES.encode() in head.split(b"\n", 1)[0]


def parse(source: Source) -> Parsed:
    """Read a series; names of codes come from the columns that end in ``_DESC``.

    Raises
    ------
    InputError
        If it has no column for the series, the area or the period.
    """
    is_tab = b"\t" in source.head().split(b"\n", 1)[0]
    stream = csv_batches(source, "tab" if is_tab else None)
    first = next(stream)
    demand_names(first.columns, [SERIES, "REF_AREA", "TIME_PERIOD"], subject=source.name)
    twins = [name.removesuffix(TWIN) for name in first.columns if name.endswith(TWIN)]
    known = {*DIMENSIONS, *COMPONENTS, *ABOUT, SERIES, CATEGORY}
    own = [name for name in twins if name in first.columns and name not in known]
    spare = [left_name(name, part) for name, part in DIMENSIONS.items() if name in first.columns]
    parsed = Parsed(batches=iter(()), origin=ORIGIN)
    parsed.mapping = ColumnMapping(
        columns={SERIES: "INDICATOR"},
        breakdown=(*own, *spare),
        ignored=(
            *ABOUT,
            CATEGORY,
            *(f"{name}{TWIN}" for name in twins),
            *(name for name in first.columns if name.endswith(MODIFIER)),
        ),
        areas="m49",
    )
    parsed.batches = _batches(first, stream, parsed, own)
    return parsed


def _batches(
    first: pl.DataFrame, others: Iterator[pl.DataFrame], parsed: Parsed, own: list[str]
) -> Iterator[pl.DataFrame]:
    """Yield the batches by component."""
    yield _read(first, parsed, own)
    for batch in others:
        yield _read(batch, parsed, own)


def _read(batch: pl.DataFrame, parsed: Parsed, own: list[str]) -> pl.DataFrame:
    """Return a batch by component, and note the labels in it."""
    named = {SERIES: "INDICATOR", "REF_AREA": "REF_AREA", **DIMENSIONS}
    for name, component in named.items():
        if {name, f"{name}{TWIN}"} <= set(batch.columns):
            of = batch["INDICATOR_LABEL"] if name == SERIES and "INDICATOR_LABEL" in batch else None
            names = batch[f"{name}{TWIN}"]
            note_labels(parsed.codes, component, batch[name], names, descriptions=of)
    for name in own:
        pairs = batch.select(name, f"{name}{TWIN}").drop_nulls().unique(maintain_order=True)
        words = {"": name.replace("_", " ").capitalize(), **dict(pairs.iter_rows())}
        parsed.labels.setdefault(name, {}).update(words)
    batch = _read_values(batch)
    return keep_bounds_in_words(code_columns(batch, DIMENSIONS, parsed.codes))


def _read_values(batch: pl.DataFrame) -> pl.DataFrame:
    """Return a batch with values and bounds in words where a sign stands beside them."""
    if CATEGORY in batch.columns:
        texts = [name for name in (f"{CATEGORY}{TWIN}", CATEGORY) if name in batch.columns]
        batch = batch.with_columns(pl.coalesce(texts).alias("VALUE_TEXT"))
        if VALUE not in batch.columns:
            batch = batch.with_columns(pl.lit(None, pl.String).alias(VALUE))
    for name in (VALUE, "LOWER_BOUND", "UPPER_BOUND"):
        if {name, f"{name}{MODIFIER}"} <= set(batch.columns):
            sign = pl.col(f"{name}{MODIFIER}").fill_null("")
            batch = batch.with_columns((sign + pl.col(name)).alias(name))
    return batch
