import numpy as np
import pytest
from scipy import stats

from everycount.arrays import rank as ranks

NAN = np.nan


@pytest.mark.parametrize("ties", ["min", "max", "average", "dense"])
@pytest.mark.parametrize("best", ["high", "low"])
def test_rank_agrees_with_scipy(ties, best):
    x = np.random.default_rng(0).integers(0, 6, 40).astype(float)
    wanted = stats.rankdata(x if best == "low" else -x, method=ties)
    found = ranks.rank(np.append(x, NAN), ties=ties, best=best)
    np.testing.assert_array_equal(found, [*wanted, NAN])


def test_rank_within_groups():
    found = ranks.rank([5.0, 7, NAN, 6, 1], groups=[0, 0, 0, 1, -1])
    np.testing.assert_array_equal(found, [2, 1, NAN, 1, NAN])


def test_rank_of_columns_and_of_nothing():
    assert ranks.rank([[1.0, 5], [2, 4]]).tolist() == [[2, 1], [1, 2]]
    assert ranks.rank(np.empty((0, 3))).shape == (0, 3)


def test_rank_score_borda_and_percentile():
    x = [[10.0, 10], [20, 20], [20, 20], [NAN, 40]]
    higher = [True, False]
    found = ranks.rank_score(x, higher)
    np.testing.assert_array_equal(found, [[1, 4], [2, 2], [2, 2], [NAN, 1]])
    np.testing.assert_array_equal(ranks.borda(x, higher), found - 1)
    found = ranks.percentile_rank(x, higher)
    np.testing.assert_allclose(found, [[0, 1], [0.5, 1 / 3], [0.5, 1 / 3], [NAN, 0]])


def test_percentile_rank_within_labels():
    found = ranks.percentile_rank([[1.0], [2.0], [9.0]], [True], pool=[2018, 2018, 2019])
    np.testing.assert_array_equal(found.ravel(), [0, 1, NAN])
