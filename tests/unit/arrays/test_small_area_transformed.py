import re

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from everycount.arrays import small_area_transformed as module
from everycount.arrays.small_area import fay_herriot
from everycount.arrays.small_area_transformed import (
    mean_value,
    transformed_fay_herriot,
    transformed_interval,
    true_value,
)
from everycount.errors import MethodError

NAN = np.nan


def rng(seed=1):
    return np.random.default_rng(seed)


def shares(seed=2, *, count=20, sampled=17):
    random = rng(seed)
    x = np.column_stack([np.ones(count), random.normal(size=count)])
    sizes = random.integers(20, 200, count).astype(float)
    truth = true_value(x @ [0.6, 0.15] + random.normal(size=count) * 0.1, "arcsine")
    y = random.binomial(sizes.astype(int), truth) / sizes
    y[sampled:] = NAN
    return y, sizes, x


def fit(y, spread, x, transformation="arcsine", **options):
    options = {"replicates": 2, "rng": rng(), **options}
    return transformed_fay_herriot(y, spread, x, transformation=transformation, **options)


# -------------------------------------------------------------- scales


@pytest.mark.parametrize("mean", [-0.3, 0.0, 0.1, 0.8, 1.5, 1.6, 2.0])
@pytest.mark.parametrize("sd", [0.01, 0.1, 0.4])
def test_mean_of_a_share_under_the_arcsine_is_its_integral(mean, sd):
    def inside(t):
        return np.sin(t) ** 2 * norm.pdf(t, mean, sd)

    ends = (max(0.0, mean - 9 * sd), min(np.pi / 2, mean + 9 * sd))
    part = quad(inside, *ends, epsabs=1e-14)[0] if ends[0] < ends[1] else 0.0
    found = mean_value(np.array([mean]), np.array([sd**2]), "arcsine")[0]
    assert found == pytest.approx(part + norm.sf(np.pi / 2, mean, sd), abs=1e-12)


@pytest.mark.parametrize("mean", [-4.0, 0.0, 1.0])
@pytest.mark.parametrize("sd", [0.1, 0.7, 2.0])
def test_mean_of_a_share_under_the_logit_is_its_integral(mean, sd):
    def inside(t):
        return expit(t) * norm.pdf(t, mean, sd)

    whole = quad(inside, mean - 12 * sd, mean + 12 * sd, epsabs=1e-14, limit=200)[0]
    found = mean_value(np.array([mean]), np.array([sd**2]), "logit")[0]
    assert found == pytest.approx(whole, rel=1e-9)


def test_mean_of_an_amount_under_the_log_is_that_of_the_lognormal():
    found = mean_value(np.array([2.0]), np.array([0.5]), "log")[0]
    assert found == pytest.approx(np.exp(2.25), rel=1e-14)


@pytest.mark.parametrize("transformation", ["arcsine", "logit", "log"])
def test_mean_without_variance_is_the_value_itself(transformation):
    theta = np.array([-0.2, 0.0, 0.7, 1.5, 1.7])
    found = mean_value(theta, np.zeros(5), transformation)
    np.testing.assert_allclose(found, true_value(theta, transformation), rtol=1e-13)


def test_true_share_stays_between_the_bounds():
    np.testing.assert_allclose(
        true_value(np.array([-1.0, 0, np.pi / 4, np.pi / 2, 2]), "arcsine"), [0, 0, 0.5, 1, 1]
    )
    np.testing.assert_allclose(true_value(np.array([0.0]), "logit"), [0.5])
    np.testing.assert_allclose(true_value(np.array([0.0]), "log"), [1.0])


# -------------------------------------------------------------- estimates


@pytest.mark.parametrize(
    ("transformation", "scaled", "variance"),
    [
        ("arcsine", lambda y, s: np.arcsin(np.sqrt(y)), lambda y, s: 1 / (4 * s)),
        ("logit", lambda y, s: np.log(y / (1 - y)), lambda y, s: s / (y * (1 - y)) ** 2),
        ("log", lambda y, s: np.log(y), lambda y, s: s / y**2),
    ],
)
def test_model_is_that_of_transformed_estimates(transformation, scaled, variance):
    y, sizes, x = shares()
    y = np.clip(y, 0.05, 0.95)
    spread = sizes if transformation == "arcsine" else y * (1 - y) / sizes
    plain = fay_herriot(scaled(y, spread), variance(y, spread), x, method="ml")
    found = fit(y, spread, x, transformation, method="ml")
    np.testing.assert_allclose(found.model.estimate, plain.estimate, rtol=1e-9)
    np.testing.assert_allclose(found.model.mse, plain.mse, rtol=1e-9)
    expected = mean_value(plain.estimate, plain.g1, transformation)
    np.testing.assert_allclose(found.estimate, expected, rtol=1e-9)
    naive = fit(y, spread, x, transformation, method="ml", back="naive")
    expected = true_value(plain.estimate, transformation)
    np.testing.assert_allclose(naive.estimate, expected, rtol=1e-9)
    assert (found.back, naive.back, found.replicates) == ("corrected", "naive", 2)


def test_correction_moves_shares_towards_the_middle():
    y, sizes, x = shares()
    gap = fit(y, sizes, x).estimate - fit(y, sizes, x, back="naive").estimate
    middle = fit(y, sizes, x, back="naive").estimate - 0.5
    assert (np.sign(gap) == -np.sign(middle)).all()


def test_cells_of_0_and_100_per_cent_are_shrunk_and_bounded():
    y = np.array([0.0, 1.0, 0.4, 0.5, 0.6, 0.45])
    found = fit(y, np.full(6, 30.0), np.ones((6, 1)))
    assert 0 < found.estimate[0] < 0.2
    assert 0.8 < found.estimate[1] < 1
    low, high = transformed_interval(found)
    assert ((low >= 0) & (low < found.estimate) & (found.estimate < high) & (high <= 1)).all()


def test_estimate_beyond_the_last_share_is_near_all_and_not_folded_back():
    # A synthetic estimate above pi / 2: a mean over [0, pi / 2] alone would lose the mass above.
    x = np.column_stack([np.ones(6), [0.0, 1, 2, 3, 4, 6]])
    found = fit([0.05, 0.2, 0.45, 0.75, 0.95, NAN], [400.0] * 5 + [NAN], x)
    assert found.model.estimate[5] > np.pi / 2
    assert found.estimate[5] > 0.99


# -------------------------------------------------------------- errors


def test_bootstrap_error_is_that_of_refitted_models():
    y, sizes, x = shares()
    found = fit(y, sizes, x, replicates=3, rng=rng(5))
    random, own, model = rng(5), ~np.isnan(y), found.model
    effects, noise = random.normal(size=(3, 20)), random.normal(size=(3, 17))
    total = np.zeros(20)
    for k in range(3):
        theta = model.synthetic + effects[k] * np.sqrt(model.model_variance)
        drawn = np.full(20, NAN)
        drawn[own] = theta[own] + noise[k] / np.sqrt(4 * sizes[own])
        again = fay_herriot(drawn, 1 / (4 * sizes), x)
        guess = mean_value(again.estimate, again.g1, "arcsine")
        total += (guess - true_value(theta, "arcsine")) ** 2
    np.testing.assert_allclose(found.mse, total / 3, rtol=1e-6)


def test_bootstrap_is_the_same_in_blocks_up_to_its_draws(monkeypatch):
    y, sizes, x = shares()
    whole = fit(y, sizes, x, replicates=410).mse
    monkeypatch.setattr(module, "BLOCK", 1000)
    parts = fit(y, sizes, x, replicates=410).mse
    np.testing.assert_allclose(parts, whole, rtol=0.6)
    assert parts.sum() == pytest.approx(whole.sum(), rel=0.1)
    np.testing.assert_array_equal(parts, fit(y, sizes, x, replicates=410).mse)


def test_bootstrap_of_a_model_variance_of_zero():
    y, sizes, x = [0.3, 0.31, 0.29, 0.3], [50.0] * 4, np.ones((4, 1))
    kept = fit(y, sizes, x, when_zero="keep", replicates=50)
    assert kept.model.model_variance == 0
    assert (kept.mse > 0).all()
    adjusted = fit(y, sizes, x, replicates=50)
    assert adjusted.model.method_used == "reml_yoshimori_lahiri"
    assert (adjusted.mse > kept.mse).all()


def test_replicates_of_no_variance_do_not_stop_a_model_that_has_some():
    y, sizes, x = shares()
    found = fit(y, sizes, x, when_zero="refuse", replicates=300)
    assert np.isfinite(found.mse).all()
    with pytest.raises(MethodError, match="model variance: found 0"):
        fit([0.3, 0.31, 0.29], [50.0] * 3, np.ones((3, 1)), when_zero="refuse")


@pytest.mark.slow
def test_intervals_hold_the_truth_and_errors_are_right_on_average():
    random = rng(3)
    count, sampled, runs = 50, 45, 60
    x = np.column_stack([np.ones(count), random.normal(size=count)])
    sizes = np.tile([20, 40, 60, 80, 200], 10)
    held, wrong, said = np.zeros(count), np.zeros(count), np.zeros(count)
    for _ in range(runs):
        truth = true_value(x @ [0.7, 0.12] + random.normal(size=count) * 0.12, "arcsine")
        y = random.binomial(sizes, truth) / sizes
        y[sampled:] = NAN
        found = fit(y, sizes, x, replicates=60, rng=random)
        low, high = transformed_interval(found)
        held += (low <= truth) & (truth <= high)
        wrong += (found.estimate - truth) ** 2
        said += found.mse
    assert 0.92 < held[:sampled].mean() / runs < 0.97
    assert 0.88 < held[sampled:].mean() / runs < 0.98
    assert said[:sampled].sum() / wrong[:sampled].sum() == pytest.approx(1, abs=0.1)
    assert said[sampled:].sum() / wrong[sampled:].sum() == pytest.approx(1, abs=0.3)


@pytest.mark.slow
def test_corrected_estimates_are_closer_on_average_to_small_shares():
    # Averaged over draws from the model, the corrected predictor has no bias, the naive one has.
    random = rng(4)
    x = np.ones((40, 1))
    theta = 0.25 + random.normal(size=(200, 40)) * 0.15
    truth = true_value(theta, "arcsine")
    drawn = np.clip(theta + random.normal(size=theta.shape) * 0.1, 0, np.pi / 2)
    gaps = {"corrected": 0.0, "naive": 0.0}
    for back in gaps:
        for k in range(40):
            found = fit(np.sin(drawn[k]) ** 2, np.full(40, 25.0), x, back=back, replicates=1)
            gaps[back] += float((found.estimate - truth[k]).mean()) / 40
    assert abs(gaps["corrected"]) < abs(gaps["naive"]) / 2
    assert gaps["naive"] < 0


# -------------------------------------------------------------- intervals, faults, settings


def test_interval_is_normal_on_the_scale_of_the_model():
    y, sizes, x = shares()
    found = fit(y, sizes, x)
    low, high = transformed_interval(found, level=0.9)
    reach = norm.ppf(0.95) * np.sqrt(found.model.mse)
    np.testing.assert_allclose(low, true_value(found.model.estimate - reach, "arcsine"))
    np.testing.assert_allclose(high, true_value(found.model.estimate + reach, "arcsine"))
    with pytest.raises(ValueError, match=re.escape("level: found 0, expected a share")):
        transformed_interval(found, level=0)


def test_all_faults_come_at_once():
    x = np.column_stack([np.ones(6), np.arange(6.0), np.full(6, 3.0)])
    with pytest.raises(MethodError) as caught:
        fit([-0.1, 0.5, 1.2, 0.4, 0.3, NAN], [20, 0, 30, np.inf, NAN, NAN], x)
    assert [str(p) for p in caught.value.problems] == [
        "area 0: found direct estimate -0.1, expected a share from 0 to 1",
        "area 2: found direct estimate 1.2, expected a share from 0 to 1",
        "area 1: found effective sample size 0, expected a finite number above 0",
        "area 3: found effective sample size inf, expected a finite number above 0",
        "area 4: found effective sample size nan, expected a finite number above 0",
        "covariate 2: found a combination of those before it, expected one that says more",
    ]


@pytest.mark.parametrize(
    ("transformation", "words"),
    [
        ("logit", "area 0: found direct estimate 0, expected a share above 0 and below 1"),
        ("log", "area 0: found direct estimate 0, expected an amount above 0"),
    ],
)
def test_values_without_a_transform_are_faults(transformation, words):
    with pytest.raises(MethodError) as caught:
        fit([0.0, 0.5, 0.2], [0.1, 0.0, 0.1], np.ones((3, 1)), transformation)
    assert [str(p) for p in caught.value.problems] == [
        words,
        "area 1: found sampling variance 0, expected a finite number above 0",
    ]


@pytest.mark.parametrize(
    ("y", "spread", "x"),
    [
        ([0.1, 0.2], [10.0], np.ones((2, 1))),
        ([0.1, 0.2], [10.0, 10], np.ones((3, 1))),
        ([0.1, 0.2], [10.0, 10], np.ones(2)),
        ([0.1, 0.2], [10.0, 10], np.ones((2, 0))),
        ([[0.1]], [[10.0]], np.ones((1, 1))),
    ],
)
def test_shapes_that_do_not_fit_are_refused(y, spread, x):
    with pytest.raises(ValueError, match="found shapes"):
        fit(y, spread, x)


def test_no_replicate_is_refused():
    with pytest.raises(ValueError, match="replicates: found 0, expected at least 1"):
        fit([0.1, 0.2, 0.3], [10.0] * 3, np.ones((3, 1)), replicates=0)
