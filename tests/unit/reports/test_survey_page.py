"""The page of a survey as HTML: order, escapes, tables that a screen reader can read, no script."""

import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from everycount.charts import ranking, render
from everycount.reports.audit_page import Chart, Column, Table
from everycount.reports.index_page import File, Finding
from everycount.reports.survey_page import (
    CellRow,
    CellTable,
    FurthestSection,
    Picture,
    Quality,
    SurveyPage,
    survey_page,
)

VOID = {"meta", "link", "br", "rect", "circle", "path", "line"}
EVIL = '<script>alert("1")</script> {{ page }} </style> & "x"'
SVG = render.svg(ranking.ranking([("Coast", 53.1)], description="Coast, 53.1 %."))
CHART = Chart(svg=SVG, narrow=SVG, alt="Coast, 53.1 %.", title="From 11 to 53", unit="% of women")
CELLS = CellTable(
    title="Women who can read, by schooling and wealth",
    name="Schooling and wealth",
    head="Wealth",
    figure="%",
    interval="95 % interval",
    rows=(
        CellRow(group="Schooling: None", name="Poorest", figure="11.5", interval="10.0 to 13.3",
                cases="1,317"),
        CellRow(group="Schooling: None", name="Richest", figure="(66.8)", interval="39 to 86",
                cases="18", mark="unreliable"),
        CellRow(group="Schooling: Higher", name="Poorest", untold="not shown"),
    ),
)  # fmt: skip
ALONE = replace(
    CELLS,
    name="One characteristic at a time",
    rows=(CellRow(name="All women", figure="53.1", interval="52 to 55", cases="10,863"),),
)
GRID = Table(
    title="All outcomes",
    columns=(Column(label="Outcome", kind="words"), Column(label="All", kind="number"),
             Column(label="Why")),
    rows=(("Women who can read", "53.1", "asked"),),
    note="Of all.",
)  # fmt: skip
BARE = SurveyPage(
    title="Women who can read",
    finding=Finding(before="Can read:", number="53.1 %", after="."),
    quality=Quality(facts=()),
)
FULL = SurveyPage(
    title="Women who can read",
    survey="A survey, 2024",
    finding=Finding(before="53 of 100 women can read:", number="53.1 %", after=" (52 to 55)."),
    lead=("Lowest: 11.5 %.", "They were looked for."),
    notice="The data are simulated.",
    short=(("Cells computed", "1,779"),),
    short_note="One and two at once.",
    reading=("Compare groups by the tested difference.",),
    groups=Picture(title="Schooling and wealth together", chart=CHART, cells=CELLS),
    crossing=Picture(title="Region and schooling together", chart=CHART, cells=CELLS),
    furthest=FurthestSection(
        text=("Women without schooling.",), chart=CHART, table=GRID, caveats=("It leans.",)
    ),
    outcomes=Picture(title="All outcomes beside one another", text=("A line is an outcome.",),
                     chart=CHART, table=GRID),
    cells=(ALONE, replace(CELLS, note="Of those asked.")),
    cells_note=("4 of 1,779 cells.",),
    quality=Quality(facts=(("Sample", "300 units"),), tables=(GRID,),
                    terms=(("Design effect", "How many times."),)),
    provenance=(("Design file", "survey.toml, SHA-256 ab"),),
    files=(File(name="estimates.csv", href="estimates.csv", what="All cells"),),
)  # fmt: skip


class Outline(HTMLParser):
    """Collect the elements of a page, and whether every one is closed."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.ids, self.targets, self.open = [], [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [value for name, value in attrs if name == "id"]
        self.targets += [v[1:] for n, v in attrs if n == "href" and v[0] == "#"]
        self.targets += [value for name, value in attrs if name == "aria-labelledby"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def body(page):
    """Return the page as text without the style sheet."""
    return re.sub(r"<style>.*?</style>", "", survey_page(page).decode(), flags=re.DOTALL)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("page", [FULL, BARE], ids=["full", "bare"])
def test_page_is_well_formed_without_script_or_style_attribute(page):
    outline = Outline(survey_page(page).decode())
    assert outline.open == []
    assert "script" not in outline.tags
    names = [name for name, _ in outline.attributes]
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.targets) <= set(outline.ids)
    assert not [value for name, value in outline.attributes if name in {"src", "srcset"}]


def test_page_has_its_parts_in_the_order_of_the_design_brief():
    html = body(FULL)
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["Women who can read"]
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", html) == [
        "Schooling and wealth together",
        "Region and schooling together",
        "Who is furthest behind",
        "All outcomes beside one another",
        "Quality in short",
        "How to read it",
        "All cells of one and two characteristics",
        "Quality and secrecy",
        "Provenance",
    ]
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_page_opens_with_the_finding_and_says_what_the_data_are():
    text = words(body(FULL).partition("<main")[2])
    order = ["A survey, 2024", "53 of 100 women can read: 53.1 % (52 to 55).",
             "The data are simulated.",
             "Lowest: 11.5 %.", "They were looked for.", "From 11 to 53"]  # fmt: skip
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    assert "<b>53.1 %</b> (52 to 55)." in body(FULL)


def test_bare_page_shows_no_empty_part():
    html = body(BARE)
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", html) == ["Quality and secrecy"]
    assert re.findall(r'<a href="(#\w+)">', html) == ["#quality"]
    for tag in ("<figure", "<table", "<dl", "<details", 'class="kicker"', 'class="notice"'):
        assert tag not in html


@pytest.mark.parametrize("name", ["groups", "crossing", "furthest", "outcomes", "cells"])
def test_a_part_that_is_left_out_is_not_in_the_list_of_parts(name):
    links = set(re.findall(r'<a href="#(\w+)">', body(FULL)))
    gone = replace(FULL, **{name: () if name == "cells" else None}, cells_note=())
    if name != "cells":
        gone = replace(gone, cells_note=FULL.cells_note)
    lost = {"furthest": "behind"}.get(name, name)
    assert set(re.findall(r'<a href="#(\w+)">', body(gone))) == links - {lost}


@pytest.mark.parametrize(
    ("changes", "stays"), [({"files": ()}, "Design file"), ({"provenance": ()}, "estimates.csv")]
)
def test_provenance_may_have_files_alone_or_facts_alone(changes, stays):
    html = body(replace(FULL, **changes))
    assert stays in html
    assert ("Files beside this page" in html) is ("provenance" in changes)


def test_finding_without_a_number_has_nothing_in_bold():
    html = body(replace(BARE, finding=Finding(before="Women have 0.5 years.", number="")))
    assert '<p class="finding">Women have 0.5 years.</p>' in html


def test_every_chart_has_its_figures_as_a_table():
    html = body(FULL)
    assert html.count("<figure") == html.count("The same as a table: ") == 4
    assert html.count('class="chart chart-w"') == html.count('class="chart chart-n"') == 4
    alone = replace(FULL.groups, chart=replace(CHART, narrow="", key="Dot: it.", source="Them."))
    html = body(replace(BARE, groups=alone))
    assert 'class="chart chart-all"' in html
    assert "Dot: it." in html
    assert "Them." in html


def test_cells_say_what_is_uncertain_and_what_is_not_shown():
    html = body(replace(BARE, groups=FULL.groups))
    rows = [words(row) for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL)]
    assert rows == [
        "Wealth % 95 % interval Cases",
        "Schooling: None",
        "Poorest 11.5 10.0 to 13.3 1,317",
        "Richest (66.8) unreliable 39 to 86 18",
        "Schooling: Higher",
        "Poorest not shown",
    ]
    assert '<td class="miss" colspan="3">not shown</td>' in html


def test_tables_have_a_caption_and_a_scope_on_every_heading():
    html = body(FULL)
    assert html.count("<table") == html.count("<caption>") == 7
    assert len(re.findall(r"<th[ >]", html)) == len(re.findall(r'<th scope="', html))
    assert html.count('<div class="scroll"') == html.count('tabindex="0" role="region" aria-label')


def test_tables_of_cells_are_folded_but_the_first():
    html = body(FULL).partition('id="cells"')[2].partition('id="quality"')[0]
    assert re.findall(r"<details.*?</summary>", html) == [
        '<details class="more" open><summary>One characteristic at a time: 1 group</summary>',
        '<details class="more"><summary>Schooling and wealth: 3 groups</summary>',
    ]
    assert "Of those asked." in html


def test_every_text_is_escaped():
    def spoil(value):
        if isinstance(value, str) and value != SVG:
            return EVIL
        if isinstance(value, tuple):
            return tuple(map(spoil, value))
        if hasattr(value, "__dataclass_fields__"):
            own = {each.name: getattr(value, each.name) for each in fields(value)}
            return replace(
                value, **{name: spoil(each) for name, each in own.items() if name != "kind"}
            )
        return value

    html = body(spoil(FULL))
    assert "<script" not in html
    assert html.count("alert(") > 30
    assert Outline(survey_page(spoil(FULL)).decode()).open == []


def test_same_page_gives_the_same_bytes():
    assert survey_page(FULL) == survey_page(replace(FULL))
