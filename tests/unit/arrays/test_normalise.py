import numpy as np
import pytest

from everycount.arrays import normalise
from everycount.errors import ColumnError

NAN = np.nan
X = np.array([[1.0, 8.0], [2.0, 6.0], [NAN, NAN], [5.0, 4.0]])
UP_DOWN = [True, False]


@pytest.mark.parametrize(
    ("clip", "wanted"),
    [
        ("both", [0, 0, 50, 100, 100]),
        ("none", [-50, 0, 50, 100, 150]),
        ("best", [-50, 0, 50, 100, 100]),
        ("worst", [0, 0, 50, 100, 150]),
    ],
)
def test_goalposts_clip(clip, wanted):
    steps = np.array([-5.0, 0, 5, 10, 15])
    x = np.column_stack([steps, 10 - steps])
    sides = normalise.one_sided([0, 10], [10, 0])
    found = normalise.goalposts(x, *sides, clip=clip)
    np.testing.assert_allclose(found, np.column_stack([wanted, wanted]))


def test_goalposts_of_an_interval():
    x = np.array([[0.0], [27], [37], [47], [50], [53], [63], [80], [NAN]])
    posts = {"worst": [[27], [73]], "best": [[47], [53]]}
    found = normalise.goalposts(x, **posts, scale=(1, 100))
    np.testing.assert_allclose(found.ravel(), [1, 1, 50.5, 100, 100, 100, 50.5, 1, NAN])
    open_ended = normalise.goalposts(x, **posts, clip="none")
    np.testing.assert_allclose(open_ended.ravel()[[0, 7]], [-135, -35])


def test_goalposts_of_an_interval_with_one_worst_side():
    x = [[40.0], [50.0], [56.0], [63.0]]
    worst, best = [[30], [NAN]], [[50], [53]]
    assert normalise.goalposts(x, worst, best).ravel().tolist() == [50, 100, 100, 100]
    further = normalise.goalposts(x, worst, best, clip="none").ravel()
    np.testing.assert_allclose(further, [50, 100, 115, 150])


def test_goalposts_for_each_row():
    x = np.array([[5.0], [5.0], [NAN]])
    sides = normalise.one_sided([[0.0], [0.0], [NAN]], [[10.0], [20.0], [NAN]])
    np.testing.assert_allclose(normalise.goalposts(x, *sides).ravel(), [50, 25, NAN])


def test_goalposts_refuse_columns():
    sides = normalise.one_sided([0, 3, NAN, 0], [1, 3, 1, NAN])
    with pytest.raises(ColumnError) as error:
        normalise.goalposts(np.ones((2, 4)), *sides)
    assert [fault[0] for fault in error.value.faults] == [1, 2, 3]
    assert "worst 3 below and nan above, best 3 to 3" in str(error.value)
    for worst, best in (
        ([[5], [NAN]], [[4], [6]]),
        ([[NAN], [5]], [[4], [6]]),
        ([[0], [9]], [[6], [4]]),
    ):
        with pytest.raises(ColumnError):
            normalise.goalposts([[1.0]], worst, best)


def test_goalposts_refuse_a_row_with_a_value():
    sides = normalise.one_sided([[0.0], [4.0]], [[10.0], [4.0]])
    with pytest.raises(ColumnError, match="best 4 to 4"):
        normalise.goalposts([[1.0], [1.0]], *sides)


def test_min_max():
    found = normalise.min_max(X, UP_DOWN, scale=(1, 101))
    np.testing.assert_allclose(found, [[1, 1], [26, 51], [NAN, NAN], [101, 101]])


def test_min_max_within_labels():
    found = normalise.min_max([[1.0], [2.0], [10.0], [30.0]], [True], pool=[0, 0, 1, 1])
    assert found.ravel().tolist() == [0, 100, 0, 100]


def test_min_max_of_the_rows_that_count():
    found = normalise.min_max([[1.0], [2.0], [3.0]], [True], pool=np.array([True, True, False]))
    assert found.ravel().tolist() == [0, 100, 200]


def test_min_max_refuses_constants_and_leaves_empty_columns():
    with pytest.raises(ColumnError) as error:
        normalise.min_max([[1.0, 7.0, NAN], [2.0, 7.0, NAN]], [True] * 3)
    assert error.value.faults == ((1, "the constant 7", "values that differ"),)
    assert np.isnan(normalise.min_max([[1.0, NAN], [2.0, NAN]], [True, True])[:, 1]).all()
    with pytest.raises(ColumnError, match="the constant 4"):
        normalise.min_max([[1.0], [2.0], [4.0]], [True], pool=["a", "a", "b"])


def test_z_score():
    found = normalise.z_score([[1.0, 1], [2, 2], [3, 3]], UP_DOWN, mean=10, sd=2)
    assert found.tolist() == [[8, 12], [10, 10], [12, 8]]
    with pytest.raises(ColumnError, match="constant"):
        normalise.z_score([[0.1], [0.1], [0.1]], [True])


def test_distance_to_maximum():
    found = normalise.distance_to_maximum(X, UP_DOWN)
    np.testing.assert_allclose(found, [[0, 0], [0.25, 0.5], [NAN, NAN], [1, 1]])


def test_distance_to_reference():
    found = normalise.distance_to_reference(X, X[1], UP_DOWN)
    np.testing.assert_allclose(found, [[0, 0], [1, 1], [NAN, NAN], [1, 1]])
    found = normalise.distance_to_reference(X, X[1], UP_DOWN, clip="none")
    np.testing.assert_allclose(found, [[0, 0], [1, 1], [NAN, NAN], [4, 2]])


def test_distance_to_reference_refuses_one_no_better_than_the_worst():
    with pytest.raises(ColumnError) as error:
        normalise.distance_to_reference(X, [0.5, 9.0], UP_DOWN)
    assert error.value.faults == (
        (0, "0.5", "a reference better than 1"),
        (1, "9", "a reference better than 8"),
    )
    with pytest.raises(ColumnError, match="found nan"):
        normalise.distance_to_reference(X, X[2], UP_DOWN)


def test_fraction_of_maximum():
    found = normalise.fraction_of_maximum([[1.0, 1], [2, 2], [NAN, 4]], UP_DOWN)
    np.testing.assert_allclose(found, [[0.5, 1], [1, 0.5], [NAN, 0.25]])


def test_fraction_of_maximum_needs_a_true_zero():
    x = [[0.0, 0.0, -1.0, 0.0], [0.0, 2.0, 3.0, 4.0]]
    with pytest.raises(ColumnError) as error:
        normalise.fraction_of_maximum(x, [True, False, True, True])
    assert [(j, found) for j, found, _ in error.value.faults] == [(0, "0"), (1, "0"), (2, "-1")]
