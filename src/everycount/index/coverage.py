"""Coverage: what a unit has, what it lacks, and why a score is not there."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from everycount.index.aggregating import counted_of, parts_of
from everycount.index.state import (
    CLIPPED,
    DERIVED,
    IMPUTED,
    RECODED,
    TRANSFORMED,
    WINSORISED,
    Floats,
    State,
)

# The status of a cell that several things were done to is the first of these.
_STATUSES = (
    (IMPUTED, "imputed"),
    (TRANSFORMED, "transformed"),
    (WINSORISED, "winsorised"),
    (CLIPPED, "clipped"),
    (RECODED, "recoded"),
    (DERIVED, "derived"),
)


def known_figures(state: State) -> NDArray[np.bool_]:
    """Return which figures were observed, shape (rows, indicators); a filled cell was not."""
    assert state.observed is not None, "build observes before it returns"
    return ~np.isnan(state.observed)


def coverage(state: State) -> Floats:
    """Return the share of indicators observed below each node, shape (rows, nodes).

    Where a group declares `out_of` and counts indicators, the share is of that number.
    """
    tree, known = state.tree, known_figures(state)
    share = np.empty((len(known), len(tree.codes)))
    share[:, : tree.indicators] = known
    for k in tree.order:
        group = state.methodology.groups[k - tree.indicators]
        counts_indicators = (group.counted or group.of) == "indicators"
        below = len(tree.leaves[k])
        out_of = group.out_of if group.out_of and counts_indicators else below
        if group.out_of and not counts_indicators and _is_lowest(state, k):
            out_of = group.out_of
        share[:, k] = known[:, tree.leaves[k]].sum(axis=1) / out_of
    return share


def _is_lowest(state: State, k: int) -> bool:
    """Tell whether the children of a group are all indicators."""
    return all(j < state.tree.indicators for j in state.tree.children[k])


def missing_below(
    state: State, nodes: Sequence[int], rows: Sequence[int] | None = None
) -> list[str | None]:
    """Return, row by row and node by node, the codes of the indicators not observed below."""
    known = known_figures(state)[slice(None) if rows is None else list(rows)]
    codes = np.array(state.tree.codes[: state.leaf_count], object)
    found: list[str | None] = []
    for row in ~known:
        for j in nodes:
            leaves = state.tree.leaves[j]
            found.append(" ".join(codes[leaf] for leaf in leaves if row[leaf]) or None)
    return found


def status_of(state: State) -> NDArray[np.object_]:
    """Return the status of each row at each node, shape (rows, nodes).

    For an indicator: observed, derived, recoded, clipped, winsorised, transformed, imputed,
    missing, screened_out. For a group: scored, imputed, too_few, incomplete (a part that its
    method cannot do without is missing), no_data, screened_out, not_computed.
    """
    tree, known = state.tree, known_figures(state)
    count = state.leaf_count
    status = np.full((len(known), len(tree.codes)), "scored", object)
    status[:, :count] = "observed"
    for mark, word in reversed(_STATUSES):
        status[(state.marks[:, : len(tree.codes)] & mark) > 0] = word
    empty = np.isnan(state.values[:, : len(tree.codes)])
    status[:, :count][empty[:, :count]] = "missing"
    for k in range(count, len(tree.codes)):
        status[:, k] = _group_status(state, k, status[:, k], empty[:, k], known)
    status[:, list(state.dropped)] = "screened_out"
    status[list(state.screened)] = "screened_out"
    return status


def _group_status(
    state: State,
    k: int,
    status: NDArray[np.object_],
    empty: NDArray[np.bool_],
    known: NDArray[np.bool_],
) -> NDArray[np.object_]:
    if not state.is_computed(k) or state.have is None or state.asked is None:
        return np.where(empty, "not_computed", status)
    nothing = ~known[:, state.tree.leaves[k]].any(axis=1)
    too_few = state.have[:, k] < state.asked[k]
    reason = np.where(nothing, "no_data", np.where(too_few, "too_few", "incomplete"))
    return np.where(empty, reason, status)


def note_of(
    state: State,
    nodes: Sequence[int],
    statuses: NDArray[np.object_],
    rows: Sequence[int] | None = None,
) -> list[str | None]:
    """Return in words, row by row and node by node, why there is no score; None where there is.

    `statuses` has a row for each of `rows` (all rows, if left out) and a column for each node.
    """
    own = range(len(statuses)) if rows is None else rows
    return [
        _note(state, row, j, statuses[at, column])
        for at, row in enumerate(own)
        for column, j in enumerate(nodes)
    ]


def _note(state: State, row: int, j: int, status: str) -> str | None:
    match status:
        case "screened_out":
            return state.screened.get(row) or state.dropped.get(j)
        case "no_data":
            return "no figure of any indicator below"
        case "too_few":
            return _too_few(state, row, j)
        case "incomplete":
            return _incomplete(state, row, j)
        case _:
            return None


def _too_few(state: State, row: int, j: int) -> str:
    assert state.have is not None, "an aggregate step counted"
    assert state.asked is not None, "an aggregate step counted"
    group = state.methodology.groups[j - state.leaf_count]
    counted = counted_of(state.tree, group, j)
    noun = "parts"
    if all(part < state.leaf_count for part in counted):
        noun = "indicators"
    elif group.counted == "children":
        noun = "groups"
    have = int(state.have[row, j])
    return f"has {have} {noun if have != 1 else noun[:-1]}, needs {state.asked[j]:.0f}"


def _incomplete(state: State, row: int, j: int) -> str:
    group = state.methodology.groups[j - state.leaf_count]
    parts = dict.fromkeys([*parts_of(state.tree, group, j), *map(state.position, group.requires)])
    lacking = [state.columns[part] for part in parts if np.isnan(state.values[row, part])]
    if lacking:
        return f"cannot be computed without {', '.join(lacking)}"
    return "its formula has no result for these figures, such as a division by 0"
