"""Impute: fill missing figures or scores, marking every cell that is filled."""

import numpy as np
from numpy.typing import NDArray

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
    converged: bool | None = None
    if nodes and kept.any():  # else there is nothing to fill, and nothing to fill it from
        try:
            filled[kept], converged = fill(state, step, nodes, before[kept], kept=kept)
        except ColumnError as error:
            raise state.faulty(error, nodes, "step impute") from error
    cells = np.isnan(before) & ~np.isnan(filled)
    after = state.with_columns(nodes, filled, IMPUTED)
    return after.noted(
        "impute",
        method=step.method,
        by=step.by,
        cells={
            state.columns[j]: int(n) for j, n in zip(nodes, cells.sum(axis=0), strict=True) if n
        },
        **({} if converged is None else {"converged": converged}),
        **({"warnings": _unused(state, step)} if step.method == "given" else {}),
    )


def fill(
    state: State, step: Impute, nodes: list[int], values: Floats, *, kept: NDArray[np.bool_]
) -> tuple[Floats, bool | None]:
    """Return figures with the missing ones filled, and whether the way there converged.

    Parameters
    ----------
    state : State
        Its periods, groups and weights count, not its figures.
    step : Impute
        How.
    nodes : list of int
        The node of each column. Every node may have several columns side by side, all as many:
        other figures it might have.
    values : ndarray, shape (kept rows, columns)
        Figures, NaN where missing.
    kept : ndarray of bool, shape (rows,)
        The rows of the state that `values` has.

    Raises
    ------
    ColumnError
        With positions among the columns.
    """
    copies = len(nodes) // len(set(nodes))
    rows = state.row_units[kept], state.row_periods[kept]
    match step.method:
        case "em":
            return _expected(values, copies)
        case "mean":
            weights = None
            if step.weight is not None:
                weights = state.figures_of(step.weight)[kept]
            filled = fill_mean(values, _within_period(state, step)[kept], weights)
        case "median":
            filled = fill_median(values, _within_period(state, step)[kept])
        case "siblings":
            parents = [state.tree.parent[j] * copies + k % copies for k, j in enumerate(nodes)]
            filled = fill_from_siblings(values, np.array(parents))
        case "last":
            filled = last_observed(values, *rows, limit=step.limit)
        case "linear":
            filled = linear(values, *rows, edges=step.edges)
        case _:
            filled = np.where(np.isnan(values), _given(state, step, nodes)[kept], values)
    return filled, None


def _expected(values: Floats, copies: int) -> tuple[Floats, bool]:
    """Fill by expectation-maximisation, each set of copies on its own."""
    cube = values.reshape(len(values), -1, copies).copy()
    converged = True
    for c in range(copies):
        try:
            completed = expectation_maximisation(cube[:, :, c])
        except ColumnError as error:
            faults = [(j * copies + c, found, want) for j, found, want in error.faults]
            raise ColumnError(faults) from error
        cube[:, :, c] = completed.values
        converged &= completed.converged
    return cube.reshape(values.shape), converged


def _within_period(state: State, step: Impute) -> Ints:
    """Return the group of each row: its group of units, within its period."""
    period = state.periods_as_labels()
    if step.by is None:
        return period
    labels, names = state.labels(step.by)
    return np.where(labels < 0, -1, period * len(names) + labels)


def _given(state: State, step: Impute, nodes: list[int]) -> Floats:
    """Return the figures that the method states for a unit or a group of units."""
    given = step.values or {}
    groups = state.grouping(step.by) if step.by else tuple(state.units[u] for u in state.row_units)
    columns = {
        j: [figures.get(group, figures.get(ALL, np.nan)) for group in groups]
        for j in dict.fromkeys(nodes)
        for figures in (given.get(state.columns[j], {}),)
    }
    return np.array([columns[j] for j in nodes], float).T


def _unused(state: State, step: Impute) -> list[str]:
    """Name the groups of units that given figures are for and that the data do not have."""
    groups = set(state.units) if step.by is None else set(state.grouping(step.by))
    named = {name for figures in (step.values or {}).values() for name in figures}
    return [
        f"given figures for {name!r}, which is not in the data"
        for name in sorted(named - groups - {ALL})
    ]
