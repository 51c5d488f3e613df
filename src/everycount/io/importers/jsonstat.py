"""Data in JSON-stat, versions 1 and 2: a cube of values with its dimensions."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import polars as pl

from everycount.io.areas import m49_codes
from everycount.io.fit import ROW
from everycount.io.importers.code_words import code_of
from everycount.io.importers.json_text import name_item, read_json, write_text
from everycount.io.importers.jsonstat_cube import Cube, Dimension, read_cube
from everycount.io.importers.jsonstat_own import is_own, parse_own
from everycount.io.importers.labels import note_labels
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.periods import frequencies, read_periods
from everycount.io.importers.source import Source
from everycount.io.importers.word_columns import code_columns, left_name
from everycount.model.column_mapping import COMPONENTS, ColumnMapping
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin

NAME = "jsonstat"
TITLE = "JSON-stat"
CLASS = re.compile(rb'"class"\s*:\s*"(dataset|collection|dimension)"')
VERSION_1 = re.compile(rb'"dimension"\s*:\s*\{')
BATCH = 200_000
"""Cells of a table."""
ROLES = {"time": "TIME_PERIOD", "geo": "REF_AREA", "metric": "INDICATOR"}
"""Component by role. JSON-stat 2.0, role."""
ALIASES = {
    "geo": "REF_AREA",
    "area": "REF_AREA",
    "country": "REF_AREA",
    "location": "REF_AREA",
    "time": "TIME_PERIOD",
    "year": "TIME_PERIOD",
    "series": "INDICATOR",
    "indic": "INDICATOR",
    "unit": "UNIT_MEASURE",
    "freq": "FREQ",
    "frequency": "FREQ",
    "gender": "SEX",
    "isced11": "EDUCATION_LEV",
    "education": "EDUCATION_LEV",
    "isco08": "OCCUPATION",
    "nace_r2": "ACTIVITY",
    "quantile": "INCOME_WEALTH_QUANTILE",
    **{
        name.lower(): name
        for name in COMPONENTS
        if OBSERVATION.by_id[name].role != "measure" and name != "CUST_BREAKDOWN"
    },
}
"""Component by the name of a dimension in small letters: as Eurostat and offices that use PxWeb
call them, and the components themselves; breakdowns of a producer get codes like any other."""


def recognises(head: bytes, name: str) -> bool:
    """Tell whether a file begins as JSON-stat does."""
    if not head.lstrip().removeprefix(b"\xef\xbb\xbf").startswith(b"{"):
        return False
    is_first = VERSION_1.search(head) is not None and b'"category"' in head
    return CLASS.search(head) is not None or is_first


def parse(source: Source) -> Parsed:
    """Read a dataset.

    Raises
    ------
    InputError
        If it is a collection, which only names datasets, or one with several of them; or if
        dimensions, sizes and values do not fit together.
    """
    cube = read_cube(read_json(source), source.name)
    if is_own(cube):
        return parse_own(cube, source.name)
    places = _places(cube)
    words = {name: part for name, part in places.items() if part not in ROLES.values()}
    others = [each.id for each in cube.dimensions if each.id not in places]
    parsed = Parsed(batches=iter(()), first_row=1, locate=partial(name_item, "value"))
    parsed.mapping = ColumnMapping(
        columns={name: part for name, part in places.items() if part in ROLES.values()},
        constants={} if "INDICATOR" in places.values() or not cube.id else {"INDICATOR": cube.id},
        breakdown=(*others, *(left_name(name, part) for name, part in words.items())),
        areas="iso3" if _is_iso3(cube, places) else None,
    )
    parsed.origin = Origin(producer=cube.source or "not stated", title=cube.label or source.name)
    for each in cube.dimensions:
        part = places.get(each.id)
        if part:
            note_labels(parsed.codes, part, pl.Series(each.codes), pl.Series(each.labels))
        else:
            named = dict(zip(each.codes, each.labels, strict=True))
            parsed.labels[each.id] = {"": each.label, **named}
    parsed.batches = _tables(cube, places, words, parsed)
    return parsed


def _places(cube: Cube) -> dict[str, str]:
    """Return the component of each dimension that has one."""
    places: dict[str, str] = {}
    for each in cube.dimensions:
        part = ROLES.get(each.role) or ALIASES.get(each.id.lower())
        if part and part not in places.values():
            places[each.id] = part
    return places


def _tables(
    cube: Cube, places: Mapping[str, str], words: Mapping[str, str], parsed: Parsed
) -> Iterator[pl.DataFrame]:
    """Yield the cells of a cube that say something."""
    shape = [len(each.codes) for each in cube.dimensions]
    empty = 0
    for start in range(0, cube.size, BATCH):
        cells = np.arange(start, min(start + BATCH, cube.size))
        values = [write_text(cube.value(cell)) for cell in cells.tolist()]
        status = [write_text(cube.status(cell)) for cell in cells.tolist()]
        table = pl.DataFrame(
            {
                ROW: cells + 1,
                **_codes(cube.dimensions, np.unravel_index(cells, shape)),
                "OBS_VALUE": pl.Series(values, dtype=pl.String),
                "OBS_STATUS": pl.Series(status, dtype=pl.String),
            }
        )
        said = table.filter(pl.col("OBS_VALUE").is_not_null() | pl.col("OBS_STATUS").is_not_null())
        empty += table.height - said.height
        yield _read(said, places, words, parsed)
    if empty:
        parsed.notes.append(f"{empty} empty cells of the cube left out")


def _codes(
    dimensions: Sequence[Dimension], positions: Sequence[np.ndarray]
) -> dict[str, pl.Series]:
    """Return the codes of cells by dimension."""
    return {
        each.id: pl.Series(each.codes, dtype=pl.String).gather(position)
        for each, position in zip(dimensions, positions, strict=True)
    }


def _read(
    table: pl.DataFrame, places: Mapping[str, str], words: Mapping[str, str], parsed: Parsed
) -> pl.DataFrame:
    """Return cells with codes of the structure."""
    for name, part in places.items():
        if part == "TIME_PERIOD":
            periods = read_periods(table[name])
            table = table.with_columns(periods)
            if "FREQ" not in places.values():
                table = table.with_columns(frequencies(periods))
    return code_columns(_read_status(table), words, parsed.codes)


def _read_status(table: pl.DataFrame) -> pl.DataFrame:
    """Return cells with status as a code; a status without a code stands in the comment."""
    marks = table["OBS_STATUS"].unique().drop_nulls()
    known = {
        mark: code_of("OBS_STATUS", mark) or code_of("OBS_STATUS", mark.upper()) for mark in marks
    }
    codes = {mark: code for mark, code in known.items() if code}
    comments = {mark: f"status: {mark}" for mark in marks if mark not in codes}
    status = pl.col("OBS_STATUS")
    return table.with_columns(
        status.replace_strict(codes, default=None, return_dtype=pl.String),
        status.replace_strict(comments, default=None, return_dtype=pl.String).alias("COMMENT_OBS"),
    )


def _is_iso3(cube: Cube, places: Mapping[str, str]) -> bool:
    """Tell whether all areas of a cube are written with three letters of ISO 3166."""
    known = m49_codes("iso3")
    return all(
        code in known
        for each in cube.dimensions
        if places.get(each.id) == "REF_AREA"
        for code in each.codes
    )
