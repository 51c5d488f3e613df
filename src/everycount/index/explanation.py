"""Explain a score: from the top of the tree to the figure, its year and its source."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from everycount.errors import MethodError, NotFound, Problem
from everycount.index.aggregating import rescore
from everycount.index.attribution import (
    Attribution,
    aggregate_steps,
    attribute,
    is_linear,
    refuse_ordinal,
    standing_alone,
)
from everycount.index.coverage import missing_below, note_of, status_of
from everycount.index.result import IndexResult
from everycount.index.state import Floats, State
from everycount.index.weighting import effective_weights

ROUNDS = 60  # halvings: a scale of 100 to the last digit of a double


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One node in an explanation."""

    code: str
    name: str
    level: int
    parent: str | None
    score: float | None
    rank: float | None
    status: str
    weight: float
    """Among its siblings."""
    effective_weight: float | None
    """Share of the top by nominal weights."""
    contribution: float | None
    """What it adds to the score of the top, from the baseline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The figure behind an indicator, and what changing it would do."""

    code: str
    name: str
    unit: str
    value: float | None
    year: int | None
    source: str | None
    worst: str
    best: str
    basis: str
    score: float | None
    status: str
    contribution: float | None
    score_at_target: float | None
    """Score of the top if this indicator alone reached its best."""
    rank_at_target: int | None
    score_to_gain: float | None
    """Score of this indicator at which the unit would pass the next one above it, all else
    equal; None where even the best score would not do."""
    value_to_gain: float | None
    """The figure that has that score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a unit has its score."""

    unit: str
    name: str
    period: int | None
    score: float
    rank: float | None
    """None for a unit that the method does not rank."""
    of: int
    """How many units have a rank."""
    baseline: float
    """The score from which contributions are counted."""
    baseline_kind: Literal["zero", "mean"]
    """`zero`: contributions add up to the score; `mean`: they add up to the difference from the
    score that the mean of all units in every indicator would have."""
    next_unit: str | None
    """The unit above."""
    next_name: str | None
    """Its name."""
    next_score: float | None
    parts: tuple[Part, ...]
    figures: tuple[Figure, ...]
    missing: tuple[str, ...]
    """Indicators without a figure."""
    notes: tuple[str, ...]
    """What was not computed, and why."""


def explain(result: IndexResult, unit: str, *, period: int | None = None) -> Explanation:
    """Return why a unit has its score, down to the figures, and what would change it.

    Parameters
    ----------
    result : IndexResult
        What `build` returned.
    unit : str
        The code of a unit.
    period : int, optional
        The reference year, in a panel. Left out: the newest.

    Returns
    -------
    Explanation
        Contributions are weight times score under arithmetic means, and add up to the score.
        Under other means they are Shapley values, counted from the score that a unit with the
        mean of all ranked units in every indicator would have.

    Raises
    ------
    NotFound
        If there is no such unit or period.
    MethodError
        If the unit has no score, or an ordinal method gives no part of it to an indicator.
    """
    refuse_ordinal(result.methodology)
    state = result.state
    row = _row(state, unit, period)
    tree = state.tree
    if np.isnan(state.values[row, tree.top]):
        statuses = status_of(state)[[row]]
        reason = note_of(state, [tree.top], statuses[:, [tree.top]], rows=[row])[0]
        lacks = missing_below(state, [tree.top], rows=[row])[0]
        found = f"no score ({reason or statuses[0, tree.top]}; no figure of: {lacks or 'none'})"
        problem = Problem(f"unit {unit}", found, "a unit with a score")
        raise MethodError("explanation", [problem])
    alone = standing_alone(state, row)
    linear = is_linear(result.methodology)
    scores = state.values[:, : tree.indicators]
    mean = _mean_scores(result, row)
    baseline = np.zeros(len(tree.codes)) if linear else mean
    parts = attribute(
        result.methodology,
        state.weights,
        scores[row],
        baseline[: tree.indicators],
        alone={k: (own, baseline[k]) for k, own in alone.items()},
        dropped=state.dropped.keys(),
    )
    notes = _notes(state, alone)
    above = _above(result, row)
    what_if = _WhatIf(result, row, alone)
    next_unit = None if above is None else state.units[state.row_units[above]]
    return Explanation(
        unit=unit,
        name=state.about.names.get(unit) or unit,
        period=int(state.row_periods[row]) or None,
        score=float(state.values[row, tree.top]),
        rank=_number(result.ranks[row, tree.top]),
        of=len(_ranked(result, row)),
        baseline=0.0 if linear else parts.baseline,
        baseline_kind="zero" if linear else "mean",
        next_unit=next_unit,
        next_name=None if next_unit is None else state.about.names.get(next_unit),
        next_score=None if above is None else float(state.values[above, tree.top]),
        parts=_parts(result, row, parts),
        figures=_figures(result, row, parts, what_if, above),
        missing=tuple(tree.codes[j] for j in range(tree.indicators) if np.isnan(scores[row, j])),
        notes=(*notes, *what_if.notes),
    )


def _row(state: State, unit: str, period: int | None) -> int:
    if unit not in state.units:
        raise NotFound(f"there is no unit {unit!r} in the data")
    own = np.flatnonzero(state.row_units == state.units.index(unit))
    if period is None:
        known = [row for row in own if not np.isnan(state.values[row, state.tree.top])]
        return int(max(known or list(own), key=lambda row: state.row_periods[row]))
    for row in own:
        if state.row_periods[row] == period:
            return int(row)
    have = ", ".join(str(year) for year in np.unique(state.row_periods))
    raise NotFound(f"there is no period {period}; there are {have}")


def _ranked(result: IndexResult, row: int) -> np.ndarray:
    """Return the rows of the same period that have a rank."""
    state = result.state
    same = state.row_periods == state.row_periods[row]
    return np.flatnonzero(same & ~np.isnan(result.ranks[:, state.tree.top]))


def _mean_scores(result: IndexResult, row: int) -> Floats:
    """Return the mean of each node over the ranked units of the period.

    Of a node that none of them has, it is the unit's own score.
    """
    count = len(result.state.tree.codes)
    scores = result.state.values[_ranked(result, row), :count]
    known = ~np.isnan(scores)
    total, number = np.where(known, scores, 0.0).sum(axis=0), known.sum(axis=0)
    return np.where(number > 0, total / np.maximum(number, 1), result.state.values[row, :count])


def _above(result: IndexResult, row: int) -> int | None:
    """Return the row of the unit one rank better: of those with a better rank, the nearest."""
    scores, top = _rounded(result), result.state.tree.top
    if np.isnan(result.ranks[row, top]):
        return None
    peers = _ranked(result, row)
    gaps = (scores[peers] - scores[row]) * _sign(result)
    better = peers[gaps > 0]
    distance = np.abs(result.state.values[better, top] - result.state.values[row, top])
    return int(better[np.argmin(distance)]) if better.size else None


def _rounded(result: IndexResult) -> Floats:
    """Return the scores of the top as they are ranked."""
    decimals = result.methodology.ranking.decimals
    return result.score if decimals is None else np.round(result.score, decimals)


def _sign(result: IndexResult) -> int:
    """Return which way the top is better: a comparison, not a change of any figure."""
    return 1 if result.methodology.ranking.best == "high" else -1


def _notes(state: State, alone: dict[int, float]) -> tuple[str, ...]:
    codes = [state.tree.codes[k] for k, own in alone.items() if not np.isnan(own)]
    if not codes:
        return ()
    return (
        f"{', '.join(codes)}: filled or normalised after aggregation, so its contribution is not "
        "passed down to indicators",
    )


class _WhatIf:
    """Recomputes one unit with single scores changed; goalposts and weights stay as they are."""

    def __init__(self, result: IndexResult, row: int, alone: dict[int, float]) -> None:
        self.result, self.row, self.alone = result, row, alone
        state = result.state
        self.own = state.values[row, : state.leaf_count]
        best = np.array([_best_score(state, j, row) for j in range(state.leaf_count)])
        self.best = np.where(self.own > best, self.own, best)  # nobody is to come back to a target
        self.open = ~np.isnan(self.best) & ~np.isnan(self.own)
        self.notes: tuple[str, ...] = ()
        unscaled = [state.columns[j] for j in np.flatnonzero(~np.isnan(self.own) & ~self.open)]
        if unscaled:
            self.notes = (
                f"{', '.join(unscaled)}: not measured between goalposts, so what reaching a "
                "target would do is not computed",
            )

    def tops(self, scores: Floats) -> Floats:
        """Return the top for rows of which row `j` has score `scores[j]` in indicator `j`."""
        state = self.result.state
        known = np.full((len(scores), len(state.tree.codes)), np.nan)
        known[:, : state.leaf_count] = self.own
        for k, own in self.alone.items():
            known[:, k] = own
        np.fill_diagonal(known[:, : state.leaf_count], scores)
        made = rescore(
            state.methodology,
            aggregate_steps(state.methodology),
            known,
            state.weights,
            fixed=self.alone.keys(),
            dropped=state.dropped.keys(),
        )
        return np.asarray(made[:, state.tree.top])

    def at_target(self) -> Floats:
        """Return the top if each indicator alone reached its best score."""
        tops = self.tops(np.where(self.open, self.best, self.own))
        return np.where(self.open, tops, np.nan)

    def to_pass(self, goal: float) -> Floats:
        """Return the score each indicator alone would need for the top to reach `goal`."""
        sign = _sign(self.result)
        low = self.own.copy()
        high = np.where(self.open, self.best, self.own)
        enough = self.open & (sign * (self.tops(high) - goal) >= 0)
        for _ in range(ROUNDS):
            middle = (low + high) / 2
            reached = sign * (self.tops(middle) - goal) >= 0
            high, low = np.where(reached, middle, high), np.where(reached, low, middle)
        return np.where(enough, high, np.nan)


def _best_score(state: State, j: int, row: int) -> float:
    """Return the best score a unit can reach; below the scale's where a correction holds."""
    if j not in state.goalposts:
        return np.nan
    posts = state.goalposts[j]
    return posts.scale[1] if posts.most is None else float(posts.most[row])


def _parts(result: IndexResult, row: int, found: Attribution) -> tuple[Part, ...]:
    state, tree = result.state, result.state.tree
    shares = effective_weights(state)
    statuses = status_of(state)[row]
    order = sorted(range(len(tree.codes)), key=lambda j: (-tree.level[j], j))
    names = [indicator.name for indicator in result.methodology.indicators]
    names += [group.name for group in result.methodology.groups]
    known = {**found.nodes, **found.parts}
    return tuple(
        Part(
            code=tree.codes[j],
            name=names[j] or tree.codes[j],
            level=tree.level[j],
            parent=None if tree.parent[j] < 0 else tree.codes[tree.parent[j]],
            score=_number(state.values[row, j]),
            rank=_number(result.ranks[row, j]),
            status=str(statuses[j]),
            weight=float(state.weights[j]),
            effective_weight=_number(shares[j]),
            contribution=_number(known.get(j, np.nan)),
        )
        for j in order
    )


def _figures(
    result: IndexResult, row: int, found: Attribution, what_if: _WhatIf, above: int | None
) -> tuple[Figure, ...]:
    state = result.state
    assert state.observed is not None, "build observes before it returns"
    targets = what_if.at_target()
    goal = None if above is None else float(state.values[above, state.tree.top])
    needed = np.full(state.leaf_count, np.nan) if goal is None else what_if.to_pass(goal)
    statuses = status_of(state)[row]
    figures = []
    for j, indicator in enumerate(result.methodology.indicators):
        posts, source = state.goalposts.get(j), int(state.sources[row, j])
        near = float(state.observed[row, j])
        value = np.nan
        # A score that was also corrected, or is of a transformed figure, has no figure to name.
        bent = indicator.correction is not None or statuses[j] == "transformed"
        if posts is not None and not bent and not np.isnan(needed[j]):
            value = posts.figure_at(float(needed[j]), row, near=near)
        figures.append(
            Figure(
                code=indicator.code,
                name=indicator.name or indicator.code,
                unit=indicator.unit,
                value=_number(near),
                year=int(state.years[row, j]) or None,
                source=state.source_names[source] if source >= 0 else indicator.source or None,
                worst=_in_words(indicator.worst),
                best=_in_words(indicator.best),
                basis=indicator.basis,
                score=_number(state.values[row, j]),
                status=str(statuses[j]),
                contribution=_number(found.parts.get(j, np.nan)),
                score_at_target=_number(targets[j]),
                rank_at_target=_rank_of(result, row, float(targets[j])),
                score_to_gain=_number(needed[j]),
                value_to_gain=_number(value),
            )
        )
    return tuple(figures)


def _rank_of(result: IndexResult, row: int, score: float) -> int | None:
    """Return the rank a unit would have with another score, the others staying as they are."""
    if np.isnan(score) or np.isnan(result.ranks[row, result.state.tree.top]):
        return None
    decimals = result.methodology.ranking.decimals
    others = np.setdiff1d(_ranked(result, row), [row])
    reached = score if decimals is None else np.round(score, decimals)
    lead = (_rounded(result)[others] - reached) * _sign(result)
    return int((lead > 0).sum()) + 1


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _in_words(post: object) -> str:
    if post is None:
        return ""
    if isinstance(post, tuple):
        return " to ".join(str(each) for each in post)
    return str(post)
