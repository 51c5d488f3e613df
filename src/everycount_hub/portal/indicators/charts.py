"""The charts of an indicator page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan

import polars as pl
from django.utils.translation import gettext as _

from everycount.charts import map_classes
from everycount.charts.area_map import area_map
from everycount.charts.bars import Bar, bars
from everycount.charts.dot_intervals import dot_intervals
from everycount.charts.dumbbell import Pair, dumbbell
from everycount.charts.estimates import GroupEstimate, Measure
from everycount.charts.interval_rows import Words as IntervalWords
from everycount.charts.lines import lines
from everycount.charts.series import Point, Series
from everycount.charts.strip_plot import Area, strip_plot
from everycount.charts.targets import Target
from everycount.charts.theme import Spec
from everycount.figures.aim import Aim
from everycount.figures.reading import Z, bounds
from everycount.figures.wording import Row, Words
from everycount.io.geometry import world_geometry
from everycount.model.observation import AREA, PERIOD
from everycount.survey.group_figures import Flag
from everycount_hub.edition.nouns import AreaEntry
from everycount_hub.edition.read import Edition
from everycount_hub.portal import chart_words
from everycount_hub.portal.naming import area_name, number, tick, unit_sign, unit_words

TONES = ("focus", "second", "total", "quiet", "men")
"""Lines in the order in which they are chosen."""
PAIRS = 12
"""Areas in the chart of women and men: the chosen ones and those furthest apart."""


def flag_of(row: Row) -> Flag:
    """Return the flag of a figure as charts know it."""
    if row["state"] in ("few", "hidden"):
        return "few" if row["state"] == "few" else "hidden"
    return "modelled" if row["is_modelled"] else ""


def target_of(aim: Aim, says: Words) -> Target | None:
    """Return the target of charts; None without one, or with a band that is open."""
    ends = [each for each in (aim.low, aim.high) if each is not None]
    if not ends:
        return None
    return Target(words=target_words(aim, says), low=min(ends), high=max(ends))


def target_words(aim: Aim, says: Words) -> str:
    """Return what the target is, in words."""
    if aim.low is None and aim.high is None:
        return ""
    if aim.low is not None and aim.high is not None and aim.low != aim.high:
        band = _("Target: {low} to {high}")
        return band.format(low=number(aim.low, says), high=says.value(aim.high))
    end = aim.low if aim.low is not None else aim.high
    assert end is not None
    return _("Target: {value}").format(value=says.value(end))


def trend_chart(
    rows: pl.DataFrame,
    areas: Sequence[tuple[str, str]],
    says: Words,
    *,
    target: Target | None,
    width: int,
) -> Spec:
    """Return lines of the chosen areas.

    Parameters
    ----------
    rows : DataFrame
        Figures of one series, as `everycount.figures.series.rows_of` returns them.
    areas : sequence of (code, name)
    says : Words
    target : Target, optional
    width : int
    """
    low, high = bounds()
    every = rows.with_columns(low.alias("low"), high.alias("high"))
    series = [
        Series(name=name, points=_points(every.filter(pl.col(AREA) == code)), tone=tone)
        for (code, name), tone in zip(areas, TONES, strict=False)
    ]
    return lines(
        series,
        description=trend_alt(series, says),
        number=lambda value: number(value, says),
        tick=lambda value: tick(value, says),
        unit=unit_sign(says),
        period=says.language.period,
        target=target,
        words=chart_words.of_lines(),
        width=width,
    )


def trend_alt(series: Sequence[Series], says: Words) -> str:
    """Return a chart of lines in a sentence."""
    parts = []
    for each in series:
        known = each.known
        if not known:
            parts.append(_("{name}: no figure").format(name=each.name))
            continue
        parts.append(
            _("{name}: {first} in {start}, {last} in {end}").format(
                name=each.name,
                first=number(known[0].value, says),
                start=says.language.period(known[0].period),
                last=number(known[-1].value, says),
                end=says.language.period(known[-1].period),
            )
        )
    return _("Lines over time, {unit}. {series}.").format(
        unit=unit_words(says), series="; ".join(parts)
    )


def _points(rows: pl.DataFrame) -> tuple[Point, ...]:
    made = []
    for row in rows.iter_rows(named=True):
        if row["state"] == "forecast" or (row["text"] and row["value"] is None):
            continue
        has_interval = None not in (row["low"], row["high"], row["value"])
        made.append(
            Point(
                period=row[PERIOD],
                value=nan if row["value"] is None else row["value"],
                low=row["low"] if has_interval else nan,
                high=row["high"] if has_interval else nan,
                flag=flag_of(row),
            )
        )
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapClass:
    """A class of a map, for its legend."""

    number: int
    label: str


def map_breaks(newest: pl.DataFrame, aim: Aim) -> tuple[float, ...]:
    """Return the lower ends of the classes of a map but the first; none where all are alike."""
    values = [each for each in newest["value"].to_list() if each is not None]
    if len(set(values)) < 3:
        return ()
    return map_classes.choose_breaks(values, aim.low if aim.better != "down" else aim.high)


def world_chart(newest: pl.DataFrame, breaks: Sequence[float], says: Words, *, width: int) -> Spec:
    """Return a map of the newest figures of countries."""
    known = newest.filter(pl.col("value").is_not_null())
    figures = dict(known.select(AREA, "value").iter_rows())
    missing = [code for code in newest[AREA] if code not in figures]
    values = list(figures.values())
    return area_map(
        figures,
        breaks=breaks,
        geometry=world_geometry(),
        missing=missing,
        description=_(
            "World map, {unit}. {count} areas have a figure, from {low} to {high}."
        ).format(
            unit=unit_words(says),
            count=says.language.number(len(values), 0),
            low=number(min(values), says),
            high=number(max(values), says),
        ),
        width=width,
    )


def map_legend(breaks: Sequence[float], says: Words) -> list[MapClass]:
    """Return the classes of a map, lowest first; their colours are the last steps of the scale."""
    labels = map_classes.class_labels(
        breaks,
        number=lambda value: tick(value, says),
        under=_("under {high}"),
        between=_("{low} to under {high}"),
        over=_("{low} and over"),
    )
    first = len(map_classes.STEPS) - len(labels) + 1
    return [MapClass(number=first + at, label=label) for at, label in enumerate(labels)]


def region_chart(
    newest: pl.DataFrame,
    regions: Mapping[str, str],
    names: Mapping[str, str],
    says: Words,
    *,
    picked: Sequence[str],
    target: Target | None,
    width: int,
) -> Spec:
    """Return a strip for each region with a line for each area.

    Parameters
    ----------
    newest : DataFrame
        Areas that are ranked.
    regions : mapping of str to str
        What the region of each area is called; regions come in this order.
    names : mapping of str to str
        What each area is called.
    says : Words
    picked : sequence of str
        Areas that are picked out.
    target : Target, optional
    width : int
    """
    own = {row[AREA]: row for row in newest.iter_rows(named=True)}
    areas = [
        Area(
            name=names[code],
            value=nan if own[code]["value"] is None else own[code]["value"],
            row=region,
            flag=flag_of(own[code]),
            tone="focus" if code in picked else "quiet",
        )
        for code, region in regions.items()
        if code in own
    ]
    values = [each.value for each in areas if each.is_shown]
    count = len({regions[code] for code in regions if code in own})
    return strip_plot(
        areas,
        description=_(
            "A line for each area in {count} regions, {unit}, from {low} to {high}; the dot is the "
            "median of a region."
        ).format(
            count=says.language.number(count, 0),
            unit=unit_words(says),
            low=number(min(values), says),
            high=number(max(values), says),
        ),
        number=lambda value: number(value, says),
        tick=lambda value: tick(value, says),
        unit=unit_sign(says),
        target=target,
        words=chart_words.of_strips(),
        width=width,
    )


def sexes_chart(rows: Sequence[Row], names: Mapping[str, str], says: Words, *, width: int) -> Spec:
    """Return women and men of some areas, the widest gap first."""
    pairs = [
        Pair(
            name=names[row[AREA]],
            first=row["women"],
            second=row["men"],
            flags=("few", "few") if row["few"] else ("", ""),
            gap=abs(row["points"]),
            note=says.language.period(row[PERIOD]),
        )
        for row in rows
    ]
    widest = max(rows, key=lambda row: abs(row["points"]))
    return dumbbell(
        pairs,
        description=_(
            "Women and men side by side, {unit}. The widest gap: {name}, women {women}, men {men}."
        ).format(
            unit=unit_words(says),
            name=names[widest[AREA]],
            women=number(widest["women"], says),
            men=number(widest["men"], says),
        ),
        number=lambda value: number(value, says),
        tick=lambda value: tick(value, says),
        unit=unit_sign(says),
        words=chart_words.of_sexes(),
        width=width,
    )


def parts_chart(
    rows: Sequence[tuple[str, Row]], title: str, says: Words, *, target: Target | None, width: int
) -> Spec:
    """Return the parts of a breakdown: dots with intervals where there are any, else bars."""
    if any(_has_interval(row) for _name, row in rows):
        estimates = [_estimate(name, row, factor=10.0**says.unit_mult) for name, row in rows]
        return dot_intervals(
            estimates,
            title=title,
            measure=Measure(
                kind="number",
                unit=unit_sign(says),
                decimal_mark=says.language.numerals.decimal,
                thousands_mark=says.language.numerals.group,
            ),
            words=IntervalWords(
                interval=_("95 % interval"),
                bar=_("bar: {interval}"),
                few=_("hollow, in brackets: few cases"),
                modelled=_("dashed, e: modelled"),
                hidden=_("not shown"),
                none=_("no figure"),
                span=_("{low} to {high}"),
                everybody=_("{words}: {figure}"),
            ),
            description=parts_alt(rows, title, says),
            width=width,
        )
    return bars(
        [
            Bar(
                name=name,
                value=nan if row["value"] is None else row["value"],
                flag=flag_of(row),
                tone="total" if row["is_total"] else "focus",
            )
            for name, row in rows
        ],
        description=parts_alt(rows, title, says),
        number=lambda value: number(value, says),
        tick=lambda value: tick(value, says),
        unit=unit_sign(says),
        target=target,
        order="given",
        words=chart_words.of_bars(),
        width=width,
    )


def parts_alt(rows: Sequence[tuple[str, Row]], title: str, says: Words) -> str:
    """Return a breakdown in a sentence."""
    told = [
        _("{name}: {figure}").format(name=name, figure=number(row["value"], says))
        for name, row in rows
        if row["value"] is not None
    ]
    return _("{title}, {unit}. {parts}.").format(
        title=title, unit=unit_words(says), parts="; ".join(told)
    )


def _has_interval(row: Row) -> bool:
    return row["value"] is not None and (
        row["std_error"] is not None or None not in (row["lower"], row["upper"])
    )


def _estimate(name: str, row: Row, *, factor: float) -> GroupEstimate:
    if not _has_interval(row):
        value = nan if row["value"] is None else row["value"] * factor
        return GroupEstimate(name=name, estimate=value, flag=flag_of(row))
    low, high = interval_of(row)
    return GroupEstimate(
        name=name,
        estimate=row["value"] * factor,
        low=low * factor,
        high=high * factor,
        flag=flag_of(row),
    )


def interval_of(row: Row) -> tuple[float, float]:
    """Return the ends of the interval of a figure that has one."""
    if row["lower"] is not None and row["upper"] is not None:
        return row["lower"], row["upper"]
    return row["value"] - Z * row["std_error"], row["value"] + Z * row["std_error"]


def region_of(area: AreaEntry) -> str:
    """Return the code of the continent of an area by the UN's list, else what is just above it."""
    if area.is_country and len(area.parents) > 1:
        return area.parents[-2]
    return area.parents[0] if area.parents else ""


def regions_of(edition: Edition, codes: Sequence[str], says: Words) -> dict[str, str]:
    """Return what the region of each area is called, region by region in the reader's order."""
    language = says.language
    rows = []
    for code in codes:
        region = region_of(edition.area_by_code[code])
        name = area_name(edition, region, language) if region else _("Other areas")
        rows.append((language.sort_key(name), code, name))
    return {code: name for _key, code, name in sorted(rows, key=lambda row: (row[0], row[1]))}
