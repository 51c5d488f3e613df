"""Draw correlations as cells: full for positive, flat for negative, stronger the darker."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from everycount.charts import marks
from everycount.charts.theme import FOCUS, MISSING, MUTED, SECOND, Spec

ROW: Final = 12
"""Height of a cell in CSS pixels."""
GAP: Final = 3
"""Pixels between the columns of two groups."""
BREAKS: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Lower bounds of the classes of absolute correlation; below the first a cell is blank. 0.3 is weak
in the JRC's pocket guide (2019) and 0.9 high in COINr 1.1.14."""
STRENGTHS: Final = (0.16, 0.34, 0.54, 0.76, 1.0)
"""Opacity of each class, so that both themes run from the paper to the full colour."""


def cell(value: float, *, x: float, y: float, width: float) -> Spec:
    """Return the cell of a correlation, with its class: 0 is blank, and 5 the strongest.

    Parameters
    ----------
    value : float
        From -1 to 1. NaN, a missing figure, gives a whole hatched cell.
    x, y : float
        Left side and middle in pixels.
    width : float
        CSS pixels.

    Returns
    -------
    dict
        Sides in pixels, `fill` and `class`.

    Examples
    --------
    >>> cell(-0.4, x=0, y=6, width=11)
    {'x': 0, 'x2': 10, 'y': 3.6, 'y2': 8.4, 'fill': '#9c3d2c', 'class': 2}
    """
    half = ROW / 5 if value < 0 else ROW / 2 - 0.5
    colour = MISSING if np.isnan(value) else FOCUS if value > 0 else SECOND
    gap = 1 if width > 6 else 0.4
    strength = int(np.searchsorted(BREAKS, abs(value), side="right"))  # NaN sorts last
    sides = {"x": x, "x2": round(x + width - gap, 2), "y": y - half, "y2": y + half}
    return sides | {"fill": colour, "class": strength}


def columns(groups: Sequence[str], width: float) -> tuple[list[float], float]:
    """Return where each column starts, with a gap between groups, and how wide a cell is.

    Examples
    --------
    >>> columns(["Health", "Health", "Work"], 33)
    ([0.0, 10.0, 23.0], 10.0)
    """
    breaks = [before != after for before, after in pairwise(groups)]
    cell_width = min(18.0, (width - GAP * sum(breaks)) / len(groups))
    starts = [0.0]
    for is_break in breaks:
        starts.append(round(starts[-1] + cell_width + GAP * is_break, 2))
    return starts, cell_width


def squares(cells: Sequence[Spec]) -> list[Spec]:
    """Return a layer for each class of cells: its strength is said once, not in every cell."""
    encoding = {
        "x": marks.PLACE | {"field": "x"},
        "x2": {"field": "x2"},
        "y": marks.PLACE | {"field": "y"},
        "y2": {"field": "y2"},
        "fill": {"field": "fill", "type": "nominal", "scale": None},
    }
    return [
        {
            "data": {"values": [entry for entry in cells if entry["class"] == strength]},
            "mark": {"type": "rect", "opacity": opacity},
            "encoding": encoding,
        }
        for strength, opacity in enumerate(STRENGTHS, start=1)
    ]


def scale_strip(
    words: str, missing: str | None, *, left: float, top: float, side: int = 22
) -> list[Spec]:
    """Return what shapes and strengths mean: words, and a strip of cells from -1 to 1.

    Parameters
    ----------
    words : str
        Stand over the strip.
    missing : str, optional
        Stand beside a hatched cell, if there is one to explain.
    left, top : float
        Corner in pixels; the strip is 44 high.
    side : int
        Width of a cell.

    Returns
    -------
    list of dict
        Layers of a specification.

    Examples
    --------
    >>> len(scale_strip("correlation", None, left=0, top=0))
    7
    """
    breaks = [-1.0, *(-b for b in reversed(BREAKS)), *BREAKS, 1.0]
    starts = [left + 8 + side * number for number in range(len(breaks) + 1)]
    shown = [(low + high) / 2 for low, high in pairwise(breaks)]
    said = [{"x": left + 4, "y": top + 9, "text": words}]
    cells = [
        cell(value, x=x, y=top + 24, width=side) for value, x in zip(shown, starts, strict=False)
    ]
    if missing is not None:
        cells.append(cell(np.nan, x=starts[-1], y=top + 24, width=side))
        said.append({"x": starts[-1] + side + 4, "y": top + 24, "text": missing})
    numbers = [
        {"x": x, "y": top + 37, "text": f"{value:g}".replace("-", "−")}
        for x, value in zip(starts, breaks, strict=False)
    ]
    return [
        *squares(cells),
        marks.texts(numbers, size=9, align="center", colour=MUTED),
        marks.texts(said, size=11, colour=MUTED),
    ]
