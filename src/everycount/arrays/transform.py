"""Transform: draw in long tails with logarithms and powers, keeping the order of values."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays import moments
from everycount.errors import ColumnError

Array = NDArray[np.float64]

Logarithm = Literal["log", "log_ct", "log_ct_original", "log_ct_plus", "log_gii"]
CT_SHIFT = 0.01  # of the range; COINr 1.1.14, log_CT


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxCox:
    """The Box-Cox power, applied to values shifted to start at 1; 0 is the logarithm."""

    power: float = 0.0


Transformation = Logarithm | BoxCox


def transform(x: ArrayLike, kind: Transformation) -> Array:
    """Transform each column so that a long tail is drawn in and the order stays.

    With m, M and R the lowest value, highest value and range of a column: ``log`` is log(x);
    ``log_ct`` log(x - m + 0.01 R); ``log_ct_original`` log(x - m + 1); ``log_ct_plus`` is
    ``log_ct`` for a column with a long upper tail and -log(M + 0.01 R - x) for a long lower one;
    ``log_gii`` log((M - 1)(x - m) / R + 1); `BoxCox` ((x - m + 1)**power - 1) / power.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value and stays one.
    kind : str or BoxCox
        Which transformation.

    Returns
    -------
    ndarray, shape (n_units, n_indicators)
        Transformed values, in no particular unit.

    Raises
    ------
    ColumnError
        Naming every column with, for ``log``, a value of 0 or less; for ``log_ct``,
        ``log_ct_plus`` and ``log_gii``, no range; for ``log_gii``, a highest value of 1 or less,
        which would turn the order round.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.
    .. [2] JRC (2019), COIN Tool User's Guide, EUR 29899 EN: the logarithms ``log_ct``.
    .. [3] Cornell University, INSEAD and WIPO (2020), Global Innovation Index, appendix IV.

    Notes
    -----
    COINr 1.1.14 offers ``log_GII`` but returns the values unchanged; here the formula it
    documents is carried out.

    Examples
    --------
    >>> transform([[1], [3], [9]], "log_ct_original").round(3).ravel()
    array([0.   , 1.099, 2.197])
    """
    values = np.asarray(x, float)
    low, high = moments.lowest(values), moments.highest(values)
    _check(low, high, kind)
    span = high - low
    if isinstance(kind, BoxCox):
        shifted = values - low + 1
        power = kind.power
        return np.asarray(np.log(shifted) if power == 0 else (shifted**power - 1) / power)
    if kind == "log":
        return np.asarray(np.log(values))
    if kind == "log_ct_original":
        return np.asarray(np.log(values - low + 1))
    if kind == "log_gii":
        return np.asarray(np.log((high - 1) * (values - low) / span + 1))
    upper = np.log(values - low + CT_SHIFT * span)
    if kind == "log_ct":
        return np.asarray(upper)
    lower = -np.log(high - values + CT_SHIFT * span)
    return np.where(moments.skewness(values) <= 0, lower, upper)


def _check(low: Array, high: Array, kind: Transformation) -> None:
    """Refuse columns for which the transformation has no meaning."""
    faults: list[tuple[int, str, str]] = []
    if kind in ("log_ct", "log_ct_plus", "log_gii"):
        flat = np.flatnonzero(low == high)
        faults += [(int(j), f"the constant {low[j]:g}", "values that differ") for j in flat]
    if kind == "log":
        faults += [(int(j), f"{low[j]:g}", "values above 0") for j in np.flatnonzero(low <= 0)]
    if kind == "log_gii":
        turned = np.flatnonzero(high <= 1)
        faults += [(int(j), f"highest value {high[j]:g}", "a value above 1") for j in turned]
    if faults:
        raise ColumnError(faults)
