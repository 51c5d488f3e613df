import numpy as np
import polars as pl
import pytest

from everycount.errors import InputError
from everycount.survey.small_area_input import match_areas

NAN = np.nan


def direct(**columns):
    table = {
        "outcome": ["reads"] * 4,
        "statistic": ["mean"] * 4,
        "province": ["north", "north", "south", "south"],
        "group": ["a", "b", "a", "b"],
        "estimate": [0.2, 0.4, None, 0.9],
        "std_error": [0.1, 0.1, None, 0.2],
        "n": [20, 30, 0, 10],
    }
    return pl.DataFrame({**table, **columns})


def covariates(**columns):
    table = {
        "group": ["b", "a", "b", "a", "a"],
        "province": ["south", "south", "north", "north", "east"],
        "lights": [4, 3, 2, 1, 9],
        "roads": [1.5, 0.5, 2.5, 2.0, 7.0],
        "people": [100, 200, 300, 400, 500],
    }
    return pl.DataFrame({**table, **columns})


def match(left=None, right=None, **options):
    left, right = (t if t is not None else f() for t, f in ((left, direct), (right, covariates)))
    return match_areas(left, right, ["province", "group"], **options)


def faults(left=None, right=None, **options):
    with pytest.raises(InputError) as caught:
        match(left, right, **options)
    return [str(p) for p in caught.value.problems]


def test_tables_are_matched_in_the_order_of_the_covariates():
    found = match(population="people")
    assert found.labels == ("south / b", "south / a", "north / b", "north / a", "east / a")
    np.testing.assert_array_equal(found.estimate, [0.9, NAN, 0.4, 0.2, NAN])
    np.testing.assert_array_equal(found.std_error, [0.2, NAN, 0.1, 0.1, NAN])
    np.testing.assert_array_equal(found.n, [10, 0, 30, 20, NAN])
    assert np.isnan(found.deff).all()
    np.testing.assert_array_equal(found.is_direct, [True, False, True, True, False])
    assert found.names == ("(intercept)", "lights", "roads")
    np.testing.assert_array_equal(found.covariates[0], [1, 4, 1.5])
    np.testing.assert_array_equal(found.population, [100, 200, 300, 400, 500])
    assert (found.outcome, found.statistic) == ("reads", "mean")
    assert found.keys.columns == ["province", "group"]


def test_covariates_may_be_named_or_absent():
    assert match(names=["roads"]).names == ("(intercept)", "roads")
    assert match(names=["roads"]).population is None
    assert match(names=[]).covariates.shape == (5, 1)
    assert match(direct(deff=[1.1, 1.2, None, NAN])).deff[2] == 1.2


def test_areas_are_matched_as_text_part_by_part():
    left = direct(province=[1, 1, 2, 2])
    right = covariates(province=["2", "2", "1", "1", "3"])
    np.testing.assert_array_equal(match(left, right).is_direct, [True, False, True, True, False])
    # Joined with a slash these two would be one.
    left = direct(province=["x / y", "x", "n", "o"], group=["z", "y / z", "p", "q"])
    right = covariates(province=["x / y", "x", "n", "o", "r"], group=["z", "y / z", "p", "q", "s"])
    assert match(left, right).labels[:2] == ("x / y / z", "x / y / z")


def test_missing_columns_come_first():
    assert faults(direct().drop("n", "group"), covariates().drop("group"), names=["wells"]) == [
        "direct, column group: found no such column, expected one of outcome, statistic, "
        "province, estimate, std_error",
        "direct, column n: found no such column, expected one of outcome, statistic, province, "
        "estimate, std_error",
        "covariates, column group: found no such column, expected one of province, lights, "
        "roads, people",
        "covariates, column wells: found no such column, expected one of province, lights, "
        "roads, people",
    ]


def test_all_other_faults_come_at_once():
    left = direct(
        outcome=["reads", "reads", "writes", "reads"],
        province=["north", "north", "south", "west"],
        group=["a", "a", "_T", "b"],
        estimate=[0.2, float("inf"), None, 0.9],
        std_error=[0.1, -0.1, None, 0.2],
    )
    right = covariates(
        group=["b", "a", "b", "b", None],
        lights=["4", "3", "2", "1", "9"],
        roads=[1.5, None, 2.5, 2.0, NAN],
        people=[100, -200, 300, 400, 500],
        wells=[3, 3, 3, 3, 3],
    )
    assert faults(left, right, population="people") == [
        "direct, column outcome: found reads, writes, expected exactly one",
        "direct, row 2: found north / a again, first in row 1, expected every area once",
        "direct, row 3: found south / _T, a total, expected an area of its own",
        "covariates, row 4: found north / b again, first in row 3, expected every area once",
        "covariates, row 5: found an area without a name, expected one in every area column",
        "direct, row 1: found north / a, which has no covariates, expected a row of them",
        "direct, row 2: found north / a, which has no covariates, expected a row of them",
        "direct, row 4: found west / b, which has no covariates, expected a row of them",
        "direct, row 2, estimate: found inf, expected a finite number",
        "direct, row 2, std_error: found -0.1, expected a number of 0 or more",
        "covariates, column lights: found the type String, expected numbers",
        "covariates, row 2, roads: found nothing, expected a finite number",
        "covariates, row 5, roads: found nothing, expected a finite number",
        "covariates, row 2, people: found -200, expected a number of 0 or more",
    ]


def test_dependent_covariates_are_faults_beside_others():
    twice = pl.Series([8, 6, 4, 2, 7])  # twice the lights wherever there is an estimate
    right = covariates(twice=twice, roads=["a", "b", "c", "d", "e"])
    words = (
        "found the same everywhere or a combination of columns before it, expected a covariate "
        "that says more, over areas with a direct estimate"
    )
    assert faults(None, right.drop("people")) == [
        "covariates, column roads: found the type String, expected numbers",
        f"covariates, column twice: {words}",
    ]
    text = direct(estimate=["1", "2", "3", "4"])
    constant = covariates(wells=[3, 3, 3, 3, 5]).drop("people", "lights", "roads")
    assert faults(text, constant) == [
        "direct, column estimate: found the type String, expected numbers",
        f"covariates, column wells: {words}",
    ]


def test_too_few_areas_are_left_to_the_model():
    assert match().covariates.shape == (5, 4)  # 3 areas for 4 columns


def test_tables_without_rows_or_names_are_refused():
    assert faults(direct().clear()) == [
        "direct, column outcome: found no row, expected exactly one",
        "direct, column statistic: found no row, expected exactly one",
    ]
    nameless = direct(outcome=pl.Series([None] * 4, dtype=pl.String))
    assert faults(nameless) == ["direct, column outcome: found nothing, expected exactly one"]
    left = direct(group=["a", "b", None, "b"])
    assert faults(left) == [
        "direct, row 3: found an area without a name, expected one in every area column"
    ]
