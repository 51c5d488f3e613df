"""Reliability: whether the parts of a group say the same, and along how many axes they differ."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays import moments
from everycount.arrays.correlate import pearson

Array = NDArray[np.float64]

LEAST = 3  # units; with two every correlation is 1 or -1
NOTHING = 1e-12  # share of the parts' own variance that may be left by rounding alone


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alpha:
    """Cronbach's alpha, from covariances and from correlations, and on how many units."""

    alpha: float
    """At most 1, possibly far below 0; NaN with fewer than two parts or three units."""
    standardised: float
    """As if all parts varied alike; NaN where one does not vary at all."""
    units: int
    """Units without a gap."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Components:
    """The principal components of a correlation matrix, the strongest first."""

    eigenvalues: Array
    """Variance of each component, shape (k,); they add to k."""
    share: Array
    """Of the variance, shape (k,), adding to 1."""
    cumulative: Array
    """Share of the components so far, shape (k,)."""
    loadings: Array
    """Loading of each part (row) on each component (column), shape (k, k); squares of a column
    add to 1. A component has no sign of its own: here its loadings add to 0 or more."""
    units: int
    """Units without a gap."""


def cronbach_alpha(x: ArrayLike, *, use: Literal["complete", "pairwise"] = "complete") -> Alpha:
    """Return how far the parts of a group measure one thing.

    Parameters
    ----------
    x : array_like, shape (n_units, k)
        Scores of the parts, all in one unit and one direction. NaN is a missing value.
    use : {"complete", "pairwise"}
        Take units without a gap only, or for each covariance the units that have both parts (as
        COINr does; the result then belongs to no one set of units).

    Returns
    -------
    Alpha

    References
    ----------
    .. [1] Cronbach, L. J. (1951), Coefficient alpha and the internal structure of tests,
       Psychometrika 16(3), 297-334.
    .. [2] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 4.

    Examples
    --------
    >>> found = cronbach_alpha([[1, 2], [2, 4], [3, 7], [4, 7]])
    >>> round(found.alpha, 4), round(found.standardised, 4), found.units
    (0.878, 0.9737, 4)
    """
    values = np.asarray(x, float)
    complete = values[~np.isnan(values).any(axis=1)]
    chosen = complete if use == "complete" else values
    k = values.shape[1]
    alpha = standardised = np.nan
    if k > 1:
        shared = _covariance(chosen)
        own, total = np.trace(shared), shared.sum()
        alpha = k / (k - 1) * (1 - own / total) if total > NOTHING * own else np.nan
        alike = pearson(chosen).r
        mean = (alike.sum() - np.trace(alike)) / (k * (k - 1))
        below = 1 + (k - 1) * mean
        standardised = k * mean / below if below > NOTHING * k else np.nan
    return Alpha(alpha=float(alpha), standardised=float(standardised), units=len(complete))


def principal_components(x: ArrayLike) -> Components:
    """Return the axes along which standardised parts of a group vary.

    Parameters
    ----------
    x : array_like, shape (n_units, k)
        Scores of the parts. Units with a missing value (NaN) are left out.

    Returns
    -------
    Components
        All NaN with fewer than three units, and where a part does not vary. As of R's
        `prcomp(scale. = TRUE)`, but for signs; with fewer units than parts, the last are 0.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 4.

    Examples
    --------
    >>> found = principal_components([[1, 2], [2, 4], [3, 7], [4, 7]])
    >>> found.eigenvalues.round(4).tolist(), found.loadings.round(4).tolist()
    ([1.9487, 0.0513], [[0.7071, 0.7071], [0.7071, -0.7071]])
    """
    values = np.asarray(x, float)
    complete = values[~np.isnan(values).any(axis=1)]
    k = values.shape[1]
    alike = pearson(complete).r
    if np.isnan(alike).any():
        empty = np.full(k, np.nan)
        nothing = np.full((k, k), np.nan)
        return Components(
            eigenvalues=empty,
            share=empty,
            cumulative=empty,
            loadings=nothing,
            units=len(complete),
        )
    strength, axes = np.linalg.eigh(alike)
    strength, axes = np.maximum(strength[::-1], 0.0), axes[:, ::-1]
    share = strength / strength.sum()
    return Components(
        eigenvalues=strength,
        share=share,
        cumulative=np.cumsum(share),
        loadings=axes * _signs(axes),
        units=len(complete),
    )


def _covariance(values: Array) -> Array:
    """Return covariances over the units that have both; NaN with fewer than three of them."""
    known = np.asarray(~np.isnan(values), float)
    apart = np.nan_to_num(values - moments.mean(values), nan=0.0)
    n = known.T @ known
    shared = apart.T @ apart
    of_own = apart.T @ known  # sums over the units that the other column has too
    enough = n >= LEAST
    result = np.full(n.shape, np.nan)
    np.divide(of_own * of_own.T, n, out=of_own, where=enough)
    np.divide(shared - of_own, n - 1, out=result, where=enough)
    return result


def _signs(axes: Array) -> Array:
    """Return 1 or -1 for each axis, so that its loadings add to 0 or more.

    Where they add to nothing, so that the first that is not 0 is above it.
    """
    total = axes.sum(axis=0)
    first = axes[np.argmax(np.abs(axes) > 1e-9, axis=0), np.arange(axes.shape[1])]
    return np.where(np.where(np.abs(total) < 1e-9, first, total) < 0, -1.0, 1.0)
