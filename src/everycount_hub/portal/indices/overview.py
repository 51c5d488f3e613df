"""What the page of an index shows, made once for each version and language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.language.language import language
from everycount_hub.contents.index import AUDIT, FIGURES, METHOD, SOURCES, UNITS
from everycount_hub.edition.read import Edition
from everycount_hub.portal.indices import charts, checks, goals, ranking
from everycount_hub.portal.indices.editions import choices_of
from everycount_hub.portal.indices.method_words import method_words
from everycount_hub.portal.indices.opened import addresses, open_index
from everycount_hub.portal.indices.own_weights import weighable
from everycount_hub.portal.indices.sources import citation_of
from everycount_hub.portal.indices.spoken import Spoken
from everycount_hub.portal.indices.units import history_of
from everycount_hub.portal.indices.varied import varied_of
from everycount_hub.portal.indices.verdict import verdict_of

KEPT = 64
"""Indices in a language that are kept worded: some 300 kB each."""
LEADERS = 3
MOVERS = 5
"""Units with the largest gains and losses over the years."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that can be taken away."""

    name: str
    what: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """A unit whose score changed over the years."""

    slug: str
    name: str
    first: str
    last: str
    change: str


@lru_cache(KEPT)
def spoken_of(edition: Edition, slug: str, code: str) -> Spoken:
    """Return an index in a language; its dataset must not be withdrawn."""
    dataset = addresses(edition)[slug]
    return Spoken(
        index=open_index(edition, dataset),
        edition=edition,
        dataset=dataset,
        words=language(code),
        slug=slug,
    )


ranked_of = lru_cache(KEPT)(ranking.ranked_of)
unranked_of = lru_cache(KEPT)(ranking.unranked_of)


def finding_of(spoken: Spoken) -> SafeString:
    """Return who leads, and the mean: one sentence with one number."""
    view = spoken.index.newest
    if not view.order:
        return format_html("{}", _("No area can be ranked: the figures are too few, for all."))
    best = view.ranks[view.order[0]]
    leaders = [view.units[k] for k in view.order if view.ranks[k] == best]
    mean = spoken.score(float(np.mean(view.top[list(view.order)])))
    if spoken.highest:
        number = _("{score} of {highest}").format(score=mean, highest=spoken.highest)
    else:
        number = mean
    if len(leaders) <= LEADERS:
        words = ngettext(
            "In first place: {areas}. The mean score of {count} ranked area is {mean}.",
            "In first place: {areas}. The mean score of {count} ranked areas is {mean}.",
            len(view.order),
        )
    else:
        words = _(
            "In first place: {areas}, all level. The mean score of {count} ranked areas is {mean}."
        )
    return format_html(
        words,
        areas=spoken.listed(leaders, LEADERS),
        count=spoken.count(len(view.order)),
        mean=format_html("<b>{}</b>", number),
    )


@lru_cache(KEPT)
def parts_of(spoken: Spoken) -> Mapping[str, object]:
    """Return the parts of the page that are the same for every question asked of it."""
    means = goals.means_of(spoken)
    levels = goals.goals_of(spoken)
    groupings = goals.groupings_of(spoken, means)
    first = groupings[0] if groupings else None
    return {
        "finding": finding_of(spoken),
        "goals": levels,
        "groupings": groupings,
        "map": charts.map_of(spoken),
        "strips": charts.strips_of(spoken, first) if first else None,
        "heat": charts.heat_of(spoken, means, levels, first) if first and levels else None,
        "trend": _trend(spoken),
        "movers": _movers(spoken),
        "bands": ranking.bands_of(spoken),
        "note": ranking.ranking_note(spoken),
        "files": files_of(spoken),
        "grouping": goals.grouping_title(spoken, first.key) if first else "",
    }


@lru_cache(KEPT)
def said_of(spoken: Spoken) -> Mapping[str, object]:
    """Return what is said of an index in words: verdict, method, what was varied, how to cite."""
    return {
        "verdict": verdict_of(spoken),
        "readings": checks.readings_of(spoken),
        "steps": method_words(spoken),
        "varied": varied_of(spoken),
        "choices": choices_of(spoken.edition, spoken.dataset),
        "has_weights": bool(weighable(spoken.index)),
        "citation": citation_of(spoken),
    }


def _trend(spoken: Spoken) -> charts.Figure | None:
    """Return the mean over all ranked units, and of groups of them, over the years."""
    if not spoken.index.is_panel:
        return None
    table = spoken.index.result.averages()
    top = spoken.index.result.state.tree.codes[spoken.index.top]
    columns = ranking.groupings_of(spoken)
    if not columns:
        return charts.line_of(spoken, [(_("Mean of all areas"), _means(spoken))])
    own = table.filter(node=top, grouping=columns[0])
    rows = []
    for group in dict.fromkeys(own["group"]):
        known = own.filter(group=group).sort("period")
        points = [
            (row["period"], float("nan") if row["score"] is None else row["score"])
            for row in known.iter_rows(named=True)
        ]
        name = _("All areas") if group == "all" else group
        rows.append((name, points))
    # All areas first; of many groups only these stand in the picture, the table has all.
    rows.sort(key=lambda pair: pair[0] != _("All areas"))
    return charts.line_of(spoken, rows)


def _means(spoken: Spoken) -> list[tuple[int, float]]:
    state, result = spoken.index.result.state, spoken.index.result
    made = []
    for period in spoken.index.periods:
        own = (state.row_periods == period) & ~np.isnan(result.ranks[:, spoken.index.top])
        scores = result.score[own]
        made.append((period, float(scores.mean()) if scores.size else float("nan")))
    return made


def _movers(spoken: Spoken) -> tuple[list[Mover], list[Mover]]:
    """Return the largest gains and losses between the first and the last year."""
    if not spoken.index.is_panel:
        return [], []
    found = []
    for unit in spoken.index.result.state.units:
        history = history_of(spoken, unit)
        first, last = history[0], history[-1]
        is_whole = (first[0], last[0]) == (spoken.index.periods[0], spoken.index.periods[-1])
        if is_whole and not np.isnan(last[1] - first[1]):
            found.append((last[1] - first[1], unit, first[1], last[1]))
    found.sort()
    made = [
        Mover(
            slug=spoken.index.slugs[unit],
            name=spoken.unit(unit),
            first=spoken.score(first),
            last=spoken.score(last),
            change=spoken.signed(change),
        )
        for change, unit, first, last in found
    ]
    gains = [each for each, one in zip(made, found, strict=True) if one[0] > 0]
    losses = [each for each, one in zip(made, found, strict=True) if one[0] < 0]
    return gains[::-1][:MOVERS], losses[:MOVERS]


def files_of(spoken: Spoken) -> list[File]:
    """Return the files of the bundle with what each holds."""
    what = {
        METHOD: _("The method: indicators, goalposts, steps"),
        FIGURES: _("The figures that went in"),
        UNITS: _("Names, groups and population of areas"),
        SOURCES: _("Sources with their licences"),
        "scores.csv": _("Scores and ranks of every area, group and indicator"),
        "figures.csv": _("The figure behind every score, with year and source"),
        "data.csv": _("Scores of the indicators, a column each"),
        "averages.csv": _("Means over groups of areas"),
        "group_ranks.csv": _("Ranks within groups of areas"),
        "result.json": _("How the index was built: steps, weights, digests"),
        f"{AUDIT}ranks.csv": _("Intervals of ranks and scores"),
        f"{AUDIT}pairs.csv": _("How often one area leads another"),
        f"{AUDIT}acceptability.csv": _("Share of the builds at each rank"),
        f"{AUDIT}choices.csv": _("What each choice alone does"),
        f"{AUDIT}left_out.csv": _("What leaving out each part does"),
        f"{AUDIT}sensitivity.csv": _("Where the variation of ranks comes from"),
        f"{AUDIT}coherence.csv": _("Correlations and other statistics of the parts"),
        f"{AUDIT}verdict.json": _("The verdict with every finding and limit, in English"),
    }
    order = list(what)
    names = sorted(
        spoken.index.files, key=lambda name: (order.index(name) if name in what else 99, name)
    )
    return [
        File(name=name, what=what.get(name, ""), size=_size(spoken, len(spoken.index.files[name])))
        for name in names
    ]


def _size(spoken: Spoken, count: int) -> str:
    return _("{size} kB").format(size=spoken.count(max(1, round(count / 1000))))


def address_of_area(spoken: Spoken, unit: str) -> str:
    """Return where the profile of an area is; empty where the portal has none."""
    entry = spoken.edition.areas.get(unit.lower()) or spoken.edition.area_by_code.get(unit)
    if entry is None or unit not in (entry.iso3, entry.code):
        return ""
    try:
        return reverse("portal:area", args=[entry.slug])
    except NoReverseMatch:
        return ""
