"""Groups of people that differ most in an outcome, with design-based errors of every group."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from everycount.arrays.tree import grow
from everycount.arrays.tree_choice import FOLDS, SIZES, Choice, Size, choose
from everycount.arrays.tree_honest import Held, Honest, honest
from everycount.arrays.tree_nodes import (
    ESCAP_DEPTH,
    ESCAP_PARTS,
    Furthest,
    Growth,
    Tree,
    escap_growth,
    furthest,
    leaf_of,
)
from everycount.arrays.tree_stability import Definition, Stability, definition_of, stability
from everycount.errors import MethodError, Problem
from everycount.survey.disaggregate import confidence
from everycount.survey.furthest_figures import Estimated, Gap, estimated, gap, gap_of
from everycount.survey.furthest_rows import (
    FOLDS_RNG,
    HALVES_RNG,
    FurthestOptions,
    Method,
    Reduced,
    Repetitions,
)

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HonestGroup:
    """A group found on one half of the PSUs and measured on the other."""

    held: Held
    definition: Definition
    low: float
    high: float
    counts: tuple[tuple[int, int], tuple[int, int]]
    """Rows, and rows with the outcome (-1 of a mean), of the choosing half and of the other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Halves:
    """Those furthest behind and ahead by halves of the PSUs."""

    behind: HonestGroup
    ahead: HonestGroup
    gap: Gap
    unplaced: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grown:
    """A tree with the errors of its groups, and how far it can be believed."""

    method: Method
    tree: Tree
    ends: Furthest
    definitions: tuple[Definition, ...]
    """Of every node."""
    figures: Estimated
    """Of every node."""
    gap: Gap
    """Furthest ahead less furthest behind."""
    behind_gap: Gap
    """Everyone less those furthest behind."""
    leaf_of_cell: IntArray
    members: BoolArray
    """Cells of the circumstances that each node has, (nodes, cells)."""
    halves: Halves
    stability: Stability
    choice: Choice | None
    """How the size was chosen; nothing for ESCAP's."""

    def place(self, number: int) -> int:
        """Return the position of a node by its number."""
        return [node.number for node in self.tree.nodes].index(number)

    @property
    def behind(self) -> int:
        """Return the position of the node furthest behind."""
        return self.place(self.ends.behind.number)

    @property
    def ahead(self) -> int:
        """Return the position of the node furthest ahead."""
        return self.place(self.ends.ahead.number)


def groups_of(
    reduced: Reduced, method: Method, options: FurthestOptions, repetitions: Repetitions
) -> Grown:
    """Grow a tree, estimate its groups, and test how far it can be believed.

    Parameters
    ----------
    reduced : Reduced
        The rows.
    method : {"escap", "chosen"}
        How large the tree may be.
    options : FurthestOptions
        The seed.
    repetitions : callable
        Gives the cells under each replicate.

    Raises
    ------
    MethodError
        If PSUs are too few to be parted.
    """
    cells, direction = reduced.table.cells, reduced.outcome.direction
    tree, growth, size, choice = _grown(reduced, method, options)
    ends = furthest(tree, outcome=direction)
    leaf_of_cell = leaf_of(tree, cells.codes)
    domains = _domains(tree)
    figures, gaps = _figures(reduced, tree, ends, domains)
    return Grown(
        method=method,
        tree=tree,
        ends=ends,
        definitions=tuple(definition_of(node, cells.codes) for node in tree.nodes),
        figures=figures,
        gap=gaps[0],
        behind_gap=gaps[1],
        leaf_of_cell=leaf_of_cell,
        members=domains[:, _places(tree, leaf_of_cell)],
        halves=_halves(reduced, size, options),
        stability=_stability(reduced, tree, growth, repetitions),
        choice=choice,
    )


def _stability(reduced: Reduced, tree: Tree, growth: Growth, repetitions: Repetitions) -> Stability:
    """Compare a tree with those of replicates; one that has nobody left has none."""
    replicates = [cells for cells in repetitions() if cells.weight.any()]
    if not replicates:
        raise _too_few(reduced)
    direction = reduced.outcome.direction
    return stability(tree, reduced.table.cells, replicates, growth, outcome=direction)


def _grown(
    reduced: Reduced, method: Method, options: FurthestOptions
) -> tuple[Tree, Growth, Size, Choice | None]:
    """Return a tree, its limits, its size for halves, and how that was chosen."""
    table, rows = reduced.table, reduced.rows
    kind = "identity" if reduced.has_identity else "usual"
    part = 1 / ESCAP_PARTS[kind]
    if method == "escap":
        growth = escap_growth(rows, circumstances="identity" if reduced.has_identity else "usual")
        size = Size(depth=ESCAP_DEPTH, leaf_share=part)
        return grow(table.cells, growth), growth, size, None
    sizes = [Size(depth=each.depth, leaf_share=part) for each in SIZES]
    folds = min(FOLDS, len(table.stratum))
    try:
        choice = choose(table, sizes=sizes, folds=folds, rng=options.rng(FOLDS_RNG))
    except ValueError as error:
        raise _too_few(reduced) from error
    size = sizes[choice.chosen]
    return choice.tree, size.growth(rows), size, choice


def _too_few(reduced: Reduced) -> MethodError:
    found = f"{reduced.psus} sampled units with rows that are used"
    problem = Problem(f"outcome {reduced.outcome.name}", found, "enough to leave some out")
    return MethodError(reduced.sample.plan.source.name, [problem])


def _domains(tree: Tree) -> BoolArray:
    """Tell which leaves each node has under it, (nodes, leaves)."""
    leaves = [leaf.number for leaf in tree.leaves]
    return np.array([[_is_under(leaf, node.number) for leaf in leaves] for node in tree.nodes])


def _is_under(leaf: int, number: int) -> bool:
    """Tell whether a leaf is a node or stands under it."""
    above = leaf.bit_length() - number.bit_length()
    return above >= 0 and leaf >> above == number


def _places(tree: Tree, leaf: IntArray) -> IntArray:
    """Return the position of the leaf of each row among the leaves, -1 where it has none."""
    leaves = np.array([each.number for each in tree.leaves])
    order = np.argsort(leaves)
    at = np.minimum(np.searchsorted(leaves[order], leaf), len(leaves) - 1)
    return np.where(leaf < 0, -1, order[at])


def _figures(
    reduced: Reduced, tree: Tree, ends: Furthest, domains: BoolArray
) -> tuple[Estimated, tuple[Gap, Gap]]:
    """Return the estimates of all nodes, and the differences of those furthest behind."""
    numbers = [node.number for node in tree.nodes]
    inside = (reduced.codes >= 0).all(axis=1)
    cell = np.where(inside, _places(tree, leaf_of(tree, reduced.codes)), -1)
    found, figures = estimated(reduced, cell, domains)
    behind, ahead = (numbers.index(end.number) for end in (ends.behind, ends.ahead))
    level = reduced.sample.plan.design.level
    return found, (gap_of(figures, behind, ahead, level), gap_of(figures, behind, 0, level))


def _halves(reduced: Reduced, size: Size, options: FurthestOptions) -> Halves:
    """Return those furthest behind and ahead of one half of the PSUs, measured on the other."""
    table, design, outcome = reduced.table, reduced.sample.plan.design, reduced.outcome
    try:
        found = honest(table, size, outcome=outcome.direction, rng=options.rng(HALVES_RNG))
    except ValueError as error:
        raise _too_few(reduced) from error
    leaf_of_row = np.where(
        table.cell_of_row < 0, -1, leaf_of(found.tree, table.cells.codes)[table.cell_of_row]
    )
    groups = []
    for held in (found.behind, found.ahead):
        low, high = confidence(
            design,
            outcome,
            np.array([held.mean]),
            np.array([held.standard_error]),
            df=np.array([float(held.df)]),
            n=np.array([int(held.n)]),
        )
        groups.append(
            HonestGroup(
                held=held,
                definition=definition_of(held.node, table.cells.codes),
                low=float(low[0]),
                high=float(high[0]),
                counts=_half_counts(reduced, found, leaf_of_row == held.node.number),
            )
        )
    behind, ahead = groups
    df = float(min(found.behind.df, found.ahead.df))
    return Halves(
        behind=behind,
        ahead=ahead,
        gap=gap(found.gap, found.gap_standard_error, df, design.level),
        unplaced=found.unplaced,
    )


def _half_counts(
    reduced: Reduced, found: Honest, inside: BoolArray
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the rows of a group, and those with the outcome, in either half."""
    choosing = found.choosing[reduced.table.psu_of_row]
    is_share = reduced.outcome.statistic == "proportion"
    counts = []
    for half in (choosing, ~choosing):
        own = reduced.outcome_by_row[inside & half]
        counts.append((len(own), round(float(own.sum())) if is_share else -1))
    return counts[0], counts[1]
