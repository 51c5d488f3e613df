import xml.etree.ElementTree as ET
from statistics import median

import pytest

from everycount.charts import render
from everycount.charts.strip_plot import Area, strip_plot
from everycount.charts.targets import Target
from everycount.charts.theme import BAND, FOCUS, INK, MISSING, OTHER, STEPS, SURFACE

TEXT = "{http://www.w3.org/2000/svg}text"


def spec_of(*areas, **options):
    return strip_plot(areas, **{"description": "D.", "number": "{:.1f}".format} | options)


def said(spec):
    return [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]


def named(spec, kind, colour):
    paint = ("color", "stroke")
    return [
        value
        for layer in spec["layer"]
        if layer["mark"]["type"] == kind and colour in [layer["mark"].get(name) for name in paint]
        for value in layer["data"]["values"]
        if "figure" in value
    ]


AREAS = [Area(name=f"A{k}", value=k % 50, row="Asia" if k % 2 else "Europe") for k in range(200)]


def test_each_area_has_a_line_and_each_region_its_median():
    spec = spec_of(*AREAS)
    assert len(named(spec, "rule", OTHER)) == 200
    medians = [
        f"{median(a.value for a in AREAS if a.row == row):.1f}" for row in ("Europe", "Asia")
    ]
    assert [value["figure"] for value in named(spec, "point", INK)] == medians
    assert {"Asia", "Europe", *medians} <= set(said(spec))


def test_dots_of_a_row_do_not_cover_one_another():
    spec = spec_of(*[Area(name=a.name, value=a.value) for a in AREAS], shape="dot")
    places = {(value["x"], value["y"]) for value in named(spec, "point", OTHER)}
    assert len(places) == 200


def test_picked_areas_have_name_and_figure():
    spec = spec_of(*AREAS, Area(name="Viet Nam", value=26.72, row="Asia", tone="focus"))
    assert "Viet Nam 26.7" in said(spec)
    assert named(spec, "rule", FOCUS)[0]["name"] == "Viet Nam"


def test_classes_colour_quiet_areas_and_stand_in_the_key():
    spec = spec_of(*AREAS, breaks=[10, 20, 30, 40], shape="dot")
    assert all(named(spec, "point", step) for step in STEPS)
    assert {"under 10.0", "10.0 to under 20.0", "40.0 and over"} <= set(said(spec))


def test_few_cases_are_hollow_in_a_row_of_lines_too():
    spec = spec_of(Area(name="A", value=3, flag="few"), Area(name="B", value=4))
    hollow = [layer for layer in spec["layer"] if layer["mark"].get("fill") == SURFACE]
    assert any("figure" in layer["data"]["values"][0] for layer in hollow)
    assert "hollow: few cases" in said(spec)


def test_missing_and_hidden_are_counted_and_an_empty_row_is_hatched():
    spec = spec_of(Area(name="A", row="R"), Area(name="B", row="S", flag="hidden"))
    assert "no figure: 2" in said(spec)
    hatched = [layer for layer in spec["layer"] if layer["mark"].get("color") == MISSING]
    assert len(hatched[0]["data"]["values"]) == 2


def test_one_area_has_no_median():
    spec = spec_of(Area(name="A", value=3))
    assert named(spec, "point", INK) == []
    assert "median" not in said(spec)


def test_target_and_unit():
    spec = spec_of(Area(name="A", value=3), target=Target(words="Parity", low=4, high=5),
                   unit="years")  # fmt: skip
    assert any(layer["mark"].get("color") == BAND for layer in spec["layer"])
    assert {"Parity", "years"} <= set(said(spec))


def test_narrow_chart_has_names_over_strips():
    spec = spec_of(*AREAS, width=340)
    middle = {text: value["y"] for layer in spec["layer"] if layer["mark"]["type"] == "text"
              for value in layer["data"]["values"] for text in [value["text"]]}  # fmt: skip
    assert middle["Europe"] < min(v["y"] for v in named(spec, "rule", OTHER))


def test_long_numbers_of_the_axis_stay_in_the_picture():
    spec = spec_of(Area(name="A", value=3), tick="{:020f}".format)
    assert spec["padding"]["left"] > 16


def test_no_areas_and_too_many_classes_are_refused():
    with pytest.raises(ValueError, match="at least one area"):
        spec_of()
    with pytest.raises(ValueError, match="expected one to four, ascending"):
        spec_of(Area(name="A"), breaks=[1, 2, 3, 4, 5])
    with pytest.raises(ValueError, match="must not be given"):
        Area(name="A", value=1, flag="hidden")
