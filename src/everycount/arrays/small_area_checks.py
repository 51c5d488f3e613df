"""Small area checks: what speaks for and against a fitted area-level model, in words too."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, shapiro

from everycount.arrays.small_area import FayHerriot

Array = NDArray[np.float64]
Verdict = Literal["fine", "doubtful", "noted"]

FAR: Final = 3.0
"""A studentised residual beyond this is a matter of 1 area in 370 under normality."""
SHAPIRO: Final = (3, 5000)
"""Numbers of values the test of Shapiro and Wilk is made for: Royston, P. (1995), Remark AS R94,
Applied Statistics 44, 547-551."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: its figure, its p-value where it is a test, and a sentence."""

    name: str
    value: float
    p_value: float | None
    verdict: Verdict
    """"noted" where there is no line to draw."""
    statement: str
    areas: tuple[int, ...] = ()
    """Areas, from 0, that the check is about, where it is about some."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FitChecks:
    """Residuals and influence of areas, (areas,) with NaN where there is no direct estimate."""

    residual: Array
    """Direct less synthetic over its own standard deviation."""
    effect: Array
    """Predicted area effects, in the unit of the model."""
    leverage: Array
    """Share of an area in its own synthetic estimate, before shrinkage."""
    cook: Array
    """Cook's distance, that the coefficients move without the area; above 4 over the number of
    areas it is "influential"."""
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ErrorComparison:
    """Coefficients of variation of direct and modelled estimates, shares not per cent, (areas,)."""

    direct: Array
    modelled: Array
    improved: int
    compared: int
    check: Check


def check_fit(found: FayHerriot, *, alpha: float = 0.05) -> FitChecks:
    """Return what a Fay-Herriot model's own residuals say of it.

    Residuals are studentised: ``(direct - synthetic) / sqrt(A + variance - x' cov(b) x)``, so that
    all have the same variance if the model is right. Predicted area effects do not, where sampling
    variances differ, and their test is the weaker sign. R squared is the share of the variance of
    the true values that covariates explain: the variances of the residuals and of the direct
    estimates less their sampling parts, cut off at 0 and 1.

    Parameters
    ----------
    found : FayHerriot
        On the scale it was fitted on.
    alpha : float
        A test is "doubtful" where its p-value is below this.

    Returns
    -------
    FitChecks

    References
    ----------
    .. [1] Shapiro, S. S. and Wilk, M. B. (1965), An analysis of variance test for normality,
       Biometrika 52, 591-611.
    .. [2] Lahiri, P. and Suntornchost, J. (2015), Variable selection for linear mixed models with
       applications in small area estimation, Sankhya B 77, 312-320, on R squared.
    .. [3] Brown, G. et al. (2001), Evaluation of small area estimation methods: an application to
       unemployment estimates from the UK LFS, Proceedings of Statistics Canada Symposium 2001.
    .. [4] Cook, R. D. (1977), Detection of influential observation in linear regression,
       Technometrics 19, 15-18; Bollen, K. A. and Jackman, R. W. (1990), in Modern Methods of Data
       Analysis, on 4 / n.

    Examples
    --------
    >>> from everycount.arrays.small_area import fay_herriot
    >>> found = check_fit(fay_herriot([1, 3, 5, 7], [2, 2, 2, 2], np.ones((4, 1))))
    >>> found.residual.round(2)
    array([-1.34, -0.45,  0.45,  1.34])
    >>> found.checks[0].statement
    'Normality of residuals is not doubted (p = 0.972).'
    """
    own = found.is_direct
    x, rest = found.covariates[own], (found.direct - found.synthetic)[own]
    total = found.model_variance + found.variance[own]
    # Rounding may leave an area that determines a coefficient alone a trace of its own variance.
    hat = ((x @ found.coefficient_covariance) * x).sum(axis=1) / total
    free = np.where(hat < 1 - 1e-9, 1 - hat, np.nan)
    residual = rest / np.sqrt(total * free)
    cook = residual**2 * hat / free / x.shape[1]
    effect = found.gamma[own] * rest
    influential = np.flatnonzero(own)[np.nan_to_num(cook) > 4 / own.sum()]
    checks = (
        _check_normality("residuals", residual[~np.isnan(residual)], alpha),
        _check_normality("area effects", effect, alpha),
        _check_far(np.flatnonzero(own), residual),
        _check_influence(influential),
        _check_r_squared(found),
        _check_correlation(found),
        _check_agreement(found, alpha),
    )
    return FitChecks(
        residual=_spread(own, residual),
        effect=_spread(own, effect),
        leverage=_spread(own, hat),
        cook=_spread(own, cook),
        checks=checks,
    )


def compare_errors(
    direct: ArrayLike, direct_error: ArrayLike, modelled: ArrayLike, modelled_error: ArrayLike
) -> ErrorComparison:
    """Return the coefficients of variation before and after, and for how many areas they fell.

    Parameters
    ----------
    direct, direct_error, modelled, modelled_error : array_like, shape (areas,)
        Estimates and standard errors on one scale; NaN where there is none.

    Returns
    -------
    ErrorComparison
        A coefficient is NaN where the estimate is 0 or missing. Areas are compared by their
        standard errors: a coefficient of variation also falls where the estimate only rises.

    Examples
    --------
    >>> compare_errors([0.2, 0.4], [0.1, 0.1], [0.25, 0.35], [0.05, 0.11]).check.statement
    'Modelled errors are smaller than direct ones in 1 of 2 areas; half of the areas have a
    coefficient of variation above 0.375 directly and above 0.257 modelled.'
    """
    values = [np.asarray(v, float) for v in (direct, direct_error, modelled, modelled_error)]
    with np.errstate(divide="ignore", invalid="ignore"):
        before, after = values[1] / np.abs(values[0]), values[3] / np.abs(values[2])
    before, after = (np.where(np.isfinite(v), v, np.nan) for v in (before, after))
    is_compared = ~np.isnan(values[1]) & ~np.isnan(values[3])
    improved = int((values[3] < values[1])[is_compared].sum())
    compared = int(is_compared.sum())
    both = ~np.isnan(before) & ~np.isnan(after)
    statement = f"Modelled errors are smaller than direct ones in {improved} of {compared} areas"
    if both.any():
        statement += (
            "; half of the areas have a coefficient of variation above "
            f"{np.median(before[both]):.3g} directly "
            f"and above {np.median(after[both]):.3g} modelled"
        )
    return ErrorComparison(
        direct=before,
        modelled=after,
        improved=improved,
        compared=compared,
        check=Check(
            name="errors",
            value=improved / compared if compared else float("nan"),
            p_value=None,
            verdict="noted",
            statement=f"{statement}.",
        ),
    )


def _spread(own: NDArray[np.bool_], values: Array) -> Array:
    full = np.full(len(own), np.nan)
    full[own] = values
    return full


def _tested(name: str, value: float, p_value: float, alpha: float, words: tuple[str, str]) -> Check:
    is_doubtful = p_value < alpha
    shown = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
    return Check(
        name=name,
        value=value,
        p_value=p_value,
        verdict="doubtful" if is_doubtful else "fine",
        statement=f"{words[is_doubtful]} ({shown}).",
    )


def _check_normality(what: str, values: Array, alpha: float) -> Check:
    name = f"normality of {what}"
    low, high = SHAPIRO
    is_flat = not len(values) or np.ptp(values) <= 1e-12 * np.abs(values).max()
    if not low <= len(values) <= high or is_flat:
        why = "all are alike" if is_flat else f"there are {len(values)}"
        statement = f"Normality of {what} was not tested: {why}."
        return Check(
            name=name, value=float("nan"), p_value=None, verdict="noted", statement=statement
        )
    test = shapiro(values)
    words = (f"Normality of {what} is not doubted", f"Normality of {what} is doubtful")
    return _tested(name, float(test.statistic), float(test.pvalue), alpha, words)


def _check_far(areas: NDArray[np.intp], residual: Array) -> Check:
    far = areas[np.abs(residual) > FAR]
    largest = float(np.nanmax(np.abs(residual), initial=0.0))
    count = len(far)
    words = f"No area lies more than {largest:.1f} standard deviations from the model."
    if count:
        subject = "1 area lies" if count == 1 else f"{count} areas lie"
        words = f"{subject} far from the model, up to {largest:.1f} standard deviations."
    return Check(
        name="far areas",
        value=largest,
        p_value=None,
        verdict="doubtful" if count else "fine",
        statement=words,
        areas=tuple(int(i) for i in far),
    )


def _check_influence(influential: NDArray[np.intp]) -> Check:
    count = len(influential)
    words = "No area moves the coefficients much by itself."
    if count:
        subject = "1 area moves" if count == 1 else f"{count} areas, each by itself, move"
        words = f"{subject} the coefficients much."
    return Check(
        name="influential areas",
        value=float(count),
        p_value=None,
        verdict="noted" if count else "fine",
        statement=words,
        areas=tuple(int(i) for i in influential),
    )


def _check_r_squared(found: FayHerriot) -> Check:
    own = found.is_direct
    x, y, psi = found.covariates[own], found.direct[own], found.variance[own]
    span = np.linalg.qr(x)[0]
    free = 1 - (span**2).sum(axis=1)
    rest = y - span @ (span.T @ y)
    freedom = len(y) - x.shape[1]
    unexplained = ((rest**2).sum() - (free * psi).sum()) / freedom
    whole = y.var(ddof=1) - psi.mean()
    share = float(np.clip(1 - unexplained / whole, 0, 1)) if whole > 0 else float("nan")
    words = f"Covariates explain {share:.0%} of the variance of the true values between areas."
    if not whole > 0:
        words = "Direct estimates differ no more than sampling error: there is little to explain."
    return Check(name="R squared", value=share, p_value=None, verdict="noted", statement=words)


def _check_correlation(found: FayHerriot) -> Check:
    own = found.is_direct
    y, synthetic = found.direct[own], found.synthetic[own]
    gaps = y - y.mean(), synthetic - synthetic.mean()
    sizes = [float(np.sqrt((gap**2).sum())) for gap in gaps]
    level = 1e-12 * np.abs(found.direct[own]).max()  # below this all values are one, rounded
    if min(sizes) <= level:
        value, words = float("nan"), "All synthetic or all direct estimates are alike."
    else:
        value = float((gaps[0] * gaps[1]).sum() / (sizes[0] * sizes[1]))
        words = f"Synthetic and direct estimates correlate at {value:.2f}."
    return Check(name="correlation", value=value, p_value=None, verdict="noted", statement=words)


def _check_agreement(found: FayHerriot, alpha: float) -> Check:
    """Test whether modelled and direct estimates differ by more than their errors (Brown)."""
    own = found.is_direct
    error = found.variance[own] + found.mse[own]
    wald = float(((found.direct[own] - found.estimate[own]) ** 2 / error).sum())
    words = (
        "Modelled and direct estimates do not differ by more than their errors",
        "Modelled and direct estimates differ by more than their errors",
    )
    return _tested("agreement", wald, float(chi2.sf(wald, own.sum())), alpha, words)
