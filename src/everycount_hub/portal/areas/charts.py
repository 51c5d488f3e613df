"""The charts of a profile."""

from math import nan

import polars as pl
from django.utils.translation import gettext as _

from everycount.charts.bars import Bar, bars
from everycount.charts.series import Point, Series
from everycount.charts.small_multiples import small_multiples
from everycount.charts.theme import Spec
from everycount.figures.profile import Profile
from everycount.figures.series import rows_of
from everycount.model.observation import PERIOD
from everycount_hub.edition.summaries import figures_of
from everycount_hub.portal import chart_words
from everycount_hub.portal.areas.told import MOST, Told, says_of
from everycount_hub.portal.drawn import WIDE, Drawn, drawn
from everycount_hub.portal.indicators.charts import flag_of
from everycount_hub.portal.naming import area_name, named, unit_words

HALF, WHOLE = 540, 960
"""CSS pixels of charts in one of two columns, and across the page, where it is wide."""


def goals_chart(asked: Told) -> Drawn | None:
    """Return the scores of the goals as bars; None without an index."""
    standing = asked.standing
    if standing is None or not any(each.score is not None for each in standing.groups):
        return None
    name = area_name(asked.edition, asked.area.code, asked.words)
    nodes = standing.groups

    def make(width: int) -> Spec:
        return bars(
            [
                Bar(
                    name=each.name,
                    value=nan if each.score is None else each.score,
                    target=None if each.score is None else 100.0,
                    missing=_("No score: too few figures") if each.score is None else "",
                )
                for each in nodes
            ],
            description=_(
                "Bars of the scores of {name}, 0 to 100, where 100 is the target: {parts}."
            ).format(
                name=name,
                parts="; ".join(
                    _("{name}: {figure}").format(
                        name=each.name, figure=asked.words.number(each.score)
                    )
                    for each in nodes
                    if each.score is not None
                ),
            ),
            number=asked.words.number,
            tick=lambda value: asked.words.number(value, 0),
            words=chart_words.of_bars(),
            width=min(width, HALF),
        )

    return drawn(
        asked.edition,
        ("goals", asked.area.code, asked.words.code, standing.dataset.key),
        make,
    )


def trends_chart(asked: Told, found: Profile) -> Drawn | None:
    """Return a panel for each of the largest changes; None without any."""
    keys = found.changes["key"].to_list()[:MOST]
    if not keys:
        return None

    def make(width: int) -> Spec:
        panels = [_panel(asked, key) for key in keys]
        return small_multiples(
            panels,
            description=_(
                "A panel for each indicator with its first and its last figure: {names}."
            ).format(names="; ".join(each.name for each in panels)),
            number=asked.words.significant,
            period=asked.words.period,
            scale="own",
            words=chart_words.of_multiples(),
            width=WHOLE if width == WIDE else width,
        )

    key = ("trends", asked.area.code, asked.words.code, asked.framework)
    return drawn(asked.edition, key, make)


def _panel(asked: Told, key: str) -> Series:
    known = asked.known.of(key)
    assert known is not None
    entry, says = known.entry, says_of(asked, key)
    figures = figures_of(asked.edition, entry, areas=[asked.area.code], today=asked.today)
    rows = rows_of(figures, known.summary.headline.series)
    rows = rows.filter(pl.col("state").is_in(["shown", "few"]) & pl.col("value").is_not_null())
    factor = 10.0**says.unit_mult
    return Series(
        name=f"{entry.code} {named(entry.names, asked.words).text}, {unit_words(says)}",
        points=tuple(
            Point(period=row[PERIOD], value=row["value"] * factor, flag=flag_of(row))
            for row in rows.iter_rows(named=True)
        ),
        tone="focus",
    )
