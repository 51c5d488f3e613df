"""Draw the charts on the page of an index: a map of its scores, and strips by group of areas."""

import csv
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from everycount.charts.map_classes import class_labels
from everycount.charts.ranking import Strip, strips
from everycount.charts.render import svg
from everycount.charts.world_map import BOUNDARY_NOTE, world_map
from everycount.reports.edition import Edition, round_breaks
from everycount.reports.index_page import Drawing, Grouping
from everycount.reports.index_rows import span
from everycount.reports.wording import figure, plural

WIDE: Final = 1040
NARROW: Final = 328
MOST_STRIPS: Final = 12
"""More groups than this are a table, not a picture."""
_ASSETS: Final = files("everycount") / "assets"


def scale_words(edition: Edition) -> str:
    """Return what the scores mean: the ends of their scale, and which way is better."""
    low, high = edition.declared or (None, None)
    is_low = edition.result.methodology.ranking.best == "low"
    if low is None or high is None or is_low:
        return "Lower is better" if is_low else "Higher is better"
    return f"{figure(low)} to {figure(high)}; higher is better"


def map_of(edition: Edition) -> Drawing | None:
    """Return a map of the scores, or None where most units are not areas of the world map."""
    topology, points, shapes = _world()
    scores = {edition.units[k]: float(edition.top[k]) for k in edition.order}
    placed = {unit: score for unit, score in scores.items() if unit in shapes or unit in points}
    if len(placed) < 3 or 2 * len(placed) < len(scores):
        return None
    breaks = _breaks(edition, list(placed.values()))
    best, least = (edition.names[edition.order[k]] for k in (0, -1))
    ends = [edition.text(edition.top[edition.order[k]]) for k in (0, -1)]
    description = (
        f"World map of scores of {plural(len(placed), 'area')} in {len(breaks) + 1} classes, from "
        f"{best} with {ends[0]} to {least} with {ends[1]}. Hatched areas have no score."
    )
    years = span(int(year) for year in edition.years[edition.years > 0])
    return Drawing(
        svg=svg(
            world_map(
                placed,
                breaks=breaks,
                topology=topology,
                points=points,
                description=description,
                missing=[unit for unit in edition.units if unit not in scores],
                width=WIDE,
            )
        ),
        title="Score by area",
        unit=scale_words(edition) + (f". Figures of {years}" if years else ""),
        legend=tuple(class_labels(breaks)),
        missing="No score",
        source=BOUNDARY_NOTE,
    )


def _breaks(edition: Edition, scores: Sequence[float]) -> tuple[float, ...]:
    """Return the limits of the method's bands, where they part the scores, else round numbers."""
    limits = sorted(band.least for band in edition.result.methodology.ranking.bands)
    inside = tuple(limit for limit in limits if min(scores) < limit)
    return inside if 1 <= len(inside) <= 4 else round_breaks(scores)


@cache
def _world() -> tuple[bytes, dict[str, tuple[float, float]], frozenset[str]]:
    """Return the shapes of the world map, the points of small areas, and who has a shape."""
    topology = (_ASSETS / "world.topojson").read_bytes()
    lines = (_ASSETS / "points.csv").read_text(encoding="utf-8").splitlines()
    points = {row["unit"]: (float(row["lat"]), float(row["lon"])) for row in csv.DictReader(lines)}
    shapes = json.loads(topology)["objects"]["areas"]["geometries"]
    return topology, points, frozenset(shape["id"] for shape in shapes)


def strips_of(edition: Edition, grouping: Grouping, column: str) -> Drawing | None:
    """Return a strip for each group with a score, or None where there is nothing to compare."""
    own = edition.groups(column)
    found = [row for row in grouping.rows if row.areas and not row.is_all]
    if not 2 <= len(found) <= MOST_STRIPS:
        return None
    drawn = [
        Strip(
            name=row.name,
            scores=tuple(float(edition.top[k]) for k in edition.order if own[k] == row.name),
            mean=row.mean,
            weighted=row.weighted,
        )
        for row in found
    ]
    means = "; ".join(f"{row.name} {edition.text(row.mean or 0.0)}" for row in found)
    description = f"Scores of areas by {grouping.title.lower()}. Means: {means}."
    wide, narrow = (
        svg(strips(drawn, description=description, scale=edition.scale, width=width))
        for width in (720, NARROW)
    )
    return Drawing(
        svg=wide,
        narrow=narrow,
        title=f"Scores by {grouping.title.lower()}",
        unit=f"{scale_words(edition)}. Each line is an area",
    )
