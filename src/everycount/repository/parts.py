"""Parts of tables that memory holds, each with all rows of its keys, wherever these stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

ROWS = 250_000
"""Rows of a part, but for those of its last key: some 250 MB of observations, several times that
while rules are at work. A file whose rows are in no order is read once for each part."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Part:
    """Some keys, and how many rows have them in all tables together."""

    rows: int
    where: pl.Expr | None = None
    """What is true of its rows; None if it is all there is."""

    def of(self, table: pl.LazyFrame) -> pl.DataFrame:
        """Return its rows of a table, in their order."""
        return (table if self.where is None else table.filter(self.where)).collect()


def parts(
    tables: Sequence[pl.LazyFrame], by: Sequence[str], *, rows: int = ROWS
) -> tuple[Part, ...]:
    """Return the parts that tables fall into, so that rows with one key are in one part.

    Parameters
    ----------
    tables : sequence of LazyFrame
        Tables that have the columns of `by`.
    by : sequence of str
        The columns of the key. Where one is null, tables stay whole.
    rows : int, optional
        Rows after which a part ends with the key it has come to.

    Returns
    -------
    tuple of Part
        In the order of the keys; one part at least.

    Examples
    --------
    >>> table = pl.LazyFrame({"area": ["B", "A", "B", "C"]})
    >>> [part.of(table)["area"].to_list() for part in parts([table], ["area"], rows=2)]
    [['B', 'A', 'B'], ['C']]
    """
    names = list(by)
    keys = pl.concat([table.select(names) for table in tables]).group_by(names).agg(rows=pl.len())
    counted = keys.collect(engine="streaming").sort(names)
    total = int(counted["rows"].sum())
    if total <= rows or any(counted[name].has_nulls() for name in names):
        return (Part(rows=total),)
    before = pl.col("rows").cum_sum() - pl.col("rows")
    groups = counted.group_by(before // rows, maintain_order=True).agg(
        pl.struct(names).first().alias("first"),
        pl.struct(names).last().alias("last"),
        pl.col("rows").sum().alias("all"),
    )
    return tuple(
        Part(rows=group["all"], where=_between(group["first"], group["last"]))
        for group in groups.iter_rows(named=True)
    )


def _between(first: dict[str, object], last: dict[str, object]) -> pl.Expr:
    """Return whether the key of a row is one of those from a first to a last."""
    name = next(iter(first))
    # The statistics of a sorted Parquet file tell by this alone which groups of rows to skip.
    outer = pl.col(name).is_between(pl.lit(first[name]), pl.lit(last[name]))
    return (
        outer
        & pl.all_horizontal(_steps(first, is_low=True))
        & pl.all_horizontal(_steps(last, is_low=False))
    )


def _steps(bound: dict[str, object], *, is_low: bool) -> Iterator[pl.Expr]:
    """Yield what makes a key no smaller, or no larger, than a bound."""
    same = pl.lit(value=True)
    for name, value in bound.items():
        column = pl.col(name)
        yield ~same | (column >= pl.lit(value) if is_low else column <= pl.lit(value))
        same = same & (column == pl.lit(value))


def tell_nobody(_share: float) -> None:
    """Say how far a long computation is to nobody: what it does unless it is told whom."""
