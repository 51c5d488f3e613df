"""Replicate: variances and covariances from estimates repeated under replicate weights."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import lapack

from everycount.arrays.strata import FloatArray, IntArray

Centre: TypeAlias = Literal["mean", "full"]
Kind: TypeAlias = Literal["JK1", "JK2", "JKn", "BRR", "Fay", "bootstrap", "SDR", "ACS", "other"]

DEPENDENT: Final = 1e-5
"""A replicate of which no larger share is left without the ones before it adds no degree of
freedom; as R survey 4.5, `degf`."""
SURE: Final = (1e-11, 1e-6)
"""Shares of a squared length around the square of `DEPENDENT`. Outside of them sums of products of
doubles tell safely whether something is left of a column; between them lengths are taken."""
ROWS: Final = 4096
"""Rows of weights that are reduced at a time; measured, not critical."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Factors:
    """What each replicate multiplies the weight of each primary sampling unit (PSU) by."""

    factors: FloatArray
    """(PSUs, R); 1 leaves a weight as it is."""
    scale: float
    """Number by which the sum of squares of all replicates is multiplied."""
    rscales: FloatArray
    """Multiplier of the square of each replicate, (R,)."""
    centre: Centre
    """What replicates are compared with: their mean, or the estimate of the full sample."""
    kind: Kind
    """How the replicates were made."""

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        _check_scales(self.factors, self.scale, self.rscales)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replicates:
    """Replicate weights of the rows of a file."""

    weights: FloatArray
    """Whole analysis weights, sampling weight included, (rows, R)."""
    scale: float
    """Number by which the sum of squares of all replicates is multiplied."""
    rscales: FloatArray
    """Multiplier of the square of each replicate, (R,)."""
    centre: Centre
    """What replicates are compared with: their mean, or the estimate of the full sample."""
    kind: Kind
    """How the replicates were made."""

    def __post_init__(self) -> None:
        """Refuse what does not fit together."""
        _check_scales(self.weights, self.scale, self.rscales)


def _check_scales(matrix: FloatArray, scale: float, rscales: FloatArray) -> None:
    if matrix.ndim != 2 or rscales.shape != matrix.shape[1:]:
        raise ValueError(
            f"found weights {matrix.shape} and {rscales.shape} rscales, expected (rows, R) and (R,)"
        )
    if not (scale > 0 and np.all(rscales >= 0)):
        raise ValueError(f"found scale {scale} and rscales {rscales}, expected none below 0")


def analysis_weights(factors: Factors, units: IntArray, weight: ArrayLike) -> Replicates:
    """Return the replicate weights of the rows of a file.

    Parameters
    ----------
    factors : Factors
        Of the PSUs.
    units : ndarray of int, shape (rows,)
        PSU of each row, as a row number of `factors`.
    weight : array_like, shape (rows,)
        Sampling weight.

    Examples
    --------
    >>> halves = Factors(factors=np.array([[2.0, 0.0], [0.0, 2.0]]), scale=0.5, rscales=np.ones(2),
    ...                  centre="mean", kind="BRR")
    >>> analysis_weights(halves, np.array([0, 0, 1]), [5.0, 7.0, 9.0]).weights
    array([[10.,  0.],
           [14.,  0.],
           [ 0., 18.]])
    """
    return Replicates(
        weights=factors.factors[units] * np.asarray(weight, float)[:, None],
        scale=factors.scale,
        rscales=factors.rscales,
        centre=factors.centre,
        kind=factors.kind,
    )


def replicate_covariance(
    replicates: ArrayLike,
    full: ArrayLike,
    *,
    scale: float,
    rscales: ArrayLike,
    centre: Centre,
) -> FloatArray:
    """Estimate covariances of estimates from their values under replicate weights.

    ``scale * sum over replicates of rscale * (replicate - centre)**2``. A replicate in which any
    of the k estimates is missing is left out of all of them, without a change of scale, as R's
    `svrVar` does: estimates that should not share such losses are passed one at a time. The mean
    of replicates is over those with an rscale above 0, each alike.

    Parameters
    ----------
    replicates : array_like, shape (R,) or (R, k)
        Estimates under each replicate weight, NaN where there is none.
    full : array_like, shape (k,)
        Estimates of the full sample.
    scale : float
        Number by which the sum is multiplied.
    rscales : array_like, shape (R,)
        Multiplier of each replicate.
    centre : {"mean", "full"}
        Compare replicates with their mean (R's ``mse=FALSE``), or with the full sample.

    Returns
    -------
    ndarray, shape (k, k)
        In the product of the units of two estimates. NaN if no replicate is complete.

    Raises
    ------
    ValueError
        If shapes do not fit.

    References
    ----------
    .. [1] Wolter, K. M. (2007), Introduction to Variance Estimation, 2nd edition, Springer; R
       survey 4.5, `svrVar`.

    Examples
    --------
    >>> replicate_covariance([1.0, 2.0, 6.0], [3.0], scale=0.5, rscales=[1, 1, 1], centre="mean")
    array([[7.]])
    """
    values = np.asarray(replicates, float)
    values = values[:, None] if values.ndim == 1 else values
    target, multipliers = np.atleast_1d(np.asarray(full, float)), np.asarray(rscales, float)
    if multipliers.shape != values.shape[:1] or target.shape != values.shape[1:]:
        raise ValueError(
            f"found {values.shape} replicates, {target.shape} estimates and {multipliers.shape} "
            "rscales, expected (R, k), (k,) and (R,)"
        )
    complete = ~np.isnan(values).any(axis=1)
    values, multipliers = values[complete], multipliers[complete]
    used = values[multipliers > 0]
    if not len(used):
        return np.full((len(target), len(target)), np.nan)
    apart = values - (used.mean(axis=0) if centre == "mean" else target)
    apart *= np.sqrt(multipliers)[:, None]
    found: FloatArray = apart.T @ apart * scale
    return found


def replicate_df(weights: ArrayLike) -> int:
    """Count degrees of freedom of replicate weights: their rank less 1.

    Parameters
    ----------
    weights : array_like, shape (rows, R)
        Analysis weights of the rows of the domain, full and without gaps.

    Returns
    -------
    int
        A replicate counts if more than 0.00001 of its length is left after the ones before it
        that counted are taken out. 0 without rows.

    References
    ----------
    .. [1] R survey 4.5, `degf` of a design of replicate weights.

    Examples
    --------
    >>> replicate_df([[0.0, 2.0, 1.0], [2.0, 0.0, 1.0], [3.0, 3.0, 3.0]])
    1
    """
    matrix = np.asarray(weights, float)
    is_wide = matrix.shape[0] < matrix.shape[1]
    rank = _rank_of_products(matrix @ matrix.T if is_wide else matrix.T @ matrix)
    if rank is None:
        triangle = np.zeros((0, matrix.shape[1]))
        for start in range(0, len(matrix), ROWS):
            stacked = np.concatenate([triangle, matrix[start : start + ROWS]])
            triangle = np.asarray(np.linalg.qr(stacked, mode="r"))
        rank = _rank_of_columns(triangle)
    return max(rank - 1, 0)


def _rank_of_products(products: FloatArray) -> int | None:
    """Count the vectors that are not made of others, quickly, by the products of them all.

    None if what is left of one is too little for its square to be trusted and too much for 0.
    """
    lengths = np.sqrt(np.diagonal(products))
    some = lengths > 0
    if not some.any():
        return 0
    scaled = products[np.ix_(some, some)] / np.outer(lengths[some], lengths[some])
    triangle, _, rank, _ = lapack.dpstrf(scaled, tol=SURE[0], lower=1)
    return int(rank) if triangle[rank - 1, rank - 1] ** 2 >= SURE[1] else None


def _rank_of_columns(matrix: FloatArray) -> int:
    """Count the columns that are not made of those before them."""
    basis = np.empty((len(matrix), min(matrix.shape)), order="F")
    count = 0
    for column in matrix.T:
        left = column
        for _ in range(2):  # once more takes out what rounding left in
            left = left - basis[:, :count] @ (left @ basis[:, :count])
        remaining = np.linalg.norm(left)
        if remaining > DEPENDENT * np.linalg.norm(column):
            basis[:, count] = left / remaining
            count += 1
    return count


def standard_scale(
    kind: Kind,
    replicates: int,
    *,
    rho: float | None = None,
    rscales: ArrayLike | None = None,
) -> tuple[float, FloatArray, Centre]:
    """Return scale, rscales and centre that go with replicate weights of a kind.

    Parameters
    ----------
    kind : {"JK1", "JK2", "JKn", "BRR", "Fay", "bootstrap", "SDR", "ACS"}
        JK1 deletes one PSU of an unstratified sample at a time; JKn of a stratified one; JK2 one
        PSU of a pair. SDR and ACS are successive differences.
    replicates : int
        How many.
    rho : float, optional
        Fay's coefficient, from 0 to below 1; Fay alone needs it.
    rscales : array_like, shape (R,), optional
        JKn alone needs them: (n - 1) / n of the stratum of the PSU that a replicate leaves out.

    Returns
    -------
    scale : float
        JK1: (R - 1) / R. JK2 and JKn: 1. BRR: 1 / R. Fay: 1 / (R (1 - rho)**2). Bootstrap:
        1 / (R - 1). SDR and ACS: 4 / R.
    rscales : ndarray, shape (R,)
        1 where none are given.
    centre : {"mean", "full"}
        "full" for SDR and ACS, as Fay and Train define them; otherwise R's default, "mean".

    Raises
    ------
    ValueError
        If there is nothing to go by, or a coefficient is outside its domain.

    References
    ----------
    .. [1] Judkins, D. R. (1990), Fay's method for variance estimation, Journal of Official
       Statistics 6, 223-239.
    .. [2] Fay, R. E. and Train, G. F. (1995), Aspects of survey and model-based postcensal
       estimation of income and poverty characteristics for states and counties, Proceedings of the
       Section on Government Statistics, American Statistical Association, 154-159.
    .. [3] R survey 4.5, `svrepdesign`.

    Examples
    --------
    >>> standard_scale("Fay", 4, rho=0.5)
    (1.0, array([1., 1., 1., 1.]), 'mean')
    """
    least = 2 if kind in {"JK1", "bootstrap"} else 1
    if replicates < least:
        raise ValueError(f"found {replicates} replicates of {kind}, expected at least {least}")
    shrink = 0.0
    if kind == "Fay":
        if rho is None or not 0 <= rho < 1:
            raise ValueError(f"rho: found {rho}, expected Fay's coefficient, from 0 to below 1")
        shrink = rho
    if kind == "JKn" and rscales is None:
        raise ValueError("rscales: found none, expected those of the strata for JKn")
    scales = {
        "JK1": (replicates - 1) / replicates,
        "JK2": 1.0,
        "JKn": 1.0,
        "BRR": 1 / replicates,
        "Fay": 1 / (replicates * (1 - shrink) ** 2),
        "bootstrap": 1 / (replicates - 1) if replicates > 1 else 1.0,
        "SDR": 4 / replicates,
        "ACS": 4 / replicates,
    }
    if kind not in scales:
        raise ValueError(f"kind: found {kind!r}, expected one of {', '.join(scales)}")
    each = np.ones(replicates) if rscales is None else np.asarray(rscales, float)
    return scales[kind], each, "full" if kind in {"SDR", "ACS"} else "mean"
