"""What coherence is judged on: the ranked units of the newest period, high scores for good."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from everycount.index.aggregating import method_of, parts_of
from everycount.index.nodes import Group, ascends
from everycount.index.ranking import is_unranked
from everycount.index.result import IndexResult
from everycount.index.state import Floats, State
from everycount.index.steps import Aggregate


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """Scores of the units that are compared with one another."""

    state: State
    rows: NDArray[np.int64]
    """Rows of the state."""
    scores: Floats
    """Shape (rows, nodes); more is better wherever the method says which way is."""
    observed: Floats
    """Figures before any step made scores of them, shape (rows, indicators)."""
    period: int | None
    """The newest; None where the data have none."""
    periods: int
    """How many there are."""

    def code(self, node: int) -> str:
        """Return the code of a node."""
        return self.state.tree.codes[node]

    def at_level(self, level: int) -> list[int]:
        """Return the nodes of a level that no step left out."""
        return [j for j in self.state.tree.at_level(level) if j not in self.state.dropped]

    def group(self, k: int) -> Group:
        """Return the declaration of a group."""
        return self.state.methodology.groups[k - self.state.leaf_count]

    def groups(self) -> range:
        """Return the positions of all groups."""
        return range(self.state.leaf_count, len(self.state.tree.codes))

    def parts(self, k: int) -> list[int]:
        """Return what is combined into a group, without what a step left out."""
        own = parts_of(self.state.tree, self.group(k), k)
        return [j for j in own if j not in self.state.dropped]

    def method(self, k: int) -> str:
        """Return how a group is combined; "" where no step does."""
        tree = self.state.tree
        for step in self.state.methodology.steps:
            if isinstance(step, Aggregate) and tree.level[k] <= (step.to or tree.depth):
                return method_of(step, self.group(k), tree.level[k])
        return ""


def scored(result: IndexResult) -> Scored:
    """Return what is compared: the units that have a score, but for averages of others.

    Where no unit has a score of the top, all that were not screened out.
    """
    state = result.state
    newest = int(state.row_periods.max(initial=0))
    chosen = (state.row_periods == newest) & ~is_unranked(state)
    chosen[list(state.screened)] = False
    if (chosen & ~np.isnan(result.score)).any():
        chosen &= ~np.isnan(result.score)
    rows = np.flatnonzero(chosen)
    scores = state.values[rows, : len(state.tree.codes)]
    down = [j for j in range(scores.shape[1]) if _falls(state, j)]
    scores[:, down] = np.negative(scores[:, down])  # to read correlations by; no score is shown
    assert state.observed is not None, "build observes before it returns"
    return Scored(
        state=state,
        rows=rows,
        scores=scores,
        observed=state.observed[rows],
        period=newest or None,
        periods=len(np.unique(state.row_periods)),
    )


def _falls(state: State, j: int) -> bool:
    """Tell whether less is better: of what no step has normalised."""
    if j in state.scaled:
        return False
    method, count = state.methodology, state.leaf_count
    if j == state.tree.top:
        return method.ranking.best == "low"
    node = method.indicators[j] if j < count else method.groups[j - count]
    directed = node.best is not None and not isinstance(node.best, tuple)
    return directed and not ascends(node.worst, node.best)


def numbers(values: object) -> pl.Series:
    """Return figures as a column of a table: NaN becomes null."""
    return pl.Series(np.asarray(values, float), dtype=pl.Float64, nan_to_null=True)
