"""Attribute a score to the indicators below it, from a stated baseline."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

import numpy as np

from everycount.arrays import shapley
from everycount.errors import MethodError, Problem
from everycount.index.aggregating import ORDINAL, method_of, parts_of, rescore, score_group
from everycount.index.methodology import Methodology
from everycount.index.state import Floats, State
from everycount.index.steps import Aggregate

NEAR = 1e-9  # scores closer than this are the same, whatever the order of the sums


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attribution:
    """How much each node adds to the top of the tree. The parts add up to `score - baseline`."""

    score: float
    baseline: float
    parts: Mapping[int, float]
    """Contribution of each indicator (or group that stands for itself), by position."""
    nodes: Mapping[int, float] = field(default_factory=dict)
    """Contribution of each group on the way."""
    is_linear: bool = True
    """Whether the aggregation is arithmetic throughout, so that parts are weight times score."""


def aggregate_steps(methodology: Methodology) -> tuple[Aggregate, ...]:
    """Return the aggregate steps of a method, in order."""
    return tuple(step for step in methodology.steps if isinstance(step, Aggregate))


def refuse_ordinal(methodology: Methodology) -> None:
    """Raise MethodError if the score of a unit depends on the scores of others."""
    tree = methodology.tree
    steps = aggregate_steps(methodology)
    problems = []
    for k in tree.order:
        group = methodology.groups[k - tree.indicators]
        step = next((s for s in steps if tree.level[k] <= (s.to or tree.depth)), None)
        if step is not None and method_of(step, group, tree.level[k]) in ORDINAL:
            found = method_of(step, group, tree.level[k])
            want = (
                "a mean or a formula; under an ordinal method no part of a score is an indicator's"
            )
            problems.append(Problem(f"group {group.code}", found, want))
    if not steps:
        problems.append(Problem("steps", "no aggregate step", "one"))
    if problems:
        raise MethodError(f"method {methodology.id}", problems)


def is_linear(methodology: Methodology) -> bool:
    """Tell whether every group that enters the top is an arithmetic mean."""
    tree, steps = methodology.tree, aggregate_steps(methodology)
    waiting = [tree.top]
    while waiting:
        k = waiting.pop()
        group = methodology.groups[k - tree.indicators]
        step = next(s for s in steps if tree.level[k] <= (s.to or tree.depth))
        if method_of(step, group, tree.level[k]) != "arithmetic":
            return False
        waiting += [j for j in parts_of(tree, group, k) if j >= tree.indicators]
    return True


def standing_alone(state: State, row: int) -> dict[int, float]:
    """Return groups whose score is not what their parts make, with that score.

    They were filled or normalised between steps, or a rule left them without a score (NaN). They
    are attributed to as they stand, not to what lies below them.
    """
    method, tree = state.methodology, state.tree
    steps = aggregate_steps(method)
    values = state.values[[row]][:, : len(tree.codes)]
    alone = {}
    for k in tree.order:
        step = next(s for s in steps if tree.level[k] <= (s.to or tree.depth))
        made = score_group(method, step, k, values, state.weights, dropped=state.dropped.keys())[0]
        own = float(values[0, k])
        same = abs(made - own) <= NEAR * max(1.0, abs(own))
        if not same and not (np.isnan(made) and np.isnan(own)):
            alone[k] = own
    return alone


def attribute(
    methodology: Methodology,
    weights: Floats,
    actual: Floats,
    baseline: Floats,
    *,
    alone: Mapping[int, tuple[float, float]] | None = None,
    dropped: AbstractSet[int] = frozenset(),
    rng: np.random.Generator | None = None,
) -> Attribution:
    """Attribute the score of one unit to its indicators.

    Parameters
    ----------
    methodology : Methodology
        Tree and aggregation.
    weights : ndarray, shape (nodes,)
        Weight of each node among its siblings.
    actual, baseline : ndarray, shape (indicators,)
        Scores of the indicators, and the scores from which contributions are counted. NaN in
        `actual` is a missing indicator, which contributes nothing.
    alone : mapping, optional
        Groups that stand for themselves: their score, and the score it is counted from. NaN for
        a group that has none, whatever lies below it.
    dropped : set of int
        Indicators that were screened out.
    rng : Generator, optional
        For groups of more than 12 parts that are not arithmetic means, whose Shapley values are
        sampled. Left out: a generator seeded with 0.

    Returns
    -------
    Attribution
        Exact weight times score for arithmetic means (the baseline is then taken off each);
        Shapley values within each group otherwise, passed down in proportion. Below a group that
        did not change at all, its parts then have no contribution, whatever they did.

    References
    ----------
    .. [1] Shapley, L. S. (1953), A value for n-person games, Contributions to the Theory of
       Games II, 307-317.
    .. [2] Owen, G. (1977), Values of games with a priori unions: nested groups.
    """
    refuse_ordinal(methodology)
    tree, steps = methodology.tree, aggregate_steps(methodology)
    alone = dict(alone or {})
    start = np.where(np.isnan(actual), np.nan, baseline)
    known = np.full((2, len(tree.codes)), np.nan)
    known[:, : tree.indicators] = actual, start
    for k, (own_score, counted_from) in alone.items():
        known[:, k] = own_score, np.nan if np.isnan(own_score) else counted_from
    values = rescore(methodology, steps, known, weights, fixed=alone.keys(), dropped=dropped)
    own: dict[int, float] = {tree.top: float(values[0, tree.top] - values[1, tree.top])}
    per_change = {tree.top: 1.0}  # what a change of one in a node does to the top
    rng = rng or np.random.default_rng(0)
    for k in reversed(tree.order):
        if per_change.get(k) and k not in alone and not np.isnan(values[0, k]):
            split = _within(methodology, steps, k, values, weights, rng=rng, dropped=dropped)
            for j, (part, slope) in split.items():
                own[j] = own.get(j, 0.0) + per_change[k] * part
                per_change[j] = per_change.get(j, 0.0) + per_change[k] * slope
    leaves = {j: own.get(j, 0.0) for j in range(tree.indicators) if not np.isnan(actual[j])}
    leaves |= {k: own.get(k, 0.0) for k, pair in alone.items() if not np.isnan(pair[0])}
    return Attribution(
        score=float(values[0, tree.top]),
        baseline=float(values[1, tree.top]),
        parts=leaves,
        nodes={k: own[k] for k in tree.order if k in own},
        is_linear=is_linear(methodology),
    )


def _within(
    methodology: Methodology,
    steps: Sequence[Aggregate],
    k: int,
    values: Floats,
    weights: Floats,
    *,
    rng: np.random.Generator,
    dropped: AbstractSet[int],
) -> dict[int, tuple[float, float]]:
    """Return what each part adds to the change of group `k` from the second row to the first.

    With it comes what a change of one in the part adds.
    """
    tree = methodology.tree
    group = methodology.groups[k - tree.indicators]
    step = next(s for s in steps if tree.level[k] <= (s.to or tree.depth))
    parts = [j for j in parts_of(tree, group, k) if not np.isnan(values[0, j])]
    to, start = values[0, parts], values[1, parts]
    if method_of(step, group, tree.level[k]) == "arithmetic" and group.formula is None:
        slopes = weights[parts] / weights[parts].sum()
        pairs = zip((slopes * (to - start)).tolist(), slopes.tolist(), strict=True)
        return dict(zip(parts, pairs, strict=True))

    def value(coalitions: Floats) -> Floats:
        nodes = np.full((len(coalitions), len(tree.codes)), np.nan)
        nodes[:, parts] = coalitions
        return score_group(methodology, step, k, nodes, weights, dropped=dropped)

    if len(parts) <= shapley.LARGEST:
        each = shapley.contributions(to[None], start, value)[0]
    else:
        each = shapley.sampled(to[None], start, value, rng=rng).contributions[0]
    moved = np.abs(to - start) > NEAR * np.maximum(1.0, np.abs(to))
    slopes = np.where(moved, each / np.where(moved, to - start, 1.0), 0.0)
    return dict(zip(parts, zip(each.tolist(), slopes.tolist(), strict=True), strict=True))
