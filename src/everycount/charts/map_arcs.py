"""Make shapes light: borders in arcs that neighbours share, thinned to a budget of bytes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everycount.charts.geometry import Floats, ring_area, signed_area

Grid = NDArray[np.int64]
Polygon = Sequence[Floats]
"""Closed rings of longitude and latitude: the outline, then the holes."""
STEPS: Final = 10_000
"""Steps of the grid along the longer side: a fifth of a pixel on a map of 2,000."""
BUDGET: Final = 60_000
"""Bytes of a map, so that a page with one stays light: the world has 80,000."""
SMALL: Final = 4
"""An island is left out when smaller than so many times what a bend must be to stay."""
_KEY: Final = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class _Arc:
    """A piece of border between two places where three areas meet, or a whole island."""

    points: Grid
    weights: Floats
    """How large the bend at each point is, in squares of the grid; infinite for those that stay."""


@dataclass(frozen=True, slots=True, eq=False)
class _Ring:
    arcs: tuple[int, ...]
    area: float


def light_topology(
    areas: Mapping[str, Sequence[Polygon]], *, budget: int = BUDGET
) -> dict[str, Any]:
    """Return shapes as a TopoJSON of a size: borders thinned alike on both sides.

    Points are put on a grid of 10,000 steps. Then the bends that enclose the least are left out,
    and islands smaller than those, until the file fits; the largest part of an area always stays.
    Outlines run with the clock and holes against it, as drawing on a globe asks for.

    Parameters
    ----------
    areas : mapping of str to sequence
        Code to polygons: closed rings, longitude and latitude in degrees.
    budget : int
        Bytes. If the areas cannot be drawn in so few, the smallest drawing is returned.

    Returns
    -------
    dict
        TopoJSON with one object, `areas`.

    References
    ----------
    Visvalingam, M. and Whyatt, J. D. (1993), Line generalisation by repeated elimination of
    points, The Cartographic Journal 30(1).

    Examples
    --------
    >>> square = np.array([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0.]])
    >>> light_topology({"A": [[square]]})["objects"]["areas"]["geometries"]
    [{'type': 'MultiPolygon', 'id': 'A', 'arcs': [[[0]]]}]
    """
    rings = [ring for shape in areas.values() for polygon in shape for ring in polygon]
    low = np.min([ring.min(axis=0) for ring in rings], axis=0)
    high = np.max([ring.max(axis=0) for ring in rings], axis=0)
    step = float((high - low).max()) / STEPS or 1.0
    arcs, shapes = _cut({code: _gridded(areas[code], low, step) for code in sorted(areas)})
    transform = {
        "scale": [round(step, 12), round(step, 12)],
        "translate": [round(float(low[0]), 9), round(float(low[1]), 9)],
    }
    made = _document(arcs, shapes, 0.0, transform)
    if _size(made) <= budget:
        return made
    bends = np.concatenate([arc.weights for arc in arcs])
    finite = np.unique(bends[np.isfinite(bends)])
    made = _document(arcs, shapes, np.inf, transform)
    few, many = 0, len(finite)
    while few < many:
        middle = (few + many) // 2
        tried = _document(arcs, shapes, float(np.nextafter(finite[middle], np.inf)), transform)
        if _size(tried) <= budget:
            made, many = tried, middle
        else:
            few = middle + 1
    return made


def _size(document: Mapping[str, Any]) -> int:
    """Return the bytes of a document as it is sent."""
    return len(json.dumps(document, separators=(",", ":")))


def _gridded(shape: Sequence[Polygon], low: Floats, step: float) -> list[list[Grid]]:
    """Return the polygons of an area on the grid; those that shrink to nothing are left out."""
    made = []
    for polygon in shape:
        rings = [
            _on_grid(ring, low, step, outer=number == 0) for number, ring in enumerate(polygon)
        ]
        if len(rings[0]) >= 3:
            made.append([ring for ring in rings if len(ring) >= 3])
    if made:
        return made
    largest = max((polygon[0] for polygon in shape), key=ring_area)
    x, y = np.rint((largest[0] - low) / step).astype(np.int64)
    return [[np.array([[x, y], [x, y + 1], [x + 1, y]], dtype=np.int64)]]


def _on_grid(ring: Floats, low: Floats, step: float, *, outer: bool) -> Grid:
    """Return a ring on the grid, open, without repeated points, in the direction of its kind."""
    turned = ring if (signed_area(ring) < 0) == outer else ring[::-1]
    grid = np.rint((turned - low) / step).astype(np.int64)
    return grid[np.any(grid != np.roll(grid, 1, axis=0), axis=1)]


def _cut(
    shapes: Mapping[str, list[list[Grid]]],
) -> tuple[list[_Arc], dict[str, list[list[_Ring]]]]:
    """Return every piece of border once, and the shapes as rings of pieces."""
    rings = [ring for polygons in shapes.values() for polygon in polygons for ring in polygon]
    meeting = _meeting_places(rings)
    known: dict[bytes, int] = {}
    arcs: list[Grid] = []
    lonely: set[int] = set()
    made: dict[str, list[list[_Ring]]] = {}
    for code, polygons in shapes.items():
        made[code] = []
        for polygon in polygons:
            parts = []
            for ring in polygon:
                numbers = tuple(_number(piece, known, arcs) for piece in _pieces(ring, meeting))
                if len(numbers) < 3:
                    lonely.update(n if n >= 0 else ~n for n in numbers)
                closed = np.vstack([ring, ring[:1]]).astype(np.float64)
                parts.append(_Ring(numbers, ring_area(closed)))
            made[code].append(parts)
    weighed = [
        _Arc(points, _bends(points, least=1 if number in lonely else 0))
        for number, points in enumerate(arcs)
    ]
    return weighed, made


def _keys(points: Grid) -> Grid:
    """Return a number for each place of the grid."""
    return points[:, 0] * _KEY + points[:, 1]


def _meeting_places(rings: Sequence[Grid]) -> Grid:
    """Return the places that have other neighbours in one ring than in another."""
    here = np.concatenate([_keys(ring) for ring in rings])
    before = np.concatenate([np.roll(_keys(ring), 1) for ring in rings])
    after = np.concatenate([np.roll(_keys(ring), -1) for ring in rings])
    low, high = np.minimum(before, after), np.maximum(before, after)
    order = np.lexsort((high, low, here))
    here, low, high = here[order], low[order], high[order]
    same = here[1:] == here[:-1]
    differs = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return np.unique(here[1:][same & differs])


def _pieces(ring: Grid, meeting: Grid) -> list[Grid]:
    """Return a ring in pieces from one meeting place to the next; an island is one piece."""
    keys = _keys(ring)
    places = np.flatnonzero(np.isin(keys, meeting))
    start = int(places[0]) if len(places) else int(np.argmin(keys))
    closed = np.vstack([np.roll(ring, -start, axis=0), ring[start : start + 1]])
    ends = [*(places - start), len(ring)] if len(places) else [0, len(ring)]
    return [closed[first : last + 1] for first, last in pairwise(ends)]


def _number(piece: Grid, known: dict[bytes, int], arcs: list[Grid]) -> int:
    """Return the number of a piece, negative if it is known the other way round."""
    own, turned = piece.tobytes(), piece[::-1].tobytes()
    if own in known:
        return known[own]
    if turned in known:
        return ~known[turned]
    known[own] = len(arcs)
    arcs.append(piece)
    return known[own]


def _bends(points: Grid, *, least: int) -> Floats:
    """Return the area that each bend encloses when its turn comes to be left out.

    Ends stay; so do the largest bends, one of a piece that makes a ring with another and two of
    one that is a ring of its own, so that every ring keeps three corners.
    """
    count = len(points)
    weights = np.full(count, np.inf)
    x: list[int] = points[:, 0].tolist()
    y: list[int] = points[:, 1].tolist()
    before, after = list(range(-1, count - 1)), list(range(1, count + 1))

    def area(i: int) -> float:
        a, b = before[i], after[i]
        return abs((x[i] - x[a]) * (y[b] - y[a]) - (x[b] - x[a]) * (y[i] - y[a])) / 2

    heap = [(area(i), i) for i in range(1, count - 1)]
    current = {i: bend for bend, i in heap}
    heapify(heap)
    least += int(least > 0 and bool((points[0] == points[-1]).all()))
    largest = 0.0
    while len(current) > least:
        bend, i = heappop(heap)
        if current.get(i) != bend:
            continue  # it has changed since
        largest = max(largest, bend)
        weights[i] = largest
        del current[i]
        after[before[i]], before[after[i]] = after[i], before[i]
        for near in {before[i], after[i]} & current.keys():
            current[near] = area(near)
            heappush(heap, (current[near], near))
    return weights


def _document(
    arcs: Sequence[_Arc],
    shapes: Mapping[str, list[list[_Ring]]],
    threshold: float,
    transform: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the shapes without bends and islands under a threshold."""
    shared = _shared(shapes)
    kept = {code: _kept(polygons, threshold, shared) for code, polygons in shapes.items()}
    used = sorted({n if n >= 0 else ~n for p in kept.values() for r in p for a in r for n in a})
    new = {old: number for number, old in enumerate(used)}
    return {
        "type": "Topology",
        "transform": transform,
        "objects": {
            "areas": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "MultiPolygon", "id": code, "arcs": _renumber(polygons, new)}
                    for code, polygons in kept.items()
                ],
            }
        },
        "arcs": [_steps(arcs[old], threshold) for old in used],
    }


def _shared(shapes: Mapping[str, list[list[_Ring]]]) -> frozenset[int]:
    """Return the pieces that two rings have."""
    seen: set[int] = set()
    twice: set[int] = set()
    for polygons in shapes.values():
        for polygon in polygons:
            for ring in polygon:
                numbers = {n if n >= 0 else ~n for n in ring.arcs}
                twice |= numbers & seen
                seen |= numbers
    return frozenset(twice)


def _kept(
    polygons: Sequence[Sequence[_Ring]], threshold: float, shared: frozenset[int]
) -> list[list[tuple[int, ...]]]:
    """Return the rings of an area that are large enough, touch another area, or are its largest."""

    def stays(ring: _Ring) -> bool:
        touches = any((n if n >= 0 else ~n) in shared for n in ring.arcs)
        return touches or ring.area >= SMALL * threshold

    largest = max(polygons, key=lambda polygon: polygon[0].area)
    return [
        [polygon[0].arcs, *(hole.arcs for hole in polygon[1:] if stays(hole))]
        for polygon in polygons
        if polygon is largest or stays(polygon[0])
    ]


def _renumber(
    polygons: Sequence[Sequence[Sequence[int]]], new: Mapping[int, int]
) -> list[list[list[int]]]:
    """Return rings under the numbers of the pieces that are left."""
    return [
        [[new[n] if n >= 0 else ~new[~n] for n in ring] for ring in polygon] for polygon in polygons
    ]


def _steps(arc: _Arc, threshold: float) -> list[list[int]]:
    """Return what is left of a piece: its first point, then the steps to the next."""
    points = arc.points[arc.weights >= threshold]
    steps = np.vstack([points[:1], np.diff(points, axis=0)])
    found: list[list[int]] = steps.tolist()
    return found
