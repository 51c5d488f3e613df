import hashlib
import json
from types import SimpleNamespace

import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli import demo as commands
from everycount.cli.demo import FILES, demo
from everycount.errors import InputError, Unavailable
from everycount.io.index_run import build_index


def invoke(*arguments):
    return CliRunner().invoke(demo, list(map(str, arguments)))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "out"
    return folder, invoke("--no-serve", "-o", folder, "--json")


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
    page = (folder / "index.html").read_text(encoding="utf-8")
    for name in FILES:
        assert f'href="{name}"' in page


def test_demo_says_step_by_step_what_it_does(made):
    _, done = made
    for number in range(1, 7):
        assert f"[{number}/6] " in done.stderr
    said = " ".join(done.stderr.split())
    assert "7 frameworks with" in said
    assert "0 errors" in said
    assert "tell them apart by their keys: 8d, 8e" in said
    assert "5,502 figures of 34 indicators for 232 areas" in said
    assert "CC BY-SA 3.0 IGO" in said
    assert "104 of 232 areas ranked" in said
    assert "region: Europe and Northern America 84.5" in said


def test_demo_ends_with_who_leads_where_things_are_and_what_to_try(made):
    folder, done = made
    end = done.stderr.partition("[6/6]")[2]
    assert "1   92.0  Norway" in end
    assert "104   49.1  Sierra Leone" in end
    assert "These are not the" in end
    assert str(folder / "index.html") in end
    assert (folder / "index.html").as_uri() in end
    assert end.count("\n  everycount ") == 4


def test_demo_prints_facts_as_json_and_nothing_else_on_standard_output(made):
    folder, done = made
    facts = json.loads(done.stdout)
    assert facts["ranked"] == 104
    assert [row["name"] for row in facts["ranking"]] == [
        "Norway", "Finland", "Switzerland", "Sierra Leone",
    ]  # fmt: skip
    assert facts["links"] == 513
    assert facts["findings"]["error"] == 0
    assert "UN data terms: free reuse, cite the source" in facts["licences"]
    assert len(facts["averages"]) == 11
    assert facts["files"] == sorted(digests(folder))
    assert facts["builds"] == 10000
    assert facts["places"] > 1
    assert facts["folder"] == str(folder)


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


def test_demo_writes_nothing_where_it_cannot_write_all(tmp_path):
    (tmp_path / "index.html").mkdir()
    done = invoke("--no-serve", "-o", tmp_path)
    assert isinstance(done.exception, InputError)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    assert "[6/6] Writing the page, the audit and their files … \n" in done.stderr


def test_demo_into_the_folder_it_is_in_by_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    invoke("--no-serve")
    assert (tmp_path / "everycount-demo" / "index.html").is_file()


def test_demo_without_a_hub_says_how_to_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr(commands, "entry_points", lambda **_: [])
    done = invoke("-o", tmp_path / "out")
    assert isinstance(done.exception, Unavailable)
    assert done.exception.exit_code == 6
    assert "everycount[hub]" in str(done.exception)
    assert str(tmp_path / "out" / "index.html") in str(done.exception)
    assert (tmp_path / "out" / "index.html").is_file()


def test_demo_hands_folder_and_port_to_the_hub(tmp_path, monkeypatch):
    called = []
    served = SimpleNamespace(load=lambda: lambda folder, port: called.append((folder, port)))

    def registered(*, group, name):
        assert (group, name) == ("everycount.commands", "demo-serve")
        return [served]

    monkeypatch.setattr(commands, "entry_points", registered)
    done = invoke("-o", tmp_path / "out", "--port", 8123)
    assert done.exit_code == 0
    assert called == [(tmp_path / "out", 8123)]
