"""Draw the axes of figures and of time: thin lines at round numbers, and the numbers."""

from collections.abc import Sequence
from math import ceil
from typing import Final

from everycount.charts import marks, wrapping
from everycount.charts.scales import Number, Scale
from everycount.charts.theme import LINE, MUTED, TRACK, Spec

TYPE: Final = 11
SHORT: Final = 2
"""Letters of a unit that stands behind the last number; a longer one has a line of its own."""


def worded(scale: Scale, tick: Number, unit: str = "") -> list[str]:
    r"""Return the numbers of an axis in words, a short unit behind the last.

    Examples
    --------
    >>> worded(Scale(numbers=(0, 50, 100), start=0, end=1), "{:g}".format, "%")
    ['0', '50', '100\xa0%']
    """
    texts = [tick(number) for number in scale.numbers]
    if unit and len(unit) <= SHORT:
        texts[-1] += f"\N{NO-BREAK SPACE}{unit}"
    return texts


def side_room(texts: Sequence[str]) -> int:
    """Return the pixels that numbers beside a drawing take.

    Examples
    --------
    >>> side_room(["0", "100"])
    28
    """
    return ceil(max(wrapping.room(text, size=TYPE) for text in texts)) + 8


def overhang(scale: Scale, texts: Sequence[str], *, inner: float) -> tuple[int, int]:
    """Return the pixels that the first and the last number under a drawing stand out of it.

    Examples
    --------
    >>> overhang(Scale(numbers=(0, 1), start=0, end=90), ["0", "1,000,000"], inner=90)
    (6, 29)
    """
    first, last = (wrapping.room(text, size=TYPE) / 2 + 2 for text in (texts[0], texts[-1]))
    return (
        ceil(max(0.0, first - scale.place(scale.low))),
        ceil(max(0.0, scale.place(scale.high) + last - inner)),
    )


def unit_lines(unit: str, width: float) -> list[str]:
    """Return a unit that is too long to stand behind a number, in lines over the drawing.

    Examples
    --------
    >>> unit_lines("%", 100), unit_lines("years of schooling", 70)
    ([], ['years of', 'schooling'])
    """
    return wrapping.wrap(unit, width, size=TYPE) if len(unit) > SHORT else []


def beside(scale: Scale, texts: Sequence[str], *, width: float) -> list[Spec]:
    """Return level lines across a drawing, with the numbers before them.

    Examples
    --------
    >>> layers = beside(Scale(numbers=(0, 1), start=50, end=0), ["0", "1"], width=90)
    >>> layers[1]["data"]["values"][1]
    {'x': -8, 'y': 0.0, 'text': '1'}
    """
    places = [scale.place(number) for number in scale.numbers]
    return [
        marks.lines([{"x": 0, "x2": width, "y": y, "y2": y} for y in places]),
        marks.texts(
            [{"x": -8, "y": y, "text": text} for y, text in zip(places, texts, strict=True)],
            size=TYPE,
            align="right",
            colour=MUTED,
        ),
    ]


def under(
    scale: Scale, texts: Sequence[str], *, panels: Sequence[tuple[float, float]], above: bool
) -> list[Spec]:
    """Return upright lines through panels, with the numbers under them and perhaps above.

    Where even few numbers are too long to stand beside one another, some have none.

    Examples
    --------
    >>> scale = Scale(numbers=(0, 1), start=0, end=90)
    >>> layers = under(scale, ["0", "1"], panels=[(0, 50)], above=False)
    >>> layers[1]["data"]["values"][1]
    {'x': 90.0, 'y': 61, 'text': '1'}
    """
    places = [scale.place(number) for number in scale.numbers]
    ends = [ceil(panels[-1][1]) + 11, *([-9] if above else [])]
    rules = [{"x": x, "x2": x, "y": top, "y2": foot} for top, foot in panels for x in places]
    zero = [rule for rule in rules if rule["x"] == scale.place(0) and scale.low < 0 <= scale.high]
    kept = _clear(list(zip(places, texts, strict=True)), scale.place(0))
    said = [{"x": x, "y": y, "text": text} for y in ends for x, text in kept]
    layers = [marks.lines(rules, colour=LINE)]
    if zero:
        layers.append(marks.lines(zero, colour=TRACK, width=1.4))
    return [*layers, marks.texts(said, size=TYPE, align="center", colour=MUTED)]


def _clear(entries: Sequence[tuple[float, str]], zero: float) -> list[tuple[float, str]]:
    """Return the numbers that touch no other; the last, zero and the first come before the rest."""
    rank = {entries[0]: 2, **{entry: 1 for entry in entries if entry[0] == zero}, entries[-1]: 0}
    kept: list[tuple[float, str]] = []
    for x, text in sorted(entries, key=lambda entry: rank.get(entry, 3)):
        half = wrapping.room(text, size=TYPE) / 2
        if all(abs(x - at) >= half + wrapping.room(t, size=TYPE) / 2 + 4 for at, t in kept):
            kept.append((x, text))
    return sorted(kept)


def times(
    entries: Sequence[tuple[float, str]], *, y: float, width: float, left: float, right: float
) -> list[Spec]:
    """Return the periods under a drawing, none beyond its margins; short lines at their places.

    Examples
    --------
    >>> layers = times([(0, "2000"), (90, "2020")], y=50, width=90, left=4, right=50)
    >>> [(value["x"], value["text"]) for value in layers[1]["data"]["values"]]
    [(9.2, '2000'), (90, '2020')]
    """
    strokes = [{"x": x, "x2": x, "y": y, "y2": y + 4} for x, _ in entries]
    said = []
    for x, text in entries:
        half = wrapping.room(text, size=TYPE) / 2
        held = round(min(max(x, half - left), width + right - half), 1)
        said.append({"x": held, "y": y + 13, "text": wrapping.isolated(text)})
    return [
        marks.lines(strokes, colour=TRACK),
        marks.texts(said, size=TYPE, align="center", colour=MUTED),
    ]
