"""Reading releases: which a person may see, and what changed from one to another."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from everycount_hub import comparisons
from everycount_hub.models import DatasetVersion, Job, Release, ReleaseVersion, Workspace
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.queries.datasets import Reader, has_figures

COMPARE = "compare_versions"
"""The job that compares two versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetChange:
    """What became of one dataset from one release to another."""

    slug: str
    title: str
    old: DatasetVersion | None
    new: DatasetVersion | None
    pair: comparisons.Pair | None = None
    """What is compared; None if there are no two versions with figures."""
    comparison: comparisons.Comparison | None = None
    """None if there is nothing to compare, or it was not compared yet."""
    job: Job | None = None
    """The job that compares them, or could not."""
    metadata: tuple[tuple[str, str, str], ...] = ()
    """Name, old and new text of what is said of the figures and changed."""

    @property
    def is_missing(self) -> bool:
        """Whether there should be a comparison, and neither is one nor was one asked for."""
        return self.pair is not None and self.comparison is None and self.job is None

    @property
    def is_stopped(self) -> bool:
        """Whether the job that compares them failed or was cancelled."""
        return self.job is not None and self.job.state in {Job.State.FAILED, Job.State.CANCELLED}

    @property
    def percent(self) -> int:
        """How far the job is."""
        return round(100 * self.job.progress) if self.job is not None else 0

    @property
    def is_lost(self) -> bool:
        """Whether figures were there that are no longer kept."""
        both = (self.old, self.new)
        return any(each is not None and each.is_file_removed for each in both)


def releases_seen(workspace: Workspace, user: Reader) -> QuerySet[Release]:
    """Return the releases of a workspace a person may see, newest first.

    Before its time a release is seen only by those who may see figures that are not released.
    """
    releases = Release.objects.filter(workspace=workspace).select_related("workspace", "made_by")
    if has_permission(user, Permission.DATASET_VIEW_UNRELEASED, workspace=workspace):
        return releases
    if workspace.is_public or has_permission(user, Permission.DATASET_VIEW, workspace=workspace):
        return releases.filter(state=Release.State.PUBLISHED)
    return releases.none()


def versions_of(release: Release) -> list[DatasetVersion]:
    """Return the versions of a release, by the short names of their datasets."""
    versions = DatasetVersion.objects.filter(lines__release=release)
    found = versions.select_related("dataset__workspace").prefetch_related("appraisals")
    return list(found.order_by("dataset__slug"))


def compare(old: Release, new: Release) -> tuple[DatasetChange, ...]:
    """Return what changed from an old release to a new one, as far as it was compared.

    A dataset that only one of them lists is named with its one version.
    """
    before = {each.dataset.slug: each for each in versions_of(old)}
    after = {each.dataset.slug: each for each in versions_of(new)}
    couples = {slug: (before.get(slug), after.get(slug)) for slug in sorted({*before, *after})}
    pairs = {slug: _pair(*couple) for slug, couple in couples.items()}
    made = {slug: pair and comparisons.find(pair) for slug, pair in pairs.items()}
    jobs = _jobs(pair.key for slug, pair in pairs.items() if pair and not made[slug])
    return tuple(
        DatasetChange(
            slug=slug,
            title=str((after.get(slug) or before[slug]).dataset),
            old=one,
            new=other,
            pair=pairs[slug],
            comparison=made[slug],
            job=jobs.get(pair.key) if (pair := pairs[slug]) else None,
            metadata=_metadata_changes(one, other) if one and other else (),
        )
        for slug, (one, other) in couples.items()
    )


def pair_of(old: DatasetVersion, new: DatasetVersion) -> comparisons.Pair:
    """Return what the comparison of two versions depends on."""
    said = [
        {
            "labels": [
                [each.outcome, sorted(each.form.get("indicators", ()))]
                for each in version.appraisals.all()
            ],
            "codes": version.metadata.get("codes", {}),
        }
        for version in (old, new)
    ]
    text = json.dumps(said, sort_keys=True)
    return comparisons.Pair(
        old=old.digest, new=new.digest, about=hashlib.sha256(text.encode()).hexdigest()
    )


def _pair(old: DatasetVersion | None, new: DatasetVersion | None) -> comparisons.Pair | None:
    if old is None or new is None or old.pk == new.pk:
        return None
    return pair_of(old, new) if has_figures(old) and has_figures(new) else None


def _jobs(keys: Iterable[str]) -> dict[str, Job]:
    """Return the newest job about each comparison that is not there; none that has ended well."""
    jobs = Job.objects.filter(kind=COMPARE, key__in=list(keys)).order_by("pk")
    newest = {each.key: each for each in jobs}
    return {key: each for key, each in newest.items() if each.state != Job.State.DONE}


def _metadata_changes(old: DatasetVersion, new: DatasetVersion) -> tuple[tuple[str, str, str], ...]:
    """Return what is said of the figures and differs: structure, origins, notes of reading."""
    before, after = _said(old), _said(new)
    names = dict.fromkeys([*before, *after])
    return tuple(
        (name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    )


def _said(version: DatasetVersion) -> dict[str, str]:
    metadata = version.metadata
    said = {"structure": str(metadata.get("structure", ""))}
    for number, origin in enumerate(metadata.get("origins", []), start=1):
        # Databases keep the keys of JSON in orders of their own.
        said |= {f"origin {number}, {name}": str(origin[name]) for name in sorted(origin)}
    said["notes"] = "; ".join(metadata.get("notes", []))
    return said


def lines_of(release: Release) -> list[ReleaseVersion]:
    """Return the lines of a release, each with its version, by the names of the datasets."""
    lines = release.lines.select_related("version__dataset__workspace", "version__withdrawn_by")
    return list(lines.order_by("version__dataset__slug"))


def before(release: Release, seen: QuerySet[Release]) -> Release | None:
    """Return the published release before one, among those a person sees."""
    published = seen.filter(number__lt=release.number, state=Release.State.PUBLISHED)
    return published.order_by("-number").first()


def releasable(workspace: Workspace) -> QuerySet[DatasetVersion]:
    """Return the versions that a release may list."""
    states = [DatasetVersion.State.APPROVED, DatasetVersion.State.RELEASED]
    versions = DatasetVersion.objects.filter(dataset__workspace=workspace, state__in=states)
    return versions.select_related("dataset__workspace").order_by("dataset__slug", "-number")
