import numpy as np
import pytest
from scipy.stats import chi2, shapiro

from everycount.arrays.small_area import fay_herriot
from everycount.arrays.small_area_checks import check_fit, compare_errors

NAN = np.nan


def fitted(seed=1, *, count=30, sampled=27, far=None, slope=1.0):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(count), rng.normal(size=count)])
    psi = rng.uniform(0.2, 1.0, count)
    y = x @ [2, slope] + rng.normal(size=count) * np.sqrt(0.5 + psi)
    if far is not None:
        y[far] += 9
    y[sampled:] = NAN
    return fay_herriot(y, psi, x)


def check(found, name):
    return next(c for c in found.checks if c.name == name)


def test_residuals_are_studentised_by_the_dense_formula():
    model = fitted()
    own = model.is_direct
    found, x, a = check_fit(model), model.covariates[own], model.model_variance
    v = np.diag(a + model.variance[own])
    inverse = np.linalg.inv(v)
    hat = x @ np.linalg.solve(x.T @ inverse @ x, x.T @ inverse)
    rest = (np.eye(27) - hat) @ model.direct[own]
    error = (np.eye(27) - hat) @ v @ (np.eye(27) - hat).T
    np.testing.assert_allclose(found.residual[own], rest / np.sqrt(np.diagonal(error)), rtol=1e-9)
    np.testing.assert_allclose(found.leverage[own], np.diagonal(hat), rtol=1e-9)
    np.testing.assert_allclose(found.effect[own], model.estimate[own] - model.synthetic[own])
    for values in (found.residual, found.effect, found.leverage, found.cook):
        assert np.isnan(values[~own]).all()


def test_cook_distance_is_how_far_the_coefficients_move():
    model = fitted()
    found = check_fit(model)
    information = np.linalg.inv(model.coefficient_covariance)
    for i in (0, 5, 20):
        keep = model.is_direct.copy()
        keep[i] = False
        weight = 1 / (model.model_variance + model.variance[keep])  # A stays
        x, y = model.covariates[keep], model.direct[keep]
        left = np.linalg.solve((x * weight[:, None]).T @ x, (x * weight[:, None]).T @ y)
        move = left - model.coefficients
        assert found.cook[i] == pytest.approx(move @ information @ move / 2, rel=1e-8)


def test_tests_are_those_of_scipy_and_of_brown():
    model = fitted()
    own, found = model.is_direct, check_fit(model)
    for name, values in (("residuals", found.residual), ("area effects", found.effect)):
        test, own_check = shapiro(values[own]), check(found, f"normality of {name}")
        assert own_check.value == pytest.approx(test.statistic)
        assert own_check.p_value == pytest.approx(test.pvalue)
        assert own_check.verdict == "fine"
        shown = f"Normality of {name} is not doubted (p = {test.pvalue:.3f})."
        assert own_check.statement == shown
    gap = (model.direct - model.estimate)[own]
    wald = (gap**2 / (model.variance + model.mse)[own]).sum()
    agreement = check(found, "agreement")
    assert agreement.value == pytest.approx(wald)
    assert agreement.p_value == pytest.approx(chi2.sf(wald, 27))
    assert agreement.statement.startswith("Modelled and direct estimates do not differ by more")


def test_area_far_from_the_model_is_named_and_makes_normality_doubtful():
    found = check_fit(fitted(far=4))
    far = check(found, "far areas")
    assert (far.areas, far.verdict) == ((4,), "doubtful")
    assert far.value == np.nanmax(np.abs(found.residual)) > 3
    assert far.statement == (
        f"1 area lies far from the model, up to {far.value:.1f} standard deviations."
    )
    normality = check(found, "normality of residuals")
    assert normality.verdict == "doubtful"
    assert normality.statement == "Normality of residuals is doubtful (p < 0.001)."
    influence = check(found, "influential areas")
    assert 4 in influence.areas
    assert influence.areas == tuple(np.flatnonzero(found.cook > 4 / 27))
    assert influence.verdict == "noted"


def test_several_far_areas_are_counted():
    rng = np.random.default_rng(5)
    y = rng.normal(size=60) * 0.3
    y[[7, 8]] = [8, -8]
    found = check_fit(fay_herriot(y, np.full(60, 0.1), np.ones((60, 1))))
    assert check(found, "far areas").areas == (7, 8)
    assert check(found, "far areas").statement.startswith("2 areas lie far from the model, up to")
    words = check(found, "influential areas").statement
    assert words == "2 areas, each by itself, move the coefficients much."


def test_quiet_model_says_so():
    y = np.array([-1.2, -0.8, -0.4, 0.0, 0.4, 0.8, 1.2])
    found = check_fit(fay_herriot(y, np.full(7, 0.2), np.ones((7, 1))))
    far = check(found, "far areas")
    assert (far.verdict, far.areas) == ("fine", ())
    assert far.statement == (
        f"No area lies more than {far.value:.1f} standard deviations from the model."
    )
    y[6] = 2.5
    one = check(check_fit(fay_herriot(y, np.full(7, 0.2), np.ones((7, 1)))), "influential areas")
    assert (one.areas, one.statement) == ((6,), "1 area moves the coefficients much.")
    influence = check(found, "influential areas")
    assert influence.statement == "No area moves the coefficients much by itself."
    assert influence.verdict == "fine"


def test_r_squared_finds_the_share_that_covariates_explain():
    rng = np.random.default_rng(6)
    count = 4000
    x = np.column_stack([np.ones(count), rng.normal(size=count)])
    psi = rng.uniform(0.5, 3.0, count)
    y = x @ [1, 1] + rng.normal(size=count) * np.sqrt(1 + psi)
    found = check(check_fit(fay_herriot(y, psi, x)), "R squared")
    assert found.value == pytest.approx(0.5, abs=0.06)
    assert found.statement == (
        f"Covariates explain {found.value:.0%} of the variance of the true values between areas."
    )


def test_r_squared_stays_between_0_and_1():
    small = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    line = fay_herriot(small, np.full(5, 0.01), np.column_stack([np.ones(5), small]))
    assert check(check_fit(line), "R squared").value == 1
    flat = fay_herriot(small, np.full(5, 0.01), np.ones((5, 1)))
    assert check(check_fit(flat), "R squared").value == pytest.approx(0, abs=1e-12)
    noise = check(check_fit(fay_herriot(small, np.full(5, 9.0), np.ones((5, 1)))), "R squared")
    assert np.isnan(noise.value)
    assert noise.statement == (
        "Direct estimates differ no more than sampling error: there is little to explain."
    )


def test_correlation_is_of_synthetic_and_direct_estimates():
    model = fitted()
    own = model.is_direct
    found = check(check_fit(model), "correlation")
    expected = np.corrcoef(model.direct[own], model.synthetic[own])[0, 1]
    assert found.value == pytest.approx(expected)
    assert found.statement == f"Synthetic and direct estimates correlate at {expected:.2f}."
    constant = check(check_fit(fay_herriot([1.0, 5, 9], [1.0] * 3, np.ones((3, 1)))), "correlation")
    assert np.isnan(constant.value)
    assert constant.statement == "All synthetic or all direct estimates are alike."


def test_area_that_determines_a_coefficient_alone_has_no_residual():
    x = np.column_stack([np.ones(6), [1.0, 0, 0, 0, 0, 0]])
    found = check_fit(fay_herriot([7.0, 1, 2, 4, 3, 6], [0.5] * 6, x))
    assert np.isnan(found.residual[0])
    assert np.isnan(found.cook[0])
    assert found.leverage[0] == pytest.approx(1)
    assert not np.isnan(found.residual[1:]).any()


def test_normality_is_not_tested_where_it_cannot_be():
    flat = fay_herriot([1.0, 1.1, 0.9, 1.0], [4.0] * 4, np.ones((4, 1)), when_zero="keep")
    found = check(check_fit(flat), "normality of area effects")
    assert (found.verdict, found.p_value) == ("noted", None)
    assert found.statement == "Normality of area effects was not tested: all are alike."
    two = check_fit(fay_herriot([1.0, 3.0], [0.1, 0.2], np.ones((2, 1))))
    statement = check(two, "normality of area effects").statement
    assert statement == "Normality of area effects was not tested: there are 2."


def test_alpha_moves_the_line_of_doubt():
    found = check_fit(fitted(), alpha=0.9999)
    assert check(found, "normality of residuals").verdict == "doubtful"


def test_errors_are_compared_where_both_are_known():
    found = compare_errors(
        [0.2, 0.4, 0.0, NAN, 0.5], [0.1, 0.1, 0.1, NAN, 0.1],
        [0.25, 0.35, 0.1, 0.3, 0.0], [0.05, 0.11, 0.02, 0.2, 0.09],
    )  # fmt: skip
    np.testing.assert_allclose(found.direct, [0.5, 0.25, NAN, NAN, 0.2])
    np.testing.assert_allclose(found.modelled, [0.2, 0.11 / 0.35, 0.2, 0.2 / 0.3, NAN])
    assert (found.improved, found.compared) == (3, 4)
    assert found.check.value == 0.75
    assert found.check.statement == (
        "Modelled errors are smaller than direct ones in 3 of 4 areas; half of the areas have a "
        "coefficient of variation above 0.375 directly and above 0.257 modelled."
    )


def test_nothing_to_compare_is_said():
    found = compare_errors([NAN], [NAN], [0.3], [0.1])
    assert np.isnan(found.check.value)
    assert found.check.statement == (
        "Modelled errors are smaller than direct ones in 0 of 0 areas."
    )
