"""Benchmark: estimates of areas made to add up to a figure that is known better than they are."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

from everycount.errors import MethodError, Problem

Array = NDArray[np.float64]
Kind = Literal["ratio", "difference", "mse_difference", "logit"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Benchmarked:
    """Estimates after benchmarking, and what was done to each."""

    kind: Kind
    estimate: Array
    """(areas,)"""
    adjustment: Array
    """(areas,): the factor ("ratio"), the amount added, or that added on the logit scale."""
    before: float
    """Weighted sum of the estimates before."""
    target: float


def benchmark(
    estimate: ArrayLike,
    weights: ArrayLike,
    target: float,
    *,
    kind: Kind = "ratio",
    mse: ArrayLike | None = None,
) -> Benchmarked:
    """Return estimates whose weighted sum is the target, to rounding.

    "ratio" multiplies all by one factor. "difference" adds one amount to all. "mse_difference"
    adds amounts in proportion to mean squared errors, so that what is well known moves least; it
    minimises the sum of ``weight * change^2 / mse``. "logit" adds one amount to the logits of
    shares, which keeps shares of 0 and 1 as they are and all others strictly between; the
    other kinds can leave the range of a share. For a total of amounts the weights are 1, for a
    mean or a share they are population shares.

    The error of a benchmarked estimate is not that of the estimate before: it has a term more, of
    the order of the squared gap between the two sums. No kind here adjusts errors for it.

    Parameters
    ----------
    estimate : array_like, shape (areas,)
        None missing: an area left out would leave its part of the target to the others.
    weights : array_like, shape (areas,)
        0 or more, not all 0.
    target : float
        What the weighted sum is to be, usually a direct estimate for all areas together.
    kind : {"ratio", "difference", "mse_difference", "logit"}
    mse : array_like, shape (areas,), optional
        For "mse_difference".

    Returns
    -------
    Benchmarked

    Raises
    ------
    MethodError
        If no adjustment of this kind leads to the target.
    ValueError
        If shapes do not fit, or a figure is missing, infinite or out of range.

    References
    ----------
    .. [1] Pfeffermann, D. (2013), New important developments in small area estimation, Statistical
       Science 28, 40-68, on benchmarking.
    .. [2] You, Y., Rao, J. N. K. and Hidiroglou, M. (2013), On the performance of self benchmarked
       small area estimators under the Fay-Herriot area level model, Survey Methodology 39,
       217-229, which compares with the difference and the ratio.
    .. [3] Datta, G. S., Ghosh, M., Steorts, R. and Maples, J. (2011), Bayesian benchmarking with
       applications to small area estimation, Test 20, 574-588, on weighing by errors.

    Examples
    --------
    >>> benchmark([0.1, 0.2, 0.4], [0.5, 0.3, 0.2], 0.209).estimate.round(3)
    array([0.11, 0.22, 0.44])
    """
    value, weight = np.asarray(estimate, float), np.asarray(weights, float)
    error = np.ones(len(value)) if mse is None else np.asarray(mse, float)
    _check(value, weight, error, target)
    before = float((weight * value).sum())
    if kind == "ratio":
        if before * target <= 0:
            raise _unreachable(
                f"{target:g} for estimates that sum to {before:g}",
                "one that a factor above 0 leads to",
            )
        adjustment = np.full(len(value), target / before)
    elif kind == "difference":
        adjustment = np.full(len(value), (target - before) / weight.sum())
    elif kind == "mse_difference":
        if mse is None or not (error >= 0).all() or not (weight * error).any():
            raise ValueError('kind "mse_difference" needs mse, 0 or more and not all 0')
        adjustment = error * ((target - before) / (weight * error).sum())
    else:
        adjustment = np.full(len(value), _logit_shift(value, weight, target))
    adjusted = _apply(kind, adjustment, value)
    return Benchmarked(
        kind=kind, estimate=adjusted, adjustment=adjustment, before=before, target=float(target)
    )


def carry(found: Benchmarked, values: ArrayLike) -> Array:
    """Return other figures of the same areas, such as ends of intervals, changed the same way.

    Parameters
    ----------
    found : Benchmarked
    values : array_like, shape (areas,)
        On the scale of the estimates; NaN stays.

    Returns
    -------
    ndarray, shape (areas,)

    Examples
    --------
    >>> found = benchmark([1.0, 3.0], [1, 1], 6.0, kind="difference")
    >>> carry(found, [0.5, 2.0])
    array([1.5, 3. ])
    """
    return _apply(found.kind, found.adjustment, np.asarray(values, float))


def _apply(kind: Kind, adjustment: Array, values: Array) -> Array:
    if kind == "ratio":
        return values * adjustment
    if kind == "logit":
        moved: Array = expit(logit(values) + adjustment)
        return moved
    return values + adjustment


def _logit_shift(share: Array, weight: Array, target: float) -> float:
    """Return the amount that brings the weighted sum of moved shares to the target."""
    if not ((share >= 0) & (share <= 1)).all():
        raise _unreachable("estimates below 0 or above 1", "shares, which alone have logits")
    moving = (share > 0) & (share < 1)
    low = float(weight[share == 1].sum())
    high = low + float(weight[moving].sum())
    if not low < target < high:
        raise _unreachable(
            f"{target:g}", f"one between {low:g} and {high:g}, the sums that shares can reach"
        )
    own, size = logit(share[moving]), weight[moving]

    def gap(shift: float) -> float:
        return float((size * expit(own + shift)).sum()) + low - target

    reach = 1.0
    while gap(-reach) > 0 or gap(reach) < 0:
        reach *= 2
    return float(brentq(gap, -reach, reach, xtol=1e-15, rtol=1e-15, maxiter=200))


def _unreachable(found: str, expected: str) -> MethodError:
    return MethodError("benchmarking", [Problem("target", found, expected)])


def _check(value: Array, weight: Array, error: Array, target: float) -> None:
    if value.ndim != 1 or weight.shape != value.shape or error.shape != value.shape:
        raise ValueError(
            f"found shapes {value.shape}, {weight.shape} and {error.shape}, expected (areas,)"
        )
    if not (np.isfinite(value).all() and np.isfinite(error).all() and np.isfinite(target)):
        raise ValueError("found a missing or infinite figure, expected none to benchmark")
    if not (np.isfinite(weight) & (weight >= 0)).all() or not weight.any():
        raise ValueError("weights: expected numbers of 0 or more, not all 0")
