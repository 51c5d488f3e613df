import xml.etree.ElementTree as ET
from math import nan

import pytest

from everycount.charts import render
from everycount.charts.small_multiples import Point, Series, Target, small_multiples
from everycount.charts.theme import BAND, BAND_INK, MISSING

TEXT = "{http://www.w3.org/2000/svg}text"


def panel(name, *figures, flags=None):
    points = tuple(
        Point(period=str(2000 + k), value=value, flag=(flags or {}).get(k, ""))
        for k, value in enumerate(figures)
    )
    return Series(name=name, points=points, tone="focus")


def spec_of(*panels, **options):
    return small_multiples(panels, **{"description": "D.", "number": "{:g}".format} | options)


def said(spec):
    return [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]


def test_first_and_last_figure_are_written_and_no_other():
    words = said(spec_of(panel("A", 11, 22, 33), panel("B", 5, 4, 3)))
    assert {"11", "33", "5", "3"} <= set(words)
    assert "22" not in words


def test_scale_is_shared_unless_asked_otherwise():
    panels = panel("A", 0, 10), panel("B", 0, 100)
    heights = {}
    for scale in ("shared", "own"):
        spec = spec_of(*panels, scale=scale)
        line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "area")
        ys = [value["y"] for value in line["data"]["values"] if value["name"] == "A"]
        heights[scale] = ys[0] - ys[1]
    assert heights["own"] == pytest.approx(10 * heights["shared"], abs=0.3)
    assert "all panels from 0 to 100" in said(spec_of(*panels))
    assert "each panel has its own scale" in said(spec_of(*panels, scale="own"))


def test_panels_stand_in_rows_by_width():
    panels = [panel(f"P{k}", 1, 2) for k in range(9)]
    rows = {}
    for width in (340, 720):
        titles = [value for layer in spec_of(*panels, width=width)["layer"]
                  if layer["mark"].get("fontWeight") for value in layer["data"]["values"]
                  if value["text"].startswith("P")]  # fmt: skip
        rows[width] = len({value["y"] for value in titles})
    assert rows == {340: 5, 720: 3}


def test_periods_stand_under_the_last_panel_of_each_column():
    words = said(spec_of(*[panel(f"P{k}", 1, 2) for k in range(6)]))
    assert words.count("2000") == words.count("2001") == 4
    assert said(spec_of(panel("A", 5))).count("2000") == 1


def test_panel_without_figures_is_hatched_with_a_word():
    spec = spec_of(panel("A", nan), Series(name="B", points=()))
    hatched = [layer for layer in spec["layer"] if layer["mark"].get("color") == MISSING]
    assert len(hatched[0]["data"]["values"]) == 2
    assert said(spec).count("no figure") == 2
    assert "no figure" in said(spec_of(Series(name="B", points=())))


def test_figures_stand_where_the_line_does_not_run():
    spec = spec_of(panel("A", 0, 100, 0), scale="own")
    y = {value["text"]: value["y"] for layer in spec["layer"] if layer["mark"].get("fontWeight")
         for value in layer["data"]["values"]}  # fmt: skip
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "area")
    lowest = max(value["y"] for value in line["data"]["values"])
    assert y["0"] != lowest


def test_figures_too_wide_for_a_panel_leave_the_last_alone():
    words = said(spec_of(panel("A", 1, 2), number="{:020.5f}".format, width=340))
    assert "00000000000002.00000" in words
    assert "00000000000001.00000" not in words


def test_flags_are_marked_and_in_the_key():
    words = said(spec_of(panel("A", 1, 2, 3, flags={1: "modelled", 2: "few"})))
    assert {"(3)", "hollow: few cases", "dashed: modelled"} <= set(words)


@pytest.mark.parametrize(("high", "colour"), [(53, BAND), (47, BAND_INK)])
def test_target_stands_in_each_panel(high, colour):
    aim = Target(words="Parity", low=47, high=high)
    spec = spec_of(panel("A", 1, 2), panel("B", 1, 2), target=aim)
    found = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rect"]
    assert found[0]["mark"]["color"] == colour
    assert len(found[0]["data"]["values"]) == 2
    assert "Parity" in said(spec)


@pytest.mark.parametrize("count", [0, 61])
def test_too_many_panels_and_none_are_refused(count):
    with pytest.raises(ValueError, match=f"{count} panels: expected 1 to 60"):
        spec_of(*[panel(str(k), 1) for k in range(count)])


def test_target_on_scales_of_their_own_is_refused():
    with pytest.raises(ValueError, match="expected a shared scale"):
        spec_of(panel("A", 1), target=Target(words="T", low=1, high=2), scale="own")
