"""What an Open SDG repository says of its columns and words, in files beside the data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.source import Source
from everycount.model.column_mapping import COMPONENTS

COLUMNS, CODES = "column_mapping.csv", "code_mapping.csv"
PLACES = ("{}", "../{}", "../sdmx/{}", "../scripts/{}")
"""Where the two files lie, seen from the data."""
ALIASES = {"AREA": "REF_AREA", "SERIES": "INDICATOR"}
"""Components by their older names in such files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Companions:
    """Components of columns, and codes of words by component."""

    columns: Mapping[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def translate(self, batch: pl.DataFrame, places: Mapping[str, str]) -> pl.DataFrame:
        """Return a batch with codes for the words that the repository has a code for."""
        return batch.with_columns(
            pl.col(name).str.strip_chars().replace(self.values.get(component, {}))
            for name, component in places.items()
            if name in batch.columns
        )


def read_companions(source: Source) -> Companions:
    """Return what the files beside a file of data say; nothing if there are none.

    Parameters
    ----------
    source : Source
        The data.

    Returns
    -------
    Companions
        Columns for components that observations do not have are left out.
    """
    columns = {}
    for table in _tables(source, COLUMNS, {"Text", "Value"}):
        for text, component in table.select("Text", "Value").drop_nulls().iter_rows():
            known = ALIASES.get(component, component)
            # The series of a repository are kept as its own breakdown.
            if known in COMPONENTS and known != "INDICATOR":
                columns[text] = known
    values: dict[str, dict[str, str]] = {}
    for table in _tables(source, CODES, {"Text", "Dimension", "Value"}):
        rows = table.select("Text", "Dimension", "Value").drop_nulls()
        for text, component, code in rows.iter_rows():
            known = ALIASES.get(component, component)
            if known in COMPONENTS and known != "INDICATOR":
                values.setdefault(known, {})[text] = code
    return Companions(columns=columns, values=values)


def _tables(source: Source, name: str, columns: set[str]) -> Iterator[pl.DataFrame]:
    """Yield the rows of the first file of a name that has the columns."""
    for place in PLACES:
        found = source.beside(place.format(name))
        if found is None:
            continue
        for table in csv_batches(found):
            if columns <= set(table.columns):
                yield table
        return
