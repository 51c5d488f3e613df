import pytest

from everycount.charts import ranking, render
from everycount.charts.paper import print_svg, typeset

STRIPS = (ranking.Strip(name="Đồng bằng", scores=(10.0, 93.9), mean=60.0),)
CHART = render.svg(ranking.strips(STRIPS, description="One region."))


def test_chart_for_paper_has_plain_colours():
    drawn = print_svg(CHART).decode()
    assert "var(" not in drawn
    assert 'fill="#00696f"' in drawn
    assert "hatch" not in drawn
    assert 'font-family="Everycount Sans"' in drawn


def test_chart_for_paper_has_no_group_for_a_single_faint_shape():
    inside = '<rect opacity="0.4"/><g opacity="0.5"><rect/></g>'
    drawn = print_svg(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>').decode()
    assert '<rect fill-opacity="0.4" stroke-opacity="0.4" />' in drawn
    assert '<g opacity="0.5"><rect /></g>' in drawn


def test_chart_for_paper_holds_its_hatching():
    inside = '<rect fill="url(#hatch)"/><text>var(--ink)</text>'
    drawn = print_svg(f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>').decode()
    assert drawn.count('<pattern id="hatch"') == 1
    assert 'stroke="#a9b3bc"' in drawn
    assert "<text>var(--ink)</text>" in drawn


def test_chart_for_paper_refuses_a_colour_without_a_theme():
    with pytest.raises(ValueError, match=r"var\(--accent\) is no colour of the theme"):
        print_svg('<svg xmlns="http://www.w3.org/2000/svg"><rect fill="var(--accent)"/></svg>')


def test_pages_of_a_picture_are_given_each():
    sources = {"main.typ": b"#set page(width: 20pt, height: 10pt)\na #pagebreak() b"}
    pages = typeset(sources, format="png", inputs={}, ppi=72)
    assert [page[16:24] for page in pages] == [b"\0\0\0\x14\0\0\0\x0a"] * 2


def test_fonts_of_typst_are_left_out_where_asked():
    sources = {"main.typ": '#set text(font: "Everycount Sans")\n\u05d0'.encode()}
    drawn = {
        embedded: typeset(sources, format="png", inputs={}, with_typst_fonts=embedded)
        for embedded in (True, False)
    }
    assert drawn[True] != drawn[False]
