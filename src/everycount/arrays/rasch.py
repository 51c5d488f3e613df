"""Rasch: the severity of yes-or-no items and of people, by conditional maximum likelihood."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import connected_components
from scipy.special import expit

from everycount.errors import ColumnError

Array = NDArray[np.float64]

STEPS = 100  # halvings of the bracket of a person, far more than a number has digits
LONGEST = 5.0  # logits: longer steps, where little is known of an item, would overflow
NEAR = 1e-8  # logits: after a step of this length what is left is about its square
SEVEREST = 40.0  # no score of a person on up to 50 items lies beyond, even at half a point


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rasch:
    """A Rasch scale of k items, and how well the answers fit it."""

    severity: Array
    """Severity of each item in logits, shape (k,); the mean is 0."""
    std_error: Array
    """Standard error of each severity, shape (k,), as if answers were a simple random sample
    with weights that add to the number of answers; a clustered sample knows less."""
    infit: Array
    """Mean squared residual of each item, shape (k,), weighted by information; 1 is expected."""
    outfit: Array
    """Mean squared standardised residual of each item, shape (k,); 1 is expected."""
    reliability: float
    """Share of the variance of people's severity that is not error of measurement, among those
    who affirm some items and not all; 0 to 1."""
    flat_reliability: float
    """The same, were all raw scores but none and all equally frequent; it compares surveys."""
    shares: Array
    """Weighted share of each raw score 0 to k among complete answers, shape (k + 1,)."""
    used: int
    """Rows that say something of items: complete, affirming some and not all."""
    extreme: int
    """Complete rows that affirm none or all."""
    incomplete: int
    """Rows with an item missing, or with a weight of 0 or none; they are not used."""


def fit_rasch(x: ArrayLike, weights: ArrayLike | None = None) -> Rasch:
    """Estimate the severities of items by conditional maximum likelihood.

    Given how many items someone affirms, which ones they are does not depend on the person; so
    items are estimated without any assumption on people. Weights count as frequencies.

    Parameters
    ----------
    x : array_like, shape (n, k)
        Answers, 1 for yes and 0 for no. NaN is a missing answer; such rows are left out.
    weights : array_like, shape (n,), optional
        Sampling weights, in any unit. Left out: all alike.

    Returns
    -------
    Rasch

    Raises
    ------
    ColumnError
        Naming each item for which no finite severity exists: everyone who counts affirms it, or
        nobody does, or nobody answers across a divide between items.
    ValueError
        If an answer is neither 0 nor 1, a weight is negative, or there are fewer than two items.

    References
    ----------
    .. [1] Andersen, E. B. (1972), The numerical solution of a set of conditional estimation
       equations, Journal of the Royal Statistical Society B 34(1).
    .. [2] Fischer, G. H. (1981), On the existence and uniqueness of maximum-likelihood estimates
       in the Rasch model, Psychometrika 46(1).
    .. [3] Müller, M. (2020), Item fit statistics for Rasch analysis: can we trust them?, Journal
       of Statistical Distributions and Applications 7: conditional infit and outfit.
    .. [4] Cafiero, C., Viviani, S. and Nord, M. (2018), Food security measurement in a global
       context: the Food Insecurity Experience Scale, Measurement 116: weights as frequencies.

    Examples
    --------
    >>> answers = np.repeat([[1, 0, 0], [0, 1, 0], [1, 1, 0], [1, 0, 1]], [6, 2, 5, 1], axis=0)
    >>> fit_rasch(answers).severity.round(2)
    array([-1.59, -0.26,  1.85])
    """
    values = np.asarray(x, float)
    if values.ndim != 2 or values.shape[1] < 2:
        raise ValueError("a Rasch scale needs rows of two items or more")
    given = np.ones(len(values)) if weights is None else np.asarray(weights, float)
    if not np.isin(values[~np.isnan(values)], (0.0, 1.0)).all() or (given < 0).any():
        raise ValueError("answers must be 0, 1 or missing, and weights not negative")
    items = values.shape[1]
    complete = ~np.isnan(values).any(axis=1) & (given > 0)
    answers, weight = values[complete].astype(np.int64), given[complete]
    score = answers.sum(axis=1)
    used = (score > 0) & (score < items)
    _refuse_divides(answers[used])
    # Weights that add to the rows used, so that standard errors are those of so many answers.
    weight = weight * (used.sum() / weight[used].sum())
    cells = (score[:, None] * items + np.arange(items))[answers == 1]
    yes = np.zeros((items + 1, items))
    yes.flat[:] = np.bincount(cells, np.repeat(weight, score), yes.size)
    people = np.asarray(np.bincount(score, weight, items + 1), float)
    severity, information = _maximise(yes[1:items].sum(axis=0), people[1:items])
    infit, outfit = _fit_of_items(_chances(severity), yes[1:items], people[1:items])
    mean = np.full((items, items), 1 / items)
    return Rasch(
        severity=severity,
        std_error=np.sqrt(np.diag(np.linalg.inv(information + mean) - mean)),
        infit=infit,
        outfit=outfit,
        reliability=person_reliability(severity, people[1:items]),
        flat_reliability=person_reliability(severity, np.ones(items - 1)),
        shares=people / people.sum(),
        used=int(used.sum()),
        extreme=int(complete.sum() - used.sum()),
        incomplete=int(len(values) - complete.sum()),
    )


def person_severities(
    severity: ArrayLike,
    *,
    extremes: tuple[float, float] | None = None,
    highest_error: Literal["own", "as_lowest"] = "as_lowest",
) -> tuple[Array, Array]:
    """Return the severity of people with each raw score, and its error of measurement.

    Parameters
    ----------
    severity : array_like, shape (k,)
        Severity of the items, in logits.
    extremes : tuple of float, optional
        Scores that stand for 0 and for k, which have no finite severity. Left out: 0.5 and
        k - 0.5.
    highest_error : {"own", "as_lowest"}
        The error of score k: of its own severity, or equal to that of score 0 as FAO's software
        has it, on which published prevalences rest. They differ by 2 % for the eight FIES items.

    Returns
    -------
    tuple of ndarray, each of shape (k + 1,)
        Severity and standard error, in logits, for raw scores 0 to k.

    References
    ----------
    .. [1] Viviani, S. (2018), RM.weights 2.0, functions RM.w and prob.assign: pseudo raw scores
       and the error of the highest score. Compared with its figures for four countries, which
       meet their own equation to a hundredth of a point.

    Examples
    --------
    >>> where, error = person_severities([-1.0, 0.0, 1.0])
    >>> where.round(2), error.round(2)
    (array([-1.82, -0.8 ,  0.8 ,  1.82]), array([1.61, 1.31, 1.31, 1.61]))
    """
    items = np.asarray(severity, float)
    count = items.size
    scores = np.arange(count + 1, dtype=float)
    scores[[0, -1]] = (0.5, count - 0.5) if extremes is None else extremes
    where = _solve(items, scores)
    chance = expit(where[:, None] - items)
    error = 1 / np.sqrt((chance * (1 - chance)).sum(axis=1))
    if highest_error == "as_lowest":
        error[-1] = error[0]
    return where, error


def _refuse_divides(answers: NDArray[np.int64]) -> None:
    """Raise ColumnError if some severities would be infinite.

    Fischer's condition: from each item there is a way to every other, along pairs of which
    someone affirms the first and not the second.
    """
    pairs = answers.T @ (1 - answers)
    number, group = connected_components(pairs > 0, directed=True, connection="strong")
    if number == 1:
        return
    sizes = np.bincount(group)
    apart = (group != sizes.argmax()) | (sizes.max() == 1)
    yes = answers.sum(axis=0)
    people = f"{len(answers)} who affirm some items and not all"
    words = {len(answers): f"a yes of all {people}", 0: f"no yes of the {people}"}
    least = f"answers of {people} that never differ from other items both ways"
    wanted = "some who affirm it and deny another item, and some the other way round"
    raise ColumnError(
        (int(j), words.get(int(yes[j]), least), wanted) for j in np.flatnonzero(apart)
    )


def _maximise(yes: Array, people: Array) -> tuple[Array, Array]:
    """Return severities and their information, by Newton's method with halved steps.

    `yes` is how often each item is affirmed, shape (k,), `people` how many have raw score 1 to
    k - 1, among those who count.
    """
    total = people.sum()
    severity = np.log((total - yes) / yes)
    severity -= severity.mean()
    value, gradient, information = _likelihood(severity, yes, people)
    mean = np.full(information.shape, 1 / yes.size)
    moved = np.inf
    while moved > NEAR:
        step = np.linalg.solve(information + mean * np.trace(information), gradient)
        step *= min(1.0, LONGEST / np.abs(step).max())
        moved = float(np.abs(step).max())
        found = _likelihood(severity + step, yes, people)
        while found[0] < value and moved > NEAR:
            step, moved = step / 2, moved / 2
            found = _likelihood(severity + step, yes, people)
        severity, (value, gradient, information) = severity + step, found
        severity -= severity.mean()  # takes off rounding; the likelihood knows differences only
    return severity, information


def _likelihood(severity: Array, yes: Array, people: Array) -> tuple[float, Array, Array]:
    """Return the conditional log-likelihood, its gradient and its information."""
    items = severity.size
    ease = np.exp(-severity)
    kept = elementary_symmetric(ease)[1:items]
    value = float(-(severity @ yes) - people @ np.log(kept))
    chance = _chances(severity)
    information = np.zeros((items, items))
    for i in range(items):
        for j in range(i):
            neither = elementary_symmetric(np.delete(ease, [j, i]))
            both = ease[i] * ease[j] * neither[: items - 2] / kept[1:]
            information[i, j] = information[j, i] = people[1:] @ both
    expected = people @ chance
    information[np.diag_indices(items)] = expected
    information -= chance.T @ (people[:, None] * chance)
    return value, expected - yes, information


def _chances(severity: Array) -> Array:
    """Return the chance to affirm each item given raw score 1 to k - 1, shape (k - 1, k)."""
    ease = np.exp(-severity)
    kept = elementary_symmetric(ease)[1:-1]
    without = [elementary_symmetric(np.delete(ease, j))[:-1] for j in range(ease.size)]
    return np.asarray(ease * np.transpose(without) / kept[:, None])


def elementary_symmetric(values: Array | Sequence[float]) -> Array:
    """Return the elementary symmetric functions of degree 0 to k, shape (k + 1,).

    Sums of products of positive numbers only, so that no digits are lost.

    Examples
    --------
    >>> elementary_symmetric([1.0, 2.0, 3.0])
    array([ 1.,  6., 11.,  6.])
    """
    found = np.ones(1)
    for value in values:
        found = np.append(found, 0.0) + np.append(0.0, found * value)
    return found


def _solve(items: Array, scores: Array) -> Array:
    """Return where the expected raw score is `scores`, by halving a bracket and then Newton."""
    low = np.full(scores.size, items.min() - SEVEREST)
    high = np.full(scores.size, items.max() + SEVEREST)
    where = (low + high) / 2
    for _ in range(STEPS):
        chance = expit(where[:, None] - items)
        excess = chance.sum(axis=1) - scores
        high, low = np.where(excess > 0, where, high), np.where(excess > 0, low, where)
        newton = where - excess / np.maximum((chance * (1 - chance)).sum(axis=1), 1e-300)
        where = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
    return np.asarray(where)


def _fit_of_items(chance: Array, yes: Array, people: Array) -> tuple[Array, Array]:
    """Return infit and outfit, from how many of each raw score affirm each item.

    Residuals are from the chance given the raw score, which needs no estimate of people; with
    estimates of people in its place both would lie below 1 on a short scale that fits.
    """
    variance = chance * (1 - chance)
    squares = yes * (1 - 2 * chance) + people[:, None] * chance**2
    infit = squares.sum(axis=0) / (people @ variance)
    outfit = (squares / variance).sum(axis=0) / people.sum()
    return infit, outfit


def person_reliability(severity: Array, people: Array) -> float:
    """Return the variance of people's severity as a share of it and the error of measurement."""
    where, error = (each[1:-1] for each in person_severities(severity))
    share = people / people.sum()
    spread = share @ (where - share @ where) ** 2
    return float(spread / (spread + share @ error**2))
