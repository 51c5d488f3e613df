"""An edition as pages, API and export read it."""

import json
from collections.abc import Collection, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from everycount.errors import NotFound
from everycount.model.framework import Framework
from everycount.model.observation import AREA, INDICATOR, OBSERVATION
from everycount_hub import store
from everycount_hub.contents.archive import unpack
from everycount_hub.edition import write
from everycount_hub.edition.catalogue import m49_by_iso3
from everycount_hub.edition.nouns import (
    AreaEntry,
    IndicatorEntry,
    PublishedDataset,
    PublishedRelease,
    PublishedWorkspace,
    ReleaseLine,
)

DATASET, LABEL = "DATASET", "APPRAISAL"
"""The column that names the dataset of a figure, and the one with the label of its appraisal."""
KEPT = 4
"""Editions that are kept open: the one shown, and those that slow readers still page through."""
BUNDLES = 32
"""Bundles that are kept unpacked; an index has some 300 kB."""


class Edition:
    """One edition, opened. Everything is read when it is first asked for, then kept."""

    def __init__(self, digest: str) -> None:
        self.digest = digest
        self.folder: Path = write.folder_of(digest)
        if not self.folder.is_dir():
            raise NotFound(f"there is no edition {digest[:12]}")

    @cached_property
    def inputs(self) -> Mapping[str, Any]:
        """What the edition was made from."""
        inputs: Mapping[str, Any] = self._json(write.INPUTS)
        return inputs

    @cached_property
    def workspaces(self) -> Mapping[str, PublishedWorkspace]:
        """The countries and networks, by short name."""
        made = [
            PublishedWorkspace(**{**each, "languages": tuple(each["languages"])})
            for each in self.inputs["workspaces"]
        ]
        return {each.slug: each for each in made}

    @cached_property
    def datasets(self) -> Mapping[str, PublishedDataset]:
        """The datasets, by workspace and short name: ``viet-nam/seats``."""
        return {each.key: each for each in write.datasets_in(self.inputs)}

    @cached_property
    def releases(self) -> tuple[PublishedRelease, ...]:
        """The releases, newest first."""
        return tuple(
            PublishedRelease(**{**each, "lines": tuple(ReleaseLine(**a) for a in each["lines"])})
            for each in self.inputs["releases"]
        )

    @cached_property
    def indicators(self) -> Mapping[str, IndicatorEntry]:
        """The indicators, by their place in addresses."""
        lists = ("datasets", "areas", "units", "breakdowns")
        made = [
            IndicatorEntry(**{**each, **{name: tuple(each[name]) for name in lists}})
            for each in self._json(write.INDICATORS)
        ]
        return {each.slug: each for each in made}

    @cached_property
    def areas(self) -> Mapping[str, AreaEntry]:
        """The areas, by their place in addresses."""
        made = [
            AreaEntry(**{**each, "parents": tuple(each["parents"])})
            for each in self._json(write.AREAS)
        ]
        return {each.slug: each for each in made}

    @cached_property
    def area_by_code(self) -> Mapping[str, AreaEntry]:
        """The areas, by their code."""
        return {each.code: each for each in self.areas.values()}

    @cached_property
    def indicator_by_key(self) -> Mapping[tuple[str, str], IndicatorEntry]:
        """The indicators, by indicator set and code."""
        return {(each.framework, each.code): each for each in self.indicators.values()}

    @cached_property
    def frameworks(self) -> Mapping[str, Framework]:
        """The indicator sets in use, by ID@VERSION."""
        return write.frameworks_of(self.datasets.values())

    def of_content(self, content: str) -> tuple[PublishedDataset, ...]:
        """Return what is published of a content and not withdrawn."""
        return tuple(
            each for each in self.datasets.values() if each.content == content and each.digest
        )

    def bundle(self, dataset: PublishedDataset) -> Mapping[str, bytes]:
        """Return the files of a dataset that holds no figures."""
        return _bundle(dataset.digest)

    def figures(
        self,
        entry: IndicatorEntry,
        *,
        areas: Collection[str] | None = None,
        where: Mapping[str, str | Sequence[str]] | None = None,
    ) -> pl.DataFrame:
        """Return the figures of an indicator, each with its dataset and label.

        Parameters
        ----------
        entry : IndicatorEntry
            The indicator.
        areas : collection of str, optional
            Codes of areas; all if left out.
        where : mapping, optional
            Per dimension the code, or the codes, a figure may have.

        Returns
        -------
        DataFrame
            The columns of an observation, and `DATASET`: the key of the dataset. Datasets come in
            the order of the entry.
        """
        wanted: dict[str, str | Sequence[str]] = {INDICATOR: entry.code, **(where or {})}
        if areas is not None:
            wanted[AREA] = sorted({*areas, *(_iso3()[each] for each in areas if each in _iso3())})
        parts = [self._slice(self.datasets[key], entry.code, wanted) for key in entry.datasets]
        if not parts:
            return pl.DataFrame(schema={**OBSERVATION.schema, DATASET: pl.String})
        return pl.concat(parts)

    def _slice(
        self, dataset: PublishedDataset, code: str, where: Mapping[str, str | Sequence[str]]
    ) -> pl.DataFrame:
        table = store.read_slice(dataset.digest, where)
        label = dataset.label_of(code)
        if label is not None:
            table = table.with_columns(pl.lit(label.code).alias(LABEL))
        return table.select(*OBSERVATION.ids, pl.lit(dataset.key).alias(DATASET)).with_columns(
            pl.col(AREA).replace(m49_by_iso3())
        )

    def _json(self, name: str) -> Any:
        return json.loads((self.folder / name).read_bytes())


@cache
def _iso3() -> Mapping[str, str]:
    """Return the ISO code of each country by the UN's number."""
    return {number: letters for letters, number in m49_by_iso3().items()}


@lru_cache(KEPT)
def open_edition(digest: str) -> Edition:
    """Return an edition; the same object as long as it is among those last asked for.

    Raises
    ------
    NotFound
        If there is no such edition.
    """
    return Edition(digest)


@lru_cache(BUNDLES)
def _bundle(digest: str) -> Mapping[str, bytes]:
    return unpack(store.bundle_path(digest))
