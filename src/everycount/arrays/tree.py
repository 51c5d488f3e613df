"""Tree: groups of people that differ most in an outcome, by repeated splits on circumstances."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.circumstances import Cells, Kind, distinct, sums
from everycount.arrays.rank import comparable
from everycount.arrays.tree_nodes import TIE, Condition, Growth, Node, Split, Tree, satisfies

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]

NULL: Final = 1e-10
"""An improvement of no more than this share of the largest so far is rounding: rpart's bound."""


def grow(cells: Cells, growth: Growth) -> Tree:
    """Grow a weighted regression tree, the same as R's rpart with method "anova".

    A node parts where the weighted sum of squares within the two branches is smallest: ordered
    circumstances at a value, nominal ones between two sets of categories (the best pair of sets
    is found by ordering categories by their mean, those with the same mean by code). Among equal
    improvements the first circumstance and its lowest cut win. rpart leaves both kinds of ties to
    rounding; otherwise trees are the same. Splits that bring too little, together with all those
    below them, are then undone by the weakest-link rule, with the bounds by which rpart stops
    looking early.

    Parameters
    ----------
    cells : Cells
        Combinations of circumstances; those of weight 0 are left out.
    growth : Growth
        When to stop.

    Returns
    -------
    Tree
        Its root alone if nothing improves it. Every fraction of a weight counts as such; rows, not
        weights, count for the size of a leaf.

    References
    ----------
    .. [1] Breiman, L., Friedman, J. H., Olshen, R. A. and Stone, C. J. (1984), Classification and
       Regression Trees, Wadsworth, section 3.3 (weakest link) and chapter 8 (regression trees).
    .. [2] Fisher, W. D. (1958), On grouping for maximum homogeneity, Journal of the American
       Statistical Association 53, 789-798, on ordering categories by their mean.
    .. [3] Therneau, T. M. and Atkinson, E. J., An introduction to recursive partitioning using the
       rpart routines, vignette of rpart 4.1.

    Examples
    --------
    >>> from everycount.arrays.circumstances import collapse
    >>> from everycount.arrays.tree_nodes import escap_growth
    >>> wealth, rural = np.repeat([1, 2, 3, 4], 50), np.tile([0, 1], 100)
    >>> cells = collapse(wealth > 2, np.ones(200), np.column_stack([rural, wealth]),
    ...                  kinds=["nominal", "ordered"])
    >>> tree = grow(cells, escap_growth(200))
    >>> [(node.number, node.mean) for node in tree.leaves]
    [(2, 0.0), (3, 1.0)]
    >>> tree.nodes[0].split.left
    Condition(column=1, codes=(1, 2), side='below', threshold=2.5)
    """
    present = np.flatnonzero(cells.weight > 0)
    if not present.size:
        raise ValueError("cells: found no weight, expected at least one cell with some")
    root = _Growing(cells, growth).branch(1, present, None)
    return Tree(nodes=tuple(_flattened(root, root.weight, ())))


@dataclass(slots=True, kw_only=True, eq=False)
class _Branch:
    """A node while its tree grows: what stands under it decides whether it stays."""

    number: int
    n: float
    weight: float
    mean: float
    deviance: float
    split: Split | None = None
    below: "tuple[_Branch, _Branch] | None" = None
    remaining: float  # deviance of the leaves below, of those that outlive this node
    splits: int = 0  # in this branch, of those that outlive it
    strength: float  # improvement for each of these splits


class _Growing:
    """What holds for all nodes of a tree, and the largest improvement found so far."""

    def __init__(self, cells: Cells, growth: Growth) -> None:
        self.cells = cells
        self.growth = growth
        self.fewest = int(growth.smallest_leaf) - NULL  # replicates count rows in fractions
        self.fewest_to_split = int(growth.smallest_split) - NULL
        self.none = (TIE * float(np.abs(cells.mean).max())) ** 2  # variance by rounding alone
        self.least = 0.0
        self.largest = 0.0

    def branch(self, number: int, at: IntArray, limit: float | None) -> _Branch:
        """Grow what stands under the cells `at`; `limit` bounds what it can still improve."""
        node = self._node(number, at)
        if limit is None:
            self.least = self.growth.cp * node.deviance
            limit = node.deviance
        reach = min(node.deviance, limit)
        node.strength = self.least
        is_deep = number.bit_length() > self.growth.depth
        if node.n < self.fewest_to_split or reach <= self.least or is_deep:
            return node
        split = self._best(node, at)
        if split is None:
            return node
        is_left = satisfies(self.cells.codes[at, split.column], split.left)
        left = self.branch(2 * number, at[is_left], reach - self.least)
        # What the right branch may still bring, given what the left one did.
        gained = (node.deviance - left.remaining) / (left.splits + 1)
        limit = min(max(gained, node.deviance - left.deviance), limit) - self.least
        right = self.branch(2 * number + 1, at[~is_left], limit)
        return self._settled(node, split, (left, right))

    def _node(self, number: int, at: IntArray) -> _Branch:
        cells = self.cells
        weight, mean = cells.weight[at], cells.mean[at]
        total = float(weight.sum())
        centre = float((weight * mean).sum()) / total
        deviance = float((cells.deviance[at] + weight * (mean - centre) ** 2).sum())
        if deviance <= self.none * total:
            deviance = 0.0
        return _Branch(
            number=number,
            n=float(cells.n[at].sum()),
            weight=total,
            mean=centre,
            deviance=deviance,
            remaining=deviance,
            strength=0.0,
        )

    def _settled(self, node: _Branch, split: Split, below: tuple[_Branch, _Branch]) -> _Branch:
        """Keep the split if it and what outlives it improve enough for their number."""
        remaining = [branch.remaining for branch in below]
        splits = [branch.splits for branch in below]

        def strength() -> float:
            return (node.deviance - sum(remaining)) / (sum(splits) + 1)

        weakest_first = (0, 1) if below[1].strength > below[0].strength else (1, 0)
        for side in weakest_first:
            if strength() <= below[side].strength:
                break
            remaining[side], splits[side] = below[side].deviance, 0
        if strength() <= self.least:
            return node
        node.strength, node.remaining, node.splits = strength(), sum(remaining), sum(splits) + 1
        node.split, node.below = split, below
        return node

    def _best(self, node: _Branch, at: IntArray) -> Split | None:
        """Return the split that takes away most of the deviance, if any takes away some."""
        best, found = 0.0, None
        for column in range(self.cells.codes.shape[1]):
            gain, cut = self._best_of(column, node, at)
            self.largest = max(self.largest, gain)
            if cut is not None and gain > NULL * self.largest and gain > best + TIE:
                best, found = gain, cut
        return found

    def _best_of(self, column: int, node: _Branch, at: IntArray) -> tuple[float, Split | None]:
        """Return the best split on one circumstance and the share of deviance it takes away."""
        cells, kind = self.cells, self.cells.kinds[column]
        values, which = distinct(cells.codes[at, column])
        weights, means, size = cells.weight[at], cells.mean[at], len(values)
        n, weight = sums(which, cells.n[at], size), sums(which, weights, size)
        total = sums(which, weights * (means - node.mean), size)
        order = np.arange(size)
        if kind == "nominal":
            # Categories that all lack something have the same mean but for rounding.
            middle = sums(which, weights * means, size) / weight
            order = np.argsort(comparable(middle), kind="stable")
        left_n, left_weight, left = (part[order].cumsum()[:-1] for part in (n, weight, total))
        right_n, right_weight = (part[order][::-1].cumsum()[-2::-1] for part in (n, weight))
        allowed = (left_n >= self.fewest) & (right_n >= self.fewest)
        if not allowed.any():
            return 0.0, None
        gains = np.where(allowed, left**2 * (1 / left_weight + 1 / right_weight), 0.0)
        gains /= node.deviance
        cut = int(np.argmax(gains >= gains.max() - TIE))
        below, above = (
            _condition(column, kind, values, np.sort(order[part]), cut)
            for part in (slice(cut + 1), slice(cut + 1, None))
        )
        is_up = kind == "nominal" or left[cut] < 0
        gain = float(gains[cut])
        sides = (below, above) if is_up else (above, below)
        return gain, Split(left=sides[0], right=sides[1], improvement=gain)


def _condition(column: int, kind: Kind, values: IntArray, places: IntArray, cut: int) -> Condition:
    """Return the condition that codes at these places of the sorted values satisfy."""
    codes = tuple(values[places].tolist())
    if kind == "nominal":
        return Condition(column=column, codes=codes)
    side: Literal["below", "above"] = "below" if places[0] == 0 else "above"
    threshold = (int(values[cut]) + int(values[cut + 1])) / 2
    return Condition(column=column, codes=codes, side=side, threshold=threshold)


def _flattened(branch: _Branch, weight: float, path: tuple[Condition, ...]) -> Iterator[Node]:
    """Yield the node and those below it, in rpart's order."""
    below = branch.below
    yield Node(
        number=branch.number,
        n=branch.n,
        weight=branch.weight,
        share=branch.weight / weight,
        mean=branch.mean,
        deviance=branch.deviance,
        path=path,
        split=branch.split,
        children=None if below is None else (below[0].number, below[1].number),
    )
    if branch.split is not None and below is not None:
        yield from _flattened(below[0], weight, (*path, branch.split.left))
        yield from _flattened(below[1], weight, (*path, branch.split.right))
