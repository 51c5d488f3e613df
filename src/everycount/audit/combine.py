"""Combine: the scores of groups for many draws at once, from parts that may differ or not."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.blend import Mean, blend, refused
from everycount.errors import ColumnError
from everycount.index.aggregating import (
    ORDINAL,
    Combine,
    combiner,
    counted_of,
    method_of,
    parts_of,
    required,
)
from everycount.index.formula import read_formula
from everycount.index.nodes import Group
from everycount.index.state import State
from everycount.index.steps import Aggregate

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


Variants = list[tuple[Ints | None, Group]]
"""The ways in which a group is made, each with its draws (None for all of them)."""


@dataclass(slots=True, kw_only=True, eq=False)
class Batch:
    """Draws on their way up the tree.

    `rows` are those of the state whose scores are asked for. `values` holds the scores of nodes,
    shape (draws, rows), or (1, rows) where all draws have the same. `weights` has shape (draws,
    nodes); `varied` are the nodes whose weights differ. `without` tells which indicators a draw
    leaves out, shape (draws, indicators).
    """

    count: int
    state: State
    rows: Ints
    values: dict[int, Floats]
    weights: Floats
    varied: frozenset[int]
    without: Bools | None
    variants: dict[int, Variants] = field(default_factory=dict)
    """The ways in which each group is made."""
    failures: dict[int, str] = field(default_factory=dict)
    """Why a draw has no result."""
    _lost: dict[int, Bools | None] = field(default_factory=dict)
    _positive: dict[int, tuple[Floats, bool]] = field(default_factory=dict)

    def fail(self, draws: Ints, why: str) -> None:
        """Say that draws have no result."""
        for draw in draws.tolist():
            self.failures.setdefault(int(draw), why)

    def is_positive(self, node: int) -> bool:
        """Tell whether all scores of a node are above 0, so that every mean has use for them."""
        values, answer = self._positive.get(node, (None, False))
        if values is not self.values[node]:
            values = self.values[node]
            answer = not bool((values <= 0).any())
            self._positive[node] = (values, answer)
        return answer

    def left_out(self, node: int) -> Bools | None:
        """Tell in which draws a node has lost everything below it; None where never."""
        if self.without is None:
            return None
        if node not in self._lost:
            leaves = self.state.tree.leaves[node]
            lost = self.without[:, leaves[0]]
            for leaf in leaves[1:]:
                lost = lost & self.without[:, leaf]
            self._lost[node] = lost if lost.any() else None
        return self._lost[node]


def combine_group(batch: Batch, step: Aggregate, k: int) -> None:
    """Add the scores of group `k` to the values of a batch.

    Ways that differ only in how many parts they ask for are combined once.
    """
    variants = batch.variants[k]
    if len(variants) == 1:
        group = variants[0][1]
        made = _combined(batch, step, k, group, None)
        batch.values[k] = _covered(batch, step, k, group, None, made)
        return
    scores = np.full((batch.count, len(batch.rows)), np.nan)
    alike: dict[tuple[object, ...], list[tuple[Ints, Group]]] = {}
    for draws, group in variants:
        assert draws is not None, "of several ways each has its draws"
        mean = (group.aggregate, group.power, group.of, group.missing, group.share_limits)
        alike.setdefault(mean, []).append((draws, group))
    for ways in alike.values():
        own = np.sort(np.concatenate([draws for draws, _ in ways]))
        made = _combined(batch, step, k, ways[0][1], own)
        for draws, group in ways:
            part = made if len(made) == 1 else made[np.searchsorted(own, draws)]
            scores[draws] = _covered(batch, step, k, group, draws, part)
    batch.values[k] = scores


def _combined(batch: Batch, step: Aggregate, k: int, group: Group, draws: Ints | None) -> Floats:
    """Return the scores of a group by its mean or formula, shape (draws, rows) or (1, rows)."""
    state, tree = batch.state, batch.state.tree
    if group.formula is not None:
        figures = {tree.codes[j]: _left(batch, k, j, draws) for j in _named(batch, group)}
        return np.atleast_2d(read_formula(group.formula).evaluate(figures))
    parts = [j for j in parts_of(tree, group, k) if j not in state.dropped]
    return _mean(batch, step, k, group, parts, draws)


def _covered(
    batch: Batch, step: Aggregate, k: int, group: Group, draws: Ints | None, scores: Floats
) -> Floats:
    """Return scores without those of rows that have too few parts."""
    too_few = _too_few(batch, step, k, group, draws)
    return np.where(too_few, np.nan, scores) if too_few.any() else scores


def _named(batch: Batch, group: Group) -> list[int]:
    assert group.formula is not None, "asked of groups with a formula"
    return [batch.state.tree.position(name) for name in read_formula(group.formula).names]


def _left(batch: Batch, k: int, j: int, draws: Ints | None) -> Floats:
    """Return the figures of a part of a formula; none where it is left out, and not all of `k`."""
    values, lost = _own(batch.values[j], draws), batch.left_out(j)
    if lost is None:
        return values
    all_of_it = batch.left_out(k)
    gone = lost if all_of_it is None else lost & ~all_of_it
    return np.where((gone if draws is None else gone[draws])[:, None], np.nan, values)


def _mean(
    batch: Batch, step: Aggregate, k: int, group: Group, parts: list[int], draws: Ints | None
) -> Floats:
    state = batch.state
    if not parts:
        return np.full((1, len(batch.rows)), np.nan)
    values = [_own(batch.values[j], draws) for j in parts]
    weights, keep = _weights(batch, k, parts, draws)
    method = method_of(step, group, state.tree.level[k])
    where = f"group {group.code} ({method})"
    if method in ORDINAL:
        combine = combiner(step, group, state.tree.level[k])
        scores, faults = _one_by_one(state, combine, values, weights, keep)
        for draw, (part, why) in faults.items():
            own = _all(batch, draws)
            bad_draws = own if len(scores) == 1 else own[[draw]]
            batch.fail(bad_draws, f"{where}: {state.columns[parts[part]]}: {why}")
        return scores
    mean = mean_of(step, group, method)
    if mean.kind in ("arithmetic", "minimum") or all(batch.is_positive(j) for j in parts):
        return blend(values, weights, mean, keep=keep)
    held = weights if keep is None else np.where(keep, weights, 0.0)
    bad = refused(values, held, mean)
    for part in np.flatnonzero(bad.any(axis=0)).tolist():
        at = np.broadcast_to(bad[:, part], len(_all(batch, draws)))
        least = "below 0" if mean.kind == "generalised" and mean.power > 0 else "of 0 or less"
        why = f"{where}: {state.columns[parts[part]]} has scores {least}"
        batch.fail(_all(batch, draws)[at], why)
    return blend(values, weights, mean, keep=keep)


def mean_of(step: Aggregate, group: Group, method: str) -> Mean:
    """Return the mean that combines a group."""
    missing = group.missing or step.missing
    if method == "generalised":
        power = group.power if group.aggregate == "generalised" else step.power
        assert power is not None, "a step or group that is generalised has a power"
        return Mean(kind="generalised", power=power, missing=missing)
    return Mean(kind=method, rate=step.rate, missing=missing)  # type: ignore[arg-type]  # by its name


def _own(values: Floats, draws: Ints | None) -> Floats:
    """Return the values of some of the draws."""
    return values if draws is None or len(values) == 1 else values[draws]


def _all(batch: Batch, draws: Ints | None) -> Ints:
    return np.arange(batch.count) if draws is None else draws


def _weights(
    batch: Batch, k: int, parts: list[int], draws: Ints | None
) -> tuple[Floats, Bools | None]:
    """Return weights of parts, and which parts count, shapes (draws or 1, parts).

    A group that has lost everything is made as if it had not: it is no part of any other, but
    rules of coverage have seen it.
    """
    if batch.varied.isdisjoint(parts):
        weights = batch.weights[:1, parts]
    else:
        weights = batch.weights[:, parts] if draws is None else batch.weights[draws][:, parts]
    lost = {p: each for p, j in enumerate(parts) if (each := batch.left_out(j)) is not None}
    if not lost:
        return weights, None
    keep = np.ones((batch.count, len(parts)), bool)
    for p, each in lost.items():
        keep[:, p] = ~each
    if (all_of_it := batch.left_out(k)) is not None:
        keep[all_of_it] = True
    return weights, keep if draws is None else keep[draws]


def _too_few(batch: Batch, step: Aggregate, k: int, group: Group, draws: Ints | None) -> Bools:
    """Tell which rows have fewer parts than the group needs, or were screened out.

    What a draw leaves out counts as there where it was: leaving out tells what a part does to
    scores, not who has enough figures.
    """
    state = batch.state
    counted = [j for j in counted_of(state.tree, group, k) if j not in state.dropped]
    have: Floats = np.zeros((1, len(batch.rows)))
    for j in counted:
        have = have + ~np.isnan(_own(batch.values[j], draws))
    too_few = have < required(step, group, len(counted))
    if state.screened:
        too_few[:, np.isin(batch.rows, list(state.screened))] = True
    for code in group.requires:
        too_few = too_few | np.isnan(_own(batch.values[state.tree.position(code)], draws))
    return too_few


def _one_by_one(
    state: State, combine: Combine, values: list[Floats], weights: Floats, keep: Bools | None
) -> tuple[Floats, dict[int, tuple[int, str]]]:
    """Return scores by a method that compares units, draw after draw, period after period.

    Also, by draw, the part that the method cannot combine, and why.
    """
    faults: dict[int, tuple[int, str]] = {}
    count = max([len(each) for each in values] + [len(weights), 1 if keep is None else len(keep)])
    scores = np.full((count, len(state.row_periods)), np.nan)
    for d in range(count):
        table = np.stack([each[d % len(each)] for each in values], axis=1)
        own = np.arange(len(values)) if keep is None else np.flatnonzero(keep[d])
        for period in np.unique(state.row_periods) if own.size else ():
            rows = np.flatnonzero(state.row_periods == period)
            try:
                scores[d, rows] = combine(table[np.ix_(rows, own)], weights[d % len(weights)][own])
            except ColumnError as error:
                part, found, _ = error.faults[0]
                faults.setdefault(d, (int(own[part]), f"found {found}"))
    return scores, faults
