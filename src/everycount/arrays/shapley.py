"""Shapley: share out the difference from a baseline among the children that make it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

LARGEST = 12  # children; 4,096 coalitions for each unit, above which `sampled` is the way
ROWS = 1_000_000  # evaluated at a time


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sampled:
    """Estimated contributions and their standard errors, both (n_units, n_children)."""

    contributions: Array
    standard_errors: Array


def contributions(values: ArrayLike, baseline: ArrayLike, value: Callable[[Array], Array]) -> Array:
    """Share out the difference of each unit from the baseline exactly.

    The contribution of a child is what it adds when it goes from the baseline to the unit's
    value, averaged over all orders in which the children may do so.

    Parameters
    ----------
    values : array_like, shape (n_units, n_children)
        Scores of the children. A missing child (NaN) is missing in the baseline too.
    baseline : array_like, shape (n_children,) or (n_units, n_children)
        Scores to compare with, such as the means of a region.
    value : callable
        The aggregation, from (m, n_children) to (m,).

    Returns
    -------
    ndarray, shape (n_units, n_children)
        In the unit of the score; those of a unit add to ``value(values) - value(baseline)``. NaN
        for a missing child.

    Raises
    ------
    ValueError
        With more than 12 children; use `sampled`.

    References
    ----------
    .. [1] Shapley, L. S. (1953), A value for n-person games, Contributions to the Theory of Games
       II, 307-317.
    .. [2] Shorrocks, A. F. (2013), Decomposition procedures for distributional analysis: a unified
       framework based on the Shapley value, Journal of Economic Inequality 11, 99-126.

    Examples
    --------
    >>> from everycount.arrays.aggregate import geometric
    >>> contributions([[40, 90]], [10, 10], geometric).round(6)
    array([[20., 30.]])
    """
    table = np.asarray(values, float)
    n, k = table.shape
    if k > LARGEST:
        raise ValueError(f"found {k} children, expected at most {LARGEST}; use sampled")
    base = np.where(np.isnan(table), np.nan, np.asarray(baseline, float))
    member, share = _coalitions(k)
    result = np.empty(table.shape)
    step = max(1, ROWS // len(member))
    for start in range(0, n, step):
        own, other = table[start : start + step, None], base[start : start + step, None]
        mixed = np.where(member, own, other)
        worth = np.asarray(value(mixed.reshape(-1, k)), float).reshape(-1, len(member))
        result[start : start + step] = worth @ share
    return np.where(np.isnan(table), np.nan, result)


def sampled(
    values: ArrayLike,
    baseline: ArrayLike,
    value: Callable[[Array], Array],
    *,
    rng: np.random.Generator,
    pairs: int = 100,
) -> Sampled:
    """Share out the difference from the baseline over random orders, each with its reverse.

    Parameters
    ----------
    values, baseline, value
        As for `contributions`.
    rng : numpy.random.Generator
        Source of the orders; the same state gives the same result.
    pairs : int
        Number of orders drawn, 2 or more; each is also gone through backwards.

    Returns
    -------
    Sampled
        Estimates, which add to the difference exactly, and standard errors over the pairs.

    Raises
    ------
    ValueError
        With fewer than two pairs, which leave no standard error.

    References
    ----------
    .. [1] Mitchell, R., Cooper, J., Frank, E. and Holmes, G. (2022), Sampling permutations for
       Shapley value estimation, Journal of Machine Learning Research 23(43), section 2.3.

    Examples
    --------
    >>> from everycount.arrays.aggregate import arithmetic
    >>> rng = np.random.default_rng(1)
    >>> sampled([[40, 90]], [10, 10], arithmetic, rng=rng, pairs=2).contributions
    array([[15., 40.]])
    """
    if pairs < 2:
        raise ValueError(f"pairs: found {pairs}, expected 2 or more")
    table = np.asarray(values, float)
    base = np.where(np.isnan(table), np.nan, np.asarray(baseline, float))
    total, squares = np.zeros(table.shape), np.zeros(table.shape)
    for _ in range(pairs):
        order = rng.permutation(table.shape[1])
        both = (_walk(table, base, order, value) + _walk(table, base, order[::-1], value)) / 2
        total += both
        squares += both**2
    average = total / pairs
    variance = np.maximum(squares - pairs * average**2, 0.0) / (pairs - 1)
    missing = np.isnan(table)
    return Sampled(
        contributions=np.where(missing, np.nan, average),
        standard_errors=np.where(missing, np.nan, np.sqrt(variance / pairs)),
    )


def _walk(
    table: Array, base: Array, order: NDArray[np.int64], value: Callable[[Array], Array]
) -> Array:
    """Return what each child adds when they change from the baseline in this order."""
    n, k = table.shape
    turn = np.empty(k, int)
    turn[order] = np.arange(k)
    member = turn < np.arange(k + 1)[:, None]
    mixed = np.where(member[:, None, :], table, base)
    worth = np.asarray(value(mixed.reshape(-1, k)), float).reshape(k + 1, n)
    added = np.empty(table.shape)
    added[:, order] = np.diff(worth, axis=0).T
    return added


def _coalitions(k: int) -> tuple[NDArray[np.bool_], Array]:
    """All coalitions of k children, and the share of the worth of each in each contribution."""
    member = (np.arange(2**k)[:, None] >> np.arange(k) & 1).astype(bool)
    size = member.sum(axis=1)[:, None]
    ways = np.array([factorial(s) * factorial(k - s - 1) / factorial(k) for s in range(k)])
    joined = ways[np.maximum(size - 1, 0)]
    absent = ways[np.minimum(size, k - 1)]
    return member, np.where(member, joined, np.negative(absent))
