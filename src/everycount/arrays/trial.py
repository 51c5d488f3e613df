"""Trial: what is demanded of hidden cells, what can be shown of them, and what is sure."""

from dataclasses import dataclass
from math import ceil
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.bounds import Knowledge, figures_of, learn, tighten
from everycount.arrays.disclose import Demand
from everycount.arrays.even import even_out
from everycount.arrays.lattice import Flags, Ints, Lattice, margins
from everycount.arrays.shift import CRUMB, Board, Buy, Target, Witness, effect, is_possible, push

Array = NDArray[np.float64]
Number = NDArray[Any]

AMOUNT: Final = 1e6
"""Amounts are scaled to this total, so that what counts as nothing (`CRUMB`) is a millionth of a
millionth of it, whatever the unit."""


@dataclass(slots=True, kw_only=True, eq=False)
class Trial:
    """A case under examination. Bounds, shown values and hidden cells change in place.

    Parameters
    ----------
    lattice : Lattice
    demand : Demand
        In the unit of the tables.
    cells : ndarray, shape (layers, cells)
        True margins.
    figures : ndarray, shape (figures, cells)
        Layers and their sum.
    hidden, known : ndarray of bool, shape (cells,)
    published, tight : Knowledge
        What the attacker reads; and what follows from it.
    whole : Board, optional
        The true table of respondents; None for amounts.
    fractions : Board
        The most even table with the same margins.
    shown, shown_whole : tuple of ndarray, shape (figures, cells)
        Smallest and largest value in any table found that agrees with everything published; and
        in those of whole respondents.
    unit : float
        What one of these units is in those of the caller.
    base : int
        To which multiple published counts are rounded.
    """

    lattice: Lattice
    demand: Demand
    cells: Number
    figures: Array
    hidden: Flags
    known: Flags
    published: Knowledge
    tight: Knowledge
    whole: Board | None
    fractions: Board
    shown: tuple[Array, Array]
    shown_whole: tuple[Array, Array]
    unit: float
    base: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proof:
    """A witness, what it was found for, and the cells that change in it."""

    board: Board
    target: Target
    witness: Witness
    moved: Ints


def prove(board: Board, target: Target, need: float, *, buy: Buy) -> Proof:
    """Return the witness that `push` finds, whole respondents rounded up."""
    is_whole = board.tables.dtype.kind == "i"
    witness = push(board, target, ceil(need - CRUMB) if is_whole else need, buy=buy)
    moved = effect(board.lattice, witness, len(board.tables))[0]
    return Proof(board=board, target=target, witness=witness, moved=moved)


def open_trial(
    lattice: Lattice,
    tables: Number,
    demand: Demand,
    *,
    hidden: Flags,
    known: Flags | None,
    cost: Array,
    base: int,
) -> Trial:
    """Lay out what is published, and the tables to start from.

    Raises
    ------
    ValueError
        If shapes do not fit, a number is negative, counts are not whole where they must be, or
        something is demanded of a cell that is not hidden.
    """
    told = np.zeros(lattice.cells, bool) if known is None else known
    _check(lattice, tables, demand, hidden=hidden, known=told)
    counts = tables.dtype.kind in "iu"
    unit = 1.0 if counts or not tables.any() else float(tables.sum()) / AMOUNT
    own = tables.astype(np.int64) if counts else tables / unit
    cells = margins(lattice, own)
    shaped = own.reshape(len(own), *lattice.levels)
    even = even_out(lattice, shaped) if demand.reason.any() else shaped.astype(float)
    boards = [
        Board(lattice=lattice, tables=start, hidden=hidden, known=told, cost=cost)
        for start in (shaped, even)
    ]
    figures = figures_of(cells).astype(float)
    none = Knowledge(low=figures, high=figures, endless=np.inf)
    trial = Trial(
        lattice=lattice,
        demand=Demand(
            reason=demand.reason,
            up=demand.up / unit,
            down=demand.down / unit,
            width=demand.width / unit,
        ),
        cells=cells,
        figures=figures,
        hidden=hidden,
        known=told,
        published=none,
        tight=none,
        whole=boards[0] if counts else None,
        fractions=boards[1],
        shown=(figures.copy(), figures.copy()),
        shown_whole=(figures.copy(), figures.copy()),
        unit=unit,
        base=base if counts else 1,
    )
    publish(trial)
    return trial


def _check(
    lattice: Lattice, tables: Number, demand: Demand, *, hidden: Flags, known: Flags
) -> None:
    """Refuse what does not fit together."""
    cells = (lattice.cells,)
    if tables.ndim != 2 or len(tables) not in {1, 2} or tables.shape[1] != lattice.joint:
        raise ValueError(
            f"tables: found shape {tables.shape}, expected (1, {lattice.joint}) or "
            f"(2, {lattice.joint})"
        )
    if not ((tables >= 0) & np.isfinite(tables)).all():
        raise ValueError("tables: expected numbers of 0 or more")
    figures = (2 * len(tables) - 1, *cells)
    if hidden.shape != cells or known.shape != cells or demand.up.shape != figures:
        raise ValueError(
            f"found hidden {hidden.shape}, known {known.shape} and demands {demand.up.shape}, "
            f"expected {cells}, {cells} and {figures}"
        )
    if (demand.reason[~hidden] > 0).any():
        raise ValueError("hidden: found confidential cells that are not hidden")


def publish(trial: Trial) -> None:
    """Take in which cells are hidden now, and draw the conclusions from sums."""
    wanted = np.concatenate([trial.demand.up, trial.demand.width])
    most = float(wanted.max(initial=0))
    trial.published = learn(trial.cells, trial.hidden, trial.known, base=trial.base, most=most)
    trial.tight = tighten(trial.lattice, trial.published)


def record(trial: Trial, witness: Witness) -> None:
    """Take in what a table shows of all cells, if it agrees with everything published."""
    is_whole = witness.change.dtype.kind == "i"
    board = trial.whole if is_whole and trial.whole is not None else trial.fractions
    moved, change = effect(trial.lattice, witness, len(trial.cells))
    if not is_possible(
        board.tables, witness, (moved, change), cells=trial.cells, known=trial.published
    ):
        return
    figures = figures_of(trial.cells[:, moved] + change)
    for low, high in (trial.shown, trial.shown_whole) if is_whole else (trial.shown,):
        low[:, moved] = np.minimum(low[:, moved], figures)
        high[:, moved] = np.maximum(high[:, moved], figures)


def needs_of(trial: Trial, cell: int, figure: int) -> tuple[float, float, float]:
    """Return how far up and down a figure must be able to go, and both together."""
    demand = trial.demand
    return (
        float(demand.up[figure, cell]),
        float(demand.down[figure, cell]),
        float(demand.width[figure, cell]),
    )


def asked_figures(trial: Trial, cell: int) -> list[int]:
    """Return the figures of a cell of which something is demanded."""
    return [f for f in range(len(trial.figures)) if any(needs_of(trial, cell, f))]


def is_met(trial: Trial, cell: int, low: Array, high: Array) -> bool:
    """Say whether ranges fulfil what is demanded of a cell."""
    for figure in asked_figures(trial, cell):
        up, down, width = needs_of(trial, cell, figure)
        value = trial.figures[figure, cell]
        above, below = high[figure, cell] - value, value - low[figure, cell]
        if min(above - up, below - down, above + below - width) < -CRUMB:
            return False
    return True


def show(
    board: Board,
    target: Target,
    needs: tuple[float, float, float],
    *,
    buy: Buy,
    so_far: tuple[float, float] = (0.0, 0.0),
) -> tuple[list[Proof], tuple[float, float]]:
    """Find tables in which a hidden figure is as much larger and smaller as needed.

    Parameters
    ----------
    board : Board
    target : Target
        Cell and layer; the direction is left aside.
    needs : tuple of float
        Up, down, and both together.
    buy : {"nothing", "around", "anything"}
        As in `push`. For what both directions lack together, nothing is bought downwards.
    so_far : tuple of float
        How far up and down is shown already.

    Returns
    -------
    list of Proof
    tuple of float
        How far up and down is shown now.
    """
    proofs: list[Proof] = []
    reach = {1: so_far[0], -1: so_far[1]}
    up, down, width = needs

    def go(direction: Literal[1, -1], need: float, how: Buy) -> None:
        if need <= reach[direction] + CRUMB:
            return
        aim = Target(cell=target.cell, layer=target.layer, direction=direction)
        proof = prove(board, aim, need, buy=how)
        if proof.witness.gain > reach[direction] + CRUMB:
            reach[direction] = proof.witness.gain
            proofs.append(proof)

    go(1, up, buy)
    go(-1, down, buy)
    go(-1, width - reach[1], "nothing")
    go(1, width - reach[-1], buy)
    return proofs, (reach[1], reach[-1])
