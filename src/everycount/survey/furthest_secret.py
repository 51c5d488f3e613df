"""Groups of trees that may not be shown, and those that would let them be worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from everycount.model.rules import Confidentiality
from everycount.survey.furthest_groups import Grown, HonestGroup
from everycount.survey.furthest_rows import Method, Reduced

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What is not shown of one outcome."""

    rules: Confidentiality | None = None
    nodes: Mapping[Method, frozenset[int]] = field(default_factory=dict)
    """Positions of nodes by method."""

    def hides(self, method: Method, place: int) -> bool:
        """Tell whether a node is hidden."""
        return place in self.nodes.get(method, ())

    def hides_any(self, method: Method) -> bool:
        """Tell whether any node of a tree is hidden."""
        return bool(self.nodes.get(method))

    def hides_half(self, group: HonestGroup) -> bool:
        """Tell whether the figure of a group found on one half is hidden."""
        return any(breaks(self.rules, n, yes) for n, yes in group.counts)

    def hides_level(self, counts: IntArray) -> bool:
        """Tell whether a level, (levels, 2), would be given away by measures of all of them."""
        return any(breaks(self.rules, int(n), int(yes)) for n, yes in counts)

    def withholds_error(self, df: float) -> bool:
        """Tell whether an error has too few degrees of freedom to be shown."""
        return self.rules is not None and df < self.rules.minimum_df

    @property
    def base(self) -> int:
        """Return the base to which numbers of rows are rounded, 1 for none."""
        return max(self.rules.rounding, 1) if self.rules is not None else 1


def breaks(rules: Confidentiality | None, n: int, yes: int) -> bool:
    """Tell whether a group of so many rows would show who somebody is or what somebody did.

    Parameters
    ----------
    rules : Confidentiality, optional
        The rules; none hide nothing.
    n, yes : int
        Rows, and rows with the outcome; below 0 where the outcome is not yes or no.

    Examples
    --------
    >>> rules = Confidentiality(id="five", title="", source="", minimum=5, minimum_yes=1)
    >>> breaks(rules, 4, 2), breaks(rules, 50, 0), breaks(rules, 50, 2), breaks(rules, 0, 0)
    (True, True, False, False)
    """
    if rules is None or n == 0:
        return False
    return n < rules.minimum or (yes >= 0 and min(yes, n - yes) < rules.minimum_yes)


def secret_of(reduced: Reduced, grown: Sequence[Grown], rules: Confidentiality | None) -> Secret:
    """Return which nodes are hidden so that no group that breaks the rules can be worked out.

    A group is what its parent has less its sibling, so both are hidden, with all below them; the
    parent stays. Groups of two trees are then compared: where one less another is a group that
    breaks the rules, or shown groups add up to a hidden one that does, the second tree keeps its
    root alone, and if that is not enough, the first.

    Parameters
    ----------
    reduced : Reduced
        The rows.
    grown : sequence of Grown
        Trees.
    rules : Confidentiality, optional
        Rules of which the least numbers of respondents are looked at.
    """
    if rules is None:
        return Secret()
    nodes = {each.method: _hidden(each, rules) for each in grown}
    counts = cell_counts(reduced)
    for each in reversed(grown):
        if not _leaks(grown, nodes, counts, rules):
            break
        nodes[each.method] |= set(range(1, len(each.tree.nodes)))
    return Secret(rules=rules, nodes={name: frozenset(held) for name, held in nodes.items()})


def _hidden(grown: Grown, rules: Confidentiality) -> set[int]:
    """Return the nodes that break the rules, with siblings and all below."""
    numbers = [node.number for node in grown.tree.nodes]
    unsafe = _unsafe(grown, rules)
    if 0 in unsafe:
        return set(range(len(numbers)))
    parents = {numbers[place] // 2 for place in unsafe}
    return {
        place
        for place, number in enumerate(numbers)
        if any(_is_below(number, up) for up in parents)
    }


def _is_below(number: int, up: int) -> bool:
    steps = number.bit_length() - up.bit_length()
    return steps > 0 and number >> steps == up


def _unsafe(grown: Grown, rules: Confidentiality) -> list[int]:
    figures = grown.figures
    pairs = zip(figures.n.tolist(), figures.yes.tolist(), strict=True)
    return [place for place, (n, yes) in enumerate(pairs) if breaks(rules, n, yes)]


def cell_counts(reduced: Reduced) -> IntArray:
    """Return rows, and rows with the outcome (-1 of a mean), of each cell: (cells, 2)."""
    cell, size = reduced.table.cell_of_row, len(reduced.table.cells.n)
    kept = cell >= 0
    n = np.bincount(cell[kept], minlength=size)
    if reduced.outcome.statistic != "proportion":
        return np.column_stack([n, np.full(size, -1)])
    yes = np.rint(np.bincount(cell[kept], reduced.outcome_by_row[kept], size))
    return np.column_stack([n, yes]).astype(np.int64)


def _leaks(
    grown: Sequence[Grown],
    nodes: Mapping[Method, set[int]],
    counts: IntArray,
    rules: Confidentiality,
) -> bool:
    """Tell whether what is shown gives away a group that breaks the rules."""
    shown, unsafe = [], []
    for each in grown:
        bad = set(_unsafe(each, rules))
        shown += [row for at, row in enumerate(each.members) if at not in nodes[each.method]]
        unsafe += [row for at, row in enumerate(each.members) if at in bad]
    if not shown:
        return False
    published = np.unique(np.array(shown), axis=0)
    if _differ_by_few(published, counts, rules):
        return True
    if not unsafe:
        return False
    known = np.unique(np.vstack([published, unsafe]), axis=1).astype(float)
    have = known[: len(published)]
    rank = np.linalg.matrix_rank(have)
    return any(np.linalg.matrix_rank(np.vstack([have, row])) == rank for row in known[len(have) :])


def _differ_by_few(published: BoolArray, counts: IntArray, rules: Confidentiality) -> bool:
    """Tell whether one shown group less another within it breaks the rules."""
    is_share = bool((counts[:, 1] >= 0).all())
    for one in published:
        for other in published:
            rest = one & ~other
            if rest.any() and not (other & ~one).any():
                n, yes = counts[rest].sum(axis=0).tolist()
                if breaks(rules, n, yes if is_share else -1):
                    return True
    return False
