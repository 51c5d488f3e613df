"""Show amounts as sorted bars from zero, with the number at the bar and the way to the target."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan, nan
from typing import Final, Literal

from everycount.charts import axes, estimates, marks, name_rows, scales, targets, wrapping
from everycount.charts.row_places import Placed
from everycount.charts.scales import Number, Scale
from everycount.charts.series import COLOURS, Tone
from everycount.charts.targets import Target
from everycount.charts.theme import BAND_INK, INK, SURFACE, TRACK, Spec, frame
from everycount.survey.group_figures import Flag

__all__ = ["Bar", "Target", "Words", "bars", "in_order"]

Order = Literal["high", "low", "given"]

THICK: Final = 13
"""Height of a bar in pixels."""
GAP: Final = 5
"""Pixels between a bar and its number."""
TICK: Final = 15
"""Height of the tick at the target of a row."""
LEAST: Final = 40
"""Least width of the drawing, however long the numbers beside its bars are."""
TALL: Final = 400
"""Over this height the axis has its numbers above too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The figure of one area or group."""

    name: str
    value: float = nan
    """NaN where there is no figure, and where it is hidden."""
    flag: Flag = ""
    note: str = ""
    """Stands under the name, such as a year."""
    target: float | None = None
    """Its own target; a thin line leads to it."""
    tone: Tone = "focus"
    missing: str = ""
    """Why there is no figure, if there is more to say than the words of the chart do."""

    def __post_init__(self) -> None:
        estimates.refuse_untold(self.name, self.flag, (self.value,))

    @property
    def is_shown(self) -> bool:
        """Whether there is a figure to draw."""
        return not isnan(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    few: str = "outline, in brackets: few cases"
    modelled: str = "dashed, e: modelled"
    target: str = "target"
    """What the tick at the end of the thin lines is."""
    hidden: str = "not shown"
    none: str = "no figure"


WORDS: Final = Words()


def in_order(rows: Sequence[Bar], order: Order) -> list[Bar]:
    """Return rows as a chart shows them, for the table beside it: those without a figure last.

    Examples
    --------
    >>> rows = [Bar(name="A"), Bar(name="B", value=1), Bar(name="C", value=2)]
    >>> [row.name for row in in_order(rows, "high")], [row.name for row in in_order(rows, "given")]
    (['C', 'B', 'A'], ['A', 'B', 'C'])
    """
    if order == "given":
        return list(rows)
    shown = [row for row in rows if row.is_shown]
    ordered = sorted(shown, key=lambda row: row.value, reverse=order == "high")
    return [*ordered, *(row for row in rows if not row.is_shown)]


def bars(
    rows: Sequence[Bar],
    *,
    description: str,
    number: Number,
    tick: Number | None = None,
    unit: str = "",
    target: Target | None = None,
    order: Order = "high",
    words: Words = WORDS,
    width: int = 720,
) -> Spec:
    """Return a bar for each row, from zero, with its number at its end.

    Parameters
    ----------
    rows : sequence of Bar
        Up to about 15 stay legible.
    description : str
        The chart in a sentence.
    number : callable
        Words a figure.
    tick : callable, optional
        Words a number of the axis; `number` unless given.
    unit : str
        Behind the last number of the axis if it is a sign, over the axis if it is a word.
    target : Target, optional
        Of all rows: a pale band or a line, named over it. The axis holds it.
    order : {"high", "low", "given"}
        What stands first.
    words : Words
        Words in the chart.
    width : int
        CSS pixels, 300 and more. Names are wrapped and never cut.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Raises
    ------
    ValueError
        If there are no rows.

    References
    ----------
    Everycount design brief, section 5.

    Examples
    --------
    >>> rows = [Bar(name="Ministers", value=4.0), Bar(name="Assembly", value=26.7)]
    >>> bars(rows, description="Assembly 26.7, ministers 4.0.", number="{:.1f}".format)["height"]
    48
    """
    if not rows:
        raise ValueError("a chart of bars needs at least one row")
    ordered = in_order(rows, order)
    tick = tick or number
    sheet, axis, texts = _sheet(ordered, target, number=number, tick=tick, unit=unit, width=width)
    shared = sheet.columns
    key = wrapping.legend(_keys(ordered, words), width=width - 4)
    units = axes.unit_lines(unit, width - 8)
    names = [] if target is None else wrapping.wrap(target.words, width - 8, size=11, bold=True)
    above = wrapping.height(len(units), size=11) + (6 if units else 0)
    over = wrapping.height(len(names), size=11) + (4 if names else 0)
    is_tall = sheet.height > TALL
    top = round(key.height + above + over + (18 if is_tall else 2))
    outside = frame(
        description=description,
        width=shared.inner,
        height=sheet.height,
        margins=(top, shared.right, 22, shared.left),
    )
    foot = -18 if is_tall else -2
    intro = wrapping.block(units, x=2 - shared.left, middle=foot - over - above / 2, size=11)
    return outside | {
        "layer": [
            *key.layers(left=-shared.left, top=-top),
            *([marks.texts(intro, size=11)] if intro else []),
            *_band(target, axis, sheet, names, middle=foot - over / 2),
            *axes.under(axis, texts, panels=sheet.panels, above=is_tall),
            *_tracks(ordered, sheet, axis, number),
            *_bars(ordered, sheet, axis, number),
            *_ticks(ordered, sheet, axis),
            *name_rows.untold(_untold(ordered, sheet, words), inner=shared.inner),
            *name_rows.named(sheet),
        ]
    }


def _sheet(
    rows: Sequence[Bar],
    target: Target | None,
    *,
    number: Number,
    tick: Number,
    unit: str,
    width: int,
) -> tuple[Placed, Scale, list[str]]:
    """Return where rows stand, and an axis that leaves room for numbers at the ends of bars."""
    shown = [row for row in rows if row.is_shown]
    takes = {
        is_low: max(
            (wrapping.room(_told(row, number)) for row in shown if (row.value < 0) is is_low),
            default=0.0,
        )
        for is_low in (False, True)
    }
    before = takes[True] + GAP + 2 if takes[True] else 0
    after = takes[False] + GAP + 2
    ends = [row.value for row in shown]
    ends += [row.target for row in rows if row.target is not None]
    ends += target.ends if target else ()
    right = 14
    while True:
        sheet = name_rows.rows(
            [row.name for row in rows], [row.note for row in rows], right=right, width=width
        )
        inner = sheet.columns.inner
        end = round(max(inner - after, before + LEAST), 1)
        axis = scales.fewer(
            partial(scales.for_bars, ends, round(before, 1), end),
            lambda value: f"{tick(value)} {unit[:2]}",
        )
        texts = axes.worded(axis, tick, unit)
        _, out = axes.overhang(axis, texts, inner=inner)
        if out <= right or right >= width / 4:
            return sheet, axis, texts
        right = min(out, width // 4)


def _told(row: Bar, number: Number) -> str:
    """Return a figure with what its flag adds."""
    text = number(row.value)
    return {"few": f"({text})", "modelled": f"{text} e"}.get(row.flag, text)


def _pairs(rows: Sequence[Bar], sheet: Placed) -> list[tuple[Bar, float]]:
    """Return the rows with a figure, and their middles."""
    return [(row, y) for row, y in zip(rows, sheet.middles, strict=True) if row.is_shown]


def _untold(rows: Sequence[Bar], sheet: Placed, words: Words) -> list[tuple[float, str, bool]]:
    """Return middle and words of each row without a figure, and whether it is hatched."""
    return [
        (y, words.hidden if row.flag == "hidden" else row.missing or words.none,
         row.flag != "hidden")
        for row, y in zip(rows, sheet.middles, strict=True)
        if not row.is_shown
    ]  # fmt: skip


def _keys(rows: Sequence[Bar], words: Words) -> list[marks.Key]:
    """Return what marks mean, those that there are."""
    shown = [row for row in rows if row.is_shown]
    flags = {row.flag for row in shown}
    keys = []
    if any(row.target is not None for row in shown):
        keys.append(marks.Key(words=words.target, shape=marks.TICK, colour=INK, size=60))
    if "few" in flags:
        keys.append(marks.Key(words=words.few, shape="square", hollow=True, size=90))
    if "modelled" in flags:
        keys.append(marks.Key(words=words.modelled, shape=estimates.LEVEL_DASHES, size=90))
    return keys


def _band(
    target: Target | None, axis: Scale, sheet: Placed, names: Sequence[str], *, middle: float
) -> list[Spec]:
    """Return the target of all rows, its name over it and within the picture."""
    if target is None:
        return []
    shared = sheet.columns
    half = max(wrapping.room(line, size=11, bold=True) for line in names) / 2
    centre = (axis.place(target.low) + axis.place(target.high)) / 2
    x = min(max(centre, half + 4 - shared.left), shared.inner + shared.right - half - 4)
    said = wrapping.block(names, x=round(x, 1), middle=middle, size=11)
    return [
        targets.upright(target, axis, height=sheet.height),
        marks.texts(said, size=11, align="center", colour=BAND_INK, bold=True),
    ]


def _number_at(row: Bar, axis: Scale, number: Number) -> float:
    """Return where the number of a bar starts: at its end, past the tick of a target in the way."""
    end = axis.place(row.value)
    way = -1 if row.value < 0 else 1
    if row.target is not None:
        ahead = (axis.place(row.target) - end) * way
        if -GAP <= ahead <= wrapping.room(_told(row, number)) + 2 * GAP:
            return round(end + way * (max(ahead, 0) + GAP), 1)
    return round(end + way * GAP, 1)


def _tracks(rows: Sequence[Bar], sheet: Placed, axis: Scale, number: Number) -> list[Spec]:
    """Return a thin line from the number of each bar to a target further on."""
    tracks = []
    for row, y in _pairs(rows, sheet):
        if row.target is None:
            continue
        way = -1 if row.value < 0 else 1
        start = _number_at(row, axis, number) + way * (wrapping.room(_told(row, number)) + GAP)
        x = axis.place(row.target)
        if (x - start) * way > 0:
            tracks.append({"x": round(start, 1), "x2": x, "y": y, "y2": y})
    return [marks.lines(tracks, colour=TRACK, width=3)] if tracks else []


def _ticks(rows: Sequence[Bar], sheet: Placed, axis: Scale) -> list[Spec]:
    """Return a tick at each target, on paper so that it is seen on a bar too."""
    ticks = [
        {"x": x, "x2": x, "y": y - TICK / 2, "y2": y + TICK / 2}
        for row, y in _pairs(rows, sheet)
        if row.target is not None
        for x in [axis.place(row.target)]
    ]
    if not ticks:
        return []
    return [marks.lines(ticks, colour=SURFACE, width=5), marks.lines(ticks, colour=INK, width=2)]


def _bars(rows: Sequence[Bar], sheet: Placed, axis: Scale, number: Number) -> list[Spec]:
    """Return bars by tone and flag, and their numbers beyond their ends."""
    zero = axis.place(0)
    groups: dict[tuple[str, Flag], list[Spec]] = {}
    said: dict[str, list[Spec]] = {"left": [], "right": []}
    for row, y in _pairs(rows, sheet):
        end = axis.place(row.value)
        sides = {"x": min(zero, end), "x2": max(zero, end), "y": y - THICK / 2, "y2": y + THICK / 2}
        groups.setdefault((COLOURS[row.tone], row.flag), []).append(
            sides | {"name": row.name, "figure": number(row.value)}
        )
        way = -1 if row.value < 0 else 1
        said["left" if way > 0 else "right"].append(
            {"x": _number_at(row, axis, number), "y": y, "text": _told(row, number)}
        )
    layers: list[Spec] = []
    for (colour, flag), values in groups.items():
        layers += _look(values, colour, flag)
    layers.append(marks.lines([{"x": zero, "x2": zero, "y": 0, "y2": sheet.height}], colour=TRACK,
                              width=1.4))  # fmt: skip
    return [
        *layers,
        *name_rows.figures(said["left"]),
        *name_rows.figures(said["right"], align="right"),
    ]


def _look(values: list[Spec], colour: str, flag: Flag) -> list[Spec]:
    """Return bars: full, an outline for few cases, pale in dashes where modelled."""
    if flag == "few":
        bar = name_rows.boxes(values, colour=SURFACE)
        bar["mark"] |= {"stroke": colour, "strokeWidth": 1.6}
        return [bar]
    if flag == "modelled":
        edges = [
            {"x": v["x"], "x2": v["x2"], "y": v[side], "y2": v[side]}
            for v in values
            for side in ("y", "y2")
        ]
        return [
            name_rows.boxes(values, colour=colour, opacity=estimates.FAINT),
            estimates.dashes(edges, colour=colour),
        ]
    return [name_rows.boxes(values, colour=colour)]
