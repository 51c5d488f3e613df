"""Which estimates are certain enough to use, by named rules."""

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.interval import proportion_interval
from everycount.model.design import Outcome
from everycount.model.rules import Reliability, ReliabilityRule, Test

__all__ = ["Reliability", "flags"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


def flags(table: pl.DataFrame, outcome: Outcome, rules: Reliability) -> pl.Series:
    """Return the verdict of a rule set on each estimate of one outcome, empty where none.

    Parameters
    ----------
    table : DataFrame
        Estimates with n, estimate, std_error, df, deff and cv, and the characteristics.
    outcome : Outcome
        What they are of.
    rules : Reliability
        The rule set.

    Returns
    -------
    Series of str
        caution, unreliable, review or nothing.
    """
    measures = {
        test.measure if test.rows is None else f"{test.measure} {test.rows}": _measure(table, test)
        for rule in rules.rules
        for test in rule.tests
        if _applies(rule, outcome)
    }
    verdicts = np.full(len(table), "", dtype=object)
    for rule in rules.rules:
        if _applies(rule, outcome):
            met = np.ones(len(table), dtype=np.bool_)
            for test in rule.tests:
                name = test.measure if test.rows is None else f"{test.measure} {test.rows}"
                met &= _is_met(test, measures[name])
            verdicts[met & (verdicts == "")] = rule.verdict
    return pl.Series(verdicts.tolist(), dtype=pl.String)


def _applies(rule: ReliabilityRule, outcome: Outcome) -> bool:
    """Tell whether a rule is for the kind of estimate."""
    return not rule.statistics or outcome.statistic in rule.statistics


def _measure(table: pl.DataFrame, test: Test) -> FloatArray:
    """Return what a test looks at, NaN where it cannot be had."""
    if test.measure in ("n", "df", "cv", "estimate"):
        return _numbers(table, test.measure)
    if test.measure == "n_effective":
        return _effective(table)
    if test.measure == "small_cells":
        assert test.rows is not None
        return _small_cells(table, test.rows)
    low, high = proportion_interval(
        "korn-graubard",
        _numbers(table, "estimate"),
        _numbers(table, "std_error"),
        n=_numbers(table, "n"),
        df=_numbers(table, "df"),
        level=0.95,
    )
    width: FloatArray = high - low
    if test.measure == "relative_width":
        with np.errstate(divide="ignore", invalid="ignore"):
            return width / _numbers(table, "estimate")
    return width


def _numbers(table: pl.DataFrame, name: str) -> FloatArray:
    return table[name].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _effective(table: pl.DataFrame) -> FloatArray:
    """Return rows over the design effect, no more than there are."""
    n, deff = _numbers(table, "n"), _numbers(table, "deff")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(deff > 1, n / deff, n)


def _small_cells(table: pl.DataFrame, rows: int) -> FloatArray:
    """Return for each cell which share of the cells of its table are small."""
    crossed = [pl.col(name) != "_T" for name in _characteristics(table)]
    shares = table.select(
        (pl.col("n") <= rows).cast(pl.Float64).mean().over(crossed or [pl.lit(value=True)])
    )
    return shares.to_series().to_numpy()


def _characteristics(table: pl.DataFrame) -> list[str]:
    """Return the columns between those that name the estimate and its figures."""
    return table.columns[2 : table.columns.index("estimate")]


def _is_met(test: Test, measure: FloatArray) -> BoolArray:
    """Tell which estimates meet a test; one that cannot be measured does not."""
    met = ~np.isnan(measure)
    with np.errstate(invalid="ignore"):
        if test.below is not None:
            met &= measure < test.below
        if test.at_most is not None:
            met &= measure <= test.at_most
        if test.above is not None:
            met &= measure > test.above
        if test.at_least is not None:
            met &= measure >= test.at_least
    return met
