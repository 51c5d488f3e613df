import xml.etree.ElementTree as ET

import pytest

from everycount.charts import render
from everycount.charts.dumbbell import Pair, Words, dumbbell
from everycount.charts.targets import Target
from everycount.charts.theme import BAND, FOCUS, MEN, MISSING, OTHER, TRACK, WOMEN

TEXT = "{http://www.w3.org/2000/svg}text"


def spec_of(*rows, **options):
    return dumbbell(rows, **{"description": "D.", "number": "{:.1f}".format} | options)


def said(spec):
    return [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]


def dots(spec, colour):
    return [
        (layer["mark"]["shape"], value["name"])
        for layer in spec["layer"]
        if layer["mark"]["type"] == "point"
        and colour in (layer["mark"].get("color"), layer["mark"].get("stroke"))
        for value in layer["data"]["values"]
        if "name" in value
    ]


def test_women_are_circles_and_men_diamonds_sorted_by_gap():
    spec = spec_of(Pair(name="A", first=9, second=8), Pair(name="B", first=4, second=8))
    assert dots(spec, WOMEN) == [("circle", "B"), ("circle", "A")]
    assert dots(spec, MEN) == [("diamond", "B"), ("diamond", "A")]


def test_gap_given_sorts():
    rows = [Pair(name="A", first=1, second=2, gap=-1), Pair(name="B", first=1, second=1, gap=3)]
    assert [name for _, name in dots(spec_of(*rows), WOMEN)] == ["B", "A"]


def test_first_pair_is_labelled_and_the_labels_stand_apart():
    spec = spec_of(Pair(name="A", first=5, second=5))
    words = said(spec)
    assert {"Women", "Men"} <= set(words)
    far = spec_of(Pair(name="A", first=0, second=90), Pair(name="B", first=5, second=5))
    assert "Women" in said(far)


def test_key_names_the_kinds_where_the_first_row_cannot():
    spec = spec_of(Pair(name="A", first=5))
    assert {"Women", "Men", "no figure: Men"} <= set(said(spec))
    long = Words(first="Women " * 12, second="Men " * 12)
    crowded = spec_of(Pair(name="A", first=5, second=6), words=long, width=320)
    assert any("Women" in word for word in said(crowded))


def test_one_of_two_that_is_hidden_is_not_shown():
    spec = spec_of(Pair(name="A", second=5, flags=("hidden", ""), note="2019"))
    assert "2019; not shown: Women" in said(spec)
    assert dots(spec, WOMEN) == []
    lines = [layer for layer in spec["layer"] if layer["mark"].get("strokeWidth") == 4]
    assert not any(layer["mark"]["color"] == TRACK for layer in lines)


def test_rows_without_figures_are_hatched_or_not_shown():
    spec = spec_of(Pair(name="A"), Pair(name="B", flags=("hidden", "hidden")))
    hatched = [layer for layer in spec["layer"] if layer["mark"].get("color") == MISSING]
    assert len(hatched[0]["data"]["values"]) == 1
    assert {"no figure", "not shown"} <= set(said(spec))


def test_few_cases_are_hollow_and_modelled_ones_have_an_e():
    spec = spec_of(Pair(name="A", first=3, second=4, flags=("few", "modelled")))
    assert {"(3.0)", "4.0 e", "hollow, in brackets: few cases", "e: modelled"} <= set(said(spec))


def test_dates_have_looks_of_their_own():
    spec = spec_of(Pair(name="A", first=3, second=4), kinds="dates",
                   words=Words(first="2000", second="2020"))  # fmt: skip
    assert dots(spec, OTHER) == [("square", "A")]
    assert dots(spec, FOCUS) == [("circle", "A")]


def test_target_is_in_the_key_and_a_long_unit_over_the_axis():
    spec = spec_of(*[Pair(name=f"A{k}", first=3, second=4) for k in range(30)],
                   target=Target(words="Parity", low=47, high=53), unit="points")  # fmt: skip
    assert {"Parity", "points"} <= set(said(spec))
    assert any(layer["mark"].get("color") == BAND for layer in spec["layer"])
    assert said(spec).count("20.0") == 2  # a tall chart has its numbers above too


def test_numbers_of_the_axis_stay_in_the_picture():
    spec = spec_of(Pair(name="A", first=3, second=4), tick="{:060f}".format)
    assert spec["padding"]["right"] > 14


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="at least one row"):
        spec_of()
    with pytest.raises(ValueError, match="must not be given"):
        Pair(name="A", first=1, flags=("hidden", ""))
