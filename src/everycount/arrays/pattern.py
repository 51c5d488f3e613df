"""Pattern: changes of a few joint cells that no more than a few published sums notice.

Take two levels of each of some characteristics D and fix the levels of all others. Adding 1 and -1
in turn to the corners of that cube changes only crossings that hold all of D: in any other, two
corners that fall into one cell cancel. Where lower crossings are hidden too, patterns that leave
fewer sums alone draw on more respondents. These moves generate all tables with the same margins
(Diaconis and Sturmfels 1998 call a set that connects them a Markov basis; ours is not a whole one).

References
----------
.. [1] Diaconis, P. and Sturmfels, B. (1998), Algebraic algorithms for sampling from conditional
   distributions, Annals of Statistics 26, 363-397.
.. [2] Hundepool, A. et al. (2012), Statistical Disclosure Control, Wiley, chapter 4, on the
   hypercube method for tables, which hides the corners of such a cube.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from math import comb
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.lattice import Lattice

Array = NDArray[np.float64]
Number = NDArray[Any]
Corner = tuple[int, ...]

PLENTY: Final = 2**30
"""Supply where nobody is taken from anywhere: more than a survey has respondents, and so few that
fifty million of it can be added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A change of the corners of a cube; corner 0 is the cell that gains 1.

    `changes` gives corners (for each characteristic of the cube 0 for the own level, 1 for the
    partner) and what they gain. `seen` gives the sums that notice it: positions of
    characteristics, and the corner of the smaller cube that these span.
    """

    changes: tuple[tuple[Corner, int], ...]
    seen: tuple[tuple[tuple[int, ...], Corner], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cube:
    """Where a pattern is laid: which characteristics of a cell change level.

    `own` change, `fixed` are those of the cell that do not, `rest` are all others, of which any
    levels may be taken. `levels` is the level of each of the cell's characteristics.
    """

    own: tuple[int, ...]
    fixed: tuple[int, ...]
    rest: tuple[int, ...]
    levels: dict[int, int]


@cache
def patterns(size: int) -> tuple[Pattern, ...]:
    """Return the patterns over `size` characteristics that the search uses.

    One for each way to put the characteristics into groups that change level together (all alone:
    only the full crossing notices; all together: a respondent moves from the far corner to the
    near one), and for each order r between, the one that sums over more than r characteristics
    notice and that draws on corners at least `size - r` levels away. Over none, a respondent comes.

    Examples
    --------
    >>> [len(patterns(size)) for size in (0, 1, 2, 3)]
    [1, 1, 2, 6]
    >>> patterns(2)[0].changes
    (((0, 0), 1), ((0, 1), -1), ((1, 0), -1), ((1, 1), 1))
    """
    found = []
    for groups in _groupings(size):
        weights = {}
        for flips in product((0, 1), repeat=max(groups, default=-1) + 1):
            weights[tuple(flips[group] for group in groups)] = (-1) ** sum(flips)
        found.append(_pattern(weights, size))
    for order in range(size - 2, 0, -1):
        far = size - order
        by_distance = [1, *[0] * (far - 1)]
        for e in range(order + 1):
            by_distance.append(-sum(comb(far, k) * by_distance[e + k] for k in range(far)))
        corners = product((0, 1), repeat=size)
        found.append(_pattern({each: by_distance[sum(each)] for each in corners}, size))
    return tuple(found)


def _groupings(size: int) -> Iterator[tuple[int, ...]]:
    """Yield the group of each of `size` things for every grouping, all alone first."""
    every = [
        groups
        for groups in product(range(size), repeat=size)
        if all(g <= max(groups[:k], default=-1) + 1 for k, g in enumerate(groups))
    ]
    yield from sorted(every, key=lambda groups: (-max(groups, default=0), groups))


def _pattern(weights: dict[Corner, int], size: int) -> Pattern:
    seen = []
    for count in range(size + 1):
        for places in combinations(range(size), count):
            sums: dict[Corner, int] = {}
            for corner, weight in weights.items():
                part = tuple(corner[k] for k in places)
                sums[part] = sums.get(part, 0) + weight
            seen += [(places, part) for part, total in sorted(sums.items()) if total]
    changes = tuple((corner, w) for corner, w in sorted(weights.items()) if w)
    return Pattern(changes=changes, seen=tuple(seen))


def cells_within(lattice: Lattice, levels: dict[int, int]) -> dict[tuple[int, ...], int]:
    """Return the cell of every crossing of some characteristics, at their levels.

    Examples
    --------
    >>> from everycount.arrays.lattice import cross
    >>> cells_within(cross((2, 3)), {1: 2})
    {(): 0, (1,): 5}
    """
    found = {}
    for table, crossing in enumerate(lattice.crossings):
        if levels.keys() >= set(crossing):
            code = 0
            for i in crossing:
                code = code * lattice.levels[i] + levels[i]
            found[crossing] = lattice.starts[table] + code
    return found


def supply(tables: Number, cube: Cube, pattern: Pattern, operation: Corner) -> Number:
    """Return how often a pattern can be applied before a joint cell is empty.

    Parameters
    ----------
    tables : ndarray, shape (layers, *levels)
    cube : Cube
    pattern : Pattern
    operation : tuple of int
        What each layer gains where the pattern says 1.

    Returns
    -------
    ndarray, one axis for each of `own` (level of the partner) and of `rest`
        0 where the partner would be the own level. Whole numbers where tables are whole.
    """
    kept = sorted((*cube.own, *cube.rest))
    index = tuple(
        cube.levels[i] if i in cube.fixed else slice(None) for i in range(tables.ndim - 1)
    )
    order = [kept.index(i) for i in (*cube.own, *cube.rest)]
    limits = []
    for layer, sign in enumerate(operation):
        table = tables[layer][index].transpose(order)
        for corner, weight in pattern.changes:
            taken = -sign * weight
            if taken > 0:
                part = table[_slices(cube, corner)]
                limits.append(part if taken == 1 else _divide(part, taken))
    least: Number = np.full((), PLENTY, tables.dtype)
    for limit in limits:
        least = np.minimum(least, limit)
    shape = [tables.shape[1 + i] for i in (*cube.own, *cube.rest)]
    least = np.broadcast_to(least, shape).copy()
    for axis, i in enumerate(cube.own):
        least[(slice(None),) * axis + (cube.levels[i],)] = 0
    return least


def _divide(part: Number, taken: int) -> Number:
    """Divide, whole numbers into whole numbers."""
    result: Number = part // taken if part.dtype.kind == "i" else part / taken
    return result


def _slices(cube: Cube, corner: Corner) -> tuple[slice, ...]:
    """Return slices of the first axes: the own level, or all partners."""
    return tuple(
        slice(None) if flipped else slice(cube.levels[i], cube.levels[i] + 1)
        for i, flipped in zip(cube.own, corner, strict=True)
    )


def price(lattice: Lattice, prices: Array, cube: Cube, pattern: Pattern) -> Array:
    """Return what must be paid before a pattern may be applied.

    Parameters
    ----------
    lattice : Lattice
    prices : ndarray, shape (cells,)
        Price of letting a cell change: 0 where it is hidden, infinite where it must be shown.
    cube : Cube
    pattern : Pattern

    Returns
    -------
    ndarray, axes as of `supply`, of length 1 where the price is the same all along
    """
    total = np.zeros((1,) * (len(cube.own) + len(cube.rest)))
    for places in dict.fromkeys(places for places, _ in pattern.seen):
        sums = _price_of_sums(lattice, prices, cube, places)
        if not sums.any():  # a table that is not published notices nothing
            continue
        for each, corner in pattern.seen:
            if each == places:
                whole = [0] * len(cube.own)
                for k, flipped in zip(places, corner, strict=True):
                    whole[k] = flipped
                index = _slices(cube, tuple(whole))
                chosen = [index[k] if k in places else slice(None) for k in range(len(whole))]
                total = total + sums[tuple(chosen)]
    return total


def _price_of_sums(lattice: Lattice, prices: Array, cube: Cube, places: tuple[int, ...]) -> Array:
    """Add the prices of the crossings that hold just these of the own characteristics."""
    mine = {cube.own[k] for k in places}
    axes = (*cube.own, *cube.rest)
    total = np.zeros((1,) * len(axes))
    for table, crossing in enumerate(lattice.crossings):
        if mine != set(cube.own) & set(crossing):
            continue
        part = prices[lattice.span(table)].reshape(lattice.shape(crossing))
        part = part[tuple(cube.levels[i] if i in cube.fixed else slice(None) for i in crossing)]
        kept = [i for i in crossing if i not in cube.fixed]
        part = part.transpose([kept.index(i) for i in axes if i in kept])
        total = total + part.reshape([lattice.levels[i] if i in kept else 1 for i in axes])
    return total


def seen_cells(lattice: Lattice, cube: Cube, pattern: Pattern, place: list[int]) -> list[int]:
    """Return the cells that notice a pattern, with partners and rests at `place`.

    `place` has the level of the partner of each of `own` and of each of `rest`.
    """
    base = dict(cube.levels) | dict(zip(cube.rest, place[len(cube.own) :], strict=True))
    found = []
    for places, corner in pattern.seen:
        mine = {cube.own[k] for k in places}
        levels = dict(base)
        for k, flipped in zip(places, corner, strict=True):
            if flipped:
                levels[cube.own[k]] = place[k]
        cells = cells_within(lattice, levels)
        found += [cell for c, cell in cells.items() if set(c) & set(cube.own) == mine]
    return found
