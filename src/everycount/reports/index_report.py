"""Turn the result of any index into its page: what was found, how, and from what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from everycount.index.methodology import Methodology
from everycount.index.result import IndexResult
from everycount.model.units import Units
from everycount.reports.edition import Edition, newest
from everycount.reports.index_areas import bands_of, not_ranked_of, ranked_of, ranking_note
from everycount.reports.index_charts import map_of, strips_of
from everycount.reports.index_page import File, IndexPage, index_page
from everycount.reports.index_rows import groupings_of, indicators_note, indicators_of, levels_of
from everycount.reports.index_sources import sources_of
from everycount.reports.index_summary import finding_of, levels_note, stats_of, trace_of
from everycount.reports.step_words import step_words
from everycount.reports.wording import label


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a result does not know about itself, in words."""

    part: str = "group"
    """What the groups of the tree are called, such as goal."""
    notes: Mapping[str, str] | None = None
    """Where a grouping of areas comes from, by its column."""
    absent: str = "not part of this method"
    """Why indicators of the original are not in this method."""


def index_report(
    result: IndexResult,
    about: Units,
    *,
    sources: pl.DataFrame | None = None,
    trace: Mapping[str, Any] | None = None,
    files: Sequence[File] = (),
    original: Methodology | None = None,
    words: Words | None = None,
) -> bytes:
    """Return the page of an index as one HTML file that needs nothing else.

    Parameters
    ----------
    result : IndexResult
        What a build found. Of several periods, the newest is shown.
    about : Units
        Names of the units; a unit without a name stands under its code.
    sources : DataFrame, optional
        Series with their licences: columns `source, indicators, producer, title, series, licence`
        and, where known, `licence_url, url, retrieved, note`. Left out: what the method says.
    trace : mapping, optional
        Version of the library and digests of inputs, as they go before the trace of the build.
    files : sequence of File, optional
        Files that stand beside the page.
    original : Methodology, optional
        The method that this one holds a part of; indicators that are only there are listed.
    words : Words, optional
        What the result does not know about itself.

    Returns
    -------
    bytes
        HTML in UTF-8. The same result gives the same bytes.
    """
    words = words or Words()
    edition = newest(result, about)
    return index_page(_page(edition, sources, trace or {}, tuple(files), original, words))


def _page(
    edition: Edition,
    sources: pl.DataFrame | None,
    trace: Mapping[str, Any],
    files: tuple[File, ...],
    original: Methodology | None,
    words: Words,
) -> IndexPage:
    method = edition.result.methodology
    groupings = groupings_of(edition, words.notes or {})
    first = method.averages[0].by if method.averages else ""
    levels = levels_of(edition)
    part = words.part
    return IndexPage(
        title=method.title
        if edition.periods == 1
        else f"{method.title}, figures of {edition.period}",
        finding=finding_of(edition),
        notice=method.notice,
        stats=stats_of(edition, sum(each.mean is not None for each in levels), original, part),
        scale=edition.scale,
        decimals=edition.decimals,
        areas=ranked_of(edition, first),
        group_name=label(first) if first else "Region",
        ranking_note=ranking_note(edition),
        bands=bands_of(method),
        not_ranked=not_ranked_of(edition),
        map=map_of(edition),
        spread=strips_of(edition, groupings[0], first) if groupings else None,
        groupings=groupings,
        level_name=label(part),
        levels_title=f"{label(part)}s",
        levels=levels,
        levels_note=levels_note(method, part),
        steps=step_words(method, part=part),
        indicators=indicators_of(edition, original, absent=words.absent),
        indicators_note=indicators_note(edition),
        sources=sources_of(edition, sources),
        files=files,
        trace=trace_of(edition, trace),
    )
