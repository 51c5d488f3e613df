import json

import pytest
from click.testing import CliRunner

from everycount.cli.index import index
from everycount.errors import InputError, MethodError, NotFound
from everycount.io.methods import read_method

METHOD = """
id = "test"
title = "Test Index"
notice = "A test, not an index."
groups = [{ code = "index", name = "Index" },
  { code = "g", parent = "index", name = "Goal", least = 1.0 }]
indicators = [
  { code = "a", parent = "g", name = "A very long name of an indicator", worst = 0, best = 100 },
  { code = "b", parent = "g", worst = 0, best = 100 },
  { code = "c", parent = "index", worst = 0, best = 1 },
]
averages = [{ by = "region" }]
steps = [
  { do = "select" },
  { do = "impute", method = "mean", nodes = ["a"] },
  { do = "normalise", method = "goalposts" },
  { do = "aggregate", missing = "renormalise" },
]
"""
DATA = """unit,period,a,b,c,SOURCE
W,2015,10,20,0.5,WHO
W,2018,20,20,0.5,WHO
X,2018,10,,0.15,UN
Y,2018,,80,0.9,UN
Z,2018,,,,
"""
UNITS = "unit,name,region\nW,Việt Nam,n\nX,Xanadu,n\nY,,s\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run a command in a folder with the files of a small index."""
    for name, text in (("m.toml", METHOD), ("d.csv", DATA), ("u.csv", UNITS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*args, **options):
        return CliRunner().invoke(index, args, catch_exceptions=False, **options)

    return run


@pytest.mark.parametrize("verb", ["list", "check", "build", "explain", "trend"])
def test_help_has_an_example(run, verb):
    assert f"everycount index {verb}" in run(verb, "--help").stdout


def test_list(run):
    count = len(read_method("undp-gii").methodology.indicators)
    lines = run("list").stdout.splitlines()
    assert any(
        line.split()[:3] == ["undp-gii", str(count), "indicators"]
        and "Gender Inequality Index" in line
        for line in lines
    )
    found = json.loads(run("list", "--json").stdout)
    assert {"method": "undp-gii", "indicators": count, "title": "Gender Inequality Index"} in found


def test_check(run):
    said = run("check", "m.toml").stdout
    assert said == (
        "m.toml is in order: 3 indicators, 2 groups in 3 levels, "
        "steps select, impute, normalise, aggregate\n"
    )
    found = json.loads(run("check", "m.toml", "--json").stdout)
    assert (found["id"], found["indicators"], found["levels"]) == ("test", 3, 3)
    assert len(found["digest"]) == 64


def test_build_to_standard_output(run):
    found = run("build", "m.toml", "d.csv")
    assert found.stdout.startswith("unit,period,node,level,score,rank,")
    assert found.stderr == ""
    facts = json.loads(run("build", "m.toml", "-", "--json", input=DATA).stdout)
    assert facts["inputs"][1]["name"] == "standard input"


def test_build_into_a_folder(run, tmp_path):
    found = run("build", "m.toml", "d.csv", "--units", "u.csv", "-o", "out/deep")
    assert found.stdout == ""
    assert found.stderr.splitlines() == [
        "A test, not an index.",
        "Test Index: 3 of 4 units ranked, from 7 figures of 3 indicators",
        "imputed: 2",
        "warning: 1 of 4 units of the data are not in the file of units, so they have no name, "
        "group or weight: Z",
        "     1  Y  68.8",
        "     2  Việt Nam  35.0",
        "     3  Xanadu  15.0",
        "written to out/deep: averages.csv, data.csv, figures.csv, group_ranks.csv, result.json, "
        "scores.csv",
    ]
    assert {each.name for each in (tmp_path / "out/deep").iterdir()} == {
        "averages.csv", "data.csv", "figures.csv", "group_ranks.csv", "result.json", "scores.csv",
    }  # fmt: skip


def test_build_a_panel_with_json_and_a_warning(run):
    found = run("build", "m.toml", "d.csv", "--periods", "2015,2018", "-o", "out", "--json")
    assert json.loads(found.stdout)["counts"]["rows"] == 8
    assert "Test Index: 4 of 8 unit-years ranked" in found.stderr
    assert "warning: no averages by 'region'" in found.stderr


def test_a_method_without_a_notice(run, tmp_path):
    bare = METHOD.replace('notice = "A test, not an index."\n', "")
    (tmp_path / "m.toml").write_text(bare, encoding="utf-8")
    assert run("build", "m.toml", "d.csv", "-o", "out").stderr.startswith("Test Index: 3 of 4")
    assert (
        run("explain", "m.toml", "d.csv", "--unit", "W").stdout.splitlines()[1].startswith("score")
    )


def test_explain(run):
    lines = run("explain", "m.toml", "d.csv", "--unit", "W", "--units", "u.csv").stdout.splitlines()
    assert lines[:5] == [
        "Việt Nam (W): Test Index in 2018",
        "A test, not an index.",
        "score 35.0, rank 2 of 3",
        "next above: Y with 68.8, 33.8 away",
        "contributions are weight times score and add up to the score",
    ]
    text = "\n".join(lines)
    assert "Index                                          35.0      2   +35.00" in text
    assert "  Goal                                         20.0      2   +10.00" in text
    assert "a A very long name of an indicator       20.0  2018" in text
    (own,) = [line.split() for line in lines if line.startswith("c ") and "2018" in line]
    assert own[:7] == ["c", "0.500", "2018", "0", "1", "50.0", "+25.00"]
    assert "sources\n  a, b, c: WHO" in text


def test_explain_what_is_missing_and_where_there_is_nobody_above(run):
    said = run("explain", "m.toml", "d.csv", "--unit", "X").stdout
    assert "Goal                                            –" in said
    assert "too_few" in said
    assert "no figure: b" in said
    first = run("explain", "m.toml", "d.csv", "--unit", "Y").stdout
    assert "next above" not in first


def test_explain_without_periods_sources_or_goalposts(run, tmp_path):
    method = (
        METHOD.replace('  { do = "select" },\n', "")
        .replace('method = "goalposts"', 'method = "rank"')
        .replace('missing = "renormalise"', 'missing = "renormalise", method = "geometric"')
    )
    (tmp_path / "m.toml").write_text(method, encoding="utf-8")
    (tmp_path / "d.csv").write_text("unit,a,b,c\nX,1,2,3\nY,2,3,4\n", encoding="utf-8")
    said = run("explain", "m.toml", "d.csv", "--unit", "X").stdout
    assert said.startswith("X (X): Test Index\n")
    assert "contributions (Shapley) are counted from 1.5, the score of a unit with the mean" in said
    assert "sources" not in said
    assert "not measured between goalposts" in said


def test_explain_goalposts_as_they_are_written(run, tmp_path):
    own = METHOD.replace("worst = 0, best = 1 }", 'worst = "min", best = [0.4, 4.60517] }')
    (tmp_path / "m.toml").write_text(own, encoding="utf-8")
    said = run("explain", "m.toml", "d.csv", "--unit", "W").stdout
    assert "min 0.4 to 4.605" in said


def test_explain_a_unit_that_is_not_ranked(run, tmp_path):
    own = METHOD.replace("averages =", 'ranking = { unranked = ["W"] }\naverages =')
    (tmp_path / "m.toml").write_text(own, encoding="utf-8")
    said = run("explain", "m.toml", "d.csv", "--unit", "W").stdout
    assert "score 35.0, not ranked" in said


def test_explain_as_json(run):
    found = run("explain", "m.toml", "d.csv", "--unit", "W", "--period", "2018", "--json")
    facts = json.loads(found.stdout)
    assert (facts["unit"], facts["rank"], facts["parts"][0]["code"]) == ("W", 2, "index")
    assert "warning: no averages by 'region'" in found.stderr


PERIODS = ("--periods", "2015,2018")


def test_trend_to_standard_output(run):
    found = run("trend", "m.toml", "d.csv", *PERIODS)
    assert found.stdout.startswith("unit,node,level,from,to,score_from,score_to")
    facts = json.loads(run("trend", "m.toml", "d.csv", *PERIODS, "--to", "2025", "--json").stdout)
    assert (facts["from"], facts["until"], facts["to"]) == (2015, 2018, 2025)
    parts = {each["part"]: each["contribution"] for each in facts["contributions"]}
    assert parts["a"] == pytest.approx(2.5)


def test_trend_into_a_folder(run, tmp_path):
    found = run(
        "trend", "m.toml", "d.csv", *PERIODS, "--from", "2015", "--until", "2018", "-o", "out"
    )
    assert found.stdout == ""
    assert found.stderr.splitlines()[-2:] == [
        "Test Index, 2015 to 2018, projected to 2030: 1 too slow",
        "written to out: contributions.csv, trends.csv",
    ]
    assert {each.name for each in (tmp_path / "out").iterdir()} == {
        "trends.csv",
        "contributions.csv",
    }
    both = run("trend", "m.toml", "d.csv", *PERIODS, "-o", "out", "--json")
    assert json.loads(both.stdout)["until"] == 2018


def test_trend_without_a_verdict(run, tmp_path):
    method = METHOD.replace('method = "goalposts"', 'method = "min_max"').replace(
        "averages =", 'ranking = { best = "low" }\naverages ='
    )
    (tmp_path / "m.toml").write_text(method, encoding="utf-8")
    found = run("trend", "m.toml", "d.csv", *PERIODS, "-o", "out")
    assert "projected to 2030: no verdict" in found.stderr


@pytest.mark.parametrize("text", ["2015,x", "2015,,2018", "", "2015;2018"])
def test_years_that_are_none(run, text):
    found = run("build", "m.toml", "d.csv", "--periods", text)
    assert found.exit_code == 2
    assert f"found {text!r}, expected years with commas between them" in found.stderr


def test_a_trend_that_runs_backwards(run):
    found = run("trend", "m.toml", "d.csv", "--from", "2018", "--until", "2015")
    assert found.exit_code == 2
    assert "--from 2018 is not before --until 2015" in found.stderr


def test_errors_are_raised_with_their_class(run):
    with pytest.raises(NotFound):
        run("explain", "m.toml", "d.csv", "--unit", "Q")
    with pytest.raises(MethodError):
        run("trend", "m.toml", "d.csv")
    with pytest.raises(InputError):
        run("build", "m.toml", "m.toml")
