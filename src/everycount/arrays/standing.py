"""Standing: the places of units in many builds of an index, and what these say together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.rank import Ties, rank

Array = NDArray[np.float64]
Places = NDArray[np.float32]
Ints = NDArray[np.int64]

DIGITS = 12
"""Scores that agree in so many digits are equal: sums in another order differ in the 16th."""
BLOCK = 2**21  # cells that are sorted or compared at once


def places(
    scores: Array, *, ties: Ties = "min", lower_is_better: bool = False, decimals: int | None = None
) -> Places:
    """Rank the units of each build, 1 for the best.

    Parameters
    ----------
    scores : ndarray, shape (builds, units)
        NaN where a unit has no score.
    ties : {"min", "max", "average", "dense"}
        What equal scores share, as in `rank`.
    lower_is_better : bool
        Whether the lowest score ranks first.
    decimals : int, optional
        Round scores before ranking. Left out: to 12 digits of the greatest.

    Returns
    -------
    ndarray of float32, shape (builds, units)
        NaN where there is no score.

    Examples
    --------
    >>> places(np.array([[3.0, 9.0, 5.0], [1.0, 1.0, np.nan]])).tolist()
    [[3.0, 1.0, 2.0], [1.0, 1.0, nan]]
    """
    result = np.empty(scores.shape, np.float32)
    step = max(1, BLOCK // max(1, scores.shape[1]))
    greatest = float(np.fmax.reduce(np.abs(scores), axis=None, initial=0.0))
    exponent = DIGITS - int(np.ceil(np.log10(greatest))) if greatest > 0 else 0
    for start in range(0, len(scores), step):
        block = scores[start : start + step]
        if decimals is not None:
            key = np.round(block, decimals)
        else:
            key = np.rint(block * 10.0**exponent)
        if not lower_is_better:
            key = np.negative(key)  # a sort key, not a score
        result[start : start + step] = _rank_rows(key, ties)
    return result


def _rank_rows(key: Array, ties: Ties) -> NDArray[np.floating]:
    """Rank each row, the lowest key first; rows with ties are done again with care."""
    order = np.argsort(key, axis=1)
    ordered = np.take_along_axis(key, order, axis=1)
    tied = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    ranks = np.empty(key.shape, np.float32)
    line = np.arange(1, key.shape[1] + 1, dtype=np.float32)
    np.put_along_axis(ranks, order, np.broadcast_to(line, key.shape), axis=1)
    if tied.any():
        ranks[tied] = rank(key[tied].T, ties=ties, best="low").T
    ranks[np.isnan(key)] = np.nan
    return ranks


def keep_places(ranks: Places, nominal: Array) -> Places:
    """Leave the places of units without a score vacant, as they are in the nominal ranking.

    Ranks of a build that some units are missing from close up; here the units that are there
    share the nominal ranks of the units that are there. Where their order is the nominal one,
    nobody moves.

    Parameters
    ----------
    ranks : ndarray, shape (builds, units)
        Ranks among the units with a score, NaN for those without.
    nominal : ndarray, shape (units,)
        Ranks of the index as it is declared.

    Examples
    --------
    >>> keep_places(np.array([[np.nan, 2, 1]], np.float32), np.array([1.0, 2.0, 3.0])).tolist()
    [[nan, 3.0, 2.0]]
    """
    gaps = np.isnan(ranks)
    partly = np.flatnonzero(gaps.any(axis=1))
    if not partly.size:
        return ranks
    ranks = ranks.copy()
    kinds, which = np.unique(gaps[partly], axis=0, return_inverse=True)
    for number, gap in enumerate(kinds):
        rows = partly[which.ravel() == number]
        held = np.sort(nominal[~gap])
        if held.size:
            line = np.arange(1, held.size + 1)
            ranks[rows] = np.interp(ranks[rows], line, held)  # of a missing rank: missing
    return ranks


def mean_shifts(ranks: Places, nominal: Array) -> Array:
    """Return the mean absolute shift of ranks in each build, shape (builds,).

    `ranks` has shape (builds, units), `nominal` (units,). Units without a rank do not count; NaN
    for a build without any.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 7, equation
       of the average shift in countries' ranks.

    Examples
    --------
    >>> mean_shifts(np.array([[1, 2, 3], [2, 1, 3]], np.float32), np.array([1.0, 2.0, 3.0]))
    array([0.        , 0.66666667])
    """
    shift = np.abs(ranks - nominal.astype(np.float32))
    known = ~np.isnan(shift)
    count = known.sum(axis=1)
    total = np.where(known, shift, 0).sum(axis=1, dtype=float)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """What many builds say of each unit; every array but `quantiles` has shape (units,).

    `quantiles` has shape (shares, units). `builds` is the share of builds with a value.
    """

    mean: Array
    median: Array
    quantiles: Array
    lowest: Array
    highest: Array
    builds: Array


def spread(values: NDArray[np.floating], shares: Sequence[float]) -> Spread:
    """Describe the values of each unit over the builds.

    Parameters
    ----------
    values : ndarray, shape (builds, units)
        Ranks or scores; NaN where a unit has none, which counts in `builds` alone.
    shares : sequence of float
        Quantiles to give, from 0 to 1, by linear interpolation.

    References
    ----------
    .. [1] Hyndman, R. J. and Fan, Y. (1996), Sample quantiles in statistical packages, The
       American Statistician 50(4), definition 7.

    Examples
    --------
    >>> found = spread(np.array([[1.0], [2.0], [4.0]]), [0.25])
    >>> found.median, found.quantiles, found.builds
    (array([2.]), array([[1.5]]), array([1.]))
    """
    if values.dtype == np.float32 and not (values % 1 > 0).any():
        return _spread_of_places(values, shares)
    draws, units = values.shape
    wanted = (0.5, *shares)
    found = np.full((len(wanted), units), np.nan)
    mean, lowest, highest = (np.full(units, np.nan) for _ in range(3))
    count = np.zeros(units, np.int64)
    step = max(1, BLOCK // max(1, draws))
    for start in range(0, units, step):
        own = slice(start, start + step)
        ordered = np.sort(values[:, own].T.astype(float), axis=1)  # missing ones sort last
        known = ~np.isnan(ordered)
        count[own] = known.sum(axis=1)
        at = np.flatnonzero(count[own])
        last = count[own][at] - 1
        total = np.where(known, ordered, 0.0).sum(axis=1)
        mean[own][at] = total[at] / (last + 1)
        lowest[own][at], highest[own][at] = ordered[at, 0], ordered[at, last]
        for q, share in enumerate(wanted):
            place = last * share
            floor = np.floor(place).astype(int)
            low, high = ordered[at, floor], ordered[at, np.minimum(floor + 1, last)]
            found[q, own][at] = low + (place - floor) * (high - low)
    return Spread(
        mean=mean,
        median=found[0],
        quantiles=found[1:],
        lowest=lowest,
        highest=highest,
        builds=count / max(1, draws),
    )


def _spread_of_places(ranks: Places, shares: Sequence[float]) -> Spread:
    """Describe whole ranks from how often each occurs, which needs no sorting."""
    table = _frequencies(ranks)
    count = table.sum(axis=1)
    none = count == 0
    upto = table.cumsum(axis=1)
    last = np.maximum(count - 1, 0)
    line = np.arange(1, table.shape[1] + 1)

    def nth(n: Ints) -> Array:
        return np.where(none, np.nan, (upto <= n[:, None]).sum(axis=1) + 1.0)

    found = []
    for share in (0.5, *shares):
        place = last * share
        floor = np.floor(place).astype(np.int64)
        low, high = nth(floor), nth(np.minimum(floor + 1, last))
        found.append(low + (place - floor) * (high - low))
    mean = np.where(none, np.nan, table @ line / np.maximum(count, 1))
    return Spread(
        mean=mean,
        median=found[0],
        quantiles=np.array(found[1:]).reshape(-1, len(table)),
        lowest=nth(np.zeros_like(last)),
        highest=nth(last),
        builds=count / max(1, len(ranks)),
    )


def _frequencies(ranks: Places) -> Ints:
    """Return how often each unit takes each place, shape (units, places); halves round down."""
    units = ranks.shape[1]
    counts = np.zeros(units * (units + 1), np.int64)
    for at in _blocks(ranks):
        numbered = np.where(np.isnan(ranks[at]), 0, ranks[at]).astype(np.int32)
        numbered += np.arange(units, dtype=np.int32) * (units + 1)
        counts += np.bincount(numbered.ravel(), minlength=counts.size)
    return counts.reshape(units, units + 1)[:, 1:]


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
    gaps, ties = bool(np.isnan(ranks).any()), _has_ties(ranks)
    # Half places, as small numbers: they compare faster. A unit without a rank leads nobody.
    small = np.int16 if 2 * units < 2**15 else np.int32
    rows = np.empty((units, len(ranks)), small)
    for own in _blocks(ranks):
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
    """Tell whether two units share a place in any build: then the squares add to another sum."""
    for at in _blocks(ranks):
        known = np.where(np.isnan(ranks[at]), 0, ranks[at])
        units = np.count_nonzero(known, axis=1).astype(float)
        squares = np.einsum("ij,ij->i", known, known, dtype=float)
        if (squares != units * (units + 1) * (2 * units + 1) / 6).any():
            return True
    return False


def _blocks(ranks: Places) -> Iterator[slice]:
    """Yield slices of builds, so that copies stay small."""
    step = max(1, BLOCK // max(1, ranks.shape[1]))
    for start in range(0, len(ranks), step):
        yield slice(start, start + step)


def acceptability(ranks: Places) -> tuple[Ints, Ints, Ints]:
    """Count how often each unit takes each place.

    Parameters
    ----------
    ranks : ndarray, shape (builds, units)
        Ranks, NaN where a unit has none; ranks that units share by their mean are rounded down.

    Returns
    -------
    tuple of ndarray
        Unit, place and number of builds, for every place a unit takes at all.

    References
    ----------
    .. [1] Lahdelma, R. and Salminen, P. (2001), SMAA-2, Operations Research 49(3): the rank
       acceptability index.

    Examples
    --------
    >>> unit, place, count = acceptability(np.array([[1, 2], [1, 2], [2, 1]], np.float32))
    >>> list(zip(unit.tolist(), place.tolist(), count.tolist()))
    [(0, 1, 2), (0, 2, 1), (1, 1, 1), (1, 2, 2)]
    """
    table = _frequencies(ranks)
    unit, at = np.nonzero(table)
    return unit, at + 1, table[unit, at]


def meaningful_places(apart: ArrayLike, told: ArrayLike, *, share: float) -> int | None:
    """Return how many places two units must be apart so that nearly all such pairs are told apart.

    Parameters
    ----------
    apart : array_like of int, shape (pairs,)
        Places between the units of each pair.
    told : array_like of bool, shape (pairs,)
        Whether the pair is told apart.
    share : float
        Of all pairs so far apart or farther, at least this share must be told apart.

    Returns
    -------
    int or None
        The smallest such number; None where even the farthest pairs are not told apart.

    Examples
    --------
    >>> meaningful_places([1, 1, 2, 2, 3], [False, True, True, True, True], share=0.9)
    2
    """
    distance, is_told = np.asarray(apart), np.asarray(told, bool)
    if not distance.size:
        return None
    pairs = np.bincount(distance)[::-1].cumsum()[::-1]
    found = np.bincount(distance, weights=is_told)[::-1].cumsum()[::-1]
    enough = found >= share * pairs - 1e-9
    # From the far end inwards, as long as every distance on the way is enough.
    worst = np.flatnonzero(~enough[1:])
    nearest = 1 if not worst.size else int(worst[-1]) + 2
    return nearest if nearest < len(pairs) else None
