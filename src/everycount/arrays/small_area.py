"""Small area: the Fay-Herriot model, which lends few respondents the strength of all areas."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from everycount.arrays.model_variance import (
    Method,
    ModelVariance,
    model_variance,
    weigh_basis,
)
from everycount.arrays.sampling_variance import Smooth, SmoothedVariance, smooth_variance
from everycount.errors import MethodError, Problem

Array = NDArray[np.float64]
WhenZero = Literal["adjust", "keep", "refuse"]

COLLINEAR: Final = 1e-10
"""A column is a combination of those before it where less than this share of its length is left:
a million times the spacing of doubles (IEEE 754), and far below what any covariate is known to."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FayHerriot:
    """A fitted area-level model and what it says of every area.

    Arrays have shape (areas,) in the order given; `gamma` is 0 and the estimate synthetic where
    there is no direct estimate.
    """

    method: Method
    """That was asked for."""
    method_used: Method
    """The adjusted one where the model variance came out as 0 and was not to be."""
    model_variance: float
    model_variance_error: float
    """Asymptotic standard error of the model variance."""
    coefficients: Array
    """(p,)"""
    coefficient_covariance: Array
    """(p, p)"""
    estimate: Array
    mse: Array
    gamma: Array
    """Share of the direct estimate in the estimate, between 0 and 1."""
    synthetic: Array
    g1: Array
    """Mean squared error from not knowing the area effect; A where there is no direct estimate."""
    g2: Array
    """That from estimating the coefficients."""
    g3: Array
    """That from estimating the model variance; it counts twice in `mse`."""
    bias: float
    """First-order bias of the model variance, taken off the mean squared error."""
    is_direct: NDArray[np.bool_]
    direct: Array
    """As given; NaN where there is none."""
    variance: Array
    """Sampling variances as used; NaN where there is no direct estimate."""
    covariates: Array
    """(areas, p)"""
    smoothed: SmoothedVariance | None
    log_likelihood: float
    """Full, at the estimates, with its constant."""
    is_converged: bool
    evaluations: int

    @property
    def aic(self) -> float:
        """Akaike's criterion, with the coefficients and the model variance as parameters."""
        return -2 * self.log_likelihood + 2 * (len(self.coefficients) + 1)

    @property
    def bic(self) -> float:
        """The Bayesian criterion of Schwarz."""
        count = np.log(self.is_direct.sum())
        return float(-2 * self.log_likelihood + count * (len(self.coefficients) + 1))


def fay_herriot(
    direct: ArrayLike,
    variance: ArrayLike,
    covariates: ArrayLike,
    *,
    method: Method = "reml",
    when_zero: WhenZero = "adjust",
    smooth: Smooth = "refuse",
    sample_sizes: ArrayLike | None = None,
) -> FayHerriot:
    """Estimate every area by an empirical best linear unbiased predictor, with its error.

    An estimate is ``gamma * direct + (1 - gamma) * synthetic`` with ``gamma = A / (A + variance)``
    and the synthetic estimate ``x'b`` by generalised least squares. Its mean squared error is
    ``g1 + g2 + 2 g3 - bias * (1 - gamma)^2``, second-order unbiased under normality: the bias of
    the model variance is 0 for "reml" and for Yoshimori and Lahiri's adjustment of it, and is that
    of the method otherwise. Where the bias would leave nothing or less it is not taken off. The
    error of a synthetic estimate of an area without a sample is the limit of the same formula for
    a sampling variance without end: ``A - bias + x' cov(b) x``.

    Parameters
    ----------
    direct : array_like, shape (areas,)
        Direct estimates. NaN where there is none.
    variance : array_like, shape (areas,)
        Sampling variances, taken as known, in the unit of the estimates squared. Where there is no
        direct estimate they are not read.
    covariates : array_like, shape (areas, p)
        One column of ones where an intercept is wanted; none missing. They are taken as known
        without error: figures of another survey are not, and make the errors here too small.
    method : str
        How the model variance A is estimated: see `arrays.model_variance`.
    when_zero : {"adjust", "keep", "refuse"}
        What an A of 0 does. It says that covariates explain all, makes every estimate synthetic
        and leaves g1 at 0, which no one believes: "adjust" estimates A again with Yoshimori and
        Lahiri's adjustment, "keep" leaves it, "refuse" raises.
    smooth : {"refuse", "zero", "all"}
        What happens to a sampling variance of 0: see `arrays.sampling_variance`. "all" smooths
        every variance.
    sample_sizes : array_like, shape (areas,), optional
        Respondents, for smoothing.

    Returns
    -------
    FayHerriot

    Raises
    ------
    MethodError
        With every fault of the data: a covariate missing, infinite or a combination of others, a
        direct estimate without a variance above 0, too few areas, or A at 0 and refused. Areas and
        covariates are counted from 0.
    ValueError
        If shapes do not fit, or smoothing is asked for without sample sizes.

    References
    ----------
    .. [1] Fay, R. E. and Herriot, R. A. (1979), Estimates of income for small places, Journal of
       the American Statistical Association 74, 269-277.
    .. [2] Prasad, N. G. N. and Rao, J. N. K. (1990), The estimation of the mean squared error of
       small-area estimators, Journal of the American Statistical Association 85, 163-171.
    .. [3] Datta, G. S. and Lahiri, P. (2000), A unified measure of uncertainty of estimated best
       linear unbiased predictors in small area estimation problems, Statistica Sinica 10, 613-627.
    .. [4] Datta, G. S., Rao, J. N. K. and Smith, D. D. (2005), On measuring the variability of
       small area estimators under a basic area level model, Biometrika 92, 183-196.
    .. [5] Rao, J. N. K. and Molina, I. (2015), Small Area Estimation, 2nd edition, chapter 6.

    Examples
    --------
    >>> found = fay_herriot([1, 3, 5, 7, np.nan], [2, 2, 2, 2, np.nan], np.ones((5, 1)))
    >>> found.gamma.round(2), found.estimate.round(2)
    (array([0.7, 0.7, 0.7, 0.7, 0. ]), array([1.9, 3.3, 4.7, 6.1, 4. ]))
    """
    y, psi, x = (np.array(value, float) for value in (direct, variance, covariates))
    if y.ndim != 1 or psi.shape != y.shape or x.ndim != 2 or len(x) != len(y) or not x.shape[1]:
        raise ValueError(
            f"found shapes {y.shape}, {psi.shape} and {x.shape}, expected (areas,) twice and "
            "(areas, p) with at least one column"
        )
    is_direct = ~np.isnan(y)
    psi[~is_direct] = np.nan
    smoothed = None
    if smooth != "refuse":
        if sample_sizes is None:
            raise ValueError(f"smooth={smooth!r} needs sample_sizes")
        smoothed = smooth_variance(psi, sample_sizes, replace=smooth)
        psi = smoothed.variance
    problems = list_faults(y, psi, x, method)
    if problems:
        raise MethodError("the area model", problems)
    known = (y[is_direct], psi[is_direct], x[is_direct])
    used, found = estimate_variance(known[0][:, None], known[1], known[2], method, when_zero)
    at = float(found.value[0])
    spread, bias = _uncertainty(at, known[1], known[2], used)
    coefficients, root = fit_coefficients(known[0][:, None], known[1], known[2], found.value)
    synthetic = x @ coefficients[0]
    # An area without a sample is one whose sampling variance has no end.
    own = np.where(is_direct, psi, np.inf)
    gamma = at / (at + own)
    g1 = np.where(is_direct, gamma * np.where(is_direct, own, 0.0), at)
    g2 = (1 - gamma) ** 2 * ((x @ root[0]) ** 2).sum(axis=1)
    g3 = np.where(is_direct, (1 - gamma) ** 2 / (at + own) * spread, 0.0)
    mse = g1 + g2 + 2 * g3 - bias * (1 - gamma) ** 2
    return FayHerriot(
        method=method,
        method_used=used,
        model_variance=at,
        model_variance_error=float(np.sqrt(spread)),
        coefficients=coefficients[0],
        coefficient_covariance=root[0] @ root[0].T,
        estimate=synthetic + gamma * np.where(is_direct, y - synthetic, 0.0),
        mse=np.where(mse > 0, mse, g1 + g2 + 2 * g3),
        gamma=gamma,
        synthetic=synthetic,
        g1=g1,
        g2=g2,
        g3=g3,
        bias=bias,
        is_direct=is_direct,
        direct=y,
        variance=psi,
        covariates=x,
        smoothed=smoothed,
        log_likelihood=_log_likelihood(known[0] - synthetic[is_direct], at + known[1]),
        is_converged=bool(found.is_converged[0]),
        evaluations=found.evaluations,
    )


def interval(found: FayHerriot, *, level: float = 0.95) -> tuple[Array, Array]:
    """Return the ends of the normal interval of every area.

    Parameters
    ----------
    found : FayHerriot
    level : float
        Share of such intervals that hold the true value of their area, if the model is right.

    Returns
    -------
    tuple of ndarray, each of shape (areas,)

    Raises
    ------
    ValueError
        If the level is not between 0 and 1.

    Examples
    --------
    >>> found = fay_herriot([1, 3, 5, 7], [2, 2, 2, 2], np.ones((4, 1)))
    >>> [end.round(1) for end in interval(found)]
    [array([-1. ,  0.4,  1.8,  3.2]), array([4.8, 6.2, 7.6, 9. ])]
    """
    if not 0 < level < 1:
        raise ValueError(f"level: found {level}, expected a share between 0 and 1")
    reach = ndtri((1 + level) / 2) * np.sqrt(found.mse)
    return found.estimate - reach, found.estimate + reach


def estimate_variance(
    direct: Array, variance: Array, covariates: Array, method: Method, when_zero: WhenZero
) -> tuple[Method, ModelVariance]:
    """Return the model variance of each set and the method that gave it, the adjusted if any did.

    Shapes are those of `arrays.model_variance`, whose estimates of 0 are dealt with here.
    """
    found = model_variance(direct, variance, covariates, method)
    is_zero = found.value == 0
    if not is_zero.any() or when_zero == "keep":
        return method, found
    if when_zero == "refuse":
        raise MethodError(
            "the area model",
            [
                Problem(
                    "model variance",
                    "0: the areas differ by no more than sampling error and covariates explain",
                    "one above 0, or a method that adjusts it",
                )
            ],
        )
    adjusted: Method = "ml_yoshimori_lahiri" if method == "ml" else "reml_yoshimori_lahiri"
    again = model_variance(direct[:, is_zero], variance, covariates, adjusted)
    value, is_converged = found.value.copy(), found.is_converged.copy()
    value[is_zero], is_converged[is_zero] = again.value, again.is_converged
    evaluations = found.evaluations + again.evaluations
    return adjusted, ModelVariance(value=value, is_converged=is_converged, evaluations=evaluations)


def fit_coefficients(
    direct: Array, variance: Array, covariates: Array, at: Array
) -> tuple[Array, Array]:
    """Return the coefficients of each set, (sets, p), and a root of their covariance.

    The root is (sets, p, p) and the covariance the root times its transpose. `direct` is (areas,
    sets) and `at` the model variance of each set, (sets,).
    """
    length = np.linalg.norm(covariates, axis=0)
    basis, outer = np.linalg.qr(covariates / length)
    weight = 1 / (at[:, None] + variance)
    span, inner = weigh_basis(weight, basis)
    root = np.linalg.inv(inner @ outer)
    aim = span.transpose(0, 2, 1) @ (np.sqrt(weight) * direct.T)[:, :, None]
    coefficients: Array = (root @ aim)[:, :, 0] / length
    return coefficients, root / length[:, None]


def _uncertainty(
    at: float, variance: Array, covariates: Array, method: Method
) -> tuple[float, float]:
    """Return the asymptotic variance and the first-order bias of the estimated model variance."""
    weight = 1 / (at + variance)
    total, squares = float(weight.sum()), float((weight**2).sum())
    if method == "fh":
        count = len(variance)
        return 2 * count / total**2, 2 * (count * squares - total**2) / total**3
    bias = 0.0
    if method.startswith("ml"):
        # The trace of (X' W X)^-1 X' W^2 X: the sum of weights times leverages.
        span = np.linalg.qr(np.sqrt(weight)[:, None] * covariates)[0]
        bias = -float((weight * (span**2).sum(axis=1)).sum()) / squares
    if method in {"reml_li_lahiri", "ml_li_lahiri"}:
        bias += 2 / (at * squares)
    return 2 / squares, bias


def _log_likelihood(rest: Array, total: Array) -> float:
    return -float((np.log(2 * np.pi * total) + rest**2 / total).sum()) / 2


def list_faults(direct: Array, variance: Array, covariates: Array, method: Method) -> list[Problem]:
    """Return everything that keeps the model from being fitted, areas and columns from 0."""
    is_direct = ~np.isnan(direct)
    problems = [
        Problem(f"area {i}, covariate {j}", f"{covariates[i, j]:g}", "a finite number")
        for i, j in np.argwhere(~np.isfinite(covariates))
    ]
    problems += [
        Problem(f"area {i}", f"direct estimate {direct[i]:g}", "a finite number")
        for i in np.flatnonzero(np.isinf(direct))
    ]
    problems += [
        Problem(f"area {i}", f"sampling variance {variance[i]:g}", "a finite number above 0")
        for i in np.flatnonzero(is_direct & ~((variance > 0) & np.isfinite(variance)))
    ]
    fitted, columns = covariates[is_direct], covariates.shape[1]
    needed = columns + (3 if method in {"reml_li_lahiri", "ml_li_lahiri"} else 1)
    if len(fitted) < needed:
        found = f"{len(fitted)} with a direct estimate, for {columns} covariates"
        problems.append(Problem("areas", found, f"at least {needed}"))
    elif np.isfinite(fitted).all():
        problems += [
            Problem(f"covariate {j}", "a combination of those before it", "one that says more")
            for j in dependent_columns(fitted)
        ]
    return problems


def dependent_columns(covariates: Array) -> list[int]:
    """Return the columns that are combinations of those before them, zero columns among them."""
    length = np.linalg.norm(covariates, axis=0)
    scaled = covariates / np.where(length > 0, length, 1.0)
    kept: list[int] = []
    dependent: list[int] = []
    for j in range(scaled.shape[1]):
        span = np.linalg.qr(scaled[:, [*kept, j]])[1]
        (dependent if abs(span[-1, -1]) <= COLLINEAR else kept).append(j)
    return dependent
