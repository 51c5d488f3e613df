"""Pairs: which of two units leads the other in many builds, and how far apart that is certain."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.standing import Array, Ints, Places, blocks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leads:
    """Pairs of units, each pair once; every array has shape (pairs,).

    `first` and `second` are positions of units, the one with the better nominal rank first.
    `apart` is how many places lie between them in that ranking. Of the `common` builds, in which
    both have a rank, the first leads in `leads` and ties in `ties`.
    """

    first: Ints
    second: Ints
    apart: Ints
    leads: Ints
    ties: Ints
    common: Ints


def leads(ranks: Places, nominal: Array, *, window: int) -> Leads:
    """Count in how many builds each unit leads each of those behind it.

    Parameters
    ----------
    ranks : ndarray, shape (builds, units)
        Ranks, NaN where a unit has none.
    nominal : ndarray, shape (units,)
        Ranks of the index as it is declared.
    window : int
        How many units behind each one it is compared with, in the order of `nominal`.

    Examples
    --------
    >>> found = leads(np.array([[1, 2], [2, 1], [1, 1]], np.float32), np.array([1, 2]), window=9)
    >>> found.leads, found.ties, found.common
    (array([1]), array([1]), array([3]))
    """
    order = np.argsort(nominal, kind="stable")
    units, window = len(order), min(window, max(1, len(order) - 1))
    gaps = bool(np.isnan(ranks).any())
    ties = gaps or _has_ties(ranks)  # where places are vacant the sum of squares says nothing
    # Half places, as small numbers: they compare faster. A unit without a rank leads nobody.
    small = np.int16 if 2 * units < 2**15 else np.int32
    rows = np.empty((units, len(ranks)), small)
    for own in blocks(ranks):
        block = np.where(np.isnan(ranks[own]), np.iinfo(small).max, 2 * ranks[own])
        rows[:, own] = block.T[order]
    none = rows == np.iinfo(small).max if gaps else None
    counts: list[Ints] = []
    pairs: list[Ints] = []
    for i in range(units - 1):
        behind = rows[i + 1 : i + 1 + window]
        common = np.full(len(behind), len(ranks))
        won, level = rows[i] < behind, np.zeros(len(behind), np.int64)
        if none is not None:
            both = ~(none[i] | none[i + 1 : i + 1 + window])
            won, common = won & both, _count(both)
        if ties:
            even = rows[i] == behind
            level = _count(even if none is None else even & both)
        counts.append(np.stack([_count(won), level, common]))
        pairs.append(np.stack([np.full(len(behind), i), np.arange(i + 1, i + 1 + len(behind))]))
    empty = np.zeros((3, 0), np.int64)
    at = np.concatenate([empty[:2], *pairs], axis=1)
    found = np.concatenate([empty, *counts], axis=1)
    return Leads(
        first=order[at[0]],
        second=order[at[1]],
        apart=at[1] - at[0],
        leads=found[0],
        ties=found[1],
        common=found[2],
    )


def _count(flags: NDArray[np.bool_]) -> Ints:
    """Count what is true in each row, eight at a time."""
    counts: Ints = np.bitwise_count(np.packbits(flags, axis=1)).sum(axis=1, dtype=np.int64)
    return counts


def _has_ties(ranks: Places) -> bool:
    """Tell whether two units share a place in any build: then the squares add to another sum.

    All units have a place.
    """
    units = ranks.shape[1]
    wanted = units * (units + 1) * (2 * units + 1) / 6
    squares = (np.einsum("ij,ij->i", ranks[at], ranks[at], dtype=float) for at in blocks(ranks))
    return any(bool((own != wanted).any()) for own in squares)


def meaningful_places(apart: ArrayLike, told: ArrayLike, *, share: float) -> int | None:
    """Return how many places two units must be apart so that nearly all such pairs are told apart.

    Parameters
    ----------
    apart : array_like of int, shape (pairs,)
        Places between the units of each pair.
    told : array_like of bool, shape (pairs,)
        Whether the pair is told apart.
    share : float
        At every distance from there on, at least this share of the pairs must be told apart.

    Returns
    -------
    int or None
        The smallest such number; None where even the farthest pair is not told apart.

    Examples
    --------
    >>> meaningful_places([1, 1, 2, 2, 3], [False, True, True, True, True], share=0.9)
    2
    """
    distance, is_told = np.asarray(apart), np.asarray(told, bool)
    if not distance.size:
        return None
    pairs = np.bincount(distance)
    found = np.bincount(distance, weights=is_told)
    enough = found >= share * pairs - 1e-9
    # From the far end inwards, as long as every distance on the way is enough.
    worst = np.flatnonzero(~enough[1:])
    nearest = 1 if not worst.size else int(worst[-1]) + 2
    return nearest if nearest < len(pairs) else None
