"""The figures of a published version as the library's exporters take them."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import polars as pl
from django.utils import translation

from everycount.io.code_lists import code_lists
from everycount.io.exporters.catalogue import Distribution, Entry, entry_of
from everycount.io.exporters.outgoing import Outgoing, gathered
from everycount.model.codes import LISTED, Code, CodeList
from everycount.model.observation import AREA, INDICATOR, OBSERVATION
from everycount.model.origin import Origin
from everycount.model.structure import DataStructure
from everycount_hub.edition.nouns import PublishedDataset, PublishedVersion
from everycount_hub.edition.read import Edition
from everycount_hub.models.wording import wording
from everycount_hub.portal.citing import dataset_work, plain
from everycount_hub.queries.observed import contents, visible

BATCH = 50_000
"""Figures that are read at a time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Published:
    """The figures of a version, batch by batch: never all in memory."""

    table: pl.LazyFrame
    codes: Mapping[str, CodeList]
    origins: tuple[Origin, ...]
    notes: tuple[str, ...]
    structure: DataStructure = OBSERVATION

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the figures; an empty table first, as there may be none."""
        yield pl.DataFrame(schema=dict(OBSERVATION.schema))
        wanted = self.table.select(OBSERVATION.ids)
        yield from wanted.collect_batches(chunk_size=BATCH, engine="streaming")


def outgoing(
    edition: Edition, dataset: PublishedDataset, version: PublishedVersion
) -> AbstractContextManager[Outgoing]:
    """Return the figures of a version, for a ``with`` block in which they are written.

    Figures of third parties come with today's labels; what no appraisal lets in is left out, of
    older versions too.
    """
    source = Published(
        table=visible(replace(dataset, digest=version.digest)),
        codes=own_codes(edition, dataset),
        origins=(origin_of(edition, dataset, version),),
        notes=tuple(dataset.metadata.get("notes", ())),
    )
    title = wording(dataset.titles, "en")
    return gathered(source, prepared=_moment(version.released_at), title=title)


def origin_of(edition: Edition, dataset: PublishedDataset, version: PublishedVersion) -> Origin:
    """Return who made a dataset and on what terms, as it was published here."""
    work = dataset_work(edition, dataset, version=version)
    # A file is kept for all readers, so that it says the same whoever asked first.
    with translation.override("en"):
        citation = plain(work)
    return Origin(
        producer=work.authors[0],
        title=work.title,
        licence=dataset.licence,
        citation=citation,
        url=dataset.source_url or work.address,
        published=date.fromisoformat(version.released_at[:10]),
    )


def own_codes(edition: Edition, dataset: PublishedDataset) -> Mapping[str, CodeList]:
    """Return the names that codes of a dataset have beside the shipped lists."""
    names: dict[str, dict[str, Mapping[str, str]]] = {
        INDICATOR: {
            each.code: each.names
            for each in edition.indicators.values()
            if dataset.key in each.datasets
        },
        AREA: {each.code: each.names for each in edition.areas.values() if not each.iso3},
    }
    for component, codes in dataset.metadata.get("codes", {}).items():
        told = {code: said for code, said in codes.items() if said}
        names.setdefault(component, {}).update(told)
    lists = {each.id: each.codes for each in OBSERVATION.components if each.codes}
    return {
        component: CodeList(
            id=lists[component],
            codes=tuple(
                Code(id=code, name=dict(said))
                for code, said in sorted(codes.items())
                if said and LISTED.fullmatch(code)
            ),
        )
        for component, codes in names.items()
        if component in lists
    }


def entry_for(
    edition: Edition,
    dataset: PublishedDataset,
    *,
    address: str,
    distributions: tuple[Distribution, ...],
) -> Entry:
    """Return a dataset with figures as an entry of a catalogue, without reading its figures."""
    version = next(each for each in dataset.versions if each.number == dataset.number)
    counted = Outgoing(
        pieces=(),
        structure=OBSERVATION,
        found=contents(edition, dataset.key),
        codes=code_lists(OBSERVATION, own_codes(edition, dataset)),
        origins=(origin_of(edition, dataset, version),),
        notes=tuple(dataset.metadata.get("notes", ())),
        prepared=_moment(dataset.released_at),
        title=wording(dataset.titles, "en"),
    )
    return entry_of(counted, address=address, distributions=distributions)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
