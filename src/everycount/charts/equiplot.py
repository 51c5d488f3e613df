"""Show inequality as an equiplot: a line for each outcome, a dot for each group in its order."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

from everycount.charts import estimates, marks, wrapping
from everycount.charts.equiplot_labels import Labels, labels
from everycount.charts.estimates import SHARE, GroupEstimate, Measure
from everycount.charts.interval_rows import TALL, axis, names
from everycount.charts.row_places import Placed, columns, placed
from everycount.charts.theme import STEPS, SURFACE, TRACK, Spec, frame
from everycount.survey.group_figures import Flag

SHAPES: Final = (
    "circle",
    "triangle-up",
    "square",
    "diamond",
    "triangle-down",
    "cross",
    "triangle-right",
)
"""Of the groups from first to last, so that a dot is known without its colour."""
DOT: Final = 90
"""Size of a dot in square pixels."""
RADIUS: Final = 6
"""What a dot takes on either side, in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One outcome or category: the estimates of its groups, in the order of the groups."""

    name: str
    """What the line is called."""
    figures: tuple[float, ...]
    """NaN where there is no figure, and where it is hidden."""
    flags: tuple[Flag, ...] = ()
    """One for each group; none unless given."""

    def __post_init__(self) -> None:
        if self.flags and len(self.flags) != len(self.figures):
            raise ValueError(
                f"{self.name}: found {len(self.flags)} flags for {len(self.figures)} figures"
            )
        for number, figure in enumerate(self.figures):
            estimates.refuse_untold(self.name, self.flag(number), (figure,))

    def flag(self, number: int) -> Flag:
        """Return the flag of a group."""
        return self.flags[number] if self.flags else ""

    @property
    def shown(self) -> list[int]:
        """Numbers of the groups with a figure, from lowest to highest."""
        known = [number for number, figure in enumerate(self.figures) if not isnan(figure)]
        return sorted(known, key=lambda number: self.figures[number])


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    few: str = "hollow, in brackets: few cases"
    modelled: str = "e: modelled"
    hidden: str = "not shown: {groups}"
    none: str = "no figure: {groups}"
    between: str = ", "
    """Between groups that have no dot."""


WORDS: Final = Words()


def equiplot(
    lines: Sequence[Line],
    groups: Sequence[str],
    *,
    title: str,
    measure: Measure = SHARE,
    words: Words = WORDS,
    description: str | None = None,
    width: int = 614,
) -> Spec:
    """Return a line for each outcome with a dot for each group, from the lowest to the highest.

    Groups have steps of one colour and shapes of their own, and stand by name over the first line;
    if it lacks one of them, or there is no room, in a key. The lowest and the highest figure stand
    at the ends of a line.

    Parameters
    ----------
    lines : sequence of Line
        In the order to show.
    groups : sequence of str
        In their order, as from the poorest fifth to the richest; 2 to 7.
    title : str
        What the chart is of. It opens the description and is not drawn: a caption says it.
    measure : Measure
        What the figures are and how they are printed; shares unless given.
    words : Words
        Words in the chart.
    description : str, optional
        The chart in a sentence; `alt` unless given.
    width : int
        CSS pixels, 300 and more. Names are wrapped and never cut; on a narrow chart long ones
        stand above their lines.

    Returns
    -------
    dict
        A Vega-Lite specification. Intervals are in the table: five on a line would hide the dots.

    Raises
    ------
    ValueError
        If there are no lines, fewer than 2 groups or more than 7, a line has another number of
        figures, or a share is not from 0 to 1.

    References
    ----------
    International Center for Equity in Health, Pelotas: equiplots.

    Examples
    --------
    >>> line = Line(name="Electricity", figures=(0.004, 0.21, 0.88))
    >>> equiplot([line], ["Poorest third", "Middle", "Richest third"], title="Households")["height"]
    52
    """
    _check(lines, groups, measure)
    rows = [GroupEstimate(name=line.name) for line in lines]
    notes = [_untold(line, groups, words) for line in lines]
    shared = columns(rows, notes, spans=[""], measure=measure, width=width)
    figures = [figure for line in lines for figure in line.figures]
    numbers = estimates.numbers(figures, measure, count=min(6, max(2, shared.inner // 55)))
    domain = _wider(numbers, lines, measure, shared.inner)
    over = _labels(lines[0], groups, domain, measure, width=width, left=shared.left)
    free = over.height if over else 0
    sheet = placed(rows, notes, shared, free=free)
    keys = [*([] if over else _groups(groups)), *_keys(lines, words)]
    key = wrapping.legend(keys, width=width - 4)
    is_tall = sheet.height > TALL and not over
    top = key.height + (20 if is_tall else 2)
    has_unit = measure.kind == "number" and measure.unit
    outside = frame(
        description=description or alt(lines, groups, title=title, measure=measure),
        width=shared.inner,
        height=sheet.height,
        margins=(top, shared.right, 36 if has_unit else 22, shared.left),
    )
    return outside | {
        "layer": [
            *_key_layers(key.layers(left=-shared.left, top=-top), 0 if over else len(groups)),
            *axis(
                numbers, sheet.panels, measure, inner=shared.inner, is_tall=is_tall, domain=domain
            ),
            *_spans(lines, sheet, domain, measure),
            *(over.layers(dot=sheet.middles[0] - RADIUS) if over else []),
            *_dots(lines, len(groups), sheet, domain, measure),
            *_ends(lines, sheet, domain, measure),
            *names(sheet),
        ]
    }


def _check(lines: Sequence[Line], groups: Sequence[str], measure: Measure) -> None:
    if not lines:
        raise ValueError("an equiplot needs at least one line")
    if not 2 <= len(groups) <= len(SHAPES):
        raise ValueError(f"an equiplot of {len(groups)} groups: expected 2 to {len(SHAPES)}")
    for line in lines:
        if len(line.figures) != len(groups):
            raise ValueError(
                f"{line.name}: found {len(line.figures)} figures, expected {len(groups)}, one for "
                "each group"
            )
        estimates.refuse_shares(((line.name, figure) for figure in line.figures), measure)


def _untold(line: Line, groups: Sequence[str], words: Words) -> str:
    """Return which groups of a line have no dot, in words."""
    phrases = []
    for phrase, is_hidden in ((words.hidden, True), (words.none, False)):
        missing = [
            group
            for number, group in enumerate(groups)
            if isnan(line.figures[number]) and (line.flag(number) == "hidden") is is_hidden
        ]
        if missing:
            phrases.append(phrase.format(groups=words.between.join(missing)))
    return "; ".join(phrases)


def _wider(
    numbers: Sequence[float], lines: Sequence[Line], measure: Measure, inner: int
) -> tuple[float, float]:
    """Return the axis with room at both ends, for a figure beside the last dot."""
    told = [
        measure.told(line.figures[number], line.flag(number))
        for line in lines
        for number in line.shown
    ]
    room = max((wrapping.room(text) for text in told), default=0) + RADIUS + 4
    more = (numbers[-1] - numbers[0]) * room / (inner - 2 * room)
    return numbers[0] - more, numbers[-1] + more


def _labels(
    first: Line,
    groups: Sequence[str],
    domain: Sequence[float],
    measure: Measure,
    *,
    width: int,
    left: int,
) -> Labels | None:
    """Return the names of the groups over the dots of the first line, if all are there and fit."""
    inner = width - left - 16
    if len(first.shown) < len(groups):
        return None
    dots = [estimates.place(measure.factor * figure, domain, inner) for figure in first.figures]
    return labels(groups, dots, low=2 - left, high=width - left - 2)


def _look(number: int, count: int, *, is_few: bool = False) -> Spec:
    """Return the mark of a group: its shape, and its step of colour in an outline."""
    step = STEPS[round(number * (len(STEPS) - 1) / (count - 1))]
    return {
        "type": "point",
        "shape": SHAPES[number],
        "size": DOT,
        "opacity": 1,
        "fill": SURFACE if is_few else step,
        "stroke": STEPS[-1],
        "strokeWidth": 1.6 if is_few else 1,
    }


def _groups(groups: Sequence[str]) -> list[marks.Key]:
    return [marks.Key(words=group, shape=SHAPES[number]) for number, group in enumerate(groups)]


def _keys(lines: Sequence[Line], words: Words) -> list[marks.Key]:
    """Return what flags mean, those that there are; a modelled dot has a letter and no mark."""
    flags = {line.flag(number) for line in lines for number in line.shown}
    few = marks.Key(words=words.few, shape="circle", colour=STEPS[-1], size=60, hollow=True)
    modelled = marks.Key(words=words.modelled, shape="")
    return [key for flag, key in (("few", few), ("modelled", modelled)) if flag in flags]


def _key_layers(layers: list[Spec], count: int) -> list[Spec]:
    """Return a key whose first marks look as the dots of their groups do."""
    marked = [layer | {"mark": _look(k, count)} for k, layer in enumerate(layers[:count])]
    return [*marked, *layers[count:]]


def _spans(
    lines: Sequence[Line], sheet: Placed, domain: Sequence[float], measure: Measure
) -> list[Spec]:
    """Return a thin line for each row, and a strong one from its lowest to its highest dot."""
    inner = sheet.columns.inner
    placed_lines = [pair for pair in zip(lines, sheet.middles, strict=True) if pair[0].shown]
    guides = [{"x": 0, "x2": inner, "y": y, "y2": y} for _, y in placed_lines]
    values = [
        {
            "low": measure.factor * line.figures[line.shown[0]],
            "high": measure.factor * line.figures[line.shown[-1]],
            "y": y,
        }
        for line, y in placed_lines
    ]
    if not values:
        return []
    return [
        marks.lines(guides, width=0.5),
        marks.spans(values, domain, colour=TRACK, width=4),
    ]


def _dots(
    lines: Sequence[Line], count: int, sheet: Placed, domain: Sequence[float], measure: Measure
) -> list[Spec]:
    """Return the dots of each group, those of few cases hollow, an e over those modelled."""
    layers = []
    letters = []
    for number in range(count):
        found: dict[bool, list[Spec]] = {False: [], True: []}
        for line, y in zip(lines, sheet.middles, strict=True):
            if number not in line.shown:
                continue
            value = measure.factor * line.figures[number]
            found[line.flag(number) == "few"].append({"value": value, "y": y})
            if line.flag(number) == "modelled":
                x = estimates.place(value, domain, sheet.columns.inner)
                letters.append({"x": x, "y": round(y - RADIUS - 4, 1), "text": "e"})
        for is_few, values in found.items():
            look = {"mark": _look(number, count, is_few=is_few)}
            if values:
                layers.append(marks.points(values, domain, marks.Key(words="", shape="")) | look)
    return [*layers, *([marks.texts(letters, size=10, align="center")] if letters else [])]


def _ends(
    lines: Sequence[Line], sheet: Placed, domain: Sequence[float], measure: Measure
) -> list[Spec]:
    """Return the lowest figure before its dot and the highest after it."""
    lowest: list[Spec] = []
    highest: list[Spec] = []
    for line, y in zip(lines, sheet.middles, strict=True):
        for end, shown in ((lowest, line.shown[:-1][:1]), (highest, line.shown[-1:])):
            for number in shown:
                value, flag = line.figures[number], line.flag(number)
                x = estimates.place(measure.factor * value, domain, sheet.columns.inner)
                apart = RADIUS + 3 if end is highest else -RADIUS - 3
                text = measure.told(value, flag)
                end.append({"x": round(x + apart, 1), "y": y, "text": text})
    ends = ((lowest, "right"), (highest, "left"))
    return [marks.texts(values, size=11, align=side) for values, side in ends if values]


def alt(
    lines: Sequence[Line], groups: Sequence[str], *, title: str, measure: Measure = SHARE
) -> str:
    """Return the finding in English: where groups are furthest apart, and where closest.

    Examples
    --------
    >>> lines = [Line(name="Electricity", figures=(0.004, 0.881)),
    ...          Line(name="Vaccinated", figures=(0.61, 0.74))]
    >>> alt(lines, ["Poorest half", "Richest half"], title="Households")
    'Households. 2 lines of 2 groups from Poorest half to Richest half. Furthest apart: Electricity,
    from 0.4 % (Poorest half) to 88.1 % (Richest half). Closest: Vaccinated, from 61.0 % (Poorest
    half) to 74.0 % (Richest half).'
    """
    count = f"{len(lines):,} line{'' if len(lines) == 1 else 's'}"
    sentences = [title, f"{count} of {len(groups)} groups from {groups[0]} to {groups[-1]}"]
    compared = [line for line in lines if len(line.shown) > 1]
    ordered = sorted(compared, key=_apart, reverse=True)
    kinds = {"Furthest apart": ordered[:1], "Closest": ordered[1:][-1:]}
    for kind, found in kinds.items():
        for line in found:
            ends = [
                f"{measure.number(line.figures[k])}{measure.sign} ({groups[k]})"
                for k in (line.shown[0], line.shown[-1])
            ]
            sentences.append(f"{kind}: {line.name}, from {ends[0]} to {ends[1]}")
    flags = [line.flag(number) for line in lines for number in range(len(groups))]
    kinds_of_flag = {"few": "few cases", "modelled": "modelled", "hidden": "not shown"}
    flagged = [f"{flags.count(f)} {words}" for f, words in kinds_of_flag.items() if f in flags]
    if flagged:
        sentences.append(f"Of the figures: {', '.join(flagged)}")
    return ". ".join(sentences) + "."


def _apart(line: Line) -> float:
    return line.figures[line.shown[-1]] - line.figures[line.shown[0]]
