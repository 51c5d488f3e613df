"""The charts of index pages, worded in the reader's language and kept by their digest."""

import csv
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import isnan, nan

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.charts.heat_map import Cell, heat_map
from everycount.charts.heat_map import Words as HeatWords
from everycount.charts.lines import Words as LineWords
from everycount.charts.lines import lines
from everycount.charts.rank_intervals import RankInterval, rank_intervals
from everycount.charts.rank_intervals import Words as RankWords
from everycount.charts.series import Point, Series
from everycount.charts.strip_plot import Area, strip_plot
from everycount.charts.strip_plot import Words as StripWords
from everycount.charts.theme import Spec
from everycount.charts.world_map import world_map
from everycount.reports.edition import round_breaks
from everycount_hub.edition.drawings import drawing_of
from everycount_hub.portal.indices.goals import Goal, Grouping, groups_below
from everycount_hub.portal.indices.spoken import Spoken, classes_of

WIDE, NARROW = 720, 340
MOST_STRIPS = 12
"""More groups than this are a table, not a picture."""
DRAWN = 130
"""Units that the chart of intervals shows; the table has all."""
LEAST_ON_MAP = 3
"""Areas that a map needs before it shows anything."""
MOST_LINES = 5
TONES = ("focus", "second", "total", "quiet", "quiet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart, drawn for wide and for narrow pages."""

    title: str
    unit: str
    wide: str
    narrow: str
    legend: tuple[tuple[int, str], ...] = ()
    """On a map: number of the colour and label of each class, lowest first."""
    source: str = ""


def drawn(draw: Callable[[int], Spec], *, title: str, unit: str = "", **more: object) -> Figure:
    """Return a chart that is drawn at both widths."""
    wide, narrow = (drawing_of(draw(width)) for width in (WIDE, NARROW))
    return Figure(title=title, unit=unit, wide=wide, narrow=narrow, **more)  # type: ignore[arg-type]


def scale_words(spoken: Spoken) -> str:
    """Return what the scores mean: the ends of their scale, and which way is better."""
    view = spoken.index.newest
    if view.result.methodology.ranking.best == "low":
        return _("Lower is better.")
    if view.declared is None:
        return _("Higher is better.")
    low, high = (spoken.words.significant(end) for end in view.declared)
    return _("Score from {low} to {high}; higher is better.").format(low=low, high=high)


def years_of(spoken: Spoken) -> str:
    """Return the years that figures are of."""
    known = spoken.index.newest.years
    years = known[known > 0]
    if not years.size:
        return ""
    first, last = int(years.min()), int(years.max())
    if first == last:
        return _("Figures of {year}.").format(year=first)
    return _("Figures of {first} to {last}.").format(first=first, last=last)


@cache
def _world() -> tuple[bytes, dict[str, tuple[float, float]], frozenset[str]]:
    """Return the shapes of the world map, the points of small areas, and who has a shape."""
    assets = files("everycount") / "assets"
    topology = (assets / "world.topojson").read_bytes()
    rows = csv.DictReader((assets / "points.csv").read_text(encoding="utf-8").splitlines())
    points = {row["unit"]: (float(row["lat"]), float(row["lon"])) for row in rows}
    shapes = json.loads(topology)["objects"]["areas"]["geometries"]
    return topology, points, frozenset(shape["id"] for shape in shapes)


def map_of(spoken: Spoken) -> Figure | None:
    """Return a map of the scores, or None where most units are no areas of the world map."""
    view = spoken.index.newest
    topology, points, shapes = _world()
    scores = {view.units[k]: float(view.top[k]) for k in view.order}
    placed = {unit: score for unit, score in scores.items() if unit in shapes or unit in points}
    if len(placed) < LEAST_ON_MAP or 2 * len(placed) < len(scores):
        return None
    breaks = _breaks(spoken, list(placed.values()))
    description = _(
        "World map of scores, from {best} with {most} to {last} with {least}. Hatched areas have "
        "no score."
    ).format(
        best=spoken.unit(view.units[view.order[0]]),
        most=spoken.score(float(view.top[view.order[0]])),
        last=spoken.unit(view.units[view.order[-1]]),
        least=spoken.score(float(view.top[view.order[-1]])),
    )
    return drawn(
        lambda width: world_map(
            placed,
            breaks=breaks,
            topology=topology,
            points=points,
            description=description,
            missing=[unit for unit in view.units if unit not in scores],
            width=width,
        ),
        title=_("Score by area"),
        unit=f"{scale_words(spoken)} {years_of(spoken)}".strip(),
        legend=classes_of(spoken, breaks),
        source=_(
            "Boundaries: Natural Earth, visionscarto edition. They express no opinion on the legal "
            "status of any area. Small states are drawn as dots."
        ),
    )


def _breaks(spoken: Spoken, scores: list[float]) -> tuple[float, ...]:
    """Return the limits of the method's bands, where they part the scores, else round numbers."""
    limits = sorted(band.least for band in spoken.index.result.methodology.ranking.bands)
    inside = tuple(limit for limit in limits if min(scores) < limit)
    return inside if 1 <= len(inside) <= 4 else round_breaks(scores)


def strips_of(spoken: Spoken, grouping: Grouping, picked: str = "") -> Figure | None:
    """Return a strip for each group of areas, or None where there is nothing to compare."""
    view = spoken.index.newest
    own = view.groups(grouping.key)
    found = [row for row in grouping.rows if row.points is not None and not row.is_all]
    if not 2 <= len(found) <= MOST_STRIPS:
        return None
    areas = [
        Area(
            name=spoken.unit(view.units[k]),
            value=float(view.top[k]),
            row=row.name.text,
            tone="focus" if view.units[k] == picked else "quiet",
        )
        for row in found
        for k in view.order
        if own[k] == row.key
    ]
    means = spoken.words.listed(
        [
            _("{name}: {figure}").format(name=spoken.words.isolate(row.name.text), figure=row.mean)
            for row in found
        ]
    )
    description = _("Scores of areas by group. Means: {means}.").format(means=means)
    words = StripWords(
        area=_("an area"), median=_("median"), picked=_("{name} {figure}"), none=_("no figure")
    )
    return drawn(
        lambda width: strip_plot(
            areas, description=description, number=spoken.score,
            tick=spoken.words.significant, words=words, width=width,
        ),
        title=_("Scores by group of areas"),
        unit=scale_words(spoken),
    )  # fmt: skip


def heat_of(
    spoken: Spoken, means: pl.DataFrame, goals: tuple[Goal, ...], grouping: Grouping
) -> Figure | None:
    """Return the mean of each group of indicators in each group of areas as cells."""
    own = [each for each in goals if each.points is not None]
    columns = [row for row in grouping.rows if row.points is not None]
    if not own or not 2 <= len(columns) <= MOST_STRIPS or spoken.index.newest.declared is None:
        return None
    names = {each.code: each.name.text for each in own}
    heads = {row.key: row.name.text for row in columns}
    known = means.filter(
        pl.col("grouping") == grouping.key,
        pl.col("node").is_in(list(names)),
        pl.col("group").is_in(list(heads)),
    )
    cells = [
        Cell(
            row=names[row["node"]],
            column=heads[row["group"]],
            value=nan if row["score"] is None else row["score"],
        )
        for row in known.iter_rows(named=True)
    ]
    values = [cell.value for cell in cells if not isnan(cell.value)]
    description = _(
        "Mean scores of groups of indicators by group of areas, from {least} to {most}."
    ).format(least=spoken.score(min(values)), most=spoken.score(max(values)))
    words = HeatWords(
        below=_("under {high}"),
        between=_("{low} to under {high}"),
        above=_("{low} and over"),
        none=_("no figure"),
    )
    return drawn(
        lambda width: heat_map(
            cells, rows=list(names.values()), columns=list(heads.values()),
            breaks=_breaks(spoken, values), description=description,
            number=spoken.words.significant, words=words, width=width,
        ),
        title=_("Means by group of areas"),
        unit=scale_words(spoken),
    )  # fmt: skip


@lru_cache(32)
def intervals_of(spoken: Spoken) -> Figure | None:
    """Return the intervals of ranks, or None where the index itself was not tested."""
    known = sorted(spoken.index.intervals.items(), key=lambda pair: pair[1].nominal)
    if not known:
        return None
    rows = [
        RankInterval(
            name=spoken.unit(unit),
            nominal=each.nominal,
            median=each.median,
            low=each.low,
            high=each.high,
        )
        for unit, each in known[:DRAWN]
    ]
    places = int(max(len(known), *(-(-each.high // 1) for _unit, each in known)))
    widths = sorted(each.width for _unit, each in known)
    widest = max(known, key=lambda pair: pair[1].width)
    description = _(
        "Half of the intervals span {half} places or fewer; the widest is that of {area}: "
        "{low} to {high}."
    ).format(
        half=spoken.rank(widths[len(widths) // 2]),
        area=spoken.unit(widest[0]),
        low=spoken.rank(widest[1].low),
        high=spoken.rank(widest[1].high),
    )
    words = RankWords(
        interval=spoken.percentiles,
        median=_("median"),
        nominal=_("published rank"),
        outside=_("published rank, outside its interval"),
    )
    shown = ngettext(
        "How far ranks move: {count} area", "How far ranks move: {count} areas", len(rows)
    )
    return drawn(
        lambda width: rank_intervals(
            rows, title="", places=places, words=words, description=description,
            width=max(width, 360),
        ),
        title=shown.format(count=spoken.count(len(rows))),
        unit=description,
    )  # fmt: skip


def has_groups(spoken: Spoken) -> bool:
    """Tell whether there are groups between the indicators and the index."""
    return any(True for _each in groups_below(spoken))


def line_of(spoken: Spoken, rows: list[tuple[str, list[tuple[int, float]]]]) -> Figure | None:
    """Return up to five lines over the reference years, with their names."""
    series = [
        Series(
            name=name,
            points=tuple(Point(period=str(year), value=value) for year, value in points),
            tone=TONES[k],  # type: ignore[arg-type]
        )
        for k, (name, points) in enumerate(rows[:MOST_LINES])
        if not all(isnan(value) for _year, value in points)
    ]
    if not series:
        return None
    said = spoken.words.listed(
        [
            _("{name}: {first} to {last}").format(
                name=spoken.words.isolate(each.name),
                first=spoken.score(each.known[0].value),
                last=spoken.score(each.known[-1].value),
            )
            for each in series
        ]
    )
    words = LineWords(
        end=_("{name} {figure}"),
        ended=_("{name} {figure} ({period})"),
        none=_("{name}: no figure"),
        cut=_("axis starts at {figure}, not at 0"),
    )
    return drawn(
        lambda width: lines(
            series, description=_("Scores over the years. {figures}.").format(figures=said),
            number=spoken.score, tick=spoken.words.significant, words=words, width=width,
        ),
        title=_("Scores over the years"),
        unit=scale_words(spoken),
    )  # fmt: skip
