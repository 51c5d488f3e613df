"""Balance: the weight of each part of an index beside what it matters for the result."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from everycount.arrays import importance as arrays
from everycount.arrays import moments
from everycount.arrays.correlate import Correlation
from everycount.audit.scored import Scored, numbers
from everycount.index.state import Floats
from everycount.index.weighting import effective_weights

IMPORTANCE = pl.Schema(
    {
        "parent": pl.String,
        "node": pl.String,
        "weight": pl.Float64,
        "ratio": pl.Float64,
        "pearson_squared": pl.Float64,
        "share": pl.Float64,
        "equalising": pl.Float64,
        "note": pl.String,
    }
)
WEIGHTLESS = ("copeland", "benefit_of_the_doubt", "minimum")
"""Methods under which the weight of a part is not a share of the result."""


def importance(own: Scored, straight: Correlation) -> pl.DataFrame:
    """Return weight and importance of the parts of each group, and of all indicators in the top.

    Parameters
    ----------
    own : Scored
        Scores.
    straight : Correlation
        Pearson correlations of all nodes with one another.

    Returns
    -------
    DataFrame
        The columns of `IMPORTANCE`. The rows of the top and all indicators follow those of the
        groups, where the top is not made of indicators alone.
    """
    tree, state = own.state.tree, own.state
    frames = []
    for k in own.groups():
        parts = own.parts(k)
        weights, reason = _nominal(own, k, parts)
        equalising, note = _equalising(own, k, parts, weights, straight)
        frames.append(_rows(own, k, parts, weights, equalising, reason or note))
    if any(j >= state.leaf_count for j in own.parts(tree.top)):
        below = [j for j in tree.leaves[tree.top] if j not in state.dropped]
        shares, nothing = effective_weights(state)[below], np.full(len(below), np.nan)
        note = "all indicators against the top: equalising weights are given group by group"
        frames.append(_rows(own, tree.top, below, shares, nothing, note))
    return pl.concat([pl.DataFrame(schema=IMPORTANCE), *frames])


def _rows(
    own: Scored, k: int, parts: Sequence[int], weights: Floats, equalising: Floats, note: str
) -> pl.DataFrame:
    found = arrays.importance(own.scores[:, parts], own.scores[:, k])
    total = float(np.nansum(found.ratio))
    return pl.DataFrame(
        {
            "parent": [own.code(k)] * len(parts),
            "node": [own.code(j) for j in parts],
            "weight": numbers(weights),
            "ratio": numbers(found.ratio),
            "pearson_squared": numbers(found.pearson_squared),
            "share": numbers(found.ratio / (total or np.nan)),
            "equalising": numbers(equalising),
            "note": [note] * len(parts),
        },
        schema=IMPORTANCE,
    )


def _nominal(own: Scored, k: int, parts: Sequence[int]) -> tuple[Floats, str]:
    """Return the nominal shares of the parts of a group, or why it has none."""
    nothing, method = np.full(len(parts), np.nan), own.method(k)
    if own.group(k).formula is not None:
        return nothing, "no weights: computed by a formula"
    if method in WEIGHTLESS or not method:
        return nothing, f"no weights: combined by {method or 'no step'}"
    weights = own.state.weights[parts]
    total = weights.sum()
    return np.asarray(weights / total if total > 0 else nothing), ""


def _equalising(
    own: Scored, k: int, parts: Sequence[int], weights: Floats, straight: Correlation
) -> tuple[Floats, str]:
    """Return weights that make importance proportional to weight, or why there are none.

    Importance is Pearson's correlation squared; a part without weight keeps none.
    """
    found, method = np.zeros(len(parts)), own.method(k)
    nothing = np.full(len(parts), np.nan)
    if len(parts) < 2:
        return nothing, "a group of one part" if parts else "no parts"
    if method != "arithmetic" or np.isnan(weights).any():
        return nothing, "equalising weights are known for arithmetic means only"
    weighed = np.flatnonzero(weights > 0)
    nodes = np.asarray(parts)[weighed]
    alike = straight.r[np.ix_(nodes, nodes)]
    if np.isnan(alike).any():
        return nothing, "a part does not vary, or too few units have two of the parts"
    spread = moments.standard_deviation(own.scores[:, nodes])
    found[weighed] = arrays.equalise(alike, spread, weights[weighed])
    if np.isnan(found).any():
        return nothing, "no weights of 0 or more make importance proportional to weight"
    gaps = np.isnan(own.scores[:, nodes]).any()
    return found, "equalising weights are approximate: scores are missing" if gaps else ""
