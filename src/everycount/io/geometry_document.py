"""Take GeoJSON and TopoJSON apart into shapes with coordinates, whatever is wrong with them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final

from everycount.errors import InputError, Problem

KINDS: Final = "a GeoJSON FeatureCollection or Feature, or a TopoJSON Topology"
DEGREES: Final = frozenset({"CRS84", "4326", "4979", "CRS84h"})
"""Last parts of the names of coordinate systems that are degrees on WGS 84."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawShape:
    """One shape of a file, not yet checked."""

    where: str
    id: Any
    properties: Mapping[str, Any]
    kind: str
    """Type of its geometry, or empty if it has none."""
    polygons: Any
    """Polygons of rings of positions, as far as the file has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The shapes of a file, and faults that were found on the way."""

    shapes: tuple[RawShape, ...]
    problems: tuple[Problem, ...] = ()


def read_document(source: bytes, *, subject: str, layer: str | None = None) -> Document:
    """Return the shapes in a file.

    Raises
    ------
    InputError
        If it is no JSON, another kind of document, has no shapes, or several layers of which
        none is named.
    """
    try:
        content = json.loads(source.decode("utf-8-sig"), parse_constant=_no_number)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        found = Problem(subject, f"no JSON ({str(error)[:80]})", KINDS)
        raise InputError(subject, [found]) from error
    kind = content.get("type") if isinstance(content, dict) else None
    if kind == "Topology":
        document = _topology(content, subject=subject, layer=layer)
    elif kind in {"FeatureCollection", "Feature"}:
        features = content.get("features") if kind == "FeatureCollection" else [content]
        document = Document(
            shapes=tuple(_features(features)), problems=tuple(_projected(content, subject))
        )
    else:
        named = f"JSON of type {kind!r}" if kind else "JSON without a type"
        raise InputError(subject, [Problem(subject, named, KINDS)])
    if not document.shapes:
        raise InputError(subject, [Problem(subject, "no shapes", "one for each area")])
    return document


def _no_number(name: str) -> float:
    """Refuse what JSON does not have, though Python reads it."""
    raise ValueError(f"{name} is no number")


def _projected(content: Mapping[str, Any], subject: str) -> Iterator[Problem]:
    """Give the coordinate system that a file names, if it is not degrees."""
    system = _mapping(_mapping(content.get("crs")).get("properties")).get("name")
    if isinstance(system, str) and system.replace("/", ":").split(":")[-1] not in DEGREES:
        expected = "degrees on WGS 84 (EPSG:4326): export the file again in that system"
        yield Problem(subject, f"coordinates in {system}", expected)


def _features(features: Any) -> Iterator[RawShape]:
    """Give the shapes of GeoJSON."""
    for number, feature in enumerate(features if isinstance(features, list) else [], start=1):
        own = _mapping(feature)
        geometry = _mapping(own.get("geometry"))
        yield RawShape(
            where=f"feature {number}",
            id=own.get("id"),
            properties=_mapping(own.get("properties")),
            kind=str(geometry.get("type", "")),
            polygons=_polygons(geometry, "coordinates"),
        )


def _topology(content: Mapping[str, Any], *, subject: str, layer: str | None) -> Document:
    """Return the shapes of one object of TopoJSON."""
    objects = _mapping(content.get("objects"))
    names = ", ".join(map(repr, objects)) or "none"
    if layer is None and len(objects) != 1:
        expected = "one object, or the name of the one to read"
        raise InputError(subject, [Problem("objects", names, expected)])
    chosen = layer if layer is not None else next(iter(objects))
    if chosen not in objects:
        raise InputError(subject, [Problem("objects", names, f"one called {chosen!r}")])
    arcs, problems = _arcs(content)
    holder = _mapping(objects[chosen])
    members = holder.get("geometries") if holder.get("type") == "GeometryCollection" else [holder]
    shapes = []
    for number, member in enumerate(members if isinstance(members, list) else [], start=1):
        own = _mapping(member)
        shapes.append(
            RawShape(
                where=f"shape {number}",
                id=own.get("id"),
                properties=_mapping(own.get("properties")),
                kind=str(own.get("type", "")),
                polygons=_unfolded(_polygons(own, "arcs"), arcs),
            )
        )
    return Document(shapes=tuple(shapes), problems=tuple(problems))


def _arcs(content: Mapping[str, Any]) -> tuple[list[list[list[float]]], list[Problem]]:
    """Return the arcs of TopoJSON in degrees, and those that cannot be read."""
    transform = _mapping(content.get("transform"))
    scale, shift = transform.get("scale", [1, 1]), transform.get("translate", [0, 0])
    found = content.get("arcs")
    arcs: list[list[list[float]]] = []
    problems = []
    for number, arc in enumerate(found if isinstance(found, list) else []):
        try:
            points = [[float(place[0]), float(place[1])] for place in arc]
            if transform:
                x = accumulate(point[0] for point in points)
                y = accumulate(point[1] for point in points)
                points = [
                    [a * scale[0] + shift[0], b * scale[1] + shift[1]]
                    for a, b in zip(x, y, strict=True)
                ]
        except (TypeError, ValueError, IndexError, KeyError):
            problems.append(Problem(f"arc {number}", repr(arc)[:60], "positions of two numbers"))
            points = []
        arcs.append(points)
    return arcs, problems


def _unfolded(polygons: Any, arcs: Sequence[list[list[float]]]) -> Any:
    """Return rings of numbers of arcs as rings of positions; a number without an arc is null."""
    if not isinstance(polygons, list):
        return polygons
    if polygons and all(isinstance(number, int) for number in polygons):
        ring: list[Any] = []
        for number in polygons:
            own = number if number >= 0 else ~number
            if own >= len(arcs):
                return [None]
            points = arcs[own] if number >= 0 else arcs[own][::-1]
            ring += points[1:] if ring else points
        if ring and ring[0] == ring[-1]:
            # An island smaller than the grid of the file: a speck, which is no fault.
            ring += ring[-1:] * (4 - len(ring))
        return ring
    return [_unfolded(part, arcs) for part in polygons]


def _polygons(geometry: Mapping[str, Any], field: str) -> Any:
    """Return the polygons of a geometry, those of its parts together."""
    kind = geometry.get("type")
    if kind == "Polygon":
        return [geometry.get(field)]
    if kind == "MultiPolygon":
        return geometry.get(field)
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        members = map(_mapping, parts if isinstance(parts, list) else [])
        found: list[Any] = []
        for member in members:
            polygons = _polygons(member, field)
            found += polygons if isinstance(polygons, list) else [polygons]
        return found
    return None


def _mapping(value: Any) -> Mapping[str, Any]:
    """Return an object of JSON; anything else is an empty one."""
    return value if isinstance(value, dict) else {}
