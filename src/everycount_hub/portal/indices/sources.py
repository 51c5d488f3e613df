"""Who says the figures of an index, under what licence; its own source; how it is cited."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from everycount_hub.models.wording import wording
from everycount_hub.portal.indices.spoken import Spoken, Text
from everycount_hub.portal.tables import About

LINKED = ("https://", "http://")
"""How an address begins that a page makes a link of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A series with its licence."""

    indicators: str
    producer: Text
    title: Text
    series: str
    licence: Text
    licence_url: str
    url: str
    retrieved: str
    note: Text


def sources_of(spoken: Spoken) -> list[Source]:
    """Return a row for each series behind the figures of the newest period."""
    state, view = spoken.index.result.state, spoken.index.newest
    numbers = np.unique(state.sources[view.rows, : state.leaf_count])
    used = [state.source_names[number] for number in numbers if number >= 0]
    known = spoken.index.sources
    if not known:
        return _declared(spoken)
    beside = {each.by for each in state.methodology.averages}
    beside |= {each.weight for each in state.methodology.averages if each.weight}
    made = []
    for name, row in known.items():
        about = set(row.get("indicators", "").split()) & beside
        if name in used or about:
            made.append(_source(spoken, row, sorted(about)))
    return made


def _source(spoken: Spoken, row: Mapping[str, str], about: list[str]) -> Source:
    def told(name: str) -> Text:
        return spoken.given(row.get(name, ""))

    codes = about or row.get("indicators", "").split()
    return Source(
        indicators=spoken.words.listed([spoken.words.isolate(code) for code in codes], 8),
        producer=told("producer"),
        title=told("title"),
        series=row.get("series", ""),
        licence=told("licence"),
        licence_url=_link(row.get("licence_url", "")),
        url=_link(row.get("url", "")),
        retrieved=row.get("retrieved", ""),
        note=told("note"),
    )


def _link(address: str) -> str:
    return address if address.startswith(LINKED) else ""


def _declared(spoken: Spoken) -> list[Source]:
    by: dict[str, list[str]] = {}
    for each in spoken.index.result.methodology.indicators:
        if each.source:
            by.setdefault(each.source, []).append(each.code)
    none = Text(text="")
    return [
        Source(
            indicators=spoken.words.listed([spoken.words.isolate(code) for code in codes], 8),
            producer=spoken.given(source),
            title=none,
            series="",
            licence=Text(text=_("not stated")),
            licence_url="",
            url="",
            retrieved="",
            note=none,
        )
        for source, codes in by.items()
    ]


def publisher_of(spoken: Spoken) -> str:
    """Return who publishes the index here."""
    dataset = spoken.dataset
    if dataset.producer:
        return wording(dataset.producer, spoken.words.code)
    workspace = spoken.edition.workspaces.get(dataset.workspace)
    return wording(workspace.names, spoken.words.code) if workspace else dataset.workspace


def citation_of(spoken: Spoken) -> str:
    """Return how the index is cited."""
    return _(
        "{publisher} ({year}): {title}, version {number}. Everycount, {address}. {digest}"
    ).format(
        publisher=publisher_of(spoken),
        year=spoken.dataset.released_at[:4],
        title=spoken.title.text,
        number=spoken.dataset.number,
        address=address_of(spoken),
        digest=f"SHA-256 {spoken.dataset.digest[:16]}",
    )


def address_of(spoken: Spoken) -> str:
    """Return the full address of the index page."""
    return settings.PUBLIC_URL + reverse("portal:index", args=[spoken.slug])


def about_of(spoken: Spoken, title: str, path: str) -> About:
    """Return what each file of a page says of itself."""
    dataset = spoken.dataset
    method = spoken.index.result.methodology
    return About(
        title=title,
        address=settings.PUBLIC_URL + path,
        release=_("version {number}, {date}").format(
            number=dataset.number, date=dataset.released_at[:10]
        ),
        licence=dataset.licence or method.source.licence or _("not stated"),
        citation=citation_of(spoken),
    )
