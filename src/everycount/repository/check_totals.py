"""Checks of totals against their parts: women and men against all, and every other breakdown."""

from collections.abc import Iterator

import polars as pl

from everycount.model.codes import TOTAL
from everycount.model.observation import BREAKDOWNS, OBSERVATION, VALUE
from everycount.repository.check_context import COUNTS, CheckContext, findings, number_words

COMPLETE = {"SEX": ("F", "M"), "URBANISATION": ("R", "U")}
"""Codes that together make the whole. Where others stand too, such as ``_U``, they count with
them; of other breakdowns nobody can tell from the codes whether they are complete."""
UNIT = "UNIT_MEASURE"


def check_totals(table: pl.DataFrame, context: CheckContext) -> Iterator[pl.DataFrame]:
    """Yield totals that do not agree with their parts.

    Counts must add up where the parts are complete (`COMPLETE`). Any other figure of the whole
    must lie between those of its parts. Rounding of every part is allowed for.
    """
    known = table.filter(pl.col(VALUE).is_not_null())
    for dimension in BREAKDOWNS:
        if known[dimension].n_unique() > 1:
            yield from _check_dimension(known, dimension, context.limits.rounding)


def _check_dimension(
    known: pl.DataFrame, dimension: str, rounding: float
) -> Iterator[pl.DataFrame]:
    """Yield findings of the totals over one dimension."""
    others = [name for name in OBSERVATION.key if name != dimension]
    is_part = pl.col(dimension) != TOTAL
    whole = COMPLETE.get(dimension, ())
    parts = (
        known.filter(is_part)
        .with_columns(_step().alias("\0step"))
        .group_by([*others, UNIT])
        .agg(
            pl.col(VALUE).sum().alias("\0sum"),
            pl.col(VALUE).min().alias("\0least"),
            pl.col(VALUE).max().alias("\0most"),
            pl.col("\0step").max(),
            pl.len().alias("\0parts"),
            pl.col(dimension).is_in(whole).sum().alias("\0named"),
        )
    )
    totals = known.filter(~is_part).join(
        parts, on=[*others, UNIT], how="inner", nulls_equal=True, maintain_order="left"
    )
    step = pl.max_horizontal("\0step", _step())
    slack = rounding * step * (pl.col("\0parts") + 1) * (1 + 1e-9)
    is_count = pl.col(UNIT).is_in(COUNTS)
    complete = is_count & (pl.col("\0named") == len(whole)) & (len(whole) > 0)
    gap = (pl.col(VALUE) - pl.col("\0sum")).abs()
    yield findings(
        totals.filter(complete & (gap > slack)),
        "totals-sum",
        component=VALUE,
        found=pl.format("a total of {}", number_words(pl.col(VALUE))),
        expected=pl.format(
            f"{{}}, the sum of {{}} parts by {dimension}",
            number_words(pl.col("\0sum")),
            pl.col("\0parts"),
        ),
    )
    slack = 2 * rounding * step * (1 + 1e-9)
    outside = (pl.col(VALUE) < pl.col("\0least") - slack) | (
        pl.col(VALUE) > pl.col("\0most") + slack
    )
    yield findings(
        totals.filter(~is_count & (pl.col("\0parts") > 1) & outside),
        "totals-between",
        component=VALUE,
        found=pl.format("a total of {}", number_words(pl.col(VALUE))),
        expected=pl.format(
            f"a figure from {{}} to {{}}, those of its parts by {dimension}",
            number_words(pl.col("\0least")),
            number_words(pl.col("\0most")),
        ),
    )


def _step() -> pl.Expr:
    """Return the last decimal that a value is written with, such as 0.1 for 12.5."""
    decimals = pl.col(VALUE).cast(pl.String).str.extract(r"\.(\d+)$").fill_null("")
    count = pl.when(decimals == "0").then(0).otherwise(decimals.str.len_chars())
    return pl.lit(10.0).pow(-count.cast(pl.Float64))
