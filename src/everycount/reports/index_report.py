"""Turn the result of any index into its page: what was found, how, and from what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from everycount.index.methodology import Methodology
from everycount.index.result import IndexResult
from everycount.model.units import Units
from everycount.reports.edition import Edition, newest
from everycount.reports.index_charts import map_of, strips_of
from everycount.reports.index_page import Area, Band, File, Finding, IndexPage, Stat, index_page
from everycount.reports.index_rows import groupings_of, indicators_of, levels_of, sources_of
from everycount.reports.step_words import step_words
from everycount.reports.wording import both, figure, label, percent, plural


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


def _page(  # noqa: PLR0917 - the arguments of index_report, all there
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
        title=method.title if edition.periods == 1 else f"{method.title}, {edition.period}",
        finding=_finding(edition),
        notice=method.notice,
        stats=_stats(edition, sum(each.mean is not None for each in levels), original, part),
        scale=edition.scale,
        decimals=edition.decimals,
        areas=_ranked(edition, first),
        group_name=label(first) if first else "Region",
        ranking_note=_ranking_note(edition),
        bands=_bands(method),
        not_ranked=_not_ranked(edition),
        map=map_of(edition),
        spread=strips_of(edition, groupings[0], first) if groupings else None,
        groupings=groupings,
        level_name=label(part),
        levels_title=f"{label(part)}s",
        levels=levels,
        levels_note=_levels_note(method, part),
        steps=step_words(method, part=part),
        indicators=indicators_of(edition, original, absent=words.absent),
        sources=sources_of(edition, sources),
        files=files,
        trace=_trace(edition, trace),
    )


def _finding(edition: Edition) -> Finding:
    """Return who leads, and the mean: one sentence, one number."""
    scores, order, ranks = edition.top, edition.order, edition.ranks
    if not order:
        return Finding(before="No area can be ranked: the figures are too few, for all", number="")
    first = [edition.names[k] for k in order if ranks[k] == ranks[order[0]]]
    share = "leads" if len(first) == 1 else "share the first place"
    leaders = both(first) if len(first) <= 3 else f"{first[0]} and {len(first) - 1} others"
    low = " with the lowest score" if edition.result.methodology.ranking.best == "low" else ""
    high = edition.declared[1] if edition.declared else None
    of = f" of {figure(high)}" if high is not None and not low else ""
    return Finding(
        before=f"{leaders} {share}{low}; the mean score of the ranked areas is",
        number=f"{edition.text(float(np.mean(scores[list(order)])))}{of}",
        after=".",
    )


def _stats(
    edition: Edition, scored: int, original: Methodology | None, part: str
) -> tuple[Stat, ...]:
    method, state = edition.result.methodology, edition.result.state
    ranked, areas = len(edition.order), len(edition.rows)
    filled = int((edition.statuses[:, : state.leaf_count] == "imputed").sum())
    of = f"of {len(original.indicators)} in the original" if original else ""
    stats = [
        Stat(
            label="Areas ranked",
            value=f"{ranked:,}",
            note="all of them" if ranked == areas else f"{areas - ranked:,} have too few figures",
        ),
        Stat(label="Indicators", value=str(len(method.indicators)), note=of),
    ]
    groups = len(method.groups) - 1
    if groups:
        stats.append(
            Stat(label=f"{label(part)}s with a score", value=str(scored), note=f"of {groups}")
        )
    figures = int(edition.known.sum())
    filled_in = f"{filled:,} gaps filled in" if filled else "no gaps filled in"
    stats.append(Stat(label="Figures", value=f"{figures:,}", note=filled_in))
    return tuple(stats)


def _ranked(edition: Edition, grouping: str) -> tuple[Area, ...]:
    groups = edition.groups(grouping) if grouping else ("",) * len(edition.rows)
    result = edition.result
    bands = [each.band for each in _banded(edition)]
    ranks = edition.ranks
    return tuple(
        Area(
            unit=edition.units[k],
            name=edition.names[k],
            group=groups[k],
            rank=figure(ranks[k], 6),
            score=float(edition.top[k]),
            band=bands[k],
            figures=int(edition.known[k].sum()),
            of=result.state.leaf_count,
        )
        for k in edition.order
    )
