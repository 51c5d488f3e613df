"""What holds of area-level models whatever the figures."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from everycount.arrays.benchmark import benchmark
from everycount.arrays.small_area import fay_herriot
from everycount.arrays.small_area_transformed import mean_value, true_value

AREAS = 9
METHODS = st.sampled_from(["reml", "ml", "fh", "reml_yoshimori_lahiri", "ml_li_lahiri"])
VALUES = arrays(float, AREAS, elements=st.integers(-400, 400).map(lambda k: k / 8))
VARIANCES = arrays(float, AREAS, elements=st.integers(1, 64).map(lambda k: k / 4))
COVARIATE = arrays(float, AREAS, elements=st.integers(-8, 8).map(float), unique=True)
SHARES = arrays(float, AREAS, elements=st.floats(0.01, 0.99))


def design(covariate):
    return np.column_stack([np.ones(AREAS), covariate])


def fitted(y, psi, x, method):
    """The model, unless the estimate of A hangs on rounding."""
    found = fay_herriot(y, psi, x, method=method, when_zero="keep")
    assume(found.model_variance == 0 or found.model_variance > 1e-6)
    return found


@given(VALUES, VARIANCES, COVARIATE, METHODS)
def test_estimate_lies_between_direct_and_synthetic(y, psi, covariate, method):
    found = fay_herriot(y, psi, design(covariate), method=method)
    assert ((found.gamma >= 0) & (found.gamma <= 1)).all()
    low, high = np.minimum(y, found.synthetic), np.maximum(y, found.synthetic)
    slack = 1e-9 * (1 + np.abs(y).max())
    assert ((found.estimate >= low - slack) & (found.estimate <= high + slack)).all()
    assert (found.mse > 0).all()
    assert found.is_converged


@given(VALUES, VARIANCES, COVARIATE, METHODS, st.sampled_from([0.25, 4.0, 1024.0]))
def test_unit_of_the_figures_does_not_matter(y, psi, covariate, method, factor):
    found = fitted(y, psi, design(covariate), method)
    other = fay_herriot(
        y * factor, psi * factor**2, design(covariate), method=method, when_zero="keep"
    )
    np.testing.assert_allclose(
        other.estimate, found.estimate * factor, rtol=1e-6, atol=1e-6 * factor
    )
    np.testing.assert_allclose(other.mse, found.mse * factor**2, rtol=1e-6)


@given(VALUES, VARIANCES, COVARIATE, METHODS)
def test_what_covariates_say_can_be_added_and_their_unit_changed(y, psi, covariate, method):
    found = fitted(y, psi, design(covariate), method)
    moved = np.column_stack([np.ones(AREAS), 1000 * covariate + 5])
    other = fay_herriot(y + 3 - 2 * covariate, psi, moved, method=method, when_zero="keep")
    np.testing.assert_allclose(
        other.estimate, found.estimate + 3 - 2 * covariate, rtol=1e-5, atol=1e-5
    )
    np.testing.assert_allclose(other.mse, found.mse, rtol=1e-5)


@given(VALUES, VARIANCES, COVARIATE, METHODS, st.permutations(range(AREAS)))
def test_order_of_areas_does_not_matter(y, psi, covariate, method, order):
    found = fitted(y, psi, design(covariate), method)
    other = fay_herriot(
        y[order], psi[order], design(covariate)[order], method=method, when_zero="keep"
    )
    np.testing.assert_allclose(other.estimate, found.estimate[order], rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(other.mse, found.mse[order], rtol=1e-6)


@given(
    SHARES,
    arrays(float, AREAS, elements=st.integers(1, 90).map(float)),
    st.floats(0.05, 0.95),
    st.sampled_from(["ratio", "difference", "mse_difference", "logit"]),
)
def test_benchmarked_figures_add_up_and_keep_what_fits(shares, people, target, kind):
    weights = people / people.sum()
    found = benchmark(shares, weights, target, kind=kind, mse=shares * (1 - shares))
    assert (weights * found.estimate).sum() == pytest.approx(target, rel=1e-11)
    again = benchmark(shares, weights, found.before, kind=kind, mse=shares * (1 - shares))
    np.testing.assert_allclose(again.estimate, shares, rtol=1e-9)
    if kind == "logit":
        assert ((found.estimate > 0) & (found.estimate < 1)).all()


@given(st.floats(-1, 3), st.floats(0, 1), st.floats(0, 0.5), st.sampled_from(["arcsine", "logit"]))
def test_mean_share_is_a_share_and_rises_with_theta(theta, variance, step, transformation):
    at = np.array([theta, theta + step])
    found = mean_value(at, np.full(2, variance), transformation)
    assert ((found >= 0) & (found <= 1)).all()
    assert found[1] >= found[0] - 1e-12
    assert true_value(at, transformation)[1] >= true_value(at, transformation)[0]
