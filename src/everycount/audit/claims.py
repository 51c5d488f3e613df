"""Claims: what may be said of the order of units on the strength of the builds, and what not."""

from collections.abc import Sequence

import polars as pl

from everycount.audit.uncertainty import Standing, Uncertainty
from everycount.audit.words import counted, listed, percent, places_in_words
from everycount.index.assumptions import VarySteps
from everycount.index.result import IndexResult
from everycount.index.steps import Normalise, Step
from everycount.index.variations import place_of

ENDS = 10
"""How many units at either end of the ranking are spoken of."""
NEAR = 1
"""A unit that stays within so many places of its rank is named; of fewer than 2 x `ENDS` units
nearly all would."""


def what_may_be_said(result: IndexResult, uncertainty: Uncertainty, first: Standing) -> list[str]:
    """Return the claims that the builds bear out."""
    limits = result.methodology.audit.thresholds
    lead = percent(limits.lead)
    said = []
    if first.meaningful is not None:
        pairs = of_ranking(uncertainty.pairs, first)
        far = pairs.filter(pl.col("apart") >= first.meaningful)
        broken = len(far) - int((far["leads"] >= limits.lead - 1e-9).sum())
        but = f"; {counted(broken, 'pair')} of {len(far):,} are exceptions (pairs.csv)"
        said.append(
            f"Of two units {places_in_words(first.meaningful)} or more apart, the one ranked "
            f"higher may be said to be ahead: it leads in at least {lead} of the builds"
            f"{but if broken else ''}."
        )
    told = _told_apart_nearby(uncertainty, first)
    if told:
        said.append(
            f"Nearer units may be put in order pair by pair: {counted(told, 'pair')} of them "
            f"{'is' if told == 1 else 'are'} told apart (pairs.csv)."
        )
    if first.units < 2 * ENDS:
        return said
    for end, low, high in (("first", 1, ENDS), ("last", first.units - ENDS + 1, first.units)):
        firm = _nearly_always(uncertainty, first, pl.lit(low), pl.lit(high), limits.lead)
        if firm:
            said.append(
                f"{units_in_words(result, firm)} may be said to be among the {end} {ENDS}: they "
                f"are in at least {lead} of the builds."
            )
    rank = pl.col("nominal")
    near = _nearly_always(uncertainty, first, rank - NEAR, rank + NEAR, limits.lead)
    if near:
        said.append(
            f"{units_in_words(result, near)} stay within {places_in_words(NEAR)} of their rank in "
            f"at least {lead} of the builds."
        )
    return said


def _told_apart_nearby(uncertainty: Uncertainty, first: Standing) -> int:
    """Return how many pairs are told apart that are too near for their ranks alone to tell."""
    pairs = of_ranking(uncertainty.pairs, first)
    if first.meaningful is not None:
        pairs = pairs.filter(pl.col("apart") < first.meaningful)
    return int(pairs["told_apart"].sum())


def _nearly_always(
    uncertainty: Uncertainty, first: Standing, low: pl.Expr, high: pl.Expr, share: float
) -> list[str]:
    """Return the units whose rank is from `low` to `high` in nearly all builds."""
    ranks = of_ranking(uncertainty.ranks, first).select("unit", "nominal", "builds")
    held = of_ranking(uncertainty.acceptability.filter(kind="rank"), first).join(ranks, on="unit")
    inside = held.filter(pl.col("at").cast(pl.Int64).is_between(low, high))
    # Shares are of the builds with a rank; of a unit that some builds give none nothing is firm.
    sums = inside.filter(pl.col("builds") == 1).group_by("unit").agg(pl.col("share").sum())
    firm = set(sums.filter(pl.col("share") >= share - 1e-9)["unit"])
    return [unit for unit in ranks["unit"] if unit in firm]


def what_may_not_be_said(
    result: IndexResult, uncertainty: Uncertainty, first: Standing
) -> list[str]:
    """Return the claims that the builds do not bear out, or say nothing about."""
    said = []
    if first.meaningful is None:
        said.append("That one unit is ahead of another, from their ranks alone.")
    if first.outside:
        units = units_in_words(result, first.outside)
        said.append(
            f"The declared rank of {units} without its interval: it lies outside, so that it is "
            "not typical of the builds."
        )
    if first.partly:
        units = units_in_words(result, first.partly)
        said.append(
            f"The rank of {units} without saying that some builds give none, for lack of figures."
        )
    if scales_differ(result):
        said.append(
            "Intervals of scores: the scores of different builds are on different scales. Those "
            "of ranks may be quoted."
        )
    return [
        *said,
        "That two units differ, or do not, because their intervals overlap or do not: only the "
        "share of builds in which one leads tells.",
        "How sure one may be of the world: the shares are of the builds tested, under the choices "
        "listed, and of nothing else.",
    ]


def scales_differ(result: IndexResult) -> bool:
    """Tell whether builds give scores on different scales."""
    method = result.methodology
    for assumption in method.audit.assumptions:
        if isinstance(assumption, VarySteps) and assumption.do == "normalise":
            at = place_of(method.steps, assumption)
            own = None if at is None else method.steps[at]
            steps = [None if o.leave_out else o.step or own for o in assumption.options]
            if len({_scale(step) for step in (*steps, own)}) > 1:
                return True
    return False


def _scale(step: Step | None) -> tuple[object, ...]:
    """Return what tells the scale of scores that a step makes."""
    if not isinstance(step, Normalise):
        return ()
    if step.method in ("goalposts", "min_max"):
        return step.scale or (0.0, 100.0)
    return (step.method, step.scale)


def units_in_words(result: IndexResult, units: Sequence[str]) -> str:
    """Return units as people read them; with their code where the name alone is not clear."""
    names = result.state.about.names
    known = [names.get(unit) or unit for unit in units]
    every = list(names.values())
    return listed(
        [
            name if every.count(name) < 2 and "," not in name else f"{name} ({unit})"
            for name, unit in zip(known, units, strict=True)
        ]
    )


def of_ranking(table: pl.DataFrame, first: Standing) -> pl.DataFrame:
    """Return the rows of a table that are of one ranking."""
    return table.filter(pl.col("node") == first.node, pl.col("period").eq_missing(first.period))
