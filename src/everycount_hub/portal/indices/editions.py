"""Two editions of an index: what changed in scores and ranks, and why as far as it is known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from everycount.index.audit_plan import AuditPlan
from everycount.index.methodology import Methodology
from everycount_hub.contents.index import FIGURES, METHOD, UNITS
from everycount_hub.edition.nouns import PublishedDataset
from everycount_hub.edition.read import Edition
from everycount_hub.portal.indices.opened import (
    OpenIndex,
    addresses,
    as_version,
    open_index,
)
from everycount_hub.portal.indices.spoken import Spoken

NEAR = 1e-6
"""Scores and figures that differ by less are the same."""
NAMED = 12
"""Codes or names listed before the rest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One edition that can be compared."""

    key: str
    """In the address: the number of a version, or slug of another index with its number."""
    dataset: PublishedDataset
    released: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One unit in both."""

    unit: str
    slug: str
    name: str
    before_score: str
    after_score: str
    before_rank: str
    after_rank: str
    places: int
    places_words: str
    points: float
    points_words: str
    rows: tuple[float | None, float | None, float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """One indicator of one unit that is not as it was."""

    code: str
    before: str
    after: str
    before_score: str
    after_score: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed from one edition to another."""

    rows: tuple[Shift, ...]
    same: int
    """Units whose score and rank are as they were."""
    came: tuple[str, ...]
    """Units that are ranked only in the later one."""
    left: tuple[str, ...]
    reasons: tuple[str, ...]


def choices_of(edition: Edition, dataset: PublishedDataset) -> list[Choice]:
    """Return the editions to which an index can be compared, newest first, itself left out."""
    made = [
        Choice(key=str(each.number), dataset=as_version(dataset, each.number),
               released=each.released_at[:10])
        for each in reversed(dataset.versions)
        if each.number != dataset.number and each.digest and not each.is_withdrawn
    ]  # fmt: skip
    own = open_index(edition, dataset).result.methodology.id
    for slug, other in addresses(edition).items():
        if other.key == dataset.key or not other.digest:
            continue
        if open_index(edition, other).result.methodology.id == own:
            made.append(Choice(key=slug, dataset=other, released=other.released_at[:10]))
    return made


def changes_of(spoken: Spoken, before: OpenIndex) -> Changes:
    """Return what changed from an earlier edition to the one that is shown."""
    after = spoken.index
    old, new = _table(before), _table(after)
    both = [unit for unit in new if unit in old]
    shifts = [_shift(spoken, unit, old[unit], new[unit]) for unit in both]
    moved = [each for each in shifts if each is not None]
    moved.sort(key=lambda each: (-abs(each.places), -abs(each.points), each.unit))
    ranked = [{unit for unit, (_s, rank) in each.items() if not np.isnan(rank)}
              for each in (old, new)]  # fmt: skip
    return Changes(
        rows=tuple(moved),
        same=len(both) - len(moved),
        came=tuple(sorted(ranked[1] - ranked[0])),
        left=tuple(sorted(ranked[0] - ranked[1])),
        reasons=tuple(_reasons(spoken, before)),
    )


def _table(index: OpenIndex) -> dict[str, tuple[float, float]]:
    """Return score and rank of each unit in the newest period."""
    view = index.newest
    return {
        unit: (float(view.top[k]), float(view.ranks[k]))
        for k, unit in enumerate(view.units)
        if not np.isnan(view.top[k])
    }


def _shift(
    spoken: Spoken, unit: str, before: tuple[float, float], after: tuple[float, float]
) -> Shift | None:
    points, places = after[0] - before[0], before[1] - after[1]
    if abs(points) < NEAR and (places == 0 or np.isnan(places)):
        return None
    return Shift(
        unit=unit,
        slug=spoken.index.slugs[unit],
        name=spoken.unit(unit),
        before_score=spoken.score(before[0]),
        after_score=spoken.score(after[0]),
        before_rank="" if np.isnan(before[1]) else spoken.rank(before[1]),
        after_rank="" if np.isnan(after[1]) else spoken.rank(after[1]),
        places=0 if np.isnan(places) else int(places),
        places_words="" if np.isnan(places) else spoken.signed(places, 0),
        points=points,
        points_words=spoken.signed(points, spoken.index.newest.decimals + 1),
        rows=(before[0], after[0], _none(before[1]), _none(after[1])),
    )


def _none(value: float) -> float | None:
    return None if np.isnan(value) else value


# ---------------------------------------------------------------- why


def _reasons(spoken: Spoken, before: OpenIndex) -> list[str]:
    after = spoken.index
    said = [*_of_method(spoken, before)]
    if before.files.get(FIGURES) != after.files.get(FIGURES):
        said += _of_figures(spoken, before)
    if before.files.get(UNITS) != after.files.get(UNITS):
        said.append(_("The file of areas (names, groups, population) is another."))
    if before.newest.period != after.newest.period:
        words = _("The newest reference year was {before} and is {after}.")
        said.append(words.format(before=before.newest.period, after=after.newest.period))
    return said or [_("Method, figures and areas are the same.")]


def _of_method(spoken: Spoken, before: OpenIndex) -> list[str]:
    """Return in which parts the method is another."""
    old, new = before.result.methodology, spoken.index.result.methodology
    if before.files.get(METHOD) == spoken.index.files.get(METHOD):
        return []
    if _bare(old) == _bare(new):
        return [_("The file of the method is another, but scores the same way.")]
    said = []
    codes = [{each.code for each in method.indicators} for method in (old, new)]
    known = spoken.words
    for gone, words in (
        (codes[0] - codes[1], _("Indicators no longer used: {indicators}.")),
        (codes[1] - codes[0], _("Indicators that are new: {indicators}.")),
    ):
        if gone:
            names = [known.isolate(code) for code in sorted(gone)]
            said.append(words.format(indicators=known.listed(names, NAMED)))
    for name, words in (
        ("weight", _("Other weights: {parts}.")),
        ("worst", _("Another worst figure: {parts}.")),
        ("best", _("Another best figure: {parts}.")),
        ("parent", _("Moved to another group: {parts}.")),
    ):
        changed = _changed(old, new, name)
        if changed:
            names = [known.isolate(code) for code in changed]
            said.append(words.format(parts=known.listed(names, NAMED)))
    if old.steps != new.steps:
        said.append(_("The steps of the method are others."))
    if old.ranking != new.ranking:
        said.append(_("The rule of ranks and bands is another."))
    return said or [_("Groups are combined or counted in another way.")]


def _bare(method: Methodology) -> Methodology:
    """Return what of a method makes scores."""
    return replace(method, title="", version="1", description="", notice="", audit=AuditPlan())


def _changed(old: Methodology, new: Methodology, name: str) -> list[str]:
    was, now = (
        {each.code: getattr(each, name) for kind in (m.indicators, m.groups) for each in kind}
        for m in (old, new)
    )
    return [code for code, value in now.items() if code in was and was[code] != value]


def _of_figures(spoken: Spoken, before: OpenIndex) -> list[str]:
    """Return how many figures behind the scores changed, came and went."""
    keys = ["unit", "indicator"]
    old, new = (_figures(each) for each in (before, spoken.index))
    joined = old.join(new, on=keys, how="full", coalesce=True, suffix="_after")
    was, now = pl.col("value").is_not_null(), pl.col("value_after").is_not_null()
    far = (pl.col("value") - pl.col("value_after")).abs() > NEAR
    counts = joined.select(
        changed=(was & now & far).sum(), came=(~was & now).sum(), gone=(was & ~now).sum()
    ).row(0, named=True)
    said = []
    for count, words in (
        (counts["changed"], ngettext("{count} figure behind the scores changed.",
                                     "{count} figures behind the scores changed.",
                                     counts["changed"])),
        (counts["came"], ngettext("{count} figure behind the scores is new.",
                                  "{count} figures behind the scores are new.", counts["came"])),
        (counts["gone"], ngettext("{count} figure behind the scores is no longer there.",
                                  "{count} figures behind the scores are no longer there.",
                                  counts["gone"])),
    ):  # fmt: skip
        if count:
            said.append(words.format(count=spoken.count(count)))
    return said or [_("The file of figures is another; those behind the scores are the same.")]


def _figures(index: OpenIndex) -> pl.DataFrame:
    """Return the figures of the newest period."""
    period = index.newest.period or None
    table = index.result.figures().filter(pl.col("period").eq_missing(period))
    return table.select("unit", "indicator", "value", "year", "score")


def causes_of(spoken: Spoken, before: OpenIndex, unit: str) -> list[Cause]:
    """Return the indicators of a unit whose figure or score is not as it was."""
    old, new = (_figures(each).filter(unit=unit) for each in (before, spoken.index))
    joined = new.join(old, on="indicator", how="full", coalesce=True, suffix="_before")
    made = []
    for row in joined.iter_rows(named=True):
        same = all(_is_same(row[name], row[f"{name}_before"]) for name in ("value", "score"))
        if not same:
            made.append(
                Cause(
                    code=row["indicator"],
                    before=_said(spoken, row["value_before"], row["year_before"]),
                    after=_said(spoken, row["value"], row["year"]),
                    before_score=_scored(spoken, row["score_before"]),
                    after_score=_scored(spoken, row["score"]),
                )
            )
    return made


def _is_same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= NEAR


def _said(spoken: Spoken, value: float | None, year: int | None) -> str:
    if value is None:
        return ""
    number = spoken.words.significant(value, 4)
    return _("{figure} ({year})").format(figure=number, year=year) if year else number


def _scored(spoken: Spoken, score: float | None) -> str:
    return "" if score is None else spoken.score(score)


def changes_table(rows: Sequence[Shift]) -> pl.DataFrame:
    """Return the units that moved as a table with whole numbers."""
    names = ("score_before", "score_after", "rank_before", "rank_after")
    columns = {name: [each.rows[k] for each in rows] for k, name in enumerate(names)}
    return pl.DataFrame(
        {"unit": [each.unit for each in rows], "name": [each.name for each in rows], **columns},
        schema_overrides=dict.fromkeys(names, pl.Float64),
    )
