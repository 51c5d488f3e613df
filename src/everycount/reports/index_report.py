"""Turn the result of any index into its page: what was found, how, and from what."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from everycount.index.methodology import Methodology
from everycount.index.ranking import band_of
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
    method = edition.result.methodology
    ranked, areas = len(edition.order), len(edition.rows)
    filled = _filled(edition)
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
    bands = band_of(result.state, edition.top)
    ranks = edition.ranks
    return tuple(
        Area(
            unit=edition.units[k],
            name=edition.names[k],
            group=groups[k],
            rank=figure(ranks[k], 6),
            score=float(edition.top[k]),
            band=bands[k] or "",
            figures=int(edition.known[k].sum()),
            of=result.state.leaf_count,
        )
        for k in edition.order
    )


def _not_ranked(edition: Edition) -> tuple[Area, ...]:
    codes = np.array(edition.result.state.columns[: edition.result.state.leaf_count], object)
    rows = sorted(np.flatnonzero(np.isnan(edition.ranks)), key=lambda k: edition.names[k])
    return tuple(
        Area(
            unit=edition.units[k],
            name=edition.names[k],
            figures=int(edition.known[k].sum()),
            of=len(codes),
            reason=_reason(edition, int(k)),
            lacks=tuple(codes[~edition.known[k]]),
        )
        for k in rows
    )


def _reason(edition: Edition, k: int) -> str:
    """Return in words why a row is not ranked."""
    state = edition.result.state
    top, row = state.tree.top, edition.rows[k]
    status = edition.statuses[k, top]
    if status == "too_few":
        assert state.have is not None and state.asked is not None, "an aggregate step counted"
        have, asked = state.have[row, top], state.asked[top]
        return f"{have:.0f} {_counted(edition.result.methodology)}, {asked:.0f} needed"
    if status == "screened_out":
        return f"Left out before scoring: {state.screened[int(row)].partition(': ')[2]}"
    return {
        "no_data": "No figure",
        "incomplete": "A part that the index cannot do without is missing",
    }.get(status, "The method gives it no score")


def _counted(method: Methodology) -> str:
    """Return what the top of the tree counts: its indicators, or its groups."""
    top = next(each for each in method.groups if each.parent is None)
    counts_children = (top.counted or top.of) == "children"
    below = any(each.parent == top.code for each in method.groups)
    return "groups" if counts_children and below else "indicators"


def _ranking_note(edition: Edition) -> str:
    state = edition.result.state
    asked = 0 if state.asked is None else int(state.asked[state.tree.top])
    need = ""
    if asked > 1:
        need = f"An area is ranked if it has {asked} {_counted(edition.result.methodology)}. "
    return f"{need}Small differences say little: read scores in groups, not one by one."


def _bands(method: Methodology) -> tuple[Band, ...]:
    """Return bands with their limits, best first."""
    found = sorted(method.ranking.bands, key=lambda band: -band.least)
    limits = [f"{figure(found[0].least)} and over"] if found else []
    limits += [f"{figure(low.least)} to under {figure(up.least)}" for up, low in pairwise(found)]
    return tuple(Band(name=b.name, limits=text) for b, text in zip(found, limits, strict=True))


def _levels_note(method: Methodology, part: str) -> str:
    """Return the rule that all groups below the top share, and what the counts are."""
    below = [each for each in method.groups if each.parent is not None]
    shares = {each.least for each in below}
    original = "original " if any(each.out_of for each in below) else ""
    said = []
    if len(shares) == 1 and (share := shares.pop()):
        has = f"An area has a score for a {part} where it has figures for at least"
        said.append(f"{has} {percent(share)} of the {original}indicators.")
    if original:
        said.append("Indicators: those of this method, of those in the original.")
    return " ".join(said)


def _trace(edition: Edition, trace: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return what one needs to repeat the build."""
    method = edition.result.methodology
    rows = [("Method", f"{method.id}, version {method.version}")]
    if method.source.citation:
        rows.append(("Published", method.source.citation))
    if method.source.licence:
        rows.append(("Licence of the method", method.source.licence))
    for each in trace.get("inputs", ()):
        rows.append((f"{label(each['role'])} file", f"{each['name']}, SHA-256 {each['sha256']}"))
    if "everycount" in trace:
        rows.append(("Everycount", str(trace["everycount"])))
    counts = edition.result.trace().counts
    touched = [
        f"{plural(count, noun)} {done}"
        for count, noun, done in (
            (_filled(edition), "gap", "filled in"),
            (counts.winsorised, "figure", "winsorised"),
            (counts.transformed, "figure", "transformed"),
            (counts.screened_out, "area", "left out"),
            (counts.indicators_left_out, "indicator", "left out"),
        )
        if count
    ]
    rows.append(("Changed by the method", ", ".join(touched) or "no figure"))
    return tuple(rows)


def _filled(edition: Edition) -> int:
    """Return how many gaps were filled, of indicators and of groups."""
    return int((edition.statuses == "imputed").sum())
