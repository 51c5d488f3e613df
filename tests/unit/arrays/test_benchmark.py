import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import logit

from everycount.arrays.benchmark import benchmark, carry
from everycount.errors import MethodError

NAN = np.nan
KINDS = ("ratio", "difference", "mse_difference", "logit")
SHARES = np.array([0.1, 0.25, 0.6, 0.9])
WEIGHTS = np.array([0.4, 0.3, 0.2, 0.1])
MSE = np.array([0.01, 0.02, 0.005, 0.0])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("target", [0.2, 0.325, 0.4])
def test_weighted_sum_is_the_target(kind, target):
    found = benchmark(SHARES, WEIGHTS, target, kind=kind, mse=MSE)
    assert (WEIGHTS * found.estimate).sum() == pytest.approx(target, rel=1e-14)
    assert found.before == pytest.approx(0.325)
    assert (found.kind, found.target) == (kind, target)


def test_kinds_do_what_they_say():
    moved = {k: benchmark(SHARES, WEIGHTS, 0.39, kind=k, mse=MSE).estimate for k in KINDS}
    np.testing.assert_allclose(moved["ratio"], SHARES * 1.2)
    np.testing.assert_allclose(moved["difference"], SHARES + 0.065)
    np.testing.assert_allclose(moved["mse_difference"], SHARES + MSE * 0.065 / 0.011)
    shift = logit(moved["logit"]) - logit(SHARES)
    np.testing.assert_allclose(shift, shift[0])
    assert shift[0] > 0


def test_mse_difference_is_the_least_change_in_units_of_error():
    mse = np.array([0.01, 0.02, 0.005, 0.03])
    found = benchmark(SHARES, WEIGHTS, 0.39, kind="mse_difference", mse=mse).estimate
    best = minimize(
        lambda v: (WEIGHTS * (v - SHARES) ** 2 / mse).sum(),
        SHARES,
        constraints={"type": "eq", "fun": lambda v: (WEIGHTS * v).sum() - 0.39},
        tol=1e-12,
    )
    np.testing.assert_allclose(found, best.x, atol=1e-6)


def test_totals_have_weights_of_one():
    found = benchmark([10.0, 30.0], [1, 1], 60.0)
    np.testing.assert_allclose(found.estimate, [15, 45])


def test_logit_keeps_none_and_all_and_stays_between():
    found = benchmark([0.0, 0.5, 0.5, 1.0], [1, 1, 1, 1], 2.9999, kind="logit")
    assert found.estimate[[0, 3]].tolist() == [0, 1]
    assert (found.estimate[1:3] < 1).all()
    assert found.estimate.sum() == pytest.approx(2.9999, rel=1e-12)


def test_other_figures_are_carried_along():
    for kind in KINDS:
        found = benchmark(SHARES, WEIGHTS, 0.39, kind=kind, mse=MSE)
        np.testing.assert_array_equal(carry(found, SHARES), found.estimate)
        assert np.isnan(carry(found, [NAN, 0.2, 0.3, 0.4])[0])
        assert (carry(found, SHARES - 0.05) < found.estimate).all()


@pytest.mark.parametrize(
    ("values", "target", "kind", "words"),
    [
        (SHARES, 0.0, "ratio", "found 0 for estimates that sum to 0.325, expected one that a fac"),
        (SHARES, -1.0, "ratio", "found -1 for estimates that sum to 0.325"),
        (SHARES - SHARES, 0.1, "ratio", "found 0.1 for estimates that sum to 0,"),
        (SHARES, 1.0, "logit", "found 1, expected one between 0 and 1, the sums"),
        (SHARES, 0.0, "logit", "found 0, expected one between 0 and 1"),
        ([0.0, 0.5, 1.0, 1.0], 0.2, "logit", "found 0.2, expected one between 0.3 and 0.6"),
        (SHARES + 0.2, 0.2, "logit", "found estimates below 0 or above 1, expected shares"),
    ],
)
def test_targets_out_of_reach_are_refused(values, target, kind, words):
    with pytest.raises(MethodError, match=f"target: {words}"):
        benchmark(values, WEIGHTS, target, kind=kind)


@pytest.mark.parametrize(
    ("values", "weights", "target", "words"),
    [
        (SHARES, WEIGHTS[:3], 0.2, "found shapes"),
        (SHARES[None], WEIGHTS, 0.2, "found shapes"),
        ([NAN, 0.1, 0.2, 0.3], WEIGHTS, 0.2, "found a missing or infinite figure"),
        (SHARES, WEIGHTS, np.inf, "found a missing or infinite figure"),
        (SHARES, [1, 1, 1, -1], 0.2, "weights: expected numbers of 0 or more"),
        (SHARES, [0, 0, 0, 0], 0.2, "weights: expected numbers of 0 or more"),
        (SHARES, [1, 1, 1, NAN], 0.2, "weights: expected numbers of 0 or more"),
    ],
)
def test_bad_arguments_are_refused(values, weights, target, words):
    with pytest.raises(ValueError, match=words):
        benchmark(values, weights, target)


@pytest.mark.parametrize("mse", [None, [0.0, 0, 0, 0], [-0.1, 1, 1, 1]])
def test_mse_difference_needs_errors(mse):
    with pytest.raises(ValueError, match="needs mse"):
        benchmark(SHARES, WEIGHTS, 0.3, kind="mse_difference", mse=mse)
    with pytest.raises(ValueError, match="found shapes"):
        benchmark(SHARES, WEIGHTS, 0.3, kind="mse_difference", mse=[0.1])
