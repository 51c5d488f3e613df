"""Weigh: set weights among siblings from the data."""

from dataclasses import replace

import numpy as np

from everycount.arrays import weigh as arrays
from everycount.errors import ColumnError, MethodError, Problem
from everycount.index.aggregating import parts_of, rescore
from everycount.index.state import Floats, State
from everycount.index.steps import Aggregate, Weigh


def weigh(state: State, step: Weigh) -> State:
    """Return the state with new weights for the nodes of a level.

    They add to 1 in each group, but for principal components, whose squares do.

    Raises
    ------
    MethodError
        If a node does not vary, so that its spread or its correlations say nothing.
    """
    groups = _siblings(state, step)
    weights = state.weights.copy()
    facts: dict[str, object] = {}
    if step.method == "optimised":
        nodes = [j for below in groups.values() for j in below]
        weights, facts = _optimised(state, step, nodes, weights)
    for k, below in groups.items() if step.method != "optimised" else ():
        x = state.values[:, below]
        _refuse_scarce(state, step, k, x)
        try:
            match step.method:
                case "equal":
                    found = arrays.equal(np.zeros(len(below), int))
                case "standard_deviations":
                    found = arrays.from_standard_deviations(x, np.zeros(len(below), int))
                case _:
                    component = arrays.principal_component(x)
                    found = component.weights
                    code = state.columns[k]
                    facts[code] = {"explained": component.explained, "units": component.units}
        except ColumnError as error:
            where = f"step weigh ({step.method})"
            raise state.faulty(error, below, where) from error
        weights[below] = _beside_others(state, k, below, found)
    _refuse_negative(state, [j for below in groups.values() for j in below], weights)
    state = replace(state, weights=weights)
    set_to = {state.columns[j]: float(weights[j]) for below in groups.values() for j in below}
    return state.noted("weigh", method=step.method, weights=set_to, facts=facts)


def _siblings(state: State, step: Weigh) -> dict[int, list[int]]:
    """Return the nodes that get weights, by their parent; nodes without any score keep theirs."""
    tree = state.tree
    found: dict[int, list[int]] = {}
    for j in tree.at_level(step.level):
        k = tree.parent[j]
        wanted = not step.parents or tree.codes[k] in step.parents
        if wanted and not np.isnan(state.values[:, j]).all():
            found.setdefault(k, []).append(j)
    return found


def _refuse_scarce(state: State, step: Weigh, k: int, x: Floats) -> None:
    """Refuse to read weights off fewer units than have a spread."""
    known = ~np.isnan(x)
    units = int(known.all(axis=1).sum() if step.method == "pca" else known.sum(axis=0).min())
    if step.method != "equal" and units < 2:
        where = f"step weigh ({step.method}), group {state.columns[k]}"
        found = f"{units} units with a score in every part"
        if step.method != "pca":
            found = "a part that only one unit has"
        raise MethodError(state.subject, [Problem(where, found, "2 units or more")])


def _beside_others(state: State, k: int, below: list[int], found: Floats) -> Floats:
    """Return weights that leave siblings of another level, which are not weighed, their share."""
    level = {state.tree.level[j] for j in state.tree.children[k]}
    if len(level) == 1 or found.sum() <= 0:
        return found
    return np.asarray(found / found.sum() * state.weights[below].sum())


def _refuse_negative(state: State, nodes: list[int], weights: Floats) -> None:
    """Refuse weights below 0, as a component may give: they would turn a direction round."""
    problems = [
        Problem(
            f"step weigh, {state.columns[j]}",
            f"a weight of {weights[j]:.4f}",
            "0 or more; it would count against its group: look at its correlations",
        )
        for j in nodes
        if weights[j] < 0
    ]
    if problems:
        raise MethodError(state.subject, problems)


def _optimised(
    state: State, step: Weigh, nodes: list[int], weights: Floats
) -> tuple[Floats, dict[str, object]]:
    """Search weights under which each node correlates with the target as its own weight asks."""
    tree, method = state.tree, state.methodology
    target = tree.top if step.target is None else tree.position(step.target)
    steps = [s for s in method.steps if isinstance(s, Aggregate)]
    # Groups at or below the level have their scores; what is above them is computed anew.
    known = state.values[:, : len(tree.codes)].copy()
    known[:, [k for k in tree.order if tree.level[k] > step.level]] = np.nan
    fixed = {k for k in tree.order if tree.level[k] <= step.level}

    def index(found: Floats) -> Floats:
        trial = weights.copy()
        trial[nodes] = found
        made = rescore(method, steps, known, trial, fixed=fixed, dropped=state.dropped.keys())
        return np.asarray(made[:, target])

    try:
        found = arrays.optimise(state.values[:, nodes], index, weights[nodes])
    except ColumnError as error:
        raise state.faulty(error, nodes, "step weigh (optimised)") from error
    weights = weights.copy()
    weights[nodes] = found.weights
    reached = dict(zip((tree.codes[j] for j in nodes), found.correlations.tolist(), strict=True))
    return weights, {"correlations": reached, "converged": found.converged}


def effective_weights(state: State) -> Floats:
    """Return the share of each node in the top of the tree, by its nominal weights.

    NaN below a group that is computed by a formula; 0 for groups that do not enter the top.
    """
    tree, method = state.tree, state.methodology
    share = np.zeros(len(tree.codes))
    share[tree.top] = 1.0
    for k in reversed(tree.order):
        group = method.groups[k - tree.indicators]
        parts = [j for j in parts_of(tree, group, k) if j not in state.dropped]
        own = state.weights[parts]
        if share[k] != 0 and own.sum() != 0:
            share[parts] += np.nan if group.formula else share[k] * own / own.sum()
    return share
