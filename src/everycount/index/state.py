"""The figures on their way through the steps of a method."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from everycount.errors import ColumnError, MethodError, Problem
from everycount.index.methodology import Methodology
from everycount.index.tree import Tree
from everycount.model.units import Units

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def names_of(figures: Floats) -> list[str | None]:
    """Return numbers as names of groups: 1 is "1", not "1.0"; None for a missing one."""
    return [None if np.isnan(figure) else f"{figure:.15g}" for figure in figures]


def number_of(text: str) -> float | None:
    """Return the number that a text is, or None."""
    try:
        return float(text)
    except ValueError:
        return None


# What was done to a figure; several may apply.
DERIVED, RECODED, CLIPPED, IMPUTED, WINSORISED, TRANSFORMED = 1, 2, 4, 8, 16, 32
MARKS = {
    IMPUTED: "imputed",
    WINSORISED: "winsorised",
    TRANSFORMED: "transformed",
    CLIPPED: "clipped",
    RECODED: "recoded",
    DERIVED: "derived",
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Goalposts:
    """What the scores of one node were measured between, row by row.

    `worst` and `best` have shape (2, rows): the posts below and above. Where a side has no worst
    figure it is NaN.
    """

    worst: Floats
    best: Floats
    scale: tuple[float, float]
    most: Floats | None = None
    """The best score a row can reach, shape (rows,), where that is not the best of the scale."""

    def figure_at(self, score: float, row: int, *, near: float) -> float:
        """Return the figure that would score `score`, on the side of the best where `near` lies."""
        share = (score - self.scale[0]) / (self.scale[1] - self.scale[0])
        worst, best = self.worst[:, row], self.best[:, row]
        above = np.isnan(worst[0]) or (near > best[1] and not np.isnan(worst[1]))
        side = 1 if above else 0
        return float(worst[side] + share * (best[side] - worst[side]))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class State:
    """Everything a step may read; a step returns a changed copy.

    Rows are units (in periods). Columns are the nodes of the tree in its order (indicators, then
    groups) followed by other columns the method needs. Missing is NaN.
    """

    methodology: Methodology
    about: Units
    units: tuple[str, ...]
    row_units: Ints
    row_periods: Ints
    columns: tuple[str, ...]
    values: Floats
    marks: NDArray[np.uint8]
    years: NDArray[np.int32]
    sources: NDArray[np.int32]
    source_names: tuple[str, ...]
    texts: Mapping[str, NDArray[np.object_]]
    """Cells that are categories, or group names, by column; None where there is none."""
    weights: Floats
    """Of each node among its siblings, shape (nodes,)."""
    observed: Floats | None = None
    """The figures of the indicators before any step made scores of them."""
    screened: Mapping[int, str] = field(default_factory=dict)
    """Why a row was left out, by row."""
    dropped: Mapping[int, str] = field(default_factory=dict)
    """Why an indicator was left out, by column."""
    have: Floats | None = None
    """How many of its parts each node has, shape (rows, nodes)."""
    asked: Floats | None = None
    """How many parts each node needs, shape (nodes,)."""
    computed: frozenset[int] = frozenset()
    """The groups that have scores."""
    scaled: frozenset[int] = frozenset()
    """The nodes that a step has normalised."""
    goalposts: Mapping[int, Goalposts] = field(default_factory=dict)
    """What the scores of a node were measured between, for methods along a straight line."""
    notes: tuple[dict[str, Any], ...] = ()
    """What each step did, for the trace."""

    @property
    def tree(self) -> Tree:
        """The tree of the method."""
        return self.methodology.tree

    def is_computed(self, node: int) -> bool:
        """Tell whether an aggregate step has been at a group."""
        return node in self.computed

    @property
    def subject(self) -> str:
        """How errors name the method."""
        return f"method {self.methodology.id}"

    @property
    def leaf_count(self) -> int:
        """How many columns are indicators."""
        return self.tree.indicators

    def position(self, column: str) -> int:
        """Return where a column stands."""
        return self.columns.index(column)

    def figures_of(self, column: str) -> Floats:
        """Return the figures of a column; of an indicator those before scores were made."""
        j = self.position(column)
        if self.observed is not None and j < self.leaf_count:
            return np.asarray(self.observed[:, j])
        return np.asarray(self.values[:, j])

    def noted(self, do: str, **facts: Any) -> "State":
        """Return a copy with a note of what a step did."""
        return replace(self, notes=(*self.notes, {"step": do, **facts}))

    def with_columns(self, columns: Iterable[int], values: Floats, mark: int = 0) -> "State":
        """Return a copy with new values in `columns`; cells that changed get `mark`."""
        where = np.fromiter(columns, int)
        changed = self.values.copy()
        marks = self.marks
        if mark:
            before = changed[:, where]
            different = ~((before == values) | (np.isnan(before) & np.isnan(values)))
            marks = self.marks.copy()
            marks[:, where] |= np.where(different, np.uint8(mark), np.uint8(0))
        changed[:, where] = values
        return replace(self, values=changed, marks=marks)

    def has_grouping(self, column: str) -> bool:
        """Tell whether the units or the data have a grouping."""
        return any(column in each for each in (self.about.groups, self.texts, self.about.figures))

    def grouping(self, column: str) -> tuple[str, ...]:
        """Return the group of each row in a grouping of units; "" where it has none.

        Raises
        ------
        MethodError
            If neither the units nor the data have the column.
        """
        if column in self.about.groups:
            own = self.about.group_of(column, self.units)
            return tuple(own[u] for u in self.row_units)
        if column in self.texts:
            return tuple(text or "" for text in self.texts[column])
        if column in self.about.figures:
            names = names_of(self.about.figure_of(column, self.units))
            return tuple(names[u] or "" for u in self.row_units)
        have = ", ".join(sorted({*self.about.groups, *self.texts})) or "none"
        problem = Problem("grouping", repr(column), f"a grouping of units (there are: {have})")
        raise MethodError(self.subject, [problem])

    def labels(self, column: str) -> tuple[Ints, tuple[str, ...]]:
        """Return the grouping as numbers (-1 for no group) and the names they stand for."""
        own = self.grouping(column)
        names = tuple(sorted({name for name in own if name}))
        number = {name: k for k, name in enumerate(names)}
        return np.array([number.get(name, -1) for name in own], int), names

    def periods_as_labels(self) -> Ints:
        """Return a number for each row's period."""
        return np.unique(self.row_periods, return_inverse=True)[1].astype(int)

    def faulty(self, error: ColumnError, columns: Iterable[int], where: str) -> MethodError:
        """Return the fault of an array with the names of `columns` for its numbers."""
        names = [f"{where}, {self.columns[j]}" for j in columns]
        return error.named(names, subject=self.subject)
