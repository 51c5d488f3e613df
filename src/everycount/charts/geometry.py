"""The shapes of areas: a small TopoJSON, points for the smallest, and a note on boundaries."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Topology = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Geometry:
    """Shapes and points of areas by code."""

    topology: Topology
    """TopoJSON with one object, `areas`, whose shapes have a code as `id`."""
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Latitude and longitude in degrees of areas too small for a shape."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the file calls each area, where it says so."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What to say of the boundaries, by language."""
    is_world: bool = False
    """Whether it spans the globe, so that it is drawn as a whole."""

    @property
    def codes(self) -> frozenset[str]:
        """Codes of all areas with a shape or a point."""
        return frozenset(self.points) | {shape["id"] for shape in self.shapes}

    @property
    def shapes(self) -> Sequence[Mapping[str, Any]]:
        """The shapes as the topology holds them."""
        found: Sequence[Mapping[str, Any]] = (
            self.topology.get("objects", {}).get("areas", {}).get("geometries", [])
        )
        return found

    def note(self, language: str = "en") -> str:
        """Return what to say of the boundaries: in a language, else in English, else nothing.

        Examples
        --------
        >>> lines = Geometry(topology={}, notes={"en": "Drawn by the office.", "vi": "Do cơ quan."})
        >>> lines.note("vi"), lines.note("fr")
        ('Do cơ quan.', 'Drawn by the office.')
        """
        return self.notes.get(language) or self.notes.get("en", "")

    def cropped(self, codes: Collection[str]) -> "Geometry":
        """Return the shapes and points of some areas alone, with the arcs that they need.

        Examples
        --------
        >>> Geometry(topology={}, points={"A": (1, 2), "B": (3, 4)}).cropped({"A"}).codes
        frozenset({'A'})
        """
        kept = [shape for shape in self.shapes if shape["id"] in codes]
        used = sorted({arc if arc >= 0 else ~arc for shape in kept for arc in _arcs(shape)})
        new = {old: number for number, old in enumerate(used)}
        shapes = [shape | {"arcs": _renumbered(shape["arcs"], new)} for shape in map(dict, kept)]
        arcs = self.topology.get("arcs", [])
        cut = dict(self.topology) | {
            "objects": {"areas": {"type": "GeometryCollection", "geometries": shapes}},
            "arcs": [arcs[old] for old in used],
        }
        points = {code: place for code, place in self.points.items() if code in codes}
        return replace(self, topology=cut, points=points, is_world=False)

    def renamed(self, codes: Mapping[str, str]) -> "Geometry":
        """Return the areas under other codes; those without another keep theirs.

        Examples
        --------
        >>> Geometry(topology={}, points={"MLT": (36, 14)}).renamed({"MLT": "470"}).codes
        frozenset({'470'})
        """
        shapes = [
            dict(shape) | {"id": codes.get(shape["id"], shape["id"])} for shape in self.shapes
        ]
        cut = dict(self.topology) | {
            "objects": {"areas": {"type": "GeometryCollection", "geometries": shapes}}
        }
        return replace(
            self,
            topology=cut,
            points={codes.get(code, code): place for code, place in self.points.items()},
            names={codes.get(code, code): name for code, name in self.names.items()},
        )

    def outlines(self) -> dict[str, list[Floats]]:
        """Return the outer rings of each shape: a longitude and latitude a row."""
        arcs = list(map(self._degrees, self.topology.get("arcs", [])))
        return {
            shape["id"]: [_joined(polygon[0], arcs) for polygon in polygons(shape)]
            for shape in self.shapes
        }

    def centres(self) -> dict[str, tuple[float, float]]:
        """Return latitude and longitude of the middle of each area's largest part, or its point."""
        middles = {code: _centre(max(r, key=ring_area)) for code, r in self.outlines().items()}
        return dict(self.points) | middles

    def _degrees(self, arc: Sequence[Sequence[int]]) -> Floats:
        """Return an arc in degrees."""
        steps = self.topology["transform"]
        grid = np.cumsum(np.asarray(arc, dtype=np.float64), axis=0)
        return np.asarray(grid * steps["scale"] + steps["translate"], dtype=np.float64)


def polygons(shape: Mapping[str, Any]) -> Sequence[Sequence[Sequence[int]]]:
    """Return the polygons of a shape of TopoJSON as rings of numbers of arcs."""
    arcs: Sequence[Any] = shape["arcs"]
    return [arcs] if shape["type"] == "Polygon" else arcs


def ring_area(ring: Floats) -> float:
    """Return the area inside a closed ring in the square of its unit, by the shoelace formula.

    Examples
    --------
    >>> ring_area(np.array([[0, 0], [0, 2], [2, 2], [2, 0], [0, 0.]]))
    4.0
    """
    return abs(signed_area(ring))


def signed_area(ring: Floats) -> float:
    """Return the area of a closed ring, positive if it runs against the clock.

    Examples
    --------
    >>> signed_area(np.array([[0, 0], [0, 2], [2, 2], [2, 0], [0, 0.]]))
    -4.0
    """
    x, y = (ring - ring[0]).T
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def _centre(ring: Floats) -> tuple[float, float]:
    """Return latitude and longitude of the centre of gravity of a ring."""
    x, y = (ring - ring[0]).T  # from its first point, so that small rings keep their digits
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    total = cross.sum()
    if not total:
        longitude, latitude = ring.mean(axis=0)
        return float(latitude), float(longitude)
    longitude = ring[0, 0] + ((x[:-1] + x[1:]) * cross).sum() / (3 * total)
    latitude = ring[0, 1] + ((y[:-1] + y[1:]) * cross).sum() / (3 * total)
    return float(latitude), float(longitude)


def _joined(ring: Sequence[int], arcs: Sequence[Floats]) -> Floats:
    """Return a closed ring from its arcs; a negative number runs backwards."""
    parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in ring]
    return unwrapped(np.vstack([parts[0], *(part[1:] for part in parts[1:])]))


def unwrapped(ring: Floats) -> Floats:
    """Return a ring whose longitudes go on past 180 degrees where it crosses them.

    A ring around a pole, which so would not close, stays as it is.

    Examples
    --------
    >>> unwrapped(np.array([[179, 0], [-179, 0], [-179, 1], [179.0, 0]]))[:, 0].tolist()
    [179.0, 181.0, 181.0, 179.0]
    """
    longitudes = np.unwrap(ring[:, 0], period=360)
    if abs(longitudes[-1] - longitudes[0]) > 180:
        return ring
    return np.column_stack([longitudes, ring[:, 1]])


def _arcs(shape: Mapping[str, Any]) -> Iterator[int]:
    """Give the numbers of the arcs of a shape."""
    for polygon in polygons(shape):
        for ring in polygon:
            yield from ring


def _renumbered(arcs: Any, new: Mapping[int, int]) -> Any:
    """Return nested numbers of arcs under new numbers."""
    if isinstance(arcs, int):
        return new[arcs] if arcs >= 0 else ~new[~arcs]
    return [_renumbered(part, new) for part in arcs]
