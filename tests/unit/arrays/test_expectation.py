import numpy as np
import pytest

from everycount.arrays.expectation import expectation_maximisation
from everycount.errors import ColumnError

NAN = np.nan


def test_expectation_recovers_a_line():
    x = np.column_stack([np.arange(20.0), 3 - 2 * np.arange(20.0)])
    gaps = x.copy()
    gaps[4, 1] = gaps[7, 0] = NAN
    found = expectation_maximisation(gaps, tolerance=1e-9)
    assert found.converged
    np.testing.assert_allclose(found.values, x, atol=1e-4)


def test_expectation_is_that_of_maximum_likelihood():
    """With one gappy column the estimate is known: Anderson (1957), by factoring."""
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 2)) @ [[1.0, 0.7], [0.0, 0.5]]
    gaps = x.copy()
    gaps[150:, 1] = NAN
    found = expectation_maximisation(gaps, tolerance=1e-12, iterations=5000)
    slope, intercept = np.polyfit(x[:150, 0], x[:150, 1], 1)
    np.testing.assert_allclose(found.mean[1], intercept + slope * x[:, 0].mean(), atol=1e-6)
    np.testing.assert_allclose(found.covariance[0, 0], x[:, 0].var(), atol=1e-6)
    np.testing.assert_allclose(found.values[150:, 1], intercept + slope * x[150:, 0], atol=1e-6)


def test_expectation_of_units_and_columns_with_little():
    x = [[1.0, 7.0, 3.0], [2.0, NAN, 3.0], [NAN, NAN, NAN], [3.0, NAN, 3.0]]
    found = expectation_maximisation(x)
    assert np.isfinite(found.values).all()
    np.testing.assert_allclose(found.values[2], found.mean, atol=1e-6)
    np.testing.assert_allclose(found.values[:, 2], 3, atol=1e-6)


def test_expectation_says_when_it_did_not_converge():
    x = np.random.default_rng(1).normal(size=(30, 4))
    x[::3, 1] = x[1::4, 2] = NAN
    found = expectation_maximisation(x, tolerance=0, iterations=2)
    assert not found.converged
    assert found.rounds == 2
    assert np.isfinite(found.values).all()


def test_expectation_refuses_columns_without_a_value():
    with pytest.raises(ColumnError) as error:
        expectation_maximisation([[1.0, NAN, NAN], [2.0, NAN, NAN]])
    assert error.value.faults == ((1, "no value", "at least one"), (2, "no value", "at least one"))
