"""Suppress: which cells to hide besides the confidential ones, so that these cannot be deduced."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.attack import Audit, Verdict, examine
from everycount.arrays.disclose import Demand
from everycount.arrays.lattice import Flags, Ints, Lattice, margins
from everycount.arrays.search import Standard, choose, keep, secure_again, trim
from everycount.arrays.shift import CRUMB
from everycount.arrays.trial import AMOUNT, Proof, Trial, open_trial, publish, record

Array = NDArray[np.float64]

EMPTY: Final = 0.1
"""What an empty cell costs by default beside the square root of 1 for a single respondent: little
is lost with it, but it is not nothing to know that nobody is there."""
REPAIRS: Final = 3
"""Rounds of hiding more where the audit finds a leak; none was needed in 4,000 random lattices."""


class State(IntEnum):
    """What happens to a cell. In publication the hidden ones share one symbol."""

    PUBLISHED = 0
    PRIMARY = 1
    COMPLEMENTARY = 2
    WITHHELD = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Protection:
    """What is hidden, why, and what is proven of it.

    Parameters
    ----------
    state : ndarray of int, shape (cells,)
        `State`: published; primary (confidential itself); complementary (hidden so that others
        cannot be deduced); withheld (hidden by the caller for another reason).
    reason : ndarray of int, shape (cells,)
        `Reason` flags of the primary cells.
    audit : Audit
        Verdicts and ranges.
    hidden_by_crossing : ndarray of int, shape (crossings, 4)
        Cells of each state.
    hidden_by_level : tuple of ndarray of int, shape (levels, 4)
        For each characteristic: cells of each state among those with each level.
    cost : float
        Sum of the costs of the complementary cells.
    """

    state: Ints
    reason: Ints
    audit: Audit
    hidden_by_crossing: Ints
    hidden_by_level: tuple[Ints, ...]
    cost: float

    @property
    def hidden(self) -> Flags:
        """Cells of which nothing may be published, shape (cells,)."""
        hidden: Flags = self.state != State.PUBLISHED
        return hidden

    @property
    def is_safe(self) -> bool:
        """Whether every confidential cell is proven safe."""
        return not (self.audit.verdict >= Verdict.UNPROVEN).any()


def default_cost(respondents: ArrayLike) -> Array:
    """Return the square root of the respondents of each cell, plus `EMPTY`.

    Between a count of cells hidden (all cost the same) and a count of respondents hidden (then
    small cells cost next to nothing).

    Examples
    --------
    >>> default_cost([0, 4, 100])
    array([ 0.1,  2.1, 10.1])
    """
    cost: Array = np.sqrt(np.asarray(respondents, float)) + EMPTY
    return cost


def protect(
    lattice: Lattice,
    tables: ArrayLike,
    demand: Demand,
    *,
    cost: ArrayLike | None = None,
    withheld: ArrayLike | None = None,
    known: ArrayLike | None = None,
    base: int = 1,
    seconds: float = 240.0,
    trims: int = 1000,
    proof: Standard = "mixed",
) -> Protection:
    """Choose the cells to hide over all crossings and margins, and audit the choice.

    Parameters
    ----------
    lattice : Lattice
    tables : array_like, shape (layers, joint)
        Respondents, unweighted (one layer), or those who say yes and those who say no (two); or
        amounts as floats, 0 or more (one layer).
    demand : Demand
        The confidential cells, and how uncertain they must stay; from `judge_counts` or
        `judge_totals`.
    cost : array_like, shape (cells,), optional
        What is lost by hiding each cell, above 0: most for those furthest behind, infinite where
        a cell must be shown. Left out: `default_cost` of the respondents, and the total is shown.
    withheld : array_like of bool, shape (cells,), optional
        Cells that are not published for other reasons. Helpful, and not examined.
    known : array_like of bool, shape (cells,), optional
        Cells whose number of respondents is published in any case, with another outcome: hiding
        them here hides only yes and no. For several outcomes at once see `protect_outcomes`.
    base : int
        To which multiple published counts are rounded. Cells are chosen as if they were not; the
        audit takes it into account. Amounts are taken to be published as they are.
    seconds : float
        Time for programming in the audit. The choice of cells does not depend on it, save where
        the audit finds a leak in the search for which time was enough.
    trims : int
        How often a search is repeated to find that a cell need not be hidden after all.
    proof : {"fractions", "mixed", "respondents"}
        What is looked for first. "fractions": tables with fractions of respondents, which no linear
        program can tell from the truth, the standard of the literature; "mixed": besides, tables of
        whole respondents that show that no figure is determined; "respondents": tables of whole
        respondents that show the whole range, which hides more where respondents are few for the
        joint cells. Where one kind is not found, the other serves; the audit says which did.

    Returns
    -------
    Protection
        Hidden cells without respondents must be published as hidden, not left out.

    Raises
    ------
    ValueError
        If shapes do not fit, numbers are negative, or a cost is not above 0.

    Examples
    --------
    >>> from everycount.arrays.disclose import MinimumRespondents, Rules, judge_counts
    >>> from everycount.arrays.lattice import cross
    >>> lattice, table = cross((2, 3)), [[2, 20, 30, 40, 50, 60]]
    >>> rules = Rules(respondents=MinimumRespondents(least=5))
    >>> found = protect(lattice, table, judge_counts(margins(lattice, table), rules))
    >>> found.state.tolist(), found.is_safe
    ([0, 0, 0, 0, 0, 0, 1, 2, 0, 2, 2, 0], True)
    """
    counts = np.asarray(tables)
    primary = demand.reason > 0
    other = np.zeros(lattice.cells, bool) if withheld is None else np.asarray(withheld, bool)
    trial = open_trial(
        lattice,
        counts,
        demand,
        hidden=primary | other,
        known=None if known is None else np.asarray(known, bool),
        cost=costs_of(lattice, margins(lattice, counts).sum(axis=0), cost),
        base=base,
    )
    proofs = choose(trial, proof)
    needed = primary | other
    keep(trial, proofs, needed)
    trim(trial, proofs, needed, trims)
    audit = settle(trial, proofs, needed, seconds=seconds)
    return sum_up(trial, audit, other)


def costs_of(lattice: Lattice, sizes: NDArray[Any], cost: ArrayLike | None) -> Array:
    """Return the cost of each cell, by default that of its respondents or its share of amounts.

    `sizes` has shape (cells,). Raises ValueError where given costs do not fit or are not above 0.
    """
    if cost is None:
        is_count = sizes.dtype.kind in "iu"
        scale = 1.0 if is_count else AMOUNT / max(float(sizes.max(initial=0)), CRUMB)
        found = default_cost(sizes * scale)
        if () in lattice.crossings:
            found[lattice.span(lattice.crossings.index(()))] = np.inf
        return found
    found = np.asarray(cost, float)
    if found.shape != (lattice.cells,) or not (found > 0).all():
        raise ValueError(
            f"cost: found shape {found.shape} and a least of {np.min(found, initial=np.inf):g}, "
            f"expected ({lattice.cells},) and more than 0"
        )
    return found


def settle(trial: Trial, proofs: list[Proof], needed: Flags, *, seconds: float) -> Audit:
    """Audit what is hidden; where that finds a leak, hide more and audit again.

    `needed` (cells,) are cells that stay hidden whatever the proofs need. `proofs` grows.
    """
    audit = _audit(trial, proofs, seconds=seconds)
    for _ in range(REPAIRS):
        leaks = np.flatnonzero(audit.verdict > Verdict.UNPROVEN).tolist()
        more = [proof for cell in leaks for proof in secure_again(trial, cell)]
        if not more:
            break
        proofs += more
        keep(trial, proofs, needed)
        audit = _audit(trial, proofs, seconds=seconds)
    return audit


def _audit(trial: Trial, proofs: list[Proof], *, seconds: float) -> Audit:
    """Examine the cells hidden now, with the tables that were found."""
    publish(trial)
    for ranges in (*trial.shown, *trial.shown_whole):
        ranges[:] = trial.figures
    for proof in proofs:
        record(trial, proof.witness)
    return examine(trial, seconds=seconds)


def sum_up(trial: Trial, audit: Audit, withheld: Flags) -> Protection:
    """Return what is hidden and why, and count what is lost.

    `withheld` (cells,) are cells that the caller hides for other reasons.
    """
    lattice, reason = trial.lattice, trial.demand.reason
    state = np.where(trial.hidden, int(State.COMPLEMENTARY), int(State.PUBLISHED))
    state[withheld] = State.WITHHELD
    state[reason > 0] = State.PRIMARY
    by_crossing = np.zeros((len(lattice.crossings), len(State)), np.int64)
    by_level = tuple(np.zeros((levels, len(State)), np.int64) for levels in lattice.levels)
    for table, crossing in enumerate(lattice.crossings):
        own = state[lattice.span(table)]
        by_crossing[table] = np.bincount(own, minlength=len(State))
        at = np.unravel_index(np.arange(own.size), lattice.shape(crossing)) if crossing else ()
        for i, levels in zip(crossing, at, strict=True):
            np.add.at(by_level[i], (levels, own), 1)
    return Protection(
        state=state,
        reason=reason,
        audit=audit,
        hidden_by_crossing=by_crossing,
        hidden_by_level=by_level,
        cost=float(trial.fractions.cost[state == State.COMPLEMENTARY].sum()),
    )
