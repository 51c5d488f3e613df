"""Where the cells of many crossed tables lie, and how one table is rolled up from another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod
from typing import Literal

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
Role = Literal["person", "unit", "stratum"]
"""Whether a variable may change within a sampled unit, between units, or between strata only."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TablePlan:
    """How the rows of one sampled unit reach the cells of every wanted table.

    A unit has *local* tables, one for each set of variables that change within it. Rows are added
    to the largest local tables only (`deep`); the others are rolled up from them (`roll_from`).
    Every kept table is a local table at a place given by the variables that are the same in the
    whole unit (`target_strides`). Variables that are the same in a whole stratum have no place
    here: wanted tables that differ in these alone are kept as one.

    Local tables are numbered; `base` and `size` say where each lies among all local cells.
    """

    roles: tuple[Role, ...]
    sizes: tuple[int, ...]
    base: IntArray
    size: IntArray
    variables: IntArray
    """Variables of each local table, (tables, depth), by position among the person variables."""
    strides: IntArray
    """Stride of each of them, 0 where there is none: (tables, depth)."""
    deep: IntArray
    """Numbers of the local tables that rows are added to."""
    roll_from: IntArray
    """Local tables that are rolled up, in order."""
    roll_start: IntArray
    """Where the map of each begins in `roll_map`."""
    roll_map: IntArray
    """Local cell that each cell of the table rolled up is added to."""
    target_start: IntArray
    """Where the targets of each local table begin: (tables + 1,)."""
    target_base: IntArray
    """First cell of a kept table."""
    target_strides: IntArray
    """Stride of each unit variable in a kept table, 0 where not crossed: (targets, unit vars)."""
    cells: int
    """Number of cells of all kept tables together."""
    wanted: tuple[tuple[int, ...], ...]
    """The wanted tables as asked for."""
    first: tuple[int, ...]
    """Where the kept table of each wanted one begins."""

    @property
    def person(self) -> list[int]:
        """Return the variables that change within units."""
        return [at for at, role in enumerate(self.roles) if role == "person"]

    @property
    def unit(self) -> list[int]:
        """Return the variables that change between units only."""
        return [at for at, role in enumerate(self.roles) if role == "unit"]

    @property
    def stratum(self) -> list[int]:
        """Return the variables that change between strata only."""
        return [at for at, role in enumerate(self.roles) if role == "stratum"]

    def inner(self, table: Sequence[int]) -> list[int]:
        """Return the variables of a kept table in the order of its cells, unit ones first."""
        return _inner(table, self.roles)


def all_tables(variables: int, depth: int) -> tuple[tuple[int, ...], ...]:
    """Return every set of at most `depth` variables, the empty one (the total) first.

    Examples
    --------
    >>> all_tables(3, 2)
    ((), (0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
    """
    return tuple(
        table for width in range(depth + 1) for table in combinations(range(variables), width)
    )


def plan_tables(
    sizes: Sequence[int], wanted: Sequence[tuple[int, ...]], roles: Sequence[Role]
) -> TablePlan:
    """Lay out the wanted tables and decide which is rolled up from which.

    Parameters
    ----------
    sizes : sequence of int
        Number of levels of each variable, with one more where it may be missing.
    wanted : sequence of tuples of int
        Tables, each by the numbers of its variables; () is the total.
    roles : sequence of str
        Role of each variable.

    Returns
    -------
    TablePlan
        The layout.

    Examples
    --------
    >>> plan = plan_tables((2, 3), all_tables(2, 2), ("person", "person"))
    >>> plan.cells, plan.deep.tolist()
    (12, [0])
    """
    kept, first, cells = _kept(sizes, wanted, roles)
    person = [at for at, role in enumerate(roles) if role == "person"]
    place = {variable: at for at, variable in enumerate(person)}
    inner = {tuple(at for at in table if roles[at] == "person") for table in kept}
    local = sorted(inner, key=lambda each: (-len(each), each))
    size = [prod(sizes[at] for at in each) for each in local]
    base = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    depth = max(1, *(len(each) for each in local))
    variables = np.zeros((len(local), depth), dtype=np.int64)
    strides = np.zeros((len(local), depth), dtype=np.int64)
    for number, each in enumerate(local):
        variables[number, : len(each)] = [place[at] for at in each]
        strides[number, : len(each)] = table_strides(sizes, each)
    deep, rolls, maps = _rolls(local, sizes, size, base)
    targets = _targets(local, kept, sizes, roles)
    return TablePlan(
        roles=tuple(roles),
        sizes=tuple(sizes),
        base=base[:-1],
        size=np.array(size, dtype=np.int64),
        variables=variables,
        strides=strides,
        deep=np.array(deep, dtype=np.int64),
        roll_from=np.array(rolls, dtype=np.int64),
        roll_start=np.concatenate([[0], np.cumsum([len(each) for each in maps])]).astype(np.int64),
        roll_map=np.concatenate([np.empty(0, dtype=np.int64), *maps]),
        target_start=targets[0],
        target_base=targets[1],
        target_strides=targets[2],
        cells=cells,
        wanted=tuple(wanted),
        first=first,
    )


def table_strides(sizes: Sequence[int], table: Sequence[int]) -> list[int]:
    """Return by how many cells the levels of each variable of a table lie apart.

    Examples
    --------
    >>> table_strides((2, 3, 4), (0, 2))
    [4, 1]
    """
    return [prod(sizes[at] for at in table[place + 1 :]) for place in range(len(table))]


def _inner(table: Sequence[int], roles: Sequence[Role]) -> list[int]:
    """Return the variables of a kept table in the order of its cells, unit ones first."""
    return [at for role in ("unit", "person") for at in table if roles[at] == role]


def _kept(
    sizes: Sequence[int], wanted: Sequence[tuple[int, ...]], roles: Sequence[Role]
) -> tuple[dict[tuple[int, ...], int], tuple[int, ...], int]:
    """Return the kept tables with their first cells, that of each wanted table, and all cells."""
    kept: dict[tuple[int, ...], int] = {}
    first, cells = [], 0
    for table in wanted:
        inner = tuple(_inner(table, roles))
        if inner not in kept:
            kept[inner] = cells
            cells += prod(sizes[at] for at in inner)
        first.append(kept[inner])
    return kept, tuple(first), cells


def _rolls(
    local: Sequence[tuple[int, ...]],
    sizes: Sequence[int],
    size: Sequence[int],
    base: IntArray,
) -> tuple[list[int], list[int], list[IntArray]]:
    """Return tables that rows are added to, those rolled up, and the maps of cells to cells."""
    deep: list[int] = []
    rolls: list[int] = []
    maps: list[IntArray] = []
    for number, each in enumerate(local):
        above = [at for at in range(number) if set(each) < set(local[at])]
        if not above:
            deep.append(number)
            continue
        source = min(above, key=lambda at: (size[at], at))
        codes = np.arange(size[source])
        into = np.full(size[source], base[number])
        steps = dict(zip(local[source], table_strides(sizes, local[source]), strict=True))
        for at, stride in zip(each, table_strides(sizes, each), strict=True):
            into += codes // steps[at] % sizes[at] * stride
        rolls.append(source)
        maps.append(into)
    return deep, rolls, maps


def _targets(
    local: Sequence[tuple[int, ...]],
    kept: Mapping[tuple[int, ...], int],
    sizes: Sequence[int],
    roles: Sequence[Role],
) -> tuple[IntArray, IntArray, IntArray]:
    """Return for each local table the kept tables it goes to, and where in them."""
    unit = [at for at, role in enumerate(roles) if role == "unit"]
    into: dict[tuple[int, ...], list[tuple[int, list[int]]]] = {each: [] for each in local}
    for table, first in kept.items():
        step = dict(zip(table, table_strides(sizes, table), strict=True))
        inner = tuple(at for at in table if roles[at] == "person")
        into[inner].append((first, [step.get(variable, 0) for variable in unit]))
    found = [into[each] for each in local]
    bases = [first for each in found for first, _ in each]
    strides = [step for each in found for _, step in each]
    return (
        np.cumsum([0, *map(len, found)], dtype=np.int64),
        np.array(bases, dtype=np.int64),
        np.array(strides, dtype=np.int64).reshape(len(bases), len(unit)),
    )


def cell_codes(plan: TablePlan) -> IntArray:
    """Return the level of every variable in every cell, -1 where it is not crossed.

    Parameters
    ----------
    plan : TablePlan
        A layout without variables that are the same in a whole stratum.

    Returns
    -------
    int array, shape (cells, variables)
        Codes from 0.

    Examples
    --------
    >>> plan = plan_tables((2, 2), ((), (0,), (0, 1)), ("person", "person"))
    >>> cell_codes(plan).tolist()
    [[-1, -1], [0, -1], [1, -1], [0, 0], [0, 1], [1, 0], [1, 1]]
    """
    codes = np.full((plan.cells, len(plan.roles)), -1, dtype=np.int64)
    for table, start in zip(plan.wanted, plan.first, strict=True):
        inner = plan.inner(table)
        cells = np.arange(prod(plan.sizes[at] for at in inner))
        for at, stride in zip(inner, table_strides(plan.sizes, inner), strict=True):
            codes[start : start + len(cells), at] = cells // stride % plan.sizes[at]
    return codes


def places(plan: TablePlan, whole: TablePlan) -> tuple[IntArray, IntArray, IntArray]:
    """Return where the kept cells of a layout go among all cells of the same tables.

    Parameters
    ----------
    plan : TablePlan
        A layout with roles.
    whole : TablePlan
        The layout of the same tables without stratum variables, all of them apart.

    Returns
    -------
    source : int array, shape (entries,)
        A cell of `plan`; one cell may have several entries.
    place : int array, shape (entries,)
        The cell of `whole` it goes to if every stratum variable had level 0.
    steps : int array, shape (entries, stratum variables)
        What each level of these adds to it.

    Examples
    --------
    >>> tables = ((), (0,), (0, 1))
    >>> whole = plan_tables((2, 2), tables, ("person", "person"))
    >>> plan = plan_tables((2, 2), tables, ("stratum", "person"))
    >>> source, place, steps = places(plan, whole)
    >>> source.tolist(), place.tolist(), steps[:, 0].tolist()
    ([0, 0, 1, 2], [0, 1, 3, 4], [0, 1, 2, 2])
    """
    parts = []
    for table, start, first in zip(plan.wanted, plan.first, whole.first, strict=True):
        inner = plan.inner(table)
        cells = np.arange(prod(plan.sizes[at] for at in inner))
        stride = dict(zip(table, table_strides(plan.sizes, table), strict=True))
        place = np.full(len(cells), first)
        for at, own in zip(inner, table_strides(plan.sizes, inner), strict=True):
            place += cells // own % plan.sizes[at] * stride[at]
        steps = np.tile([stride.get(at, 0) for at in plan.stratum], (len(cells), 1))
        parts.append((start + cells, place, steps.astype(np.int64)))
    source, place, steps = (np.concatenate(each) for each in zip(*parts, strict=True))
    return source, place, steps
