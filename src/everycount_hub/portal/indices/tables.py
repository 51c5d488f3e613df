"""Tables of index pages: groups by unit, indicators with goalposts, neighbours in the ranking."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import polars as pl
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from everycount.charts.map_classes import classify
from everycount.index.coverage import known_figures
from everycount.index.weighting import effective_weights
from everycount.reports.edition import round_breaks
from everycount_hub.portal.indices.goals import groups_below
from everycount_hub.portal.indices.overview import ranked_of, unranked_of
from everycount_hub.portal.indices.spoken import COLOURS, Spoken, Text, classes_of
from everycount_hub.portal.indices.units import post_words, source_words


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator with its goalposts."""

    code: str
    name: Text
    slug: str
    group: Text
    unit: Text
    worst: str
    best: str
    basis: Text
    basis_kind: str
    weight: str
    """Share of the index by its weight."""
    areas: str
    years: str
    source: Text
    note: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Two units next to one another in the ranking."""

    first: str
    first_unit: str
    second: str
    second_unit: str
    ranks: str
    first_leads: str
    ties: str
    second_leads: str
    told_apart: bool


@lru_cache(32)
def goal_matrix(spoken: Spoken) -> Mapping[str, object]:
    """Return the scores of ranked units in the groups, each with a mark of its class."""
    view = spoken.index.newest
    below = [k for k, _depth in groups_below(spoken) if not np.isnan(view.scores(k)).all()]
    codes = [view.result.state.tree.codes[k] for k in below]
    known = [score for k in below for score in view.scores(k) if not np.isnan(score)]
    breaks = round_breaks(known) if known else ()
    rows = []
    for each in ranked_of(spoken):
        k = spoken.index.place[each.unit]
        cells = [_cell(spoken, float(view.scores(node)[k]), breaks) for node in below]
        rows.append((each, cells))
    return {
        "heads": [spoken.node(code) for code in codes],
        "rows": rows,
        "classes": classes_of(spoken, breaks),
    }


def _cell(spoken: Spoken, score: float, breaks: tuple[float, ...]) -> SafeString:
    if np.isnan(score):
        return SafeString('<td class="num miss">–</td>')
    colour = COLOURS - len(breaks) + classify(score, breaks)
    return format_html(
        '<td class="num"><svg class="key" aria-hidden="true"><rect width="100%" height="100%" '
        'fill="var(--q-{})"/></svg> {}</td>',
        colour, spoken.score(score),
    )  # fmt: skip


def matrix_table(spoken: Spoken) -> pl.DataFrame:
    """Return the scores of all units in the groups as a table with whole numbers."""
    table = spoken.index.result.scores()
    period = spoken.index.newest.period or None
    tree = spoken.index.result.state.tree
    above = tree.codes[tree.indicators :]
    own = table.filter(pl.col("period").eq_missing(period), pl.col("node").is_in(above))
    return own.select("unit", "node", "score", "rank", "status")


@lru_cache(32)
def indicators_of(spoken: Spoken) -> list[IndicatorRow]:
    """Return a row for each indicator, in the order of the tree."""
    state, view = spoken.index.result.state, spoken.index.newest
    shares = effective_weights(state)
    known = known_figures(state)[view.rows]
    order = [state.tree.codes[k] for k, _depth in groups_below(spoken)]
    kinds = {
        "official": _("Agreed target"),
        "ideal": _("Set by the index"),
        "observed": _("From the figures"),
    }
    made = []
    for j, each in enumerate(state.methodology.indicators):
        years = view.years[:, j][view.years[:, j] > 0]
        entry = spoken.indicator(each.code)
        row = IndicatorRow(
            code=each.code,
            name=spoken.node(each.code),
            slug=entry.slug if entry else "",
            group=spoken.node(each.parent),
            unit=spoken.given(each.unit),
            worst=post_words(spoken, each.worst),
            best=post_words(spoken, each.best),
            basis=spoken.given(each.basis),
            basis_kind=kinds.get(each.basis_kind, ""),
            weight="" if np.isnan(shares[j]) else spoken.words.percent(100 * float(shares[j]), 1),
            areas=spoken.count(int(known[:, j].sum())),
            years=_span(years),
            source=source_words(spoken, "", each.source),
            note=spoken.given(each.note),
        )
        place = order.index(each.parent) if each.parent in order else -1
        made.append((place, j, row))
    return [row for _place, _j, row in sorted(made, key=lambda one: one[:2])]


def _span(years: np.ndarray) -> str:
    if not years.size:
        return ""
    first, last = int(years.min()), int(years.max())
    return str(first) if first == last else _("{low}–{high}").format(low=first, high=last)


@lru_cache(32)
def neighbours_of(spoken: Spoken) -> list[Neighbours]:
    """Return the pairs next to one another in the ranking, with how often either leads."""
    ranked = ranked_of(spoken)
    made = []
    for first, second in pairwise(ranked):
        lead = spoken.index.lead(first.unit, second.unit)
        if lead is not None:
            made.append(
                Neighbours(
                    first=first.name,
                    first_unit=first.unit,
                    second=second.name,
                    second_unit=second.unit,
                    ranks=spoken.words.listed([first.rank, second.rank]),
                    first_leads=spoken.words.percent(100 * lead.first, 0),
                    ties=spoken.words.percent(100 * lead.ties, 0),
                    second_leads=spoken.words.percent(100 * lead.second, 0),
                    told_apart=lead.told_apart,
                )
            )
    return made


@lru_cache(32)
def ranking_table(spoken: Spoken) -> pl.DataFrame:
    """Return the ranking and who is not ranked as a table with whole numbers."""
    index, view = spoken.index, spoken.index.newest
    rows: list[tuple[object, ...]] = []
    for each in ranked_of(spoken):
        found = index.intervals.get(each.unit)
        k = index.place[each.unit]
        rows.append(
            (
                each.unit, each.name, float(view.ranks[k]), float(view.top[k]),
                found.low if found else None, found.high if found else None,
                int(view.known[k].sum()), view.result.state.leaf_count, each.group, None,
            )
        )  # fmt: skip
    known = known_figures(view.result.state)
    for one in unranked_of(spoken):
        row = index.row(one.unit)
        score = float(index.result.score[row])
        rows.append(
            (
                one.unit, one.name, None, None if np.isnan(score) else score, None, None,
                int(known[row].sum()), view.result.state.leaf_count, None, one.reason,
            )
        )  # fmt: skip
    kinds = {
        "unit": pl.String, "name": pl.String, "rank": pl.Float64, "score": pl.Float64,
        "rank_low": pl.Float64, "rank_high": pl.Float64, "figures": pl.Int64,
        "indicators": pl.Int64, "group": pl.String, "not_ranked_because": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=kinds, orient="row")
