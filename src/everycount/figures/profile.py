"""An area over many indicators: where it stands, what changed, and what is not known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from everycount.figures.reading import seen
from everycount.figures.summary import Summary
from everycount.model.observation import AREA

MOST = 5
"""Indicators in each list of a profile, as many as the eye takes in."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overview:
    """The newest figures, changes and gaps of many indicators; `key` names the indicator."""

    keys: tuple[str, ...]
    """Indicators with a figure."""
    of_one_sex: tuple[str, ...]
    """Those of them that are about one sex."""
    latest: pl.DataFrame
    changes: pl.DataFrame
    gaps: pl.DataFrame
    by_sex: pl.DataFrame
    """`key` and REF_AREA where there are figures of women and of men."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Profile:
    """What the figures say of one area. Tables have a row for each indicator, `key`."""

    area: str
    figures: pl.DataFrame
    """The newest figure of each indicator, with `standing`: 1 the best, 0 the worst."""
    by: Literal["distance", "rank"]
    """What `standing` is: how near to the target, or how far up among the areas."""
    strongest: pl.DataFrame
    weakest: pl.DataFrame
    changes: pl.DataFrame
    """The largest changes, in per cent of the first figure; those that are none left out."""
    gaps: pl.DataFrame
    """The widest gaps between women and men, by the ratio."""
    not_collected: tuple[str, ...]
    """Indicators without any row or with empty ones."""
    hidden: tuple[str, ...]
    """Indicators whose figure is not shown."""
    not_by_sex: tuple[str, ...]
    """Indicators with a figure, but not of women and of men; those about one sex left out."""
    oldest: pl.DataFrame
    """Figures, the most out of date first."""


def overview(summaries: Iterable[Summary]) -> Overview:
    """Return the summaries of many indicators as one, from which any area's profile is made.

    Parameters
    ----------
    summaries : iterable of Summary
        Of different indicators; one or more.

    Returns
    -------
    Overview

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.summary import summarise
    >>> from everycount.model.indicator import Indicator
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "TIME_PERIOD": "2020", "UNIT_MEASURE": "RO"}
    >>> values = {"704": 3.0, "250": 9.0}
    >>> rows = [row | {"REF_AREA": area, "OBS_VALUE": value} for area, value in values.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> seats = Indicator(key="5d", code="5d", title={"en": "Seats"}, worst=0, best=10)
    >>> found = summarise(table, today=date(2021, 1, 1), indicator=seats)
    >>> overview([found]).latest.select("key", "REF_AREA", "value", "better").rows()
    [('5d', '250', 9.0, 'up'), ('5d', '704', 3.0, 'up')]
    """
    every = list(summaries)

    def joined(tables: Iterable[tuple[Summary, pl.DataFrame]]) -> pl.DataFrame:
        return pl.concat(
            [table.select(pl.lit(one.key).alias("key"), pl.all()) for one, table in tables],
            how="vertical_relaxed",
        )

    directed = (
        (one, one.latest.with_columns(pl.lit(one.aim.better, pl.String).alias("better")))
        for one in every
    )
    return Overview(
        keys=tuple(one.key for one in every),
        of_one_sex=tuple(one.key for one in every if one.is_of_one_sex),
        latest=joined(directed),
        changes=joined((one, one.changes) for one in every),
        gaps=joined((one, one.gaps) for one in every),
        by_sex=joined(
            (one, pl.DataFrame({AREA: list(one.by_sex)}, schema={AREA: pl.String})) for one in every
        ),
    )


def profile(
    overview: Overview,
    area: str,
    indicators: Sequence[str] = (),
    *,
    by: Literal["distance", "rank"] = "distance",
    most: int = MOST,
) -> Profile:
    """Return what the figures say of one area.

    Parameters
    ----------
    overview : Overview
    area : str
    indicators : sequence of str
        Keys of those that the profile is about, also without any figure. Left out: those of the
        overview.
    by : {"distance", "rank"}
        What is strong: near the target, or far up among the areas. Indicators without a target,
        or without a direction, are in neither list then.
    most : int
        Length of each list.

    Returns
    -------
    Profile
        Indicators with the same standing are in the order of `indicators`. None is both strong
        and weak.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.summary import summarise
    >>> from everycount.model.indicator import Indicator
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "TIME_PERIOD": "2020", "UNIT_MEASURE": "RO"}
    >>> values = {"704": 3.0, "250": 9.0}
    >>> rows = [row | {"REF_AREA": area, "OBS_VALUE": value} for area, value in values.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> seats = Indicator(key="5d", code="5d", title={"en": "Seats"}, worst=0, best=10)
    >>> found = summarise(table, today=date(2021, 1, 1), indicator=seats)
    >>> told = profile(overview([found]), "704", ["5d", "5e"])
    >>> told.strongest.select("key", pl.col("standing").round(1)).rows(), told.not_collected
    ([('5d', 0.3)], ('5e',))
    """
    keys = list(dict.fromkeys(indicators or overview.keys))
    place = pl.col("key").replace_strict(
        {key: at for at, key in enumerate(keys)}, default=None, return_dtype=pl.Int64
    )

    def own(table: pl.DataFrame) -> pl.DataFrame:
        # Lazily, as a pass for each of three steps would take three times as long.
        rows = table.lazy().filter((pl.col(AREA) == area) & pl.col("key").is_in(keys))
        return rows.sort(place, maintain_order=True).collect()

    rows = own(overview.latest)
    figures = rows.filter(seen()).with_columns(_standing(by).alias("standing"))
    placed = figures.filter(pl.col("standing").is_not_null())
    half = min(most, (placed.height + 1) // 2)
    best = placed.sort(-pl.col("standing"), place, maintain_order=True).head(half)
    rest = placed.filter(~pl.col("key").is_in(best["key"].to_list()))
    size = pl.col("per_cent").abs()
    change = own(overview.changes).filter((pl.col("direction") != "stable") & size.is_not_null())
    wide = pl.col("ratio").log().abs()
    gap = own(overview.gaps).filter((pl.col("higher") != "parity") & wide.is_finite())
    seen_keys = set(figures["key"])
    hidden = {*rows.filter(pl.col("state") == "hidden")["key"]} - seen_keys
    split = {*own(overview.by_sex)["key"], *overview.of_one_sex}
    return Profile(
        area=area,
        figures=figures,
        by=by,
        strongest=best,
        weakest=rest.sort("standing", place, maintain_order=True).head(most),
        changes=change.sort(-size, place, maintain_order=True).head(most),
        gaps=gap.sort(-wide, place, maintain_order=True).head(most),
        not_collected=tuple(key for key in keys if key not in seen_keys | hidden),
        hidden=tuple(key for key in keys if key in hidden),
        not_by_sex=tuple(key for key in keys if key in seen_keys - split),
        oldest=figures.sort(-pl.col("age"), place, maintain_order=True).head(most),
    )


def _standing(by: Literal["distance", "rank"]) -> pl.Expr:
    """Return how strong a figure is, from 0 to 1."""
    if by == "distance":
        return 1 - pl.col("share").clip(0, 1)
    told = pl.col("better").is_not_null() & (pl.col("of") > 1)
    return pl.when(told).then(1 - (pl.col("rank") - 1) / (pl.col("of") - 1))
