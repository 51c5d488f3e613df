"""Rebuild: one draw after another, by the steps of a build, where draws share nothing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from everycount.audit.climb import can_climb, climb
from everycount.audit.combine import Batch
from everycount.errors import MethodError
from everycount.index.build import advance
from everycount.index.methodology import Methodology
from everycount.index.nodes import Group
from everycount.index.steps import Step

Made = dict[tuple[Group, ...], Methodology]


def rebuild(batch: Batch, steps: Sequence[Step]) -> None:
    """Do the steps that remain for each draw of a batch on its own.

    It is slower than `climb` by far, and needed where a step reads weights off the scores of
    groups.
    """
    tree, rows = batch.state.tree, len(batch.state.row_units)
    above = range(tree.indicators, len(tree.codes))
    scores = {k: np.full((batch.count, rows), np.nan) for k in above}
    made: Made = {}
    for d in range(batch.count):
        one = _one(batch, d, made)
        try:
            for step in steps:
                _do(one, step, above)
        except MethodError as error:
            one.fail(np.array([0]), str(error.problems[0]))
        batch.fail(np.full(len(one.failures), d), one.failures.get(0, ""))
        for k in one.values.keys() & scores.keys():
            scores[k][d] = one.values[k][0]
    batch.values.update(scores)


def _one(batch: Batch, d: int, made: Made) -> Batch:
    """Return one draw of a batch as a batch, with its own groups in the method."""
    tree = batch.state.tree
    groups = tuple(
        next(group for draws, group in batch.variants[k] if draws is None or d in draws)
        for k in range(tree.indicators, len(tree.codes))
    )
    if groups not in made:
        made[groups] = replace(batch.state.methodology, groups=groups)
    return Batch(
        count=1,
        state=replace(batch.state, methodology=made[groups]),
        rows=batch.rows,
        values={j: each[[d % len(each)]] for j, each in batch.values.items()},
        weights=batch.weights[[d]],
        varied=frozenset(),
        without=None if batch.without is None else batch.without[[d]],
        variants={k: [(None, group)] for k, group in enumerate(groups, start=tree.indicators)},
    )


def _do(one: Batch, step: Step, nodes: range) -> None:
    """Do a step for a batch of one draw."""
    if can_climb([step]):
        climb(one, [step], nodes)
        return
    values = one.state.values.copy()
    for j, each in one.values.items():
        values[:, j] = each[0]
    one.state = advance(replace(one.state, values=values, weights=one.weights[0]), step)
    one.values = {j: one.state.values[None, :, j] for j in one.values}
    one.weights = one.state.weights[None]
