"""Handbooks by command."""

import json
import sys
from pathlib import Path

import pytest

from everycount.cli.loading import load_command
from everycount.cli.main import main

PAGE = """indicator_number: 5.5.1
indicator_available: Seats
SDG_GOAL: Goal 5
contact_email: a@b.org
computation_units: '%'
"""


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    """Run a command in a folder of its own; return exit code, output and words."""
    monkeypatch.chdir(tmp_path)

    def call(*words):
        monkeypatch.setattr(sys, "argv", ["everycount", *words])
        try:
            code = main() or 0
        except SystemExit as stop:
            code = stop.code or 0
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def book(run, tmp_path):
    """A handbook of one indicator."""
    (tmp_path / "5-5-1.md").write_text(PAGE)
    made = run(
        "data", "handbook", "import", "5-5-1.md", "--framework", "sdg-global@2023", "-o", "b.json",
        "--on", "2026-11-22", "--publisher", "Office", "--bare",
    )  # fmt: skip
    assert made[0] == 0, made
    return "b.json"


def handbook(run, *words):
    return run("data", "handbook", *words)


def test_import_tells_what_it_did(run, book):
    code, out, _ = handbook(
        run, "import", "5-5-1.md", "--framework", "sdg-global@2023", "-o", "c.json", "--bare",
        "--json", "--template", "sdg",
    )  # fmt: skip
    told = json.loads(out)
    assert (code, told["indicators"], told["texts"]) == (0, 1, 5)
    code, _, err = handbook(run, "import", "5-5-1.md", "--framework", "sdg-global", "-o", "c.json")
    assert (code, "c.json: found a file that exists, expected a new name" in err) == (3, True)
    code, out, _ = handbook(run, "import", "5-5-1.md", "--framework", "sdg-global@2023", "-o", "-")
    assert len(json.loads(out)["entries"]) == 248


def test_show_lists_and_details(run, book):
    code, out, _ = handbook(run, "show", book)
    assert code == 0
    assert "sdg-global@2023, version 1, in en" in out
    assert json.loads(handbook(run, "show", book, "--json")[1])["publisher"] == "Office"
    out = handbook(run, "show", book, "5.5.1", "--template", "sdg", "--language", "vi")[1]
    assert "0.a Goal [only in en]\nGoal 5" in out
    assert "0.d Series [missing]" in out
    told = json.loads(handbook(run, "show", book, "5.5.1", "--template", "esms", "--json")[1])
    assert told["texts"][-1]["standing"] == "missing"
    code, _, err = handbook(run, "show", book, "5.5.2")
    assert code == 5
    assert "the handbook has no indicator '5.5.2'; perhaps '5.5.1'" in err
    assert "perhaps" not in handbook(run, "show", book, "zzzz")[2]


def test_score_in_words_as_json_and_as_a_table(run, book):
    code, out, _ = handbook(run, "score", book, "--template", "sdg", "--fields")
    assert code == 0
    assert out.startswith("5.5.1")
    assert "goal" in out
    assert "  goal" not in handbook(run, "score", book, "--template", "sdg")[1]
    told = json.loads(handbook(run, "score", book, "--template", "sdg", "--json")[1])
    assert told["indicators"][0]["draft"] == 3
    assert told["fields"]["goal"] == 1
    handbook(run, "score", book, "--csv", "s.csv", "--language", "vi")
    assert Path("s.csv").read_text().startswith("indicator,language,score,approved,required")


def test_set_and_translate(run, book):
    one = ("set", book, "5.5.1", "goal")
    assert handbook(run, *one, "--text", "Mục tiêu 5", "--language", "vi", "--by", "Lan")[0] == 0
    assert handbook(run, *one, "--text", "Goal five", "--by", "Lan")[0] == 0
    code, out, err = handbook(run, "translate", book, "--language", "vi", "--template", "sdg")
    assert code == 0
    assert out.startswith("5.5.1, goal: stale\n  was: Goal 5\n  now: Goal five\n")
    assert "1 out of date, " in err
    rows = json.loads(handbook(run, "translate", book, "--language", "vi", "--json")[1])["texts"]
    assert {row["state"] for row in rows} == {"stale", "missing"}
    assert "contact_email" not in {row["field"] for row in rows}
    handbook(run, "translate", book, "--language", "fr", "--csv", "t.csv")
    assert len(Path("t.csv").read_text().splitlines()) > 2
    assert handbook(run, *one, "--state", "approved", "--by", "Minh", "-o", "c.json")[0] == 0
    text = json.loads(Path("c.json").read_text())["entries"][0]["fields"]["goal"]["en"]
    assert (text["text"], text["state"], text["by"]) == ("Goal five", "approved", "Minh")
    code, out, err = handbook(run, "compare", "b.json", "c.json")
    assert (out, err) == ("", "0 texts changed\n")


def test_set_reads_files_and_refuses_what_it_cannot_write(run, book, tmp_path):
    (tmp_path / "t.txt").write_text("Đo thời gian\n")
    one = ("set", book, "5.5.1")
    assert handbook(run, *one, "concept", "--file", "t.txt", "--by", "Lan", "-o", "c.json")[0] == 0
    changes = json.loads(handbook(run, "compare", book, "c.json", "--json")[1])["changes"]
    assert changes == [
        {
            "indicator": "5.5.1",
            "field": "concept",
            "language": "en",
            "old": "",
            "new": "Đo thời gian",
        }
    ]
    assert "  was: nothing\n  now: Đo thời gian" in handbook(run, "compare", book, "c.json")[1]
    assert handbook(run, *one, "unit", "--by", "Lan")[0] == 2
    assert handbook(run, *one, "unit", "--by", "Lan", "--text", "a", "--file", "b")[0] == 2
    code, _, err = handbook(run, *one, "wind", "--text", "x", "--by", "Lan")
    assert (code, "field: found 'wind'" in err) == (3, True)
    code, _, err = handbook(run, *one, "nature", "--text", "odd", "--by", "Lan")
    assert (code, "expected one of quantitative, qualitative" in err) == (3, True)
    code, _, err = handbook(run, *one, "limits", "--state", "approved", "--by", "Lan")
    assert (code, "limits has no text in 'en' to be approved" in err) == (5, True)
    assert handbook(run, *one, "unit", "--text", "%", "--by", "Lan", "-o", "t.txt")[0] == 3


def test_export_and_merge(run, book):
    import openpyxl

    assert handbook(run, "export", book, "-o", "b.xlsx", "--template", "sdg")[0] == 0
    workbook = openpyxl.load_workbook("b.xlsx")
    for row in workbook["Texts"].iter_rows(min_row=2):
        if row[1].value == "goal":
            row[5].value = "Goal V"
        if row[1].value == "unit":
            row[5].value = "per cent"
        if row[1].value == "name":
            row[5].value = None
    workbook["Texts"]["Z1"] = "mood"
    workbook.save("b.xlsx")
    handbook(run, "set", book, "5.5.1", "goal", "--text", "Goal five", "--by", "Lan")
    code, out, err = handbook(run, "merge", book, "b.xlsx", "--by", "Hoa", "--json")
    told = json.loads(out)
    assert (code, told["changed"], len(told["conflicts"])) == (0, 2, 1)
    assert told["conflicts"][0]["theirs"] == "Goal V"
    assert "conflict: 5.5.1, goal (en): here 'Goal five', in the workbook 'Goal V'" in err
    assert "columns not read: 'mood'" in err
    assert handbook(run, "merge", book, "b.xlsx", "--by", "Hoa", "-o", "m.json")[0] == 0
    for place in ("m.xml", "meta.json"):
        assert handbook(run, "export", book, "-o", place, "--template", "sdg")[0] == 0
    assert "a@b.org" not in Path("m.xml").read_text()
    assert (
        "a@b.org"
        in handbook(run, "export", book, "-o", "-", "--to", "sdmx-ml", "--with-persons")[1]
    )
    code, _, err = handbook(run, "export", book, "-o", "b.txt")
    assert (code, "expected one of .xml, .json, .xlsx, or --to" in err) == (3, True)
    code, _, err = handbook(run, "export", book, "-o", book)
    assert (code, "found the handbook itself, expected another file" in err) == (3, True)


def test_fill_from_framework_and_data(run, book, tmp_path):
    (tmp_path / "d.csv").write_text(
        "INDICATOR,REF_AREA,TIME_PERIOD,SEX,OBS_VALUE\n5.5.1,704,2020,F,30\n5.5.1,704,2021,F,31\n"
    )
    handbook(run, "set", book, "5.5.1", "tier", "--text", "Tier 1", "--by", "Lan")
    code, out, err = handbook(
        run, "fill", book, "d.csv", "--area", "704", "--on", "2026-11-22", "--json"
    )
    assert code == 0, err
    assert json.loads(out)["written"] >= 4
    found = json.loads(Path(book).read_text())
    entry = next(each for each in found["entries"] if each["indicator"] == "5.5.1")
    assert entry["fields"]["last_year"]["en"]["text"] == "2021"
    assert entry["fields"]["last_year"]["en"]["by"] == "from data for 704"
    code, _, err = handbook(run, "fill", book, "-o", "g.json")
    assert (code, "texts filled in, " in err) == (0, True)
    assert handbook(run, "fill", book, "d.csv")[0] == 2


def test_a_framework_that_is_not_at_hand_is_told(run, book):
    found = json.loads(Path(book).read_text())
    found["framework"] = "nowhere@1"
    Path("n.json").write_text(json.dumps(found))
    code, _, err = handbook(run, "fill", "n.json")
    assert code == 5
    assert "nowhere@1 is not shipped: give its file by --framework" in err
    code, _, err = handbook(run, "fill", "n.json", "--framework", "elsewhere")
    assert code == 5
    assert run("report", "handbook", "n.json", "-o", "n.html", "--template", "sdg")[0] == 0


def test_demand_of_a_policy(run, book):
    from everycount.io.review_file import review_bytes
    from everycount.model.issue import Decision, Issue
    from everycount.model.review import FrameworkUse, IndicatorLink, PolicyText, Review
    from everycount.model.vocabulary import Vocabulary

    yes = Decision(status="accepted", by="Lan", on="2026-11-22")
    name = "sdg-global@2023"

    def review(*keys):
        return Review(
            title="Law",
            policy=PolicyText(name="law.pdf", digest="", language="en"),
            vocabulary=Vocabulary(id="own", title={"en": "Own"}, source="us"),
            frameworks=(FrameworkUse(reference=name, title="SDG", level="global"),),
            issues=(Issue(id="a", passage="", action="More women", decision=yes),),
            links=tuple(
                IndicatorLink(issue="a", framework=name, key=key, band="added", decision=yes)
                for key in keys
            ),
        )

    Path("law.json").write_bytes(review_bytes(review("5.5.1", "1.1.1")))
    code, _, err = handbook(run, "demand", book, "law.json")
    assert code == 0, err
    assert "not in the handbook, and left out: 1.1.1" in err
    entry = json.loads(Path(book).read_text())["entries"][0]
    assert "More women" in handbook(run, "show", book, "5.5.1", "--template", "everycount")[1], (
        entry
    )
    Path("none.json").write_bytes(review_bytes(review()))
    assert "the review links no accepted issue" in handbook(run, "demand", book, "none.json")[2]


def test_report_writes_page_pdf_and_word(run, book, tmp_path):
    code, _, err = run(
        "report", "handbook", book, "-o", "b.html", "-o", "b.pdf", "-o", "b.docx",
        "--also", "vi=v.html", "--language", "es", "--template", "sdg",
    )  # fmt: skip
    assert code == 0, err
    page = (tmp_path / "b.html").read_text()
    assert 'href="v.html"' in page
    assert "Meta" in page
    assert run("report", "handbook", book, "-o", "b.txt")[0] == 3


def test_languages_and_dates_are_checked(run, book):
    assert handbook(run, "score", book, "--language", "Việt")[0] == 2
    assert handbook(run, "fill", book, "--on", "2026")[0] == 2


def test_an_indicator_is_found_by_its_printed_code(run, book):
    handbook(run, "set", book, "5.5.1", "code", "--text", "P5", "--by", "Lan")
    assert handbook(run, "show", book, "P5")[1].startswith("5.5.1  ")


def test_help_lists_the_commands_and_others_are_none(run):
    code, out, _ = handbook(run, "--help")
    assert (code, "Take a workbook back in." in out) == (0, True)
    assert handbook(run, "weather")[0] == 2
    group = load_command("everycount.cli.handbook:handbook")
    assert group.list_commands(None)[0] == "import"
