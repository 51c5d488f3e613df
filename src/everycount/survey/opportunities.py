"""How unequally an outcome is shared out: D and HOI in three ways, with errors and chance."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from everycount.arrays.circumstances import Cells
from everycount.arrays.interval import interval
from everycount.arrays.main_effects import main_effects
from everycount.arrays.opportunity import Opportunity, grouped, opportunity
from everycount.arrays.opportunity_chance import Chance, dissimilarity_by_chance
from everycount.arrays.opportunity_parts import contributions_to_dissimilarity
from everycount.arrays.refit import Fit, refit
from everycount.arrays.replicate import replicate_covariance
from everycount.arrays.shapley import LARGEST
from everycount.arrays.tree_nodes import Outcome as Direction
from everycount.errors import MethodError
from everycount.survey.furthest_groups import Grown
from everycount.survey.furthest_rows import (
    CHANCE_RNG,
    FurthestOptions,
    Reduced,
    Repetitions,
    Scale,
)

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Over = Literal["cells", "logit", "leaves escap", "leaves chosen"]
PARTED: Final[tuple[Literal["cells", "logit"], ...]] = ("cells", "logit")
MOST_FITTED: Final = 200_000
"""Possible cells of all sets of circumstances together, each set of which is fitted by a logit for
their contributions: about ten seconds of work; our own choice."""
MEAN: Final = "D and HOI are of shares of people with an outcome, not of means"
"""Why a mean has neither, and nothing to share out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A number with its replicate error and t interval; NaN where there is none."""

    value: float = np.nan
    std_error: float = np.nan
    low: float = np.nan
    high: float = np.nan


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityRow:
    """D and HOI over one kind of groups."""

    over: Over
    groups: int | None = None
    """How many; nothing for a logit, which has no groups."""
    coverage: float = np.nan
    """Weighted mean of the outcome, of its complement for a barrier."""
    dissimilarity: Index = Index()
    opportunity: Index = Index()
    df: float = np.nan
    chance: Chance | None = None
    """The D to expect by chance; of cells alone."""
    lost: int = 0
    """Replicates without a value."""
    reason: str = ""
    """Why there is no value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionRow:
    """What a circumstance contributes to D, and which share of D that is."""

    over: Literal["cells", "logit"]
    circumstance: str
    contribution: float = np.nan
    share: float = np.nan
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Way:
    """One kind of groups: cells as they are, fitted, or brought together."""

    over: Over
    groups: IntArray | None = None
    fit: Fit | None = None

    def index(self, cells: Cells, direction: Direction) -> Opportunity:
        """Return the indices of a sample or a replicate."""
        weight, mean = cells.weight, cells.mean
        if self.fit is not None:
            mean = self.fit(weight, mean)
        if self.groups is not None:
            weight, mean = grouped(weight, mean, self.groups)
        return opportunity(weight, mean, outcome=direction)


def opportunities(
    reduced: Reduced,
    grown: Sequence[Grown],
    options: FurthestOptions,
    repetitions: Repetitions,
) -> tuple[OpportunityRow, ...]:
    """Compute D and HOI over cells, by logit and over the leaves of trees.

    Parameters
    ----------
    reduced : Reduced
        The rows.
    grown : sequence of Grown
        Trees.
    options : FurthestOptions
        Seed and draws.
    repetitions : callable
        Gives the cells under each replicate.

    Returns
    -------
    tuple of OpportunityRow
        Errors are of replicates around their mean, as in a replicate chance adds to D once more.
        Of a mean, the reason why there is neither.
    """
    leaves: list[Over] = [
        "leaves escap" if tree.method == "escap" else "leaves chosen" for tree in grown
    ]
    if reduced.outcome.statistic == "mean":
        return tuple(OpportunityRow(over=over, reason=MEAN) for over in (*PARTED, *leaves))
    ways = [_Way(over="cells"), _logit(reduced.table.cells)]
    for tree, over in zip(grown, leaves, strict=True):
        ways.append(_Way(over=over, groups=tree.leaf_of_cell))
    direction = reduced.outcome.direction
    found = [_full(way, reduced) for way in ways]
    series = np.full((len(ways), reduced.scale(options).rscales.size, 2), np.nan)
    for at, cells in enumerate(repetitions()):
        for number, way in enumerate(ways):
            if not found[number].reason:
                series[number, at] = _repeated(way, cells, direction)
    df = float(grown[0].figures.df[0])
    level = reduced.sample.plan.design.level
    scale = reduced.scale(options)
    rows = [
        row if row.reason else _with_errors(row, values, scale, df=df, level=level)
        for row, values in zip(found, series, strict=True)
    ]
    rows[0] = replace(rows[0], chance=_chance(reduced, options))
    return tuple(rows)


def _logit(cells: Cells) -> _Way:
    """Return the fitted chances as a kind of groups."""

    def first(weight: FloatArray, mean: FloatArray) -> FloatArray:
        return main_effects(cells.codes, weight, mean)

    try:
        chance = first(cells.weight, cells.mean)
    except MethodError:
        return _Way(over="logit", fit=first)  # which says once more why there is none
    return _Way(over="logit", fit=refit(cells.codes, chance))


def _full(way: _Way, reduced: Reduced) -> OpportunityRow:
    """Return the indices of the sample, or why there are none."""
    try:
        found = way.index(reduced.table.cells, reduced.outcome.direction)
    except MethodError as error:
        return OpportunityRow(over=way.over, reason=_reason(error))
    return OpportunityRow(
        over=way.over,
        groups=None if way.over == "logit" else found.groups,
        coverage=found.coverage,
        dissimilarity=Index(value=found.dissimilarity),
        opportunity=Index(value=found.opportunity),
    )


def _reason(error: MethodError) -> str:
    return "; ".join(
        f"{each.where}: found {each.found}, expected {each.expected}" for each in error.problems
    )


def _repeated(way: _Way, cells: Cells, direction: Direction) -> tuple[float, float]:
    """Return D and HOI of a replicate; NaN where nobody is left or a fit does not converge."""
    if not cells.weight.any():
        return np.nan, np.nan
    try:
        found = way.index(cells, direction)
    except MethodError:
        return np.nan, np.nan
    return found.dissimilarity, found.opportunity


def _with_errors(
    row: OpportunityRow, series: FloatArray, scale: Scale, *, df: float, level: float
) -> OpportunityRow:
    """Return indices with errors and intervals, which end at 0 and 1."""
    indices = []
    for index, values in zip((row.dissimilarity, row.opportunity), series.T, strict=True):
        variance = replicate_covariance(
            values, [index.value], scale=scale.scale, rscales=scale.rscales, centre="mean"
        )
        indices.append(with_interval(index.value, float(np.sqrt(variance[0, 0])), df, level))
    return replace(
        row,
        dissimilarity=indices[0],
        opportunity=indices[1],
        df=df,
        lost=int(np.isnan(series[:, 0]).sum()),
    )


def with_interval(value: float, std_error: float, df: float, level: float) -> Index:
    """Return an index with its error and t interval, which ends at 0 and 1.

    Examples
    --------
    >>> found = with_interval(0.9, 0.1, 10, 0.95)
    >>> round(found.low, 3), found.high
    (0.677, 1.0)
    """
    low, high = (float(end) for end in interval(value, std_error, df=df, level=level))
    index = Index(value=value, std_error=std_error)
    return replace(index, low=max(low, 0.0), high=min(high, 1.0)) if low <= high else index


def _chance(reduced: Reduced, options: FurthestOptions) -> Chance:
    """Return the D that the cells would have by chance."""
    table = reduced.table
    return dissimilarity_by_chance(
        reduced.outcome_by_row,
        reduced.measure.weight,
        table.cell_of_row,
        psu=table.psu_of_row if reduced.has_psus else None,
        outcome=reduced.outcome.direction,
        draws=options.draws_for(reduced.rows),
        rng=options.rng(CHANCE_RNG),
    )


def parts_of_dissimilarity(
    reduced: Reduced, *, decimals: int | None = None
) -> tuple[ContributionRow, ...]:
    """Share out D over cells, and D by logit, among the circumstances.

    Parameters
    ----------
    reduced : Reduced
        The rows.
    decimals : int, optional
        Decimals to which D of each set of circumstances is rounded before; left out, none.

    Returns
    -------
    tuple of ContributionRow
        Of each kind as many as circumstances; contributions add to D. With more circumstances
        than can be shared out, or of a mean, the reason.
    """
    found: list[ContributionRow] = []
    for over in PARTED:
        found += _parts(reduced, over, decimals)
    return tuple(found)


def _parts(
    reduced: Reduced, over: Literal["cells", "logit"], decimals: int | None
) -> list[ContributionRow]:
    """Return the contributions to D in one way."""
    names = [coding.name for coding in reduced.codings]
    work = prod(1 + len(coding.levels) for coding in reduced.codings)
    reason = ""
    if reduced.outcome.statistic == "mean":
        reason = MEAN
    elif len(names) > LARGEST:
        reason = f"{len(names)} circumstances, of which there are too many sets: over {LARGEST}"
    elif over == "logit" and work > MOST_FITTED:
        reason = f"{work:,} cells in all sets of circumstances to fit, more than {MOST_FITTED:,}"
    else:
        try:
            parts = contributions_to_dissimilarity(
                reduced.table.cells,
                over=over,
                outcome=reduced.outcome.direction,
                decimals=decimals,
            )
        except MethodError as error:
            reason = _reason(error)
    if reason:
        return [ContributionRow(over=over, circumstance=name, reason=reason) for name in names]
    total = float(parts.sum())
    return [
        ContributionRow(
            over=over,
            circumstance=name,
            contribution=float(part),
            share=float(part) / total if total else np.nan,
        )
        for name, part in zip(names, parts, strict=True)
    ]
