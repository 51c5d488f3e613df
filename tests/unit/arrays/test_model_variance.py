import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from everycount.arrays import model_variance as module
from everycount.arrays.model_variance import model_variance, weigh_basis

METHODS = (
    "reml",
    "ml",
    "fh",
    "reml_yoshimori_lahiri",
    "ml_yoshimori_lahiri",
    "reml_li_lahiri",
    "ml_li_lahiri",
)


def areas(seed, *, count=25, columns=3, effect=0.5):
    """Direct estimates, sampling variances of very different size, and covariates."""
    rng = np.random.default_rng(seed)
    x = np.column_stack(
        [np.ones(count), rng.normal(size=(count, columns - 1)) * [1, 1000][: columns - 1]]
    )
    psi = 10 ** rng.uniform(-1.5, 0.5, count)
    y = x @ [2, 1, 0.001][:columns] + rng.normal(size=count) * np.sqrt(psi + effect)
    return y, psi, x


def likelihood(a, y, psi, x, method):
    """Dense and by definition: the logarithm of what a method maximises, without constants."""
    v = np.diag(a + psi)
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    p = inverse - inverse @ x @ np.linalg.solve(information, x.T @ inverse)
    value = -(np.linalg.slogdet(v)[1] + y @ p @ y) / 2
    if method.startswith("reml"):
        value -= np.linalg.slogdet(information)[1] / 2
    if method.endswith("yoshimori_lahiri"):
        value += np.log(np.arctan(np.trace(a * inverse))) / len(y)
    elif method.endswith("li_lahiri"):
        value += np.log(a)
    return value


@pytest.mark.parametrize("method", [m for m in METHODS if m != "fh"])
@pytest.mark.parametrize("seed", range(3))
def test_estimate_maximises_the_likelihood_by_its_dense_formula(method, seed):
    y, psi, x = areas(seed)
    found = model_variance(y[:, None], psi, x, method)
    best = minimize_scalar(
        lambda log: -likelihood(np.exp(log), y, psi, x, method),
        bounds=(-8, 5),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert found.is_converged[0]
    assert found.value[0] == pytest.approx(np.exp(best.x), rel=1e-6)
    # The top of a hill is flat, so that a search is inexact; its slope is not.
    step = found.value[0] * 1e-4
    sides = [likelihood(found.value[0] + s, y, psi, x, method) for s in (-step, step)]
    top = likelihood(found.value[0], y, psi, x, method)
    assert max(sides) < top
    assert abs(sides[0] - sides[1]) < 1e-3 * (top - min(sides)) + 1e-12


def test_moment_estimate_solves_its_equation():
    y, psi, x = areas(4)
    a = model_variance(y[:, None], psi, x, "fh").value[0]
    weight = 1 / (a + psi)
    b = np.linalg.solve((x * weight[:, None]).T @ x, (x * weight[:, None]).T @ y)
    assert (weight * (y - x @ b) ** 2).sum() == pytest.approx(len(y) - 3, rel=1e-12)


def test_equal_variances_have_closed_forms():
    y, x = np.array([[1.0], [3.0], [5.0], [7.0]]), np.ones((4, 1))
    closed = {"reml": 20 / 3 - 2, "ml": 20 / 4 - 2, "fh": 20 / 3 - 2}
    for method, value in closed.items():
        found = model_variance(y, np.full(4, 2.0), x, method)
        assert found.value[0] == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize("method", ["reml", "ml", "fh"])
def test_areas_that_differ_less_than_sampling_error_have_no_model_variance(method):
    y = np.array([[1.0], [1.1], [0.9], [1.05], [1.0]])
    found = model_variance(y, np.full(5, 4.0), np.ones((5, 1)), method)
    assert found.value[0] == 0
    assert found.is_converged[0]


@pytest.mark.parametrize("method", [m for m in METHODS if m.endswith("lahiri")])
def test_adjusted_methods_are_never_zero(method):
    y = np.array([[1.0], [1.1], [0.9], [1.05], [1.0]])
    found = model_variance(y, np.array([4.0, 3, 5, 4, 0.5]), np.ones((5, 1)), method)
    assert found.value[0] > 0
    same = model_variance(np.ones((5, 1)), np.array([4.0, 3, 5, 4, 0.5]), np.ones((5, 1)), method)
    assert same.value[0] > 0  # a perfect fit


def test_highest_of_two_hills_is_taken():
    # Both sets have two local maxima of the restricted likelihood: two hills, then a hill below 0.
    x = np.ones((6, 1))
    y = np.array([0.32, 0.02, 4.38, 0.46, 0.06, 4.79])
    psi = np.array([0.025, 5.369, 5.22, 1.588, 0.038, 2.711])
    found = model_variance(y[:, None], psi, x, "reml").value[0]
    heights = [likelihood(a, y, psi, x, "reml") for a in np.geomspace(1e-5, 50, 4000)]
    assert likelihood(found, y, psi, x, "reml") >= max(heights)
    assert found == pytest.approx(0.0039097, rel=1e-4)
    y = np.array([0.0, -0.99, -0.25, 6.49, -0.08, -4.32])
    psi = np.array([0.038, 3.12, 0.077, 4.472, 1.158, 4.585])
    assert model_variance(y[:, None], psi, x, "reml").value[0] == 0
    assert likelihood(0, y, psi, x, "reml") > likelihood(3.5, y, psi, x, "reml")


@pytest.mark.parametrize("method", METHODS)
def test_many_sets_give_what_each_gives_alone(method, monkeypatch):
    _, psi, x = areas(5)
    rng = np.random.default_rng(6)
    y = rng.normal(size=(25, 8)) * np.sqrt(psi + 0.2)[:, None]
    alone = [model_variance(y[:, [k]], psi, x, method).value[0] for k in range(8)]
    np.testing.assert_allclose(model_variance(y, psi, x, method).value, alone, rtol=1e-9)
    monkeypatch.setattr(module, "BLOCK", 200)
    np.testing.assert_allclose(model_variance(y, psi, x, method).value, alone, rtol=1e-9)


@pytest.mark.parametrize(
    ("method", "least"), [("reml", 3), ("ml_yoshimori_lahiri", 3), ("reml_li_lahiri", 5)]
)
def test_too_few_areas_are_refused(method, least):
    y, psi, x = areas(7, count=least, columns=2)
    assert model_variance(y[:, None], psi, x, method).is_converged[0]
    with pytest.raises(ValueError, match=f"found {least - 1} areas and 2 covariates"):
        model_variance(y[:-1, None], psi[:-1], x[:-1], method)


@pytest.mark.parametrize("decades", [0, 4, 9, 11, 14])
def test_weighted_basis_is_orthonormal_however_uneven_the_weights(decades):
    rng = np.random.default_rng(8)
    basis = np.linalg.qr(rng.normal(size=(30, 4)))[0]
    weight = 10 ** (rng.uniform(size=(3, 30)) * decades)
    span, triangle = weigh_basis(weight, basis)
    for k in range(3):
        np.testing.assert_allclose(span[k].T @ span[k], np.eye(4), atol=1e-13)
        table = np.sqrt(weight[k])[:, None] * basis
        np.testing.assert_allclose(span[k] @ triangle[k], table, atol=1e-12 * table.max())
        np.testing.assert_allclose(np.tril(triangle[k], -1), 0, atol=1e-12 * table.max())
