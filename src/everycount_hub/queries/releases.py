"""Reading releases: which a person may see, and what changed from one to another."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from everycount_hub.models import DatasetVersion, Release, ReleaseVersion, Workspace
from everycount_hub.permissions import Permission, has_permission
from everycount_hub.queries.datasets import Reader, figures, has_figures

if TYPE_CHECKING:
    import polars as pl

    from everycount.repository.compare import Differences

SHOWN = 200
"""Changed cells on a page; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DatasetChange:
    """What became of one dataset from one release to another."""

    slug: str
    title: str
    old: DatasetVersion | None
    new: DatasetVersion | None
    differences: "Differences | None" = None
    """None if the versions are one and the same, or one of them is absent or not kept."""
    metadata: tuple[tuple[str, str, str], ...] = ()
    """Name, old and new text of what is said of the figures and changed."""

    @property
    def columns(self) -> list[str]:
        """The columns of `revised`: those of the key that differ between its rows, and the rest."""
        table = self._shown()
        return table.columns if table is not None else []

    @property
    def revised(self) -> list[tuple[object, ...]]:
        """The first cells that have another value, as a page shows them."""
        table = self._shown()
        return table.rows() if table is not None else []

    def _shown(self) -> "pl.DataFrame | None":
        if self.differences is None:
            return None
        # Ten digits are more than a figure has; the rest is what subtracting leaves over.
        revised = self.differences.revised.head(SHOWN)
        table = revised.with_columns(revised["change"].round_sig_figs(10))
        always = {"INDICATOR", "REF_AREA", "TIME_PERIOD", *table.columns[-4:]}
        return table.select(
            name for name in table.columns if name in always or table[name].n_unique() > 1
        )


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
    return list(versions.select_related("dataset__workspace").order_by("dataset__slug"))


def compare(old: Release, new: Release) -> tuple[DatasetChange, ...]:
    """Return what changed from an old release to a new one: values, metadata and codes.

    A dataset that only one of them lists is named with its one version.
    """
    before = {each.dataset.slug: each for each in versions_of(old)}
    after = {each.dataset.slug: each for each in versions_of(new)}
    return tuple(
        _change(slug, before.get(slug), after.get(slug)) for slug in sorted({*before, *after})
    )


def compare_versions(old: DatasetVersion, new: DatasetVersion) -> "Differences":
    """Return what changed from one version of a dataset to another.

    Raises
    ------
    NotFound
        If the file of one was removed.
    """
    # The library is loaded when figures are compared, not when the hub starts.
    from everycount.model.codes import Code, CodeList  # noqa: PLC0415
    from everycount.repository.compare import compare_versions as changes  # noqa: PLC0415

    codes = [
        {
            component: CodeList(
                id=component,
                codes=tuple(Code(id=code, name=name) for code, name in sorted(names.items())),
            )
            for component, names in version.metadata.get("codes", {}).items()
        }
        for version in (old, new)
    ]
    return changes(figures(old), figures(new), old_codes=codes[0], new_codes=codes[1])


def _change(slug: str, old: DatasetVersion | None, new: DatasetVersion | None) -> DatasetChange:
    known = new or old
    title = str(known.dataset) if known else slug
    if old is None or new is None or old.pk == new.pk:
        return DatasetChange(slug=slug, title=title, old=old, new=new)
    kept = has_figures(old) and has_figures(new)
    return DatasetChange(
        slug=slug,
        title=title,
        old=old,
        new=new,
        differences=compare_versions(old, new) if kept else None,
        metadata=_metadata_changes(old, new),
    )


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
