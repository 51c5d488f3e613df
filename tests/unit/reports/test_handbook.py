"""A handbook as a page, a PDF and a Word file, in any language."""

import io
from dataclasses import replace

import pypdfium2
import pytest
from docx import Document
from lxml import html

from everycount.io.frameworks import load_framework
from everycount.io.handbooks import load_preset
from everycount.model.handbook import Entry, Handbook, Text
from everycount.reports.handbook_page import handbook_html, handbook_pdf
from everycount.reports.handbook_report import handbook_report, percent
from everycount.reports.handbook_word import handbook_word

HARD = '<script>alert(1)</script> & "x"\nsecond line\n\n#let x = 1 \x0b'
BOOK = Handbook(
    id="h",
    version="2",
    title={"en": "Handbook", "ar": "الدليل"},
    framework="un-minimum-set@2021",
    languages=("en", "vi"),
    publisher="Office",
    entries=(
        Entry(
            indicator="I.1",
            title={"en": "Hours", "vi": "Giờ"},
            fields={
                "code": {"en": Text(text="I.1", state="approved")},
                "concept": {
                    "en": Text(text=HARD, state="approved"),
                    "vi": Text(text="Cũ", state="reviewed", of="Old"),
                },
                "unit": {"en": Text(text="hours"), "vi": Text(text="giờ", of="hours")},
                "contact_name": {"en": Text(text="Hoa Mai")},
            },
        ),
        Entry(indicator="Z.9", fields={"name": {"fr": Text(text="Autre")}}),
        Entry(indicator="QV.1", title={"fr": "Lois"}),
    ),
)
FRAMEWORK = load_framework("un-minimum-set@2021")


def report(preset="sdg", book=BOOK, **more):
    return handbook_report(book, load_preset(preset), **more)


def papers(page):
    """Return the texts of the pages by the title of their field."""
    return {
        text.title: text
        for group in page.groups
        for each in group.indicators
        for section in each.sections
        for text in section.texts
    }


def test_indicators_stand_in_the_groups_of_the_framework():
    page = report(framework=FRAMEWORK)
    told = [(group.title, [each.code for each in group.indicators]) for group in page.groups]
    assert told == [
        (f"I. {FRAMEWORK.groups[0].title['en']}", ["I.1"]),
        (f"V. {FRAMEWORK.groups[4].title['en']}", ["QV.1"]),
        ("Other indicators", ["Z.9"]),
    ]
    assert [group.title for group in report().groups] == ["Indicators"]


def test_texts_say_how_they_stand_and_in_which_language_they_are():
    texts = papers(report(language="vi"))
    assert texts["Khái niệm, định nghĩa"].tags == (
        ("warn", "bản dịch đã cũ"),
        ("line", "đã rà soát"),
    )
    assert texts["Đơn vị tính"].tags == (("line", "bản thảo"),)
    assert texts["Chỉ tiêu"].tags == (("warn", "chỉ có bằng tiếng Pháp"), ("line", "bản thảo"))
    assert papers(report())["Definition and concepts"].tags == ()


def test_notices_tell_drafts_translations_and_persons():
    assert report(language="vi").notices[0].startswith("Nội dung ghi “bản thảo”")
    assert report(language="vi").notices[1].startswith("1 nội dung chưa được dịch")
    drafts = replace(BOOK, entries=(BOOK.entries[1],))
    assert report(book=drafts, language="fr").notices == (
        "Personne n'a encore relu ces textes : ce sont tous des ébauches.",
        "Les noms de personnes et leurs coordonnées ne sont pas publiés.",
    )
    approved = replace(BOOK, entries=(replace(BOOK.entries[0], fields={}),))
    assert report(book=approved, with_persons=True).notices == ()


def test_persons_are_left_out_unless_asked_for():
    assert "Contact persons" not in papers(report())
    assert papers(report(with_persons=True))["Contact persons"].paragraphs == ("Hoa Mai",)


def test_what_is_not_filled_in_is_named_unless_another_language_has_it():
    first = report(language="vi").groups[0].indicators[0]
    assert first.score == "5\u00a0%"
    assert "Mục tiêu" in first.missing.split("; ")
    assert "Khái niệm, định nghĩa" not in first.missing.split("; ")


def test_at_the_main_level_headings_are_named():
    first = report("sdg-main").groups[0].indicators[0]
    assert first.missing.startswith("Indicator information; Data reporter; Data source type")


def test_numbers_stand_beside_titles_and_a_lone_part_has_no_heading():
    section = report().groups[0].indicators[0].sections[0]
    assert (section.number, section.title, section.texts[0].number) == (
        "2", "Definition, concepts and classifications", "2.a",
    )  # fmt: skip
    sheet = report("minimum-set").groups[0].indicators[0].sections[0]
    assert (sheet.number, sheet.title) == ("", "")


def test_a_handbook_without_title_or_indicators_has_a_page():
    page = report(book=replace(BOOK, title={}, entries=(), source="Sheets"), date="2026-11-22")
    assert page.title == "h"
    assert page.finding.startswith("What is known of 0 indicators: on average 0\u00a0%")
    assert dict(page.facts)["Source"] == "Sheets"
    assert dict(page.facts)["Date"] == "2026-11-22"


def test_share_is_never_all_unless_it_is():
    assert [percent(each) for each in (0.996, 1.0)] == ["99\u00a0%", "100\u00a0%"]


def test_page_escapes_texts_and_has_anchors_and_other_languages():
    page = report(files={"en": "h.html", "vi": "h.vi.html"}, framework=FRAMEWORK)
    root = html.fromstring(handbook_html(page).decode())
    assert root.xpath("//script") == []
    assert "<script>alert(1)</script>" in root.text_content()
    links = {each.get("href") for each in root.xpath("//nav//a")}
    assert links <= {f"#{each.get('id')}" for each in root.xpath("//*[@id]")}
    assert {"#i-I_1", "#g-1"} <= links
    (other,) = root.xpath("//a[@hreflang]")
    assert (other.get("href"), other.text) == ("h.vi.html", "tiếng Việt")
    assert len(root.xpath("//br")) == 1
    assert handbook_html(page) == handbook_html(page)


def test_arabic_page_runs_from_the_right_and_its_english_texts_do_not():
    root = html.fromstring(handbook_html(report(language="ar")).decode())
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl")
    assert root.xpath("//h1")[0].text == "الدليل"
    assert {(each.get("lang"), each.get("dir")) for each in root.xpath("//p[@lang]")} == {
        ("en", "ltr"), ("fr", "ltr"),
    }  # fmt: skip
    assert [each.text for each in root.xpath("//bdi")][:2] == ["2", "2.a"]


@pytest.mark.parametrize("language", ["en", "fr", "es", "vi", "ar"])
def test_pdf_is_accessible_in_every_language(language):
    content = handbook_pdf(report(language=language, framework=FRAMEWORK, date="2026-11-22"))
    assert b"pdfuaid" in content
    text = "".join(
        page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)
    )
    assert "second line" in text or language in {"vi", "ar"}
    assert (
        handbook_pdf(report(language=language, framework=FRAMEWORK, date="2026-11-22")) == content
    )


def test_pdf_runs_the_indicator_over_its_pages():
    long = {"concept": {"en": Text(text="Many words. " * 1_500)}}
    entry = Entry(indicator="I.1", title={"en": "Hours " * 20}, fields=long)
    content = handbook_pdf(report(book=replace(BOOK, entries=(entry,))))
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]
    assert len(pages) > 2
    assert "I.1 Hours Hours" in pages[-1]


def test_word_file_of_little_says_little():
    page = report()
    (group,) = page.groups
    bare = replace(group.indicators[0], missing="")
    page = replace(page, kicker=(), groups=(replace(group, indicators=(bare,)),))
    texts = [each.text for each in Document(io.BytesIO(handbook_word(page))).paragraphs]
    assert texts[:2] == ["Handbook", page.finding]
    assert not any(text.startswith("Not filled in") for text in texts)


def test_word_file_has_headings_contents_and_the_same_bytes():
    page = report(framework=FRAMEWORK, with_persons=True)
    content = handbook_word(page)
    document = Document(io.BytesIO(content))
    headings = [
        (each.style.name, each.text) for each in document.paragraphs if "Heading" in each.style.name
    ]
    assert ("Heading 2", "I.1 Hours") in headings
    assert ("Heading 4", "2.a Definition and concepts") in headings
    assert 'TOC \\o "1-2"' in document.element.xml
    texts = [each.text for each in document.paragraphs]
    assert "second line" in texts
    assert "[draft]" in texts
    assert handbook_word(page) == content
    sheet = Document(io.BytesIO(handbook_word(report("minimum-set"))))
    assert ("Heading 3", "International agreed definition") in [
        (each.style.name, each.text) for each in sheet.paragraphs
    ]
