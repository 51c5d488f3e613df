"""What the columns of a table must hold; and a dataset: observations with their origins."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from everycount.model.codes import CodeList
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin
from everycount.model.structure import DataStructure


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """Observations that are known to fit `structure`. Treat `table` as read-only.

    `table` has every component of the structure as a column, in its order and type. Missing
    values are null; breakdowns that do not apply hold ``_T``.
    """

    table: pl.DataFrame
    structure: DataStructure = OBSERVATION
    codes: Mapping[str, CodeList] = field(default_factory=dict)
    """Code lists that came with the data, by component: labels of a source's own codes."""
    origins: tuple[Origin, ...] = ()
    notes: tuple[str, ...] = ()
    """What reading changed or left out, in words with counts."""

    def __post_init__(self) -> None:
        """Refuse a table of another shape: that would be our own mistake."""
        wanted = self.structure.schema
        if self.table.columns != list(wanted) or dict(self.table.schema) != dict(wanted):
            raise ValueError(
                f"a table of {self.structure.id} has {dict(self.structure.schema)}, "
                f"not {dict(self.table.schema)}"
            )
