"""Project: carry a trend to a target year, and say whether it gets there."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.errors import ColumnError

Array = NDArray[np.float64]

# Per cent of the way left that still counts as met. ESCAP's limit as we know it (maintain up to
# 10, accelerate up to 100, reverse above); the annex itself was not at hand to check it against.
NEAR = 10.0
STANDSTILL = 100.0  # per cent: all of the way is left


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """Change for each period (per cent, if compound) and value in the target year, both (n,)."""

    change: Array
    value: Array


def project(
    values: ArrayLike, periods: ArrayLike, to: float, *, method: Literal["linear", "compound"]
) -> Projection:
    """Carry each series forward from its last known value.

    Parameters
    ----------
    values : array_like, shape (n, n_periods)
        One series a row. NaN is a missing value and is left out.
    periods : array_like, shape (n_periods,)
        Periods, such as years, rising.
    to : float
        Period to project to.
    method : {"linear", "compound"}
        Go on by the slope of the least-squares line through all known values; or grow at the
        annual rate between the first and the last known value.

    Returns
    -------
    Projection
        Annual change, in the unit of the values or in per cent, and projected values, which may
        leave the range of the indicator. NaN with fewer than two known values.

    Raises
    ------
    ColumnError
        For "compound", naming every period with a value of 0 or less.
    ValueError
        If periods do not rise.

    References
    ----------
    .. [1] ESCAP, Asia and the Pacific SDG Progress Report, technical annex. ESCAP weights recent
       years more in its line; its weights are not reproduced here.

    Examples
    --------
    >>> project([[10, 12, 14]], [2015, 2017, 2019], 2030, method="linear").value
    array([25.])
    >>> project([[100, 121]], [2018, 2020], 2021, method="compound").value.round(6)
    array([133.1])
    """
    table, when = _series(values, periods)
    first, last = _ends(table)
    row = np.arange(len(table))
    if method == "compound":
        change = compound_growth(table, when) * 100
        growth = (1 + change / 100) ** (to - when[last])
        value = np.where(np.isnan(change), np.nan, table[row, last] * growth)
        return Projection(change=change, value=value)
    slope = np.where(first < last, _line(table, when)[0], np.nan)
    return Projection(change=slope, value=table[row, last] + slope * (to - when[last]))


def compound_growth(values: ArrayLike, periods: ArrayLike) -> Array:
    """Return the compound annual growth rate between the first and the last known value.

    Parameters
    ----------
    values : array_like, shape (n, n_periods)
        One series a row, values above 0. NaN is a missing value and is left out.
    periods : array_like, shape (n_periods,)
        Years, rising.

    Returns
    -------
    ndarray, shape (n,)
        Growth a year, .01 for one per cent. NaN with fewer than two known values.

    Raises
    ------
    ColumnError
        Naming every period with a value of 0 or less.
    ValueError
        If periods do not rise.

    References
    ----------
    .. [1] Becker, W. et al. (2022), COINr, Journal of Open Source Software 7(78), 4567: CAGR.

    Examples
    --------
    >>> compound_growth([[100, np.nan, 121]], [2018, 2019, 2020]).round(6)
    array([0.1])
    """
    table, when = _series(values, periods)
    lowest = np.fmin.reduce(table, axis=0, initial=np.nan)
    bad = np.flatnonzero(lowest <= 0)
    if bad.size:
        raise ColumnError((int(j), f"{lowest[j]:g}", "values above 0") for j in bad)
    first, last = _ends(table)
    row = np.arange(len(table))
    several = first < last
    span = np.where(several, when[last] - when[first], 1.0)
    growth = (table[row, last] / table[row, first]) ** (1 / span) - 1
    return np.where(several, growth, np.nan)


def current_status(now: ArrayLike, base: ArrayLike) -> Array:
    """Return how much of the way from the base year to the target has been made (0 to 10).

    Parameters
    ----------
    now, base : array_like, of one shape
        Distance to the target (`parity.distance_to_interval`) in the current and the base year;
        0 is met. NaN is a missing value.

    Returns
    -------
    ndarray, of the same shape
        Current Status Index: 10 where the target is met, 0 without progress, below 0 where the
        distance has grown. NaN where a value is missing, or the target was met and is no longer.

    References
    ----------
    .. [1] ESCAP, Asia and the Pacific SDG Progress Report, technical annex, "Current Status Index".
       With distances the forms for rising, falling and parity indicators are one.

    Examples
    --------
    >>> current_status([10, 0, 30], [20, 20, 20])
    array([ 5., 10., -5.])
    """
    left, way = np.asarray(now, float), np.asarray(base, float)
    return 10.0 - _share(left, way) * 10.0


def anticipated_progress(predicted: ArrayLike, base: ArrayLike) -> Array:
    """Return the share of the way from the base year to the target that will be left, in per cent.

    Parameters
    ----------
    predicted, base : array_like, of one shape
        Distance to the target as projected for the target year, and in the base year; 0 is met.
        NaN is a missing value.

    Returns
    -------
    ndarray, of the same shape
        Anticipated Progress Index (the progress gap): 0 where the target will be met, 100 for a
        standstill, more where the distance grows. NaN as for `current_status`.

    References
    ----------
    .. [1] ESCAP, Asia and the Pacific SDG Progress Report, technical annex, "Anticipated Progress
       Index".
    .. [2] UNECE (2023), SDG progress assessment, technical notes: the gap that is anticipated over
       the progress that was required.

    Examples
    --------
    >>> anticipated_progress([0, 5, 30], [20, 20, 20])
    array([  0.,  25., 150.])
    """
    return 100.0 * _share(np.asarray(predicted, float), np.asarray(base, float))


def classify(predicted: ArrayLike, base: ArrayLike, *, near: float = NEAR) -> NDArray[np.str_]:
    """Say whether a series is on track, too slow or moving away.

    Parameters
    ----------
    predicted, base : array_like, of one shape
        Distances to the target, as for `anticipated_progress`.
    near : float
        Per cent of the way that may be left by the target year.

    Returns
    -------
    ndarray of str, of the same shape
        "on track", "too slow" or "moving away"; "" where a value is missing.

    References
    ----------
    .. [1] ESCAP, Asia and the Pacific SDG Progress Report, technical annex: maintain, accelerate,
       reverse. The limits of 10 and 100 per cent are this project's reading of the three classes.

    Examples
    --------
    >>> classify([0, 5, 30, np.nan], [20, 20, 20, 20]).tolist()
    ['on track', 'too slow', 'moving away', '']
    """
    left, way = np.asarray(predicted, float), np.asarray(base, float)
    unknown = np.isnan(left) | np.isnan(way)
    met = (left == 0) | (left * 100 <= near * way)
    away = left * 100 > STANDSTILL * way
    return np.select([unknown, met, away], ["", "on track", "moving away"], "too slow")


def _share(left: Array, way: Array) -> Array:
    """Share of the way that is left: 0 if met, NaN if there was no way to go."""
    share = np.full(np.broadcast_shapes(left.shape, way.shape), np.nan)
    np.divide(left, way, out=share, where=way > 0)
    return np.where((left == 0) & ~np.isnan(way), 0.0, share)


def _series(values: ArrayLike, periods: ArrayLike) -> tuple[Array, Array]:
    """Return both as arrays; refuse periods that do not rise."""
    when = np.asarray(periods, float)
    if not np.all(np.diff(when) > 0):
        raise ValueError(f"periods must rise, found {when.tolist()}")
    return np.asarray(values, float), when


def _ends(table: Array) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions of the first and last known value of each row (0 and the last, if none is)."""
    known = ~np.isnan(table)
    first = known.argmax(axis=1)
    last = table.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    return first.astype(np.int64), np.where(known.any(axis=1), last, 0).astype(np.int64)


def _line(table: Array, when: Array) -> tuple[Array, Array, Array]:
    """Slope of the least-squares line, its value at the mean period, and the mean period."""
    known = ~np.isnan(table)
    count = np.maximum(known.sum(axis=1), 1)
    centre = known @ when / count
    level = np.where(known, table, 0.0).sum(axis=1) / count
    apart = np.where(known, when - centre[:, None], 0.0)
    spread = (apart**2).sum(axis=1)
    rise = (apart * np.where(known, table - level[:, None], 0.0)).sum(axis=1)
    slope = np.full(len(table), np.nan)
    np.divide(rise, spread, out=slope, where=spread > 0)
    return slope, level, centre
