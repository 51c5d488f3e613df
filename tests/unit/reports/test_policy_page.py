"""The report of a review as page, PDF and Word file: the same words in each, never as markup."""

import io
import re
import zipfile
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

import docx
import pypdf
import pytest

from everycount.reports.policy_page import (
    OPEN_ROWS,
    PAPER_ROWS,
    Advice,
    Changes,
    ClauseCard,
    Gap,
    Grid,
    Head,
    IssueCard,
    LinkCard,
    Part,
    Piece,
    PolicyPage,
    Row,
    Stat,
    policy_page,
    policy_pdf,
)
from everycount.reports.policy_word import policy_word

EVIL = '<script>alert("1")</script> #eval("1") $x$ *b* @y ]] {{ page }} `r` \\u{41}'
ARABIC = "المساواة بين المرأة والرجل"
VIETNAMESE = "Bình đẳng giới ở Đắk Lắk"
LONG = "Gleichstellungs" * 20
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VOID = {"meta", "br", "rect", "circle", "path", "line"}
BARE = PolicyPage(title="Bare law", finding="Nobody has accepted an issue yet.")


def say(words, to=""):
    return (Piece(words=words, to=to),)


def grid(rows, *, columns=3, ids=()):
    heads = (
        Head(label="Issue"),
        Head(label="Number", kind="number"),
        Head(label="Why", kind="words"),
    )
    more = tuple(Head(label=f"Column {n}") for n in range(columns - 3))
    return Grid(
        title="Grid",
        columns=heads + more,
        rows=tuple(
            Row(
                cells=(say(f"i{n}", "issue-1"), say(str(n)), (), *[say("x")] * (columns - 3)),
                id=f"{ids[n]}" if n < len(ids) else "",
            )
            for n in range(rows)
        ),
    )  # fmt: skip


def link(**more):
    given = {
        "code": "5.a", "title": "Land", "to": "indicator-1", "framework": "World set, global",
        "decision": "accepted by Lan", "sign": "good", "status": "accepted",
        "facts": (("Score", "0.50"), ("Why", "both land")), "warnings": ("men, not women",),
    }  # fmt: skip
    return LinkCard(**{**given, **more})


def open_link(number):
    return link(code=f"o{number}", to="", decision="not decided", sign="line", status="likely")


ISSUE = IssueCard(
    id="issue-1",
    name="Issue 1",
    action=EVIL,
    sign="good",
    status="accepted",
    warnings=("Hoa dissents: no figures",),
    facts=(("By whom", say("The State")), ("Dimension", say("social"))),
    targets=(("60 %", (("Value", "at least 60 %"), ("Numerator", "women (to be confirmed)"))),),
    links=(link(), link(facts=(), warnings=(), to="indicator-45")),
    others=tuple(map(open_link, range(5))),
)
EMPTY = IssueCard(
    id="issue-2", name="Issue 2", action="count", sign="line", status="not decided",
    facts=(), search="No indicator found.", others=(open_link(9),),
)  # fmt: skip
REJECTED = IssueCard(
    id="issue-3", name="Issue 3", action="ask", sign="off", status="rejected", facts=()
)  # fmt: skip
PAGE = PolicyPage(
    title=f"Law {EVIL}",
    kicker=(VIETNAMESE, "In Vietnamese"),
    language="vi",
    finding=f"1 of 2 issues has an indicator. {EVIL}",
    stats=(Stat(label="Clauses", value="12", note="of 40"), Stat(label="Accepted", value="2")),
    notices=(f"Away set is not loaded. {EVIL}", LONG),
    gaps=(
        Gap(id="gap-a", title="Issues", finding="a", figure="1 of 2", grid=grid(50), notes=("n",)),
        Gap(id="gap-b", title="Groups", finding="b", figure="0", grid=grid(0)),
    ),
    advice=Advice(
        finding="57 changes",
        sides=(
            (
                "To the owners",
                (
                    Changes(
                        ground=Piece(words="Issues", to="gap-a"),
                        rows=tuple((f"develop {n}", "" if n else EVIL) for n in range(50)),
                    ),
                ),
            ),
            ("To the authors", ()),
        ),
        notes=("People decide.",),
    ),
    clauses=(
        ClauseCard(
            id="clause-1",
            title="Article 1, (a)",
            heading=say(VIETNAMESE),
            page="page 3",
            text=(
                Piece(words=f"{EVIL} "),
                Piece(words="shall", is_cause=True),
                Piece(words=f" {LONG}\x85end"),
            ),
            note="Also from elsewhere.",
            issues=(ISSUE,),
        ),
        ClauseCard(id="clause-2", title="Not in the document", text=say(ARABIC), issues=(EMPTY,)),
        ClauseCard(id="clause-3", title="Article 9", note="No words.", issues=(REJECTED,)),
    ),
    clauses_note="2 of 3 clauses have issues.",
    plan=Part(text=("The plan has 1 step.",), grids=(grid(2, columns=10),)),
    sources=Part(
        text=("Of 50 indicators",),
        grids=(grid(50, columns=9, ids=[f"indicator-{n}" for n in range(50)]),),
    ),
    validation=Part(text=("Nobody has signed this review.",)),
    provenance=(("Document", f"law.pdf {EVIL}"), ("Review", "a" * 64)),
)


class Outline(HTMLParser):
    """Collect what the structure of a page is judged by."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.ids, self.targets, self.open = [], [], [], []
        self.named, self.heads, self.attributes = [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [values["id"]] if "id" in values else []
        self.targets += [values["href"][1:]] if values.get("href", "").startswith("#") else []
        self.named += [values["aria-labelledby"]] if "aria-labelledby" in values else []
        self.heads += [values.get("scope")] if tag == "th" else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


def html(page):
    return re.sub(r"<style>.*?</style>", "", policy_page(page).decode(), flags=re.DOTALL)


def words_of(text):
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def pdf(page):
    return pypdf.PdfReader(io.BytesIO(policy_pdf(page)))


def pdf_text(page):
    text = "".join(sheet.extract_text() for sheet in pdf(page).pages)
    return " ".join(text.replace("\u200b", "").split())


def word_part(page, name="word/document.xml"):
    with zipfile.ZipFile(io.BytesIO(policy_word(page))) as file:
        return file.read(name)


@pytest.fixture(scope="module")
def word():
    return docx.Document(io.BytesIO(policy_word(PAGE)))


@pytest.mark.parametrize("page", [PAGE, BARE], ids=["full", "bare"])
def test_page_is_well_formed_and_every_link_leads_somewhere(page):
    outline = Outline(html(page))
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.targets) <= set(outline.ids)
    assert set(outline.named) <= set(outline.ids)
    assert "script" not in outline.tags
    assert set(outline.heads) <= {"col", "row"}
    assert outline.tags.count("main") == outline.tags.count("header") == 1
    levels = [int(tag[1]) for tag in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert outline.tags.count("table") == outline.tags.count("caption")


def test_bare_page_shows_no_empty_part():
    outline = Outline(html(BARE))
    assert not {"section", "table", "dl"} & set(outline.tags)


def test_page_escapes_every_text():
    text = html(PAGE)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 8
    assert "{{ page }}" in text


def test_page_opens_few_rows_and_folds_the_rest():
    text = html(PAGE)
    assert f"{50 - OPEN_ROWS} more rows of: Grid" in text
    assert f"Grid, rows {OPEN_ROWS + 1} to 50" in text
    assert f"{50 - OPEN_ROWS} more from: Issues" in text
    assert text.index("develop 11") < text.index("38 more from") < text.index("develop 12")
    assert "5 indicators not accepted" in text
    assert "1 indicator not accepted" in text


def test_page_leads_from_gaps_to_issues_and_from_issues_to_indicators():
    text = html(PAGE)
    assert '<a href="#issue-1">i0</a>' in text
    assert '<tr id="indicator-1">' in text
    assert '<b><a href="#indicator-1">5.a</a></b>' in text


def test_page_marks_words_and_says_decisions_in_words():
    text = html(PAGE)
    assert "<mark>shall</mark>" in text
    assert "✓</span>accepted" in text
    assert "▲</span>no indicator" in text
    assert "women (to be confirmed)" in text
    assert "Decision: accepted by Lan" in text
    assert "Decision: not decided" not in text


def test_page_says_which_language_the_law_is_in():
    attributes = Outline(html(PAGE)).attributes
    assert ("lang", "en") in attributes
    assert ("lang", "vi") in attributes
    assert ("dir", "auto") in attributes


def test_page_gives_the_same_bytes():
    assert policy_page(PAGE) == policy_page(PAGE)


def test_pdf_is_tagged_and_says_what_the_page_says():
    reader = pdf(PAGE)
    assert reader.metadata.title == PAGE.title
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in policy_pdf(PAGE)
    text = pdf_text(PAGE)
    for words in (
        VIETNAMESE, "women (to be confirmed)", "No indicator found.", "People decide.",
        "Nobody has signed this review.", "Hoa dissents: no figures", "Nothing follows",
        "Not in the document",
    ):  # fmt: skip
        assert words in text, words


def test_pdf_takes_no_text_for_markup():
    text = pdf_text(PolicyPage(title=EVIL, finding=EVIL, kicker=(EVIL,)))
    assert text.count('#eval("1") $x$ *b* @y ]] {{ page }} `r` \\u{41}') >= 3


def test_pdf_cuts_long_lists_and_says_so():
    text = pdf_text(PAGE)
    assert f"The first {PAPER_ROWS} of 50 rows" in text
    assert f"The first {PAPER_ROWS} of 50; the page and the Word file" in text
    assert "Indicators not accepted (the first 3 of 5)" in text
    assert "develop 39" in text
    assert "develop 40" not in text


def test_pdf_leads_to_issues_and_to_rows_even_where_they_are_cut():
    reader = pdf(PAGE)
    notes = [note.get_object() for sheet in reader.pages for note in sheet.get("/Annots", ())]
    named = {note["/Dest"] for note in notes if isinstance(note["/Dest"], str)}
    assert {"issue-1", "gap-a"} <= named <= set(reader.named_destinations)
    places = {str(note["/Dest"]) for note in notes if not isinstance(note["/Dest"], str)}
    assert len(places) == 2  # indicator-1 is printed; indicator-45 is below the cut


def test_pdf_turns_the_page_for_wide_tables():
    sizes = [sheet.mediabox for sheet in pdf(PAGE).pages]
    assert sum(size.width > size.height for size in sizes) >= 2
    assert sizes[0].width < sizes[0].height


def test_pdf_of_a_page_without_parts_has_one_sheet():
    assert len(pdf(BARE).pages) == 1


def test_pdf_gives_the_same_bytes():
    assert policy_pdf(PAGE) == policy_pdf(PAGE)


def test_pdf_needs_a_title():
    with pytest.raises(ValueError, match="a PDF needs a title"):
        policy_pdf(PolicyPage(title=" ", finding="x"))


def test_pdf_takes_a_language_with_a_region():
    assert policy_pdf(PolicyPage(title="L", finding="x", language="pt-BR"))[:5] == b"%PDF-"


def test_word_has_real_headings_in_order(word):
    styles = [paragraph.style.name for paragraph in word.paragraphs]
    assert styles[0] == "Title"
    levels = [int(name[-1]) for name in styles if name.startswith("Heading")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert word.paragraphs[0].text == PAGE.title
    assert word.core_properties.title == PAGE.title
    assert word.core_properties.language == "en"


def test_word_prints_every_row_and_the_head_on_each_page(word):
    first = word.tables[0]
    assert [cell.text for cell in first.rows[0].cells] == ["Issue", "Number", "Why"]
    assert len(first.rows) == 51
    for table in word.tables:
        assert table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None
        assert table._tbl.find(f"{W}tblPr/{W}tblCaption").get(f"{W}val") == "Grid"
        widths = [int(each.get(f"{W}w")) for each in table._tbl.iter(f"{W}gridCol")]
        assert sum(widths) <= (297 - 38) * 1440 / 25.4
    assert "develop 49" in " ".join(paragraph.text for paragraph in word.paragraphs)


def test_word_turns_the_page_for_wide_tables_and_back(word):
    shapes = [section.page_width > section.page_height for section in word.sections]
    assert shapes == [False, True, False, True, False]


def test_word_links_lead_to_bookmarks():
    root = ET.fromstring(word_part(PAGE))
    marks = [each.get(f"{W}name") for each in root.iter(f"{W}bookmarkStart")]
    anchors = {each.get(f"{W}anchor") for each in root.iter(f"{W}hyperlink")}
    assert len(marks) == len(set(marks))
    assert {"issue_1", "gap_a", "indicator_1"} <= anchors <= set(marks)
    styles = ET.fromstring(word_part(PAGE, "word/styles.xml"))
    known = {each.get(f"{W}styleId") for each in styles.iter(f"{W}style")}
    used = {each.get(f"{W}val") for name in ("pStyle", "tblStyle") for each in root.iter(W + name)}
    assert used <= known


def test_word_marks_words_and_keeps_what_looks_like_markup(word):
    text = " ".join(paragraph.text for paragraph in word.paragraphs)
    assert EVIL in text
    assert LONG in text
    (shaded,) = [
        run.text
        for paragraph in word.paragraphs
        for run in paragraph.runs
        if run._r.find(f"{W}rPr/{W}shd") is not None
    ]
    assert shaded == "shall"
    assert b'w:val="vi"' in word_part(PAGE)


def test_word_sets_arabic_from_the_right(word):
    (arabic,) = [paragraph for paragraph in word.paragraphs if paragraph.text == ARABIC]
    assert arabic._p.find(f"{W}pPr/{W}bidi") is not None
    assert arabic._p.find(f"{W}r/{W}rPr/{W}rtl") is not None


def test_word_gives_the_same_bytes_and_holds_no_time():
    first = policy_word(PAGE)
    assert first == policy_word(PAGE)
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert b"1980-01-01T00:00:00Z" in word_part(PAGE, "docProps/core.xml")


def test_word_of_a_page_without_parts_has_title_and_finding():
    bare = docx.Document(io.BytesIO(policy_word(BARE)))
    assert [paragraph.text for paragraph in bare.paragraphs] == [BARE.title, BARE.finding]


def test_word_refuses_what_xml_forbids():
    with pytest.raises(ValueError, match="XML compatible"):
        policy_word(PolicyPage(title="Law", finding="a\x01b"))


def test_word_reads_the_direction_and_makes_line_breaks_spaces():
    page = PolicyPage(title="Law", finding="one\ntwo\tthree")
    assert "one two three" in words_of(word_part(page).decode())
