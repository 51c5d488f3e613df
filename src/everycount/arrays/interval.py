"""Interval: confidence limits of shares and of other estimates, by methods with exact names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Array = NDArray[np.float64]
Ends = tuple[Array, Array]

ProportionMethod = Literal[
    "logit",
    "xlogit",
    "wilson",
    "beta",
    "korn-graubard",
    "arcsine",
    "likelihood",
    "normal",
    "t",
]
Kind = Literal["t", "normal"]

ROUNDING: Final = 1e-12
"""A share this near to 0 or 1 is 0 or 1, and a standard error of a share below it is 0: what sums
in another order leave behind. The same width as SAS's `fuzz`, with which NCHS decides whether a
proportion is 0 or 1. A true standard error of a share as small needs 1e23 rows."""


def interval(
    estimate: ArrayLike,
    std_error: ArrayLike,
    *,
    df: ArrayLike,
    level: float = 0.95,
    kind: Kind = "t",
) -> Ends:
    """Return the limits that lie symmetrically about means, totals, ratios or differences.

    Parameters
    ----------
    estimate, std_error : array_like
        In the unit of the outcome; shapes that broadcast, one number for each cell.
    df : array_like
        Degrees of freedom, infinity allowed. Not used by "normal".
    level : float
        Confidence, above 0 and below 1.
    kind : {"t", "normal"}
        Which distribution the critical value is of.

    Returns
    -------
    low, high : ndarray
        Of the shape that the arguments broadcast to. NaN where an argument is NaN, and for "t"
        where `df` is 0 or less: one PSU in a stratum says nothing about its error.

    Raises
    ------
    ValueError
        If the level or the kind is not one of those above or a standard error is negative.

    References
    ----------
    .. [1] Korn, E. L. and Graubard, B. I. (1999), Analysis of Health Surveys, Wiley, on the t
       distribution with PSUs less strata for degrees of freedom.

    Examples
    --------
    >>> low, high = interval([10.0, 20.0], 2.0, df=[14, np.inf])
    >>> low.round(3), high.round(3)
    (array([ 5.71,  16.08]), array([14.29, 23.92]))
    """
    _check(kind, get_args(Kind), "kind", level=level, std_error=std_error)
    centre, spread, freedom = _together(estimate, std_error, df)
    tail = (1 - level) / 2
    reach = spread * (_critical(freedom, tail) if kind == "t" else -special.ndtri(tail))
    return _floats(centre - reach, centre + reach)


def proportion_interval(
    method: ProportionMethod,
    estimate: ArrayLike,
    std_error: ArrayLike,
    *,
    n: ArrayLike,
    df: ArrayLike,
    level: float = 0.95,
    logit_std_error: ArrayLike | None = None,
) -> Ends:
    r"""Return the confidence limits of shares.

    With p the estimate, s its standard error, t the quantile of Student's distribution with `df`
    degrees of freedom at (1 + level) / 2, and m = p (1 - p) / s^2 the effective sample size:

    ``logit``
        logit p ± t s / (p (1 - p)) on the scale of log-odds. With `logit_std_error`, which R has
        from the replicates, ± t times that.
    ``xlogit``
        The same, never with `logit_std_error`.
    ``wilson``
        Wilson's score interval of m trials with t for z.
    ``beta``
        R's: Clopper and Pearson of m (t[n-1] / t[df])^2 trials, which may be more than n.
    ``korn-graubard``
        The same, of n trials at most, as NCHS requires. Where the survey's guide forgoes the
        adjustment (as that of NHIS does), give n - 1 for `df`.
    ``arcsine``
        arcsin sqrt p ± t / (2 sqrt m), cut off at 0 and π/2 (R's ``asin`` turns round there).
    ``likelihood``
        The x where 2 k m [p log(p / x) + (1 - p) log((1 - p) / (1 - x))] is t^2: Rao and Scott's
        scaled likelihood. As in R, k is (n - 1) / n, which is the dispersion of the quasi-binomial
        model, or 1 with `logit_std_error` e, and then m is 1 / (p (1 - p) e^2).
    ``normal``, ``t``
        p ± z s and p ± t s, as they come out, if need be below 0 or above 1. R's ``mean`` is "t".

    Parameters
    ----------
    method : str
        One of those above.
    estimate, std_error : array_like
        Shares of 1 and their standard errors; shapes that broadcast, one number for each cell.
    n : array_like
        Rows, not weighted, that the share is of: those of the cell (the domain) with a known
        outcome, not those of the whole sample.
    df : array_like
        Degrees of freedom of the cell: PSUs that have rows in it less strata that have; under
        replicates the rank of the replicate weights of its rows, less 1. May be infinite.
    level : float
        Confidence, above 0 and below 1.
    logit_std_error : array_like, optional
        Standard error of the log-odds where it is not s / (p (1 - p)), that is under replicate
        weights: the replicate variance of logit p_r. Linearisation needs none. "logit" and
        "likelihood" alone use it.

    Returns
    -------
    low, high : ndarray
        Of the shape that the arguments broadcast to. NaN where an argument is NaN that the method
        uses (or `n`); for all but "normal" where `df` is 0 or less, as in R; and for all but
        "normal" and "t" where the estimate, under weights that calibration made negative, is no
        share.

    Raises
    ------
    ValueError
        If the method or the level is not one of those above or a standard error is negative.

    Notes
    -----
    An estimate of 0 or 1 has no standard error to speak of. Wilson, beta, Korn-Graubard, arcsine
    and likelihood then take m = n without any adjustment, as NCHS does: the limits are those of n
    independent rows, too near where rows of a cluster are alike, and 0 or 1 on the other side. On
    the scale of log-odds there is no such estimate: NaN for "logit" and "xlogit". "normal" and "t"
    give the estimate for both limits, which says nothing. R gives NaN for beta and the estimate
    for ``mean``; for ``logit`` it gives limits within 1e-9 of the estimate, which are where its
    iterations stopped.

    A standard error of 0 at another estimate (a census, or a cell of equal PSUs) gives the
    estimate for both limits, but n trials to Korn-Graubard. A cell of one row has `df` 0: NaN.

    R fits ``logit`` to 1e-8 by iteration and reads ``likelihood`` off a curve drawn through some
    points: agreement with it ends there, the limits here solve their equations. For ``logit`` with
    1 degree of freedom R gives 0 and NaN; here, as for all others, t has 1 degree of freedom.

    References
    ----------
    .. [1] Korn, E. L. and Graubard, B. I. (1998), Confidence intervals for proportions with small
       expected number of positive counts estimated from survey data, Survey Methodology 24,
       193-201.
    .. [2] Parker, J. D. et al. (2017), National Center for Health Statistics Data Presentation
       Standards for Proportions, Vital and Health Statistics 2(175).
    .. [3] Wilson, E. B. (1927), Probable inference, the law of succession, and statistical
       inference, Journal of the American Statistical Association 22, 209-212.
    .. [4] Rao, J. N. K. and Scott, A. J. (1984), On chi-squared tests for multiway contingency
       tables with cell proportions estimated from survey data, Annals of Statistics 12, 46-60.
    .. [5] Lumley, T. (2026), survey: analysis of complex survey samples, R package 4.5, svyciprop.

    Examples
    --------
    >>> low, high = proportion_interval("wilson", [0.1, 0.0], [0.03, 0.0], n=120, df=30)
    >>> low.round(3), high.round(3)
    (array([0.054, 0.   ]), array([0.178, 0.034]))
    """
    _check(method, get_args(ProportionMethod), "method", level=level, std_error=std_error)
    if method in {"normal", "t"}:
        ends = interval(estimate, std_error, df=df, level=level, kind=method)
        low, high, _ = _together(*ends, n)
        return np.array(low), np.array(high)  # their own, no views of one cell
    logit_error = 0.0 if logit_std_error is None else logit_std_error
    _refuse_negative(logit_error, "logit_std_error")
    p, s, rows, freedom, on_logit = _together(estimate, std_error, n, df, logit_error)
    p, s = _without_rounding(p, s)
    tail = (1 - level) / 2
    with np.errstate(all="ignore"):  # 0/0 and overflow in cells that are filled in below
        cells = _Cells(
            share=p,
            rest=1 - p,
            std_error=s,
            rows=rows,
            effective=np.where((p == 0) | (p == 1), rows, p * (1 - p) / s**2),
            critical=_critical(freedom, tail),
            tail=tail,
            logit_std_error=None if logit_std_error is None else on_logit,
        )
        low, high = METHODS[method](cells)
    return _with_edges(method, cells, low, high)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Cells:
    """What the methods share: arrays of one shape; `effective` is n where the share is 0 or 1."""

    share: Array
    rest: Array
    std_error: Array
    rows: Array
    effective: Array
    critical: Array
    tail: float
    logit_std_error: Array | None


def _logit(cells: _Cells) -> Ends:
    """Return Wald limits on the scale of log-odds."""
    if cells.logit_std_error is None:
        return _xlogit(cells)
    return _around_log_odds(cells, cells.logit_std_error)


def _xlogit(cells: _Cells) -> Ends:
    """Return Wald limits on the scale of log-odds, their error by the delta method."""
    return _around_log_odds(cells, cells.std_error / (cells.share * cells.rest))


def _around_log_odds(cells: _Cells, std_error: Array) -> Ends:
    centre, reach = special.logit(cells.share), cells.critical * std_error
    return _floats(special.expit(centre - reach), special.expit(centre + reach))


def _wilson(cells: _Cells) -> Ends:
    """Return the score limits of as many independent trials as the sample is worth."""
    ratio = cells.critical**2 / cells.effective
    centre = cells.share + ratio / 2
    reach = np.sqrt(ratio * (cells.share * cells.rest + ratio / 4))
    # The product of the limits is share^2 / (1 + ratio), which spares the difference its digits.
    return cells.share**2 / (centre + reach), (centre + reach) / (1 + ratio)


def _beta(cells: _Cells) -> Ends:
    """Return Clopper and Pearson's limits of the adjusted effective sample."""
    return _clopper_pearson(cells, _adjusted(cells))


def _korn_graubard(cells: _Cells) -> Ends:
    """Return Clopper and Pearson's limits of the adjusted effective sample, n at most."""
    return _clopper_pearson(cells, np.minimum(cells.rows, _adjusted(cells)))


def _adjusted(cells: _Cells) -> Array:
    """Return the effective sample size for the uncertainty of its own standard error."""
    adjustment = (_critical(cells.rows - 1, cells.tail) / cells.critical) ** 2
    is_sure = cells.share * cells.rest == 0
    return np.where(is_sure, cells.effective, cells.effective * adjustment)


def _clopper_pearson(cells: _Cells, trials: Array) -> Ends:
    hits, misses = trials * cells.share, trials * cells.rest
    return _floats(
        special.betaincinv(hits, misses + 1, cells.tail),
        special.betainccinv(hits + 1, misses, cells.tail),
    )


def _arcsine(cells: _Cells) -> Ends:
    """Return Wald limits on the scale of the arcsine of the root."""
    centre = np.arcsin(np.sqrt(cells.share))
    reach = cells.critical / (2 * np.sqrt(cells.effective))
    low, high = (np.clip(end, 0, np.pi / 2) for end in (centre - reach, centre + reach))
    return np.sin(low) ** 2, np.sin(high) ** 2


def _likelihood(cells: _Cells) -> Ends:
    """Return where the scaled likelihood is as far below its peak as the critical value says."""
    p, q = cells.share, cells.rest
    if cells.logit_std_error is None:
        trials = cells.effective * (cells.rows - 1) / cells.rows
    else:
        trials = 1 / (p * q * cells.logit_std_error**2)
    trials = np.where(p * q == 0, cells.rows, trials)
    bound = cells.critical**2 / (2 * trials)
    below, above = _change_of_log_odds(p, bound), _change_of_log_odds(q, bound)
    low = p * np.exp(below) / (1 + p * np.expm1(below))
    high = p / (1 + q * np.expm1(above))
    return np.where(q == 0, np.exp(-bound), low), np.where(p == 0, -np.expm1(-bound), high)


def _change_of_log_odds(p: Array, bound: Array) -> Array:
    """Return the u < 0 where log(1 + p (e^u - 1)) - p u, the divergence at log-odds + u, is bound.

    The function is convex and above its asymptote log(1 - p) - p u, so Newton's steps from where
    that crosses the bound rise to the root, and end where the excess is no more than its rounding.
    """
    u = (np.log1p(-p) - bound) / p
    rises = True
    while rises:
        growth = np.expm1(u)
        excess = np.log1p(p * growth) - p * u - bound
        step = excess * (1 + p * growth) / (p * (p - 1) * growth)
        is_more = (excess > 4 * np.finfo(float).eps * (bound - p * u)) & np.isfinite(step)
        higher = np.where(is_more, u + step, u)
        rises = bool((higher > u).any())
        u = higher
    return u


METHODS: Final[dict[str, Callable[[_Cells], Ends]]] = {
    "logit": _logit,
    "xlogit": _xlogit,
    "wilson": _wilson,
    "beta": _beta,
    "korn-graubard": _korn_graubard,
    "arcsine": _arcsine,
    "likelihood": _likelihood,
}


def _with_edges(method: str, cells: _Cells, low: Array, high: Array) -> Ends:
    """Fill in the cells that a formula cannot answer, as the notes above say."""
    p = cells.share
    is_sure = (p == 0) | (p == 1)
    if method in {"logit", "xlogit"}:
        low, high = (np.where(is_sure, np.nan, end) for end in (low, high))
    else:
        low, high = np.where(p == 0, 0.0, low), np.where(p == 1, 1.0, high)
    if method != "korn-graubard":
        is_exact = (cells.std_error == 0) & ~is_sure
        low, high = (np.where(is_exact, p, end) for end in (low, high))
    is_missing = np.isnan(p + cells.std_error + cells.critical + cells.rows)
    low, high = (np.where(is_missing, np.nan, end) for end in (low, high))
    return _floats(np.clip(low, 0, 1), np.clip(high, 0, 1))


def _without_rounding(p: Array, s: Array) -> Ends:
    """Return shares with NaN for what is none, and 0 or 1 for what is so but for rounding."""
    with np.errstate(invalid="ignore"):
        p = np.where(np.abs(p) <= ROUNDING, 0.0, np.where(np.abs(p - 1) <= ROUNDING, 1.0, p))
        return np.where((p < 0) | (p > 1), np.nan, p), np.where(s < ROUNDING, 0.0, s)


def _critical(df: Array, tail: float) -> Array:
    """Return the critical value of Student's distribution; NaN without degrees of freedom."""
    known = np.where(df > 0, df, np.nan)
    return np.where(np.isinf(known), -special.ndtri(tail), -special.stdtrit(known, tail))


def _together(*given: ArrayLike) -> list[Array]:
    """Return the arguments as arrays of one shape."""
    return list(np.broadcast_arrays(*(np.asarray(each, float) for each in given)))


def _floats(low: ArrayLike, high: ArrayLike) -> Ends:
    return np.asarray(low, float), np.asarray(high, float)


def _check(
    name: str, names: tuple[str, ...], what: str, *, level: float, std_error: ArrayLike
) -> None:
    if name not in names:
        raise ValueError(f"{what}: found {name!r}, expected one of {', '.join(names)}")
    if not 0 < level < 1:
        raise ValueError(f"level: found {level}, expected a share between 0 and 1")
    _refuse_negative(std_error, "std_error")


def _refuse_negative(std_error: ArrayLike, what: str) -> None:
    if (np.asarray(std_error, float) < 0).any():
        raise ValueError(f"{what}: found a negative number, expected 0 or more")
