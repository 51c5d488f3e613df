import numpy as np
import pytest
from numpy.testing import assert_allclose

from everycount.arrays.importance import equalise, importance

N = 129
RNG = np.random.default_rng(5)
X = RNG.normal(size=N)


def of(x, y):
    found = importance(np.asarray(x, float)[:, None], y)
    return found.ratio[0], found.pearson_squared[0]


def test_all_of_the_variance_along_a_line():
    found = importance(X[:, None], 3 - 2 * X)
    assert found.ratio[0] == pytest.approx(1)
    assert found.pearson_squared[0] == pytest.approx(1)
    assert np.isinf(found.bandwidth[0])
    assert found.pairs[0] == N


def test_nearly_all_of_it_along_a_curve_that_no_line_follows():
    x = np.linspace(-1, 1, N)
    ratio, squared = of(x, x**2)
    assert ratio > 0.98
    assert squared == pytest.approx(0, abs=1e-12)
    assert of(x, np.sin(6 * x))[0] > 0.98


def test_hardly_any_where_the_two_are_independent():
    ratios = importance(RNG.normal(size=(N, 200)), X).ratio
    assert ratios.mean() < 0.04
    assert np.quantile(ratios, 0.95) < 0.12


def test_the_share_that_noise_leaves():
    """y = x + e with Var(e) = 1: half of the variance is that of E(y|x)."""
    x, e = RNG.normal(size=(2, 2000))
    ratio, squared = of(x, x + e)
    assert ratio == pytest.approx(0.5, abs=0.05)
    assert squared == pytest.approx(0.5, abs=0.05)


def test_units_and_signs_make_no_difference():
    y = X**2 + RNG.normal(size=N)
    found = importance(np.column_stack([X, 7 - 100 * X]), y)
    assert found.ratio[0] == pytest.approx(found.ratio[1])
    assert importance(X[:, None], 3 - 9 * y).ratio[0] == pytest.approx(found.ratio[0])


def test_two_values_have_the_variance_between_them():
    x = np.repeat([0.0, 1.0], [40, 60])
    y = RNG.normal(size=100) + x
    within = np.concatenate([y[:40] - y[:40].mean(), y[40:] - y[40:].mean()])
    between = 1 - within.var() / y.var()
    assert of(x, y) == (pytest.approx(between), pytest.approx(between))


def test_missing_figures_are_left_out_pair_by_pair():
    x, y = np.column_stack([X, X]), X**2
    x[:20, 1], y[-10:] = np.nan, np.nan
    found = importance(x, y)
    assert found.pairs.tolist() == [N - 10, N - 30]
    assert found.ratio[1] == pytest.approx(of(X[20:-10], y[20:-10])[0])


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.ones(5), np.arange(5.0)),
        (np.arange(5.0), np.ones(5)),
        (np.arange(2.0), np.arange(2.0)),
        (np.full(5, np.nan), np.arange(5.0)),
    ],
)
def test_nothing_is_told_of_a_constant_or_of_two_units(x, y):
    found = importance(x[:, None], y)
    for field in ("ratio", "pearson_squared", "bandwidth"):
        assert np.isnan(getattr(found, field)[0])


def test_a_single_unit_apart_from_the_rest_falls_back_on_the_line():
    ratio, squared = of([0, 0, 1], np.array([1.0, 2.0, 6.0]))
    assert ratio == pytest.approx(squared)


def test_more_values_than_places_of_the_grid():
    x = RNG.uniform(-1, 1, size=3000)
    ratio, squared = of(x, x**2)
    assert ratio > 0.98
    assert squared < 0.01


def test_the_same_twice():
    y = X**2
    assert importance(X[:, None], y).ratio[0] == importance(X[:, None], y).ratio[0]


# ---------------------------------------------------------------- equalise


def test_weights_that_make_importance_as_asked():
    x = RNG.normal(size=(N, 3)) * [1, 5, 2] + RNG.normal(size=(N, 1))
    target = np.array([0.5, 0.3, 0.2])
    weights = equalise(np.corrcoef(x.T), x.std(axis=0), target)
    squared = importance(x, x @ weights).pearson_squared
    assert weights.sum() == pytest.approx(1)
    assert_allclose(squared / squared.sum(), target)


def test_parts_without_relation_are_weighed_against_their_spread():
    assert_allclose(equalise(np.eye(2), [1, 4], [1, 1]), [0.8, 0.2])


@pytest.mark.parametrize(
    "alike",
    [
        [[1, 1], [1, 1]],
        [[1, np.nan], [np.nan, 1]],
        [[1, -1.5], [-1.5, 1]],
    ],
)
def test_no_weights_for_parts_that_say_the_same_or_correlations_of_no_table(alike):
    assert np.isnan(equalise(alike, [1, 1], [1, 1])).all()


def test_no_weights_where_one_would_be_below_zero():
    alike = [[1, 0.8, 0.8], [0.8, 1, 0.4], [0.8, 0.4, 1]]
    assert np.isnan(equalise(alike, [1, 1, 1], [1, 1, 1])).all()
