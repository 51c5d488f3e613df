import polars as pl
import pytest

from everycount.model.conditions import Condition
from everycount.model.microdata import Column
from everycount.survey.cells import look_up, meets


@pytest.mark.parametrize("codes", [[7, None, 8], [7, None, 10**9]])
def test_codes_near_together_and_far_apart_are_found_alike(codes):
    found = look_up(pl.Series(codes), {"7": 0, "x": 1, "07": 1}, other=-2)
    assert found.tolist() == [0, -1, -2]


@pytest.mark.parametrize(
    ("condition", "belongs"),
    [
        ({"among": (15, "49")}, [True, False, True, False]),
        ({"at_least": 15}, [True, True, True, False]),
        ({"at_most": 48.5}, [True, True, False, False]),
        ({"at_least": 16, "at_most": 48, "among": (15, 30)}, [False, True, False, False]),
    ],
)
def test_conditions(condition, belongs):
    age = Column(name="age", kind="number", missing=(99,))
    series = pl.Series([15, 30, 49, 99])
    assert meets(series, Condition(column="age", **condition), age).tolist() == belongs
