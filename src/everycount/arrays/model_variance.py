"""Model variance: how much areas differ beyond what covariates say, seen through sampling error."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize.elementwise import find_root

Array = NDArray[np.float64]
Method = Literal[
    "reml",
    "ml",
    "fh",
    "reml_yoshimori_lahiri",
    "ml_yoshimori_lahiri",
    "reml_li_lahiri",
    "ml_li_lahiri",
]

BLOCK: Final = 2_000_000
"""Numbers in the largest array at a time, 16 MB; measured, not critical."""
PER_DECADE: Final = 12
"""Points of the search in each tenfold of the model variance. A likelihood changes over distances
of the sampling variances themselves, so 1.2-fold steps see every hill that is worth climbing."""

EVEN: Final = 1e10
"""Weights that differ by no more than this factor leave a Gram matrix of orthonormal columns that
Cholesky's decomposition takes; it is repeated once, which is as exact as Householder's and, for
many areas, faster (Yamamoto, Y. et al. (2015), Roundoff error analysis of the CholeskyQR2
algorithm, Electronic Transactions on Numerical Analysis 44, 306-326)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelVariance:
    """Estimates of the model variance, one for each data set, and whether each was found."""

    value: Array
    """(sets,), in the unit of the estimates squared; 0 where the maximum lies there."""
    is_converged: NDArray[np.bool_]
    """(sets,)"""
    evaluations: int
    """How often the estimating equation was evaluated, over all data sets."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Data:
    direct: Array
    """(areas, sets)"""
    variance: Array
    """(areas,)"""
    basis: Array
    """(areas, p), orthonormal columns that span the covariates."""
    method: Method

    @property
    def freedom(self) -> int:
        areas, columns = self.basis.shape
        return int(areas) - int(columns)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Whitened:
    weight: Array
    """(k, areas), one over the total variance."""
    residual: Array
    """(k, areas, c), generalised least squares residuals over their standard deviation."""
    leverage: Array
    """(k, areas)"""
    log_determinant: Array
    """(k,), of the information on the coefficients of the basis."""


def model_variance(
    direct: Array, variance: Array, covariates: Array, method: Method
) -> ModelVariance:
    """Estimate the variance A of the area effects for one or many sets of direct estimates.

    The model of an area is ``y = x'b + u + e`` with u of variance A and e of known variance.
    "reml" and "ml" maximise the restricted and the full likelihood over A >= 0; "fh" solves
    ``sum (y - x'b)^2 / (A + variance) = areas - p``, 0 where it has no solution; the adjusted
    methods multiply a likelihood by A (Li and Lahiri) or by ``arctan(sum A / (A + variance))`` to
    the power of one over the number of areas (Yoshimori and Lahiri), and are never 0. The
    estimating equation is searched on a grid for every change of sign, each is solved to rounding,
    and the one of highest likelihood is taken: no starting value, no local maximum.

    Parameters
    ----------
    direct : ndarray, shape (areas, sets)
        Direct estimates; no value missing.
    variance : ndarray, shape (areas,)
        Their sampling variances, above 0.
    covariates : ndarray, shape (areas, p)
        Of full rank, with a column of ones where an intercept is wanted.
    method : str
        One of the seven.

    Returns
    -------
    ModelVariance
        Fields of shape (sets,).

    Raises
    ------
    ValueError
        If the areas do not exceed the covariates, by 3 or more where the method is Li and
        Lahiri's: their adjusted likelihood has no maximum otherwise.

    References
    ----------
    .. [1] Fay, R. E. and Herriot, R. A. (1979), Estimates of income for small places, Journal of
       the American Statistical Association 74, 269-277.
    .. [2] Li, H. and Lahiri, P. (2010), An adjusted maximum likelihood method for solving small
       area estimation problems, Journal of Multivariate Analysis 101, 882-892.
    .. [3] Yoshimori, M. and Lahiri, P. (2014), A new adjusted maximum likelihood method for the
       Fay-Herriot small area model, Journal of Multivariate Analysis 124, 281-294.

    Examples
    --------
    >>> y = np.array([[1.0], [3.0], [5.0], [7.0]])
    >>> found = model_variance(y, np.full(4, 2.0), np.ones((4, 1)), "reml")
    >>> found.value.round(9)  # the variance of the four, 20 / 3, less the 2 of sampling
    array([4.66666667])
    """
    needed = 3 if method.endswith("li_lahiri") and "yoshimori" not in method else 1
    areas, columns = covariates.shape
    if areas < columns + needed:
        raise ValueError(
            f"found {areas} areas and {columns} covariates, expected at least "
            f"{columns + needed} areas for the method {method!r}"
        )
    basis = np.linalg.qr(covariates / np.linalg.norm(covariates, axis=0))[0]
    data = _Data(direct=direct, variance=variance, basis=basis, method=method)
    grid = _grid(data)
    width = max(1, BLOCK // (areas * (columns + direct.shape[1])))
    parts = [grid[start : start + width] for start in range(0, len(grid), width)]
    scores = np.concatenate([_score(data, part, direct[None]) for part in parts])
    low, sets = np.nonzero((scores[:-1] > 0) & (scores[1:] <= 0))
    roots, is_found, evaluations = _solve(data, (grid[low], grid[low + 1]), sets)
    value, is_converged = _best(data, roots, is_found, sets)
    return ModelVariance(
        value=value, is_converged=is_converged, evaluations=evaluations + scores.size
    )


def _is_adjusted(method: Method) -> bool:
    return method.endswith("lahiri")


def _grid(data: _Data) -> Array:
    """Return values of A to search, from 0 or just above to where the equation has its last sign.

    An adjusted likelihood rises at least until A is the smallest variance over the square of the
    number of areas; above `top` the other scores are negative because ``(A + min)^2 / (A + max)``
    exceeds the residual variance of ordinary least squares.
    """
    areas = len(data.variance)
    smallest, largest = data.variance.min(), data.variance.max()
    rest = data.direct - data.basis @ (data.basis.T @ data.direct)
    spread = float((rest**2).sum(axis=0).max()) / data.freedom
    middle = spread / 2 - smallest
    top = middle + np.sqrt(max(middle**2 - smallest**2 + spread * largest, 0.0))
    top = max(top, float(smallest))
    while (_score(data, np.array([top]), data.direct[None]) > 0).any():
        top *= 4
    bottom = smallest / (10 * areas**2)
    points = int(PER_DECADE * np.log10(top / bottom)) + 2
    grid = np.geomspace(bottom, top, points)
    return grid if _is_adjusted(data.method) else np.concatenate([[0.0], grid])


def _whiten(data: _Data, at: Array, direct: Array) -> _Whitened:
    """Divide by standard deviations and take the covariates out; `direct` is (k, areas, c)."""
    weight = 1 / (at[:, None] + data.variance)
    span, triangle = weigh_basis(weight, data.basis)
    scaled = np.sqrt(weight)[:, :, None] * direct
    residual = scaled - span @ (span.transpose(0, 2, 1) @ scaled)
    diagonal = np.abs(np.diagonal(triangle, axis1=1, axis2=2))
    return _Whitened(
        weight=weight,
        residual=residual,
        leverage=(span**2).sum(axis=2),
        log_determinant=2 * np.log(diagonal).sum(axis=1),
    )


def weigh_basis(weight: Array, basis: Array) -> tuple[Array, Array]:
    """Return the QR decomposition of an orthonormal basis times each set of roots of weights.

    `weight` is (k, areas), `basis` (areas, p); the result (k, areas, p) and (k, p, p).
    """
    span = np.sqrt(weight)[:, :, None] * basis
    if weight.max() > EVEN * weight.min():
        exact: tuple[Array, Array] = np.linalg.qr(span)
        return exact
    triangle = np.eye(basis.shape[1])
    for _ in range(2):
        lower = np.linalg.cholesky(span.transpose(0, 2, 1) @ span)
        span = span @ np.linalg.inv(lower).transpose(0, 2, 1)
        triangle = lower.transpose(0, 2, 1) @ triangle
    return span, triangle


def _score(data: _Data, at: Array, direct: Array) -> Array:
    """Return what is 0 at the estimate and falls through it, (k, c)."""
    white = _whiten(data, at, direct)
    if data.method == "fh":
        squares: Array = (white.residual**2).sum(axis=1)
        return squares - data.freedom
    loss = white.weight
    if data.method.startswith("reml"):
        loss = loss * (1 - white.leverage)
    gain = (white.weight[:, :, None] * white.residual**2).sum(axis=1)
    slope = _adjustment_slope(data, at, white.weight)
    score: Array = (gain - loss.sum(axis=1)[:, None]) / 2 + slope[:, None]
    return score


def _adjustment_slope(data: _Data, at: Array, weight: Array) -> Array:
    """Return the derivative of the logarithm of the adjustment, (k,)."""
    if not _is_adjusted(data.method):
        return np.zeros(len(at))
    if "yoshimori" not in data.method:
        return 1 / at
    shrunk = (at[:, None] * weight).sum(axis=1)
    rise = (data.variance * weight**2).sum(axis=1)
    slope: Array = rise / (np.arctan(shrunk) * (1 + shrunk**2) * len(data.variance))
    return slope


def _likelihood(data: _Data, at: Array, direct: Array) -> Array:
    """Return the logarithm of the likelihood that the method maximises, (k,), up to a constant."""
    white = _whiten(data, at, direct)
    twice = (white.residual**2).sum(axis=(1, 2)) - np.log(white.weight).sum(axis=1)
    if data.method.startswith("reml"):
        twice = twice + white.log_determinant
    adjustment = np.zeros(len(at))
    if "yoshimori" in data.method:
        shrunk = (at[:, None] * white.weight).sum(axis=1)
        adjustment = np.log(np.arctan(shrunk)) / len(data.variance)
    elif _is_adjusted(data.method):
        adjustment = np.log(at)
    likelihood: Array = adjustment - twice / 2
    return likelihood


def _blocks(data: _Data, count: int) -> list[slice]:
    width = max(1, BLOCK // data.basis.size)
    return [slice(start, start + width) for start in range(0, count, width)]


def _solve(
    data: _Data, brackets: tuple[Array, Array], sets: NDArray[np.intp]
) -> tuple[Array, NDArray[np.bool_], int]:
    """Return the root in each bracket, whether it was found, and the number of evaluations."""

    def score(at: Array, chosen: Array) -> Array:
        direct = data.direct[:, chosen.astype(np.intp)].T[:, :, None]
        return _score(data, at, direct)[:, 0]

    roots, is_found, evaluations = np.empty(len(sets)), np.ones(len(sets), bool), 0
    for part in _blocks(data, len(sets)):
        found = find_root(score, (brackets[0][part], brackets[1][part]), args=(sets[part],))
        roots[part], is_found[part] = found.x, found.success
        evaluations += int(np.sum(found.nfev))
    return roots, is_found, evaluations


def _best(
    data: _Data, roots: Array, is_found: NDArray[np.bool_], sets: NDArray[np.intp]
) -> tuple[Array, NDArray[np.bool_]]:
    """Return the root of highest likelihood of each set, 0 where that is higher."""
    count = data.direct.shape[1]
    value, is_converged, highest = np.zeros(count), np.ones(count, bool), np.full(count, -np.inf)
    if not _is_adjusted(data.method) and data.method != "fh":
        for part in _blocks(data, count):
            zeros = np.zeros(len(highest[part]))
            highest[part] = _likelihood(data, zeros, data.direct[:, part].T[:, :, None])
    reached = np.empty(len(sets))
    for part in _blocks(data, len(sets)):
        reached[part] = _likelihood(data, roots[part], data.direct[:, sets[part]].T[:, :, None])
    for root, own, found, height in zip(roots, sets, is_found, reached, strict=True):
        if height > highest[own]:
            value[own], is_converged[own], highest[own] = root, found, height
    return value, is_converged
