"""What rules of checking are given, and how they report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from everycount.model.codes import TOTAL, CodeList
from everycount.model.finding import Limits
from everycount.model.indicator import Indicator
from everycount.model.observation import AREA, BREAKDOWNS, INDICATOR, PERIOD, VALUE

ABOUT = (INDICATOR, AREA, PERIOD)
SCHEMA = {
    "rule": pl.String,
    INDICATOR: pl.String,
    AREA: pl.String,
    PERIOD: pl.String,
    "breakdown": pl.String,
    "component": pl.String,
    "found": pl.String,
    "expected": pl.String,
    "count": pl.Int64,
}
"""Columns of a table of findings. `count` is the number of observations a row speaks of."""
ROW = "\0row"
"""The place of an observation in the data, by which findings are put in order."""
POSITION = pl.get_index_type()
FOUND = {**SCHEMA, ROW: POSITION}
"""Columns of what rules give: findings, each with the place of its first observation."""
PERCENT = ("PT", "PERCENT", "PC", "PERCENTAGE")
"""Codes of percentages: SDG CL_UNIT_MEASURE and UN SDG database (PERCENT), World Bank (PC)."""
COUNTS = (
    "NUMBER", "NB", "PS", "PERSONS", "NUM_TH", "THOUSANDS", "NUM_M", "MILLIONS", "HH", "NUMBER_OF",
)  # fmt: skip
"""Codes of counts, which add up: SDG CL_UNIT_MEASURE, UN SDG database, ILOSTAT."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckContext:
    """What observations are held against."""

    codes: Mapping[str, CodeList] = field(default_factory=dict)
    """Code lists by component, those of the data included."""
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    """Indicators of a framework by the code that data cite; empty where none is chosen."""
    today: date
    limits: Limits = field(default_factory=Limits)


def has_value() -> pl.Expr:
    """Return whether a row has a figure, as a number or in words."""
    return pl.col(VALUE).is_not_null() | pl.col("VALUE_TEXT").is_not_null()


def breakdown_words() -> pl.Expr:
    """Return the breakdowns of a row that are not totals, such as ``SEX=F, AGE=Y15T24``."""
    parts = [
        pl.when(pl.col(name) != TOTAL).then(pl.lit(f"{name}=") + pl.col(name))
        for name in BREAKDOWNS
    ]
    return pl.concat_str(parts, separator=", ", ignore_nulls=True).alias("breakdown")


def number_words(column: pl.Expr) -> pl.Expr:
    """Return figures as words, with at most six significant digits."""
    return column.round_sig_figs(6).cast(pl.String).str.replace(r"\.0$", "")


def findings(
    rows: pl.DataFrame, rule: str, *, component: str, found: pl.Expr, expected: pl.Expr | str
) -> pl.DataFrame:
    """Return one finding for each row.

    Parameters
    ----------
    rows : DataFrame
        Observations with all dimensions and their places, `ROW`.
    rule : str
        Id of the rule.
    component : str
        The column that is wrong.
    found, expected : Expr or str
        Words of what stands there and what should.

    Returns
    -------
    DataFrame
        With the columns of `FOUND`.
    """
    words = pl.lit(expected) if isinstance(expected, str) else expected
    return rows.select(
        pl.lit(rule).alias("rule"),
        *ABOUT,
        breakdown_words(),
        pl.lit(component).alias("component"),
        found.cast(pl.String).alias("found"),
        words.cast(pl.String).alias("expected"),
        pl.lit(1, pl.Int64).alias("count"),
        ROW,
    )


def tallied(rows: pl.LazyFrame, *by: str, **more: pl.Expr) -> pl.DataFrame:
    """Return how many rows an indicator has, and the place of the first.

    There is a row for each indicator, or for each combination with the columns `by`, however many
    observations there are; so rules about whole indicators need not hold these in memory.

    Parameters
    ----------
    rows : LazyFrame
        Observations with their places, `ROW`.
    *by : str
        Columns by which rows are counted besides.
    **more : Expr
        Further sums of the rows, by the name they get.
    """
    groups = rows.group_by(INDICATOR, *by).agg(
        pl.len().cast(pl.Int64).alias("count"), pl.col(ROW).min(), **more
    )
    return groups.collect(engine="streaming")


def grouped(
    rows: pl.DataFrame, rule: str, *, component: str, found: pl.Expr, expected: pl.Expr | str
) -> pl.DataFrame:
    """Return one finding for each indicator: `found` is an expression over rows of a tally."""
    words = pl.lit(expected) if isinstance(expected, str) else expected
    groups = rows.group_by(INDICATOR).agg(
        found.cast(pl.String).alias("found"),
        words.cast(pl.String).alias("expected"),
        pl.col("count").sum(),
        pl.col(ROW).min(),
    )
    return groups.select(
        pl.lit(rule).alias("rule"),
        *(pl.col(name) if name == INDICATOR else _nothing(name) for name in ABOUT),
        pl.lit("").alias("breakdown"),
        pl.lit(component).alias("component"),
        "found",
        "expected",
        "count",
        ROW,
    )


def joined(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return several tables of findings as one."""
    return pl.concat([pl.DataFrame(schema=FOUND), *tables])


def _nothing(name: str) -> pl.Expr:
    return pl.lit(None, pl.String).alias(name)
