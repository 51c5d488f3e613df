"""The newest figure of each area, and its place among the areas."""

from collections.abc import Collection
from typing import Literal

import polars as pl

from everycount.arrays.rank import comparable, rank
from everycount.figures.aim import NO_AIM, Aim
from everycount.figures.reading import FIGURE, UNIT, Figures, seen
from everycount.figures.series import Series, rows_of
from everycount.model.observation import AREA, INDICATOR, PERIOD

TOLERANCE = 5
"""Years back from the newest figure of any area within which figures are ranked together. ODIN
and the SDG gender monitors of UN Women take figures of the last five years as current."""


def latest(figures: Figures, series: Series) -> pl.DataFrame:
    """Return the newest figure of each area.

    Parameters
    ----------
    figures : Figures
    series : Series
        Such as that of the headline.

    Returns
    -------
    DataFrame
        INDICATOR, REF_AREA, TIME_PERIOD, `series` (its id), the unit, the columns of `FIGURE`, and
        `age` in years: a row for each area that has any, in the order of the areas. Of an area
        without a figure: its newest row. `newer` and `newer_state` name a period after the figure
        that has none, and why. Forecasts are no figures here.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.reading import read_figures
    >>> from everycount.figures.series import headline
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "REF_AREA": "704"}
    >>> years = {"2015": 24.3, "2020": 26.7}
    >>> rows = [row | {"TIME_PERIOD": year, "OBS_VALUE": value} for year, value in years.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> read = read_figures(table, today=date(2021, 1, 1))
    >>> latest(read, headline(read).series).select("TIME_PERIOD", "value", "age").rows()
    [('2020', 26.7, 1)]
    """
    rows = rows_of(figures, series).filter(pl.col("state") != "forecast")
    newest = (
        rows.filter(seen())
        .unique(AREA, keep="last", maintain_order=True)
        .with_columns((figures.today.year - pl.col("year")).alias("age"))
    )
    empty = rows.filter(~seen()).unique(AREA, keep="last", maintain_order=True)
    without = empty.join(newest.select(AREA), on=AREA, how="anti")
    later = empty.select(
        AREA,
        pl.col(PERIOD).alias("newer"),
        pl.col("state").alias("newer_state"),
        pl.col("end").alias("\0end"),
    )
    told = newest.join(later, on=AREA, how="left").with_columns(
        pl.when(pl.col("\0end") > pl.col("end")).then(pl.col(name)).alias(name)
        for name in ("newer", "newer_state")
    )
    columns = ("series", *UNIT, *FIGURE, "age", "newer", "newer_state")
    every = pl.concat([told, without], how="diagonal_relaxed")
    named = every.with_columns(pl.lit(series.id).alias("series"))
    return named.select(INDICATOR, AREA, PERIOD, *columns).sort(AREA)


def ranked(
    latest: pl.DataFrame,
    aim: Aim = NO_AIM,
    *,
    among: Collection[str] | None = None,
    tolerance: int = TOLERANCE,
) -> pl.DataFrame:
    """Return the newest figures with their places.

    Parameters
    ----------
    latest : DataFrame
        Of one indicator, as `latest` returns it.
    aim : Aim
        Which way is better. Without a direction the greatest figure comes first.
    among : collection of str, optional
        Areas that are ranked. Left out: all, so leave it out only where none is a part of another.
    tolerance : int
        Years back from the newest figure among them that are ranked together.

    Returns
    -------
    DataFrame
        With `rank` (1 for the best, equal figures share the better place), `of` (areas ranked) and
        `since` (the oldest year ranked). Older figures and figures in words have no rank.

    Examples
    --------
    >>> table = pl.DataFrame({"REF_AREA": ["A", "B", "C", "D"], "state": "shown",
    ...     "value": [3.0, 5.0, 5.0, 9.0], "year": [2020, 2020, 2018, 2010]})
    >>> ranked(table).select("rank", "of", "since").rows()
    [(3, 3, 2015), (1, 3, 2015), (1, 3, 2015), (None, 3, 2015)]
    """
    is_in = pl.lit(value=True) if among is None else pl.col(AREA).is_in(list(among))
    stands = is_in & seen() & pl.col("value").is_not_null()
    since = pl.col("year").filter(stands).max() - tolerance
    key = aim.distance(pl.col("value")) if aim.better == "between" else pl.col("value")
    table = latest.with_columns(since.alias("since"))
    values = table.select(pl.when(stands & (pl.col("year") >= pl.col("since"))).then(key))
    numbers = comparable(values.to_series().cast(pl.Float64).fill_null(float("nan")).to_numpy())
    best: Literal["high", "low"] = "low" if aim.better in ("down", "between") else "high"
    places = pl.Series("rank", rank(numbers, best=best)).fill_nan(None).cast(pl.Int64)
    return table.with_columns(places).with_columns(pl.col("rank").count().alias("of"))
