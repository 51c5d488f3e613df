"""Estimates of any groups of the rows with design-based errors, and differences of two."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from everycount.arrays.interval import interval
from everycount.arrays.multiple_tests import two_sided_p_values
from everycount.survey.disaggregate import confidence
from everycount.survey.figures import Figures, ReplicateFigures
from everycount.survey.furthest_rows import Reduced
from everycount.survey.group_figures import Difference

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimated:
    """Estimates of groups of people with design-based errors, each field (groups,)."""

    estimate: FloatArray
    std_error: FloatArray
    low: FloatArray
    high: FloatArray
    df: FloatArray
    n: IntArray
    yes: IntArray
    """Rows with the outcome, unweighted; -1 of a mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """The difference of two groups, the second less the first, with its t test."""

    value: float
    std_error: float
    low: float
    high: float
    df: float
    p_value: float

    @property
    def words(self) -> Difference | None:
        """Return what a sentence says of it; nothing if it has no error."""
        if not np.isfinite([self.value, self.low, self.high]).all():
            return None
        return Difference(value=self.value, low=self.low, high=self.high, p_value=self.p_value)


def estimated(reduced: Reduced, cell: IntArray, domains: BoolArray) -> tuple[Estimated, Figures]:
    """Estimate the outcome in domains made of parts of the rows.

    Parameters
    ----------
    reduced : Reduced
        The rows.
    cell : ndarray of int, shape (rows,)
        Part of each row, -1 for none.
    domains : ndarray of bool, shape (domains, parts)
        Parts that make each domain.
    """
    design, outcome, measure = reduced.sample.plan.design, reduced.outcome, reduced.measure
    parts = domains.shape[1]
    figures = reduced.table_of(cell, parts).figures(0, domains)
    places = range(len(domains))
    std_error = np.sqrt([figures.variance(at, at, 0.0) for at in places])
    df = np.array([figures.df(at, at) for at in places])
    low, high = confidence(
        design,
        outcome,
        figures.estimate,
        std_error,
        df=df,
        n=figures.rows,
        log_odds=_log_odds_errors(reduced, figures),
    )
    if outcome.statistic == "proportion":
        held = measure.counts & (cell >= 0)
        counts = np.bincount(cell[held], measure.value[held], parts)
        yes = np.rint(domains @ counts).astype(np.int64)
    else:
        yes = np.full(len(domains), -1)
    found = Estimated(
        estimate=figures.estimate,
        std_error=std_error,
        low=low,
        high=high,
        df=df,
        n=figures.rows,
        yes=yes,
    )
    return found, figures


def _log_odds_errors(reduced: Reduced, figures: Figures) -> FloatArray | None:
    """Return the errors of the log odds of proportions, where they come from replicates."""
    if reduced.outcome.statistic != "proportion" or not isinstance(figures, ReplicateFigures):
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        full, series = (special.logit(each) for each in (figures.estimate, figures.series))
    full, series = (np.where(np.isfinite(each), each, np.nan) for each in (full, series))
    return np.sqrt([figures.repeats.variance(*pair) for pair in zip(series, full, strict=True)])


def gap_of(figures: Figures, one: int, other: int, level: float) -> Gap:
    """Return the estimate of one domain less that of another, tested with their covariance."""
    value = float(figures.estimate[other] - figures.estimate[one])
    error = float(np.sqrt(figures.variance(other, one, 1.0))) if one != other else 0.0
    return gap(value, error, figures.df(other, one), level)


def gap(value: float, std_error: float, df: float, level: float) -> Gap:
    """Return a difference with its t interval and test; NaN where it has no error.

    Examples
    --------
    >>> round(gap(0.2, 0.1, 10, 0.95).p_value, 4)
    0.0734
    """
    low, high = interval(value, std_error, df=df, level=level)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = np.float64(value) / std_error
    return Gap(
        value=value,
        std_error=std_error,
        low=float(low),
        high=float(high),
        df=df,
        p_value=float(two_sided_p_values(statistic, df)),
    )
