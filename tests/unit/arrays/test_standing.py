"""Places of units in many builds, against slow and plain ways to the same figures."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from everycount.arrays import standing
from everycount.arrays.rank import rank


@pytest.fixture
def scores():
    rng = np.random.default_rng(3)
    scores = rng.integers(0, 30, (200, 11)).astype(float)
    scores[rng.random(scores.shape) < 0.1] = np.nan
    scores[5] = np.nan
    return scores


@pytest.mark.parametrize("ties", ["min", "max", "average", "dense"])
@pytest.mark.parametrize("lower", [True, False])
def test_places_are_the_ranks_of_each_build(scores, ties, lower):
    found = standing.places(scores, ties=ties, lower_is_better=lower)
    wanted = rank(scores.T, ties=ties, best="low" if lower else "high").T
    assert_array_equal(found, wanted)


def test_places_round_to_decimals_or_to_digits():
    noise = np.array([[5.0, 5.0 + 1e-13, 4.96]])
    assert standing.places(noise).tolist() == [[1, 1, 3]]
    assert standing.places(noise, decimals=1).tolist() == [[1, 1, 1]]
    assert standing.places(noise + 1e-3).tolist() == [[1, 1, 3]]
    assert standing.places(np.zeros((1, 2))).tolist() == [[1, 1]]
    assert standing.places(np.array([[1e-300, 3e-300]])).tolist() == [[2, 1]]


def test_places_block_by_block(scores, monkeypatch):
    whole = standing.places(scores)
    monkeypatch.setattr(standing, "BLOCK", 40)
    assert_array_equal(standing.places(scores), whole)


def test_places_of_nobody():
    assert standing.places(np.empty((3, 0))).shape == (3, 0)
    assert standing.places(np.empty((0, 3))).shape == (0, 3)


def test_vacant_places_stay_vacant():
    nominal = np.array([1.0, 2, 3, 4, 5])
    ranks = np.array(
        [[1, np.nan, 2, 3, np.nan], [3, 1, 2, np.nan, np.nan], [5, 4, 3, 2, 1], [np.nan] * 5],
        np.float32,
    )
    found = standing.keep_places(ranks, nominal)
    assert_array_equal(
        found,
        [[1, np.nan, 3, 4, np.nan], [3, 1, 2, np.nan, np.nan], [5, 4, 3, 2, 1], [np.nan] * 5],
    )
    assert ranks[0, 2] == 2
    assert standing.keep_places(ranks[2:3], nominal) is not None
    between = np.array([[1.5, 1.5, np.nan, 3, 4]], np.float32)
    assert standing.keep_places(between, nominal).tolist()[0][:2] == [1.5, 1.5]


def test_where_nobody_changes_order_nobody_moves(scores):
    nominal = np.arange(1.0, 12)
    kept = np.where(np.isnan(scores), np.nan, -nominal)
    found = standing.keep_places(standing.places(kept), nominal)
    shifts = standing.mean_shifts(found, nominal)
    assert np.isnan(shifts[5])
    assert_array_equal(np.delete(shifts, 5), 0)


def plain_spread(values, shares):
    own = [column[~np.isnan(column)] for column in values.T]
    return {
        "mean": [each.mean() if each.size else np.nan for each in own],
        "median": [np.median(each) if each.size else np.nan for each in own],
        "lowest": [each.min() if each.size else np.nan for each in own],
        "highest": [each.max() if each.size else np.nan for each in own],
        "builds": [each.size / len(values) for each in own],
        "quantiles": [
            [np.quantile(each, share) if each.size else np.nan for each in own] for share in shares
        ],
    }


@pytest.mark.parametrize("block", [2**21, 30])
@pytest.mark.parametrize("ties", ["min", "average"])
def test_spread_by_counting_equals_sorting(scores, ties, block, monkeypatch):
    monkeypatch.setattr(standing, "BLOCK", block)
    scores[:, 3] = np.nan
    ranks = standing.places(scores, ties=ties)
    wanted = plain_spread(ranks.astype(float), [0.05, 0.5, 0.95])
    for values in (ranks, ranks.astype(float)):
        found = standing.spread(values, [0.05, 0.5, 0.95])
        for name, figures in wanted.items():
            assert_allclose(getattr(found, name), figures, err_msg=name)


@pytest.mark.parametrize("kind", [np.float32, float])
def test_spread_of_no_builds_and_of_no_units(kind):
    none = standing.spread(np.empty((0, 3), kind), [0.5])
    assert np.isnan(none.mean).all()
    assert none.builds.tolist() == [0, 0, 0]
    assert standing.spread(np.empty((4, 0), kind), [0.05, 0.95]).quantiles.shape == (2, 0)


@pytest.mark.parametrize("block", [2**21, 20])
def test_acceptability_counts_every_place(scores, block, monkeypatch):
    monkeypatch.setattr(standing, "BLOCK", block)
    ranks = standing.places(scores)
    unit, place, count = standing.acceptability(ranks)
    found = {(u, p): n for u, p, n in zip(unit, place, count, strict=True)}
    for u in range(11):
        for p in range(1, 12):
            assert found.get((u, p), 0) == (ranks[:, u] == p).sum()
    assert [len(each) for each in standing.acceptability(np.empty((2, 0), np.float32))] == [0] * 3
