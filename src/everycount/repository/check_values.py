"""Checks of single figures: units, ranges, missing values, precision, periods."""

from collections.abc import Iterator

import polars as pl

from everycount.model.observation import INDICATOR, PERIOD, VALUE
from everycount.repository.check_context import (
    COUNTS,
    PERCENT,
    CheckContext,
    findings,
    grouped,
    has_value,
    number_words,
    tallied,
)

UNIT = "UNIT_MEASURE"
WORDS = {
    "%": "PT", "percent": "PT", "per cent": "PT", "percentage": "PT", "proportion (%)": "PT",
    "number": "NUMBER", "persons": "PS", "people": "PS", "years": "YR", "hours": "HUR",
}  # fmt: skip
"""Codes of units that frameworks print as words: SDG CL_UNIT_MEASURE."""
FORECAST, MISSING = "F", ("M", "L", "H", "O", "Q")
"""Codes of CL_OBS_STATUS: forecast; and missing for several reasons. SDMX, version 2.2."""


def check_units(table: pl.LazyFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield findings about units."""
    figures = tallied(table.filter(pl.col(VALUE).is_not_null()), UNIT)
    yield grouped(
        figures.filter(pl.col(UNIT).is_null()),
        "unit-missing",
        component=UNIT,
        found=pl.lit("nothing"),
        expected="a unit, such as PT for per cent",
    )
    units = figures.filter(pl.col(UNIT).is_not_null())
    yield grouped(
        units.filter(pl.len().over(INDICATOR) > 1),
        "unit-several",
        component=UNIT,
        found=pl.col(UNIT).unique().sort().str.join(", "),
        expected="one unit",
    )
    asked = {
        code: WORDS.get(indicator.unit.casefold(), indicator.unit)
        for code, indicator in context.indicators.items()
        if indicator.unit
    }
    expected = pl.col(INDICATOR).replace_strict(asked, default=None, return_dtype=pl.String)
    known = context.codes.get(UNIT)
    comparable = [
        code for code in set(asked.values()) if (known and code in known) or code in WORDS.values()
    ]
    unit = pl.when(pl.col(UNIT).is_in(PERCENT)).then(pl.lit("PT")).otherwise(pl.col(UNIT))
    differing = units.with_columns(expected.alias("\0asked")).filter(
        pl.col("\0asked").is_in(comparable) & (unit != pl.col("\0asked"))
    )
    yield grouped(
        differing,
        "unit-framework",
        component=UNIT,
        found=pl.col(UNIT).unique().sort().str.join(", "),
        expected=pl.col("\0asked").first(),
    )


def check_shares(table: pl.LazyFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield indicators whose percentages look like shares of one."""
    percent = table.filter(pl.col(UNIT).is_in(PERCENT) & pl.col(VALUE).is_not_null())
    largest = tallied(percent, largest=pl.col(VALUE).max())
    yield grouped(
        largest.filter(pl.col("largest").is_between(0, 1, closed="right") & (pl.col("count") >= 3)),
        "range-share",
        component=VALUE,
        found=pl.format("values up to {}", number_words(pl.col("largest").max())),
        expected="percentages from 0 to 100",
    )


def check_ranges(table: pl.DataFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield findings about values that cannot be."""
    value = number_words(pl.col(VALUE))
    yield findings(
        table.filter(pl.col(UNIT).is_in(PERCENT) & ~pl.col(VALUE).is_between(0, 100)),
        "range-percent",
        component=VALUE,
        found=value,
        expected="0 to 100",
    )
    for column, rows in (
        (VALUE, table.filter(pl.col(UNIT).is_in(COUNTS))),
        ("STD_ERROR", table),
        ("SAMPLE_SIZE", table),
    ):
        yield findings(
            rows.filter(pl.col(column) < 0),
            "range-negative",
            component=column,
            found=number_words(pl.col(column)),
            expected="0 or more",
        )
    low, high = pl.col("LOWER_BOUND"), pl.col("UPPER_BOUND")
    outside = (pl.col(VALUE) < low) | (pl.col(VALUE) > high) | (low > high)
    bounds = pl.format(
        "a value from {} to {}",
        number_words(low).fill_null("…"),
        number_words(high).fill_null("…"),
    )
    yield findings(
        table.filter(outside), "range-bounds", component=VALUE,
        found=value.fill_null("nothing"), expected=bounds,
    )  # fmt: skip


def check_missing(table: pl.DataFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield findings about values that are not there."""
    status = pl.col("OBS_STATUS")
    empty = pl.col(VALUE).is_null() & pl.col("VALUE_TEXT").is_null()
    yield findings(
        table.filter(empty & status.is_null()),
        "missing-unexplained",
        component=VALUE,
        found=pl.lit("nothing"),
        expected="a value, or OBS_STATUS",
    )
    yield findings(
        table.filter(~empty & status.is_in(MISSING)),
        "missing-contradicted",
        component="OBS_STATUS",
        found=pl.format("{} with a value", status),
        expected="no value, or another status",
    )


def check_precision(table: pl.DataFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield findings about sample sizes and coefficients of variation, where they are given."""
    limits, size = context.limits, pl.col("SAMPLE_SIZE")
    yield findings(
        table.filter((size >= 0) & (size < limits.small_sample)),
        "sample-small",
        component="SAMPLE_SIZE",
        found=number_words(size),
        expected=f"{limits.small_sample} or more",
    )
    cv = pl.col("STD_ERROR") / pl.col(VALUE).abs()
    rated = table.filter((pl.col("STD_ERROR") > 0) & (pl.col(VALUE) != 0))
    words = pl.format("a coefficient of variation of {} %", number_words((cv * 100).round(1)))
    for rule, rows, most in (
        (
            "precision-marginal",
            rated.filter((cv >= limits.cv_warning) & (cv < limits.cv_error)),
            limits.cv_warning,
        ),
        ("precision-poor", rated.filter(cv >= limits.cv_error), limits.cv_error),
    ):
        yield findings(
            rows, rule, component="STD_ERROR", found=words, expected=f"below {most * 100:.1f} %"
        )


def check_periods(table: pl.DataFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield findings about periods that have not begun."""
    this_year = context.today.year
    is_forecast = pl.col("OBS_STATUS").eq_missing(pl.lit(FORECAST))
    yield findings(
        table.filter((_year() > this_year) & ~is_forecast),
        "period-future",
        component=PERIOD,
        found=pl.col(PERIOD),
        expected=f"{this_year} or before",
    )


def check_age(table: pl.LazyFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield indicators whose newest figure is old."""
    least = context.today.year - context.limits.stale_years + 1
    newest = tallied(table.filter(has_value()), newest=pl.col(PERIOD).max(), year=_year().max())
    yield grouped(
        newest.filter(pl.col("year") < least),
        "stale",
        component=PERIOD,
        found=pl.format("newest figure of {}", pl.col("newest").max()),
        expected=f"one of {least} or later",
    )


def _year() -> pl.Expr:
    """Return the year in which a period begins."""
    return pl.col(PERIOD).str.slice(0, 4).cast(pl.Int64, strict=False)
