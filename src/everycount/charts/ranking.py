"""Show where areas and groups stand on one scale: dots in order, strips by group, bars of means."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from everycount.charts.theme import FOCUS, LINE, MUTED, OTHER, SECOND, TRACK, Spec, frame

SCALE: Final = (0.0, 100.0)
ROW: Final = 22
"""Height of a row of dots or bars in CSS pixels."""
STRIP: Final = 46
LABELS: Final = 190
"""Width kept for names at the start of a row; longer ones are cut by the caller, not here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The scores of one group, with its means where there are any."""

    name: str
    scores: tuple[float, ...]
    mean: float | None = None
    weighted: float | None = None


def ranking(
    scores: Sequence[tuple[str, float]],
    *,
    description: str,
    scale: tuple[float, float] = SCALE,
    decimals: int = 1,
    width: int = 720,
) -> Spec:
    """Return a dot for each area, best first, with its score at the end of the row.

    Parameters
    ----------
    scores : sequence of tuple
        Name and score, in the order to show; up to about 40 rows stay legible.
    description : str
        The chart in a sentence.
    scale : tuple of float
        Ends of the axis, in the unit of the scores.
    decimals : int
        Decimals of the printed scores.
    width : int
        CSS pixels, with names and numbers.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Raises
    ------
    ValueError
        If there are no scores.

    Examples
    --------
    >>> ranking([("Norway", 93.9)], description="Norway scores 93.9.")["height"]
    22
    """
    return _rows(scores, description=description, scale=scale, decimals=decimals, width=width) | {
        "layer": [
            _line(scale, TRACK),
            {
                "mark": {"type": "circle", "size": 64, "color": FOCUS},
                "encoding": {"x": _x("value", scale), "y": _y()},
            },
            _names(),
            _numbers(width - LABELS),
        ]
    }


def bars(
    means: Sequence[tuple[str, float]],
    *,
    description: str,
    scale: tuple[float, float] = SCALE,
    decimals: int = 1,
    width: int = 720,
) -> Spec:
    """Return a bar for each group from the start of the scale, with the distance left beside it.

    Parameters, return value and errors are those of `ranking`; up to about 15 rows.

    Examples
    --------
    >>> bars([("Europe", 84.0), ("Asia", 63.9)], description="Europe 84.0, Asia 63.9.")["height"]
    44
    """
    return _rows(means, description=description, scale=scale, decimals=decimals, width=width) | {
        "layer": [
            _line(scale, TRACK),
            {
                "mark": {"type": "bar", "height": 13, "color": FOCUS},
                "encoding": {"x": _x("value", scale), "x2": {"datum": scale[0]}, "y": _y()},
            },
            _names(),
            _numbers(width - LABELS),
        ]
    }


def strips(
    groups: Sequence[Strip],
    *,
    description: str,
    scale: tuple[float, float] = SCALE,
    width: int = 720,
) -> Spec:
    """Return a strip for each group: a line for an area, a dot and a diamond for the two means.

    Parameters
    ----------
    groups : sequence of Strip
        In the order to show. Means that are None are not drawn.
    description : str
        The chart in a sentence.
    scale : tuple of float
        Ends of the axis, in the unit of the scores.
    width : int
        CSS pixels. Names stand above the strips, so that a narrow chart cuts none.

    Returns
    -------
    dict
        A Vega-Lite specification.

    Raises
    ------
    ValueError
        If there are no groups.

    Examples
    --------
    >>> strips([Strip(name="Europe", scores=(70.0, 93.9))], description="70 to 93.9.")["height"]
    46
    """
    if not groups:
        raise ValueError("strips need at least one group")
    lines = [
        {"row": row, "value": score} for row, g in enumerate(groups) for score in sorted(g.scores)
    ]
    names = [{"row": row, "name": group.name, "at": scale[0]} for row, group in enumerate(groups)]
    layers = [
        {
            "data": {"values": names},
            "mark": {"type": "rule", "color": LINE, "yOffset": 9},
            "encoding": {
                "x": _x("at", scale),
                "x2": {"datum": scale[1]},
                "y": _y(),
            },
        },
        {
            "data": {"values": names},
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dy": -12},
            "encoding": {"x": {"value": 0}, "y": _y(), "text": {"field": "name"}},
        },
        {
            "data": {"values": lines},
            "mark": {"type": "tick", "color": OTHER, "opacity": 0.6, "thickness": 1.5, "size": 16}
            | {"orient": "vertical", "yOffset": 9},
            "encoding": {"x": _x("value", scale), "y": _y()},
        },
        _marks([group.mean for group in groups], scale, shape="circle", colour=FOCUS),
        _marks([group.weighted for group in groups], scale, shape="diamond", colour=SECOND),
    ]
    outside = frame(
        description=description,
        width=width - 24,
        height=STRIP * len(groups),
        margins=(0, 12, 24, 12),
    )
    return outside | {"layer": layers}


def _rows(
    scores: Sequence[tuple[str, float]],
    *,
    description: str,
    scale: tuple[float, float],
    decimals: int,
    width: int,
) -> Spec:
    """Return the outside and the data of a chart with a row for each score."""
    if not scores:
        raise ValueError("a chart of scores needs at least one")
    values = [
        {"row": row, "name": name, "value": value, "at": scale[0], "text": f"{value:.{decimals}f}"}
        for row, (name, value) in enumerate(scores)
    ]
    outside = frame(
        description=description,
        width=width - LABELS - 52,
        height=ROW * len(scores),
        margins=(2, 52, 24, LABELS),
    )
    return outside | {"data": {"values": values}}


def _x(field: str, scale: tuple[float, float]) -> Spec:
    """Return the position on the scale, which has five ticks from end to end."""
    low, high = scale
    ticks = [low + (high - low) * quarter / 4 for quarter in range(5)]
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"domain": list(scale), "nice": False, "zero": False},
        "axis": {
            "title": None,
            "values": ticks,
            "grid": False,
            "format": ".4~g",
            "labelFlush": False,
        },
    }


def _y() -> Spec:
    """Return the row."""
    return {"field": "row", "type": "ordinal", "axis": None, "scale": {"padding": 0}}


def _line(scale: tuple[float, float], colour: str) -> Spec:
    """Return the thin line a row lies on, and the axis."""
    return {
        "mark": {"type": "rule", "color": colour},
        "encoding": {"x": _x("at", scale), "x2": {"datum": scale[1]}, "y": _y()},
    }


def _names() -> Spec:
    """Return the names before the rows."""
    return {
        "mark": {"type": "text", "align": "right", "baseline": "middle", "dx": -8},
        "encoding": {"x": {"value": 0}, "y": _y(), "text": {"field": "name"}},
    }


def _numbers(width: int) -> Spec:
    """Return the scores after the rows."""
    return {
        "mark": {"type": "text", "align": "right", "baseline": "middle", "color": MUTED},
        "encoding": {"x": {"value": width - 8}, "y": _y(), "text": {"field": "text"}},
    }


def _marks(
    means: Sequence[float | None], scale: tuple[float, float], *, shape: str, colour: str
) -> Spec:
    """Return a mark at each mean there is."""
    values = [{"row": row, "value": mean} for row, mean in enumerate(means) if mean is not None]
    return {
        "data": {"values": values},
        "mark": {"type": "point", "shape": shape, "size": 80, "color": colour, "yOffset": 9},
        "encoding": {"x": _x("value", scale), "y": _y()},
    }
