"""Expectation-maximisation: fill gaps with what a multivariate normal expects in them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays import moments
from everycount.errors import ColumnError

Array = NDArray[np.float64]

RIDGE = 1e-9  # added to the unit variances, so that collinear indicators can be solved for


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Completed:
    """Values without gaps, and how the search for them ended."""

    values: Array
    mean: Array
    covariance: Array
    rounds: int
    converged: bool


def expectation_maximisation(
    x: ArrayLike, *, tolerance: float = 1e-6, iterations: int = 500
) -> Completed:
    """Fill gaps with their expectation under a multivariate normal fitted to the known values.

    The estimates are those of maximum likelihood if values are missing at random; the filled
    cells have no noise, so variances computed from them are too small. Units about which
    nothing is known get the means. The same values give the same result: nothing is drawn.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value, in any pattern.
    tolerance : float
        Stop when no mean or covariance moves by more than this, in standard deviations.
    iterations : int
        Stop after this many rounds, converged or not.

    Returns
    -------
    Completed
        Filled values (n_units, n_indicators), mean (n_indicators,) and covariance
        (n_indicators, n_indicators) with divisor n, rounds used, and whether they converged.

    Raises
    ------
    ColumnError
        Naming every column without a value.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3,
       "Expected maximisation imputation".
    .. [2] Little, R. J. A. and Rubin, D. B. (2002), Statistical Analysis with Missing Data, 2nd
       edition, section 11.2.

    Examples
    --------
    >>> result = expectation_maximisation([[1, 2], [2, 4], [3, 6], [4, np.nan]])
    >>> result.values[3].round(3), result.converged
    (array([4., 8.]), True)
    """
    values = np.asarray(x, float)
    empty = np.flatnonzero(np.isnan(values).all(axis=0))
    if empty.size:
        raise ColumnError((int(j), "no value", "at least one") for j in empty)
    centre, spread = moments.mean(values), moments.standard_deviation(values)
    spread = np.where(spread > 0, spread, 1.0)  # also where a single value has none
    scores = (values - centre) / spread
    patterns = _patterns(np.isnan(scores))
    mu = np.zeros(scores.shape[1])
    sigma = np.eye(scores.shape[1])
    rounds, moved = 0, np.inf
    while moved > tolerance and rounds < iterations:
        filled, uncertainty = _expect(scores, patterns, mu, sigma)
        new_mu = filled.mean(axis=0)
        apart = filled - new_mu
        new_sigma = (apart.T @ apart + uncertainty) / len(scores)
        moved = max(np.abs(new_mu - mu).max(), np.abs(new_sigma - sigma).max())
        mu, sigma, rounds = new_mu, new_sigma, rounds + 1
    filled, _ = _expect(scores, patterns, mu, sigma)
    return Completed(
        values=np.where(np.isnan(values), filled * spread + centre, values),
        mean=mu * spread + centre,
        covariance=sigma * np.outer(spread, spread),
        rounds=rounds,
        converged=bool(moved <= tolerance),
    )


def _patterns(gaps: NDArray[np.bool_]) -> list[tuple[NDArray[np.bool_], NDArray[np.int64]]]:
    """Each pattern of gaps that occurs, with the rows that have it."""
    kinds, which = np.unique(gaps, axis=0, return_inverse=True)
    return [(kind, np.flatnonzero(which.ravel() == i)) for i, kind in enumerate(kinds)]


def _expect(
    scores: Array,
    patterns: list[tuple[NDArray[np.bool_], NDArray[np.int64]]],
    mu: Array,
    sigma: Array,
) -> tuple[Array, Array]:
    """Return filled scores, and the summed conditional covariance of what was filled."""
    filled = scores.copy()
    uncertainty = np.zeros_like(sigma)
    for gap, rows in patterns:
        if not gap.any():
            continue
        known = sigma[np.ix_(~gap, ~gap)]
        across = sigma[np.ix_(~gap, gap)]
        slopes = np.linalg.solve(known + RIDGE * np.eye(len(known)), across)
        filled[np.ix_(rows, gap)] = mu[gap] + (scores[np.ix_(rows, ~gap)] - mu[~gap]) @ slopes
        rest = sigma[np.ix_(gap, gap)] - across.T @ slopes
        uncertainty[np.ix_(gap, gap)] += len(rows) * rest
    return filled, uncertainty
