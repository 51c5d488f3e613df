"""Spark makes the tables that the kernel makes, tells the same faults, and leaves nothing behind.

Only the order of summation differs, so that 1e-11 is asked where 1e-9 is promised. The session is
the small one that Everycount starts where there is none; it reaches no further than this computer.
"""

import gc
import os
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from click.testing import CliRunner
from pyspark import SparkContext
from pyspark.sql import SparkSession

from everycount.cli.survey import survey
from everycount.errors import InputError, MethodError, NotFound, Unavailable
from everycount.io.ibis_source import ibis_source
from everycount.io.microdata import open_microdata
from everycount.io.spark import DESCRIBED
from everycount.io.survey_run import in_order
from everycount.model.conditions import Condition
from everycount.model.design import Characteristic, Cut, Level, Outcome, SurveyDesign
from everycount.model.sampling import Sampling
from everycount.survey.disaggregate import disaggregate
from everycount.survey.ibis_disaggregate import ibis_disaggregate
from everycount.survey.plan import resolve
from everycount.survey.simulate import simulate

pytestmark = [
    pytest.mark.slow,
    # What pandas 3 says of how PySpark 4.0 makes its tables.
    pytest.mark.filterwarnings("ignore:The copy keyword is deprecated"),
    pytest.mark.filterwarnings("ignore:The 'future.infer_string' option is deprecated"),
    # PySpark leaves it to Python to close the sockets on which results came.
    pytest.mark.filterwarnings(r"ignore:unclosed <socket.*raddr=\('127:ResourceWarning"),
]
EXACT = 1e-11
SAMPLE = Path(__file__).parents[2] / "src" / "everycount" / "sample" / "survey.toml"
WOMEN = simulate(clusters=40, seed=3)
SAMPLING = Sampling(strata=("stratum",), psu="cluster", weight="weight")
DESIGN = SurveyDesign(
    sampling=SAMPLING,
    characteristics=(
        Characteristic(
            name="urban", levels=(Level(code="U", values=("2",)), Level(code="R", values=(1,)))
        ),
        Characteristic(name="wealth", column="score", cut=Cut(groups=3)),
    ),
    outcomes=(
        Outcome(name="internet", yes=(1,), no=(2,), missing=(9,)),
        Outcome(name="income", statistic="mean", universe=(Condition(column="age", at_least=18),)),
        Outcome(name="people", column="members", statistic="total"),
        Outcome(name="burden", column="income", statistic="ratio", denominator="members"),
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The working folder, with the simulated survey in it; nothing else may be there afterwards."""
    path = tmp_path_factory.mktemp("spark")
    rows, rng = WOMEN, np.random.default_rng(7)
    income = np.exp(rng.normal(10, 1, len(rows)))
    income[rng.random(len(rows)) < 0.1] = np.nan
    rows.with_columns(
        income=pl.Series(income),
        members=pl.col("members").cast(pl.Decimal(8, 2)),
        half=pl.lit(0.5),
    ).sample(fraction=1, shuffle=True, seed=1).write_parquet(path / "women.parquet")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path)
        yield path


@pytest.fixture(scope="module")
def spark(folder, tmp_path_factory):
    """A session of Spark for all tests, started as for a user who has none; then ended."""
    temporary, said = tmp_path_factory.mktemp("java"), tmp_path_factory.mktemp("said") / "stderr"
    with pytest.MonkeyPatch.context() as patch, errors_of_java(said):
        for name in DESCRIBED:
            patch.delenv(name, raising=False)
        patch.setenv("JAVA_TOOL_OPTIONS", f"-Djava.io.tmpdir={temporary}")
        assert SparkSession.getActiveSession() is None
        source = ibis_source("pyspark", "women.parquet")
    session = SparkSession.getActiveSession()
    assert session is not None
    yield session
    source.close()
    assert SparkSession.getActiveSession() is None
    assert session.sparkContext._jsc is None  # it has stopped
    gateway = SparkContext._gateway
    gateway.shutdown()
    gateway.proc.stdin.close()  # Java ends with it
    gateway.proc.wait(timeout=30)
    SparkContext._gateway = SparkContext._jvm = None
    gc.collect()
    assert [path.name for path in folder.iterdir()] == ["women.parquet"]
    assert list(temporary.rglob("*")) == []
    lines = said.read_text(encoding="utf-8").splitlines()
    of_java = ("Picked up JAVA_TOOL_OPTIONS", "WARNING: Using incubator modules")
    assert [line for line in lines if not line.startswith(of_java)] == []


@contextmanager
def errors_of_java(path):
    """Send to a file what a program that is started now will say on standard error."""
    own = os.dup(2)
    with path.open("wb") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(own, 2)
        os.close(own)


def assert_same(found, expected):
    figures = [name for name, dtype in expected.schema.items() if dtype == pl.Float64]
    assert found.drop(figures).equals(expected.drop(figures))
    for name in figures:
        # Where there is no spread at all, errors may be what rounding leaves.
        scale = expected["estimate"].abs().fill_null(0).max() if name == "std_error" else 1
        np.testing.assert_allclose(
            found[name].to_numpy(),
            expected[name].to_numpy(),
            rtol=EXACT,
            atol=1e-13 * scale,
            err_msg=name,
        )


def both(path, design):
    """Return what the kernel and what Spark make of a file, or what they say is wrong with it."""

    def said(work):
        try:
            return work()
        except (InputError, MethodError) as error:
            return str(error)

    kernel = said(lambda: in_order(resolve(design, open_microdata(path)), disaggregate))
    with closing(ibis_source("pyspark", path)) as source:
        spark = said(lambda: ibis_disaggregate(resolve(design, source), source.table))
    return kernel, spark


def test_a_user_gets_the_table_of_the_kernel(spark, tmp_path):
    simulate(clusters=60).write_parquet(tmp_path / "women.parquet")
    text = SAMPLE.read_text(encoding="utf-8").replace('confidentiality = "acro-uk"', "")
    (tmp_path / "survey.toml").write_text(text, encoding="utf-8")
    args = ["disaggregate", str(tmp_path / "survey.toml"), str(tmp_path / "women.parquet")]
    there = ("--engine", "ibis", "--backend", "pyspark")
    tables, words = [], []
    for name, more in {"here": (), "there": there}.items():
        output = ("-o", str(tmp_path / f"{name}.csv"), "--depth", "2")
        result = CliRunner().invoke(survey, [*args, *more, *output], catch_exceptions=False)
        assert result.exit_code == 0
        words.append(result.stderr.replace("there", "here"))
        tables.append(pl.read_csv(tmp_path / f"{name}.csv"))
    assert words[0] == words[1]
    assert tables[0].height > 400
    assert_same(tables[1], tables[0])


LONELY = pl.when(pl.col("cluster") == 1).then(99).otherwise("stratum")
SAMPLES = {
    # Weights add up to twice the sample, or design effects are nearly divided by nought.
    "a share drawn": replace(SAMPLING, population="half", weight_divisor=0.5),
    "women in strata": replace(SAMPLING, psu=None),
    "one unit in a stratum": replace(SAMPLING, strata=("lonely",), lonely="adjust"),
}


@pytest.mark.parametrize("sampling", SAMPLES)
def test_samples(spark, tmp_path, sampling):
    path = tmp_path / "women.parquet"
    pl.read_parquet("women.parquet").with_columns(lonely=LONELY).write_parquet(path)
    kernel, there = both(path, replace(DESIGN, sampling=SAMPLES[sampling]))
    assert there.excluded == kernel.excluded
    assert (there.rows, there.units, there.strata) == (kernel.rows, kernel.units, kernel.strata)
    assert (
        there.lonely == kernel.lonely == (("99",) if "lonely" in SAMPLES[sampling].strata else ())
    )
    assert_same(there.table, kernel.table)


def first(rows, name, value, count):
    """Return rows with a value in the first places of a column."""
    at = pl.int_range(pl.len()) < count
    return rows.with_columns(pl.when(at).then(pl.lit(value)).otherwise(name).alias(name))


FAULTS = {
    "weights and codes": (
        lambda rows: first(first(first(rows, "weight", -1.0, 5), "urban", 3, 7), "internet", 4, 2),
        "a weight below 0 in 5 rows",
    ),
    "text": (
        lambda rows: first(rows.cast({"weight": pl.String}), "weight", "x", 2),
        "text or infinity in 2 rows",
    ),
    "infinity": (lambda rows: first(rows, "income", float("inf"), 400), "no number"),
    "units in two strata": (
        lambda rows: rows.with_columns(cluster=pl.col("cluster") % 7),
        "unit 0 in two strata",
    ),
    "one unit in a stratum": (
        lambda rows: rows.with_columns(stratum=LONELY),
        "single sampled unit (99)",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_told_as_the_kernel_tells_them(spark, tmp_path, fault):
    change, words = FAULTS[fault]
    change(pl.read_parquet("women.parquet")).write_parquet(tmp_path / "women.parquet")
    kernel, there = both(tmp_path / "women.parquet", DESIGN)
    assert words in kernel
    assert there == kernel


@pytest.mark.parametrize("place", ["two words [2020] {a}", "part*/[ab].parquet", "parts"])
def test_places_are_those_of_the_embedded_engine(spark, tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    parts = Path("parts" if "part" in place else place)
    parts.mkdir()
    WOMEN[:99].write_parquet(parts / "a.parquet")
    WOMEN[99:].write_parquet(parts / "b.parquet")
    with closing(ibis_source("pyspark", place)) as source:
        assert source.digest == open_microdata(parts).digest
        assert source.columns == open_microdata(parts).columns
        found = pl.concat(list(source.batches(WOMEN.columns, rows=500)))
    assert found.sort(pl.all()).equals(WOMEN.sort(pl.all()))


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("none.parquet", "there is no file none.parquet"),
        ("none", "there is no table none in the database"),
        ("census.none", r"Spark does not find census.none: \[SCHEMA_NOT_FOUND\]"),
        ("file:///none.parquet", r"Spark does not find none.parquet: \[PATH_NOT_FOUND\]"),
    ],
)
def test_what_does_not_exist(spark, place, words):
    with pytest.raises(NotFound, match=f"^{words}"):
        ibis_source("pyspark", place)


def test_what_spark_refuses_is_told_in_one_line(spark):
    with closing(ibis_source("pyspark", "women.parquet")) as source:
        spark.catalog.dropTempView(source.table.get_name())
        with pytest.raises(Unavailable, match=r"^the query failed in pyspark: [^\n]*$"):
            source.distinct("urban", most=9)
