"""Attack: what can be deduced of hidden cells from everything published.

The unknowns of the attacker are the respondents of all joint cells, for an outcome those who say
yes and those who say no; the known facts are the figures of all published cells, zeros and totals
among them. Nothing else is known: an attacker who is the only respondent of a cell, or who knows
what rule hid it, knows more than is granted here. Outcomes are attacked one at a time.

*Leaks* are proven by bounds that no table can exceed: sum by sum; by linear programming over all
hidden cells tied by sums (a relaxation); by integer programming over the joint cells, where these
are few. *Safety* is proven by showing another table that agrees with everything published (a
witness), of whole respondents or of fractions. Where neither is found the cell is unproven.
"""

import time
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from math import ceil, floor
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.disclose import Demand
from everycount.arrays.lattice import Ints, Lattice
from everycount.arrays.program import (
    TOLERANCE,
    Program,
    Solution,
    furthest,
    joint_program,
    program_of_sums,
)
from everycount.arrays.shift import Target, Witness
from everycount.arrays.trial import (
    Trial,
    asked_figures,
    is_met,
    needs_of,
    open_trial,
    record,
    show,
)

Array = NDArray[np.float64]

JOINT: Final = 200_000
"""Joint cells times crossings up to which the joint program is tried: seconds for each cell. With
three million, HiGHS gave up after 95 seconds on the first cell, measured."""

DIRECTIONS: Final[tuple[Literal[1, -1], ...]] = (1, -1)


class Verdict(IntEnum):
    """What is proven of a confidential cell."""

    NOT_ASKED = 0
    RESPONDENTS = 1
    MIXED = 2
    FRACTIONS = 3
    UNPROVEN = 4
    LEAK_SUMS = 5
    LEAK_TABLES = 6
    LEAK_JOINT = 7


WORDS: Final = {
    Verdict.RESPONDENTS: "safe: other tables of whole respondents agree with all that is published",
    Verdict.MIXED: "safe: other tables agree with all that is published, those of whole "
    "respondents show that no figure is determined, those with fractions the whole range",
    Verdict.FRACTIONS: "safe from linear programming: other tables, with fractions of respondents "
    "or with other amounts, agree with all that is published",
    Verdict.UNPROVEN: "unproven: neither another table nor a leak was found in the time given",
    Verdict.LEAK_SUMS: "leaking: single sums, applied again and again, say too much",
    Verdict.LEAK_TABLES: "leaking: the linear program over the hidden cells of all tables says "
    "too much",
    Verdict.LEAK_JOINT: "leaking: the joint program over the finest cells says too much",
}
"""What each verdict says, and which calculation was run for it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audit:
    """What an attacker learns.

    Parameters
    ----------
    verdict : ndarray of int, shape (cells,)
        `Verdict` of each cell of which something is demanded, 0 for others.
    low, high : ndarray, shape (figures, cells)
        What is sure: no table that agrees with everything published lies outside. Infinite where
        there is no bound. From programming for the cells that needed it, else from sums.
    shown_low, shown_high : ndarray, shape (figures, cells)
        What cannot be excluded: tables with these values agree with everything published. Of a
        confidential cell as far as was demanded, of others in so far as they moved along.
    whole_low, whole_high : ndarray, shape (figures, cells)
        The same with whole respondents only.
    joint_cells : int
        Cells for which the joint program was run.
    """

    verdict: Ints
    low: Array
    high: Array
    shown_low: Array
    shown_high: Array
    whole_low: Array
    whole_high: Array
    joint_cells: int


def describe(*audits: Audit) -> tuple[str, ...]:
    """Say of how many cells each thing was proven, and by what.

    Examples
    --------
    >>> none = np.zeros((1, 3))
    >>> audit = Audit(verdict=np.array([0, 4, 4]), low=none, high=none, shown_low=none,
    ...     shown_high=none, whole_low=none, whole_high=none, joint_cells=1)
    >>> describe(audit)
    ('2 cells unproven: neither another table nor a leak was found in the time given',
     'The joint program over the finest cells was run for 1 cell.')
    """
    counts = Counter(verdict for audit in audits for verdict in audit.verdict.tolist())
    found = [
        f"{_cells(counts[verdict])} {words}" for verdict, words in WORDS.items() if counts[verdict]
    ]
    joint = sum(audit.joint_cells for audit in audits)
    run = f"The joint program over the finest cells was run for {_cells(joint)}."
    return (*found, run)


def _cells(count: int) -> str:
    return f"{count:,} {'cell' if count == 1 else 'cells'}"


def attack(
    lattice: Lattice,
    tables: ArrayLike,
    hidden: ArrayLike,
    *,
    demand: Demand,
    known: ArrayLike | None = None,
    base: int = 1,
    seconds: float = 300.0,
) -> Audit:
    """Find out what published cells say of hidden ones.

    Parameters
    ----------
    lattice : Lattice
    tables : array_like, shape (layers, joint)
        The truth: respondents, unweighted, in whole numbers (one layer), or those who say yes and
        those who say no (two layers); or amounts as floats (one layer).
    hidden : array_like of bool, shape (cells,)
        Cells of which nothing is published.
    demand : Demand
        What must stay uncertain, of figures of hidden cells.
    known : array_like of bool, shape (cells,), optional
        Cells whose number of respondents is published all the same, with another outcome.
    base : int
        To which multiple all published counts are rounded; the attacker then knows ranges. An
        estimate of more digits than the rounded counts give would tell more.
    seconds : float
        Time for programming. Bounds from sums and the search for other tables are always done
        whole: only which cells stay unproven depends on the machine.

    Returns
    -------
    Audit

    Raises
    ------
    ValueError
        If shapes do not fit, a number is negative, or something is demanded of a cell that is not
        hidden.

    References
    ----------
    .. [1] Hundepool, A. et al. (2012), Statistical Disclosure Control, Wiley, chapter 4.
    .. [2] Fischetti, M. and Salazar, J. J. (2001), Solving the cell suppression problem on tabular
       data with linear constraints, Management Science 47, 1008-1027: the attacker's two programs
       for each cell.

    Examples
    --------
    >>> from everycount.arrays.disclose import MinimumRespondents, Rules, judge_counts
    >>> from everycount.arrays.lattice import cross, margins
    >>> lattice, table = cross((2, 2)), [[2, 20, 30, 40]]
    >>> rules = Rules(respondents=MinimumRespondents(least=5))
    >>> demand = judge_counts(margins(lattice, table), rules)
    >>> describe(attack(lattice, table, demand.reason > 0, demand=demand))[0]
    '1 cell leaking: single sums, applied again and again, say too much'
    >>> describe(attack(lattice, table, np.arange(9) > 4, demand=demand))[0]
    '1 cell safe: other tables of whole respondents agree with all that is published'
    """
    trial = open_trial(
        lattice,
        np.asarray(tables),
        demand,
        hidden=np.asarray(hidden, bool).copy(),
        known=None if known is None else np.asarray(known, bool),
        cost=np.full(lattice.cells, np.inf),
        base=base,
    )
    return examine(trial, seconds=seconds)


def examine(trial: Trial, *, seconds: float) -> Audit:
    """Return what an attacker learns in a trial, starting from what is shown there already."""
    until = time.monotonic() + seconds
    asked = np.flatnonzero(trial.demand.reason).tolist()
    verdict = np.zeros(trial.lattice.cells, np.int64)
    for cell in asked:
        verdict[cell] = Verdict.LEAK_SUMS if _leaks(trial, cell) else _try_tables(trial, cell)
    left = [cell for cell in asked if verdict[cell] == Verdict.UNPROVEN]
    if left:
        program = program_of_sums(trial.lattice, trial.tight)
        for cell in left:
            _bound(trial, program, cell, until, unknowns="any")
            if _leaks(trial, cell):
                verdict[cell] = Verdict.LEAK_TABLES
    doubtful = (Verdict.UNPROVEN, Verdict.FRACTIONS, Verdict.MIXED)
    left = [cell for cell in asked if verdict[cell] in doubtful]
    run = _try_joint(trial, left, verdict, until)
    unit, high = trial.unit, trial.tight.high
    return Audit(
        verdict=verdict,
        low=trial.tight.low * unit,
        high=np.where(high >= trial.tight.endless / 2, np.inf, high * unit),
        shown_low=trial.shown[0] * unit,
        shown_high=trial.shown[1] * unit,
        whole_low=trial.shown_whole[0] * unit,
        whole_high=trial.shown_whole[1] * unit,
        joint_cells=run,
    )


def _leaks(trial: Trial, cell: int) -> bool:
    """Say whether what is sure of a cell is more than may be."""
    return not is_met(trial, cell, trial.tight.low, trial.tight.high)


def _try_tables(trial: Trial, cell: int) -> Verdict:
    """Look for other tables, of whole respondents first."""
    boards = [board for board in (trial.whole, trial.fractions) if board is not None]
    for board in boards:
        low, high = trial.shown_whole if board is trial.whole else trial.shown
        for figure in asked_figures(trial, cell):
            value = trial.figures[figure, cell]
            so_far = (high[figure, cell] - value, value - low[figure, cell])
            layer = figure if figure < len(trial.cells) else -1
            aim = Target(cell=cell, layer=layer, direction=1)
            needs = needs_of(trial, cell, figure)
            for proof in show(board, aim, needs, buy="nothing", so_far=so_far)[0]:
                record(trial, proof.witness)
        if _verdict(trial, cell) == Verdict.RESPONDENTS:
            break
    return _verdict(trial, cell)


def _verdict(trial: Trial, cell: int) -> Verdict:
    """Return what the tables found so far show of a cell."""
    low, high = trial.shown_whole
    if trial.whole is not None and is_met(trial, cell, low, high):
        return Verdict.RESPONDENTS
    if not is_met(trial, cell, *trial.shown):
        return Verdict.UNPROVEN
    is_open = all(high[f, cell] > low[f, cell] for f in asked_figures(trial, cell))
    return Verdict.MIXED if is_open else Verdict.FRACTIONS


def _bound(
    trial: Trial, program: Program, cell: int, until: float, *, unknowns: Literal["whole", "any"]
) -> list[Solution]:
    """Tighten what is sure of the figures of a cell by programming, while there is time."""
    solutions: list[Solution] = []
    for figure, direction in product(asked_figures(trial, cell), DIRECTIONS):
        left = until - time.monotonic()
        if left <= 0:
            break
        row = figure * trial.lattice.cells + cell
        found = furthest(program, row, direction, unknowns=unknowns, seconds=left)
        solutions.append(found)
        if found.bound is not None:
            _take(trial, found.bound, (figure, cell), direction)
    return solutions


def _take(trial: Trial, bound: float, where: tuple[int, int], direction: int) -> None:
    """Keep a bound if it says more; a bound of respondents is a whole number."""
    low, high = trial.tight.low, trial.tight.high
    counts = trial.whole is not None
    if direction > 0:
        high[where] = min(high[where], floor(bound + TOLERANCE) if counts else bound + TOLERANCE)
    else:
        low[where] = max(low[where], ceil(bound - TOLERANCE) if counts else bound - TOLERANCE)


def _try_joint(trial: Trial, left: list[int], verdict: Ints, until: float) -> int:
    """Settle what is left by the program over joint cells if it is small; return for how many."""
    lattice = trial.lattice
    entries = len(trial.cells) * lattice.joint * len(lattice.crossings)
    if not left or entries > JOINT:
        return 0
    program, layer, joint = joint_program(lattice, trial.published, trial.tight)
    board = trial.whole or trial.fractions
    flat = board.tables.reshape(len(board.tables), -1)
    run = 0
    for cell in left:
        solutions = _bound(
            trial, program, cell, until, unknowns="any" if trial.whole is None else "whole"
        )
        run += bool(solutions)
        for solution in solutions:
            at = solution.columns
            spots = (layer[at], joint[at])
            values = solution.values if trial.whole is None else np.rint(solution.values)
            change = values.astype(flat.dtype) - flat[spots]
            record(trial, Witness(layer=spots[0], joint=spots[1], change=change, gain=0.0))
        verdict[cell] = Verdict.LEAK_JOINT if _leaks(trial, cell) else _verdict(trial, cell)
    return run
