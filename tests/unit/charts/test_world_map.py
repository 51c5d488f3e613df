from importlib.resources import files

from everycount.charts import render
from everycount.charts.world_map import world_map

WORLD = (files("everycount") / "assets" / "world.topojson").read_bytes()
POINTS = {"MLT": (35.9, 14.4), "MDV": (4.2, 73.5), "NRU": (-0.5, 166.9)}


def drawn(scores, missing=(), breaks=(60, 70, 80, 90)):
    spec = world_map(
        scores, breaks=breaks, topology=WORLD, points=POINTS, missing=missing, description="A map."
    )
    return render.svg(spec)


def test_world_map_colours_each_area_by_its_class():
    svg = drawn({"NOR": 93.9, "VNM": 70.0, "TCD": 12.0})
    assert svg.count("var(--q-5)") == 1
    assert svg.count("var(--q-3)") == 1
    assert svg.count("var(--q-1)") == 1
    assert "var(--q-2)" not in svg


def test_world_map_hatches_every_shape_without_a_score():
    assert drawn({}).count("url(#hatch)") == 175
    assert drawn({"NOR": 93.9}).count("url(#hatch)") == 174


def test_world_map_shows_small_states_as_dots_and_missing_ones_hatched():
    svg = drawn({"MLT": 85.0}, missing=("MDV", "FRA", "TUV"))
    assert svg.count("var(--q-4)") == 1
    assert svg.count("url(#hatch)") == 176
    assert svg.count("var(--c-other)") == 1


def test_world_map_with_fewer_classes_uses_the_darkest():
    svg = drawn({"NOR": 93.9, "TCD": 12.0}, breaks=(50,))
    assert svg.count("var(--q-5)") == 1
    assert svg.count("var(--q-4)") == 1


def test_world_map_stays_under_120_kilobytes():
    assert len(drawn({"NOR": 93.9}).encode()) < 120_000
