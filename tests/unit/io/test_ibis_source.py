import gzip
import os
import re
import sys
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import duckdb
import ibis
import polars as pl
import pytest

from everycount.errors import InputError, NotFound, Unavailable
from everycount.io import ibis_source as module
from everycount.io.duckdb_files import connect_duckdb
from everycount.io.ibis_source import ibis_source
from everycount.io.microdata import open_microdata
from everycount.io.spark import DESCRIBED, LOCAL, LOGGING, connect_spark
from everycount.model.design import Characteristic, SurveyDesign
from everycount.model.microdata import Column, KnowsValues
from everycount.survey.plan import resolve
from everycount.survey.simulate import simulate

# What DuckDB 2.0 says of the method by which Ibis 12.0 asks for the columns of a table.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")

SURVEY = simulate(clusters=20, seed=1)
ODD_CSV = '\ufeff"a b";c;;d\r\n1;"x;""y";;004\r\n;NA;"";5\r\n"6";"a line\nbroken";q;-7\r\n'.encode()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    SURVEY.write_parquet("women.parquet")
    Path("parts").mkdir()
    SURVEY[:99].write_parquet("parts/a.parquet")
    SURVEY[99:].write_parquet("parts/b.parquet")
    SURVEY.write_csv("women.csv")
    Path("women.csv.gz").write_bytes(gzip.compress(Path("women.csv").read_bytes()))
    Path("odd.csv").write_bytes(ODD_CSV)
    Path("mac.csv").write_bytes(b"a,b\r1,2\r3,4\r")
    return tmp_path


@pytest.fixture
def database(folder):
    """A DuckDB file with a table in the main schema and others."""
    with duckdb.connect("census.duckdb") as connection:
        connection.execute("CREATE TABLE women AS SELECT * FROM 'women.parquet'")
        connection.execute("CREATE SCHEMA other")
        connection.execute("CREATE TABLE other.none AS SELECT * FROM women LIMIT 0")
        connection.execute(
            "CREATE TABLE other.kinds AS SELECT true AS truth, 1.5::DECIMAL(5, 2) AS decimal, "
            "DATE '2020-01-02' AS day, 'nan'::DOUBLE AS number, '' AS word, 2::UTINYINT AS small "
            "UNION ALL SELECT null, null, null, null, null, null"
        )
    return "census.duckdb"


def rows_of(source):
    return pl.concat(list(source.batches(list(source.columns), rows=500)))


@pytest.mark.parametrize(
    "place", ["women.parquet", "parts", "women.csv", "women.csv.gz", "odd.csv", "mac.csv"]
)
def test_files_are_what_they_are_to_the_embedded_engine(folder, place):
    file = open_microdata(place)
    with closing(ibis_source("duckdb", Path(place))) as source:
        assert (source.name, source.rows, source.digest) == (file.name, file.rows, file.digest)
        assert source.columns == file.columns
        found = rows_of(source)
        expected = pl.concat(list(file.batches(list(file.columns))))
        assert found.sort(pl.all()).equals(expected.sort(pl.all()))
        assert source.engine == {
            "version": ibis.__version__, "backend": "duckdb", "backend_version": duckdb.__version__
        }  # fmt: skip


def test_several_files_by_a_pattern(folder):
    with closing(ibis_source("duckdb", "part*/[ab].parquet")) as source:
        assert (source.name, source.rows) == ("part*/[ab].parquet", len(SURVEY))
        assert source.digest == open_microdata("parts").digest
        assert rows_of(source).sort(pl.all()).equals(SURVEY.sort(pl.all()))


def test_parts_may_differ_in_the_types_of_numbers(folder):
    pl.DataFrame({"a": [1, 2]}).write_parquet("parts/a.parquet")
    pl.DataFrame({"a": [2.5]}).write_parquet("parts/b.parquet")
    with closing(ibis_source("duckdb", "parts")) as source:
        assert sorted(rows_of(source)["a"]) == [1.0, 2.0, 2.5]


def test_a_folder_of_a_partition_adds_no_column(folder):
    Path("year=2023").mkdir()
    SURVEY.write_parquet("year=2023/women.parquet")
    with closing(ibis_source("duckdb", "year=2023/women.parquet")) as source:
        assert list(source.columns) == SURVEY.columns


def test_nan_is_null_although_statistics_of_parquet_leave_it_out(folder):
    pl.DataFrame({"a": [1.0, float("nan"), 3.0]}).write_parquet("nan.parquet")
    with closing(ibis_source("duckdb", "nan.parquet")) as source:
        assert rows_of(source)["a"].to_list() == [1.0, None, 3.0]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("none.parquet", "there is no file none.parquet"),
        ("none*.parquet", r"there is no file none\*.parquet"),
        ("none.duckdb::women", "there is no file none.duckdb"),
        ("census.duckdb::men", "there is no table men in the database"),
        ("census.duckdb::other.men", "there is no table other.men in the database"),
    ],
)
def test_what_does_not_exist(database, place, words):
    with pytest.raises(NotFound, match=f"^{words}$"):
        ibis_source("duckdb", place)


def test_other_formats_are_refused(folder):
    Path("women.sav").write_bytes(b"$FL2@(#) SPSS DATA FILE" + bytes(200))
    with pytest.raises(InputError, match=r"women\.sav"):
        ibis_source("duckdb", "women.sav")
    Path("book.xlsx").write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(InputError, match="found an Excel workbook"):
        ibis_source("duckdb", "book.xlsx")


def test_a_stata_file_is_left_to_the_embedded_engine(folder):
    import pyreadstat

    pyreadstat.write_dta(SURVEY.select("age"), "women.dta")
    with pytest.raises(InputError, match="found a Stata or SPSS file, expected Parquet or CSV"):
        ibis_source("duckdb", "women.dta")


def test_a_table_of_a_database(database):
    with closing(ibis_source("duckdb", f"{database}::women")) as source:
        assert (source.name, source.rows, source.digest) == ("women", len(SURVEY), None)
        assert rows_of(source).sort(pl.all()).equals(SURVEY.sort(pl.all()))


def test_kinds_of_columns(database):
    with closing(ibis_source("duckdb", f"{database}::other.kinds")) as source:
        assert {name: column.kind for name, column in source.columns.items()} == {
            "truth": "number", "decimal": "number", "day": "other", "number": "number",
            "word": "text", "small": "number",
        }  # fmt: skip
        assert rows_of(source).row(0) == (1, 1.5, "2020-01-02", None, None, 2)
        (few,) = source.batches(["small", "truth", "small"])
        assert few.columns == ["small", "truth"]


def test_no_rows_are_refused_and_the_connection_is_closed(database):
    with pytest.raises(InputError, match="found no rows, expected at least one"):
        ibis_source("duckdb", f"{database}::other.none")
    duckdb.connect(database).close()  # it would be refused, were it still open to be read


@pytest.mark.parametrize("place", ["women", "::women", "census.main.women"])
def test_a_database_by_its_url(database, place):
    with closing(ibis_source(f"duckdb://{database}", place)) as source:
        assert (source.rows, source.engine["backend"]) == (len(SURVEY), "duckdb")


@pytest.mark.parametrize(
    ("backend", "place", "error", "words"),
    [
        ("access", "women", NotFound, "no backend access: expected duckdb, pyspark, or a URL"),
        ("access://x", "women", NotFound, "Ibis knows no backend access, as in access://x"),
        ("duckdb://census.duckdb", "a.b.c.women", Unavailable, "a.b.c.women: Only database"),
        ("duckdb://no/such/folder/x", "women", NotFound, "no file no/such/folder/x"),
        ("duckdb://no file.db?threads=2", "women", NotFound, r"no file no file\.db"),
        ("duckdb://no%20file.db", "women", NotFound, r"no file no file\.db"),
        ("sqlite://nofile.db", "women", NotFound, r"no file nofile\.db"),
        ("duckdb://", "women", NotFound, "no table women"),
        ("duckdb://:memory:", "women", NotFound, "no table women"),
    ],
)
def test_databases_that_do_not_answer(database, backend, place, error, words):
    before = set(Path().iterdir())
    with pytest.raises(error, match=words):
        ibis_source(backend, place)
    assert set(Path().iterdir()) == before


def test_passwords_are_not_told(monkeypatch):
    def connect(url):
        raise ImportError("no module psycopg")

    monkeypatch.setattr(module, "_library", lambda: fake_ibis(connect=connect))
    with pytest.raises(Unavailable) as caught:
        ibis_source("postgresql://ana:secret@db.example/census?sslpassword=secret", "women")
    assert str(caught.value) == (
        "postgresql://db.example/census needs a driver that is not installed: "
        "install ibis-framework[postgres]"
    )


def fake_ibis(**parts):
    return SimpleNamespace(common=ibis.common, __version__="0", **parts)


def test_distinct_values_are_asked_of_the_database(folder):
    rows = pl.DataFrame({"a": [1, 2, 2, None, 9] * 5, "b": ["x", "", None, "y", "x"] * 5})
    rows.write_parquet("codes.parquet")
    design = SurveyDesign(
        characteristics=(Characteristic(name="a", missing=(9,)), Characteristic(name="b"))
    )
    with closing(ibis_source("duckdb", "codes.parquet")) as source:
        assert isinstance(source, KnowsValues)
        assert sorted(source.distinct("a", most=9).drop_nulls()) == [1, 2, 9]
        assert len(source.distinct("a", most=2)) == 2
        plan = resolve(design, source)
        assert [[each.code for each in coding.levels] for coding in plan.codings] == [
            ["1", "2"],
            ["x", "y"],
        ]


def test_columns_of_csv_without_a_name_are_left_out(folder):
    with closing(ibis_source("duckdb", "odd.csv")) as source:
        assert source.columns == {
            each: Column(name=each, kind="text") for each in ("a b", "c", "d")
        }


# ---------------------------------------------------------------- what is not installed


def test_without_ibis(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "ibis", None)
    with pytest.raises(Unavailable, match=r"install everycount\[ibis\], or everycount\[spark\]"):
        ibis_source("duckdb", "women.parquet")


class Lacking:
    """Ibis with a backend whose library is not installed."""

    def __getattr__(self, name):
        raise ImportError(name)


def test_without_duckdb():
    with pytest.raises(Unavailable, match=r"DuckDB is not part of .* install everycount\[ibis\]"):
        connect_duckdb(Lacking())


# ---------------------------------------------------------------- Spark, in place of which stand
# fakes here; tests/spark does the same with Spark itself


class FakeSession:
    """Stands for a Spark session: how it was configured, and whether it still runs."""

    active = None

    def __init__(self, options):
        self.options = options
        self.is_running = True

    def stop(self):
        self.is_running = False

    @classmethod
    def getActiveSession(cls):
        return cls.active


class FakeBuilder:
    def __init__(self):
        self.options = {}

    def appName(self, name):
        self.options["name"] = name
        return self

    def config(self, name, value):
        self.options[name] = value
        return self

    def getOrCreate(self):
        if "broken" in os.environ.get("SPARK_REMOTE", os.environ.get("JAVA_HOME", "")):
            raise RuntimeError("[JAVA_GATEWAY_EXITED] Java gateway process exited\nand more")
        return FakeSession(self.options)


class FakeSpark:
    """Stands for Ibis' backend; the tables are DuckDB's."""

    def __init__(self):
        self.read = []

    def connect(self, session):
        self.session = session
        self.tables = ibis.duckdb.connect()
        return self

    def read_parquet(self, path):
        self.read.append(path)
        return self.tables.read_parquet(re.sub(r"\\(.)", r"\1", path.removeprefix("file://")))

    def table(self, name, *, database):
        if name == "none":
            raise RuntimeError("[SCHEMA_NOT_FOUND] The schema `census` cannot be found.\nand more")
        assert (name, database) == ("women", ("census",))
        return self.tables.read_parquet("women.parquet")


@pytest.fixture
def spark(monkeypatch):
    """Ibis with a fake of Spark, nothing of it in the environment."""
    for name in (*DESCRIBED, "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)
    session = type("Session", (FakeSession,), {"builder": FakeBuilder()})
    monkeypatch.setitem(sys.modules, "pyspark.sql", SimpleNamespace(SparkSession=session))
    monkeypatch.setattr("shutil.which", lambda name, path=None: f"{path or '/usr/bin'}/{name}")
    backend = FakeSpark()
    monkeypatch.setattr(module, "_library", lambda: fake_ibis(pyspark=backend))
    return backend


@pytest.mark.parametrize("place", ["women.parquet", "parts", "parts/*.parquet"])
def test_spark_reads_files_of_this_computer(folder, spark, place):
    source = ibis_source("pyspark", place)
    assert spark.read == [f"file://{Path(place).absolute()}"]
    assert (source.rows, source.name) == (len(SURVEY), place)
    assert source.digest == open_microdata("women.parquet" if "w" in place else "parts").digest
    assert spark.session.options.items() >= LOCAL.items()
    source.close()
    assert not spark.session.is_running


def test_spark_finds_files_whose_names_look_like_patterns(folder, spark):
    Path("two words [1] {a}").mkdir()
    SURVEY.write_parquet("two words [1] {a}/women.parquet")
    for place in ("two words [1] {a}/women.parquet", "two*{a}/*.parquet"):
        assert ibis_source("pyspark", place).rows == len(SURVEY)
    assert spark.read == [
        f"file://{folder}/two words \\[1\\] \\{{a\\}}/women.parquet",
        f"file://{folder}/two*\\{{a\\}}/*.parquet",
    ]


@pytest.mark.parametrize("place", ["none.parquet", "none/women", "NONE.CSV", "none*"])
def test_spark_is_not_started_for_files_that_do_not_exist(folder, spark, place):
    with pytest.raises(NotFound, match=f"^there is no file {re.escape(place)}$"):
        ibis_source("pyspark", place)
    assert not hasattr(spark, "session")


def test_spark_says_what_it_does_not_find(folder, spark):
    with pytest.raises(NotFound, match=r"^Spark does not find census.none: \[SCHEMA_[^\n]*$"):
        ibis_source("pyspark", "census.none")
    assert not spark.session.is_running


def test_spark_reads_tables_and_urls(folder, spark):
    source = ibis_source("pyspark", "census.women")
    assert (source.name, source.rows, source.digest) == ("census.women", len(SURVEY), None)
    source = ibis_source("pyspark", f"file://{folder}/women.parquet")
    assert (source.name, source.rows, source.digest) == ("women.parquet", len(SURVEY), None)


def test_spark_is_not_given_csv(folder, spark):
    with pytest.raises(InputError, match="found no Parquet file, expected Parquet, for Spark"):
        ibis_source("pyspark", "women.csv")


def test_a_session_that_is_there_is_used_and_left(folder, spark, monkeypatch):
    own = FakeSession({})
    monkeypatch.setattr(FakeSession, "active", own)
    source = ibis_source("pyspark", "women.parquet")
    source.close()
    assert spark.session is own
    assert own.is_running


def test_a_session_that_the_environment_describes_is_not_configured(folder, spark, monkeypatch):
    monkeypatch.setenv("SPARK_REMOTE", "sc://cluster.example")
    monkeypatch.setattr("shutil.which", lambda name, path=None: None)
    ibis_source("pyspark", "women.parquet")
    assert spark.session.options == {"name": "everycount"}


@pytest.mark.parametrize(
    ("variable", "place", "words"),
    [
        ("SPARK_REMOTE", "sc://broken.example", "Spark"),
        ("JAVA_HOME", "/opt/broken", "Spark, which needs Java 17 or later"),
    ],
)
def test_spark_that_does_not_start(folder, spark, monkeypatch, variable, place, words):
    monkeypatch.setenv(variable, place)
    with pytest.raises(Unavailable, match=rf"^{words}: \[JAVA_GATEWAY_EXITED\] [^\n]*$"):
        ibis_source("pyspark", "women.parquet")


def test_spark_is_told_where_its_settings_for_logging_are():
    option = LOCAL["spark.driver.extraJavaOptions"]
    assert option.removeprefix("-Dlog4j2.configurationFile=") == LOGGING.as_uri()
    assert "rootLogger.level = off" in LOGGING.read_text(encoding="utf-8")


def test_without_java(folder, spark, monkeypatch):
    looked = []
    monkeypatch.setattr("shutil.which", lambda name, path=None: looked.append(path))
    monkeypatch.setenv("JAVA_HOME", "/opt/java")
    with pytest.raises(Unavailable, match="Spark needs Java 17 or later"):
        ibis_source("pyspark", "women.parquet")
    assert looked == [str(Path("/opt/java/bin"))]


def test_without_pyspark(spark, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(Unavailable, match=r"install everycount\[spark\]"):
        connect_spark(fake_ibis(), lambda name: None)
