import xml.etree.ElementTree as ET

import pytest

from everycount.charts import render
from everycount.charts.slope import Slope, slope
from everycount.charts.targets import Target
from everycount.charts.theme import BAND, FOCUS, MEN, OTHER

TEXT = "{http://www.w3.org/2000/svg}text"


def spec_of(*rows, dates=("2000", "2020"), **options):
    return slope(rows, dates=dates, **{"description": "D.", "number": "{:.1f}".format} | options)


def said(spec):
    return [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]


def test_names_and_figures_stand_on_both_sides_of_their_line():
    spec = spec_of(Slope(name="Viet Nam", first=26, second=26.7, tone="focus"))
    assert {"2000", "2020", "Viet Nam 26.0", "Viet Nam 26.7"} <= set(said(spec))
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "area")
    assert line["mark"]["stroke"] == FOCUS
    assert [value["x"] for value in line["data"]["values"]] == [0, spec["width"]]


def test_row_with_one_figure_has_a_dot_and_no_line():
    spec = spec_of(Slope(name="A", first=26), Slope(name="B", flags=("hidden", "")))
    assert not any(layer["mark"]["type"] == "area" for layer in spec["layer"])
    assert {"A 26.0", "no figure: B"} <= set(said(spec))


def test_flags_are_drawn_and_said():
    spec = spec_of(Slope(name="A", first=1, second=2, flags=("few", "modelled"), tone="men"))
    assert {"A (1.0)", "hollow, in brackets: few cases", "dashed: modelled"} <= set(said(spec))
    dots = [x["mark"] for x in spec["layer"] if x["mark"].get("shape") == "diamond"]
    assert [mark.get("stroke") or mark.get("color") for mark in dots] == [MEN, MEN]


def test_lines_in_focus_are_over_the_others():
    spec = spec_of(Slope(name="A", first=1, second=2, tone="focus"),
                   Slope(name="B", first=2, second=1))  # fmt: skip
    strokes = [x["mark"]["stroke"] for x in spec["layer"] if x["mark"]["type"] == "area"]
    assert strokes == [OTHER, FOCUS]


def test_cut_axis_and_target_are_said():
    spec = spec_of(Slope(name="A", first=71, second=84),
                   target=Target(words="All", low=80, high=90))  # fmt: skip
    assert {"axis starts at 70.0, not at 0", "All"} <= set(said(spec))
    assert any(layer["mark"].get("color") == BAND for layer in spec["layer"])


def test_long_dates_stand_outwards():
    spec = spec_of(Slope(name="A", first=1, second=2), dates=("before the law of 1997",) * 2)
    dates = [x for x in spec["layer"] if x["mark"]["type"] == "text"
             and x["data"]["values"][0]["text"].startswith("before")]  # fmt: skip
    assert [x["mark"]["align"] for x in dates] == ["right", "left"]


@pytest.mark.parametrize("count", [0, 41])
def test_too_many_rows_and_none_are_refused(count):
    with pytest.raises(ValueError, match=f"{count} slopes: expected 1 to 40"):
        spec_of(*[Slope(name=str(k)) for k in range(count)])
    with pytest.raises(ValueError, match="must not be given"):
        Slope(name="A", first=1, flags=("hidden", ""))
