"""Checks of figures against the former ones: from period to period, and against a release."""

from collections.abc import Iterator, Sequence

import polars as pl

from everycount.model.observation import OBSERVATION, PERIOD, VALUE
from everycount.repository.check_context import (
    PERCENT,
    CheckContext,
    findings,
    grouped,
    number_words,
    tallied,
)

UNIT = "UNIT_MEASURE"
BREAK = "B"
"""Code of CL_OBS_STATUS for a break in the series."""


def check_jumps(table: pl.DataFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield figures that differ much from the period before, breaks that are marked left out."""
    series = list(OBSERVATION.dimensions)
    known = table.filter(pl.col(VALUE).is_not_null()).sort(PERIOD, maintain_order=True)
    before = known.with_columns(
        pl.col(VALUE).shift(1).over(series).alias("\0former"),
        pl.col(PERIOD).shift(1).over(series).alias("\0when"),
        pl.col(UNIT).shift(1).over(series).alias("\0unit"),
    )
    same_unit = pl.col(UNIT).eq_missing(pl.col("\0unit"))
    is_break = pl.col("OBS_STATUS").eq_missing(pl.lit(BREAK))
    jumps = before.filter(same_unit & ~is_break & _is_jump(context))
    yield findings(
        jumps,
        "jump-period",
        component=VALUE,
        found=number_words(pl.col(VALUE)),
        expected=pl.format(
            "something nearer {} in {}", number_words(pl.col("\0former")), pl.col("\0when")
        ),
    )


def check_release(
    table: pl.DataFrame, former: pl.DataFrame, context: CheckContext
) -> Iterator[pl.DataFrame]:
    """Yield figures that differ much from those of the last release, `former`."""
    key = list(OBSERVATION.key)
    both = table.join(
        former.select(*key, pl.col(VALUE).alias("\0former")),
        on=key,
        how="inner",
        maintain_order="left_right",
    )
    yield findings(
        both.filter(pl.col(VALUE).is_not_null() & _is_jump(context)),
        "jump-release",
        component=VALUE,
        found=number_words(pl.col(VALUE)),
        expected=pl.format("{} as released", number_words(pl.col("\0former"))),
    )


def count_gone(table: pl.DataFrame, former: pl.DataFrame) -> pl.DataFrame:
    """Return how many figures of the last release an indicator no longer has."""
    here = table.filter(pl.col(VALUE).is_not_null() | pl.col("OBS_STATUS").is_not_null())
    return tallied(former.join(here, on=list(OBSERVATION.key), how="anti").lazy())


def check_gone(counts: Sequence[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield the indicators of which figures are gone, from what `count_gone` found."""
    if counts:
        yield grouped(
            pl.concat(counts),
            "gone-release",
            component=VALUE,
            found=pl.lit("nothing"),
            expected=pl.format("{} figures, as released", pl.col("count").sum()),
        )


def _is_jump(context: CheckContext) -> pl.Expr:
    """Return whether a value lies far from the former one, in its unit's own terms."""
    limits = context.limits
    change = (pl.col(VALUE) - pl.col("\0former")).abs()
    relative = change > limits.jump * pl.col("\0former").abs()
    is_percent = pl.col(UNIT).is_in(PERCENT).fill_null(value=False)
    return pl.when(is_percent).then(change > limits.jump_points).otherwise(relative)
