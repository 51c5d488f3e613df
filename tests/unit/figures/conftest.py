"""Observations from a few cells, for the tests of figures."""

from datetime import date

import polars as pl
import pytest

from everycount.figures.reading import read_figures
from everycount.model.observation import OBSERVATION

USUAL = {c.id: c.default for c in OBSERVATION.components if c.default}
SHORT = {
    "area": "REF_AREA",
    "period": "TIME_PERIOD",
    "value": "OBS_VALUE",
    "text": "VALUE_TEXT",
    "sex": "SEX",
    "age": "AGE",
    "place": "URBANISATION",
    "unit": "UNIT_MEASURE",
    "status": "OBS_STATUS",
    "size": "SAMPLE_SIZE",
    "low": "LOWER_BOUND",
    "high": "UPPER_BOUND",
    "nature": "NATURE",
}


@pytest.fixture(scope="session")
def table_of():
    """Return observations of rows with short names; what they leave out is usual."""

    def make(*rows, **constants):
        plain = {"INDICATOR": "5d", "TIME_PERIOD": "2020", "REF_AREA": "A", "UNIT_MEASURE": "PT"}
        given = [
            {SHORT.get(name, name): cell for name, cell in {**constants, **row}.items()}
            for row in rows
        ]
        full = [{**USUAL, **plain, **row} for row in given]
        return pl.DataFrame(full, schema=dict(OBSERVATION.schema))

    return make


@pytest.fixture(scope="session")
def figures_of(table_of):
    """Return figures as read in June 2021."""

    def make(*rows, **constants):
        return read_figures(table_of(*rows, **constants), today=date(2021, 6, 1))

    return make
