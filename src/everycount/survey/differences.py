"""Differences and ratios between groups, with their covariance, and tests of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.interval import interval
from everycount.arrays.multiple_tests import (
    Adjustment,
    adjusted_p_values,
    two_sided_p_values,
)
from everycount.arrays.tables import table_strides
from everycount.errors import MethodError, Problem
from everycount.model.design import AGAINST, Outcome
from everycount.survey.coding import Coding
from everycount.survey.disaggregate import TOTAL, level_codes
from everycount.survey.figures import Figures, linear_figures
from everycount.survey.plan import SurveyPlan
from everycount.survey.unit_totals import TableTotals, UnitTotals

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Kind = Literal["reference", "rest", "pairs", "best"]
Freedom = Literal["groups", "sample"]
REST: Final = "_O"
"""Code of everyone else in a table. SDMX, Guidelines for the creation of code lists: other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Against:
    """What each group is compared with."""

    kind: Kind = "reference"
    """``reference``: the group at the reference level of one characteristic, alike in the others.
    ``rest``: all other groups of the table together. ``pairs``: every other group. ``best``: the
    group with the best estimate, which the same data chose, so that its tests find too much."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """Code of the reference level by characteristic. Left out: the first level."""


class Table(Protocol):
    """Cells of one crossing, and estimates of domains of them."""

    @property
    def table(self) -> tuple[int, ...]:
        """Characteristics that are crossed, by position."""

    @property
    def cells(self) -> IntArray:
        """Level of every characteristic in every cell, -1 where not crossed."""

    def figures(self, number: int, domains: BoolArray | None = None) -> Figures:
        """Return the estimates of an outcome in domains, or in every cell."""


class Tables(Protocol):
    """Several tables of one survey."""

    @property
    def plan(self) -> SurveyPlan:
        """The design, resolved."""

    @property
    def tables(self) -> tuple[tuple[int, ...], ...]:
        """The tables by positions of characteristics."""

    @property
    def df(self) -> float:
        """Degrees of freedom of the whole sample."""

    def table(self, at: int) -> Table:
        """Return the table at a position of `tables`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitTable:
    """A table of totals of sampled units."""

    of: UnitTotals
    totals: TableTotals

    @property
    def table(self) -> tuple[int, ...]:
        """Return the characteristics that are crossed, by position."""
        return self.totals.table

    @property
    def cells(self) -> IntArray:
        """Return the level of every characteristic in every cell, -1 where not crossed."""
        return self.totals.cells

    def figures(self, number: int, domains: BoolArray | None = None) -> Figures:
        """Return the estimates of an outcome in domains, or in every cell."""
        return linear_figures(
            self.of.plan.design.outcomes[number],
            self.totals,
            number,
            sampled=self.of.sampled,
            shift=self.of.shifts[number],
            domains=domains,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitTables:
    """Tables of totals of sampled units."""

    of: UnitTotals

    @property
    def plan(self) -> SurveyPlan:
        """Return the design, resolved."""
        return self.of.plan

    @property
    def tables(self) -> tuple[tuple[int, ...], ...]:
        """Return the tables by positions of characteristics."""
        return self.of.tables

    @property
    def df(self) -> float:
        """Return the degrees of freedom of the whole sample."""
        return float(self.of.sampled.df(np.ones(self.of.sampled.units, dtype=np.bool_)))

    def table(self, at: int) -> UnitTable:
        """Return the table at a position of `tables`."""
        return UnitTable(of=self.of, totals=self.of.table(at))


def differences(
    tables: Tables,
    outcomes: Sequence[int] | None = None,
    *,
    against: Against | None = None,
    adjust: Adjustment = "holm",
    df: Freedom = "groups",
) -> pl.DataFrame:
    """Compare groups in every table: differences, ratios, intervals and tests.

    Parameters
    ----------
    tables : Tables
        `everycount.survey.estimate.Estimates.tables`, or `UnitTables`.
    outcomes : sequence of int, optional
        Positions of the outcomes. Left out: all.
    against : Against, optional
        What each group is compared with. Left out: the first level of each characteristic, alike
        in the others.
    adjust : str
        How p values are adjusted for the number of tests: see `adjusted_p_values`. A family is
        all comparisons of one outcome in this table.
    df : {"groups", "sample"}
        Whose sampled units make the degrees of freedom: those with members of either group, as
        for the estimate of a group; or all, as R's ``svycontrast`` has it.

    Returns
    -------
    DataFrame
        One row for each comparison: outcome, statistic, a column for each characteristic with the
        group (``_T`` where not crossed), the same with ``against_`` before it for the other group
        (``_O`` for the rest), difference, std_error, ci_low, ci_high, df, t, p, p_adjusted, ratio,
        ratio_std_error, ratio_ci_low, ratio_ci_high. Groups without an estimate are not compared.
        Limits of a ratio are those of its logarithm, and none where it is not above 0; its error
        is by linearisation. Without an error there is no test.

    Raises
    ------
    MethodError
        If there is nothing to compare, a reference level does not exist, or there are more
        comparisons than the design allows cells.

    References
    ----------
    .. [1] Korn, E. L. and Graubard, B. I. (1999), Analysis of Health Surveys, Wiley, on differences
       of domains; R survey 4.5, `svycontrast` of `svyby` with its covariances.
    """
    plan, against = tables.plan, against or Against()
    numbers = range(len(plan.design.outcomes)) if outcomes is None else outcomes
    levels = _references(plan, against)
    parts: dict[int, list[pl.DataFrame]] = {number: [] for number in numbers}
    count = 0
    for at, crossed in enumerate(tables.tables):
        if not crossed:
            continue
        table = tables.table(at)
        for number in numbers:
            compared = _compared(table, number, against.kind, plan, levels)
            count += len(compared.one)
            _refuse_many(plan, count)
            parts[number].append(_rows(compared, df=None if df == "groups" else tables.df))
    if not count:
        expected = "two groups with an estimate in a table by at least one characteristic"
        raise MethodError(plan.source.name, [Problem("differences", "no groups", expected)])
    made = [_adjusted(pl.concat(each), adjust) for each in parts.values()]
    return pl.concat(made).with_columns(pl.col(pl.Float64).fill_nan(None))


def _references(plan: SurveyPlan, against: Against) -> list[int]:
    """Return the reference level of each characteristic."""
    levels = {coding.name: [level.code for level in coding.levels] for coding in plan.codings}
    problems = []
    for name, code in against.levels.items():
        if name not in levels:
            known = f"one of {', '.join(levels) or 'the characteristics, of which there are none'}"
            problems.append(Problem("against", repr(name), known))
        elif code not in levels[name]:
            shown = f"one of {', '.join(levels[name][:20])}"
            problems.append(Problem(f"against, {name}", f"level {code!r}", shown))
    if problems:
        raise MethodError(plan.source.name, problems)
    return [
        codes.index(against.levels[name]) if name in against.levels else 0
        for name, codes in levels.items()
    ]


def _refuse_many(plan: SurveyPlan, count: int) -> None:
    """Refuse more comparisons than anyone reads."""
    limit = plan.design.crossings.limit
    if count > limit:
        expected = f"at most {limit:,}: fewer groups, a reference instead of pairs, a higher limit"
        problem = Problem("differences", f"{count:,} comparisons and more", expected)
        raise MethodError(plan.source.name, [problem])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Compared:
    """Pairs of domains of one outcome in one table."""

    plan: SurveyPlan
    outcome: Outcome
    figures: Figures
    one: IntArray
    other: IntArray
    cells: IntArray
    """Levels of the first group of each pair, (pairs, characteristics)."""
    against: IntArray
    """Levels of the second; the rest of a table has the number of levels."""


def _compared(
    table: Table, number: int, kind: Kind, plan: SurveyPlan, levels: Sequence[int]
) -> _Compared:
    """Return the pairs of one outcome in one table, both with an estimate."""
    outcome, cells = plan.design.outcomes[number], table.cells
    each = np.eye(len(cells), dtype=np.bool_)
    figures = table.figures(number, np.concatenate([each, ~each]) if kind == "rest" else None)
    known = ~np.isnan(figures.estimate)
    estimate = figures.estimate[: len(cells)]
    one, other = _pairs(table, outcome, kind, estimate, sizes=plan.sizes, levels=levels)
    both = known[one] & known[other]
    one, other = one[both], other[both]
    rest = np.where(cells[one] < 0, -1, np.array(plan.sizes))
    return _Compared(
        plan=plan,
        outcome=outcome,
        figures=figures,
        one=one,
        other=other,
        cells=cells[one],
        against=rest if kind == "rest" else cells[other],
    )


def _pairs(
    table: Table,
    outcome: Outcome,
    kind: Kind,
    estimate: FloatArray,
    *,
    sizes: Sequence[int],
    levels: Sequence[int],
) -> tuple[IntArray, IntArray]:
    """Return the numbers of the domains that are compared."""
    cells = np.arange(len(table.cells))
    if kind == "rest":
        return cells, cells + len(cells)
    if kind == "pairs":
        one, other = np.triu_indices(len(cells), 1)
        return one.astype(np.int64), other.astype(np.int64)
    if kind == "best":
        if np.isnan(estimate).all():
            return cells[:0], cells[:0]
        best = np.nanargmax if outcome.direction == "opportunity" else np.nanargmin
        others = np.delete(cells, best(estimate))
        return others, np.full(len(others), best(estimate))
    return _to_references(table, sizes, levels)


def _to_references(
    table: Table, sizes: Sequence[int], levels: Sequence[int]
) -> tuple[IntArray, IntArray]:
    """Return for each characteristic the cells not at its reference level, and those that are."""
    numbers = np.arange(len(table.cells))
    one, other = [], []
    strides = table_strides(sizes, table.table)
    for characteristic, stride in zip(table.table, strides, strict=True):
        apart = table.cells[:, characteristic] - levels[characteristic]
        one.append(numbers[apart != 0])
        other.append((numbers - stride * apart)[apart != 0])
    return np.concatenate(one), np.concatenate(other)


def _rows(pairs: _Compared, *, df: float | None) -> pl.DataFrame:
    """Return the comparisons of one outcome in one table."""
    figures, level = pairs.figures, pairs.plan.design.level
    first, second = figures.estimate[pairs.one], figures.estimate[pairs.other]
    both = list(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True))
    error = np.sqrt([figures.variance(*pair, 1.0) for pair in both])
    freedom = np.array([figures.df(*pair) if df is None else df for pair in both], dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(second != 0, first / second, np.nan)
        variances = [
            figures.variance(*pair, float(each)) if np.isfinite(each) else np.nan
            for pair, each in zip(both, ratio, strict=True)
        ]
        ratio_error = np.sqrt(variances) / np.abs(second)
        statistic = np.where(error > 0, (first - second) / error, np.nan)
        centre = np.log(np.where(ratio > 0, ratio, np.nan))
        spread = ratio_error / np.abs(ratio)
    low, high = _limits(pairs.outcome, first - second, error, df=freedom, level=level)
    below, above = _limits(pairs.outcome, centre, spread, df=freedom, level=level)
    columns: dict[str, pl.Series] = {
        "outcome": pl.Series([pairs.outcome.name] * len(both), dtype=pl.String),
        "statistic": pl.Series([pairs.outcome.statistic] * len(both), dtype=pl.String),
    }
    for at, coding in enumerate(pairs.plan.codings):
        columns[coding.name] = level_codes(coding, pairs.cells[:, at])
    for at, coding in enumerate(pairs.plan.codings):
        columns[AGAINST + coding.name] = _against_codes(coding, pairs.against[:, at])
    figures_of = {
        "difference": first - second,
        "std_error": error,
        "ci_low": low,
        "ci_high": high,
        "df": freedom,
        "t": statistic,
        "p": two_sided_p_values(statistic, freedom),
        "p_adjusted": np.full(len(both), np.nan),
        "ratio": ratio,
        "ratio_std_error": ratio_error,
        "ratio_ci_low": np.exp(below),
        "ratio_ci_high": np.exp(above),
    }
    columns |= {name: pl.Series(each) for name, each in figures_of.items()}
    return pl.DataFrame(columns).with_columns(pl.col("df").cast(pl.Int64))


def _limits(
    outcome: Outcome, centre: FloatArray, spread: FloatArray, *, df: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Return limits about differences, normal where those of the outcome are."""
    if outcome.interval == "normal":
        return interval(centre, spread, df=df, level=level, kind="normal")
    return interval(centre, spread, df=df, level=level)


def _against_codes(coding: Coding, codes: IntArray) -> pl.Series:
    """Return the codes of levels of second groups."""
    rest = len(coding.levels)
    names = [*(level.code for level in coding.levels), REST, TOTAL]
    return pl.Series(names, dtype=pl.String).gather(np.where(codes < 0, rest + 1, codes))


def _adjusted(table: pl.DataFrame, method: Adjustment) -> pl.DataFrame:
    """Return the comparisons of one outcome with adjusted p values."""
    adjusted = adjusted_p_values(table["p"].to_numpy(), method)
    return table.with_columns(pl.Series("p_adjusted", adjusted))
