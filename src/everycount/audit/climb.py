"""Climb: take many draws from the indicators up the tree, step by step of the method."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from everycount.audit.combine import Batch, Variants, combine_group
from everycount.errors import ColumnError
from everycount.index.aggregating import ORDINAL, counted_of, method_of, parts_of
from everycount.index.consistency import nodes_of
from everycount.index.filling import fill
from everycount.index.normalising import scores_of
from everycount.index.state import State
from everycount.index.steps import Aggregate, Impute, Normalise, Step, Treat
from everycount.index.treating import treat_columns

Floats = NDArray[np.float64]


def can_climb(steps: Sequence[Step]) -> bool:
    """Tell whether steps can be done for many draws at once.

    Weights that a step reads off scores of groups differ from draw to draw.
    """
    return all(isinstance(step, Aggregate | Normalise | Impute | Treat) for step in steps)


def are_by_row(state: State, steps: Sequence[Step], variants: Iterable[Variants]) -> bool:
    """Tell whether what remains is done to each unit as if there were no others."""
    tree = state.tree
    return all(isinstance(step, Aggregate) for step in steps) and not any(
        method_of(step, group, tree.level[tree.position(group.code)]) in ORDINAL
        for step in steps
        if isinstance(step, Aggregate)
        for ways in variants
        for _, group in ways
        if group.formula is None
    )


def climb(batch: Batch, steps: Iterable[Step], nodes: Iterable[int]) -> None:
    """Do the steps of a method that remain, as far as the scores of some nodes need them."""
    tree = batch.state.tree
    steps = list(steps)
    wanted = needed(batch, nodes, steps)
    for step in steps:
        if isinstance(step, Aggregate):
            for k in tree.order:
                reached = tree.level[k] <= (step.to or tree.depth)
                if reached and k in wanted and k not in batch.values:
                    combine_group(batch, step, k)
        else:
            own = [j for j in nodes_of(step, tree) if j in batch.values]  # type: ignore[arg-type]  # one of three
            change(batch, step, [j for j in own if j not in batch.state.dropped])


def needed(batch: Batch, nodes: Iterable[int], steps: Iterable[Step] = ()) -> frozenset[int]:
    """Return every group that the scores of some nodes are made of in any of the draws."""
    tree = batch.state.tree
    found: set[int] = set()
    together = [
        set(nodes_of(step, tree))
        for step in steps
        if isinstance(step, Impute) and step.method in ("siblings", "em")
    ]
    waiting = [j for j in nodes if j >= tree.indicators]
    while waiting:
        k = waiting.pop()
        if k in found:
            continue
        found.add(k)
        for _, group in batch.variants[k]:
            parts = [*parts_of(tree, group, k), *counted_of(tree, group, k)]
            parts += [tree.position(code) for code in group.requires]
            waiting += [j for j in parts if j >= tree.indicators]
        waiting += [j for own in together if k in own for j in own if j >= tree.indicators]
    return frozenset(found)


def change(batch: Batch, step: Step, nodes: list[int]) -> None:
    """Fill, treat or normalise nodes of a batch, all draws side by side as columns."""
    if not isinstance(step, Impute):
        nodes = [j for j in nodes if not np.isnan(batch.values[j]).all()]
    if not nodes:
        return
    match step:
        case Normalise():
            for j in nodes:
                _by_column(
                    batch, step, [j], lambda own, x, state: scores_of(state, step, own, x)[0]
                )
            batch.state = replace(batch.state, scaled=batch.state.scaled | set(nodes))
        case Treat():
            for j in nodes:
                _by_column(batch, step, [j], lambda _own, x, _state: treat_columns(step, x)[0])
        case Impute():
            kept = np.ones(len(batch.state.row_units), bool)
            kept[list(batch.state.screened)] = False

            def filled(own: list[int], x: Floats, state: State) -> Floats:
                x = x.copy()
                x[kept] = fill(state, step, own, x[kept], kept=kept)[0]
                return x

            _by_column(batch, step, nodes, filled)
        case _:
            raise AssertionError(f"{step.do} is not done in columns")


def _by_column(
    batch: Batch, step: Step, nodes: list[int], work: Callable[[list[int], Floats, State], Floats]
) -> None:
    """Change nodes by a function of columns: each draw of each node is one.

    A draw of which a column cannot be changed has failed; the others go on without it. A node
    without any figure can be filled, but not treated or put on a scale.
    """
    draws = max(len(batch.values[j]) for j in nodes)
    values = [np.broadcast_to(batch.values[j], (draws, batch.values[j].shape[1])) for j in nodes]
    good = np.arange(draws)
    if step.do != "impute":
        good = np.flatnonzero(~np.isnan(values).all(axis=(0, 2)))
    while good.size:
        x = np.concatenate([each[good] for each in values]).T  # rows, nodes by draws
        own = [j for j in nodes for _ in range(good.size)]
        try:
            changed = work(own, x, batch.state)
        except ColumnError as error:
            faults = {(int(c) % good.size): (int(c), found) for c, found, _ in error.faults}
            column, found = next(iter(faults.values()))
            why = f"{batch.state.columns[own[column]]}: {found}"
            bad = good[sorted(faults)]
            batch.fail(np.arange(batch.count) if draws == 1 else bad, why)
            good = np.setdiff1d(good, bad)
            continue
        for at, j in enumerate(nodes):
            result = np.full((draws, changed.shape[0]), np.nan)
            result[good] = changed[:, at * good.size : (at + 1) * good.size].T
            batch.values[j] = result
        return
    for j in nodes:
        batch.values[j] = np.full((1, batch.values[j].shape[1]), np.nan)
