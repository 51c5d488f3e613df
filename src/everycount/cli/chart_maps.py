"""Draw maps for `everycount chart`: of the world, of an office's own shapes, and of tiles."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Literal

from everycount.charts.area_map import WINDOWS, area_map
from everycount.charts.geometry import Geometry
from everycount.charts.map_classes import (
    BETWEEN,
    OVER,
    UNDER,
    choose_breaks,
    class_colours,
    class_labels,
)
from everycount.charts.theme import MISSING, Spec
from everycount.charts.tile_layout import TileLayout, compute_layout
from everycount.charts.tile_map import tile_map
from everycount.cli.chart_kinds import Choices
from everycount.cli.chart_rows import Row
from everycount.errors import InputError, Problem
from everycount.io.areas import area_table
from everycount.io.geometry import match_areas, read_geometry, world_geometry
from everycount.io.tile_layouts import iso3_labels, read_layout, world_layout


@dataclass(frozen=True, slots=True, kw_only=True)
class MapChoices:
    """What the options say of a map."""

    areas: Literal["m49", "iso3"] = "m49"
    geometry: str | None = None
    code: str | None = None
    layer: str | None = None
    layout: str | None = None
    region: str | None = None
    breaks: tuple[float, ...] = ()
    note: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """The files that the map reads."""
        return tuple(place for place in (self.geometry, self.layout) if place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A map, and what stands beside it."""

    spec: Spec
    legend: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    without_shape: tuple[str, ...]
    """Areas with a figure that the map does not show."""


def draw_map(rows: Sequence[Row], choices: Choices, asked: MapChoices) -> Map:
    """Return a choropleth of rows: x holds codes of areas, y figures."""
    figures = _figures(rows)
    geometry = _geometry(asked)
    region = _region(asked, geometry.codes)
    breaks = _breaks(figures, choices, asked)
    spec = area_map(
        figures,
        breaks=breaks,
        geometry=geometry,
        description=choices.description,
        missing={row.x for row in rows if row.x not in figures},
        picked=_picked(figures, choices),
        region=region,
        window=WINDOWS.get(asked.region or ""),
        tips=_tips(figures, choices),
        width=choices.width,
    )
    note = asked.note or geometry.note(choices.language.code)
    return Map(
        spec=spec,
        legend=_legend(breaks, choices, is_hatched=bool((region or geometry.codes) - set(figures))),
        notes=(note,),
        without_shape=match_areas(geometry, set(figures)).without_shape,
    )


def draw_tiles(rows: Sequence[Row], choices: Choices, asked: MapChoices) -> Map:
    """Return a tile map of rows: x holds codes of areas, y figures."""
    figures = _figures(rows)
    layout = _layout(asked)
    region = _region(asked, frozenset(layout.places))
    breaks = _breaks(figures, choices, asked)
    shipped = asked.layout is None and asked.geometry is None
    spec = tile_map(
        figures,
        breaks=breaks,
        layout=layout,
        description=choices.description,
        number=choices.number,
        labels=iso3_labels() if shipped and asked.areas == "m49" else None,
        region=region,
        picked=_picked(figures, choices),
        tips=_tips(figures, choices),
        width=choices.width,
    )
    drawn = region if region is not None else frozenset(layout.places)
    return Map(
        spec=spec,
        legend=_legend(breaks, choices, is_hatched=bool(drawn - set(figures))),
        notes=(asked.note,),
        without_shape=tuple(sorted(set(figures) - set(layout.places))),
    )


def _figures(rows: Sequence[Row]) -> dict[str, float]:
    """Return the figures by area, or refuse a map without any."""
    found = {row.x: row.y for row in rows if not isnan(row.y)}
    if not found:
        raise InputError("the map", [Problem("--y", "no figures", "one figure at least")])
    return found


def _geometry(asked: MapChoices) -> Geometry:
    """Return the shapes of a file, else the world."""
    if asked.geometry is None:
        return world_geometry(asked.areas)
    return read_geometry(asked.geometry, code=asked.code, layer=asked.layer)


def _layout(asked: MapChoices) -> TileLayout:
    """Return the layout of a file, one found from shapes, else that of the world."""
    if asked.layout is not None:
        return read_layout(asked.layout)
    if asked.geometry is not None:
        return compute_layout(_geometry(asked).centres())
    return world_layout(asked.areas)


def _region(asked: MapChoices, drawn: frozenset[str]) -> frozenset[str] | None:
    """Return the areas of a region that can be drawn, or refuse a region without any."""
    if asked.region is None:
        return None
    table = area_table()
    parents = dict(table.select("code", "parent").iter_rows())
    names = dict(table.select("code", "iso3").iter_rows()) if asked.areas == "iso3" else {}
    inside = set()
    for code in parents:
        above = code
        while above is not None and above != asked.region:
            above = parents.get(above)
        if above is not None:
            inside.add(names.get(code) or code)
    found = frozenset(inside) & drawn
    if not found:
        shown = f"{asked.region!r}, a region with none of the areas of the map"
        expected = "the code of a region (M49), such as 035 for South-eastern Asia"
        raise InputError("the map", [Problem("--region", shown, expected)])
    return found


def _breaks(figures: dict[str, float], choices: Choices, asked: MapChoices) -> tuple[float, ...]:
    """Return the breaks that were given, else chosen ones with the target among them."""
    if asked.breaks:
        return asked.breaks
    return choose_breaks(figures.values(), choices.target.low if choices.target else None)


def _picked(figures: dict[str, float], choices: Choices) -> str | None:
    """Return the first area that is picked out."""
    named = [code for code in figures if choices.is_focus(code)]
    return next(iter(named or choices.focus), None)


def _tips(figures: dict[str, float], choices: Choices) -> dict[str, str]:
    """Return what is said of each area when one points at it."""
    return {
        code: f"{choices.name(code)}: {choices.number(value)}{choices.unit and ' '}{choices.unit}"
        for code, value in figures.items()
    }


def _legend(
    breaks: Sequence[float], choices: Choices, *, is_hatched: bool
) -> tuple[tuple[str, str], ...]:
    """Return colour and words of each class."""
    say = choices.language.gettext
    labels = class_labels(
        breaks, number=choices.tick, under=say(UNDER), between=say(BETWEEN), over=say(OVER)
    )
    classes = tuple(zip(class_colours(breaks), labels, strict=True))
    return (*classes, (MISSING, say("no figure"))) if is_hatched else classes
