"""Main effects: the chance of an outcome by a logistic regression on circumstances, converged."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import qr, solve_triangular
from scipy.optimize import linprog
from scipy.special import expit

from everycount.errors import MethodError, Problem

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

CONVERGED: Final = 1e-13
"""Chances whose mean moves by no more than this share of the mean chance are final. R's glm stops
when the deviance moves by less than 1e-8 of itself."""
BALANCED: Final = 1e-10  # by which fitted and observed shares of a category may differ
FEW: Final = 15  # Newton steps before effects are suspected to be infinite
MANY: Final = 200
HALVINGS: Final = 40  # of a step that overshoots
ALIASED: Final = 1e-9  # pivots of columns of 0 and 1 below this share of the largest are 0
FARTHEST: Final = 4.0  # that the log odds of a cell may move in a step
NEAR: Final = 1e-10  # share of the loss a step may gain and still need no check


def main_effects(codes: IntArray, weight: Array, mean: Array) -> Array:
    """Return the chance of the outcome in each cell, by a logit of main effects.

    Each circumstance, ordered or not, enters as one effect for each of its categories, as in
    ESCAP's model: ``logit(chance) = effect of wealth + effect of residence + ...``.

    Parameters
    ----------
    codes : ndarray of int, shape (cells, circumstances)
        Category of each cell in each circumstance.
    weight, mean : ndarray, shape (cells,)
        Of an outcome from 0 to 1. A cell of weight 0 has no part in the fit.

    Returns
    -------
    ndarray, shape (cells,)
        Maximum-likelihood estimates under the weights; NaN for a cell of weight 0. Their weighted
        mean is that of the outcome, also within each category. Where effects separate those with
        the outcome from those without, they are infinite, and chances are at their limit, 0 or 1;
        software that stops earlier, such as R's glm, gives them a billionth or so. Effects that
        say the same twice do not matter.

    Raises
    ------
    MethodError
        If a mean is outside 0 to 1, or the fit does not converge.

    References
    ----------
    .. [1] McCullagh, P. and Nelder, J. A. (1989), Generalized Linear Models, 2nd edition, Chapman
       and Hall, section 4.4.
    .. [2] Albert, A. and Anderson, J. A. (1984), On the existence of maximum likelihood estimates
       in logistic regression models, Biometrika 71, 1-10, on separation.
    .. [3] Paes de Barros, R. et al. (2009), Measuring Inequality of Opportunities in Latin America
       and the Caribbean, World Bank, chapter 2.

    Examples
    --------
    >>> wealth_and_place = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> main_effects(wealth_and_place, np.ones(4), np.array([0.1, 0.2, 0.6, 0.9])).round(3)
    array([0.07, 0.23, 0.63, 0.87])
    >>> main_effects(wealth_and_place, np.ones(4), np.array([0.0, 0.0, 0.6, 0.9])).round(3)
    array([0. , 0. , 0.6, 0.9])
    """
    outside = ~((mean >= 0) & (mean <= 1)) & (weight > 0)
    if outside.any():
        found = f"{outside.sum()} cells with a mean outside 0 to 1"
        raise MethodError("the logit", [Problem("outcome", found, "0 or 1, or a share")])
    chance = np.where(weight > 0, mean, 0.0)
    inner = np.flatnonzero(weight > 0)
    inner = inner[~_uniform(codes[inner], mean[inner])]
    fitted = _fitted(codes[inner], weight[inner], mean[inner], steps=FEW)
    if fitted is None:
        inner = inner[~_separated(codes[inner], mean[inner])]
        fitted = _fitted(codes[inner], weight[inner], mean[inner], steps=MANY)
    if fitted is None:
        found = f"chances that still move after {MANY} steps"
        raise MethodError("the logit", [Problem("fit", found, "convergence")])
    chance[inner] = fitted
    return chance


def _uniform(codes: IntArray, mean: Array) -> BoolArray:
    """Return which cells have a category whose people all lack the outcome, or all have it.

    The effect of such a category is infinite, and takes its cells out of the fit of the others.
    """
    found = np.zeros(len(mean), bool)
    more = ~found
    while more.any():
        more = np.zeros(len(mean), bool)
        for column in codes.T:
            which = np.unique(column, return_inverse=True)[1]
            for end in (0.0, 1.0):
                has_others = np.bincount(which, ~found & (mean != end)) > 0
                more |= ~found & ~has_others[which]
        found |= more
    return found


def _separated(codes: IntArray, mean: Array) -> BoolArray:
    """Return which cells effects can bring as near to 0 or 1 as they are, at no cost to others.

    Sought are effects that move no cell with a mean between 0 and 1, and the others only towards
    their means; each cell so moved counts 1 at most. As such effects may be added to each other
    and made longer, one linear program finds all of these cells.
    """
    design = _design(codes)
    ends = np.flatnonzero((mean == 0) | (mean == 1))
    between = np.delete(design, ends, axis=0)
    towards = np.where(mean[ends] == 1, 1.0, -1.0)[:, None] * design[ends]
    effects, count = design.shape[1], len(ends)
    best = linprog(
        np.r_[np.zeros(effects), -np.ones(count)],
        A_ub=np.hstack([-towards, np.eye(count)]),
        b_ub=np.zeros(count),
        A_eq=np.hstack([between, np.zeros((len(between), count))]),
        b_eq=np.zeros(len(between)),
        bounds=[(None, None)] * effects + [(0, 1)] * count,
    )
    found = np.zeros(len(mean), bool)
    found[ends] = np.asarray(best.x, float)[effects:] > 0.5
    return found


def _design(codes: IntArray) -> Array:
    """Return a column of ones and one for each category that says something more."""
    columns = [np.ones((len(codes), 1))]
    for column in codes.T:
        values, which = np.unique(column, return_inverse=True)
        columns.append(np.eye(len(values))[which])
    table = np.hstack(columns)
    triangle, order = qr(table, mode="r", pivoting=True)
    sizes = np.abs(np.diag(triangle))
    return table[:, np.sort(order[: int((sizes > ALIASED * sizes[0]).sum())])]


def _fitted(codes: IntArray, weight: Array, mean: Array, *, steps: int) -> Array | None:
    """Return fitted chances by Newton's method, or none if they do not come to rest."""
    if not len(mean):
        return mean
    design, share = _design(codes), weight / weight.sum()
    near = CONVERGED * (share * mean).sum()
    effects, before = np.zeros(design.shape[1]), np.full(len(mean), 0.5)
    for _ in range(steps):
        step = _step(design, effects, share, mean)
        if step is None:
            break
        effects = effects + step
        chance = np.asarray(expit(design @ effects), float)
        is_balanced = np.abs(design.T @ (share * (mean - chance))).max() <= BALANCED
        if is_balanced and (share * np.abs(chance - before)).sum() <= near:
            return chance
        before = chance
    return None


def _step(design: Array, effects: Array, weight: Array, mean: Array) -> Array | None:
    """Return the Newton step from these effects, shortened until it fits better, if it ever does.

    The gradient keeps the digits that residuals divided by a small spread would lose.
    """
    linear = design @ effects
    slope = weight * (mean - expit(linear))
    root = np.sqrt(weight * expit(linear) * expit(-linear))
    (triangle,) = qr(design * root[:, None], mode="r", pivoting=False)
    triangle = triangle[: design.shape[1]]
    step = solve_triangular(triangle, solve_triangular(triangle, design.T @ slope, trans=1))
    moved = design @ step
    shorter = min(1.0, FARTHEST / float(np.abs(moved).max(initial=FARTHEST)))
    loss = _loss(linear, weight, mean)
    if slope @ moved <= NEAR * loss:
        return np.asarray(step)  # rounding would hide what the loss still gains
    for _ in range(HALVINGS):
        if _loss(linear + shorter * moved, weight, mean) < loss:
            return np.asarray(shorter * step)
        shorter /= 2
    return None


def _loss(linear: Array, weight: Array, mean: Array) -> float:
    """Return the negative log-likelihood of an observation."""
    return float((weight * (np.logaddexp(0.0, linear) - mean * linear)).sum())
