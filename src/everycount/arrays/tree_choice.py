"""Choice of a tree: how large it may be, by cross-validation over PSUs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.clustered import Clustered, reweighted
from everycount.arrays.psus import covariance_of_totals, folds_of
from everycount.arrays.tree import grow
from everycount.arrays.tree_nodes import (
    ESCAP_DEPTH,
    ESCAP_FEWEST,
    Growth,
    Tree,
    last_reached,
)

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]

FOLDS: Final = 10  # Breiman et al. (1984), section 3.4.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a tree may be: splits from root to leaf, and the least share of rows in a leaf."""

    depth: int
    leaf_share: float

    def growth(self, rows: float) -> Growth:
        """Return the limits for so many rows, with the cp and the 49 rows of ESCAP."""
        smallest = max(float(ESCAP_FEWEST), rows * self.leaf_share)
        return Growth(
            cp=1 / rows, depth=self.depth, smallest_leaf=smallest, smallest_split=2 * smallest
        )


SIZES: Final = tuple(Size(depth=depth, leaf_share=1 / 11) for depth in range(ESCAP_DEPTH + 1))
"""Every depth up to ESCAP's with its leaves. Depth 0 is one group: nobody is reliably behind."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Choice:
    """Sizes tried, (sizes,), and the tree of the whole sample with the size chosen.

    `loss` is the weighted mean squared error on PSUs a tree has not seen, in the unit of the
    outcome squared, `standard_error` its sampling error; `leaves` counts those of each size on
    the whole sample; `lowest` and `chosen` are places in `sizes`; `fold` has shape (psus,).
    """

    sizes: tuple[Size, ...]
    loss: Array
    standard_error: Array
    leaves: IntArray
    lowest: int
    chosen: int
    tree: Tree
    fold: IntArray


def choose(
    table: Clustered,
    *,
    sizes: Sequence[Size] = SIZES,
    folds: int = FOLDS,
    rng: np.random.Generator,
) -> Choice:
    """Choose the size of a tree by cross-validation over PSUs, never over rows.

    People of one PSU resemble each other: a tree validated on neighbours of those it grew on
    looks better than it is, and grows too large. The smallest tree whose loss is within one
    standard error of the lowest is chosen.

    Parameters
    ----------
    table : Clustered
        Cells of each PSU.
    sizes : sequence of Size
        What to try. Shares of rows are of the rows a tree grows on.
    folds : int
        Parts into which the PSUs of each stratum are dealt.
    rng : numpy.random.Generator
        Deals them out.

    Returns
    -------
    Choice
        A person in a category that the growing PSUs lack is predicted by the last node reached.

    Raises
    ------
    ValueError
        If no size is given, there are fewer PSUs than folds, or the growing PSUs of a fold hold
        no usable row.

    References
    ----------
    .. [1] Breiman, L., Friedman, J. H., Olshen, R. A. and Stone, C. J. (1984), Classification and
       Regression Trees, Wadsworth, section 3.4.3, the one standard error rule.
    .. [2] Wieczorek, J., Guerin, C. and McMahon, T. (2022), K-fold cross-validation for complex
       sample surveys, Stat 11(1), e454: folds of whole PSUs, within strata.

    Examples
    --------
    >>> from everycount.arrays.clustered import cluster
    >>> rng = np.random.default_rng(1)
    >>> psu, wealth = np.repeat(np.arange(60), 20), rng.integers(1, 5, 1200)
    >>> table = cluster(rng.random(1200) < np.where(wealth > 2, 0.8, 0.2), np.ones(1200),
    ...                 wealth[:, None], kinds=["ordered"], psu=psu, stratum=psu // 6)
    >>> found = choose(table, rng=rng)
    >>> found.sizes[found.chosen].depth, found.loss.round(2)[:3]
    (1, array([0.25, 0.15, 0.15]))
    """
    if not sizes:
        raise ValueError("sizes: found none, expected at least one")
    fold = folds_of(table.stratum, folds=folds, rng=rng)
    errors = np.zeros((len(sizes), len(fold)))
    for part in range(folds):
        errors += _errors(table, sizes, fold == part)
    weights = np.bincount(table.psu, table.weight, len(fold))
    total = weights.sum()
    loss = errors.sum(axis=1) / total
    scores = (errors - loss[:, None] * weights) / total
    standard_error = np.sqrt(np.diag(covariance_of_totals(scores.T, table.stratum)))
    rows = table.cells.n.sum()
    trees = [grow(table.cells, size.growth(rows)) for size in sizes]
    leaves = np.array([len(tree.leaves) for tree in trees])
    lowest = int(np.argmin(loss))
    within = np.flatnonzero(loss <= loss[lowest] + standard_error[lowest])
    chosen = int(within[np.lexsort((loss[within], leaves[within]))[0]])
    return Choice(
        sizes=tuple(sizes),
        loss=loss,
        standard_error=standard_error,
        leaves=leaves,
        lowest=lowest,
        chosen=chosen,
        tree=trees[chosen],
        fold=fold,
    )


def _errors(table: Clustered, sizes: Sequence[Size], is_held: NDArray[np.bool_]) -> Array:
    """Return the weighted squared errors of the PSUs held back, (sizes, psus), 0 elsewhere."""
    growing = reweighted(table, ~is_held)
    rows = growing.n.sum()
    if not rows:
        raise ValueError("folds: found one that holds all usable rows, expected fewer folds")
    own = np.flatnonzero(is_held[table.psu])
    psu, cell, weight, mean = (
        part[own] for part in (table.psu, table.cell, table.weight, table.mean)
    )
    errors = np.zeros((len(sizes), len(is_held)))
    for place, size in enumerate(sizes):
        tree = grow(growing, size.growth(rows))
        expected = predicted(tree, table.cells.codes)[cell]
        squared = table.deviance[own] + weight * (mean - expected) ** 2
        errors[place] = np.bincount(psu, squared, len(is_held))
    return errors


def predicted(tree: Tree, codes: IntArray) -> Array:
    """Return the mean of the last node each row reaches.

    Parameters
    ----------
    tree, codes
        As for `leaf_of`.

    Returns
    -------
    ndarray, shape (rows,)
        In the unit of the outcome.

    Examples
    --------
    >>> from everycount.arrays.tree_nodes import Node
    >>> root = Node(number=1, n=2, weight=2, share=1, mean=0.5, deviance=0, path=())
    >>> predicted(Tree(nodes=(root,)), np.array([[5]]))
    array([0.5])
    """
    numbers = np.array([node.number for node in tree.nodes])
    means = np.array([node.mean for node in tree.nodes])
    order = np.argsort(numbers)
    return means[order][np.searchsorted(numbers[order], last_reached(tree, codes))]
