"""What changed from one published release to the next."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from everycount.language.language import Language
from everycount.model.observation import INDICATOR
from everycount_hub.comparisons import Comparison
from everycount_hub.edition.nouns import PublishedDataset, PublishedRelease
from everycount_hub.edition.read import Edition
from everycount_hub.models import Release
from everycount_hub.portal.naming import Named, named
from everycount_hub.queries.releases import DatasetChange, compare

CELLS = 20
"""Changed figures of a dataset that the page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of a dataset."""

    dataset: PublishedDataset | None
    title: Named
    slug: str
    kind: str
    """new, gone, same, changed."""
    old: int | None
    new: int | None
    counts: tuple[tuple[str, int], ...] = ()
    columns: tuple[str, ...] = ()
    cells: tuple[tuple[object, ...], ...] = ()
    beyond: int = 0
    is_compared: bool = False
    is_waiting: bool = False
    is_withdrawn: bool = False


def before(edition: Edition, release: PublishedRelease) -> PublishedRelease | None:
    """Return the release of the same country or network before a release."""
    older = (
        each
        for each in edition.releases
        if each.workspace == release.workspace and each.number < release.number
    )
    return max(older, key=lambda each: each.number, default=None)


def changes_of(
    edition: Edition, release: PublishedRelease, old: PublishedRelease, words: Language
) -> tuple[Change, ...]:
    """Return what changed from an old release to a new one; both are of the edition.

    Comparisons are made by jobs after a release. One that is not there yet is told as waiting.
    """
    rows = {
        each.number: each
        for each in Release.objects.filter(
            workspace__slug=release.workspace,
            number__in=[release.number, old.number],
            state=Release.State.PUBLISHED,
        )
    }
    if len(rows) < 2:
        return ()
    every = compare(rows[old.number], rows[release.number])
    gone = _withdrawn(old) | _withdrawn(release)
    return tuple(_change(edition, release, each, gone, words) for each in every)


def _withdrawn(release: PublishedRelease) -> set[tuple[str, int]]:
    return {(each.dataset, each.number) for each in release.lines if each.is_withdrawn}


def _change(
    edition: Edition,
    release: PublishedRelease,
    change: DatasetChange,
    gone: set[tuple[str, int]],
    words: Language,
) -> Change:
    dataset = edition.datasets.get(f"{release.workspace}/{change.slug}")
    old = change.old.number if change.old else None
    new = change.new.number if change.new else None
    is_withdrawn = any((change.slug, each) in gone for each in (old, new) if each is not None)
    found = None if is_withdrawn else change.comparison
    cells = _shown_cells(found, dataset)[:CELLS] if found else ()
    return Change(
        dataset=dataset,
        title=named(dataset.titles, words) if dataset else Named(text=change.slug),
        slug=change.slug,
        kind=_kind(old, new),
        old=old,
        new=new,
        counts=_counts(found.counts) if found else (),
        columns=found.columns if found else (),
        cells=cells,
        beyond=max(0, found.cells - len(cells)) if found else 0,
        is_compared=found is not None,
        is_waiting=change.pair is not None and found is None and not is_withdrawn,
        is_withdrawn=is_withdrawn,
    )


def _shown_cells(
    found: Comparison, dataset: PublishedDataset | None
) -> tuple[tuple[object, ...], ...]:
    """Return the changed figures that may be shown: no declined ones of third parties."""
    if dataset is None or INDICATOR not in found.columns:
        return ()
    place = found.columns.index(INDICATOR)
    return tuple(row for row in found.revised if dataset.shows(str(row[place])))


def _kind(old: int | None, new: int | None) -> str:
    if old is None:
        return "new"
    if new is None:
        return "gone"
    return "same" if old == new else "changed"


def _counts(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    said = {
        "added": _("added"),
        "removed": _("removed"),
        "values": _("with another value"),
        "attributes": _("with other attributes"),
        "unchanged": _("unchanged"),
        "codes": _("codes with another name"),
    }
    return tuple((words, counts[name]) for name, words in said.items() if counts.get(name))
