import numpy as np
import pytest

from everycount.arrays.frontier import benefit_of_the_doubt
from everycount.errors import ColumnError

NAN = np.nan


def test_frontier():
    found = benefit_of_the_doubt([[4, 1], [1, 4], [2, 2], [0, 0], [1, 1]])
    np.testing.assert_allclose(found, [1, 1, 0.8, 0, 0.4], atol=1e-9)


def test_frontier_with_fixed_shares():
    """With both shares at one half the best weights are known: w = score / (2 y)."""
    found = benefit_of_the_doubt([[4, 1], [2, 2]], lower=[0.5, 0.5], upper=[0.5, 0.5])
    first = 1 / max(1, (2 / 4 + 2 / 1) / 2)
    second = 1 / max(1, (4 / 2 + 1 / 2) / 2)
    np.testing.assert_allclose(found, [first, second], atol=1e-9)


def test_frontier_with_limits_is_never_higher():
    x = np.random.default_rng(2).uniform(1, 10, (40, 4))
    free, bound = benefit_of_the_doubt(x), benefit_of_the_doubt(x, lower=[0.1] * 4, upper=[0.4] * 4)
    assert (bound <= free + 1e-9).all()
    assert (bound < free - 1e-3).any()


def test_frontier_with_missing_children():
    x = [[4.0, 1], [1, 4], [2, NAN], [NAN, NAN], [NAN, 2]]
    np.testing.assert_allclose(benefit_of_the_doubt(x), [1, 1, 0.5, NAN, 0.5], atol=1e-9)
    strict = benefit_of_the_doubt(x, missing="propagate")
    np.testing.assert_array_equal(np.isnan(strict), [False, False, True, True, True])
    few = benefit_of_the_doubt(x, least=0.6)
    np.testing.assert_array_equal(np.isnan(few), [False, False, True, True, True])
    bound = benefit_of_the_doubt(x, upper=[1.0, 0.0])
    np.testing.assert_allclose(bound, [1, 0.25, 0.5, NAN, 0.5], atol=1e-9)


def test_frontier_refuses():
    with pytest.raises(ColumnError, match="column 1: found -1, expected values of 0 or more"):
        benefit_of_the_doubt([[1.0, -1]])
    with pytest.raises(ColumnError, match=r"column 0: found share 0\.5 to 0\.4"):
        benefit_of_the_doubt([[1.0, 1]], lower=[0.5, 0], upper=[0.4, 1])
    for limits in ({"lower": [0.6, 0.6]}, {"upper": [0.4, 0.4]}):
        with pytest.raises(ColumnError, match=r"column 0.*column 1"):
            benefit_of_the_doubt([[1.0, 1]], **limits)
