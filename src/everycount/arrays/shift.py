"""Shift: other tables of respondents that leave every published figure as it is.

Two tables that agree in everything published cannot be told apart by anybody who knows no more. A
table in which a hidden cell holds more than it does, or fewer, is therefore a proof that the value
cannot be deduced, by linear programming or by any other means. Such a table is called a *witness*.
Of whole respondents, it also withstands an attacker who uses that counts are whole.

The same moves, small enough, are open to weighted counts and to weighted totals, for weights of
the respondents who move are unknown and positive: what is shown of counts holds for these in so
far as that they are not determined either.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.bounds import Knowledge, figures_of
from everycount.arrays.lattice import Flags, Ints, Lattice
from everycount.arrays.pattern import (
    Cube,
    Pattern,
    cells_within,
    patterns,
    price,
    seen_cells,
    supply,
)

Array = NDArray[np.float64]
Number = NDArray[Any]
Buy = Literal["nothing", "around", "anything"]

CRUMB: Final = 1e-6
"""Part of a respondent that counts as nobody: more than sums of doubles lose in tables of up to a
hundred million, less than anybody could use."""
STEPS: Final = 64
"""Moves and purchases for one cell at most. Ten suffice as a rule, measured on 5,151 cells."""


@dataclass(slots=True, kw_only=True, eq=False)
class Board:
    """Tables of respondents, what is hidden of them, and what hiding more would cost.

    Parameters
    ----------
    lattice : Lattice
    tables : ndarray, shape (layers, *levels)
        Respondents of each kind (all; or those who say yes and those who say no) in joint cells:
        whole numbers, or fractions of respondents, or amounts. Changed in place and put back.
    hidden : ndarray of bool, shape (cells,)
        Changed in place where cells are bought.
    known : ndarray of bool, shape (cells,)
        Cells whose number of respondents, all layers together, is known though they are hidden,
        for it is published with another outcome.
    cost : ndarray, shape (cells,)
        What is lost by hiding a cell; infinite where it must be shown.
    memo : dict
        Prices of the cell that was looked at last, for it is looked at several times.
    """

    lattice: Lattice
    tables: Number
    hidden: Flags
    known: Flags
    cost: Array
    memo: dict[Any, Array] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A hidden cell, the layer that is to change in it (-1: all together), 1 for up, -1 down."""

    cell: int
    layer: int
    direction: Literal[1, -1]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Witness:
    """Another table: what joint cells of which layers gain; arrays of shape (changes,).

    `gain` is how far the target moves, 0 or more in either direction.
    """

    joint: Ints
    layer: Ints
    change: Number
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Option:
    """A pattern laid on a cube, with supply and price by partner and rest."""

    cube: Cube
    pattern: Pattern
    operation: tuple[int, ...]
    supply: Number
    price: Array


def push(board: Board, target: Target, need: float, *, buy: Buy) -> Witness:
    """Move respondents until a hidden cell has changed as much as needed, or nothing more moves.

    Parameters
    ----------
    board : Board
        Its tables are as before afterwards.
    target : Target
    need : float
        In respondents, or in the unit of the amounts.
    buy : {"nothing", "around", "anything"}
        Whether more cells may be hidden to let respondents move, those first that cost least for
        what they bring: none; none that holds the target's respondents; any.

    Returns
    -------
    Witness
        `gain` is below `need` where no more was found. The search is not exhaustive.
    """
    steps: list[Witness] = []
    got = 0.0
    for _ in range(STEPS):
        if got > need - CRUMB:
            break
        step, options = _best_free(board, target, need - got, buy)
        if step is not None:
            _apply(board, step, 1)
            steps.append(step)
            got += step.gain
        elif buy == "nothing" or not _purchase(board, options, need - got):
            break
    for step in steps:
        _apply(board, step, -1)
    none = np.empty(0, np.int64)
    return Witness(
        joint=np.concatenate([none, *(step.joint for step in steps)]),
        layer=np.concatenate([none, *(step.layer for step in steps)]),
        change=np.concatenate([none.astype(board.tables.dtype), *(s.change for s in steps)]),
        gain=sum(step.gain for step in steps),
    )


def _options(board: Board, target: Target, buy: Buy) -> Iterator[_Option]:
    """Yield what may be tried for a target."""
    lattice = board.lattice
    table, at = lattice.place(target.cell)
    levels = dict(zip(lattice.crossings[table], at, strict=True))
    within = cells_within(lattice, levels)
    asked = np.where(board.hidden, 0.0, board.cost)
    state = (target.cell, board.hidden.tobytes())
    if state not in board.memo:
        board.memo.clear()
        board.memo[state] = asked
    for operation in _operations(len(board.tables), target):
        counted = sum(operation) != 0
        prices = np.where(board.known, np.inf, asked) if counted else asked
        limit = np.inf if buy == "anything" else CRUMB
        blocked = {c for c, cell in within.items() if prices[cell] >= limit}
        for number, (cube, pattern) in enumerate(_laid(lattice, levels)):
            if _is_blocked(cube.own, pattern, blocked):
                continue
            key = (counted, number)
            if key not in board.memo:
                board.memo[key] = price(lattice, prices, cube, pattern)
            asking = board.memo[key]
            if asking.min() > 0 if buy == "nothing" else not np.isfinite(asking).any():
                continue
            yield _Option(
                cube=cube,
                pattern=pattern,
                operation=operation,
                supply=supply(board.tables, cube, pattern, operation),
                price=asking,
            )


def _laid(lattice: Lattice, levels: dict[int, int]) -> Iterator[tuple[Cube, Pattern]]:
    """Yield every pattern over every choice of the characteristics of a cell, the largest first."""
    rest = tuple(i for i in range(len(lattice.levels)) if i not in levels)
    for size in range(len(levels), -1, -1):
        for own in combinations(levels, size):
            fixed = tuple(i for i in levels if i not in own)
            for pattern in patterns(size):
                yield Cube(own=own, fixed=fixed, rest=rest, levels=levels), pattern


def _operations(layers: int, target: Target) -> list[tuple[int, ...]]:
    """Return what each layer may gain where the target changes by one."""
    unit = np.eye(layers, dtype=int) * target.direction
    if target.layer < 0:
        return [tuple(row) for row in unit.tolist()]
    others = [k for k in range(layers) if k != target.layer]
    swaps = [unit[target.layer] - unit[k] for k in others]
    return [tuple(each.tolist()) for each in (unit[target.layer], *swaps)]


def _is_blocked(own: tuple[int, ...], pattern: Pattern, blocked: set[tuple[int, ...]]) -> bool:
    """Say whether a pattern would show in a cell that must not change and holds the target."""
    seen = {places for places, corner in pattern.seen if not any(corner)}
    return any(tuple(k for k, i in enumerate(own) if i in cell) in seen for cell in blocked)


def _best_free(
    board: Board, target: Target, need: float, buy: Buy
) -> tuple[Witness | None, list[_Option]]:
    """Return the first free move that brings what is needed, or that which brings most.

    With it come the options seen; all of them where no move is free.
    """
    best, most, options = None, CRUMB, []
    for option in _options(board, target, buy):
        options.append(option)
        free = np.where(option.price == 0, option.supply, 0)
        each = free.reshape(-1, np.prod(free.shape[len(option.cube.own) :], dtype=int))
        brought = np.minimum(each.sum(axis=1), need)
        partner = int(brought.argmax())
        if brought[partner] > most:
            most = float(brought[partner])
            best = (option, partner, each[partner])
            if most >= need:
                break
    return None if best is None else _move(board.lattice, *best, need=need), options


def _move(
    lattice: Lattice, option: _Option, partner: int, supplied: Number, *, need: float
) -> Witness:
    """Return the changes of one pattern with one partner, the richest rests first."""
    cube, shape = option.cube, lattice.levels
    order = np.argsort(-supplied, kind="stable")
    order = order[supplied[order] > 0]
    before = np.cumsum(supplied[order]) - supplied[order]
    order = order[before < need]
    amount = np.minimum(supplied[order], (need - before[: order.size]).astype(supplied.dtype))
    at: list[Any] = [cube.levels.get(i, 0) for i in range(len(shape))]
    if cube.rest:
        for i, levels in zip(
            cube.rest, np.unravel_index(order, [shape[i] for i in cube.rest]), strict=True
        ):
            at[i] = levels
    partners = np.unravel_index(partner, [shape[i] for i in cube.own])
    joint, layer, change = [], [], []
    for corner, weight in option.pattern.changes:
        for i, k, flipped in zip(cube.own, partners, corner, strict=True):
            at[i] = int(k) if flipped else cube.levels[i]
        number = np.full(order.size, np.ravel_multi_index(tuple(at), shape))
        for kind, sign in enumerate(option.operation):
            if sign:
                joint.append(number)
                layer.append(np.full(order.size, kind))
                change.append(amount * (sign * weight))
    return Witness(
        joint=np.concatenate(joint),
        layer=np.concatenate(layer),
        change=np.concatenate(change),
        gain=float(amount.sum()),
    )


def _apply(board: Board, step: Witness, sign: Literal[1, -1]) -> None:
    flat = board.tables.reshape(len(board.tables), -1)
    np.add.at(flat, (step.layer, step.joint), sign * step.change)


def _purchase(board: Board, options: list[_Option], need: float) -> bool:
    """Hide the cells that let respondents move at the least cost each; False if none would."""
    best, least = None, np.inf
    for option in options:
        size = len(option.cube.own)
        supplied, asked = option.supply, option.price
        if set(asked.shape[size:]) <= {1}:
            supplied = supplied.sum(axis=tuple(range(size, supplied.ndim)), keepdims=True)
        usable = (supplied > CRUMB) & np.isfinite(asked)
        brought = np.where(usable, np.minimum(supplied, need), 1)
        rate = np.where(usable, asked / brought, np.inf)
        place = int(rate.argmin())
        if rate.flat[place] < least:
            least = float(rate.flat[place])
            best = (option, [int(k) for k in np.unravel_index(place, rate.shape)])
    if best is None:
        return False
    option, chosen = best
    board.hidden[seen_cells(board.lattice, option.cube, option.pattern, chosen)] = True
    return True


def effect(lattice: Lattice, witness: Witness, layers: int) -> tuple[Ints, Number]:
    """Return the cells that a witness changes, and by how much in each layer.

    Returns
    -------
    ndarray of int, shape (changed,)
        Ascending.
    ndarray, shape (layers, changed)
        What each layer of these cells gains; a change below `CRUMB` is none.
    """
    levels = np.unravel_index(witness.joint, lattice.levels)
    change = np.zeros((layers, lattice.cells))
    for table, crossing in enumerate(lattice.crossings):
        code = witness.layer
        for i in crossing:
            code = code * lattice.levels[i] + levels[i]
        size = lattice.starts[table + 1] - lattice.starts[table]
        sums = np.bincount(code, witness.change, minlength=layers * size)
        change[:, lattice.span(table)] = sums.reshape(layers, size)
    cells = np.flatnonzero((np.abs(change) > CRUMB).any(axis=0))
    return cells, change[:, cells].astype(witness.change.dtype)


def is_possible(
    tables: Number, witness: Witness, moved: tuple[Ints, Number], *, cells: Number, known: Knowledge
) -> bool:
    """Say whether a witness is a table of respondents that agrees with everything published.

    Added up anew from the joint cells, without trust in how the witness was found.

    Parameters
    ----------
    tables : ndarray, shape (layers, *levels)
        The table that the witness changes.
    witness : Witness
    moved : tuple of ndarray
        Its `effect`.
    cells : ndarray, shape (layers, cells)
        The margins of the table.
    known : Knowledge
        What is published, before any conclusion.
    """
    flat = tables.reshape(len(tables), -1)
    spots, which = np.unique(np.stack([witness.layer, witness.joint]), axis=1, return_inverse=True)
    after = flat[spots[0], spots[1]].astype(float)
    np.add.at(after, which.ravel(), witness.change)
    at, change = moved
    figures = figures_of(cells[:, at] + change)
    low, high = known.low[:, at] - CRUMB, known.high[:, at] + CRUMB
    return bool((after >= -CRUMB).all() and (figures >= low).all() and (figures <= high).all())
