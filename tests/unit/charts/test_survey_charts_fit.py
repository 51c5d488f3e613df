"""Charts of survey estimates hold their words at every width: none cut, none over another."""

import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from everycount.charts import render, wrapping
from everycount.charts.crossing_heat_map import Cell, crossing_heat_map
from everycount.charts.dot_intervals import dot_intervals
from everycount.charts.equiplot import Line, equiplot
from everycount.charts.estimates import Everybody, GroupEstimate, Measure
from everycount.charts.leaves import Leaf, leaves

WIDTHS = (300, 328, 479, 480, 614, 720)
FLAGS = ("", "few", "modelled", "hidden")
ENGLISH = ("Poorest fifth", "Women of the western highlands who migrated, without any schooling")
VIETNAMESE = ("Nhóm nghèo nhất", "Phụ nữ nông thôn, người dân tộc thiểu số, không được đi học")
ARABIC = ("الخُمس الأفقر", "النساء الريفيات الأفقر من دون تعليم مدرسي (الشمال والشرق)")
GERMAN = ("Arm", "Donaudampfschifffahrtsgesellschaftskapitänswitwen mit Grundschulabschluss")
LANGUAGES = (ENGLISH, VIETNAMESE, ARABIC, GERMAN)


def names(language, count):
    """Short names and long ones by turns, no two the same."""
    return [f"{language[k % 2]} {k}" for k in range(count)]


def shares(count):
    return [round(0.001 + k * 0.998 / max(1, count - 1), 4) for k in range(count)]


def figures(share, flag):
    if flag == "hidden":
        return {"flag": flag}
    ends = {"low": max(0.0, share - 0.06), "high": min(1.0, share + 0.06)}
    return {"flag": flag, "estimate": share} | ends


def draw_dots(language, count, width):
    rows = [
        GroupEstimate(name=name, panel=language[k % 3 % 2], **figures(share, FLAGS[k % 4]))
        for k, (name, share) in enumerate(zip(names(language, count), shares(count), strict=True))
    ]
    whole = Everybody(words=language[1], estimate=0.5)
    return dot_intervals(rows, title="T", everybody=whole, width=width)


def draw_leaves(language, count, width):
    tree = [
        Leaf(
            path=(name, language[0]),
            share=float("nan") if FLAGS[k % 4] == "hidden" else 0.1,
            **figures(share, FLAGS[k % 4]),
        )
        for k, (name, share) in enumerate(zip(names(language, count), shares(count), strict=True))
    ]
    return leaves(tree, title="T", behind="low", width=width)


def draw_equiplot(language, count, width):
    groups = [f"{language[0]} {k}" for k in range(5)]
    lines = [
        Line(name=name, figures=tuple(min(1.0, share * (k + 1) / 5) for k in range(5)))
        for name, share in zip(names(language, count), shares(count), strict=True)
    ]
    return equiplot(lines, groups, title="T", width=width)


def draw_heat_map(language, count, width):
    rows, columns = names(language, count), names(language, 7)
    cells = [
        Cell(row=row, column=column)
        if flag == "hidden" and k % 3
        else Cell(row=row, column=column, flag=flag)
        if flag == "hidden"
        else Cell(row=row, column=column, estimate=share, flag=flag)
        for k, (row, share) in enumerate(zip(rows, shares(count), strict=True))
        for column, flag in zip(columns, (*FLAGS, *FLAGS), strict=False)
    ]
    return crossing_heat_map(cells, rows=rows, columns=columns, title="T", width=width)


CHARTS = (draw_dots, draw_leaves, draw_equiplot, draw_heat_map)


def boxes(spec):
    """Left, right, top and bottom of each text, in pixels from the corner of the drawing."""
    found = []
    for layer in spec["layer"]:
        mark = layer["mark"]
        if mark["type"] != "text":
            continue
        size, is_bold = mark["fontSize"], "fontWeight" in mark
        for value in layer["data"]["values"]:
            takes = wrapping.room(value["text"], size=size, bold=is_bold)
            before = {"left": 0, "center": takes / 2, "right": takes}[mark["align"]]
            left, half = value["x"] - before, 0.4 * size
            edges = (left, left + takes, value["y"] - half, value["y"] + half)
            found.append((*edges, value["text"]))
    return found


def is_over(one, other):
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


@pytest.mark.parametrize("draw", CHARTS)
@pytest.mark.parametrize("language", LANGUAGES, ids=["en", "vi", "ar", "de"])
@pytest.mark.parametrize("count", [2, 12])
@pytest.mark.parametrize("width", WIDTHS)
def test_words_stay_in_the_picture_and_apart(draw, language, count, width):
    spec = draw(language, count, width)
    margins = spec["padding"]
    assert spec["width"] + margins["left"] + margins["right"] == width
    found = boxes(spec)
    for left, right, top, bottom, text in found:
        assert left >= -margins["left"] - 0.5, text
        assert right <= spec["width"] + margins["right"] + 0.5, text
        assert top >= -margins["top"], text
        assert bottom <= spec["height"] + margins["bottom"], text
    over = [(a[4], b[4]) for a, b in combinations(found, 2) if is_over(a, b)]
    assert over == []


@pytest.mark.parametrize("draw", CHARTS)
@pytest.mark.parametrize("width", [328, 614])
def test_forty_rows_are_drawn_whole(draw, width):
    svg = render.svg(draw(ENGLISH, 40, width))
    said = " ".join(
        text.text for text in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    )
    words = said.replace(",", " ").split()
    assert {str(k) for k in range(40)} <= set(words)
    assert words.count("highlands") >= 20
    assert "…" not in said
    assert len(svg.encode()) < 180_000


@pytest.mark.parametrize("draw", CHARTS)
def test_same_figures_give_the_same_bytes(draw):
    assert render.svg(draw(VIETNAMESE, 3, 614)) == render.svg(draw(VIETNAMESE, 3, 614))


def test_numbers_with_a_long_unit_stay_in_the_picture():
    measure = Measure(kind="number", unit="years of schooling completed", decimals=0)
    rows = [GroupEstimate(name="Poorest fifth", estimate=1e6, low=9e5, high=1.1e6)]
    spec = dot_intervals(rows, title="T", measure=measure, width=328)
    found = boxes(spec)
    assert max(right for _, right, _, _, _ in found) <= spec["width"] + spec["padding"]["right"]
    assert [(a[4], b[4]) for a, b in combinations(found, 2) if is_over(a, b)] == []
