import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError, MethodError
from everycount.survey.describe import describe
from everycount.survey.findings import Excluded

ROWS = {
    "s": ["n", "n", "n", "n", "s", "s", "s"],
    "v": [1, 1, 1, 2, 3, 4, 4],
    "w": [1.0, 2.0, 0.0, 4.0, 1.0, 1.0, 3.0],
    "sex": [1, 2, 2, 1, None, 2, 2],
    "reads": [1, 0, 1, None, 1, 0, 1],
}
TEXT = """
title = "A survey"
characteristics = [{ name = "sex", label = "Sex", levels = [
  { code = "F", label = "Women", values = [2] }, { code = "M", values = [1] } ] }]
outcomes = [{ name = "reads", label = "Reads" }]
[sampling]
strata = ["s"]
psu = "v"
weight = "w"
"""


@pytest.mark.parametrize("at_a_time", [1, 2, 100])
def test_what_a_design_understands_of_a_file(plan_of, at_a_time):
    found = describe(plan_of(ROWS, TEXT, at_a_time=at_a_time))
    assert (found.title, found.rows, found.strata, found.units) == ("A survey", 7, 2, 4)
    assert found.rows_per_unit == (1, 7 / 4, 3)
    assert (found.lonely, found.replicates) == ((), 0)
    weights = np.array([1, 2, 4, 1, 1, 3.0])
    assert (found.weights.rows, found.weights.zero, found.weights.total) == (6, 1, 12)
    assert (found.weights.smallest, found.weights.largest) == (1, 4)
    spread = weights.var() / weights.mean() ** 2
    assert found.weights.effect == pytest.approx(1 + spread)
    (sex,) = found.characteristics
    assert (sex.name, sex.label, sex.missing) == ("sex", "Sex", 1)
    assert [(each.code, each.label, each.rows, each.weighted) for each in sex.levels] == [
        ("F", "Women", 4, 6.0),
        ("M", "M", 2, 5.0),
    ]
    (reads,) = found.outcomes
    assert (reads.name, reads.label, reads.rows, reads.weighted) == ("reads", "Reads", 5, 8.0)
    assert found.excluded == (
        Excluded(subject="reads", reason="not known", rows=1),
        Excluded(subject="reads", reason="without weight", rows=1),
        Excluded(subject="sex", reason="not known", rows=1),
    )
    assert (found.tables, found.cells) == (2, 3)


def test_every_row_a_unit(plan_of):
    text = TEXT.replace('psu = "v"\n', "").replace('weight = "w"\n', "")
    found = describe(plan_of({**ROWS, "s": ["n"] * 6 + ["s"]}, text))
    assert (found.units, found.rows_per_unit, found.lonely) == (7, (1, 1.0, 1), ("s",))
    assert (found.weights.total, found.weights.effect) == (7, 1)


def test_weights_that_are_all_0(plan_of):
    found = describe(plan_of({**ROWS, "w": [0.0] * 7}, TEXT)).weights
    assert (found.rows, found.zero, found.largest, found.total) == (0, 7, 0, 0)
    assert np.isnan(found.smallest)
    assert np.isnan(found.effect)


@pytest.mark.parametrize("at_a_time", [1, 100])
def test_units_in_two_strata_are_a_fault_unless_their_numbers_begin_anew(plan_of, at_a_time):
    rows = {**ROWS, "v": [1, 1, 1, 2, 1, 2, 3], "w": [-1.0, *ROWS["w"][1:]]}
    with pytest.raises(InputError) as caught:
        describe(plan_of(rows, TEXT, at_a_time=at_a_time))
    expected = "each unit in one stratum; if their numbers begin anew, say nested = true"
    assert [str(each) for each in caught.value.problems] == [
        f"psu: found unit 1 in two strata in 4 rows, expected {expected}",
        f"psu: found unit 2 in two strata in 2 rows, expected {expected}",
        "weight, column w: found a weight below 0 in 1 row, expected a number from 0",
    ]
    rows["w"] = ROWS["w"]
    found = describe(plan_of(rows, TEXT + "nested = true\n", at_a_time=at_a_time))
    assert (found.strata, found.units) == (2, 5)


def test_a_file_without_rows(plan_of):
    with pytest.raises(MethodError, match="file: found no rows, expected at least one"):
        describe(plan_of(pl.DataFrame(ROWS).clear(), TEXT))


def test_more_cells_than_allowed_are_told(plan_of):
    found = describe(plan_of(ROWS, TEXT + "[crossings]\nlimit = 2\n"))
    assert (found.tables, found.cells) == (2, 3)
