"""The one compiled kernel: rows of microdata become moments of unit totals in every table."""

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

from everycount.arrays.tables import TablePlan

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
CodeArray = npt.NDArray[np.uint16]
PlaceArray = npt.NDArray[np.uint32]

LANES = 8
"""Slots are padded to a multiple of this: the doubles of one line of the cache, which are added
with vector instructions."""
SMALL_UNIT = 24
"""Units with fewer rows are added cell by cell, as rolling up whole tables would cost more. Any
value gives the same figures but for rounding; 8 to 64 were equally fast on simulated surveys."""
BLOCK = 1024
"""Rows whose cells are worked out at a time; 256 to 1024 were equally fast."""
MOMENTS = 8
"""Numbers kept of an outcome: sums over units of A and C; sums over units with members of the
squared distances of A and of C from their means and of the products of these (A A, A C, C C); units
with members; units with members that count; one to fill a line of the cache."""


class Layout(NamedTuple):
    """The arrays of a `TablePlan`, as compiled code takes them."""

    base: IntArray
    size: IntArray
    variables: IntArray
    strides: IntArray
    deep: IntArray
    roll_from: IntArray
    roll_start: IntArray
    roll_map: IntArray
    target_start: IntArray
    target_base: IntArray
    target_strides: IntArray
    pairs: IntArray


class State(NamedTuple):
    """What a pass over the rows builds up, changed in place."""

    local: FloatArray
    """Cells of the unit at hand, (local cells, slots)."""
    totals: FloatArray
    """Sums over the units of a stratum, (strata, cells, slots)."""
    moments: FloatArray
    """What `MOMENTS` says, over the units of a stratum: (strata, cells, outcomes, 8)."""


def layout(plan: TablePlan, pairs: IntArray) -> Layout:
    """Return what the kernel must know of the tables.

    Parameters
    ----------
    plan : TablePlan
        Where cells lie.
    pairs : int array, shape (outcomes, 5)
        Slots of each outcome: A, C, the number of members, 1 where C is that slot less A, and the
        number of members that count.
    """
    arrays = {name: getattr(plan, name) for name in Layout._fields if name != "pairs"}
    return Layout(pairs=np.ascontiguousarray(pairs, dtype=np.int64), **arrays)


def new_state(plan: TablePlan, *, slots: int, outcomes: int, strata: int) -> State:
    """Return the empty state for so many slots (before padding), outcomes and strata."""
    local = int(plan.base[-1] + plan.size[-1])
    return State(
        np.zeros((local, padded(slots))),
        np.zeros((strata, plan.cells, padded(slots))),
        np.zeros((strata, plan.cells, outcomes, MOMENTS)),
    )


def padded(slots: int) -> int:
    """Return the number of slots filled up to whole lanes.

    Examples
    --------
    >>> padded(7), padded(8), padded(9)
    (8, 8, 16)
    """
    return -(-slots // LANES) * LANES


def scatter(
    values: FloatArray,
    codes: CodeArray,
    starts: IntArray,
    *,
    strata: IntArray,
    unit_codes: IntArray,
    goes_on: tuple[bool, bool],
    layout: Layout,
    state: State,
) -> None:
    """Add the rows of a batch to the moments of their strata.

    Parameters
    ----------
    values : float array, shape (rows, padded slots)
        What is added up. The first slot must be positive in every row, as a cell where it is 0
        is taken as empty.
    codes : uint16 array, shape (person variables, rows)
        Levels from 0.
    starts : int array, shape (units + 1,)
        Rows at which units begin, and the end.
    strata : int array, shape (units,)
        Stratum of each unit, from 0.
    unit_codes : int array, shape (units, unit variables)
        Levels of the variables that are the same in a whole unit.
    goes_on : tuple of two bool
        Whether the first unit began in the batch before, and whether the last one goes on in the
        next.
    layout : Layout
        From `layout`.
    state : State
        From `new_state`, changed in place.

    Notes
    -----
    Compiled on the first call, and kept on disk. For proportions A and C are the weights of
    those with and without the outcome: their moments, unlike those of A and A + C, lose no digits
    where a proportion comes near 1. Squares are of distances from the mean so far, so that totals
    that hardly differ between units lose none either.

    References
    ----------
    .. [1] Youngs, E. A. and Cramer, E. M. (1971), Some results relevant to choice of sum and
       sum-of-product algorithms, Technometrics 13, 657-665.
    """
    small = np.empty(len(layout.base) * SMALL_UNIT * 2, dtype=np.int64)
    place = np.empty(BLOCK, dtype=np.uint32)
    _scatter(values, codes, starts, strata, unit_codes, goes_on, layout, state, small, place)


@numba.njit(cache=True, nogil=True)
def _scatter(
    values: FloatArray,
    codes: CodeArray,
    starts: IntArray,
    strata: IntArray,
    unit_codes: IntArray,
    goes_on: tuple[bool, bool],
    layout: Layout,
    state: State,
    small: IntArray,
    place: PlaceArray,
) -> None:
    """Go through the units of a batch."""
    last = strata.shape[0] - 1
    local = state.local
    for unit in range(last + 1):
        begin, end = starts[unit], starts[unit + 1]
        stays_open = unit == last and goes_on[1]
        was_open = unit == 0 and goes_on[0]
        totals, moments = state.totals[strata[unit]], state.moments[strata[unit]]
        if end - begin < SMALL_UNIT and not stays_open and not was_open:
            count = _add_small(values, codes, begin, end, layout, local, small)
            _flush_small(small, count, unit_codes[unit], layout, local, totals, moments)
            continue
        for first in range(begin, end, BLOCK):
            _add_deep(values, codes, first, min(first + BLOCK, end), layout, local, place)
        if not stays_open:
            _roll_up(layout, local)
            _flush(unit_codes[unit], layout, local, totals, moments)


@numba.njit(cache=True, nogil=True, inline="always")
def _add(into: FloatArray, cell: int, values: FloatArray, row: int) -> None:
    """Add a row to a cell."""
    if values.shape[1] == LANES:  # said outright, so that the compiler sees no loop
        _add_line(into, cell, values, row, 0)
    else:
        for slot in range(0, values.shape[1], LANES):
            _add_line(into, cell, values, row, slot)


@numba.njit(cache=True, nogil=True, inline="always")
def _add_line(into: FloatArray, cell: int, values: FloatArray, row: int, slot: int) -> None:
    """Add eight slots of a row to a cell: loads before stores let them be one."""
    zero = into[cell, slot] + values[row, slot]
    one = into[cell, slot + 1] + values[row, slot + 1]
    two = into[cell, slot + 2] + values[row, slot + 2]
    three = into[cell, slot + 3] + values[row, slot + 3]
    four = into[cell, slot + 4] + values[row, slot + 4]
    five = into[cell, slot + 5] + values[row, slot + 5]
    six = into[cell, slot + 6] + values[row, slot + 6]
    seven = into[cell, slot + 7] + values[row, slot + 7]
    into[cell, slot] = zero
    into[cell, slot + 1] = one
    into[cell, slot + 2] = two
    into[cell, slot + 3] = three
    into[cell, slot + 4] = four
    into[cell, slot + 5] = five
    into[cell, slot + 6] = six
    into[cell, slot + 7] = seven


@numba.njit(cache=True, nogil=True)
def _add_small(
    values: FloatArray,
    codes: CodeArray,
    begin: int,
    end: int,
    layout: Layout,
    local: FloatArray,
    small: IntArray,
) -> int:
    """Add the rows of a small unit to all its local tables; note the cells touched."""
    count = 0
    for row in range(begin, end):
        for table in range(layout.base.shape[0]):
            cell = layout.base[table]
            for at in range(layout.variables.shape[1]):
                if layout.strides[table, at] > 0:
                    code = np.int64(codes[layout.variables[table, at], row])
                    cell += layout.strides[table, at] * code
            if local[cell, 0] == 0.0:
                small[count] = cell
                small[count + 1] = table
                count += 2
            _add(local, cell, values, row)
    return count


@numba.njit(cache=True, nogil=True)
def _add_deep(
    values: FloatArray,
    codes: CodeArray,
    begin: int,
    end: int,
    layout: Layout,
    local: FloatArray,
    place: PlaceArray,
) -> None:
    """Add rows to the largest local tables, one table after the other: each stays in the cache."""
    rows = end - begin
    for number in range(layout.deep.shape[0]):
        table = layout.deep[number]
        place[:rows] = layout.base[table]
        for at in range(layout.variables.shape[1]):
            stride = np.uint32(layout.strides[table, at])
            if stride > 0:
                column = codes[layout.variables[table, at], begin:end]
                for row in range(rows):
                    place[row] += stride * np.uint32(column[row])
        for row in range(rows):
            _add(local, place[row], values, begin + row)


@numba.njit(cache=True, nogil=True)
def _roll_up(layout: Layout, local: FloatArray) -> None:
    """Fill the other local tables from the largest ones."""
    for number in range(layout.roll_from.shape[0]):
        source = layout.roll_from[number]
        for at in range(layout.size[source]):
            cell = layout.base[source] + at
            if local[cell, 0] != 0.0:
                _add(local, layout.roll_map[layout.roll_start[number] + at], local, cell)


@numba.njit(cache=True, nogil=True, inline="always")
def _count(local: FloatArray, cell: int, into: int, moments: FloatArray, pairs: IntArray) -> None:
    """Add one cell of a finished unit to the moments of its stratum."""
    for outcome in range(pairs.shape[0]):
        if local[cell, pairs[outcome, 2]] == 0.0:
            continue
        kept = moments[into, outcome]
        first = local[cell, pairs[outcome, 0]]
        second = local[cell, pairs[outcome, 1]]
        if pairs[outcome, 3] == 1:
            second -= first
        before = kept[5]
        share = 1.0 / (before * (before + 1.0)) if before > 0.0 else 0.0
        # Distances from the mean of the units before, times their number.
        away, apart = before * first - kept[0], before * second - kept[1]
        scaled = share * away
        sums = kept[0] + first, kept[1] + second
        squares = kept[2] + scaled * away, kept[3] + scaled * apart, kept[4] + share * apart * apart
        kept[0], kept[1] = sums
        kept[2], kept[3], kept[4] = squares
        kept[5] = before + 1.0
        kept[6] += 1.0 if local[cell, pairs[outcome, 4]] != 0.0 else 0.0


@numba.njit(cache=True, nogil=True)
def _flush_small(
    small: IntArray,
    count: int,
    unit_codes: IntArray,
    layout: Layout,
    local: FloatArray,
    totals: FloatArray,
    moments: FloatArray,
) -> None:
    """Add the noted cells of a finished unit to their kept tables, and clear them."""
    for at in range(0, count, 2):
        cell, table = small[at], small[at + 1]
        for target in range(layout.target_start[table], layout.target_start[table + 1]):
            into = layout.target_base[target] + cell - layout.base[table]
            for variable in range(unit_codes.shape[0]):
                into += layout.target_strides[target, variable] * unit_codes[variable]
            _add(totals, into, local, cell)
            _count(local, cell, into, moments, layout.pairs)
        local[cell, :] = 0.0


@numba.njit(cache=True, nogil=True)
def _flush(
    unit_codes: IntArray,
    layout: Layout,
    local: FloatArray,
    totals: FloatArray,
    moments: FloatArray,
) -> None:
    """Add all cells of a finished unit to their kept tables, and clear them."""
    for table in range(layout.base.shape[0]):
        begin, end = layout.base[table], layout.base[table] + layout.size[table]
        for target in range(layout.target_start[table], layout.target_start[table + 1]):
            away = layout.target_base[target] - begin
            for variable in range(unit_codes.shape[0]):
                away += layout.target_strides[target, variable] * unit_codes[variable]
            for cell in range(begin, end):
                if local[cell, 0] != 0.0:
                    _add(totals, cell + away, local, cell)
                    _count(local, cell, cell + away, moments, layout.pairs)
        local[begin:end, :] = 0.0
