"""Importance: how much of the variance of an index goes with one of its parts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.correlate import pearson

Array = NDArray[np.float64]

WIDEST = 4.0  # standard deviations of x; wider is as good as a straight line
STEPS = 15  # bandwidths, each narrower by the square root of 2: down to 0.03 standard deviations
PLACES = 512  # different values of x that are told apart; more are put on so fine a grid
LONELY = 1e-9  # a point that leaves less than this to others says nothing of the bandwidth
SINGULAR = 1e8  # condition number from which on a solution has lost half its digits
FLAT = 1e-9  # variance of x (all of it: 1) near a point below which no slope is told there


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Importance:
    """What single columns explain of the variance of another, shape (p,) each."""

    ratio: Array
    """Correlation ratio, 0 to 1; NaN with fewer than 3 pairs or where something is constant."""
    pearson_squared: Array
    """The same along a straight line."""
    bandwidth: Array
    """In standard deviations of the column; infinite for a straight line."""
    pairs: NDArray[np.int64]
    """Units that have both."""


def importance(x: ArrayLike, y: ArrayLike) -> Importance:
    """Return the share of the variance of y that is that of its mean given x, column by column.

    The mean of y given x is smoothed by straight lines fitted around each value of x, with
    weights of a normal curve. Its bandwidth is the one that predicts each unit best from the
    others (leave-one-out cross-validation), out of 15 between 4 and 0.03 standard deviations of x
    and the one straight line; the widest of equals. Nothing is drawn at random.

    Parameters
    ----------
    x : array_like, shape (n, p)
        Parts of an index, each in its own unit. NaN is a missing value.
    y : array_like, shape (n,)
        The index. Each column of x is compared over the units that have both.

    Returns
    -------
    Importance

    Notes
    -----
    A smooth line through few points follows some of their chance: on fewer than 30 units or so a
    ratio is too high rather than too low. A far outlier in x keeps the bandwidth wide.

    References
    ----------
    .. [1] Paruolo, P., Saisana, M. and Saltelli, A. (2013), Ratings and rankings: voodoo or
       science?, Journal of the Royal Statistical Society A 176(3), 609-634.

    Examples
    --------
    >>> x = np.arange(-10, 11) / 10
    >>> found = importance(np.column_stack([x, x**2]), x**2)
    >>> found.ratio.round(2).tolist(), found.pearson_squared.round(2).tolist()
    ([1.0, 1.0], [0.0, 1.0])
    """
    values, index = np.asarray(x, float), np.asarray(y, float)
    straight = pearson(values, index[:, None])
    squared = straight.r[:, 0] ** 2
    ratio, width = np.full(squared.shape, np.nan), np.full(squared.shape, np.nan)
    for j in np.flatnonzero(~np.isnan(squared)):
        both = ~np.isnan(values[:, j]) & ~np.isnan(index)
        ratio[j], width[j] = _smooth(values[both, j], index[both])
    return Importance(
        ratio=ratio, pearson_squared=squared, bandwidth=width, pairs=straight.pairs[:, 0]
    )


def equalise(correlations: ArrayLike, spread: ArrayLike, target: ArrayLike) -> Array:
    """Return weights of a mean under which the parts' squared correlations with it are as asked.

    The mean of parts x with weights w has correlations R u / sqrt(u' R u) with them, where u is
    the weight times the standard deviation. They are in proportion to the root of the target when
    u solves R u = sqrt(target), which is one equation for each part.

    Parameters
    ----------
    correlations : array_like, shape (k, k)
        Pearson correlations R of the parts.
    spread : array_like, shape (k,)
        Standard deviations of the parts.
    target : array_like, shape (k,)
        Importance each part is to have, 0 or more.

    Returns
    -------
    ndarray, shape (k,)
        Weights adding to 1. All NaN where R is singular (two parts say the same) or has a gap,
        and where a weight would be below 0: then no mean does what is asked.

    References
    ----------
    .. [1] Paruolo, P., Saisana, M. and Saltelli, A. (2013), Ratings and rankings: voodoo or
       science?, Journal of the Royal Statistical Society A 176(3), section 3 (the inverse problem
       for weights).

    Examples
    --------
    >>> equalise([[1, 0.5, 0.5], [0.5, 1, 0], [0.5, 0, 1]], [1, 1, 1], [1, 1, 1]).round(4)
    array([0. , 0.5, 0.5])
    """
    alike, scale = np.asarray(correlations, float), np.asarray(spread, float)
    wanted = np.sqrt(np.asarray(target, float))
    nothing = np.full(scale.shape, np.nan)
    if np.isnan(alike).any() or np.linalg.cond(alike) > SINGULAR:
        return nothing
    found = np.linalg.solve(alike, wanted)
    # Pairwise correlations of figures with gaps may be those of no table at all.
    possible = wanted @ found > 0
    found = np.where(np.abs(found) < 1e-12 * np.abs(found).max(), 0.0, found) / scale
    if (found < 0).any() or not possible:
        return nothing
    return np.asarray(found / found.sum())


def _smooth(x: Array, y: Array) -> tuple[float, float]:
    """Return the correlation ratio and the bandwidth, for columns that vary and have no gap."""
    place, which, count = np.unique(_on_grid(x), return_inverse=True, return_counts=True)
    place = place - float(count @ place) / len(x)
    place /= np.sqrt(float(count @ place**2) / len(x))
    apart = y - y.mean()
    apart /= np.sqrt(float(apart @ apart))  # so that their squares add to 1
    mean = np.bincount(which, weights=apart) / count
    within = np.bincount(which, weights=(apart - mean[which]) ** 2)
    table = _Places(place=place, count=count, mean=mean, within=np.asarray(within, float))
    ratios, errors = _fit(table, _sums(table))
    best = 0  # the widest of those that predict as well
    for at in range(1, len(errors)):
        if errors[at] < errors[best] * (1 - 1e-9) - 1e-15:
            best = at
    width = WIDEST / 2 ** ((best - 1) / 2) if best else np.inf
    return min(max(float(ratios[best]), 0.0), 1.0), width


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Places:
    """The different values of x, and what y has at each: arrays of one shape."""

    place: Array
    count: NDArray[np.int64]
    mean: Array
    within: Array
    """Sum of the squared distances of y from its mean there."""


def _on_grid(x: Array) -> Array:
    """Return x, or where it has too many different values the nearest of evenly spaced ones."""
    if len(x) <= PLACES:
        return x
    return np.asarray(np.round((x - x.min()) / (x.max() - x.min()) * (PLACES - 1)))


def _sums(table: _Places) -> Array:
    """Return weighted sums around each value, for the straight line and each bandwidth.

    Shape (1 + STEPS, values, 5): of 1, x, x squared, y and x y.
    """
    x, y = table.place, table.mean
    columns = np.column_stack([np.ones(len(x)), x, x * x, y, x * y]) * table.count[:, None]
    sums = np.empty((1 + STEPS, *columns.shape))
    sums[0] = columns.sum(axis=0)
    kernel = np.exp(np.subtract.outer(x, x) ** 2 / (-2 * WIDEST**2))
    for step in range(STEPS):
        np.matmul(kernel, columns, out=sums[step + 1])
        kernel *= kernel  # a normal curve that is narrower by the square root of 2
    return sums


def _fit(table: _Places, sums: Array) -> tuple[Array, Array]:
    """Return the variance of the smooth and the squared error of predicting each unit by others.

    For each bandwidth. A straight line around each value: what a unit adds to its own prediction
    (the leverage) tells what the prediction would be without it.
    """
    x, count = table.place, table.count
    total = sums[:, :, 0]
    near, square, mean, product = (sums[:, :, k] / total for k in range(1, 5))
    variance = square - near * near
    varies = variance > FLAT
    inverse = np.where(varies, 1 / np.where(varies, variance, 1.0), 0.0)
    apart = x - near
    smooth = mean + (product - near * mean) * inverse * apart
    alone = 1 - (1 + apart * apart * inverse) / total
    missed = table.within + count * (table.mean - smooth) ** 2
    error = (missed / np.maximum(alone, LONELY) ** 2).sum(axis=1)
    error[alone.min(axis=1) < LONELY] = np.inf
    centre = smooth @ count / count.sum()
    return np.asarray((smooth - centre[:, None]) ** 2 @ count), error
