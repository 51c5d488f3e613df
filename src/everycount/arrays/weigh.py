"""Weigh: weights of children from the tree, from their spread, or from what they share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays import moments
from everycount.errors import ColumnError

Array = NDArray[np.float64]

WEF_CHANGE = 0.01  # World Economic Forum (2023), Global Gender Gap Report, appendix B, step 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Component:
    """Loadings of the first principal component, the share it explains, and on how many units."""

    weights: Array
    explained: float
    units: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimised:
    """Weights that were searched for, the correlations they reach, and whether it settled."""

    weights: Array
    correlations: Array
    converged: bool


def equal(parents: ArrayLike) -> Array:
    """Give all children of a parent the same weight, adding to 1.

    Parameters
    ----------
    parents : array_like of int, shape (k,)
        Parent of each child; children with the same number are siblings.

    Returns
    -------
    ndarray, shape (k,)

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, "Equal
       weighting (EW)".

    Examples
    --------
    >>> equal([0, 0, 1])
    array([0.5, 0.5, 1. ])
    """
    return _among_siblings(np.ones(len(np.asarray(parents))), parents)


def from_standard_deviations(
    x: ArrayLike, parents: ArrayLike, *, change: float = WEF_CHANGE
) -> Array:
    """Weigh children so that the same relative change counts the same: by change over spread.

    Parameters
    ----------
    x : array_like, shape (n_units, k)
        Values of the children. NaN is a missing value and is left out.
    parents : array_like of int, shape (k,)
        Parent of each child; weights of the children of one parent add to 1.
    change : float
        The change to be worth the same everywhere; it makes no difference to the result.

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    ColumnError
        Naming every child that does not vary.

    References
    ----------
    .. [1] World Economic Forum (2023), Global Gender Gap Report, appendix B, step 3.

    Examples
    --------
    >>> from_standard_deviations([[1, 1], [2, 4], [3, 7]], [0, 0])
    array([0.75, 0.25])
    """
    spread = moments.standard_deviation(x)
    _refuse_flat(spread)
    return _among_siblings(change / spread, parents)


def principal_component(x: ArrayLike) -> Component:
    """Weigh the children of one parent by their loadings on the first principal component.

    Loadings are those of standardised values, over units without a gap; their squares add to 1.
    A component has no sign of its own: here the loadings add to 0 or more. Single loadings can
    be negative, and then the child would count against its group: look at them before use.

    Parameters
    ----------
    x : array_like, shape (n_units, k)
        Values of the children. Units with a missing value (NaN) are left out.

    Returns
    -------
    Component
        Weights (k,), the share (0 to 1) of the variance they stand for, the number of units.

    Raises
    ------
    ColumnError
        Naming every child that does not vary over the units without a gap.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6, "Weights
       based on principal components analysis or factor analysis".

    Examples
    --------
    >>> principal_component([[1, 2], [2, 4], [3, 7]]).weights.round(4)
    array([0.7071, 0.7071])
    """
    values = np.asarray(x, float)
    complete = values[~np.isnan(values).any(axis=1)]
    spread = moments.standard_deviation(complete)
    _refuse_flat(spread)
    scores = (complete - complete.mean(axis=0)) / spread
    _, strength, axes = np.linalg.svd(scores, full_matrices=False)
    first = axes[0]
    total = float(first.sum())
    sign = first[np.flatnonzero(first)[0]] if abs(total) < 1e-12 else total
    return Component(
        weights=np.where(sign < 0, np.negative(first), first),
        explained=float(strength[0] ** 2 / np.sum(strength**2)),
        units=len(complete),
    )


def optimise(
    children: ArrayLike,
    aggregate: Callable[[Array], Array],
    target: ArrayLike | None = None,
    *,
    aim: Literal["balance", "infomax"] = "balance",
    tolerance: float = 1e-4,
    iterations: int = 4000,
) -> Optimised:
    """Search for weights under which children correlate with the index as is asked of them.

    The search is the simplex of Nelder and Mead over the logarithms of the weights, so weights
    are above 0 and the same inputs give the same result; it starts from the target (from equal
    weights for "infomax") and is run a second time from where the first ended.

    Parameters
    ----------
    children : array_like, shape (n_units, k)
        Scores of the children. NaN is a missing value; correlations are over pairs.
    aggregate : callable
        From weights (k,), adding to 1, to the index (n_units,).
    target : array_like, shape (k,), optional
        Relative importance each child is to have; equal, if left out.
    aim : {"balance", "infomax"}
        Correlations in proportion to `target`, or with the largest sum.
    tolerance : float
        How far (in shares of the summed correlation) "balance" may end from the target.
    iterations : int
        Most evaluations of `aggregate` in each of the two runs.

    Returns
    -------
    Optimised
        Weights (k,) adding to 1; Pearson correlations (k,) of child and index; whether the
        search settled and, for "balance", came within `tolerance`.

    Raises
    ------
    ColumnError
        Naming every child that does not vary.

    References
    ----------
    .. [1] Becker, W., Saisana, M., Paruolo, P. and Vandecasteele, I. (2017), Weights and importance
       in composite indicators: closing the gap, Ecological Indicators 80, 12-22.

    Examples
    --------
    >>> x = np.array([[1.0, 9.0], [2.0, 1.0], [3.0, 4.0], [4.0, 8.0], [5.0, 2.0]])
    >>> found = optimise(x, lambda w: x @ w)
    >>> found.converged, found.correlations.round(3)
    (True, array([0.587, 0.587]))
    """
    # Loading the optimiser takes a second, which only this method should cost.
    from scipy.optimize import minimize  # noqa: PLC0415

    values = np.asarray(children, float)
    _refuse_flat(moments.standard_deviation(values))
    k = values.shape[1]
    asked = np.ones(k) if target is None or aim == "infomax" else np.asarray(target, float)
    asked = asked / asked.sum()

    def loss(point: Array) -> float:
        reached = _correlations(values, aggregate(_weights_at(point)))
        if aim == "infomax":
            return float(-reached.sum())
        return float(np.sum((reached - asked * reached.sum()) ** 2))

    point, settled = np.log(np.maximum(asked, 1e-6)), False
    for _ in range(2):
        found = minimize(
            loss,
            point,
            method="Nelder-Mead",
            options={"maxfev": iterations, "xatol": 1e-8, "fatol": 1e-12, "adaptive": True},
        )
        point, settled = np.asarray(found.x, float), bool(found.success)
    reached = _correlations(values, aggregate(_weights_at(point)))
    off = 0.0 if aim == "infomax" else np.abs(reached / reached.sum() - asked).max()
    return Optimised(
        weights=_weights_at(point),
        correlations=reached,
        converged=bool(settled and off <= tolerance),
    )


def _among_siblings(weights: Array, parents: ArrayLike) -> Array:
    """Divide weights by their sum over the siblings."""
    _, which = np.unique(np.asarray(parents), return_inverse=True)
    total = np.bincount(which, weights=weights)[which]
    bad = np.flatnonzero(np.isnan(total) | (total == 0))
    if bad.size:
        raise ColumnError(
            (int(j), f"weight {weights[j]:g}, siblings adding to {total[j]:g}", "a sum above 0")
            for j in bad
        )
    return np.asarray(weights / total)


def _refuse_flat(spread: Array) -> None:
    bad = np.flatnonzero(~(spread > 0))
    if bad.size:
        raise ColumnError(
            (int(j), f"standard deviation {spread[j]:g}", "values that differ") for j in bad
        )


def _weights_at(point: Array) -> Array:
    """Turn logarithms into weights that add to 1."""
    raised = np.exp(point - point.max())
    return np.asarray(raised / raised.sum())


def _correlations(values: Array, index: Array) -> Array:
    """Pearson correlation of each column with the index, over the units that have both."""
    known = ~np.isnan(values) & ~np.isnan(index)[:, None]
    left = np.where(known, values, np.nan)
    right = np.where(known, index[:, None], np.nan)
    left, right = left - moments.mean(left), right - moments.mean(right)
    shared = np.nansum(left * right, axis=0)
    scale = np.sqrt(np.nansum(left**2, axis=0) * np.nansum(right**2, axis=0))
    result = np.zeros(scale.shape)
    np.divide(shared, scale, out=result, where=scale > 0)
    return result
