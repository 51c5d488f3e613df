"""Which of two units leads, against counting builds one by one."""

import numpy as np
import pytest

from everycount.arrays import pairs, standing


@pytest.fixture
def scores():
    rng = np.random.default_rng(3)
    scores = rng.integers(0, 30, (200, 11)).astype(float)
    scores[rng.random(scores.shape) < 0.1] = np.nan
    scores[5] = np.nan
    return scores


@pytest.mark.parametrize("ties", ["min", "average", "dense"])
@pytest.mark.parametrize("gaps", [True, False])
@pytest.mark.parametrize("window", [3, 99])
def test_leads_against_counting_one_by_one(scores, ties, gaps, window):
    if not gaps:
        scores = np.random.default_rng(1).integers(0, 1000, (50, 11)) / 7
    ranks = standing.places(scores, ties=ties)
    nominal = np.random.default_rng(2).permutation(11) + 1.0
    found = pairs.leads(ranks, nominal, window=window)
    columns = (found.first, found.second, found.leads, found.ties, found.common, found.apart)
    known = {tuple(each[:2]): tuple(each[2:]) for each in zip(*columns, strict=True)}
    order = np.argsort(nominal)
    for i, first in enumerate(order):
        for j in range(i + 1, 11):
            one, other = ranks[:, first], ranks[:, order[j]]
            both = ~np.isnan(one) & ~np.isnan(other)
            wanted = ((one < other).sum(), (one == other).sum(), both.sum(), j - i)
            assert known.get((first, order[j])) == (wanted if j - i <= window else None)


def test_ties_beside_vacant_places_are_seen():
    """The squares of 1, 1, 1, 4 and 6 add to those of 1 to 5."""
    ranks = np.array([[1, 1, 1, 4, np.nan, 6]], np.float32)
    found = pairs.leads(ranks, np.arange(1.0, 7), window=9)
    first = (found.first == 0) & (found.second == 1)
    assert (found.leads[first], found.ties[first], found.common[first]) == (0, 1, 1)


@pytest.mark.parametrize("scores", [[[1.0, 2, 3]], [[1.0, 2, 2]]])
def test_ties_where_every_place_is_taken(scores):
    found = pairs.leads(standing.places(np.array(scores)), np.array([3.0, 2, 1]), window=5)
    assert found.ties.sum() == (scores[0][1] == scores[0][2])


@pytest.mark.parametrize("units", [0, 1])
def test_nobody_leads_alone(units):
    found = pairs.leads(np.ones((3, units), np.float32), np.ones(units), window=5)
    assert found.first.size == found.leads.size == 0


def test_how_many_places_are_meaningful():
    apart = np.array([1, 1, 1, 2, 2, 3])
    assert pairs.meaningful_places(apart, [1, 1, 1, 1, 1, 1], share=0.95) == 1
    assert pairs.meaningful_places(apart, [1, 0, 1, 1, 1, 1], share=0.95) == 2
    assert pairs.meaningful_places(apart, [1, 1, 1, 1, 0, 1], share=0.95) == 3
    assert pairs.meaningful_places(apart, [1, 1, 1, 1, 1, 0], share=0.95) is None
    assert pairs.meaningful_places([], [], share=0.95) is None
