"""Normalise: put indicators measured in different units on one scale."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays import moments
from everycount.arrays.pool import pooled
from everycount.errors import ColumnError

Array = NDArray[np.float64]
Clip = Literal["both", "none", "best", "worst"]


def goalposts(
    x: ArrayLike,
    worst: ArrayLike,
    best: ArrayLike,
    *,
    scale: tuple[float, float] = (0.0, 100.0),
    clip: Clip = "both",
) -> Array:
    """Score values by how far they lie from the worst towards the best.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value.
    worst : array_like, shape (2, n_indicators) or (2, n_units, n_indicators)
        Values that score `scale[0]`: below the best, and above it. NaN where an indicator has
        none on that side; beyond the best it is then never too far. `one_sided` makes the pair.
    best : array_like, of the same shapes
        Lowest and highest value that score `scale[1]`; equal for a single best value.
    scale : tuple of float
        Scores at worst and at best.
    clip : {"both", "none", "best", "worst"}
        Where scores end: at both scores of `scale`, at none, at one. Not clipped, they go on
        along the straight line; inside and beyond an interval of two sides they cannot.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        Scores on `scale`. NaN stays NaN.

    Raises
    ------
    ColumnError
        Naming every column whose goalposts are missing, equal or in the wrong order. A goalpost
        given for each unit may be missing where the value is.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.

    Examples
    --------
    >>> worst, best = one_sided([840, 20], [0, 100])
    >>> goalposts([[210, 90], [np.nan, 40]], worst, best)
    array([[75. , 87.5],
           [ nan, 25. ]])
    >>> goalposts([[40], [50], [65]], worst=[[27], [73]], best=[[47], [53]]).ravel()
    array([ 65., 100.,  40.])
    """
    values = np.asarray(x, float)
    below, above = np.asarray(worst, float)
    low, high = np.asarray(best, float)
    _check_goalposts(values, (below, above), (low, high))
    # A side without a goalpost is beyond the best: the line of the other side goes on upwards.
    down, up = low - below, above - high
    down, up = np.where(np.isnan(down), -up, down), np.where(np.isnan(up), -down, up)
    outside = np.where(values < low, (low - values) / down, 0.0)
    share = 1.0 - np.where(values > high, (values - high) / up, outside)
    if clip != "none":
        floor = -np.inf if clip == "best" else 0.0
        ceiling = np.inf if clip == "worst" else 1.0
        share = np.clip(share, floor, ceiling)
    share = np.where(np.isnan(values), np.nan, share)
    return np.asarray(scale[0] + share * (scale[1] - scale[0]))


def one_sided(worst: ArrayLike, best: ArrayLike) -> tuple[Array, Array]:
    """Return the pairs that `goalposts` takes, for indicators with one worst and one best value.

    Parameters
    ----------
    worst, best : array_like, shape (n_indicators,) or (n_units, n_indicators)
        Goalposts, each in the unit of its indicator. Where less is better, ``worst > best``.

    Returns
    -------
    tuple of ndarray, each of shape (2, ...)
        `worst` on the side where it lies, NaN on the other; `best` twice.

    Examples
    --------
    >>> one_sided([840, 20], [0, 100])[0]
    array([[ nan,  20.],
           [840.,  nan]])
    """
    bad, good = np.asarray(worst, float), np.asarray(best, float)
    above = bad > good
    sides = np.stack([np.where(above, np.nan, bad), np.where(above, bad, np.nan)])
    return sides, np.stack([good, good])


def min_max(
    x: ArrayLike,
    higher_is_better: ArrayLike,
    *,
    scale: tuple[float, float] = (0.0, 100.0),
    pool: ArrayLike | None = None,
) -> Array:
    """Score values by how far they lie from the worst value seen towards the best.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value.
    higher_is_better : array_like of bool, shape (n_indicators,)
        Which end of each indicator is the best.
    scale : tuple of float
        Scores at worst and at best.
    pool : array_like, shape (n_units,), optional
        Labels, such as periods: the extremes are those of the rows with the same label. Or
        booleans: the extremes are those of the rows that are True. Left out: of all rows.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        Scores on `scale`; outside it only where `pool` left the row out. NaN stays NaN.

    Raises
    ------
    ColumnError
        Naming every column that is constant (within a label).

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5, "Min-Max".

    Examples
    --------
    >>> min_max([[1, 8], [2, 6], [5, 4]], [True, False])
    array([[  0.,   0.],
           [ 25.,  50.],
           [100., 100.]])
    """
    values, higher = np.asarray(x, float), np.asarray(higher_is_better, bool)
    low, high = pooled(values, moments.lowest, pool), pooled(values, moments.highest, pool)
    _check_spread(low, high)
    worst, best = np.where(higher, low, high), np.where(higher, high, low)
    return np.asarray(scale[0] + (values - worst) / (best - worst) * (scale[1] - scale[0]))


def z_score(
    x: ArrayLike,
    higher_is_better: ArrayLike,
    *,
    mean: float = 0.0,
    sd: float = 1.0,
    pool: ArrayLike | None = None,
) -> Array:
    """Score values by their distance from the mean in (sample) standard deviations.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value.
    higher_is_better : array_like of bool, shape (n_indicators,)
        Whether values above the mean score above the mean.
    mean, sd : float
        Mean and standard deviation to give to the scores.
    pool : array_like, shape (n_units,), optional
        Rows that mean and standard deviation come from, as in `min_max`.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        Scores. NaN stays NaN.

    Raises
    ------
    ColumnError
        Naming every column that is constant (within a label).

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5,
       "Standardization (or z-scores)".

    Examples
    --------
    >>> z_score([[1, 1], [2, 2], [3, 3]], [True, False]).tolist()
    [[-1.0, 1.0], [0.0, 0.0], [1.0, -1.0]]
    """
    values, higher = np.asarray(x, float), np.asarray(higher_is_better, bool)
    _check_spread(pooled(values, moments.lowest, pool), pooled(values, moments.highest, pool))
    centre = pooled(values, moments.mean, pool)
    spread = pooled(values, moments.standard_deviation, pool)
    better = np.where(higher, values - centre, centre - values)
    return np.asarray(mean + better / spread * sd)


def distance_to_maximum(
    x: ArrayLike, higher_is_better: ArrayLike, *, pool: ArrayLike | None = None
) -> Array:
    """Score values from 0 for the worst seen to 1 for the best, 1 - (max - x) / (max - min).

    Parameters, missing values, faults and reference are those of `min_max`.

    Examples
    --------
    >>> distance_to_maximum([[1], [2], [5]], [True]).ravel()
    array([0.  , 0.25, 1.  ])
    """
    return min_max(x, higher_is_better, scale=(0.0, 1.0), pool=pool)


def distance_to_reference(
    x: ArrayLike,
    reference: ArrayLike,
    higher_is_better: ArrayLike,
    *,
    clip: Clip = "best",
    pool: ArrayLike | None = None,
) -> Array:
    """Score values from 0 for the worst seen to 1 for a reference: a unit's values, or targets.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value.
    reference : array_like, shape (n_indicators,) or (n_units, n_indicators)
        Values that score 1.
    higher_is_better : array_like of bool, shape (n_indicators,)
        Which end of each indicator is the best.
    clip : {"best", "none", "worst", "both"}
        Whether a value better than the reference scores 1 or more than 1.
    pool : array_like, shape (n_units,), optional
        Rows that the worst value comes from, as in `min_max`.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        Scores. NaN stays NaN.

    Raises
    ------
    ColumnError
        Naming every column whose reference is missing, or no better than the worst value seen.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5,
       "Distance to a reference".

    Examples
    --------
    >>> distance_to_reference([[1], [2], [5]], [3], [True]).ravel()
    array([0. , 0.5, 1. ])
    """
    values, higher = np.asarray(x, float), np.asarray(higher_is_better, bool)
    target = np.asarray(reference, float)
    low, high = pooled(values, moments.lowest, pool), pooled(values, moments.highest, pool)
    worst = np.where(higher, low, high)
    wrong = ~np.where(higher, target > worst, target < worst) & ~np.isnan(values)
    first = wrong.argmax(axis=0)
    seen, asked = np.broadcast_to(worst, wrong.shape), np.broadcast_to(target, wrong.shape)
    faults = [
        (int(j), f"{asked[first[j], j]:g}", f"a reference better than {seen[first[j], j]:g}")
        for j in np.flatnonzero(wrong.any(axis=0))
    ]
    if faults:
        raise ColumnError(faults)
    return goalposts(values, *one_sided(worst, asked), scale=(0.0, 1.0), clip=clip)


def fraction_of_maximum(
    x: ArrayLike, higher_is_better: ArrayLike, *, pool: ArrayLike | None = None
) -> Array:
    """Score values as a fraction of the best seen: x / max, or min / x where less is better.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values with a true zero, each indicator in its own unit. NaN is a missing value.
    higher_is_better : array_like of bool, shape (n_indicators,)
        Which end of each indicator is the best.
    pool : array_like, shape (n_units,), optional
        Rows that the best value comes from, as in `min_max`.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        Fractions from 0 to 1. NaN stays NaN.

    Raises
    ------
    ColumnError
        Naming every column with a negative value, with nothing above 0, or, where less is better,
        with a 0.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5,
       "Distance to a reference".

    Examples
    --------
    >>> fraction_of_maximum([[1, 1], [2, 2], [4, 4]], [True, False]).tolist()
    [[0.25, 1.0], [0.5, 0.5], [1.0, 0.25]]
    """
    values, higher = np.asarray(x, float), np.asarray(higher_is_better, bool)
    low, high = pooled(values, moments.lowest, pool), pooled(values, moments.highest, pool)
    least = moments.lowest(values)
    flat = np.flatnonzero((least < 0) | np.any(np.where(higher, high, low) <= 0, axis=0))
    zero = np.flatnonzero(~higher & (least == 0))
    bad = np.union1d(flat, zero)
    if bad.size:
        raise ColumnError((int(j), f"{least[j]:g}", "values above 0") for j in bad)
    return np.where(higher, values / high, low / np.where(higher, np.nan, values))


def _check_spread(low: Array, high: Array) -> None:
    """Refuse columns that are constant in some pool."""
    flat = low == high
    columns = np.flatnonzero(flat.any(axis=0))
    if columns.size:
        value = low[flat.argmax(axis=0), np.arange(low.shape[1])]
        raise ColumnError(
            (int(j), f"the constant {value[j]:g}", "values that differ") for j in columns
        )


def _check_goalposts(values: Array, worst: tuple[Array, Array], best: tuple[Array, Array]) -> None:
    """Refuse columns whose goalposts are missing, equal or in the wrong order."""
    below, above, low, high = np.broadcast_arrays(*worst, *best)
    right = np.isfinite(high - low) & (low <= high)
    right &= (below < low) | np.isnan(below)
    right &= (above > high) | np.isnan(above)
    right &= ~(np.isnan(below) & np.isnan(above))
    rows = np.atleast_2d(right if right.ndim < 2 else right | np.isnan(values))
    bad = np.flatnonzero(~rows.all(axis=0))
    if not bad.size:
        return
    posts = np.stack([below, above, low, high]).reshape(4, -1, rows.shape[1])
    posts = np.broadcast_to(posts, (4, *rows.shape))
    found = posts[:, (~rows).argmax(axis=0), np.arange(rows.shape[1])]
    raise ColumnError(
        (
            int(j),
            "worst {:g} below and {:g} above, best {:g} to {:g}".format(*found[:, j]),
            "a worst value on one side of the best, or on both",
        )
        for j in bad
    )
