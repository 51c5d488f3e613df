"""Estimates of any statistic in one crossing of characteristics, from rows in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import special

from everycount.errors import MethodError, Problem
from everycount.survey.crossings import CellEstimates
from everycount.survey.disaggregate import outcome_table
from everycount.survey.figures import Figures, ReplicateFigures
from everycount.survey.findings import Excluded, nobody_counts
from everycount.survey.plan import SurveyPlan
from everycount.survey.quantiles import QuantileFigures, QuantileKind
from everycount.survey.reliability import Reliability
from everycount.survey.sample import Sample
from everycount.survey.sample_tables import SampleTable, SampleTables

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Margins = Literal["with", "without"]
Limits = tuple[FloatArray, FloatArray]
ARRAYS = ("estimate", "std_error", "df", "deff", "n", "weighted", "yes")
"""Arrays of `CellEstimates` that every outcome has."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimates:
    """Estimates of some outcomes in the cells that have members.

    `table` has the columns of `everycount.survey.disaggregate.Disaggregation`.
    """

    sample: Sample
    outcomes: tuple[int, ...]
    """Positions of the outcomes in the design."""
    tables: SampleTables
    table: pl.DataFrame

    @property
    def plan(self) -> SurveyPlan:
        """Return the design, resolved."""
        return self.sample.plan

    @property
    def excluded(self) -> tuple[Excluded, ...]:
        """Return the rows left out, by subject and reason."""
        return (*self.plan.excluded, *self.sample.findings.left_out)


def estimate(
    sample: Sample,
    outcomes: Sequence[str] | None = None,
    by: Sequence[str] = (),
    *,
    margins: Margins = "without",
    quantiles: QuantileKind = "mean",
    reliability: Reliability | None = None,
) -> Estimates:
    """Estimate outcomes in every cell of one crossing.

    Parameters
    ----------
    sample : Sample
        From `everycount.survey.sample.load`; with replicate weights, errors come from those.
    outcomes : sequence of str, optional
        Names of outcomes. Left out: all of the design.
    by : sequence of str
        Names of the characteristics that are crossed; none gives the estimate of everyone.
    margins : {"with", "without"}
        Whether tables by some of the characteristics, and the total, are made as well.
    quantiles : str
        How limits of quantiles are made: ``mean`` (Woodruff's, from a t interval of the share),
        ``beta``, ``xlogit``, ``arcsine``, ``score``, ``francisco-fuller``, or ``replicates``.
    reliability : Reliability, optional
        Rules that flag figures too uncertain to use.

    Returns
    -------
    Estimates
        The table and what it was made from. ``n`` counts the rows that the denominator of an
        estimate is of: those of the cell, or of everyone for a share of everyone.

    Raises
    ------
    MethodError
        If there is no such outcome or characteristic, no row counts for an outcome, there are more
        cells than allowed, or the method cannot be applied.

    Notes
    -----
    A share of everyone counts in its denominator all whose answer is known, also those who have
    no level of the characteristics.
    """
    plan = sample.plan
    numbers = _positions("outcome", outcomes, [each.name for each in plan.design.outcomes], plan)
    if not numbers:
        raise MethodError(plan.source.name, [Problem("outcomes", "none", "at least one")])
    places = _positions("by", by, [coding.name for coding in plan.codings], plan)
    whole = plan.design.outcomes
    empty = [whole[at].name for at in numbers if not sample.measures[at].counts.any()]
    if empty:
        raise nobody_counts(plan.source.name, empty, sample.findings.left_out)
    made = SampleTables.of(sample, _tables(plan, places, margins), quantiles=quantiles)
    tables = [made.table(at) for at in range(len(made.tables))]
    kept = [
        np.flatnonzero(np.any([table.counts(number) > 0 for number in numbers], axis=0))
        for table in tables
    ]
    cells = np.concatenate([table.cells[at] for table, at in zip(tables, kept, strict=True)])
    frames = []
    for number in numbers:
        parts = [_part(table, number, at) for table, at in zip(tables, kept, strict=True)]
        frames.append(_outcome_rows(plan, parts, cells, reliability))
    return Estimates(sample=sample, outcomes=numbers, tables=made, table=pl.concat(frames))


def _positions(
    what: str, names: Sequence[str] | None, known: Sequence[str], plan: SurveyPlan
) -> tuple[int, ...]:
    """Return the positions of names, all if none are given; refuse unknown ones."""
    if names is None:
        return tuple(range(len(known)))
    strange = [name for name in dict.fromkeys(names) if name not in known]
    if strange:
        expected = f"one of {', '.join(known) or 'those of the design, which has none'}"
        problems = [Problem(what, repr(name), expected) for name in strange]
        raise MethodError(plan.source.name, problems)
    return tuple(known.index(name) for name in dict.fromkeys(names))


def _tables(
    plan: SurveyPlan, places: Sequence[int], margins: Margins
) -> tuple[tuple[int, ...], ...]:
    """Return the wanted tables, refusing more cells than the design allows."""
    widths = range(1 if margins == "with" else len(places), len(places) + 1)
    wanted = [table for width in widths for table in combinations(sorted(places), width)]
    names = [coding.name for coding in plan.codings]
    only = tuple(tuple(names[at] for at in table) for table in wanted if table)
    crossings = replace(plan.design.crossings, only=only)
    if not only:
        return ((),)
    tables = replace(plan, design=replace(plan.design, crossings=crossings)).tables()
    return tables if margins == "with" else tables[1:]


def _part(table: SampleTable, number: int, kept: IntArray) -> tuple[CellEstimates, Limits | None]:
    """Return the estimates of an outcome in some cells of a table, with limits of quantiles."""
    figures = table.figures(number)
    variances = np.full(len(table.cells), np.nan)
    variances[kept] = [figures.variance(at, at, 0.0) for at in kept]
    weighted, yes = table.weights(number)
    log_odds = _log_odds_errors(table, number, figures)
    cells = CellEstimates(
        outcome=table.sample.plan.design.outcomes[number],
        estimate=figures.estimate[kept],
        std_error=np.sqrt(variances[kept]),
        df=np.array([figures.df(at, at) for at in kept], dtype=float),
        deff=table.design_effects(number, variances)[kept],
        n=figures.rows[kept],
        weighted=weighted[kept],
        yes=yes[kept],
        log_odds_error=None if log_odds is None else log_odds[kept],
    )
    if isinstance(figures, QuantileFigures):
        return cells, (figures.low[kept], figures.high[kept])
    return cells, None


def _outcome_rows(
    plan: SurveyPlan,
    parts: Sequence[tuple[CellEstimates, Limits | None]],
    cells: IntArray,
    reliability: Reliability | None,
) -> pl.DataFrame:
    """Return the rows of one outcome from its tables."""
    estimates = [each for each, _ in parts]
    log_odds = [each.log_odds_error for each in estimates if each.log_odds_error is not None]
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(each, name) for each in estimates]) for name in ARRAYS
    }
    joined = CellEstimates(
        outcome=estimates[0].outcome,
        log_odds_error=np.concatenate(log_odds) if log_odds else None,
        **arrays,
    )
    rows = outcome_table(plan, joined, np.arange(len(cells)), cells, reliability)
    limits = [each for _, each in parts if each is not None]
    if limits:
        ends = zip(("ci_low", "ci_high"), zip(*limits, strict=True), strict=True)
        rows = rows.with_columns(
            pl.Series(name, np.concatenate(values)).fill_nan(None) for name, values in ends
        )
    return rows


def _log_odds_errors(table: SampleTable, number: int, figures: Figures) -> FloatArray | None:
    """Return the errors of the log odds of proportions, where they come from replicates."""
    outcome = table.sample.plan.design.outcomes[number]
    if outcome.statistic != "proportion" or not isinstance(figures, ReplicateFigures):
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        full, series = (special.logit(each) for each in (figures.estimate, figures.series))
    series = np.where(np.isfinite(series), series, np.nan)
    full = np.where(np.isfinite(full), full, np.nan)
    repeats = figures.repeats
    return np.sqrt([repeats.variance(*pair) for pair in zip(series, full, strict=True)])
