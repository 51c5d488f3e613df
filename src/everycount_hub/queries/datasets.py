"""Reading datasets and their versions: who may see which, and what is in them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.db.models import OuterRef, Q, QuerySet, Subquery

from everycount.errors import NotFound
from everycount_hub import store
from everycount_hub.models import Dataset, DatasetVersion, Release, User, Workspace
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.queries.appraisals import expired_among, labelled

Reader = User | AnonymousUser
"""Who asks."""
State = DatasetVersion.State
WAS_PUBLISHED = Q(lines__release__state="published")
"""What the public may know of: a version, or its tombstone, once a release with it came out."""

ALWAYS = ("INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE")
"""Columns that are shown even where all rows have the same in them."""
TOTAL = "_T"
"""The code of the total, which breakdowns hold that do not apply. SDMX Code List Guidelines."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Slice:
    """Some rows of a version as a page shows them."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    same: tuple[tuple[str, object], ...]
    """Columns that hold one value in all these rows, and the value. Totals are left out."""
    is_cut: bool


def datasets_seen(workspace: Workspace, user: Reader) -> list[Dataset]:
    """Return the datasets of a workspace a person may know of, each with its newest version seen.

    The version is in `newest`, None if there is none yet; `has_expired` tells whether its
    appraisal has.
    """
    seen = versions_seen(workspace, user)
    newest = seen.filter(dataset=OuterRef("pk")).order_by("-number").values("pk")[:1]
    datasets = Dataset.objects.filter(workspace=workspace).select_related("workspace", "producer")
    if not has_permission(user, Permission.DATASET_VIEW_UNRELEASED, workspace=workspace):
        known = Q(pk__in=seen.values("dataset"))
        if user.is_authenticated:
            known |= Q(created_by=user)
        datasets = datasets.filter(known)
    found = list(datasets.annotate(newest_key=Subquery(newest)))
    by_key = seen.in_bulk([each.newest_key for each in found if each.newest_key])
    expired = expired_among(by_key.values())
    for each in found:
        each.newest = by_key.get(each.newest_key)
        each.has_expired = each.newest_key in expired
    return found


def versions_seen(workspace: Workspace, user: Reader) -> QuerySet[DatasetVersion]:
    """Return the versions of a workspace a person may see.

    What was published is seen by all if the workspace is public, else by its readers. Anything
    else, embargoed figures among it, is seen by those with the permission and by its author.
    """
    versions = DatasetVersion.objects.filter(dataset__workspace=workspace).select_related(
        "dataset__workspace", "author", "submitted_by", "approved_by", "withdrawn_by"
    )
    if has_permission(user, Permission.DATASET_VIEW_UNRELEASED, workspace=workspace):
        return versions
    allowed = Q(pk__in=[])
    if workspace.is_public or has_permission(user, Permission.DATASET_VIEW, workspace=workspace):
        allowed |= Q(pk__in=DatasetVersion.objects.filter(WAS_PUBLISHED).values("pk"))
    if user.is_authenticated:
        allowed |= Q(author=user) | Q(submitted_by=user)
    return versions.filter(allowed)


def has_figures(version: DatasetVersion) -> bool:
    """Tell whether the figures of a version can be read."""
    return version.dataset.has_figures and bool(version.digest) and not version.is_file_removed


def narrowed(version: DatasetVersion, where: Mapping[str, str | Sequence[str]]) -> pl.LazyFrame:
    """Return the figures of a version with given codes, to be read part by part, with their label.

    Raises
    ------
    NotFound
        If its file was removed.
    """
    table = figures(version)
    for name, codes in where.items():
        given = [codes] if isinstance(codes, str) else list(codes)
        table = table.filter(pl.col(name).is_in(given))
    return table


def rows_of(
    version: DatasetVersion,
    where: Mapping[str, str | Sequence[str]],
    *,
    limit: int = 200,
    skip: int = 0,
) -> Slice:
    """Return some rows of a version with given codes, as far as columns tell rows apart.

    Raises
    ------
    NotFound
        If its file was removed.
    """
    table = narrowed(version, where).slice(skip, limit + 1).collect()
    shown = table.head(limit)
    varying = [name for name in table.columns if name in ALWAYS or shown[name].n_unique() > 1]
    firsts = ((name, shown[name].first()) for name in table.columns if name not in varying)
    return Slice(
        columns=tuple(varying),
        rows=shown.select(varying).rows(),
        same=tuple((name, value) for name, value in firsts if value not in {None, TOTAL}),
        is_cut=table.height > limit,
    )


def last_released(version: DatasetVersion) -> DatasetVersion | None:
    """Return the newest released version before one of the same dataset."""
    before = DatasetVersion.objects.filter(
        dataset=version.dataset_id, number__lt=version.number, state=State.RELEASED
    )
    return before.order_by("-number").first()


def frameworks_known() -> list[str]:
    """Return the indicator sets that figures may name, as ID@VERSION: shipped and released."""
    from everycount.io.frameworks import shipped_frameworks  # noqa: PLC0415 - reads many files

    own = DatasetVersion.objects.filter(
        dataset__content=Dataset.Content.FRAMEWORK, state=State.RELEASED
    )
    named = {each.metadata["reference"] for each in own.only("metadata")}
    return sorted({*named, *(each.reference for each in shipped_frameworks())})


def named_files() -> Iterator[Path]:
    """Yield the files of the store that a version names, a file once for each."""
    rows = DatasetVersion.objects.filter(is_file_removed=False).select_related("dataset")
    for each in rows.order_by("pk").iterator():
        yield store.source_path(each.source, each.source_name)
        if each.digest:
            yield store.kept_path(each.digest, is_table=each.dataset.has_figures)


def figures(version: DatasetVersion) -> pl.LazyFrame:
    """Return all figures of a version to be read part by part, with their appraisals' label.

    Raises
    ------
    NotFound
        If its file was removed.
    """
    if not has_figures(version):
        raise NotFound(f"the figures of “{version}” are not kept")
    return labelled(store.scan(version.digest), version)


def releases_of(version: DatasetVersion, user: Reader) -> list[Release]:
    """Return the releases with a version that a person may know of, newest first."""
    releases = Release.objects.filter(lines__version=version).select_related("workspace")
    workspace = version.dataset.workspace
    if not has_permission(user, Permission.DATASET_VIEW_UNRELEASED, workspace=workspace):
        releases = releases.filter(state=Release.State.PUBLISHED)
    return list(releases.order_by("-number"))
