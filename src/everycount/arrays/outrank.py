"""Outrank: score units by how many others they beat, child by child, without compensation."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.aggregate import Missing, share_present

Array = NDArray[np.float64]

CELLS = 4_000_000  # comparisons held at a time, so that memory does not grow with units squared
ROUNDING = 1e-12  # of all weight: wins and losses closer than this are a tie


def copeland(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "renormalise",
    least: float = 0.0,
) -> Array:
    """Score units by the number of units they outrank, less the number that outrank them.

    One unit outranks another if it is better in more than half of the weight of the children
    that both have.

    Parameters
    ----------
    values : array_like, shape (n_units, n_children)
        Scores of the children, higher better. NaN is a missing child.
    weights : array_like, shape (n_children,), optional
        Relative weights; equal, if left out.
    missing : {"renormalise", "propagate"}
        Whether a duel is over the children that both have, or units with a missing child take
        no part.
    least : float
        Share (0 to 1) of the children, by number, below which a unit takes no part.

    Returns
    -------
    ndarray, shape (n_units,)
        From -(n - 1) to n - 1. NaN for units that take no part.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6,
       "Non-compensatory multi-criteria approach (MCA)".
    .. [2] Becker, W. et al. (2022), COINr, Journal of Open Source Software 7(78), 4567.

    Examples
    --------
    >>> copeland([[3, 3], [2, 2], [1, 2]])
    array([ 2.,  0., -2.])
    """
    table = np.asarray(values, float)
    weight = np.ones(table.shape[1]) if weights is None else np.asarray(weights, float)
    share = share_present(table)
    enough = share >= (1.0 if missing == "propagate" else least) - 1e-9
    rows = np.flatnonzero(enough & (share > 0))
    part = table[rows]
    score = np.full(len(table), np.nan)
    step = max(1, CELLS // max(1, len(part)))
    for start in range(0, len(part), step):
        lead = _duels(part[start : start + step], part, weight)
        won = np.where(np.abs(lead) <= ROUNDING * weight.sum(), 0.0, np.sign(lead))
        score[rows[start : start + step]] = won.sum(axis=1)
    return score


def _duels(left: Array, right: Array, weight: Array) -> Array:
    """Return the weight won less the weight lost, for each pair."""
    lead = np.zeros((len(left), len(right)))
    for child, share in enumerate(weight):
        mine, theirs = left[:, child, None], right[None, :, child]
        lead += share * np.greater(mine, theirs)
        lead -= share * np.less(mine, theirs)
    return lead
