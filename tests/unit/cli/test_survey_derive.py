import json
import re

import numpy as np
import polars as pl
import pyreadstat
import pytest
from click import Context
from click.testing import CliRunner

from everycount.cli.survey import survey
from everycount.cli.survey_derive import derive
from everycount.errors import InputError
from everycount.survey.food_insecurity import GLOBAL_SCALE
from everycount.survey.recipes import RECIPES

ACTS = """
[[recipes]]
recipe = "any-act"
name = "violence"
acts = ["slapped", "kicked"]
"""
OUTCOME = '[[outcomes]]\nname = "violence"\nlabel = "Violence"\ndirection = "barrier"\n'
WOMEN = "slapped,kicked\n1,2\n0,0\n2,9\n"
ROWS = "slapped,kicked,violence\n1,2,1\n0,0,0\n2,9,\n"
FOOD = ("WORRIED", "HEALTHY", "FEWFOOD", "SKIPPED", "ATELESS", "RUNOUT", "HUNGRY", "WHLDAY")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "recipes.toml").write_text(ACTS)
    (tmp_path / "women.csv").write_text(WOMEN)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args, **options):
    return CliRunner().invoke(derive, args, catch_exceptions=False, **options)


def test_the_command_is_one_of_surveys():
    assert survey.get_command(Context(survey), "derive") is derive


def test_help_has_an_example():
    assert "everycount survey derive recipes.toml women.dta" in run("--help").stdout


def test_rows_to_standard_output_and_words_beside(folder):
    result = run("recipes.toml", "women.csv")
    assert result.stdout == ROWS
    assert result.stderr == (
        "women.csv: 3 rows\n"
        "1. any-act makes violence\n"
        "   violence is yes where any of 2 acts is affirmed; who affirms none and leaves one "
        "unanswered\n   is not known, 1 of 3 rows of the universe are not known.\n"
        "   1 row left out of violence: an act not answered and none affirmed\n"
        f"\nFor the survey design:\n\n{OUTCOME}\n"
    )


def test_rows_and_outcomes_to_files(folder):
    result = run("-", "women.csv", "-o", "out.csv", "--outcomes", "outcomes.toml", input=ACTS)
    assert result.stdout == ""
    assert "For the survey design" not in result.stderr
    assert result.stderr.endswith("written: out.csv, out.trace.json, outcomes.toml\n")
    assert (folder / "out.csv").read_text() == ROWS
    assert (folder / "outcomes.toml").read_text() == OUTCOME


def test_outcomes_to_standard_output(folder):
    assert run("recipes.toml", "women.csv", "-o", "out.csv", "--outcomes", "-").stdout == OUTCOME
    assert run("recipes.toml", "women.csv", "--outcomes", "-").stdout == OUTCOME


def test_json_says_what_was_made(folder):
    result = run("recipes.toml", "women.csv", "--json")
    assert json.loads(result.stdout)["recipes"][0]["columns"] == ["violence"]
    assert sorted(path.name for path in folder.iterdir()) == ["recipes.toml", "women.csv"]
    run("recipes.toml", "women.csv", "--json", "-o", "out.parquet")
    assert pl.read_parquet("out.parquet")["violence"].to_list() == [1, 0, None]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "Missing argument 'RECIPES'."),
        (["recipes.toml"], "Missing argument 'MICRODATA'."),
        (["recipes.toml", "women.csv", "--json", "-o", "-"], "--json prints what was made"),
        (["recipes.toml", "women.csv", "--json", "--outcomes", "-"], "--json prints what was"),
        (["recipes.toml", "women.csv", "-o", "-", "--outcomes", "-"], "choose one"),
        (["recipes.toml", "women.csv", "--outcomes", "x.toml"], "give -o FILE too"),
        (["recipes.toml", "women.csv", "-o", "-", "--outcomes", "x.toml"], "give -o FILE too"),
    ],
)
def test_usage(folder, args, said):
    result = run(*args)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


def test_faults_are_all_told_and_nothing_is_printed(folder):
    (folder / "women.csv").write_text("slapped,kicked\n1,2\n5,0\n2,6\n")
    with pytest.raises(InputError) as caught:
        run("recipes.toml", "women.csv", "-o", "out.csv")
    assert [each.found for each in caught.value.problems] == ["code 6 in 1 row", "code 5 in 1 row"]
    assert not (folder / "out.csv").exists()
    result = CliRunner().invoke(derive, ["recipes.toml", "women.csv"])
    assert result.stdout == ""


def test_a_fitted_scale_says_so_and_shows_its_items(folder):
    rng = np.random.default_rng(8)
    severity = np.array(list(GLOBAL_SCALE.values()))
    people = rng.normal(-0.5, 1.8, (1500, 1))
    answers = (rng.random((1500, 8)) < 1 / (1 + np.exp(severity - people))).astype(int)
    answers[:, 5] = rng.random(1500) < 0.5
    pl.DataFrame(answers, schema=list(FOOD)).write_csv("food.csv")
    (folder / "recipes.toml").write_text(
        '[[recipes]]\nrecipe = "food-insecurity"\nscale = "global"'
    )
    said = run("recipes.toml", "food.csv", "-o", "out.csv").stderr
    assert "   The scale is fitted, so the answers of all rows were read at once.\n" in said
    lines = said.splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("   item "))
    table = [line.split() for line in lines[head : head + 9]]
    assert table[0] == [
        *("item", "severity", "std_error", "infit", "outfit", "from_global", "is_common")
    ]
    assert {row[0]: row[-1] for row in table[1:]}["ran_out"] == "no"
    assert {row[0]: row[-1] for row in table[1:]}["worried"] == "yes"
    assert re.fullmatch(r"-?\d\.\d{3}", table[1][1])
    assert len({len(line) for line in lines[head : head + 9]}) == 1


def test_given_severities_have_no_errors(folder):
    severities = list(GLOBAL_SCALE.values())
    (folder / "recipes.toml").write_text(
        '[[recipes]]\nrecipe = "food-insecurity"\nscale = "thresholds"\n'
        f"thresholds = [0.0, 1.5]\nseverities = {severities}\n"
    )
    pl.DataFrame({name: [1, 0] for name in FOOD}).write_csv("food.csv")
    said = run("recipes.toml", "food.csv", "-o", "out.csv").stderr
    assert "fitted, so" not in said
    assert re.search(r"worried +-1\.223 +- +- +- +- +-\n", said)


def test_what_cannot_be_written_is_told(folder):
    table = pl.DataFrame({"slapped": [1, 7], "kicked": [2, 2]})
    missing = {name: [7] for name in table.columns}
    labels = {name: {1: "yes", 2: "no"} for name in table.columns}
    pyreadstat.write_sav(
        table, folder / "women.sav", missing_ranges=missing, variable_value_labels=labels
    )
    result = run("recipes.toml", "women.sav")
    assert result.stdout == "slapped,kicked,violence\n1,2,1\n,2,\n"
    said = " ".join(result.stderr.split())
    assert (
        "women.sav declares codes that mean not known, in slapped, kicked; what is written "
        "cannot, so those cells are empty in it." in said
    )
    assert "Words of codes are not written: slapped, kicked. Give levels a label" in said


def test_many_columns_are_counted(folder):
    table = pl.DataFrame({"slapped": [1], "kicked": [2], **{f"q{at}": [1] for at in range(1000)}})
    missing = {name: [7] for name in table.columns}
    pyreadstat.write_sav(table, folder / "women.sav", missing_ranges=missing)
    said = " ".join(run("recipes.toml", "women.sav", "-o", "out.csv").stderr.split())
    assert "in 1,002 columns such as slapped, kicked, q0; what" in said


def test_one_act_is_called_by_its_name(folder):
    (folder / "recipes.toml").write_text(ACTS.replace(', "kicked"', ""))
    assert "violence is yes where slapped is affirmed" in run("recipes.toml", "women.csv").stderr


def test_list():
    shown = run("--list").stdout
    assert max(map(len, shown.splitlines())) <= 100
    assert "\n  sheets      violence-against-children, violence-against-older-women\n" in shown
    assert "              ever          has ever attended school (if there is one)\n" in shown
    assert "  to be said  levels        Levels of the school system, the lowest first" in shown


def test_list_as_json():
    rows = {each["recipe"]: each for each in json.loads(run("--list", "--json").stdout)}
    assert set(rows) == set(RECIPES)
    assert rows["any-act"]["declared"] == {
        "name": "Name of the column made, such as physical_violence."
    }
    assert rows["public-service"]["sheets"] == ["public-services"]
    assert rows["food-insecurity"]["inputs"][-1]["required"] is False
