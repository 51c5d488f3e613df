"""Gradient scores: measures of inequality over ranked people, and what each person adds to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.gradient import expit, fit_logit, ridits
from everycount.errors import ColumnError

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

GradientName = Literal["aci", "rci", "sii", "rii", "sii_linear", "rii_linear"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linearised:
    """Measures of microdata with what each row adds to them.

    `values` has shape (measures,). `scores` has shape (rows, measures): the weight of a row times
    the derivative of the measure by that weight. They sum to 0, and the variance of their total
    over the design is the linearised variance of the measure. Both are NaN where `reasons` says
    why there is no value.
    """

    values: Array
    scores: Array
    reasons: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _People:
    """Rows with a weight, and sums over those that share a rank, from the lowest up."""

    y: Array  # (rows,)
    code: Ints  # (rows,), the number of the row's rank
    people: float
    shares: Array  # (ranks,)
    ridit: Array  # (ranks,)
    totals: Array  # (ranks,), weighted sums of y
    mean: float
    scale: float | None


def gradient_scores(
    measures: Sequence[GradientName],
    y: ArrayLike,
    weight: ArrayLike,
    rank: ArrayLike,
    *,
    scale: float | None = None,
) -> Linearised:
    """Estimate measures of inequality over ranked people, and linearise them for any design.

    Ranks are ridits of the weighted sample itself, and that they are estimated is part of the
    scores; a regression on ranks taken as known understates or overstates the error. Errors come
    from the scores: their totals by PSU, stratum and stage, as for a mean.

    Parameters
    ----------
    measures : sequence of {"aci", "rci", "sii", "rii", "sii_linear", "rii_linear"}
        As in `everycount.arrays.inequality.MEASURES`; "sii" and "rii" are those of a logistic
        curve, of which `y` is a value from 0 to `scale`.
    y : array_like, shape (rows,)
        The indicator of each person.
    weight : array_like, shape (rows,)
        Sampling weights; 0 outside the domain, where `y` and `rank` may be missing.
    rank : array_like, shape (rows,)
        A wealth score, or the number of a group; more is more advantaged, equal shares a rank.
    scale : float, optional
        What `y` is at most, 1 for 0 and 1. Needed for "sii" and "rii".

    Returns
    -------
    Linearised
        Scores of rows without weight are 0.

    Raises
    ------
    ColumnError
        If y (column 0), weight (1) or rank (2) is missing, infinite or negative where it may not
        be, or y is outside 0 to `scale`.
    ValueError
        If shapes do not fit or a measure is not known.

    References
    ----------
    .. [1] Kakwani, N., Wagstaff, A. and van Doorslaer, E. (1997), Socioeconomic inequalities in
       health: measurement, computation, and statistical inference, Journal of Econometrics 77,
       87-103, on the error of a concentration index with estimated ranks.
    .. [2] Demnati, A. and Rao, J. N. K. (2004), Linearization variance estimators for survey data,
       Survey Methodology 30, 17-26, on scores as derivatives by weights.

    Examples
    --------
    >>> found = gradient_scores(["aci"], [0, 1, 1], [1, 1, 2], [1, 2, 3])
    >>> found.values, found.scores[:, 0].sum().round(12) == 0
    (array([0.1875]), np.True_)
    """
    unknown = [name for name in measures if name not in _BY_PEOPLE]
    if unknown:
        raise ValueError(f"found {unknown}, expected some of {sorted(_BY_PEOPLE)}")
    values_of, weights, ranks = (np.asarray(column, float) for column in (y, weight, rank))
    if values_of.ndim != 1 or weights.shape != values_of.shape or ranks.shape != values_of.shape:
        shapes = f"{values_of.shape}, {weights.shape} and {ranks.shape}"
        raise ValueError(f"found shapes {shapes} of y, weight and rank, expected (rows,) each")
    _check_people(values_of, weights, ranks, scale)
    inside = np.flatnonzero(weights > 0)
    known = weights[inside]
    people = _count(values_of[inside], known, ranks[inside], scale)
    values = np.full(len(measures), np.nan)
    scores = np.full((len(weights), len(measures)), np.nan)
    reasons: list[str | None] = []
    for at, name in enumerate(measures):
        reasons.append(_why_not(name, people))
        if reasons[-1] is None:
            values[at], derivative = _BY_PEOPLE[name](people)
            scores[:, at] = 0
            scores[inside, at] = known * derivative
    return Linearised(values=values, scores=scores, reasons=tuple(reasons))


def _check_people(y: Array, weight: Array, rank: Array, scale: float | None) -> None:
    """Refuse rows that cannot be counted, all at once."""
    faults = []
    bad = int((~np.isfinite(weight) | (weight < 0)).sum())
    if bad:
        faults.append((1, f"{bad} weights missing, infinite or below 0", "0 or more"))
    if not bad and not (weight > 0).any():
        faults.append((1, "no weight above 0", "at least one"))
    inside = weight > 0
    for column, values in ((0, y), (2, rank)):
        bad = int((~np.isfinite(values) & inside).sum())
        if bad:
            faults.append((column, f"{bad} missing or infinite where the weight is not 0", "none"))
    if scale is not None:
        bad = int((((y < 0) | (y > scale)) & inside).sum())
        if bad:
            faults.append((0, f"{bad} values outside 0 to {scale:g}", "the scale that was given"))
    if faults:
        raise ColumnError(sorted(faults))


def _count(y: Array, weight: Array, rank: Array, scale: float | None) -> _People:
    _, code = np.unique(rank, return_inverse=True)
    size = np.bincount(code, weights=weight)
    people = float(size.sum())
    totals = np.bincount(code, weights=weight * y).astype(np.float64, copy=False)
    shares = size / people
    return _People(
        y=y,
        code=code.astype(np.int64),
        people=people,
        shares=shares,
        ridit=ridits(shares),
        totals=totals,
        mean=float(totals.sum()) / people,
        scale=scale,
    )


def _why_not(name: GradientName, people: _People) -> str | None:
    """Say why a measure has no value, or nothing."""
    if len(people.shares) < 2:
        return "everyone has the same rank"
    if name in {"rci", "rii", "rii_linear"} and people.mean <= 0:
        return f"the mean is {people.mean:g}, and a relative measure needs one above 0"
    if name in {"sii", "rii"}:
        if people.scale is None:
            return "no scale was given, and a logistic curve needs one"
        if np.isnan(_logit(people)[0]):
            return "no finite logistic curve fits best: a rank parts all 0 from the whole scale"
    if name == "rii_linear" and _linear(people)[0][0] <= 0:
        return "the line is not above 0 at the lowest rank"
    return None


Value = tuple[float, Array]


def _aci(people: _People) -> Value:
    """Return the index and its derivatives by the weights."""
    ridit = people.ridit
    value = float(np.sum((2 * ridit - 1) * people.totals)) / people.people
    upto = np.cumsum(people.totals)
    above_less_below = (upto[-1] - upto) - (upto - people.totals)
    own = people.y * (2 * ridit - 1)[people.code]
    others = (above_less_below / people.people)[people.code]
    return value, (own + others - 2 * value) / people.people


def _mean(people: _People) -> Value:
    return people.mean, (people.y - people.mean) / people.people


def _rci(people: _People) -> Value:
    value, derivative = _aci(people)
    _, by_mean = _mean(people)
    index = value / people.mean
    return index, (derivative - index * by_mean) / people.mean


def _sii_linear(people: _People) -> Value:
    value, derivative = _aci(people)
    cubes = float(np.sum(people.shares**3))
    by_cubes = 3 * (people.shares**2 - cubes)[people.code] / people.people
    slope = 6 * value / (1 - cubes)
    return slope, (6 * derivative + slope * by_cubes) / (1 - cubes)


def _linear(people: _People) -> tuple[Value, Value]:
    """Return the line at ranks 0 and 1."""
    mean, by_mean = _mean(people)
    slope, by_slope = _sii_linear(people)
    return (
        (mean - slope / 2, by_mean - by_slope / 2),
        (mean + slope / 2, by_mean + by_slope / 2),
    )


def _rii_linear(people: _People) -> Value:
    (low, by_low), (high, by_high) = _linear(people)
    return high / low, (by_high - high / low * by_low) / low


def _logit(people: _People) -> tuple[float, float]:
    """Return intercept (at the middle rank) and slope of the logistic curve."""
    assert people.scale is not None
    share = people.totals / (people.shares * people.people * people.scale)
    level, slope = fit_logit(people.ridit - 0.5, people.shares, share)
    return float(level), float(slope)


def _by_logit(people: _People) -> tuple[float, Array, float, Array]:
    """Return logits at ranks 0 and 1, each with its derivatives by the weights.

    The curve solves U = sum of w (1, x) (u - p) = 0, so its derivatives are those of U divided by
    the information; a weight moves U by its own row and by the ranks x of all.
    """
    assert people.scale is not None
    level, slope = _logit(people)
    x, size = people.ridit - 0.5, people.shares * people.people
    fitted = expit(level + slope * x)
    curve = fitted * expit(-(level + slope * x))
    residual = people.totals / people.scale - size * fitted
    # Of the two equations by x, summed over the people at a rank.
    moved = np.stack([-size * curve * slope, residual - x * size * curve * slope])
    upto = np.cumsum(moved, axis=1)
    by_rank = upto[:, -1:] - upto + moved / 2 - (moved * people.ridit).sum(axis=1, keepdims=True)
    own = people.y / people.scale - fitted[people.code]
    score = np.stack([own, own * x[people.code]]) + (by_rank / people.people)[:, people.code]
    design = np.stack([np.ones_like(x), x])
    information = (design * (size * curve)) @ design.T
    by_level, by_slope = np.linalg.solve(information, score)
    return (
        level - slope / 2,
        by_level - by_slope / 2,
        level + slope / 2,
        by_level + by_slope / 2,
    )


def _sii(people: _People) -> Value:
    assert people.scale is not None
    low, by_low, high, by_high = _by_logit(people)
    bottom, top = float(expit(np.array(low))), float(expit(np.array(high)))
    derivative = top * (1 - top) * by_high - bottom * (1 - bottom) * by_low
    return people.scale * (top - bottom), people.scale * derivative


def _rii(people: _People) -> Value:
    low, by_low, high, by_high = _by_logit(people)
    bottom, top = float(expit(np.array(low))), float(expit(np.array(high)))
    return top / bottom, top / bottom * ((1 - top) * by_high - (1 - bottom) * by_low)


_BY_PEOPLE: Final[dict[str, Callable[[_People], Value]]] = {
    "aci": _aci,
    "rci": _rci,
    "sii": _sii,
    "rii": _rii,
    "sii_linear": _sii_linear,
    "rii_linear": _rii_linear,
}
