"""Show two dates: a line from figure to figure for each area, with names on both sides."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Final

from everycount.charts import marks, paths, scales, targets, wrapping
from everycount.charts.end_labels import End, EndLabels, end_labels
from everycount.charts.estimates import LEVEL_DASHES, refuse_untold
from everycount.charts.scales import Number, Scale
from everycount.charts.series import COLOURS, DOT, QUIET, WIDTHS, Tone
from everycount.charts.targets import Target
from everycount.charts.theme import BAND, INK, OTHER, TRACK, Spec, frame
from everycount.survey.group_figures import Flag

__all__ = ["Slope", "Target", "Words", "slope"]

MOST: Final = 40
HEIGHT: Final = 300
NARROW: Final = 480
SIDE: Final = 0.32
"""Part of the width that the labels of a side take at most."""
HEAD: Final = 20
"""Height of the dates over the drawing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """The figures of an area or group at two dates."""

    name: str
    first: float = nan
    """NaN where there is no figure, and where it is hidden."""
    second: float = nan
    flags: tuple[Flag, Flag] = ("", "")
    tone: Tone = "quiet"

    def __post_init__(self) -> None:
        for figure, flag in zip((self.first, self.second), self.flags, strict=True):
            refuse_untold(self.name, flag, (figure,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    label: str = "{name} {figure}"
    few: str = "hollow, in brackets: few cases"
    modelled: str = "dashed: modelled"
    none: str = "no figure: {names}"
    between: str = ", "
    cut: str = "axis starts at {figure}, not at 0"


WORDS: Final = Words()


def slope(
    rows: Sequence[Slope],
    *,
    dates: tuple[str, str],
    description: str,
    number: Number,
    target: Target | None = None,
    words: Words = WORDS,
    width: int = 720,
) -> Spec:
    """Return a line for each row between two dates, named on both sides.

    Parameters
    ----------
    rows : sequence of Slope
        Up to 40; the chart grows with its labels. A row with one figure has a dot and no line.
    dates : tuple of str
        Both dates in words.
    description : str
        The chart in a sentence.
    number : callable
        Words a figure.
    target : Target, optional
        A pale band or a line, named in the key.
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
        If there are no rows or more than 40.

    Examples
    --------
    >>> rows = [Slope(name="Viet Nam", first=26.0, second=26.7, tone="focus")]
    >>> slope(rows, dates=("2000", "2020"), description="26.0 to 26.7.",
    ...       number="{:.1f}".format)["height"]
    300
    """
    if not 1 <= len(rows) <= MOST:
        raise ValueError(f"a chart of {len(rows)} slopes: expected 1 to {MOST}")
    size = 11 if width < NARROW else 12
    sides = [_labels(rows, side, number, words, most=SIDE * width, size=size) for side in (0, 1)]
    height = max(HEIGHT, *(labels.height for labels in sides))
    figures = [figure for row in rows for figure in (row.first, row.second) if not isnan(figure)]
    ends = [*figures, *(target.ends if target else ())]
    axis = scales.for_lines(ends, start=height, end=0)
    left, right = (max(labels.room, 12) + 4 for labels in sides)
    inner = width - left - right
    key = wrapping.legend(_keys(rows, target, axis, number, words), width=width - 4)
    top = key.height + HEAD + 8
    outside = frame(
        description=description,
        width=inner,
        height=height,
        margins=(top, right, 10, left),
    )
    band = [] if target is None else [targets.level(target, axis, width=inner)]
    placed = [_labels(rows, side, number, words, most=SIDE * width, size=size, axis=axis,
                      x=inner * side) for side in (0, 1)]  # fmt: skip
    posts = [{"x": x, "x2": x, "y": 0, "y2": height} for x in (0, inner)]
    return outside | {
        "layer": [
            *key.layers(left=-left, top=-top),
            *band,
            marks.lines(posts, colour=TRACK),
            *_dates(dates, inner, left, right),
            *_lines(rows, axis, inner, number),
            *placed[0].layers(edge=0, height=height, side="left"),
            *placed[1].layers(edge=inner, height=height),
        ]
    }


def _labels(
    rows: Sequence[Slope],
    side: int,
    number: Number,
    words: Words,
    *,
    most: float,
    size: int,
    axis: Scale | None = None,
    x: float = 0,
) -> EndLabels:
    """Return the labels of a side; without an axis they can only be measured."""
    ends = []
    for row in rows:
        figure, flag = (row.first, row.second)[side], row.flags[side]
        if isnan(figure):
            continue
        told = f"({number(figure)})" if flag == "few" else number(figure)
        ends.append(
            End(
                text=words.label.format(name=row.name, figure=told),
                x=x,
                y=axis.place(figure) if axis else 0,
                colour=COLOURS[row.tone],
                bold=row.tone == "focus",
            )
        )
    return end_labels(ends, most=most, size=size)


def _dates(dates: tuple[str, str], inner: int, left: int, right: int) -> list[Spec]:
    """Return the dates over their posts, outwards where they are long."""
    layers = []
    for text, x, side, room in zip(dates, (0, inner), ("right", "left"), (left, right),
                                   strict=True):  # fmt: skip
        takes = wrapping.room(text, bold=True)
        is_centred = takes / 2 < min(room - 4, inner / 2 - 6)
        values = [{"x": x, "y": -HEAD / 2 - 6, "text": wrapping.isolated(text)}]
        layers.append(marks.texts(values, align="center" if is_centred else side, bold=True))
    return layers


def _lines(rows: Sequence[Slope], axis: Scale, inner: int, number: Number) -> list[Spec]:
    """Return lines and dots, those in focus last; a layer for each look."""
    layers: list[Spec] = []
    for tone in sorted({row.tone for row in rows}, key=lambda tone: (tone in WIDTHS, tone)):
        solid: list[list[Spec]] = []
        dashed: list[list[Spec]] = []
        dots: dict[bool, list[Spec]] = {False: [], True: []}
        for row in (row for row in rows if row.tone == tone):
            spots = [
                {"x": x, "y": axis.place(figure), "name": row.name, "figure": number(figure)}
                for x, figure in ((0, row.first), (inner, row.second))
                if not isnan(figure)
            ]
            shown = [flag for flag, figure in zip(row.flags, (row.first, row.second), strict=True)
                     if not isnan(figure)]  # fmt: skip
            for spot, flag in zip(spots, shown, strict=True):
                dots[flag == "few"].append(spot)
            if len(spots) == 2:
                (dashed if "modelled" in shown else solid).append(spots)
        colour, width = COLOURS[tone], WIDTHS.get(tone, QUIET)
        if solid:
            layers.append(paths.strokes(solid, colour=colour, width=width))
        if dashed:
            places = [[(spot["x"], spot["y"]) for spot in spots] for spots in dashed]
            layers.append(paths.dashed(places, colour=colour, width=width))
        shape = "diamond" if tone == "men" else "circle"
        layers += [
            marks.marks(values, marks.Key(words="", shape=shape, colour=COLOURS[tone],
                                          hollow=is_few, size=DOT))
            for is_few, values in dots.items()
            if values
        ]  # fmt: skip
    return layers


def _keys(
    rows: Sequence[Slope], target: Target | None, axis: Scale, number: Number, words: Words
) -> list[marks.Key]:
    """Return what marks mean, those that there are, and who has no figure at all."""
    flags = {
        flag
        for row in rows
        for flag, figure in zip(row.flags, (row.first, row.second), strict=True)
        if not isnan(figure)
    }
    keys = []
    if target is not None:
        keys.append(marks.Key(words=target.words, shape="square", colour=BAND, size=150))
    if "few" in flags:
        keys.append(marks.Key(words=words.few, shape="circle", colour=INK, hollow=True, size=50))
    if "modelled" in flags:
        keys.append(marks.Key(words=words.modelled, shape=LEVEL_DASHES, colour=OTHER, size=70))
    none = [row.name for row in rows if isnan(row.first) and isnan(row.second)]
    if none:
        said = words.none.format(names=words.between.join(none))
        keys.append(marks.Key(words=said, shape=""))
    if axis.low > 0:
        keys.append(marks.Key(words=words.cut.format(figure=number(axis.low)), shape=""))
    return keys
