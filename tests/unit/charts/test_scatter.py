import re
import xml.etree.ElementTree as ET
from math import pi

import pytest

from everycount.charts import render
from everycount.charts.scatter import Axis, Dotted, scatter
from everycount.charts.theme import FOCUS, MUTED, SURFACE

TEXT = "{http://www.w3.org/2000/svg}text"
X = Axis(words="Income, dollars", number="{:g}".format)
Y = Axis(words="Seats, %", number="{:g}".format)
LOG = Axis(words="Income, dollars", number="{:g}".format, kind="log")


def spec_of(*areas, **options):
    return scatter(areas, **{"description": "D.", "x": X, "y": Y} | options)


def said(spec):
    return [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]


def dots(spec):
    return {
        value["name"]: value
        for layer in spec["layer"]
        for value in layer["data"]["values"]
        if "name" in value
    }


def test_dots_stand_at_their_two_figures():
    spec = spec_of(Dotted(name="A", x=0, y=0), Dotted(name="B", x=10, y=10))
    low, high = dots(spec)["A"], dots(spec)["B"]
    assert low["x"] < high["x"]
    assert low["y"] > high["y"]
    assert {"Income, dollars", "Seats, %"} <= set(said(spec))


def test_logarithmic_axis_says_so():
    spec = spec_of(*[Dotted(name=str(k), x=10**k, y=k) for k in (2, 3, 4)], x=LOG)
    places = [dots(spec)[name]["x"] for name in "234"]
    assert places[1] - places[0] == pytest.approx(places[2] - places[1], abs=0.2)
    assert "Income, dollars (logarithmic axis: each step multiplies)" in said(spec)
    with pytest.raises(ValueError, match="above zero"):
        spec_of(Dotted(name="A", x=0, y=1), x=LOG)


def test_area_of_a_dot_is_people_where_all_have_it():
    areas = [Dotted(name="A", x=1, y=1, people=4e6), Dotted(name="B", x=2, y=2, people=1e6)]
    spec = spec_of(*areas)
    assert dots(spec)["A"]["size"] == pytest.approx(4 * dots(spec)["B"]["size"], rel=0.01)
    assert "area of a dot: people" in said(spec)
    lacking = spec_of(*areas, Dotted(name="C", x=3, y=3))
    assert len({dot["size"] for dot in dots(lacking).values()}) == 1
    nobody = spec_of(Dotted(name="A", x=1, y=1, people=0))
    assert dots(nobody)["A"]["size"] == pytest.approx(pi * 3.6**2, abs=0.1)


def test_names_stand_where_asked_for_and_where_picked_out():
    spec = spec_of(Dotted(name="Chad", x=1, y=1), Dotted(name="Laos", x=2, y=2, has_name=True),
                   Dotted(name="Viet Nam", x=3, y=3, tone="focus"))  # fmt: skip
    words = said(spec)
    assert {"Laos", "Viet Nam"} <= set(words)
    assert "Chad" not in words
    assert any(layer["mark"].get("color") == FOCUS for layer in spec["layer"])


def test_names_in_a_crowd_have_leaders_or_are_listed():
    areas = [Dotted(name=f"Area number {k}", x=1, y=1, has_name=True) for k in range(60)]
    spec = spec_of(*areas, width=340)
    words = " ".join(said(spec))
    assert "no room for the names:" in words
    assert all(re.search(rf"number {k}\b", words) for k in range(60))


def test_name_stands_on_paper_where_it_has_to_stand_on_dots():
    crowd = [Dotted(name=f"{i},{j}", x=i, y=j) for i in range(60) for j in range(40)]
    spec = spec_of(*crowd, Dotted(name="Viet Nam", x=30, y=20, tone="focus"))
    paper = [x for x in spec["layer"] if x["mark"].get("color") == SURFACE]
    assert paper[0]["mark"]["opacity"] < 1
    assert "Viet Nam" in said(spec)


def test_line_is_drawn_only_where_asked_for():
    areas = [Dotted(name=str(k), x=k, y=2 * k) for k in range(5)]
    assert not any("shape" in str(x["encoding"]) and x["mark"].get("stroke") == MUTED
                   for x in spec_of(*areas)["layer"])  # fmt: skip
    spec = spec_of(*areas, fit="straight")
    assert "dashed: straight line of least squares" in said(spec)
    assert any(layer["mark"].get("stroke") == MUTED for layer in spec["layer"])


def test_line_through_one_place_is_left_out():
    for areas in ([Dotted(name="A", x=1, y=1)], [Dotted(name=n, x=1, y=2) for n in "AB"]):
        layers = spec_of(*areas, fit="straight")["layer"]
        assert not any(layer["mark"].get("stroke") == MUTED for layer in layers)


def test_areas_without_both_figures_are_counted_and_few_cases_hollow():
    spec = spec_of(Dotted(name="A", x=1), Dotted(name="B", x=1, y=1, flag="few", tone="men"),
                   Dotted(name="C", flag="hidden"))  # fmt: skip
    assert {"without both figures: 2", "hollow: few cases"} <= set(said(spec))
    assert any(x["mark"].get("fill") == SURFACE for x in spec["layer"])


def test_numbers_of_the_axis_stay_in_the_picture():
    long = Axis(words="Income", number="{:020f}".format)
    assert spec_of(Dotted(name="A", x=1, y=1), x=long)["padding"]["right"] > 16


def test_no_areas_are_refused():
    with pytest.raises(ValueError, match="at least one area"):
        spec_of()
    with pytest.raises(ValueError, match="must not be given"):
        Dotted(name="A", x=1, flag="hidden")
