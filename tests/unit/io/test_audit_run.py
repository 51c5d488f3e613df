import hashlib
import io
import json

import numpy as np
import polars as pl
import pytest
from pydantic import TypeAdapter

from everycount.audit.verdict_file import VerdictFile
from everycount.errors import InputError, MethodError
from everycount.io.audit_run import audit_files, audit_index, read_external

METHOD = """
id = "test"
title = "Test"
groups = [{ code = "index" }, { code = "g", parent = "index" }, { code = "h", parent = "index" }]
indicators = [
  { code = "a", parent = "g", worst = 0, best = 100 },
  { code = "b", parent = "g", worst = 0, best = 100 },
  { code = "c", parent = "h", worst = 0, best = 100 },
  { code = "d", parent = "h", worst = 0, best = 100 },
]
steps = [
  { do = "normalise", method = "goalposts", scale = [1, 100] },
  { do = "aggregate", missing = "renormalise" },
]

[audit]
draws = 60
sensitivity_draws = 20

[[audit.assumptions]]
vary = "groups"
name = "Mean"
options = [{ name = "sum" }, { name = "root", aggregate = "geometric" }]

[[audit.assumptions]]
vary = "weights"
name = "Weights"
how = "noise"
spread = 0.5

[[audit.assumptions]]
vary = "leave_one_out"
name = "Indicators"
"""
ROWS = [(f"U{k}", *(7 * (k * p % 13) + k for p in (1, 2, 3, 5))) for k in range(12)]
DATA = "unit,a,b,c,d\n" + "".join(",".join(map(str, row)) + "\n" for row in ROWS)
UNITS = "unit,name,population\n" + "".join(f"U{k},Unit {k},{k + 1}\n" for k in range(12))
EXTERNAL = "unit,other\n" + "".join(f"U{k},{k * k}\n" for k in range(12))
TABLES = (
    "acceptability.csv",
    "choices.csv",
    "coherence.csv",
    "left_out.csv",
    "pairs.csv",
    "ranks.csv",
    "sensitivity.csv",
)


@pytest.fixture
def files(tmp_path):
    """The files of a small index."""
    texts = {"m.toml": METHOD, "d.csv": DATA, "u.csv": UNITS, "e.csv": EXTERNAL}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(files, **options):
    return audit_index(files / "m.toml", files / "d.csv", units=files / "u.csv", **options)


def table(content):
    return pl.read_csv(io.BytesIO(content))


def test_audit_from_files_and_write_them(files):
    found = run(files)
    names = found.write(files / "out", beside={"report.html": b"page"})
    assert names == tuple(sorted([*TABLES, "report.html", "verdict.json"]))
    assert {path.name for path in (files / "out").iterdir()} == set(names)
    facts = json.loads((files / "out" / "verdict.json").read_text(encoding="utf-8"))
    assert [each["role"] for each in facts["inputs"]] == ["method", "data", "units"]
    assert facts["inputs"][1]["sha256"] == hashlib.sha256(DATA.encode()).hexdigest()
    assert facts["files"] == sorted([*TABLES, "report.html"])
    assert facts["builds"] == 60
    assert facts["method"]["id"] == "test"
    assert [each["name"] for each in facts["assumptions"]] == ["Mean", "Weights", "Indicators"]
    assert facts["assumptions"][0]["options"] == ["sum", "root"]
    assert all(each["source"] for each in facts["thresholds"])
    assert facts["standings"][0]["node"] == "index"
    assert len(facts["checklist"]) == 13


def test_verdict_json_is_what_its_schema_says(files):
    content = audit_files(run(files))["verdict.json"]
    assert TypeAdapter(VerdictFile).validate_json(content).builds == 60


def test_same_files_and_seed_give_the_same_bytes(files):
    first, again = audit_files(run(files)), audit_files(run(files))
    assert first == again
    assert audit_files(run(files, seed=2))["ranks.csv"] != first["ranks.csv"]


def test_draws_and_seed_instead_of_the_methods(files):
    found = run(files, draws=8, seed=5)
    assert (found.audit.uncertainty.builds, found.audit.seed) == (8, 5)


def test_another_node(files):
    found = run(files, node="h", draws=10)
    assert set(table(audit_files(found)["ranks.csv"])["node"]) == {"h"}
    with pytest.raises(MethodError, match="node: found 'nothing', expected the code of a group"):
        run(files, node="nothing")


def test_saved_draws_give_the_same_audit_again(files):
    found = run(files)
    found.write(files / "out", builds=True)
    again = run(files, replay=files / "out" / "draws.csv")
    first, second = audit_files(found), audit_files(again)
    for name in ("ranks.csv", "pairs.csv", "acceptability.csv", "sensitivity.csv", "choices.csv"):
        assert first[name] == second[name], name
    assert again.audit.replayed
    roles = [each["role"] for each in again.inputs.trace["inputs"]]
    assert roles == ["method", "data", "units", "draws"]
    again.write(files / "third", builds=True)
    draws = (files / "out" / "draws.csv").read_bytes()
    assert (files / "third" / "draws.csv").read_bytes() == draws


def test_saved_builds_hold_every_score(files):
    found = run(files, draws=10)
    files_ = audit_files(found, builds=True)
    builds = table(files_["builds.csv"])
    assert builds.columns == ["draw", "node", "unit", "period", "score"]
    scores = found.audit.outcome.scores[found.audit.result.state.tree.top]
    assert len(builds) == scores.size == 10 * 12
    np.testing.assert_allclose(builds["score"].to_numpy().reshape(10, 12), scores)


def test_draws_without_sensitivities_have_no_sets(files):
    text = METHOD.replace("sensitivity_draws = 20", "sensitivity_draws = 0")
    (files / "m.toml").write_text(text, encoding="utf-8")
    draws = table(audit_files(run(files), builds=True)["draws.csv"])
    assert draws.columns[:3] == ["draw", "Mean", "Weights[a]"]


def test_other_indices(files):
    found = run(files, external=files / "e.csv", draws=10)
    assert set(found.audit.coherence.external["index"]) == {"other"}
    assert found.inputs.trace["inputs"][-1]["role"] == "external"


def test_faulty_other_indices():
    with pytest.raises(InputError, match="column 'words': found text, expected the numbers"):
        read_external(b"unit,words\nA,x\nB,y\n", name="e.csv")
    with pytest.raises(InputError, match="header: found no column of numbers"):
        read_external(b"unit\nA\nB\n", name="e.csv")


def test_results_do_not_overwrite_what_was_read(files):
    (files / "out").mkdir()
    (files / "d.csv").rename(files / "out" / "ranks.csv")
    found = audit_index(files / "m.toml", files / "out" / "ranks.csv", draws=4)
    with pytest.raises(InputError, match="found a file that was read"):
        found.write(files / "out")
    assert [path.name for path in (files / "out").iterdir()] == ["ranks.csv"]


def test_an_index_without_units_file_and_with_periods(files):
    data = "unit,period,a,b,c,d\n" + "".join(
        f"{row[0]},{year},{','.join(map(str, row[1:]))}\n" for row in ROWS for year in (2015, 2018)
    )
    (files / "d.csv").write_text(data, encoding="utf-8")
    text = METHOD.replace("steps = [", 'steps = [\n  { do = "select" },')
    (files / "m.toml").write_text(text, encoding="utf-8")
    found = audit_index(files / "m.toml", files / "d.csv", periods=(2015, 2018), draws=6)
    ranks = table(audit_files(found)["ranks.csv"])
    assert sorted(set(ranks["period"])) == [2015, 2018]
    assert [each.period for each in found.audit.uncertainty.standings] == [2018, 2015]
