import json

import pytest
from click.testing import CliRunner

from everycount.cli.audit import FILES, audit
from everycount.errors import InputError, MethodError

METHOD = """
id = "test"
title = "Test Index"
notice = "A test, not an index."
groups = [{ code = "index", name = "Index" }]
indicators = [
  { code = "a", parent = "index", worst = 0, best = 100 },
  { code = "b", parent = "index", worst = 0, best = 100 },
  { code = "c", parent = "index", worst = 0, best = 100 },
]
steps = [
  { do = "normalise", method = "goalposts", scale = [1, 100] },
  { do = "aggregate", missing = "renormalise" },
]

[audit]
sensitivity_draws = 10

[[audit.assumptions]]
vary = "groups"
name = "Mean"
options = [{ name = "sum" }, { name = "root", aggregate = "geometric" }]

[[audit.assumptions]]
vary = "figures"
name = "Errors"
relative = { "*" = 0.1 }
"""
DATA = "unit,a,b,c\nW,10,20,90\nX,50,40,30\nY,60,10,70\nZ,20,90,5\nV,33,66,50\n"
UNITS = "unit,name\nW,Việt Nam\nX,Xanadu\nY,Yucatán\nZ,\nV,Vale\n"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command in a folder with the files of a small index."""
    for name, text in (("m.toml", METHOD), ("d.csv", DATA), ("u.csv", UNITS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*args):
        arguments = ["run", "m.toml", "d.csv", "--units", "u.csv", "--draws", "40", *args]
        return CliRunner().invoke(audit, arguments, catch_exceptions=False)

    return run


def test_audit_says_the_verdict(run):
    said = run()
    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    assert lines[:2] == ["Test Index", "A test, not an index."]
    for title in ("What may not be said", "To be looked at", "Limits of this audit"):
        assert title in lines
    words = " ".join(said.stdout.split())
    assert "Tested: 40 builds (seed 1), varying Mean, Errors." in words
    assert all(len(line) <= 96 for line in lines)


def test_audit_of_a_method_without_a_notice(run, tmp_path):
    text = METHOD.replace('notice = "A test, not an index."', "")
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    assert run().stdout.splitlines()[:2] == ["Test Index", ""]


def test_audit_writes_tables_and_reports(run, tmp_path):
    said = run("-o", "out")
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == set(FILES) - {"draws.csv", "builds.csv"}
    assert "written to out: " in said.stderr
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Việt Nam" in page
    for name in written - {"report.html"}:
        assert f'href="{name}"' in page
    assert "draws.csv" not in page
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF-")


def test_audit_twice_writes_the_same_bytes(run, tmp_path):
    run("-o", "out")
    run("-o", "again")
    for path in (tmp_path / "out").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_audit_without_report_saves_and_repeats_builds(run, tmp_path):
    run("-o", "out", "--no-report", "--save-builds")
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == set(FILES) - {"report.html", "report.pdf"}
    said = run("-o", "again", "--no-report", "--replay", "out/draws.csv", "--seed", "3")
    assert "draws as given" in said.stdout
    ranks = [(tmp_path / folder / "ranks.csv").read_bytes() for folder in ("out", "again")]
    assert ranks[0] == ranks[1]


def test_audit_as_json(run):
    facts = json.loads(run("--json").stdout)
    assert facts["builds"] == 40
    assert facts["seed"] == 1
    assert facts["headline"]


def test_audit_counts_failed_builds(run, tmp_path):
    # Errors make some figures so low that a geometric mean has no use for them.
    text = METHOD.replace("scale = [1, 100]", "scale = [0, 100]").replace("0.1 }", "0.6 }")
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    said = run()
    assert " failed), varying" in " ".join(said.stdout.split())
    assert "has scores of 0 or less" in " ".join(said.stdout.split())


def test_audit_refuses_options_that_cannot_go_together(run, tmp_path):
    (tmp_path / "d.csv").write_text(DATA.replace("W,10", "W,0"), encoding="utf-8")
    text = METHOD.replace("scale = [1, 100]", "scale = [0, 100]")
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MethodError) as error:
        run()
    assert "audit, Mean = 'root'" in str(error.value)
    assert "options that can go together" in str(error.value)


def test_audit_refuses_draws_that_are_none(run, tmp_path):
    (tmp_path / "draws.csv").write_text("Mean,Errors\nsum,1\nnothing,-5\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        run("--replay", "draws.csv")
    assert "row 3, Mean: found 'nothing', expected one of sum, root" in str(error.value)
    assert "row 3, Errors: found '-5', expected a whole number of 0 or more" in str(error.value)


def test_audit_of_a_pair(run, tmp_path):
    said = run("-o", "out", "--no-report", "--pair", "W,X", "--pair", "Y, Z")
    assert said.exit_code == 0
    table = (tmp_path / "out" / "sensitivity.csv").read_text(encoding="utf-8")
    assert table.count("\ngap,index,,W,X,") == 2
    assert table.count("\ngap,index,,Y,Z,") == 2


def test_audit_of_a_pair_that_is_none(run):
    said = run("--pair", "W")
    assert said.exit_code == 2
    assert "found 'W', expected two units with a comma between them" in said.stderr
    with pytest.raises(InputError, match="audit, pairs: found 'Q', expected a unit of the data"):
        run("--pair", "W,Q")


def test_audit_of_a_method_in_which_nothing_can_be_varied(run, tmp_path):
    text = METHOD[: METHOD.index("[audit]")].replace(
        '{ code = "index", name = "Index" }',
        '{ code = "index", aggregate = "formula", formula = "a + b + c" }',
    )
    text = text.replace('method = "goalposts", scale = [1, 100]', 'method = "rank"')
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    said = " ".join(run().stdout.split())
    assert "Tested: the index as it is declared; nothing was varied." in said
    assert "Indicators was not varied: there are too few that no formula needs." in said


def test_audit_lists_three_things_and_counts_the_rest(run, tmp_path):
    names = [f"i{k}" for k in range(8)]
    leaves = ", ".join(f'{{ code = "{n}", parent = "index", worst = 0, best = 9 }}' for n in names)
    text = METHOD[: METHOD.index("indicators = [")] + f"indicators = [{leaves}]\n"
    text += METHOD[METHOD.index("steps = [") :]
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    rows = ["U1" + ",1" * 8, *(f"U{k}," + ",".join([""] * 7 + [str(k)]) for k in range(2, 9))]
    data = ",".join(["unit", *names]) + "\n" + "\n".join(rows) + "\n"
    (tmp_path / "d.csv").write_text(data, encoding="utf-8")
    said = " ".join(run().stdout.split())
    assert "i2 12.5 %; and 4 more in the report." in said
