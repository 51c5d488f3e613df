import json

import click
import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli.loading import load_command
from everycount.cli.survey import survey
from everycount.cli.survey_options import designed
from everycount.errors import InputError, MethodError, Unavailable
from everycount.io.sample import sample_path
from everycount.model.design import SurveyDesign
from everycount.survey.simulate import simulate

VERBS = ("areas", "derive", "design", "disaggregate", "estimate", "furthest", "report", "sheet")
SMALL = """
title = "A small survey"
[sampling]
strata = ["stratum"]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "urban"
label = "Residence"
levels = [{ code = "R", label = "Rural", values = [1] }, { code = "U", values = [2] }]
[[characteristics]]
name = "education"
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


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command in a folder with a small survey."""
    simulate(clusters=40).write_parquet(tmp_path / "women.parquet")
    (tmp_path / "survey.toml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*args):
        return CliRunner().invoke(survey, args, catch_exceptions=False)

    return run


@pytest.mark.parametrize("verb", ["design", "disaggregate", "estimate", "furthest"])
def test_help_has_an_example(run, verb):
    assert f"everycount survey {verb}" in run(verb, "--help").stdout


def test_help_lists_the_commands(run):
    lines = run("--help").stdout.split("Commands:")[1].splitlines()
    assert tuple(line.split()[0] for line in lines if line.strip()) == VERBS
    assert run("tabulate").exit_code == 2


def test_a_shell_completes_the_commands():
    context = click.Context(survey, info_name="survey")
    found = [each.value for each in survey.shell_complete(context, "de")]
    assert found == ["derive", "design"]


def test_commands_need_the_extra(monkeypatch):
    def absent(name):
        raise ModuleNotFoundError("No module named 'numba'", name="numba")

    monkeypatch.setattr("everycount.cli.loading.import_module", absent)
    with pytest.raises(Unavailable, match=r"install everycount\[survey\]"):
        survey.get_command(click.Context(survey), "design")
    with pytest.raises(ModuleNotFoundError):
        load_command("everycount.cli.index:index")


def test_design_says_what_it_understood(run):
    said = run("design", "survey.toml", "women.parquet").stdout
    assert said.startswith("A small survey\n1,")
    assert "10 strata, 40 sampled units" in said
    assert "finite population correction: none" in said
    assert "urban (Residence): 2 levels" in said
    assert "R Rural: " in said
    assert "\n    U: " in said
    assert "internet (Women on the internet): " in said
    assert "rows left out of internet: not known" in said
    assert "4 tables with 15 cells for each outcome" in said
    facts = json.loads(run("design", "survey.toml", "women.parquet", "--json").stdout)
    assert facts["units"] == 40
    assert [each["role"] for each in facts["inputs"]] == ["design", "microdata"]


def test_design_of_odd_samples(run, tmp_path):
    rows = pl.read_parquet("women.parquet").with_columns(
        stratum=pl.when(pl.col("cluster") == 1).then(99).otherwise("stratum"),
        weight=pl.when(pl.int_range(pl.len()) < 3).then(0.0).otherwise("weight"),
        many=pl.int_range(pl.len()) % 14,
        rw1="weight",
        rw2="weight",
    )
    rows.write_parquet("odd.parquet")
    said = run("design", "survey.toml", "odd.parquet", "--lonely", "adjust", "--by", "many").stdout
    assert "1 stratum with a single unit: 99\n  rule for them: adjust" in said
    assert "3 rows have weight 0" in said
    assert "and 2 more" in said
    (tmp_path / "rep.toml").write_text(
        SMALL.replace("[sampling]", "[sampling]")
        + '[sampling.replicates]\nkind = "JK1"\ncolumns = ["rw*"]\n'
    )
    assert (
        "2 replicate weights (JK1); errors come from them"
        in run("design", "rep.toml", "odd.parquet").stdout
    )
    (tmp_path / "bare.toml").write_text('[[outcomes]]\nname = "age"\nstatistic = "mean"\n')
    said = run("design", "bare.toml", "odd.parquet").stdout
    assert "one a row" in said
    assert "none, so that every row counts 1" in said


def test_disaggregate_writes_a_table_a_trace_and_observations(run, tmp_path):
    made = run(
        *("disaggregate", "survey.toml", "women.parquet", "-o", "e.csv", "--depth", "1"),
        *("--observations", "o.csv", "--reliability", "dhs", "--level", "0.9"),
    )
    table = pl.read_csv("e.csv")
    assert table.columns[:4] == ["outcome", "statistic", "urban", "education"]
    assert table.columns[4:] == [
        *("estimate", "std_error", "ci_low", "ci_high", "df", "deff", "n", "cv", "flag")
    ]
    assert len(table) == 2 * 7
    trace = json.loads((tmp_path / "e.trace.json").read_text())
    assert trace["sampling"]["units"] == 40
    assert trace["interval"] == {"level": 0.9, "proportions": "logit"}
    assert trace["rules"]["reliability"]["id"] == "dhs"
    assert {each["subject"] for each in trace["excluded"]} == {"internet"}
    assert len(pl.read_csv("o.csv")) == len(table)
    assert "40 sampled units in 10 strata; errors by linearisation" in made.stderr
    assert "written: e.csv, o.csv, e.trace.json" in made.stderr
    assert made.stdout == ""


def test_disaggregate_to_standard_output(run):
    printed = run("disaggregate", "survey.toml", "women.parquet", "--limit", "15").stdout
    assert printed.startswith("outcome,statistic,urban,education,estimate,")
    assert ',""' not in printed
    facts = json.loads(run("disaggregate", "survey.toml", "women.parquet", "--json").stdout)
    assert len(facts["estimates"]) == 30


def test_parquet_is_written_as_parquet(run):
    run("disaggregate", "survey.toml", "women.parquet", "-o", "e.parquet")
    assert len(pl.read_parquet("e.parquet")) == 30


def test_options_say_a_whole_design(run):
    printed = run(
        *("disaggregate", "lfs", "women.parquet", "--strata", "stratum", "--psu", "cluster"),
        *("--weight", "weight", "--by", "place=urban", "--outcome", "net=internet:1"),
    ).stdout
    assert printed.splitlines()[0].startswith("outcome,statistic,place,estimate")
    assert [line.split(",")[:3] for line in printed.splitlines()[1:]] == [
        ["net", "proportion", "_T"],
        ["net", "proportion", "1"],
        ["net", "proportion", "2"],
    ]


def test_names_in_options_are_those_of_the_design(run):
    printed = run(
        *("disaggregate", "survey.toml", "women.parquet", "--by", "urban", "--outcome", "age"),
        *("--interval", "wilson", "--statistic", "mean"),
    ).stdout
    assert [line.split(",")[1:3] for line in printed.splitlines()[1:]] == [
        ["mean", "_T"],
        ["mean", "R"],
        ["mean", "U"],
    ]


def test_options_that_contradict_are_usage_errors(run):
    made = run("disaggregate", "survey.toml", "women.parquet", "--level", "2")
    assert made.exit_code == 2
    assert "found 2, expected a number between 0 and 1" in made.stderr
    empty = dict.fromkeys(
        ("strata", "psu", "nested", "weight", "weight_divisor", "population", "lonely", "level")
    ) | {"interval": None, "by": (), "outcomes": (), "statistic": None}
    assert designed(SurveyDesign(), empty) == SurveyDesign()


def test_unsorted_rows_give_the_same(run):
    rows = pl.read_parquet("women.parquet")
    rows.sample(fraction=1, shuffle=True, seed=1).write_parquet("shuffled.parquet")
    sorted_, shuffled = (
        pl.read_csv(run("disaggregate", "survey.toml", name).stdout_bytes)
        for name in ("women.parquet", "shuffled.parquet")
    )
    assert sorted_["n"].equals(shuffled["n"])
    assert (sorted_["std_error"] / shuffled["std_error"] - 1).abs().max() < 1e-12


def test_confidential_cells_are_hidden(run, tmp_path):
    made = run(
        *("disaggregate", str(sample_path("survey.toml")), "women.parquet", "-o", "e.csv"),
        *("--depth", "2", "--confidentiality", "threshold-10-rounded"),
        *("--inside", "inside.json"),
    )
    table = pl.read_csv("e.csv", infer_schema_length=None)
    hidden = table.filter(pl.col("flag") == "not_shown")
    assert len(hidden)
    assert hidden.select("estimate", "std_error", "n").null_count().sum_horizontal().item() == (
        3 * len(hidden)
    )
    assert (table["n"].drop_nulls() % 5 == 0).all()
    assert "of 266 cells of each outcome hidden: internet" in made.stderr
    assert "joined to protect people: ethnicity: MA and MB joined" in made.stderr
    trace = json.loads((tmp_path / "e.trace.json").read_text())
    assert trace["joined"][0]["levels"] == ["MA", "MB"]
    assert sum(trace["hidden"].values()) == len(hidden)
    inside = json.loads((tmp_path / "inside.json").read_text())
    assert inside["hidden"]["proven"] is True
    assert {row["why"] for row in inside["hidden"]["cells"]} >= {
        "few respondents",
        "others could be worked out",
    }
    assert inside["joined"][0]["after"] < inside["joined"][0]["before"]


def test_files_that_are_read_are_not_written_over(run):
    with pytest.raises(InputError, match="a file or folder that is read"):
        run("disaggregate", "survey.toml", "women.parquet", "-o", "women.parquet")


def test_lonely_units_are_named(run):
    rows = pl.read_parquet("women.parquet").with_columns(
        stratum=pl.when(pl.col("cluster") == 1).then(99).otherwise("stratum")
    )
    rows.write_parquet("odd.parquet")
    with pytest.raises(MethodError, match=r"1 stratum with a single sampled unit \(99\)"):
        run("disaggregate", "survey.toml", "odd.parquet")
    made = run("disaggregate", "survey.toml", "odd.parquet", "--lonely", "remove")
    assert "strata with a single unit: 99; rule: remove" in made.stderr


def test_replicate_weights_are_told(run, tmp_path):
    rows = pl.read_parquet("women.parquet")
    factors = {
        f"rw{at}": pl.when(pl.col("cluster") == at).then(0.0).otherwise(pl.col("weight") * 40 / 39)
        for at in range(1, 41)
    }
    rows.with_columns(**factors).write_parquet("rep.parquet")
    text = SMALL.replace(
        'weight = "weight"',
        'weight = "weight"\nreplicates = { kind = "JK1", columns = ["rw*"] }',
    )
    (tmp_path / "rep.toml").write_text(text)
    made = run("disaggregate", "rep.toml", "rep.parquet")
    assert "errors from 40 replicate weights" in made.stderr
    table = pl.read_csv(made.stdout_bytes)
    assert table["df"].max() == 39
