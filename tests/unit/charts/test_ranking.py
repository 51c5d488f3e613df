import re
import xml.etree.ElementTree as ET

import pytest

from everycount.charts import render
from everycount.charts.ranking import Strip, bars, ranking, strips

TEXT = "{http://www.w3.org/2000/svg}text"


def bar_lengths(svg):
    return [
        float(x) for x in re.findall(r'd="M0,[\d.]+h([\d.]+)v13[^"]*" fill="var\(--c-1\)"', svg)
    ]


def test_ranking_keeps_the_order_given():
    spec = ranking([("B", 1.0), ("A", 2.0)], description="Two.", scale=(0, 2), decimals=2)
    words = [node.text for node in ET.fromstring(render.svg(spec)).iter(TEXT)]
    assert [word for word in words if word in {"A", "B", "1.00", "2.00"}] == [
        "B", "A", "1.00", "2.00",
    ]  # fmt: skip
    assert "1.5" in words


def test_bars_are_as_long_as_their_figures():
    lengths = bar_lengths(render.svg(bars([("A", 50.0), ("B", 100.0)], description="Two.")))
    assert len(lengths) == 2
    assert lengths[1] == pytest.approx(2 * lengths[0])


@pytest.mark.parametrize("draw", [ranking, bars])
def test_rows_without_scores_are_refused(draw):
    with pytest.raises(ValueError, match="needs at least one"):
        draw([], description="None.")


def test_strips_draw_a_line_an_area_and_a_mark_a_mean():
    groups = [
        Strip(name="Europe", scores=(70.0, 80.0, 90.0), mean=80.0, weighted=77.0),
        Strip(name="Asia", scores=(40.0,)),
    ]
    svg = render.svg(strips(groups, description="Two groups.", width=360))
    assert svg.count('fill="var(--c-other)"') == 4
    assert svg.count('fill="var(--c-1)"') == 1
    assert svg.count('fill="var(--c-2)"') == 1
    assert {node.text for node in ET.fromstring(svg).iter(TEXT)} == {
        "Europe", "Asia", "0", "25", "50", "75", "100",
    }  # fmt: skip
    assert 'viewBox="0 0 360 116"' in svg


def test_strips_without_groups_are_refused():
    with pytest.raises(ValueError, match="at least one group"):
        strips([], description="None.")
