"""Show all areas on one scale, in one row or by region: a line or a dot an area, dot the median."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi
from statistics import median
from typing import Final

from everycount.charts import axes, class_steps, marks, name_rows, targets, wrapping
from everycount.charts.apart import apart
from everycount.charts.scales import Number
from everycount.charts.series import COLOURS
from everycount.charts.strip_rows import APART, RADIUS, TICK, Area, Shape, Sheet, sheet
from everycount.charts.targets import Target
from everycount.charts.theme import BAND, INK, MUTED, OTHER, SURFACE, Spec, frame

__all__ = ["Area", "Target", "Words", "strip_plot"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    area: str = "an area"
    median: str = "median"
    missing: str = "no figure: {count}"
    """How many areas have none; what is hidden is not told apart."""
    few: str = "hollow: few cases"
    none: str = "no figure"
    picked: str = "{name} {figure}"
    below: str = "under {high}"
    between: str = "{low} to under {high}"
    above: str = "{low} and over"


WORDS: Final = Words()


def strip_plot(
    areas: Sequence[Area],
    *,
    description: str,
    number: Number,
    tick: Number | None = None,
    unit: str = "",
    shape: Shape = "line",
    target: Target | None = None,
    breaks: Sequence[float] = (),
    words: Words = WORDS,
    width: int = 720,
) -> Spec:
    """Return a strip for each region with a line or a dot for each area and a dot for the median.

    Parameters
    ----------
    areas : sequence of Area
        Up to about 250. Rows stand in the order in which they first appear.
    description : str
        The chart in a sentence.
    number : callable
        Words a figure.
    tick : callable, optional
        Words a number of the axis; `number` unless given.
    unit : str
        Behind the last number of the axis if it is a sign, over the axis if it is a word.
    shape : {"line", "dot"}
        Dots are packed so that none covers another, as long as they fit.
    target : Target, optional
        A pale band or a line, named in the key.
    breaks : sequence of float
        Lower ends of classes but the first, at most four, which say the colours of quiet areas.
    words : Words
        Words in the chart.
    width : int
        CSS pixels, 300 and more.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Raises
    ------
    ValueError
        If there are no areas, or more than five classes.

    References
    ----------
    Everycount design brief, section 5.

    Examples
    --------
    >>> areas = [Area(name="Norway", value=44.4, tone="focus"), Area(name="Chad", value=15.4)]
    >>> strip_plot(areas, description="15.4 to 44.4.", number="{:.1f}".format)["height"]
    65
    """
    if not areas:
        raise ValueError("a strip plot needs at least one area")
    if breaks:
        class_steps.refuse(breaks)
    placed = sheet(
        areas,
        target.ends if target else (),
        tick=tick or number,
        unit=unit,
        shape=shape,
        label=number,
        picked=words.picked,
        width=width,
    )
    key = wrapping.legend(_keys(areas, shape, target, breaks, number, words), width=width - 4)
    units = axes.unit_lines(unit, width - 8)
    above = wrapping.height(len(units), size=11) + (6 if units else 0)
    top = round(key.height + above + 2)
    outside = frame(
        description=description,
        width=placed.inner,
        height=placed.height,
        margins=(top, placed.right, 22, placed.left),
    )
    intro = wrapping.block(units, x=2 - placed.left, middle=-above / 2 - 2, size=11)
    band = [] if target is None else [targets.upright(target, placed.axis, height=placed.height)]
    layers: list[Spec] = []
    for row in placed.rows:
        layers += row.names
    return outside | {
        "layer": [
            *key.layers(left=-placed.left, top=-top),
            *([marks.texts(intro, size=11, colour=MUTED)] if intro else []),
            *band,
            *axes.under(placed.axis, placed.texts, panels=[(0, placed.height)], above=False),
            *_quiet(placed, shape, breaks, number),
            *_medians(placed, number),
            *_picked(placed, shape, number),
            *_none(placed, words),
            *layers,
        ]
    }


def _keys(
    areas: Sequence[Area],
    shape: Shape,
    target: Target | None,
    breaks: Sequence[float],
    number: Number,
    words: Words,
) -> list[marks.Key]:
    """Return what marks mean, those that there are."""
    shown = [area for area in areas if area.is_shown]
    sign = marks.TICK if shape == "line" else "circle"
    keys = [marks.Key(words=words.area, shape=sign, colour=OTHER, size=50)]
    if breaks:
        keys = class_steps.keys(
            breaks, number=number, below=words.below, between=words.between, above=words.above
        )
    if len(shown) > 1:
        keys.append(marks.Key(words=words.median, shape="circle", colour=INK, size=56))
    if any(area.flag == "few" for area in shown):
        keys.append(marks.Key(words=words.few, shape="circle", colour=OTHER, hollow=True, size=50))
    if target is not None:
        keys.append(marks.Key(words=target.words, shape="square", colour=BAND, size=150))
    if len(shown) < len(areas):
        said = words.missing.format(count=len(areas) - len(shown))
        keys.append(marks.Key(words=said, shape=""))
    return keys


def _quiet(placed: Sheet, shape: Shape, breaks: Sequence[float], number: Number) -> list[Spec]:
    """Return the line or dot of each area that is not picked out, a layer for each look."""
    looks: dict[tuple[str, bool, float], list[Spec]] = {}
    for row in placed.rows:
        for area, (x, y) in zip(row.areas, row.places, strict=True):
            if area.tone != "quiet":
                continue
            colour = class_steps.colour(area.value, breaks) if breaks else OTHER
            looks.setdefault((colour, area.flag == "few", row.radius), []).append(
                {"x": x, "y": y, "name": area.name, "figure": number(area.value)}
            )
    return [
        _mark(values, shape, colour=colour, is_few=is_few, radius=radius)
        for (colour, is_few, radius), values in looks.items()
    ]


def _mark(
    values: list[Spec], shape: Shape, *, colour: str, is_few: bool, radius: float, wide: float = 1.3
) -> Spec:
    """Return the marks of areas of one look; a line for few cases is a hollow dot."""
    if shape == "dot" or is_few:
        size = round(pi * max(1.2, (radius or RADIUS) - 0.6) ** 2)
        return marks.marks(values, marks.Key(words="", shape="circle", colour=colour,
                                             hollow=is_few, size=size))  # fmt: skip
    ticks = [value | {"y": value["y"] - TICK / 2, "x2": value["x"], "y2": value["y"] + TICK / 2}
             for value in values]  # fmt: skip
    layer = marks.lines(ticks, colour=colour, width=wide)
    layer["mark"]["opacity"] = 0.65 if wide < 2 else 1
    return layer


def _medians(placed: Sheet, number: Number) -> list[Spec]:
    """Return a dot at the median of each row of two areas or more, its number under the strip."""
    dots, said = [], []
    for row in placed.rows:
        if len(row.areas) < 2:
            continue
        middle = median(area.value for area in row.areas)
        x = placed.axis.place(middle)
        dots.append({"x": x, "y": row.middle, "figure": number(middle)})
        half = wrapping.room(number(middle), size=11) / 2
        held = min(max(x, half - 12), placed.inner + placed.right - half - 2)
        said.append({"x": round(held, 1), "y": round(row.middle + row.half + 9, 1),
                     "text": number(middle)})  # fmt: skip
    if not dots:
        return []
    look = marks.Key(words="", shape="circle", colour=INK, size=56)
    halo = marks.Key(words="", shape="circle", colour=SURFACE, size=110)
    return [marks.marks(dots, halo), marks.marks(dots, look),
            marks.texts(said, size=11, align="center")]  # fmt: skip


def _picked(placed: Sheet, shape: Shape, number: Number) -> list[Spec]:
    """Return the areas picked out, with their names beside one another over the strip."""
    layers: list[Spec] = []
    for row in placed.rows:
        picked = [
            pair for pair in zip(row.areas, row.places, strict=True) if pair[0].tone != "quiet"
        ]
        takes = [
            max(wrapping.room(line, size=11, bold=True) for line in lines) for lines in row.labels
        ]
        middles = apart(
            [x for _, (x, _) in picked],
            [room + APART for room in takes],
            low=placed.low - APART / 2,
            high=placed.high + APART / 2,
        )
        for (area, (x, y)), lines, room, middle in zip(
            picked, row.labels, takes, middles, strict=True
        ):
            colour = COLOURS[area.tone]
            foot = row.picked + wrapping.height(len(lines), size=11) / 2
            start = min(max(x, middle - room / 2 + 4), middle + room / 2 - 4)
            leader = {"x": round(start, 1), "x2": x, "y": round(foot, 1), "y2": y}
            value = {"x": x, "y": y, "name": area.name, "figure": number(area.value)}
            said = wrapping.block(lines, x=middle, middle=row.picked, size=11)
            layers += [
                marks.lines([leader], colour=colour, width=0.8),
                _mark([value], shape, colour=colour, is_few=area.flag == "few",
                      radius=max(row.radius, RADIUS), wide=3),
                marks.texts(said, size=11, align="center", colour=colour, bold=True),
            ]  # fmt: skip
    return layers


def _none(placed: Sheet, words: Words) -> list[Spec]:
    """Return hatching and words in rows without any figure."""
    entries = [(row.middle, words.none, True) for row in placed.rows if not row.areas]
    return name_rows.untold(entries, inner=placed.inner)
