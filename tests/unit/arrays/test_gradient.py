import numpy as np
import pytest

from everycount.arrays.gradient import (
    concentration,
    expit,
    fit_logit,
    linear_ends,
    logit_ends,
    ridits,
)

COUNTS = np.array([30, 50, 10, 70, 40])
YES = np.array([3, 20, 2, 50, 36])
SHARES = COUNTS / COUNTS.sum()
RATES = YES / COUNTS


def people():
    """Everyone, one by one: 0 or 1, and the relative rank."""
    y = np.concatenate(
        [np.repeat([1.0, 0.0], [a, n - a]) for a, n in zip(YES, COUNTS, strict=True)]
    )
    below = np.cumsum(COUNTS) - COUNTS
    return y, np.repeat((below + COUNTS / 2) / COUNTS.sum(), COUNTS)


# ------------------------------------------------------------------------------- ranks


def test_ridit_is_the_share_below_and_half_of_the_own():
    assert ridits(np.array([0.25, 0.5, 0.25])).tolist() == [0.125, 0.5, 0.875]


def test_ridits_have_the_mean_one_half_and_the_variance_of_cubes():
    ranks = ridits(SHARES)
    assert SHARES @ ranks == pytest.approx(0.5, rel=1e-14)
    wanted = (1 - np.sum(SHARES**3)) / 12
    assert SHARES @ (ranks - 0.5) ** 2 == pytest.approx(wanted, rel=1e-13)


def test_concentration_is_twice_the_covariance_of_everyone_with_their_rank():
    y, rank = people()
    wanted = 2 * np.cov(y, rank, bias=True)[0, 1]
    assert concentration(RATES, SHARES) == pytest.approx(wanted, rel=1e-13)


def test_concentration_by_hand():
    # Shares 1/4, 1/2, 1/4; 2 X - 1 is -3/4, 0, 3/4; so 3/16 of the difference of the ends.
    shares = np.array([0.25, 0.5, 0.25])
    assert concentration(np.array([2.0, 100.0, 10.0]), shares) == pytest.approx(1.5)


# ------------------------------------------------------------------------------- straight line


def test_line_is_least_squares_over_everyone():
    y, rank = people()
    level, slope = np.linalg.lstsq(np.column_stack([np.ones_like(rank), rank]), y)[0]
    low, high = linear_ends(RATES, SHARES)
    assert (low, high) == pytest.approx((level, level + slope), rel=1e-12)


def test_line_takes_many_versions_at_once():
    many = np.stack([RATES, 2 * RATES + 1])
    low, high = linear_ends(many, np.stack([SHARES, SHARES]))
    one_low, one_high = linear_ends(RATES, SHARES)
    np.testing.assert_allclose(low, [one_low, 2 * one_low + 1], rtol=1e-13)
    np.testing.assert_allclose(high, [one_high, 2 * one_high + 1], rtol=1e-13)


# ------------------------------------------------------------------------------- logistic curve


def test_curve_is_maximum_likelihood_over_everyone():
    y, rank = people()
    low, high = logit_ends(RATES, SHARES, 1.0)
    level, top = np.log([low / (1 - low), high / (1 - high)])
    fitted = expit(level + (top - level) * rank)
    assert np.sum(y - fitted) == pytest.approx(0, abs=1e-10)  # the likelihood equations
    assert np.sum((y - fitted) * rank) == pytest.approx(0, abs=1e-10)


def test_curve_through_two_groups_hits_them():
    low, high = logit_ends(np.array([0.1, 0.6]), np.array([0.3, 0.7]), 1.0)
    logits = np.log([low / (1 - low), high / (1 - high)])
    for rank, y in ((0.15, 0.1), (0.65, 0.6)):
        assert expit(logits[0] + rank * (logits[1] - logits[0])) == pytest.approx(y, rel=1e-12)


def test_curve_comes_back_in_the_unit_of_the_estimates():
    one = logit_ends(RATES, SHARES, 1.0)
    np.testing.assert_allclose(logit_ends(100 * RATES, SHARES, 100.0), 100 * np.array(one))


@pytest.mark.parametrize("y", [[0.0, 0.0, 1.0], [1.0, 0.4, 0.0], [0.0, 0.2, 1.0], [0.0, 0.0, 0.05]])
def test_curve_that_runs_off_to_infinity_is_missing(y):
    assert np.isnan(logit_ends(np.array(y), np.full(3, 1 / 3), 1.0)).all()


@pytest.mark.parametrize("y", [[0.0, 1.0, 0.0], [1e-12, 0.5, 1.0], [1e-9, 1e-12, 1e-9]])
def test_curve_near_the_bounds_is_found(y):
    low, high = logit_ends(np.array(y), np.full(3, 1 / 3), 1.0)
    assert np.isfinite([low, high]).all()


def test_curve_settles_from_wherever_the_shares_are():
    shares = np.array([1e-6, 1e-6, 1 - 2e-6])
    low, high = logit_ends(np.array([0.999, 0.001, 0.5]), shares, 1.0)
    assert np.isfinite([low, high]).all()


@pytest.mark.parametrize("bound", [0.0, 100.0])
def test_all_at_a_bound_is_level_there(bound):
    y = np.array([bound, bound, 50.0])
    assert logit_ends(y, np.array([0.5, 0.5, 0.0]), 100.0) == (bound, bound)


@pytest.mark.parametrize("y", [[-0.1, 0.5], [0.5, 1.1]])
def test_estimates_outside_the_scale_have_no_curve(y):
    assert np.isnan(logit_ends(np.array(y), np.array([0.5, 0.5]), 1.0)).all()


def test_one_failed_version_leaves_others_alone():
    x = np.array([[-0.5, 0.0, 0.5]] * 2)
    level, slope = fit_logit(x, np.ones((2, 3)), np.array([[0.0, 0.0, 1.0], [0.2, 0.5, 0.8]]))
    assert np.isnan([level[0], slope[0]]).all()
    assert (level[1], slope[1]) == pytest.approx((0, 2 * np.log(4)), abs=1e-12)


def test_expit_does_not_overflow():
    assert expit(np.array([-1e4, 0.0, 1e4])).tolist() == [0.0, 0.5, 1.0]
    assert expit(np.array(1 + 2j)) == pytest.approx(1 / (1 + np.exp(-1 - 2j)), rel=1e-14)
