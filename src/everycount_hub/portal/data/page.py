"""The page of a dataset."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from everycount.io.exporters.catalogue import licence_url
from everycount.io.exporters.schema_org import schema_org
from everycount.io.exporters.triples import embeddable
from everycount.language.language import Language
from everycount.model.observation import OBSERVATION
from everycount_hub.edition.nouns import IndicatorEntry, PublishedDataset, PublishedVersion
from everycount_hub.edition.read import Edition
from everycount_hub.portal.citing import bibtex, dataset_work, plain, producer, ris
from everycount_hub.portal.data.files import distributions, files_of
from everycount_hub.portal.data.listing import CONTENTS
from everycount_hub.portal.data.published import entry_for
from everycount_hub.portal.naming import DIMENSIONS, Named, code_name, named
from everycount_hub.portal.places import dataset_address

CODES = 400
"""Codes of a component that the page lists; the files have all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """A version in the history of a dataset."""

    version: PublishedVersion
    day: str
    release: tuple[str, int] | None
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator with figures in the dataset."""

    entry: IndicatorEntry
    title: Named
    address: str
    label: str
    conditions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRow:
    """The names that a component's codes have in this dataset."""

    component: str
    title: str
    codes: tuple[tuple[str, Named], ...]
    beyond: int


def page_of(edition: Edition, dataset: PublishedDataset, words: Language) -> dict[str, Any]:
    """Return what the page of a dataset shows."""
    shown = next(each for each in dataset.versions if each.number == dataset.number)
    work = dataset_work(edition, dataset, version=shown, language=words.code)
    address = reverse("portal:dataset", args=[dataset.workspace, dataset.slug])
    own = dataset_address(dataset)
    return {
        "dataset": dataset,
        "shown_version": shown,
        "title": named(dataset.titles, words),
        "content": str(CONTENTS[dataset.content]),
        "producer": producer(edition, dataset, words.code),
        "country": named(edition.workspaces[dataset.workspace].names, words),
        "licence_url": licence_url(dataset.licence) or None,
        "source_url": _web(dataset.source_url),
        "framework": edition.frameworks.get(dataset.framework),
        "released": _day(dataset.released_at, words),
        "withdrawn": _day(dataset.withdrawn_at, words) if dataset.withdrawn_at else "",
        "versions": versions_of(edition, dataset, words),
        "indicators": indicators_of(edition, dataset, words),
        "labels": _labels(dataset, words),
        "codes": _codes(dataset, words),
        "metadata": _metadata(dataset),
        "files": files_of(dataset),
        "own_page": own if own != address else "",
        "citation": plain(work),
        "bibtex": bibtex(work),
        "ris": ris(work),
        "api": f"{settings.PUBLIC_URL}/api/v1/observations?dataset={dataset.key}",
        "dataset_ld": _linked(edition, dataset, f"{settings.PUBLIC_URL}{address}"),
    }


def versions_of(
    edition: Edition, dataset: PublishedDataset, words: Language
) -> tuple[VersionRow, ...]:
    """Return the published versions, newest first, each with the release it came with."""
    first: dict[int, tuple[str, int]] = {}
    for release in edition.releases:  # newest first, so that the oldest stays
        for line in release.lines:
            if (release.workspace, line.dataset) == (dataset.workspace, dataset.slug):
                first[line.number] = (release.workspace, release.number)
    return tuple(
        VersionRow(
            version=each,
            day=_day(each.released_at, words),
            release=first.get(each.number),
            is_shown=each.number == dataset.number,
        )
        for each in reversed(dataset.versions)
    )


def indicators_of(
    edition: Edition, dataset: PublishedDataset, words: Language
) -> tuple[IndicatorRow, ...]:
    """Return the indicators with figures in a dataset, with the label of their appraisal."""
    rows = []
    for entry in edition.indicators.values():
        if dataset.key not in entry.datasets:
            continue
        label = dataset.label_of(entry.code)
        rows.append(
            IndicatorRow(
                entry=entry,
                title=named(entry.names, words),
                address=reverse("portal:indicator", args=[entry.slug]),
                label=code_name("APPRAISAL", label.code, words, {}) if label and label.code else "",
                conditions=label.conditions if label else "",
            )
        )
    return tuple(rows)


def _labels(dataset: PublishedDataset, words: Language) -> list[Mapping[str, str]]:
    """Return what appraisals said of third-party figures, the newest first."""
    return [
        {
            "label": code_name("APPRAISAL", each.code, words, {}) if each.code else _("Declined"),
            "kind": "warn" if each.code else "bad",
            "of": words.listed(list(each.indicators)) if each.indicators else _("all indicators"),
            "conditions": each.conditions,
            "expires": words.date(date.fromisoformat(each.expires)) if each.expires else "",
        }
        for each in dataset.labels
    ]


def _codes(dataset: PublishedDataset, words: Language) -> list[CodeRow]:
    rows = []
    titles = {each.id: each.name for each in OBSERVATION.components}
    for component, codes in sorted(dataset.metadata.get("codes", {}).items()):
        told = sorted((code, said) for code, said in codes.items() if said)
        if told:
            rows.append(
                CodeRow(
                    component=component,
                    title=str(DIMENSIONS.get(component, titles.get(component, component))),
                    codes=tuple((code, named(said, words)) for code, said in told[:CODES]),
                    beyond=max(0, len(told) - CODES),
                )
            )
    return rows


def _metadata(dataset: PublishedDataset) -> list[tuple[str, str]]:
    """Return what came with the figures: origins and notes of reading, in their own words."""
    found: list[tuple[str, str]] = []
    for origin in dataset.metadata.get("origins", ()):
        told = (str(origin[name]) for name in sorted(origin) if origin[name])
        found.append((_("Origin"), "; ".join(told)))
    found += [(_("Note"), str(each)) for each in dataset.metadata.get("notes", ())]
    for name, title in (("title", _("Title in the file")), ("units", _("Units")),
                        ("clauses", _("Clauses")), ("issues", _("Issues for action")),
                        ("links", _("Links to indicators")), ("outcomes", _("Outcomes")),
                        ("estimates", _("Estimates")), ("entries", _("Entries")),
                        ("indicators", _("Indicators"))):  # fmt: skip
        value = dataset.metadata.get(name)
        if isinstance(value, str | int):
            found.append((title, str(value)))
    names = dataset.metadata.get("files")
    if names:
        found.append((_("Files in the bundle"), ", ".join(map(str, names))))
    return found


def _linked(edition: Edition, dataset: PublishedDataset, address: str) -> str:
    if not dataset.has_figures:
        return ""
    entry = entry_for(
        edition, dataset, address=address, distributions=distributions(dataset, address)
    )
    described = schema_org(entry) | {"version": str(dataset.number)}
    # Search engines read some hundred kilobytes; the catalogue of DCAT names every area.
    if len(entry.areas) > CODES:
        described.pop("spatialCoverage", None)
    return SafeString(embeddable(described))


def _day(moment: str, words: Language) -> str:
    return words.date(datetime.fromisoformat(moment).date())


def _web(address: str) -> str:
    return address if address.startswith(("https://", "http://")) else ""
