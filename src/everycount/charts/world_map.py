"""Map scores: areas in up to five classes, small states as dots, missing figures hatched."""

import json
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from everycount.charts.theme import MISSING, OTHER, STEPS, SURFACE, Spec, frame

BOUNDARY_NOTE: Final = (
    "Boundaries: Natural Earth, visionscarto edition. They express no opinion on the legal status "
    "of any area. Small states are drawn as dots."
)
DOT: Final = 34
"""Area of a dot in square pixels: about 6.5 pixels across."""


def classify(value: float, breaks: Sequence[float]) -> int:
    """Return the class of a value: the number of breaks it reaches, counted from 0.

    Parameters
    ----------
    value : float
        In the unit of the breaks. Never missing.
    breaks : sequence of float
        Lower bounds of the second and further classes, ascending.

    Returns
    -------
    int
        0 to ``len(breaks)``.

    Examples
    --------
    >>> [classify(score, [60, 70, 80, 90]) for score in (12, 60, 89.9, 90)]
    [0, 1, 3, 4]
    """
    return bisect_right(breaks, value)


def world_map(
    scores: Mapping[str, float],
    *,
    breaks: Sequence[float],
    topology: bytes,
    points: Mapping[str, tuple[float, float]],
    description: str,
    missing: Collection[str] = (),
    width: int = 720,
) -> Spec:
    """Return a world map of scores in classes.

    Parameters
    ----------
    scores : mapping of str to float
        Unit (ISO3) to score, in the unit of `breaks`.
    breaks : sequence of float
        One to four lower bounds of classes, ascending, at round numbers.
    topology : bytes
        ``assets/world.topojson``.
    points : mapping of str to tuple
        Unit to latitude and longitude in degrees, for units without a shape.
    description : str
        The map in a sentence.
    missing : collection of str
        Units to show as missing although they may have no shape: a hatched dot. Every shape
        without a score is hatched anyway.
    width : int
        CSS pixels.

    Returns
    -------
    dict
        A Vega-Lite specification. Units with neither shape nor point are left out.

    Raises
    ------
    ValueError
        If there are no breaks, more than four, or they do not ascend.

    Examples
    --------
    >>> spec = world_map({"MLT": 81.0}, breaks=[80], topology=b'{"type": "Topology"}',
    ...                  points={"MLT": (35.9, 14.4)}, description="Malta scores 81.")
    >>> spec["layer"][1]["data"]["values"]
    [{'unit': 'MLT', 'lat': 35.9, 'lon': 14.4, 'class': 1}]
    """
    if not 1 <= len(breaks) < len(STEPS) or list(breaks) != sorted(set(breaks)):
        raise ValueError(f"breaks: found {list(breaks)}, expected one to four, ascending")
    classes = {unit: classify(score, breaks) for unit, score in sorted(scores.items())}
    outside = frame(
        description=description, width=width, height=round(width * 0.445), margins=(2, 2, 2, 2)
    )
    return outside | {
        "projection": {"type": "equalEarth"},
        "layer": [
            _shapes(classes, json.loads(topology), len(breaks) + 1),
            _dots(classes, points, missing, len(breaks) + 1),
        ],
    }


def _colours(classes: int) -> tuple[str, ...]:
    """Return a colour for each class, darkest last."""
    return STEPS[-classes:]


def _fill(classes: int) -> Spec:
    """Return how a class is coloured, and what a unit without one looks like."""
    return {
        "condition": {
            "test": "isValid(datum['class'])",
            "field": "class",
            "type": "ordinal",
            "scale": {"domain": list(range(classes)), "range": list(_colours(classes))},
        },
        "value": MISSING,
    }


def _shapes(classes: Mapping[str, int], topology: Any, count: int) -> Spec:
    """Return the layer of areas that have a shape."""
    table = [{"unit": unit, "class": number} for unit, number in classes.items()]
    return {
        "data": {"values": topology, "format": {"type": "topojson", "feature": "areas"}},
        "transform": [
            {
                "lookup": "id",
                "from": {"data": {"values": table}, "key": "unit", "fields": ["class"]},
            }
        ],
        "mark": {"type": "geoshape", "stroke": SURFACE, "strokeWidth": 0.5},
        "encoding": {"fill": _fill(count)},
    }


def _dots(
    classes: Mapping[str, int],
    points: Mapping[str, tuple[float, float]],
    missing: Collection[str],
    count: int,
) -> Spec:
    """Return the layer of units that have only a point."""
    shown: list[Spec] = [
        {"unit": unit, "lat": points[unit][0], "lon": points[unit][1], "class": classes.get(unit)}
        for unit in sorted({*classes, *missing} & set(points))
    ]
    return {
        "data": {"values": shown},
        "mark": {"type": "circle", "strokeWidth": 0.8},
        "encoding": {
            "longitude": {"field": "lon", "type": "quantitative"},
            "latitude": {"field": "lat", "type": "quantitative"},
            "size": {
                "condition": {"test": "isValid(datum['class'])", "value": DOT},
                "value": DOT / 2,
            },
            "fill": _fill(count),
            "stroke": {
                "condition": {"test": "isValid(datum['class'])", "value": SURFACE},
                "value": OTHER,
            },
        },
    }


def class_labels(
    breaks: Sequence[float], *, under: str = "under", over: str = "and over"
) -> list[str]:
    """Return the words of the legend, lowest class first.

    Parameters
    ----------
    breaks : sequence of float
        Lower bounds as given to `world_map`.
    under, over : str
        Words of the first and last class in the page's language.

    Returns
    -------
    list of str
        One label more than there are breaks.

    Examples
    --------
    >>> class_labels([60, 70.5])
    ['under 60', '60–70.5', '70.5 and over']
    """
    texts = [f"{value:g}" for value in breaks]
    between = [f"{low}–{high}" for low, high in pairwise(texts)]
    return [f"{under} {texts[0]}", *between, f"{texts[-1]} {over}"]
