"""Show many series as panels of one line each: the first and the last figure, one scale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final, Literal

from everycount.charts import marks, periods, scales, wrapping
from everycount.charts.apart import apart
from everycount.charts.estimates import LEVEL_DASHES
from everycount.charts.name_rows import boxes
from everycount.charts.scales import Number, Scale
from everycount.charts.series import Plane, Point, Series, drawn
from everycount.charts.targets import Target, is_crossed
from everycount.charts.theme import BAND, BAND_INK, MISSING, MUTED, SURFACE, TRACK, Spec, frame

__all__ = ["Point", "Series", "Target", "Words", "small_multiples"]

MOST: Final = 60
LEAST: Final = 150
"""Least width of a panel with the space after it, in pixels."""
BETWEEN: Final = 22
HEIGHT: Final = 58
"""Height of the drawing of a panel."""
FREE: Final = 16
"""Height over and under it for the figures."""
YEARS: Final = 24
"""Pixels from the foot of a panel to the middle of the periods under it."""
TYPE: Final = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    none: str = "no figure"
    few: str = "hollow: few cases"
    modelled: str = "dashed: modelled"
    shared: str = "all panels from {low} to {high}"
    own: str = "each panel has its own scale"


WORDS: Final = Words()


def small_multiples(
    panels: Sequence[Series],
    *,
    description: str,
    number: Number,
    period: Callable[[str], str] = str,
    scale: Literal["shared", "own"] = "shared",
    target: Target | None = None,
    words: Words = WORDS,
    width: int = 720,
) -> Spec:
    """Return a panel for each series, in rows, with its name, its line and two figures.

    Parameters
    ----------
    panels : sequence of Series
        Up to 60, in the order to show.
    description : str
        The chart in a sentence.
    number : callable
        Words a figure.
    period : callable
        Words a period.
    scale : {"shared", "own"}
        Own scales are for series of different units; the key says which it is.
    target : Target, optional
        Drawn in each panel; only with a shared scale.
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
        If there are no panels or more than 60, or a target and scales of their own.

    References
    ----------
    Everycount design brief, section 5.

    Examples
    --------
    >>> panel = Series(name="Viet Nam", points=(Point(period="2000", value=26.0),))
    >>> small_multiples([panel], description="26.0.", number="{:.1f}".format)["height"]
    125
    """
    if not 1 <= len(panels) <= MOST:
        raise ValueError(f"{len(panels)} panels: expected 1 to {MOST}")
    if target is not None and scale == "own":
        raise ValueError("a target in panels with scales of their own: expected a shared scale")
    sheet = _sheet(panels, target, scale=scale, words=words, width=width)
    key = wrapping.legend(_keys(panels, sheet, number, scale, target, words), width=width - 4)
    outside = frame(
        description=description,
        width=width - 8,
        height=sheet.height,
        margins=(key.height + 2, 4, 2, 4),
    )
    empty = [panel for panel in sheet.panels if not panel.series.known]
    return outside | {
        "layer": [
            *key.layers(left=-4, top=-key.height - 2),
            *_targets(sheet, target),
            marks.lines([panel.foot for panel in sheet.panels], colour=TRACK),
            *drawn([(panel.series, panel.plane) for panel in sheet.panels], number=number),
            *_none(empty, words),
            marks.texts([line for panel in sheet.panels for line in panel.title], bold=True),
            *_figures(sheet, number),
            *_years(sheet, panels, period),
        ]
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Panel:
    """A panel: its series and where it stands, in pixels."""

    series: Series
    plane: Plane
    title: tuple[Spec, ...]
    left: float
    wide: float
    top: float
    is_last: bool
    """Whether no panel stands under it."""

    @property
    def foot(self) -> Spec:
        """The line under the drawing."""
        y = self.top + HEIGHT
        return {"x": self.left, "x2": round(self.left + self.wide, 1), "y": y, "y2": y}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sheet:
    """All panels, and the scale that they share."""

    panels: tuple[_Panel, ...]
    axis: Scale
    height: int


def _sheet(
    panels: Sequence[Series], target: Target | None, *, scale: str, words: Words, width: int
) -> _Sheet:
    """Return where panels stand, row by row."""
    columns = max(2, width // LEAST)
    wide = round((width - BETWEEN * (columns - 1) - 8) / columns, 1)
    shared = _axis(panels, target)
    placed = []
    y = 0.0
    for start in range(0, len(panels), columns):
        row = panels[start : start + columns]
        named = [wrapping.wrap(panel.name, wide, bold=True) for panel in row]
        top = round(y + wrapping.height(max(len(title) for title in named)) + 4 + FREE, 1)
        for column, (panel, title) in enumerate(zip(row, named, strict=True)):
            left = round(column * (wide + BETWEEN), 1)
            mine = shared if scale == "shared" else _axis([panel], None)
            middle = top - 4 - FREE - wrapping.height(len(title)) / 2
            placed.append(
                _Panel(
                    series=panel,
                    plane=Plane(
                        time=_time(panels, left + 4, left + wide - 4),
                        value=Scale(numbers=mine.numbers, start=top + HEIGHT, end=top),
                    ),
                    title=tuple(wrapping.block(title, x=left, middle=middle)),
                    left=left,
                    wide=wide,
                    top=top,
                    is_last=start + column + columns >= len(panels),
                )
            )
        is_over_last = start + columns < len(panels) < start + 2 * columns
        y = top + HEIGHT + (YEARS + 14 if is_over_last else YEARS)
    return _Sheet(panels=tuple(placed), axis=shared, height=ceil(top + HEIGHT + YEARS + 8))


def _axis(panels: Sequence[Series], target: Target | None) -> Scale:
    """Return the scale of panels."""
    reach = [value for panel in panels for value in panel.reach]
    return scales.for_lines([*reach, *(target.ends if target else ())], start=1, end=0, count=4)


def _time(panels: Sequence[Series], start: float, end: float) -> Scale:
    """Return the time that all panels share."""
    found = [periods.in_years(point.period) for panel in panels for point in panel.points]
    first, last = min(found, default=0.0), max(found, default=0.0)
    if first == last:
        first, last = first - 0.5, last + 0.5
    return Scale(numbers=(first, last), start=start, end=end)


def _keys(
    panels: Sequence[Series],
    sheet: _Sheet,
    number: Number,
    scale: str,
    target: Target | None,
    words: Words,
) -> list[marks.Key]:
    """Return what marks mean, those that there are, and from where to where panels go."""
    flags = {point.flag for panel in panels for point in panel.known}
    ends = {"low": number(sheet.axis.low), "high": number(sheet.axis.high)}
    keys = [marks.Key(words=words.shared.format(**ends) if scale == "shared" else words.own,
                      shape="")]  # fmt: skip
    if target is not None:
        shape, colour = ("square", BAND) if target.low < target.high else (marks.BAR, BAND_INK)
        keys.append(marks.Key(words=target.words, shape=shape, colour=colour, size=110))
    if "few" in flags:
        keys.append(marks.Key(words=words.few, shape="circle", hollow=True, size=50))
    if "modelled" in flags:
        keys.append(marks.Key(words=words.modelled, shape=LEVEL_DASHES, size=70))
    return keys


def _targets(sheet: _Sheet, target: Target | None) -> list[Spec]:
    """Return the target in each panel."""
    if target is None:
        return []
    values = []
    for panel in sheet.panels:
        low, high = panel.plane.value.place(target.low), panel.plane.value.place(target.high)
        half = 0.7 * (low == high)
        values.append(panel.foot | {"y": round(high - half, 1), "y2": round(low + half, 1)})
    return [boxes(values, colour=BAND if target.low < target.high else BAND_INK)]


def _none(empty: Sequence[_Panel], words: Words) -> list[Spec]:
    """Return hatching in panels without a figure, and the words on it."""
    if not empty:
        return []
    hatched, ground, said = [], [], []
    for panel in empty:
        middle = round(panel.top + HEIGHT / 2, 1)
        text = wrapping.isolated(words.none)
        room = wrapping.room(text, size=TYPE)
        hatched.append(panel.foot | {"y": middle - 8, "y2": middle + 8})
        ground.append({"x": panel.left, "x2": round(panel.left + room + 8, 1), "y": middle,
                       "y2": middle})  # fmt: skip
        said.append({"x": panel.left + 2, "y": middle, "text": text})
    return [
        boxes(hatched, colour=MISSING),
        marks.lines(ground, colour=SURFACE, width=16),
        marks.texts(said, size=TYPE, colour=MUTED),
    ]


def _figures(sheet: _Sheet, number: Number) -> list[Spec]:
    """Return the first and the last figure of each line, over or under it, where it does not run.

    Where the two do not fit beside one another, the last stands alone.
    """
    said: dict[str, list[Spec]] = {}
    ground = []
    for panel in sheet.panels:
        known = panel.series.known
        ends = [known[0], known[-1]] if len(known) > 1 else known
        takes = [wrapping.room(_told(point, number), size=TYPE, bold=True) for point in ends]
        if sum(takes) + 12 > panel.wide:
            ends, takes = ends[-1:], takes[-1:]
        spots = [panel.plane.spot(point) for point in ends]
        middles = apart([x for x, _ in spots], [room + 6 for room in takes], low=panel.left - 3,
                        high=panel.left + panel.wide + 3)  # fmt: skip
        line = [panel.plane.spot(point) for point in known]
        for point, (_, y), room, x in zip(ends, spots, takes, middles, strict=True):
            over, under = round(y - 11, 1), round(y + 11, 1)
            box = (x - room / 2, x + room / 2, over - 6, over + 5)
            is_under = is_crossed(box, line) and not is_crossed(
                (box[0], box[1], under - 5, under + 6), line
            )
            value = {"x": x, "y": under if is_under else over, "text": _told(point, number)}
            said.setdefault(panel.series.colour, []).append(value)
            if is_under and abs(under - panel.top - HEIGHT) < 8:  # it stands on the foot
                ground.append({"x": round(box[0], 1), "x2": round(box[1], 1), "y": under,
                               "y2": under})  # fmt: skip
    layers = [marks.lines(ground, colour=SURFACE, width=12)] if ground else []
    return layers + [
        marks.texts(values, size=TYPE, align="center", colour=colour, bold=True)
        for colour, values in said.items()
    ]


def _told(point: Point, number: Number) -> str:
    return f"({number(point.value)})" if point.flag == "few" else number(point.value)


def _years(sheet: _Sheet, panels: Sequence[Series], period: Callable[[str], str]) -> list[Spec]:
    """Return the first and the last period under each panel that has none under it."""
    every = sorted({p.period for panel in panels for p in panel.points}, key=periods.in_years)
    said: dict[str, list[Spec]] = {"left": [], "right": []}
    for panel in sheet.panels:
        y = panel.top + HEIGHT + YEARS
        entries = list(zip(("left", "right"), (every[0], every[-1]), strict=True)) if every else []
        if len(every) == 1:
            entries = entries[:1]
        for side, text in entries if panel.is_last else []:
            x = panel.left if side == "left" else round(panel.left + panel.wide, 1)
            said[side].append({"x": x, "y": y, "text": wrapping.isolated(period(text))})
    return [
        marks.texts(values, size=TYPE, align=side, colour=MUTED)
        for side, values in said.items()
        if values
    ]
