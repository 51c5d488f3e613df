"""Quantile: weighted quantiles by the twelve rules of R survey, of a sample and of replicates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Inverse = Callable[[Array], Array]

Rule = Literal[
    "math",
    "school",
    "shahvaish",
    "hf1",
    "hf2",
    "hf3",
    "hf4",
    "hf5",
    "hf6",
    "hf7",
    "hf8",
    "hf9",
]


def quantile(
    values: ArrayLike, weights: ArrayLike, probabilities: ArrayLike, *, rule: Rule = "math"
) -> Array:
    r"""Return weighted quantiles by a rule of R survey.

    Rows are in the order of their values, rows with equal values in the order they are given in.
    C_k is the sum of the first k weights, n the number of rows, w_n the weight of the last, and p
    a probability.

    ``math``, ``hf1``
        The smallest value with C_k / C_n >= p.
    ``school``, ``hf2``
        The same, but half way to the next value where C_k / C_n = p.
    ``hf3``
        The same as ``math``, but where C_k / C_n = p the value with an even number among the
        distinct ones, this or the next.
    ``hf4`` to ``hf9``
        Linear between the points (p_k, value k), where p_k is C_k / C_n for ``hf4``,
        (C_k - w_k / 2) / C_n for ``hf5``, C_k / (C_n + w_n) for ``hf6``, C_[k-1] / C_[n-1] for
        ``hf7``, (C_k - w_k / 3) / (C_n + w_n / 3) for ``hf8`` and
        (C_k - 3 w_k / 8) / (C_n + w_n / 4) for ``hf9``.
    ``shahvaish``
        The value with the greatest (n C_k / C_n + 1/2 - w_k / 2) / (n + 1) <= p. Shah and Vaish
        scale w_k to a mean of 1 here too and R does not: under its weights (which sum to the
        population) the rule is off by half a weight's worth of rows. Weights with a mean of 1 give
        what they meant.

    Parameters
    ----------
    values : array_like, shape (rows,)
        Any unit; NaN for rows without a value, which do not count.
    weights : array_like, shape (rows,)
        0 for rows outside the domain, which do not count.
    probabilities : array_like, shape (probabilities,)
        From 0 to 1.
    rule : str
        One of those above.

    Returns
    -------
    ndarray, shape (probabilities,)
        In the unit of the values; NaN if no row counts.

    Raises
    ------
    ValueError
        If shapes do not fit, a probability is not from 0 to 1, a weight is negative, infinite or
        NaN, a value is infinite, or the rule is not one of those above.

    Notes
    -----
    A probability below the first step of the discrete rules and ``hf4`` is treated as R treats it:
    as if it were on the first step, and by ``hf4`` on the line through the first two points, which
    may be a little below the smallest value. Whether C_k / C_n = p is a matter of the last bit:
    sums are rounded from twice the precision of doubles (R's from 80 bits) and compared as R does.
    Under the continuous rules and ``shahvaish`` the order of rows with equal values and unequal
    weights has a small effect, as it has in R.

    Sorts once: time O(n log n), memory some arrays of n numbers.

    References
    ----------
    .. [1] Hyndman, R. J. and Fan, Y. (1996), Sample quantiles in statistical packages, The
       American Statistician 50, 361-365: definitions 1 to 9 for equal weights.
    .. [2] Lumley, T. (2023), Estimating quantiles, vignette of R survey, for their weighted form.
    .. [3] Shah, B. V. and Vaish, A. K. (2006), Confidence intervals for quantile estimation from
       complex survey data, Proceedings of the Section on Survey Research Methods, American
       Statistical Association.

    Examples
    --------
    >>> quantile([1.0, 2.0, 4.0, 8.0], [1.0, 1.0, 1.0, 3.0], [0.25, 0.5])
    array([2., 4.])
    >>> quantile([1.0, 2.0, 4.0, 8.0], [1.0, 1.0, 1.0, 3.0], [0.25, 0.5], rule="school")
    array([2., 6.])
    """
    wanted, rows = check_probabilities(probabilities), check_values(values)
    return inverse(order_rows(rows, check_weights(weights, rows.shape)), rule)(wanted)


def replicate_quantiles(
    values: ArrayLike,
    replicate_weights: Iterable[ArrayLike],
    probabilities: ArrayLike,
    *,
    rule: Rule = "math",
) -> Array:
    """Return the weighted quantiles under each set of replicate weights.

    Parameters
    ----------
    values, probabilities, rule
        As in `quantile`.
    replicate_weights : iterable of array_like, each of shape (rows,)
        One vector of weights after the other; of a matrix of shape (rows, replicates) its
        transpose. 0 for rows outside the domain or the replicate.

    Returns
    -------
    ndarray, shape (replicates, probabilities)
        NaN where a replicate has no row that counts.

    Raises
    ------
    ValueError
        As `quantile`; a negative replicate weight leaves no distribution to read quantiles of.

    Notes
    -----
    Sorts once for all replicates and holds one vector of weights at a time.

    Examples
    --------
    >>> weights = np.array([[0.0, 2.0, 2.0], [1.5, 0.0, 1.5], [1.5, 1.5, 0.0]])
    >>> replicate_quantiles([5.0, 7.0, 9.0], weights, [0.5])
    array([[7.],
           [5.],
           [5.]])
    """
    wanted, rows = check_probabilities(probabilities), check_values(values)
    place = np.argsort(rows, kind="stable")
    ordered = rows[place]
    found = []
    for weights in replicate_weights:
        own = check_weights(weights, rows.shape)[place]
        counts = (own > 0) & ~np.isnan(ordered)
        own = own[counts]
        kept = OrderedRows(values=ordered[counts], weights=own, sums=_sums(own))
        found.append(inverse(kept, rule)(wanted))
    return np.array(found).reshape(len(found), wanted.size)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OrderedRows:
    """Rows that count, by value: values, weights, and their sums up to each row, all (rows,)."""

    values: Array
    weights: Array
    sums: Array

    def shares(self, limits: Array) -> Array:
        """Return the weighted shares of rows with at most each limit; NaN of no rows."""
        if not self.values.size:
            return np.full(limits.shape, np.nan)
        below = np.searchsorted(self.values, limits, side="right")
        return np.asarray(np.where(below > 0, self.sums[below - 1], 0.0) / self.sums[-1], float)


def order_rows(values: Array, weights: Array) -> OrderedRows:
    """Return the rows with a value and a weight, ordered; equal values as they are given."""
    counts = (weights > 0) & ~np.isnan(values)
    values, weights = values[counts], weights[counts]
    place = np.argsort(values, kind="stable")
    weights = weights[place]
    return OrderedRows(values=values[place], weights=weights, sums=_sums(weights))


def _sums(weights: Array) -> Array:
    """Return sums up to each weight as if added in twice the precision and rounded once.

    What each addition loses is found exactly (Knuth's two-sum), added up, and given back: Ogita,
    Rump and Oishi (2005), Accurate sum and dot product, SIAM Journal on Scientific Computing 26,
    1955-1988, algorithm 4.4, kept at every step.
    """
    total = np.cumsum(weights)
    before = np.concatenate([[0.0], total[:-1]])
    added = total - before
    lost = (before - (total - added)) + (weights - added)
    return np.asarray(total + np.cumsum(lost), float)


def inverse(rows: OrderedRows, rule: Rule) -> Inverse:
    """Return the function that reads quantiles at probabilities, NaN at those not from 0 to 1."""
    if rule not in get_args(Rule):
        raise ValueError(f"rule: found {rule!r}, expected one of {', '.join(get_args(Rule))}")
    if rows.values.size < 2:
        only = rows.values[0] if rows.values.size else np.nan
        read: Inverse = lambda p: np.full(p.shape, only)  # noqa: E731
    else:
        read = RULES[rule](rows)

    def read_inside(p: Array) -> Array:
        is_inside = (p >= 0) & (p <= 1)
        return np.where(is_inside, read(np.where(is_inside, p, 0.0)), np.nan)

    return read_inside


# -------------------------------------------------------------- rules on steps


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Place:
    """Steps on either side of probabilities, by number from 0, and how far away each is."""

    low: NDArray[np.intp]
    high: NDArray[np.intp]
    from_low: Array
    to_high: Array


def _place(sums: Array, p: Array) -> _Place:
    """Return the last step at or below each probability (if none, the first) and the next one.

    The step is found on the scale of weights and the distance measured on that of shares: rounding
    may differ between the two, and then R's answer depends on which is used where.
    """
    last = sums.size - 1
    low = np.maximum(np.searchsorted(sums, p * sums[-1], side="right") - 1, 0)
    high = np.minimum(low + 1, last)
    return _Place(
        low=low, high=high, from_low=p - sums[low] / sums[-1], to_high=sums[high] / sums[-1] - p
    )


def _math(rows: OrderedRows) -> Inverse:
    def read(p: Array) -> Array:
        at = _place(rows.sums, p)
        return np.where(at.from_low <= 0, rows.values[at.low], rows.values[at.high])

    return read


def _school(rows: OrderedRows) -> Inverse:
    def read(p: Array) -> Array:
        at = _place(rows.sums, p)
        middle = (rows.values[at.low] + rows.values[at.high]) / 2
        return np.where(at.from_low <= 0, middle, rows.values[at.high])

    return read


def _nearest_even(rows: OrderedRows) -> Inverse:
    ends = last_of_equal(rows.values)
    values, sums = rows.values[ends], rows.sums[ends]

    def read(p: Array) -> Array:
        at = _place(sums, p)
        is_even = at.low % 2 == 1  # counted from 1
        return np.where((at.from_low <= 0) & is_even, values[at.low], values[at.high])

    return read


def last_of_equal(ordered: Array) -> NDArray[np.intp]:
    """Return the place of the last row of each distinct value."""
    return np.flatnonzero(np.diff(ordered, append=np.inf) > 0)


def _between_steps(rows: OrderedRows) -> Inverse:
    def read(p: Array) -> Array:
        at = _place(rows.sums, p)
        width = at.from_low + at.to_high
        part = np.divide(at.from_low, width, out=np.zeros_like(p), where=width > 0)
        low, high = rows.values[at.low], rows.values[at.high]
        return np.asarray(low * (1 - part) + high * part, float)

    return read


def _shah_vaish(rows: OrderedRows) -> Inverse:
    n = rows.values.size
    shares = (rows.sums * n / rows.sums[-1] + 0.5 - rows.weights / 2) / (n + 1)
    place = np.argsort(shares, kind="stable")  # unequal weights may take them out of order
    shares = shares[place]
    values: Array = rows.values[place]

    def read(p: Array) -> Array:
        return values[np.maximum(np.searchsorted(shares, p, side="right") - 1, 0)]

    return read


# -------------------------------------------------------------- rules on lines


def _on_lines(points_of: Callable[[OrderedRows], Array]) -> Callable[[OrderedRows], Inverse]:
    """Return the rule that interpolates linearly between points; constant outside them."""

    def of_rows(rows: OrderedRows) -> Inverse:
        points, values = points_of(rows), rows.values

        def read(p: Array) -> Array:
            high = np.clip(np.searchsorted(points, p, side="right"), 1, values.size - 1)
            low = high - 1
            width = points[high] - points[low]
            part = np.divide(p - points[low], width, out=np.zeros_like(p), where=width > 0)
            inner = values[low] + (values[high] - values[low]) * np.maximum(part, 0)
            return np.where(p >= points[-1], values[-1], inner)

        return read

    return of_rows


def _previous(rows: OrderedRows) -> Array:
    return np.concatenate([[0.0], rows.sums[:-1]])


# Parts of the weight of a row are taken as means of the sums before and after it, since that, to
# the last bit, is what R's quantiles have: a quantile that is a value must come out as that value.
RULES: Final[dict[str, Callable[[OrderedRows], Inverse]]] = {
    "math": _math,
    "hf1": _math,
    "school": _school,
    "hf2": _school,
    "hf3": _nearest_even,
    "shahvaish": _shah_vaish,
    "hf4": _between_steps,
    "hf5": _on_lines(lambda r: (r.sums - r.weights / 2) / r.sums[-1]),
    "hf6": _on_lines(lambda r: r.sums / (r.sums[-1] + r.weights[-1])),
    "hf7": _on_lines(lambda r: _previous(r) / r.sums[-2]),
    "hf8": _on_lines(
        lambda r: (2 * r.sums / 3 + _previous(r) / 3) / (r.sums[-1] + r.weights[-1] / 3)
    ),
    "hf9": _on_lines(
        lambda r: (5 * r.sums / 8 + 3 * _previous(r) / 8) / (r.sums[-1] + r.weights[-1] / 4)
    ),
}


# -------------------------------------------------------------- checks


def check_values(values: ArrayLike) -> Array:
    """Return values as an array, or raise what `quantile` says."""
    rows = np.asarray(values, float)
    if rows.ndim != 1 or np.isinf(rows).any():
        raise ValueError("values: found another shape or infinity, expected (rows,) numbers or NaN")
    return rows


def check_weights(weights: ArrayLike, shape: tuple[int, ...]) -> Array:
    """Return weights as an array, or raise what `quantile` says."""
    own = np.asarray(weights, float)
    if own.shape != shape:
        raise ValueError(f"weights: found shape {own.shape}, expected that of values, {shape}")
    if not (np.isfinite(own) & (own >= 0)).all():
        raise ValueError("weights: found a negative number, infinity or NaN, expected 0 or more")
    return own


def check_probabilities(probabilities: ArrayLike) -> Array:
    """Return probabilities as an array, or raise what `quantile` says."""
    wanted = np.asarray(probabilities, float)
    if wanted.ndim != 1 or not ((wanted >= 0) & (wanted <= 1)).all():
        raise ValueError(f"probabilities: found {wanted}, expected a list of shares from 0 to 1")
    return wanted
