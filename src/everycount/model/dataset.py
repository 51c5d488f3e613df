"""Tables of observations, what they must contain and where they came from."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What one column may hold. `codes` is empty when any value will do."""

    name: str
    type: type[str] | type[int] | type[float]
    required: bool = True
    """A value must stand in every row."""
    codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """The columns of a table; `key` names those that identify a row."""

    columns: tuple[Column, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who produced some data, under what licence, and where they were read."""

    producer: str
    title: str
    licence: str
    date: str = ""
    citation: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """Rows that are known to fit `structure`. Treat `table` as read-only."""

    table: pl.DataFrame
    structure: Structure
    origins: tuple[Origin, ...] = ()
