"""Trends: what changed between two periods, what made it change, and where it leads."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from everycount.arrays.project import (
    anticipated_progress,
    classify,
    compound_growth,
    current_status,
    project,
)
from everycount.errors import MethodError, NotFound, Problem
from everycount.index.attribution import attribute, refuse_ordinal, standing_alone
from everycount.index.result import IndexResult
from everycount.index.state import Floats, State


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trend:
    """Change between two periods, and its continuation to a target year.

    `nodes` has a row for each unit and node; `contributions` has a row for each unit and
    indicator, with what its change did to the score of the top.
    """

    base: int
    current: int
    to: int
    nodes: pl.DataFrame
    contributions: pl.DataFrame


def trend(
    result: IndexResult, to: int, *, base: int | None = None, current: int | None = None
) -> Trend:
    """Return what changed between two periods of a panel, why, and what would follow from it.

    Parameters
    ----------
    result : IndexResult
        A panel: two periods or more.
    to : int
        The target year.
    base, current : int, optional
        First and last period. Left out: the first and the last of the panel.

    Returns
    -------
    Trend
        `nodes`: `unit, node, level, from, to, score_from, score_to, rank_from, rank_to, change,
        change_per_year, growth_per_year, target, distance, projected_linear,
        projected_compound, current_status, anticipated_progress, verdict`. The target is the
        best score of the scale; the verdict follows the linear projection.

        `contributions`: `unit, part, contribution`, over the indicators known in both periods;
        the part `coverage` is what came from indicators that are known in one only. They add up
        to the change of the top.

    Raises
    ------
    MethodError
        If the data have fewer than two periods.
    NotFound
        If a period is not in the panel.

    References
    ----------
    .. [1] ESCAP, Asia and the Pacific SDG Progress Report, technical annex.
    """
    state = result.state
    periods = [int(year) for year in np.unique(state.row_periods)]
    if len(periods) < 2:
        problem = Problem("data", f"{len(periods)} period", "a panel: select two periods or more")
        raise MethodError(state.subject, [problem])
    base, current = base or periods[0], current or periods[-1]
    for year in (base, current):
        if year not in periods:
            have = ", ".join(str(each) for each in periods)
            raise NotFound(f"there is no period {year}; there are {have}")
    if not base < current <= to:
        found = f"from {base} to {current}, target year {to}"
        raise MethodError(state.subject, [Problem("periods", found, "years that rise")])
    kept = [year for year in periods if base <= year <= current]
    return Trend(
        base=base,
        current=current,
        to=to,
        nodes=_nodes(result, kept, to),
        contributions=_contributions(result, base, current),
    )


def _cube(state: State, values: Floats, periods: list[int]) -> Floats:
    """Return values as (units, periods, nodes)."""
    cube = np.full((len(state.units), len(periods), values.shape[1]), np.nan)
    for at, year in enumerate(periods):
        rows = np.flatnonzero(state.row_periods == year)
        cube[state.row_units[rows], at] = values[rows]
    return cube


def _nodes(result: IndexResult, periods: list[int], to: int) -> pl.DataFrame:
    state, tree = result.state, result.state.tree
    count = len(tree.codes)
    scores = _cube(state, state.values[:, :count], periods)
    ranks = _cube(state, result.ranks, periods)
    order = sorted(range(count), key=lambda j: (-tree.level[j], j))
    frames = [_node(state, j, scores[:, :, j], ranks[:, :, j], periods, to) for j in order]
    table = pl.concat(frames)
    known = pl.any_horizontal(pl.col("score_from", "score_to").is_not_null())
    place = {unit: k for k, unit in enumerate(state.units)}
    at = pl.col("unit").replace_strict(place, return_dtype=pl.Int64)
    return table.filter(known).sort(at, maintain_order=True)


def _node(
    state: State, j: int, scores: Floats, ranks: Floats, periods: list[int], to: int
) -> pl.DataFrame:
    tree = state.tree
    years = np.array(periods, float)
    first, last = scores[:, 0], scores[:, -1]
    target = _target(state, j)
    line = project(scores, years, to, method="linear").value
    columns: dict[str, Floats] = {
        "score_from": first,
        "score_to": last,
        "rank_from": ranks[:, 0],
        "rank_to": ranks[:, -1],
        "change": last - first,
        "change_per_year": (last - first) / (periods[-1] - periods[0]),
        "growth_per_year": compound_growth(np.where(scores > 0, scores, np.nan), years),
        "target": np.full(len(first), float(target)),
        "distance": np.maximum(target - last, 0.0),
        "projected_linear": line,
        "projected_compound": _compound(scores, years, to),
    }
    way = np.maximum(target - first, 0.0)
    left = np.where(np.isnan(first) | np.isnan(last), np.nan, np.maximum(target - line, 0.0))
    columns["current_status"] = current_status(columns["distance"], way)
    columns["anticipated_progress"] = anticipated_progress(left, way)
    verdict = [word or None for word in classify(left, way).tolist()]
    table = pl.DataFrame(
        {
            "unit": list(state.units),
            "node": [tree.codes[j]] * len(first),
            "level": [tree.level[j]] * len(first),
            "from": [periods[0]] * len(first),
            "to": [periods[-1]] * len(first),
            **columns,
            "verdict": pl.Series(verdict, dtype=pl.String),
        }
    )
    return table.with_columns(pl.col(pl.Float64).fill_nan(None))


def _compound(scores: Floats, years: Floats, to: int) -> Floats:
    """Return compound projections; a score of 0 or less has no rate of growth."""
    positive = np.where(scores > 0, scores, np.nan)
    return project(positive, years, to, method="compound").value


def _target(state: State, j: int) -> float:
    """Return the best score of the scale of a node, NaN where there is none or several."""
    tree = state.tree
    tops = {state.goalposts[leaf].scale[1] for leaf in tree.leaves[j] if leaf in state.goalposts}
    has_all = all(leaf in state.goalposts for leaf in tree.leaves[j] if leaf not in state.dropped)
    lower = j >= tree.indicators and state.methodology.ranking.best == "low"
    return tops.pop() if len(tops) == 1 and has_all and not lower else np.nan


def _contributions(result: IndexResult, base: int, current: int) -> pl.DataFrame:
    """Return what each indicator's change did to the top, for units with both scores."""
    refuse_ordinal(result.methodology)
    state, tree = result.state, result.state.tree
    where = {
        (int(u), int(year)): row
        for row, (u, year) in enumerate(zip(state.row_units, state.row_periods, strict=True))
    }
    rows: list[tuple[str, str, float]] = []
    for u, unit in enumerate(state.units):
        start, end = where[u, base], where[u, current]
        change = float(state.values[end, tree.top] - state.values[start, tree.top])
        if np.isnan(change):
            continue
        before, after = (state.values[row, : tree.indicators] for row in (start, end))
        both = ~np.isnan(before) & ~np.isnan(after)
        at_start, at_end = standing_alone(state, start), standing_alone(state, end)
        if not all(np.isnan(own) for own in (*at_start.values(), *at_end.values())):
            rows.append((unit, "not attributed", change))
            continue
        found = attribute(
            result.methodology,
            state.weights,
            np.where(both, after, np.nan),
            np.where(both, before, np.nan),
            alone=dict.fromkeys((*at_start, *at_end), (np.nan, np.nan)),
            dropped=state.dropped.keys(),
        )
        parts = {tree.codes[j]: part for j, part in found.parts.items()}
        rows += [(unit, code, part) for code, part in parts.items()]
        same_groups = at_start.keys() == at_end.keys()
        if not (same_groups and (~np.isnan(before) == ~np.isnan(after)).all()):
            rows.append((unit, "coverage", change - sum(parts.values())))
    schema = {"unit": pl.String, "part": pl.String, "contribution": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")
