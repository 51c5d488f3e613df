"""Results of Ibis queries as tables, whole or some rows at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import polars as pl

from everycount.errors import Unavailable

Expr = Any
"""An Ibis expression: Ibis is an optional part and has no types of its own here."""


def fetched(expression: Expr) -> pl.DataFrame:
    """Return the whole result of a query.

    Raises
    ------
    Unavailable
        If the database refuses it, cannot do it, or is gone.
    """
    with _answers(expression):
        found = pl.from_arrow(expression.to_pyarrow())
    assert isinstance(found, pl.DataFrame)
    return found


def streamed(expression: Expr, *, rows: int) -> Iterator[pl.DataFrame]:
    """Yield the result of a query, at most `rows` at a time; no table is empty.

    Only DuckDB and some databases hand over a result bit by bit; Spark, as Ibis asks it, sends all
    of it first.

    Raises
    ------
    Unavailable
        If the database refuses it, cannot do it, or is gone.
    """
    with _answers(expression):
        schema = expression.schema().to_pyarrow()
        for batch in _batches(expression, rows):
            found = pl.from_arrow(batch.cast(schema))
            assert isinstance(found, pl.DataFrame)
            for start in range(0, found.height, rows):
                yield found.slice(start, rows)


def _batches(expression: Expr, rows: int) -> Any:
    """Return the batches of a result."""
    backend = expression.get_backend()
    if backend.name != "duckdb":
        return expression.to_pyarrow_batches(chunk_size=rows)
    import pyarrow as pa  # noqa: PLC0415  # comes with Ibis

    # Ibis 12.0 asks for batches by a method that DuckDB 2.0 has no longer; both know this protocol.
    return pa.RecordBatchReader.from_stream(backend.con.sql(backend.compile(expression)))


@contextmanager
def _answers(expression: Expr) -> Iterator[None]:
    """Turn what a database or Ibis refuses into one error in words."""
    try:
        yield
    except Exception as error:  # every database has classes of its own
        name = expression.get_backend().name
        raise Unavailable(f"the query failed in {name}: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    r"""Return what an error says, in one line.

    Examples
    --------
    >>> first_line(ValueError("no such column\nLINE 1: SELECT")), first_line(OSError())
    ('no such column', 'OSError')
    """
    return (str(error).strip() or type(error).__name__).splitlines()[0]
