import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError
from everycount.model.design import Outcome, SurveyDesign
from everycount.model.microdata import Column
from everycount.model.sampling import FurtherStage, Sampling
from everycount.survey.findings import Findings
from everycount.survey.sampled import key_columns, keys, population_of_heads, weight_of


def about(frame, missing=()):
    return {name: Column(name=name, kind="number", missing=missing) for name in frame.columns}


def found_in(findings):
    with pytest.raises(InputError) as caught:
        findings.raise_faults("people.csv")
    return [str(each) for each in caught.value.problems]


# ---------------------------------------------------------------- weights


def weights(cells, outcome=None, findings=None, *, divisor=1.0, missing=()):
    frame = pl.DataFrame({"w": cells, "own": cells})
    return weight_of(
        SurveyDesign(sampling=Sampling(weight="w", weight_divisor=divisor)),
        outcome,
        frame,
        columns=about(frame, missing),
        findings=Findings() if findings is None else findings,
    ).tolist()


def test_without_a_weight_every_row_is_one():
    found = weight_of(SurveyDesign(), None, pl.DataFrame({"x": [1, 2]}), columns={},
                      findings=Findings())  # fmt: skip
    assert found.tolist() == [1, 1]


def test_weights_are_divided():
    own = Outcome(name="hit", weight="own")
    assert weights([1.0, 2.0]) == [1, 2]
    assert weights([1_000_000, 0], divisor=1e6) == [1, 0]
    assert weights([4, 6], own, divisor=2) == [2, 3]
    assert weights([4, 6], Outcome(name="hit", weight="own", weight_divisor=4), divisor=2) == [
        1,
        1.5,
    ]
    assert weights([4, 6], Outcome(name="hit", weight_divisor=4), divisor=2) == [2, 3]


def test_faults_of_weights_are_told_with_their_rows():
    findings = Findings()
    found = weights(["1", "-2", "x", None, "9", "", "inf"], None, findings, missing=(9,))
    np.testing.assert_array_equal(found, [1, -2, *[np.nan] * 5])
    where = "weight, column w: found"
    assert found_in(findings) == [
        f"{where} a weight below 0 in 1 row, expected a number from 0",
        f"{where} nothing in 3 rows, expected a weight for every row (0 if it does not count)",
        f"{where} text or infinity in 2 rows, expected a number from 0",
    ]


def test_a_weight_of_its_own_may_be_lacking():
    findings = Findings()
    found = weights([1.0, None, -1.0], Outcome(name="hit", weight="own"), findings)
    np.testing.assert_array_equal(found, [1, np.nan, -1])
    assert found_in(findings) == [
        "weight, column own: found a weight below 0 in 1 row, expected a number from 0"
    ]


# ---------------------------------------------------------------- strata and units

TWO = Sampling(
    strata=("region", "urban"),
    psu="village",
    nested=True,
    stages=(
        FurtherStage(units="house"),
        FurtherStage(units="person", strata=("sex", "region")),
    ),
)


def keys_of(sampling, columns, stage=1, rows=None, findings=None, missing=()):
    frame = pl.DataFrame(columns)
    return keys(
        sampling,
        frame,
        stage,
        rows=np.ones(len(frame), dtype=int) if rows is None else np.array(rows),
        columns=about(frame, missing),
        findings=Findings() if findings is None else findings,
    )


def test_the_columns_that_tell_units_apart():
    assert key_columns(Sampling(), 1) == ()
    assert key_columns(Sampling(strata=("region",)), 1) == ()
    assert key_columns(TWO, 1) == ("region", "urban", "village")
    assert key_columns(TWO, 2) == ("region", "urban", "village", "house")
    assert key_columns(TWO, 3) == ("region", "urban", "village", "house", "sex", "person")


def test_without_strata_and_units():
    found = keys_of(Sampling(), {"x": ["a", "b"]})
    assert found.to_dict(as_series=False) == {"stratum 1": [0, 0]}


def test_keys_of_every_stage():
    columns = {"region": [1, 1], "urban": ["u", "r"], "village": [7, 8], "house": [1, 1],
               "sex": [1, 2], "person": [3.0, 4.0]}  # fmt: skip
    found = keys_of(TWO, columns, stage=3)
    assert found.to_dict(as_series=False) == {
        "stratum 1": ["1 / u", "1 / r"],
        "unit 1": [7, 8],
        "stratum 2": [0, 0],
        "unit 2": [1, 1],
        "stratum 3": ["1 / 1", "2 / 1"],
        "unit 3": [3.0, 4.0],
    }
    assert keys_of(TWO, columns, stage=1).columns == ["stratum 1", "unit 1"]


def test_keys_do_not_depend_on_the_batch():
    """A float is a float even where all others of its batch are whole."""
    sampling = Sampling(strata=("s",), psu="u")
    first = keys_of(sampling, {"s": [1.0, 2.0], "u": [-0.0, 3.0]})
    second = keys_of(sampling, {"s": [1.5, 2.0], "u": [0.0, 3.0]})
    assert first.dtypes == second.dtypes == [pl.Float64, pl.Float64]
    assert first.hash_rows()[1] == second.hash_rows()[1]
    assert first["unit 1"].hash()[0] == second["unit 1"].hash()[0]


def test_rows_without_a_stratum_or_unit_are_counted():
    findings = Findings()
    columns = {"s": ["a", None, ""], "u": [1, 2, 9]}
    keys_of(Sampling(strata=("s",), psu="u"), columns, 1, [5, 2, 4], findings, missing=(9,))
    assert found_in(findings) == [
        "stratum, column s: found nothing in 6 rows, expected a stratum",
        "unit, column u: found nothing in 4 rows, expected a unit",
    ]


# ---------------------------------------------------------------- populations


def populations(cells, starts, findings=None):
    frame = pl.DataFrame({"n": cells})
    return population_of_heads(
        "n",
        frame,
        np.array(starts),
        column=Column(name="n", kind="number", missing=(-1,)),
        findings=Findings() if findings is None else findings,
    )


def test_the_population_is_that_of_the_first_row():
    assert populations([5, 5, 8], [0, 2, 3]).tolist() == [5, 8]


def test_populations_that_are_lacking_or_differ():
    findings = Findings()
    found = populations(["5", "6", "x", None, "-1", "8", "8", "inf"], [0, 2, 4, 5, 8], findings)
    np.testing.assert_array_equal(found, [5, np.nan, np.nan, 8])
    assert found_in(findings) == [
        "population, column n: found nothing or no number in 4 rows, expected a number of units, "
        "or a share up to 1",
        "population, column n: found several values in one unit in 1 row, expected one value for "
        "the whole unit",
    ]
