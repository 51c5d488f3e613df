import json
from importlib.metadata import version
from pathlib import Path

import ibis
import polars as pl
import pytest
from click.testing import CliRunner

from everycount.cli.survey import survey
from everycount.errors import InputError, NotFound
from everycount.survey.simulate import simulate

# What DuckDB 2.0 says of the method by which Ibis 12.0 asks for the columns of a table.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

DESIGN = """
[sampling]
strata = ["stratum"]
psu = "cluster"
weight = "weight"
[[characteristics]]
name = "urban"
[[characteristics]]
name = "wealth"
column = "score"
cut = { groups = 3, members = "members", once_per = ["household"] }
[[outcomes]]
name = "internet"
yes = [1]
missing = [9]
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Disaggregate a small survey."""
    (tmp_path / "census").mkdir()
    women = simulate(clusters=40)
    women[:500].write_parquet(tmp_path / "census" / "1.parquet")
    women[500:].write_parquet(tmp_path / "census" / "2.parquet")
    (tmp_path / "survey.toml").write_text(DESIGN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*args):
        args = ("disaggregate", "survey.toml", *args)
        return CliRunner().invoke(survey, args, catch_exceptions=False)

    return run


def test_both_engines_make_the_same_table(run):
    here, there = run("census", "-o", "here.csv"), run(
        "census/*.parquet", "--engine", "ibis", "-o", "there.csv"
    )  # fmt: skip
    assert (here.exit_code, there.exit_code) == (0, 0)
    expected, found = pl.read_csv("here.csv"), pl.read_csv("there.csv")
    figures = [name for name, dtype in expected.schema.items() if dtype == pl.Float64]
    assert found.drop(figures).equals(expected.drop(figures))
    apart = found.select(figures) - expected.select(figures)
    assert max(apart.select(pl.all().abs().max()).row(0)) < 1e-11
    words = here.stderr.replace("here", "there")
    assert there.stderr == words


def test_the_trace_names_the_engine(run):
    run("census", "-o", "here.csv")
    run("census", "--engine", "ibis", "--backend", "duckdb", "-o", "there.csv")
    here, there = (json.loads(Path(f"{name}.trace.json").read_text()) for name in ("here", "there"))
    assert here.pop("engine") == {"name": "embedded", "version": version("everycount")}
    assert there.pop("engine") == {
        "name": "ibis",
        "version": ibis.__version__,
        "backend": "duckdb",
        "backend_version": version("duckdb"),
    }
    assert there == here


def test_a_database_by_its_url(run):
    with pytest.raises(NotFound, match="Ibis knows no backend census"):
        run("women", "--engine", "ibis", "--backend", "census://x")


def test_a_backend_is_for_ibis_alone(run):
    result = run("census", "--backend", "duckdb")
    assert result.exit_code == 2
    assert "--backend needs --engine ibis" in result.stderr


def test_a_database_that_is_read_is_not_written_over(run):
    import duckdb

    with duckdb.connect("women.parquet") as connection:  # a database, whatever its name
        connection.execute("CREATE TABLE women AS SELECT * FROM 'census/*.parquet'")
    with pytest.raises(
        InputError, match="found a file or folder that is read, expected another place"
    ):
        run("women.parquet::women", "--engine", "ibis", "-o", "women.parquet")
