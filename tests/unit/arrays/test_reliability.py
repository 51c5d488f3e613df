import numpy as np
import pytest
from numpy.testing import assert_allclose

from everycount.arrays.reliability import cronbach_alpha, principal_components


def items(units=30, k=4, seed=1):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(units, 1)) + rng.normal(size=(units, k)) * [1, 2, 1, 0.5][:k]


def by_hand(shared):
    k = len(shared)
    return k / (k - 1) * (1 - np.trace(shared) / shared.sum())


def test_alpha_from_covariances_and_from_correlations():
    x = items()
    found = cronbach_alpha(x)
    assert found.alpha == pytest.approx(by_hand(np.cov(x.T)))
    assert found.standardised == pytest.approx(by_hand(np.corrcoef(x.T)))
    assert found.units == 30


def test_alpha_takes_units_without_a_gap_or_all_pairs():
    x = items()
    x[:5, 0] = np.nan
    complete, pairwise = cronbach_alpha(x), cronbach_alpha(x, use="pairwise")
    assert complete.alpha == pytest.approx(by_hand(np.cov(x[5:].T)))
    shared = np.cov(x.T)
    shared[0, 1:] = shared[1:, 0] = [np.cov(x[5:, 0], x[5:, j])[0, 1] for j in range(1, 4)]
    shared[0, 0] = x[5:, 0].var(ddof=1)
    shared[1:, 1:] = np.cov(x[:, 1:].T)
    assert pairwise.alpha == pytest.approx(by_hand(shared))
    assert complete.units == pairwise.units == 25


@pytest.mark.parametrize(
    "x", [np.ones((5, 3)), items()[:, :1], items()[:2], items()[:, :0], np.full((4, 2), np.nan)]
)
def test_no_alpha_where_nothing_varies_or_too_little_is_there(x):
    found = cronbach_alpha(x)
    assert np.isnan(found.alpha)
    assert np.isnan(found.standardised)


def test_alpha_of_a_constant_part_has_no_standardised_form():
    x = np.column_stack([items(k=2), np.ones(30)])
    found = cronbach_alpha(x)
    assert found.alpha == pytest.approx(by_hand(np.cov(x.T)))
    assert np.isnan(found.standardised)


def test_opposite_parts_have_no_alpha():
    x = items(k=1)
    assert np.isnan(cronbach_alpha(np.column_stack([x, -x])).alpha)
    assert np.isnan(cronbach_alpha(np.column_stack([x, -x])).standardised)


def test_components_of_the_correlation_matrix():
    x = items()
    x[0, 0] = np.nan
    found = principal_components(x)
    alike = np.corrcoef(x[1:].T)
    assert found.units == 29
    assert_allclose(found.eigenvalues, np.sort(np.linalg.eigvalsh(alike))[::-1])
    rebuilt = found.loadings * found.eigenvalues @ found.loadings.T
    assert_allclose(rebuilt, alike, atol=1e-12)
    assert_allclose(found.share, found.eigenvalues / 4)
    assert_allclose(found.cumulative, np.cumsum(found.share))
    assert (found.loadings.sum(axis=0) > 0).all()


def test_loadings_that_add_to_nothing_start_above_zero():
    found = principal_components([[1, 2], [2, 4], [3, 7], [4, 7]])
    assert_allclose(found.loadings, np.array([[1, 1], [1, -1]]) / np.sqrt(2))


def test_no_more_components_than_units():
    found = principal_components(items(3, 4))
    assert_allclose(found.eigenvalues[2:], 0, atol=1e-12)
    assert (found.eigenvalues >= 0).all()


@pytest.mark.parametrize("x", [np.column_stack([items(k=2), np.ones(30)]), items()[:2]])
def test_no_components_of_a_constant_or_of_two_units(x):
    found = principal_components(x)
    for field in ("eigenvalues", "share", "cumulative", "loadings"):
        assert np.isnan(getattr(found, field)).all()
