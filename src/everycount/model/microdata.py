"""Microdata: what a file of rows about people says of its columns, and how its rows are had."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

import polars as pl

from everycount.model.conditions import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a file says of one of its columns.

    Examples
    --------
    >>> sex = Column(name="sex", kind="number", labels={"1": "Men", "2": "Women"})
    >>> sex.labels["2"]
    'Women'
    """

    name: str
    kind: Literal["number", "text", "other", "nested"]
    """Numbers, text, lists or records, or something else, such as dates."""
    label: str = ""
    """The column in words, where the file has them."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Words of a code, by the code as text (`everycount.model.conditions.code_text`)."""
    missing: tuple[Code, ...] = ()
    """Codes that the file declares to mean not known."""
    missing_ranges: tuple[tuple[float, float], ...] = ()
    """Ranges of numbers, ends included, that the file declares to mean not known."""


class Microdata(Protocol):
    """A file of microdata that is read column by column, some rows at a time."""

    @property
    def name(self) -> str:
        """What messages call the file."""

    @property
    def rows(self) -> int:
        """Number of rows."""

    @property
    def columns(self) -> Mapping[str, Column]:
        """The columns by name, in the order of the file."""

    def batches(self, columns: Sequence[str], *, rows: int = 250_000) -> Iterator[pl.DataFrame]:
        """Yield the rows in the order of the file, with these columns only.

        Cells are as the file has them: codes that mean not known still stand, and an empty cell
        is null.
        """


@runtime_checkable
class KnowsValues(Protocol):
    """Microdata that can tell the values of a column without handing out the rows."""

    def distinct(self, column: str, *, most: int) -> pl.Series:
        """Return each value of a column once, in any order, but at most so many of them."""
