import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli.survey import survey
from everycount.errors import InputError, NotFound
from everycount.survey.simulate import simulate

DESIGN = """
title = "A small survey"
period = "2025"
[sampling]
strata = ["stratum"]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "urban"
levels = [{ code = "R", values = [1] }, { code = "U", values = [2] }]
[[characteristics]]
name = "education"
levels = [
  { code = "NONE", values = [1] }, { code = "PRIM", values = [2] },
  { code = "SEC", values = [3] }, { code = "HIGH", values = [4] },
]
[[outcomes]]
name = "internet"
label = "Women on the internet"
yes = [1]
no = [2]
missing = [9]
[[outcomes]]
name = "age"
statistic = "mean"
"""
QUICK = ("--replicates", "20")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command in a folder with a small survey."""
    simulate(clusters=40).write_parquet(tmp_path / "women.parquet")
    (tmp_path / "survey.toml").write_text(DESIGN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*args):
        arguments = ["report", "survey.toml", "women.parquet", "-o", "out", *args]
        return CliRunner().invoke(survey, arguments, catch_exceptions=False)

    return run


def files(folder="out"):
    return sorted(str(each.relative_to(folder)) for each in Path(folder).rglob("*.*"))


def test_a_page_for_each_outcome_and_what_it_is_made_of(run):
    said = run(*QUICK, "--notice", "Made up.")
    beside = ["differences.csv", "estimates.csv", "observations.csv", "trace.json"]
    trees = ["contributions", "groups", "inequality", "opportunity", "tree"]
    assert files() == sorted(
        ["age.html", "internet.html", *beside, "furthest/furthest.json"]
        + [f"furthest/{name}.csv" for name in trees]
    )
    assert "open out/internet.html, out/age.html" in said.stderr.replace("\\", "/")
    page = Path("out/internet.html").read_text(encoding="utf-8")
    assert "Made up." in page
    assert 'href="age.html"' in page
    assert 'href="furthest/tree.csv"' in page
    assert "Who is furthest behind" in page
    table = pl.read_csv("out/estimates.csv", infer_schema=False)
    assert table.filter(outcome="internet", urban="R", education="NONE").height == 1
    assert pl.read_csv("out/differences.csv")["outcome"].unique().sort().to_list() == [
        "age", "internet",
    ]  # fmt: skip
    assert json.loads(Path("out/trace.json").read_text())["title"] == "A small survey"


def test_no_tables_of_trees_beside_hidden_figures(run):
    said = run(*QUICK, "--confidentiality", "threshold-5", "--outcome", "internet")
    assert not [name for name in files() if name.startswith("furthest")]
    assert "Who is furthest behind" in Path("out/internet.html").read_text(encoding="utf-8")
    assert "cells of each outcome hidden" in said.stderr or "nothing is hidden" in said.stderr


def test_trees_are_left_out_where_they_are_not_wanted_or_cannot_grow(run):
    run("--method", "none", "--outcome", "internet", "--dots", "education", "--depth", "1")
    page = Path("out/internet.html").read_text(encoding="utf-8")
    assert "Who is furthest behind" not in page
    run("--outcome", "years=age", "--statistic", "total")
    assert "Who is furthest behind" not in Path("out/years.html").read_text(encoding="utf-8")


def test_what_was_written_as_json(run):
    said = run("--method", "none", "--outcome", "internet", "--json")
    facts = json.loads(said.stdout)
    assert {Path(name).name for name in facts["files"]} == set(files())
    assert facts["hidden"] == {}


def test_charts_of_what_is_not_there_and_a_folder_that_holds_an_input(run, tmp_path):
    with pytest.raises(NotFound, match="religion"):
        run("--method", "none", "--dots", "religion")
    assert not (tmp_path / "out").exists()
    (tmp_path / "out").mkdir()
    pl.read_parquet("women.parquet").write_csv("out/estimates.csv")
    arguments = ["report", "survey.toml", "out/estimates.csv", "-o", "out", "--method", "none"]
    with pytest.raises(InputError, match=r"estimates\.csv: found a file"):
        CliRunner().invoke(survey, arguments, catch_exceptions=False)
    assert files() == ["estimates.csv"]


def test_a_folder_is_no_stream(run):
    said = run("-o", "-")
    assert said.exit_code == 2
    assert "expected a folder" in said.stderr
