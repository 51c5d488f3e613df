"""Data of the WHO Global Health Observatory, as its Athena service writes CSV."""

import re
from collections.abc import Iterable, Iterator

import polars as pl

from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.figure_text import keep_bounds_in_words, split_intervals
from everycount.io.importers.headers import demand_names, header_of
from everycount.io.importers.labels import note_labels
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.periods import read_periods
from everycount.io.importers.source import Source
from everycount.io.importers.word_columns import code_columns, left_name
from everycount.model.column_mapping import COMPONENTS, ColumnMapping
from everycount.model.observation import VALUE
from everycount.model.origin import Origin

NAME = "who-gho"
TITLE = "CSV of the WHO Global Health Observatory"
INDICATOR, YEAR, FIGURE, EXACT, COMMENTS = "GHO", "YEAR", "Display Value", "Numeric", "Comments"
AREAS = ("COUNTRY", "REGION", "WORLDBANKINCOMEGROUP", "UNREGION", "UNSDGREGION", "GLOBAL")
"""Columns that hold the area, the most particular first: a row of a country has its region too."""
DIMENSIONS = {
    "SEX": "SEX",
    "AGEGROUP": "AGE",
    "RESIDENCEAREATYPE": "URBANISATION",
    "WEALTHQUINTILE": "INCOME_WEALTH_QUANTILE",
    "EDUCATIONLEVEL": "EDUCATION_LEV",
    "DISABILITYSTATUS": "DISABILITY_STATUS",
}
"""Component by dimension of the observatory; any other is a breakdown of the source."""
ABOUT = ("PUBLISHSTATE", "DATASOURCE", "DISPLAYORDER")
CODED = re.compile(r"(.+) \((CODE|DISPLAY|URL)\)")
"""Columns of the verbose form: each dimension with a code, a name and an address."""
MISSING = ("No data", "Not available", "Not applicable", "-", "–", ".")
TEXTS = r"[^\d+\-\u2212].*|\d[\d.,\s]*[A-Za-z].*"
"""Values that stay words: all that do not begin as a number does, such as Yes or <0.1."""
ORIGIN = Origin(
    producer="World Health Organization",
    title="Global Health Observatory",
    url="https://www.who.int/data/gho",
    licence="CC-BY-NC-SA-3.0-IGO",
)


def recognises(head: bytes, name: str) -> bool:
    """Tell whether the header is that of the observatory."""
    cells = header_of(head)
    return bool({INDICATOR, f"{INDICATOR} (CODE)"} & set(cells)) and FIGURE in cells


def parse(source: Source) -> Parsed:
    """Read a file of one or several indicators; see `parse_batches`."""
    return parse_batches(csv_batches(source), subject=source.name)


def parse_batches(batches: Iterable[pl.DataFrame], *, subject: str) -> Parsed:
    """Read tables with the columns of the service.

    Parameters
    ----------
    batches : iterable of DataFrame
        Text. The dimensions differ by indicator.
    subject : str
        What messages call the file.

    Returns
    -------
    Parsed
        A figure such as ``12.3 [10.0-14.0]`` gives value and bounds; words such as ``Yes`` stay.

    Raises
    ------
    InputError
        If a column is not there that every indicator has.
    """
    stream = iter(batches)
    first = next(stream)
    names = [_plain_name(name) for name in first.columns]
    demand_names(names, [INDICATOR, YEAR, FIGURE], subject=subject)
    known = {INDICATOR, YEAR, FIGURE, EXACT, "Low", "High", COMMENTS, *AREAS, *ABOUT, *COMPONENTS}
    known -= DIMENSIONS.keys()
    others = [name for name in dict.fromkeys(names) if name and name not in known]
    parsed = Parsed(batches=iter(()), origin=ORIGIN)
    parsed.mapping = ColumnMapping(
        columns={INDICATOR: "INDICATOR", YEAR: "TIME_PERIOD"},
        # An income group stands beside some areas without being the area.
        breakdown=(
            *(left_name(name, DIMENSIONS.get(name, "")) for name in others),
            *(name for name in AREAS[2:] if name in names),
        ),
        ignored=(FIGURE, EXACT, "Low", "High", COMMENTS, *AREAS[:2], *ABOUT),
        missing=MISSING,
        texts=TEXTS,
        areas="iso3",
    )
    parsed.batches = _batches(first, stream, parsed)
    return parsed


def _plain_name(name: str) -> str:
    """Return what a column is called in the short form; empty for names and addresses."""
    found = CODED.fullmatch(name)
    if found is None:
        return name
    return found[1] if found[2] == "CODE" else ""


def _batches(
    first: pl.DataFrame, others: Iterator[pl.DataFrame], parsed: Parsed
) -> Iterator[pl.DataFrame]:
    """Yield the batches by component."""
    yield _read(first, parsed)
    for batch in others:
        yield _read(batch, parsed)


def _read(batch: pl.DataFrame, parsed: Parsed) -> pl.DataFrame:
    """Return a batch by component, and note the labels in it."""
    for short, component in ((INDICATOR, "INDICATOR"), ("COUNTRY", "REF_AREA")):
        coded, named = f"{short} (CODE)", f"{short} (DISPLAY)"
        if {coded, named} <= set(batch.columns):
            note_labels(parsed.codes, component, batch[coded], batch[named])
    plain = {name: _plain_name(name) for name in batch.columns}
    batch = batch.select(pl.col(name).alias(bare) for name, bare in plain.items() if bare)
    batch = _find_area(batch).with_columns(read_periods(batch[YEAR]))
    places = {name: part for name, part in DIMENSIONS.items() if name in batch.columns}
    batch = batch.with_columns(
        pl.col(name).str.strip_prefix(f"{name}_").alias(name) for name in batch.columns
    )
    return _read_figures(code_columns(batch, places, parsed.codes))


def _find_area(batch: pl.DataFrame) -> pl.DataFrame:
    """Return a batch with the most particular area of each row, and what else is said of it."""
    names = [name for name in AREAS if name in batch.columns]
    if not names:
        return batch
    area = pl.coalesce(names)
    world = pl.when(area.is_in(["GLOBAL", "WORLD"])).then(pl.lit("WLD")).otherwise(area)
    is_said = pl.any_horizontal(pl.col(name).is_not_null() for name in AREAS[:2] if name in names)
    return batch.with_columns(
        world.alias("REF_AREA"),
        *(
            # All countries by income are no group of them.
            pl.when(_names_no_country(names) & is_said & ~pl.col(name).str.contains("WORLD"))
            .then(pl.col(name))
            .alias(name)
            for name in names
            if name in AREAS[2:]
        ),
    )


def _names_no_country(names: list[str]) -> pl.Expr:
    """Return in which rows no country is named."""
    return pl.col("COUNTRY").is_null() if "COUNTRY" in names else pl.lit(value=True)


def _read_figures(batch: pl.DataFrame) -> pl.DataFrame:
    """Return a batch with value, bounds and comment."""
    absent = [name for name in (EXACT, "Low", "High", COMMENTS) if name not in batch.columns]
    batch = batch.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    said = split_intervals(batch[FIGURE])
    is_word = said[VALUE].str.contains(f"^(?:{TEXTS})$")
    figures = batch.with_columns(
        pl.when(is_word).then(said[VALUE]).otherwise(pl.coalesce(EXACT, said[VALUE])).alias(VALUE),
        pl.coalesce("Low", said["LOWER_BOUND"]).alias("LOWER_BOUND"),
        pl.coalesce("High", said["UPPER_BOUND"]).alias("UPPER_BOUND"),
        pl.col(COMMENTS).alias("COMMENT_OBS"),
    )
    return keep_bounds_in_words(figures)
