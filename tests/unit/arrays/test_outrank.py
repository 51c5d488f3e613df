import numpy as np
import pytest

from everycount.arrays import outrank

NAN = np.nan
X = np.array([[3.0, 3, 1], [2, 2, 2], [1, NAN, 2], [NAN, NAN, NAN]])


def test_copeland():
    np.testing.assert_array_equal(outrank.copeland(X), [1, 0, -1, NAN])
    np.testing.assert_array_equal(outrank.copeland(X, [1, 1, 2]), [-1, 1, 0, NAN])


def test_copeland_leaves_out_units():
    np.testing.assert_array_equal(outrank.copeland(X, missing="propagate"), [1, -1, NAN, NAN])
    np.testing.assert_array_equal(outrank.copeland(X, least=0.7), [1, -1, NAN, NAN])
    np.testing.assert_array_equal(outrank.copeland(X, least=2 / 3), [1, 0, -1, NAN])


def test_copeland_in_parts_is_the_same(monkeypatch: pytest.MonkeyPatch):
    x = np.random.default_rng(1).integers(0, 5, (30, 4)).astype(float)
    whole = outrank.copeland(x, [0.1, 0.2, 0.3, 0.4])
    monkeypatch.setattr(outrank, "CELLS", 100)
    np.testing.assert_array_equal(outrank.copeland(x, [0.1, 0.2, 0.3, 0.4]), whole)


def test_copeland_ties_are_not_lost_in_rounding():
    """.1 + .2 and .3 are the same weight, though not the same double."""
    x = [[1.0, 1, 0, 5], [0, 0, 1, 5]]
    assert outrank.copeland(x, [0.1, 0.2, 0.3, 0.4]).tolist() == [0, 0]


def test_copeland_of_nobody():
    assert np.isnan(outrank.copeland([[NAN]])).all()
