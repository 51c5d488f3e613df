"""Draw lines through points, whole or dashed, and the bands around them, in pixels."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import hypot
from typing import Any, Final

from everycount.charts import marks
from everycount.charts.estimates import DASH
from everycount.charts.theme import Spec

Places = Sequence[tuple[float, float]]
"""Points in pixels."""

_DRAWN: Final[Spec] = {
    "x": marks.PLACE | {"field": "x"},
    "y": marks.PLACE | {"field": "y"},
    "detail": {"field": "run", "type": "nominal"},
    "order": None,
}


def strokes(
    runs: Sequence[Sequence[Mapping[str, Any]]], *, colour: str, width: float, opacity: float = 1
) -> Spec:
    """Return a line for each run of points: fields x and y in pixels, and what else they hold.

    It is the edge of an area without height, which runs to its end and back: on a page every path
    is closed.

    Examples
    --------
    >>> layer = strokes([[{"x": 0, "y": 0}, {"x": 9, "y": 4}]], colour="#00696f", width=2)
    >>> [value["run"] for value in layer["data"]["values"]]
    [0, 0]
    """
    values = [{**point, "run": number} for number, run in enumerate(runs) for point in run]
    look = {"stroke": colour, "strokeWidth": width, "opacity": opacity, "strokeJoin": "round"}
    return {
        "data": {"values": values},
        "mark": {"type": "area", "fill": "transparent"} | look,
        "encoding": _DRAWN | {"y2": {"field": "y"}},
    }


def bands(runs: Sequence[Sequence[Mapping[str, Any]]], *, colour: str, opacity: float) -> Spec:
    """Return a band for each run of points: fields x, y and y2 in pixels.

    Examples
    --------
    >>> bands([[{"x": 0, "y": 0, "y2": 4}]], colour="#00696f", opacity=0.2)["mark"]["type"]
    'area'
    """
    values = [{**point, "run": number} for number, run in enumerate(runs) for point in run]
    return {
        "data": {"values": values},
        "mark": {"type": "area", "color": colour, "opacity": opacity},
        "encoding": _DRAWN | {"y2": {"field": "y2"}},
    }


def threads(runs: Sequence[Places], *, colour: str, width: float, opacity: float = 1) -> Spec:
    """Return many quiet lines as one mark, whose shape holds them all.

    Each runs to its end and back, as those of `strokes`; points
    on a level stretch are left out.

    Examples
    --------
    >>> layer = threads([[(0, 0), (9, 4)]], colour="#69747f", width=1)
    >>> layer["data"]["values"][0]["shape"]
    'M0,0L9,4'
    """
    path = "".join(
        "M" + "L".join(f"{x:g},{y:g}" for x, y in [*run, *reversed(run[1:-1])])
        for run in map(_corners, runs)
    )
    return _shape(path, colour=colour, width=width, opacity=opacity)


def _corners(run: Places) -> list[tuple[float, float]]:
    """Return a line without the points that lie level between their neighbours."""
    inner = (
        point
        for before, point, after in zip(run, run[1:], run[2:], strict=False)
        if not before[1] == point[1] == after[1]
    )
    return [run[0], *inner, run[-1]]


def dashed(runs: Sequence[Places], *, colour: str, width: float, opacity: float = 1) -> Spec:
    """Return dashed lines as one mark, whose shape holds the dashes.

    A page drops the dash patterns of SVG with its other styles.

    Examples
    --------
    >>> dashed([[(0, 0), (10, 0)]], colour="#00696f", width=2)["data"]["values"][0]["shape"]
    'M0,0L4,0M7,0L10,0'
    """
    path = "".join(_dashes(run) for run in runs)
    return _shape(path, colour=colour, width=width, opacity=opacity)


def _shape(path: str, *, colour: str, width: float, opacity: float) -> Spec:
    look = {"fill": "transparent", "stroke": colour, "strokeWidth": width, "opacity": opacity}
    return {
        "data": {"values": [{"x": 0, "y": 0, "shape": path}]},
        # Of this size a shape is drawn in pixels.
        "mark": {"type": "point", "filled": False, "size": 4} | look,
        "encoding": {
            "x": marks.PLACE | {"field": "x"},
            "y": marks.PLACE | {"field": "y"},
            "shape": {"field": "shape", "type": "nominal", "scale": None},
        },
    }


def _dashes(run: Places) -> str:
    """Return the dashes of a line as a path; the pattern goes on around corners."""
    path, phase = "", 0.0
    for (x1, y1), (x2, y2) in pairwise(run):
        length = hypot(x2 - x1, y2 - y1)
        near = -phase
        while near < length:
            start, stop = max(near, 0.0), min(near + DASH[0], length)
            if stop > start:
                ends = [
                    f"{round(x1 + (x2 - x1) * part / length, 1):g},"
                    f"{round(y1 + (y2 - y1) * part / length, 1):g}"
                    for part in (start, stop)
                ]
                path += f"M{ends[0]}L{ends[1]}"
            near += sum(DASH)
        phase = length - (near - sum(DASH)) if length else phase
    return path
