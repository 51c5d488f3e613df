"""Charts of the portal hold their words at every width: none cut, none over another."""

import xml.etree.ElementTree as ET
from itertools import combinations
from math import nan

import pytest

from everycount.charts import render, wrapping
from everycount.charts.bars import Bar, bars
from everycount.charts.dumbbell import Pair, dumbbell
from everycount.charts.heat_map import Cell, heat_map
from everycount.charts.lines import Point, Series, lines
from everycount.charts.scatter import Axis, Dotted, scatter
from everycount.charts.slope import Slope, slope
from everycount.charts.small_multiples import small_multiples
from everycount.charts.strip_plot import Area, strip_plot
from everycount.charts.targets import Target

WIDTHS = (320, 340, 479, 480, 720, 1040)
FLAGS = ("", "few", "modelled", "hidden")
ENGLISH = ("Chad", "United Kingdom of Great Britain and Northern Ireland")
VIETNAMESE = (
    "Lào",
    "Tỷ lệ phụ nữ giữ ghế trong quốc hội của các quốc gia Đông Nam Á và toàn thế giới năm 2020",
)
ARABIC = ("تشاد", "جمهورية إيران الإسلامية (غرب آسيا)")
LANGUAGES = {"en": ENGLISH, "vi": VIETNAMESE, "ar": ARABIC}
AIM = {low: Target(words="Target: parity, 47–53 %", low=low, high=53) for low in (47, 53)}
FIGURES = {
    "shares": [26.72, 12.3, 97.6, 0.0, 53.1, 44.4, 60.0, 26.7],
    "alike": [50.0] * 8,
    "huge": [1.2e11, -4e10, 9.9e11, 0.0, 3e11, 3.1e11, 3.05e11, 7e11],
    "tiny": [1e-9, 3e-9, 2e-9, 5e-9, 5.1e-9, 1e-9, 0.0, 2e-9],
    "missing": [nan] * 8,
}


def number(value):
    return f"{value:,.1f}" if value == 0 or abs(value) > 0.01 else f"{value:.2g}"


def told(value, k):
    """A figure with its flag; every fourth is hidden."""
    flag = FLAGS[k % 4]
    return {"value": nan if flag == "hidden" else value, "flag": flag}


def series(names, figures):
    tones = ("focus", "women", "men", "quiet", "total")
    return [
        Series(
            name=name,
            tone=tones[k % 5],
            points=tuple(
                Point(period=str(2000 + at + (3 if at > 4 else 0)), **told(value, at + k))
                for at, value in enumerate([*figures[k:], *figures[:k]])
            ),
        )
        for k, name in enumerate(names)
    ]


def draw_lines(names, figures, width):
    return lines(
        series(names[:5], figures), description="D.", number=number, target=AIM[47], width=width,
        unit="years of schooling",
    )  # fmt: skip


def draw_multiples(names, figures, width):
    return small_multiples(
        series(names, figures), description="D.", number=number, target=AIM[53], width=width
    )


def draw_bars(names, figures, width):
    rows = [
        Bar(name=name, target=52.0 if k % 2 else None, note="2019" * (k % 2), **told(value, k))
        for k, (name, value) in enumerate(zip(names, figures, strict=True))
    ]
    return bars(rows, description="D.", number=number, target=AIM[47], width=width, unit="points")


def draw_dumbbell(names, figures, width):
    rows = [
        Pair(name=name, first=told(value, k)["value"], second=told(other, k + 1)["value"],
             flags=(FLAGS[k % 4], FLAGS[(k + 1) % 4]))
        for k, (name, value, other) in enumerate(zip(names, figures, figures[::-1], strict=True))
    ]  # fmt: skip
    return dumbbell(rows, description="D.", number=number, target=AIM[47], width=width, unit="%")


def draw_strips(names, figures, width):
    areas = [
        Area(name=name, row=names[k % 3], tone="focus" if k in {1, 2} else "quiet",
             **told(value, k))
        for k, (name, value) in enumerate(zip(names, figures, strict=True))
    ]  # fmt: skip
    return strip_plot(areas, description="D.", number=number, target=AIM[47], width=width)


def draw_swarm(names, figures, width):
    areas = [
        Area(name=name, tone="men" if k == 1 else "quiet", **told(value, k))
        for k, (name, value) in enumerate(zip(names, figures, strict=True))
    ]
    return strip_plot(
        areas, description="D.", number=number, shape="dot", breaks=[1, 30], width=width
    )


def draw_slope(names, figures, width):
    rows = [
        Slope(name=name, first=told(value, k)["value"], second=told(other, k + 1)["value"],
              flags=(FLAGS[k % 4], FLAGS[(k + 1) % 4]), tone="focus" if k == 1 else "quiet")
        for k, (name, value, other) in enumerate(zip(names, figures, figures[::-1], strict=True))
    ]  # fmt: skip
    return slope(rows, dates=("2000", "2020"), description="D.", number=number, width=width)


def draw_scatter(names, figures, width):
    areas = [
        Dotted(name=name, x=value, y=other, has_name=True)
        for name, value, other in zip(names, figures, figures[::-1], strict=True)
    ]
    axis = Axis(words=names[1], number=number)
    return scatter(areas, x=axis, y=axis, description="D.", width=width)


def draw_heat_map(names, figures, width):
    years = [str(2000 + k) for k in range(21)]
    cells = [
        Cell(row=name, column=years[k], **told(value, k))
        for k, (name, value) in enumerate(zip(names, figures, strict=True))
    ]
    return heat_map(
        cells, rows=names, columns=years, breaks=[1, 30], description="D.", number=number,
        width=width,
    )  # fmt: skip


def draw_indicators(names, figures, width):
    return heat_map(
        [], rows=names, columns=names, breaks=[1], description="D.", number=number, width=width
    )


CHARTS = (
    draw_lines, draw_multiples, draw_bars, draw_dumbbell, draw_strips, draw_swarm, draw_slope,
    draw_scatter, draw_heat_map, draw_indicators,
)  # fmt: skip


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
@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@pytest.mark.parametrize("figures", FIGURES.values(), ids=FIGURES)
@pytest.mark.parametrize("width", WIDTHS)
def test_words_stay_in_the_picture_and_apart(draw, language, figures, width):
    names = [f"{language[k % 2]} {k}" for k in range(8)]
    spec = draw(names, figures, width)
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
def test_drawing_follows_the_theme_and_is_the_same_twice(draw):
    names = [f"{VIETNAMESE[k % 2]} {k}" for k in range(8)]
    one, two = (render.svg(draw(names, FIGURES["shares"], 340)) for _ in range(2))
    assert one == two
    said = " ".join(n.text for n in ET.fromstring(one).iter("{http://www.w3.org/2000/svg}text"))
    assert "…" not in said
    assert len(one.encode()) < 20_000


def test_words_of_the_reader_are_isolated_where_they_run_from_right_to_left():
    spec = draw_bars([f"{ARABIC[1]} {k}" for k in range(8)], FIGURES["shares"], 720)
    arabic = [text for *_, text in boxes(spec) if "إيران" in text]
    assert arabic
    assert all(text[0] == "\u2067" and text[-1] == "\u2069" for text in arabic)
