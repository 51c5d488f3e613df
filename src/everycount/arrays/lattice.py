"""Lattice: all crossings of some characteristics, numbered, with the sums that link their cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import prod
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Number = NDArray[Any]

LARGEST: Final = 50_000_000
"""Joint cells at most: one table of 8-byte numbers takes 400 MB then, and several are held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """What is published: the levels of the characteristics, and which of them are crossed.

    A *cell* is a combination of levels in one crossing; cells are numbered crossing by crossing,
    the last characteristic of a crossing fastest. A *joint cell* is a combination of levels of
    all characteristics, numbered the same way. The crossing `()` has one cell, the total.

    Parameters
    ----------
    levels : tuple of int
        Number of levels of each characteristic.
    crossings : tuple of tuple of int
        Characteristics of each crossing, by number from 0, ascending.
    starts : tuple of int
        Number of the first cell of each crossing, and of all cells at the end. Derived.

    Raises
    ------
    ValueError
        If there is no level or no crossing, a crossing names a characteristic that is not there,
        is not in ascending order or comes twice, or there are more than `LARGEST` joint cells.

    Examples
    --------
    >>> lattice = Lattice(levels=(2, 3), crossings=((), (0,), (0, 1)))
    >>> lattice.cells, lattice.joint, lattice.starts
    (9, 6, (0, 1, 3, 9))
    """

    levels: tuple[int, ...]
    crossings: tuple[tuple[int, ...], ...]
    starts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not self.levels or min(self.levels) < 1 or not self.crossings:
            raise ValueError(
                f"found levels {self.levels} and {len(self.crossings)} crossings, "
                "expected at least one of each, and at least 1 level everywhere"
            )
        if prod(self.levels) > LARGEST:
            raise ValueError(
                f"found {prod(self.levels):,} joint cells, expected at most {LARGEST:,}: "
                "take fewer characteristics or levels"
            )
        whole = range(len(self.levels))
        for crossing in self.crossings:
            if not set(crossing) <= set(whole) or list(crossing) != sorted(set(crossing)):
                raise ValueError(
                    f"crossing {crossing}: expected different numbers from 0 to {whole[-1]}, "
                    "ascending"
                )
        if len(set(self.crossings)) < len(self.crossings):
            raise ValueError("crossings: found one twice")
        sizes = [prod(self.shape(crossing)) for crossing in self.crossings]
        object.__setattr__(self, "starts", (0, *np.cumsum(sizes).tolist()))

    @property
    def cells(self) -> int:
        """Number of cells of all crossings."""
        return self.starts[-1]

    @property
    def joint(self) -> int:
        """Number of joint cells."""
        return prod(self.levels)

    def shape(self, crossing: Sequence[int]) -> tuple[int, ...]:
        """Return the number of levels of the characteristics of a crossing."""
        return tuple(self.levels[i] for i in crossing)

    def span(self, table: int) -> slice:
        """Return where the cells of crossing number `table` are among all cells."""
        return slice(self.starts[table], self.starts[table + 1])

    def place(self, cell: int) -> tuple[int, tuple[int, ...]]:
        """Return the number of the crossing of a cell, and its levels there."""
        table = int(np.searchsorted(self.starts, cell, side="right")) - 1
        shape = self.shape(self.crossings[table])
        levels = np.unravel_index(cell - self.starts[table], shape) if shape else ()
        return table, tuple(int(level) for level in levels)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """Sums between cells of different crossings: each parent is the sum of its children.

    Line k says that cell `parent[k]` is the sum of `child[start[k]:start[k + 1]]`. `table` and
    `within` (lines,) are the numbers of the crossings of the children and of the parent.
    """

    parent: Ints
    start: Ints
    child: Ints
    table: Ints
    within: Ints


def cross(levels: Sequence[int], *, order: int = 3) -> Lattice:
    """Return the lattice of all crossings of up to `order` characteristics, the total included.

    Raises
    ------
    ValueError
        If `order` is negative, or the lattice refuses the levels.

    Examples
    --------
    >>> cross((8, 2, 5, 4, 7, 6, 2, 2)).cells
    5152
    >>> cross((2, 3), order=1).crossings
    ((), (0,), (1,))
    """
    if order < 0:
        raise ValueError(f"order: found {order}, expected 0 or more")
    whole = range(len(levels))
    crossings = [c for size in range(order + 1) for c in combinations(whole, size)]
    return Lattice(levels=tuple(int(level) for level in levels), crossings=tuple(crossings))


def margins(lattice: Lattice, joint: ArrayLike) -> Number:
    """Add joint cells up to the cells of all crossings.

    Parameters
    ----------
    lattice : Lattice
    joint : array_like, shape (..., joint)
        Counts or amounts, in any unit; NaN spreads to every cell above.

    Returns
    -------
    ndarray, shape (..., cells)
        Of the same type and unit. Always summed in the same order.

    Raises
    ------
    ValueError
        If the last axis is not that of the joint cells.

    Examples
    --------
    >>> margins(cross((2, 2)), [1, 2, 3, 4])
    array([10,  3,  7,  4,  6,  1,  2,  3,  4])
    """
    values = np.asarray(joint)
    if not values.ndim or values.shape[-1] != lattice.joint:
        raise ValueError(f"joint: found shape {values.shape}, expected (..., {lattice.joint})")
    before = values.shape[:-1]
    found: dict[tuple[int, ...], Number] = {}
    whole = tuple(range(len(lattice.levels)))
    for crossing in sorted(lattice.crossings, key=lambda c: (-len(c), c)):
        above = [c for c in found if set(c) >= set(crossing)]
        source = min(above, key=lambda c: (prod(lattice.shape(c)), c), default=whole)
        table = found.get(source, values).reshape(*before, *lattice.shape(source))
        gone = [len(before) + k for k, i in enumerate(source) if i not in crossing]
        found[crossing] = sum_over(table, gone).reshape(*before, -1)
    return np.concatenate([found[crossing] for crossing in lattice.crossings], axis=-1)


def sum_over(table: Number, axes: Sequence[int]) -> Number:
    """Add up over axes, given in ascending order, and keep them with length 1.

    One after the other: ten times as fast as all at once for tables of eight axes, measured.

    Examples
    --------
    >>> sum_over(np.ones((2, 3, 4)), [0, 2]).ravel()
    array([8., 8., 8.])
    """
    for axis in axes:
        table = table.sum(axis=axis, dtype=table.dtype, keepdims=True)
    return table


def cells_above(lattice: Lattice, joint: ArrayLike) -> Ints:
    """Return the cell of every crossing that holds each joint cell, shape (joint cells, crossings).

    Examples
    --------
    >>> cells_above(cross((2, 2)), [0, 3])
    array([[0, 1, 3, 5],
           [0, 2, 4, 8]])
    """
    numbers = np.asarray(joint, np.int64)
    levels = np.unravel_index(numbers, lattice.levels)
    result = np.empty((numbers.size, len(lattice.crossings)), np.int64)
    for table, crossing in enumerate(lattice.crossings):
        code = np.full(numbers.size, 0, np.int64)
        for i in crossing:
            code = code * lattice.levels[i] + levels[i]
        result[:, table] = lattice.starts[table] + code
    return result


def lines(lattice: Lattice) -> Lines:
    """Return every sum by which a cell of one crossing follows from the cells of the next.

    Next to a crossing is any that adds characteristics to it with no other crossing of the lattice
    between the two; where all crossings are there, it adds one characteristic.

    Examples
    --------
    >>> found = lines(cross((2, 2)))
    >>> found.parent, found.child.reshape(-1, 2)[:2]
    (array([0, 0, 1, 2, 3, 4]),
     array([[1, 2],
            [3, 4]]))
    """
    parents, children, tables, withins = [], [], [], []
    for within, table in _neighbours(lattice):
        inner, crossing = lattice.crossings[within], lattice.crossings[table]
        numbers = np.arange(*lattice.starts[table : table + 2]).reshape(lattice.shape(crossing))
        order = [crossing.index(i) for i in inner]
        order += [k for k, i in enumerate(crossing) if i not in inner]
        parent = np.arange(*lattice.starts[within : within + 2])
        parents.append(parent)
        children.append(numbers.transpose(order).reshape(parent.size, -1))
        tables.append(np.full(parent.size, table))
        withins.append(np.full(parent.size, within))
    if not parents:
        none = np.empty(0, np.int64)
        return Lines(parent=none, start=np.zeros(1, np.int64), child=none, table=none, within=none)
    lengths = np.concatenate([np.full(len(each), each.shape[1]) for each in children])
    return Lines(
        parent=np.concatenate(parents),
        start=np.concatenate([[0], np.cumsum(lengths)]),
        child=np.concatenate([each.ravel() for each in children]),
        table=np.concatenate(tables),
        within=np.concatenate(withins),
    )


def _neighbours(lattice: Lattice) -> list[tuple[int, int]]:
    """Return pairs of crossings, the smaller first, with none between them."""
    sets = [frozenset(crossing) for crossing in lattice.crossings]
    pairs = []
    for within, inner in enumerate(sets):
        above = [table for table, outer in enumerate(sets) if inner < outer]
        pairs += [(within, t) for t in above if not any(sets[k] < sets[t] for k in above)]
    return pairs


def possible(lattice: Lattice, empty: ArrayLike) -> Ints:
    """Return the joint cells that may hold somebody: those without a known empty cell above.

    Parameters
    ----------
    lattice : Lattice
    empty : array_like of bool, shape (cells,)
        Cells of which everybody knows that they are empty, for instance published zeros.

    Examples
    --------
    >>> possible(cross((2, 2)), [0, 0, 1, 0, 0, 0, 0, 0, 0])
    array([0, 1])
    """
    known = np.asarray(empty, bool)
    free = np.ones(lattice.levels, bool)
    for table, crossing in enumerate(lattice.crossings):
        shape = [n if i in crossing else 1 for i, n in enumerate(lattice.levels)]
        free &= ~known[lattice.span(table)].reshape(shape)
    return np.flatnonzero(free)


def incidence(lattice: Lattice, joint: ArrayLike) -> sparse.csr_array:
    """Return the matrix that adds joint cells up to cells, shape (cells, joint cells given).

    Examples
    --------
    >>> (incidence(cross((2, 2)), [0, 1]) @ [5, 7]).tolist()
    [12, 12, 0, 5, 7, 5, 7, 0, 0]
    """
    above = cells_above(lattice, joint)
    column = np.repeat(np.arange(len(above)), above.shape[1])
    ones = np.ones(above.size, np.int64)
    return sparse.csr_array((ones, (above.ravel(), column)), shape=(lattice.cells, len(above)))
