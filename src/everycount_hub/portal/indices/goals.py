"""The groups below an index: means and distances, and each of them by region."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from everycount.charts.cell_marks import cell_bar
from everycount.index.averaging import WORLD
from everycount_hub.portal.indices.ranking import reasons_of
from everycount_hub.portal.indices.spoken import Spoken, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A group below the top."""

    code: str
    name: Text
    depth: int
    used: str
    of: str
    """In the original, where that had more."""
    areas: str
    mean: str = ""
    points: float | None = None
    distance: str = ""
    bar: str = ""
    lowest: str = ""
    lowest_area: str = ""
    highest: str = ""
    highest_area: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMean:
    """Averages over the units of one group."""

    name: Text
    key: str
    is_all: bool
    areas: str
    of: str
    mean: str
    points: float | None
    weighted: str
    covered: str
    bar: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Averages by one grouping."""

    key: str
    title: str
    weight: str
    rows: tuple[GroupMean, ...]


def groups_below(spoken: Spoken) -> Iterator[tuple[int, int]]:
    """Yield the groups below the top with how deep they stand, parents first."""
    tree = spoken.index.result.state.tree

    def walk(k: int, depth: int) -> Iterator[tuple[int, int]]:
        for child in tree.children[k]:
            if child >= tree.indicators:
                yield child, depth
                yield from walk(child, depth + 1)

    return walk(tree.top, 1)


def score_bar(spoken: Spoken, value: float | None) -> SafeString:
    """Return a score as a bar for a cell, where the scale holds zero."""
    low, high = spoken.index.newest.scale
    if not low <= 0 < high:
        return SafeString("")
    return mark_safe(cell_bar(value, scale=(low, high)))  # noqa: S308 - numbers of ours


def goals_of(spoken: Spoken) -> tuple[Goal, ...]:
    """Return a row for each group below the top."""
    return tuple(_goal(spoken, k, depth) for k, depth in groups_below(spoken))


def _goal(spoken: Spoken, k: int, depth: int) -> Goal:
    view, state = spoken.index.newest, spoken.index.result.state
    group = state.methodology.groups[k - state.leaf_count]
    scores = view.scores(k)
    scored = np.flatnonzero(~np.isnan(scores))
    used = len(state.tree.leaves[k])
    original = max(used, group.out_of or 0)
    head = {
        "code": group.code,
        "name": spoken.node(group.code),
        "depth": depth,
        "used": spoken.count(used),
        "of": spoken.count(original) if original != used else "",
        "areas": spoken.count(len(scored)),
    }
    if not len(scored):
        return Goal(**head, note=_why_none(spoken, k))  # type: ignore[arg-type]
    low, high = (int(scored[pick(scores[scored])]) for pick in (np.argmin, np.argmax))
    mean = float(scores[scored].mean())
    best = view.declared[1] if spoken.highest and view.declared else None
    return Goal(
        **head,  # type: ignore[arg-type]
        mean=spoken.score(mean),
        points=mean,
        distance="" if best is None else spoken.score(max(0.0, best - mean)),
        bar=score_bar(spoken, mean),
        lowest=spoken.score(float(scores[low])),
        lowest_area=spoken.unit(view.units[low]),
        highest=spoken.score(float(scores[high])),
        highest_area=spoken.unit(view.units[high]),
    )


def _why_none(spoken: Spoken, k: int) -> str:
    """Return in words why no unit has a score in a group."""
    state = spoken.index.result.state
    if state.is_computed(k) and state.asked is not None:
        used, asked = len(state.tree.leaves[k]), int(state.asked[k])
        if used < asked:
            words = _("No score: {asked} indicators needed, {used} here")
            return words.format(asked=spoken.count(asked), used=spoken.count(used))
        return _("No score: no area has enough figures")
    return reasons_of(spoken, [int(spoken.index.newest.rows[0])], k)[0]


def grouping_title(spoken: Spoken, column: str) -> str:
    """Return what a grouping of units is called."""
    known = {
        "region": _("Region"),
        "subregion": _("Subregion"),
        "income": _("Income group"),
        "continent": _("Continent"),
    }
    words = column.replace("_", " ").strip()
    return known.get(column) or words[:1].upper() + words[1:]


def weight_title(column: str) -> str:
    """Return what means are weighted by."""
    return {"population": _("population")}.get(column) or column.replace("_", " ")


def means_of(spoken: Spoken) -> pl.DataFrame:
    """Return the averages of all nodes in the newest period."""
    table = spoken.index.result.averages()
    return table.filter(pl.col("period").eq_missing(spoken.index.newest.period or None))


def groupings_of(spoken: Spoken, means: pl.DataFrame) -> list[Grouping]:
    """Return the averages of the index over each grouping, best first, all areas last."""
    result = spoken.index.result
    top = result.state.tree.codes[result.state.tree.top]
    sign = 1 if result.methodology.ranking.best == "low" else -1
    made = []
    for each in result.methodology.averages:
        rows = means.filter(node=top, grouping=each.by).to_dicts()
        rows.sort(
            key=lambda row: (
                row["group"] == WORLD,
                row["score"] is None,
                sign * (row["score"] or 0),
                row["group"],
            )
        )
        if rows:
            made.append(
                Grouping(
                    key=each.by,
                    title=grouping_title(spoken, each.by),
                    weight=weight_title(each.weight or "") if rows[0]["weight"] else "",
                    rows=tuple(_mean(spoken, row) for row in rows),
                )
            )
    return made


def _mean(spoken: Spoken, row: dict[str, object]) -> GroupMean:
    def number(name: str) -> float | None:
        value = row[name]
        return float(value) if isinstance(value, float) else None

    mean, weighted, covered = (number(a) for a in ("score", "weighted_score", "weight_coverage"))
    is_all = row["group"] == WORLD
    return GroupMean(
        name=Text(text=_("All areas")) if is_all else spoken.given(str(row["group"])),
        key=str(row["group"]),
        is_all=is_all,
        areas=spoken.count(int(str(row["scored"]))),
        of=spoken.count(int(str(row["units"]))),
        mean="" if mean is None else spoken.score(mean),
        points=mean,
        weighted="" if weighted is None else spoken.score(weighted),
        covered="" if covered is None else spoken.words.percent(100 * covered, 0),
        bar=score_bar(spoken, mean),
    )
