"""Opportunity: how unequally an outcome is shared out, index D, and what is left of it, HOI."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.circumstances import Cells, sums
from everycount.arrays.main_effects import main_effects
from everycount.arrays.tree_nodes import TIE, Outcome
from everycount.errors import MethodError, Problem

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
Over = Literal["cells", "logit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """The index D of dissimilarity and the human opportunity index HOI, all from 0 to 1.

    `coverage` is the weighted mean of the outcome, or of its complement for a barrier;
    `dissimilarity` the share of it that would have to change hands for all groups to have the
    same; `opportunity` is ``coverage * (1 - dissimilarity)``. `lowest` and `highest` are means of
    groups.
    """

    coverage: float
    dissimilarity: float
    opportunity: float
    groups: int
    lowest: float
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replicated:
    """The three indices in each replicate, (replicates,)."""

    coverage: Array
    dissimilarity: Array
    opportunity: Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """Linearised variables, (rows,): the error of an index is that of ``sum(weight * score)``."""

    coverage: Array
    dissimilarity: Array
    opportunity: Array


def opportunity(
    weight: ArrayLike, mean: ArrayLike, *, outcome: Outcome = "opportunity"
) -> Opportunity:
    """Compute D and HOI from the weights and means of groups.

    ``D = sum(weight * |mean - coverage|) / (2 * coverage * sum(weight))``. Over all cells of the
    circumstances it grows with every cell, also by chance (`opportunity_chance`); over the
    leaves of a tree, or the fitted chances of `main_effects`, less so.

    Parameters
    ----------
    weight, mean : array_like, shape (groups,)
        Of an outcome of 0 or more; 0 to 1 for a barrier. Groups of weight 0 are left out.
    outcome : {"opportunity", "barrier"}
        For a barrier, both indices are those of its complement, of being spared.

    Returns
    -------
    Opportunity
        D is 0 where nobody has the outcome.

    Raises
    ------
    ValueError
        If shapes differ or there is no weight.
    MethodError
        If a mean is outside its domain.

    References
    ----------
    .. [1] Paes de Barros, R. et al. (2009), Measuring Inequality of Opportunities in Latin America
       and the Caribbean, World Bank, chapter 2.
    .. [2] UN ESCAP, Leaving No One Behind platform (lnob.unescap.org), methodology.

    Examples
    --------
    >>> found = opportunity([1, 1], [0.2, 0.6])
    >>> round(found.coverage, 9), round(found.dissimilarity, 9), round(found.opportunity, 9)
    (0.4, 0.25, 0.3)
    """
    weights, means = _groups(weight, mean, outcome)
    total = weights.sum()
    coverage = float((weights * means).sum() / total)
    apart = float((weights * np.abs(means - coverage)).sum() / total)
    dissimilarity = apart / (2 * coverage) if coverage > 0 else 0.0
    return Opportunity(
        coverage=coverage,
        dissimilarity=dissimilarity,
        opportunity=coverage * (1 - dissimilarity),
        groups=len(weights),
        lowest=float(means.min()),
        highest=float(means.max()),
    )


def _groups(weight: ArrayLike, mean: ArrayLike, outcome: Outcome) -> tuple[Array, Array]:
    """Return weights and favourable means of the groups that have people."""
    weights, means = np.asarray(weight, float), np.asarray(mean, float)
    if weights.ndim != 1 or weights.shape != means.shape or not (weights > 0).any():
        raise ValueError(
            f"found weights {weights.shape} and means {means.shape}, "
            "expected two of the same length with some weight"
        )
    weights, means = weights[weights > 0], means[weights > 0]
    check_outcome(means, outcome)
    return weights, 1 - means if outcome == "barrier" else means


def check_outcome(values: Array, outcome: Outcome) -> None:
    """Refuse what D has no meaning for: it compares shares of a total of something to have.

    Examples
    --------
    >>> check_outcome(np.array([0.2, 2.0]), "barrier")
    Traceback (most recent call last):
    everycount.errors.MethodError: the index of dissimilarity has 1 problem:
      outcome: found 1 values from 2.0 to 2.0, expected 0 to 1, to have a complement
    """
    greatest = 1.0 if outcome == "barrier" else np.inf
    wrong = ~((values >= 0) & (values <= greatest))
    if wrong.any():
        expected = "0 or more" if outcome == "opportunity" else "0 to 1, to have a complement"
        found = f"{wrong.sum()} values from {values[wrong].min()} to {values[wrong].max()}"
        raise MethodError("the index of dissimilarity", [Problem("outcome", found, expected)])


def dissimilarity_of_replicates(
    replicates: Iterable[Cells],
    *,
    over: Over = "cells",
    groups: ArrayLike | None = None,
    outcome: Outcome = "opportunity",
) -> Replicated:
    """Compute the indices in each replicate, for their standard errors.

    D has kinks where the mean of a group crosses that of all. Replicates follow it across them;
    linearisation (`opportunity_scores`) goes straight on. A bootstrap sample has D larger by chance
    once more, so take the spread around the mean of the replicates, not around D.

    Parameters
    ----------
    replicates : iterable of Cells
        The same cells with other weights, from `clustered.by_psu` or `clustered.by_row`.
    over : {"cells", "logit"}
        Means of cells, or chances fitted anew in each replicate.
    groups : array_like of int, shape (cells,), optional
        Group of each cell from 0, such as its leaf; -1 leaves the cell out. The groups stay those
        of the whole sample.
    outcome : {"opportunity", "barrier"}
        As for `opportunity`.

    Returns
    -------
    Replicated
        One number for each replicate; the variance is ``scale * sum(rscales * (number -
        centre)**2)`` as for any other estimate.

    Raises
    ------
    ValueError
        If there is no replicate.

    Examples
    --------
    >>> from everycount.arrays.circumstances import collapse
    >>> cells = collapse([1, 0, 1, 1], np.ones(4), [[0], [0], [1], [1]], kinds=["nominal"])
    >>> dissimilarity_of_replicates([cells]).dissimilarity.round(9)
    array([0.16666667])
    """
    found = []
    for cells in replicates:
        weight, mean = cells.weight, _means(cells, over)
        if groups is not None:
            weight, mean = grouped(weight, mean, groups)
        one = opportunity(weight, mean, outcome=outcome)
        found.append((one.coverage, one.dissimilarity, one.opportunity))
    if not found:
        raise ValueError("replicates: found none, expected at least one")
    coverage, dissimilarity, left = np.array(found).T
    return Replicated(coverage=coverage, dissimilarity=dissimilarity, opportunity=left)


def _means(cells: Cells, over: Over) -> Array:
    return cells.mean if over == "cells" else main_effects(cells.codes, cells.weight, cells.mean)


def grouped(weight: ArrayLike, mean: ArrayLike, groups: ArrayLike) -> tuple[Array, Array]:
    """Return the weights and means of groups of cells.

    Parameters
    ----------
    weight, mean : array_like, shape (cells,)
        Of cells.
    groups : array_like of int, shape (cells,)
        Any codes; a negative one leaves the cell out.

    Returns
    -------
    tuple of ndarray
        In the order of codes; the mean is 0 where there is no weight.

    Examples
    --------
    >>> grouped([1, 1, 2], [0.5, 1.0, 0.0], [7, 7, 3])
    (array([2., 2.]), array([0.  , 0.75]))
    """
    which = np.asarray(groups)
    kept = which >= 0
    codes, place = np.unique(which[kept], return_inverse=True)
    weights, means = (np.asarray(part, float)[kept] for part in (weight, mean))
    total = sums(place, weights, len(codes))
    whole = sums(place, weights * means, len(codes))
    return total, np.divide(whole, total, out=np.zeros(len(codes)), where=total > 0)


def opportunity_scores(
    y: ArrayLike, weight: ArrayLike, groups: ArrayLike, *, outcome: Outcome = "opportunity"
) -> Scores:
    """Return the linearised variables of the indices over groups.

    With Y and W the totals of outcome and weight, ``D = sum(|Y_g / Y - W_g / W|) / 2``, whose
    derivative by the weight of a row is its score. The sign of a group whose mean is that of all
    is 0: there the derivative does not exist, and near there the error is too small.

    Parameters
    ----------
    y, weight : array_like, shape (rows,)
        Outcome and weights, as for `circumstances.collapse`.
    groups : array_like of int, shape (rows,)
        Cell or leaf of each row; negative is out of the domain.
    outcome : {"opportunity", "barrier"}
        As for `opportunity`.

    Returns
    -------
    Scores
        Without the weight; 0 for a row out of the domain. Each sums to 0 under the weights.

    Raises
    ------
    ValueError
        If nobody has the outcome.

    References
    ----------
    .. [1] Deville, J.-C. (1999), Variance estimation for complex statistics and estimators:
       linearization and residual techniques, Survey Methodology 25(2), 193-203.

    Examples
    --------
    >>> scores = opportunity_scores([1, 0, 1, 1], np.ones(4), [0, 0, 1, 1])
    >>> scores.dissimilarity.round(6)
    array([-0.097222,  0.125   , -0.013889, -0.013889])
    """
    which = np.asarray(groups)
    kept = which >= 0
    place = np.unique(which[kept], return_inverse=True)[1]
    own, weights = np.asarray(y, float)[kept], np.asarray(weight, float)[kept]
    check_outcome(own, outcome)
    have = 1 - own if outcome == "barrier" else own
    size = int(place.max(initial=-1)) + 1
    weight_of, total_of = sums(place, weights, size), sums(place, weights * have, size)
    people, whole = weight_of.sum(), total_of.sum()
    if not whole > 0:
        raise ValueError("y: found nobody with the outcome, expected somebody")
    apart = total_of / whole - weight_of / people
    sign = np.where(np.abs(apart) <= TIE * weight_of / people, 0.0, np.sign(apart))
    coverage = whole / people
    by_outcome = have / whole * (sign[place] - (sign * total_of).sum() / whole)
    by_weight = (sign[place] - (sign * weight_of).sum() / people) / people
    dissimilarity = (by_outcome - by_weight) / 2
    mean = (have - coverage) / people
    index = np.abs(apart).sum() / 2
    parts = (mean, dissimilarity, mean * (1 - index) - coverage * dissimilarity)
    laid = np.zeros((3, len(kept)))
    laid[:, kept] = parts
    return Scores(coverage=laid[0], dissimilarity=laid[1], opportunity=laid[2])
