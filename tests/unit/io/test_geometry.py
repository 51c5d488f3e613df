import json

import numpy as np
import pytest

from everycount.charts.geometry import signed_area
from everycount.errors import InputError, NotFound
from everycount.io.geometry import (
    BOUNDARY_NOTES,
    DRAWN_BY_OTHERS,
    match_areas,
    parse_geometry,
    read_geometry,
    world_geometry,
)

SQUARE = [[105, 20], [106, 20], [106, 21], [105, 21], [105, 20]]


def feature(code, coordinates, *, kind="Polygon", **properties):
    geometry = None if coordinates is None else {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "id": code, "properties": properties, "geometry": geometry}


def collection(*features, **more):
    return {"type": "FeatureCollection", "features": list(features)} | more


def parsed(document, **options):
    return parse_geometry(json.dumps(document).encode(), subject="map.json", **options)


def faults(document, **options):
    source = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(InputError) as error:
        parse_geometry(source, subject="map.json", **options)
    return [str(problem) for problem in error.value.problems]


def moved(east, north=0):
    return [[x + east, y + north] for x, y in SQUARE]


def test_shapes_are_read_by_id_and_turned_for_the_globe():
    hole = [[105.2, 20.2], [105.8, 20.2], [105.8, 20.8], [105.2, 20.2]]
    geometry = parsed(collection(feature("VN01", [SQUARE, hole]), feature(4, [moved(1)])))
    assert geometry.codes == {"VN01", "4"}
    assert all(signed_area(rings[0]) < 0 for rings in geometry.outlines().values())
    assert geometry.note("vi") == DRAWN_BY_OTHERS["vi"]
    assert geometry.note("de") == DRAWN_BY_OTHERS["en"]


def test_codes_and_names_are_read_from_properties_as_they_are_written():
    unnamed = feature(None, [moved(1)], adm1="05")
    document = collection(feature(None, [SQUARE], adm1="04", name="Hà Giang"), unnamed)
    geometry = parsed(document, code="adm1", name="name", notes={"vi": "Ranh giới 2025"})
    assert geometry.codes == {"04", "05"}
    assert geometry.names == {"04": "Hà Giang"}
    assert geometry.note("vi") == "Ranh giới 2025"


def test_parts_of_several_kinds_are_one_shape():
    parts = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "Polygon", "coordinates": [SQUARE]},
            {"type": "MultiPolygon", "coordinates": [[moved(3)], [moved(6)]]},
        ],
    }
    one = {"type": "Feature", "id": "A", "properties": None, "geometry": parts}
    assert len(parsed(one).outlines()["A"]) == 3


def test_heights_are_left_out_and_a_mark_of_byte_order_is_passed_over():
    high = [[x, y, 12.5] for x, y in SQUARE]
    source = b"\xef\xbb\xbf" + json.dumps(feature("A", [high])).encode()
    assert parse_geometry(source, subject="map.json").codes == {"A"}


def test_shape_on_both_sides_of_the_seam_stays_together():
    fiji = feature("FJ", [[moved(73, -37)], [moved(-285, -37)]], kind="MultiPolygon")
    across = feature("X", [[[179, 0], [-179, 0], [-179, 1], [179, 1], [179, 0]]])
    geometry = parsed(collection(fiji, across))
    longitudes = np.concatenate([r[:, 0] for rings in geometry.outlines().values() for r in rings])
    assert np.ptp(longitudes) < 5


def test_every_fault_is_told_at_once():
    found = faults(
        collection(
            feature("A", [SQUARE[:-1]]),
            feature("B", [[[0, 0], [1, 1], [0, 0]]]),
            feature("C", [[[0, 0], [1, "x"], [1, 1], [0, 0]]]),
            feature("D", None),
            feature("E", [0, 0], kind="Point"),
            feature("F", [], kind="Polygon"),
            feature("G", []) | {"geometry": {"type": "MultiPolygon", "coordinates": []}},
            feature("H", [[SQUARE], "no"], kind="MultiPolygon"),
            feature("H", [moved(9, 100)]),
            feature(1.5, [moved(20)]),
            feature("I", "no ring"),
        )
    )
    assert found == [
        "feature 10: found 1.5, expected a code in 'id', as text or integer",
        "code 'H': found 2 shapes (feature 8, feature 9), "
        "expected one shape for a code, of as many parts as it needs",
        "feature 1 (A), ring 1: found a start at (105, 20) and an end at (105, 21), "
        "expected a closed ring",
        "feature 2 (B), ring 1: found 3 positions, expected four or more",
        "feature 3 (C), ring 1: found [1, 'x'], expected positions of longitude and latitude",
        "feature 4 (D): found no geometry, expected a Polygon or MultiPolygon",
        "feature 5 (E): found Point, expected a Polygon or MultiPolygon",
        "feature 6 (F): found [], expected rings of positions",
        "feature 7 (G): found MultiPolygon without polygons, expected a Polygon or MultiPolygon",
        "feature 8 (H), polygon 2: found 'no', expected rings of positions",
        "feature 11 (I): found 'no ring', expected rings of positions",
        "feature 9 (H): found (114, 120), outside the globe, "
        "expected degrees on WGS 84, longitude first",
    ]


def test_file_without_codes_names_its_properties():
    document = collection(feature(None, [SQUARE], NAME="Hà Nội", GID=1))
    expected = "expected the property that holds the code of each area: one of 'NAME', 'GID'"
    assert faults(document) == [f"codes: found no shape with an id, {expected}"]
    assert faults(document, code="iso") == [
        f"codes: found no shape with a property 'iso', {expected}"
    ]
    assert faults(feature(True, [SQUARE])) == [
        "codes: found no shape with an id, expected the property that holds the code of each "
        "area: the file has no properties"
    ]
    assert faults(document, code="GID", name="nom") == [
        "names: found no property 'nom', expected one of 'NAME', 'GID'"
    ]


def test_many_shapes_with_one_code_are_counted():
    document = collection(*(feature("A", [moved(k)]) for k in range(6)))
    assert faults(document)[0].startswith(
        "code 'A': found 6 shapes (feature 1, feature 2, feature 3, feature 4 …)"
    )


def test_coordinates_in_metres_are_one_fault():
    metres = [[x * 1e4, y * 1e5] for x, y in SQUARE]
    shapes = [feature(code, [metres]) for code in "ABC"]
    assert faults(collection(*shapes)) == [
        "coordinates: found coordinates up to 1,060,000 and 2,100,000 in 3 of 3 shapes, "
        "as metres are, expected degrees on WGS 84, longitude first"
    ]


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", False),
        ("EPSG:4326", False),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", False),
        ("urn:ogc:def:crs:EPSG::3405", True),
        (None, False),
    ],
)
def test_coordinate_system_that_is_not_degrees_is_told(name, is_told):
    system = {"type": "name", "properties": {"name": name}}
    document = collection(feature("A", [SQUARE]), crs=system)
    if is_told:
        assert faults(document) == [
            f"map.json: found coordinates in {name}, expected degrees on WGS 84 (EPSG:4326): "
            "export the file again in that system"
        ]
    else:
        assert parsed(document).codes == {"A"}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (b"not json", "no JSON (Expecting value"),
        (b"\xff\xfe", "no JSON ("),
        (b'{"type": "Feature", "x": NaN}', "no JSON (NaN is no number)"),
        (b"[" * 100_000, "no JSON ("),
        (b"[1]", "JSON without a type"),
        (b'{"type": "Polygon"}', "JSON of type 'Polygon'"),
        (b'{"type": "FeatureCollection", "features": 3}', "no shapes"),
    ],
)
def test_other_files_are_refused(source, found):
    assert found in faults(source)[0]


def topology(**more):
    arcs = [
        [[0, 0], [10, 0]],
        [[10, 0], [0, 10], [-10, 0], [0, -10]],
        [[10, 0], [10, 0], [0, 10], [-10, 0]],
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [105, 20]},
        "arcs": arcs,
        "objects": {
            "provinces": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "id": "A", "arcs": [[0, 1]], "properties": {"n": "x"}},
                ],
            }
        },
    } | more


def test_topojson_is_read_with_and_without_a_transform():
    assert parsed(topology()).outlines()["A"][0].max(axis=0) == pytest.approx([106, 21])
    plain = topology(
        transform=None,
        arcs=[SQUARE[:3], SQUARE[2:], [[1, 1]]],
        objects={"one": {"type": "MultiPolygon", "id": "A", "arcs": [[[~1, ~0]]]}},
    )
    assert parsed(plain).outlines()["A"][0].max(axis=0) == pytest.approx([106, 21])


def test_topojson_with_several_objects_needs_the_name_of_one():
    two = topology()
    two["objects"]["rivers"] = {"type": "LineString", "arcs": [0]}
    assert faults(two) == [
        "objects: found 'provinces', 'rivers', expected one object, or the name of the one to read"
    ]
    assert faults(two, layer="lakes") == [
        "objects: found 'provinces', 'rivers', expected one called 'lakes'"
    ]
    assert parsed(two, layer="provinces").codes == {"A"}
    assert faults(topology(objects=None)) == [
        "objects: found none, expected one object, or the name of the one to read"
    ]
    assert faults(two, layer="rivers") == [
        "codes: found no shape with an id, expected the property that holds the code of each "
        "area: the file has no properties",
        "shape 1: found LineString, expected a Polygon or MultiPolygon",
    ]


def test_topojson_with_faults_in_its_arcs():
    broken = topology(arcs=[[[0, 0], ["x"]], [[0, 0]]])
    assert faults(broken)[0] == "arc 0: found [[0, 0], ['x']], expected positions of two numbers"
    lacking = topology(arcs=[[[0, 0], [10, 0]]])
    assert faults(lacking) == [
        "shape 1 (A), ring 1: found nothing, expected positions of longitude and latitude"
    ]
    assert faults(topology(arcs=None, objects={"p": {"type": "GeometryCollection"}})) == [
        "map.json: found no shapes, expected one for each area"
    ]
    gap = topology(arcs=[[[0, 0], [10, 0]], [[10, 0], [0, 10], [-10, 0]]])
    assert faults(gap) == [
        "shape 1 (A), ring 1: found a start at (105.0, 20.0) and an end at (105.0, 21.0), "
        "expected a closed ring"
    ]
    speck = topology(arcs=[[[0, 0], [0, 0]], [[0, 0]]])
    assert parsed(speck).codes == {"A"}
    odd = {"p": {"type": "Polygon", "id": "A", "arcs": "none"}}
    assert faults(topology(objects=odd)) == [
        "shape 1 (A): found 'none', expected rings of positions"
    ]


def test_read_geometry_of_a_file(tmp_path):
    path = tmp_path / "map.json"
    path.write_text(json.dumps(feature("A", [SQUARE])))
    assert read_geometry(path).codes == {"A"}
    with pytest.raises(NotFound):
        read_geometry(tmp_path / "none.json")


def test_world_has_every_state_and_a_note_in_each_language():
    world = world_geometry("iso3")
    assert len(world.codes) == 233
    assert {"VNM", "TUV", "XKX"} <= world.codes
    assert world_geometry().note("ar") == BOUNDARY_NOTES["ar"]
    assert set(BOUNDARY_NOTES) == set(DRAWN_BY_OTHERS) == {"en", "fr", "es", "vi", "ar"}


def test_match_tells_what_is_in_one_alone():
    geometry = parsed(collection(feature("A", [SQUARE]), feature("B", [moved(1)])))
    found = match_areas(geometry, ["B", "C"])
    assert (found.both, found.without_figures, found.without_shape) == (("B",), ("A",), ("C",))
    with pytest.raises(
        InputError, match=r"areas such as 'VN1', expected some of the map, such as 'A'"
    ):
        match_areas(geometry, ["VN1"])
    with pytest.raises(InputError, match="areas such as none"):
        match_areas(geometry, [])


@pytest.mark.shared
def test_map_of_the_world_at_a_finer_scale_fits_a_page(shared):
    source = (shared / "data/world_map/visionscarto_50m.topojson").read_bytes()
    with pytest.raises(InputError, match="found 'land', 'countries', expected one"):
        parse_geometry(source, subject="world")
    light = parse_geometry(source, subject="world", code="a3", layer="countries", budget=60_000)
    assert len(light.codes) == 242
    assert len(json.dumps(light.topology, separators=(",", ":"))) <= 60_000


@pytest.mark.shared
def test_geojson_of_the_same_world_gives_the_same_areas(shared):
    light = read_geometry(shared / "data/world_map/countries_110m.geojson", code="iso3")
    assert len(light.codes & world_geometry("iso3").codes) == 174
