"""Map areas as equal squares with code and value, so that small ones are seen like large ones."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from everycount.charts.map_classes import check_breaks, class_colours, classify, plain_number
from everycount.charts.marks import PLACE, texts
from everycount.charts.theme import INK, LINE, MISSING, STEPS, SURFACE, Spec, frame
from everycount.charts.tile_layout import TileLayout
from everycount.charts.wrapping import isolated, room

LARGEST: Final = 56
"""Pixels of a square at most; a few provinces need not fill the page."""
GAP: Final = 3
LEAST_CODE: Final = 18
"""Pixels of a square that can hold a code."""
LEAST_VALUE: Final = 30
"""Pixels of a square that can hold a value under it."""
DARK: Final = frozenset(STEPS[-2:])
"""Classes on which words are light."""


def tile_map(
    figures: Mapping[str, float],
    *,
    breaks: Sequence[float],
    layout: TileLayout,
    description: str,
    number: Callable[[float], str] = plain_number,
    labels: Mapping[str, str] | None = None,
    region: Collection[str] | None = None,
    picked: str | None = None,
    tips: Mapping[str, str] | None = None,
    width: int = 720,
) -> Spec:
    """Return a tile map of figures in classes; its legend stands beside it.

    Parameters
    ----------
    figures : mapping of str to float
        Code to figure, in the unit of `breaks`. A square without a figure is hatched.
    breaks : sequence of float
        One to four lower bounds of classes, ascending; see `map_classes.choose_breaks`.
    layout : TileLayout
        Squares of the same codes.
    description : str
        The map in a sentence.
    number : callable
        Writes a figure in the reader's language, as short as a square allows.
    labels : mapping of str to str, optional
        What to write in a square in place of the code, such as ISO3 for M49.
    region : collection of str, optional
        Codes of the only areas to draw.
    picked : str, optional
        Area to pick out by an outline.
    tips : mapping of str to str, optional
        What to say of each area when one points at it, worded.
    width : int
        CSS pixels, at most: squares are no larger than `LARGEST`.

    Returns
    -------
    dict
        A Vega-Lite specification. Areas without a square are left out.

    Raises
    ------
    ValueError
        If the breaks are none, more than four or not ascending, or no area has a square.

    Examples
    --------
    >>> layout = TileLayout(places={"A": (0, 0), "B": (1, 0)})
    >>> spec = tile_map({"A": 81.0}, breaks=[80], layout=layout, description="A: 81.")
    >>> [text["text"] for text in spec["layer"][1]["data"]["values"]]
    ['B']
    """
    check_breaks(breaks)
    shown = layout if region is None else layout.cropped(region)
    if not shown.places:
        raise ValueError("a tile map: none of its areas has a square")
    columns, rows = shown.size
    side = min(LARGEST, (width - (columns - 1) * GAP) // columns)
    colours = class_colours(breaks)
    squares: list[Spec] = []
    for code, (column, row) in sorted(shown.places.items()):
        x, y = column * (side + GAP), row * (side + GAP)
        colour = colours[classify(figures[code], breaks)] if code in figures else MISSING
        square = {"x": x, "y": y, "x2": x + side, "y2": y + side, "unit": code, "colour": colour}
        squares.append(square | ({"tip": tips[code]} if tips and code in tips else {}))
    names = [(labels or {}).get(square["unit"], square["unit"]) for square in squares]
    values = [
        number(figures[square["unit"]]) if square["unit"] in figures else "" for square in squares
    ]
    layers = [_squares(squares), *_words(squares, names, values, side)]
    if picked in shown.places:
        layers.append(_outline(next(s for s in squares if s["unit"] == picked)))
    outside = frame(
        description=description,
        width=columns * (side + GAP) - GAP,
        height=rows * (side + GAP) - GAP,
        margins=(2, 2, 2, 2),
    )
    return outside | {"layer": layers}


def _words(
    squares: Sequence[Spec], names: Sequence[str], values: Sequence[str], side: int
) -> list[Spec]:
    """Return the layers of words: codes, and values under them where there is room."""
    if side < LEAST_CODE:
        return []
    two = side >= LEAST_VALUE
    rows = [(names, True, 12, -0.17 if two else 0.0)]
    rows += [(values, False, 14, 0.2)] if two else []
    layers = []
    for lines, bold, most, down in rows:
        size = min(_fitting(line, side - 2, min(most, side // 3 + 1), bold=bold) for line in lines)
        for ink in (INK, SURFACE):
            spots = [
                {
                    "x": square["x"] + side / 2,
                    "y": round(square["y"] + side * (0.5 + (down if value else 0)), 1),
                    "text": isolated(line),
                }
                for square, line, value in zip(squares, lines, values, strict=True)
                if line and (square["colour"] in DARK) == (ink == SURFACE)
            ]
            if spots:
                layers.append(texts(spots, size=size, align="center", colour=ink, bold=bold))
    return layers


def _fitting(text: str, width: float, size: int, *, bold: bool) -> int:
    """Return the size of type, not under 7, at which a text fits into a square."""
    while size > 7 and room(text, size=size, bold=bold) > width:
        size -= 1
    return size


def _squares(squares: Sequence[Spec]) -> Spec:
    """Return the layer of squares."""
    return {
        "data": {"values": list(squares)},
        "mark": {"type": "rect", "cornerRadius": 2, "stroke": LINE, "strokeWidth": 0.5},
        "encoding": {
            "x": PLACE | {"field": "x"},
            "y": PLACE | {"field": "y"},
            "x2": {"field": "x2"},
            "y2": {"field": "y2"},
            "fill": {"field": "colour", "type": "nominal", "scale": None},
        },
    }


def _outline(square: Spec) -> Spec:
    """Return the layer that picks a square out."""
    layer = _squares([square])
    layer["mark"] = {"type": "rect", "cornerRadius": 2, "stroke": INK, "strokeWidth": 2.5}
    layer["encoding"] = layer["encoding"] | {"fill": {"value": "transparent"}}
    return layer
