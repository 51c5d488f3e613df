"""The ranking of an index for a reader: rows with intervals, and who is not ranked, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.index.aggregating import counted_of
from everycount.index.coverage import known_figures, missing_below, status_of
from everycount.index.ranking import band_of
from everycount_hub.portal.indices.opened import Interval
from everycount_hub.portal.indices.spoken import Spoken, Text

LACKS = 12
"""Codes of missing indicators that a row names before it counts the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A row of the ranking."""

    unit: str
    slug: str
    name: str
    rank: str
    place: float
    score: str
    points: float
    interval: str
    bar: SafeString
    band: str
    group: str
    figures: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unranked:
    """A unit without a rank."""

    unit: str
    slug: str
    name: str
    figures: str
    of: str
    reason: str
    lacks: str


def groupings_of(spoken: Spoken) -> list[str]:
    """Return the columns by which the method averages, that are at hand."""
    state = spoken.index.result.state
    asked = dict.fromkeys(each.by for each in spoken.index.result.methodology.averages)
    return [each for each in asked if state.has_grouping(each)]


def ranked_of(spoken: Spoken) -> tuple[Ranked, ...]:
    """Return all ranked units, best first."""
    view = spoken.index.newest
    columns = groupings_of(spoken)
    groups = view.groups(columns[0]) if columns else ("",) * len(view.rows)
    bands = band_of(view.result.state, view.top)
    order = sorted(
        view.order, key=lambda k: (view.ranks[k], spoken.words.sort_key(spoken.unit(view.units[k])))
    )
    places = max([float(view.ranks[k]) for k in order], default=1.0)
    places = max([places, *(each.high for each in spoken.index.intervals.values())])
    of = spoken.count(view.result.state.leaf_count)
    made = []
    for k in order:
        unit, rank = view.units[k], float(view.ranks[k])
        found = spoken.index.intervals.get(unit)
        made.append(
            Ranked(
                unit=unit,
                slug=spoken.index.slugs[unit],
                name=spoken.unit(unit),
                rank=spoken.rank(rank),
                place=rank,
                score=spoken.score(float(view.top[k])),
                points=float(view.top[k]),
                interval=spoken.interval(found) if found else "",
                bar=interval_bar(rank, found, places),
                band=bands[k] or "",
                group=groups[k],
                figures=spoken.count(int(view.known[k].sum())),
                of=of,
            )
        )
    return tuple(made)


def interval_bar(rank: float, found: Interval | None, places: float, tone: str = "1") -> SafeString:
    """Return a rank with its interval as a drawing for a cell; the numbers stand beside it."""

    def at(place: float) -> str:
        return f"{2 + 96 * (place - 1) / max(places - 1, 1):.1f}"

    pale: str = ""
    if found is not None:
        wide = float(at(found.high)) - float(at(found.low))
        pale = format_html(
            '<rect x="{}%" y="36%" width="{:s}%" height="28%" fill="var(--c-{})" opacity=".38"/>',
            at(found.low), f"{max(wide, 0.8):.1f}", tone,
        )  # fmt: skip
    return format_html(
        '<svg class="bar" aria-hidden="true"><rect y="48%" width="100%" height="1" '
        'fill="var(--line)"/>{}<circle cx="{}%" cy="50%" r="4.5" fill="var(--c-{})"/></svg>',
        pale, at(rank), tone,
    )  # fmt: skip


def unranked_of(spoken: Spoken) -> tuple[Unranked, ...]:
    """Return the units without a rank, by name, with the reason and what they lack."""
    view, state = spoken.index.newest, spoken.index.result.state
    rows = [int(view.rows[k]) for k in np.flatnonzero(np.isnan(view.ranks))]
    averages = [int(row) for row in view.unranked]
    reasons = reasons_of(spoken, rows)
    told = [(row, reason) for row, reason in zip(rows, reasons, strict=True)]
    told += [(row, _("An average of other areas: scored, never ranked")) for row in averages]
    lacking = missing_below(state, [spoken.index.top], rows=[row for row, _reason in told])
    known = known_figures(state)
    made = [
        Unranked(
            unit=(unit := state.units[state.row_units[row]]),
            slug=spoken.index.slugs[unit],
            name=spoken.unit(unit),
            figures=spoken.count(int(known[row].sum())),
            of=spoken.count(state.leaf_count),
            reason=reason,
            lacks=codes_listed(spoken, (codes or "").split()),
        )
        for (row, reason), codes in zip(told, lacking, strict=True)
    ]
    return tuple(sorted(made, key=lambda each: spoken.words.sort_key(each.name)))


def codes_listed(spoken: Spoken, codes: Sequence[str]) -> str:
    """Return codes of indicators as a list, cut where it would be long."""
    return spoken.words.listed([spoken.words.isolate(code) for code in codes], LACKS)


def reasons_of(spoken: Spoken, rows: Sequence[int], node: int | None = None) -> list[str]:
    """Return in words why rows have no score at a node, by default at the top."""
    state = spoken.index.result.state
    j = state.tree.top if node is None else node
    statuses = status_of(state)[:, j]
    counted = _counts_groups(spoken, j)
    made = []
    for row in rows:
        status = str(statuses[row])
        if status == "too_few" and state.have is not None and state.asked is not None:
            have, asked = int(state.have[row, j]), int(state.asked[j])
            made.append(_too_few(spoken, have, asked, counted=counted))
        else:
            made.append(_reason(status))
    return made


def _counts_groups(spoken: Spoken, j: int) -> bool:
    state = spoken.index.result.state
    group = state.methodology.groups[j - state.leaf_count]
    return any(part >= state.leaf_count for part in counted_of(state.tree, group, j))


def _too_few(spoken: Spoken, have: int, asked: int, *, counted: bool) -> str:
    if counted:
        said = ngettext(
            "{have} group has a score, {asked} needed",
            "{have} groups have a score, {asked} needed",
            have,
        )
    else:
        said = ngettext(
            "{have} indicator has a figure, {asked} needed",
            "{have} indicators have a figure, {asked} needed",
            have,
        )
    return said.format(have=spoken.count(have), asked=spoken.count(asked))


def _reason(status: str) -> str:
    return {
        "screened_out": _("Left out before scoring: too few figures"),
        "no_data": _("No figure"),
        "incomplete": _("A part that the index cannot do without is missing"),
    }.get(status, _("The method gives it no score"))


def bands_of(spoken: Spoken) -> list[tuple[Text, str]]:
    """Return the bands of the method with their limits, best first."""
    bands = sorted(spoken.index.result.methodology.ranking.bands, key=lambda each: -each.least)
    made = []
    for k, band in enumerate(bands):
        least = spoken.words.significant(band.least)
        if k == 0:
            limits = _("{least} and over").format(least=least)
        else:
            above = spoken.words.significant(bands[k - 1].least)
            limits = _("{least} to under {most}").format(least=least, most=above)
        made.append((spoken.given(band.name), limits))
    return made


def ranking_note(spoken: Spoken) -> str:
    """Return what a unit needs to be ranked."""
    state = spoken.index.result.state
    asked = 0 if state.asked is None else int(state.asked[state.tree.top])
    if asked < 2:
        return ""
    if _counts_groups(spoken, state.tree.top):
        said = _("An area is ranked if it has a score in {asked} groups or more.")
    else:
        said = _("An area is ranked if it has figures for {asked} indicators or more.")
    return said.format(asked=spoken.count(asked))
