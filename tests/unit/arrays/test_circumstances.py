import numpy as np
import pytest

from everycount.arrays import circumstances as module
from everycount.arrays.circumstances import (
    Excluded,
    collapse,
    complete_rows,
    distinct,
    distinct_rows,
)
from everycount.errors import InputError, MethodError

NAN = np.nan


def test_cells_hold_what_their_rows_say():
    cells = collapse(
        [1.0, 4.0, 2.0, 5.0], [1, 3, 2, 2], [[1, 0], [1, 0], [0, 2], [1, 0]], kinds=["ordered"] * 2
    )
    np.testing.assert_array_equal(cells.codes, [[0, 2], [1, 0]])
    np.testing.assert_array_equal(cells.n, [1, 3])
    np.testing.assert_array_equal(cells.weight, [2, 6])
    mean = (1 + 12 + 10) / 6
    np.testing.assert_allclose(cells.mean, [2, mean])
    spread = (1 - mean) ** 2 + 3 * (4 - mean) ** 2 + 2 * (5 - mean) ** 2
    np.testing.assert_allclose(cells.deviance, [0, spread])
    assert cells.kinds == ("ordered", "ordered")


def test_deviance_keeps_its_digits_far_from_zero_and_under_population_weights():
    y = 1e6 + np.tile([0.0, 0.001], 500)
    cells = collapse(y, np.full(1000, 1e5), np.zeros((1000, 1), int), kinds=["nominal"])
    assert cells.deviance[0] == pytest.approx(1e8 * 0.0005**2, rel=1e-6)


def test_category_that_all_lack_or_all_have_has_a_mean_without_rounding():
    weight = np.random.default_rng(1).random(1000)
    codes = np.repeat([[0], [1]], 500, axis=0)
    cells = collapse(codes[:, 0], weight, codes, kinds=["nominal"])
    assert cells.mean.tolist() == [0.0, 1.0]
    assert cells.deviance.tolist() == [0.0, 0.0]


def test_rows_are_left_out_once_by_the_first_reason():
    rows = complete_rows(
        [1, NAN, NAN, 0, 1, NAN],
        [1, 1, 0, 1, 1, 1],
        [[0, 1], [0, 0], [-1, 0], [0, -9], [2, 2], [-1, -1]],
        kinds=["ordered", "nominal"],
    )
    assert rows.excluded == Excluded(zero_weight=1, missing_outcome=2, missing_circumstance=1)
    assert rows.kept.tolist() == [True, False, False, False, True, False]
    assert rows.outcome.tolist() == [1, 1]
    assert rows.codes.tolist() == [[0, 1], [2, 2]]


def test_all_faults_of_weights_and_outcomes_are_said_at_once():
    with pytest.raises(InputError) as caught:
        collapse([np.inf, 1, 0, 1], [1, -2, NAN, np.inf], np.zeros((4, 1), int), kinds=["ordered"])
    assert [str(problem) for problem in caught.value.problems] == [
        "weight: found 1 rows negative, expected 0 or more",
        "weight: found 1 rows missing, expected a number",
        "weight: found 1 rows infinite, expected a finite number",
        "outcome: found 1 rows infinite, expected a finite number or a missing value",
    ]


def test_no_complete_row_is_refused_with_counts():
    with pytest.raises(MethodError) as caught:
        collapse([1, NAN, 1], [0, 1, 1], [[0], [0], [-1]], kinds=["ordered"])
    assert str(caught.value.problems[0]) == (
        "rows: found 3 rows, of which 1 with weight 0, 1 without an outcome and 1 without a "
        "circumstance, expected at least one complete row"
    )


@pytest.mark.parametrize(
    ("y", "weight", "codes", "kinds", "message"),
    [
        ([1, 0], [1], [[0], [1]], ["ordered"], r"expected \(rows,\), \(rows,\) and \(rows, 1\)"),
        ([1, 0], [1, 1], [[0], [1]], ["ordered"] * 2, r"\(rows, 2\)"),
        ([[1, 0]], [[1, 1]], [[0], [1]], ["ordered"], r"found shapes \(1, 2\)"),
        ([1, 0], [1, 1], [[0.0], [1.0]], ["ordered"], "codes: found float64, expected whole"),
        ([1, 0], [1, 1], [[0], [1]], ["numeric"], r"kinds: found \['numeric'\], expected ordered"),
        ([1, 0], [1, 1], np.zeros((2, 0), int), [], "kinds: found none"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(y, weight, codes, kinds, message):
    with pytest.raises(ValueError, match=message):
        collapse(y, weight, codes, kinds=kinds)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
def test_codes_may_be_any_whole_numbers(dtype):
    cells = collapse([1, 0], [1, 1], np.array([[3], [1]], dtype), kinds=["ordered"])
    assert cells.codes.dtype == np.int64
    assert cells.codes.tolist() == [[1], [3]]


@pytest.mark.parametrize("dense", [2**22, 30, 4, 1])
def test_distinct_rows_are_the_same_counted_or_sorted(monkeypatch, dense):
    monkeypatch.setattr(module, "DENSE", dense)
    table = np.random.default_rng(3).integers(0, 6, (200, 3))
    distinct, which = distinct_rows(table)
    expected, places = np.unique(table, axis=0, return_inverse=True)
    np.testing.assert_array_equal(distinct, expected)
    np.testing.assert_array_equal(which, places.ravel())


def test_distinct_rows_of_many_wide_columns_do_not_overflow():
    table = np.random.default_rng(3).integers(0, 2**31, (50, 6))
    table[7] = table[3]
    distinct, which = distinct_rows(table)
    assert len(distinct) == 49
    np.testing.assert_array_equal(distinct[which], table)


def test_distinct_rows_of_no_rows():
    distinct, which = distinct_rows(np.zeros((0, 2), np.int64))
    assert distinct.shape == (0, 2)
    assert which.shape == (0,)


@pytest.mark.parametrize("far", [1, 10, 1_000_000])
def test_distinct_codes_are_those_of_numpy(far):
    codes = np.random.default_rng(1).integers(-5, 5, 200) * far
    values, which = np.unique(codes, return_inverse=True)
    found = distinct(codes)
    np.testing.assert_array_equal(found[0], values)
    np.testing.assert_array_equal(found[1], which)
