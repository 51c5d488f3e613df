"""Correlate: how the columns of tables go together, over the units that both columns have."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays import moments

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST = 3  # pairs; with two every correlation is 1 or -1
CANCELLED = 1e-5  # share of a sum of squares below which its difference has lost too many digits
CELLS = 4_000_000  # most comparisons that are held at a time, 16 megabytes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Correlation:
    """Correlations of the columns of x (rows here) with those of y (columns here)."""

    r: Array
    """From -1 to 1, shape (p, q); NaN with fewer than 3 pairs, and where a column is constant."""
    p_value: Array
    """Two-sided, shape (p, q): how seldom such a correlation arises where there is none."""
    pairs: Ints
    """How many units have both, shape (p, q)."""


def pearson(x: ArrayLike, y: ArrayLike | None = None) -> Correlation:
    """Return how close each pair of columns is to a straight line.

    Parameters
    ----------
    x : array_like, shape (n, p)
        Values, each column in its own unit. NaN is a missing value; each pair of columns is
        compared over the units that have both.
    y : array_like, shape (n, q), optional
        Other columns of the same units. Left out: the columns of x with one another.

    Returns
    -------
    Correlation
        P-values are of Student's t with n - 2 degrees of freedom, as of R's `cor.test`.

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 4.

    Examples
    --------
    >>> found = pearson([[1, 2], [2, 4], [3, 7], [4, 7]])
    >>> found.r.round(4).tolist(), found.p_value.round(4).tolist()
    ([[1.0, 0.9487], [0.9487, 1.0]], [[0.0, 0.0513], [0.0513, 0.0]])
    """
    left = np.asarray(x, float)
    right = left if y is None else np.asarray(y, float)
    a, b = _unitless(left), _unitless(right)
    known_a, known_b = _known(left), _known(right)
    n = known_a.T @ known_b
    with np.errstate(invalid="ignore", divide="ignore"):
        sum_a, sum_b = a.T @ known_b, known_a.T @ b
        square_a, square_b = (a * a).T @ known_b, known_a.T @ (b * b)
        vary_a, vary_b = square_a - sum_a**2 / n, square_b - sum_b**2 / n
        shared = a.T @ b - sum_a * sum_b / n
        # Of a column that varies, rows may be left where it hardly does.
        unsafe = (vary_a <= CANCELLED * square_a) | (vary_b <= CANCELLED * square_b)
        r = shared / np.sqrt(vary_a * vary_b)
    enough = (n >= LEAST) & (square_a > 0) & (square_b > 0)
    r[~enough] = np.nan
    for i, j in np.argwhere(unsafe & enough):
        r[i, j] = _alone(left[:, i], right[:, j])
    r = np.clip(r, -1, 1)
    return Correlation(r=r, p_value=_student(r, n), pairs=n.astype(np.int64))


def spearman(x: ArrayLike, y: ArrayLike | None = None) -> Correlation:
    """Return how close each pair of columns is to one order: Pearson's correlation of ranks.

    Equal values share the mean of their ranks. Ranks are those among the units of a pair.

    Parameters
    ----------
    x : array_like, shape (n, p)
        Values, each column in its own unit. NaN is a missing value.
    y : array_like, shape (n, q), optional
        Other columns of the same units. Left out: the columns of x with one another.

    Returns
    -------
    Correlation
        P-values are of Student's t with n - 2 degrees of freedom, as of R's
        `cor.test(exact = FALSE)`.

    References
    ----------
    .. [1] Spearman, C. (1904), The proof and measurement of association between two things,
       American Journal of Psychology 15(1), 72-101.

    Examples
    --------
    >>> spearman([[1, 2], [2, 4], [3, 7], [4, 7]]).r.round(4).tolist()
    [[1.0, 0.9487], [0.9487, 1.0]]
    """
    return _by_rank(x, y)[0]


def kendall(x: ArrayLike, y: ArrayLike | None = None) -> Correlation:
    """Return how many more pairs of units two columns put in the same order than not: tau-b.

    Parameters
    ----------
    x : array_like, shape (n, p)
        Values, each column in its own unit. NaN is a missing value.
    y : array_like, shape (n, q), optional
        Other columns of the same units. Left out: the columns of x with one another.

    Returns
    -------
    Correlation
        P-values are of the normal approximation, with the variance that ties leave, as of R's
        `cor.test(exact = FALSE)` and of SciPy's `kendalltau(method="asymptotic")`.

    Notes
    -----
    Every unit is compared with every other: the time grows with the square of their number.

    References
    ----------
    .. [1] Kendall, M. G. (1970), Rank Correlation Methods, 4th edition, sections 3.4 and 4.4.

    Examples
    --------
    >>> kendall([[1, 2], [2, 4], [3, 7], [4, 7]]).r.round(4).tolist()
    [[1.0, 0.9129], [0.9129, 1.0]]
    """
    return spearman_and_kendall(x, y)[1]


def spearman_and_kendall(
    x: ArrayLike, y: ArrayLike | None = None
) -> tuple[Correlation, Correlation]:
    """Return what `spearman` and `kendall` return, ranking once for both.

    Examples
    --------
    >>> [each.r[0, 1].round(4).item() for each in spearman_and_kendall([[1, 2], [2, 4], [3, 3]])]
    [0.5, 0.3333]
    """
    left = np.asarray(x, float)
    right = left if y is None else np.asarray(y, float)
    first, ties = _by_rank(left, None if y is None else right)
    return first, _tau(_agreement(left, right), ties, first.pairs)


# ---------------------------------------------------------------- Pearson


def _known(values: Array) -> Array:
    return np.asarray(~np.isnan(values), float)


def _unitless(values: Array) -> Array:
    """Return distances from the mean in shares of the largest; 0 where missing or constant."""
    flat = moments.lowest(values) == moments.highest(values)
    apart = np.nan_to_num(values - moments.mean(values), nan=0.0)
    apart[:, flat] = 0.0
    most = np.abs(apart).max(axis=0, initial=0.0)
    return np.asarray(apart / np.where(most > 0, most, 1.0))


def _alone(x: Array, y: Array) -> float:
    """Correlate two columns over their own units, where sums over all lose their digits."""
    both = ~np.isnan(x) & ~np.isnan(y)
    pair = _unitless(np.column_stack([x[both], y[both]]))
    pair -= pair.mean(axis=0)
    length = np.sqrt((pair * pair).sum(axis=0))
    if (length == 0).any():
        return np.nan
    return float((pair[:, 0] / length[0]) @ (pair[:, 1] / length[1]))


def _student(r: Array, n: Array) -> Array:
    """Return two-sided p-values by Student's t with n - 2 degrees of freedom."""
    # Loading the distributions takes a quarter of a second, which only this should cost.
    from scipy.special import stdtr  # noqa: PLC0415

    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(r) * np.sqrt((n - 2) / (1 - r * r))
    return np.where(np.isnan(r), np.nan, 2 * stdtr(np.maximum(n - 2, 1), -np.nan_to_num(t)))


# ---------------------------------------------------------------- ranks


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Order:
    """How columns are ordered, by one sort, whatever units are left in; each shape (p, n)."""

    known: Array
    order: Ints
    """Unit of each place; missing values stand last."""
    start: Ints
    """For each unit, the place of the first value equal to its own."""
    end: Ints
    """The place after the last."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Ties:
    """Sums over the groups of equal values that the pairs of columns have, each shape (p, q)."""

    equal: Array
    """t (t - 1): ordered pairs of equal values."""
    spread: Array
    """t (t - 1) (2 t + 5)."""
    third: Array
    """t (t - 1) (t - 2)."""


def _ordered(values: Array) -> _Order:
    columns = np.ascontiguousarray(values.T)
    k, n = columns.shape
    order = np.argsort(columns, axis=1, kind="stable")
    ranked = np.take_along_axis(columns, order, axis=1)
    place = np.arange(n)
    is_first, is_last = np.ones((k, n), bool), np.ones((k, n), bool)
    is_first[:, 1:] = ranked[:, 1:] != ranked[:, :-1]
    is_last[:, :-1] = is_first[:, 1:]
    start = np.maximum.accumulate(np.where(is_first, place, 0), axis=1)
    end = np.minimum.accumulate(np.where(is_last, place + 1, n)[:, ::-1], axis=1)[:, ::-1]
    of_unit = np.argsort(order, axis=1, kind="stable")
    start, end = (np.take_along_axis(each, of_unit, axis=1) for each in (start, end))
    return _Order(known=_known(columns), order=order, start=start, end=end)


def _places(inside: Array) -> Array:
    """Return how many units left in stand before each place, from none to all; (k, n + 1)."""
    total = np.zeros((len(inside), inside.shape[1] + 1))
    np.cumsum(inside, axis=1, out=total[:, 1:])
    return total


def _paired(left: _Order, right: _Order, j: int, to: int) -> tuple[Array, Array, Array, Array]:
    """Return ranks and ties on both sides of pairs of the first `to` columns of x with `j` of y.

    Ranks are doubled and counted from their mean, so that they are whole numbers that add to 0;
    ties are how many units of the pair are equal to a unit. 0 for the units that lack one. Each
    has shape (to, n).
    """
    known = left.known[:to]
    both = known * right.known[j]
    n = both.sum(axis=1, keepdims=True)
    total = _places(right.known[j][left.order[:to]])
    below = np.take_along_axis(total, left.start[:to], axis=1)
    up_to = np.take_along_axis(total, left.end[:to], axis=1)
    total = _places(known[:, right.order[j]])
    under, up_from = total[:, right.start[j]], total[:, right.end[j]]
    x, y = (below + up_to - n) * both, (under + up_from - n) * both
    return x, y, (up_to - below) * both, (up_from - under) * both


def _by_rank(x: ArrayLike, y: ArrayLike | None) -> tuple[Correlation, tuple[_Ties, _Ties]]:
    """Return Spearman's correlations, and the ties on both sides."""
    left = _ordered(np.asarray(x, float))
    right = left if y is None else _ordered(np.asarray(y, float))
    shape = (len(left.known), len(right.known))
    n = left.known @ right.known.T
    shared, vary_x, vary_y = (np.empty(shape) for _ in range(3))
    ties = tuple(_Ties(**{name: np.empty(shape) for name in _TIES}) for _ in range(2))
    for j in range(shape[1]):
        to = j + 1 if right is left else shape[0]  # of a table with itself, one half will do
        ranks_x, ranks_y, ties_x, ties_y = _paired(left, right, j, to)
        shared[:to, j] = np.einsum("ij,ij->i", ranks_x, ranks_y)
        vary_x[:to, j] = np.einsum("ij,ij->i", ranks_x, ranks_x)
        vary_y[:to, j] = np.einsum("ij,ij->i", ranks_y, ranks_y)
        for own, t in zip(ties, (ties_x, ties_y), strict=True):
            _add_up(own, j, t, n[:to, j])
    if right is left:
        _mirror(shared, shared)
        _mirror(vary_x, vary_y)
        for name in _TIES:
            _mirror(getattr(ties[0], name), getattr(ties[1], name))
    r = np.full(shape, np.nan)
    varies = (n >= LEAST) & (vary_x > 0) & (vary_y > 0)
    np.divide(shared, np.sqrt(vary_x * vary_y), out=r, where=varies)
    r = np.clip(r, -1, 1)
    found = Correlation(r=r, p_value=_student(r, n), pairs=n.astype(np.int64))
    return found, (ties[0], ties[1])


_TIES = ("equal", "spread", "third")


def _mirror(of_x: Array, of_y: Array) -> None:
    """Fill what is below the diagonal: what x is to y there, y is to x above it."""
    low = np.tril_indices(len(of_x), -1)
    of_x[low], of_y[low] = of_y.T[low], of_x.T[low]


def _add_up(ties: _Ties, j: int, t: Array, n: Array) -> None:
    """Fill column `j` from the size t of the group that each unit is in (0 for no unit)."""
    to = len(n)
    total, square = t.sum(axis=1), np.einsum("ij,ij->i", t, t)
    # Over the units of a group of size t, a sum of f(t) is t f(t); their number is n.
    ties.equal[:to, j] = total - n
    ties.spread[:to, j] = 2 * square + 3 * total - 5 * n
    ties.third[:to, j] = square - 3 * total + 2 * n


# ---------------------------------------------------------------- Kendall


def _agreement(left: Array, right: Array) -> Array:
    """Return ordered pairs of units in the same order less those in the opposite one."""
    n, p = left.shape
    total = np.zeros((p, right.shape[1]))
    step = max(1, CELLS // max(1, n * max(p, right.shape[1])))
    for first in range(0, n, step):
        rows = slice(first, first + step)
        a = _signs(left, rows)
        b = a if right is left else _signs(right, rows)
        total += a @ b.T
    return total


def _signs(values: Array, rows: slice) -> NDArray[np.float32]:
    """Return whether some rows lie above (1) or below (-1) all rows, shape (columns, pairs).

    Whole numbers in single precision are exact up to 16 million, more than `CELLS` together.
    """
    table = np.ascontiguousarray(values.T)
    own, others = table[:, rows, None], table[:, None, :]
    signs = np.subtract(own > others, own < others, dtype=np.float32)
    return signs.reshape(len(table), signs.shape[1] * signs.shape[2])


def _tau(agreement: Array, ties: tuple[_Ties, _Ties], pairs: Ints) -> Correlation:
    """Return tau-b and its p-values by the normal approximation."""
    from scipy.special import ndtr  # noqa: PLC0415

    n, (x, y) = pairs.astype(float), ties
    ordered = n * (n - 1)
    untied_x, untied_y = ordered - x.equal, ordered - y.equal
    varies = (n >= LEAST) & (untied_x > 0) & (untied_y > 0)
    r = np.full(n.shape, np.nan)
    np.divide(agreement, np.sqrt(untied_x * untied_y), out=r, where=varies)
    safe = np.maximum(n, LEAST)
    whole = safe * (safe - 1)
    variance = (ordered * (2 * n + 5) - x.spread - y.spread) / 18
    variance += x.equal * y.equal / (2 * whole)
    variance += x.third * y.third / (9 * whole * (safe - 2))
    z = np.full(n.shape, np.nan)
    np.divide(np.abs(agreement) / 2, np.sqrt(np.maximum(variance, 0)), out=z, where=varies)
    return Correlation(r=np.clip(r, -1, 1), p_value=2 * ndtr(-z), pairs=pairs)
