"""What rules of checking are given, and how they report."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from everycount.model.codes import TOTAL, CodeList
from everycount.model.finding import Limits
from everycount.model.indicator import Indicator
from everycount.model.observation import AREA, BREAKDOWNS, INDICATOR, PERIOD

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
PERCENT = ("PT", "PERCENT", "PC", "PERCENTAGE")
"""Codes of percentages: SDG CL_UNIT_MEASURE and UN SDG database (PERCENT), World Bank (PC)."""
COUNTS = (
    "NUMBER", "NB", "PS", "PERSONS", "NUM_TH", "THOUSANDS", "NUM_M", "MILLIONS", "HH", "NUMBER_OF",
)  # fmt: skip
"""Codes of counts, which add up: SDG CL_UNIT_MEASURE, UN SDG database, ILOSTAT."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CheckContext:
    """Observations and what they are held against."""

    table: pl.DataFrame
    codes: Mapping[str, CodeList] = field(default_factory=dict)
    """Code lists by component, those of the data included."""
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    """Indicators of a framework by the code that data cite; empty where none is chosen."""
    previous: pl.DataFrame | None = None
    """Observations of the last release."""
    today: date
    limits: Limits = field(default_factory=Limits)


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
        Observations with all dimensions.
    rule : str
        Id of the rule.
    component : str
        The column that is wrong.
    found, expected : Expr or str
        Words of what stands there and what should.

    Returns
    -------
    DataFrame
        With the columns of `SCHEMA`.
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
    )


def grouped(
    rows: pl.DataFrame,
    rule: str,
    *,
    by: str = INDICATOR,
    component: str,
    found: pl.Expr,
    expected: pl.Expr | str,
) -> pl.DataFrame:
    """Return one finding for each indicator (or area): `found` is an expression over its rows."""
    words = pl.lit(expected) if isinstance(expected, str) else expected
    groups = rows.group_by(by, maintain_order=True).agg(
        found.cast(pl.String).alias("found"),
        words.cast(pl.String).alias("expected"),
        pl.len().cast(pl.Int64).alias("count"),
    )
    return groups.select(
        pl.lit(rule).alias("rule"),
        *(pl.col(name) if name == by else pl.lit(None, pl.String).alias(name) for name in ABOUT),
        pl.lit("").alias("breakdown"),
        pl.lit(component).alias("component"),
        "found",
        "expected",
        "count",
    )


def joined(tables: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return several tables of findings as one."""
    return pl.concat([pl.DataFrame(schema=SCHEMA), *tables])
