"""Hide cells that show who somebody is, and as many more as keep them from being worked out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.attack import Verdict, describe
from everycount.arrays.disclose import Reason
from everycount.arrays.lattice import LARGEST
from everycount.errors import MethodError, Problem
from everycount.model.design import Crossings
from everycount.model.rules import Confidentiality
from everycount.survey.comparisons import Compared
from everycount.survey.concealed_rows import (
    NOT_SHOWN,
    Rows,
    cell_places,
    concealed_rows,
    level_positions,
)
from everycount.survey.disaggregate import TOTAL, Disaggregation
from everycount.survey.hidden_cells import (
    SWITCHED_OFF,
    Complementary,
    Hidden,
    cell_costs,
    hide_cells,
)
from everycount.survey.joint_counts import JointCounts, joint_counts
from everycount.survey.plan import SurveyPlan
from everycount.survey.reliability import Reliability

__all__ = ["NOT_SHOWN", "Concealed", "Hidden", "conceal", "conceal_table"]

IntArray = npt.NDArray[np.int64]
SECONDS = 240.0
"""Time for linear programming in the audit of all outcomes together."""
WHY = {
    Reason.FEW_RESPONDENTS: "few respondents",
    Reason.FEW_YES: "few say yes",
    Reason.FEW_NO: "few say no",
    Reason.DOMINANCE: "few make most of the total",
    Reason.P_PERCENT: "one contribution can be guessed",
}
"""Reasons in words, for those inside."""
OTHERS = "others could be worked out"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Concealed:
    """Estimates that may be published, and what was hidden."""

    table: pl.DataFrame
    hidden: tuple[Hidden, ...]
    """By outcome of the table."""
    compared: tuple[Compared, ...]
    """Outcomes about some of the same people that were looked at together."""
    rules: Confidentiality
    details: int
    """Estimates whose errors were rounded or withheld, as they stand beside hidden ones."""
    uncertain: int
    """Estimates whose errors were withheld for few degrees of freedom."""
    lost: pl.DataFrame
    """For those inside: every hidden cell with its estimate, number of rows, and why."""

    @property
    def is_proven(self) -> bool:
        """Tell whether every confidential cell is proven safe."""
        outcomes = all(each.is_safe for each in self.hidden)
        return outcomes and all(each.is_safe for each in self.compared)

    @property
    def summary(self) -> tuple[str, ...]:
        """Return in few sentences how much is hidden and what is proven of it."""
        known = int(self.hidden[0].counts.is_known.sum())
        told = [f"nothing is hidden: none of {known:,} cells is confidential"]
        if any(each.number for each in self.hidden):
            told = [*self._hidden_words(known)]
        if self.details:
            told.append(f"{self.details:,} errors rounded or withheld beside hidden cells")
        if self.uncertain:
            told.append(
                f"{self.uncertain:,} errors withheld: fewer than {self.rules.minimum_df} degrees "
                "of freedom"
            )
        if self.rules.rounding > 1:
            told.append(f"numbers of rows rounded to {self.rules.rounding}, figures to match")
        return tuple(told)

    def _hidden_words(self, known: int) -> Iterator[str]:
        gone = ", ".join(f"{each.outcome} {each.number:,}" for each in self.hidden)
        yield f"of {known:,} cells of each outcome hidden: {gone}"
        own = sum(each.primary for each in self.hidden)
        if own:
            yield (
                f"{own:,} of these are confidential in themselves, the others are hidden so that "
                "those cannot be worked out"
            )
        else:
            yield "none is confidential in itself; two outcomes together would tell on somebody"
        if any(each.complementary == "no" for each in self.hidden):
            yield SWITCHED_OFF
        audits = [audit for each in self.hidden for audit in each.audits]
        audits += [each.audit for each in self.compared if each.audit is not None]
        yield from (f"audit: {sentence}" for sentence in describe(*audits))
        yield from (words for each in self.compared if each.audit is None for words in each.words)

    @property
    def words(self) -> tuple[str, ...]:
        """Return what was hidden of each outcome and what is proven, for those inside."""
        told = [f"{each.outcome}: {words}" for each in self.hidden for words in each.words]
        told += [words for each in self.compared for words in each.words]
        return tuple(told)


def conceal(
    result: Disaggregation,
    rules: Confidentiality,
    *,
    counts: JointCounts | None = None,
    reliability: Reliability | None = None,
    complementary: Complementary = "yes",
    seconds: float = SECONDS,
) -> Concealed:
    """Return estimates without those that would show who somebody is.

    Outcomes about the same people hide the same cells, as their numbers of respondents are the
    same or nearly so; those about some of the same people are looked at together.

    Parameters
    ----------
    result : Disaggregation
        All estimates.
    rules : Confidentiality
        The rule set.
    counts : JointCounts, optional
        From `everycount.survey.joint_counts.joint_counts`; left out, the file is read for them.
    reliability : Reliability, optional
        Rules that made the flags; needed where numbers of rows are rounded.
    complementary : {"yes", "no"}
        "no" hides confidential cells alone. They can be worked out from margins then: for those
        who want to see how, never for publication.
    seconds : float
        Time for linear programming in the audit; beyond it cells are reported as unproven.

    Returns
    -------
    Concealed
        The same table with one flag, not_shown, on hidden cells, whatever the reason, and
        nothing else of them; hidden cells that nobody is in are there too.

    Raises
    ------
    MethodError
        If there are more combinations of characteristics than can be audited, or rules on totals
        are applied to contributions below 0.
    """
    counts = joint_counts(result.plan) if counts is None else counts
    return _conceal(
        result.plan,
        result.table,
        counts,
        rules,
        reliability=reliability,
        complementary=complementary,
        seconds=seconds,
    )


def conceal_table(
    plan: SurveyPlan,
    table: pl.DataFrame,
    rules: Confidentiality,
    *,
    reliability: Reliability | None = None,
    seconds: float = SECONDS,
) -> Concealed:
    """Return estimates in some crossings without those that would show who somebody is.

    What is published of the same file at other times is not looked at: together the tables may say
    more than each of them.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    table : DataFrame
        Estimates with the columns of `everycount.survey.disaggregate.Disaggregation`, of any of the
        outcomes and any crossings of characteristics of the plan.
    rules : Confidentiality
        The rule set.
    reliability : Reliability, optional
        Rules that made the flags; needed where numbers of rows are rounded.
    seconds : float
        Time for linear programming in the audit.

    Returns
    -------
    Concealed
        As of `conceal`; rows are in the order of outcomes and crossings of the design.

    Raises
    ------
    MethodError
        As `conceal`.
    """
    names = [coding.name for coding in plan.codings]
    crossed = table.select(pl.col(names) != TOTAL).unique(maintain_order=True)
    only = tuple(
        tuple(name for name, is_in in zip(names, row, strict=True) if is_in)
        for row in crossed.iter_rows()
    )
    present = set(table["outcome"].to_list())
    design = replace(
        plan.design,
        outcomes=tuple(each for each in plan.design.outcomes if each.name in present),
        crossings=Crossings(only=only or ((),), limit=LARGEST),
    )
    own = replace(plan, design=design)
    return _conceal(
        own,
        table,
        joint_counts(own),
        rules,
        reliability=reliability,
        complementary="yes",
        seconds=seconds,
    )


def _conceal(
    plan: SurveyPlan,
    table: pl.DataFrame,
    counts: JointCounts,
    rules: Confidentiality,
    *,
    reliability: Reliability | None,
    complementary: Complementary,
    seconds: float,
) -> Concealed:
    outcomes = plan.design.outcomes
    parts = [table.filter(pl.col("outcome") == outcome.name) for outcome in outcomes]
    places = [cell_places(counts, level_positions(plan, part)) for part in parts]
    costs = [
        cell_costs(plan, counts, part, place, number)
        for number, (part, place) in enumerate(zip(parts, places, strict=True))
    ]
    hidden, compared = hide_cells(
        plan, counts, rules, costs, complementary=complementary, seconds=seconds
    )
    if complementary == "yes":
        _refuse_leaks(plan, hidden, compared)
    rows = [
        Rows(plan=plan, outcome=outcome, table=part, place=place, hidden=each)
        for outcome, part, place, each in zip(outcomes, parts, places, hidden, strict=True)
    ]
    shown = [concealed_rows(each, rules, reliability=reliability) for each in rows]
    return Concealed(
        table=pl.concat(part for part, _, _ in shown),
        hidden=hidden,
        compared=compared,
        rules=rules,
        details=sum(touched for _, touched, _ in shown),
        uncertain=sum(few for _, _, few in shown),
        lost=pl.concat(_lost(each) for each in rows),
    )


def _refuse_leaks(plan: SurveyPlan, hidden: Sequence[Hidden], compared: Sequence[Compared]) -> None:
    """Refuse tables of which confidential cells can be worked out whatever is hidden."""
    audits = [(f"outcome {each.outcome}", audit) for each in hidden for audit in each.audits]
    audits += [
        (f"outcomes {' and '.join(each.outcomes)} together", each.audit)
        for each in compared
        if each.audit is not None
    ]
    leaks = [(where, int((audit.verdict > Verdict.UNPROVEN).sum())) for where, audit in audits]
    problems = [
        Problem(
            f"confidentiality, {where}",
            f"{number:,} confidential cells that can be worked out from all others",
            "fewer characteristics or outcomes, or levels joined",
        )
        for where, number in leaks
        if number
    ]
    if problems:
        raise MethodError(plan.source.name, problems)


def _lost(rows: Rows) -> pl.DataFrame:
    """Return the hidden cells of an outcome that have members, with why they are hidden."""
    gone = rows.hidden.cells[rows.place]
    reasons = rows.hidden.reason[rows.place[gone]]
    why = [
        "; ".join(words for flag, words in WHY.items() if reason & flag) or OTHERS
        for reason in reasons.tolist()
    ]
    kept = [*rows.table.columns[: rows.table.columns.index("estimate")], "estimate", "n"]
    return (
        rows.table.filter(pl.Series(gone))
        .select(kept)
        .with_columns(pl.Series("why", why, dtype=pl.String))
    )
