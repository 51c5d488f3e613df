"""Ranks: the order of units, the scores that are made of it, and the bands scores fall into."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.pool import pooled

Array = NDArray[np.float64]
Ties = Literal["min", "max", "average", "dense"]


def rank(
    scores: ArrayLike,
    *,
    ties: Ties = "min",
    best: Literal["high", "low"] = "high",
    groups: ArrayLike | None = None,
) -> Array:
    """Rank scores, 1 for the best.

    Parameters
    ----------
    scores : array_like, shape (n,) or (n, p)
        Scores of n units; columns are ranked on their own. NaN is a missing value.
    ties : {"min", "max", "average", "dense"}
        What equal scores share: the smallest, largest or mean of their ranks; or the next
        number without gaps.
    best : {"high", "low"}
        Which end has rank 1.
    groups : array_like of int, shape (n,), optional
        Units are ranked among those of the same group; -1 belongs to no group.

    Returns
    -------
    ndarray, shape of `scores`
        Ranks. NaN where the score is missing or the unit belongs to no group.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5, "Ranking".

    Examples
    --------
    >>> rank([70, 90, np.nan, 70])
    array([ 2.,  1., nan,  2.])
    >>> rank([70, 90, 60, 70], groups=[0, 0, 1, 1], ties="average")
    array([2., 1., 2., 1.])
    """
    values = np.asarray(scores, float)
    table = values[:, None] if values.ndim == 1 else values
    result = np.full(table.shape, np.nan)
    labels = np.zeros(len(table), int) if groups is None else np.asarray(groups)
    for label in np.unique(labels[labels != -1]):
        rows = labels == label
        result[rows] = _rank_columns(table[rows], ties, best)
    return result.reshape(values.shape)


DIGITS = 12
"""Scores that agree in so many digits are equal: sums in another order differ in the 16th."""

SMALLEST = 1e-290
"""Below this, scores cannot be told apart in double precision."""


def comparable(scores: Array, *, axis: int | None = None) -> Array:
    """Round scores so that equal ones are equal, however their sums were made.

    Parameters
    ----------
    scores : ndarray
        NaN is a missing value.
    axis : int, optional
        Along which the greatest score is found; left out: of all.

    Returns
    -------
    ndarray, shape of `scores`
        Whole numbers in the order of the scores: to 12 digits of the greatest. Ranks, not
        differences, are kept.

    Examples
    --------
    >>> comparable(np.array([0.1 + 0.2, 0.3])).tolist()
    [1000000000000.0, 1000000000000.0]
    """
    greatest = np.fmax.reduce(np.abs(scores), axis=axis, initial=0.0, keepdims=True)
    usable = np.where(greatest > 0, np.maximum(greatest, SMALLEST), 1.0)
    return np.asarray(np.rint(scores * (10.0**DIGITS / usable)))


def rank_score(
    x: ArrayLike,
    higher_is_better: ArrayLike,
    *,
    ties: Ties = "min",
    pool: ArrayLike | None = None,
) -> Array:
    """Score values by their place from the worst (1) upwards.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value.
    higher_is_better : array_like of bool, shape (n_indicators,)
        Which end of each indicator is the best.
    ties : {"min", "max", "average", "dense"}
        What equal values share, as in `rank`.
    pool : array_like, shape (n_units,), optional
        Labels, such as periods: units are placed among those with the same label.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        Places; the best has the highest. NaN stays NaN.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5, "Ranking".

    Examples
    --------
    >>> rank_score([[10, 10], [20, 20], [20, 20]], [True, False]).tolist()
    [[1.0, 3.0], [2.0, 1.0], [2.0, 1.0]]
    """
    values, higher = np.asarray(x, float), np.asarray(higher_is_better, bool)
    groups = None if pool is None else np.unique(np.asarray(pool), return_inverse=True)[1]
    higher = np.broadcast_to(higher, values.shape[-1:])
    places = np.empty(values.shape)
    places[:, higher] = rank(values[:, higher], ties=ties, best="low", groups=groups)
    places[:, ~higher] = rank(values[:, ~higher], ties=ties, best="high", groups=groups)
    return places


def borda(x: ArrayLike, higher_is_better: ArrayLike, *, pool: ArrayLike | None = None) -> Array:
    """Score values by the number of units they are better than.

    Parameters, missing values and reference are those of `rank_score`; ties share the lowest.

    Examples
    --------
    >>> borda([[10], [20], [20]], [True]).ravel()
    array([0., 1., 1.])
    """
    return rank_score(x, higher_is_better, pool=pool) - 1


def percentile_rank(
    x: ArrayLike, higher_is_better: ArrayLike, *, pool: ArrayLike | None = None
) -> Array:
    """Score values by the share of the other units they are better than, from 0 to 1.

    Parameters, missing values and reference are those of `rank_score`; ties share the lowest. A
    value that is the only one of its column (and label) has nothing to be compared with: NaN.

    Examples
    --------
    >>> percentile_rank([[10], [20], [40]], [True]).ravel()
    array([0. , 0.5, 1. ])
    """
    values = np.asarray(x, float)
    others = pooled(np.asarray(~np.isnan(values), float), _total, pool) - 1
    share = np.full(values.shape, np.nan)
    below = borda(values, higher_is_better, pool=pool)
    np.divide(below, others, out=share, where=(others > 0) & ~np.isnan(below))
    return share


def _total(values: Array) -> Array:
    return np.asarray(values.sum(axis=0))


def _rank_columns(values: Array, ties: Ties, best: Literal["high", "low"]) -> Array:
    """Rank each column by one sort; missing values sort last and get NaN."""
    n = len(values)
    up = values.T if best == "low" else np.negative(values.T)  # a sort key, not a value
    order = np.argsort(up, axis=1)
    ordered = np.take_along_axis(up, order, axis=1)
    starts = np.ones(ordered.shape, bool)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    if ties == "dense":
        places = np.cumsum(starts, axis=1).astype(float)
    else:
        places = _tied_places(starts, n, ties)
    result = np.empty(up.shape)
    np.put_along_axis(result, order, places, axis=1)
    return np.where(np.isnan(values), np.nan, result.T)


def _tied_places(starts: NDArray[np.bool_], n: int, ties: Ties) -> Array:
    """First, last or mean place of each run of equal values."""
    place = np.arange(1, n + 1)
    first = np.maximum.accumulate(np.where(starts, place, 0), axis=1)
    if ties == "min":
        return first.astype(float)
    ends = np.ones(starts.shape, bool)
    ends[:, :-1] = starts[:, 1:]
    last = np.minimum.accumulate(np.where(ends, place, n + 1)[:, ::-1], axis=1)[:, ::-1]
    return last.astype(float) if ties == "max" else (first + last) / 2
