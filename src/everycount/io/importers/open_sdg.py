"""Data of national repositories made with Open SDG: free-named columns, empty cells are totals."""

import re
from collections.abc import Callable, Iterator, Mapping

import polars as pl

from everycount.errors import InputError, Problem
from everycount.io.fit import ROW
from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.headers import demand_names, header_of
from everycount.io.importers.open_sdg_mapping import Companions, read_companions
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.periods import (
    frequencies,
    has_months,
    period,
    period_of_years,
    read_periods,
)
from everycount.io.importers.source import Source
from everycount.io.importers.word_columns import code_columns, left_name
from everycount.model.codes import Code
from everycount.model.column_mapping import ColumnMapping
from everycount.model.observation import OBSERVATION

NAME = "open-sdg"
TITLE = "CSV of an Open SDG repository"
YEAR, VALUE, GEO = "Year", "Value", "GeoCode"
PLACES = {
    "sex": "SEX",
    "gender": "SEX",
    "age": "AGE",
    "age group": "AGE",
    "urban or rural": "URBANISATION",
    "urban/rural": "URBANISATION",
    "urbanisation": "URBANISATION",
    "location": "URBANISATION",
    "disability status": "DISABILITY_STATUS",
    "disability": "DISABILITY_STATUS",
    "education level": "EDUCATION_LEV",
    "units": "UNIT_MEASURE",
    "unit measure": "UNIT_MEASURE",
    "unit multiplier": "UNIT_MULT",
    "observation status": "OBS_STATUS",
    "frequency": "FREQ",
    "nature": "NATURE",
    "reporting type": "REPORTING_TYPE",
}
"""Component by name of a column in small letters, as repositories call them; a column_mapping.csv
beside the file comes first."""
REGIONS = frozenset(
    [
        "area",
        "country",
        "county",
        "department",
        "district",
        "geography",
        "governorate",
        "municipality",
        "nation",
        "prefecture",
        "province",
        "region",
        "state",
        "territory",
        "city",
    ]
) | {"local authority", "health board", "combined authority", "local authority district"}
"""Names of columns that only say in words which area the GeoCode is."""
NUMBER = re.compile(r"(\d+)[-.](\w+)[-.](\w+)")
ATTRIBUTES = frozenset(OBSERVATION.attributes)
PART = "Part of the year"
ELECTION = r"^(\d{4})([a-z])$"
"""Two periods in one year, as two elections: 1974a and 1974b."""


def recognises(head: bytes, name: str) -> bool:
    """Tell whether the header begins with Year and ends with Value."""
    cells = header_of(head)
    return len(cells) > 1 and cells[0] == YEAR and cells[-1] == VALUE


def parse(source: Source) -> Parsed:
    """Read the file of one indicator, whose number is in the name of the file.

    Raises
    ------
    InputError
        If it has no columns Year and Value.
    """
    found = NUMBER.search(source.stem)
    companions = read_companions(source)
    header = header_of(source.head(), source.delimiter)
    demand_names(header, [YEAR, VALUE], subject=source.name)
    names = [name for name in header if name not in (YEAR, VALUE, "")]
    places = {
        name: component
        for name in names
        if (component := companions.columns.get(name) or PLACES.get(_bare(name)))
    }
    geographic = [name for name in names if _bare(name) in REGIONS and GEO in names]
    areas = {GEO: "REF_AREA"} if GEO in names else {}
    parsed = Parsed(batches=iter(()))
    parsed.mapping = ColumnMapping(
        columns={YEAR: "TIME_PERIOD", VALUE: "OBS_VALUE", **areas},
        constants={"INDICATOR": ".".join(found.groups())} if found else {},
        values=companions.values,
        breakdown=(
            *(
                left_name(name, places.get(name, ""))
                for name in names
                if name != GEO and places.get(name) not in ATTRIBUTES
            ),
            PART,
        ),
        ignored=tuple(left_name(name, part) for name, part in places.items() if part in ATTRIBUTES),
    )
    parsed.batches = _batches(source, parsed, places, geographic, companions)
    return parsed


def _bare(name: str) -> str:
    """Return a name in small letters, without ``(default)``."""
    return name.lower().removesuffix("(default)").strip()


def _batches(
    source: Source,
    parsed: Parsed,
    places: Mapping[str, str],
    geographic: list[str],
    companions: Companions,
) -> Iterator[pl.DataFrame]:
    """Yield the rows with figures, by component."""
    row, said = parsed.first_row, 0
    read = None
    double: dict[str, int] = {}
    for raw in csv_batches(source):
        batch = raw.with_row_index(ROW, offset=row)
        row += raw.height
        is_note = pl.col(VALUE).is_null() & ~pl.col(YEAR).str.contains(r"\d{4}")
        figures = batch.filter(~is_note.fill_null(value=False))
        said += batch.height - figures.height
        if not figures.height:
            found = f"only rows such as {batch[YEAR][0]!r}"
            expected = "figures with their years"
            raise InputError(source.name, [Problem("file", found, expected)])
        read = read or (period if has_months(figures[YEAR]) else period_of_years)
        figures = _read_years(figures, read)
        figures = _name_areas(figures, geographic, parsed)
        figures = companions.translate(figures, places)
        coded = code_columns(figures, places, parsed.codes)
        for name, component in places.items():
            count = coded[left_name(name, component)].count() if component in ATTRIBUTES else 0
            if count:
                double[name] = double.get(name, 0) + count
        yield coded
    parsed.notes += [
        f"{name}: {count} cells left out, where another column says it"
        for name, count in double.items()
    ]
    if said:
        parsed.notes.append(f"{said} rows with words in place of a year and no value")


def _read_years(batch: pl.DataFrame, read: Callable[[str], str]) -> pl.DataFrame:
    """Return a batch with periods; the text of a year that says more is kept as time detail."""
    texts = batch[YEAR].str.strip_chars()
    year = texts.str.extract(ELECTION, 1)
    part = texts.str.extract(ELECTION, 2)
    plain = pl.select(pl.coalesce(year, texts)).to_series().alias(YEAR)
    periods = read_periods(plain, read)
    is_same = (periods == texts).fill_null(value=True)
    detail = pl.select(pl.when(~is_same).then(texts)).to_series().alias("TIME_DETAIL")
    batch = batch.with_columns(periods, detail, part.alias(PART))
    return batch if "FREQ" in batch.columns else batch.with_columns(frequencies(periods))


def _name_areas(batch: pl.DataFrame, names: list[str], parsed: Parsed) -> pl.DataFrame:
    """Return a batch without the words for areas that a GeoCode says, which become its labels."""
    here = [name for name in names if name in batch.columns]
    labels = parsed.codes.setdefault("REF_AREA", {})
    for name in reversed(here):
        pairs = batch.select(GEO, name).drop_nulls().unique(maintain_order=True)
        # Where one code has several names they say more than the code does.
        if pairs[GEO].is_duplicated().any():
            continue
        for code, label in pairs.iter_rows():
            labels.setdefault(code, Code(id=code, name={"en": label}))
        batch = batch.with_columns(pl.when(pl.col(GEO).is_null()).then(pl.col(name)).alias(name))
    return batch
