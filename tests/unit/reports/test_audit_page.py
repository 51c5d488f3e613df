import base64
import hashlib
import io
import re
import subprocess
import sys
from dataclasses import fields, replace
from html.parser import HTMLParser
from itertools import pairwise

import pypdf
import pytest

from everycount.charts import ranking, render
from everycount.reports.audit_page import (
    Answered,
    AuditPage,
    Chart,
    Column,
    Judged,
    Limit,
    Reading,
    Section,
    Table,
    Varied,
    audit_page,
    audit_pdf,
    by_part,
)
from everycount.reports.index_page import File

VOID = {"meta", "link", "br", "rect", "circle", "path", "line"}
FORBIDDEN = re.compile("probab|likel|confiden|significan", re.IGNORECASE)
BARE = AuditPage(title="Bare", method="A method", headline="Ranks hold.", readings=())
SVG = render.svg(ranking.ranking([("Norway", 93.9)], description="Norway scores 93.9."))
EVIL = '<script>alert("1")</script> #eval("1") $x$ *b* @y ]] {{ page }}'
TABLE = Table(
    title="Rank of each unit",
    columns=(Column(label="Unit"), Column(label="Rank", kind="number"),
             Column(label="Why", kind="words")),
    rows=(("Norway", "1", "leads"), ("Denmark", "3", "")),
    note="Of 10 builds.",
    file="ranks.csv",
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
    return re.sub(r"<style>.*?</style>", "", audit_page(page).decode(), flags=re.DOTALL)


def words(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def row_of(html, name):
    """Return the words of the row that holds a name."""
    return words(next(row for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL) if name in row))


def opened(page):
    return pypdf.PdfReader(io.BytesIO(audit_pdf(page)))


def text_of(page):
    """Return the words of the PDF, its lines joined."""
    return " ".join(" ".join(part.extract_text() for part in opened(page).pages).split())


@pytest.fixture(scope="module")
def full_text(full_page):
    """Return the words of each page of the full report, which take a second to read."""
    return [page.extract_text() for page in opened(full_page).pages]


def roles(element, found):
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            roles(child, found)
    elif isinstance(element, dict):
        found.append((element.get("/S"), element.get("/Alt")))
        if "/K" in element:
            roles(element["/K"], found)
    return found


# ------------------------------------------------------------------ the page


@pytest.mark.parametrize("which", ["full", "bare"])
def test_page_is_well_formed_without_script_or_style_attribute(which, full_page):
    outline = Outline(audit_page(full_page if which == "full" else BARE).decode())
    assert outline.open == []
    assert "script" not in outline.tags
    names = [name for name, _ in outline.attributes]
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.targets) <= set(outline.ids)
    assert not [v for n, v in outline.attributes if n in {"src", "srcset"}]


def test_page_headings_stand_in_order(full_page):
    html = body(full_page)
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", html) == [
        "Verdict",
        "What was tested",
        "How far ranks move",
        "What each choice does alone",
        "Which choices matter most",
        "Neighbours that are not told apart",
        "Do the parts hang together",
        "Questions no computer can answer",
        "Limits and caveats",
        "Provenance",
    ]


def test_page_opens_with_the_verdict(full_page):
    text = words(body(full_page))
    order = [
        "Ranks may be read in groups of about ten places, not one by one.",
        "Differences of fewer than 9 places are not meaningful by themselves.",
        "What may be said",
        "Denmark leads in 96 % of the builds",
        "What may not be said",
        "That an area overtook its neighbour",
        "The audit in short",
    ]
    places = [text.rindex(part) for part in order]
    assert places == sorted(places)


@pytest.mark.parametrize("places", [None, 1])
def test_page_without_meaningless_differences_does_not_speak_of_them(places):
    page = replace(BARE, places=places)
    assert "not meaningful" not in body(page)
    assert "not meaningful" not in text_of(page)


def test_page_says_lights_in_words_and_shapes(full_page):
    html = body(full_page)
    assert row_of(html, "Do ranks hold?").startswith("▲ To be looked at Do ranks hold? 56 of 129")
    assert row_of(html, "other way?").startswith("■ A problem")
    assert row_of(html, "Do figures suffice?").startswith("✓ In order")
    assert row_of(html, "Do indicators agree?").startswith("○ For information")


def test_page_holds_every_cell_of_every_table(full_page):
    html = body(full_page)
    sections = (full_page.ranks, full_page.choices, full_page.sensitivity, full_page.neighbours)
    tables = [t for s in (*sections, *full_page.coherence) for t in s.tables]
    rows = [row for table in (*tables, full_page.least_certain) for row in table.rows]
    assert len(rows) > 400
    printed = {words(row) for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL)}
    escaped = {"'": "&#39;", "&": "&amp;"}
    expected = {" ".join(" ".join(row).split()) for row in rows}
    for mark, code in reversed(escaped.items()):
        expected = {row.replace(mark, code) for row in expected}
    assert expected <= printed


def test_page_folds_long_tables_and_shows_short_ones(full_page):
    html = body(full_page)
    assert "<summary>Rank of each unit over the builds: table of 129 rows</summary>" in html
    assert "<summary>The ten least certain ranks" not in html
    assert "<b>Pairs that correlate highly</b>: none." in html


def test_page_tables_have_captions_and_scopes(full_page):
    tables = re.findall(r"<table.*?</table>", body(full_page), re.DOTALL)
    assert len(tables) > 10
    for table in tables:
        assert "<caption" in table
        assert not re.search(r"<th(?![^>]*scope=)[ >]", table)


def test_page_says_where_each_threshold_comes_from(full_page):
    html = body(full_page)
    assert row_of(html, "two indicators say the same".capitalize()).startswith(
        "Two indicators say the same from this correlation on 0.95 JRC, Your 10-Step"
    )
    assert "Judged by: correlation above 0.95 (JRC" in html


def test_page_says_what_was_varied(full_page):
    html = body(full_page)
    row = row_of(html, ">Normalisation</th><td><ul><li>min-max</li><li>z-scores</li>")
    assert row == (
        "Normalisation min-max z-scores ranks z-scores were never drawn together with "
        "geometric means."
    )
    assert ">Weights of goals</th><td>times a number from 0.75 to 1.25</td>" in html


def test_page_charts_have_words_and_a_narrow_drawing_where_given():
    chart = Chart(svg=SVG, narrow=SVG, alt="Alt", title="Ranks", unit="places", key="Dot.",
                  source="Of ranks.csv")  # fmt: skip
    html = body(replace(BARE, ranks=Section(charts=(chart, replace(chart, narrow="")))))
    assert html.count('role="img" aria-label="Norway scores 93.9."') == 3
    assert html.count('class="chart chart-w"') == html.count('class="chart chart-n"') == 1
    assert html.count('class="chart chart-all"') == 1
    assert html.count('id="hatch"') == 1
    assert "<b>Ranks</b><span>places</span>" in html


def test_page_links_the_files_beside_it(full_page):
    assert '<a href="ranks.csv"><span>ranks.csv</span></a>' in body(full_page)


def test_page_policy_admits_only_its_own_style_sheet(full_page):
    html = audit_page(full_page).decode()
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in html
    assert "default-src 'none'" in html


def test_page_leaves_out_what_is_absent():
    html = body(BARE)
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", html) == ["Verdict"]
    assert re.findall(r'<a href="#(\w+)">', html) == ["verdict"]
    assert "<table" not in html


def test_page_with_a_part_alone_shows_it():
    for name, value in {
        "tested": (("Builds", "10"),),
        "assumptions": (Varied(name="Weights", options=("equal", "noise")),),
        "thresholds": (Limit(name="Least", value="3", source="JRC"),),
        "least_certain": TABLE,
        "files": (File(name="a.csv", href="a.csv", what="All"),),
        "provenance": (("Method", "sha256 0"),),
        "may": ("Yes.",),
        "may_not": ("No.",),
    }.items():
        page = replace(BARE, **{name: value})
        assert len(body(page)) > len(body(BARE))
        assert len(text_of(page)) > len(text_of(BARE))


def test_page_of_a_real_size_is_small(full_page):
    assert len(audit_page(full_page)) < 600_000


def test_page_twice_gives_the_same_bytes(full_page):
    assert audit_page(full_page) == audit_page(full_page)


def test_results_of_builds_are_never_called_more_than_shares(full_page, full_text):
    assert not FORBIDDEN.search(words(body(full_page)))
    assert not FORBIDDEN.search(" ".join(full_text))


def hostile():
    """Return a page whose every text is hostile."""
    table = Table(title=EVIL, columns=(Column(label=EVIL),), rows=((EVIL,),), note=EVIL, file=EVIL)
    section = Section(
        title=EVIL,
        text=(EVIL,),
        findings=(Judged(part=EVIL, light="watch", words=EVIL, about=(EVIL,), limit=EVIL),),
        charts=(Chart(svg=SVG, alt=EVIL, title=EVIL, unit=EVIL, key=EVIL, source=EVIL),),
        tables=(table, replace(table, rows=())),
    )
    given = {
        "least_certain": table,
        "readings": (Reading(question=EVIL, result=EVIL, light="good"),),
        "assumptions": (Varied(name=EVIL, options=(EVIL,), note=EVIL),),
        "thresholds": (Limit(name=EVIL, value=EVIL, source=EVIL),),
        "coherence": (section,),
        "checklist": (Answered(question=EVIL, answer=EVIL, note=EVIL, by=EVIL),),
        "files": (File(name=EVIL, href="x.csv", what=EVIL),),
        "tested": ((EVIL, EVIL),),
        "provenance": ((EVIL, EVIL),),
        "places": 3,
    } | dict.fromkeys(("may", "may_not", "limits"), (EVIL,))
    given |= dict.fromkeys(("ranks", "choices", "sensitivity", "neighbours"), section)
    return AuditPage(**{field.name: given.get(field.name, EVIL) for field in fields(AuditPage)})


def test_page_escapes_hostile_texts():
    html = body(hostile())
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 60
    assert Outline(html).open == []


# ------------------------------------------------------------------ the PDF


def test_pdf_prints_hostile_texts_as_they_are():
    page = replace(hostile(), title="Hostile")
    assert text_of(page).count(EVIL) > 50


def test_pdf_is_tagged_and_every_picture_has_its_words(full_page):
    pdf = opened(full_page)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert pdf.metadata.title == full_page.title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    found = roles(root["/StructTreeRoot"], [])
    names = [name for name, _ in found]
    assert names.count("/H1") == 1
    assert names.count("/H2") == 10
    charts = [alt for name, alt in found if name == "/Figure"]
    assert "Aggregation alone moves ranks most: bars of 6 rows, from 90 to 48." in charts
    assert all(charts)
    assert names.count("/THead") == names.count("/Table") > 10


def test_pdf_holds_every_row_and_numbers_its_pages(full_page, full_text):
    text = " ".join(" ".join(full_text).split())
    assert all(" ".join(" ".join(row).split()) in text for row in full_page.ranks.tables[0].rows)
    assert f"Page 2 of {len(full_text)}" in text
    assert full_text[1].splitlines()[0] == full_page.title
    assert full_text[0].count(full_page.title) == 1
    mediabox = opened(full_page).pages[0].mediabox
    assert {round(float(side)) for side in mediabox[2:]} == {595, 842}  # A4 in points


def test_pdf_repeats_the_head_of_a_table_on_every_page(full_text):
    assert sum("Builds with a score" in " ".join(page.split()) for page in full_text) >= 3


def test_pdf_cuts_a_table_where_told_and_says_where_all_is():
    rows = tuple((f"Unit {k}", str(k), "") for k in range(40))
    text = text_of(replace(BARE, least_certain=replace(TABLE, rows=rows, on_paper=12)))
    assert "Of 10 builds. The first 12 of 40 rows. All are in the file ranks.csv." in text
    assert "Unit 11" in text
    assert "Unit 12" not in text
    whole = text_of(replace(BARE, least_certain=replace(TABLE, rows=rows, on_paper=40)))
    assert "Of 10 builds. As a file: ranks.csv." in whole
    assert "Unit 39" in whole


def test_pdf_draws_a_long_chart_in_pieces():
    chart = Chart(svg=SVG, alt="Ranks of all.", title="Ranks", on_paper=(SVG, SVG))
    page = replace(BARE, ranks=Section(charts=(chart,)))
    text = text_of(page)
    assert "Ranks (1 of 2)" in text
    assert "Ranks (2 of 2)" in text
    found = roles(opened(page).trailer["/Root"]["/StructTreeRoot"], [])
    assert [alt for name, alt in found if name == "/Figure"] == [
        "Ranks of all. Part 1 of 2.",
        "Ranks of all. Part 2 of 2.",
    ]


def test_pdf_has_the_same_bytes_in_another_process(tmp_path):
    program = (
        "import sys; from everycount.reports.audit_page import *;"
        "page = AuditPage(title='Bare', method='A method', headline='Ranks hold.', readings=());"
        "sys.stdout.buffer.write(audit_pdf(page))"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == audit_pdf(BARE) == audit_pdf(BARE)
    assert list(tmp_path.iterdir()) == []


def test_pdf_of_a_full_page_twice_gives_the_same_bytes(full_page):
    assert audit_pdf(full_page) == audit_pdf(full_page)


# ------------------------------------------------------------------ the nouns


def test_findings_of_a_part_stand_with_the_gravest_first_and_those_of_a_limit_together():
    rows = [
        Judged(part="A", light="note", words="1", limit="x"),
        Judged(part="A", light="problem", words="2"),
        Judged(part="A", light="note", words="3", limit="y"),
        Judged(part="A", light="note", words="4", limit="x"),
        Judged(part="B", light="good", words="5"),
        Judged(part="C", light="watch", words="6"),
    ]
    first, second, third = by_part(rows)
    assert [[row.words for row in group.rows] for group in first.rest] == [["1", "3", "4"]]
    assert {row.limit for group in first.rest for row in group.rows} == {""}
    assert first.rest_words == "A: 3 findings in order or for information"
    assert second.rest_words == "B: 1 finding in order or for information"
    assert third.rest == ()
    assert [part.is_short for part in (first, second, third)] == [False, True, False]


def test_grave_findings_that_one_limit_judges_stand_together():
    rows = [
        Judged(part="A", light="watch", words="1", limit="x"),
        Judged(part="A", light="watch", words="2", limit="y"),
        Judged(part="A", light="watch", words="3", limit="x"),
    ]
    (part,) = by_part(rows)
    assert [[row.words for row in group.rows] for group in part.grave] == [["1", "3"], ["2"]]


def test_few_findings_without_a_grave_one_stand_open_and_more_are_folded():
    few = tuple(Judged(part="Pairs", light="note", words=f"Finding {k}.") for k in range(3))
    items = (replace(few[0], about=("one", "two", "three")),)
    assert "<summary>" not in body(replace(BARE, neighbours=Section(findings=few)))
    html = body(replace(BARE, neighbours=Section(findings=items)))
    assert "<summary>Pairs: 1 finding in order or for information</summary>" in html
    assert "<li>one</li><li>two</li><li>three</li>" in html
    several = (*few, replace(few[0], part="Ranks"))
    html = body(replace(BARE, neighbours=Section(findings=several)))
    assert ">Pairs</h3>" in html
    assert ">Ranks</h3>" in html


def test_page_cuts_a_table_where_told_and_says_where_all_is():
    rows = tuple((f"Unit {k}", str(k), "") for k in range(40))
    html = body(replace(BARE, least_certain=replace(TABLE, rows=rows, on_page=12)))
    assert "Of 10 builds. The first 12 of 40 rows. As a file: ranks.csv." in html
    assert "Unit 11<" in html
    assert "Unit 12<" not in html


def test_table_needs_a_cell_for_every_column():
    with pytest.raises(ValueError, match="table 'Rank of each unit': every row needs 3 cells"):
        replace(TABLE, rows=(("Norway", "1"),))


def test_page_of_findings_alone_says_them_once():
    found = Judged(part="Coherence", light="watch", words="3b and 3c say the same.", limit="0.95")
    page = replace(BARE, coherence=(Section(title="Correlations", findings=(found,)),))
    assert body(page).count("3b and 3c say the same.") == 1
    assert text_of(page).count("3b and 3c say the same.") == 1
