"""The structure of a table of observations: dimensions, measure, attributes (an SDMX DSD)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import polars as pl

Role = Literal["dimension", "time", "measure", "attribute"]
Kind = Literal["code", "text", "number", "integer"]
TYPES: Mapping[Kind, type[pl.DataType]] = {
    "code": pl.String,
    "text": pl.String,
    "number": pl.Float64,
    "integer": pl.Int64,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One column of a table of observations."""

    id: str
    """Concept as SDMX names it, such as REF_AREA."""
    role: Role
    kind: Kind
    name: str
    """What people call it, in English."""
    codes: str = ""
    """Code list of its values; empty where there is none."""
    default: str = ""
    """Code that an empty cell or an absent column stands for, such as ``_T``."""
    is_global: bool = True
    """Whether the global SDG structure has it too."""


@dataclass(frozen=True, kw_only=True)
class DataStructure:
    """Components in the order in which they are written; dimensions and time are the key."""

    id: str
    agency: str
    version: str
    name: str
    components: tuple[Component, ...]
    source: str = field(default="")

    @cached_property
    def by_id(self) -> Mapping[str, Component]:
        """The components by their concept."""
        return {component.id: component for component in self.components}

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """All columns in order."""
        return tuple(self.by_id)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions in order, without the period."""
        return tuple(c.id for c in self.components if c.role == "dimension")

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The columns that identify an observation."""
        return tuple(c.id for c in self.components if c.role in {"dimension", "time"})

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """The attributes in order."""
        return tuple(c.id for c in self.components if c.role == "attribute")

    @cached_property
    def schema(self) -> Mapping[str, type[pl.DataType]]:
        """The type of each column."""
        return {component.id: TYPES[component.kind] for component in self.components}

    @property
    def urn(self) -> str:
        """The name of this version in SDMX registries."""
        return (
            "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure="
            f"{self.agency}:{self.id}({self.version})"
        )
