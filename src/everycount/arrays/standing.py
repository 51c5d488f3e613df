"""Standing: the places of units in many builds of an index, and what these say together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.rank import Ties, comparable, rank

Array = NDArray[np.float64]
Places = NDArray[np.float32]
Ints = NDArray[np.int64]

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
        Round scores before ranking. Left out: to 12 digits of the greatest of the build.

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
    for start in range(0, len(scores), step):
        block = scores[start : start + step]
        key = comparable(block, axis=1) if decimals is None else np.round(block, decimals)
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
    for start in range(0, units if draws else 0, step):
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
    places = ranks.shape[1]
    blocks = _by_units(places) or [slice(0, 0)]
    parts = [_spread_of_some(ranks[:, own], places, shares) for own in blocks]
    if len(parts) == 1:
        return parts[0]
    names = ("mean", "median", "quantiles", "lowest", "highest", "builds")
    return Spread(**{n: np.concatenate([getattr(p, n) for p in parts], axis=-1) for n in names})


def _spread_of_some(ranks: Places, places: int, shares: Sequence[float]) -> Spread:
    table = _frequencies(ranks, places)
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
        quantiles=np.array(found[1:]).reshape(len(shares), len(table)),
        lowest=nth(np.zeros_like(last)),
        highest=nth(last),
        builds=count / max(1, len(ranks)),
    )


def _frequencies(ranks: Places, places: int) -> Ints:
    """Return how often each unit takes each place, shape (units, places); halves round down."""
    units = ranks.shape[1]
    counts = np.zeros(units * (places + 1), np.int64)
    for at in blocks(ranks):
        numbered = np.where(np.isnan(ranks[at]), 0, ranks[at]).astype(np.int32)
        numbered += np.arange(units, dtype=np.int32) * (places + 1)
        counts += np.bincount(numbered.ravel(), minlength=counts.size)
    return counts.reshape(units, places + 1)[:, 1:]


def _by_units(units: int) -> list[slice]:
    """Return blocks of units of which a table of all places may be held."""
    step = max(1, BLOCK // (units + 1))
    return [slice(start, start + step) for start in range(0, units, step)]


def blocks(ranks: Places) -> Iterator[slice]:
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
    found = [np.zeros((3, 0), np.int64)]
    for own in _by_units(ranks.shape[1]):
        table = _frequencies(ranks[:, own], ranks.shape[1])
        unit, at = np.nonzero(table)
        found.append(np.stack([unit + own.start, at + 1, table[unit, at]]))
    units, places_, counts = np.concatenate(found, axis=1)
    return units, places_, counts
