"""The pages of indicator sets: list, set, crosswalk to another set, another version."""

from collections.abc import Sequence
from functools import lru_cache

import polars as pl
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from everycount.errors import NotFound
from everycount.language.language import Language
from everycount.policy.versions import Change
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.frameworks.sets import (
    CHANGES,
    Crossing,
    OpenSet,
    opened,
    set_named,
    sets_of,
)
from everycount_hub.portal.naming import area_name, tag
from everycount_hub.portal.tables import About, Table, file_of

TEXT = pl.String


@portal_page
def frameworks(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """List the indicator sets: those in use, and others they are linked to."""
    every = [opened(edition, each, words) for each in sets_of(edition)]
    shown = {
        "used": [each for each in every if each.is_used],
        "others": [each for each in every if not each.is_used],
    }
    return show(request, "portal/frameworks/list.html", shown, edition=edition, words=words)


@portal_page
def frameworks_data(
    request: HttpRequest, edition: Edition, words: Language, ending: str
) -> HttpResponse:
    """Give the list of indicator sets as a file."""
    every = [opened(edition, each, words) for each in sets_of(edition)]
    rows = pl.DataFrame(
        {
            "framework": [each.framework.reference for each in every],
            "title": [each.title.text for each in every],
            "publisher": [each.framework.publisher for each in every],
            "level": [each.framework.level for each in every],
            "indicators": [len(each.lines) for each in every],
            "with_figures": [each.counts["own"] for each in every],
            "in_use": [each.is_used for each in every],
        }
    )
    address = settings.PUBLIC_URL + reverse("portal:frameworks")
    about = About(title=_("Indicator sets"), address=address, release="", licence="", citation="")
    table = Table(id="frameworks", title=_("Indicator sets"), rows=rows)
    return file_of([table], about, ending=ending, name="frameworks")


@portal_page
def framework(request: HttpRequest, edition: Edition, words: Language, name: str) -> HttpResponse:
    """Show a set: how much is known, its tree, its links to other sets, its versions."""
    found = set_named(edition, name)
    own = opened(edition, found, words, request.GET.get("area", ""))
    asked = request.GET.get("area", "").strip()
    shown = {
        "own": own,
        "framework": found,
        "body": _body(own),
        "areas": _areas(edition.digest, words),
        "unknown": asked if asked and own.area is None else "",
    }
    return show(request, "portal/frameworks/page.html", shown, edition=edition, words=words)


@lru_cache(64)
def _body(own: OpenSet) -> SafeString:
    """Return squares and tree, made once: a set may have hundreds of indicators."""
    others = [each for each in own.versions if each is not own.framework]
    shown = {
        "own": own,
        "framework": own.framework,
        "words": own.words,
        "others": others,
    }
    return render_to_string("portal/frameworks/_body.html", shown)


@lru_cache(16)
def _areas(digest: str, words: Language) -> tuple[tuple[str, str], ...]:
    """Return the countries that can be chosen, by name."""
    edition = open_edition(digest)
    named_ = [
        (each.slug, area_name(edition, each.code, words))
        for each in edition.areas.values()
        if each.is_country
    ]
    return tuple(sorted(named_, key=lambda each: words.sort_key(each[1])))


@portal_page
def framework_data(
    request: HttpRequest, edition: Edition, words: Language, name: str, ending: str
) -> HttpResponse:
    """Give the indicators of a set, what is known of each, and their links, as a file."""
    own = opened(edition, set_named(edition, name), words, request.GET.get("area", ""))
    return _file(own, [_indicators(own), _links(own)], ending)


@portal_page
def crosswalk(
    request: HttpRequest, edition: Edition, words: Language, name: str, other: str
) -> HttpResponse:
    """Show which indicators of another set those of this one answer to."""
    own = opened(edition, set_named(edition, name), words)
    shown = {"own": own, "other": _linked(own, other), "links": _crossings(own, other)}
    return show(request, "portal/frameworks/crosswalk.html", shown, edition=edition, words=words)


def _linked(own: OpenSet, other: str) -> OpenSet:
    if other not in {reference for reference, _title, _count in own.linked_sets}:
        raise NotFound(f"{own.framework.reference} has no link to {other[:60]!r}")
    return opened(own.edition, set_named(own.edition, other), own.words)


@lru_cache(64)
def _crossings(own: OpenSet, other: str) -> tuple[Crossing, ...]:
    return own.crossings(other)


@lru_cache(32)
def _changes(own: OpenSet, version: str) -> tuple[Change, ...]:
    return own.changes_since(version)


@portal_page
def crosswalk_data(
    request: HttpRequest, edition: Edition, words: Language, name: str, other: str, ending: str
) -> HttpResponse:
    """Give the links to another set as a file."""
    own = opened(edition, set_named(edition, name), words)
    return _file(own, [_links(own, _linked(own, other).framework.reference)], ending)


@portal_page
def versions(
    request: HttpRequest, edition: Edition, words: Language, name: str, version: str
) -> HttpResponse:
    """Show what differs between a set and another version of it."""
    own = opened(edition, set_named(edition, name), words)
    found = _changes(own, version)
    shown = {
        "own": own,
        "version": version,
        "changes": [(each, tag(CHANGES, each.kind)) for each in found],
    }
    return show(request, "portal/frameworks/versions.html", shown, edition=edition, words=words)


@portal_page
def versions_data(
    request: HttpRequest, edition: Edition, words: Language, name: str, version: str, ending: str
) -> HttpResponse:
    """Give what differs between two versions as a file."""
    own = opened(edition, set_named(edition, name), words)
    rows = [(each.kind, each.before, each.after, each.words) for each in _changes(own, version)]
    made = pl.DataFrame(
        rows, schema=dict.fromkeys(("change", "before", "after", "words"), TEXT), orient="row"
    )
    return _file(own, [Table(id="changes", title=_("What changed"), rows=made)], ending)


def _indicators(own: OpenSet) -> Table:
    rows = [
        (
            own.framework.reference,
            each.key,
            each.code,
            each.title.text,
            each.group,
            each.state,
            each.entry.slug if each.entry else None,
            each.relation,
        )
        for each in own.lines
    ]
    columns = (
        "framework", "key", "code", "title", "group", "figures", "figure_of", "figure_is",
    )  # fmt: skip
    made = pl.DataFrame(rows, schema=dict.fromkeys(columns, TEXT), orient="row")
    return Table(id="indicators", title=_("Indicators"), rows=made)


def _links(own: OpenSet, other: str = "") -> Table:
    rows = [
        (*(link.from_framework, link.from_key, link.relation), *link.ends[2:], link.by)
        for link in own.links()
        if other in ("", link.to_framework)
    ]
    columns = ("framework", "key", "relation", "other_framework", "other_key", "by")
    made = pl.DataFrame(rows, schema=dict.fromkeys(columns, TEXT), orient="row")
    return Table(id="links", title=_("Links to other sets"), rows=made)


def _file(own: OpenSet, tables: Sequence[Table], ending: str) -> HttpResponse:
    framework = own.framework
    about = About(
        title=own.title.text,
        address=settings.PUBLIC_URL + own.address,
        release=_("edition {digest}").format(digest=own.edition.digest[:12]),
        licence=framework.source.licence or _("not stated"),
        citation=framework.source.citation,
    )
    name = "".join(letter if letter.isalnum() else "-" for letter in framework.reference)
    return file_of(tables, about, ending=ending, name=name)
