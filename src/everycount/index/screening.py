"""Screen: leave out units, groups and indicators with too few figures."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from everycount.index.state import Floats, State
from everycount.index.steps import Screen


def screen(state: State, step: Screen) -> State:
    """Blank the figures of what fails a limit, and keep the reason for the results."""
    kept = [j for j in range(state.leaf_count) if j not in state.dropped]
    known = ~np.isnan(state.values[:, kept])
    count = len(kept)
    screened = dict(state.screened)
    if step.units is not None:
        # Compared with a margin: 0.9 of 50 is 45, whatever the computer makes of 0.9.
        share = known.sum(axis=1) / max(count, 1)
        for row in np.flatnonzero(share < step.units - 1e-12):
            screened[int(row)] = f"screened out: {known[row].sum()} of {count} indicators"
    if step.nonzero is not None:
        nonzero = known & (state.values[:, kept] != 0)
        share = nonzero.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        for row in np.flatnonzero(share < step.nonzero - 1e-12):
            found = f"{nonzero[row].sum()} of {known[row].sum()} figures are other than zero"
            screened.setdefault(int(row), f"screened out: {found}")
    out = np.zeros(len(state.values), bool)
    out[list(screened)] = True
    dropped = dict(state.dropped)
    if step.indicators is not None:
        rest = known[~out]
        have = rest.sum(axis=0)
        for at in np.flatnonzero(have < step.indicators * len(rest) - 1e-12):
            dropped[kept[at]] = f"dropped: {have[at]} of {len(rest)} units have a figure"
    values = state.values.copy()
    values[out, : state.leaf_count] = np.nan
    values[:, list(dropped)] = np.nan
    blanked = _blank_groups(state, step, values) if step.groups is not None else 0
    state = replace(state, values=values, screened=screened, dropped=dropped)
    return state.noted(
        "screen",
        units_left_out=[state.units[state.row_units[row]] for row in screened],
        indicators_left_out=[state.columns[j] for j in dropped],
        group_figures_left_out=blanked,
    )


def _blank_groups(state: State, step: Screen, values: Floats) -> int:
    """Blank, in place, a unit's figures in groups of which it has too few; return how many."""
    assert step.groups is not None
    blank: NDArray[np.bool_] = np.zeros(values.shape, bool)
    tree = state.tree
    for k in tree.order:
        below = [j for j in tree.leaves[k] if tree.parent[j] == k and j not in state.dropped]
        if below:
            short = (~np.isnan(values[:, below])).mean(axis=1) < step.groups - 1e-12
            blank[np.ix_(short, below)] = True
    figures = int((blank & ~np.isnan(values)).sum())
    values[blank] = np.nan
    return figures
