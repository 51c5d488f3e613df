import xml.etree.ElementTree as ET

import pytest

from everycount.charts.cell_marks import cell_bar, sparkline


def tags(text):
    return [(node.tag, node.attrib) for node in ET.fromstring(text).iter()]


def test_line_is_broken_at_gaps_and_a_lone_figure_is_a_dot():
    found = tags(sparkline([1, 2, None, 5, float("nan"), 3, 4]))
    assert len([tag for tag, _ in found if tag == "path"]) == 2
    assert [a["r"] for tag, a in found if tag == "circle"] == ["1.5", "2.5"]


def test_last_dot_is_at_the_last_figure_even_before_a_gap():
    dots = [a for tag, a in tags(sparkline([1, 2, None])) if tag == "circle"]
    assert dots == [{"cx": "48", "cy": "3", "r": "2.5", "fill": "var(--c-1)"}]


def test_flat_line_is_level_in_the_middle_and_one_figure_a_dot():
    assert "M3,11 93,11" in sparkline([7, 7])
    assert [tag for tag, _ in tags(sparkline([7]))] == ["svg", "circle"]
    assert sparkline([]) == ""


def test_huge_and_tiny_figures_stay_in_the_cell():
    for values in ([1e308, -1e308, 0], [1e-308, 2e-308, 3e-308]):
        path = next(a["d"] for tag, a in tags(sparkline(values)) if tag == "path")
        ends = [float(part.split(",")[1]) for part in path[1:].split()]
        assert all(3 <= end <= 19 for end in ends)


def test_marks_say_nothing_to_screen_readers_and_carry_no_style():
    for text in (sparkline([1, 2]), cell_bar(3), cell_bar(None)):
        assert 'aria-hidden="true"' in text
        assert "style" not in text


def test_bar_starts_at_zero_to_either_side():
    right, left = (
        next(a for tag, a in tags(cell_bar(v, scale=(-50, 50))) if tag == "rect") for v in (25, -25)
    )
    assert (right["x"], right["width"]) == ("50%", "25%")
    assert (left["x"], left["width"]) == ("25%", "25%")


def test_bar_ends_at_the_end_of_its_scale():
    assert 'width="100%"' in cell_bar(120)


def test_track_leads_to_the_target_and_a_tick_stands_there():
    track, tick = (a for tag, a in tags(cell_bar(25, target=50)) if tag == "line")
    assert (track["x1"], track["x2"]) == ("25%", "50%")
    assert tick["x1"] == tick["x2"] == "50%"
    track, _ = (a for tag, a in tags(cell_bar(-25, scale=(-50, 50), target=-50)) if tag == "line")
    assert (track["x1"], track["x2"]) == ("25%", "0%")


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_cell_without_a_figure_is_hatched(value):
    assert "url(#hatch)" in cell_bar(value)


@pytest.mark.parametrize("scale", [(10, 100), (-10, -1), (0, 0)])
def test_scale_without_zero_is_refused(scale):
    with pytest.raises(ValueError, match="expected ends about zero"):
        cell_bar(5, scale=scale)
