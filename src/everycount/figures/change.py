"""What changed between the first and the newest figure of each area."""

import polars as pl

from everycount.figures.aim import NO_AIM, Aim
from everycount.figures.reading import BREAK, Figures, bounds, seen
from everycount.figures.series import Series, rows_of
from everycount.model.observation import AREA, INDICATOR, PERIOD

STABLE = 5.0
"""Per cent of the first figure (of the newest, where the first is 0) below which a change is none.
The limit of the charts of the portal; Everycount's own choice, no standard gives one."""


def unbroken(figures: Figures, series: Series, *, since: int | None = None) -> pl.DataFrame:
    """Return the numbers of each area from its last break in the series on, the oldest first.

    Parameters
    ----------
    figures : Figures
    series : Series
    since : int, optional
        Leave out figures of earlier years.

    Returns
    -------
    DataFrame
        Rows with a number, and `broken`: whether there are figures before the break. A figure with
        the status B is the first after it.
    """
    rows = rows_of(figures, series).filter(seen() & pl.col("value").is_not_null())
    if since is not None:
        rows = rows.filter(pl.col("year") >= since)
    breaks = (pl.col("status") == BREAK).fill_null(value=False).cast(pl.Int64)
    part = breaks.cum_sum().over(AREA)
    told = rows.with_columns(part.alias("\0part"))
    is_last = pl.col("\0part") == pl.col("\0part").last().over(AREA)
    broken = (~is_last).any().over(AREA)
    return told.with_columns(broken.alias("broken")).filter(is_last).drop("\0part")


def changes(
    figures: Figures,
    series: Series,
    aim: Aim = NO_AIM,
    *,
    since: int | None = None,
    stable: float = STABLE,
) -> pl.DataFrame:
    """Return the change from the first to the newest figure of each area.

    Parameters
    ----------
    figures : Figures
    series : Series
    aim : Aim
        Which way is better; in a band, coming nearer to it.
    since : int, optional
        First year. Left out: the first figure of the area after its last break.
    stable : float
        Per cent of the first figure below which a change is none.

    Returns
    -------
    DataFrame
        INDICATOR, REF_AREA, `first_period`, `first`, `last_period`, `last`, `years`, `points`,
        `per_cent` (null from 0 or less), `per_year` (points), `direction` (as `way` has it),
        `overlap` (whether the intervals of both figures overlap; null where there are none),
        `broken`, `few`, `is_modelled`. Areas with one figure after the break are left out.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.reading import read_figures
    >>> from everycount.figures.series import headline
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "REF_AREA": "704"}
    >>> years = {"2015": 20.0, "2020": 25.0}
    >>> rows = [row | {"TIME_PERIOD": year, "OBS_VALUE": value} for year, value in years.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> read = read_figures(table, today=date(2021, 1, 1))
    >>> found = changes(read, headline(read).series, Aim(better="up"))
    >>> found.select("points", "per_cent", "direction").rows()
    [(5.0, 25.0, 'better')]
    """
    rows = unbroken(figures, series, since=since)
    low, high = bounds()
    ends = rows.group_by(AREA, maintain_order=True).agg(
        pl.col(INDICATOR).first(),
        pl.col(PERIOD).first().alias("first_period"),
        pl.col("value").first().alias("first"),
        pl.col(PERIOD).last().alias("last_period"),
        pl.col("value").last().alias("last"),
        (pl.col("end").last() - pl.col("end").first()).alias("years"),
        _overlap(low, high).alias("overlap"),
        pl.col("broken").first(),
        (pl.col("state").first() == "few").or_(pl.col("state").last() == "few").alias("few"),
        pl.col("is_modelled").first().or_(pl.col("is_modelled").last()).alias("is_modelled"),
    )
    points = pl.col("last") - pl.col("first")
    return (
        ends.filter(pl.col("years") > 0)
        .with_columns(
            points.alias("points"),
            pl.when(pl.col("first") > 0).then(points / pl.col("first") * 100).alias("per_cent"),
            (points / pl.col("years")).alias("per_year"),
            way(pl.col("first"), pl.col("last"), aim, stable=stable).alias("direction"),
        )
        .select(INDICATOR, AREA, *_ENDS, "overlap", "broken", "few", "is_modelled")
        .sort(AREA)
    )


_ENDS = (
    "first_period", "first", "last_period", "last", "years", "points", "per_cent", "per_year",
    "direction",
)  # fmt: skip


def way(first: pl.Expr, last: pl.Expr, aim: Aim, *, stable: float = STABLE) -> pl.Expr:
    """Return better, worse or stable; rising or falling where it is neither better nor worse.

    It is neither where no direction is known, and where a figure moves within its target band.

    Parameters
    ----------
    first, last : Expr
        Figures.
    aim : Aim
        Which way is better.
    stable : float
        Per cent of the first figure (of the last, where the first is 0) below which a change is
        none.

    Returns
    -------
    Expr of str

    Examples
    --------
    >>> table = pl.DataFrame({"a": [10.0, 20.0, 60.0], "b": [20.0, 20.5, 50.0]})
    >>> found = way(pl.col("a"), pl.col("b"), Aim(better="between", low=47, high=53))
    >>> table.select(found).to_series().to_list()
    ['better', 'stable', 'better']
    """
    size = pl.when(first == 0).then(last.abs()).otherwise(first.abs())
    is_small = (last - first).abs() * 100 < stable * size
    gain = aim.gain(first, last)
    return (
        pl.when((last == first) | is_small)
        .then(pl.lit("stable"))
        .when(gain > 0)
        .then(pl.lit("better"))
        .when(gain < 0)
        .then(pl.lit("worse"))
        .when(last > first)
        .then(pl.lit("rising"))
        .when(last < first)
        .then(pl.lit("falling"))
    )


def _overlap(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Return whether the intervals of the first and the last row overlap."""
    return (low.first() <= high.last()) & (low.last() <= high.first())
