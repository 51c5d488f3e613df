"""Draw rows of estimates: a name that wraps, a dot and its interval, the figures after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isnan
from typing import Final

from everycount.charts import estimates, marks, wrapping
from everycount.charts.estimates import Everybody, GroupEstimate, Measure, People
from everycount.charts.row_places import Placed, columns, placed
from everycount.charts.theme import MUTED, SURFACE, Spec, frame

TALL: Final = 360
"""Over this height the axis has its numbers above too."""
BAR: Final = 9
"""Height of an interval: more than that of a dot, which so never hides a short one."""
DOT: Final = 50
"""Size of a dot, in square pixels: 7 across, 8 where it is hollow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of the key and of rows without a figure, in the language of the page."""

    interval: str = "95 % interval"
    """What the interval is, by name."""
    bar: str = "bar: {interval}"
    few: str = "hollow, in brackets: few cases"
    modelled: str = "dashed, e: modelled"
    hidden: str = "not shown"
    none: str = "no figure"
    span: str = "{low} to {high}"
    everybody: str = "{words}: {figure}"


WORDS: Final = Words()


def interval_rows(
    rows: Sequence[GroupEstimate],
    *,
    description: str,
    measure: Measure,
    everybody: Everybody | None,
    people: People,
    words: Words,
    width: int,
    notes: Sequence[str] = (),
    over: str = "",
) -> Spec:
    """Return a row for each estimate: its name, its dot and interval, and the figure.

    Parameters
    ----------
    rows : sequence of GroupEstimate
        At least one.
    description : str
        The chart in a sentence.
    measure : Measure
        What the figures are.
    everybody : Everybody, optional
        Makes a dashed line.
    people : str
        Whom the chart counts, which says shape and colour.
    words : Words
        The key.
    width : int
        CSS pixels.
    notes : sequence of str
        Stand under the names, one for each row; none unless given.
    over : str
        Stands over the chart.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Raises
    ------
    ValueError
        If there are no rows, or a share is not from 0 to 1.

    Examples
    --------
    >>> interval_rows([GroupEstimate(name="Poorest fifth", estimate=0.4)], description="One.",
    ...               measure=Measure(), everybody=None, people="all", words=WORDS, width=328)[
    ...     "height"]
    24
    """
    if not rows:
        raise ValueError("a chart of estimates needs at least one group")
    whole = [] if everybody is None else [(everybody.words, everybody.estimate)]
    estimates.refuse_shares([*((row.name, row.estimate) for row in rows), *whole], measure)
    noted = notes or [""] * len(rows)
    spans = [_span(row, measure, words) for row in rows]
    sheet = placed(rows, noted, columns(rows, noted, spans=spans, measure=measure, width=width))
    shared = sheet.columns
    ends = [value for row in rows for value in (row.estimate, row.low, row.high)]
    count = min(6, max(2, shared.inner // 45))
    domain = estimates.numbers([*ends, *(value for _, value in whole)], measure, count=count)
    key = wrapping.legend(_keys(sheet, everybody, people, measure, words), width=width - 4)
    said = wrapping.wrap(over, width - 8, size=11) if over else []
    above = wrapping.height(len(said), size=11) + (8 if said else 0)
    is_tall = sheet.height > TALL
    top = ceil(above + key.height + (20 if is_tall else 2))
    has_unit = measure.kind == "number" and measure.unit
    outside = frame(
        description=description,
        width=shared.inner,
        height=sheet.height,
        margins=(top, shared.right, 36 if has_unit else 22, shared.left),
    )
    intro = wrapping.block(said, x=2 - shared.left, middle=above / 2 - 1 - top, size=11)
    return outside | {
        "layer": [
            *([marks.texts(intro, size=11, colour=MUTED)] if intro else []),
            *key.layers(left=-shared.left, top=above - top),
            *axis(domain, sheet.panels, measure, inner=shared.inner, is_tall=is_tall),
            *_lines(sheet, domain, everybody, measure),
            *_intervals(sheet, domain, people, measure),
            *_dots(sheet, domain, people, measure),
            *names(sheet),
            *_figures(sheet, measure, words),
        ]
    }


def _span(row: GroupEstimate, measure: Measure, words: Words) -> str:
    """Return an interval in words, or nothing."""
    if not row.is_shown or isnan(row.low) or isnan(row.high):
        return ""
    return measure.span(row.low, row.high, words.span)


def _keys(
    sheet: Placed,
    everybody: Everybody | None,
    people: People,
    measure: Measure,
    words: Words,
) -> list[marks.Key]:
    """Return what the marks mean, those that there are."""
    shape, colour = estimates.LOOKS[people]
    flags = {row.flag for row, _ in sheet.shown}
    keys = []
    if any(row.flag != "modelled" for row, _ in sheet.with_interval):
        told = words.bar.format(interval=words.interval)
        keys.append(marks.Key(words=told, shape=marks.BAR, colour=colour, size=170, opacity=0.45))
    if everybody is not None:
        figure = measure.number(everybody.estimate) + measure.sign
        told = words.everybody.format(words=everybody.words, figure=figure)
        keys.append(marks.Key(words=told, shape=estimates.DASHES, colour=MUTED, size=100))
    if "few" in flags:
        keys.append(marks.Key(words=words.few, shape=shape, colour=colour, size=60, hollow=True))
    if "modelled" in flags:
        dashed = estimates.LEVEL_DASHES
        keys.append(marks.Key(words=words.modelled, shape=dashed, colour=colour, size=170))
    return keys


def axis(
    numbers: Sequence[float],
    panels: Sequence[tuple[float, float]],
    measure: Measure,
    *,
    inner: int,
    is_tall: bool,
    domain: Sequence[float] | None = None,
) -> list[Spec]:
    """Return lines through each panel at round numbers, and the numbers at the ends.

    The axis runs from the first number to the last unless its domain is given.

    Examples
    --------
    >>> layers = axis([0, 50, 100], [(0, 48)], Measure(), inner=100, is_tall=False)
    >>> [number["text"] for number in layers[1]["data"]["values"]]
    ['0', '50', '100 %']
    """
    ends = domain or numbers
    places = [(estimates.place(number, ends, inner), number) for number in numbers]
    height = ceil(panels[-1][1])
    last = " %" if measure.kind == "share" else ""
    values = [
        {"x": x, "y": y, "text": measure.tick(number) + (last if number == numbers[-1] else "")}
        for y in ([height + 11, -9] if is_tall else [height + 11])
        for x, number in places
    ]
    lines = [{"x": x, "x2": x, "y": top, "y2": bottom} for top, bottom in panels for x, _ in places]
    layers = [marks.lines(lines), marks.texts(values, size=11, align="center", colour=MUTED)]
    if measure.kind == "number" and measure.unit:
        unit = {"x": inner, "y": height + 26, "text": wrapping.isolated(measure.unit)}
        layers.append(marks.texts([unit], size=11, align="right", colour=MUTED))
    return layers


def _lines(
    sheet: Placed, domain: Sequence[float], everybody: Everybody | None, measure: Measure
) -> list[Spec]:
    """Return a thin line for each dot to lie on, and the dashed one for everybody."""
    inner = sheet.columns.inner
    guides = [{"x": 0, "x2": inner, "y": y, "y2": y} for _, y in sheet.shown]
    layers = [marks.lines(guides, width=0.5)] if guides else []
    if everybody is not None:
        x = estimates.place(measure.factor * everybody.estimate, domain, inner)
        layers.append(
            estimates.dashes(
                [{"x": x, "x2": x, "y": top, "y2": bottom} for top, bottom in sheet.panels]
            )
        )
    return layers


def _intervals(
    sheet: Placed, domain: Sequence[float], people: People, measure: Measure
) -> list[Spec]:
    """Return the intervals, those of modelled figures dashed."""
    _, colour = estimates.LOOKS[people]
    solid, dashed = [], []
    for row, y in sheet.with_interval:
        low, high = (estimates.within(measure.factor * end, domain) for end in (row.low, row.high))
        if row.flag == "modelled":
            ends = [estimates.place(end, domain, sheet.columns.inner) for end in (low, high)]
            dashed.append({"x": ends[0], "x2": ends[1], "y": y, "y2": y})
        else:
            solid.append({"low": low, "high": high, "y": y})
    layers = []
    if solid:
        layers.append(marks.spans(solid, domain, colour=colour, width=BAR, opacity=0.35))
    if dashed:
        layers.append(estimates.dashes(dashed, colour=colour, width=BAR, opacity=0.5))
    return layers


def _dots(sheet: Placed, domain: Sequence[float], people: People, measure: Measure) -> list[Spec]:
    """Return the dots, those of few cases hollow."""
    shape, colour = estimates.LOOKS[people]
    layers = []
    for is_few in (False, True):
        values = [
            {"value": measure.factor * row.estimate, "y": y}
            for row, y in sheet.shown
            if (row.flag == "few") is is_few
        ]
        look = marks.Key(words="", shape=shape, colour=colour, hollow=is_few, size=DOT)
        if values:
            layers.append(marks.points(values, domain, look))
    return layers


def names(sheet: Placed) -> list[Spec]:
    """Return headings, and names with their notes; above a row on a ground that hides the axis."""
    side = "left" if sheet.columns.is_above else "right"
    layers = []
    if sheet.columns.is_above:
        lines = [*((line, 12) for line in sheet.names), *((line, 11) for line in sheet.notes)]
        layers.append(_ground(lines))
    layers.append(marks.texts(sheet.names, align=side))
    if sheet.notes:
        layers.append(marks.texts(sheet.notes, size=11, align=side, colour=MUTED))
    if sheet.headings:
        layers.append(marks.texts(sheet.headings, bold=True))
    return layers


def _ground(lines: Sequence[tuple[Spec, int]]) -> Spec:
    """Return the paper under words at the left, with their size, so that no line runs through."""
    values = [
        {"x": line["x"], "x2": round(line["x"] + room + 3, 1), "y": line["y"], "y2": line["y"]}
        for line, size in lines
        for room in [wrapping.room(line["text"], size=size)]
    ]
    return marks.lines(values, colour=SURFACE, width=16)


def _figures(sheet: Placed, measure: Measure, words: Words) -> list[Spec]:
    """Return figures and intervals after the rows, and words where there is no figure."""
    shared = sheet.columns
    x = shared.inner + shared.figures
    figures = [
        {"x": x, "y": y, "text": measure.told(row.estimate, row.flag)} for row, y in sheet.shown
    ]
    spans = [
        {"x": shared.inner + shared.right - 2, "y": y, "text": _span(row, measure, words)}
        for row, y in sheet.with_interval
    ]
    untold = [
        {"x": 4, "y": y, "text": wrapping.isolated(told)}
        for row, y in zip(sheet.rows, sheet.middles, strict=True)
        if not row.is_shown
        for told in [words.hidden if row.flag == "hidden" else words.none]
    ]
    layers = []
    if figures:
        layers.append(marks.texts(figures, align="right", bold=True))
    if spans and shared.has_spans:
        layers.append(marks.texts(spans, size=11, align="right", colour=MUTED))
    if untold:
        layers.append(_ground([(line, 11) for line in untold]))
        layers.append(marks.texts(untold, size=11, colour=MUTED))
    return layers
