import numpy as np
import pytest

from everycount.charts import render
from everycount.charts.area_map import WINDOWS, area_map
from everycount.charts.geometry import Geometry
from everycount.charts.map_arcs import light_topology
from everycount.charts.map_projection import middle_longitude, place
from everycount.io.geometry import world_geometry


def box(west, south, east, north):
    return np.array(
        [[west, south], [west, north], [east, north], [east, south], [west, south.__float__()]]
    )


def land(**boxes):
    return Geometry(
        topology=light_topology({code: [[box(*sides)]] for code, sides in boxes.items()})
    )


TWO = land(A=(100, 10, 104, 14), B=(104, 10, 108, 14))


def drawn(figures, geometry=TWO, **more):
    spec = area_map(figures, breaks=[50], geometry=geometry, description="A map.", **more)
    return render.svg(spec)


def test_map_of_a_country_fills_its_width():
    spec = area_map({"A": 1}, breaks=[50], geometry=TWO, description="A map.", width=400)
    assert spec["projection"]["type"] == "azimuthalEqualArea"
    assert spec["height"] == pytest.approx(400 / 8 * 4, abs=15)
    svg = drawn({"A": 1.0, "B": 60.0}, width=400)
    assert svg.count("var(--q-4)") == svg.count("var(--q-5)") == 1


def test_map_of_a_tall_country_is_not_taller_than_allowed():
    spec = area_map(
        {"A": 1}, breaks=[1], geometry=land(A=(100, 8, 103, 24)), description="M", width=300
    )
    assert spec["height"] == 360


def test_shape_too_small_to_see_has_a_dot():
    geometry = land(A=(100, 10, 110, 20), B=(111, 10, 111.01, 10.01))
    assert drawn({"A": 1.0, "B": 60.0}, geometry).count("var(--q-5)") == 2
    assert drawn({"A": 1.0}, geometry).count("var(--c-other)") == 1


def test_picked_area_has_an_outline_and_a_small_one_a_ring():
    geometry = land(A=(100, 10, 110, 20), B=(111, 10, 111.01, 10.01))
    assert drawn({"A": 1.0}, geometry).count("var(--ink)") == 0
    assert drawn({"A": 1.0}, geometry, picked="A").count("var(--ink)") == 1
    assert drawn({"B": 1.0}, geometry, picked="B").count("var(--ink)") == 2
    assert drawn({"B": 1.0}, geometry, picked="Z").count("var(--ink)") == 0


def test_region_shows_its_areas_alone_and_fills_the_drawing():
    svg = drawn({"A": 1.0, "B": 60.0}, region={"B"}, width=300)
    assert svg.count("<path") == 1
    assert 'width="304"' in svg


def test_region_without_areas_is_refused():
    with pytest.raises(ValueError, match="none of its areas has a shape or a point"):
        drawn({}, region={"Z"})


@pytest.mark.parametrize("breaks", [(), (1, 2, 3, 4, 5), (2, 1), (1, 1)])
def test_wrong_breaks_are_refused(breaks):
    with pytest.raises(ValueError, match="expected one to four, ascending"):
        area_map({}, breaks=breaks, geometry=TWO, description="M")


def test_tips_stand_beside_their_areas():
    geometry = Geometry(topology=TWO.topology, points={"C": (12, 112)})
    spec = area_map(
        {"A": 1, "C": 2},
        breaks=[2],
        geometry=geometry,
        description="M",
        tips={"A": "A: 1", "B": "B: none", "C": "C: 2"},
    )
    lookup = spec["layer"][0]["transform"][0]["from"]
    assert lookup["fields"] == ["class", "tip"]
    assert {"unit": "B", "tip": "B: none"} in lookup["data"]["values"]
    assert spec["layer"][1]["data"]["values"][0]["tip"] == "C: 2"


def test_window_cuts_what_reaches_out_of_it():
    world = world_geometry("iso3")
    region = {"FRA", "POL", "RUS", "MLT", "ISL", "PRT"}
    whole = area_map(
        {"RUS": 1, "MLT": 1}, breaks=[1], geometry=world, description="M", region=region
    )
    cut = area_map(
        {"RUS": 1, "MLT": 1}, breaks=[1], geometry=world, description="M", region=region,
        window=WINDOWS["150"],
    )  # fmt: skip
    assert cut["projection"]["scale"] > 1.5 * whole["projection"]["scale"]
    assert cut["projection"]["clipExtent"] == [[0, 0], [cut["width"], cut["height"]]]
    far = area_map(
        {"MLT": 1}, breaks=[1], geometry=world, description="M", window=(100, 0, 120, 20)
    )
    assert far["layer"][1]["data"]["values"] == []


def test_areas_on_both_sides_of_the_globe_are_drawn_on_the_whole_of_it():
    spec = area_map(
        {"BRA": 1}, breaks=[1], geometry=world_geometry("iso3"), description="M",
        region={"BRA", "IND", "JPN"},
    )  # fmt: skip
    assert spec["projection"]["type"] == "equalEarth"


def test_world_holds_all_areas_within_its_drawing():
    spec = area_map({}, breaks=[1], geometry=world_geometry(), description="M")
    svg = render.svg(spec)
    assert svg.count("url(#hatch)") == 175
    assert 0.4 < spec["height"] / spec["width"] < 0.5


def test_states_of_the_pacific_are_drawn_together():
    spec = area_map(
        {"FJI": 1, "WSM": 1}, breaks=[1], geometry=world_geometry("iso3"), description="M",
        region={"FJI", "WSM", "TON", "TUV"},
    )  # fmt: skip
    assert 170 < -spec["projection"]["rotate"][0] % 360 < 190
    assert spec["projection"]["type"] == "azimuthalEqualArea"


def test_places_in_pixels_are_those_that_vega_draws():
    """The same point by our formula and as a dot of Vega."""
    for codes in (("A",), None):
        geometry = TWO if codes else world_geometry("iso3")
        spots = {"X": (11.0, 102.0)} if codes else {"X": (48.0, 2.0)}
        geometry = Geometry(topology=geometry.topology, points=spots, is_world=codes is None)
        spec = area_map({"X": 1.0}, breaks=[1], geometry=geometry, description="M")
        edge = 6
        placing = place(geometry.outlines(), spots, width=720, most_height=864, edge=edge)
        ((x, y),) = placing.pixels(np.array([spots["X"][::-1]]))
        assert f"translate({round(x, 1) + 0:g},{round(y, 1) + 0:g})" in render.svg(spec)


def test_middle_longitude_of_places_around_the_seam():
    assert middle_longitude(np.array([170.0, -170.0])) in {180.0, -180.0}
    assert middle_longitude(np.array([7.0])) == 7.0
