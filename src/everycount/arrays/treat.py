"""Treat: bring indicators with outliers into shape, and tell what was done to which value."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays import moments
from everycount.arrays.transform import BoxCox, Transformation, transform
from everycount.errors import ColumnError

Array = NDArray[np.float64]

UNTOUCHED, HIGH, LOW, TRANSFORMED = 0, 1, 2, 3  # the marks


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a column has outliers: by its skewness and excess kurtosis (both of type 2).

    2 and 3.5 are the limits of the JRC (OECD and JRC 2008, step 5; COINr 1.1.14 check_SkewKurt).
    """

    skewness: float = 2.0
    kurtosis: float = 3.5
    suspect: Literal["both", "either"] = "both"

    def finds_outliers(self, x: ArrayLike) -> NDArray[np.bool_]:
        """Tell for each column whether it has outliers; a shape that is unknown has none."""
        return self.judges(*moments.skewness_and_kurtosis(x))

    def judges(self, skewness: Array, kurtosis: Array) -> NDArray[np.bool_]:
        """Tell the same from the shapes."""
        skewed, heavy = np.abs(skewness) >= self.skewness, kurtosis >= self.kurtosis
        return skewed & heavy if self.suspect == "both" else skewed | heavy


@dataclass(frozen=True, slots=True, kw_only=True)
class Winsorise:
    """Move at most `limit` values of a column to the next value inside (tied ones together)."""

    limit: int = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Winsorised:
    """Values after moving outliers in; marks (1 high, 2 low, 0 none); how many per column."""

    values: Array
    marks: NDArray[np.int8]
    count: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Treated:
    """Treated values, and the account of the treatment.

    `values` and `marks` have shape (n, p), all others (p,). Marks are 0 for a value left alone, 1
    and 2 for one winsorised at the high or low end, 3 for one transformed. `n_tried` counts
    values winsorised before a column was transformed instead; `n_winsorised` those that are
    so in `values`. `passes` is False where a column still fails the rule.
    """

    values: Array
    marks: NDArray[np.int8]
    method: tuple[str, ...]
    n_winsorised: NDArray[np.int64]
    n_tried: NDArray[np.int64]
    skewness_before: Array
    kurtosis_before: Array
    skewness_after: Array
    kurtosis_after: Array
    passes: NDArray[np.bool_]


def winsorise(x: ArrayLike, *, limit: int = 5, rule: Rule | None = None) -> Winsorised:
    """Move the outermost values of suspect columns inwards, one step at a time.

    A step gives the highest value (the lowest, if the skewness is negative) the next value
    inside; all values tied with it move too and count. Steps end when the column passes the
    rule or `limit` values have moved; ties may take the count past the limit, as in COINr.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value and stays one.
    limit : int
        Number of values of a column after which no further step is taken.
    rule : Rule, optional
        What makes a column suspect. The JRC's rule, if left out.

    Returns
    -------
    Winsorised
        Values and marks (n_units, n_indicators); counts (n_indicators,).

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.
    .. [2] Becker, W. et al. (2022), COINr, Journal of Open Source Software 7(78), 4567.

    Examples
    --------
    >>> result = winsorise([[1], [2], [3], [4], [90]])
    >>> result.values.ravel(), result.count
    (array([1., 2., 3., 4., 4.]), array([1]))
    """
    rule = rule or Rule()
    values = np.array(x, float)
    marks = np.zeros(values.shape, np.int8)
    count = np.zeros(values.shape[1], np.int64)
    skew, kurtosis = moments.skewness_and_kurtosis(values)
    active = np.flatnonzero(rule.judges(skew, kurtosis) & (count < limit))
    while active.size:
        part, upper = values[:, active], skew[active] >= 0
        end = np.where(upper, moments.highest(part), moments.lowest(part))
        at_end = part == end
        inside = np.where(at_end, np.nan, part)
        step = np.where(upper, moments.highest(inside), moments.lowest(inside))
        values[:, active] = np.where(at_end, step, part)
        # A later step at the same end reaches all values that earlier steps left tied there.
        mark = np.where(upper, HIGH, LOW).astype(np.int8)
        marks[:, active] = np.where(at_end, mark, marks[:, active])
        count[active] = np.count_nonzero(marks[:, active], axis=0)
        skew[active], kurtosis[active] = moments.skewness_and_kurtosis(values[:, active])
        judged = rule.judges(skew[active], kurtosis[active])
        active = active[judged & (count[active] < limit)]
    return Winsorised(values=values, marks=marks, count=count)


def treat(
    x: ArrayLike,
    *,
    first: Winsorise | None = None,
    then: Transformation | None = None,
    rule: Rule | None = None,
) -> Treated:
    """Winsorise suspect columns; transform the original of those for which that is not enough.

    Parameters
    ----------
    x : array_like, shape (n_units, n_indicators)
        Values, each indicator in its own unit. NaN is a missing value and stays one.
    first : Winsorise, optional
        Winsorise, up to this limit. Left out: nothing is winsorised.
    then : str or BoxCox, optional
        Transformation of the original values of columns that still fail. Left out: these
        columns stay winsorised up to the limit.
    rule : Rule, optional
        What makes a column suspect. The JRC's rule, if left out.

    Returns
    -------
    Treated
        Values, marks, and for each column the method ("none", "winsorised" or the name of the
        transformation), counts, and shapes before and after.

    Raises
    ------
    ColumnError
        If a column that is to be transformed does not allow it (see `transform`).

    References
    ----------
    .. [1] OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.
    .. [2] Becker, W. et al. (2022), COINr, Journal of Open Source Software 7(78), 4567.

    Examples
    --------
    >>> result = treat([[1], [2], [3], [4], [90]], first=Winsorise(limit=1))
    >>> result.method, result.marks.ravel(), result.skewness_before.round(2)
    (('winsorised',), array([0, 0, 0, 0, 1], dtype=int8), array([2.23]))
    """
    rule = rule or Rule()
    original = np.array(x, float)
    before = moments.skewness_and_kurtosis(original)
    tried = winsorise(original, limit=first.limit if first else 0, rule=rule)
    values, marks = tried.values.copy(), tried.marks.copy()
    failing = np.flatnonzero(rule.finds_outliers(values))
    transformed = failing if then is not None else failing[:0]
    if then is not None and transformed.size:
        values[:, transformed] = _transform_some(original, transformed, then)
        known = ~np.isnan(original[:, transformed])
        marks[:, transformed] = np.where(known, TRANSFORMED, UNTOUCHED)
    after = moments.skewness_and_kurtosis(values)
    moved = np.asarray(((marks == HIGH) | (marks == LOW)).sum(axis=0), np.int64)
    method = ["winsorised" if n else "none" for n in moved]
    for j in transformed:
        method[j] = "box_cox" if isinstance(then, BoxCox) else str(then)
    return Treated(
        values=values,
        marks=marks,
        method=tuple(method),
        n_winsorised=moved,
        n_tried=tried.count,
        skewness_before=before[0],
        kurtosis_before=before[1],
        skewness_after=after[0],
        kurtosis_after=after[1],
        passes=~rule.judges(*after),
    )


def _transform_some(values: Array, columns: NDArray[np.int64], kind: Transformation) -> Array:
    """Transform some columns; a fault carries the number of the column in the whole."""
    try:
        return transform(values[:, columns], kind)
    except ColumnError as error:
        faults = [(int(columns[j]), found, want) for j, found, want in error.faults]
        raise ColumnError(faults) from error
