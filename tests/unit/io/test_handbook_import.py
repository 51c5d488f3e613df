"""Metadata of many forms come into one handbook, and nothing is lost on the way."""

import json

import openpyxl
import pytest
from docx import Document

from everycount.errors import InputError, NotFound
from everycount.io.frameworks import load_framework
from everycount.io.handbook_gather import Gathering, find_key
from everycount.io.handbook_import import form_of, import_handbook
from everycount.io.handbook_minimum_set import plain_text, read_catalogue, read_sheet
from everycount.io.handbook_open_sdg import text_of
from everycount.io.handbooks import load_preset
from everycount.model.framework import Framework, Source
from everycount.model.indicator import Indicator

MINIMUM = load_framework("un-minimum-set@2021")
SDG = load_framework("sdg-global@2023")


def said(found, indicator, language="en"):
    """Return the texts of an indicator by field."""
    fields = found.handbook.by_indicator[indicator].fields
    return {name: each[language].text for name, each in fields.items() if language in each}


def sheet(tmp_path, text, name="I_1__I98ba1fd8__metadata.md"):
    place = tmp_path / name
    place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return place


SHEET = """
## Contact point in international agency

**Name**: Anna Moe
**Agency**: UNSD
**Title**: Chief
**Email**: [a@un.org](mailto:a@un.org)

**Name**: Ben Noe
**Agency**: UNSD
Room 5

---

## International agreed definition

**Definition**

Hours a day \\(mean\\).

## Method of computation

Divide.

**Disaggregation**: by sex

## Data availability and assessment of countries\ufffd capacity

---

## Colour of the sheet

Blue
"""


def test_sheet_of_the_minimum_set_is_read(tmp_path):
    found = import_handbook([sheet(tmp_path, SHEET)], MINIMUM)
    assert said(found, "I.1") == {
        "contact_name": "Anna Moe\nBen Noe\nRoom 5",
        "contact_organisation": "UNSD",
        "contact_function": "Chief",
        "contact_email": "a@un.org",
        "concept": "Definition\n\nHours a day (mean).",
        "formula": "Divide.",
        "available_breakdowns": "by sex",
        "comment": "Colour of the sheet: Blue",
    }
    assert found.notes[0] == (
        "The heading 'Colour of the sheet' is not known (I.1): its text stands in the comment."
    )
    assert found.notes[1].startswith("No metadata for 61 of the framework: I.2, ")
    assert found.handbook.framework == "un-minimum-set@2021"
    assert found.handbook.entries[0].title == dict(MINIMUM.indicators[0].title)


def test_text_before_the_first_heading_and_empty_strangers_are_named():
    gathering = Gathering()
    read_sheet(gathering, "I.1", "Intro.\n## Odd\n## Data source\nPage.")
    found = gathering.handbook(MINIMUM)
    assert said(found, "I.1") == {"comment": "Before the first heading: Intro.", "sources": "Page."}
    assert "'Odd'" in found.notes[1]


def test_several_sheets_of_one_indicator_stand_under_their_series(tmp_path):
    catalogue = tmp_path / "catalogue.json"
    series = [
        {"SERIES_ID": "S1", "SERIES_DESC": "Local"},
        {"SERIES_ID": "S2", "SERIES_DESC": "All"},
    ]
    indicator = {
        "INDICATOR_ID": "I83",
        "INDICATOR_LABEL": "X.9",
        "INDICATOR_DESC": "Seats",
        "SERIES": series,
    }  # fmt: skip
    catalogue.write_text(json.dumps([{"INDICATORS": [indicator]}]))
    for at, words in (("S1", "One"), ("S2", "Two"), ("S3", "One")):
        text = f"## Data source\n{words}\n## Method of computation\nDivide."
        sheet(tmp_path, text, f"IX_2__I83__{at}__metadata.md")
    found = import_handbook([tmp_path / "IX_2__I83__S1__metadata.md"], MINIMUM, catalogue=catalogue)
    assert said(found, "X.9")["sources"] == "One"
    places = sorted(tmp_path.glob("*.md"))
    found = import_handbook(places, MINIMUM, catalogue=str(catalogue))
    assert said(found, "X.9") == {"sources": "Local:\nOne\n\nAll:\nTwo", "formula": "Divide."}
    assert found.handbook.entries[0].title == {"en": "Seats"}
    assert found.notes[0] == "Not in the framework, and kept under their own code: X.9."


def test_signs_that_were_lost_are_kept_and_noted(tmp_path):
    text = "## Data source\nwomen\ufffds\n## Method of computation\nof \ufffdall\ufffd"
    found = import_handbook([sheet(tmp_path, text)], MINIMUM)
    assert said(found, "I.1")["sources"] == "women\ufffds"
    assert found.notes[-1].startswith("Signs were lost before the files came here (I.1): each")


def test_file_that_is_not_utf8_is_read_as_windows_writes(tmp_path):
    found = import_handbook([sheet(tmp_path, b"## Data source\nwomen\x92s")], MINIMUM)
    assert said(found, "I.1")["sources"] == "women\u2019s"
    assert "is not in UTF-8: it was read as Windows-1252" in found.notes[0]


def test_what_is_no_catalogue_is_told(tmp_path):
    place = tmp_path / "c.json"
    place.write_text('[{"INDICATORS": [{}]}]')
    with pytest.raises(InputError, match="expected the catalogue of the Minimum Set"):
        read_catalogue(place)


def test_a_sheet_of_another_name_is_read_when_its_form_is_said(tmp_path):
    place = sheet(tmp_path, "## Data source\nX", "I.1.md")
    assert said(import_handbook([place], MINIMUM, form="minimum-set"), "I.1") == {"sources": "X"}


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("[www.un.org](https://www.un.org/)", "https://www.un.org/"),
        ("[UN](https://un.org/a_b_c)", "UN (https://un.org/a_b_c)"),
        ("[](https://un.org)", "https://un.org"),
        ("snake_case_word and _this_ and **that**", "snake_case_word and this and that"),
        ("a\n\n\n\nb", "a\n\nb"),
    ],
)
def test_markdown_becomes_plain_text(marked, plain):
    assert plain_text(marked) == plain


PAGE = """---
indicator_name: global_indicators.5-5-1-title
indicator_number: 5.5.1
indicator_available: Seats
national_indicator_description: Seats in Parliament
goal_meta_link: https://un.org/m.pdf
goal_meta_link_text: UN metadata
computation_units: '%'
reporting_status: complete
data_footnote: '<p>One</p><p>Two &lt; 3</p>'
other_info: ''
graph_type: line
global_rationale: Why
national_rationale: Own why
LIMITS__GLOBAL: ''
SHOE_SIZE: '42'
expected_disaggregations:
  - Sex
  - Age
source_active_1: true
source_organisation_1: Library
source_url_text_1: Women
source_url_1: https://a.org
source_periodicity_1: Annual
source_mood_1: good
source_contact_1: x@a.org
source_active_2: false
source_organisation_2: Office
source_active_3: false
---
Body <b>text</b>.
"""


def test_open_sdg_keeps_national_and_global_apart(tmp_path):
    place = tmp_path / "5-5-1.md"
    place.write_text(PAGE)
    found = import_handbook([tmp_path], SDG)
    texts = said(found, "5.5.1")
    assert (texts["name"], texts["alias"]) == ("Seats", "Seats in Parliament")
    assert texts["rationale"] == "Own why"
    assert texts["references"] == "UN metadata: https://un.org/m.pdf"
    assert texts["coverage"] == "Reporting status: complete"
    assert texts["required_breakdowns"] == "Sex\nAge"
    assert texts["contact_email"] == "x@a.org"
    assert texts["sources"] == (
        "1. Library; Women; https://a.org; Frequency: Annual; mood: good\n\n2. not in use; Office"
    )
    assert texts["comment"] == (
        "Footnote: One\n\nTwo < 3\n\nGlobal, rationale: Why\n\nSHOE_SIZE: 42\n\n"
        "Page text: Body text."
    )
    assert found.notes[0].endswith("are left out: graph_type, indicator_name.")
    assert "The heading 'SHOE_SIZE' is not known (5.5.1)" in found.notes[1]


def test_open_sdg_page_without_number_settings_or_body(tmp_path):
    place = tmp_path / "5-b-1.yml"
    place.write_text("SDG_GOAL: Goal 5\nsource_organisation_1: Office\n")
    found = import_handbook([place], SDG)
    assert said(found, "5.b.1") == {"goal": "Goal 5", "sources": "Office"}
    assert found.notes[0].startswith("No metadata for")


@pytest.mark.parametrize(
    ("page", "plain"),
    [
        ('<a href="https://a.org">https://a.org</a>', "https://a.org"),
        ('See <a href="https://a.org">A</a>.', "See A (https://a.org)."),
        ("<a>A</a><br>B<ul><li>C</li></ul>", "A\n\nB\n\nC"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
    ],
)
def test_tags_of_a_page_are_taken_out(page, plain):
    assert text_of(page) == plain


def workbook(tmp_path, **sheets):
    place = tmp_path / "m.xlsx"
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name.replace("_", "."))
        for row in rows:
            page.append(row)
    book.save(place)
    return place


def test_excel_with_a_sheet_an_indicator(tmp_path):
    place = workbook(
        tmp_path,
        I_1=[["Concept", "Text"], ["STAT_CONC_DEF", "Hours"], ["4.c", "Divide", "then sum"],
             ["Mood", "good"]],
        Second=[["Code", "I.2"], ["Unit of measure", 5.0], [None, "stray"]],
        I_3=[["", "en", "vi"], ["Unit of measure", "hours", "giờ"], [None, None, None, "aside"]],
    )  # fmt: skip
    found = import_handbook([place], MINIMUM, preset=load_preset("sdg"))
    assert said(found, "I.1") == {
        "concept": "Hours", "formula": "Divide\nthen sum", "comment": "Mood: good",
    }  # fmt: skip
    assert said(found, "I.2") == {"code": "I.2", "unit": "5", "comment": "Without a heading: stray"}
    assert said(found, "I.3") == {"unit": "hours", "comment": "Without a heading: aside"}
    assert said(found, "I.3", "vi") == {"unit": "giờ"}
    assert found.handbook.languages == ("en", "vi")


def test_excel_with_a_row_an_indicator(tmp_path):
    place = workbook(
        tmp_path,
        All=[
            ["Indicator code", "Unit", "Unit [vi]", "Note [1]", "Definition"],
            ["I.1", "hours", "giờ", "", "Time"],
            [None, "lost", None, None, None],
            ["I.2", "hours", None, "see", None],
        ],
    )
    found = import_handbook([place], MINIMUM)
    assert said(found, "I.1") == {"unit": "hours", "concept": "Time"}
    assert said(found, "I.1", "vi") == {"unit": "giờ"}
    assert said(found, "I.2") == {"unit": "hours", "comment": "Note [1]: see"}
    assert found.notes[0] == "A row without a code is left out: '; lost; ; ; '."
    hidden = openpyxl.load_workbook(place)
    hidden.create_sheet("empty")
    hidden.create_sheet("secret").sheet_state = "hidden"
    hidden["secret"].append(["code", "unit"])
    hidden.save(place)
    assert import_handbook([place], MINIMUM).handbook == found.handbook


def test_what_is_no_workbook_is_told(tmp_path):
    place = tmp_path / "m.xlsx"
    place.write_bytes(b"text")
    with pytest.raises(InputError, match="expected an Excel workbook"):
        import_handbook([place], MINIMUM)


def word(tmp_path, name="template.docx"):
    document = Document()
    document.add_paragraph("Metadata of the office")
    document.add_heading("0. Indicator information", 1)
    document.add_paragraph("0.c. Indicator")
    document.add_paragraph("Indicator 5.5.1: Seats held by women")
    document.add_heading("2. Definition, concepts and classifications", 1)
    table = document.add_table(2, 2)
    table.cell(0, 0).text = "2.a. Definition and concepts"
    table.cell(0, 1).text = "Seats.\n3. Of both sexes."
    table.cell(1, 0).text = "Shoe size"
    table.cell(1, 1).text = "42"
    document.add_table(1, 1).cell(0, 0).text = "4.a. Rationale\nPower."
    document.add_paragraph("9.z. Nothing known")
    document.add_heading("Limits", 2)
    document.add_paragraph("Few.")
    document.add_paragraph("5. Data availability and disaggregation")
    document.add_paragraph("x" * 130)
    place = tmp_path / name
    document.save(place)
    return place


def test_word_template_is_read(tmp_path):
    found = import_handbook([word(tmp_path)], SDG)
    texts = said(found, "5.5.1")
    assert texts == {
        "name": "Indicator 5.5.1: Seats held by women",
        "concept": "Seats.\n3. Of both sexes.",
        "rationale": "Power.",
        "limits": "Few.",
        "coverage": "x" * 130,
        "comment": "Before the first heading: Metadata of the office\n\nShoe size: 42",
    }
    notes = "\n".join(found.notes)
    assert "'9.z. Nothing known'" in notes
    assert "'2. Definition" not in notes


def test_indicator_of_a_word_file_is_given_or_its_name_tells(tmp_path):
    document = Document()
    document.add_paragraph("2.b. Unit of measure")
    document.add_paragraph("%")
    place = tmp_path / "5-5-2.docx"
    document.save(place)
    assert said(import_handbook([place], SDG), "5.5.2") == {"unit": "%"}
    assert said(import_handbook([place], SDG, indicator="1.1.1"), "1.1.1") == {"unit": "%"}
    other = tmp_path / "other.docx"
    place.rename(other)
    with pytest.raises(InputError, match="indicator: found nothing, expected a code of sdg-global"):
        import_handbook([other], SDG)


def test_files_of_other_forms_are_all_told(tmp_path):
    for name in ("a.csv", "b.md"):
        (tmp_path / name).write_text("")
    with pytest.raises(InputError) as found:
        import_handbook([tmp_path / "a.csv", tmp_path / "b.md"], SDG)
    assert [each.where for each in found.value.problems] == ["a.csv", "b.md"]
    (tmp_path / "b.md").unlink()
    with pytest.raises(InputError, match="files: found none"):
        import_handbook([tmp_path], SDG)
    with pytest.raises(NotFound, match="there is no file or folder"):
        import_handbook([tmp_path / "nothing"], SDG)


def test_locks_of_office_programs_in_a_folder_are_passed_over(tmp_path):
    (tmp_path / "~$m.xlsx").write_text("")
    (tmp_path / "5-5-1.md").write_text("unit: '%'")
    assert said(import_handbook([tmp_path], SDG), "5.5.1") == {"unit": "%"}
    assert form_of(tmp_path / "m.docx") == "word"


def test_the_same_text_twice_stands_once_and_titles_may_be_given():
    gathering = Gathering(language="vi")
    for words in ("giờ", "giờ ", "ngày"):
        gathering.put("I.1", "unit", words)
    found = gathering.handbook(MINIMUM, title="Sổ tay")
    assert said(found, "I.1", "vi") == {"unit": "giờ\n\nngày"}
    assert found.handbook.title == {"vi": "Sổ tay"}


@pytest.mark.parametrize(("code", "key"), [("5-5-1", "5.5.1"), (" 5.5.1 ", "5.5.1"), ("X", "X")])
def test_indicator_is_found_by_key_or_code(code, key):
    assert find_key(SDG, code) == key


def framework(*indicators):
    """Return a small framework."""
    return Framework(
        id="f",
        version="1",
        title={"en": "F"},
        publisher="P",
        level="national",
        valid_from="2021",
        source=Source(citation="P, 2021"),
        indicators=tuple(
            Indicator(key=key, code=code, title={"en": key}) for key, code in indicators
        ),
    )


def test_an_indicator_is_found_by_a_printed_code_that_only_one_has():
    small = framework(("a", "8d"), ("b", "8d"), ("c", "5.b"))
    assert [find_key(small, code) for code in ("5-B", "8d", "a")] == ["c", "8d", "a"]


def test_a_whole_set_has_nothing_to_note():
    gathering = Gathering()
    gathering.stranger("a", "Mood", "good")
    gathering.stranger("a", "Mood", "better")
    found = gathering.handbook(framework(("a", "1")))
    assert said(found, "a") == {"comment": "Mood: good\n\nMood: better"}
    assert found.notes == ("The heading 'Mood' is not known (a): its text stands in the comment.",)


def test_an_empty_word_file_has_nothing_to_say(tmp_path):
    place = tmp_path / "empty.docx"
    Document().save(place)
    found = import_handbook([place], SDG, indicator="5.5.1")
    assert found.handbook.entries == ()
