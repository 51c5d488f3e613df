"""Merge: which levels to join before anything is hidden."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.disclose import Rules, judge_counts
from everycount.arrays.lattice import Lattice, margins

Array = NDArray[np.float64]
Groups = tuple[tuple[int, ...], ...]

NOTHING: Final = 1e-9
"""Bits that count as none, so that a level without respondents can be merged away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Levels of a characteristic to be joined, and what that brings and takes.

    `levels` are numbers of the original levels. `before` and `after` count confidential cells, in
    the order of the merges proposed. `lost` is the entropy of the characteristic that goes, in bits
    for each respondent, times the cost of the levels.
    """

    characteristic: int
    levels: tuple[int, ...]
    before: int
    after: int
    lost: float


def join_levels(
    lattice: Lattice, tables: ArrayLike, groups: Sequence[Groups]
) -> tuple[Lattice, NDArray[Any]]:
    """Return the lattice and the tables in which each group of levels is one level.

    Parameters
    ----------
    lattice : Lattice
    tables : array_like, shape (layers, joint)
    groups : sequence of tuple of tuple of int
        For each characteristic its groups of levels, in the order of the new levels.

    Examples
    --------
    >>> from everycount.arrays.lattice import cross
    >>> groups = [((0,), (1, 2)), ((0,), (1,))]
    >>> lattice, table = join_levels(cross((3, 2)), [[1, 2, 3, 4, 5, 6]], groups)
    >>> lattice.levels, table
    ((2, 2), array([[ 1,  2,  8, 10]]))
    """
    values = np.asarray(tables)
    joined = values.reshape(len(values), *lattice.levels)
    for i, own in enumerate(groups):
        parts = [joined.take(group, axis=1 + i).sum(axis=1 + i) for group in own]
        joined = np.stack(parts, axis=1 + i)
    levels = tuple(len(own) for own in groups)
    return Lattice(levels=levels, crossings=lattice.crossings), joined.reshape(len(values), -1)


def propose_merges(
    lattice: Lattice,
    tables: ArrayLike,
    rules: Rules,
    *,
    ordered: Sequence[bool],
    partners: Sequence[tuple[int, int, int]] = (),
    cost: Sequence[ArrayLike] | None = None,
    limit: int = 3,
    gain: float = 0.1,
) -> tuple[Merge, ...]:
    """Propose to join levels, one pair after the other, where most is gained for least lost.

    Parameters
    ----------
    lattice : Lattice
    tables : array_like of int, shape (layers, joint)
        Respondents, or those who say yes and those who say no.
    rules : Rules
    ordered : sequence of bool
        For each characteristic whether neighbouring levels may be joined.
    partners : sequence of tuple
        (characteristic, level, level) of levels that may be joined beside these, such as nominal
        ones that are declared alike.
    cost : sequence of array_like, optional
        For each characteristic what it costs to lose each level, 1 if left out; the dearest level
        of a group counts.
    limit : int
        Merges at most.
    gain : float
        A merge must make this share of the confidential cells of the beginning disappear.

    Returns
    -------
    tuple of Merge
        In the order in which they were chosen: by confidential cells that disappear for each bit
        (times cost) of the entropy of the characteristic. A later merge may contain an earlier. No
        characteristic is left with a single level.

    Raises
    ------
    ValueError
        If `ordered` or `cost` do not fit the characteristics.

    References
    ----------
    .. [1] Shannon, C. E. (1948), A mathematical theory of communication, Bell System Technical
       Journal 27, 379-423: grouping changes entropy by that of the groups, times their shares.

    Examples
    --------
    >>> from everycount.arrays.disclose import MinimumRespondents
    >>> from everycount.arrays.lattice import cross
    >>> rules = Rules(respondents=MinimumRespondents(least=5))
    >>> table = [[30, 40, 25, 20, 2, 1]]
    >>> found = propose_merges(cross((3, 2)), table, rules, ordered=(True, False))
    >>> [(each.characteristic, each.levels, each.before, each.after) for each in found]
    [(0, (1, 2), 3, 0)]
    """
    counts = np.asarray(tables)
    costs = _costs(lattice, ordered, cost)
    groups: list[Groups] = [tuple((level,) for level in range(n)) for n in lattice.levels]
    start = now = _confidential(lattice, counts, rules)
    found: list[Merge] = []
    while len(found) < limit and now:
        best: tuple[float, Merge, list[Groups]] | None = None
        for i, one, two in _candidates(groups, ordered, partners):
            trial = [*groups[:i], _joined(groups[i], one, two), *groups[i + 1 :]]
            after = _confidential(*join_levels(lattice, counts, trial), rules)
            if now - after < max(gain * start, 1):
                continue
            levels = (*groups[i][one], *groups[i][two])
            lost = _bits(lattice, counts, i, groups[i][one], groups[i][two])
            lost *= float(costs[i][list(levels)].max())
            merge = Merge(
                characteristic=i, levels=tuple(sorted(levels)), before=now, after=after, lost=lost
            )
            rate = (now - after) / max(lost, NOTHING)
            if best is None or rate > best[0]:
                best = (rate, merge, trial)
        if best is None:
            break
        _, merge, groups = best
        now = merge.after
        found.append(merge)
    return tuple(found)


def _costs(
    lattice: Lattice, ordered: Sequence[bool], cost: Sequence[ArrayLike] | None
) -> list[Array]:
    given = [np.ones(n) for n in lattice.levels] if cost is None else list(cost)
    costs = [np.asarray(each, float) for each in given]
    if [each.shape for each in costs] != [(n,) for n in lattice.levels] or len(ordered) != len(
        lattice.levels
    ):
        raise ValueError(
            f"found {len(ordered)} flags and costs of {[each.size for each in costs]} levels, "
            f"expected those of characteristics of {list(lattice.levels)} levels"
        )
    return costs


def _confidential(lattice: Lattice, tables: NDArray[Any], rules: Rules) -> int:
    return int((judge_counts(margins(lattice, tables), rules).reason > 0).sum())


def _candidates(
    groups: list[Groups], ordered: Sequence[bool], partners: Sequence[tuple[int, int, int]]
) -> Iterator[tuple[int, int, int]]:
    """Yield characteristic and two groups that may be joined; two groups remain at least."""
    for i, own in enumerate(groups):
        if len(own) < 3:
            continue
        pairs = {(k, k + 1) for k in range(len(own) - 1)} if ordered[i] else set()
        for which, *levels in partners:
            if which == i:
                one, two = sorted(next(k for k, g in enumerate(own) if at in g) for at in levels)
                if one != two:
                    pairs.add((one, two))
        yield from ((i, one, two) for one, two in sorted(pairs))


def _joined(groups: Groups, one: int, two: int) -> Groups:
    """Return groups of which two are one, at the place of the first."""
    both = (*groups[one], *groups[two])
    return (*groups[:one], both, *groups[one + 1 : two], *groups[two + 1 :])


def _bits(
    lattice: Lattice, tables: NDArray[Any], i: int, one: tuple[int, ...], two: tuple[int, ...]
) -> float:
    """Return the entropy that is lost with the difference between two groups of levels."""
    gone = tuple(k for k in range(1 + len(lattice.levels)) if k != 1 + i)
    own = tables.reshape(len(tables), *lattice.levels).sum(axis=gone)
    sizes = np.array([own[list(one)].sum(), own[list(two)].sum()], float)
    sizes = sizes[sizes > 0]
    return float((sizes * np.log2(sizes.sum() / sizes)).sum() / own.sum())
