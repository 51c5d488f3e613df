"""Moments: centre, spread and shape of each column, whatever is missing."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def mean(x: ArrayLike) -> Array:
    """Return the mean of each column.

    Parameters
    ----------
    x : array_like, shape (n, p)
        Values, each column in its own unit. NaN is a missing value and is left out.

    Returns
    -------
    ndarray, shape (p,)
        NaN where nothing is known.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3.

    Examples
    --------
    >>> mean([[1, 5], [3, np.nan]])
    array([2., 5.])
    """
    values = np.asarray(x, float)
    known = np.count_nonzero(~np.isnan(values), axis=0)
    total: Array = np.nansum(values, axis=0)
    centre = np.full(total.shape, np.nan)
    np.divide(total, known, out=centre, where=known > 0)
    return centre


def lowest(x: ArrayLike) -> Array:
    """Return the smallest value of each column (NaN where nothing is known).

    Examples
    --------
    >>> lowest([[1, np.nan], [3, np.nan]])
    array([ 1., nan])
    """
    return np.asarray(np.fmin.reduce(np.asarray(x, float), axis=0, initial=np.nan))


def highest(x: ArrayLike) -> Array:
    """Return the largest value of each column (NaN where nothing is known).

    Examples
    --------
    >>> highest([[1, np.nan], [3, np.nan]])
    array([ 3., nan])
    """
    return np.asarray(np.fmax.reduce(np.asarray(x, float), axis=0, initial=np.nan))


def standard_deviation(x: ArrayLike) -> Array:
    """Return the sample standard deviation (divisor n - 1) of each column.

    Parameters
    ----------
    x : array_like, shape (n, p)
        Values, each column in its own unit. NaN is a missing value and is left out.

    Returns
    -------
    ndarray, shape (p,)
        In the unit of the column; exactly 0 for a constant; NaN with fewer than two values.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.

    Examples
    --------
    >>> standard_deviation([[1, 5], [3, 5], [np.nan, 5]])
    array([1.41421356, 0.        ])
    """
    n, second, _, _ = _central_sums(np.asarray(x, float))
    variance = np.divide(second, n - 1, out=np.full(second.shape, np.nan), where=n > 1)
    return np.asarray(np.sqrt(variance))


def skewness(x: ArrayLike) -> Array:
    """Return the skewness of each column, of type 2 (as in SAS, SPSS and Excel).

    Parameters
    ----------
    x : array_like, shape (n, p)
        Values, each column in its own unit. NaN is a missing value and is left out.

    Returns
    -------
    ndarray, shape (p,)
        Without unit. NaN for a constant and with fewer than three values.

    References
    ----------
    .. [1] Joanes, D. N. and Gill, C. A. (1998), Comparing measures of sample skewness and
       kurtosis, The Statistician 47(1), section 2: G1.

    Examples
    --------
    >>> skewness([[1], [2], [3], [10]]).round(4)
    array([1.7636])
    """
    return skewness_and_kurtosis(x)[0]


def excess_kurtosis(x: ArrayLike) -> Array:
    """Return the excess kurtosis of each column, of type 2 (as in SAS, SPSS and Excel).

    Parameters
    ----------
    x : array_like, shape (n, p)
        Values, each column in its own unit. NaN is a missing value and is left out.

    Returns
    -------
    ndarray, shape (p,)
        Without unit; 0 for a normal distribution. NaN for a constant and with fewer than four
        values.

    References
    ----------
    .. [1] Joanes, D. N. and Gill, C. A. (1998), Comparing measures of sample skewness and
       kurtosis, The Statistician 47(1), section 2: G2.

    Examples
    --------
    >>> excess_kurtosis([[1], [2], [3], [10]]).round(4)
    array([3.228])
    """
    return skewness_and_kurtosis(x)[1]


def skewness_and_kurtosis(x: ArrayLike) -> tuple[Array, Array]:
    """Return both shapes of each column for the price of one pass.

    Parameters
    ----------
    x : array_like, shape (n, p)
        Values. NaN is a missing value and is left out.

    Returns
    -------
    tuple of ndarray, each of shape (p,)
        What `skewness` and `excess_kurtosis` return.

    Examples
    --------
    >>> [shape.round(4).tolist() for shape in skewness_and_kurtosis([[1], [2], [3], [10]])]
    [[1.7636], [3.228]]
    """
    n, second, third, fourth = _central_sums(np.asarray(x, float))
    varies = second > 0
    m2 = np.where(varies, second / np.maximum(n, 1), np.nan)
    g1 = third / np.maximum(n, 1) / m2**1.5
    g2 = fourth / np.maximum(n, 1) / m2**2 - 3
    skew = np.full(n.shape, np.nan)
    enough = varies & (n >= 3)
    np.divide(g1 * np.sqrt(n * np.maximum(n - 1, 0)), n - 2, out=skew, where=enough)
    kurtosis = np.full(n.shape, np.nan)
    enough = varies & (n >= 4)
    scaled = ((n + 1) * g2 + 6) * (n - 1)
    np.divide(scaled, (n - 2) * (n - 3), out=kurtosis, where=enough)
    return skew, kurtosis


def _central_sums(values: Array) -> tuple[Array, Array, Array, Array]:
    """Count, and sums of the second to fourth powers of the distances from the mean.

    They are exactly 0 for a constant: rounding in the mean must not make it look spread.
    """
    known = ~np.isnan(values)
    apart = np.where(known, values - mean(values), 0.0)
    apart[:, lowest(values) == highest(values)] = 0.0
    square = apart * apart
    return (
        np.asarray(known.sum(axis=0), float),
        square.sum(axis=0),
        np.einsum("ij,ij->j", square, apart),
        np.einsum("ij,ij->j", square, square),
    )
