"""Details: errors and rounded figures that would give hidden cells away, and how much they may say.

What can be computed from the details of an estimate:

- from its standard error, its design effect and the estimate of a share: the number of
  respondents, which is deff * p * (1 - p) / SE**2; from the degrees of freedom: clusters less
  strata. An interval or a coefficient of variation is the standard error in other words.
- of a hidden cell, from details of others: where the levels of a characteristic lie in different
  strata, as regions do, the variance of a total is the sum of the variances of its parts. So the
  variance of a hidden part is that of the whole less those of the other parts, to all digits,
  and with it what the first point says.

Hence nothing is published of a hidden cell; and in every sum that a hidden cell takes part in, as
a part or as the whole, details of all cells are withheld or rounded. If none of the parts of a
hidden whole were hidden, the whole would be their sum; so a detour over the parts of a cell of such
a line meets hidden parts with lines of their own.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.lattice import Flags, Ints, Lattice, lines

Array = NDArray[np.float64]


def withheld_details(hidden: ArrayLike, lattice: Lattice) -> Flags:
    """Say of which cells standard error, interval, cv, df and deff must not be shown in full.

    Parameters
    ----------
    hidden : array_like of bool, shape (cells,)
    lattice : Lattice

    Returns
    -------
    ndarray of bool, shape (cells,)
        The hidden cells, of which nothing is shown; and every cell of a line (a sum and its parts)
        with a hidden cell in it, whose details are withheld or rounded (`round_significant`).
        Withholding them is safe; two digits leave a standard error uncertain by 0.5 to 5 %, so a
        variance by 1 to 10 % of that of the *whole*, beside which that of a small part is lost.

    Raises
    ------
    ValueError
        If `hidden` does not have one value for each cell.

    Examples
    --------
    >>> from everycount.arrays.lattice import cross
    >>> lattice = cross((2, 2), order=1)
    >>> withheld_details([False, True, False, False, False], lattice).tolist()
    [True, True, True, False, False]
    """
    gone = np.asarray(hidden, bool)
    if gone.shape != (lattice.cells,):
        raise ValueError(f"hidden: found shape {gone.shape}, expected ({lattice.cells},)")
    sums = lines(lattice)
    result = gone.copy()
    length = np.diff(sums.start)
    line = np.repeat(np.arange(length.size), length)
    touched = gone[sums.parent]
    np.logical_or.at(touched, line, gone[sums.child])
    result[sums.parent[touched]] = True
    result[sums.child[touched[line]]] = True
    return result


def round_significant(values: ArrayLike, digits: int = 2) -> Array:
    """Round to a number of significant digits; NaN stays, as do 0 and infinity.

    Raises
    ------
    ValueError
        If fewer than 1 digit is asked for.

    Examples
    --------
    >>> round_significant([0.012345, 1985.0, np.nan, 0.0])
    array([1.2e-02, 2.0e+03,     nan, 0.0e+00])
    """
    if digits < 1:
        raise ValueError(f"digits: found {digits}, expected 1 or more")
    x = np.asarray(values, float)
    usual = np.isfinite(x) & (x != 0)
    size = np.floor(np.log10(np.abs(x), out=np.zeros(x.shape), where=usual))
    # Dividing by a power of ten is exact for more numbers than multiplying by a part of one.
    power = size - (digits - 1)
    up, down = 10.0 ** np.maximum(-power, 0), 10.0 ** np.maximum(power, 0)
    with np.errstate(invalid="ignore"):
        rounded = np.round(x * up / down) * down / up
    return np.where(usual, rounded, x)


def round_counts(counts: ArrayLike, base: int) -> NDArray[Any]:
    """Round counts to a multiple of `base`, halves up; base 1 leaves them alone.

    Raises
    ------
    ValueError
        If the base is below 1.

    Examples
    --------
    >>> round_counts([0, 2, 3, 7, 8], 5)
    array([ 0,  0,  5,  5, 10])
    """
    _check_base(base)
    return (np.asarray(counts) + base // 2) // base * base


def rounding_range(counts: ArrayLike, base: int) -> tuple[Ints, Ints]:
    """Return the smallest and the largest count that is rounded as each of these is.

    Examples
    --------
    >>> rounding_range([0, 4, 7], 5)
    (array([0, 3, 3]), array([2, 7, 7]))
    """
    rounded = round_counts(counts, base).astype(np.int64)
    low = np.maximum(rounded - base // 2, 0)
    return low, rounded + (base - 1 - base // 2)


def _check_base(base: int) -> None:
    if base < 1:
        raise ValueError(f"base: found {base}, expected 1 or more")
