"""Sampling variance: smooth variances that a handful of respondents estimated badly, or as zero."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.errors import MethodError, Problem

Array = NDArray[np.float64]
Smooth = Literal["refuse", "zero", "all"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SmoothedVariance:
    """Sampling variances after smoothing, with the function that smoothed them."""

    variance: Array
    """(areas,), NaN where neither a variance nor a sample size is known."""
    fitted: Array
    """(areas,), what the function gives, NaN without a sample size."""
    is_replaced: NDArray[np.bool_]
    """(areas,)"""
    intercept: float
    slope: float
    """Of the logarithm of the variance on that of the sample size; about -1 in most surveys."""
    correction: float
    """Factor that makes the fitted variances add up to the estimated ones."""
    areas: int
    """How many areas the function was fitted to."""


def smooth_variance(
    variance: ArrayLike, sizes: ArrayLike, *, replace: Literal["zero", "all"]
) -> SmoothedVariance:
    """Return variances from a log-linear function of the sample size.

    ``log(variance) = a + b log(size)`` is fitted by least squares to the areas whose variance is
    above zero; exp(a + b log(size)) is then multiplied by the sum of the estimated variances over
    that of the fitted ones, because the exponential of a mean is not the mean of exponentials.

    Parameters
    ----------
    variance : array_like, shape (areas,)
        Estimated sampling variances, in the unit of the estimates squared; 0 where all respondents
        of an area gave the same answer, NaN where there is no estimate.
    sizes : array_like, shape (areas,)
        Respondents, or effective respondents. NaN is unknown.
    replace : {"zero", "all"}
        Which variances give way: those that are 0, or all of them.

    Returns
    -------
    SmoothedVariance
        A variance that is missing stays missing: it belongs to no estimate.

    Raises
    ------
    MethodError
        If a size that is needed is missing or not above 0, or fewer than 3 areas have a variance
        above 0 to fit to.

    References
    ----------
    .. [1] Wolter, K. M. (2007), Introduction to Variance Estimation, 2nd edition, chapter 7.
    .. [2] Rao, J. N. K. and Molina, I. (2015), Small Area Estimation, 2nd edition, section 6.4.1,
       on smoothing the sampling variances of an area-level model.

    Examples
    --------
    >>> found = smooth_variance([4.0, 2.0, 0.0, 1.0], [25, 50, 50, 100], replace="zero")
    >>> found.variance, round(found.slope, 9)
    (array([4., 2., 2., 1.]), -1.0)
    """
    known, count = np.asarray(variance, float), np.asarray(sizes, float)
    is_usable = known > 0
    has_size = count > 0
    needed = ~np.isnan(known) if replace == "all" else known == 0
    problems = [
        Problem(f"area {i}", f"sample size {count[i]:g}", "one above 0 to smooth its variance")
        for i in np.flatnonzero(needed & ~has_size)
    ]
    fit = is_usable & has_size
    if fit.sum() < 3:
        found = f"{fit.sum()} areas with a variance above 0 and a sample size"
        problems.append(Problem("variances", found, "at least 3 to fit a function to"))
    if problems:
        raise MethodError("smoothing the sampling variances", problems)
    log_size, log_variance = np.log(count[fit]), np.log(known[fit])
    centred = log_size - log_size.mean()
    spread = float((centred**2).sum())
    # Where all sizes are equal there is nothing to slope along.
    slope = float((centred * log_variance).sum()) / spread if spread > 0 else 0.0
    intercept = float(log_variance.mean() - slope * log_size.mean())
    raw = np.full(len(known), np.nan)
    raw[has_size] = np.exp(intercept + slope * np.log(count[has_size]))
    correction = float(known[fit].sum() / raw[fit].sum())
    fitted = raw * correction
    return SmoothedVariance(
        variance=np.where(needed, fitted, known),
        fitted=fitted,
        is_replaced=needed,
        intercept=intercept,
        slope=slope,
        correction=correction,
        areas=int(fit.sum()),
    )
