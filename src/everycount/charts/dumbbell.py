"""Show women and men, or two dates, as two marks on one line: a dumbbell for each row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isnan, nan
from typing import Final, Literal

from everycount.charts import axes, estimates, marks, name_rows, scales, targets, wrapping
from everycount.charts.row_places import Placed
from everycount.charts.scales import Number, Scale
from everycount.charts.targets import Target
from everycount.charts.theme import BAND, FOCUS, MEN, MUTED, OTHER, TRACK, WOMEN, Spec, frame
from everycount.survey.group_figures import Flag

__all__ = ["Pair", "Target", "Words", "dumbbell", "in_order"]

Kinds = Literal["sexes", "dates"]

LOOKS: Final[dict[Kinds, tuple[marks.Key, marks.Key]]] = {
    "sexes": (
        marks.Key(words="", shape="circle", colour=WOMEN, size=84),
        marks.Key(words="", shape="diamond", colour=MEN, size=84),
    ),
    "dates": (
        marks.Key(words="", shape="square", colour=OTHER, size=60),
        marks.Key(words="", shape="circle", colour=FOCUS, size=84),
    ),
}
"""Women and men, and the earlier and the later date; each known without its colour."""
RADIUS: Final = 6
APART: Final = 10
"""Pixels between the two labels over the first row."""
LABELLED: Final = 18
"""Pixels over the first row for its labels."""
LEAST: Final = 40
"""Least width of the drawing, however long the numbers beside its marks are."""
TALL: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two figures of one area or group."""

    name: str
    first: float = nan
    """Of women, or of the earlier date; NaN where there is none, and where it is hidden."""
    second: float = nan
    """Of men, or of the later date."""
    flags: tuple[Flag, Flag] = ("", "")
    gap: float | None = None
    """What rows are sorted by; the second figure less the first unless given."""
    note: str = ""
    """Stands under the name, such as a year."""

    def __post_init__(self) -> None:
        for figure, flag in zip(self.figures, self.flags, strict=True):
            estimates.refuse_untold(self.name, flag, (figure,))

    @property
    def figures(self) -> tuple[float, float]:
        """Both."""
        return (self.first, self.second)

    @property
    def apart(self) -> float:
        """What rows are sorted by; NaN where a figure is missing."""
        return self.second - self.first if self.gap is None else self.gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the chart, in the language of the page."""

    first: str = "Women"
    second: str = "Men"
    one: str = "no figure: {kind}"
    """Where one of the two is missing."""
    one_hidden: str = "not shown: {kind}"
    none: str = "no figure"
    hidden: str = "not shown"
    few: str = "hollow, in brackets: few cases"
    modelled: str = "e: modelled"


WORDS: Final = Words()


def in_order(rows: Sequence[Pair]) -> list[Pair]:
    """Return rows by gap, largest first, for the table beside the chart; those without last.

    Examples
    --------
    >>> rows = [Pair(name="A", first=1), Pair(name="B", first=1, second=2),
    ...         Pair(name="C", first=1, second=4)]
    >>> [row.name for row in in_order(rows)]
    ['C', 'B', 'A']
    """
    known = [row for row in rows if not isnan(row.apart)]
    ordered = sorted(known, key=lambda row: row.apart, reverse=True)
    half = [row for row in rows if isnan(row.apart) and not all(map(isnan, row.figures))]
    return [*ordered, *half, *(row for row in rows if all(map(isnan, row.figures)))]


def dumbbell(
    rows: Sequence[Pair],
    *,
    description: str,
    number: Number,
    tick: Number | None = None,
    unit: str = "",
    kinds: Kinds = "sexes",
    target: Target | None = None,
    words: Words = WORDS,
    width: int = 720,
) -> Spec:
    """Return two marks a row and a line between them, by gap, the first pair labelled.

    Parameters
    ----------
    rows : sequence of Pair
        Areas or groups, up to about 40.
    description : str
        The chart in a sentence.
    number : callable
        Words a figure; both stand beside their marks.
    tick : callable, optional
        Words a number of the axis; `number` unless given.
    unit : str
        Behind the last number of the axis if it is a sign, over the axis if it is a word.
    kinds : {"sexes", "dates"}
        What the two are, which says shapes and colours.
    target : Target, optional
        A pale band or a line, named under the key.
    words : Words
        Words in the chart.
    width : int
        CSS pixels, 300 and more. Names are wrapped and never cut.

    Returns
    -------
    dict
        A Vega-Lite specification. The axis holds zero where this is near.

    Raises
    ------
    ValueError
        If there are no rows.

    References
    ----------
    Everycount design brief, section 5.

    Examples
    --------
    >>> rows = [Pair(name="Cambodia", first=35.5, second=39.2)]
    >>> dumbbell(rows, description="Women 35.5, men 39.2.", number="{:.1f}".format)["height"]
    42
    """
    if not rows:
        raise ValueError("a dumbbell chart needs at least one row")
    ordered = in_order(rows)
    tick = tick or number
    sheet, axis, texts = _sheet(ordered, target, number=number, tick=tick, unit=unit, words=words,
                                width=width)  # fmt: skip
    shared = sheet.columns
    labels = _labels(ordered[0], sheet, axis, kinds, words)
    key = wrapping.legend(_keys(ordered, kinds, words, target, labelled=bool(labels)),
                          width=width - 4)  # fmt: skip
    units = axes.unit_lines(unit, width - 8)
    above = wrapping.height(len(units), size=11) + (6 if units else 0)
    is_tall = sheet.height > TALL
    top = round(key.height + above + (18 if is_tall else 2))
    outside = frame(
        description=description,
        width=shared.inner,
        height=sheet.height,
        margins=(top, shared.right, 22, shared.left),
    )
    middle = -above / 2 - (18 if is_tall else 2)
    intro = wrapping.block(units, x=2 - shared.left, middle=middle, size=11)
    band = [] if target is None else [targets.upright(target, axis, height=sheet.height)]
    return outside | {
        "layer": [
            *key.layers(left=-shared.left, top=-top),
            *([marks.texts(intro, size=11, colour=MUTED)] if intro else []),
            *band,
            *axes.under(axis, texts, panels=sheet.panels, above=is_tall),
            *_marks(ordered, sheet, axis, LOOKS[kinds], number),
            *_figures(ordered, sheet, axis, LOOKS[kinds], number),
            *labels,
            *name_rows.untold(_untold(ordered, sheet, words), inner=shared.inner),
            *name_rows.named(sheet),
        ]
    }


def _sheet(
    rows: Sequence[Pair],
    target: Target | None,
    *,
    number: Number,
    tick: Number,
    unit: str,
    words: Words,
    width: int,
) -> tuple[Placed, Scale, list[str]]:
    """Return where rows stand, and an axis with room for a number on either side of a mark."""
    notes = [_note(row, words) for row in rows]
    told = [
        _told(figure, flag, number)
        for row in rows
        for figure, flag in zip(row.figures, row.flags, strict=True)
        if not isnan(figure)
    ]
    room = max((wrapping.room(text, size=11) for text in told), default=0.0) + RADIUS + 4
    ends = [figure for row in rows for figure in row.figures if not isnan(figure)]
    ends += target.ends if target else ()

    right = 14
    while True:
        sheet = name_rows.rows([row.name for row in rows], notes, right=right, width=width,
                               free=LABELLED)  # fmt: skip
        inner = sheet.columns.inner
        end = round(max(inner - room, room + LEAST), 1)
        axis = scales.fewer(
            partial(scales.for_lines, ends, round(room, 1), end),
            lambda value: f"{tick(value)} {unit[:2]}",
        )
        texts = axes.worded(axis, tick, unit)
        _, out = axes.overhang(axis, texts, inner=inner)
        if out <= right or right >= width / 4:
            return sheet, axis, texts
        right = min(out, width // 4)


def _note(row: Pair, words: Words) -> str:
    """Return what stands under a name: its note, and which of two figures is missing."""
    parts = [row.note] if row.note else []
    kinds = zip(row.figures, row.flags, (words.first, words.second), strict=True)
    missing = [(flag, kind) for figure, flag, kind in kinds if isnan(figure)]
    if len(missing) == 1:
        flag, kind = missing[0]
        said = words.one_hidden if flag == "hidden" else words.one
        parts.append(said.format(kind=kind))
    return "; ".join(parts)


def _told(figure: float, flag: Flag, number: Number) -> str:
    """Return a figure with what its flag adds."""
    text = number(figure)
    return {"few": f"({text})", "modelled": f"{text} e"}.get(flag, text)


def _untold(rows: Sequence[Pair], sheet: Placed, words: Words) -> list[tuple[float, str, bool]]:
    """Return middle and words of each row without any figure, and whether it is hatched."""
    return [
        (y, words.hidden if "hidden" in row.flags else words.none, "hidden" not in row.flags)
        for row, y in zip(rows, sheet.middles, strict=True)
        if all(map(isnan, row.figures))
    ]


def _keys(
    rows: Sequence[Pair], kinds: Kinds, words: Words, target: Target | None, *, labelled: bool
) -> list[marks.Key]:
    """Return what marks mean, those that there are; the two kinds unless the first row says so."""
    flags = {
        flag
        for row in rows
        for figure, flag in zip(row.figures, row.flags, strict=True)
        if not isnan(figure)
    }
    keys = []
    if not labelled:
        for look, name in zip(LOOKS[kinds], (words.first, words.second), strict=True):
            keys.append(marks.Key(words=name, shape=look.shape, colour=look.colour, size=look.size))
    if target is not None:
        keys.append(marks.Key(words=target.words, shape="square", colour=BAND, size=150))
    if "few" in flags:
        keys.append(marks.Key(words=words.few, shape="circle", colour=OTHER, hollow=True))
    if "modelled" in flags:
        keys.append(marks.Key(words=words.modelled, shape=""))
    return keys


def _labels(row: Pair, sheet: Placed, axis: Scale, kinds: Kinds, words: Words) -> list[Spec]:
    """Return the names of both marks over the first row; nothing if it lacks one of them."""
    if any(map(isnan, row.figures)):
        return []
    entries = sorted(
        (axis.place(figure), name, look.colour)
        for figure, name, look in zip(
            row.figures, (words.first, words.second), LOOKS[kinds], strict=True
        )
    )
    takes = [wrapping.room(name, size=11, bold=True) for _, name, _ in entries]
    edges = (6 - sheet.columns.left, sheet.columns.inner + sheet.columns.right - 4)
    if sum(takes) + APART > edges[1] - edges[0]:
        return []
    low, high = entries[0][0] - takes[0] / 2, entries[1][0] + takes[1] / 2
    if low + takes[0] + APART > high - takes[1]:
        middle = (entries[0][0] + entries[1][0]) / 2
        low, high = middle - APART / 2 - takes[0], middle + APART / 2 + takes[1]
    shift = max(edges[0] - low, 0.0) - max(high - edges[1], 0.0)
    y = round(sheet.middles[0] - RADIUS - 11, 1)
    starts = (low + shift, high + shift - takes[1])
    return [
        marks.texts([{"x": round(x, 1), "y": y, "text": wrapping.isolated(name)}], size=11,
                    colour=colour, bold=True)
        for x, (_, name, colour) in zip(starts, entries, strict=True)
    ]  # fmt: skip


def _marks(
    rows: Sequence[Pair],
    sheet: Placed,
    axis: Scale,
    looks: tuple[marks.Key, marks.Key],
    number: Number,
) -> list[Spec]:
    """Return the line of each pair, and the marks of each kind, hollow for few cases."""
    spans = [
        {"x": axis.place(row.first), "x2": axis.place(row.second), "y": y, "y2": y}
        for row, y in zip(rows, sheet.middles, strict=True)
        if not any(map(isnan, row.figures))
    ]
    layers = [marks.lines(spans, colour=TRACK, width=4)] if spans else []
    for number_of_kind in (1, 0):
        look = looks[number_of_kind]
        found: dict[bool, list[Spec]] = {False: [], True: []}
        for row, y in zip(rows, sheet.middles, strict=True):
            figure = row.figures[number_of_kind]
            if isnan(figure):
                continue
            found[row.flags[number_of_kind] == "few"].append(
                {"x": axis.place(figure), "y": y, "name": row.name, "figure": number(figure)}
            )
        for is_few, values in found.items():
            shown = marks.Key(words="", shape=look.shape, colour=look.colour, hollow=is_few,
                              size=look.size)  # fmt: skip
            if values:
                layers.append(marks.marks(values, shown))
    return layers


def _figures(
    rows: Sequence[Pair],
    sheet: Placed,
    axis: Scale,
    looks: tuple[marks.Key, marks.Key],
    number: Number,
) -> list[Spec]:
    """Return the lower figure before its mark and the higher after it, in the mark's colour."""
    said: dict[tuple[str, str], list[Spec]] = {}
    for row, y in zip(rows, sheet.middles, strict=True):
        known = sorted(
            (figure, flag, look.colour)
            for figure, flag, look in zip(row.figures, row.flags, looks, strict=True)
            if not isnan(figure)
        )
        for place, (figure, flag, colour) in enumerate(known):
            is_after = place == len(known) - 1
            x = axis.place(figure) + (RADIUS + 3 if is_after else -RADIUS - 3)
            said.setdefault(("left" if is_after else "right", colour), []).append(
                {"x": round(x, 1), "y": y, "text": _told(figure, flag, number)}
            )
    return [
        marks.texts(values, size=11, align=side, colour=colour)
        for (side, colour), values in said.items()
    ]
