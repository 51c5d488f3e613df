"""Aggregate: combine children into the score of their group, level by level."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from math import ceil
from typing import Protocol

import numpy as np

from everycount.arrays import aggregate as means
from everycount.arrays.frontier import benefit_of_the_doubt
from everycount.arrays.outrank import copeland
from everycount.errors import ColumnError, MethodError, Problem
from everycount.index.formula import read_formula
from everycount.index.methodology import Methodology
from everycount.index.nodes import Group
from everycount.index.state import Floats, Ints, State
from everycount.index.steps import Aggregate
from everycount.index.tree import Tree

NAMED = 3  # units that a message names before it counts the rest
ORDINAL = ("copeland", "benefit_of_the_doubt")
"""Methods under which the score of one unit depends on the others."""


_MEANS = {
    "arithmetic": means.arithmetic,
    "geometric": means.geometric,
    "harmonic": means.harmonic,
    "minimum": means.minimum,
}


class Combine(Protocol):
    """Combines parts, shape (rows, parts), into scores, shape (rows,)."""

    def __call__(self, values: Floats, weights: Floats) -> Floats:
        """Combine."""


def aggregate(state: State, step: Aggregate) -> State:
    """Return the state with the scores of all groups up to the level of the step.

    Raises
    ------
    MethodError
        If a mean is not defined for the scores at hand, such as a geometric mean of -3.
    """
    tree, method = state.tree, state.methodology
    values = state.values.copy()
    have, asked = _counts(state)
    problems: list[Problem] = []
    used: dict[str, str] = {}
    warnings: list[str] = []
    for k in tree.order:
        if tree.level[k] > (step.to or tree.depth) or state.is_computed(k):
            continue
        group = method.groups[k - tree.indicators]
        try:
            scores = score_group(
                method,
                step,
                k,
                values,
                state.weights,
                dropped=state.dropped.keys(),
                periods=state.row_periods,
            )
        except ColumnError as error:
            parts = [j for j in parts_of(tree, group, k) if j not in state.dropped]
            where = f"group {group.code} ({method_of(step, group, tree.level[k])})"
            problems += _of_units(state, values, state.faulty(error, parts, where), parts)
            continue
        counted = [j for j in counted_of(tree, group, k) if j not in state.dropped]
        have[:, k] = (~np.isnan(values[:, counted])).sum(axis=1)
        asked[k] = required(step, group, len(counted))
        scores[have[:, k] < asked[k]] = np.nan
        scores[list(state.screened)] = np.nan
        needed = [tree.position(code) for code in group.requires]
        scores[np.isnan(values[:, needed]).any(axis=1)] = np.nan
        values[:, k] = scores
        used[group.code] = method_of(step, group, tree.level[k])
        warnings += _unscaled(state, k)
    if problems:
        raise MethodError(state.subject, problems)
    computed = state.computed | {tree.position(code) for code in used}
    state = replace(state, values=values, have=have, asked=asked, computed=frozenset(computed))
    return state.noted("aggregate", missing=step.missing, methods=used, warnings=warnings)


def _of_units(
    state: State, values: Floats, error: MethodError, parts: Sequence[int]
) -> list[Problem]:
    """Return the problems of a mean of figures above 0 with the units whose scores are not."""
    problems = []
    for problem in error.problems:
        part = next(j for j in parts if problem.where.endswith(f", {state.columns[j]}"))
        rows = np.flatnonzero(values[:, part] <= 0)
        units = list(dict.fromkeys(state.units[u] for u in state.row_units[rows]))
        more = f" and {len(units) - NAMED} more" if len(units) > NAMED else ""
        found = f"{problem.found} ({', '.join(units[:NAMED])}{more})" if units else problem.found
        want = f"{problem.expected}; scale = [1, 100] when normalising keeps scores above 0"
        problems.append(Problem(problem.where, found, want if units else problem.expected))
    return problems


def _unscaled(state: State, k: int) -> list[str]:
    """Warn of a mean over figures whose direction no step has looked at."""
    group = state.methodology.groups[k - state.leaf_count]
    leaves = [j for j in parts_of(state.tree, group, k) if j < state.leaf_count]
    raw = [j for j in leaves if j not in state.scaled and j not in state.dropped]
    told = [state.columns[j] for j in raw if state.methodology.indicators[j].best is not None]
    if group.formula is not None or not told:
        return []
    return [
        f"{group.code} combines figures of {', '.join(told)} that no step normalised; their worst "
        "and best are not used"
    ]


def _counts(state: State) -> tuple[Floats, Floats]:
    """Return copies of how many parts each node has and needs, to be added to."""
    nodes = len(state.tree.codes)
    have = np.zeros((len(state.values), nodes)) if state.have is None else state.have.copy()
    asked = np.zeros(nodes) if state.asked is None else state.asked.copy()
    return have, asked


def parts_of(tree: Tree, group: Group, k: int) -> tuple[int, ...]:
    """Return the nodes that are combined into group `k`."""
    if group.formula is not None:
        return tuple(tree.position(name) for name in read_formula(group.formula).names)
    return tree.leaves[k] if group.of == "indicators" else tree.children[k]


def counted_of(tree: Tree, group: Group, k: int) -> tuple[int, ...]:
    """Return the nodes of which group `k` needs some."""
    counted = group.counted or group.of
    return tree.leaves[k] if counted == "indicators" else parts_of(tree, group, k)


def required(step: Aggregate, group: Group, parts: int) -> int:
    """Return how many parts a group needs; at least one."""
    out_of = group.out_of or parts
    least = step.least if group.least is None else group.least
    # 0.85 of 20 is 17, although the computer makes it 17.000000000000004.
    return max(1, group.needs or 0, ceil(least * out_of - 1e-9))


def method_of(step: Aggregate, group: Group, level: int) -> str:
    """Return the name of the method that combines a group."""
    if group.aggregate is not None:
        return group.aggregate
    return step.method[level - 2] if isinstance(step.method, tuple) else step.method


def score_group(
    methodology: Methodology,
    step: Aggregate,
    k: int,
    values: Floats,
    weights: Floats,
    *,
    dropped: AbstractSet[int] = frozenset(),
    periods: Ints | None = None,
) -> Floats:
    """Return the scores of group `k` from the values of all nodes, shape (rows, nodes).

    A rule on how many parts a group needs is not applied here.

    Raises
    ------
    ColumnError
        With positions among the parts of the group.
    """
    tree = methodology.tree
    group = methodology.groups[k - tree.indicators]
    if group.formula is not None:
        figures = {code: values[:, j] for j, code in enumerate(tree.codes)}
        return read_formula(group.formula).evaluate(figures)
    parts = [j for j in parts_of(tree, group, k) if j not in dropped]
    if not parts:
        return np.full(len(values), np.nan)
    combine = combiner(step, group, tree.level[k])
    if periods is None or method_of(step, group, tree.level[k]) not in ORDINAL:
        return combine(values[:, parts], weights[parts])
    scores = np.full(len(values), np.nan)
    for period in np.unique(periods):  # units are compared with those of their own period
        rows = periods == period
        scores[rows] = combine(values[np.ix_(rows, parts)], weights[parts])
    return scores


def combiner(step: Aggregate, group: Group, level: int) -> Combine:
    """Return the function that combines the parts of a group that has no formula."""
    method = method_of(step, group, level)
    missing = group.missing or step.missing
    match method:
        case "copeland":
            return partial(copeland, missing=missing)
        case "benefit_of_the_doubt":
            return _best_light(missing, group)
        case "generalised":
            power = group.power if group.aggregate == "generalised" else step.power
            assert power is not None, "a step or group that is generalised has a power"
            return partial(means.generalised, power=power, missing=missing)
        case "log_mean_exp":
            return partial(means.log_mean_exp, rate=step.rate, missing=missing)
        case _:
            return partial(_MEANS[method], missing=missing)


def _best_light(missing: means.Missing, group: Group) -> Combine:
    """Return benefit of the doubt: each unit has the weights that suit it best."""

    def combine(values: Floats, weights: Floats) -> Floats:
        if group.share_limits is None:
            return benefit_of_the_doubt(values, missing=missing)
        lower, upper = (np.full(values.shape[1], share) for share in group.share_limits)
        return benefit_of_the_doubt(values, lower=lower, upper=upper, missing=missing)

    return combine


def rescore(
    methodology: Methodology,
    steps: Sequence[Aggregate],
    known: Floats,
    weights: Floats,
    *,
    fixed: AbstractSet[int] = frozenset(),
    dropped: AbstractSet[int] = frozenset(),
) -> Floats:
    """Return the scores of all nodes for rows of which some nodes are known.

    Parameters
    ----------
    methodology : Methodology
        The tree.
    steps : sequence of Aggregate
        How groups are combined.
    known : ndarray, shape (rows, indicators) or (rows, nodes)
        Scores of the indicators; with all nodes, groups with any score keep
        theirs and only the others are computed.
    weights : ndarray, shape (nodes,)
        Weight of each node among its siblings.
    fixed : set of int
        Groups that are as `known` says, even where that is missing.
    dropped : set of int
        Indicators that were screened out, and are no part of any group.

    Returns
    -------
    ndarray, shape (rows, nodes)
        What happens between aggregate steps (filling or normalising groups) is not repeated, and
        no rule on how many parts a group needs is applied.
    """
    tree = methodology.tree
    values = np.full((len(known), len(tree.codes)), np.nan)
    values[:, : known.shape[1]] = known
    for k in tree.order:
        if k not in fixed and (known.shape[1] <= k or np.isnan(known[:, k]).all()):
            step = next(s for s in steps if tree.level[k] <= (s.to or tree.depth))
            values[:, k] = score_group(methodology, step, k, values, weights, dropped=dropped)
    return values
