"""Surveys in memory, from columns and the text of a design."""

from dataclasses import dataclass, field

import polars as pl
import pytest

from everycount.io import declare
from everycount.model.design import SurveyDesign
from everycount.model.microdata import Column
from everycount.survey.plan import resolve


@dataclass
class Rows:
    """Microdata in memory, given out some rows at a time."""

    table: pl.DataFrame
    at_a_time: int = 1_000_000
    name: str = "people"
    labels: dict = field(default_factory=dict)
    missing: dict = field(default_factory=dict)
    ranges: dict = field(default_factory=dict)

    @property
    def rows(self):
        return len(self.table)

    @property
    def columns(self):
        return {
            each.name: Column(
                name=each.name,
                kind="number" if each.dtype.is_numeric() else "text",
                labels=self.labels.get(each.name, {}),
                missing=self.missing.get(each.name, ()),
                missing_ranges=self.ranges.get(each.name, ()),
            )
            for each in self.table
        }

    def batches(self, columns, *, rows=250_000):
        for frame in self.table.iter_slices(self.at_a_time):
            yield frame.select(list(columns))


@pytest.fixture(scope="session")
def rows_of():
    """Make microdata from columns or a table."""

    def make(columns, **options):
        table = columns if isinstance(columns, pl.DataFrame) else pl.DataFrame(columns)
        return Rows(table, **options)

    return make


@pytest.fixture(scope="session")
def plan_of(rows_of):
    """Resolve a design, from its TOML, for columns or a table."""

    def make(columns, text, **options):
        design = declare.read(text.encode(), SurveyDesign, subject="design.toml")
        return resolve(design, rows_of(columns, **options))

    return make
