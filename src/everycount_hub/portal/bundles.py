"""Policies and surveys as public pages find them: by their workspace and short name."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from everycount.errors import NotFound
from everycount.language.language import Language
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.portal.answer import show
from everycount_hub.portal.naming import named
from everycount_hub.portal.tables import About

GONE = 410
"""What was published and withdrawn is gone. RFC 9110, 15.5.11."""


def published(edition: Edition, content: str, workspace: str, slug: str) -> PublishedDataset:
    """Return what is published under a name, a tombstone if it was withdrawn.

    Raises
    ------
    NotFound
        If there is none, or it is of another content.
    """
    dataset = edition.datasets.get(f"{workspace}/{slug}")
    if dataset is None or dataset.content != content:
        raise NotFound(f"no {content} {workspace[:60]}/{slug[:60]} is published")
    return dataset


def standing(edition: Edition, content: str, workspace: str, slug: str) -> PublishedDataset:
    """Return what is published under a name and not withdrawn.

    Raises
    ------
    NotFound
        If there is none.
    """
    dataset = published(edition, content, workspace, slug)
    if not dataset.digest:
        raise NotFound(f"{dataset.key} was withdrawn")
    return dataset


def gone(
    request: HttpRequest, edition: Edition, words: Language, dataset: PublishedDataset
) -> HttpResponse:
    """Show that something was withdrawn, when and why."""
    shown = {
        "title": named(dataset.titles, words),
        "number": words.number(dataset.number, 0),
        "day": words.date(datetime.fromisoformat(dataset.withdrawn_at).date()),
        "reason": dataset.withdrawn_reason,
    }
    answer = show(request, "portal/gone.html", shown, edition=edition, words=words)
    answer.status_code = GONE
    return answer


def released_of(dataset: PublishedDataset, words: Language) -> str:
    """Return which version is shown, and since when."""
    return _("version {number}, {date}").format(
        number=words.number(dataset.number, 0),
        date=words.date(datetime.fromisoformat(dataset.released_at).date()),
    )


def citation_of(edition: Edition, dataset: PublishedDataset, words: Language, path: str) -> str:
    """Return how something published is cited."""
    return _("{publisher} ({year}): {title}, {version}. Everycount, {address}. {digest}").format(
        publisher=publisher_of(edition, dataset, words),
        year=dataset.released_at[:4],
        title=dataset.metadata.get("title") or named(dataset.titles, words).text,
        version=released_of(dataset, words),
        address=settings.PUBLIC_URL + path,
        digest=f"SHA-256 {dataset.digest[:16]}",
    )


def publisher_of(edition: Edition, dataset: PublishedDataset, words: Language) -> str:
    """Return who publishes something here: its producer, else the workspace."""
    if dataset.producer:
        return named(dataset.producer, words).text
    return workspace_name(edition, dataset.workspace, words)


def workspace_name(edition: Edition, slug: str, words: Language) -> str:
    """Return what a workspace is called."""
    workspace = edition.workspaces.get(slug)
    return named(workspace.names, words).text if workspace else slug


def about_of(
    edition: Edition, dataset: PublishedDataset, words: Language, *, path: str, part: str = ""
) -> About:
    """Return what files of a page say of themselves.

    Parameters
    ----------
    edition : Edition
    dataset : PublishedDataset
    words : Language
    path : str
        Of the page that shows the same.
    part : str
        What of it the file holds, in words.
    """
    title = dataset.metadata.get("title") or named(dataset.titles, words).text
    return About(
        title=_("{title}: {part}").format(title=title, part=part) if part else title,
        address=settings.PUBLIC_URL + path,
        release=released_of(dataset, words),
        licence=dataset.licence or _("not stated"),
        citation=citation_of(edition, dataset, words, path),
    )
