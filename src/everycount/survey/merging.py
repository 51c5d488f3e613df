"""Join levels of characteristics before cells are hidden, where a design allows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from everycount.arrays.disclose import judge_counts
from everycount.arrays.lattice import margins
from everycount.arrays.merge import Groups, Merge, join_levels, propose_merges
from everycount.model.design import Level
from everycount.model.rules import Confidentiality
from everycount.survey.coding import Coding
from everycount.survey.demands import layers_of, rules_of
from everycount.survey.joinable import joinable
from everycount.survey.joint_counts import JointCounts
from everycount.survey.plan import SurveyPlan

LIMIT = 3
"""Pairs of levels that are joined at most. Our own choice."""
GAIN = 0.1
"""Share of the confidential cells that joining two levels must spare. Our own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Levels that were joined, and the confidential cells before and after."""

    characteristic: str
    levels: tuple[str, ...]
    before: int
    after: int

    @property
    def words(self) -> str:
        """Return what was joined, in a sentence."""
        return (
            f"{self.characteristic}: {' and '.join(self.levels)} joined; confidential cells "
            f"{self.before:,} before, {self.after:,} after"
        )


def merged(
    plan: SurveyPlan, counts: JointCounts, rules: Confidentiality
) -> tuple[SurveyPlan, tuple[Joined, ...]]:
    """Return a plan with levels joined where that spares most cells from being hidden.

    Confidential cells are counted of the outcome that has most. Levels are joined for all outcomes
    and in every table, never for one of them; rows without a level are joined to nothing.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved; its `merging` and `merges` say what may be joined.
    counts : JointCounts
        Respondents of all combinations.
    rules : Confidentiality
        The rule set.

    Returns
    -------
    SurveyPlan
        The same plan if nothing was joined.
    tuple of Joined
        What was joined, in the order in which it was chosen. A level that was made may be joined
        again.
    """
    design = plan.design
    number, before = _hardest(plan, counts, rules)
    lattice, tables = counts.lattice, layers_of(design.outcomes[number], counts, number)
    groups = [_alone(len(each.levels)) for each in plan.codings]
    codings, found, now = list(plan.codings), list[Joined](), before
    while len(found) < LIMIT and now:
        pairs = [
            (at, *pair)
            for at, coding in enumerate(plan.codings)
            for pair in joinable(coding, groups[at], codings[at], merging=design.merging)
        ]
        proposed = propose_merges(
            lattice,
            tables,
            rules_of(rules),
            ordered=[False] * len(lattice.levels),
            partners=pairs,
            limit=1,
            gain=GAIN * before / now,
        )
        if not proposed:
            break
        (merge,) = proposed
        at, now = merge.characteristic, merge.after
        found.append(_told(codings[at], merge))
        groups[at] = _with_one(groups[at], merge.levels)
        codings[at] = join(plan.codings[at], groups[at])
        every = [_alone(size) for size in lattice.levels]
        every[at] = _with_one(every[at], merge.levels)
        lattice, tables = join_levels(lattice, tables, every)
    return (replace(plan, codings=tuple(codings)) if found else plan), tuple(found)


def _hardest(plan: SurveyPlan, counts: JointCounts, rules: Confidentiality) -> tuple[int, int]:
    """Return the outcome with most confidential cells, and how many it has."""
    confidential = [
        int((judge_counts(margins(counts.lattice, layers), rules_of(rules)).reason > 0).sum())
        for number, outcome in enumerate(plan.design.outcomes)
        for layers in [layers_of(outcome, counts, number)]
    ]
    number = int(np.argmax(confidential))
    return number, confidential[number]


def _alone(levels: int) -> Groups:
    """Return each level as a group of its own."""
    return tuple((at,) for at in range(levels))


def _with_one(groups: Groups, which: Sequence[int]) -> Groups:
    """Return groups of which two are one, at the place of the first.

    Examples
    --------
    >>> _with_one(((0,), (1,), (2,)), (0, 2))
    ((0, 2), (1,))
    """
    one, two = which
    both = (*groups[one], *groups[two])
    return tuple(both if at == one else group for at, group in enumerate(groups) if at != two)


def join(coding: Coding, groups: Sequence[Sequence[int]]) -> Coding:
    """Return a coding whose levels are groups of the old ones, in the order of their first.

    Parameters
    ----------
    coding : Coding
        The characteristic.
    groups : sequence of sequences of int
        Levels that make each new level; those of cuts and ranges are neighbours.
    """
    levels = tuple(_level([coding.levels[at] for at in group]) for group in groups)
    # A score is cut where the last level of a group ends.
    cuts = tuple(coding.cuts[group[-1]] for group in groups[:-1]) if coding.cuts else ()
    return replace(coding, levels=levels, cuts=cuts)


def _level(parts: Sequence[Level]) -> Level:
    """Return one level made of several."""
    if len(parts) == 1:
        return parts[0]
    is_range = not any(part.values for part in parts)
    return Level(
        code="+".join(part.code for part in parts),
        label=" or ".join(part.label or part.code for part in parts),
        values=tuple(code for part in parts for code in part.values),
        at_least=parts[0].at_least if is_range else None,
        below=parts[-1].below if is_range else None,
    )


def _told(coding: Coding, merge: Merge) -> Joined:
    return Joined(
        characteristic=coding.name,
        levels=tuple(coding.levels[at].code for at in merge.levels),
        before=merge.before,
        after=merge.after,
    )
