"""Multiple tests: p values adjusted for how many were computed."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Array = NDArray[np.float64]
Adjustment = Literal["holm", "benjamini-hochberg", "bonferroni", "none"]


def adjusted_p_values(p: ArrayLike, method: Adjustment = "holm") -> Array:
    """Return p values of one family of tests, adjusted for their number.

    ``holm``
        Chance of any false finding among all, whatever the tests depend on: step down from the
        smallest, the k-th smallest of m times m - k + 1, never below the one before it.
    ``bonferroni``
        The same chance, more roughly: every one times m.
    ``benjamini-hochberg``
        Share of false findings among those found, for tests that are independent or positively
        dependent: step up from the largest, the k-th smallest times m / k, never above the one
        after it.
    ``none``
        As they are.

    Parameters
    ----------
    p : array_like, shape (tests,)
        From 0 to 1; NaN where there was no test, which does not count.
    method : str
        One of those above.

    Returns
    -------
    ndarray, shape (tests,)
        At most 1; NaN where `p` is.

    Raises
    ------
    ValueError
        If the method is not one of those above, or a value is outside 0 to 1.

    References
    ----------
    .. [1] Holm, S. (1979), A simple sequentially rejective multiple test procedure, Scandinavian
       Journal of Statistics 6, 65-70.
    .. [2] Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, Journal of
       the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> adjusted_p_values([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    >>> adjusted_p_values([0.01, 0.04, 0.03], "benjamini-hochberg")
    array([0.03, 0.04, 0.04])
    """
    if method not in get_args(Adjustment):
        raise ValueError(f"method: found {method!r}, expected {', '.join(get_args(Adjustment))}")
    given = np.array(p, float)
    known = np.flatnonzero(~np.isnan(given))
    ordered = known[np.argsort(given[known], kind="stable")]
    values, tests = given[ordered], len(ordered)
    if ((values < 0) | (values > 1)).any():
        raise ValueError(f"p: found {values.min():g} to {values.max():g}, expected from 0 to 1")
    ranks = np.arange(1, tests + 1)
    if method == "holm":
        values = np.maximum.accumulate(values * (tests - ranks + 1))
    elif method == "bonferroni":
        values = values * tests
    elif method == "benjamini-hochberg":
        values = np.minimum.accumulate((values * tests / ranks)[::-1])[::-1]
    given[ordered] = np.minimum(values, 1.0)
    return given


def two_sided_p_values(statistic: ArrayLike, df: ArrayLike) -> Array:
    """Return the chance of a t statistic at least as far from 0 if there were no difference.

    Parameters
    ----------
    statistic : array_like
        Differences over their standard errors.
    df : array_like
        Degrees of freedom of the errors, of a shape that broadcasts; infinity: normal.

    Returns
    -------
    ndarray
        NaN where an argument is NaN or `df` is 0 or less.

    Examples
    --------
    >>> two_sided_p_values([0.0, 2.0, 2.0], [10, 10, np.inf]).round(4)
    array([1.    , 0.0734, 0.0455])
    """
    size = np.abs(np.asarray(statistic, float))
    known = np.asarray(df, float)
    known = np.where(known > 0, known, np.nan)
    return np.asarray(
        2 * np.where(np.isinf(known), special.ndtr(-size), special.stdtr(known, -size))
    )
