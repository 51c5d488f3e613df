"""Gradient: how an indicator rises or falls along an order of groups."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]  # real, or complex where `inequality_error` differentiates
Ends = tuple[Numbers, Numbers]

STEPS: Final = 200
"""Newton steps at most. A fit that exists takes about ten, unless estimates within a billionth of a
bound stand beside ranks that nearly touch; one that runs off to infinity (0 on
one side of a rank, the whole scale on the other) gains about one a step and never settles."""
SETTLED: Final = 1e-9
"""Change of every logit below which three full steps follow; Newton doubles the digits of each."""


def ridits(shares: Numbers) -> Numbers:
    """Return the relative rank of each group: the share of people below it and half of its own.

    Parameters
    ----------
    shares : ndarray, shape (..., groups)
        Population shares that sum to 1, the most disadvantaged group first.

    Returns
    -------
    ndarray, shape (..., groups)
        From 0 (most disadvantaged) to 1; weighted by `shares` their mean is 1/2.

    References
    ----------
    .. [1] Bross, I. D. J. (1958), How to use ridit analysis, Biometrics 14, 18-38.

    Examples
    --------
    >>> ridits(np.array([0.5, 0.25, 0.25]))
    array([0.25 , 0.625, 0.875])
    """
    return np.cumsum(shares, axis=-1) - shares / 2


def concentration(y: Numbers, shares: Numbers) -> Numbers:
    """Return the absolute concentration index, twice the covariance of indicator and rank.

    Shapes as in `ridits`; unit of `y`. Divided by the mean it is the relative index.

    References
    ----------
    .. [1] Hosseinpoor, A. R. et al. (2016), Health Equity Assessment Toolkit (HEAT), BMC Medical
       Research Methodology 16, 141, table 2: the sum of p (2 X - 1) y.

    Examples
    --------
    >>> float(concentration(np.array([1.0, 3.0]), np.array([0.5, 0.5])))
    0.5
    """
    index: Numbers = np.sum(shares * (2 * ridits(shares) - 1) * y, axis=-1)
    return index


def linear_ends(y: Numbers, shares: Numbers) -> Ends:
    """Return the fit of a straight line at ranks 0 and 1.

    Least squares of the estimates on the ridits of the groups, weighted by population shares, which
    is the same as of all individuals on their ridits.

    Examples
    --------
    >>> low, high = linear_ends(np.array([1.0, 2.0, 3.0]), np.array([0.25, 0.5, 0.25]))
    >>> round(float(low), 12), round(float(high), 12)
    (0.666666666667, 3.333333333333)
    """
    mean = np.sum(shares * y, axis=-1)
    # Weighted by their shares the ridits of groups have the variance (1 - sum of shares^3) / 12.
    slope = 6 * concentration(y, shares) / (1 - np.sum(shares**3, axis=-1))
    return mean - slope / 2, mean + slope / 2


def logit_ends(y: Numbers, shares: Numbers, scale: float) -> Ends:
    """Return the fit of a logistic curve at ranks 0 and 1, in the unit of `y`.

    Maximum likelihood of the shares ``y / scale`` on the ridits of the groups, each group weighted
    by its population share once: the same as of all individuals, 0 or 1, on their ridits.

    Parameters
    ----------
    y, shares : ndarray, shape (..., groups)
    scale : float
        What `y` is at most: 1 for proportions, 100 for percentages.

    Returns
    -------
    tuple of ndarray, shape (...,)
        NaN where an estimate is outside 0 to `scale`, or no finite curve fits best: all groups but
        one, or all, are at 0 on one side of a rank and at `scale` on the other, or on one side only
        (as 0, 0, 5 per cent). Where all are 0, or all `scale`, it is that.

    Examples
    --------
    >>> low, high = logit_ends(np.array([20.0, 80.0]), np.array([0.5, 0.5]), 100)
    >>> round(float(low), 9), round(float(high), 9)
    (5.882352941, 94.117647059)
    """
    share_of_scale = y / scale
    level, slope = fit_logit(ridits(shares) - 0.5, shares, share_of_scale)
    constant = _is_at_a_bound(share_of_scale, shares)
    outside = np.any((y.real < 0) | (y.real > scale), axis=-1)
    mean = np.sum(shares * y, axis=-1)
    # At a bound the value is known and its derivative is not.
    at_bound = np.nan if np.iscomplexobj(mean) else mean
    low, high = (
        np.where(constant, at_bound, scale * expit(level + side * slope)) for side in (-0.5, 0.5)
    )
    return np.where(outside, np.nan, low), np.where(outside, np.nan, high)


def _is_at_a_bound(share: Numbers, weights: Numbers) -> NDArray[np.bool_]:
    """Say where every group that anyone is in has the share 0, or every one the share 1."""
    empty = weights.real == 0
    zero, one = (np.all((share.real == bound) | empty, axis=-1) for bound in (0, 1))
    at_bound: NDArray[np.bool_] = zero | one
    return at_bound


def expit(logit: Numbers) -> Numbers:
    """Return ``1 / (1 + exp(-logit))``, also of complex numbers, without overflow.

    Examples
    --------
    >>> expit(np.array([0.0, -1000.0]))
    array([0.5, 0. ])
    """
    is_low = np.real(logit) < 0
    small = np.exp(np.where(is_low, logit, -logit))
    result: Numbers = np.where(is_low, small, 1.0) / (1 + small)
    return result


def fit_logit(x: Numbers, weights: Numbers, y: Numbers) -> Ends:
    """Return intercept and slope of the logistic curve of `y`, between 0 and 1, on `x`.

    Newton's method. A step by which the likelihood would fall is shortened to ``log(1 + d) / d``,
    d the greatest change of a logit, by which that of a logistic curve always rises [1]_.

    Shapes ``(..., points)``; the result ``(...,)``, NaN where no finite curve fits best.

    References
    ----------
    .. [1] Sun, T. and Tran-Dinh, Q. (2019), Generalized self-concordant functions: a recipe for
       Newton-type methods, Mathematical Programming 178, 145-213.

    Examples
    --------
    >>> x, one = np.array([-0.5, 0.5]), np.ones(2)
    >>> level, slope = fit_logit(x, one, np.array([0.2, 0.8]))
    >>> round(float(level), 12) == 0, round(float(slope - 2 * np.log(4)), 12) == 0
    (True, True)
    """
    level = np.zeros(np.broadcast_shapes(x.shape, weights.shape, y.shape)[:-1], y.dtype)
    level = level + 0 * x[..., 0]  # complex if any of them is
    slope = level.copy()
    full = 0
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            first, second = _newton(x, weights, y, level, slope)
            change = np.max(np.abs((first[..., None] + second[..., None] * x).real), axis=-1)
            now = _loss(x, weights, y, level, slope)
            falls = _loss(x, weights, y, level + first, slope + second) > now
            part = np.where(falls & (change > SETTLED), np.log1p(change) / change, 1.0)
            level, slope = level + part * first, slope + part * second
            full = full + 1 if np.all((change < SETTLED) | np.isnan(change)) else 0
            if full == 3:
                break
    settled = change < SETTLED
    return np.where(settled, level, np.nan), np.where(settled, slope, np.nan)


def _loss(x: Numbers, weights: Numbers, y: Numbers, level: Numbers, slope: Numbers) -> Numbers:
    """Return the log-likelihood, its sign turned, of real parts."""
    logit = (level[..., None] + slope[..., None] * x).real
    loss: Numbers = np.sum(weights.real * (np.logaddexp(0, logit) - y.real * logit), axis=-1)
    return loss


def _newton(x: Numbers, weights: Numbers, y: Numbers, level: Numbers, slope: Numbers) -> Ends:
    """Return the Newton step of intercept and slope."""
    logit = level[..., None] + slope[..., None] * x
    fitted, rest = expit(logit), expit(-logit)
    residual = weights * (y * rest - (1 - y) * fitted)  # y - fitted, with all digits near 0 and 1
    curve = weights * fitted * rest
    # About the mean of x, where one equation does not take the digits of the other.
    flat = np.sum(curve, axis=-1)
    middle = np.sum(curve * x, axis=-1) / flat
    about = x - middle[..., None]
    slope_step = np.sum(residual * about, axis=-1) / np.sum(curve * about**2, axis=-1)
    return np.sum(residual, axis=-1) / flat - middle * slope_step, slope_step
