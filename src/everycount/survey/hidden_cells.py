"""Which cells of all outcomes are hidden: confidential ones, and as many more as protect them."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.attack import Audit, Verdict, attack, describe
from everycount.arrays.details import round_significant
from everycount.arrays.disclose import Demand, Reason
from everycount.arrays.lattice import margins
from everycount.arrays.suppress import default_cost, protect
from everycount.model.rules import Confidentiality
from everycount.survey.comparisons import Compared, Side, compare
from everycount.survey.demands import Layers, demands, extreme, layers_of
from everycount.survey.joint_counts import JointCounts
from everycount.survey.peoples import People, is_same_question, peoples, relation
from everycount.survey.plan import SurveyPlan

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Complementary = Literal["yes", "no"]
BEHIND = 4.0
"""How many times more it costs to hide the group furthest behind than the one furthest ahead, less
1. Our own choice."""
SWITCHED_OFF = "complementary suppression is switched off: do not publish these figures"
DIGITS = 9
"""Digits by which estimates are ranked: fewer than engines agree in, so that all hide the same."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hidden:
    """What is hidden of one outcome, and why: for those inside, never published."""

    outcome: str
    cells: BoolArray
    """Hidden cells of the lattice, those of rows that lack a level included."""
    reason: IntArray
    """Why a cell is confidential in itself (`everycount.arrays.disclose.Reason`); 0 if not."""
    audits: tuple[Audit, ...]
    """What is proven: of respondents, and of amounts where rules look at these."""
    counts: JointCounts
    complementary: Complementary = "yes"

    @property
    def number(self) -> int:
        """Return how many cells are hidden."""
        return int((self.cells & self.counts.is_known).sum())

    @property
    def primary(self) -> int:
        """Return how many of these are confidential in themselves."""
        return int(((self.reason > 0) & self.counts.is_known).sum())

    @property
    def is_safe(self) -> bool:
        """Tell whether every confidential cell is proven safe."""
        return not any((audit.verdict >= Verdict.UNPROVEN).any() for audit in self.audits)

    @property
    def words(self) -> tuple[str, ...]:
        """Return what was hidden and what is proven of it, in sentences."""
        known = int(self.counts.is_known.sum())
        told = [
            f"{self.number:,} of {known:,} cells hidden: {self.primary:,} confidential in "
            f"themselves, {self.number - self.primary:,} so that these cannot be worked out"
        ]
        if self.complementary == "no":
            told += [SWITCHED_OFF]
        for what, audit in zip(("respondents", "amounts"), self.audits, strict=False):
            told += [f"{what}: {sentence}" for sentence in describe(audit)]
        return tuple(told)


@dataclass(slots=True, kw_only=True, eq=False)
class Clock:
    """Time that is left for some pieces of work; what one does not need goes to the others."""

    until: float
    pieces: int

    def share(self) -> float:
        """Return the seconds that the next piece of work may take."""
        share = max(self.until - time.monotonic(), 0.0) / max(self.pieces, 1)
        self.pieces -= 1
        return share


@dataclass(slots=True, kw_only=True, eq=False)
class Hiding:
    """What is hidden so far, while it is chosen."""

    plan: SurveyPlan
    counts: JointCounts
    rules: Confidentiality
    groups: tuple[People, ...]
    costs: Sequence[FloatArray]
    complementary: Complementary
    clock: Clock
    hidden: list[BoolArray] = field(default_factory=list)
    """Hidden cells by group of people, (cells,) each."""
    found: dict[int, Hidden] = field(default_factory=dict)
    compared: list[Compared] = field(default_factory=list)


def hide_cells(
    plan: SurveyPlan,
    counts: JointCounts,
    rules: Confidentiality,
    costs: Sequence[FloatArray],
    *,
    complementary: Complementary,
    seconds: float,
) -> tuple[tuple[Hidden, ...], tuple[Compared, ...]]:
    """Choose the cells that are hidden of every outcome.

    Outcomes about the same people hide the same cells. One about some of the people of another
    hides what the other hides, and more; then the two are compared.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    counts : JointCounts
        Respondents of all combinations.
    rules : Confidentiality
        The rule set.
    costs : sequence of float arrays, shape (cells,)
        What is lost by hiding a cell of each outcome, infinite where it must be shown.
    complementary : {"yes", "no"}
        Unsafe if "no": confidential cells alone are hidden.
    seconds : float
        Time for linear programming.

    Raises
    ------
    MethodError
        If rules on totals are applied to contributions below 0.
    """
    groups = peoples(counts, plan.design.outcomes)
    pairs = len(groups) * (len(groups) - 1) // 2
    work = Hiding(
        plan=plan,
        counts=counts,
        rules=rules,
        groups=groups,
        costs=costs,
        complementary=complementary,
        clock=Clock(until=time.monotonic() + seconds, pieces=len(plan.design.outcomes) + pairs),
    )
    for at in range(len(groups)):
        _hide_group(work, at)
        if complementary == "yes":
            _compare_group(work, at)
    final = []
    for number in range(len(plan.design.outcomes)):
        at = next(at for at, group in enumerate(groups) if number in group.outcomes)
        final.append(_with_extremes(work, number, work.hidden[at]))
    return tuple(final), tuple(work.compared)


def _with_extremes(work: Hiding, number: int, cells: BoolArray) -> Hidden:
    """Return what is hidden of an outcome, quantiles near an end included."""
    counts, found = work.counts, work.found[number]
    outcome = work.plan.design.outcomes[number]
    respondents = margins(counts.lattice, layers_of(outcome, counts, number)).sum(axis=0)
    own = extreme(outcome, work.rules, respondents) & counts.is_known
    reason = np.where(own, found.reason | Reason.FEW_RESPONDENTS, found.reason)
    return replace(found, cells=cells | own, reason=reason)


def _hide_group(work: Hiding, at: int) -> None:
    """Hide cells of outcomes about the same people: the same of each."""
    counts, own = work.counts, work.groups[at]
    gone = ~counts.is_known
    for wider in range(at):
        if relation(counts, work.groups[wider].entries, own.entries) == "within":
            gone = gone | work.hidden[wider]
    for number in own.outcomes:
        audits = []
        reason = np.zeros(counts.lattice.cells, dtype=np.int64)
        for layers, demand in demands(work.plan, counts, number, work.rules):
            reason |= demand.reason
            cells, audit = _protected(work, number, layers, demand, gone)
            gone = gone | cells
            audits.append(audit)
        work.found[number] = Hidden(
            outcome=work.plan.design.outcomes[number].name,
            cells=gone,
            reason=reason,
            audits=tuple(audits),
            counts=counts,
            complementary=work.complementary,
        )
    work.hidden.append(gone)


def _protected(
    work: Hiding, number: int, layers: Layers, demand: Demand, gone: BoolArray
) -> tuple[BoolArray, Audit]:
    """Return the hidden cells of an outcome, and what is proven of them."""
    lattice, seconds = work.counts.lattice, work.clock.share()
    if work.complementary == "no":
        hidden = gone | (demand.reason > 0)
        return hidden, attack(lattice, layers, hidden, demand=demand, seconds=seconds)
    protection = protect(
        lattice, layers, demand, cost=work.costs[number], withheld=gone, seconds=seconds
    )
    return protection.hidden, protection.audit


def _compare_group(work: Hiding, at: int) -> None:
    """Compare a group with those before it, and its outcomes with the same question to others."""
    counts, groups = work.counts, work.groups
    relations = [relation(counts, each.entries, groups[at].entries) for each in groups[:at]]
    around = [k for k, each in enumerate(relations) if each == "within"]
    for k, each in enumerate(relations):
        # What lies between two peoples has been compared with both.
        is_between = any(
            other != k and relation(counts, groups[k].entries, groups[other].entries) == "within"
            for other in around
        )
        is_next = each == "overlapping" or (each == "within" and not is_between)
        if is_next and work.rules.minimum:
            pair = (groups[k].outcomes[0], groups[at].outcomes[0])
            _compare(work, (k, at), pair, question="other")
    for number in groups[at].outcomes:
        for k in range(at + 1):
            for wide in groups[k].outcomes:
                if _asks_the_same(work, wide, number):
                    _compare(work, (k, at), (wide, number), question="same")


def _asks_the_same(work: Hiding, wide: int, narrow: int) -> bool:
    """Tell whether one outcome asks some of the people of another the same."""
    outcomes, asked = work.plan.design.outcomes, work.counts.asked
    is_within = relation(work.counts, asked[:, wide], asked[:, narrow]) == "within"
    is_less = bool((asked[:, wide] & ~asked[:, narrow]).any())
    return is_within and is_less and is_same_question(outcomes[wide], outcomes[narrow])


def _compare(
    work: Hiding,
    groups: tuple[int, int],
    numbers: tuple[int, int],
    *,
    question: Literal["same", "other"],
) -> None:
    """Compare two outcomes and hide what it takes, in all outcomes about these people."""
    counts = work.counts
    wide, narrow = (
        Side(
            number=number,
            entries=counts.asked[:, number] if question == "same" else work.groups[group].entries,
            hidden=work.hidden[group],
            cost=work.costs[number],
        )
        for group, number in zip(groups, numbers, strict=True)
    )
    told, *cells = compare(
        work.plan,
        counts,
        (wide, narrow),
        work.rules,
        question=question,
        seconds=work.clock.share(),
    )
    work.compared.append(told)
    for group, own in zip(groups, cells, strict=True):
        work.hidden[group] = work.hidden[group] | own
    for group in range(len(work.hidden)):
        for wider in range(group):
            entries = work.groups[wider].entries, work.groups[group].entries
            if relation(counts, *entries) == "within":
                work.hidden[group] = work.hidden[group] | work.hidden[wider]


def cell_costs(
    plan: SurveyPlan, counts: JointCounts, table: pl.DataFrame, place: IntArray, number: int
) -> FloatArray:
    """Return what is lost by hiding each cell of an outcome: most for those furthest behind.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    counts : JointCounts
        Respondents of all combinations.
    table : DataFrame
        Estimates of the outcome.
    place : int array, shape (rows,)
        Cell of the lattice of each row.
    number : int
        Position of the outcome.
    """
    outcome = plan.design.outcomes[number]
    estimates = round_significant(table["estimate"].fill_null(np.nan).to_numpy(), DIGITS)
    order = np.argsort(np.argsort(estimates, kind="stable"), kind="stable")
    position = order / max(len(order) - 1, 1)
    behind = position if outcome.direction == "barrier" else 1 - position
    respondents = margins(counts.lattice, layers_of(outcome, counts, number)).sum(axis=0)
    cost = default_cost(respondents)
    cost[place] *= 1 + BEHIND * np.where(np.isnan(estimates), 0.0, behind)
    cost[(counts.codes < 0).all(axis=1)] = np.inf
    return cost
