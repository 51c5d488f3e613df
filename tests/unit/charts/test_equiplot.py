import re
import xml.etree.ElementTree as ET

import pytest

from everycount.charts import render
from everycount.charts.equiplot import SHAPES, Line, Words, alt, equiplot
from everycount.charts.equiplot_labels import labels, spread
from everycount.charts.estimates import Measure
from everycount.charts.theme import STEPS

TEXT = "{http://www.w3.org/2000/svg}text"
NAN = float("nan")
FIFTHS = ["Poorest fifth", "Second", "Middle", "Fourth", "Richest fifth"]
POWER = Line(name="Electricity", figures=(0.004, 0.02, 0.11, 0.42, 0.88))
BARRIER = Line(name="Cannot read", figures=(0.93, 0.9, 0.84, 0.7, 0.33))
VISITS = Line(
    name="Visits",
    figures=(0.31, NAN, 0.36, NAN, 0.71),
    flags=("few", "hidden", "modelled", "", ""),
)


def drawn(lines, groups=FIFTHS, **options):
    return render.svg(equiplot(lines, groups, title="Households", **options))


def words(svg):
    return [node.text for node in ET.fromstring(svg).iter(TEXT)]


def dots(spec):
    """Mark and values of each layer of dots on the lines."""
    return [
        (layer["mark"], layer["data"]["values"])
        for layer in spec["layer"]
        if layer["mark"]["type"] == "point" and "value" in (layer["data"]["values"] or [{}])[0]
    ]


def test_groups_have_ordered_steps_of_colour_and_shapes_of_their_own():
    found = [mark for mark, _ in dots(equiplot([POWER, BARRIER], FIFTHS, title="T"))]
    assert [mark["fill"] for mark in found] == list(STEPS)
    assert [mark["shape"] for mark in found] == list(SHAPES[:5])
    assert {mark["stroke"] for mark in found} == {STEPS[-1]}  # pale dots have an edge


@pytest.mark.parametrize(
    ("count", "steps"), [(2, [0, 4]), (3, [0, 2, 4]), (7, [0, 1, 1, 2, 3, 3, 4])]
)
def test_steps_run_from_first_to_last_whatever_the_number_of_groups(count, steps):
    groups = [f"G{k}" for k in range(count)]
    line = Line(name="L", figures=tuple(k / 10 for k in range(count)))
    found = [mark for mark, _ in dots(equiplot([line], groups, title="T"))]
    assert [mark["fill"] for mark in found] == [STEPS[k] for k in steps]
    assert len({mark["shape"] for mark in found}) == count


def test_groups_stand_by_name_over_the_first_line_only():
    spec = equiplot([POWER, BARRIER], FIFTHS, title="T")
    found = words(render.svg(spec))
    assert [found.count(group) for group in FIFTHS] == [1] * 5
    named = {
        value["text"]: value["y"]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text"
        for value in layer["data"]["values"]
    }
    assert all(named[group] < named["Electricity"] for group in FIFTHS)


def test_key_names_the_groups_where_the_first_line_lacks_one():
    svg = drawn([VISITS, POWER])
    found = words(svg)
    assert [found.count(group) for group in ("Poorest fifth", "Middle")] == [1, 1]
    outlined = re.findall(r'fill="var\(--q-1\)" stroke="var\(--q-5\)"', svg)
    assert len(outlined) == 1 + 1  # in the key, and on the second line


def test_key_names_the_groups_where_labels_find_no_room():
    groups = [f"Nhóm thu nhập thứ {k} trong các hộ gia đình nông thôn" for k in range(7)]
    line = Line(name="L", figures=tuple(0.5 + k / 100 for k in range(7)))
    spec = equiplot([line], groups, title="T", width=300)
    assert not any(layer["mark"].get("strokeWidth") == 0.8 for layer in spec["layer"])
    assert "0" in " ".join(words(render.svg(spec)))


def test_lowest_and_highest_figure_stand_at_the_ends():
    found = words(drawn([POWER, BARRIER]))
    assert {"0.4", "88.0", "33.0", "93.0"} <= set(found)
    assert "42.0" not in found


def test_line_of_one_figure_says_it_once():
    lone = Line(name="L", figures=(NAN, 0.42), flags=("hidden", ""))
    assert words(drawn([lone], FIFTHS[:2])).count("42.0") == 1


def test_flags_are_marked_and_said():
    spec = equiplot([POWER, VISITS], FIFTHS, title="T")
    svg = render.svg(spec)
    found = words(svg)
    hollow = [values for mark, values in dots(spec) if mark["fill"] == "#ffffff"]
    assert [value["value"] for value in hollow[0]] == [31.0]
    assert {"(31.0)", "e", "e: modelled", "hollow, in brackets: few cases"} <= set(found)
    assert "not shown: Second; no figure: Fourth" in " ".join(found)


def test_key_has_only_the_flags_there_are():
    assert not {"e: modelled", "hollow, in brackets: few cases"} & set(words(drawn([POWER])))


def test_line_without_any_figure_has_no_mark():
    hidden = Line(name="L", figures=(NAN, NAN), flags=("hidden", "hidden"))
    spec = equiplot([hidden], FIFTHS[:2], title="T")
    assert dots(spec) == []
    assert "not shown: Poorest fifth, Second" in " ".join(words(render.svg(spec)))


def test_figure_has_room_beside_a_dot_at_either_end():
    line = Line(name="L", figures=(0.0, 1.0))
    spec = equiplot([line], FIFTHS[:2], title="T", width=328)
    ends = [
        value
        for layer in spec["layer"]
        if layer["mark"]["type"] == "text"
        for value in layer["data"]["values"]
        if value["text"] in {"0.0", "100.0"}
    ]
    assert ends[0]["x"] > 15
    assert ends[1]["x"] < spec["width"] - 25


def test_numbers_have_their_unit_under_the_axis():
    years = Measure(kind="number", unit="years", decimals=0)
    line = Line(name="Schooling", figures=(2.0, 9.0))
    assert {"years", "2", "9", "10"} <= set(words(drawn([line], FIFTHS[:2], measure=years)))


def test_tall_chart_with_a_key_has_the_numbers_of_its_axis_above_too():
    many = [VISITS] + [Line(name=f"L{k}", figures=POWER.figures) for k in range(40)]
    assert words(drawn(many)).count("40") == 2


def test_words_in_another_language():
    told = Words(hidden="không hiển thị: {groups}")
    spec = equiplot([VISITS], FIFTHS, title="T", words=told, description="Một dòng.")
    assert spec["description"] == "Một dòng."
    assert "không hiển thị: Second" in " ".join(words(render.svg(spec)))


def test_alt_names_where_groups_are_furthest_apart_and_closest():
    assert alt([VISITS, POWER, BARRIER], FIFTHS, title="Households") == (
        "Households. 3 lines of 5 groups from Poorest fifth to Richest fifth. Furthest apart: "
        "Electricity, from 0.4 % (Poorest fifth) to 88.0 % (Richest fifth). Closest: Visits, from "
        "31.0 % (Poorest fifth) to 71.0 % (Richest fifth). Of the figures: 1 few cases, 1 "
        "modelled, 1 not shown."
    )
    assert "33.0 % (Richest fifth) to 93.0 % (Poorest fifth)" in alt([BARRIER], FIFTHS, title="T")
    hidden = Line(name="L", figures=(NAN, 0.5), flags=("hidden", ""))
    assert alt([hidden], FIFTHS[:2], title="T") == (
        "T. 1 line of 2 groups from Poorest fifth to Second. Of the figures: 1 not shown."
    )


def test_description_is_that_of_alt_unless_given():
    spec = equiplot([POWER], FIFTHS, title="T")
    assert spec["description"] == alt([POWER], FIFTHS, title="T")


@pytest.mark.parametrize(
    ("lines", "groups", "message"),
    [
        ([], FIFTHS, "at least one line"),
        ([POWER], FIFTHS[:1], "an equiplot of 1 groups: expected 2 to 7"),
        ([POWER], [f"G{k}" for k in range(8)], "an equiplot of 8 groups"),
        ([POWER], FIFTHS[:4], "Electricity: found 5 figures, expected 4"),
        ([Line(name="L", figures=(4, 88))], FIFTHS[:2], "L: found a share of 4"),
    ],
)
def test_what_makes_no_equiplot_is_refused(lines, groups, message):
    with pytest.raises(ValueError, match=message):
        equiplot(lines, groups, title="T")


@pytest.mark.parametrize(
    ("figures", "flags", "message"),
    [
        ((0.1, 0.2), ("few",), "L: found 1 flags for 2 figures"),
        ((0.1, 0.2), ("hidden", ""), "L: the figure of a hidden group"),
        ((float("inf"), 0.2), (), "expected finite numbers"),
    ],
)
def test_line_that_cannot_be_is_refused(figures, flags, message):
    with pytest.raises(ValueError, match=message):
        Line(name="L", figures=figures, flags=flags)


def test_labels_keep_the_order_of_their_dots_and_their_room():
    made = labels(["a" * 8, "b" * 8, "c" * 8], [60, 10, 61], low=0, high=300)
    assert [lines[0][0] for lines in made.lines] == ["b", "a", "c"]
    assert list(made.middles) == sorted(made.middles)
    assert made.dots == (10, 60, 61)


def test_labels_are_wrapped_until_they_fit():
    names = ["Poorest fifth", "Richest fifth"]
    one, two = (labels(names, [10, 20], low=0, high=high) for high in (200, 110))
    assert [len(lines) for lines in one.lines] == [1, 1]
    assert [len(lines) for lines in two.lines] == [2, 2]
    assert two.height > one.height


@pytest.mark.parametrize("wanted", [[0, 0, 0], [100, 100, 100], [50, 50, 90], [5, 50, 95]])
def test_middles_never_overlap_and_stay_inside(wanted):
    found = spread(wanted, [20, 30, 20], low=0, high=100)
    assert found[0] >= 10
    assert found[-1] <= 90
    assert found[1] - found[0] >= 25
    assert found[2] - found[1] >= 25


def test_middles_that_have_room_stay_where_they_are_wanted():
    assert spread([20, 60, 90], [10, 10, 10], low=0, high=100) == [20, 60, 90]
