"""Aggregate: combine the children of one group into its score."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.errors import ColumnError

Array = NDArray[np.float64]
Missing = Literal["renormalise", "propagate"]

ROUNDING = 1e-9  # a share of 2/3 of three children is two children


def share_present(values: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """Return the share of the weight of the children that is present.

    Parameters
    ----------
    values : array_like, shape (n_units, n_children)
        Scores of the children. NaN is a missing child.
    weights : array_like, shape (n_children,) or (n_units, n_children), optional
        Relative weights. Equal, if left out: the share is one of numbers.

    Returns
    -------
    ndarray, shape (n_units,)
        From 0 to 1; NaN where all weights are 0.

    Examples
    --------
    >>> share_present([[1, np.nan, 3], [1, 2, 3]], [1, 2, 1])
    array([0.5, 1. ])
    """
    table = np.asarray(values, float)
    weight = _weights(table, weights)
    return _ratio((weight * ~np.isnan(table)).sum(axis=1), weight.sum(axis=-1))


def arithmetic(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "renormalise",
    least: float = 0.0,
) -> Array:
    """Combine children by the weighted arithmetic mean: a low score is made good by a high one.

    Parameters
    ----------
    values : array_like, shape (n_units, n_children)
        Scores of the children on one scale. NaN is a missing child.
    weights : array_like, shape (n_children,) or (n_units, n_children), optional
        Relative weights; equal, if left out.
    missing : {"renormalise", "propagate"}
        Whether the other children share the weight of a missing one, or the result is missing.
    least : float
        Share (0 to 1) of the children, by number, below which the result is missing.

    Returns
    -------
    ndarray, shape (n_units,)
        Scores on the scale of the children. NaN where no (or not enough) weight is present.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, "Additive
       aggregation methods".

    Examples
    --------
    >>> arithmetic([[10, 20, 60], [10, np.nan, 60]], [1, 1, 2])
    array([37.5       , 43.33333333])
    """
    table = np.asarray(values, float)
    weight = _weights(table, weights)
    known = ~np.isnan(table)
    if known.all():
        total = np.broadcast_to(weight.sum(axis=-1), len(table))
        return _ratio(_weighted_sum(table, weight), total)
    mean = _ratio(_weighted_sum(np.where(known, table, 0.0), weight), _weighted_sum(known, weight))
    return np.where(_counts(known, missing, least), mean, np.nan)


def geometric(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "renormalise",
    least: float = 0.0,
) -> Array:
    """Combine children by the weighted geometric mean: a low score is made good only in part.

    Parameters, missing values and result are those of `arithmetic`.

    Raises
    ------
    ColumnError
        Naming every child with a value of 0 or less, or a negative weight.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, "Geometric
       aggregation".

    Examples
    --------
    >>> geometric([[10, 40], [10, np.nan]]).round(6)
    array([20., 10.])
    """
    table = _positive(values, weights)
    return np.asarray(np.exp(arithmetic(np.log(table), weights, missing=missing, least=least)))


def harmonic(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "renormalise",
    least: float = 0.0,
) -> Array:
    """Combine children by the weighted harmonic mean: inequality between them costs most.

    Parameters, missing values and result are those of `arithmetic`.

    Raises
    ------
    ColumnError
        Naming every child with a value of 0 or less, or a negative weight.

    References
    ----------
    .. [1] UNDP (2022), Human Development Report, technical note 4: Gender Inequality Index, step 3.

    Examples
    --------
    >>> harmonic([[10, 40]])
    array([16.])
    """
    table = _positive(values, weights)
    return np.asarray(1.0 / arithmetic(1.0 / table, weights, missing=missing, least=least))


def generalised(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    power: float,
    missing: Missing = "renormalise",
    least: float = 0.0,
) -> Array:
    """Combine children by the weighted generalised (power) mean.

    Parameters are those of `arithmetic`, and `power`: 1 is the arithmetic, 0 the geometric, -1
    the harmonic mean; the lower it is, the more a low score counts. Scores are divided by the
    highest of the unit before they are raised, so that high powers do not overflow.

    Raises
    ------
    ColumnError
        Naming every child with a value of 0 or less (below 0, if `power` is above 0), or a
        negative weight.

    References
    ----------
    .. [1] Ruiz, N. (2011), Measuring the joint distribution of household's income, consumption and
       wealth using nested Atkinson measures, OECD Statistics Working Papers 2011/05, section 3.

    Examples
    --------
    >>> generalised([[10, 40]], power=2).round(4)
    array([29.1548])
    """
    if power == 0:
        return geometric(values, weights, missing=missing, least=least)
    table = _positive(values, weights, zero="allowed" if power > 0 else "refused")
    pick = np.fmax if power > 0 else np.fmin  # the value that its power makes the largest
    anchor = pick.reduce(table, axis=1, initial=np.nan)[:, None]
    ratio = table / np.where(anchor == 0, 1.0, anchor)
    mean = arithmetic(ratio**power, weights, missing=missing, least=least)
    return np.asarray(mean ** (1 / power) * anchor[:, 0])


def log_mean_exp(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    rate: float = 1.0,
    missing: Missing = "renormalise",
    least: float = 0.0,
) -> Array:
    """Combine children by log(mean(exp(rate * x))) / rate.

    Parameters and missing values are those of `arithmetic`, and `rate`, in one over the unit of
    the scores: above 0 high scores count more, below 0 low ones do.

    Raises
    ------
    ValueError
        If `rate` is 0, where the limit is the arithmetic mean.
    ColumnError
        Naming every child with a negative weight.

    References
    ----------
    .. [1] Kolm, S.-C. (1976), Unequal inequalities II, Journal of Economic Theory 13(1): the
       exponential mean.

    Examples
    --------
    >>> log_mean_exp([[0, 1]], rate=-1).round(4)
    array([0.3799])
    """
    if rate == 0:
        raise ValueError("rate: found 0, expected another number; 0 is the arithmetic mean")
    raised = rate * np.asarray(values, float)
    used = np.where(_no_negative(raised, weights) != 0, raised, np.nan)
    anchor = np.fmax.reduce(used, axis=1, initial=np.nan)
    below = np.minimum(raised - anchor[:, None], 0.0)  # children of weight 0 may lie above
    mean = arithmetic(np.exp(below), weights, missing=missing, least=least)
    return np.asarray((anchor + np.log(mean)) / rate)


def minimum(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    missing: Missing = "renormalise",
    least: float = 0.0,
) -> Array:
    """Combine children by the lowest of them: nothing makes it good.

    Parameters and missing values are those of `arithmetic`; children of weight 0 do not count,
    other weights make no difference.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6,
       "Non-compensatory".

    Examples
    --------
    >>> minimum([[10, 40, 5], [np.nan, 7, 9]], [1, 1, 0])
    array([10.,  7.])
    """
    table = np.asarray(values, float)
    used = np.where(_weights(table, weights) != 0, table, np.nan)
    lowest = np.fmin.reduce(used, axis=1, initial=np.nan)
    return np.where(_counts(~np.isnan(table), missing, least), lowest, np.nan)


def _weights(table: Array, weights: ArrayLike | None) -> Array:
    """Weights as given, or equal ones, of shape (n_children,) or (n_units, n_children)."""
    return np.ones(table.shape[1]) if weights is None else np.asarray(weights, float)


def _weighted_sum(table: Array | NDArray[np.bool_], weight: Array) -> Array:
    """Sum over the children, as a matrix product where all units have the same weights."""
    return np.asarray(table @ weight if weight.ndim == 1 else (table * weight).sum(axis=1))


def _ratio(part: Array, whole: Array) -> Array:
    """Divide; NaN where there is nothing to divide by."""
    result = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=result, where=whole != 0)
    return result


def _counts(known: NDArray[np.bool_], missing: Missing, least: float) -> NDArray[np.bool_]:
    """Tell the units with enough children."""
    share = 1.0 if missing == "propagate" else least
    return np.asarray(np.count_nonzero(known, axis=1) >= share * known.shape[1] - ROUNDING)


def _positive(
    values: ArrayLike,
    weights: ArrayLike | None,
    zero: Literal["refused", "allowed"] = "refused",
) -> Array:
    """Return values; refuse children that count and are too low, naming the lowest value.

    Children of weight 0 do not count: they become 1, which no root or logarithm minds.
    """
    table = np.asarray(values, float)
    used = np.where(_no_negative(table, weights) != 0, table, np.nan)
    lowest = np.fmin.reduce(used, axis=0, initial=np.nan)
    bad = np.flatnonzero(lowest <= 0 if zero == "refused" else lowest < 0)
    if bad.size:
        want = "values above 0" if zero == "refused" else "values of 0 or more"
        raise ColumnError((int(j), f"{lowest[j]:g}", want) for j in bad)
    return np.where(np.isnan(used) & ~np.isnan(table), 1.0, table)


def _no_negative(table: Array, weights: ArrayLike | None) -> Array:
    """Return weights; refuse negative ones, under which a root or logarithm may not exist."""
    weight = _weights(table, weights)
    lowest = weight.reshape(-1, table.shape[1]).min(axis=0, initial=0.0)
    bad = np.flatnonzero(lowest < 0)
    if bad.size:
        raise ColumnError((int(j), f"weight {lowest[j]:g}", "a weight of 0 or more") for j in bad)
    return weight
