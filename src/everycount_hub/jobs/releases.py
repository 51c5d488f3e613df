"""Publishing what was embargoed, and comparing versions that were released."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from everycount_hub import comparisons
from everycount_hub.actions import releases
from everycount_hub.actions.files import hold_store
from everycount_hub.jobs import Record, Say
from everycount_hub.models import DatasetVersion, Release
from everycount_hub.queries.datasets import figures, has_figures
from everycount_hub.queries.releases import pair_of

if TYPE_CHECKING:
    from everycount.model.codes import CodeList
    from everycount.repository.compare import Differences

SHOWN = 200
"""Changed cells that are kept; all are counted."""
DIGITS = 10
"""Digits of a change: more than a figure has; the rest is what subtracting leaves over."""


def publish_release(say: Say, *, release: int) -> Record:
    """Publish a release whose embargo has ended; one that was called off stays so."""

    def record() -> Mapping[str, object]:
        published = releases.publish_due(release=Release.objects.get(pk=release))
        return {"release": published.pk, "state": published.state}

    say(0.0, "Publishing")
    return record


def compare_versions(say: Say, *, old: int, new: int) -> Record:
    """Compare two versions of a dataset, unless that was done."""
    # The library takes a second to load; a page or another job does not need it.
    from everycount.repository.compare import compare_versions as compare  # noqa: PLC0415

    before, after = _version(old), _version(new)
    pair = pair_of(before, after)
    found = comparisons.find(pair)
    if found is None:
        count = (before.row_count or 0) + (after.row_count or 0)
        changes = compare(
            figures(before),
            figures(after),
            old_codes=_codes(before),
            new_codes=_codes(after),
            most=SHOWN,
            tell=lambda share: say(share, f"{share * count:,.0f} of {count:,} rows compared"),
        )
        found = _shown(changes)
    comparison = found

    def record() -> Mapping[str, object]:
        hold_store()
        if has_figures(_version(old)) and has_figures(_version(new)):
            comparisons.keep(pair, comparison)
        return dict(comparison.counts)

    return record


def _version(pk: int) -> DatasetVersion:
    rows = DatasetVersion.objects.select_related("dataset").prefetch_related("appraisals")
    return rows.get(pk=pk)


def _codes(version: DatasetVersion) -> "dict[str, CodeList]":
    from everycount.model.codes import Code, CodeList  # noqa: PLC0415

    return {
        component: CodeList(
            id=component,
            codes=tuple(Code(id=code, name=name) for code, name in sorted(names.items())),
        )
        for component, names in version.metadata.get("codes", {}).items()
    }


def _shown(changes: "Differences") -> comparisons.Comparison:
    """Return what pages show: columns in which all rows say the same are left out."""
    revised = changes.revised.with_columns(changes.revised["change"].round_sig_figs(DIGITS))
    always = {"INDICATOR", "REF_AREA", "TIME_PERIOD", *revised.columns[-4:]}
    table = revised.select(
        name for name in revised.columns if name in always or revised[name].n_unique() > 1
    )
    return comparisons.Comparison(
        words=changes.words(),
        counts=dict(changes.counts),
        columns=tuple(table.columns),
        revised=tuple(table.rows()),
        cells=changes.cells,
        codes=tuple(
            {
                "component": each.component,
                "code": each.code,
                "change": each.change,
                "old": each.old,
                "new": each.new,
            }
            for each in changes.codes
        ),
    )
