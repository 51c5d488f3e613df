"""Correlations against SciPy, over the units that both columns have."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from everycount.arrays import correlate
from everycount.arrays.correlate import kendall, pearson, spearman, spearman_and_kendall

KINDS = {"pearson": pearson, "spearman": spearman, "kendall": kendall}
ORACLES = {
    "pearson": stats.pearsonr,
    "spearman": stats.spearmanr,
    "kendall": lambda a, b: stats.kendalltau(a, b, method="asymptotic"),
}


def figures(columns=6, *, seed=1, units=40):
    """Figures with ties and gaps, some of them related."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(units, columns)).round(1)
    x[:, 1] = x[:, 0] ** 2 + x[:, 1].round(0)
    x[rng.random(x.shape) < 0.15] = np.nan
    return x


def expected(name, a, b):
    both = ~np.isnan(a) & ~np.isnan(b)
    return ORACLES[name](a[both], b[both]), both.sum()


@pytest.mark.parametrize("name", KINDS)
def test_as_scipy_for_each_pair_of_columns(name):
    x, y = figures(), figures(3, seed=2)
    found = KINDS[name](x, y)
    assert found.r.shape == (6, 3)
    for i in range(6):
        for j in range(3):
            (r, p), pairs = expected(name, x[:, i], y[:, j])
            assert_allclose((found.r[i, j], found.p_value[i, j]), (r, p), atol=1e-12)
            assert found.pairs[i, j] == pairs


@pytest.mark.parametrize("name", KINDS)
def test_of_columns_with_one_another(name):
    x = figures()
    found, twice = KINDS[name](x), KINDS[name](x, x.copy())
    for field in ("r", "p_value", "pairs"):
        assert_allclose(getattr(found, field), getattr(twice, field), atol=1e-14)
    assert_allclose(np.diag(found.r), 1)
    assert_allclose(found.r, found.r.T)


@pytest.mark.parametrize("name", KINDS)
def test_constant_columns_and_too_few_pairs_have_none(name):
    x = np.array([[1, 7.1, 1, np.nan], [2, 7.1, 2, 1], [3, 7.1, np.nan, 5], [5, 7.1, np.nan, 4]])
    found = KINDS[name](x)
    known = np.zeros((4, 4), bool)
    known[[0, 0, 3, 3], [0, 3, 0, 3]] = True
    assert (~np.isnan(found.r) == known).all()
    assert (~np.isnan(found.p_value) == known).all()
    assert found.pairs.tolist() == [[4, 4, 2, 3], [4, 4, 2, 3], [2, 2, 2, 1], [3, 3, 1, 3]]


@pytest.mark.parametrize("name", KINDS)
def test_a_column_that_is_constant_among_the_units_of_a_pair(name):
    x = np.array([[0.1, np.nan], [0.3, 1], [0.3, 2], [0.3, 4]])
    assert np.isnan(KINDS[name](x).r[0, 1])


@pytest.mark.parametrize("name", KINDS)
def test_nothing_known_and_no_units(name):
    assert np.isnan(KINDS[name](np.full((4, 2), np.nan)).r).all()
    assert np.isnan(KINDS[name](np.empty((0, 2))).r).all()
    assert KINDS[name](np.ones((3, 0))).r.shape == (0, 0)


def test_a_straight_line_is_certain():
    found = pearson([[1, 10], [2, 20], [3, 30], [4, 40]])
    assert_allclose(found.r, 1)
    assert found.p_value.max() < 1e-7


def test_pearson_keeps_its_digits_where_a_pair_hardly_varies():
    """The far value belongs to a unit that the other column lacks."""
    x = np.array([1e9, 1.0, 1.1, 1.2, 1.35])
    y = np.array([np.nan, 2.0, 1.0, 4.0, 3.0])
    r, _ = stats.pearsonr(x[1:], y[1:])
    assert pearson(x[:, None], y[:, None]).r[0, 0] == pytest.approx(r, abs=1e-7)
    assert pearson(y[:, None], x[:, None]).r[0, 0] == pytest.approx(r, abs=1e-7)


def test_pearson_of_very_large_and_very_small_figures():
    x = np.array([[1e200, 1e-200], [2e200, 3e-200], [4e200, 2e-200]])
    assert pearson(x).r[0, 1] == pytest.approx(stats.pearsonr([1, 2, 4], [1, 3, 2])[0])


def test_both_kinds_by_rank_at_once():
    x, y = figures(), figures(2, seed=3)
    one, other = spearman_and_kendall(x, y)
    assert_allclose(one.r, spearman(x, y).r)
    assert_allclose(other.p_value, kendall(x, y).p_value)


def test_kendall_compares_units_in_blocks(monkeypatch):
    whole = kendall(figures())
    monkeypatch.setattr(correlate, "CELLS", 1000)
    assert_allclose(kendall(figures()).r, whole.r, atol=1e-15)
