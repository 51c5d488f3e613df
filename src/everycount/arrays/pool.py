"""Pool: statistics of each column over the rows that count, laid out for every row."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays import moments

Array = NDArray[np.float64]


def pooled(
    values: Array, statistic: Callable[[Array], Array], pool: ArrayLike | None = None
) -> Array:
    """Compute a statistic of each column for each pool, and lay it out row by row.

    Parameters
    ----------
    values : ndarray, shape (n, p)
        Values. What NaN does is up to `statistic`.
    statistic : callable
        From (m, p) to (p,).
    pool : array_like, shape (n,), optional
        Labels or booleans, as in `min_max`.

    Returns
    -------
    ndarray, shape (n, p) with labels, else (1, p)

    Examples
    --------
    >>> from everycount.arrays.moments import highest
    >>> pooled(np.array([[1.0], [3.0], [5.0]]), highest, [2018, 2018, 2019]).ravel()
    array([3., 3., 5.])
    """
    if pool is None:
        return statistic(values)[None, :]
    labels = np.asarray(pool)
    if labels.dtype == bool:
        return statistic(values[labels])[None, :]
    kinds, which = np.unique(labels, return_inverse=True)
    each = [statistic(values[which == i]) for i in range(kinds.size)]
    return np.array(each).reshape(-1, values.shape[1])[which]


def observed(x: ArrayLike, statistic: str, *, pool: ArrayLike | None = None) -> Array:
    """Return goalposts that are read off the data: extremes or percentiles of each column.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value and is left out.
    statistic : str
        "min", "max", or "p" and a percentage, such as "p2.5" (quantiles of type 7, as in R).
    pool : array_like, shape (n_units,), optional
        Labels or booleans, as in `normalise.min_max`.

    Returns
    -------
    ndarray, shape (n_units, n_indicators) with labels, else (n_indicators,)
        In the unit of the indicator. NaN where nothing is known.

    Raises
    ------
    ValueError
        If `statistic` is none of these.

    References
    ----------
    .. [1] Hyndman, R. J. and Fan, Y. (1996), Sample quantiles in statistical packages, The
       American Statistician 50(4), definition 7.
    .. [2] SDSN (2021), Sustainable Development Report, section on method: 2.5th percentile.

    Examples
    --------
    >>> observed([[1], [2], [3], [4]], "p25")
    array([1.75])
    """
    values = np.asarray(x, float)
    share = {"min": "0", "max": "100"}.get(statistic, statistic.removeprefix("p"))
    try:
        level = float(share) / 100
    except ValueError:
        level = np.nan
    if not 0 <= level <= 1:
        raise ValueError(f"statistic: found {statistic!r}, expected min, max or p0 to p100")
    ends = {0.0: moments.lowest, 1.0: moments.highest}  # need no sorting
    each = pooled(values, ends.get(level, lambda part: _quantile(part, level)), pool)
    labelled = pool is not None and np.asarray(pool).dtype != bool
    return each if labelled else each[0]


def _quantile(values: Array, level: float) -> Array:
    """Quantile of type 7 of what is known in each column."""
    count = np.count_nonzero(~np.isnan(values), axis=0)
    padded = np.vstack([values, np.full((1, values.shape[1]), np.nan)])  # never without a row
    ordered = np.sort(padded, axis=0)  # missing values sort last
    place = np.maximum(count - 1, 0) * level
    lower = np.floor(place).astype(int)
    upper = np.minimum(lower + 1, np.maximum(count - 1, 0))
    columns = np.arange(values.shape[1])
    low, high = ordered[lower, columns], ordered[upper, columns]
    return np.asarray(low + (place - lower) * (high - low))
