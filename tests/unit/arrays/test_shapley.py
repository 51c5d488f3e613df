from itertools import permutations

import numpy as np
import pytest

from everycount.arrays import shapley
from everycount.arrays.aggregate import arithmetic, geometric, harmonic

NAN = np.nan
X = np.array([[40.0, 90, 20], [10, 5, 30], [7, NAN, 9]])
BASE = np.array([10.0, 10, 15])


def by_definition(own, base, value):
    orders = list(permutations(range(len(own))))
    total = np.zeros(len(own))
    for order in orders:
        now = base.copy()
        for child in order:
            before = value(now[None])[0]
            now[child] = own[child]
            total[child] += value(now[None])[0] - before
    return total / len(orders)


@pytest.mark.parametrize("value", [geometric, harmonic, arithmetic])
def test_contributions_are_those_of_the_definition(value):
    found = shapley.contributions(X[:2], BASE, value)
    wanted = [by_definition(own, BASE, value) for own in X[:2]]
    np.testing.assert_allclose(found, wanted, atol=1e-12)


def test_contributions_with_a_missing_child():
    found = shapley.contributions(X, BASE, geometric)
    np.testing.assert_array_equal(np.isnan(found[2]), [False, True, False])
    gone = geometric([[7, 9]])[0] - geometric([[10, 15]])[0]
    np.testing.assert_allclose(np.nansum(found[2]), gone)


def test_contributions_in_parts_are_the_same(monkeypatch: pytest.MonkeyPatch):
    whole = shapley.contributions(X, BASE, geometric)
    monkeypatch.setattr(shapley, "ROWS", 8)
    parts = shapley.contributions(X, BASE, geometric)
    np.testing.assert_allclose(parts, whole, atol=1e-12)


def test_contributions_of_too_many_children():
    with pytest.raises(ValueError, match="found 13 children, expected at most 12; use sampled"):
        shapley.contributions(np.ones((1, 13)), np.ones(13), geometric)


def test_arithmetic_contributions_in_closed_form():
    weights = [1.0, 2, 3]

    def value(table):
        return arithmetic(table, weights)

    # Each child adds its share of the known weight times its distance from the baseline.
    shares = np.where(np.isnan(X), 0.0, weights)
    shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-300)
    expected = shares * (X - np.asarray(BASE))
    np.testing.assert_allclose(shapley.contributions(X, BASE, value), expected, atol=1e-12)


def test_sampled_contributions_come_near_and_add_up():
    exact = shapley.contributions(X, BASE, geometric)
    rng = np.random.default_rng(0)
    found = shapley.sampled(X, BASE, geometric, rng=rng, pairs=200)
    near = np.abs(found.contributions - exact) <= 4 * found.standard_errors + 1e-9
    assert (near | np.isnan(exact)).all()
    gone = geometric(X) - geometric(np.where(np.isnan(X), NAN, BASE))
    np.testing.assert_allclose(np.nansum(found.contributions, axis=1), gone)


def test_sampled_contributions_need_two_pairs():
    with pytest.raises(ValueError, match="pairs: found 1, expected 2 or more"):
        shapley.sampled(X, BASE, geometric, rng=np.random.default_rng(0), pairs=1)
