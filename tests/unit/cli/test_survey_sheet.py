import json
from dataclasses import asdict

import pytest
from click import Context
from click.testing import CliRunner

from everycount.cli.survey import survey
from everycount.cli.survey_sheet import sheet
from everycount.errors import InputError, NotFound
from everycount.io.sheets import read_checklist, read_sheet, shipped_sheets
from everycount.model.production import GSBPM

SMALL = """
id = "water"
title = "Water"
area = "water"
question = "Who fetches it?"
respondent = "Each adult."
weight = "That of persons."
universe = { words = "Adults.", conditions = [
  { column = "age", at_least = 18, at_most = 64.5 }, { column = "sex", among = ["F", "M"] }] }
instruments = [{ name = "Diary", producer = "NSO", version = "1" }]
outcomes = [{ name = "Time", definition = "Minutes.", source = "a" }]
disaggregations = [{ by = "sex", soundness = "unsound", why = "One answer for all." }]
ethics = [{ words = "Ask apart." }]
limits = [{ kind = "recall", words = "Forgotten." }]
better = [{ words = "A diary." }]
sources = [{ key = "a", title = "Guide", publisher = "NSO", year = 2020, url = "https://x.org" }]
"""


def run(*args, **options):
    return CliRunner().invoke(sheet, args, catch_exceptions=False, **options)


def test_the_commands_are_those_of_surveys():
    assert survey.get_command(Context(survey), "sheet") is sheet


@pytest.mark.parametrize("verb", ["list", "show", "checklist"])
def test_help_has_an_example(verb):
    assert f"everycount survey sheet {verb}" in run(verb, "--help").stdout


def test_list():
    lines = run("list").stdout.splitlines()
    assert lines[0].split() == ["sheet", "SDG", "indicators", "title"]
    assert "violence-against-older-women  5.2.1, 5.2.2    Violence against older women" in lines
    assert len(lines) == 1 + len(shipped_sheets())
    assert max(map(len, lines)) <= 100


def test_list_as_json():
    rows = {each["sheet"]: each for each in json.loads(run("list", "--json").stdout)}
    assert rows["food-security"] == {
        "sheet": "food-security",
        "recipe": "food-insecurity",
        "indicators": ["2.1.2"],
        "title": "Food security of women and men",
    }
    assert rows["gender-environment"]["recipe"] is None


@pytest.mark.parametrize("name", shipped_sheets())
def test_every_sheet_is_shown_whole_and_fits_a_terminal(name):
    shown = run("show", name).stdout
    own = read_sheet(name)
    flat = " ".join(shown.split())
    said = [own.question, own.respondent, own.weight, own.universe.words]
    said += [each.definition for each in own.outcomes] + [each.why for each in own.disaggregations]
    said += [each.words for each in (*own.ethics, *own.limits, *own.better)]
    said += [each.title for each in own.sources] + [each.url for each in own.sources]
    said += [each.note for each in own.instruments]
    assert [words for words in said if " ".join(words.split()) not in flat] == []
    assert max(len(line) for line in shown.splitlines() if "http" not in line) <= 96


def test_show_numbers_what_sources_are_cited_by():
    shown = run("show", "food-security").stdout
    assert "\n  - Moderate or severe food insecurity (SDG 2.1.2)\n" in shown
    assert "\n  [1] SDG indicator metadata: indicator 2.1.2 (update of May 2023)." in shown
    assert "\n  - sound: sex of the respondent\n    With the individual version only." in shown
    assert "\n  - whole_day: went without eating for a whole day\n" in shown
    assert "\n  - weight: weight of the person or household (if there is one)\n" in shown


def test_show_what_has_no_recipe_and_no_note(tmp_path):
    place = tmp_path / "water.toml"
    place.write_text(SMALL)
    shown = run("show", str(place)).stdout
    assert "As conditions: age at least 18 and at most 64.5; sex one of F, M." in shown
    assert "\n  - Diary. NSO; 1\n\nWhom" in shown
    assert "\n  - Time\n    Minutes. [1]\n" in shown
    assert "\n  - UNSOUND: sex\n" in shown
    assert "\nComputation\n  None: the field has not settled one yet.\n" in shown
    assert "\n  [1] Guide. NSO, 2020. https://x.org\n" in shown


def test_show_the_inputs_that_a_sheet_names():
    asked = 'recipe = { name = "attendance", inputs = ["level"] }\nuniverse = { words = "Pupils." }'
    lines = [line for line in SMALL.splitlines() if not line.startswith(("universe", "  {"))]
    shown = run("show", "-", input="\n".join([*lines, asked])).stdout
    assert "\n  Pupils.\n\nWho answers" in shown
    assert shown.partition("Computation")[2].startswith(
        "\n  The recipe attendance (`everycount survey derive`).\n"
        "  - level: level attended in this school year\n\nSources"
    )


def test_show_from_standard_input_as_json():
    found = json.loads(run("show", "-", "--json", input=SMALL).stdout)
    assert found["universe"]["conditions"][0] == {
        "column": "age",
        "among": [],
        "at_least": 18.0,
        "at_most": 64.5,
    }


def test_show_what_is_not_there_or_faulty(tmp_path):
    with pytest.raises(NotFound, match="shipped: food-security"):
        run("show", "food-securty")
    place = tmp_path / "water.toml"
    place.write_text(SMALL.replace('"Water"', '""').replace('source = "a"', 'source = "b"'))
    with pytest.raises(InputError) as caught:
        run("show", str(place))
    assert len(caught.value.problems) == 3


def test_checklist_stands_under_the_stages():
    shown = run("checklist").stdout
    own = read_checklist()
    stages = [line for line in shown.splitlines() if line.startswith("GSBPM ")]
    assert stages == [f"GSBPM {s}  {GSBPM[s]}" for s in dict.fromkeys(x.stage for x in own.items)]
    flat = " ".join(shown.split())
    said = [words for each in own.items for words in (each.question, each.why, each.how)]
    assert [words for words in said if words not in flat] == []
    assert max(map(len, shown.splitlines())) <= 100


def test_checklist_of_a_phase_or_one_stage():
    both = run("checklist", "--stage", "2").stdout
    assert "GSBPM 2.2  Design variable descriptions" in both
    assert "GSBPM 2.3  Design collection" in both
    assert "GSBPM 1.2" not in both
    one = run("checklist", "--stage", "1.2").stdout
    assert one.count("How to find out") == 1
    assert "\nSources\n  [1] Integrating a Gender Perspective" in one
    assert "[2]" not in one
    nothing = run("checklist", "--stage", "8.3")
    assert nothing.stderr == "nothing is asked at stage 8.3\n"
    assert "Sources" not in nothing.stdout
    assert "is not one of" in run("checklist", "--stage", "9").stderr


def test_checklist_as_json():
    found = json.loads(run("checklist", "--json").stdout)
    own = read_checklist()
    assert [each["id"] for each in found["items"]] == [each.id for each in own.items]
    assert found["items"][0]["stage_words"] == "GSBPM 1.2, consult and confirm needs"
    assert found["sources"] == [asdict(each) for each in own.sources]
    part = json.loads(run("checklist", "--json", "--stage", "1.2").stdout)
    assert [each["stage"] for each in part["items"]] == ["1.2"]


def test_checklist_of_ones_own(tmp_path):
    place = tmp_path / "mine.toml"
    place.write_text(
        'id = "mine"\ntitle = "Mine"\ndescription = "Short."\n'
        'items = [{ id = "who", question = "Who?", why = "So.", how = "Look.", stage = "5" }]\n'
    )
    assert run("checklist", str(place)).stdout == (
        "mine  Mine\nShort.\n\nGSBPM 5  Process\n  - Who? (who)\n    Why: So.\n"
        "    How to find out: Look.\n"
    )
    with pytest.raises(NotFound):
        run("checklist", str(tmp_path / "none.toml"))
