"""The data catalogue: datasets, narrowed by facets that are links."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount.language.language import Language
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.portal.citing import producer
from everycount_hub.portal.naming import Named, named

CONTENTS: Mapping[str, object] = {
    "figures": gettext_lazy("Figures"),
    "framework": gettext_lazy("Indicator set"),
    "handbook": gettext_lazy("Metadata handbook"),
    "index": gettext_lazy("Index"),
    "policy": gettext_lazy("Policy review"),
    "survey": gettext_lazy("Survey estimates"),
}
FACETS = ("content", "producer", "licence", "country")
LENGTH = 200
"""Letters of an address that are read; a longer value is no facet of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A dataset in the list."""

    dataset: PublishedDataset
    title: Named
    content: str
    producer: str
    licence: str
    country: str
    released: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A link that narrows the list, or takes the narrowing back."""

    words: str
    query: str
    count: int
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """What the list can be narrowed by."""

    title: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The catalogue as an address asks for it."""

    rows: tuple[Row, ...]
    facets: tuple[Facet, ...]
    of: int
    is_narrowed: bool


def rows_of(edition: Edition, words: Language) -> tuple[Row, ...]:
    """Return every dataset: by country or network, then by title."""
    rows = [_row(edition, each, words) for each in edition.datasets.values()]
    key = words.sort_key
    return tuple(sorted(rows, key=lambda row: (key(row.country), key(str(row.title)), row.address)))


def listing_of(asked: QueryDict, edition: Edition, words: Language) -> Listing:
    """Return the datasets that an address asks for; a value that no dataset has finds nothing."""
    every = rows_of(edition, words)
    on = {name: asked.get(name, "")[:LENGTH] for name in FACETS}
    rows = [row for row in every if all(_passes(row, name, on) for name in FACETS)]
    return Listing(
        rows=tuple(rows),
        facets=tuple(_facets(every, on)),
        of=len(every),
        is_narrowed=any(on.values()),
    )


def _row(edition: Edition, dataset: PublishedDataset, words: Language) -> Row:
    released = datetime.fromisoformat(dataset.released_at).date()
    return Row(
        dataset=dataset,
        title=named(dataset.titles, words),
        content=str(CONTENTS[dataset.content]),
        producer=producer(edition, dataset, words.code),
        licence=dataset.licence,
        country=named(edition.workspaces[dataset.workspace].names, words).text,
        released=words.date(released),
        address=reverse("portal:dataset", args=[dataset.workspace, dataset.slug]),
    )


VALUES: Mapping[str, Callable[[Row], str]] = {
    "content": lambda row: row.dataset.content,
    "producer": lambda row: row.producer,
    "licence": lambda row: row.licence or "none",
    "country": lambda row: row.dataset.workspace,
}
"""What a row has of each facet."""
SAID: Mapping[str, Callable[[Row], str]] = {
    "content": lambda row: row.content,
    "producer": lambda row: row.producer,
    "licence": lambda row: row.licence or _("not stated"),
    "country": lambda row: row.country,
}
"""What a reader sees of it."""


def _passes(row: Row, name: str, on: Mapping[str, str]) -> bool:
    return not on[name] or VALUES[name](row) == on[name]


def _facets(rows: Iterable[Row], on: Mapping[str, str]) -> Iterable[Facet]:
    titles = {
        "content": _("Content"),
        "producer": _("Producer"),
        "licence": _("Licence"),
        "country": _("Country or network"),
    }
    for name in FACETS:
        # A facet counts what it would leave of what the others leave.
        left = [r for r in rows if all(_passes(r, each, on) for each in FACETS if each != name)]
        counts: dict[str, int] = {}
        said = {}
        for row in left:
            value = VALUES[name](row)
            counts[value] = counts.get(value, 0) + 1
            said[value] = SAID[name](row)
        if len(counts) < 2 and not on[name]:
            continue
        options = tuple(
            Option(
                words=said[value],
                query=urlencode(
                    {k: v for k, v in {**on, name: "" if on[name] == value else value}.items() if v}
                ),
                count=count,
                is_on=on[name] == value,
            )
            for value, count in counts.items()
        )
        yield Facet(title=titles[name], options=options)
