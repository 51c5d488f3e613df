"""What figures of outcomes about some of the same people say of one another's hidden cells.

Where all women and women of 18-49 are counted in the same groups, the difference is the women
below 18: numbers that neither table shows. So the two are laid out as one lattice in which
belonging to the second is one characteristic more, and attacked as one.
"""

from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from everycount.arrays.attack import Audit, Verdict, attack, describe
from everycount.arrays.disclose import judge_counts
from everycount.arrays.lattice import LARGEST, Lattice, margins
from everycount.arrays.suppress import protect
from everycount.model.rules import Confidentiality
from everycount.survey.demands import among, layers_of, rules_of
from everycount.survey.joint_counts import JointCounts
from everycount.survey.plan import SurveyPlan

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


LAST = 10.0
"""How many times more it costs to hide the total of the narrower outcome than all its cells."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """One of two outcomes that are compared."""

    number: int
    """Position of the outcome."""
    entries: BoolArray
    """Which entries of the counts it is about."""
    hidden: BoolArray
    cost: FloatArray
    """What is lost by hiding a cell; infinite where it must be shown."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """What was found, and hidden, where two outcomes were looked at together."""

    outcomes: tuple[str, str]
    what: str
    """What was compared: numbers of respondents, or answers too."""
    audit: Audit | None
    """None where there were too many combinations to look."""
    more: int
    """Cells hidden for it, of both."""

    @property
    def is_safe(self) -> bool:
        """Tell whether every confidential cell is proven safe."""
        return self.audit is not None and not (self.audit.verdict >= Verdict.UNPROVEN).any()

    @property
    def words(self) -> tuple[str, ...]:
        """Return what was found, in sentences."""
        told = f"{self.what} of {' and '.join(self.outcomes)} together"
        if self.audit is None:
            return (f"{told}: not looked at, as there are more than {LARGEST:,} combinations",)
        facts = (f"{self.more:,} more cells hidden", *describe(self.audit))
        return tuple(f"{told}: {fact}" for fact in facts)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """Two outcomes as one lattice.

    `wide` and `narrow` are the cells of the first and of the second, in the order of the lattice
    that both have; `rest` those of the first who are not in the second, where all of the second are
    in the first. All other cells are of people whom no figure is about.
    """

    lattice: Lattice
    tables: IntArray
    wide: IntArray
    narrow: IntArray
    rest: IntArray

    def of(self, wide: npt.NDArray[Any], narrow: npt.NDArray[Any], other: object) -> Any:
        """Return values of cells as those of the lattice of both, `other` elsewhere."""
        found = np.full(self.lattice.cells, other, dtype=wide.dtype)
        found[self.wide], found[self.narrow] = wide, narrow
        return found


def is_too_large(lattice: Lattice, *, nested: bool) -> bool:
    """Tell whether two outcomes have more combinations together than can be held."""
    return prod(lattice.levels) * (2 if nested else 4) > LARGEST


def lay_out(lattice: Lattice, parts: tuple[IntArray, IntArray, IntArray]) -> Pair:
    """Return two outcomes as one lattice.

    Parameters
    ----------
    lattice : Lattice
        That of both.
    parts : tuple of int arrays, shape (layers, joint)
        People of both, of the first alone, of the second alone.

    Examples
    --------
    >>> both, first, second = np.array([[3, 4]]), np.array([[1, 0]]), np.array([[0, 0]])
    >>> pair = lay_out(Lattice(levels=(2,), crossings=((), (0,))), (both, first, second))
    >>> sums = margins(pair.lattice, pair.tables)[0]
    >>> sums[pair.wide].tolist(), sums[pair.narrow].tolist(), sums[pair.rest].tolist()
    ([8, 4, 4], [7, 3, 4], [1, 1, 0])
    """
    both, first, second = parts
    more, cells = len(lattice.levels), lattice.cells
    every = np.arange(cells)
    is_in = tuple((*crossing, more) for crossing in lattice.crossings)
    if not second.any():
        tables = np.stack([both, first], axis=-1).reshape(len(both), -1)
        return Pair(
            lattice=Lattice(levels=(*lattice.levels, 2), crossings=(*lattice.crossings, *is_in)),
            tables=tables,
            wide=every,
            narrow=cells + 2 * every,
            rest=cells + 2 * every + 1,
        )
    also = tuple((*crossing, more + 1) for crossing in lattice.crossings)
    nobody = np.zeros_like(both)
    tables = np.stack([both, first, second, nobody], axis=-1).reshape(len(both), -1)
    return Pair(
        lattice=Lattice(
            levels=(*lattice.levels, 2, 2), crossings=(*lattice.crossings, *is_in, *also)
        ),
        tables=tables,
        wide=cells + 2 * every,
        narrow=3 * cells + 2 * every,
        rest=every[:0],
    )


def compare(
    plan: SurveyPlan,
    counts: JointCounts,
    sides: tuple[Side, Side],
    rules: Confidentiality,
    *,
    question: str,
    seconds: float,
) -> tuple[Compared, BoolArray, BoolArray]:
    """Attack two outcomes together, and hide more where a confidential cell may be given away.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    counts : JointCounts
        Respondents of all combinations.
    sides : tuple of Side
        The outcomes, the one about more people first.
    rules : Confidentiality
        The rule set.
    question : {"same", "other"}
        Whether both ask the same. Then answers are compared too, and those of the first who are not
        in the second are a group that rules protect; otherwise numbers of people asked are.
    seconds : float
        Time for linear programming.

    Returns
    -------
    Compared
        What was found, with the verdicts after more was hidden.
    ndarray of bool, ndarray of bool
        Hidden cells of the first and of the second, (cells,) each.
    """
    wide, narrow = sides
    outcomes = plan.design.outcomes
    names = (outcomes[wide.number].name, outcomes[narrow.number].name)
    what = "answers" if question == "same" else "numbers of respondents"
    nested = not (counts.people[narrow.entries & ~wide.entries]).any()
    if is_too_large(counts.lattice, nested=nested):
        told = Compared(outcomes=names, what=what, audit=None, more=0)
        return told, wide.hidden, narrow.hidden
    pair = lay_out(counts.lattice, _parts(plan, counts, sides, question))
    hidden = pair.of(wide.hidden, narrow.hidden, other=True)
    asked = rules_of(rules)
    asked = asked if question == "same" else replace(asked, answers=None)
    looked_at = pair.of(wide.hidden & counts.is_group, narrow.hidden & counts.is_group, other=False)
    if question == "same":
        looked_at[pair.rest] = counts.is_group
    demand = among(judge_counts(margins(pair.lattice, pair.tables), asked), looked_at)
    # Linear programming is left to what cannot be shown to be safe by hiding more.
    audit = attack(pair.lattice, pair.tables, hidden, demand=demand, seconds=0.0)
    doubtful = audit.verdict >= Verdict.UNPROVEN
    closed = hidden
    if doubtful.any():
        found = protect(
            pair.lattice,
            pair.tables,
            among(demand, doubtful),
            cost=pair.of(wide.cost, _at_last(narrow.cost), other=1.0),
            withheld=hidden,
            seconds=seconds,
        )
        closed = hidden | found.hidden
        verdict = np.where(doubtful, found.audit.verdict, audit.verdict)
        audit = replace(audit, verdict=verdict)
    told = Compared(outcomes=names, what=what, audit=audit, more=int((closed & ~hidden).sum()))
    return told, closed[pair.wide], closed[pair.narrow]


def _at_last(cost: FloatArray) -> FloatArray:
    """Return costs with which what must be shown is hidden if nothing else helps.

    Of two outcomes with the same question, the total of one less that of the other is the answer
    of those whom only one is about.
    """
    finite = np.isfinite(cost)
    return np.where(finite, cost, LAST * cost[finite].max(initial=1.0) * len(cost))


def _parts(
    plan: SurveyPlan, counts: JointCounts, sides: tuple[Side, Side], question: str
) -> tuple[IntArray, IntArray, IntArray]:
    """Return people by joint cell: of both, of the first alone, of the second alone."""
    wide, narrow = sides
    who = (
        wide.entries & narrow.entries,
        wide.entries & ~narrow.entries,
        narrow.entries & ~wide.entries,
    )
    if question == "same":
        outcome = plan.design.outcomes[wide.number]
        both, first, second = (
            layers_of(
                outcome,
                replace(counts, yes=counts.yes * of[:, None], rows=counts.rows * of[:, None]),
                number,
            )
            for of, number in zip(who, (narrow.number, wide.number, narrow.number), strict=True)
        )
    else:
        both, first, second = (counts.spread(counts.people * of)[None] for of in who)
    return both, first, second
