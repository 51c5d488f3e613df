import numpy as np
import pytest

from everycount.charts.geometry import Geometry, polygons, unwrapped
from everycount.charts.map_arcs import light_topology

SQUARE = np.array([[0, 0], [0, 2], [2, 2], [2, 0], [0, 0.0]])
SHAPES = {"A": [[SQUARE]], "B": [[SQUARE + np.array([2, 0])], [SQUARE + np.array([9, 9])]]}
LAND = Geometry(topology=light_topology(SHAPES), points={"C": (5, 6)}, names={"A": "Hà Nội"})


def test_codes_are_those_of_shapes_and_points():
    assert LAND.codes == {"A", "B", "C"}
    assert Geometry(topology={"type": "Topology"}).codes == frozenset()


def test_cropped_keeps_the_arcs_of_its_areas_alone():
    alone = LAND.cropped({"B", "C"})
    assert alone.codes == {"B", "C"}
    assert len(alone.topology["arcs"]) < len(LAND.topology["arcs"])
    before, after = LAND.outlines()["B"], alone.outlines()["B"]
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_renamed_changes_shapes_points_and_names():
    other = LAND.renamed({"A": "VN01", "C": "VN03"})
    assert other.codes == {"VN01", "B", "VN03"}
    assert other.names == {"VN01": "Hà Nội"}


def test_centre_is_that_of_the_largest_part():
    centres = LAND.centres()
    assert centres["A"] == pytest.approx((1, 1), abs=0.01)
    assert centres["B"][0] in (pytest.approx(1, abs=0.01), pytest.approx(10, abs=0.01))
    assert centres["C"] == (5, 6)


def test_centre_of_an_area_without_extent_is_its_middle():
    flat = {"type": "MultiPolygon", "id": "A", "arcs": [[[0]]]}
    topology = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "objects": {"areas": {"geometries": [flat]}},
        "arcs": [[[0, 0], [2, 0], [0, 0], [-2, 0]]],
    }
    assert Geometry(topology=topology).centres()["A"] == (0, 1)


def test_ring_across_the_seam_goes_on_and_one_around_the_pole_stays():
    pole = np.array([[-180, -60], [0, -60], [180, -60.0]])
    around = np.array([[0, 80], [120, 80], [-120, 80], [-1, 80.0]])
    assert np.array_equal(unwrapped(pole), pole)
    assert np.array_equal(unwrapped(around), around)


def test_polygon_alone_is_one_of_several():
    assert polygons({"type": "Polygon", "arcs": [[1]]}) == [[[1]]]


def test_note_in_a_language_that_is_not_there_is_english_or_nothing():
    assert Geometry(topology={}, notes={"vi": "Ranh giới"}).note("fr") == ""
