"""One unit within an index: what its score is made of, what pulls it, what is missing."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from everycount.charts.cell_marks import cell_bar
from everycount.errors import EverycountError
from everycount.index.coverage import status_of
from everycount.index.explanation import Explanation
from everycount_hub.portal.indices.goals import groups_below
from everycount_hub.portal.indices.ranking import reasons_of
from everycount_hub.portal.indices.spoken import Spoken, Text

STRONGEST = 5
"""Indicators named on either side."""
KEPT = 1024
"""Units in a language that are kept worded: some 40 kB each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A group or indicator of one unit."""

    code: str
    name: Text
    depth: int = 1
    score: str = ""
    points: float | None = None
    mean: str = ""
    rank: str = ""
    pull: str = ""
    pulled: float | None = None
    bar: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The figure behind an indicator of one unit."""

    code: str
    name: Text
    slug: str
    """Of the indicator's own page; empty where there is none."""
    group: Text
    value: str
    number: float | None
    unit: Text
    year: str
    source: str
    source_words: Text
    score: str
    points: float | None
    pull: str
    pulled: float | None
    bar: SafeString
    status: str
    best: str
    at_target: str
    """Rank of the unit if this indicator alone reached its best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that the page of a unit shows."""

    unit: str
    name: str
    is_ranked: bool
    score: str
    points: float | None
    rank: str
    of: str
    interval: str
    is_outside: bool
    figures_known: str
    figures_of: str
    reason: str
    """Why it has no rank, where it has none."""
    no_parts: str
    """Why no part of the score is an indicator's, where that is so."""
    baseline: str
    parts: tuple[Part, ...]
    figures: tuple[Figure, ...]
    missing: tuple[Figure, ...]
    ups: tuple[Figure, ...]
    downs: tuple[Figure, ...]
    above: str
    """The unit one rank better."""
    above_name: str
    gap: str
    history: tuple[tuple[str, str, str], ...]
    """Period, score and rank, oldest first, in a panel."""


@lru_cache(KEPT)
def profile_of(spoken: Spoken, unit: str) -> Profile:
    """Return what the page of a unit shows."""
    index = spoken.index
    state, view, row = index.result.state, index.newest, index.row(unit)
    score = float(state.values[row, index.top])
    rank = float(index.result.ranks[row, index.top])
    explained, refused = _explained(spoken, unit)
    pulls, baseline = _pulls(spoken, unit)
    interval = index.intervals.get(unit) if row in view.rows else None
    figures = tuple(_figures(spoken, unit, pulls, explained))
    known = [each for each in figures if each.points is not None]
    moved = sorted((f for f in known if f.pulled is not None), key=lambda f: f.pulled or 0.0)
    above = (explained.next_unit or "") if explained else ""
    observed = sum(each.number is not None for each in figures)
    return Profile(
        unit=unit,
        name=spoken.unit(unit),
        is_ranked=not np.isnan(rank),
        score="" if np.isnan(score) else spoken.score(score),
        points=None if np.isnan(score) else score,
        rank="" if np.isnan(rank) else spoken.rank(rank),
        of=spoken.count(len(view.order)),
        interval=spoken.interval(interval) if interval else "",
        is_outside=interval is not None and interval.is_outside,
        figures_known=spoken.count(observed),
        figures_of=spoken.count(state.leaf_count),
        reason=_reason(spoken, row) if np.isnan(rank) else "",
        no_parts=refused,
        baseline="" if baseline is None else spoken.score(baseline),
        parts=tuple(_parts(spoken, unit, pulls)),
        figures=figures,
        missing=tuple(each for each in figures if each.points is None),
        ups=tuple(each for each in reversed(moved) if (each.pulled or 0) > 0)[:STRONGEST],
        downs=tuple(each for each in moved if (each.pulled or 0) < 0)[:STRONGEST],
        above=above,
        above_name=spoken.unit(above) if above else "",
        gap=_gap(spoken, explained),
        history=_history(spoken, unit),
    )


def _reason(spoken: Spoken, row: int) -> str:
    if row in spoken.index.newest.unranked:
        return _("An average of other areas: scored, never ranked")
    return reasons_of(spoken, [row])[0]


def _gap(spoken: Spoken, explained: Explanation | None) -> str:
    if explained is None or explained.next_score is None:
        return ""
    return spoken.score(abs(explained.next_score - explained.score))


def _explained(spoken: Spoken, unit: str) -> tuple[Explanation | None, str]:
    """Return the explanation of a score, or why there is none."""
    state, row = spoken.index.result.state, spoken.index.row(unit)
    if np.isnan(state.values[row, spoken.index.top]):
        return None, ""
    try:
        return spoken.index.explain(unit), ""
    except EverycountError:
        return None, _(
            "This method compares areas with one another, so that no part of a score is that of "
            "an indicator."
        )


def _pulls(spoken: Spoken, unit: str) -> tuple[dict[str, float], float | None]:
    """Return the points above or below the mean by node, and the score they are counted from."""
    state, row = spoken.index.result.state, spoken.index.row(unit)
    if np.isnan(state.values[row, spoken.index.top]):
        return {}, None
    try:
        found = spoken.index.pull(unit)
    except EverycountError:
        return {}, None
    return dict(found.nodes), found.baseline


def pull_bar(value: float | None, most: float) -> SafeString:
    """Return points above or below as a bar from the middle of a cell."""
    if value is None or not most:
        return SafeString("")
    colour = "--c-1" if value >= 0 else "--c-2"
    return mark_safe(cell_bar(value, scale=(-most, most), colour=colour))  # noqa: S308 - numbers


def _parts(spoken: Spoken, unit: str, pulls: dict[str, float]) -> list[Part]:
    index = spoken.index
    state, row = index.result.state, index.row(unit)
    below = list(groups_below(spoken))
    codes = [state.tree.codes[k] for k, _depth in below]
    most = max([abs(pulls[code]) for code in codes if code in pulls], default=0.0)
    made = []
    for k, depth in below:
        code = state.tree.codes[k]
        score, rank, mean = (
            float(each) for each in (state.values[row, k], index.result.ranks[row, k],
                                     index.means[k])
        )  # fmt: skip
        pulled = pulls.get(code)
        made.append(
            Part(
                code=code,
                name=spoken.node(code),
                depth=depth,
                score="" if np.isnan(score) else spoken.score(score),
                points=None if np.isnan(score) else score,
                mean="" if np.isnan(mean) else spoken.score(mean),
                rank="" if np.isnan(rank) else spoken.rank(rank),
                pull="" if pulled is None else spoken.signed(pulled, 2),
                pulled=pulled,
                bar=pull_bar(pulled, most),
                note=reasons_of(spoken, [row], k)[0] if np.isnan(score) else "",
            )
        )
    return made


def _figures(
    spoken: Spoken, unit: str, pulls: dict[str, float], explained: Explanation | None
) -> list[Figure]:
    index = spoken.index
    state, row = index.result.state, index.row(unit)
    assert state.observed is not None, "build observes before it returns"
    statuses = status_of(state)[row]
    codes = state.tree.codes[: state.leaf_count]
    most = max([abs(pulls[code]) for code in codes if code in pulls], default=0.0)
    ranks = {each.code: each.rank_at_target for each in explained.figures} if explained else {}
    own_rank = float(index.result.ranks[row, index.top])
    made = []
    for j, each in enumerate(index.result.methodology.indicators):
        value, score = float(state.observed[row, j]), float(state.values[row, j])
        source = int(state.sources[row, j])
        name = state.source_names[source] if source >= 0 else ""
        entry = spoken.indicator(each.code)
        pulled, better = pulls.get(each.code), ranks.get(each.code)
        made.append(
            Figure(
                code=each.code,
                name=spoken.node(each.code),
                slug=entry.slug if entry else "",
                group=spoken.node(each.parent),
                value="" if np.isnan(value) else spoken.words.significant(value, 4),
                number=None if np.isnan(value) else value,
                unit=spoken.given(each.unit),
                year=str(int(state.years[row, j])) if state.years[row, j] > 0 else "",
                source=name,
                source_words=source_words(spoken, name, each.source),
                score="" if np.isnan(score) else spoken.score(score),
                points=None if np.isnan(score) else score,
                pull="" if pulled is None else spoken.signed(pulled, 2),
                pulled=pulled,
                bar=pull_bar(pulled, most),
                status=status_label(str(statuses[j])),
                best=post_words(spoken, each.best),
                at_target=""
                if better is None or np.isnan(own_rank) or better == own_rank
                else spoken.rank(better),
            )
        )
    return made


def source_words(spoken: Spoken, name: str, declared: str) -> Text:
    """Return who says a figure: producer and title, else what the method names."""
    found = spoken.index.sources.get(name)
    if found:
        parts = [found.get("producer", ""), found.get("title", "")]
        return spoken.given(", ".join(part for part in parts if part))
    return spoken.given(name or declared)


def post_words(spoken: Spoken, post: object) -> str:
    """Return a goalpost in words."""
    if isinstance(post, tuple):
        low, high = (post_words(spoken, each) for each in post)
        return _("{low}–{high}").format(low=low, high=high)
    if isinstance(post, int | float):
        return spoken.words.significant(float(post), 4)
    if post in ("min", "max"):
        return _("lowest figure") if post == "min" else _("highest figure")
    if isinstance(post, str) and post.startswith("p"):
        return _("percentile {number}").format(number=post.removeprefix("p"))
    return ""


def status_label(status: str) -> str:
    """Return what was done to a figure; empty where it is as observed."""
    return {
        "derived": _("computed"),
        "recoded": _("category"),
        "clipped": _("cut at a limit"),
        "winsorised": _("outlier brought in"),
        "transformed": _("transformed"),
        "imputed": _("filled in"),
        "missing": _("no figure"),
        "screened_out": _("left out"),
    }.get(status, "")


def _history(spoken: Spoken, unit: str) -> tuple[tuple[str, str, str], ...]:
    index = spoken.index
    if not index.is_panel:
        return ()
    made = []
    for period, score, rank in history_of(spoken, unit):
        made.append(
            (
                str(period),
                "" if np.isnan(score) else spoken.score(score),
                "" if np.isnan(rank) else spoken.rank(rank),
            )
        )
    return tuple(made)


def history_of(spoken: Spoken, unit: str) -> list[tuple[int, float, float]]:
    """Return period, score and rank of a unit, oldest first; NaN where there is none."""
    state = spoken.index.result.state
    rows = np.flatnonzero(state.row_units == state.units.index(unit))
    rows = rows[np.argsort(state.row_periods[rows])]
    top = spoken.index.top
    return [
        (int(state.row_periods[r]), float(state.values[r, top]),
         float(spoken.index.result.ranks[r, top]))
        for r in rows
    ]  # fmt: skip


def unit_tables(profile: Profile) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the figures and the groups of a unit as tables with whole numbers."""
    figures = pl.DataFrame(
        {
            "unit": [profile.unit] * len(profile.figures),
            "indicator": [each.code for each in profile.figures],
            "name": [each.name.text for each in profile.figures],
            "value": [each.number for each in profile.figures],
            "measure": [each.unit.text for each in profile.figures],
            "year": [each.year for each in profile.figures],
            "source": [each.source for each in profile.figures],
            "score": [each.points for each in profile.figures],
            "points_from_mean": [each.pulled for each in profile.figures],
        },
        schema_overrides={"value": pl.Float64, "score": pl.Float64, "points_from_mean": pl.Float64},
    )
    groups = pl.DataFrame(
        {
            "unit": [profile.unit] * len(profile.parts),
            "group": [each.code for each in profile.parts],
            "name": [each.name.text for each in profile.parts],
            "score": [each.points for each in profile.parts],
            "points_from_mean": [each.pulled for each in profile.parts],
        },
        schema_overrides={"score": pl.Float64, "points_from_mean": pl.Float64},
    )
    return figures, groups
