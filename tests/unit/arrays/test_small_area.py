import re

import numpy as np
import pytest

from everycount.arrays.small_area import (
    dependent_columns,
    estimate_variance,
    fay_herriot,
    interval,
)
from everycount.errors import MethodError

# Average expenditure on fresh milk, 1989: sample size, direct estimate, its standard error and the
# major area. Arora, V. and Lahiri, P. (1997), Statistica Sinica 7, 1053-1063; You, Y. and Chapman,
# B. (2006), Survey Methodology 32, 97-103; figures as in data set `milk` of the R package sae.
# fmt: off
MILK = np.array([
    (191, 1.099, 0.163, 1), (633, 1.075, 0.080, 1), (597, 1.105, 0.083, 1), (221, 0.628, 0.109, 1),
    (195, 0.753, 0.119, 1), (191, 0.981, 0.141, 1), (183, 1.257, 0.202, 1), (188, 1.095, 0.127, 2),
    (204, 1.405, 0.168, 2), (188, 1.356, 0.178, 2), (149, 0.615, 0.100, 2), (290, 1.460, 0.201, 2),
    (250, 1.338, 0.148, 2), (194, 0.854, 0.143, 2), (184, 1.176, 0.149, 3), (193, 1.111, 0.145, 3),
    (218, 1.257, 0.135, 3), (266, 1.430, 0.172, 3), (214, 1.278, 0.137, 3), (213, 1.292, 0.163, 3),
    (196, 1.002, 0.125, 3), (95, 1.183, 0.247, 3), (195, 1.044, 0.140, 3), (187, 1.267, 0.171, 3),
    (479, 1.193, 0.106, 3), (230, 0.791, 0.121, 4), (186, 0.795, 0.121, 4), (199, 0.759, 0.259, 4),
    (238, 0.796, 0.106, 4), (207, 0.565, 0.089, 4), (165, 0.886, 0.225, 4), (153, 0.952, 0.205, 4),
    (210, 0.807, 0.119, 4), (383, 0.582, 0.067, 4), (255, 0.684, 0.106, 4), (226, 0.787, 0.126, 4),
    (224, 0.440, 0.092, 4), (212, 0.759, 0.132, 4), (211, 0.770, 0.100, 4), (179, 0.800, 0.113, 4),
    (312, 0.756, 0.083, 4), (241, 0.865, 0.121, 4), (205, 0.640, 0.129, 4),
])
# fmt: on


def milk(**options):
    sizes, direct, error, major = MILK.T
    dummies = [np.ones(43), *((major == k).astype(float) for k in (2, 3, 4))]
    return fay_herriot(direct, error**2, np.column_stack(dummies), sample_sizes=sizes, **options)


def areas(seed, *, count=20, spread=0.5, sampled=None):
    """Direct estimates, sampling variances and covariates; the last areas have no sample."""
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(count), rng.normal(size=count), rng.uniform(size=count) * 1e4])
    psi = rng.uniform(0.1, 2.0, count)
    y = x @ [1, 2, 3e-4] + rng.normal(size=count) * np.sqrt(psi + spread)
    if sampled is not None:
        y[sampled:] = psi[sampled:] = np.nan
    return y, psi, x


# -------------------------------------------------------------- against published figures and R


def test_milk_has_the_figures_of_the_r_package_sae():
    # sae 1.x, eblupFH and mseFH, which stop at a relative change of 1e-4: as in the tests of
    # samplics 0.3 (tests/sae/test_eblup_area_model.py); areas 1 to 5 and 43.
    rows = [0, 1, 2, 3, 4, 42]
    known = {
        "reml": (
            [1.0219703, 1.0476018, 1.0679513, 0.7608170, 0.8461574, 0.6810870],
            [0.013460220, 0.005372876, 0.005701990, 0.008541740, 0.009579594, 0.009903626],
        ),
        "ml": (
            [1.0161733, 1.0436968, 1.0628168, 0.7753489, 0.8554903, 0.6840976],
            [0.013579953, 0.005512868, 0.005850584, 0.008735454, 0.009774528, 0.010037140],
        ),
        "fh": (
            [1.017975, 1.044963, 1.064480, 0.770692, 0.852512, 0.683160],
            [0.012757016, 0.005314467, 0.005632201, 0.008323471, 0.009283520, 0.009484220],
        ),
    }
    for method, (estimate, mse) in known.items():
        found = milk(method=method)
        np.testing.assert_allclose(found.estimate[rows], estimate, rtol=2e-6)
        np.testing.assert_allclose(found.mse[rows], mse, rtol=2e-5)
    found = milk()
    # sae through saens 0.1.0, its README: coefficients, their errors, criteria.
    np.testing.assert_allclose(
        found.coefficients, [0.968189, 0.132780, 0.226946, -0.241301], rtol=3e-6
    )
    errors = np.sqrt(np.diagonal(found.coefficient_covariance))
    np.testing.assert_allclose(errors, [0.069362, 0.103001, 0.092330, 0.081617], rtol=1e-5)
    assert found.log_likelihood == pytest.approx(12.67748, abs=2e-5)
    assert found.aic == pytest.approx(-15.35496, abs=4e-5)
    assert found.bic == pytest.approx(-6.548956, abs=4e-5)


def test_milk_has_the_figures_of_the_r_package_metafor():
    # R 4.2.2, metafor 3.8-1, rma(yi, SD^2, mods = ~ factor(MajorArea)) with threshold 1e-14; "PM"
    # (Paule and Mandel) is the equation of Fay and Herriot. tau2; then blup() of areas 1 to 3 and
    # its standard errors, whose squares are g1 + g2.
    known = {
        "reml": (
            0.018550334762766775,
            [1.0219705441506151, 1.0476019514423371, 1.0679514263042402],
            [0.11221340935499628, 0.071238307519161742, 0.073323024310032292],
        ),
        "ml": (
            0.015517508712419274,
            [1.0161732361657607, 1.0436967709024425, 1.0628167093897065],
            [0.10736511894736567, 0.070011094084289405, 0.071983006870639576],
        ),
        "fh": (
            0.016420263654128547,
            [1.017975924213171, 1.0449638596222299, 1.064480745748378],
            [0.10890782871894937, 0.070411274456934236, 0.072419601313781973],
        ),
    }
    for method, (variance, estimate, error) in known.items():
        found = milk(method=method)
        assert found.model_variance == pytest.approx(variance, rel=1e-12)
        np.testing.assert_allclose(found.estimate[:3], estimate, rtol=1e-13)
        np.testing.assert_allclose(np.sqrt(found.g1 + found.g2)[:3], error, rtol=1e-12)


# -------------------------------------------------------------- against dense algebra


@pytest.mark.parametrize("method", ["reml", "ml", "fh", "reml_li_lahiri"])
def test_estimates_solve_the_mixed_model_equations(method):
    y, psi, x = areas(1)
    found = fay_herriot(y, psi, x, method=method)
    a, r = found.model_variance, np.diag(1 / psi)
    left = np.block([[x.T @ r @ x, x.T @ r], [r @ x, r + np.eye(20) / a]])
    solution = np.linalg.solve(left, np.concatenate([x.T @ r @ y, r @ y]))
    np.testing.assert_allclose(found.coefficients, solution[:3], rtol=1e-9)
    np.testing.assert_allclose(found.estimate, x @ solution[:3] + solution[3:], rtol=1e-9)
    np.testing.assert_allclose(found.coefficient_covariance, np.linalg.inv(left)[:3, :3], rtol=1e-7)


def test_errors_at_a_known_model_variance_are_those_of_the_linear_predictor():
    y, psi, x = areas(2, sampled=16)
    found = fay_herriot(y, psi, x)
    own, a = found.is_direct, found.model_variance
    v = np.diag(a + psi[own])
    inverse = np.linalg.inv(v)
    aim = np.linalg.solve(x[own].T @ inverse @ x[own], x[own].T @ inverse)
    link = np.zeros((20, 16))  # covariance of true values and direct estimates, over covariates
    link[:16] = a * np.eye(16)
    weights = x @ aim + link @ inverse @ (np.eye(16) - x[own] @ aim)
    np.testing.assert_allclose(found.estimate, weights @ y[own], rtol=1e-10)
    error = weights @ v @ weights.T - 2 * weights @ link.T + a * np.eye(20)
    np.testing.assert_allclose(found.g1 + found.g2, np.diagonal(error), rtol=1e-9)


@pytest.mark.parametrize("method", ["reml", "ml", "fh", "ml_yoshimori_lahiri", "ml_li_lahiri"])
def test_error_of_the_estimated_model_variance_enters_by_its_definition(method):
    y, psi, x = areas(3)
    found = fay_herriot(y, psi, x, method=method)
    a = found.model_variance
    inverse = np.diag(1 / (a + psi))
    trace = np.trace(inverse @ inverse)
    spread = 2 * 20 / np.trace(inverse) ** 2 if method == "fh" else 2 / trace
    assert found.model_variance_error == pytest.approx(np.sqrt(spread), rel=1e-12)
    step = a * 1e-5  # g3 is the variance of the change that a change of A makes
    slope = ((a + step) / (a + step + psi) - (a - step) / (a - step + psi)) / (2 * step)
    np.testing.assert_allclose(found.g3, slope**2 * (a + psi) * spread, rtol=1e-7)
    p = inverse - inverse @ x @ np.linalg.solve(x.T @ inverse @ x, x.T @ inverse)
    bias = {
        "reml": 0.0,
        "ml": np.trace(p - inverse) / trace,
        "fh": 2 * (20 * trace - np.trace(inverse) ** 2) / np.trace(inverse) ** 3,
        "ml_yoshimori_lahiri": np.trace(p - inverse) / trace,
        "ml_li_lahiri": np.trace(p - inverse) / trace + 2 / (a * trace),
    }[method]
    assert found.bias == pytest.approx(bias, rel=1e-9, abs=1e-15)
    mse = found.g1 + found.g2 + 2 * found.g3 - bias * (psi / (a + psi)) ** 2
    np.testing.assert_allclose(found.mse, np.where(mse > 0, mse, mse + bias), rtol=1e-12)


def test_bias_that_would_leave_nothing_is_not_taken_off():
    y, psi = np.linspace(0.9, 1.1, 15), np.array([9.0] * 14 + [0.1])
    found = fay_herriot(y, psi, np.ones((15, 1)), method="reml_li_lahiri")
    bare = found.g1 + found.g2 + 2 * found.g3
    is_kept = bare <= found.bias * (1 - found.gamma) ** 2
    assert is_kept.any()
    assert not is_kept.all()
    np.testing.assert_array_equal(found.mse[is_kept], bare[is_kept])
    assert (found.mse > 0).all()
    assert (found.mse[~is_kept] < bare[~is_kept]).all()


# -------------------------------------------------------------- against simulation


@pytest.mark.slow
@pytest.mark.parametrize("method", ["reml", "ml", "fh"])
def test_intervals_hold_the_truth_and_errors_are_right_on_average(method):
    rng = np.random.default_rng(11)
    count, sampled = 60, 55
    x = np.column_stack([np.ones(count), rng.normal(size=count)])
    psi = np.tile([0.3, 0.6, 1.0, 1.5, 3.0], 12)
    held, wrong, said = np.zeros(count), np.zeros(count), np.zeros(count)
    runs = 120
    for _ in range(runs):
        truth = x @ [3.0, 1.0] + rng.normal(size=count)
        y = truth + rng.normal(size=count) * np.sqrt(psi)
        y[sampled:] = np.nan
        found = fay_herriot(y, psi, x, method=method)
        low, high = interval(found)
        held += (low <= truth) & (truth <= high)
        wrong += (found.estimate - truth) ** 2
        said += found.mse
    assert 0.93 < held[:sampled].mean() / runs < 0.96
    assert 0.91 < held[sampled:].mean() / runs < 0.965
    assert said[:sampled].sum() / wrong[:sampled].sum() == pytest.approx(1, abs=0.06)
    assert said[sampled:].sum() / wrong[sampled:].sum() == pytest.approx(1, abs=0.2)


# -------------------------------------------------------------- limits and areas without a sample


def test_great_differences_between_areas_leave_the_direct_estimates():
    y, psi, x = areas(4)
    found = fay_herriot(y * 1e6, psi, x[:, :1])
    np.testing.assert_allclose(found.estimate, y * 1e6, rtol=1e-6)
    np.testing.assert_allclose(found.mse, psi, rtol=1e-6)
    assert (found.gamma > 1 - 1e-9).all()


def test_no_difference_between_areas_leaves_the_synthetic_estimates():
    y, psi = np.array([1.0, 1.1, 0.9, 1.05]), np.array([4.0, 4, 4, 4])
    found = fay_herriot(y, psi, np.ones((4, 1)), when_zero="keep")
    assert found.model_variance == 0
    np.testing.assert_allclose(found.estimate, y.mean(), rtol=1e-14)
    np.testing.assert_array_equal(found.gamma, 0)
    np.testing.assert_array_equal(found.g1, 0)
    np.testing.assert_allclose(found.mse, 1 + 2 * 4 * 2 / 4, rtol=1e-14)  # 4 / 4 and 2 g3
    assert found.method_used == "reml"


@pytest.mark.parametrize(
    ("method", "used"),
    [("reml", "reml"), ("fh", "reml"), ("ml", "ml")],
)
def test_model_variance_of_zero_is_adjusted_and_said(method, used):
    y, psi = np.array([1.0, 1.1, 0.9, 1.05]), np.array([4.0, 4, 4, 4])
    found = fay_herriot(y, psi, np.ones((4, 1)), method=method)
    assert found.method == method
    assert found.method_used == f"{used}_yoshimori_lahiri"
    assert found.model_variance > 0
    assert (found.gamma > 0).all()
    direct = fay_herriot(y, psi, np.ones((4, 1)), method=found.method_used)
    np.testing.assert_array_equal(found.estimate, direct.estimate)


def test_model_variance_of_zero_is_refused_if_asked():
    with pytest.raises(MethodError, match="model variance: found 0: the areas differ by no more"):
        fay_herriot([1.0, 1.1, 0.9], [4.0, 4, 4], np.ones((3, 1)), when_zero="refuse")
    assert fay_herriot([1.0, 9, 4], [1.0, 1, 1], np.ones((3, 1)), when_zero="refuse").gamma.all()


def test_only_sets_at_zero_are_estimated_again():
    sets = np.array([[1.0, 1.0], [1.1, 5.0], [0.9, 9.0], [1.05, 2.0]])
    used, found = estimate_variance(sets, np.full(4, 2.0), np.ones((4, 1)), "reml", "adjust")
    plain = estimate_variance(sets, np.full(4, 2.0), np.ones((4, 1)), "reml", "keep")[1]
    assert used == "reml_yoshimori_lahiri"
    assert plain.value[0] == 0 < found.value[0]
    assert found.value[1] == plain.value[1] > 0
    assert found.is_converged.all()


@pytest.mark.parametrize("method", ["reml", "ml", "fh"])
def test_area_without_a_sample_is_the_limit_of_a_useless_sample(method):
    y, psi, x = areas(9, sampled=19, spread=2.0)
    found = fay_herriot(y, psi, x, method=method)
    assert found.method_used == method
    assert found.gamma[19] == 0
    assert found.estimate[19] == found.synthetic[19] == x[19] @ found.coefficients
    spread = x[19] @ found.coefficient_covariance @ x[19]
    assert found.mse[19] == pytest.approx(found.model_variance - found.bias + spread, rel=1e-10)
    y[19], psi[19] = 1e3, 1e12
    with_it = fay_herriot(y, psi, x, method=method)
    if method != "fh":  # whose equation counts areas, useful or not
        assert with_it.estimate[19] == pytest.approx(found.estimate[19], rel=1e-6)
        assert with_it.mse[19] == pytest.approx(found.mse[19], rel=1e-5)


def test_direct_estimates_without_areas_to_say_are_kept_apart():
    y, psi, x = areas(6, sampled=15)
    found = fay_herriot(y, np.where(np.isnan(psi), 5.0, psi), x)
    np.testing.assert_array_equal(found.is_direct, np.arange(20) < 15)
    assert np.isnan(found.variance[15:]).all()
    np.testing.assert_array_equal(found.direct, y)


# -------------------------------------------------------------- smoothing, faults, settings


def test_zero_variances_are_smoothed_if_asked():
    direct, variance = MILK[:, 1], MILK[:, 2] ** 2
    variance[3] = 0
    with pytest.raises(MethodError, match="area 3: found sampling variance 0, expected a finite"):
        fay_herriot(direct, variance, np.ones((43, 1)))
    found = fay_herriot(direct, variance, np.ones((43, 1)), smooth="zero", sample_sizes=MILK[:, 0])
    assert found.smoothed is not None
    np.testing.assert_array_equal(np.flatnonzero(found.smoothed.is_replaced), [3])
    np.testing.assert_array_equal(np.delete(found.variance, 3), np.delete(variance, 3))
    assert found.variance[3] == found.smoothed.fitted[3] > 0
    assert milk(smooth="all").smoothed.is_replaced.all()
    assert milk().smoothed is None


def test_interval_follows_its_level():
    found = milk()
    low, high = interval(found)
    np.testing.assert_allclose((high - low) / 2, 1.959963984540054 * np.sqrt(found.mse))
    assert (interval(found, level=0.5)[1] < high).all()
    with pytest.raises(ValueError, match=re.escape("level: found 1.0, expected a share")):
        interval(found, level=1.0)


def test_all_faults_come_at_once():
    y = np.array([1.0, np.inf, 3, 2, np.nan, 4, 5])
    psi = np.array([1.0, 1, -1, np.nan, np.nan, np.inf, 1])
    x = np.column_stack([np.ones(7), np.arange(7.0), np.arange(7.0) * 2 + 1])
    with pytest.raises(MethodError) as caught:
        fay_herriot(y, psi, x)
    assert [str(p) for p in caught.value.problems] == [
        "area 1: found direct estimate inf, expected a finite number",
        "area 2: found sampling variance -1, expected a finite number above 0",
        "area 3: found sampling variance nan, expected a finite number above 0",
        "area 5: found sampling variance inf, expected a finite number above 0",
        "covariate 2: found a combination of those before it, expected one that says more",
    ]
    x[6, 1] = np.nan
    with pytest.raises(MethodError) as caught:
        fay_herriot(y, psi, x)
    assert (
        str(caught.value.problems[0]) == "area 6, covariate 1: found nan, expected a finite number"
    )
    assert not any("combination" in p.found for p in caught.value.problems)


@pytest.mark.parametrize(("method", "needed"), [("reml", 3), ("ml_li_lahiri", 5)])
def test_too_few_areas_are_a_fault(method, needed):
    x = np.column_stack([np.ones(4), [1.0, 2, 4, 3]])
    y = [1.0, 2, np.nan, np.nan]
    with pytest.raises(
        MethodError,
        match=f"areas: found 2 with a direct estimate, for 2 covariates, expected at "
        f"least {needed}",
    ):
        fay_herriot(y, np.ones(4), x, method=method)


@pytest.mark.parametrize(
    ("y", "psi", "x"),
    [
        ([1.0, 2], [1.0], np.ones((2, 1))),
        ([1.0, 2], [1.0, 1], np.ones((3, 1))),
        ([1.0, 2], [1.0, 1], np.ones(2)),
        ([1.0, 2], [1.0, 1], np.ones((2, 0))),
        ([[1.0, 2]], [[1.0, 1]], np.ones((1, 1))),
    ],
)
def test_shapes_that_do_not_fit_are_refused(y, psi, x):
    with pytest.raises(ValueError, match="found shapes"):
        fay_herriot(y, psi, x)


def test_smoothing_needs_sample_sizes():
    with pytest.raises(ValueError, match="smooth='all' needs sample_sizes"):
        fay_herriot([1.0, 2, 3], [1.0, 1, 1], np.ones((3, 1)), smooth="all")


def test_dependent_columns_are_named_after_those_they_depend_on():
    base = np.random.default_rng(8).normal(size=(9, 2))
    table = np.column_stack(
        [np.ones(9), base[:, 0], 3 * base[:, 0] - 2, np.zeros(9), base[:, 1], base.sum(axis=1)]
    )
    assert dependent_columns(table) == [2, 3, 5]
    assert dependent_columns(np.column_stack([np.ones(3), 2019 + np.arange(3.0)])) == []
