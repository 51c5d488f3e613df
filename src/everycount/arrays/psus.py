"""PSUs: dealt into folds as wholes, and the errors of totals over those of a part."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.linearise import Stage, covariance

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]


def folds_of(stratum: ArrayLike, *, folds: int, rng: np.random.Generator) -> IntArray:
    """Assign whole PSUs to folds at random, evenly within strata and over all.

    Parameters
    ----------
    stratum : array_like of int, shape (psus,)
        Stratum of each PSU.
    folds : int
        From 2 to the number of PSUs.
    rng : numpy.random.Generator
        Source of the order in which PSUs are dealt out.

    Returns
    -------
    ndarray of int, shape (psus,)
        From 0; within a stratum, and in all, folds differ by one PSU at most.

    Raises
    ------
    ValueError
        If there are fewer PSUs than folds, or fewer than 2 folds.

    Examples
    --------
    >>> fold = folds_of([1, 1, 1, 1, 2, 2], folds=2, rng=np.random.default_rng(1))
    >>> np.bincount(fold[:4]), np.bincount(fold[4:])
    (array([2, 2]), array([1, 1]))
    """
    strata = np.asarray(stratum)
    if not 2 <= folds <= len(strata):
        raise ValueError(f"folds: found {folds}, expected from 2 to {len(strata)}, the PSUs")
    dealt = np.lexsort((rng.random(len(strata)), strata))
    fold = np.empty(len(strata), np.int64)
    fold[dealt] = np.arange(len(strata)) % folds
    return rng.permutation(folds)[fold]


def covariance_of_totals(scores: ArrayLike, stratum: ArrayLike) -> Array:
    """Return the covariance of sums over PSUs drawn with replacement within strata.

    Parameters
    ----------
    scores : array_like, shape (psus, k)
        Weighted totals of k linearised variables; NaN makes their covariances NaN.
    stratum : array_like of int, shape (psus,)
        Strata; those with one PSU are merged as `merge_lonely` does.

    Returns
    -------
    ndarray, shape (k, k)
        NaN with fewer than 2 PSUs.

    References
    ----------
    .. [1] Wolter, K. M. (2007), Introduction to Variance Estimation, 2nd edition, Springer,
       section 2.5, on collapsed strata, which overstate the variance.

    Examples
    --------
    >>> covariance_of_totals([[1.0], [3.0], [5.0], [5.0]], [1, 1, 2, 2]).round(9)
    array([[4.]])
    """
    values = np.asarray(scores, float)
    psus, k = values.shape
    if psus < 2:
        return np.full((k, k), np.nan)
    return covariance(values, [Stage(units=np.arange(psus), strata=merge_lonely(stratum))])


def merge_lonely(stratum: ArrayLike) -> IntArray:
    """Merge strata with a single PSU two by two, the last of an odd number with the pair before.

    Parameters
    ----------
    stratum : array_like of int, shape (psus,)
        Stratum of each PSU; neighbours in the order of codes are merged.

    Returns
    -------
    ndarray of int, shape (psus,)
        The code of the first stratum of each merger. One lonely stratum alone joins the stratum
        before it, or the first one after it. A single PSU in all stays as it is.

    Examples
    --------
    >>> merge_lonely([1, 1, 2, 3, 4])
    array([1, 1, 2, 2, 2])
    >>> merge_lonely([1, 2, 2])
    array([1, 1, 1])
    """
    strata = np.asarray(stratum).astype(np.int64)
    codes, which, psus = np.unique(strata, return_inverse=True, return_counts=True)
    lonely = np.flatnonzero(psus == 1)
    if len(codes) < 2 or not lonely.size:
        return strata
    if len(lonely) == 1:
        at = max(int(lonely[0]), 1)
        codes[at] = codes[at - 1]
        return codes[which]
    pairs = np.minimum(np.arange(len(lonely)) // 2, len(lonely) // 2 - 1)
    codes[lonely] = codes[lonely[2 * pairs]]
    return codes[which]
