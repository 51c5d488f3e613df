"""Nodes of a tree: groups of people, what tells them apart, and who is furthest behind."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.circumstances import distinct_rows

IntArray = NDArray[np.int64]
Outcome = Literal["opportunity", "barrier"]

TIE: Final = 1e-12
"""Improvements closer than this share of the deviance of the node, and means closer than this
share of the largest, are equal: some thousand times the spacing of doubles (IEEE 754), which is
what summing thousands of rows in another order may change. rpart lets rounding decide such ties."""
ESCAP_FEWEST: Final = 49  # rows in a leaf; UN ESCAP, Leaving No One Behind methodology
ESCAP_PARTS: Final = {"usual": 11, "identity": 19}  # a leaf has at least this part of the rows
ESCAP_DEPTH: Final = 6
DEEPEST: Final = 30  # as in rpart: the number of a node doubles at each split


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How far a tree may grow.

    `cp` is the least improvement, as a share of the deviance of the root, that a split must bring
    for itself and those below it; `depth` the splits between root and leaf at most;
    `smallest_leaf` and `smallest_split` rows, of which whole ones count (758.9 is 758).
    """

    cp: float
    depth: int
    smallest_leaf: float
    smallest_split: float

    def __post_init__(self) -> None:
        """Refuse what no tree can follow."""
        checks = (
            ("cp", self.cp, self.cp >= 0, "0 or more"),
            ("depth", self.depth, 0 <= self.depth <= DEEPEST, f"0 to {DEEPEST}"),
            ("smallest_leaf", self.smallest_leaf, self.smallest_leaf >= 1, "1 or more"),
            ("smallest_split", self.smallest_split, self.smallest_split >= 1, "1 or more"),
        )
        faults = [
            f"{name}: found {value}, expected {expected}"
            for name, value, is_right, expected in checks
            if not is_right
        ]
        if faults:
            raise ValueError("; ".join(faults))


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a branch asks of one circumstance (`column`, from 0).

    `codes` are those of the node above that satisfy it, in order; for an ordered circumstance
    `side` and `threshold` say the same for codes not seen there.
    """

    column: int
    codes: tuple[int, ...]
    side: Literal["below", "above"] | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Where a node parts: the branch with the lower mean is left.

    `improvement` is the share of the deviance of the node that it takes away.
    """

    left: Condition
    right: Condition
    improvement: float

    @property
    def column(self) -> int:
        """Circumstance that is asked, from 0."""
        return self.left.column


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A group of people, numbered 1 at the root and 2k and 2k + 1 below k, as rpart does.

    `n` counts rows, `weight` sums their weights, `share` is its share of all weight, `mean` is in
    the unit of the outcome and `deviance` the weighted sum of squares around it.
    """

    number: int
    n: float
    weight: float
    share: float
    mean: float
    deviance: float
    path: tuple[Condition, ...]
    split: Split | None = None
    children: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Nodes from the root, each before those below it and left before right."""

    nodes: tuple[Node, ...]

    @property
    def leaves(self) -> tuple[Node, ...]:
        """Nodes that do not part; every person of the sample is in one."""
        return tuple(node for node in self.nodes if node.split is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Furthest:
    """The leaf that is furthest behind, and the one furthest ahead."""

    behind: Node
    ahead: Node


def escap_growth(rows: int, *, circumstances: Literal["usual", "identity"] = "usual") -> Growth:
    """Return how far ESCAP lets a tree grow on a sample of so many rows.

    Parameters
    ----------
    rows : int
        Rows used.
    circumstances : {"usual", "identity"}
        "identity" where ethnicity, religion or language are among them: minorities are small, so
        leaves may have a nineteenth of the rows instead of an eleventh. Never below 49.

    References
    ----------
    .. [1] UN ESCAP, Leaving No One Behind platform (lnob.unescap.org), methodology and its
       published R code, in which cp is 1 / rows and a node of fewer than two leaves never parts.

    Examples
    --------
    >>> escap_growth(8800)
    Growth(cp=0.00011363636363636364, depth=6, smallest_leaf=800.0, smallest_split=1600.0)
    """
    smallest = max(float(ESCAP_FEWEST), rows / ESCAP_PARTS[circumstances])
    return Growth(
        cp=1 / rows, depth=ESCAP_DEPTH, smallest_leaf=smallest, smallest_split=2 * smallest
    )


def leaf_of(tree: Tree, codes: IntArray) -> IntArray:
    """Return the number of the leaf of each row.

    Parameters
    ----------
    tree : Tree
        As grown.
    codes : ndarray of int, shape (rows, circumstances)
        Circumstances in the order of the tree; negative is missing.

    Returns
    -------
    ndarray of int, shape (rows,)
        -1 for a row that a split of its path cannot place: the circumstance is missing, or the
        category of a nominal one did not occur in the node that parts.

    Examples
    --------
    >>> from everycount.arrays.circumstances import collapse
    >>> from everycount.arrays.tree import grow
    >>> codes = np.repeat([[0], [1], [2]], 50, axis=0)
    >>> tree = grow(collapse(codes[:, 0] > 0, np.ones(150), codes, kinds=["nominal"]),
    ...             escap_growth(150))
    >>> leaf_of(tree, np.array([[0], [2], [3], [-1]]))
    array([ 2,  3, -1, -1])
    """
    table = np.asarray(codes)
    distinct, which = distinct_rows(np.maximum(table, -1) + 1)
    reached = last_reached(tree, distinct - 1)
    inner = [node.number for node in tree.nodes if node.split is not None]
    return np.where(np.isin(reached, inner), -1, reached)[which]


def last_reached(tree: Tree, codes: IntArray) -> IntArray:
    """Return the number of the last node each row reaches, a leaf or where no split places it.

    Parameters
    ----------
    tree, codes
        As for `leaf_of`.

    Returns
    -------
    ndarray of int, shape (rows,)

    Examples
    --------
    >>> root = Node(number=1, n=2, weight=2, share=1, mean=0, deviance=0, path=())
    >>> last_reached(Tree(nodes=(root,)), np.array([[5]]))
    array([1])
    """
    reached = np.ones(len(codes), np.int64)
    for node in tree.nodes:
        if node.split is None:
            continue
        here = np.flatnonzero(reached == node.number)
        own = codes[here, node.split.column]
        for number, condition in enumerate((node.split.left, node.split.right), 2 * node.number):
            reached[here[satisfies(own, condition)]] = number
    return reached


def satisfies(codes: IntArray, condition: Condition) -> NDArray[np.bool_]:
    """Return which codes of a circumstance a condition lets pass; a missing one never.

    Examples
    --------
    >>> satisfies(np.array([-1, 0, 1]), Condition(column=0, codes=(0,), side="below", threshold=.5))
    array([False,  True, False])
    """
    if condition.threshold is None:
        return np.isin(codes, condition.codes)
    if condition.side == "below":
        return (codes < condition.threshold) & (codes >= 0)
    return codes >= condition.threshold


def furthest(tree: Tree, *, outcome: Outcome = "opportunity") -> Furthest:
    """Return the leaves with the lowest and the highest mean.

    Parameters
    ----------
    tree : Tree
        As grown.
    outcome : {"opportunity", "barrier"}
        Whether the outcome is something to have, or something to be spared: for a barrier the
        leaf with the highest mean is furthest behind.

    Returns
    -------
    Furthest
        Of leaves with the same mean, the one with the larger weight, then the lower number.

    Examples
    --------
    >>> low, high = (Node(number=2 + mean, n=9, weight=9, share=0.5, mean=mean, deviance=0,
    ...                   path=()) for mean in (0, 1))
    >>> furthest(Tree(nodes=(low, high)), outcome="barrier").behind.number
    3
    """
    leaves = tree.leaves
    means = np.array([leaf.mean for leaf in leaves])
    near = TIE * np.abs(means).max()
    lowest = _heaviest([leaf for leaf in leaves if leaf.mean <= means.min() + near])
    highest = _heaviest([leaf for leaf in leaves if leaf.mean >= means.max() - near])
    if outcome == "barrier":
        return Furthest(behind=highest, ahead=lowest)
    return Furthest(behind=lowest, ahead=highest)


def _heaviest(leaves: list[Node]) -> Node:
    return max(leaves, key=lambda leaf: (leaf.weight, -leaf.number))
