import xml.etree.ElementTree as ET
from math import nan

import pytest

from everycount.charts import render
from everycount.charts.bars import Bar, bars
from everycount.charts.targets import Target
from everycount.charts.theme import BAND, FOCUS, INK, MISSING, SURFACE, TRACK

TEXT = "{http://www.w3.org/2000/svg}text"


def spec_of(*rows, **options):
    given = {"description": "D.", "number": "{:.1f}".format, "tick": "{:g}".format} | options
    return bars(rows, **given)


def said(spec):
    return [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]


def rects(spec, colour):
    return [
        value
        for layer in spec["layer"]
        if layer["mark"]["type"] == "rect" and layer["mark"]["color"] == colour
        for value in layer["data"]["values"]
    ]


def rules(spec, colour, width):
    return [
        value
        for layer in spec["layer"]
        if layer["mark"].get("color") == colour and layer["mark"].get("strokeWidth") == width
        for value in layer["data"]["values"]
    ]


def test_bars_start_at_zero_and_are_as_long_as_their_figures():
    spec = spec_of(Bar(name="A", value=20), Bar(name="B", value=40), Bar(name="C", value=-20))
    found = {bar["name"]: bar for bar in rects(spec, FOCUS)}
    lengths = {name: bar["x2"] - bar["x"] for name, bar in found.items()}
    assert lengths["B"] == pytest.approx(2 * lengths["A"], abs=0.3)
    assert lengths["C"] == pytest.approx(lengths["A"], abs=0.3)
    assert found["C"]["x2"] == found["A"]["x"] == found["B"]["x"]


@pytest.mark.parametrize(("order", "names"), [("high", "BAC"), ("low", "ABC"), ("given", "CAB")])
def test_order_is_that_asked_for_and_what_is_missing_comes_last(order, names):
    rows = [Bar(name="C"), Bar(name="A", value=1), Bar(name="B", value=2)]
    found = [word for word in said(spec_of(*rows, order=order)) if word in {"A", "B", "C"}]
    assert "".join(found) == names


def test_missing_is_hatched_with_a_word_and_hidden_has_only_the_word():
    spec = spec_of(Bar(name="A"), Bar(name="B", flag="hidden"), Bar(name="C", missing="too few"))
    assert len(rects(spec, MISSING)) == 2
    assert {"no figure", "not shown", "too few"} <= set(said(spec))


def test_hidden_alone_is_not_hatched():
    assert rects(spec_of(Bar(name="B", flag="hidden")), MISSING) == []


def test_few_cases_are_outlined_and_modelled_ones_dashed():
    spec = spec_of(Bar(name="A", value=3, flag="few"), Bar(name="B", value=2, flag="modelled"))
    assert rects(spec, SURFACE)[0]["name"] == "A"
    assert {"(3.0)", "2.0 e", "outline, in brackets: few cases", "dashed, e: modelled"} <= set(
        said(spec)
    )


def test_thin_line_leads_from_the_number_to_the_target():
    spec = spec_of(Bar(name="A", value=20, target=100), Bar(name="B", value=-20, target=-100))
    right, left = rules(spec, TRACK, 3)
    bar = {entry["name"]: entry for entry in rects(spec, FOCUS)}
    assert bar["A"]["x2"] + 20 < right["x"] < right["x2"]
    assert left["x2"] < left["x"] < bar["B"]["x"] - 20
    assert "target" in said(spec)


def test_number_stands_past_a_tick_that_is_in_its_way():
    spec = spec_of(Bar(name="A", value=96, target=100), Bar(name="B", value=50))
    tick = rules(spec, INK, 2)[0]
    number = next(v for layer in spec["layer"] if layer["mark"]["type"] == "text"
                  for v in layer["data"]["values"] if v["text"] == "96.0")  # fmt: skip
    assert number["x"] > tick["x"]
    assert rules(spec, TRACK, 3) == []


def test_target_behind_the_end_of_a_bar_is_a_tick_on_it():
    spec = spec_of(Bar(name="A", value=80, target=50))
    assert rules(spec, TRACK, 3) == []
    assert rules(spec, INK, 2)[0]["x"] < rects(spec, FOCUS)[0]["x2"]


def test_target_of_all_rows_is_a_band_with_its_name():
    spec = spec_of(Bar(name="A", value=20), target=Target(words="Parity", low=47, high=53))
    assert rects(spec, BAND)
    assert "Parity" in said(spec)


def test_tall_chart_has_its_numbers_above_too():
    rows = [Bar(name=f"R{k}", value=20.5) for k in range(20)]
    assert said(spec_of(*rows)).count("10") == 2
    assert said(spec_of(*rows[:3], unit="years")).count("10") == 1
    assert "years" in said(spec_of(*rows[:3], unit="years"))


def test_long_numbers_leave_a_drawing_between_them():
    rows = [Bar(name="A", value=-1e30), Bar(name="B", value=1e30)]
    spec = spec_of(*rows, number="{:f}".format, width=320)
    found = {bar["name"]: bar for bar in rects(spec, FOCUS)}
    assert found["A"]["x"] < found["A"]["x2"] == found["B"]["x"] < found["B"]["x2"]


def test_numbers_of_the_axis_stay_in_the_picture():
    spec = spec_of(Bar(name="A", value=9), tick="{:020f}".format)
    assert spec["padding"]["right"] > 14


def test_rows_without_end_are_refused():
    with pytest.raises(ValueError, match="at least one row"):
        spec_of()
    with pytest.raises(ValueError, match="must not be given to a chart"):
        Bar(name="A", value=1, flag="hidden")
    assert not Bar(name="A", value=nan).is_shown
