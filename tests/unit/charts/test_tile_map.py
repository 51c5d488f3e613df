import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everycount.charts import render
from everycount.charts.tile_layout import TileLayout, compute_layout
from everycount.charts.tile_map import LARGEST, tile_map
from everycount.io.geometry import world_geometry
from everycount.io.tile_layouts import world_layout

FOUR = TileLayout(places={"A": (0, 0), "B": (1, 0), "C": (0, 1), "D": (5, 5)})


def texts(spec):
    return [
        row["text"] for layer in spec["layer"] for row in layer["data"]["values"] if "text" in row
    ]


def tiles(figures, layout=FOUR, **more):
    return tile_map(figures, breaks=[50], layout=layout, description="Tiles.", **more)


def test_tiles_hold_code_and_value_and_missing_ones_are_hatched():
    spec = tiles({"A": 12.5, "B": 81.0}, number=lambda value: f"{value:g}".replace(".", ","))
    assert sorted(texts(spec)) == ["12,5", "81", "A", "B", "C", "D"]
    svg = render.svg(spec)
    assert svg.count("url(#hatch)") == 2
    assert svg.count("var(--q-4)") == svg.count("var(--q-5)") == 1


def test_tiles_are_as_large_as_the_width_allows_up_to_a_size():
    assert tiles({})["width"] == 6 * (LARGEST + 3) - 3
    assert tiles({}, width=200)["width"] <= 200


def test_small_tiles_hold_codes_alone_and_the_smallest_nothing():
    row = TileLayout(places={f"A{number}": (number, 0) for number in range(12)})
    figures = {"A1": 5.0}
    assert set(texts(tiles(figures, row, width=320))) == set(row.places)
    assert texts(tiles(figures, row, width=200)) == []


def test_words_on_dark_tiles_are_light():
    spec = tiles({"A": 1.0, "B": 99.0})
    svg = render.svg(spec)
    assert svg.count('fill="var(--surface)"') == 4
    pale = tile_map({"A": 1.0}, breaks=[5, 6, 7, 8], layout=FOUR, description="T")
    assert 'fill="var(--surface)"' not in render.svg(pale)


def test_long_labels_are_set_smaller_alike():
    spec = tiles({}, labels={"A": "VN-0001", "B": "B"}, width=200)
    sizes = {
        layer["mark"]["fontSize"] for layer in spec["layer"] if layer["mark"]["type"] == "text"
    }
    assert sizes == {7}


def test_region_and_picked_tile():
    spec = tiles({"A": 1.0}, region={"A", "D"}, picked="D", tips={"D": "D: none"})
    assert spec["height"] == 2 * (LARGEST + 3) - 3
    svg = render.svg(spec)
    assert svg.count('stroke="var(--ink)"') == 1
    assert [row.get("tip") for row in spec["layer"][0]["data"]["values"]] == [None, "D: none"]
    assert 'stroke="var(--ink)"' not in render.svg(tiles({}, picked="Z"))


def test_tiles_of_no_area_are_refused():
    with pytest.raises(ValueError, match="none of its areas has a square"):
        tiles({}, region={"Z"})


def test_layout_with_two_areas_on_a_square_is_refused():
    with pytest.raises(ValueError, match="column 1, row 2: found A, B, expected one area"):
        TileLayout(places={"B": (1, 2), "A": (1, 2), "C": (0, 0)})


def test_layout_of_nothing_is_refused_and_of_one_area_is_a_square():
    with pytest.raises(ValueError, match="a tile map needs areas"):
        compute_layout({})
    assert compute_layout({"A": (5, 5)}).places == {"A": (0, 0)}


def test_layout_of_areas_at_one_place_has_a_square_for_each():
    assert len(set(compute_layout({"A": (5, 5), "B": (5, 5), "C": (5, 5)}).places.values())) == 3


def test_layout_of_a_continent_keeps_most_neighbours():
    """Borders of Africa by the shipped map: areas whose shapes share an arc."""
    world = world_geometry("iso3")
    south = {
        code
        for code, (latitude, longitude) in world.centres().items()
        if -36 < latitude < 37.5 and -20 < longitude < 52 and latitude < 48 - longitude * 0.7
    }
    africa = south & set(world_layout("iso3").places) - {"YEM", "SAU", "ESP", "PRT", "MLT"}
    assert {"DZA", "ZAF", "SOM", "SEN", "EGY"} <= africa
    arcs = {
        shape["id"]: {
            abs(arc + (arc < 0)) for polygon in shape["arcs"] for ring in polygon for arc in ring
        }
        for shape in world.shapes
        if shape["id"] in africa
    }
    borders = [(a, b) for a in sorted(arcs) for b in sorted(arcs) if a < b and arcs[a] & arcs[b]]
    computed = compute_layout({code: world.centres()[code] for code in africa}).places

    def kept(places):
        return np.mean([max(abs(np.subtract(places[a], places[b]))) == 1 for a, b in borders])

    assert kept(computed) > 0.7
    assert kept(world_layout("iso3").places) > 0.8


PLACES = st.dictionaries(
    st.text("abc", min_size=1, max_size=4),
    st.tuples(st.floats(-60, 60), st.floats(-180, 180)),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(PLACES)
def test_layout_has_a_square_for_each_area_whatever_their_order(places):
    layout = compute_layout(places)
    assert set(layout.places) == set(places)
    assert layout == compute_layout(dict(reversed(places.items())))
    columns, rows = layout.size
    assert {x for x, _ in layout.places.values()} == set(range(columns))
    assert {y for _, y in layout.places.values()} == set(range(rows))
