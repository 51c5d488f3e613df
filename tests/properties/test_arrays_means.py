"""What holds for every way to combine children, and for every account of the result."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from everycount.arrays import aggregate, outrank, shapley
from everycount.arrays.expectation import expectation_maximisation
from everycount.arrays.frontier import benefit_of_the_doubt
from everycount.arrays.project import anticipated_progress, classify, current_status
from everycount.arrays.rank import rank

SCORES = st.integers(8, 8_000).map(lambda n: n / 8)
CELLS = st.one_of(st.just(np.nan), SCORES)
SHAPES = st.tuples(st.integers(1, 8), st.integers(1, 5))
TABLES = arrays(float, SHAPES, elements=CELLS)
FULL = arrays(float, SHAPES, elements=SCORES)
SEEDS = st.integers(0, 2**32 - 1)
MEANS = {
    "arithmetic": aggregate.arithmetic,
    "geometric": aggregate.geometric,
    "harmonic": aggregate.harmonic,
    "minimum": aggregate.minimum,
    "log_mean_exp": aggregate.log_mean_exp,
    "power 3": lambda *a, **k: aggregate.generalised(*a, power=3, **k),
    "power -2": lambda *a, **k: aggregate.generalised(*a, power=-2, **k),
}


def weights_of(x, seed):
    return np.random.default_rng(seed).uniform(0.1, 1, x.shape[1])


@pytest.mark.parametrize("name", MEANS)
@given(x=TABLES, seed=SEEDS)
def test_a_mean_lies_between_its_parts(name, x, seed):
    found = MEANS[name](x, weights_of(x, seed))
    low, high = np.fmin.reduce(x, axis=1), np.fmax.reduce(x, axis=1)
    assert ((found >= low - 1e-6) & (found <= high + 1e-6) | np.isnan(found)).all()
    np.testing.assert_array_equal(np.isnan(found), np.isnan(x).all(axis=1))


@pytest.mark.parametrize("name", MEANS)
@given(x=TABLES, seed=SEEDS)
def test_order_of_children_and_scale_of_weights_are_irrelevant(name, x, seed):
    weights = weights_of(x, seed)
    order = np.random.default_rng(seed).permutation(x.shape[1])
    found = MEANS[name](x[:, order], weights[order] * 7)
    np.testing.assert_allclose(found, MEANS[name](x, weights), rtol=1e-9)


@pytest.mark.parametrize("name", MEANS)
@given(x=FULL, seed=SEEDS)
def test_means_do_not_fall_when_a_child_rises(name, x, seed):
    weights = weights_of(x, seed)
    better = x.copy()
    better[:, 0] += 1
    assert (MEANS[name](better, weights) >= MEANS[name](x, weights) - 1e-9).all()


@given(x=FULL, seed=SEEDS)
def test_means_are_in_order(x, seed):
    weights = weights_of(x, seed)
    names = ("minimum", "power -2", "harmonic", "geometric", "arithmetic", "power 3")
    found = np.array([MEANS[name](x, weights) for name in names])
    assert (np.diff(found, axis=0) >= -1e-6).all()


@given(x=TABLES, seed=SEEDS)
def test_renormalising_is_imputing_the_mean_of_the_others(x, seed):
    weights = weights_of(x, seed)
    mean = aggregate.arithmetic(x, weights)
    filled = np.where(np.isnan(x), mean[:, None], x)
    np.testing.assert_allclose(aggregate.arithmetic(filled, weights), mean, rtol=1e-9)


@given(x=TABLES)
def test_copeland_adds_to_nothing(x):
    np.testing.assert_allclose(np.nansum(outrank.copeland(x)), 0)


@given(x=TABLES)
def test_frontier_is_reached_and_not_passed(x):
    found = benefit_of_the_doubt(x)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(x).all(axis=1))
    known = found[~np.isnan(found)]
    assert ((known >= 0) & (known <= 1)).all()
    if not np.isnan(x).any():
        np.testing.assert_allclose(known.max(), 1)


@pytest.mark.parametrize("name", MEANS)
@given(x=TABLES, seed=SEEDS)
def test_contributions_add_up(name, x, seed):
    weights = weights_of(x, seed)
    base = np.random.default_rng(seed).uniform(1, 1000, x.shape[1])

    def value(table):
        return MEANS[name](table, np.broadcast_to(weights, table.shape))

    gone = value(x) - value(np.where(np.isnan(x), np.nan, base))
    exact = shapley.contributions(x, base, value)
    np.testing.assert_allclose(np.nansum(exact, axis=1), np.nan_to_num(gone), atol=1e-7)
    drawn = shapley.sampled(x, base, value, rng=np.random.default_rng(seed), pairs=2)
    np.testing.assert_allclose(
        np.nansum(drawn.contributions, axis=1), np.nan_to_num(gone), atol=1e-7
    )


@given(x=TABLES)
def test_ranks_follow_scores(x):
    places = rank(x)
    np.testing.assert_array_equal(np.isnan(places), np.isnan(x))
    for scores, found in zip(x.T, places.T, strict=True):
        above = [np.count_nonzero(scores > score) + 1 for score in scores[~np.isnan(scores)]]
        assert found[~np.isnan(found)].tolist() == above


@given(seed=SEEDS)
def test_expectations_do_not_depend_on_the_order_of_units(seed):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(12, 3))
    x[rng.random(x.shape) < 0.15] = np.nan
    x[0] = 1.0
    order = rng.permutation(12)
    found, moved = expectation_maximisation(x), expectation_maximisation(x[order])
    assert np.isfinite(found.values).all()
    np.testing.assert_allclose(moved.values, found.values[order], atol=1e-6)


DISTANCES = st.lists(
    st.tuples(st.integers(0, 80).map(float), st.integers(0, 80).map(float)), min_size=1
)


@given(pairs=DISTANCES)
def test_progress_measures_and_classes_agree(pairs):
    left, way = np.array(pairs).T
    gap, status, said = (
        anticipated_progress(left, way),
        current_status(left, way),
        classify(left, way),
    )
    np.testing.assert_allclose(status, 10 - gap / 10)
    assert ((gap <= 10) == (said == "on track")).all()
    assert ((gap > 100) | np.isnan(gap) == (said == "moving away")).all()
