import xml.etree.ElementTree as ET

import pytest

from everycount.charts import ranking, render
from everycount.charts.rank_intervals import RankInterval, rank_intervals
from everycount.charts.theme import FOCUS, frame

SCORES = [("Norway <b>", 93.94), ("Chad", 30.0)]


def drawn(**marks):
    outside = frame(description="A & <b>", width=20, height=10, margins=(0, 0, 0, 0))
    mark = {"type": "rect", "x": 1.23456, "x2": 9, "y": 2, "y2": 8} | marks
    return outside | {"data": {"values": [{}]}, "mark": mark}


def test_svg_has_role_label_and_size_but_no_style_class_or_font():
    text = render.svg(drawn(color=FOCUS))
    root = ET.fromstring(text)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == "A & <b>"
    assert root.attrib["viewBox"] == "0 0 20 10"
    assert root.attrib["width"] == "20"
    assert "height" not in root.attrib
    assert text.count("class=") == 1
    for unwanted in ("style=", "font-family", "aria-roledescription", "<b>", "#", "pointer-events"):
        assert unwanted not in text
    assert 'fill="var(--c-1)"' in text


def test_svg_rounds_coordinates_to_one_decimal():
    assert 'd="M1.2,2h7.8v6h-7.8Z"' in render.svg(drawn(color=FOCUS))


def test_svg_prints_every_name_and_figure_given():
    root = ET.fromstring(render.svg(ranking.ranking(SCORES, description="Two scores.")))
    words = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[:5] == ["0", "25", "50", "75", "100"]
    assert words[5:] == ["Norway <b>", "Chad", "93.9", "30.0"]


def test_svg_twice_gives_the_same_bytes():
    spec = ranking.bars(SCORES, description="Two scores.")
    assert render.svg(spec) == render.svg(spec)


def test_svg_with_a_colour_outside_the_theme_is_refused():
    with pytest.raises(ValueError, match="colour #123456 is not in the theme"):
        render.svg(drawn(color="#123456"))


def test_svg_leaves_out_what_draws_nothing():
    assert "<path" not in render.svg(drawn(color="transparent"))


def test_svg_keeps_opacity_and_line_width():
    text = render.svg(drawn(color=FOCUS, stroke=FOCUS, strokeWidth=3, opacity=0.5))
    assert 'stroke-width="3"' in text
    assert 'opacity="0.5"' in text


def test_svg_fetches_nothing():
    spec = drawn(color=FOCUS) | {"data": {"url": "https://example.org/x.csv"}}
    with pytest.raises(ValueError, match="not allowed"):
        render.svg(spec)


def test_hatch_defines_what_missing_figures_refer_to():
    assert ET.fromstring(render.HATCH).find(".//pattern[@id='hatch']") is not None


def test_tenths_are_as_short_as_svg_allows():
    assert [render._tenths(n) for n in (0, 5, -5, 10, -12, 100_000)] == [
        "0", ".5", "-.5", "1", "-1.2", "10000",
    ]  # fmt: skip


def test_steps_of_a_point_and_of_two_rings():
    assert render._steps("M1,1L1,1ZM2,2L3,2L3,3Z") == "M1,1M2,2l1,0 0,1z"


def test_texts_come_out_as_they_went_in_whatever_they_look_like():
    names = ["~0", "~~1", "0", "<b> & ~", "Thừa Thiên Huế"]
    rows = [
        RankInterval(name=name, nominal=k, median=k, low=k, high=k)
        for k, name in enumerate(names, start=1)
    ]
    svg = render.svg(rank_intervals(rows, title="Ranks", places=5))
    words = [node.text for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert set(names) <= set(words)
    assert "1–1" in words
