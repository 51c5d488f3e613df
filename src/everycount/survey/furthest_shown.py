"""What may be shown of D, HOI and their parts: in full, in whole per cent, or not at all.

D is a figure over all cells of the circumstances, so of few cells it gives a hidden one away: over
the levels of one circumstance it is a measure of inequality of them, to a factor. Under rules,

- nothing is shown of D and HOI over cells and by logit, nor of what contributes to them, where a
  level of any circumstance breaks the rules;
- otherwise, where a cell breaks them, D is shown in whole per cent, as long as a hundredth of those
  with the outcome are no fewer people than the least group that may be shown, and else not at all.
  D says which share of the outcomes would have to change hands, so a step of it is that many
  people. All else is worked out from what is shown: HOI from the rounded D and the coverage,
  intervals from both and errors of two digits, the excess over chance from the rounded D, and
  contributions from the D of each set of circumstances, rounded in the same way. So nothing says
  more of D than its whole per cent do;
- otherwise both are shown in full.

D over the leaves of a tree follows from its leaves, and is shown if all of them are. Errors with
too few degrees of freedom are withheld, as those of groups are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from everycount.arrays.details import round_significant
from everycount.model.rules import Confidentiality
from everycount.survey.furthest_rows import Reduced
from everycount.survey.furthest_secret import breaks, cell_counts
from everycount.survey.inequalities import CharacteristicInequality
from everycount.survey.opportunities import Index, OpportunityRow, with_interval

if TYPE_CHECKING:
    from everycount.survey.furthest import FurthestBehind

Exactness = Literal["full", "rounded", "nothing"]
DECIMALS: Final = 2
"""Decimals of D where it is shown in whole per cent."""
DIGITS: Final = 2
"""Significant digits of its error there."""
NO_ERROR: Final = Index()


def exactness(
    reduced: Reduced,
    inequalities: Sequence[CharacteristicInequality],
    rules: Confidentiality | None,
) -> Exactness:
    """Tell how exactly D over cells and by logit may be shown.

    Parameters
    ----------
    reduced : Reduced
        The rows.
    inequalities : sequence of CharacteristicInequality
        Of each circumstance, with the counts of its levels.
    rules : Confidentiality, optional
        The rules; without any, all is shown.
    """
    if rules is None:
        return "full"
    for by in inequalities:
        if any(breaks(rules, n, yes) for n, yes in by.counts.tolist()):
            return "nothing"
    cells = cell_counts(reduced)
    if not any(breaks(rules, n, yes) for n, yes in cells.tolist()):
        return "full"
    n, yes = cells.sum(axis=0).tolist()
    having = yes if reduced.outcome.direction == "opportunity" else n - yes
    least = max(rules.minimum, rules.minimum_yes)
    return "rounded" if having >= least * 10**DECIMALS else "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """An index that is not shown, to protect people."""

    over: str


def shown_indices(found: "FurthestBehind") -> tuple[OpportunityRow | Withheld, ...]:
    """Return D and HOI over each kind of groups as they may be shown."""
    exact = found.exactness
    return tuple(_shown(found, row, exact) for row in found.opportunities)


def _shown(
    found: "FurthestBehind", row: OpportunityRow, exact: Exactness
) -> OpportunityRow | Withheld:
    """Return D and HOI over one kind of groups as they may be shown."""
    if row.reason:
        return row
    is_whole = row.over in ("cells", "logit")
    if is_whole and exact == "nothing":
        return Withheld(over=row.over)
    if not is_whole and any(
        row.over == f"leaves {grown.method}" and found.secret.hides_any(grown.method)
        for grown in found.grown
    ):
        return Withheld(over=row.over)
    if is_whole and exact == "rounded":
        row = _rounded(row, found.reduced.sample.plan.design.level)
    if found.secret.withholds_error(row.df):
        d, hoi = (replace(NO_ERROR, value=each.value)
                  for each in (row.dissimilarity, row.opportunity))  # fmt: skip
        row = replace(row, dissimilarity=d, opportunity=hoi, df=np.nan)
    return row


def _rounded(row: OpportunityRow, level: float) -> OpportunityRow:
    """Return D in whole per cent and all else as it follows from that."""
    d = round(row.dissimilarity.value, DECIMALS)
    hoi = round(row.coverage * (1 - d), DECIMALS)
    errors = [
        float(round_significant(each.std_error, DIGITS))
        for each in (row.dissimilarity, row.opportunity)
    ]
    chance = row.chance
    if chance is not None:
        expected = round(chance.expected, DECIMALS)
        chance = replace(chance, expected=expected, excess=round(d - expected, DECIMALS))
    return replace(
        row,
        dissimilarity=_in_whole(with_interval(d, errors[0], row.df, level)),
        opportunity=_in_whole(with_interval(hoi, errors[1], row.df, level)),
        chance=chance,
    )


def _in_whole(index: Index) -> Index:
    """Return an index with an interval in whole per cent."""
    return replace(index, low=round(index.low, DECIMALS), high=round(index.high, DECIMALS))
