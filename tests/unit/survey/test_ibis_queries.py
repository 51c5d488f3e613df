from dataclasses import dataclass, field

import ibis
import polars as pl
import pyarrow as pa
import pytest

from everycount.errors import Unavailable
from everycount.survey.ibis_queries import fetched, streamed

# What DuckDB 2.0 says of the method by which Ibis 12.0 asks for the columns of a table.
pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
TEN = pl.DataFrame({"a": range(10), "b": [each / 4 for each in range(10)]})


@pytest.fixture
def table(tmp_path):
    TEN.write_parquet(tmp_path / "ten.parquet")
    connection = ibis.duckdb.connect()
    yield connection.read_parquet(tmp_path / "ten.parquet")
    connection.disconnect()


def test_a_result_is_fetched(table):
    found = fetched(table.select("a", c=table["b"] * 2).order_by("a"))
    assert found.equals(TEN.select("a", c=pl.col("b") * 2))


@pytest.mark.parametrize("rows", [1, 3, 10, 11])
def test_a_result_comes_in_batches(table, rows):
    batches = list(streamed(table.order_by("a"), rows=rows))
    assert pl.concat(batches).equals(TEN)
    assert {len(batch) for batch in batches[:-1]} <= {rows}
    assert len(batches[-1]) == 10 - rows * (len(batches) - 1)


def test_types_are_those_that_ibis_expects(table):
    # DuckDB sums whole numbers to 128 bits, which would come as decimal numbers.
    (found,) = streamed(table.aggregate(sum=table["a"].sum()), rows=5)
    assert found.equals(pl.DataFrame({"sum": [45]}))


def test_nothing_gives_no_batch(table):
    assert list(streamed(table.filter(table["a"] > 99), rows=5)) == []


@pytest.mark.parametrize("ask", [fetched, lambda expression: list(streamed(expression, rows=5))])
def test_what_a_database_refuses_is_told_in_one_line(table, ask):
    wrong = table.select(c=(table["a"].cast("string") + "x").cast("int64"))
    with pytest.raises(
        Unavailable, match=r"^the query failed in duckdb: Conversion Error: [^\n]*$"
    ):
        ask(wrong)


@dataclass
class OtherDatabase:
    """An expression of a database that hands over batches as Ibis asks for them."""

    asked: list[int] = field(default_factory=list)
    name: str = "other"

    def get_backend(self):
        return self

    def schema(self):
        return ibis.schema({"a": "int64", "b": "float64"})

    def to_pyarrow_batches(self, *, chunk_size):
        self.asked.append(chunk_size)
        yield from pa.Table.from_pydict(TEN.to_dict(as_series=False)).to_batches(4)


def test_other_databases_are_asked_through_ibis():
    database = OtherDatabase()
    batches = list(streamed(database, rows=3))
    assert database.asked == [3]
    assert [len(batch) for batch in batches] == [3, 1, 3, 1, 2]
    assert pl.concat(batches).equals(TEN)
