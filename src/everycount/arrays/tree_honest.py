"""Honest estimation: groups found on one half of the PSUs and estimated on the other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.circumstances import sums
from everycount.arrays.clustered import Clustered, reweighted
from everycount.arrays.linearise import Stage, domain_df
from everycount.arrays.psus import covariance_of_totals, folds_of, merge_lonely
from everycount.arrays.tree import grow
from everycount.arrays.tree_choice import Size
from everycount.arrays.tree_nodes import Node, Outcome, Tree, furthest, leaf_of

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A leaf found on one half of the PSUs and its mean in the other; NaN if nobody is in it.

    `node` holds the optimistic figures of the half that chose it. `n`, `psus`, `share` of weight
    and `df` (PSUs less strata, of those with somebody in the leaf) are of the other half.
    """

    node: Node
    mean: float
    standard_error: float
    n: float
    psus: int
    share: float
    df: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Honest:
    """Groups furthest behind and ahead, and the gap (ahead less behind) with its error.

    `choosing` has shape (psus,): whether the PSU grew the tree. `unplaced` is the share of the
    weight of the other half that no leaf takes, having a category the first half has not.
    """

    tree: Tree
    behind: Held
    ahead: Held
    gap: float
    gap_standard_error: float
    choosing: NDArray[np.bool_]
    unplaced: float


def honest(
    table: Clustered,
    size: Size,
    *,
    outcome: Outcome = "opportunity",
    rng: np.random.Generator,
) -> Honest:
    """Find the furthest groups on a random half of the PSUs and estimate them on the other.

    The lowest of several leaf means is low partly by luck; on PSUs that had no part in the choice
    its mean is not. Standard errors are those of linearisation with replacement at the first
    stage, without finite population correction.

    Parameters
    ----------
    table : Clustered
        Cells of each PSU.
    size : Size
        Of the tree; its share of rows is of the rows of the first half.
    outcome : {"opportunity", "barrier"}
        As for `furthest`.
    rng : numpy.random.Generator
        Halves the PSUs of each stratum.

    Returns
    -------
    Honest
        With half the sample, errors are about 1.4 times those of the whole.

    Raises
    ------
    ValueError
        With fewer than 2 PSUs, or if the first half holds no usable row.

    References
    ----------
    .. [1] Athey, S. and Imbens, G. (2016), Recursive partitioning for heterogeneous causal
       effects, Proceedings of the National Academy of Sciences 113(27), 7353-7360, on honest
       estimation.

    Examples
    --------
    >>> from everycount.arrays.clustered import cluster
    >>> rng = np.random.default_rng(1)
    >>> psu, wealth = np.repeat(np.arange(60), 20), rng.integers(1, 5, 1200)
    >>> table = cluster(rng.random(1200) < wealth / 5, np.ones(1200), wealth[:, None],
    ...                 kinds=["ordered"], psu=psu, stratum=psu // 6)
    >>> found = honest(table, Size(depth=2, leaf_share=0.1), rng=rng)
    >>> round(found.behind.mean, 2), round(found.behind.standard_error, 3), found.behind.df
    (0.21, 0.032, 20)
    """
    choosing = folds_of(table.stratum, folds=2, rng=rng) == 0
    growing = reweighted(table, choosing)
    rows = growing.n.sum()
    if not rows:
        raise ValueError("table: found no usable row in the first half of the PSUs")
    tree = grow(growing, size.growth(rows))
    groups = furthest(tree, outcome=outcome)
    leaf = leaf_of(tree, table.cells.codes)[table.cell]
    weight = np.where(choosing[table.psu], 0.0, table.weight)
    nodes = (groups.behind, groups.ahead)
    parts = [_mean(table, np.where(leaf == node.number, weight, 0.0)) for node in nodes]
    means, held = [mean for mean, _ in parts], ~choosing
    scores = np.column_stack([part[held] for _, part in parts])
    variance = covariance_of_totals(scores, table.stratum[held])
    behind, ahead = (
        _held(table, node, (leaf == node.number, weight), (mean, float(own)), held)
        for node, mean, own in zip(nodes, means, np.diag(variance), strict=True)
    )
    apart = np.array([-1.0, 1.0])
    return Honest(
        tree=tree,
        behind=behind,
        ahead=ahead,
        gap=ahead.mean - behind.mean,
        gap_standard_error=float(np.sqrt(np.maximum(apart @ variance @ apart, 0.0))),
        choosing=choosing,
        unplaced=_share(weight[leaf < 0].sum(), weight.sum()),
    )


def _mean(table: Clustered, weight: Array) -> tuple[float, Array]:
    """Return the mean of entries and what each PSU adds to its error; NaN without weight."""
    total = float(weight.sum()) or np.nan
    mean = float((weight * table.mean).sum() / total)
    return mean, sums(table.psu, weight * (table.mean - mean) / total, len(table.stratum))


def _held(
    table: Clustered,
    node: Node,
    entries: tuple[NDArray[np.bool_], Array],
    estimate: tuple[float, float],
    held: NDArray[np.bool_],
) -> Held:
    """Describe the people of a leaf in the PSUs held back."""
    inside, weight = entries
    own = np.where(inside, weight, 0.0)
    weights = sums(table.psu, own, len(held))[held]
    strata = merge_lonely(table.stratum[held])
    stage = Stage(units=np.arange(len(strata)), strata=strata)
    mean, variance = estimate
    return Held(
        node=node,
        mean=mean,
        standard_error=float(np.sqrt(variance)),
        n=float(table.n[own > 0].sum()),
        psus=int((weights > 0).sum()),
        share=_share(own.sum(), weight.sum()),
        df=domain_df(stage, weights),
    )


def _share(part: float, whole: float) -> float:
    return float(part / (whole or np.nan))
