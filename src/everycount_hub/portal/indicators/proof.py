"""Where the figures of an indicator come from, and what is known of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from everycount.figures.chain import Chain, chains
from everycount.figures.wording import Words
from everycount.io.handbooks import parse_handbook, shipped_fields
from everycount.io.review_file import parse_review
from everycount.language.language import Language
from everycount.model.handbook import Handbook
from everycount.model.observation import AREA, PERIOD
from everycount.model.review import Review
from everycount_hub import store
from everycount_hub.contents import handbook as handbook_content
from everycount_hub.contents import policy as policy_content
from everycount_hub.contents.archive import unpack
from everycount_hub.edition.nouns import (
    AreaEntry,
    IndicatorEntry,
    PublishedDataset,
    PublishedRelease,
)
from everycount_hub.edition.read import Edition
from everycount_hub.edition.summaries import Known, declared
from everycount_hub.portal.indicators.choice import Choice, find_area
from everycount_hub.portal.naming import area_name, code_name, named, number
from everycount_hub.portal.places import dataset_address

STATES = {
    "draft": gettext_lazy("draft"),
    "reviewed": gettext_lazy("reviewed"),
    "approved": gettext_lazy("approved"),
}
"""States of a text of a handbook."""
WORDS = 400
"""Letters of a clause that are shown; its page has the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of the chain as it is shown."""

    kicker: str
    title: str = ""
    text: str = ""
    lang: str = ""
    code: str = ""
    address: str = ""
    is_here: bool = False
    is_gap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A dataset that figures of the page come from."""

    key: str
    workspace: str
    slug: str
    title: str
    title_lang: str
    producer: str
    licence: str
    url: str
    version: int
    digest: str
    released: str
    release: PublishedRelease | None
    label: str
    conditions: str
    expires: str
    declined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A field of the handbook, as a reader gets it."""

    title: str
    title_lang: str
    text: str
    lang: str
    state: str
    is_approved: bool


def sources_of(edition: Edition, entry: IndicatorEntry, words: Language) -> tuple[Source, ...]:
    """Return the datasets with figures of an indicator."""
    return tuple(_source(edition, entry, edition.datasets[key], words) for key in entry.datasets)


def _source(
    edition: Edition, entry: IndicatorEntry, dataset: PublishedDataset, words: Language
) -> Source:
    label = dataset.label_of(entry.code)
    title = named(dataset.titles, words)
    release = release_of(edition, dataset)
    return Source(
        key=dataset.key,
        workspace=dataset.workspace,
        slug=dataset.slug,
        title=title.text,
        title_lang=title.lang,
        producer=named(dataset.producer, words).text,
        licence=dataset.licence,
        url=dataset.source_url if dataset.source_url.startswith(("https://", "http://")) else "",
        version=dataset.number,
        digest=dataset.digest,
        released=words.date(datetime.fromisoformat(dataset.released_at).date()),
        release=release,
        label=code_name("APPRAISAL", label.code, words, {}) if label and label.code else "",
        conditions=label.conditions if label else "",
        expires=words.date(date.fromisoformat(label.expires)) if label and label.expires else "",
    )


def release_of(edition: Edition, dataset: PublishedDataset) -> PublishedRelease | None:
    """Return the first release with the version of a dataset that is shown."""
    for release in reversed(edition.releases):
        for line in release.lines:
            is_it = (release.workspace, line.dataset) == (dataset.workspace, dataset.slug)
            if is_it and line.number == dataset.number:
                return release
    return None


def citation_of(edition: Edition, entry: IndicatorEntry, address: str, words: Language) -> str:
    """Return how figures of an indicator are cited."""
    told = [
        f"{source.producer or source.title} ({source.licence or _('licence not stated')})"
        for source in sources_of(edition, entry, words)
    ]
    return _(
        "{sources}: {title} ({code}). Through Everycount, edition {edition}. {address}"
    ).format(
        sources="; ".join(dict.fromkeys(told)),
        title=named(entry.names, words).text,
        code=entry.code,
        edition=edition.digest[:12],
        address=address,
    )


def licence_of(edition: Edition, entry: IndicatorEntry) -> str:
    """Return the licences of the figures of an indicator, each once."""
    return "; ".join(
        dict.fromkeys(
            edition.datasets[key].licence for key in entry.datasets if edition.datasets[key].licence
        )
    )


def reviews_of(edition: Edition) -> Mapping[str, Review]:
    """Return the published policy reviews, by the key of their dataset."""
    return {each.key: _review(each.digest) for each in edition.of_content("policy")}


@lru_cache(64)
def _review(digest: str) -> Review:
    return parse_review(
        unpack(store.bundle_path(digest))[policy_content.FILE], subject=policy_content.FILE
    )


def chain_of(
    edition: Edition,
    known: Known | None,
    entry: IndicatorEntry,
    choice: Choice,
    says: Words | None,
    words: Language,
) -> tuple[tuple[Link, ...], int]:
    """Return the chain from a clause down to a figure, and how many more clauses ask for it.

    Of an area in focus only its own policies count.
    """
    found = _asking(edition, entry, choice, words)
    focus = choice.focus or _promised(edition, known, found, choice)
    row, dataset = None, None
    if known is not None and focus is not None:
        rows = known.summary.latest.filter(known.summary.latest[AREA] == focus.code)
        row = rows.row(0, named=True) if rows.height else None
        dataset = edition.datasets.get(choice.dataset or known.sources.get(focus.code, ""))
    links: list[Link] = []
    if found:
        key, chain = found[0]
        links += _promise(edition.datasets[key], chain)
    else:
        text = (
            _("No published review of a policy of this area asks for this indicator.")
            if choice.focus
            else _("No published policy review asks for this indicator.")
        )
        links.append(Link(kicker=_("Policy clause"), is_gap=True, text=text))
    links.append(
        Link(kicker=_("Indicator"), title=_("{code}, this page").format(code=entry.code),
             code=entry.framework, is_here=True)
    )  # fmt: skip
    if row is not None and dataset is not None and says is not None and known is not None:
        links += _figure(edition, known, row, dataset, says)
    else:
        links.append(Link(kicker=_("Figure"), is_gap=True, text=_("No figure is published.")))
    return tuple(links), max(0, len(found) - 1)


def _asking(
    edition: Edition, entry: IndicatorEntry, choice: Choice, words: Language
) -> list[tuple[str, Chain]]:
    """Return the accepted links of published reviews to an indicator: of the area in focus alone.

    What one country promised is not held against the figures of another.
    """
    indicator = declared(edition, entry)
    if indicator is None:
        return []
    found = []
    for key, review in reviews_of(edition).items():
        own = area_of(edition, edition.datasets[key])
        if choice.focus is not None and own is not None and own.code != choice.focus.code:
            continue
        made = chains(entry.framework, indicator, [review], language=words.code)
        found += [(key, each) for each in made if not each.step("link").is_gap]
    return found


def _promised(
    edition: Edition, known: Known | None, found: list[tuple[str, Chain]], choice: Choice
) -> AreaEntry | None:
    """Return the area whose policy comes first in the chain, if it has a figure, else the first."""
    own = area_of(edition, edition.datasets[found[0][0]]) if found else None
    if own is not None and known is not None and own.code in known.sources:
        return own
    return choice.areas[0] if choice.areas else None


def area_of(edition: Edition, dataset: PublishedDataset) -> AreaEntry | None:
    """Return the area whose workspace published a dataset; None for a network."""
    workspace = edition.workspaces.get(dataset.workspace)
    return find_area(edition, workspace.area) if workspace and workspace.area else None


def _promise(dataset: PublishedDataset, chain: Chain) -> Iterator[Link]:
    clause, issue = chain.step("clause"), chain.step("issue")
    text = " ".join(clause.words.split())
    yield Link(
        kicker=_("Policy clause"),
        title=clause.about.get("policy", ""),
        text=text if len(text) <= WORDS else f"{text[:WORDS].rsplit(' ', 1)[0]} …",
        lang=clause.about.get("language", ""),
        code=clause.id,
        address=dataset_address(dataset),
        is_gap=clause.is_gap,
    )
    yield Link(
        kicker=_("Issue for action"),
        title=issue.words,
        lang=clause.about.get("language", ""),
    )


def _figure(
    edition: Edition,
    known: Known,
    row: Mapping[str, object],
    dataset: PublishedDataset,
    says: Words,
) -> Iterator[Link]:
    words, series = says.language, known.summary.headline.series
    value = row["value"]
    told = number(float(value), says) if isinstance(value, int | float) else str(row["text"] or "")
    if row["state"] == "hidden":
        told = _("not shown")
    place = area_name(edition, str(row[AREA]), words)
    period = words.period(str(row[PERIOD]))
    yield Link(
        kicker=_("Figure"),
        title=_("{area}, {period}: {value}").format(
            area=words.isolate(place), period=period, value=told or _("no figure")
        ),
        code=" · ".join((series.indicator, str(row[AREA]), str(row[PERIOD]), series.id)),
    )
    yield Link(
        kicker=_("Source"),
        title=named(dataset.producer, words).text or named(dataset.titles, words).text,
        text=str(row["source"] or ""),
    )
    yield Link(
        kicker=_("Dataset and version"),
        title=named(dataset.titles, words).text,
        text=_("Version {number}, released {date}").format(
            number=words.number(dataset.number, 0),
            date=words.date(datetime.fromisoformat(dataset.released_at).date()),
        ),
        code=dataset.digest[:16],
        address=dataset_address(dataset),
    )
    release = release_of(edition, dataset)
    if release is not None:
        yield Link(
            kicker=_("Release"), title=release.title, code=release.digest[:16],
        )  # fmt: skip


def facts_of(edition: Edition, entry: IndicatorEntry, words: Language) -> tuple[Fact, ...]:
    """Return what published handbooks say of an indicator, in the order of their fields."""
    fields = shipped_fields().by_id
    for dataset in edition.of_content("handbook"):
        book = _handbook(dataset.digest)
        own = book.by_indicator.get(entry.code)
        if book.framework != entry.framework or own is None:
            continue
        made = []
        for name, about in fields.items():
            shown = own.shown(name, words.code, book.language)
            if shown is None or about.is_personal:
                continue
            title = named(about.title, words)
            is_plain = name in shipped_fields().without_language
            made.append(
                Fact(
                    title=title.text,
                    title_lang=title.lang,
                    text=shown.text,
                    lang="" if is_plain or shown.language == words.code else shown.language,
                    state=str(STATES[shown.state]),
                    is_approved=shown.state == "approved",
                )
            )
        return tuple(made)
    return ()


@lru_cache(16)
def _handbook(digest: str) -> Handbook:
    return parse_handbook(
        unpack(store.bundle_path(digest))[handbook_content.FILE], subject=handbook_content.FILE
    )
