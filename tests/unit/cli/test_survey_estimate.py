import json

import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli.survey import survey
from everycount.errors import MethodError
from everycount.survey.simulate import simulate

DESIGN = """
title = "A small survey"
[sampling]
strata = ["stratum"]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "urban"
levels = [{ code = "R", values = [1] }, { code = "U", values = [2] }]
[[characteristics]]
name = "education"
[[outcomes]]
name = "internet"
yes = [1]
no = [2]
missing = [9]
[[outcomes]]
name = "age"
statistic = "mean"
[[outcomes]]
name = "median"
column = "age"
statistic = "quantile"
probability = 0.5
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command in a folder with a small survey."""
    simulate(clusters=40).write_parquet(tmp_path / "women.parquet")
    (tmp_path / "survey.toml").write_text(DESIGN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(verb, *args):
        arguments = [verb, "survey.toml", "women.parquet", *args]
        return CliRunner().invoke(survey, arguments, catch_exceptions=False)

    return run


def table(text):
    return pl.read_csv(text.encode(), infer_schema=False)


def test_without_by_everyone_is_estimated(run):
    said = run("estimate")
    assert said.exit_code == 0
    found = table(said.stdout)
    assert found["outcome"].to_list() == ["internet", "age", "median"]
    assert "urban" not in found.columns
    assert "3 estimates of 3 outcomes by nothing" in said.stderr
    assert "errors by linearisation" in said.stderr
    assert "left out of internet: not known" in said.stderr


def test_a_crossing_with_its_margins_and_a_trace(run, tmp_path):
    said = run("estimate", "--by", "urban", "--by", "education", "--margins", "-o", "e.csv")
    assert said.stdout == ""
    found = table((tmp_path / "e.csv").read_text(encoding="utf-8"))
    assert set(found["urban"]) == {"R", "U", "_T"}
    assert len(found.filter(urban="_T", education="_T")) == 3
    trace = json.loads((tmp_path / "e.trace.json").read_text(encoding="utf-8"))
    assert trace["by"] == ["urban", "education"]
    assert trace["outcomes"][2]["probability"] == 0.5
    assert "written: e.csv, e.trace.json" in said.stderr


def test_options_change_the_design(run):
    options = ("--by", "urban", "--outcome", "age", "--statistic", "mean", "--reliability", "dhs")
    found = table(run("estimate", *options, "--level", "0.5").stdout)
    wide = table(run("estimate", *options).stdout)
    assert found["outcome"].to_list() == ["age", "age"]
    low, lower = (float(each["ci_low"][0]) for each in (found, wide))
    assert low > lower


def test_differences_against_a_declared_reference(run, tmp_path):
    said = run(
        *("estimate", "--by", "urban", "-o", "e.csv", "--differences", "d.csv"),
        *("--against", "urban=U", "--adjust", "bonferroni", "--df-of", "sample"),
    )
    assert "3 comparisons; p values adjusted by outcome: bonferroni" in said.stderr
    assert "written: e.csv, d.csv, e.trace.json" in said.stderr
    found = table((tmp_path / "d.csv").read_text(encoding="utf-8"))
    assert found["urban"].to_list() == ["R"] * 3
    assert found["against_urban"].to_list() == ["U"] * 3
    trace = json.loads((tmp_path / "e.trace.json").read_text(encoding="utf-8"))
    assert trace["differences"] == {
        "against": {"kind": "reference", "levels": {"urban": "U"}},
        "adjust": "bonferroni",
        "df": "sample",
    }


def test_json_holds_everything(run):
    said = run("estimate", "--by", "urban", "--differences", "d.csv", "--against", "rest", "--json")
    found = json.loads(said.stdout)
    assert len(found["estimates"]) == 6
    assert [each["against_urban"] for each in found["differences"]] == ["_O"] * 6
    assert json.loads(run("estimate", "--json").stdout)["differences"] is None


def test_errors_from_replicates_made_here(run):
    options = ("--replicates", "bootstrap", "--replicate-count", "40")
    first, again, other = (run("estimate", *options, "--seed", seed) for seed in ("1", "1", "2"))
    assert "errors from 40 replicate weights (bootstrap)" in first.stderr
    assert first.stdout == again.stdout != other.stdout
    by_quantiles = run("estimate", *options, "--quantile-interval", "replicates")
    assert by_quantiles.exit_code == 0


def test_lonely_strata_and_rules_are_told(run, tmp_path):
    text = DESIGN.replace('strata = ["stratum"]', 'strata = ["cluster"]\nlonely = "remove"')
    (tmp_path / "survey.toml").write_text(text, encoding="utf-8")
    said = run("estimate")
    assert "strata with a single unit: 1, 2, " in said.stderr
    assert "; rule: remove" in said.stderr


def test_rules_hide_figures_and_what_would_tell_them(run, tmp_path):
    made = (*("--by", "urban", "--by", "education", "--margins"), "-o", "e.csv")
    compared = ("--differences", "d.csv", "--against", "pairs")
    run("estimate", *made, *compared)
    whole = pl.read_csv("d.csv")
    text = (
        (tmp_path / "survey.toml").read_text().replace("title", 'confidentiality = "many"\ntitle')
    )
    (tmp_path / "survey.toml").write_text(text, encoding="utf-8")
    (tmp_path / "many.toml").write_text(
        'id = "many"\ntitle = "Many"\nsource = "Test."\nminimum = 60\n', encoding="utf-8"
    )
    said = run("estimate", *made, *compared, "--confidentiality", "many.toml")
    table = pl.read_csv("e.csv")
    hidden = table.filter(pl.col("flag") == "not_shown")
    assert 1 < len(hidden) < len(table) / 2
    assert hidden.select("estimate", "std_error", "df", "n").null_count().row(0) == (
        (len(hidden),) * 4
    )
    assert "so that those cannot be worked out" in said.stderr
    assert "with others of the same file they may tell more" in said.stderr
    trace = json.loads((tmp_path / "e.trace.json").read_text())
    assert trace["rules"]["confidentiality"]["minimum"] == 60
    assert sum(trace["hidden"].values()) == len(hidden)
    found = pl.read_csv("d.csv")
    assert 0 < len(found) < len(whole)
    keys = ["outcome", "urban", "education"]
    assert set(found.select(pl.col(keys).cast(str)).rows()).isdisjoint(hidden.select(keys).rows())


def test_replicate_weights_of_the_file_are_told(run, tmp_path):
    people = pl.read_parquet(tmp_path / "women.parquet")
    weights = {f"r{at}": people["weight"] * (1 + 0.1 * (at % 3)) for at in range(6)}
    people.with_columns(**weights).write_parquet(tmp_path / "women.parquet")
    given = 'replicates = { kind = "bootstrap", columns = ["r0", "r1", "r2"] }'
    text = DESIGN.replace('strata = ["stratum"]\npsu = "cluster"', given)
    (tmp_path / "survey.toml").write_text(text, encoding="utf-8")
    said = run("estimate")
    assert "errors from 3 replicate weights (bootstrap)" in said.stderr
    assert "sampled units" not in said.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--against", "rest"), "--against needs --differences FILE"),
        (
            ("--differences", "d.csv", "--against", "worst"),
            "--against: found 'worst', expected NAME=CODE, reference, rest, pairs, best",
        ),
        (
            ("--differences", "d.csv", "--against", "rest", "--against", "best"),
            "--against: found rest, best, expected one of them",
        ),
        (
            ("--differences", "d.csv", "--against", "rest", "--against", "urban=R"),
            "--against: found rest, urban=R, expected one of them",
        ),
    ],
)
def test_options_that_contradict_one_another(run, options, words):
    said = run("estimate", *options)
    assert said.exit_code == 2
    assert words in said.stderr


def test_references_may_be_named_together(run):
    said = run(
        *("estimate", "--by", "urban", "--by", "education", "--json", "--differences", "d.csv"),
        *("--against", "reference", "--against", "urban=U", "--against", "education=2"),
    )
    assert json.loads(said.stdout)["differences"]


def test_the_method_may_not_apply(run):
    with pytest.raises(MethodError, match="found no groups, expected two groups"):
        run("estimate", "--differences", "d.csv")


# -------------------------------------------------------------- survey disaggregate --differences


def test_disaggregate_compares_groups_in_one_and_two_way_tables(run, tmp_path):
    text = DESIGN.partition('[[outcomes]]\nname = "median"')[0]
    (tmp_path / "survey.toml").write_text(text, encoding="utf-8")
    said = run("disaggregate", "-o", "e.csv", "--differences", "d.csv", "--against", "pairs")
    assert "written: e.csv, d.csv, e.trace.json" in said.stderr
    found = table((tmp_path / "d.csv").read_text(encoding="utf-8"))
    urban = found.filter(outcome="age", urban="R", against_urban="U", education="_T")
    assert len(urban) == 1
    run("estimate", "--by", "urban", "-o", "x.csv", "--differences", "y.csv")
    alone = table((tmp_path / "y.csv").read_text(encoding="utf-8")).filter(outcome="age")
    assert float(urban["difference"][0]) == pytest.approx(-float(alone["difference"][0]))
    assert float(urban["std_error"][0]) == pytest.approx(float(alone["std_error"][0]))
    trace = json.loads((tmp_path / "e.trace.json").read_text(encoding="utf-8"))
    assert trace["differences"]["against"]["kind"] == "pairs"
