"""Circumstances: rows of a survey reduced to the distinct combinations of what people live in."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.errors import InputError, MethodError, Problem

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]
Kind = Literal["ordered", "nominal"]

DENSE: Final = 2**22
"""Combinations counted in one table, 32 MB, before rows are sorted instead; not critical."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Rows left out, each counted once, by the first reason that holds in this order."""

    zero_weight: int = 0
    missing_outcome: int = 0
    missing_circumstance: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Rows that can be used; `kept`, (all rows,), says which they are of those given."""

    kinds: tuple[Kind, ...]
    outcome: Array
    weight: Array
    codes: IntArray
    kept: NDArray[np.bool_]
    excluded: Excluded


FAR = 10_000
"""Codes farther apart than this are sorted to find which are the same; others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Distinct combinations of circumstances with what a tree or an index needs to know of them.

    `codes` has shape (cells, circumstances) and is sorted; `n`, `weight`, `mean` and `deviance`
    have shape (cells,). `n` counts rows; in a replicate each row counts as its weight there over
    its weight in the whole sample, so that sizes stay comparable. `mean` is in the unit of the
    outcome, 0 where a replicate leaves no weight; `deviance` is the weighted sum of squares around
    it within the cell.
    """

    kinds: tuple[Kind, ...]
    codes: IntArray
    n: Array
    weight: Array
    mean: Array
    deviance: Array
    excluded: Excluded


def collapse(y: ArrayLike, weight: ArrayLike, codes: ArrayLike, *, kinds: Sequence[Kind]) -> Cells:
    """Reduce rows to one cell for each combination of circumstances that occurs.

    Parameters
    ----------
    y : array_like, shape (rows,)
        Outcome, 0 or 1 or any number. NaN is missing.
    weight : array_like, shape (rows,)
        Sampling weights, 0 or more. A row of weight 0 is outside the sample.
    codes : array_like of int, shape (rows, circumstances)
        Category of each row. A negative code is missing. Codes of an ordered circumstance are in
        its order, or are its values; those of a nominal one are names.
    kinds : sequence of {"ordered", "nominal"}
        One for each circumstance.

    Returns
    -------
    Cells
        Sorted by codes. Rows with weight 0, or with an outcome or a circumstance missing, are left
        out and counted by reason.

    Raises
    ------
    ValueError
        If shapes do not fit or codes are not whole numbers.
    InputError
        If weights are negative, missing or infinite, or outcomes infinite; all are counted.
    MethodError
        If no row is left.

    Notes
    -----
    ESCAP's code leaves out incomplete rows too. rpart would keep them and send them down by
    surrogate splits, into a group that is then reported by circumstances nobody recorded of them.

    Examples
    --------
    >>> found = collapse([1, 0, 0], [2, 2, 1], [[0], [0], [3]], kinds=["ordered"])
    >>> found.codes.ravel(), found.weight, found.mean, found.deviance
    (array([0, 3]), array([4., 1.]), array([0.5, 0. ]), array([1., 0.]))
    """
    rows = complete_rows(y, weight, codes, kinds=kinds)
    distinct, cell = distinct_rows(rows.codes)
    return summed(rows, distinct, cell)


def complete_rows(
    y: ArrayLike, weight: ArrayLike, codes: ArrayLike, *, kinds: Sequence[Kind]
) -> Rows:
    """Return the rows that have a weight, an outcome and all circumstances.

    Parameters, errors and rules are those of `collapse`.

    Examples
    --------
    >>> complete_rows([1, np.nan], [2, 2], [[0], [0]], kinds=["ordered"]).excluded
    Excluded(zero_weight=0, missing_outcome=1, missing_circumstance=0)
    """
    outcome, weights = np.asarray(y, float), np.asarray(weight, float)
    table = whole_numbers(codes, "codes")
    rows = outcome.shape
    if len(rows) != 1 or weights.shape != rows or table.shape != (*rows, len(kinds)):
        raise ValueError(
            f"found shapes {rows}, {weights.shape} and {table.shape}, "
            f"expected (rows,), (rows,) and (rows, {len(kinds)})"
        )
    unknown = sorted({kind for kind in kinds if kind not in {"ordered", "nominal"}})
    if unknown or not kinds:
        raise ValueError(f"kinds: found {unknown or 'none'}, expected ordered or nominal for each")
    refuse(
        "the data",
        ("weight", weights < 0, "negative", "0 or more"),
        ("weight", np.isnan(weights), "missing", "a number"),
        ("weight", np.isposinf(weights), "infinite", "a finite number"),
        ("outcome", np.isinf(outcome), "infinite", "a finite number or a missing value"),
    )
    kept, excluded = _usable(outcome, weights, table)
    if not kept.all():
        outcome, weights, table = outcome[kept], weights[kept], table[kept]
    return Rows(
        kinds=tuple(kinds),
        outcome=outcome,
        weight=weights,
        codes=table,
        kept=kept,
        excluded=excluded,
    )


def _usable(outcome: Array, weights: Array, table: IntArray) -> tuple[NDArray[np.bool_], Excluded]:
    """Return which rows can be used, and count the others by the first reason that holds."""
    weightless = weights == 0
    unknown = np.isnan(outcome) & ~weightless
    incomplete = (table < 0).any(axis=1) & ~weightless & ~unknown
    kept = ~(weightless | unknown | incomplete)
    excluded = Excluded(
        zero_weight=int(weightless.sum()),
        missing_outcome=int(unknown.sum()),
        missing_circumstance=int(incomplete.sum()),
    )
    if not kept.any():
        found = (
            f"{len(outcome)} rows, of which {excluded.zero_weight} with weight 0, "
            f"{excluded.missing_outcome} without an outcome and {excluded.missing_circumstance} "
            "without a circumstance"
        )
        raise MethodError("the data", [Problem("rows", found, "at least one complete row")])
    return kept, excluded


def summed(rows: Rows, codes: IntArray, cell: IntArray) -> Cells:
    """Sum rows by cell, with squares around the mean of the cell, which loses no digits.

    Parameters
    ----------
    rows : Rows
        What to sum.
    codes : ndarray of int, shape (cells, any)
        What the result carries as codes.
    cell : ndarray of int, shape (rows,)
        Cell of each row; each cell has at least one.

    Examples
    --------
    >>> rows = complete_rows([1, 0], [2, 1], [[0], [0]], kinds=["ordered"])
    >>> summed(rows, np.array([[0]]), np.array([0, 0])).weight
    array([3.])
    """
    size = len(codes)
    total = sums(cell, rows.weight, size)
    mean = sums(cell, rows.weight * rows.outcome, size) / total
    return Cells(
        kinds=rows.kinds,
        codes=codes,
        n=np.bincount(cell, minlength=size).astype(float),
        weight=total,
        mean=mean,
        deviance=sums(cell, rows.weight * (rows.outcome - mean[cell]) ** 2, size),
        excluded=rows.excluded,
    )


def sums(which: IntArray, values: Array, size: int) -> Array:
    """Return the sum of the values of each of so many groups, added in the order of rows.

    Examples
    --------
    >>> sums(np.array([0, 0, 2]), np.array([1.0, 2.0, 5.0]), 3)
    array([3., 0., 5.])
    """
    return np.bincount(which, values, size).astype(np.float64, copy=False)


def distinct(codes: IntArray) -> tuple[IntArray, IntArray]:
    """Return the distinct codes in order, and which of them each is: `numpy.unique` for few codes.

    Examples
    --------
    >>> values, which = distinct(np.array([7, -1, 7]))
    >>> values.tolist(), which.tolist()
    ([-1, 7], [1, 0, 1])
    """
    low, high = int(codes.min()), int(codes.max())
    if high - low > FAR:
        values, which = np.unique(codes, return_inverse=True)
        return values, which
    shifted = codes - low
    there = np.bincount(shifted) > 0
    return np.flatnonzero(there) + low, (there.cumsum() - 1)[shifted]


def distinct_rows(table: IntArray) -> tuple[IntArray, IntArray]:
    """Return the distinct rows of whole numbers in order, and which of them each row is.

    Parameters
    ----------
    table : ndarray of int, shape (rows, columns)
        Numbers of 0 or more.

    Returns
    -------
    tuple of ndarray
        (distinct, columns), sorted, and (rows,).

    Examples
    --------
    >>> distinct_rows(np.array([[2, 0], [1, 9], [2, 0]]))
    (array([[1, 9],
           [2, 0]]), array([1, 0, 1]))
    """
    key = np.zeros(len(table), np.int64)
    size = 1
    for column in table.T:
        width = int(column.max(initial=0)) + 1
        if size * width > DENSE and size > 1:
            key = np.unique(key, return_inverse=True)[1]
            size = int(key.max(initial=0)) + 1
        key = key * width + column
        size *= width
    if size > DENSE:
        which = np.unique(key, return_inverse=True)[1]
    else:
        which = (np.cumsum(np.bincount(key, minlength=size) > 0) - 1)[key]
    example = np.empty(int(which.max(initial=-1)) + 1, np.int64)
    example[which] = np.arange(len(table))
    return table[example].astype(np.int64), which


def whole_numbers(values: ArrayLike, name: str) -> IntArray:
    """Return whole numbers as an array of them, or say what was found under this name.

    Examples
    --------
    >>> whole_numbers([1, 2], "psu")
    array([1, 2])
    """
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name}: found {array.dtype}, expected whole numbers")
    return array.astype(np.int64) if array.dtype == np.uint64 else array


def refuse(subject: str, *checks: tuple[str, NDArray[np.bool_], str, str]) -> None:
    """Raise one `InputError` for all checks: where, which rows fail, what is wrong, expected.

    Examples
    --------
    >>> refuse("the data", ("weight", np.array([True]), "negative", "0 or more"))
    Traceback (most recent call last):
    everycount.errors.InputError: the data has 1 problem:
      weight: found 1 rows negative, expected 0 or more
    """
    problems = [
        Problem(where, f"{failed.sum()} rows {wrong}", expected)
        for where, failed, wrong, expected in checks
        if failed.any()
    ]
    if problems:
        raise InputError(subject, problems)
