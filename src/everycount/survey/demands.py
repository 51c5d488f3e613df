"""What rules on confidentiality ask of the cells of one outcome."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from everycount.arrays.disclose import (
    Demand,
    Dominance,
    MinimumAnswers,
    MinimumRespondents,
    PPercent,
    Rules,
    judge_counts,
    judge_totals,
)
from everycount.arrays.lattice import margins
from everycount.model.design import Outcome
from everycount.model.rules import Confidentiality
from everycount.survey.contributions import contributions
from everycount.survey.joint_counts import JointCounts
from everycount.survey.plan import SurveyPlan

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Layers = npt.NDArray[Any]
AMOUNTS: Final = ("total", "mean", "ratio")
"""Statistics of amounts, those of 0 and 1 apart."""


def demands(
    plan: SurveyPlan, counts: JointCounts, number: int, rules: Confidentiality
) -> Iterator[tuple[Layers, Demand]]:
    """Yield tables of an outcome by joint cells, each with what rules ask of its cells.

    Those are respondents; and, of amounts that a rule on contributors is for, amounts. Such rules
    are for totals; a mean or ratio beside its number of respondents tells the total.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    counts : JointCounts
        Respondents of all combinations.
    number : int
        Position of the outcome.
    rules : Confidentiality
        The rule set.

    Raises
    ------
    MethodError
        If the outcome is of such amounts, and contributions are below 0.
    """
    outcome = plan.design.outcomes[number]
    layers = layers_of(outcome, counts, number)
    cells = margins(counts.lattice, layers)
    yield layers, among(judge_counts(cells, rules_of(rules)), counts.is_group)
    if not has_amounts(outcome, rules):
        return
    made = contributions(plan, counts.lattice, number, largest=max(rules.contributors, 2))
    amounts = made.amounts[None]
    total = margins(counts.lattice, amounts)[0]
    asked = _rules_on_totals(rules)
    found = judge_totals(total, made.largest, asked, respondents=cells.sum(axis=0))
    yield amounts, among(found, counts.is_group)


def layers_of(outcome: Outcome, counts: JointCounts, number: int) -> IntArray:
    """Return respondents of joint cells: those who say yes and no, or all."""
    yes, rows = (counts.spread(each[:, number]) for each in (counts.yes, counts.rows))
    if outcome.statistic == "proportion" or outcome.yes:
        return np.array([yes, rows - yes])
    return np.array([rows])


def has_amounts(outcome: Outcome, rules: Confidentiality) -> bool:
    """Tell whether an outcome is of amounts that a rule on contributors is for."""
    has_rule = rules.largest_share is not None or rules.percent is not None
    return has_rule and outcome.statistic in AMOUNTS and not outcome.yes


def extreme(outcome: Outcome, rules: Confidentiality, respondents: IntArray) -> BoolArray:
    """Tell of which cells a quantile is too near an end, so that it is somebody's own value.

    The minimum holds on either side of it. No other figure tells a quantile that is left out.

    Examples
    --------
    >>> rules = Confidentiality(id="ten", title="Ten", source="", minimum=10)
    >>> median = Outcome(name="income", statistic="quantile", probability=0.5)
    >>> extreme(median, rules, np.array([0, 19, 20])).tolist()
    [False, True, False]
    """
    if outcome.probability is None:
        return np.zeros(len(respondents), dtype=np.bool_)
    side = min(outcome.probability, 1 - outcome.probability)
    return (respondents > 0) & (respondents * side < rules.minimum)


def rules_of(rules: Confidentiality) -> Rules:
    """Return a named rule set as the arithmetic takes it; the rules for totals apart."""
    return Rules(
        respondents=MinimumRespondents(least=rules.minimum) if rules.minimum else None,
        answers=MinimumAnswers(least=rules.minimum_yes) if rules.minimum_yes else None,
    )


def _rules_on_totals(rules: Confidentiality) -> Rules:
    """Return the rules on contributors, and on the number of respondents."""
    found = replace(rules_of(rules), answers=None)
    if rules.largest_share is not None:
        share = Dominance(contributors=rules.contributors, percent=100 * rules.largest_share)
        found = replace(found, dominance=share)
    if rules.percent is not None:
        found = replace(found, p_percent=PPercent(percent=100 * rules.percent))
    return found


def among(demand: Demand, cells: BoolArray) -> Demand:
    """Return what is demanded of some cells, and nothing of the others.

    Examples
    --------
    >>> demand = Demand(reason=np.array([1, 1]), up=np.ones((1, 2)), down=np.zeros((1, 2)),
    ...                 width=np.ones((1, 2)))
    >>> among(demand, np.array([True, False])).reason.tolist()
    [1, 0]
    """
    return Demand(
        reason=np.where(cells, demand.reason, 0),
        up=np.where(cells, demand.up, 0.0),
        down=np.where(cells, demand.down, 0.0),
        width=np.where(cells, demand.width, 0.0),
    )
