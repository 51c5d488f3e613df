"""What the columns of a table must hold."""

from dataclasses import dataclass


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
