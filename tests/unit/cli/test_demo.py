import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli import demo as commands
from everycount.cli.demo import FILES, SURVEY_FILES, demo
from everycount.errors import InputError, Unavailable
from everycount.io.index_run import build_index
from everycount.io.survey_run import disaggregate_file


def invoke(*arguments):
    return CliRunner().invoke(demo, list(map(str, arguments)))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "out"
    return folder, invoke("--no-serve", "-o", folder, "--json")


@pytest.fixture
def without_survey(monkeypatch):
    """Leave out what the extra `survey` brings, as a plain installation does."""
    monkeypatch.setitem(sys.modules, commands.COMPILER, None)


def digests(folder):
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in folder.rglob("*")
        if p.is_file()
    }


def test_demo_writes_the_page_and_every_file_it_names(made):
    folder, done = made
    assert done.exit_code == 0, done.stderr
    written = set(digests(folder))
    assert written >= {"index.html", *FILES}
    others = written - {"index.html", *FILES}
    assert all(name.startswith("audit/") for name in others)
    assert {f"survey/{name}" for name in SURVEY_FILES} <= written
    page = (folder / "index.html").read_text(encoding="utf-8")
    for name in FILES:
        assert f'href="{name}"' in page


def test_demo_says_step_by_step_what_it_does(made):
    _, done = made
    for number in range(1, 9):
        assert f"[{number}/8] " in done.stderr
    said = " ".join(done.stderr.split())
    assert "8 frameworks with" in said
    assert "0 errors" in said
    assert "tell them apart by their keys: 8d, 8e" in said
    assert "5,502 figures of 34 indicators for 232 areas" in said
    assert "CC BY-SA 3.0 IGO" in said
    assert "5,502 observations checked: 1 error, 3 warnings, 33 notes" in said
    assert "Of 51 indicators for Viet Nam, 29 (57%) have figures and 22 have none" in said
    assert "104 of 232 areas ranked" in said
    assert "region: Europe and Northern America 84.5" in said


def test_demo_ends_with_who_leads_where_things_are_and_what_to_try(made):
    folder, done = made
    end = done.stderr.partition("[8/8]")[2]
    assert "1   92.0  Norway" in end
    assert "104   49.1  Sierra Leone" in end
    assert "These are not the" in end
    assert str(folder / "index.html") in end
    assert (folder / "index.html").as_uri() in end
    assert str(folder / "survey" / "report.html") in end
    assert end.count("\n  everycount ") == 6


def test_demo_prints_facts_as_json_and_nothing_else_on_standard_output(made):
    folder, done = made
    facts = json.loads(done.stdout)
    assert facts["ranked"] == 104
    assert [row["name"] for row in facts["ranking"]] == [
        "Norway", "Finland", "Switzerland", "Sierra Leone",
    ]  # fmt: skip
    assert facts["links"] == 594
    assert facts["findings"]["error"] == 0
    assert "UN data terms: free reuse, cite the source" in facts["licences"]
    assert len(facts["averages"]) == 11
    assert facts["files"] == sorted(digests(folder))
    assert facts["data"]["findings"]["range-percent"] == 1
    assert facts["builds"] == 10000
    assert facts["places"] > 1
    assert facts["folder"] == str(folder)
    assert facts["survey"]["rows"] == 10981
    assert facts["survey"]["outcomes"] == 4
    assert facts["survey"]["not_shown"] > 0


def test_demo_without_json_prints_nothing_on_standard_output(tmp_path):
    assert invoke("--no-serve", "-o", tmp_path / "out").stdout == ""


def test_demo_twice_writes_the_same_bytes(made, tmp_path):
    folder, _ = made
    invoke("--no-serve", "-o", tmp_path / "again")
    assert digests(tmp_path / "again") == digests(folder)


def test_demo_files_build_the_same_index_again(made):
    folder, _ = made
    run = build_index(
        folder / "method.toml", folder / "observations.csv", units=folder / "units.csv"
    )
    again = run.result.scores().write_csv().encode()
    assert again == (folder / "scores.csv").read_bytes()


def test_demo_figures_have_a_source_that_is_named(made):
    folder, _ = made
    figures = pl.read_csv(folder / "figures.csv", infer_schema=False)
    sources = pl.read_csv(folder / "sources.csv", infer_schema=False)
    assert set(figures["source"].drop_nulls()) <= set(sources["source"])
    assert sources["licence"].null_count() == 0


def test_demo_tells_how_many_groups_and_who_is_furthest_behind(made):
    folder, done = made
    said = " ".join(done.stderr.split())
    table = pl.read_csv(folder / "survey" / "estimates.csv", infer_schema=False)
    internet = table.filter(pl.col("outcome") == "internet")
    hidden = len(table.filter(pl.col("flag") == "not_shown"))
    facts = json.loads(done.stdout)["survey"]
    assert facts["not_shown"] == hidden
    assert facts["cells"] <= len(internet)  # hidden cells that nobody is in stand with the others
    assert f"{facts['cells']} groups of 10,981 simulated women by one and two char" in said
    assert f"4 outcomes each; {hidden} figures not shown, so that nobody is found" in said
    assert "women with Wealth: Poorest fifth; Schooling: None used the internet" in said


def test_demo_page_of_the_survey_has_charts_and_says_that_it_is_simulated(made):
    folder, _ = made
    page = (folder / "survey" / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure") >= 4
    assert "The data are simulated: no country, no respondents." in page
    assert "Who is furthest behind" in page
    assert "not shown" in page
    assert "in brackets: uncertain" in page
    for name in SURVEY_FILES:
        assert (f'href="{name}"' in page) is (name != "report.html")


def test_demo_survey_is_estimated_again_from_its_own_files(made):
    folder, _ = made
    survey = folder / "survey"
    run = disaggregate_file(
        survey / "survey.toml",
        survey / "women.parquet",
        change=lambda given: replace(given, crossings=replace(given.crossings, depth=1)),
    )
    table = pl.read_csv(survey / "estimates.csv")
    by_region = (pl.col("outcome") == "internet") & (pl.col("region") != "_T")
    alone = [pl.col(name) == "_T" for name in ("urban", "wealth", "age", "education")]
    again = run.result.table.filter(by_region, *alone)["estimate"].to_list()
    alone += [pl.col(name) == "_T" for name in ("ethnicity", "disability")]
    assert table.filter(by_region, *alone)["estimate"].to_list() == pytest.approx(again)
    trace = json.loads((survey / "estimates.trace.json").read_bytes())
    assert [each["sha256"] for each in trace["inputs"]] == [
        hashlib.sha256((survey / name).read_bytes()).hexdigest()
        for name in ("survey.toml", "women.parquet")
    ]


def test_demo_without_the_part_for_surveys_says_so_and_goes_on(tmp_path, without_survey):
    done = invoke("--no-serve", "-o", tmp_path, "--json")
    assert done.exit_code == 0, done.stderr
    assert "[7/8] Estimating for groups within groups of a simulated survey: left out" in (
        done.stderr
    )
    assert "everycount[survey] brings them; the rest goes on without" in " ".join(
        done.stderr.split()
    )
    assert json.loads(done.stdout)["survey"] is None
    assert not (tmp_path / "survey").exists()
    assert "survey" not in done.stderr.partition("[8/8]")[2]
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert 'href="audit/report.html"' in page
    assert 'href="survey/' not in page


def test_demo_is_found_without_the_compiler():
    """Nothing that the demonstration imports at its start may need the extra."""
    program = "import sys; sys.modules['numba'] = None; import everycount.cli.demo"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_demo_writes_nothing_where_it_cannot_write_all(tmp_path, without_survey):
    (tmp_path / "index.html").mkdir()
    done = invoke("--no-serve", "-o", tmp_path)
    assert isinstance(done.exception, InputError)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert "[8/8] Writing the pages and their files … \n" in done.stderr


def test_demo_into_the_folder_it_is_in_by_default(tmp_path, monkeypatch, without_survey):
    monkeypatch.chdir(tmp_path)
    invoke("--no-serve")
    assert (tmp_path / "everycount-demo" / "index.html").is_file()


def test_demo_without_a_hub_says_how_to_go_on(tmp_path, monkeypatch, without_survey):
    monkeypatch.setattr(commands, "entry_points", lambda **_: [])
    done = invoke("-o", tmp_path / "out")
    assert isinstance(done.exception, Unavailable)
    assert done.exception.exit_code == 6
    assert "everycount[hub]" in str(done.exception)
    assert str(tmp_path / "out" / "index.html") in str(done.exception)
    assert (tmp_path / "out" / "index.html").is_file()


def test_demo_hands_folder_and_port_to_the_hub(tmp_path, monkeypatch, without_survey):
    called = []
    served = SimpleNamespace(load=lambda: lambda folder, port: called.append((folder, port)))

    def registered(*, group, name):
        assert (group, name) == ("everycount.demo", "serve")
        return [served]

    monkeypatch.setattr(commands, "entry_points", registered)
    done = invoke("-o", tmp_path / "out", "--port", 8123)
    assert done.exit_code == 0
    assert called == [(tmp_path / "out", 8123)]
