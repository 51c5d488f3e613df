"""Check the shapes of a file and take their codes: every fault at once."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from everycount.charts.geometry import Floats, unwrapped
from everycount.charts.map_projection import middle_longitude
from everycount.errors import InputError, Problem
from everycount.io.geometry_document import Document, RawShape

EAST: Final = 360.0
"""Degrees of longitude: some files count on to 360 so that an area is not cut at 180."""
POLE: Final = 90.0
METRES: Final = "degrees on WGS 84, longitude first"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shapes:
    """The areas of a file."""

    areas: Mapping[str, list[list[Floats]]]
    """Code to polygons: closed rings of longitude and latitude in degrees."""
    names: Mapping[str, str]


def read_shapes(
    document: Document, *, subject: str, code: str | None = None, name: str | None = None
) -> Shapes:
    """Return the areas of a file by their codes.

    Raises
    ------
    InputError
        With every fault of every shape.
    """
    problems = list(document.problems)
    areas: dict[str, list[list[Floats]]] = {}
    names: dict[str, str] = {}
    codes = list(_codes(document, code, problems))
    problems += _repeated(document, codes)
    outside: list[tuple[str, Floats]] = []
    for shape, own in zip(document.shapes, codes, strict=True):
        where = f"{shape.where} ({own})" if own else shape.where
        polygons = list(_polygons(shape, where, problems))
        outside += [(where, ring) for polygon in polygons for ring in polygon if _leaves(ring)]
        if own is not None:
            areas[own] = polygons
            if name is not None and isinstance(shape.properties.get(name), str):
                names[own] = shape.properties[name]
    problems += _outside(outside, len(document.shapes))
    if name is not None and not names:
        problems.append(Problem("names", f"no property {name!r}", _properties(document)))
    if problems:
        raise InputError(subject, problems)
    return Shapes(areas=_together(areas), names=names)


def _together(areas: Mapping[str, list[list[Floats]]]) -> dict[str, list[list[Floats]]]:
    """Return areas on one side of the globe's seam: Fiji's islands lie on both sides of 180."""
    rings = [polygon[0] for polygons in areas.values() for polygon in polygons]
    middle = middle_longitude(np.concatenate(rings)[:, 0])

    def moved(polygon: list[Floats]) -> list[Floats]:
        whole = [unwrapped(ring) for ring in polygon]
        turns = round((middle - float(whole[0][:, 0].mean())) / 360)
        return [ring + np.array([360.0 * turns, 0.0]) for ring in whole]

    return {code: [moved(polygon) for polygon in polygons] for code, polygons in areas.items()}


def _codes(document: Document, code: str | None, problems: list[Problem]) -> Iterator[str | None]:
    """Give the code of each shape, or None where there is none."""
    values = [s.id if code is None else s.properties.get(code) for s in document.shapes]
    written = [_code(value) for value in values]
    if not any(written):
        wanted = "an id" if code is None else f"a property {code!r}"
        expected = f"the property that holds the code of each area: {_properties(document)}"
        problems.append(Problem("codes", f"no shape with {wanted}", expected))
    else:
        problems += [
            Problem(shape.where, _shown(value), f"a code in {code or 'id'!r}, as text or integer")
            for shape, value, own in zip(document.shapes, values, written, strict=True)
            if own is None
        ]
    yield from written


def _code(value: Any) -> str | None:
    """Return a code as text; a number with a fraction, or none, is no code."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


def _properties(document: Document) -> str:
    """Return in words which properties the shapes have."""
    found = dict.fromkeys(key for shape in document.shapes for key in shape.properties)
    return f"one of {', '.join(map(repr, found))}" if found else "the file has no properties"


def _repeated(document: Document, codes: list[str | None]) -> Iterator[Problem]:
    """Give each code that two shapes have."""
    counts = Counter(own for own in codes if own is not None)
    for code, count in counts.items():
        if count > 1:
            pairs = zip(document.shapes, codes, strict=True)
            places = [shape.where for shape, own in pairs if own == code]
            shown = ", ".join(places[:4]) + (" …" if count > 4 else "")
            expected = "one shape for a code, of as many parts as it needs"
            yield Problem(f"code {code!r}", f"{count} shapes ({shown})", expected)


def _polygons(shape: RawShape, where: str, problems: list[Problem]) -> Iterator[list[Floats]]:
    """Give the polygons of a shape whose rings are sound; note those that are not."""
    if not isinstance(shape.polygons, list) or not shape.polygons:
        found = shape.kind or "no geometry"
        if shape.kind in {"Polygon", "MultiPolygon", "GeometryCollection"}:
            found = f"{shape.kind} without polygons"
        problems.append(Problem(where, found, "a Polygon or MultiPolygon"))
        return
    for number, polygon in enumerate(shape.polygons, start=1):
        place = where if len(shape.polygons) == 1 else f"{where}, polygon {number}"
        if not isinstance(polygon, list) or not polygon:
            problems.append(Problem(place, _shown(polygon), "rings of positions"))
            continue
        faults = [_fault(ring, f"{place}, ring {n}") for n, ring in enumerate(polygon, start=1)]
        problems += [fault for fault in faults if fault]
        if not any(faults):
            yield [_array(ring) for ring in polygon]


def _fault(ring: Any, where: str) -> Problem | None:
    """Return what is wrong with a ring."""
    if not isinstance(ring, list) or not all(map(_is_position, ring)):
        wrong = next((p for p in ring if not _is_position(p)), ring) if ring else ring
        return Problem(where, _shown(wrong), "positions of longitude and latitude")
    if len(ring) < 4:
        return Problem(where, f"{len(ring)} positions", "four or more")
    if ring[0][:2] != ring[-1][:2]:
        first, last = (tuple(place[:2]) for place in (ring[0], ring[-1]))
        return Problem(where, f"a start at {first} and an end at {last}", "a closed ring")
    return None


def _is_position(place: Any) -> bool:
    """Tell whether something is two numbers, or two and a height."""
    return (
        isinstance(place, list)
        and len(place) >= 2
        and all(isinstance(part, int | float) and not isinstance(part, bool) for part in place[:2])
        and all(abs(part) < 1e300 for part in place[:2])
    )


def _array(ring: list[list[float]]) -> Floats:
    """Return a ring as longitude and latitude."""
    return np.array([place[:2] for place in ring], dtype=np.float64)


def _leaves(ring: Floats) -> bool:
    """Tell whether a ring leaves the globe."""
    longitude, latitude = ring.T
    return bool((np.abs(longitude) > EAST).any() or (np.abs(latitude) > POLE).any())


def _outside(rings: list[tuple[str, Floats]], shapes: int) -> Iterator[Problem]:
    """Give the rings outside the globe; as one fault where a whole file is in metres."""
    places = list(dict.fromkeys(where for where, _ in rings))
    if len(places) > shapes / 2 and shapes > 1:
        x, y = np.max([np.abs(ring).max(axis=0) for _, ring in rings], axis=0)
        found = f"coordinates up to {x:,.0f} and {y:,.0f} in {len(places)} of {shapes} shapes"
        yield Problem("coordinates", f"{found}, as metres are", METRES)
        return
    for where in places:
        ring = next(ring for own, ring in rings if own == where)
        beyond = (np.abs(ring[:, 0]) > EAST) | (np.abs(ring[:, 1]) > POLE)
        x, y = ring[int(beyond.argmax())]
        yield Problem(where, f"({x:g}, {y:g}), outside the globe", METRES)


def _shown(value: Any) -> str:
    """Return something found as a message shows it."""
    return "nothing" if value is None else repr(value)[:60]
