"""Bounds: what an attacker knows of every cell, and what follows from it sum by sum."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.details import rounding_range
from everycount.arrays.lattice import Flags, Ints, Lattice, lines

Array = NDArray[np.float64]
Number = NDArray[Any]

ROUNDS: Final = 200
"""Rounds of tightening at most; a lattice of three-way crossings settles in about ten. Bounds are
true after every round, only wider."""
SLACK: Final = 1e-12
"""Tightening by less than this share of the total is not worth another round."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Knowledge:
    """What the attacker knows of every figure of every cell; shape (figures, cells).

    Figures are the layers (respondents; or yes and no) and, where there is more than one layer,
    their sum. `low` and `high` are equal where the figure is published as it is. `endless` is a
    value that no known figure comes near: bounds of half as much and more mean there is none.
    """

    low: Array
    high: Array
    endless: float


def figures_of(layers: Number) -> Number:
    """Return the layers and, where there is more than one, their sum after them.

    Examples
    --------
    >>> figures_of(np.array([[1, 2], [3, 4]])).tolist()
    [[1, 2], [3, 4], [4, 6]]
    """
    return layers if len(layers) == 1 else np.concatenate([layers, layers.sum(axis=0)[None]])


def learn(layers: Number, hidden: Flags, known: Flags, *, base: int, most: float) -> Knowledge:
    """Return what is published of every cell.

    Parameters
    ----------
    layers : ndarray, shape (layers, cells)
        The true figures.
    hidden, known : ndarray of bool, shape (cells,)
        Cells of which nothing is published; those of which the sum of the layers is, elsewhere.
    base : int
        To which multiple published counts are rounded; 1 for not at all.
    most : float
        The largest gain that anybody asks of a hidden cell.
    """
    figures = figures_of(layers)
    endless = 16.0 * (float(figures.sum(axis=0).max(initial=0)) + most + 1)
    low, high = figures.astype(float), figures.astype(float)
    if base > 1:
        below, above = rounding_range(figures, base)
        low, high = below.astype(float), above.astype(float)
    free = np.broadcast_to(hidden, figures.shape).copy()
    free[-1] &= ~known
    low[free], high[free] = 0.0, endless
    return Knowledge(low=low, high=high, endless=endless)


def tighten(lattice: Lattice, knowledge: Knowledge) -> Knowledge:
    """Draw every conclusion from single sums, until none says more.

    Each whole lies between the sums of the bounds of its parts, each part between the bounds of
    the whole less those of the other parts. Sums are the lines of the lattice for each figure, and
    the layers of each cell.
    """
    parent, start, child = sums_of_figures(lattice, len(knowledge.low))
    line = np.repeat(np.arange(parent.size), np.diff(start))
    low, high = knowledge.low.ravel().copy(), knowledge.high.ravel().copy()
    least = SLACK * knowledge.endless
    for _ in range(ROUNDS if parent.size else 0):
        before = low.copy(), high.copy()
        lowest = np.add.reduceat(low[child], start[:-1])
        highest = np.add.reduceat(high[child], start[:-1])
        np.maximum.at(low, parent, lowest)
        np.minimum.at(high, parent, highest)
        others_low, others_high = lowest[line] - low[child], highest[line] - high[child]
        whole_low, whole_high = low[parent][line], high[parent][line]
        np.maximum.at(low, child, whole_low - others_high)
        np.minimum.at(high, child, whole_high - others_low)
        if (low - before[0]).max() <= least and (before[1] - high).max() <= least:
            break
    shape = knowledge.low.shape
    return Knowledge(low=low.reshape(shape), high=high.reshape(shape), endless=knowledge.endless)


def sums_of_figures(lattice: Lattice, figures: int) -> tuple[Ints, Ints, Ints]:
    """Return parents, starts and children of all sums; figure f of cell c is f * cells + c.

    Examples
    --------
    >>> from everycount.arrays.lattice import cross
    >>> sums_of_figures(cross((2,), order=1), 1)
    (array([0]), array([0, 2]), array([1, 2]))
    """
    own, cells = lines(lattice), lattice.cells
    shifts = np.arange(figures)[:, None] * cells
    parents, children = [(own.parent + shifts).ravel()], [(own.child + shifts).ravel()]
    lengths = [np.tile(np.diff(own.start), figures)]
    if figures > 1:
        each = np.arange(cells)
        parents.append(each + (figures - 1) * cells)
        children.append((each[:, None] + shifts[:-1].T).ravel())
        lengths.append(np.full(cells, figures - 1))
    start = np.concatenate([[0], np.cumsum(np.concatenate(lengths))])
    return np.concatenate(parents), start, np.concatenate(children)
