"""Say who is furthest behind, a sentence each finding, with what cannot be read out of it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from everycount.arrays.tree_stability import Definition
from everycount.model.design import Outcome
from everycount.survey.furthest_figures import Gap
from everycount.survey.furthest_groups import Grown, HonestGroup
from everycount.survey.furthest_names import words_of
from everycount.survey.furthest_rows import Method, Reduced
from everycount.survey.furthest_shown import Withheld, shown_indices
from everycount.survey.group_figures import Difference, GroupFigure, OutcomeWords
from everycount.survey.opportunities import OpportunityRow
from everycount.survey.words import finding, furthest

if TYPE_CHECKING:
    from everycount.survey.furthest import FurthestBehind

CAVEATS: Final = (
    "Circumstances are where people live and who they are, not causes: a group is behind in them, "
    "not because of them.",
    "A group chosen by looking at the same data looks worse than it is; the figure from the half "
    "of the sample that had no part in the choice does not.",
    "D over many small cells is too high, as every cell differs a little by chance; compare it "
    "with D by logit and over leaves.",
)
NO_PSUS: Final = (
    "No sampling units are named, so rows were held back one by one: if neighbours were sampled "
    "together, the tree is larger and its figures surer than they should be."
)
LEANING: Final[dict[Method, str]] = {
    "escap": "By UN ESCAP's method: ",
    "chosen": "With a tree chosen by cross-validation over sampled units: ",
}
WITHHELD_INDEX: Final = (
    "How unequally the outcome is shared out (D and the human opportunity index) is not shown, to "
    "protect people."
)
OF_SHARES: Final = CAVEATS[2]
"""The caveat that is of D alone, which a mean has not."""
WITHHELD: Final = "who is furthest behind is not shown, to protect people."


def outcome_words(outcome: Outcome) -> OutcomeWords:
    """Return an outcome in words that follow a group of people.

    Examples
    --------
    >>> outcome_words(Outcome(name="net", label="Uses the internet")).present
    'have the outcome “Uses the internet”'
    """
    label = outcome.label or outcome.name
    behind: Literal["low", "high"] = "high" if outcome.direction == "barrier" else "low"
    if outcome.statistic == "mean":
        return OutcomeWords(
            present="have on average",
            past="had on average",
            kind="mean",
            unit=f"(“{label}”)",
            behind=behind,
        )
    return OutcomeWords(
        present=f"have the outcome “{label}”",
        past=f"had the outcome “{label}”",
        behind=behind,
    )


def group_words(reduced: Reduced, definition: Definition) -> str:
    """Return a group in words that a sentence can go on with."""
    told = words_of(reduced, definition)
    return f"those with {'; '.join(told)}" if told else "all people in the survey"


def sentences(found: "FurthestBehind") -> tuple[str, ...]:
    """Return what was found, a sentence or two each: groups, halves, stability, D and its parts.

    Parameters
    ----------
    found : FurthestBehind
        The result; what its rules hide is not told.
    """
    told = []
    for each in found.grown:
        told += list(_of_tree(found, each))
    told += list(_of_opportunity(found))
    return tuple(told)


def caveats(found: "FurthestBehind") -> tuple[str, ...]:
    """Return what cannot be read out of the result, a sentence each."""
    is_share = found.outcome.statistic == "proportion"
    own = [text for text in CAVEATS if is_share or text != OF_SHARES]
    if not found.reduced.has_psus:
        own.append(NO_PSUS)
    if is_share and found.outcome.direction == "barrier":
        own.append("The outcome is a barrier: D and HOI are those of being spared it.")
    repeats = found.reduced.sample.repeats
    if repeats is not None and repeats.kind != "bootstrap":
        own.append(
            f"Replicate weights of the kind {repeats.kind} differ less, or more, from the sample "
            "than a new sample would, and so do the groups that they find."
        )
    return tuple(own)


def _of_tree(found: "FurthestBehind", grown: Grown) -> Iterator[str]:
    """Yield what a tree finds."""
    opening = LEANING[grown.method]
    if len(grown.tree.nodes) == 1:
        yield f"{opening}no circumstance parts the people so that a group is reliably behind."
        return
    ends = (grown.behind, grown.ahead)
    if any(found.secret.hides(grown.method, place) for place in ends):
        yield f"{opening}{WITHHELD}"
        return
    behind, ahead = (_figure(found, grown, place) for place in ends)
    yield opening + furthest(
        behind,
        ahead,
        _gap_words(found, grown.gap),
        outcome=outcome_words(found.outcome),
        chosen="searched",
        year=_year(found),
        level=_level(found),
    )
    yield from _of_halves(found, grown)
    yield _of_stability(found, grown)


def _figure(found: "FurthestBehind", grown: Grown, place: int) -> GroupFigure:
    """Return the figure of a node with its words."""
    figures = grown.figures
    low, high = float(figures.low[place]), float(figures.high[place])
    if found.secret.withholds_error(float(figures.df[place])):
        low = high = np.nan
    return GroupFigure(
        words=group_words(found.reduced, grown.definitions[place]),
        estimate=_within(found, float(figures.estimate[place])),
        low=low,
        high=high,
    )


def _within(found: "FurthestBehind", value: float) -> float:
    """Return a share without the rounding that takes it out of 0 to 1."""
    return min(max(value, 0.0), 1.0) if found.outcome.statistic == "proportion" else value


def _of_halves(found: "FurthestBehind", grown: Grown) -> Iterator[str]:
    """Yield what the half of the sample says that had no part in the choice."""
    halves = grown.halves
    groups = (halves.behind, halves.ahead)
    if any(found.secret.hides_half(group) for group in groups):
        return
    if any(np.isnan(group.held.mean) for group in groups):
        yield "In the half of the sample held back nobody is in a group that the other half found."
        return
    if not halves.behind.definition:
        yield "The tree of half of the sample has one group, so there is no honest figure."
        return
    behind, ahead = (_half_figure(found, group) for group in groups)
    told = finding(
        behind,
        ahead,
        _gap_words(found, halves.gap),
        outcome=outcome_words(found.outcome),
        year=_year(found),
        level=_level(found),
    )
    same = halves.behind.definition == grown.definitions[grown.behind]
    which = "the same group" if same else "another group than with the whole"
    yield (
        f"Honestly, with {which} found on one half of the sampled units and measured on the "
        f"other: {told}"
    )


def _half_figure(found: "FurthestBehind", group: HonestGroup) -> GroupFigure:
    low, high = group.low, group.high
    if found.secret.withholds_error(float(group.held.df)):
        low = high = np.nan
    return GroupFigure(
        words=group_words(found.reduced, group.definition),
        estimate=_within(found, group.held.mean),
        low=low,
        high=high,
    )


def _gap_words(found: "FurthestBehind", gap: Gap) -> Difference | None:
    """Return what a sentence says of a difference, if its error may be shown."""
    return None if found.secret.withholds_error(gap.df) else gap.words


def _of_stability(found: "FurthestBehind", grown: Grown) -> str:
    """Return how often other samples would have found the same people."""
    stability = grown.stability
    count = len(stability.overlap)
    return (
        f"In {100 * stability.recovered:.0f} % of {count:,} replicates of the sample the group "
        "furthest behind was mostly the same people."
    )


def _of_opportunity(found: "FurthestBehind") -> Iterator[str]:
    """Yield what D and HOI say, with the D of chance, and the circumstance that counts most."""
    rows = {row.over: row for row in shown_indices(found)}
    cells, fitted = rows["cells"], rows["logit"]
    if isinstance(cells, Withheld) or isinstance(fitted, Withheld):
        yield WITHHELD_INDEX
        return
    if cells.reason:
        return  # a mean, which has neither; tables say so
    digits = 0 if found.exactness == "rounded" else 1
    spared = "being spared" if found.outcome.direction == "barrier" else "having"
    label = found.outcome.label or found.outcome.name
    yield (
        f"Of all {spared} “{label}”, {_percent(cells, digits)} would have to change hands for all "
        f"{cells.groups:,} groups of circumstances to have the same (index D over cells)."
        + (
            ""
            if fitted.reason
            else f" By a logit, in which cells count less: {_percent(fitted, digits)}."
        )
    )
    chance = cells.chance
    if chance is not None:
        yield (
            f"With so many cells, D would be {_told(chance.expected, digits)} by chance "
            f"alone; the excess over that is {_told(chance.excess, digits)}."
        )
    hoi = fitted.opportunity if not fitted.reason else cells.opportunity
    yield (
        f"Human opportunity index: {_told(hoi.value, digits)}, of a coverage of "
        f"{100 * cells.coverage:.1f} %."
    )
    parts = [each for each in found.contributions if each.over == "logit" and not each.reason]
    parts = parts or [each for each in found.contributions if not each.reason]
    largest = max(parts, key=lambda each: each.contribution, default=None)
    if largest is not None and largest.contribution > 0:
        yield (
            f"The largest part of D goes with {largest.circumstance}: {100 * largest.share:.0f} % "
            "(Shapley)."
        )


def _percent(row: OpportunityRow, digits: int) -> str:
    """Return D with its interval in per cent."""
    index = row.dissimilarity
    value = _told(index.value, digits)
    if np.isnan(index.low):
        return value
    return f"{value} ({100 * index.low:.{digits}f} to {100 * index.high:.{digits}f})"


def _told(share: float, digits: int) -> str:
    return f"{100 * share:.{digits}f} %"


def _year(found: "FurthestBehind") -> int | None:
    """Return the year of the survey, where it is one year."""
    period = found.reduced.sample.plan.design.period
    return int(period) if period.isdecimal() and len(period) == 4 else None


def _level(found: "FurthestBehind") -> float:
    return round(100 * found.reduced.sample.plan.design.level, 6)
