"""Show change: one to five lines over periods, each named at its end, broken at gaps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from everycount.charts import axes, estimates, marks, paths, periods, scales, targets, wrapping
from everycount.charts.end_labels import End, EndLabels, end_labels
from everycount.charts.scales import Number, Scale
from everycount.charts.series import Plane, Point, Series, drawn, stretches
from everycount.charts.targets import Target
from everycount.charts.theme import BAND_INK, MISSING, MUTED, OTHER, Spec, frame

__all__ = ["Point", "Series", "Target", "Words", "lines"]

MOST: Final = 5
"""Lines that a reader can tell from one another; more are small multiples."""
NARROW: Final = 480
HEIGHT: Final = 290
LOW: Final = 240
"""Height of a narrow drawing."""
LABELS: Final = 0.28
"""Part of the width that the names may take; of a narrow chart, `SLIM`."""
SLIM: Final = 0.36


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    end: str = "{name} {figure}"
    """At the end of a line."""
    ended: str = "{name} {figure} ({period})"
    """At the end of a line that ends before the others."""
    none: str = "{name}: no figure"
    interval: str = "pale band: 95 % interval"
    few: str = "hollow: few cases"
    modelled: str = "dashed: modelled"
    background: str = ""
    """What the quiet lines behind the others are; nothing is said unless given."""
    cut: str = "axis starts at {figure}, not at 0"


WORDS: Final = Words()


def lines(
    series: Sequence[Series],
    *,
    description: str,
    number: Number,
    tick: Number | None = None,
    unit: str = "",
    period: Callable[[str], str] = str,
    target: Target | None = None,
    background: Sequence[Series] = (),
    words: Words = WORDS,
    width: int = 720,
) -> Spec:
    """Return a line for each series, named at its end, over time that is true to scale.

    A line is broken where a figure is missing or hidden, and dashed where it is modelled; a figure
    that nothing joins is a dot, and one of few cases is hollow.

    Parameters
    ----------
    series : sequence of Series
        One to five, no two of a name.
    description : str
        The chart in a sentence.
    number : callable
        Words a figure: 26.7.
    tick : callable, optional
        Words a number of the axis: 20; `number` unless given.
    unit : str
        Behind the highest number of the axis if it is a sign, over the axis if it is a word.
    period : callable
        Words a period.
    target : Target, optional
        A pale band, or a line. The axis holds it.
    background : sequence of Series
        Quiet lines behind the others, such as those of all areas.
    words : Words
        Words in the chart.
    width : int
        CSS pixels, 300 and more, with the names.

    Returns
    -------
    dict
        A Vega-Lite specification. The axis starts at zero where this is near; where it does not,
        the chart says so.

    Raises
    ------
    ValueError
        If there are no series or more than five, or two of one name.

    References
    ----------
    Everycount design brief, section 5.

    Examples
    --------
    >>> points = (Point(period="2000", value=26.0), Point(period="2001", value=26.7))
    >>> lines([Series(name="Viet Nam", points=points, tone="focus")], number="{:.1f}".format,
    ...       description="Viet Nam rises from 26.0 to 26.7.")["width"]
    578
    """
    _check(series)
    sheet = _sheet(series, background, target, number=number, tick=tick or number, unit=unit,
                   period=period, words=words, width=width)  # fmt: skip
    over = [*background, *series]
    behind = [
        [sheet.plane.spot(point) for point in part]
        for entry in background
        for _, part in stretches(entry)
        if len(part) > 1
    ]
    band = [] if target is None else [targets.level(target, sheet.plane.value, width=sheet.inner)]
    said = _cut(sheet, words, tick or number)
    key = wrapping.legend(_keys(series, words, said), width=width - 4)
    units = axes.unit_lines(unit, width - 8)
    above = wrapping.height(len(units), size=axes.TYPE) + (6 if units else 0)
    top = round(key.height + above + 8)
    outside = frame(
        description=description,
        width=sheet.inner,
        height=sheet.height,
        margins=(top, sheet.right, 24, sheet.left),
    )
    entries = periods.marked(
        [point.period for entry in over for point in entry.points],
        sheet.plane.time.place,
        word=period,
    )
    intro = wrapping.block(units, x=2 - sheet.left, middle=above / 2 - above - 8, size=axes.TYPE)
    return outside | {
        "layer": [
            *key.layers(left=-sheet.left, top=-top),
            *([marks.texts(intro, size=axes.TYPE, colour=MUTED)] if intro else []),
            *axes.beside(sheet.plane.value, sheet.texts, width=sheet.inner),
            *band,
            *axes.times(entries, y=sheet.height, width=sheet.inner, left=sheet.left,
                        right=sheet.right),
            *([paths.threads(behind, colour=OTHER, width=0.8, opacity=0.28)] if behind else []),
            *drawn([(entry, sheet.plane) for entry in series], number=number),
            *sheet.inside,
            *sheet.labels.layers(edge=sheet.inner, height=sheet.height),
        ]
    }  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sheet:
    """How the picture is shared out, in pixels."""

    inner: int
    left: int
    right: int
    height: int
    texts: tuple[str, ...]
    """Numbers of the axis."""
    plane: Plane
    labels: EndLabels
    inside: tuple[Spec, ...]
    """The name of the target, where there is room for it in the drawing."""


def _check(series: Sequence[Series]) -> None:
    if not 1 <= len(series) <= MOST:
        raise ValueError(f"a chart of {len(series)} lines: expected 1 to {MOST}")
    if len({entry.name for entry in series}) < len(series):
        raise ValueError("a chart of lines: found two of one name")


def _sheet(
    series: Sequence[Series],
    background: Sequence[Series],
    target: Target | None,
    *,
    number: Number,
    tick: Number,
    unit: str,
    period: Callable[[str], str],
    words: Words,
    width: int,
) -> _Sheet:
    """Return where everything stands: labels are wrapped first, the height follows from them."""
    everything = [*series, *background]
    reach = [value for entry in everything for value in entry.reach]
    ends = [*reach, *(target.ends if target else ())]
    is_narrow = width < NARROW
    shown = [point.period for entry in everything for point in entry.known]
    newest = max(map(periods.in_years, shown), default=0.0)
    said = [_said(entry, newest, number, period, words) for entry in series if entry.known]
    size = 11 if is_narrow else 12
    most = width * (SLIM if is_narrow else LABELS)
    flat = [End(text=text, x=0, y=0, bold=entry.tone == "focus") for entry, text in said]
    name = [] if target is None else [End(text=target.words, x=0, y=0, bold=True)]
    labels = end_labels([*flat, *name], most=most, size=size)
    height = max(LOW if is_narrow else HEIGHT, labels.height)
    axis = scales.for_lines(ends, start=height, end=0, count=4 if is_narrow else 5)
    texts = axes.worded(axis, tick, unit)
    left = axes.side_room(texts)
    for is_named in (False, True):
        labels = end_labels([*flat, *(name if is_named else [])], most=most, size=size)
        right = max(labels.room, 12)
        inner = width - left - right
        plane = Plane(time=_time(everything, inner), value=axis)
        inside = [] if target is None or is_named else _named(
            target, plane, series, inner, height)  # fmt: skip
        if target is None or inside:
            break
    placed = [
        End(text=text, x=plane.spot(entry.known[-1])[0], y=plane.spot(entry.known[-1])[1],
            colour=entry.colour, bold=entry.tone == "focus")
        for entry, text in said
    ]  # fmt: skip
    if target is not None and not inside:
        middle = (axis.place(target.low) + axis.place(target.high)) / 2
        placed.append(End(text=target.words, x=inner, y=middle, colour=BAND_INK, bold=True))
    return _Sheet(
        inner=inner,
        left=left,
        right=right,
        height=height,
        texts=tuple(texts),
        plane=plane,
        labels=end_labels(placed, most=most, size=size),
        inside=tuple(inside),
    )


def _said(
    entry: Series, newest: float, number: Number, period: Callable[[str], str], words: Words
) -> tuple[Series, str]:
    """Return a series with what stands at the end of its line."""
    last = entry.known[-1]
    figure = {"few": "({})"}.get(last.flag, "{}").format(number(last.value))
    told = {"name": entry.name, "figure": figure, "period": period(last.period)}
    is_over = periods.in_years(last.period) < newest
    return entry, (words.ended if is_over else words.end).format(**told)


def _time(series: Sequence[Series], inner: int) -> Scale:
    """Return the axis of time, from the first period to the last; half a year about a single one.

    Periods without a figure count too, so that a reader sees how long there has been none.
    """
    found = [periods.in_years(point.period) for entry in series for point in entry.points]
    first, last = min(found, default=0.0), max(found, default=0.0)
    if first == last:
        first, last = first - 0.5, last + 0.5
    return Scale(numbers=(first, last), start=0, end=inner)


def _named(
    target: Target, plane: Plane, series: Sequence[Series], inner: int, height: int
) -> list[Spec]:
    """Return the name of the target in the drawing, clear of all lines; nothing if there is none.

    Intervals are pale enough to be written on.
    """
    taken = [[plane.spot(point) for point in part] for s in series for _, part in stretches(s)]
    place = targets.name_inside(target, plane.value, width=inner, height=height, taken=taken)
    if place is None:
        return []
    return [marks.texts([place], size=targets.TYPE, colour=BAND_INK, bold=True)]


def _cut(sheet: _Sheet, words: Words, tick: Number) -> str:
    """Return that the axis does not start at zero, if so."""
    axis = sheet.plane.value
    return words.cut.format(figure=tick(axis.low)) if axis.low > 0 else ""


def _keys(series: Sequence[Series], words: Words, cut: str) -> list[marks.Key]:
    """Return what marks mean, those that there are, and which series has no figure."""
    flags = {point.flag for entry in series for point in entry.known}
    first = series[0]
    keys = []
    if any(point.has_interval for entry in series for point in entry.known):
        keys.append(marks.Key(words=words.interval, shape=marks.BAR, colour=first.colour, size=170,
                              opacity=0.3))  # fmt: skip
    if "few" in flags:
        keys.append(marks.Key(words=words.few, shape="circle", colour=first.colour, hollow=True))
    if "modelled" in flags:
        dashes = estimates.LEVEL_DASHES
        keys.append(marks.Key(words=words.modelled, shape=dashes, colour=first.colour, size=70))
    if words.background:
        keys.append(marks.Key(words=words.background, shape=marks.BAR, colour=OTHER, size=30,
                              opacity=0.5))  # fmt: skip
    keys += [
        marks.Key(words=words.none.format(name=entry.name), shape="square", colour=MISSING,
                  size=150)
        for entry in series
        if not entry.known
    ]  # fmt: skip
    if cut:
        keys.append(marks.Key(words=cut, shape=""))
    return keys
