"""What is published, and nothing else: the one gate between what people work on and the portal.

An edition of the portal is made from what `edition_inputs` returns. Drafts, embargoed, declined
and returned versions, and workspaces that are not public, are not in it; no page, file or feed of
the portal reads anything but its edition.
"""

from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version as installed
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from everycount.repository.appraise import CODES
from everycount_hub.models import Appraisal, Dataset, DatasetVersion, Release, Workspace
from everycount_hub.queries.appraisals import indicators_of, standing

FORMAT = "everycount-edition/1"
State = DatasetVersion.State


def edition_inputs() -> dict[str, Any]:
    """Return everything that an edition of the portal is made from, as JSON.

    The same state of the hub gives the same value: its digest names the edition.
    """
    workspaces = Workspace.objects.filter(is_public=True).order_by("slug")
    return {
        "format": FORMAT,
        "everycount": installed("everycount"),
        "workspaces": [_workspace(each) for each in workspaces],
        "datasets": [_dataset(each) for each in _published()],
        "releases": [_release(each) for each in _releases()],
    }


def _published() -> QuerySet[DatasetVersion]:
    """Return of each public dataset the newest version that a published release lists.

    One that was withdrawn since stands as a tombstone: an older version does not come back
    silently in its place.
    """
    listed = DatasetVersion.objects.filter(
        lines__release__state=Release.State.PUBLISHED,
        state__in=[State.RELEASED, State.WITHDRAWN],
    )
    newest = listed.filter(dataset=OuterRef("dataset")).order_by("-number").values("pk")[:1]
    versions = listed.filter(dataset__workspace__is_public=True, pk=Subquery(newest)).distinct()
    return versions.select_related("dataset__workspace", "dataset__producer").order_by(
        "dataset__workspace__slug", "dataset__slug"
    )


def _releases() -> QuerySet[Release]:
    releases = Release.objects.filter(state=Release.State.PUBLISHED, workspace__is_public=True)
    lines = "lines__version__dataset__workspace"
    return (
        releases.select_related("workspace")
        .prefetch_related(lines)
        .order_by("-published_at", "workspace__slug", "-number")
    )


def _workspace(workspace: Workspace) -> dict[str, Any]:
    return {
        "slug": workspace.slug,
        "kind": workspace.kind,
        "names": dict(workspace.names),
        "area": workspace.area,
        "languages": list(workspace.languages),
    }


def _dataset(version: DatasetVersion) -> dict[str, Any]:
    dataset = version.dataset
    return {
        "workspace": dataset.workspace.slug,
        "slug": dataset.slug,
        "titles": dict(dataset.titles),
        "content": dataset.content,
        "kind": dataset.kind,
        "framework": dataset.framework,
        "producer": dict(dataset.producer.names) if dataset.producer else {},
        "licence": dataset.licence,
        "source_url": dataset.source_url,
        **_held(version, dataset),
        "versions": [_listed(each) for each in _history(dataset)],
    }


def _held(version: DatasetVersion, dataset: Dataset) -> Mapping[str, Any]:
    """Return what the version holds, or why it holds nothing any more."""
    if version.state == State.WITHDRAWN:
        return {
            "number": version.number,
            "withdrawn_at": version.withdrawn_at.isoformat(),
            "withdrawn_reason": version.withdrawn_reason,
        }
    return {
        "number": version.number,
        "digest": version.digest,
        "rows": version.row_count,
        "metadata": version.metadata,
        "labels": [_label(each) for each in standing(version, list(version.appraisals.all()))],
    }


def _label(appraisal: Appraisal) -> Mapping[str, Any]:
    expires = appraisal.expires_on
    return {
        "code": CODES.get(appraisal.outcome, ""),
        "indicators": sorted(indicators_of(appraisal)),
        "conditions": appraisal.conditions,
        "expires": expires.isoformat() if expires else "",
    }


def _history(dataset: Dataset) -> Iterable[DatasetVersion]:
    """Return the versions of a dataset that were ever published, oldest first."""
    listed = dataset.versions.filter(lines__release__state=Release.State.PUBLISHED)
    return listed.distinct().order_by("number").prefetch_related("lines__release")


def _listed(version: DatasetVersion) -> Mapping[str, Any]:
    dates = [
        each.release.published_at
        for each in version.lines.all()
        if each.release.state == Release.State.PUBLISHED
    ]
    return {
        "number": version.number,
        "digest": "" if version.is_file_removed else version.digest,
        "reason": version.reason,
        "released_at": min(dates).isoformat(),
        "is_withdrawn": version.state == State.WITHDRAWN,
    }


def _release(release: Release) -> dict[str, Any]:
    lines: Sequence[Any] = sorted(release.lines.all(), key=lambda line: line.version.dataset.slug)
    return {
        "workspace": release.workspace.slug,
        "number": release.number,
        "title": release.title,
        "note": release.note,
        "digest": release.digest,
        "published_at": release.published_at.isoformat(),
        "lines": [
            {
                "dataset": line.version.dataset.slug,
                "number": line.version.number,
                "digest": line.digest,
                "is_withdrawn": line.version.state == State.WITHDRAWN,
            }
            for line in lines
        ],
    }
