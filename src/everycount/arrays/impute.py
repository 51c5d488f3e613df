"""Impute: fill missing values from other units, other indicators or other periods."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def fill_mean(
    x: ArrayLike, groups: ArrayLike | None = None, weights: ArrayLike | None = None
) -> Array:
    """Fill each column with the mean of what is known in it, or known in the unit's group.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value.
    groups : array_like of int, shape (n_units,), optional
        Group of each unit; -1 belongs to none and is neither filled nor used.
    weights : array_like, shape (n_units,), optional
        Weight of each unit in the mean, such as population; a unit whose weight is missing does
        not count.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        A copy; what was known is as it was. NaN stays where the group knows nothing.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3,
       "Unconditional mean imputation".

    Examples
    --------
    >>> fill_mean([[1, 5], [3, np.nan], [np.nan, np.nan]])
    array([[1., 5.],
           [3., 5.],
           [2., 5.]])
    """
    values = np.asarray(x, float)
    share = np.ones(len(values)) if weights is None else np.asarray(weights, float)
    share = np.where(np.isnan(share), 0.0, share)
    filled = values.copy()
    for rows in _members(groups, len(values)):
        part, weight = values[rows], share[rows]
        known = ~np.isnan(part)
        total = weight @ known
        centre = np.full(part.shape[1], np.nan)
        np.divide(weight @ np.where(known, part, 0.0), total, out=centre, where=total > 0)
        filled[rows] = np.where(known, part, centre)
    return filled


def fill_median(x: ArrayLike, groups: ArrayLike | None = None) -> Array:
    """Fill each column with the median of what is known in it, or known in the unit's group.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value.
    groups : array_like of int, shape (n_units,), optional
        Group of each unit; -1 belongs to none and is neither filled nor used.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        A copy; what was known is as it was. NaN stays where the group knows nothing.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3.

    Examples
    --------
    >>> fill_median([[1], [3], [50], [np.nan]]).ravel()
    array([ 1.,  3., 50.,  3.])
    """
    values = np.asarray(x, float)
    filled = values.copy()
    for rows in _members(groups, len(values)):
        part = values[rows]
        known = ~np.isnan(part)
        count = known.sum(axis=0)
        ordered = np.sort(part, axis=0)  # missing values sort last
        lower, upper = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, len(part) - 1)
        columns = np.arange(part.shape[1])
        middle = (ordered[lower, columns] + ordered[upper, columns]) / 2
        filled[rows] = np.where(known, part, middle)
    return filled


def fill_from_siblings(x: ArrayLike, branches: ArrayLike) -> Array:
    """Fill each unit's gaps with the mean of its other indicators of the same branch.

    Values must be on one scale, so normalise first. A mean over a branch filled in this way is
    the mean of what was known.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Normalised values. NaN is a missing value.
    branches : array_like of int, shape (n_indicators,)
        Branch of the tree each indicator belongs to; -1 belongs to none and is left as it is.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        A copy; what was known is as it was. NaN stays where the unit knows nothing of the branch.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3; leaving
       out a missing part of a mean is the same as this ("shadow imputation").

    Examples
    --------
    >>> fill_from_siblings([[10, np.nan, 30, 90]], [0, 0, 0, 1])
    array([[10., 20., 30., 90.]])
    """
    return fill_mean(np.asarray(x, float).T, branches).T


def last_observed(
    x: ArrayLike, units: ArrayLike, periods: ArrayLike, *, limit: float | None = None
) -> Array:
    """Carry each unit's last known value forward.

    Parameters
    ----------
    x : array_like, shape (n, n_indicators)
        One row for each unit and period, in any order. NaN is a missing value.
    units : array_like of int, shape (n,)
        Unit of each row.
    periods : array_like, shape (n,)
        Period of each row, usually a year.
    limit : float, optional
        A value is carried no further than this many periods. Without it, as far as need be.

    Returns
    -------
    ndarray, shape (n, n_indicators)
        A copy; what was known is as it was. NaN stays where nothing (near enough) is known before.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3,
       "cold deck imputation".

    Examples
    --------
    >>> last_observed([[5], [np.nan], [7]], [0, 0, 1], [2018, 2019, 2019]).ravel()
    array([5., 5., 7.])
    """
    values, when, order, start = _along_time(x, units, periods)
    filled = values.copy()
    before = _nearest_before(values[order], start)
    donor = np.where(before < 0, 0, before)
    age = when[order][:, None] - when[order][donor]
    usable = before >= 0
    if limit is not None:
        usable &= age <= limit
    carried = np.take_along_axis(values[order], donor, axis=0)
    filled[order] = np.where(usable, carried, values[order])
    return filled


def linear(
    x: ArrayLike,
    units: ArrayLike,
    periods: ArrayLike,
    *,
    edges: Literal["keep", "constant"] = "keep",
) -> Array:
    """Fill each unit's gaps on the straight line in time between the values around them.

    Parameters
    ----------
    x : array_like, shape (n, n_indicators)
        One row for each unit and period, in any order. NaN is a missing value.
    units : array_like of int, shape (n,)
        Unit of each row.
    periods : array_like, shape (n,)
        Period of each row, usually a year; need not be evenly spaced.
    edges : {"keep", "constant"}
        What to do before the first and after the last known value: keep the gap, or take the
        nearest value.

    Returns
    -------
    ndarray, shape (n, n_indicators)
        A copy; what was known is as it was. NaN stays where a unit knows nothing at all.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3.

    Examples
    --------
    >>> linear([[5], [np.nan], [8], [np.nan]], [0] * 4, [2015, 2016, 2018, 2019]).ravel()
    array([ 5.,  6.,  8., nan])
    """
    values, when, order, start = _along_time(x, units, periods)
    ordered, time = values[order], when[order]
    before = _nearest_before(ordered, start)
    mirrored = np.append(start[1:], True)[::-1]
    after = len(time) - 1 - _nearest_before(ordered[::-1], mirrored)[::-1]
    has_before, has_after = before >= 0, after < len(time)
    early, late = np.where(has_before, before, 0), np.where(has_after, after, 0)
    left = np.take_along_axis(ordered, early, axis=0)
    right = np.take_along_axis(ordered, late, axis=0)
    gap = time[late] - time[early]
    share = np.zeros(ordered.shape)
    between = has_before & has_after & (gap > 0)
    np.divide(time[:, None] - time[early], gap, out=share, where=between)
    guess = np.where(between, left + share * (right - left), np.nan)
    if edges == "constant":
        guess = np.where(has_before & ~has_after, left, guess)
        guess = np.where(has_after & ~has_before, right, guess)
    filled = values.copy()
    filled[order] = np.where(np.isnan(ordered), guess, ordered)
    return filled


def _members(groups: ArrayLike | None, n: int) -> list[NDArray[np.int64]]:
    """Row numbers of each group."""
    if groups is None:
        return [np.arange(n)] if n else []
    labels = np.asarray(groups)
    return [np.flatnonzero(labels == label) for label in np.unique(labels[labels != -1])]


def _along_time(
    x: ArrayLike, units: ArrayLike, periods: ArrayLike
) -> tuple[Array, Array, NDArray[np.int64], NDArray[np.bool_]]:
    """Values, periods, the order by unit then period, and which ordered rows start a unit."""
    when, who = np.asarray(periods, float), np.asarray(units)
    order = np.lexsort((when, who))
    start = np.ones(len(who), bool)
    start[1:] = who[order][1:] != who[order][:-1]
    return np.asarray(x, float), when, order.astype(np.int64), start


def _nearest_before(values: Array, start: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Row of the nearest known value at or above each cell within the unit; -1 if none."""
    row = np.arange(len(values))
    known = np.where(np.isnan(values), -1, row[:, None])
    latest = np.maximum.accumulate(known, axis=0)
    first = np.maximum.accumulate(np.where(start, row, 0))
    return np.where(latest >= first[:, None], latest, -1).astype(np.int64)
