import json

import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli.survey import survey
from everycount.survey.simulate import simulate

QUICK = ("--replicates", "4", "--draws", "3")
DESIGN = """
[sampling]
strata = ["stratum"]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "region"
[[characteristics]]
name = "education"
ordered = true
[[characteristics]]
name = "ethnicity"
[[outcomes]]
name = "internet"
label = "Uses the internet"
yes = [1]
missing = [9]
[[outcomes]]
name = "age"
statistic = "total"
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "survey.toml").write_text(DESIGN)
    (tmp_path / "later.toml").write_text(f'title = "Later"\n{DESIGN}')
    for seed in (5, 6):
        simulate(clusters=30, seed=seed).write_csv(tmp_path / f"women{seed}.csv")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args):
    found = CliRunner().invoke(survey, ["furthest", *args, *QUICK], catch_exceptions=False)
    assert found.exit_code == 0, found.output
    return found


def test_without_a_folder_a_summary_is_printed(folder):
    found = run("survey.toml", "women5.csv")
    assert found.stdout.startswith("internet (Uses the internet)\n  - By UN ESCAP's method: ")
    assert "Mind\n  - Circumstances are where people live" in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 96
    assert "rows in 30 sampled units used" in found.stderr
    assert "rows left out of internet: not known" in found.stderr
    assert "women5.csv: age left out, as it is no proportion or mean" in found.stderr
    assert "random numbers from seed 1" in found.stderr
    assert not list(folder.glob("*.json"))


def test_files_go_to_a_folder(folder):
    found = run("survey.toml", "women5.csv", "-o", "out", "--method", "escap", "--seed", "3")
    assert found.stdout == ""
    assert "written: out/tree.csv" in found.stderr
    table = pl.read_csv(folder / "out/tree.csv")
    assert set(table["method"]) == {"escap"}
    trace = json.loads((folder / "out/furthest.json").read_bytes())
    assert trace["options"]["seed"] == 3
    assert trace["options"]["replicates"] == 4
    assert trace["options"]["draws"] == 3


def test_json_has_the_trace_and_the_tables(folder):
    found = run("survey.toml", "women5.csv", "--json", "--method", "chosen",
                "--circumstances", "region, ethnicity", "--identity", "ethnicity")  # fmt: skip
    told = json.loads(found.stdout)
    assert {row["method"] for row in told["tables"]["tree.csv"]} == {"chosen"}
    assert told["options"]["circumstances"] == ["region", "ethnicity"]
    assert told["rounds"][0]["outcomes"][0]["identity"] is True


def test_rounds_are_several_files_of_a_design_or_designs_of_their_own(folder):
    same = run("survey.toml", "women5.csv", "women6.csv", "--method", "escap")
    assert "women5.csv\n\ninternet" in same.stdout
    assert "internet, from the first round to the others\n" in same.stdout
    assert "in the same circumstances in women6.csv" in " ".join(same.stdout.split())
    own = run("survey.toml", "women5.csv", "--round", "later.toml", "women6.csv",
              "--method", "escap", "-o", "rounds")  # fmt: skip
    assert "written: " in own.stderr
    assert (folder / "rounds/rounds.csv").exists()


def test_rounds_without_a_group_to_follow_say_so(folder):
    table = pl.read_csv(folder / "women5.csv").with_columns(internet=pl.lit(2))
    table.write_csv(folder / "nobody.csv")
    (folder / "survey.toml").write_text(DESIGN.replace("yes = [1]", "yes = [1]\nno = [2]"))
    found = run("survey.toml", "nobody.csv", "women6.csv", "--method", "escap")
    assert "No group of the first round has a figure in the others." in found.stdout


def test_rules_hide_groups_and_say_how_many(folder):
    table = pl.read_csv(folder / "women5.csv")
    never = (pl.col("region") == 1) & (pl.col("education") <= 2)
    table = table.with_columns(internet=pl.when(never).then(2).otherwise(pl.col("internet")))
    table.write_csv(folder / "some.csv")
    found = run("survey.toml", "some.csv", "--confidentiality", "threshold-10-rounded")
    assert "groups not shown, to protect people" in found.stderr
    assert "who is furthest behind is not shown" in found.stdout


def test_an_outcome_of_ones_own_may_be_given(folder):
    found = run("survey.toml", "women5.csv", "--outcome", "works:1", "--method", "escap")
    assert found.stdout.startswith("works\n")


def test_standard_output_is_no_folder(folder):
    found = CliRunner().invoke(survey, ["furthest", "survey.toml", "women5.csv", "-o", "-"])
    assert found.exit_code == 2
    assert "-o - is no folder: several files are written; --json prints them" in found.output
    assert not (folder / "-").exists()


def test_one_row_left_out_is_one_row(folder):
    table = pl.read_csv(folder / "women5.csv").with_columns(
        internet=pl.when(pl.int_range(pl.len()) == 0).then(9).otherwise(pl.col("internet") % 7 + 0)
    )
    table.filter((pl.col("internet") != 9) | (pl.int_range(pl.len()) == 0)).write_csv("one.csv")
    found = run("survey.toml", "one.csv", "--method", "escap")
    assert "\n1 row left out of internet: not known\n" in found.stderr


def test_a_mean_has_no_opportunity_index(folder):
    found = run("survey.toml", "women5.csv", "--outcome", "years=age", "--statistic", "mean",
                "--method", "escap")  # fmt: skip
    assert "opportunity index" not in found.stdout
    assert "have on average" in found.stdout


def test_a_command_without_a_file_is_refused(folder):
    found = CliRunner().invoke(survey, ["furthest", "survey.toml"])
    assert found.exit_code == 2
    assert "MICRODATA" in found.output
