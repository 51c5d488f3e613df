"""Impute: fill missing figures or scores, marking every cell that is filled."""

import numpy as np

from everycount.arrays.expectation import expectation_maximisation
from everycount.arrays.impute import (
    fill_from_siblings,
    fill_mean,
    fill_median,
    last_observed,
    linear,
)
from everycount.errors import ColumnError, MethodError, Problem
from everycount.index.consistency import nodes_of
from everycount.index.state import IMPUTED, Floats, Ints, State
from everycount.index.steps import Impute

ALL = "*"
"""In given figures: every unit, or group of units, that is not named."""


def impute(state: State, step: Impute) -> State:
    """Return the state with missing cells filled as `step` says; rows screened out stay empty."""
    if step.method in ("last", "linear") and not state.row_periods.any():
        problem = Problem(f"step impute ({step.method})", "data without periods", "a period column")
        raise MethodError(state.subject, [problem])
    nodes = [j for j in nodes_of(step, state.tree) if j not in state.dropped]
    before = state.values[:, nodes]
    kept = np.array([row not in state.screened for row in range(len(before))], bool)
    filled = before.copy()
    converged: dict[str, bool] = {}
    if not nodes or not kept.any():
        pass  # all was screened out: there is nothing to fill, and nothing to fill it from
    elif step.method == "em":
        try:
            completed = expectation_maximisation(before[kept])
        except ColumnError as error:
            raise state.faulty(error, nodes, "step impute") from error
        filled[kept] = completed.values
        converged = {"converged": completed.converged}
    else:
        filled[kept] = _filled(state, step, nodes, kept)
    cells = np.isnan(before) & ~np.isnan(filled)
    after = state.with_columns(nodes, filled, IMPUTED)
    return after.noted(
        "impute",
        method=step.method,
        by=step.by,
        cells={
            state.columns[j]: int(n) for j, n in zip(nodes, cells.sum(axis=0), strict=True) if n
        },
        **converged,
        **({"warnings": _unused(state, step)} if step.method == "given" else {}),
    )


def _filled(state: State, step: Impute, nodes: list[int], kept: np.ndarray) -> Floats:
    values = state.values[np.ix_(kept, np.array(nodes, int))]
    match step.method:
        case "mean":
            weights = None
            if step.weight is not None:
                weights = state.figures_of(step.weight)[kept]
            return fill_mean(values, _within_period(state, step)[kept], weights)
        case "median":
            return fill_median(values, _within_period(state, step)[kept])
        case "siblings":
            return fill_from_siblings(values, np.array([state.tree.parent[j] for j in nodes]))
        case "last":
            rows = state.row_units[kept], state.row_periods[kept]
            return last_observed(values, *rows, limit=step.limit)
        case "linear":
            rows = state.row_units[kept], state.row_periods[kept]
            return linear(values, *rows, edges=step.edges)
        case _:
            return np.asarray(_given(state, step, nodes)[kept])


def _within_period(state: State, step: Impute) -> Ints:
    """Return the group of each row: its group of units, within its period."""
    period = state.periods_as_labels()
    if step.by is None:
        return period
    labels, names = state.labels(step.by)
    return np.where(labels < 0, -1, period * len(names) + labels)


def _given(state: State, step: Impute, nodes: list[int]) -> Floats:
    """Fill with the figures that the method states for a unit or a group of units."""
    given = step.values or {}
    groups = state.grouping(step.by) if step.by else tuple(state.units[u] for u in state.row_units)
    filled = state.values[:, nodes].copy()
    for k, j in enumerate(nodes):
        figures = given.get(state.columns[j], {})
        own = np.array([figures.get(group, figures.get(ALL, np.nan)) for group in groups])
        filled[:, k] = np.where(np.isnan(filled[:, k]), own, filled[:, k])
    return filled


def _unused(state: State, step: Impute) -> list[str]:
    """Name the groups of units that given figures are for and that the data do not have."""
    groups = set(state.units) if step.by is None else set(state.grouping(step.by))
    named = {name for figures in (step.values or {}).values() for name in figures}
    return [
        f"given figures for {name!r}, which is not in the data"
        for name in sorted(named - groups - {ALL})
    ]
