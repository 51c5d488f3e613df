"""What goes with published figures wherever they go: who made them, on what terms, how to cite."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings

from everycount.io.code_lists import code_lists
from everycount.model.codes import LISTED, Code, CodeList
from everycount.model.observation import AREA, INDICATOR, OBSERVATION
from everycount.model.origin import Origin
from everycount.model.structure import Component, DataStructure
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import DATASET, Edition, open_edition

AGENCY = OBSERVATION.agency
BY_DATASET = DataStructure(
    id="OBSERVATION_BY_DATASET",
    agency=AGENCY,
    version=OBSERVATION.version,
    name="Gender data observations of several datasets",
    source=OBSERVATION.source,
    components=(
        Component(id=DATASET, role="dimension", kind="code", name="Dataset", codes="CL_DATASET"),
        *OBSERVATION.components,
    ),
)
"""Two datasets may say different things of the same: with them together, which one is part of the
key."""


def dataset_code(key: str) -> str:
    """Return the key of a dataset as a code of SDMX, which has no place for a slash.

    Examples
    --------
    >>> dataset_code("viet-nam/seats")
    'seats@viet-nam'
    """
    workspace, _, slug = key.partition("/")
    return f"{slug}@{workspace}"


def title(dataset: PublishedDataset, language: str = "en") -> str:
    """Return the title of a dataset in a language, else in English, else in any."""
    return text(dataset.titles, language) or dataset.slug


def text(texts: Mapping[str, str], language: str = "en") -> str:
    """Return a text in a language, else in English, else in any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def producer(edition: Edition, dataset: PublishedDataset, language: str = "en") -> str:
    """Return who produced a dataset: the organisation, else the country or network."""
    workspace = edition.workspaces.get(dataset.workspace)
    own = text(dataset.producer, language)
    return own or (text(workspace.names, language) if workspace else "") or dataset.workspace


def address(dataset: PublishedDataset) -> str:
    """Return where the API describes a dataset."""
    return f"{settings.PUBLIC_URL}/api/v1/datasets/{dataset.key}"


def citation(edition: Edition, dataset: PublishedDataset) -> str:
    """Return how to cite a dataset: producer, title, version, date, where."""
    day = dataset.released_at[:10]
    return (
        f"{producer(edition, dataset)} ({day[:4]}). {title(dataset)}. Version {dataset.number}, "
        f"released {day}. {address(dataset)}"
    )


def of_edition(edition: Edition) -> str:
    """Return how to cite everything that is shown."""
    return f"Everycount, edition {edition.digest[:12]}. {settings.PUBLIC_URL}"


def licences(datasets: Iterable[PublishedDataset]) -> list[str]:
    """Return the terms of datasets, each once, in order."""
    return sorted({each.licence for each in datasets if each.licence})


def origins(edition: Edition, datasets: Iterable[PublishedDataset]) -> tuple[Origin, ...]:
    """Return the origin of each dataset as it was published here, with where it is from."""
    return tuple(
        Origin(
            producer=producer(edition, each),
            title=title(each),
            licence=each.licence,
            citation=citation(edition, each),
            url=each.source_url or address(each),
            published=date.fromisoformat(each.released_at[:10]),
        )
        for each in datasets
    )


def told(edition: Edition, dataset: PublishedDataset, language: str = "en") -> dict[str, Any]:
    """Return what stands beside figures of a dataset in every answer."""
    return {
        "dataset": dataset.key,
        "title": title(dataset, language),
        "producer": producer(edition, dataset, language),
        "version": dataset.number,
        "released": dataset.released_at,
        "licence": dataset.licence,
        "source_url": dataset.source_url,
        "citation": citation(edition, dataset),
        "labels": [
            {"code": each.code, "indicators": list(each.indicators),
             "conditions": each.conditions, "expires": each.expires}
            for each in dataset.labels
        ],
    }  # fmt: skip


def own_codes(
    edition: Edition, datasets: Sequence[PublishedDataset], structure: DataStructure = OBSERVATION
) -> Mapping[str, CodeList]:
    """Return the code lists that go with figures of datasets: shipped ones and their own."""
    return _own_codes(edition.digest, tuple(each.key for each in datasets), structure.id)


@lru_cache(64)
def _own_codes(digest: str, keys: tuple[str, ...], structure: str) -> Mapping[str, CodeList]:
    edition = open_edition(digest)
    datasets = [edition.datasets[key] for key in keys]
    names: dict[str, dict[str, Mapping[str, str]]] = {
        INDICATOR: {
            each.code: each.names
            for each in edition.indicators.values()
            if set(each.datasets) & set(keys)
        },
        AREA: {each.code: each.names for each in edition.areas.values() if not each.iso3},
        DATASET: {dataset_code(each.key): each.titles for each in datasets},
    }
    for dataset in datasets:
        for component, codes in dataset.metadata.get("codes", {}).items():
            names.setdefault(component, {}).update(
                {code: said for code, said in codes.items() if said}
            )
    wanted = BY_DATASET if structure == BY_DATASET.id else OBSERVATION
    lists = {c.id: c.codes for c in wanted.components if c.codes}
    return {
        component: _list(lists[component], codes)
        for component, codes in names.items()
        if component in lists
    }


def _list(id: str, names: Mapping[str, Mapping[str, str]]) -> CodeList:
    """Return names as a code list. What is no code of SDMX cannot be in one."""
    codes = (Code(id=code, name=dict(n)) for code, n in sorted(names.items()) if n)
    return CodeList(id=id, codes=tuple(each for each in codes if LISTED.fullmatch(each.id)))


def all_codes(
    edition: Edition, datasets: Sequence[PublishedDataset], structure: DataStructure
) -> Mapping[str, CodeList]:
    """Return the code list of each component that has one, as exporters have it."""
    return code_lists(structure, own_codes(edition, datasets, structure))
