"""Frontier: score each unit with the weights that are best for it (benefit of the doubt)."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.aggregate import Missing
from everycount.errors import ColumnError

Array = NDArray[np.float64]


def benefit_of_the_doubt(
    values: ArrayLike,
    *,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    missing: Missing = "renormalise",
    least: float = 0.0,
) -> Array:
    """Score each unit by its weighted sum under the weights that put it in the best light.

    The weights of a unit may be anything from 0 under which no unit scores more than 1, within
    limits on the share of each child in the score of the unit. One linear programme a unit.

    Parameters
    ----------
    values : array_like, shape (n_units, n_children)
        Scores of the children on one scale, 0 or more, higher better. NaN is a missing child.
    lower, upper : array_like, shape (n_children,), optional
        Least and greatest share (0 to 1) of each child in the score of a unit.
    missing : {"renormalise", "propagate"}
        Whether a unit is scored on the children it has (limits are widened in proportion as far
        as they must be; units without a child of these count 0 for it), or its score is missing.
    least : float
        Share (0 to 1) of the children, by number, below which the score is missing.

    Returns
    -------
    ndarray, shape (n_units,)
        From 0 to 1, the frontier. NaN where no (or too few) children are present.

    Raises
    ------
    ColumnError
        Naming every child with a negative value, or with limits that no share can keep.

    References
    ----------
    .. [1] Cherchye, L., Moesen, W., Rogge, N. and Van Puyenbroeck, T. (2007), An introduction to
       "benefit of the doubt" composite indicators, Social Indicators Research 82, sections 2-3.
    .. [2] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6.

    Examples
    --------
    >>> benefit_of_the_doubt([[4, 1], [1, 4], [2, 2]]).round(6)
    array([1. , 1. , 0.8])
    """
    table = np.asarray(values, float)
    k = table.shape[1]
    floor = np.zeros(k) if lower is None else np.asarray(lower, float)
    ceiling = np.ones(k) if upper is None else np.asarray(upper, float)
    _check(table, floor, ceiling)
    known = ~np.isnan(table)
    share = known.mean(axis=1)
    enough = share >= (1.0 if missing == "propagate" else least) - 1e-9
    result = np.full(len(table), np.nan)
    for pattern in np.unique(known[enough & (share > 0)], axis=0):
        rows = np.flatnonzero(enough & (known == pattern).all(axis=1))
        peers = _undominated(np.nan_to_num(table[:, pattern]))
        low, high = floor[pattern], ceiling[pattern]
        high = high / min(1.0, high.sum()) if high.sum() > 0 else np.ones_like(high)
        for i in rows:
            result[i] = _best_light(table[i, pattern], peers, low, high)
    return result


def _best_light(own: Array, peers: Array, low: Array, high: Array) -> float:
    """Solve one unit: the largest weighted sum under which no peer exceeds 1."""
    # Loading the optimiser takes a second, which only this method should cost.
    from scipy.optimize import linprog  # noqa: PLC0415

    limits = [peers]
    if (low > 0).any():
        limits.append(np.outer(low, own) - np.diag(own))
    if (high < 1).any():
        limits.append(np.diag(own) - np.outer(high, own))
    above = np.concatenate(limits)
    ends = np.concatenate([np.ones(len(peers)), np.zeros(len(above) - len(peers))])
    solved = linprog(np.negative(own), A_ub=above, b_ub=ends, method="highs")
    return float(np.clip(own @ np.asarray(solved.x, float), 0.0, 1.0))


def _undominated(table: Array) -> Array:
    """Peers that matter: one that is nowhere better than another is no limit beside it."""
    unique = np.unique(table, axis=0)
    keep = np.ones(len(unique), bool)
    for i, row in enumerate(unique):
        better = (unique[keep] >= row).all(axis=1).sum()
        keep[i] = better == 1  # itself
    return unique[keep]


def _check(table: Array, floor: Array, ceiling: Array) -> None:
    """Refuse negative values and limits that no share can keep."""
    lowest = np.fmin.reduce(table, axis=0, initial=np.nan)
    faults = [(int(j), f"{lowest[j]:g}", "values of 0 or more") for j in np.flatnonzero(lowest < 0)]
    crossed = ~((floor >= 0) & (floor <= ceiling) & (ceiling <= 1))
    if floor.sum() > 1 or ceiling.sum() < 1:
        crossed[:] = True
    faults += [
        (int(j), f"share {floor[j]:g} to {ceiling[j]:g}", "limits that shares adding to 1 can keep")
        for j in np.flatnonzero(crossed)
    ]
    if faults:
        raise ColumnError(faults)
