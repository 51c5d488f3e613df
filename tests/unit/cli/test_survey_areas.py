import io
import json

import numpy as np
import polars as pl
import pytest
from click import Context
from click.testing import CliRunner

from everycount.cli.survey import survey
from everycount.cli.survey_areas import areas
from everycount.errors import InputError, MethodError

USUAL = ("estimates.csv", "census.csv", "--areas", "region", "--covariates", "lights")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a folder with estimates of 18 of 20 regions, and covariates of all."""
    random = np.random.default_rng(3)
    lights = random.normal(size=20).round(3)
    share = np.clip(0.5 + 0.12 * lights + random.normal(size=20) * 0.1, 0.1, 0.9).round(3)
    lines = ["outcome,statistic,region,estimate,std_error,deff,n,flag"]
    lines += ["reads,proportion,_T,0.5,0.01,1.2,900,", "works,proportion,_T,0.3,0.01,1.2,900,"]
    lines += [f"reads,proportion,{at + 1},{y},0.08,1.2,40," for at, y in enumerate(share[:18])]
    (tmp_path / "estimates.csv").write_text("\n".join(lines) + "\n")
    known = [f"{at + 1},{light},{100 + at}" for at, light in enumerate(lights)]
    (tmp_path / "census.csv").write_text("\n".join(["region,lights,women", *known]) + "\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args, **options):
    return CliRunner().invoke(areas, args, catch_exceptions=False, **options)


def edit(folder, old, new):
    place = folder / "estimates.csv"
    text = place.read_text()
    assert old in text
    place.write_text(text.replace(old, new))


def test_the_command_is_one_of_surveys():
    assert survey.get_command(Context(survey), "areas") is areas


def test_help_has_an_example():
    assert "everycount survey areas estimates.csv census.csv" in run("--help").stdout


def test_table_to_standard_output_and_words_beside(folder):
    result = run(*USUAL, "--outcome", "reads")
    table = pl.read_csv(io.StringIO(result.stdout))
    assert table["nature"].to_list() == ["direct"] * 18 + ["M"] * 20
    said = result.stderr
    assert said.startswith(
        "Modelled figures: a Fay-Herriot model of the proportion of reads over 18"
    )
    assert (
        "2 areas have no direct estimate; what is shown there rests on covariates alone.\n" in said
    )
    assert "\ncoefficient       value   std_error  p_value\n(intercept)    " in said
    assert "bootstrap" not in said
    assert "written" not in said
    assert max(map(len, said.splitlines())) <= 96
    assert run(*USUAL, "--outcome", "reads", "-o", "-").stdout == result.stdout


def test_table_to_a_file(folder):
    result = run(*USUAL, "--outcome", "reads", "-o", "areas.parquet")
    assert result.stdout == ""
    assert result.stderr.endswith("written: areas.parquet, areas.trace.json\n")
    assert pl.read_parquet("areas.parquet").height == 38


def test_json(folder):
    found = json.loads(run(*USUAL, "--outcome", "reads", "--json").stdout)
    assert found["options"]["covariates"] == ["lights"]
    assert found["report"]["outcome"] == "reads"
    assert found["estimates"][-1]["nature"] == "M"


def test_options_reach_the_model(folder):
    result = run(
        *USUAL,
        *("--outcome", "reads", "--method", "ml", "--when-zero", "keep", "--level", "0.9"),
        *("--transformation", "arcsine", "--back", "naive", "--smooth", "all"),
        *("--replicates", "20", "--seed", "11", "--benchmark", "logit", "--population", "women"),
        "--json",
    )
    found = json.loads(result.stdout)
    assert found["options"] == {
        "covariates": ["lights"],
        "method": "ml",
        "when_zero": "keep",
        "transformation": "arcsine",
        "back": "naive",
        "smooth": "all",
        "level": 0.9,
        "replicates": 20,
        "benchmark": {"target": 0.5, "kind": "logit", "population": "women"},
    }
    assert found["seed"] == 11
    assert "\nbootstrap with seed 11\n" in result.stderr


def test_standard_input_may_be_either(folder):
    text = (folder / "census.csv").read_text()
    result = run("estimates.csv", "-", *USUAL[2:], "--outcome", "reads", input=text)
    assert result.stdout == run(*USUAL, "--outcome", "reads").stdout


def test_figures_that_are_not_used_are_told(folder):
    edit(folder, "reads,proportion,3,", "reads,proportion,3,,,,,not_shown\nreads,proportion,33,")
    lines = (folder / "estimates.csv").read_text().splitlines()
    lines = [line for line in lines if ",33," not in line]
    lines = [line.replace(",0.08,", ",,") if ",4," in line else line for line in lines]
    (folder / "estimates.csv").write_text("\n".join(lines) + "\n")
    said = run(*USUAL, "--outcome", "reads").stderr
    assert "\n1 direct figure not shown in the estimates, so not used: 3\n" in said
    assert "\n1 direct figure shown without a standard error, so not used: 4\n" in said


def test_design_effects_that_are_withheld_are_told_where_they_matter(folder):
    edit(folder, "0.08,1.2,40,\nreads,proportion,3", "0.08,,40,\nreads,proportion,3")
    told = "1 design effect is not in the estimates and was worked out from the standard error"
    usual = (*USUAL, "--outcome", "reads", "--replicates", "5", "--transformation")
    assert told in run(*usual, "arcsine").stderr
    assert told not in run(*usual, "none").stderr
    edit(folder, ",1.2,", ",,")
    told = "18 design effects are not in the estimates and were worked out from the standard errors"
    assert told in run(*usual, "arcsine").stderr


def test_many_areas_are_counted(folder):
    lines = (folder / "estimates.csv").read_text().splitlines()
    lines = [
        line + "not_shown" if line.startswith("reads") and "_T" not in line and at < 16 else line
        for at, line in enumerate(lines)
    ]
    (folder / "estimates.csv").write_text("\n".join(lines) + "\n")
    said = " ".join(run(*USUAL, "--outcome", "reads").stderr.split())
    shown = ", ".join(map(str, range(1, 13)))
    assert f"13 direct figures not shown in the estimates, so not used: {shown} and 1 more" in said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("a.csv", "b.csv"), "Missing option '--areas'"),
        ((*USUAL, "--population", "women"), "--population is for --benchmark: give both"),
        (("-", "-", "--areas", "region"), "cannot both be standard input"),
        ((*USUAL, "--level", "1"), "--level"),
    ],
)
def test_usage(folder, args, said):
    result = run(*args)
    assert result.exit_code == 2
    assert said in result.stderr


def test_what_there_is_to_do_is_said_as_options(folder):
    edit(folder, "0.08,1.2,40,\nreads,proportion,3", "0,1.2,40,\nreads,proportion,3")
    with pytest.raises(MethodError) as caught:
        run(*USUAL, "--outcome", "reads")
    assert str(caught.value.problems[0]) == (
        "2: found a standard error of 0, expected one above 0, or --smooth zero"
    )
    said = run(*USUAL, "--outcome", "reads", "--smooth", "zero").stderr
    assert "The sampling variance was smoothed in 1 of 18 areas: 2.\n" in said
    with pytest.raises(MethodError, match=r"one of each area, for its share \(--population\)"):
        run(*USUAL, "--outcome", "reads", "--smooth", "zero", "--benchmark", "ratio")


def test_faults_of_the_tables(folder):
    with pytest.raises(InputError) as caught:
        run("estimates.csv", "census.csv", "--areas", "region, ethnicity")
    assert [str(each) for each in caught.value.problems] == [
        "areas: found 'ethnicity', which is no characteristic, expected one of region",
        "outcome: found reads, works, expected one, by its name",
    ]
