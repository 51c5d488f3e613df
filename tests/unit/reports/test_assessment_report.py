"""The report on an indicator set as page, PDF and Word file, from a set counted by hand."""

import io
import re
from dataclasses import replace

import docx
import pypdf

from everycount.model.crosswalk import Crosswalk, Link
from everycount.model.framework import Framework, Group, Source
from everycount.model.indicator import Indicator
from everycount.model.issue import Decision, Issue
from everycount.model.review import FrameworkUse, IndicatorLink, PolicyText, Review
from everycount.model.scorecard import CRITERIA, Mark, Scorecard
from everycount.model.supply import Catalogue, Supply
from everycount.model.vocabulary import Vocabulary
from everycount.reports.assessment_page import assessment_page, assessment_pdf
from everycount.reports.assessment_report import assessment_report
from everycount.reports.assessment_word import assessment_word

YES = Decision(status="accepted", by="Lan", on="2026-11-22", why="asked for")
NO = Decision(status="rejected", by="Lan")
DRAFT, WORLD = "draft@2026", "world@2023"
EVIL = '<script>alert("1")</script> #eval("1") $x$ *b* {{ page }}'


def framework(reference, level, *keys, titles=(), language="en"):
    name, _, version = reference.partition("@")
    named = dict(titles)
    return Framework(
        id=name,
        version=version,
        title={"en": f"The set {name}"},
        publisher="an office",
        level=level,
        valid_from=version,
        source=Source(citation="a list"),
        groups=(Group(code="I", title={"en": "Domain I"}),),
        indicators=tuple(
            Indicator(
                key=key, code=key, title={language: named.get(key, f"Title {key}")}, group="I"
            )
            for key in keys
        ),
    )


def review(title="Law", served=("x",)):
    return Review(
        title=title,
        policy=PolicyText(name="law.txt", digest="", language="en"),
        vocabulary=Vocabulary(id="none", title={"en": "None"}, source="us"),
        frameworks=(
            FrameworkUse(reference=DRAFT, title="Draft", level="national"),
            FrameworkUse(reference=WORLD, title="World", level="global"),
        ),
        issues=tuple(
            Issue(id=name, passage=name, action=f"do {name}", decision=YES) for name in ("x", "y")
        ),
        links=(
            *(
                IndicatorLink(issue=name, framework=DRAFT, key="1", band="likely", decision=YES)
                for name in served
            ),
            IndicatorLink(issue="y", framework=WORLD, key="a", band="likely", decision=YES),
        ),
    )


LAW = review()
SET = framework(DRAFT, "national", "1", "2", "3", titles=[("3", f"Third {EVIL}")])
CARD = Scorecard(
    framework=DRAFT,
    marks=(
        *(Mark(key="2", criterion=name, mark=2, by="An") for name in CRITERIA),
        Mark(key="2", criterion="advocacy", mark=0, by="Bo"),
    ),
    selections=(("2", YES), ("3", NO)),
)
CATALOGUE = Catalogue(
    frameworks=(framework(WORLD, "global", "a", "b"),),
    supplies=(
        Supply(framework=DRAFT, key="1", state="produced"),
        Supply(framework=DRAFT, key="2", state="no method"),
    ),
)
CROSSWALK = Crosswalk(
    links=(
        Link(
            from_framework=DRAFT,
            from_key="1",
            to_framework=WORLD,
            to_key="a",
            relation="close",
            by="us",
        ),
    )
)


def report(draft=SET, card=CARD, reviews=(LAW,), catalogue=CATALOGUE):
    return assessment_report(draft, card, reviews, catalogue=catalogue, crosswalk=CROSSWALK)


def words(cell):
    return "".join(piece.words for piece in cell)


def table(page, name):
    gap = next(each for each in page.gaps if each.id == f"gap-{name}")
    return gap, [[words(cell) for cell in row.cells] for row in gap.grid.rows]


def test_the_head_says_what_is_selected_and_whom_the_set_serves():
    page = report()
    assert page.title == "The set draft"
    assert page.kicker == ("Review of a national indicator set", DRAFT, "an office")
    assert page.finding == (
        "1 of 3 candidates is selected; 1 not yet decided. "
        "1 of 2 accepted issues of 1 policy has no indicator in the set."
    )
    assert [(each.label, each.value, each.note) for each in page.stats] == [
        ("Candidates", "3", ""),
        ("Marked", "1", "by 2 reviewers"),
        ("Selected", "1", "1 not selected, 1 not decided"),
        ("Figures produced today", "1", "of 2 known about"),
        ("Metadata", "6 %", "of 11 facts for each candidate"),
    ]
    assert page.notices == ()
    assert [(gap.title, gap.figure) for gap in page.gaps] == [
        ("Scorecard of the candidates", "1 of 3 not decided"),
        ("Coverage of policies", "1 of 2 without"),
        ("Issues that the set does not show: Law", "1 of 2 issues"),
        ("Beyond the data that exist today", "1 of 2 beyond"),
        ("Balance of the results chain", "0 of 1 without outcome"),
        ("Completeness of metadata", "3 of 3 incomplete"),
        ("What international sets have that the set lacks", "1 of 2 lacking"),
    ]


def test_the_scorecard_shows_who_was_marked_and_names_the_others():
    page = report()
    gap, rows = table(page, "scorecard")
    assert [head.label for head in gap.grid.columns] == [
        *("Candidate", "Selection", "Relevance", "Advocacy", "Availability", "Alignment"),
        *("Ease of use", "Transformational potential", "Mean"),
    ]
    assert rows[0] == ["2 Title 2", "selected", "2.0", "1.0", *["2.0"] * 4, "1.83"]
    assert rows[1] == [f"3 Third {EVIL}", "not selected", *[""] * 7]
    assert gap.notes[1:] == (
        "Marks far apart, to be talked over: 2 (advocacy).",
        "Neither marked nor decided on (1): 1.",
    )
    assert gap.grid.rows[0].cells[0][0].to == "candidate-2"


def test_each_candidate_that_somebody_spoke_of_has_a_card():
    first, second, third = report().cards
    assert (first.code, first.status, first.marks) == ("1", "not decided", ())
    facts = {name: words(text) for name, text in first.facts}
    assert facts["Asked for by"] == "Law (x)"
    assert facts["Figures"] == "produced"
    assert facts["Same or close in"] == "world@2023 a"
    assert second.warnings == ("Marks far apart on advocacy (0 to 2).",)
    assert second.marks[1] == ("Advocacy", "1.0 of 3 (An 2, Bo 0)")
    assert second.marks[-1] == ("Mean of those marked", "1.83 of 3")
    assert (second.sign, second.status) == ("good", "selected")
    assert words(second.facts[0][1]) == "selected by Lan on 2026-11-22: asked for"
    assert words(third.facts[0][1]) == "not selected by Lan, without a date"
    assert dict(third.facts[1:])["Metadata"][0].words == "0 of 11 facts"


def test_a_criterion_nobody_marked_says_so():
    card = Scorecard(
        framework=DRAFT, marks=(Mark(key="1", criterion="relevance", mark=3, by="An"),)
    )
    page = report(card=card, reviews=())
    assert page.cards[0].marks[1] == ("Advocacy", "not marked")
    assert page.cards[0].warnings == ()
    assert page.cards_note == (
        "1 of 3 candidates was marked, decided on or asked for by a policy; the other 2 have no "
        "card."
    )


def test_policies_and_the_issues_that_wait():
    page = report(reviews=(review(), review("Strategy", ())))
    gap, rows = table(page, "policy-coverage")
    assert rows == [["Law", "2", "1", "1"], ["Strategy", "2", "0", "0"]]
    assert [head.kind for head in gap.grid.columns] == ["text", "number", "number", "number"]
    gap, rows = table(page, "issues-without")
    assert rows == [["y", "do y"]]
    gap, rows = table(page, "issues-without-2")
    assert rows == [["x", "do x"], ["y", "do y"]]
    assert gap.title == "Issues that the set does not show: Strategy"
    assert gap.finding == "2 accepted issues of this policy wait for an indicator of the set."
    served = report(reviews=(review(served=("x", "y")),))
    assert "gap-issues-without" not in [each.id for each in served.gaps]


def test_data_that_exist_lead_to_the_cards():
    gap, rows = table(report(), "beyond-data")
    assert rows[0] == ["produced", "1", "1"]
    assert rows[4] == ["not known", "1", "3"]
    assert [piece.to for piece in gap.grid.rows[0].cells[2]] == ["candidate-1"]


def test_what_was_not_given_is_said():
    page = report(card=Scorecard(framework=DRAFT), reviews=(), catalogue=Catalogue())
    assert page.notices == (
        "No scorecard was given: nobody has marked or selected a candidate yet.",
        "No review of a policy was given, so this report cannot say whom the set serves.",
        "Nothing is known about figures: whether the set can be produced is open.",
        "The set was compared with no international set.",
    )
    assert page.finding == "0 of 3 candidates are selected; 3 not yet decided."
    assert page.cards == ()
    assert table(page, "policy-coverage")[0].figure == "not known"
    assert table(page, "scorecard")[0].notes == report().gaps[0].notes[:1]
    assert dict(page.provenance).keys() == {"Set", "Titles", "Everycount"}


def test_an_empty_set_has_a_report():
    page = report(replace(SET, indicators=()), Scorecard(framework=DRAFT), ())
    assert page.finding == "The set has no candidates."
    assert [stat.label for stat in page.stats][-1] == "Figures produced today"
    assert b"0 of 0" not in assessment_page(page)


def test_when_all_have_a_card_the_note_says_what_cards_are():
    card = replace(CARD, selections=(("1", YES), ("2", YES), ("3", NO)))
    assert report(card=card).cards_note.startswith("Marks are people's")
    one_left = replace(CARD, selections=(("2", YES),))
    assert report(card=one_left).cards_note.endswith("the other 1 has no card.")


def test_titles_in_another_language_are_marked_as_such():
    page = report(framework(DRAFT, "national", "1", "2", "3", language="vi"))
    assert page.language == "vi"
    assert dict(page.provenance)["Titles"] == "in Vietnamese"
    assert b'<span class="act" lang="vi" dir="auto">Title 1' in assessment_page(page)


def test_provenance_names_set_reviewers_policies_and_what_was_compared():
    told = dict(report().provenance)
    assert re.fullmatch(r"draft@2026, a list; SHA-256 [0-9a-f]{64}", told["Set"])
    assert told["Scorecard"] == "7 marks by An and Bo"
    assert re.fullmatch(r"Law: law.txt; SHA-256 [0-9a-f]{64}", told["Policy"])
    assert told["Compared with world@2023"] == "The set world: 2 indicators"
    assert told["Figures"] == "known about 2 candidates"


def test_the_page_escapes_texts_and_every_link_leads_somewhere():
    html = assessment_page(report()).decode()
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    names = set(re.findall(r' id="([^"]+)"', html))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= names
    assert {"candidate-1", "gap-scorecard", "criteria", "provenance"} <= names
    bare = assessment_page(report(card=Scorecard(framework=DRAFT), reviews=())).decode()
    assert "one by one" not in bare


def test_the_pdf_is_tagged_and_has_the_words_of_the_page():
    content = assessment_pdf(report())
    read = pypdf.PdfReader(io.BytesIO(content))
    assert read.metadata.title == "The set draft"
    assert "/StructTreeRoot" in read.trailer["/Root"]
    text = " ".join(" ".join(page.extract_text().split()) for page in read.pages)
    for said in ("1 of 3 candidates is selected", "Marks far apart on advocacy", '#eval("1")'):
        assert said in text
    assert "1.0 of 3 (An 2, Bo 0)" in text.replace("\u200b", "")
    assert any(page.mediabox.width > page.mediabox.height for page in read.pages)


def test_the_word_file_has_the_same_words_and_the_whole_tables():
    content = assessment_word(report())
    read = docx.Document(io.BytesIO(content))
    said = [each.text for each in read.paragraphs]
    assert "The set draft" in said
    assert "Selection: selected" in said
    assert "Note: Marks far apart on advocacy (0 to 2)." in said
    assert f"3: Third {EVIL}" in said
    scores = next(each for each in read.tables if len(each.columns) == 9)
    assert [cell.text for cell in scores.rows[1].cells][:4] == [
        "2 Title 2",
        "selected",
        "2.0",
        "1.0",
    ]
    bare = assessment_word(report(card=Scorecard(framework=DRAFT), reviews=()))
    headings = [each.text for each in docx.Document(io.BytesIO(bare)).paragraphs]
    assert "The candidates one by one" not in headings


def test_the_same_arguments_give_the_same_bytes():
    for write in (assessment_page, assessment_pdf, assessment_word):
        assert write(report()) == write(report())
