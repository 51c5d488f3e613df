import xml.etree.ElementTree as ET
from math import nan

import pytest

from everycount.charts import render
from everycount.charts.lines import Point, Series, Words, lines
from everycount.charts.targets import Target
from everycount.charts.theme import BAND, BAND_INK, FOCUS, MEN, MISSING, OTHER, SURFACE

TEXT = "{http://www.w3.org/2000/svg}text"
PARITY = Target(words="Target: parity", low=47, high=53)


def made(*figures, name="Viet Nam", tone="focus", start=2000, flags=None, **options):
    points = tuple(
        Point(period=str(start + k), value=value, flag=(flags or {}).get(k, ""))
        for k, value in enumerate(figures)
    )
    return Series(name=name, tone=tone, points=points, **options)


def spec_of(*series, **options):
    given = {"description": "D.", "number": "{:.1f}".format, "tick": "{:g}".format} | options
    return lines(series, **given)


def layers(spec, kind, colour):
    paint = ("color", "stroke", "fill")
    return [
        layer
        for layer in spec["layer"]
        if layer["mark"]["type"] == kind and colour in [layer["mark"].get(name) for name in paint]
    ]


def said(spec):
    return [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]


def runs(spec, colour=FOCUS):
    found = {}
    for layer in layers(spec, "area", colour):
        for value in layer["data"]["values"]:
            found.setdefault(value["run"], []).append(value["period"])
    return list(found.values())


def test_line_is_broken_at_missing_and_hidden_periods():
    figures = made(1, 2, nan, 4, 5, nan, 7, 8, flags={5: "hidden"})
    assert runs(spec_of(figures)) == [["2000", "2001"], ["2003", "2004"], ["2006", "2007"]]


def test_line_is_broken_at_a_period_without_a_figure_even_between_surveys():
    points = [Point(period=year, value=v) for year, v in (("2000", 1), ("2005", 2), ("2015", 4))]
    survey = Series(name="A", tone="focus", points=(*points, Point(period="2010")), step=10)
    assert runs(spec_of(survey)) == [["2000", "2005"]]


def test_figure_that_nothing_joins_is_a_dot():
    spec = spec_of(made(1, nan, 3, nan, 5, 6))
    dots = [v["period"] for layer in layers(spec, "point", FOCUS) for v in layer["data"]["values"]
            if "period" in v]  # fmt: skip
    assert dots == ["2000", "2002", "2004", "2005"]


def test_modelled_figures_are_dashed_and_said_so():
    spec = spec_of(made(1, 2, 3, 4, 5, flags={2: "modelled"}))
    assert runs(spec) == [["2000", "2001"], ["2003", "2004"]]
    dashes = [layer for layer in layers(spec, "point", FOCUS) if layer["mark"]["size"] == 4]
    assert dashes[0]["data"]["values"][0]["shape"].count("M") > 5
    assert "dashed: modelled" in said(spec)


def test_few_cases_are_hollow_and_bracketed_at_the_end():
    spec = spec_of(made(1, 2, flags={1: "few"}))
    hollow = [layer for layer in layers(spec, "point", SURFACE) if layer["mark"]["stroke"] == FOCUS]
    assert [v["period"] for layer in hollow for v in layer["data"]["values"] if "period" in v] == [
        "2001"
    ]
    assert {"hollow: few cases", "Viet Nam (2.0)"} <= set(said(spec))


def test_interval_is_a_band_and_alone_a_bar():
    points = [Point(period=str(2000 + k), value=5, low=4, high=6) for k in (0, 1, 5)]
    spec = spec_of(Series(name="A", points=tuple(points), tone="focus"))
    assert len(layers(spec, "area", FOCUS)) == 2
    assert layers(spec, "rule", FOCUS)[0]["mark"]["opacity"] < 1
    assert "pale band: 95 % interval" in said(spec)


def test_line_that_ends_early_says_when_and_one_without_figures_says_so():
    spec = spec_of(made(1, 2, 3), made(4, 5, name="Laos", tone="quiet"), made(nan, name="Chad"))
    words = said(spec)
    assert {"Viet Nam 3.0", "Laos 5.0 (2001)", "Chad: no figure"} <= set(words)
    assert layers(spec, "point", MISSING)


def test_target_band_is_named_inside_where_no_line_runs():
    spec = spec_of(made(26, 27), target=PARITY)
    assert layers(spec, "rect", BAND)
    name = [v for layer in layers(spec, "text", BAND_INK) for v in layer["data"]["values"]]
    assert [(v["text"], v["x"]) for v in name] == [("Target: parity", 5.0)]


def test_target_is_named_at_the_side_where_lines_cover_it():
    crossing = [made(*[40, 60] * 20, name=f"S{k}") for k in range(2)]
    spec = spec_of(*crossing, target=PARITY)
    name = [v for layer in layers(spec, "text", BAND_INK) for v in layer["data"]["values"]]
    assert name[0]["x"] > spec["width"]


def test_target_of_one_figure_is_a_line():
    spec = spec_of(made(26, 27), target=Target(words="35 %", low=35, high=35))
    assert layers(spec, "rect", BAND_INK)
    with pytest.raises(ValueError, match="found a target from 2 to 1"):
        Target(words="T", low=2, high=1)


def test_background_is_one_quiet_mark():
    behind = [made(*range(20), name=f"A{k}", tone="quiet") for k in range(200)]
    behind.append(made(5, name="alone", tone="quiet"))
    words = Words(background="thin: 201 countries")
    spec = spec_of(made(26, 27), background=behind, words=words)
    threads = [x for x in layers(spec, "point", OTHER) if x["mark"].get("strokeWidth") == 0.8]
    assert len(threads) == 1
    assert len(threads[0]["data"]["values"]) == 1
    assert "thin: 201 countries" in said(spec)


def test_background_runs_only_where_there_are_two_figures():
    spec = spec_of(made(26, 27), background=[made(5, name="alone", tone="quiet")])
    assert not [x for x in layers(spec, "point", OTHER) if x["mark"].get("strokeWidth") == 0.8]


def test_cut_axis_is_said():
    assert "axis starts at 70, not at 0" in said(spec_of(made(71, 84)))
    assert not any("axis" in word for word in said(spec_of(made(1, 84))))


def test_men_have_a_diamond_and_survey_years_have_dots():
    men = Series(name="Men", tone="men", points=tuple(
        Point(period=year, value=5) for year in ("2011", "2014", "2017")))  # fmt: skip
    spec = spec_of(men)
    dots = layers(spec, "point", MEN)[0]
    assert dots["mark"]["shape"] == "diamond"
    assert len(dots["data"]["values"]) == 3


def test_short_unit_stands_at_the_highest_number_and_a_long_one_over_the_axis():
    assert "30\N{NO-BREAK SPACE}%" in said(spec_of(made(1, 26), unit="%"))
    assert "years of schooling" in said(spec_of(made(1, 26), unit="years of schooling"))


def test_one_figure_and_none_are_drawn():
    assert "2000" in said(spec_of(made(5)))
    assert "A: no figure" in said(spec_of(Series(name="A", points=())))


@pytest.mark.parametrize("count", [0, 6])
def test_too_many_lines_and_none_are_refused(count):
    with pytest.raises(ValueError, match=f"{count} lines: expected 1 to 5"):
        spec_of(*[made(1, name=str(k)) for k in range(count)])


def test_two_of_one_name_and_a_period_twice_are_refused():
    with pytest.raises(ValueError, match="two of one name"):
        spec_of(made(1), made(2))
    with pytest.raises(ValueError, match="A: found 2000 twice"):
        Series(name="A", points=(Point(period="2000"), Point(period="2000")))


def test_hidden_figure_is_refused_without_being_told():
    with pytest.raises(ValueError, match=r"A, 2000: the figure of a hidden group") as caught:
        Series(name="A", points=(Point(period="2000", value=7.25, flag="hidden"),))
    assert "7.25" not in str(caught.value)


def test_paths_of_a_page_do_not_close_across_a_line():
    svg = render.svg(spec_of(made(10, 30, 10, 30)))
    path = next(n for n in ET.fromstring(svg).iter() if n.get("stroke-width") == "2.6")
    steps = path.get("d").partition("l")[2].rstrip("z").split()
    moves = [tuple(map(float, step.split(","))) for step in steps]
    assert sum(x for x, _ in moves) == pytest.approx(0, abs=0.2)  # there and back
    assert sum(y for _, y in moves) == pytest.approx(0, abs=0.2)
