"""Every outcome in every crossing of the characteristics, as one table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.interval import interval, proportion_interval
from everycount.errors import MethodError, Problem
from everycount.model.design import Outcome, SurveyDesign
from everycount.survey.coding import Coding
from everycount.survey.crossings import CellEstimates, cell_estimates
from everycount.survey.findings import Excluded, nobody_counts
from everycount.survey.plan import SurveyPlan
from everycount.survey.reliability import Reliability, flags
from everycount.survey.replicated import ReplicateSums, replicate_estimates, replicate_sums
from everycount.survey.totals import CellMoments, cell_moments

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
TOTAL = "_T"
"""Code of a characteristic that is not crossed. SDMX, Guidelines for the creation of code lists:
the total."""
FIGURES = ("estimate", "std_error", "ci_low", "ci_high", "df", "deff", "n", "cv", "flag")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Disaggregation:
    """Estimates of all outcomes in all cells that have members.

    `table` has the columns outcome, statistic, one for each characteristic with the code of its
    level (``_T`` where it is not crossed), estimate, std_error, ci_low, ci_high, df, deff, n, cv,
    flag. `cells` holds for each row of the table the level of each characteristic from 0, -1 where
    not crossed; `weighted` the sum of weights and `yes` the weighted numerator.
    """

    plan: SurveyPlan
    table: pl.DataFrame
    cells: IntArray
    weighted: FloatArray
    yes: FloatArray
    excluded: tuple[Excluded, ...]
    rows: int
    units: int
    strata: int
    lonely: tuple[str, ...]
    moments: CellMoments | ReplicateSums

    @property
    def empty(self) -> int:
        """Return the number of cells that nobody counts in, which are not in the table."""
        is_known = (self.moments.codes < np.array(self.plan.sizes, dtype=np.int64)).all(axis=1)
        return int(is_known.sum()) - len(self.table) // len(self.plan.design.outcomes)


def disaggregate(plan: SurveyPlan, *, reliability: Reliability | None = None) -> Disaggregation:
    """Estimate every outcome in every cell of every wanted crossing.

    Parameters
    ----------
    plan : SurveyPlan
        From `everycount.survey.plan.resolve`: the sample, the characteristics, the outcomes, the
        tables wanted, and the file. Without replicate weights the rows of a sampled unit stand
        together in it.
    reliability : Reliability, optional
        Rules that flag figures too uncertain to use.

    Returns
    -------
    Disaggregation
        The table and what it was made from.

    Raises
    ------
    InputError
        With every fault of the rows, counted.
    MethodError
        If there is nothing to estimate, or the method cannot be applied; with every outcome of
        which no row counts.
    NotGrouped
        If the rows of a unit do not stand together.
    """
    design = plan.design
    check_outcomes(design, plan.source.name)
    if design.sampling.replicates:
        sums = replicate_sums(plan)
        estimates = [replicate_estimates(sums, at) for at in range(len(design.outcomes))]
        return assemble(sums, estimates, reliability=reliability)
    moments = cell_moments(plan)
    estimates = [cell_estimates(moments, at) for at in range(len(design.outcomes))]
    return assemble(moments, estimates, reliability=reliability)


def check_outcomes(design: SurveyDesign, subject: str) -> None:
    """Refuse a design whose outcomes do not follow from totals of cells.

    Raises
    ------
    MethodError
        With every outcome that does not.
    """
    problems = []
    if not design.outcomes:
        problems.append(Problem("outcomes", "none", "at least one"))
    for outcome in design.outcomes:
        where = f"outcome {outcome.name}"
        if outcome.statistic == "quantile":
            expected = "a mean, proportion, total or ratio; `survey estimate` makes quantiles"
            problems.append(Problem(where, "a quantile, which needs the rows", expected))
        if outcome.share_of == "everyone":
            expected = "share_of = group; `survey estimate` makes shares of everyone"
            problems.append(Problem(where, "a share of everyone", expected))
    if problems:
        raise MethodError(subject, problems)


def assemble(
    made: CellMoments | ReplicateSums,
    estimates: Sequence[CellEstimates],
    *,
    reliability: Reliability | None = None,
) -> Disaggregation:
    """Return estimates of cells as one table, cells without a level or without members left out.

    Raises
    ------
    MethodError
        With every outcome of which no row counts.
    """
    plan = made.plan
    empty = [each.outcome.name for each in estimates if not each.n.any()]
    if empty:
        raise nobody_counts(plan.source.name, empty, made.findings.left_out)
    sizes = np.array(plan.sizes, dtype=np.int64)
    is_known = (made.codes < sizes).all(axis=1)
    has_members = np.any([each.n > 0 for each in estimates], axis=0)
    kept = np.flatnonzero(is_known & has_members)
    cells = made.codes[kept]
    tables = [outcome_table(plan, each, kept, cells, reliability) for each in estimates]
    return Disaggregation(
        plan=plan,
        table=pl.concat(tables),
        cells=np.tile(cells, (len(estimates), 1)),
        weighted=np.concatenate([each.weighted[kept] for each in estimates]),
        yes=np.concatenate([each.yes[kept] for each in estimates]),
        excluded=(*plan.excluded, *made.findings.left_out),
        rows=plan.source.rows,
        units=getattr(made, "units", 0),
        strata=getattr(made, "strata", 0),
        lonely=getattr(made, "lonely", ()),
        moments=made,
    )


def outcome_table(
    plan: SurveyPlan,
    each: CellEstimates,
    kept: IntArray,
    cells: IntArray,
    reliability: Reliability | None,
) -> pl.DataFrame:
    """Return the rows of one outcome."""
    outcome, design = each.outcome, plan.design
    estimate, error = each.estimate[kept], each.std_error[kept]
    df, n = each.df[kept], each.n[kept]
    log_odds = None if each.log_odds_error is None else each.log_odds_error[kept]
    low, high = confidence(design, outcome, estimate, error, df=df, n=n, log_odds=log_odds)
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = np.where(estimate != 0, error / np.abs(estimate), np.nan)
    columns: dict[str, pl.Series | pl.Expr] = {
        "outcome": pl.Series([outcome.name] * len(kept), dtype=pl.String),
        "statistic": pl.Series([outcome.statistic] * len(kept), dtype=pl.String),
    }
    for at, coding in enumerate(plan.codings):
        columns[coding.name] = level_codes(coding, cells[:, at])
    figures = {"estimate": estimate, "std_error": error, "ci_low": low, "ci_high": high, "df": df}
    columns |= {name: pl.Series(values) for name, values in figures.items()}
    columns["df"] = pl.Series(df.astype(np.int64))
    columns["deff"] = pl.Series(each.deff[kept])
    columns["n"] = pl.Series(n)
    columns["cv"] = pl.Series(cv)
    table = pl.DataFrame(columns).with_columns(pl.col(pl.Float64).fill_nan(None))
    flag = flags(table, outcome, reliability) if reliability else pl.Series([""] * len(kept))
    return table.with_columns(flag.alias("flag"))


def confidence(  # what an interval is made of
    design: SurveyDesign,
    outcome: Outcome,
    estimate: FloatArray,
    error: FloatArray,
    *,
    df: FloatArray,
    n: IntArray,
    log_odds: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the confidence intervals of an outcome, by the method declared."""
    if outcome.statistic == "proportion":
        method = outcome.interval or design.interval
        return proportion_interval(
            method, estimate, error, n=n, df=df, level=design.level, logit_std_error=log_odds
        )
    if outcome.interval == "normal":
        return interval(estimate, error, df=df, level=design.level, kind="normal")
    return interval(estimate, error, df=df, level=design.level)


def level_codes(coding: Coding, codes: IntArray) -> pl.Series:
    """Return the codes of levels as tables show them."""
    names = pl.Series([*(level.code for level in coding.levels), TOTAL], dtype=pl.String)
    return names.gather(pl.Series(np.where(codes < 0, len(coding.levels), codes)))
