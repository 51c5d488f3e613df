"""Checks of figures against the former ones: from period to period, and against a release."""

from collections.abc import Iterator

import polars as pl

from everycount.model.observation import INDICATOR, OBSERVATION, PERIOD, VALUE
from everycount.repository.check_context import (
    PERCENT,
    CheckContext,
    findings,
    grouped,
    number_words,
)

UNIT = "UNIT_MEASURE"
BREAK = "B"
"""Code of CL_OBS_STATUS for a break in the series."""


def check_jumps(context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield figures that differ much from the period before, breaks that are marked left out."""
    series = list(OBSERVATION.dimensions)
    known = context.table.filter(pl.col(VALUE).is_not_null()).sort(PERIOD)
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


def check_release(context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield figures that differ much from the last release, and those that are gone."""
    if context.previous is None:
        return
    key = list(OBSERVATION.key)
    former = context.previous.filter(pl.col(VALUE).is_not_null())
    both = context.table.join(
        former.select(*key, pl.col(VALUE).alias("\0former")),
        on=key,
        how="inner",
        maintain_order="left",
    )
    yield findings(
        both.filter(pl.col(VALUE).is_not_null() & _is_jump(context)),
        "jump-release",
        component=VALUE,
        found=number_words(pl.col(VALUE)),
        expected=pl.format("{} as released", number_words(pl.col("\0former"))),
    )
    here = context.table.filter(pl.col(VALUE).is_not_null() | pl.col("OBS_STATUS").is_not_null())
    gone = former.join(here, on=key, how="anti", maintain_order="left")
    yield grouped(
        gone,
        "gone-release",
        by=INDICATOR,
        component=VALUE,
        found=pl.lit("nothing"),
        expected=pl.format("{} figures, as released", pl.len()),
    )


def _is_jump(context: CheckContext) -> pl.Expr:
    """Return whether a value lies far from the former one, in its unit's own terms."""
    limits = context.limits
    change = (pl.col(VALUE) - pl.col("\0former")).abs()
    relative = change > limits.jump * pl.col("\0former").abs()
    is_percent = pl.col(UNIT).is_in(PERCENT).fill_null(value=False)
    return pl.when(is_percent).then(change > limits.jump_points).otherwise(relative)
