"""Share the width of a chart of rows: names, the drawing, and the numbers after it."""

from collections.abc import Sequence
from math import ceil

from everycount.charts import marks, row_places, wrapping
from everycount.charts.estimates import GroupEstimate
from everycount.charts.interval_rows import names
from everycount.charts.row_places import BESIDE, NARROW, WORD, Columns, Placed
from everycount.charts.theme import INK, MISSING, MUTED, SURFACE, Spec


def rows(
    labels: Sequence[str], notes: Sequence[str], *, right: int, width: int, free: float = 0
) -> Placed:
    """Return where rows stand, their names beside them, or above where they are long and it narrow.

    Parameters
    ----------
    labels : sequence of str
        Names, wrapped and never cut.
    notes : sequence of str
        What stands under each name; empty for nothing.
    right : int
        Pixels kept after the drawing.
    width : int
        All of it, in CSS pixels.
    free : float
        Pixels left over the first row.

    Returns
    -------
    Placed
        In the order given.

    Examples
    --------
    >>> sheet = rows(["Chad", "Norway"], ["", ""], right=4, width=328)
    >>> sheet.columns.left, sheet.columns.inner, sheet.middles
    (60, 264, (12.0, 36.0))
    """
    texts = [*labels, *notes]
    longest = max(wrapping.room(text) for text in texts)
    is_above = width < NARROW and longest > BESIDE * width
    word = max(wrapping.longest_word(text) for text in texts)
    named = ceil(min(longest, max(BESIDE * width, min(word, WORD * width))))
    left = 8 if is_above else named + 14
    shared = Columns(
        left=left,
        inner=width - left - right,
        right=right,
        figures=right,
        has_spans=False,
        is_above=is_above,
    )
    return row_places.placed([GroupEstimate(name=label) for label in labels], notes, shared,
                             free=free)  # fmt: skip


def named(sheet: Placed) -> list[Spec]:
    """Return the names of rows and their notes.

    Examples
    --------
    >>> named(rows(["Chad"], [""], right=4, width=328))[0]["data"]["values"]
    [{'x': -12, 'y': 12.0, 'text': 'Chad'}]
    """
    return names(sheet)


def untold(entries: Sequence[tuple[float, str, bool]], *, inner: float) -> list[Spec]:
    """Return words in rows without a figure, on hatching where it is missing.

    Parameters
    ----------
    entries : sequence of tuple
        Middle of the row, words, and whether to hatch; what is hidden has no mark.
    inner : float
        Width of the drawing in pixels.

    Returns
    -------
    list of dict
        Layers; none without entries.

    Examples
    --------
    >>> [layer["mark"]["type"] for layer in untold([(12, "no figure", True)], inner=90)]
    ['rect', 'rule', 'text']
    """
    if not entries:
        return []
    said: list[Spec] = []
    hatched = []
    for y, words, is_missing in entries:
        said.append({"x": 6, "y": y, "text": wrapping.isolated(words)})
        if is_missing:
            hatched.append({"x": 0, "x2": inner, "y": y - 6.5, "y2": y + 6.5})
    ground = [
        {"x": 2, "x2": round(min(inner, 10 + wrapping.room(line["text"], size=11)), 1),
         "y": line["y"], "y2": line["y"]}
        for line in said
    ]  # fmt: skip
    layers = [boxes(hatched, colour=MISSING)] if hatched else []
    return [
        *layers,
        marks.lines(ground, colour=SURFACE, width=15),
        marks.texts(said, size=11, colour=MUTED),
    ]


def on_paper(said: Sequence[Spec], *, size: int = 12) -> list[Spec]:
    """Return words that start at x on paper of their own, so that no line runs through them.

    Examples
    --------
    >>> [layer["mark"]["type"] for layer in on_paper([{"x": 2, "y": 9, "text": "Asia"}])]
    ['rule', 'text']
    """
    ground = [
        {"x": line["x"], "x2": round(line["x"] + wrapping.room(line["text"], size=size) + 3, 1),
         "y": line["y"], "y2": line["y"]}
        for line in said
    ]  # fmt: skip
    return [marks.lines(ground, colour=SURFACE, width=size + 3), marks.texts(said, size=size)]


def boxes(values: marks.Values, *, colour: str, opacity: float = 1) -> Spec:
    """Return rectangles in pixels: fields x, x2, y and y2.

    Examples
    --------
    >>> boxes([{"x": 0, "x2": 9, "y": 0, "y2": 4}], colour="#00696f")["mark"]["type"]
    'rect'
    """
    return {
        "data": {"values": list(values)},
        "mark": {"type": "rect", "color": colour, "opacity": opacity},
        "encoding": {
            "x": marks.PLACE | {"field": "x"},
            "x2": {"field": "x2"},
            "y": marks.PLACE | {"field": "y"},
            "y2": {"field": "y2"},
        },
    }


def figures(values: marks.Values, *, align: str = "left", colour: str = INK) -> list[Spec]:
    """Return numbers beside marks; no layer for none.

    Examples
    --------
    >>> figures([])
    []
    """
    return [marks.texts(values, size=12, align=align, colour=colour)] if values else []
