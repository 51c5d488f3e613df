"""What holds for every table: order of units, units of measurement, gaps, and inputs left alone."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from everycount.arrays import impute, moments, normalise, rank
from everycount.arrays.pool import observed
from everycount.arrays.transform import transform
from everycount.arrays.treat import Rule, Winsorise, treat, winsorise

NUMBERS = st.integers(-10_000, 10_000).map(lambda n: n / 8)
CELLS = st.one_of(st.just(np.nan), NUMBERS)
TABLES = arrays(float, st.tuples(st.integers(5, 14), st.integers(1, 4)), elements=CELLS)
SEEDS = st.integers(0, 2**32 - 1)


def spread(x):
    return np.all(moments.highest(x) > moments.lowest(x))


def higher_of(x):
    return np.arange(x.shape[1]) % 2 == 0


SCORES = {
    "min_max": normalise.min_max,
    "z_score": normalise.z_score,
    "distance_to_maximum": normalise.distance_to_maximum,
    "rank_score": rank.rank_score,
    "percentile_rank": rank.percentile_rank,
    "borda": rank.borda,
}
FILLS = {
    "mean": impute.fill_mean,
    "median": impute.fill_median,
    "siblings": lambda x: impute.fill_from_siblings(x, np.zeros(x.shape[1], int)),
    "last": lambda x: impute.last_observed(x, np.zeros(len(x), int), np.arange(len(x))),
    "linear": lambda x: impute.linear(
        x, np.zeros(len(x), int), np.arange(len(x)), edges="constant"
    ),
}


@pytest.mark.parametrize("name", SCORES)
@given(x=TABLES, seed=SEEDS)
def test_order_of_units_and_columns_is_irrelevant(name, x, seed):
    assume(spread(x))
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(len(x)), rng.permutation(x.shape[1])
    higher = higher_of(x)
    whole = SCORES[name](x, higher)
    moved = SCORES[name](x[rows][:, columns], higher[columns])
    np.testing.assert_allclose(moved, whole[rows][:, columns], atol=1e-9)


@pytest.mark.parametrize("name", SCORES)
@given(x=TABLES, scale=st.sampled_from([0.25, 2.0, 1024.0]), shift=st.integers(-50, 50))
def test_unit_of_measurement_is_irrelevant(name, x, scale, shift):
    assume(spread(x))
    found = SCORES[name](x * scale + shift, higher_of(x))
    np.testing.assert_allclose(found, SCORES[name](x, higher_of(x)), atol=1e-8)


@pytest.mark.parametrize("name", SCORES)
@given(x=TABLES)
def test_scores_keep_order_gaps_and_inputs(name, x):
    assume(spread(x))
    before = x.copy()
    found = SCORES[name](x, higher_of(x))
    np.testing.assert_array_equal(x, before)
    assert not np.isinf(found).any()
    np.testing.assert_array_equal(np.isnan(found), np.isnan(x))
    for j, higher in enumerate(higher_of(x)):
        known = ~np.isnan(x[:, j])
        order = np.argsort(x[known, j] if higher else -x[known, j])
        assert (np.diff(found[known, j][order]) >= 0).all()


@pytest.mark.parametrize("name", FILLS)
@given(x=TABLES)
def test_filling_keeps_what_is_known_and_stays_inside_it(name, x):
    before = x.copy()
    found = FILLS[name](x)
    np.testing.assert_array_equal(x, before)
    known = ~np.isnan(x)
    np.testing.assert_array_equal(found[known], x[known])
    axis = 1 if name == "siblings" else 0
    low = np.fmin.reduce(x, axis=axis, keepdims=True)
    high = np.fmax.reduce(x, axis=axis, keepdims=True)
    assert ((found >= low - 1e-9) & (found <= high + 1e-9) | np.isnan(found)).all()
    if name != "last":
        empty = np.broadcast_to(np.isnan(low), x.shape)
        np.testing.assert_array_equal(np.isnan(found), empty)


@given(x=TABLES, limit=st.integers(0, 6))
def test_winsorising_moves_only_what_it_marks(x, limit):
    found = winsorise(x, limit=limit, rule=Rule(skewness=0.5, kurtosis=0.5, suspect="either"))
    moved = (found.values != x) & ~np.isnan(x)
    assert (found.marks[moved] > 0).all()
    np.testing.assert_array_equal(found.count, (found.marks > 0).sum(axis=0))
    np.testing.assert_array_equal(np.isnan(found.values), np.isnan(x))
    inside = (found.values >= moments.lowest(x)) & (found.values <= moments.highest(x))
    assert (inside | np.isnan(x)).all()


@given(x=TABLES)
def test_treatment_keeps_order(x):
    found = treat(x, first=Winsorise(limit=1), then="log_ct").values
    assert not np.isinf(found).any()
    for old, new in zip(x.T, found.T, strict=True):
        known = ~np.isnan(old)
        assert (np.diff(new[known][np.argsort(old[known])]) >= 0).all()


@pytest.mark.parametrize("kind", ["log_ct", "log_ct_original", "log_ct_plus"])
@given(x=TABLES)
def test_logarithms_are_finite_and_rise(kind, x):
    assume(spread(x))
    found = transform(x, kind)
    np.testing.assert_array_equal(np.isfinite(found), ~np.isnan(x))
    for old, new in zip(x.T, found.T, strict=True):
        known = ~np.isnan(old)
        assert (np.diff(new[known][np.argsort(old[known])]) >= 0).all()


@given(x=TABLES, share=st.sampled_from(["min", "p2.5", "p50", "max"]))
def test_observed_goalposts_lie_inside(x, share):
    post = observed(x, share)
    inside = (post >= moments.lowest(x) - 1e-9) & (post <= moments.highest(x) + 1e-9)
    assert (inside | np.isnan(post)).all()
    np.testing.assert_array_equal(np.isnan(post), np.isnan(x).all(axis=0))


@given(
    x=TABLES,
    posts=st.lists(st.integers(-500, 500), min_size=4, max_size=4, unique=True).map(sorted),
    clip=st.sampled_from(["both", "none", "best", "worst"]),
)
def test_goalposts_are_highest_inside_and_fall_on_both_sides(x, posts, clip):
    below, low, high, above = (np.full(x.shape[1], float(post)) for post in posts)
    found = normalise.goalposts(x, [below, above], [low, high], clip=clip)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(x))
    inside = (x >= low) & (x <= high)
    assert (found[inside] == 100).all()
    outside = (x < low) | (x > high)
    assert (found[outside] < 100).all()
    at_posts = normalise.goalposts([below, above], [below, above], [low, high], clip=clip)
    np.testing.assert_allclose(at_posts, 0, atol=1e-9)
    if clip in ("both", "worst"):
        assert (found[~np.isnan(found)] >= 0).all()
