"""Whether the pace is enough to reach the target by its year."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from everycount.figures.aim import SLIP, Aim
from everycount.figures.change import unbroken
from everycount.figures.reading import Figures
from everycount.figures.series import Series
from everycount.model.observation import AREA, INDICATOR, PERIOD

Method = Literal["linear", "compound"]
BASE = 2015
"""Year that progress is counted from: the adoption of the 2030 Agenda (A/RES/70/1). Statistics
Canada's method has the same base."""
TO = 2030
"""Year by which targets of the 2030 Agenda are to be reached."""
ON_TRACK, ACCELERATE = 0.95, 0.60
"""Observed pace over required pace from which an area is on track, and from which it has to
accelerate; from 0 on progress is limited, below it moves away. Statistics Canada's progress
measure (Open SDG documentation, Progress measurement methodology), after Eurostat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How progress is measured."""

    method: Method = "linear"
    """linear: points a year; compound: growth a year (CAGR), as Statistics Canada and the Progress
    Chart of the UN Statistics Division have it. Where a figure or the target is not above 0 there
    is no rate of growth, and points are used."""
    base: int = BASE
    """The first figure of this year or later is the start."""
    to: int = TO
    """Target year."""
    on_track: float = ON_TRACK
    accelerate: float = ACCELERATE


PACE = Pace()


def progress(figures: Figures, series: Series, aim: Aim, *, pace: Pace = PACE) -> pl.DataFrame:
    """Return whether the areas are on the way to the target.

    Parameters
    ----------
    figures : Figures
    series : Series
    aim : Aim
        With a target; of a band, the end that is to be reached counts.
    pace : Pace
        How it is measured.

    Returns
    -------
    DataFrame
        INDICATOR, REF_AREA, `first_period`, `first`, `last_period`, `last`, `target` (the end that
        counts), `method`, `observed` and `required` (both from the first figure; points or per cent
        a year), `needed` (from the newest figure on), `ratio` (observed over required) and
        `verdict`: achieved, on track, accelerate, limited, moving away, missed (the year is over),
        not enough figures, no target. Breaks in the series are not crossed.

    References
    ----------
    .. [1] Statistics Canada, Progress measurement for Canada's Sustainable Development Goals; in
       Open SDG, documentation, Progress measurement methodology, "Indicators with quantitative
       targets".
    .. [2] UN Statistics Division (2022), Sustainable Development Goals Progress Chart, Technical
       note, section II b.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.reading import read_figures
    >>> from everycount.figures.series import headline
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "REF_AREA": "704"}
    >>> years = {"2015": 40.0, "2020": 50.0}
    >>> rows = [row | {"TIME_PERIOD": year, "OBS_VALUE": value} for year, value in years.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> read = read_figures(table, today=date(2021, 1, 1))
    >>> found = progress(read, headline(read).series, Aim(better="up", low=100.0))
    >>> found.select("observed", "required", "ratio", "verdict").rows()
    [(2.0, 4.0, 0.5, 'limited')]
    """
    rows = unbroken(figures, series, since=pace.base)
    first, last = pl.col("first"), pl.col("last")
    ends = rows.group_by(AREA, maintain_order=True).agg(
        pl.col(INDICATOR).first(),
        pl.col(PERIOD).first().alias("first_period"),
        pl.col("value").first().alias("first"),
        pl.col(PERIOD).last().alias("last_period"),
        pl.col("value").last().alias("last"),
        pl.col("end").first().alias("\0start"),
        pl.col("end").last().alias("\0now"),
    )
    reached = aim.distance(last) <= SLIP
    # From the other side of a band the way is to its other end: the first figure says which.
    target = pl.when(aim.distance(first) <= SLIP).then(aim.edge(last)).otherwise(aim.edge(first))
    grows = (first > 0) & (last > 0) & (pl.col("target") > 0) & (pace.method == "compound")
    until = float(pace.to + 1)
    rates = {
        "observed": _rate(first, last, pl.col("\0now") - pl.col("\0start")),
        "required": _rate(first, pl.col("target"), until - pl.col("\0start")),
        "needed": _rate(last, pl.col("target"), until - pl.col("\0now")),
    }
    told = (
        ends.with_columns(target.alias("target"))
        .with_columns(
            pl.when(grows).then(pl.lit("compound")).otherwise(pl.lit("linear")).alias("method")
        )
        .with_columns(rate.alias(name) for name, rate in rates.items())
        .with_columns(
            pl.when(reached).then(0.0).otherwise(pl.col("needed")).alias("needed"),
            _ratio(aim).alias("ratio"),
        )
    )
    return (
        told.with_columns(_verdict(aim, pace, reached).alias("verdict"))
        .select(
            INDICATOR, AREA, "first_period", "first", "last_period", "last", "target", "method",
            "observed", "required", "needed", "ratio", "verdict",
        )
        .sort(AREA)
    )  # fmt: skip


def _rate(start: pl.Expr, end: pl.Expr, years: pl.Expr) -> pl.Expr:
    """Return points a year, or per cent a year where the method is compound."""
    growth = ((end / start).pow(1 / years) - 1) * 100
    is_compound = pl.col("method") == "compound"
    rate = pl.when(is_compound).then(growth).otherwise((end - start) / years)
    return pl.when(years > 0).then(rate)


def _ratio(aim: Aim) -> pl.Expr:
    """Return the observed pace over that required; null where the start was on target."""
    started = aim.distance(pl.col("first"))
    return pl.when(started > SLIP).then(pl.col("observed") / pl.col("required"))


def _verdict(aim: Aim, pace: Pace, reached: pl.Expr) -> pl.Expr:
    """Return the verdict on each area."""
    if not aim.has_target:
        return pl.lit("no target")
    ratio = pl.col("ratio")
    # The first figure was on target and the newest is not; or a band was passed through.
    left = (aim.distance(pl.col("first")) <= SLIP) & ~reached
    passed = pl.col("needed") * pl.col("required") < 0
    return (
        pl.when(reached)
        .then(pl.lit("achieved"))
        .when(pl.col("\0now") >= pace.to + 1)
        .then(pl.lit("missed"))
        .when(pl.col("\0now") <= pl.col("\0start"))
        .then(pl.lit("not enough figures"))
        .when(left | passed | (ratio < 0))
        .then(pl.lit("moving away"))
        .when(ratio >= pace.on_track)
        .then(pl.lit("on track"))
        .when(ratio >= pace.accelerate)
        .then(pl.lit("accelerate"))
        .otherwise(pl.lit("limited"))
    )
