import numpy as np
import pytest

from everycount.arrays import weigh
from everycount.errors import ColumnError

NAN = np.nan
RNG = np.random.default_rng(4)
X = RNG.normal(size=(60, 3)) @ [[1.0, 0.5, 0.1], [0, 1, 0], [0, 0, 1]]


def test_equal():
    np.testing.assert_allclose(weigh.equal([4, 4, 2, 4]), [1 / 3, 1 / 3, 1, 1 / 3])


def test_from_standard_deviations():
    x = [[1.0, 1, 5], [2, 4, 6], [3, 7, NAN]]
    found = weigh.from_standard_deviations(x, [0, 0, 1])
    np.testing.assert_allclose(found, [0.75, 0.25, 1])
    with pytest.raises(ColumnError) as error:
        weigh.from_standard_deviations([[1.0, 2], [1, 3]], [0, 0])
    assert error.value.faults == ((0, "standard deviation 0", "values that differ"),)


def test_principal_component():
    found = weigh.principal_component(np.vstack([X, [NAN, 1, 1]]))
    values, vectors = np.linalg.eigh(np.corrcoef(X.T))
    np.testing.assert_allclose(np.abs(found.weights), np.abs(vectors[:, -1]))
    np.testing.assert_allclose(found.explained, values[-1] / 3)
    assert found.units == 60
    assert found.weights.sum() > 0


def test_principal_component_has_one_sign():
    mirrored = weigh.principal_component(X[:, [0, 1]] * [1, -1])
    np.testing.assert_allclose(mirrored.weights, np.array([1, -1]) / np.sqrt(2), atol=1e-9)
    np.testing.assert_allclose(
        weigh.principal_component(-X).weights, weigh.principal_component(X).weights
    )


def test_principal_component_refuses():
    with pytest.raises(ColumnError, match="column 0: found standard deviation nan"):
        weigh.principal_component([[1.0, 2], [NAN, 3]])


def test_optimise_balances():
    found = weigh.optimise(X, lambda w: X @ w)
    assert found.converged
    np.testing.assert_allclose(found.correlations, found.correlations[0], atol=1e-3)
    np.testing.assert_allclose(found.weights.sum(), 1)


def test_optimise_to_a_target_with_missing_values():
    x = X.copy()
    x[3, 1] = NAN
    found = weigh.optimise(x, lambda w: np.nan_to_num(x) @ w, [2, 1, 1])
    assert found.converged
    share = found.correlations / found.correlations.sum()
    np.testing.assert_allclose(share, [0.5, 0.25, 0.25], atol=1e-3)


def test_optimise_for_the_largest_sum():
    found = weigh.optimise(X, lambda w: X @ w, aim="infomax")
    assert found.converged
    even = weigh.optimise(X, lambda w: X @ w, iterations=1)
    assert not even.converged
    assert found.correlations.sum() >= even.correlations.sum() - 1e-9


def test_optimise_of_an_index_that_does_not_move():
    found = weigh.optimise(X, lambda w: np.full(60, w.sum()), aim="infomax")
    np.testing.assert_array_equal(found.correlations, [0, 0, 0])


def test_weights_that_add_to_nothing():
    with pytest.raises(
        ColumnError, match="column 0: found weight 0, siblings adding to 0, expected"
    ):
        weigh.from_standard_deviations([[1, 1], [2, 4]], [0, 0], change=0)
