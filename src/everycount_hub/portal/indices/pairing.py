"""Two units of an index beside one another, and how often one leads."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from everycount_hub.portal.indices.goals import groups_below
from everycount_hub.portal.indices.spoken import Spoken, Text

LABELS: dict[str, Callable[[], str]] = {
    "tag-good": lambda: _("Told apart"),
    "tag-warn": lambda: _("Not told apart"),
    "tag-bad": lambda: _("Against the ranking"),
    "tag-info": lambda: _("Nothing to tell"),
}
"""What the audit says of a pair, by the class of its tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two units."""

    unit: str
    slug: str
    name: str
    score: str
    rank: str
    place: float
    """NaN where it has no rank."""
    interval: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One group or indicator of both."""

    code: str
    name: Text
    depth: int
    first: str
    second: str
    first_value: str
    second_value: str
    first_points: float | None
    second_points: float | None
    difference: str
    is_first: bool
    """Whether the first is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """Two units, what the audit says of them, and their parts."""

    first: Side
    second: Side
    sentence: str
    reading: str
    tag: str
    label: str
    groups: tuple[Line, ...]
    indicators: tuple[Line, ...]


def pairing_of(spoken: Spoken, one: str, other: str) -> Pairing:
    """Return two units side by side."""
    first, second = _side(spoken, one), _side(spoken, other)
    sentence, reading, tag = _said(spoken, first, second)
    state = spoken.index.result.state
    groups = [(state.tree.top, 0), *groups_below(spoken)]
    return Pairing(
        first=first,
        second=second,
        sentence=sentence,
        reading=reading,
        tag=tag,
        label=LABELS[tag](),
        groups=tuple(_line(spoken, one, other, k, depth) for k, depth in groups),
        indicators=tuple(_line(spoken, one, other, j, 1) for j in range(state.leaf_count)),
    )


def _side(spoken: Spoken, unit: str) -> Side:
    index = spoken.index
    row = index.row(unit)
    score = float(index.result.state.values[row, index.top])
    rank = float(index.result.ranks[row, index.top])
    interval = index.intervals.get(unit)
    return Side(
        unit=unit,
        slug=index.slugs[unit],
        name=spoken.unit(unit),
        score="" if np.isnan(score) else spoken.score(score),
        rank="" if np.isnan(rank) else spoken.rank(rank),
        place=rank,
        interval=spoken.interval(interval) if interval else "",
    )


def _said(spoken: Spoken, first: Side, second: Side) -> tuple[str, str, str]:
    """Return what ranks say, what the builds say of it, and the tag of that."""
    isolate = spoken.words.isolate
    if first.unit == second.unit:
        return _("These are the same area."), _("Choose two areas."), "tag-info"
    unranked = [each for each in (first, second) if np.isnan(each.place)]
    if unranked:
        names = spoken.listed([each.unit for each in unranked])
        words = _("No rank: {areas}.").format(areas=names)
        return words, _("Compare what is known of both below."), "tag-info"
    words = _("{first}: rank {rank}, score {score}. {second}: rank {other_rank}, score "
              "{other_score}.")  # fmt: skip
    sentence = words.format(
        first=isolate(first.name),
        rank=first.rank,
        score=first.score,
        second=isolate(second.name),
        other_rank=second.rank,
        other_score=second.score,
    )
    lead = spoken.index.lead(first.unit, second.unit)
    if lead is None:
        return sentence, _untested(spoken, first, second), "tag-warn"
    ahead = first if lead.first >= lead.second else second
    values = {
        "area": isolate(ahead.name),
        "share": spoken.share(round(max(lead.first, lead.second), 3)),
        "builds": spoken.count(lead.builds),
    }
    if not lead.told_apart:
        words = _(
            "{area} leads in {share} of the {builds} builds in which both have a score: too few to "
            "say that one is ahead of the other."
        )
        return sentence, words.format(**values), "tag-warn"
    in_order = (ahead is first) == (first.place < second.place)
    words = (
        _(
            "{area} leads in {share} of the {builds} builds in which both have a score: it may be "
            "said to be ahead."
        )
        if in_order
        else _(
            "{area} leads in {share} of the {builds} builds in which both have a score, although "
            "its published rank is not the better one."
        )
    )
    return sentence, words.format(**values), "tag-good" if in_order else "tag-bad"


def _untested(spoken: Spoken, first: Side, second: Side) -> str:
    known = spoken.index.intervals
    one, other = known.get(first.unit), known.get(second.unit)
    if one is None or other is None:
        return _("The audit did not compare this pair, so nothing is said of which is ahead.")
    values = {"interval": first.interval, "other": second.interval}
    if one.low <= other.high and other.low <= one.high:
        words = _(
            "The audit did not compare this pair. The intervals of their ranks, {interval} and "
            "{other}, overlap: which is ahead is not settled."
        )
    else:
        words = _(
            "The audit did not compare this pair. The intervals of their ranks, {interval} and "
            "{other}, do not overlap, which is a weaker sign than a comparison."
        )
    return words.format(**values)


def _line(spoken: Spoken, one: str, other: str, j: int, depth: int) -> Line:
    index = spoken.index
    state = index.result.state
    rows = (index.row(one), index.row(other))
    scores = [float(state.values[row, j]) for row in rows]
    values = ["", ""]
    if j < state.leaf_count:
        assert state.observed is not None, "build observes before it returns"
        values = [_value(spoken, float(state.observed[row, j]), int(state.years[row, j]))
                  for row in rows]  # fmt: skip
    gap = scores[0] - scores[1]
    return Line(
        code=state.tree.codes[j],
        name=spoken.node(state.tree.codes[j]),
        depth=depth,
        first="" if np.isnan(scores[0]) else spoken.score(scores[0]),
        second="" if np.isnan(scores[1]) else spoken.score(scores[1]),
        first_value=values[0],
        second_value=values[1],
        first_points=None if np.isnan(scores[0]) else scores[0],
        second_points=None if np.isnan(scores[1]) else scores[1],
        difference="" if np.isnan(gap) else spoken.signed(gap),
        is_first=gap > 0,
    )


def _value(spoken: Spoken, value: float, year: int) -> str:
    if np.isnan(value):
        return ""
    number = spoken.words.significant(value, 4)
    return _("{figure} ({year})").format(figure=number, year=year) if year > 0 else number


def pair_table(pairing: Pairing) -> pl.DataFrame:
    """Return all lines as a table with whole numbers."""
    lines = (*pairing.groups, *pairing.indicators)
    return pl.DataFrame(
        {
            "node": [each.code for each in lines],
            "name": [each.name.text for each in lines],
            pairing.first.unit: [each.first_points for each in lines],
            pairing.second.unit: [each.second_points for each in lines],
        }
        if pairing.first.unit != pairing.second.unit
        else {
            "node": [each.code for each in lines],
            pairing.first.unit: [each.first_points for each in lines],
        },
        schema_overrides={pairing.first.unit: pl.Float64, pairing.second.unit: pl.Float64},
    )
