"""Rebuild: one draw after another, by the steps of a build, where draws share nothing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from everycount.audit.combine import Batch
from everycount.errors import MethodError
from everycount.index.build import advance
from everycount.index.nodes import Group
from everycount.index.state import State
from everycount.index.steps import Step


def rebuild(batch: Batch, steps: Sequence[Step]) -> None:
    """Do the steps that remain for each draw of a batch on its own.

    This is what a build does; it is slower than `climb` by far, and needed where a step reads
    weights off the scores of groups.
    """
    tree, rows = batch.state.tree, len(batch.state.row_units)
    above = range(tree.indicators, len(tree.codes))
    scores = {k: np.full((batch.count, rows), np.nan) for k in above}
    for d in range(batch.count):
        try:
            state = _state_of(batch, d)
            for step in steps:
                state = advance(state, step)
        except MethodError as error:
            batch.fail(np.array([d]), str(error.problems[0]))
            continue
        for k in above:
            scores[k][d] = state.values[:, k]
    batch.values.update(scores)


def _state_of(batch: Batch, d: int) -> State:
    """Return the state of one draw: its figures, its weights and its groups.

    What it leaves out has no weight; a group that has lost everything is no part of any other.
    """
    state, tree = batch.state, batch.state.tree
    lost = set() if batch.without is None else set(np.flatnonzero(batch.without[d]).tolist())
    empty = [k for k in tree.order if lost and lost.issuperset(tree.leaves[k])]
    values, weights = state.values.copy(), batch.weights[d].copy()
    for j in range(tree.indicators):
        values[:, j] = batch.values[j][d % len(batch.values[j])]
    weights[list(lost)] = 0.0
    groups = tuple(_group_of(batch, k, d) for k in range(tree.indicators, len(tree.codes)))
    return replace(
        state,
        methodology=replace(state.methodology, groups=groups),
        values=values,
        weights=weights,
        dropped={**state.dropped, **dict.fromkeys(empty, "left out by the audit")},
    )


def _group_of(batch: Batch, k: int, d: int) -> Group:
    """Return the group as a draw makes it."""
    variants = batch.variants[k]
    return next(group for draws, group in variants if draws is None or d in draws)
