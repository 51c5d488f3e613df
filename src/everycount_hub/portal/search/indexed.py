"""The index of a language: what an edition holds, and the pages of the portal itself."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

from django.urls import NoReverseMatch, reverse
from django.utils import translation

from everycount.io.search_words import shipped_meanings
from everycount.language.language import LANGUAGES, Language, language
from everycount.search.common_words import COMMON
from everycount.search.index import AREA, Entry, Index, build
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.edition.search import FILE, Contents, Findable, read_findable, write_findable
from everycount_hub.portal.naming import named
from everycount_hub.portal.navigation import FOOT, MAIN
from everycount_hub.portal.places import dataset_address
from everycount_hub.portal.search.written import labels, written

KEPT = 10
"""Indexes that are kept: those of two editions in five languages, some 10 MB each."""


def index_of(edition: Edition, words: Language) -> Index:
    """Return the index of an edition in a language."""
    return _index(edition.digest, words.code)


@lru_cache(KEPT)
def _index(digest: str, code: str) -> Index:
    edition, words = open_edition(digest), language(code)
    if not (edition.folder / FILE).is_file():  # of an edition made before there was search
        write_findable(edition.folder, _contents(edition))
    with translation.override(code):
        start = reverse("portal:home")
        entries = [
            entry
            for each in read_findable(edition.folder)
            if (entry := _entry(edition, each, words, start)) is not None
        ]
        entries += _pages(start)
    return build(entries, meanings=shipped_meanings(), common=COMMON)


@lru_cache(KEPT)
def script_of(digest: str, code: str) -> bytes:
    """Return the index of a language as a script that `search.js` reads, without any request."""
    index = _index(digest, code)
    with translation.override(code):
        content = {"language": code, "labels": labels(), **written(index)}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return f"window.everycountIndex={text};".encode()


def _contents(edition: Edition) -> Contents:
    return Contents(
        indicators=tuple(edition.indicators.values()),
        areas=tuple(edition.areas.values()),
        datasets=tuple(edition.datasets.values()),
        frameworks=edition.frameworks,
        workspace_areas={each.slug: each.area for each in edition.workspaces.values()},
    )


def _entry(edition: Edition, each: Findable, words: Language, start: str) -> Entry | None:
    """Return an entry as readers of a language see it; None where the portal has no page of it."""
    address = _address(edition, each)
    if not address.startswith(start):
        return None
    title = named(each.titles, words)
    others = (text for code, text in each.titles.items() if text != title.text)
    return Entry(
        kind=each.kind,
        title=title.text,
        lang=title.lang,
        address=address.removeprefix(start) + (f"?{each.query}" if each.query else ""),
        parameter=each.parameter,
        names=(*others, *each.names),
        codes=each.codes,
        about=each.about,
        goal=each.goal,
        area=each.area,
        areas=each.areas,
        has_figures=bool(each.areas) or each.kind == AREA,
    )


def _address(edition: Edition, each: Findable) -> str:
    if each.page:
        try:
            return reverse(f"portal:{each.page}", args=each.arguments)
        except NoReverseMatch:
            pass
    return dataset_address(edition.datasets[each.dataset]) if each.dataset else ""


def _pages(start: str) -> Iterator[Entry]:
    """Yield the pages that every page leads to, found by their titles in all languages."""
    listed: Mapping[str, object] = dict((*MAIN, *FOOT))
    for name, title in listed.items():
        names = []
        for code in LANGUAGES:
            with translation.override(code):
                names.append(str(title))
        yield Entry(
            kind="page",
            title=str(title),
            address=reverse(name).removeprefix(start),
            names=tuple(dict.fromkeys(names)),
        )
