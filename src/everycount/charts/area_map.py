"""Map a rate: areas in up to five classes, small ones as dots, missing figures hatched."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from everycount.charts.geometry import Geometry
from everycount.charts.map_classes import check_breaks, class_colours, classify
from everycount.charts.map_projection import Box, Placing, place
from everycount.charts.theme import INK, MISSING, OTHER, SURFACE, Spec, frame

DOT: Final = 34
"""Area of a dot in square pixels: about 6.5 pixels across."""
TOO_SMALL: Final = 16
"""Square pixels under which a shape gets a dot, as nobody could tell its colour."""
EDGE: Final = 6
"""Pixels free around a map of a part of the globe, for dots and outlines at its rim."""
TALLEST: Final = 1.2
"""Height of such a map beside its width, at most."""
WINDOWS: Final[Mapping[str, Box]] = {
    "150": (-24.0, 34.5, 45.0, 71.5),
    "151": (12.0, 41.0, 60.0, 70.0),
}
"""What to show of Europe and Eastern Europe (M49), whose other states would be specks beside the
whole of Russia."""


def area_map(
    figures: Mapping[str, float],
    *,
    breaks: Sequence[float],
    geometry: Geometry,
    description: str,
    missing: Collection[str] = (),
    picked: str | None = None,
    region: Collection[str] | None = None,
    window: Box | None = None,
    tips: Mapping[str, str] | None = None,
    width: int = 720,
) -> Spec:
    """Return a map of figures in classes; its legend and boundary note stand beside it.

    Parameters
    ----------
    figures : mapping of str to float
        Code to figure, in the unit of `breaks`: a rate, never a count.
    breaks : sequence of float
        One to four lower bounds of classes, ascending; see `map_classes.choose_breaks`.
    geometry : Geometry
        Shapes and points under the same codes.
    description : str
        The map in a sentence.
    missing : collection of str
        Areas to show as missing although they may have no shape: a hatched dot. Every shape
        without a figure is hatched anyway.
    picked : str, optional
        Area to pick out by an outline.
    region : collection of str, optional
        Codes of the only areas to draw, which then fill the drawing.
    window : tuple of float, optional
        West, south, east and north in degrees, to cut areas that reach far out; see `WINDOWS`.
    tips : mapping of str to str, optional
        What to say of each area when one points at it, worded.
    width : int
        CSS pixels.

    Returns
    -------
    dict
        A Vega-Lite specification. Areas with neither shape nor point are left out.

    Raises
    ------
    ValueError
        If the breaks are none, more than four or not ascending, or no area can be drawn.

    Examples
    --------
    >>> malta = Geometry(topology={}, points={"MLT": (35.9, 14.4)})
    >>> spec = area_map({"MLT": 81.0}, breaks=[80], geometry=malta, description="Malta: 81.")
    >>> spec["layer"][1]["data"]["values"]
    [{'unit': 'MLT', 'lat': 35.9, 'lon': 14.4, 'class': 1}]
    """
    check_breaks(breaks)
    drawn = geometry if region is None else geometry.cropped(frozenset(region))
    if not drawn.codes:
        raise ValueError("a map: none of its areas has a shape or a point")
    placing = place(
        drawn.outlines(),
        drawn.points,
        width=width,
        most_height=round(width * TALLEST),
        edge=EDGE,
        window=window,
    )
    rows: dict[str, Spec] = {
        code: {"class": classify(value, breaks)} for code, value in sorted(figures.items())
    }
    for code, words in sorted((tips or {}).items()):
        rows.setdefault(code, {})["tip"] = words
    spots = _spots(drawn, placing, {*figures, *missing})
    fill = _fill(class_colours(breaks))
    layers = [_shapes(rows, drawn.topology, fill), _dots(rows, spots, fill)]
    if picked is not None:
        layers += _outline(picked, drawn, spots)
    outside = frame(
        description=description,
        width=width,
        height=placing.height,
        margins=(2, 2, 2, 2),
    )
    return outside | {"projection": placing.projection, "layer": layers}


def _spots(
    geometry: Geometry, placing: Placing, wanted: Collection[str]
) -> dict[str, tuple[float, float]]:
    """Return the places of dots: of wanted areas without a shape, and with one too small to see."""
    spots = {code: spot for code, spot in geometry.points.items() if code in wanted}
    centres = geometry.centres()
    if not geometry.is_world:  # on the globe so many would stand on one another
        spots |= {
            code: centres[code]
            for code, rings in geometry.outlines().items()
            if placing.size(rings) < TOO_SMALL
        }
    return {code: spot for code, spot in sorted(spots.items()) if placing.shows(*spot)}


def _fill(colours: Sequence[str]) -> Spec:
    """Return how a class is coloured, and what an area without one looks like."""
    return {
        "condition": {
            "test": "isValid(datum['class'])",
            "field": "class",
            "type": "ordinal",
            "scale": {"domain": list(range(len(colours))), "range": list(colours)},
        },
        "value": MISSING,
    }


def _shapes(rows: Mapping[str, Mapping[str, Any]], topology: Any, fill: Spec) -> Spec:
    """Return the layer of areas that have a shape."""
    table = [{"unit": unit} | dict(row) for unit, row in rows.items()]
    fields = sorted({name for row in rows.values() for name in row} | {"class"})
    return {
        "data": {"values": topology, "format": {"type": "topojson", "feature": "areas"}},
        "transform": [
            {"lookup": "id", "from": {"data": {"values": table}, "key": "unit", "fields": fields}}
        ],
        "mark": {"type": "geoshape", "stroke": SURFACE, "strokeWidth": 0.5},
        "encoding": {"fill": fill},
    }


def _dots(
    rows: Mapping[str, Mapping[str, Any]], spots: Mapping[str, tuple[float, float]], fill: Spec
) -> Spec:
    """Return the layer of areas that are dots."""
    shown: list[Spec] = [
        {"unit": unit, "lat": round(lat, 4), "lon": round(lon, 4), "class": None}
        | dict(rows.get(unit, {}))
        for unit, (lat, lon) in spots.items()
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
            "fill": fill,
            "stroke": {
                "condition": {"test": "isValid(datum['class'])", "value": SURFACE},
                "value": OTHER,
            },
        },
    }


def _outline(
    picked: str, geometry: Geometry, spots: Mapping[str, tuple[float, float]]
) -> list[Spec]:
    """Return the layers that pick an area out: its border, and a ring around its dot."""
    layers: list[Spec] = []
    if any(shape["id"] == picked for shape in geometry.shapes):
        layers.append(
            {
                "data": {
                    "values": geometry.cropped({picked}).topology,
                    "format": {"type": "topojson", "feature": "areas"},
                },
                "mark": {"type": "geoshape", "stroke": INK, "strokeWidth": 2},
                "encoding": {"fill": {"value": "transparent"}},
            }
        )
    if picked in spots:
        lat, lon = spots[picked]
        layers.append(
            {
                "data": {"values": [{"lat": round(lat, 4), "lon": round(lon, 4)}]},
                "mark": {"type": "circle", "size": 5 * DOT, "stroke": INK, "strokeWidth": 2},
                "encoding": {
                    "longitude": {"field": "lon", "type": "quantitative"},
                    "latitude": {"field": "lat", "type": "quantitative"},
                    "fill": {"value": "transparent"},
                },
            }
        )
    return layers
