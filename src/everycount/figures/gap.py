"""The gap between women and men of the same area, period and other characteristics."""

import polars as pl

from everycount.figures.aim import NO_AIM, Aim
from everycount.figures.change import STABLE
from everycount.figures.reading import BREAK, Figures, bounds, one_each, seen
from everycount.figures.series import Series
from everycount.model.observation import AREA, INDICATOR, PERIOD

PARITY = (0.97, 1.03)
"""Ratio of women to men that counts as parity. UNESCO Institute for Statistics, gender parity index
(Global Education Monitoring Report, note on the index)."""
SLIP = 1e-9
"""Ratios are compared with the band to so many digits: 0.97 as a quotient may miss it by one."""


def gaps(
    figures: Figures,
    series: Series,
    aim: Aim = NO_AIM,
    *,
    band: tuple[float, float] = PARITY,
) -> pl.DataFrame:
    """Return the figures of women and of men side by side, for each area and period.

    Parameters
    ----------
    figures : Figures
    series : Series
        Its characteristics but for the sex are those of both.
    aim : Aim
        Tells who fares better; a band says who is nearer to it.
    band : tuple of float
        Ratios of women to men that count as parity, both ends included.

    Returns
    -------
    DataFrame
        INDICATOR, REF_AREA, TIME_PERIOD, `year`, `end`, `women`, `men`, `points` (women less men),
        `ratio` (women to men; null where men have 0 or less), `higher` (women, men, or parity:
        equal, or in the band), `better_off` (women, men, parity; null where no direction is known),
        `overlap` (whether both intervals overlap; null where there are none), `few`, `is_modelled`,
        `flags`, `starts` (a break in the series). Only where both have a number.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.reading import read_figures
    >>> from everycount.figures.series import headline
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "REF_AREA": "704"}
    >>> row |= {"TIME_PERIOD": "2020", "UNIT_MEASURE": "PT"}
    >>> sexes = {"_T": 20.0, "F": 15.0, "M": 25.0}
    >>> rows = [row | {"SEX": sex, "OBS_VALUE": value} for sex, value in sexes.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> read = read_figures(table, today=date(2021, 1, 1))
    >>> gaps(read, headline(read).series).select("points", "ratio", "higher").rows()
    [(-10.0, 0.6, 'men')]
    """
    known = figures.table.filter(series.match("SEX") & pl.col("SEX").is_in(["F", "M"]))
    rows = one_each(known, (AREA, PERIOD, "SEX"))
    rows = rows.filter(seen() & pl.col("value").is_not_null())
    low, high = bounds()
    starts = (pl.col("status") == BREAK).fill_null(value=False)
    told = rows.select(
        INDICATOR, AREA, PERIOD, "year", "end", "value", "flags", "is_modelled", "SEX",
        low.alias("low"), high.alias("high"), starts.alias("starts"),
        (pl.col("state") == "few").alias("few"),
    )  # fmt: skip
    women = told.filter(pl.col("SEX") == "F").drop("SEX")
    men = told.filter(pl.col("SEX") == "M").drop("SEX", INDICATOR, "year", "end")
    both = women.join(men, on=[AREA, PERIOD], how="inner", suffix="_men")
    ratio = pl.when(pl.col("value_men") > 0).then(pl.col("value") / pl.col("value_men"))
    either = [pl.col(name) | pl.col(f"{name}_men") for name in ("few", "is_modelled", "starts")]
    letters = [pl.col("flags"), pl.col("flags_men")]
    return (
        both.with_columns(
            *either,
            ratio.alias("ratio"),
            (pl.col("value") - pl.col("value_men")).alias("points"),
            pl.concat_str(letters).str.split("").list.unique().list.sort().list.join("")
            .alias("flags"),
            ((pl.col("low") <= pl.col("high_men")) & (pl.col("low_men") <= pl.col("high")))
            .alias("overlap"),
        )
        .with_columns(_is_parity(band).alias("\0parity"))
        .with_columns(
            _side(pl.col("points")).alias("higher"),
            _side(aim.gain(pl.col("value_men"), pl.col("value"))).alias("better_off"),
        )
        .rename({"value": "women", "value_men": "men"})
        .select(
            INDICATOR, AREA, PERIOD, "year", "end", "women", "men", "points", "ratio", "higher",
            "better_off", "overlap", "few", "is_modelled", "flags", "starts",
        )
        .sort(AREA, "end", PERIOD)
    )  # fmt: skip


def _is_parity(band: tuple[float, float]) -> pl.Expr:
    """Return whether women and men are equal, or nearly so."""
    inside = pl.col("ratio").is_between(band[0] - SLIP, band[1] + SLIP).fill_null(value=False)
    return inside | (pl.col("points") == 0)


def _side(lead: pl.Expr) -> pl.Expr:
    """Return who is ahead where `lead` is that of women."""
    return (
        pl.when(lead.is_null())
        .then(None)
        .when(pl.col("\0parity") | (lead == 0))
        .then(pl.lit("parity"))
        .when(lead > 0)
        .then(pl.lit("women"))
        .otherwise(pl.lit("men"))
    )


def newest_gaps(gaps: pl.DataFrame, *, stable: float = STABLE) -> pl.DataFrame:
    """Return the newest gap of each area, and what became of it.

    Parameters
    ----------
    gaps : DataFrame
        As `gaps` returns it.
    stable : float
        Per cent of the greater of both gaps below which their difference is none.

    Returns
    -------
    DataFrame
        The newest row of each area with `first_period`, `first_points` and `trend`: closing,
        widening, steady, or reversed where the side changed between two gaps outside the parity
        band; null with one pair of figures. Gaps before a break in either series do not count.

    Examples
    --------
    >>> table = pl.DataFrame({"REF_AREA": "A", "TIME_PERIOD": ["2010", "2020"], "starts": False,
    ...     "end": [2011.0, 2021.0], "points": [-8.0, -2.0], "higher": "men"})
    >>> newest_gaps(table).select("TIME_PERIOD", "first_points", "trend").rows()
    [('2020', -8.0, 'closing')]
    """
    ordered = gaps.sort(AREA, "end", PERIOD)
    part = pl.col("starts").cast(pl.Int64).cum_sum().over(AREA)
    ordered = ordered.with_columns(part.alias("\0part"))
    kept = ordered.filter(pl.col("\0part") == pl.col("\0part").last().over(AREA))
    first = [
        pl.col(PERIOD).first().over(AREA).alias("first_period"),
        pl.col("points").first().over(AREA).alias("first_points"),
        pl.col("higher").first().over(AREA).alias("\0first"),
    ]
    newest = kept.with_columns(first).unique(AREA, keep="last", maintain_order=True)
    before, now = pl.col("first_points").abs(), pl.col("points").abs()
    sides = {"women", "men"}
    turned = (
        (pl.col("\0first") != pl.col("higher"))
        & pl.col("\0first").is_in(sides)
        & pl.col("higher").is_in(sides)
    )
    trend = (
        pl.when(pl.col("first_period") == pl.col(PERIOD))
        .then(None)
        .when(turned)
        .then(pl.lit("reversed"))
        .when((now - before).abs() * 100 <= stable * pl.max_horizontal(now, before))
        .then(pl.lit("steady"))
        .when(now < before)
        .then(pl.lit("closing"))
        .otherwise(pl.lit("widening"))
    )
    return newest.with_columns(trend.alias("trend")).drop("\0part", "\0first").sort(AREA)
