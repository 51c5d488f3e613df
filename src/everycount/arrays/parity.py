"""Parity: how far women and men are from equal, and at what level."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays import moments
from everycount.errors import ColumnError

Array = NDArray[np.float64]


def truncated_ratio(x: ArrayLike, cap: ArrayLike) -> Array:
    """Cut ratios of women to men at parity, so that an advantage of women is not a higher score.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Ratios. NaN is a missing value.
    cap : array_like, shape (n_indicators,)
        Ratio that counts as parity: 1, for births .944 and for healthy life expectancy 1.06.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        Ratios no higher than `cap`. NaN stays NaN.

    Raises
    ------
    ColumnError
        Naming every column with a negative ratio or without a cap.

    References
    ----------
    .. [1] World Economic Forum (2023), Global Gender Gap Report, appendix B, step 2.

    Examples
    --------
    >>> truncated_ratio([[0.8, 0.95], [1.2, 0.9]], [1, 0.944])
    array([[0.8  , 0.944],
           [1.   , 0.9  ]])
    """
    values = np.asarray(x, float)
    parity = np.broadcast_to(np.asarray(cap, float), values.shape[-1:])
    least = moments.lowest(values)
    faults = [(int(j), "no cap", "a ratio") for j in np.flatnonzero(np.isnan(parity))]
    faults += [(int(j), f"{least[j]:g}", "0 or more") for j in np.flatnonzero(least < 0)]
    if faults:
        raise ColumnError(faults)
    return np.asarray(np.minimum(values, parity))


def distance_to_interval(x: ArrayLike, low: ArrayLike, high: ArrayLike) -> Array:
    """Return how far values lie outside an interval, such as a parity band of 47 to 53.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value.
    low, high : array_like, shape (n_indicators,)
        Ends of the interval, in the unit of the indicator. NaN is an open end.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        Distance in the unit of the indicator, 0 inside; less is better. NaN stays NaN.

    Raises
    ------
    ColumnError
        Naming every column whose ends are both open or in the wrong order.

    References
    ----------
    .. [1] Equal Measures 2030 (2019), Harnessing the power of data for gender equality: parity
       is 47 to 53 per cent.

    Examples
    --------
    >>> distance_to_interval([[40], [50], [60]], [47], [53]).ravel()
    array([7., 0., 7.])
    """
    values = np.asarray(x, float)
    start, end = np.asarray(low, float), np.asarray(high, float)
    wrong = np.atleast_1d((start > end) | (np.isnan(start) & np.isnan(end)))
    bad = np.flatnonzero(wrong.reshape(-1, wrong.shape[-1]).any(axis=0))
    if bad.size:
        raise ColumnError((int(j), "no such interval", "low up to high") for j in bad)
    outside = np.fmax(np.fmax(start - values, values - end), 0.0)
    return np.where(np.isnan(values), np.nan, outside)


def correcting_coefficient(level: ArrayLike, *, maximum: ArrayLike) -> Array:
    """Return the coefficient by which a low level of achievement lowers a score for equality.

    Parameters
    ----------
    level : array_like, shape (n_units, n_indicators)
        Level of women and men together, each indicator in its own unit. NaN is a missing value.
    maximum : array_like, shape (n_indicators,)
        Highest level over all units and periods, in the same unit.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        sqrt(level / maximum), from 0 to 1. NaN stays NaN.

    Raises
    ------
    ColumnError
        Naming every column with a negative level, a level above the maximum, or a maximum that
        is missing or not above 0.

    References
    ----------
    .. [1] EIGE (2017), Gender Equality Index 2017: Methodological Report, section 2.2.

    Examples
    --------
    >>> correcting_coefficient([[25, 9]], maximum=[100, 9])
    array([[0.5, 1. ]])
    """
    values = np.asarray(level, float)
    top = np.broadcast_to(np.asarray(maximum, float), values.shape[-1:])
    least, most = moments.lowest(values), moments.highest(values)
    bad = np.flatnonzero(~(top > 0) | (least < 0) | (most > top))
    if bad.size:
        raise ColumnError(
            (int(j), f"levels {least[j]:g} to {most[j]:g}", f"0 to a maximum, found {top[j]:g}")
            for j in bad
        )
    return np.asarray(np.sqrt(values / top))
