"""Small area, transformed: shares and positive amounts, modelled where their errors are even."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.polynomial.hermite import hermgauss
from numpy.typing import ArrayLike, NDArray
from scipy.special import erf, expit, logit, ndtr, ndtri

from everycount.arrays.model_variance import Method
from everycount.arrays.small_area import (
    FayHerriot,
    WhenZero,
    estimate_variance,
    fay_herriot,
    fit_coefficients,
    list_faults,
)
from everycount.errors import MethodError, Problem

Array = NDArray[np.float64]
Transformation = Literal["arcsine", "logit", "log"]
Back = Literal["corrected", "naive"]

BLOCK: Final = 2_000_000
"""Numbers in the largest array at a time, 16 MB; measured, not critical."""
NODES: Final = 64
"""Of Gauss-Hermite quadrature of a logistic-normal mean: exact to 1e-10 up to a standard deviation
of 2 on the logit scale (tests), beyond which a share says next to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TransformedFayHerriot:
    """A model on a transformed scale with its estimates on the scale of the data, (areas,)."""

    transformation: Transformation
    back: Back
    model: FayHerriot
    """Everything in it is on the transformed scale."""
    estimate: Array
    mse: Array
    """By parametric bootstrap."""
    replicates: int


def transformed_fay_herriot(
    direct: ArrayLike,
    spread: ArrayLike,
    covariates: ArrayLike,
    *,
    transformation: Transformation,
    method: Method = "reml",
    when_zero: WhenZero = "adjust",
    back: Back = "corrected",
    replicates: int = 500,
    rng: np.random.Generator,
) -> TransformedFayHerriot:
    """Estimate every area by a Fay-Herriot model of transformed direct estimates.

    ========  =======================  ====================  ==============================
    name      of a direct estimate y   sampling variance     true value of an area, theta
    ========  =======================  ====================  ==============================
    arcsine   arcsin(sqrt(y))          1 / (4 effective n)   sin(theta)^2, 0 below 0 and 1
                                                             above pi / 2
    logit     log(y / (1 - y))         variance / (y(1-y))^2 1 / (1 + exp(-theta))
    log       log(y)                   variance / y^2        exp(theta)
    ========  =======================  ====================  ==============================

    Given the data, theta is normal around the estimate of the model with variance g1, so that the
    best predictor of the true value is its mean over that distribution ("corrected": in closed
    form, for the logit by quadrature). "naive" transforms the estimate itself back and is biased
    towards the nearer end of the scale. The arcsine is the one for shares: its sampling variance
    does not depend on the share, and cells of 0 and 100 % are allowed.

    Mean squared errors are those of a parametric bootstrap: areas and estimates are drawn from the
    fitted model, the model is fitted again, and its estimates are compared with the drawn truth.
    They are first-order right, as sampling variances are taken as known and the model variance
    of the bootstrap is the estimated one.

    Parameters
    ----------
    direct : array_like, shape (areas,)
        Shares from 0 to 1 ("logit": strictly between) or amounts above 0. NaN where there is none.
    spread : array_like, shape (areas,)
        For "arcsine" the effective sample size: respondents over the design effect. For the others
        the sampling variance. Not read where there is no direct estimate.
    covariates : array_like, shape (areas, p)
        As in `arrays.small_area`.
    transformation : {"arcsine", "logit", "log"}
    method, when_zero
        As in `arrays.small_area`; the same rule is used in every bootstrap replicate.
    back : {"corrected", "naive"}
    replicates : int
        Of the bootstrap.
    rng : numpy.random.Generator

    Returns
    -------
    TransformedFayHerriot

    Raises
    ------
    MethodError
        With every fault of the data, those of `arrays.small_area` included.
    ValueError
        If shapes do not fit or there is no replicate.

    Notes
    -----
    Given emdi's model variance, the figures that this R package publishes with its tests agree,
    naive and corrected, but for two things: emdi does not correct areas without a direct estimate,
    and it drops what lies above pi / 2, which makes 0.26 of an area of nearly 1.

    References
    ----------
    .. [1] Hadam, S., Wuerz, N. and Kreutzmann, A.-K. (2020), Estimating regional unemployment with
       mobile network data for Functional Urban Areas in Germany, Freie Universitaet Berlin, on
       the arcsine, its bias-corrected back transformation and the bootstrap.
    .. [2] Sugasawa, S. and Kubokawa, T. (2017), Transforming response values in small area
       prediction, Computational Statistics and Data Analysis 114, 47-60.
    .. [3] Slud, E. V. and Maiti, T. (2006), Mean-squared error estimation in transformed
       Fay-Herriot models, Journal of the Royal Statistical Society B 68, 239-257, on the log.
    .. [4] Gonzalez-Manteiga, W. et al. (2008), Analytic and bootstrap approximations of prediction
       errors under a multivariate Fay-Herriot model, Computational Statistics and Data Analysis
       52, 5242-5252.

    Examples
    --------
    >>> found = transformed_fay_herriot(
    ...     [0.0, 0.1, 0.3, 0.2, np.nan], [20, 40, 30, 50, np.nan], np.ones((5, 1)),
    ...     transformation="arcsine", rng=np.random.default_rng(1),
    ... )
    >>> found.estimate.round(2)
    array([0.01, 0.11, 0.27, 0.19, 0.15])
    """
    y, own, x = (np.array(value, float) for value in (direct, spread, covariates))
    if y.ndim != 1 or own.shape != y.shape or x.ndim != 2 or len(x) != len(y) or not x.shape[1]:
        raise ValueError(
            f"found shapes {y.shape}, {own.shape} and {x.shape}, expected (areas,) twice and "
            "(areas, p) with at least one column"
        )
    if replicates < 1:
        raise ValueError(f"replicates: found {replicates}, expected at least 1")
    problems = _list_faults(y, own, transformation)
    is_bad = np.zeros(len(y), bool)
    is_bad[[i for i, _ in problems]] = True
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled, variance = _transform(y, own, transformation)
    scaled[is_bad], variance[is_bad] = 0.0, 1.0  # so that their other faults are found too
    faults = [*(fault for _, fault in problems), *list_faults(scaled, variance, x, method)]
    if faults:
        raise MethodError("the area model", faults)
    model = fay_herriot(scaled, variance, x, method=method, when_zero=when_zero)
    return TransformedFayHerriot(
        transformation=transformation,
        back=back,
        model=model,
        estimate=_return(model.estimate, model.g1, transformation, back),
        mse=_bootstrap(model, when_zero, (transformation, back), replicates, rng),
        replicates=replicates,
    )


def transformed_interval(
    found: TransformedFayHerriot, *, level: float = 0.95
) -> tuple[Array, Array]:
    """Return the ends of every area's interval, normal on the transformed scale.

    They never leave the range of the scale, and need not lie evenly around the estimate.

    Parameters
    ----------
    found : TransformedFayHerriot
    level : float
        Share of such intervals that hold the true value of their area, if the model is right.

    Returns
    -------
    tuple of ndarray, each of shape (areas,)

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.

    Examples
    --------
    >>> found = transformed_fay_herriot(
    ...     [0.0, 0.1, 0.3, 0.2], [20, 40, 30, 50], np.ones((4, 1)), transformation="arcsine",
    ...     rng=np.random.default_rng(1), replicates=1,
    ... )
    >>> [end.round(2) for end in transformed_interval(found)]
    [array([0.  , 0.03, 0.13, 0.09]), array([0.08, 0.22, 0.44, 0.31])]
    """
    if not 0 < level < 1:
        raise ValueError(f"level: found {level}, expected a share between 0 and 1")
    reach = ndtri((1 + level) / 2) * np.sqrt(found.model.mse)
    middle = found.model.estimate
    return (
        true_value(middle - reach, found.transformation),
        true_value(middle + reach, found.transformation),
    )


def true_value(theta: Array, transformation: Transformation) -> Array:
    """Return values on the scale of the data from values on the transformed scale."""
    if transformation == "arcsine":
        share: Array = np.sin(np.clip(theta, 0.0, np.pi / 2)) ** 2
        return share
    value: Array = expit(theta) if transformation == "logit" else np.exp(theta)
    return value


def mean_value(mean: Array, variance: Array, transformation: Transformation) -> Array:
    """Return the mean of the true value where theta is normal with this mean and variance."""
    if transformation == "log":
        raised: Array = np.exp(mean + variance / 2)
        return raised
    if transformation == "logit":
        nodes, weights = hermgauss(NODES)
        reach = np.sqrt(2 * variance)[..., None] * nodes
        share: Array = (expit(mean[..., None] + reach) * weights).sum(axis=-1) / np.sqrt(np.pi)
        return share
    return _mean_of_sine(mean, np.sqrt(variance))


def _mean_of_sine(mean: Array, spread: Array) -> Array:
    """Return the mean of sin(theta)^2, cut off at 0 and pi / 2, for a normal theta.

    ``sin^2 = (1 - cos 2 theta) / 2``, and the mean of ``exp(2 i theta)`` over an interval is a
    difference of error functions of complex arguments.
    """
    is_spread = spread > 0
    sd = np.where(is_spread, spread, 1.0)
    low, high = -mean / sd, (np.pi / 2 - mean) / sd
    ends = [erf((end - 2j * sd) / np.sqrt(2)) for end in (low, high)]
    wave = (np.exp(2j * mean - 2 * sd**2) * (ends[1] - ends[0])).real / 2
    value = (ndtr(high) - ndtr(low) - wave) / 2 + ndtr(-high)
    return np.where(is_spread, np.clip(value, 0.0, 1.0), true_value(mean, "arcsine"))


def _return(estimate: Array, g1: Array, transformation: Transformation, back: Back) -> Array:
    if back == "naive":
        return true_value(estimate, transformation)
    return mean_value(estimate, g1, transformation)


def _list_faults(
    direct: Array, spread: Array, transformation: Transformation
) -> list[tuple[int, Problem]]:
    """Return the areas, from 0, whose estimate or spread does not go with the transformation."""
    is_direct = ~np.isnan(direct)
    if transformation == "arcsine":
        is_right, expected = (direct >= 0) & (direct <= 1), "a share from 0 to 1"
    elif transformation == "logit":
        is_right, expected = (direct > 0) & (direct < 1), "a share above 0 and below 1"
    else:
        is_right, expected = (direct > 0) & np.isfinite(direct), "an amount above 0"
    word = "effective sample size" if transformation == "arcsine" else "sampling variance"
    is_sized = (spread > 0) & np.isfinite(spread)
    faults = [
        (int(i), Problem(f"area {i}", f"direct estimate {direct[i]:g}", expected))
        for i in np.flatnonzero(is_direct & ~is_right)
    ]
    faults += [
        (int(i), Problem(f"area {i}", f"{word} {spread[i]:g}", "a finite number above 0"))
        for i in np.flatnonzero(is_direct & ~is_sized)
    ]
    return faults


def _transform(direct: Array, spread: Array, transformation: Transformation) -> tuple[Array, Array]:
    if transformation == "arcsine":
        return np.arcsin(np.sqrt(direct)), 1 / (4 * spread)
    if transformation == "logit":
        return logit(direct), spread / (direct * (1 - direct)) ** 2
    return np.log(direct), spread / direct**2


def _bootstrap(
    model: FayHerriot,
    when_zero: WhenZero,
    scale: tuple[Transformation, Back],
    replicates: int,
    rng: np.random.Generator,
) -> Array:
    """Return the mean squared error of every area over draws from the model."""
    is_direct, x = model.is_direct, model.covariates
    psi, fitted = model.variance[is_direct], x[is_direct]
    # A replicate of no variance is no reason to stop: that was decided for the data themselves.
    rule: WhenZero = "keep" if when_zero == "refuse" else when_zero
    method = model.method
    total = np.zeros(len(x))
    width = max(1, BLOCK // x.size)
    for start in range(0, replicates, width):
        count = min(width, replicates - start)
        effects = rng.normal(size=(count, len(x))).T * np.sqrt(model.model_variance)
        theta = model.synthetic[:, None] + effects
        drawn = theta[is_direct] + rng.normal(size=(count, len(psi))).T * np.sqrt(psi)[:, None]
        at = estimate_variance(drawn, psi, fitted, method, rule)[1].value
        synthetic = x @ fit_coefficients(drawn, psi, fitted, at)[0].T
        gamma, g1 = np.zeros(theta.shape), np.broadcast_to(at, theta.shape).copy()
        gamma[is_direct] = at / (at + psi[:, None])
        g1[is_direct] = gamma[is_direct] * psi[:, None]
        estimate = synthetic.copy()
        estimate[is_direct] += gamma[is_direct] * (drawn - synthetic[is_direct])
        error = _return(estimate, g1, *scale) - true_value(theta, scale[0])
        total += (error**2).sum(axis=1)
    mse: Array = total / replicates
    return mse
