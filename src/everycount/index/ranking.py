"""Rank units by their scores, and name the bands of scores."""

from fnmatch import fnmatchcase

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.rank import comparable, rank
from everycount.index.nodes import ascends
from everycount.index.state import Floats, State


def rank_nodes(state: State, within: NDArray[np.int64] | None = None) -> Floats:
    """Return the rank of each row at each node among the rows of its period.

    Parameters
    ----------
    state : State
        Scores; a node without a score has no rank.
    within : ndarray of int, shape (rows,), optional
        Rank among the rows of the same group only; -1 is in no group and gets no rank.

    Returns
    -------
    ndarray, shape (rows, nodes)
        1 is the best. NaN where there is no score, or nothing says which way is better.
    """
    tree, ranking = state.tree, state.methodology.ranking
    scores = state.values[:, : len(tree.codes)]
    if ranking.decimals is None:
        scores = comparable(scores, axis=0)
    else:
        scores = np.round(scores, ranking.decimals)
    groups = np.where(is_unranked(state), -1, state.periods_as_labels())
    if within is not None:
        labels = groups * (int(within.max(initial=0)) + 1) + within
        groups = np.where((within < 0) | (groups < 0), -1, labels)
    down = np.array([lower_is_better(state, j) for j in range(len(tree.codes))])
    result = np.full(scores.shape, np.nan)
    for lower, best in ((False, "high"), (True, "low")):
        columns = np.flatnonzero(down == lower)
        ranks = rank(scores[:, columns], ties=ranking.ties, best=best, groups=groups)  # type: ignore[arg-type]
        result[:, columns] = ranks
    result[:, [j for j in range(state.leaf_count) if not _has_direction(state, j)]] = np.nan
    return result


def _has_direction(state: State, j: int) -> bool:
    best = state.methodology.indicators[j].best
    return j in state.scaled or not (best is None or isinstance(best, tuple))


def lower_is_better(state: State, j: int) -> bool:
    """Tell whether the lowest score of a node ranks first."""
    if j in state.scaled:
        return False
    if j == state.tree.top:
        return state.methodology.ranking.best == "low"
    count, method = state.leaf_count, state.methodology
    node = method.indicators[j] if j < count else method.groups[j - count]
    return node.best is not None and not ascends(node.worst, node.best)


def is_unranked(state: State) -> NDArray[np.bool_]:
    """Tell which rows are units that get scores but no rank, shape (rows,)."""
    patterns = state.methodology.ranking.unranked
    out = [any(fnmatchcase(unit, pattern) for pattern in patterns) for unit in state.units]
    return np.array(out, bool)[state.row_units]


def band_of(state: State, scores: Floats) -> list[str | None]:
    """Return the name of the band of each score; None below the lowest band or where missing."""
    bands = sorted(state.methodology.ranking.bands, key=lambda band: -band.least)
    # Comparing with a missing score is never true.
    return [next((band.name for band in bands if score >= band.least), None) for score in scores]
