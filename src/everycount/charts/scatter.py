"""Show two indicators against one another: a dot an area, some named, no line unless asked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan, nan, pi, sqrt
from typing import Final, Literal

import numpy as np

from everycount.charts import axes, marks, paths, scales, wrapping
from everycount.charts.estimates import LEVEL_DASHES, refuse_untold
from everycount.charts.label_places import Dot, Place, placed
from everycount.charts.row_places import NARROW
from everycount.charts.scales import Number, Scale
from everycount.charts.series import COLOURS, Tone
from everycount.charts.theme import INK, MUTED, OTHER, SURFACE, Spec, frame
from everycount.survey.group_figures import Flag

__all__ = ["Axis", "Dotted", "Words", "scatter"]

HEIGHT: Final = 360
RADIUS: Final = 3.6
LARGEST: Final = 22.0
"""Radius of the area with most people."""
LEAST: Final = 2.2
"""Radius of one with few: smaller ones are not seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """What an axis is of, and how its numbers are worded."""

    words: str
    """Indicator and unit; it stands at the axis."""
    number: Number
    kind: Literal["linear", "log"] = "linear"
    """Logarithmic axes say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dotted:
    """The two figures of an area."""

    name: str
    x: float = nan
    """NaN where there is no figure, and where it is hidden: an area needs both to be drawn."""
    y: float = nan
    people: float = nan
    """Population, which says the size of the dot; all are equal unless each has it."""
    flag: Flag = ""
    tone: Tone = "quiet"
    has_name: bool = False
    """Whether its name stands at its dot; anything but a quiet one has it."""

    def __post_init__(self) -> None:
        refuse_untold(self.name, self.flag, (self.x, self.y))

    @property
    def is_shown(self) -> bool:
        """Whether there are both figures."""
        return not (isnan(self.x) or isnan(self.y))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    log: str = "{words} (logarithmic axis: each step multiplies)"
    few: str = "hollow: few cases"
    people: str = "area of a dot: people"
    missing: str = "without both figures: {count}"
    fit: str = "dashed: straight line of least squares"
    unnamed: str = "no room for the names: {names}"
    between: str = ", "


WORDS: Final = Words()


def scatter(
    areas: Sequence[Dotted],
    *,
    x: Axis,
    y: Axis,
    description: str,
    fit: Literal["none", "straight"] = "none",
    words: Words = WORDS,
    width: int = 720,
) -> Spec:
    """Return a dot for each area at its two figures, with the names of some.

    Parameters
    ----------
    areas : sequence of Dotted
        Up to about 250. One without both figures is counted in the key.
    x, y : Axis
        What the axes are of.
    description : str
        The chart in a sentence.
    fit : {"none", "straight"}
        A line of least squares, on the axes as drawn. It says nothing of causes: none unless asked.
    words : Words
        Words in the chart.
    width : int
        CSS pixels, 300 and more.

    Returns
    -------
    dict
        A Vega-Lite specification. Names stand clear of one another.

    Raises
    ------
    ValueError
        If there are no areas, or a figure on a logarithmic axis is not above zero.

    Examples
    --------
    >>> areas = [Dotted(name="Chad", x=1500, y=15.4), Dotted(name="Norway", x=75_000, y=44.4)]
    >>> spec = scatter(areas, x=Axis(words="Income", number="{:g}".format, kind="log"),
    ...                y=Axis(words="Seats, %", number="{:g}".format), description="Two.")
    >>> spec["height"]
    360
    """
    if not areas:
        raise ValueError("a scatter plot needs at least one area")
    shown = [area for area in areas if area.is_shown]
    height = HEIGHT if width >= NARROW else width - 40
    radii = _radii(shown)
    most = max(radii, default=RADIUS)
    upright = _scale(y, [area.y for area in shown], height - most, most, 5)
    ticks = axes.worded(upright, y.number)
    left, right = axes.side_room(ticks), 16
    while True:
        inner = width - left - right
        level = scales.fewer(
            partial(_scale, x, [area.x for area in shown], most, inner - most), x.number
        )
        before, after = axes.overhang(level, axes.worded(level, x.number), inner=inner)
        if (before <= left and after <= right) or inner < width / 2:
            break
        left, right = max(left, before), max(right, after)
    dots = [
        Dot(x=level.place(area.x), y=upright.place(area.y), radius=radius,
            label=wrapping.isolated(area.name) if _has_name(area) else "")
        for area, radius in zip(shown, radii, strict=True)
    ]  # fmt: skip
    places = placed(dots, width=inner, height=height)
    named = [area for area in shown if _has_name(area)]
    unnamed = [a.name for a, place in zip(named, places, strict=True) if place is None]
    key = wrapping.legend(_keys(areas, fit, unnamed, words), width=width - 4)
    title = {side: _title(axis, words, width) for side, axis in (("x", x), ("y", y))}
    over = wrapping.height(len(title["y"]), size=11) + 6
    under = wrapping.height(len(title["x"]), size=11)
    top = round(key.height + over + 4)
    outside = frame(
        description=description,
        width=inner,
        height=height,
        margins=(top, right, round(24 + under), left),
    )
    said = [
        *wrapping.block(title["y"], x=2 - left, middle=-over / 2 - 4, size=11),
        *wrapping.block(title["x"], x=2 - left, middle=height + 20 + under / 2, size=11),
    ]
    line = [] if fit == "none" else _fit(dots, inner, height)
    return outside | {
        "layer": [
            *key.layers(left=-left, top=-top),
            *axes.beside(upright, ticks, width=inner),
            *axes.under(level, axes.worded(level, x.number), panels=[(0, height)], above=False),
            marks.texts(said, size=11, colour=MUTED),
            *line,
            *_dots(shown, dots, x, y),
            *_names(named, places),
        ]
    }


def _has_name(area: Dotted) -> bool:
    return area.has_name or area.tone != "quiet"


def _radii(shown: Sequence[Dotted]) -> list[float]:
    """Return the radius of each dot: areas as people, or all equal."""
    people = [area.people for area in shown]
    if not people or any(map(isnan, people)) or max(people) <= 0:
        return [RADIUS] * len(people)
    return [round(max(LEAST, LARGEST * sqrt(max(count, 0) / max(people))), 1) for count in people]


def _scale(axis: Axis, values: Sequence[float], start: float, end: float, count: int) -> Scale:
    make = scales.logarithmic if axis.kind == "log" else scales.for_lines
    return make(values, start, end, count)


def _title(axis: Axis, words: Words, width: int) -> list[str]:
    """Return what an axis is of, in lines; a logarithmic one says so."""
    told = words.log.format(words=axis.words) if axis.kind == "log" else axis.words
    return wrapping.wrap(told, width - 8, size=11)


def _keys(
    areas: Sequence[Dotted], fit: str, unnamed: Sequence[str], words: Words
) -> list[marks.Key]:
    """Return what marks mean, those that there are, and what is not in the drawing."""
    shown = [area for area in areas if area.is_shown]
    keys = []
    if shown and not any(isnan(area.people) for area in shown):
        keys.append(marks.Key(words=words.people, shape="circle", colour=OTHER, size=110,
                              opacity=0.7))  # fmt: skip
    if any(area.flag == "few" for area in shown):
        keys.append(marks.Key(words=words.few, shape="circle", colour=OTHER, hollow=True))
    if fit != "none":
        keys.append(marks.Key(words=words.fit, shape=LEVEL_DASHES, colour=MUTED, size=70))
    if len(shown) < len(areas):
        said = words.missing.format(count=len(areas) - len(shown))
        keys.append(marks.Key(words=said, shape=""))
    if unnamed:
        said = words.unnamed.format(names=words.between.join(unnamed))
        keys.append(marks.Key(words=said, shape=""))
    return keys


def _fit(dots: Sequence[Dot], inner: float, height: float) -> list[Spec]:
    """Return the line of least squares through dots, within the frame."""
    across = np.array([dot.x for dot in dots])
    down = np.array([dot.y for dot in dots])
    if len(dots) < 2 or np.ptp(across) == 0:
        return []
    slope, start = np.polyfit(across, down, 1)
    ends = [float(across.min()), float(across.max())]
    run = [(x, min(max(float(start + slope * x), 0.0), height)) for x in ends]
    return [paths.dashed([run], colour=MUTED, width=1.6)]


def _dots(shown: Sequence[Dotted], dots: Sequence[Dot], x: Axis, y: Axis) -> list[Spec]:
    """Return the dots, large ones first, those picked out last; a layer for each look."""
    looks: dict[tuple[bool, str, str, bool], list[Spec]] = {}
    order = sorted(range(len(dots)), key=lambda number: -dots[number].radius)
    for number in order:
        area, dot = shown[number], dots[number]
        shape = "diamond" if area.tone == "men" else "circle"
        look = (area.tone != "quiet", COLOURS[area.tone], shape, area.flag == "few")
        told = {"name": area.name, "across": x.number(area.x), "up": y.number(area.y)}
        size = round(pi * dot.radius**2, 1)
        looks.setdefault(look, []).append({"x": dot.x, "y": dot.y, "size": size, **told})
    layers = []
    for (is_picked, colour, shape, is_few), values in sorted(looks.items(), key=lambda e: e[0][0]):
        opacity = 1 if is_picked else 0.72
        mark: Spec = {"type": "point", "shape": shape, "opacity": opacity, "strokeWidth": 0.7}
        paint = {"fill": SURFACE, "stroke": colour, "strokeWidth": 1.6} if is_few else {
            "fill": colour, "stroke": SURFACE}  # fmt: skip
        layers.append(
            {
                "data": {"values": values},
                "mark": mark | paint,
                "encoding": {
                    "x": marks.PLACE | {"field": "x"},
                    "y": marks.PLACE | {"field": "y"},
                    "size": {"field": "size", "type": "quantitative", "scale": None},
                },
            }
        )
    return layers


def _names(named: Sequence[Dotted], places: Sequence[Place | None]) -> list[Spec]:
    """Return names that have a place, and lines to those that are further off."""
    found = [(area, p) for area, p in zip(named, places, strict=True) if p is not None]
    leaders = [leader for _, place in found if (leader := place.leader) is not None]
    layers = [marks.lines(leaders, colour=OTHER, width=0.8)] if leaders else []
    ground = [
        {"x": p.x - 1, "x2": round(p.x + p.room + 1, 1), "y": p.y, "y2": p.y}
        for _, p in found
        if not p.is_clear
    ]
    if ground:
        paper = marks.lines(ground, colour=SURFACE, width=12)
        paper["mark"]["opacity"] = 0.75
        layers.append(paper)
    by_colour: dict[str, list[Spec]] = {}
    for area, place in found:
        colour = INK if area.tone == "quiet" else COLOURS[area.tone]
        value = {"x": place.x, "y": place.y, "text": place.dot.label}
        by_colour.setdefault(colour, []).append(value)
    return [*layers, *(marks.texts(v, size=11, colour=c) for c, v in by_colour.items())]
