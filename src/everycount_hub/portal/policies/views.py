"""The pages of policies: list, policy, clause, gaps, two versions compared."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.errors import NotFound
from everycount.language.language import Language
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import portal_page, show
from everycount_hub.portal.bundles import (
    about_of,
    citation_of,
    gone,
    published,
    publisher_of,
    released_of,
    standing,
    workspace_name,
)
from everycount_hub.portal.naming import tag
from everycount_hub.portal.policies.changes import KINDS, comparable, compared_of
from everycount_hub.portal.policies.gap_words import breakdowns_absent, gap_of, gaps_of
from everycount_hub.portal.policies.promises import ClauseShown, OpenPolicy, Shown, opened
from everycount_hub.portal.policies.tables import change_table, gap_files, promise_tables
from everycount_hub.portal.tables import About, Table, file_of

CONTENT = "policy"


def _open(edition: Edition, words: Language, workspace: str, slug: str) -> OpenPolicy:
    dataset = standing(edition, CONTENT, workspace, slug)
    return opened(edition, dataset, words, timezone.localdate())


def finding_of(policy: OpenPolicy) -> str:
    """Return how many promises there are, are measured, and are seen, in a sentence."""
    promises, words = policy.promises, policy.words
    sentence = ngettext(
        "{place}: {count} promise was found. An indicator would show {measured}, and a published "
        "figure shows {seen}.",
        "{place}: {count} promises were found. An indicator would show {measured} of them, and "
        "published figures show {seen}.",
        len(promises),
    )
    return sentence.format(
        place=words.isolate(policy.place),
        count=words.number(len(promises), 0),
        measured=words.number(sum(each.is_measured for each in promises), 0),
        seen=words.number(sum(each.is_seen for each in promises), 0),
    )


@portal_page
def policies(request: HttpRequest, edition: Edition, words: Language) -> HttpResponse:
    """List the policies, by country."""
    today = timezone.localdate()
    rows = []
    for dataset in _listed(edition):
        policy = opened(edition, dataset, words, today) if dataset.digest else None
        place = policy.place if policy else workspace_name(edition, dataset.workspace, words)
        rows.append((place, dataset, policy, finding_of(policy) if policy else ""))
    rows.sort(key=lambda each: (words.sort_key(each[0]), each[1].key))
    places: dict[str, list[Any]] = {}
    for place, *rest in rows:
        places.setdefault(place, []).append(rest)
    shown = {"places": places}
    return show(request, "portal/policies/list.html", shown, edition=edition, words=words)


def _listed(edition: Edition) -> list[PublishedDataset]:
    return [each for each in edition.datasets.values() if each.content == CONTENT]


@portal_page
def policies_data(
    request: HttpRequest, edition: Edition, words: Language, ending: str
) -> HttpResponse:
    """Give the list of policies as a file."""
    today = timezone.localdate()
    known = [opened(edition, each, words, today) for each in _listed(edition) if each.digest]
    rows = pl.DataFrame(
        {
            "workspace": [each.dataset.workspace for each in known],
            "policy": [each.dataset.slug for each in known],
            "area": [each.area.code if each.area else None for each in known],
            "title": [each.title for each in known],
            "language": [each.review.policy.language for each in known],
            "promises": [len(each.promises) for each in known],
            "measured": [sum(one.is_measured for one in each.promises) for each in known],
            "seen": [sum(one.is_seen for one in each.promises) for each in known],
            "version": [each.dataset.number for each in known],
        },
        schema_overrides={"area": pl.String},
    )
    about = About(
        title=_("Policies"), address=reverse("portal:policies"), release="", licence="", citation=""
    )
    table = Table(id="policies", title=_("Policies"), rows=rows)
    return file_of([table], about, ending=ending, name="policies")


@portal_page
def policy(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str
) -> HttpResponse:
    """Show what a law promises, what shows it, and what cannot be seen yet."""
    dataset = published(edition, CONTENT, workspace, slug)
    if not dataset.digest:
        return gone(request, edition, words, dataset)
    own = opened(edition, dataset, words, timezone.localdate())
    body = _body(own, is_whole=request.GET.get("text") == "whole")
    shown = _common(own, finding=finding_of(own), body=body)
    return show(request, "portal/policies/page.html", shown, edition=edition, words=words)


@lru_cache(64)
def _body(own: OpenPolicy, *, is_whole: bool) -> SafeString:
    """Return what a page of a policy holds, made once: dozens of promises take longer to write."""
    unseen: dict[tuple[str, str], Shown] = {}
    for promise in own.promises:
        for each in promise.shown:
            if not each.figure and not each.is_substitute:
                unseen.setdefault((each.framework, each.key), each)
    shown = _common(
        own,
        words=own.words,
        finding=finding_of(own),
        clauses=own.clauses if is_whole else tuple(own.with_headings()),
        is_whole=is_whole,
        without=[(each, _clause_of(own, each.id)) for each in own.promises if not each.is_measured],
        unseen=list(unseen.values()),
        absent=breakdowns_absent(own),
        gaps=gaps_of(own),
        publisher=publisher_of(own.edition, own.dataset, own.words),
        citation=citation_of(own.edition, own.dataset, own.words, own.address),
    )
    return render_to_string("portal/policies/_body.html", shown)


def _clause_of(policy: OpenPolicy, promise: str) -> ClauseShown | None:
    return next(
        (each for each in policy.clauses if any(one.id == promise for one in each.promises)), None
    )


def _common(policy: OpenPolicy, **shown: Any) -> dict[str, Any]:
    return {
        "policy": policy,
        "dataset": policy.dataset,
        "review": policy.review,
        "base": policy.address,
        "released": released_of(policy.dataset, policy.words),
        "has_changes": len(comparable(policy.dataset)) > 1,
        **shown,
    }


@portal_page
def clause(
    request: HttpRequest,
    edition: Edition,
    words: Language,
    workspace: str,
    slug: str,
    number: str,
) -> HttpResponse:
    """Show one clause, with the chain from it down to each figure."""
    own = _open(edition, words, workspace, slug)
    shown = _common(own, clause=_numbered(own, number))
    return show(request, "portal/policies/clause.html", shown, edition=edition, words=words)


def _numbered(policy: OpenPolicy, number: str) -> ClauseShown:
    found = next((each for each in policy.clauses if each.number == number), None)
    if found is None:
        raise NotFound(f"the policy has no clause {number[:60]!r}")
    return found


@portal_page
def gap(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str, name: str
) -> HttpResponse:
    """Show one table of gaps."""
    own = _open(edition, words, workspace, slug)
    shown = _common(own, gap=gap_of(own, name))
    return show(request, "portal/policies/gap.html", shown, edition=edition, words=words)


@portal_page
def changes(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str
) -> HttpResponse:
    """Compare two published versions."""
    own = _open(edition, words, workspace, slug)
    found = compared_of(own.dataset, request.GET.get("from", ""), request.GET.get("to", ""))
    shown = _common(
        own,
        compared=found,
        versions=comparable(own.dataset),
        clauses=[(each, tag(KINDS, each.kind)) for each in found.clauses],
        promises=[(each, tag(KINDS, each.kind)) for each in found.promises],
    )
    return show(request, "portal/policies/changes.html", shown, edition=edition, words=words)


def _file(policy: OpenPolicy, tables: Sequence[Table], ending: str, part: str = "") -> HttpResponse:
    dataset = policy.dataset
    about = about_of(policy.edition, dataset, policy.words, path=policy.address, part=part)
    return file_of(tables, about, ending=ending, name=f"{dataset.workspace}-{dataset.slug}")


@portal_page
def policy_data(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str, ending: str
) -> HttpResponse:
    """Give promises, indicators and clauses as a file."""
    own = _open(edition, words, workspace, slug)
    return _file(own, promise_tables(own), ending)


@portal_page
def clause_data(
    request: HttpRequest,
    edition: Edition,
    words: Language,
    *,
    workspace: str,
    slug: str,
    number: str,
    ending: str,
) -> HttpResponse:
    """Give what one clause promises as a file."""
    own = _open(edition, words, workspace, slug)
    return _file(own, promise_tables(own, _numbered(own, number)), ending, number)


@portal_page
def gap_data(
    request: HttpRequest,
    edition: Edition,
    words: Language,
    *,
    workspace: str,
    slug: str,
    name: str,
    ending: str,
) -> HttpResponse:
    """Give a table of gaps as a file."""
    own = _open(edition, words, workspace, slug)
    return _file(own, gap_files(own, gap_of(own, name).id), ending, name)


@portal_page
def changes_data(
    request: HttpRequest, edition: Edition, words: Language, workspace: str, slug: str, ending: str
) -> HttpResponse:
    """Give what changed between two versions as a file."""
    own = _open(edition, words, workspace, slug)
    found = compared_of(own.dataset, request.GET.get("from", ""), request.GET.get("to", ""))
    return _file(own, [change_table(found)], ending, "changes")
