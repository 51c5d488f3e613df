"""What is in the figures of a version: how many rows, which codes, and what came with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from everycount.errors import InputError, Problem
from everycount.language.areas import area_name
from everycount.model.codes import Code, CodeList
from everycount.model.observation import AREA, OBSERVATION
from everycount.model.origin import Origin
from everycount.model.structure import DataStructure
from everycount_hub import store
from everycount_hub.models import DatasetVersion
from everycount_hub.models.wording import wording
from everycount_hub.queries.datasets import narrowed

BATCH = 50_000
"""Figures that are read at a time."""
MOST = 1_000_000
"""Figures of one file that is handed over. Writing more would hold the server for minutes."""
REMEMBERED = 128
"""Versions whose codes are kept at hand; some kilobytes each. A digest never changes its file."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaving:
    """Figures of a version as exporters read them: batch by batch, once."""

    version: DatasetVersion
    table: pl.LazyFrame
    structure: DataStructure = OBSERVATION

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the figures; refuse more than one file may have."""
        yield pl.DataFrame(schema=dict(self.structure.schema))
        count = 0
        wanted = self.table.select(self.structure.ids)
        for batch in wanted.collect_batches(chunk_size=BATCH, engine="streaming"):
            count += batch.height
            if count > MOST:
                expected = f"{MOST:,} at most: narrow them by indicator or area"
                problem = Problem("figures", f"more than {MOST:,}", expected)
                raise InputError("the file", [problem])
            yield batch

    @property
    def codes(self) -> Mapping[str, CodeList]:
        """The code lists that came with the figures."""
        lists = {each.id: each.codes for each in self.structure.components if each.codes}
        return {
            component: CodeList(
                id=lists.get(component, component),
                codes=tuple(
                    Code(id=code, name=dict(name)) for code, name in sorted(names.items()) if name
                ),
            )
            for component, names in self.version.metadata.get("codes", {}).items()
        }

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Who produced the figures."""
        return tuple(Origin(**each) for each in self.version.metadata.get("origins", []))

    @property
    def notes(self) -> tuple[str, ...]:
        """What reading changed or left out."""
        return tuple(self.version.metadata.get("notes", []))


def count_of(version: DatasetVersion, where: Mapping[str, str]) -> int:
    """Return how many figures of a version have given codes.

    Raises
    ------
    NotFound
        If its file was removed.
    """
    count: int = narrowed(version, where).select(pl.len()).collect(engine="streaming").item()
    return count


def codes_in(
    version: DatasetVersion, names: Sequence[str], *, language: str
) -> dict[str, list[tuple[str, str]]]:
    """Return the codes of some columns that a version has figures of, each with its name."""
    said = version.metadata.get("codes", {})
    return {
        name: [(code, _name(name, code, said.get(name, {}), language)) for code in codes]
        for name, codes in _codes(version.digest, tuple(names)).items()
    }


@lru_cache(REMEMBERED)
def _codes(digest: str, names: tuple[str, ...]) -> dict[str, list[str]]:
    table = store.scan(digest)
    return {
        name: sorted(table.select(pl.col(name).unique()).collect()[name].drop_nulls())
        for name in names
    }


def _name(column: str, code: str, names: Mapping[str, Mapping[str, str]], language: str) -> str:
    """Return what a code is called, empty if nobody says so."""
    if column == AREA:
        called = area_name(code, language, names)
    else:
        called = wording(names[code], language) if names.get(code) else code
    return "" if called == code else called
