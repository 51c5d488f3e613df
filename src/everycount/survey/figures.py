"""Estimates of domains with the variances and degrees of freedom of any two of them.

A domain is a cell of a table, or several cells of it together. The difference of two estimates is
an estimate of its own: its score is the difference of theirs, its domain both together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from everycount.model.design import Outcome
from everycount.survey.repeats import Repeats
from everycount.survey.stages import Sampled
from everycount.survey.unit_totals import TableTotals, estimates_of

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
ROUNDING = 1e-13
"""Share of the terms of a score below which their sum is rounding, as in
`everycount.survey.crossings`: of people who all have the same value."""


class Figures(Protocol):
    """Estimates of one outcome in the domains of one table."""

    @property
    def estimate(self) -> FloatArray:
        """Estimates, (domains,); NaN where nobody counts."""

    @property
    def rows(self) -> IntArray:
        """Rows that each is of, (domains,)."""

    def variance(self, one: int, other: int, factor: float) -> float:
        """Return the variance of one estimate less `factor` times another."""

    def df(self, one: int, other: int) -> float:
        """Return the degrees of freedom of both domains together."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearFigures:
    """Estimates whose errors come from scores of sampled units."""

    estimate: FloatArray
    rows: IntArray
    first: sparse.csc_array
    second: sparse.csc_array
    """Totals of the units, (units, domains); `second` may have one column for all."""
    slopes: FloatArray
    """How each estimate changes with its totals, (domains, 2)."""
    counted: sparse.csc_array
    """Rows that count of each unit in each domain, (units, domains), or one column for all: where
    they lie, rules for lonely strata are for."""
    asked: sparse.csc_array
    """The same of rows asked, answers known or not: they make degrees of freedom."""
    sampled: Sampled

    def score(self, domain: int) -> FloatArray:
        """Return the scores of an estimate by unit."""
        above = self.slopes[domain, 0] * column_of(self.first, domain)
        below = self.slopes[domain, 1] * column_of(self.second, domain)
        score: FloatArray = above + below
        score[np.abs(score) <= ROUNDING * (np.abs(above) + np.abs(below))] = 0.0
        return score

    def variance(self, one: int, other: int, factor: float) -> float:
        """Return the variance of one estimate less `factor` times another."""
        if np.isnan(self.estimate[one]) or np.isnan(factor * self.estimate[other]):
            return np.nan
        score = self.score(one)
        if factor:
            score = score - factor * self.score(other)
        return self.sampled.variance(score, _either(self.counted, one, other))

    def df(self, one: int, other: int) -> float:
        """Return the degrees of freedom of both domains together."""
        return float(self.sampled.df(_either(self.asked, one, other)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplicateFigures:
    """Estimates whose errors come from replicates."""

    estimate: FloatArray
    rows: IntArray
    series: FloatArray
    """Estimates under each replicate, (domains, R)."""
    repeats: Repeats
    rank: Callable[[int, int], int]
    """Gives the degrees of freedom of the replicate weights in two domains together."""

    def variance(self, one: int, other: int, factor: float) -> float:
        """Return the variance of one estimate less `factor` times another."""
        full = self.estimate[one] - (factor * self.estimate[other] if factor else 0.0)
        series = self.series[one] - factor * self.series[other] if factor else self.series[one]
        return self.repeats.variance(series, float(full))

    def df(self, one: int, other: int) -> float:
        """Return the degrees of freedom of both domains together."""
        return self.repeats.freedom(self.rank(one, other))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Everyone:
    """Those whom a share of everyone is of, by unit."""

    weight: FloatArray
    counted: FloatArray
    asked: FloatArray


def linear_figures(
    outcome: Outcome,
    totals: TableTotals,
    number: int,
    *,
    sampled: Sampled,
    shift: float,
    domains: BoolArray | None = None,
    everyone: Everyone | None = None,
) -> LinearFigures:
    """Return the estimates of an outcome in the domains of a table, from totals of units.

    Parameters
    ----------
    outcome : Outcome
        A proportion, mean, total or ratio.
    totals : TableTotals
        The table.
    number : int
        Position of the outcome.
    sampled : Sampled
        The units.
    shift : float
        What was taken off the values.
    domains : ndarray of bool, shape (domains, cells), optional
        Cells that make each domain. Left out: each cell is one.
    everyone : Everyone, optional
        Whom a share is of that is not one of the group.
    """
    first, second, counted, asked = (
        _joined(totals.matrix(number, part), domains)
        for part in ("first", "second", "rows", "asked")
    )
    counts = np.rint(_sums(counted)).astype(np.int64)
    rows = counts
    above, below = _sums(first), _sums(second)
    if everyone is None:
        estimate, slopes = linear(outcome, above, below, shift)
    else:
        whole = everyone.weight.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            estimate = above / whole
            slopes = np.column_stack([np.full(len(above), 1 / whole), -estimate / whole])
        second = as_column(everyone.weight)
        counted, asked = as_column(everyone.counted), as_column(everyone.asked)
        rows = np.full(len(counts), int(everyone.counted.sum()))
    return LinearFigures(
        estimate=np.where(counts > 0, estimate, np.nan),
        rows=rows,
        first=first,
        second=second,
        slopes=slopes,
        counted=counted,
        asked=asked,
        sampled=sampled,
    )


def linear(
    outcome: Outcome, above: FloatArray, below: FloatArray, shift: float
) -> tuple[FloatArray, FloatArray]:
    """Return estimates, (domains,), and how they change with A and with C, (domains, 2)."""
    estimate = estimates_of(outcome, above, below, shift)
    with np.errstate(divide="ignore", invalid="ignore"):
        if outcome.statistic == "total":
            return estimate, np.column_stack([np.ones(len(above)), np.zeros(len(above))])
        if outcome.statistic == "proportion":
            # (C a - A c) / W^2 keeps its digits near 0 and near 1.
            whole = above + below
            return estimate, np.column_stack([below / whole / whole, -above / whole / whole])
        whole = np.where(below == 0, np.nan, below)
        return estimate, np.column_stack([1 / whole, -(estimate - shift) / whole])


def _either(rows: sparse.csc_array, one: int, other: int) -> BoolArray:
    """Tell which units have rows in either domain."""
    return np.asarray(column_of(rows, one) + column_of(rows, other) > 0)


def _joined(matrix: sparse.csc_array, domains: BoolArray | None) -> sparse.csc_array:
    """Return the totals of domains from those of cells, (units, domains)."""
    if domains is None:
        return matrix
    return sparse.csc_array(matrix @ sparse.csc_array(domains.T.astype(float)))


def as_column(values: FloatArray) -> sparse.csc_array:
    """Return a matrix of one column."""
    return sparse.csc_array(values[:, None])


def _sums(matrix: sparse.csc_array) -> FloatArray:
    """Return the sum of each column, added in the order of the units."""
    return np.array([column_of(matrix, at).sum() for at in range(matrix.shape[1])])


def column_of(matrix: sparse.csc_array, at: int) -> FloatArray:
    """Return a column of a matrix, its only one if there is one."""
    at = at if matrix.shape[1] > 1 else 0
    column = np.zeros(matrix.shape[0])
    held = slice(matrix.indptr[at], matrix.indptr[at + 1])
    column[matrix.indices[held]] = matrix.data[held]
    return column
