"""The list of releases and the page of one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from everycount.language.language import Language
from everycount_hub.edition.nouns import PublishedDataset, PublishedRelease, ReleaseLine
from everycount_hub.edition.read import Edition
from everycount_hub.portal.citing import bibtex, plain, release_work, ris
from everycount_hub.portal.data.listing import CONTENTS
from everycount_hub.portal.naming import Named, named
from everycount_hub.portal.releases.bulk import parts_of
from everycount_hub.portal.releases.changes import before, changes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A release in the list."""

    release: PublishedRelease
    day: str
    workspace: Named
    withdrawn: int
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A version of a release as its page shows it."""

    line: ReleaseLine
    dataset: PublishedDataset | None
    title: Named
    content: str
    reason: str
    is_newest: bool


def rows_of(edition: Edition, words: Language) -> tuple[Row, ...]:
    """Return the releases, newest first."""
    return tuple(_row(edition, each, words) for each in edition.releases)


def page_of(edition: Edition, release: PublishedRelease, words: Language) -> dict[str, Any]:
    """Return what the page of a release shows."""
    work = release_work(edition, release, words.code)
    old = before(edition, release)
    changes = changes_of(edition, release, old, words) if old else ()
    newer = [
        each
        for each in edition.releases
        if each.workspace == release.workspace and each.number > release.number
    ]
    return {
        "row": _row(edition, release, words),
        "release": release,
        "lines": tuple(_line(edition, release, each, words) for each in release.lines),
        "old": old,
        "changes": [each for each in changes if each.kind != "same"],
        "same": sum(each.kind == "same" for each in changes),
        "is_waiting": any(each.is_waiting for each in changes),
        "newest": max(newer, key=lambda each: each.number, default=None),
        "has_files": bool(parts_of(edition, release)),
        "citation": plain(work),
        "bibtex": bibtex(work),
        "ris": ris(work),
    }


def table_of(edition: Edition, release: PublishedRelease) -> list[Mapping[str, object]]:
    """Return the lines of a release, for files."""
    rows: list[Mapping[str, object]] = []
    for line in release.lines:
        dataset = edition.datasets.get(f"{release.workspace}/{line.dataset}")
        rows.append(
            {
                "dataset": line.dataset,
                "title": dict(dataset.titles).get("en") if dataset else None,
                "version": line.number,
                "digest": line.digest,
                "withdrawn": line.is_withdrawn,
            }
        )
    return rows


def _row(edition: Edition, release: PublishedRelease, words: Language) -> Row:
    return Row(
        release=release,
        day=words.date(datetime.fromisoformat(release.published_at).date()),
        workspace=named(edition.workspaces[release.workspace].names, words),
        withdrawn=sum(each.is_withdrawn for each in release.lines),
        is_whole=len(parts_of(edition, release)) == len(release.lines),
    )


def _line(edition: Edition, release: PublishedRelease, line: ReleaseLine, words: Language) -> Line:
    dataset = edition.datasets.get(f"{release.workspace}/{line.dataset}")
    versions = dataset.versions if dataset else ()
    version = next((each for each in versions if each.number == line.number), None)
    return Line(
        line=line,
        dataset=dataset,
        title=named(dataset.titles, words) if dataset else Named(text=line.dataset),
        content=str(CONTENTS[dataset.content]) if dataset else "",
        reason=version.reason if version else "",
        is_newest=dataset is not None and dataset.number == line.number,
    )
