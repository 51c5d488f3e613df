"""Layers of a chart: words, lines, intervals, dots, the numbers of an axis, and a key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from everycount.charts.fitting import room
from everycount.charts.theme import FOCUS, INK, LINE, MUTED, SURFACE, Spec

Values = Sequence[Mapping[str, Any]]

BAR: Final = "M-1,-.4h2v.8h-2z"
"""A level bar, for keys."""
TICK: Final = "M-.22,-1.1h.44v2.2h-.44z"
"""An upright line that does not depend on the width of strokes."""
PLACE: Final[Spec] = {"type": "quantitative", "scale": None, "axis": None}
"""A position in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What one mark means."""

    words: str
    shape: str
    colour: str = FOCUS
    hollow: bool = False
    size: int = 60
    opacity: float = 1.0


def scale(domain: Sequence[float]) -> Spec:
    """Return a linear scale from end to end of the drawing."""
    return {"domain": [domain[0], domain[-1]], "nice": False, "zero": False}


def at(field: str, domain: Sequence[float]) -> Spec:
    """Return the position of a figure on the axis; the axis itself is drawn by `axis`."""
    return {"field": field, "type": "quantitative", "scale": scale(domain), "axis": None}


def texts(
    values: Values, *, size: int = 12, align: str = "left", colour: str = INK, bold: bool = False
) -> Spec:
    """Return words at places in pixels: fields x, y and text."""
    mark = {"type": "text", "align": align, "baseline": "middle", "fontSize": size, "color": colour}
    return {
        "data": {"values": list(values)},
        "mark": mark | ({"fontWeight": "bold"} if bold else {}),
        "encoding": {
            "x": PLACE | {"field": "x"},
            "y": PLACE | {"field": "y"},
            "text": {"field": "text", "type": "nominal"},
        },
    }


def lines(values: Values, *, colour: str = LINE, width: float = 1) -> Spec:
    """Return straight lines between places in pixels: fields x, y, x2 and y2."""
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rule", "color": colour, "strokeWidth": width},
        "encoding": {
            "x": PLACE | {"field": "x"},
            "y": PLACE | {"field": "y"},
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
        },
    }


def spans(
    values: Values, domain: Sequence[float], *, colour: str, width: float, opacity: float = 1
) -> Spec:
    """Return level lines from `low` to `high` on the axis, at y in pixels."""
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rule", "color": colour, "strokeWidth": width, "opacity": opacity},
        "encoding": {
            "x": at("low", domain),
            "x2": {"field": "high"},
            "y": PLACE | {"field": "y"},
        },
    }


def marks(values: Values, key: Key) -> Spec:
    """Return the mark of a key at places in pixels: fields x and y."""
    return {
        "data": {"values": list(values)},
        "mark": _point(key),
        "encoding": {"x": PLACE | {"field": "x"}, "y": PLACE | {"field": "y"}},
    }


def points(values: Values, domain: Sequence[float], key: Key) -> Spec:
    """Return the mark of a key at `value` on the axis, at y in pixels."""
    return {
        "data": {"values": list(values)},
        "mark": _point(key),
        "encoding": {"x": at("value", domain), "y": PLACE | {"field": "y"}},
    }


def _point(key: Key) -> Spec:
    look: Spec = {"type": "point", "shape": key.shape, "size": key.size, "opacity": key.opacity}
    if key.hollow:
        return look | {"fill": SURFACE, "stroke": key.colour, "strokeWidth": 1.6}
    return look | {"filled": True, "color": key.colour}


def axis(
    numbers: Sequence[float],
    domain: Sequence[float],
    *,
    width: int,
    height: int,
    top: bool = False,
    size: int = 11,
    form: str = "{:g}",
) -> list[Spec]:
    """Return lines across the drawing at round numbers, and the numbers under (and over) it."""
    span = domain[-1] - domain[0]
    places = [
        (round(width * (number - domain[0]) / span, 1), form.format(number).replace("-", "−"))
        for number in numbers
    ]
    ends = (height + 11, -11) if top else (height + 11,)
    return [
        lines([{"x": x, "x2": x, "y": 0, "y2": height} for x, _ in places]),
        texts(
            [{"x": x, "y": y, "text": text} for y in ends for x, text in places],
            size=size,
            align="center",
            colour=MUTED,
        ),
    ]


def key_height(keys: Sequence[Key], *, width: float) -> int:
    """Return how many pixels a key takes above a drawing."""
    return 18 * (1 + max(line for line, _ in _flow(keys, width))) + 4


def key(keys: Sequence[Key], *, width: float, left: float, top: float) -> list[Spec]:
    """Return a key in as many lines as it needs, from a place in pixels."""
    layers: list[Spec] = []
    words = []
    for entry, (line, x) in zip(keys, _flow(keys, width), strict=True):
        y = top + 18 * line + 9
        place = {"x": left + x + 8, "y": y}
        words.append({"x": left + x + 20, "y": y, "text": entry.words})
        layers.append(marks([place], entry))
    return [*layers, texts(words, size=11, colour=MUTED)]


def _flow(keys: Sequence[Key], width: float) -> list[tuple[int, float]]:
    """Return line and start of each entry of a key."""
    places: list[tuple[int, float]] = []
    line, x = 0, 0.0
    for entry in keys:
        takes = 20 + room(entry.words, size=11)
        if x and x + takes > width:
            line, x = line + 1, 0.0
        places.append((line, x))
        x = round(x + takes + 14, 1)
    return places
