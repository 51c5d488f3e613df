"""Resample: replicate factors of primary sampling units from the strata they were drawn in.

Each maker takes strata by PSU, not by row: `replicate.analysis_weights` lays factors along rows.
Strata with one PSU are refused, or left as they are, which is to remove them.
"""

from collections.abc import Iterator
from math import gcd
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from everycount.arrays.hadamard import hadamard, hadamard_order
from everycount.arrays.replicate import Factors
from everycount.arrays.strata import FloatArray, IntArray, frame

Single: TypeAlias = Literal["fail", "remove"]
"""What to do with a stratum with one PSU that is not its whole population."""


def jackknife_one(psus: int, *, population: float | None = None) -> Factors:
    """Leave out one PSU at a time of a sample without strata (JK1).

    Parameters
    ----------
    psus : int
        How many were sampled.
    population : float, optional
        How many there are, for the finite population correction, which goes into the scale.

    Raises
    ------
    ValueError
        If there are fewer than two PSUs, or more than in the population.

    References
    ----------
    .. [1] Wolter, K. M. (2007), Introduction to Variance Estimation, 2nd edition, Springer,
       chapter 4.

    Examples
    --------
    >>> found = jackknife_one(3, population=6)
    >>> found.factors[0], round(found.scale, 9)
    (array([0. , 1.5, 1.5]), 0.333333333)
    """
    if psus < 2:
        raise ValueError(f"found {psus} PSUs, expected at least 2")
    unsampled = 1.0 if population is None else 1 - psus / population
    if unsampled <= 0:
        raise ValueError(f"found {psus} PSUs of {population}, expected fewer than the population")
    factors = np.full((psus, psus), psus / (psus - 1))
    np.fill_diagonal(factors, 0.0)
    return Factors(
        factors=factors,
        scale=(psus - 1) / psus * unsampled,
        rscales=np.ones(psus),
        centre="mean",
        kind="JK1",
    )


def jackknife_stratified(
    strata: IntArray, *, population: FloatArray | None = None, single: Single = "fail"
) -> Factors:
    """Leave out one PSU at a time and raise the others of its stratum (JKn).

    Parameters
    ----------
    strata : ndarray of int, shape (PSUs,)
        Code from 0 of the stratum of each PSU.
    population : ndarray, shape (PSUs,), optional
        Number of PSUs in the population of the stratum; the correction goes into the rscales.
    single : {"fail", "remove"}
        What to do with a stratum with one PSU. A stratum taken whole has no replicates.

    Returns
    -------
    Factors
        Replicates in the order of the PSUs.

    Raises
    ------
    ValueError
        If a stratum has one PSU under "fail", or all strata are taken whole or removed.

    References
    ----------
    .. [1] Wolter, K. M. (2007), Introduction to Variance Estimation, 2nd edition, Springer,
       section 4.5.

    Examples
    --------
    >>> found = jackknife_stratified(np.array([0, 0, 1, 1, 1]))
    >>> found.factors[:, 4], found.rscales.round(3)
    (array([1. , 1. , 1.5, 1.5, 0. ]), array([0.5  , 0.5  , 0.667, 0.667, 0.667]))
    """
    size, unsampled = _sizes(strata, population, single)
    left_out = np.flatnonzero((size[strata] > 1) & (unsampled[strata] > 0))
    at = strata[left_out]
    factors = np.where(strata[:, None] == at, (size[at] / (size[at] - 1)), 1.0)
    factors[left_out, np.arange(len(left_out))] = 0.0
    return Factors(
        factors=factors,
        scale=1.0,
        rscales=(size[at] - 1) / size[at] * unsampled[at],
        centre="mean",
        kind="JKn",
    )


def balanced(strata: IntArray, *, single: Single = "fail") -> Factors:
    """Take half of each pair of PSUs, balanced over all pairs of strata (BRR).

    The halves follow the rows of a Hadamard matrix other than the first, so that the factors of
    each PSU have mean 1. Its order is the smallest above the number of strata, and need not be the
    one that R takes: over linear estimates all give the same variance.

    Parameters
    ----------
    strata : ndarray of int, shape (PSUs,)
        Code from 0 of the stratum of each PSU, two PSUs in each.
    single : {"fail", "remove"}
        What to do with a stratum with one PSU.

    Raises
    ------
    ValueError
        If a stratum has three or more PSUs, or one under "fail".

    References
    ----------
    .. [1] McCarthy, P. J. (1969), Pseudo-replication: half samples, Review of the International
       Statistical Institute 37, 239-264.

    Examples
    --------
    >>> balanced(np.array([0, 0, 1, 1])).factors
    array([[2., 0., 2., 0.],
           [0., 2., 0., 2.],
           [2., 0., 0., 2.],
           [0., 2., 2., 0.]])
    """
    signs = _half_signs(strata, single)
    return Factors(
        factors=1 + signs,
        scale=1 / signs.shape[1],
        rscales=np.ones(signs.shape[1]),
        centre="mean",
        kind="BRR",
    )


def fay(strata: IntArray, rho: float, *, single: Single = "fail") -> Factors:
    """Give half of each pair of PSUs the factor 2 - rho and the other half rho (Fay's BRR).

    Parameters
    ----------
    strata, single
        As of `balanced`.
    rho : float
        From 0, which is `balanced`, to below 1; 0.3 and 0.5 are usual.

    Raises
    ------
    ValueError
        As of `balanced`, and if `rho` is outside its domain.

    References
    ----------
    .. [1] Judkins, D. R. (1990), Fay's method for variance estimation, Journal of Official
       Statistics 6, 223-239.

    Examples
    --------
    >>> found = fay(np.array([0, 0]), 0.5)
    >>> found.factors, found.scale
    (array([[1.5, 0.5],
           [0.5, 1.5]]), 2.0)
    """
    if not 0 <= rho < 1:
        raise ValueError(f"rho: found {rho}, expected a number from 0 to below 1")
    signs = _half_signs(strata, single)
    return Factors(
        factors=1 + (1 - rho) * signs,
        scale=1 / (signs.shape[1] * (1 - rho) ** 2),
        rscales=np.ones(signs.shape[1]),
        centre="mean",
        kind="Fay",
    )


def bootstrap(
    strata: IntArray,
    replicates: int,
    *,
    rng: np.random.Generator,
    method: Literal["rao-wu", "canty-davison"] = "rao-wu",
    population: FloatArray | None = None,
    single: Single = "fail",
) -> Factors:
    """Draw PSUs with replacement within each stratum, again and again.

    Parameters
    ----------
    strata : ndarray of int, shape (PSUs,)
        Code from 0 of the stratum of each PSU.
    replicates : int
        How many times.
    rng : numpy.random.Generator
        Draws them.
    method : {"rao-wu", "canty-davison"}
        "rao-wu": n - 1 of the n PSUs of a stratum, rescaled (R's ``subbootstrap`` without a finite
        population); right for small strata of different sizes. "canty-davison": n of n, as R's
        ``bootstrap`` without a finite population, with one scale for all strata from the harmonic
        mean of their sizes.
    population : ndarray, shape (PSUs,), optional
        Number of PSUs in the population of the stratum; "rao-wu" alone can use it.
    single : {"fail", "remove"}
        What to do with a stratum with one PSU.

    Raises
    ------
    ValueError
        If there are fewer than two replicates, a stratum has one PSU under "fail", or a population
        is given to "canty-davison".

    References
    ----------
    .. [1] Rao, J. N. K. and Wu, C. F. J. (1988), Resampling inference with complex survey data,
       Journal of the American Statistical Association 83, 231-241.
    .. [2] Rao, J. N. K., Wu, C. F. J. and Yue, K. (1992), Some recent work on resampling methods
       for complex surveys, Survey Methodology 18, 209-217.
    .. [3] Canty, A. J. and Davison, A. C. (1999), Resampling-based variance estimation for labour
       force surveys, The Statistician 48, 379-391.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> bootstrap(np.array([0, 0, 1, 1, 1]), 2, rng=rng).factors.sum(axis=0).round(9)
    array([5., 5.])
    """
    if replicates < 2:
        raise ValueError(f"found {replicates} replicates, expected at least 2")
    if method == "canty-davison" and population is not None:
        raise ValueError("population: found one for canty-davison, expected none")
    size, unsampled = _sizes(strata, population, single)
    factors = np.ones((len(strata), replicates))
    drawn = np.flatnonzero((size > 1) & (unsampled > 0))
    for code in drawn:
        n = int(size[code])
        draws, spread = (n, 1.0) if method == "canty-davison" else (n - 1, unsampled[code] ** 0.5)
        counts = rng.multinomial(draws, np.full(n, 1 / n), size=replicates).T
        factors[strata == code] = 1 + spread * (counts * (n / draws) - 1)
    scale = 1 / (replicates - 1)
    if method == "canty-davison":
        typical = len(drawn) / (1 / size[drawn]).sum()
        scale *= typical / (typical - 1)
    return Factors(
        factors=factors,
        scale=scale,
        rscales=np.ones(replicates),
        centre="mean",
        kind="bootstrap",
    )


def successive_difference(
    strata: IntArray,
    *,
    replicates: int | None = None,
    population: FloatArray | None = None,
    single: Single = "fail",
) -> Factors:
    """Compare each PSU with the next of its stratum in the order of a systematic sample (SDR).

    The PSUs of a stratum make a closed loop and each has a row of a Hadamard matrix; its factor is
    ``1 + 2**-1.5 * (its row - the row of the next)``. With a row for every PSU the variance of a
    total is exactly half the sum of squared successive differences, the last PSU beside the first.

    Parameters
    ----------
    strata : ndarray of int, shape (PSUs,)
        Code from 0 of the stratum of each PSU, the PSUs in the order in which they were listed
        when the sample was drawn.
    replicates : int, optional
        Order of the Hadamard matrix, such as 80. With no more than PSUs, rows are used again at
        other distances and large strata make several loops; the variance of a total then also has
        products of differences far apart, which have expectation 0 if these do not go together.
        Left out: a row for every PSU.
    population : ndarray, shape (PSUs,), optional
        Number of PSUs in the population of the stratum, for the finite population correction.
    single : {"fail", "remove"}
        What to do with a stratum with one PSU.

    Raises
    ------
    ValueError
        If a stratum has one PSU under "fail", or there is no Hadamard matrix of the order.

    References
    ----------
    .. [1] Fay, R. E. and Train, G. F. (1995), Aspects of survey and model-based postcensal
       estimation of income and poverty characteristics for states and counties, Proceedings of the
       Section on Government Statistics, American Statistical Association, 154-159.
    .. [2] Ash, S. (2014), Using successive difference replication for estimating variances, Survey
       Methodology 40, 47-59.

    Examples
    --------
    >>> found = successive_difference(np.array([0, 0, 0]))
    >>> totals = np.array([1.0, 4.0, 6.0]) @ found.factors
    >>> float(round(found.scale * ((totals - 11) ** 2).sum(), 9)), (9 + 4 + 25) / 2
    (19.0, 19.0)
    """
    _, unsampled = _sizes(strata, population, single)
    order = hadamard_order(max(len(strata) + 1, 4)) if replicates is None else replicates
    if order < 4 or hadamard_order(order) != order:
        expected = hadamard_order(max(order, 4))
        raise ValueError(f"replicates: found {order}, expected an order such as {expected}")
    matrix = hadamard(order).astype(float)[1:]
    factors = np.ones((len(strata), order))
    for psus, rows in _loops(strata, order - 1):
        apart = matrix[rows] - matrix[np.roll(rows, -1)]
        factors[psus] += 2**-1.5 * np.sqrt(unsampled[strata[psus]])[:, None] * apart
    return Factors(
        factors=factors, scale=4 / order, rscales=np.ones(order), centre="full", kind="SDR"
    )


def _loops(strata: IntArray, rows: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Yield the PSUs of each closed loop and the rows of the matrix that they take.

    Each time all rows are used up the distance between the rows of neighbours changes, so that two
    loops do not meet in the same pairs.
    """
    distances = [step for step in range(1, rows + 1) if gcd(step, rows) == 1]
    used = 0
    order = np.argsort(strata, kind="stable")
    for stratum in np.split(order, np.flatnonzero(np.diff(strata[order])) + 1):
        for psus in np.array_split(stratum, -(-len(stratum) // rows)):
            step = distances[used // rows % len(distances)]
            yield psus, (used + step * np.arange(len(psus))) % rows
            used += len(psus)


def _half_signs(strata: IntArray, single: Single) -> FloatArray:
    """Return 1 for one PSU of each pair and -1 for the other by replicate; 0 where it is alone."""
    size, _ = _sizes(strata, None, single)
    many = np.flatnonzero(size > 2)
    if many.size:
        shown = ", ".join(map(str, many[:20]))
        raise ValueError(f"found strata with more than two PSUs: {shown}; expected pairs")
    pairs = np.flatnonzero(size == 2)
    matrix = hadamard(hadamard_order(len(pairs) + 1))
    signs = np.zeros((len(strata), len(matrix)))
    order = np.argsort(strata, kind="stable")
    pair = order[size[strata[order]] == 2].reshape(-1, 2)
    signs[pair[:, 0]], signs[pair[:, 1]] = matrix[1 : len(pairs) + 1], -matrix[1 : len(pairs) + 1]
    return signs


def _sizes(
    strata: IntArray, population: ArrayLike | None, single: Single
) -> tuple[FloatArray, FloatArray]:
    """Return how many PSUs each stratum has, and what share of its population was not drawn."""
    known = None if population is None else np.asarray(population, float)
    found = frame(np.arange(len(strata)), strata, known)
    alone = np.flatnonzero(found.single)
    if alone.size and single == "fail":
        shown = ", ".join(map(str, alone[:20]))
        raise ValueError(f"found strata with one PSU: {shown}; expected at least two in each")
    if not np.any((found.size > 1) & (found.unsampled > 0)):
        raise ValueError("found no stratum to resample, expected one with two PSUs of more")
    return found.size, found.unsampled
