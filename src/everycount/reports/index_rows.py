"""Make the rows of the tables on the page of an index: groups, averages, indicators, sources."""

from collections.abc import Iterable, Iterator, Mapping
from math import isnan
from typing import Final

import numpy as np
import polars as pl

from everycount.index.averaging import WORLD
from everycount.index.methodology import Methodology
from everycount.index.nodes import Post, ScoredIndicator
from everycount.reports.edition import Edition
from everycount.reports.index_page import (
    Grouping,
    GroupMean,
    IndicatorRow,
    Level,
)
from everycount.reports.wording import figure, label

EVERYWHERE: Final = "All areas"
_KINDS: Final = {
    "official": "Agreed target",
    "ideal": "Set by the index",
    "observed": "From the figures",
    "": "",
}


def levels_of(edition: Edition) -> tuple[Level, ...]:
    """Return a row for each group below the top, each after the group it belongs to."""
    return tuple(_level(edition, k, depth) for k, depth in groups_below(edition))


def groups_below(edition: Edition) -> Iterator[tuple[int, int]]:
    """Yield the groups below the top with how deep they stand, parents first."""
    tree = edition.result.state.tree

    def walk(k: int, depth: int) -> Iterator[tuple[int, int]]:
        for child in tree.children[k]:
            if child >= tree.indicators:
                yield child, depth
                yield from walk(child, depth + 1)

    return walk(tree.top, 1)


def _level(edition: Edition, k: int, depth: int) -> Level:
    state = edition.result.state
    group = edition.result.methodology.groups[k - state.leaf_count]
    scores = edition.scores(k)
    scored = np.flatnonzero(~np.isnan(scores))
    used = len(state.tree.leaves[k])
    head = {"code": "", "name": group.name or group.code, "depth": depth, "used": used}
    original = max(used, group.out_of or 0)
    if not len(scored):
        note = _why_none(edition, k, original)
        return Level(**head, of=original, areas=0, note=note)  # type: ignore[arg-type]
    low, high = (int(scored[pick(scores[scored])]) for pick in (np.argmin, np.argmax))
    return Level(
        **head,  # type: ignore[arg-type]
        of=original,
        areas=len(scored),
        mean=float(scores[scored].mean()),
        lowest=float(scores[low]),
        lowest_area=edition.names[low],
        highest=float(scores[high]),
        highest_area=edition.names[high],
    )


def _why_none(edition: Edition, k: int, original: int) -> str:
    """Return in words why no area has a score in a group."""
    state = edition.result.state
    if not state.is_computed(k) or state.asked is None:
        return "The method gives it no score"
    used, asked = len(state.tree.leaves[k]), int(state.asked[k])
    if used < asked:
        return f"No score: {asked} of {original} indicators needed, {used} here"
    return "No score: no area has enough figures"


def groupings_of(edition: Edition, notes: Mapping[str, str]) -> tuple[Grouping, ...]:
    """Return the averages of the index over each grouping, best first, all areas last."""
    result = edition.result
    if not result.methodology.averages:
        return ()
    top = result.state.tree.codes[result.state.tree.top]
    table = result.averages().filter(pl.col("node") == top)
    table = table.filter(pl.col("period").eq_missing(edition.period or None))
    sign = 1 if result.methodology.ranking.best == "low" else -1
    found = []
    for each in result.methodology.averages:
        rows = table.filter(pl.col("grouping") == each.by).to_dicts()
        rows.sort(
            key=lambda row: (
                row["group"] == WORLD,
                row["score"] is None,
                sign * (row["score"] or 0),
                row["group"],
            )
        )
        found.append(
            Grouping(
                title=label(each.by),
                note=notes.get(each.by, ""),
                weight=(each.weight or "").replace("_", " "),
                rows=tuple(_mean(row) for row in rows),
            )
        )
    return tuple(found)


def _mean(row: Mapping[str, object]) -> GroupMean:
    return GroupMean(
        name=EVERYWHERE if row["group"] == WORLD else str(row["group"]),
        is_all=row["group"] == WORLD,
        areas=int(str(row["scored"])),
        of=int(str(row["units"])),
        mean=_number(row["score"]),
        weighted=_number(row["weighted_score"]),
        covered=_number(row["weight_coverage"]),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, float) and not isnan(value) else None


def indicators_of(
    edition: Edition, original: Methodology | None, *, absent: str
) -> tuple[IndicatorRow, ...]:
    """Return a row for each indicator, with those of the original that this method has not."""
    method = edition.result.methodology
    own = {each.code: j for j, each in enumerate(method.indicators)}
    groups = {each.code: each for each in (*(original.groups if original else ()), *method.groups)}
    every = {each.code: each for each in (original.indicators if original else ())}
    every |= {each.code: each for each in method.indicators}
    # By group, in the order of the tree, so that each group stands once.
    order = [method.groups[k - len(own)].code for k, _ in groups_below(edition)]
    rows: list[tuple[int, IndicatorRow]] = []
    for each in every.values():
        place = order.index(each.parent) if each.parent in order else -1
        name = groups[each.parent].name or each.parent
        if each.code in own:
            rows.append((place, _indicator(edition, own[each.code], name)))
        else:
            row = IndicatorRow(code=each.code, name=each.name, level=name, absent=absent)
            rows.append((place, row))
    return tuple(row for _, row in sorted(rows, key=lambda pair: pair[0]))


def _indicator(edition: Edition, j: int, level: str) -> IndicatorRow:
    indicator = edition.result.methodology.indicators[j]
    worst, best = _posts(edition, j, indicator)
    years = edition.years[:, j]
    years = years[years > 0]
    return IndicatorRow(
        code=indicator.code,
        name=indicator.name,
        level=level,
        unit=indicator.unit,
        worst=worst,
        best=best,
        basis=indicator.basis,
        basis_kind=_KINDS[indicator.basis_kind],
        kind="" if _one_kind(edition) else indicator.model,
        areas=int(edition.known[:, j].sum()),
        years=span(years.tolist()),
    )


def indicators_note(edition: Edition) -> str:
    """Return what holds for all indicators alike, so that no row need say it."""
    posts = any(each.worst is not None for each in edition.result.methodology.indicators)
    said = "Worst and best are the figures that score lowest and highest. " if posts else ""
    words = {
        "formative": "All indicators are formative: together they make up what is measured.",
        "reflective": "All indicators are reflective: each is a sign of what is measured.",
    }
    return (said + words.get(_one_kind(edition), "")).strip()


def _one_kind(edition: Edition) -> str:
    """Return the kind that all indicators are of, or nothing."""
    kinds = {each.model for each in edition.result.methodology.indicators}
    return kinds.pop() if len(kinds) == 1 else ""


def span(years: Iterable[int]) -> str:
    """Return the years that figures are of.

    Examples
    --------
    >>> span([2015, 2010]), span([2020, 2020]), span([])
    ('2010–2015', '2020', '')
    """
    known = sorted(set(years))
    if len(known) < 2:
        return "".join(map(str, known))
    return f"{known[0]}–{known[-1]}"


def _posts(edition: Edition, j: int, indicator: ScoredIndicator) -> tuple[str, str]:
    """Return worst and best as figures where they are known, else as the method says."""
    posts = edition.result.state.goalposts.get(j)
    declared = indicator.best if isinstance(indicator.best, tuple) else None
    if posts is None:
        return _said(indicator.worst), _said(indicator.best)
    texts = []
    for pair, post in ((posts.worst, indicator.worst), (posts.best, indicator.best)):
        figures = np.unique(pair[:, edition.rows])
        known = [figure(value) for value in figures[~np.isnan(figures)]]
        joined = "–" if declared is not None and post is indicator.best else " and "
        texts.append(joined.join(known) if len(known) <= 2 else _said(post))
    return texts[0], texts[1]


def _said(post: Post | tuple[Post, Post] | None) -> str:
    """Return a goalpost as declared, in words."""
    match post:
        case None:
            return ""
        case tuple():
            return "–".join(_said(each) for each in post)
        case "min" | "max":
            return {"min": "lowest", "max": "highest"}[post]
        case str():
            return f"{post.removeprefix('p')}th percentile"
        case _:
            return figure(post)
