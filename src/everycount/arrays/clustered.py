"""Clustered: the cells of each PSU, so that whole PSUs can be left out, held back or repeated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.circumstances import (
    Cells,
    Kind,
    complete_rows,
    distinct_rows,
    refuse,
    summed,
    sums,
    whole_numbers,
)

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clustered:
    """The cells of each PSU beside those of the whole sample.

    `psu`, `cell`, `n`, `weight`, `mean` and `deviance` have shape (entries,), one entry for each
    cell that occurs in a PSU. `stratum` has shape (psus,), numbered from 0 in the order of their
    codes, and keeps PSUs without a usable row, which count in every standard error. `psu_of_row`
    and `cell_of_row` have shape (rows,); the cell is -1 for a row left out.
    """

    cells: Cells
    psu: IntArray
    cell: IntArray
    n: Array
    weight: Array
    mean: Array
    deviance: Array
    stratum: IntArray
    psu_of_row: IntArray
    cell_of_row: IntArray


def cluster(
    y: ArrayLike,
    weight: ArrayLike,
    codes: ArrayLike,
    *,
    kinds: Sequence[Kind],
    psu: ArrayLike,
    stratum: ArrayLike,
) -> Clustered:
    """Reduce rows to the cells of each PSU.

    Parameters
    ----------
    y, weight, codes, kinds
        As for `circumstances.collapse`, which also says which rows are left out.
    psu, stratum : array_like of int, shape (rows,)
        Codes, 0 or more. A PSU is a PSU code within a stratum code.

    Returns
    -------
    Clustered
        PSUs numbered from 0 by stratum, then PSU.

    Raises
    ------
    ValueError, InputError, MethodError
        As `collapse`; InputError also where a PSU or a stratum is missing (a negative code).

    Examples
    --------
    >>> found = cluster([1, 0, 0], [2, 2, 1], [[0], [0], [3]], kinds=["ordered"],
    ...                 psu=[7, 7, 8], stratum=[1, 1, 1])
    >>> found.psu, found.cell, found.mean, found.stratum
    (array([0, 1]), array([0, 1]), array([0.5, 0. ]), array([0, 0]))
    """
    rows = complete_rows(y, weight, codes, kinds=kinds)
    parts = whole_numbers(stratum, "stratum"), whole_numbers(psu, "psu")
    for name, part in zip(("stratum", "psu"), parts, strict=True):
        if part.shape != rows.kept.shape:
            raise ValueError(f"{name}: found shape {part.shape}, expected {rows.kept.shape}")
    refuse(
        "the design",
        ("stratum", parts[0] < 0, "missing (a negative code)", "a stratum"),
        ("psu", parts[1] < 0, "missing (a negative code)", "a PSU"),
    )
    psus, psu_of_row = distinct_rows(np.column_stack(parts))
    distinct, cell = distinct_rows(rows.codes)
    pairs, entry = distinct_rows(np.column_stack([psu_of_row[rows.kept], cell]))
    entries = summed(rows, pairs, entry)
    cell_of_row = np.full(len(rows.kept), -1)
    cell_of_row[rows.kept] = cell
    return Clustered(
        cells=summed(rows, distinct, cell),
        psu=pairs[:, 0],
        cell=pairs[:, 1],
        n=entries.n,
        weight=entries.weight,
        mean=entries.mean,
        deviance=entries.deviance,
        stratum=distinct_rows(psus[:, :1])[1],
        psu_of_row=psu_of_row,
        cell_of_row=cell_of_row,
    )


def reweighted(table: Clustered, factor: ArrayLike) -> Cells:
    """Return the cells of the sample with the weights of each PSU multiplied by a factor.

    Parameters
    ----------
    table : Clustered
        Cells of each PSU.
    factor : array_like, shape (psus,)
        0 or more: 0 leaves a PSU out, a bootstrap counts one several times.

    Returns
    -------
    Cells
        The same cells in the same order; weight 0 and mean 0 where no PSU is left.

    Raises
    ------
    ValueError
        If there is not one factor, finite and 0 or more, for each PSU.

    Examples
    --------
    >>> whole = cluster([1, 0, 0], [2, 2, 1], [[0], [0], [3]], kinds=["ordered"],
    ...                 psu=[7, 8, 8], stratum=[1, 1, 1])
    >>> reweighted(whole, [2, 1]).mean.round(3), reweighted(whole, [1, 0]).weight
    (array([0.667, 0.   ]), array([2., 0.]))
    """
    factors = _checked(factor, table.stratum.shape)
    times = factors[table.psu]
    return _moments(
        table.cells,
        table.cell,
        n=table.n * times,
        weight=table.weight * times,
        mean=table.mean,
        deviance=table.deviance * times,
    )


def by_psu(table: Clustered, factors: ArrayLike) -> Iterator[Cells]:
    """Yield the cells of the sample under each set of factors of PSUs.

    Parameters
    ----------
    table : Clustered
        Cells of each PSU.
    factors : array_like, shape (psus, replicates)
        0 or more, such as those that `resample.bootstrap` makes from `table.stratum`.

    Examples
    --------
    >>> whole = cluster([1, 0], [2, 2], [[0], [0]], kinds=["ordered"], psu=[7, 8], stratum=[1, 1])
    >>> [cells.mean for cells in by_psu(whole, [[2, 0], [0, 2]])]
    [array([1.]), array([0.])]
    """
    for factor in np.asarray(factors).T:
        yield reweighted(table, factor)


def by_row(
    y: ArrayLike, weight: ArrayLike, table: Clustered, *, replicate_weights: ArrayLike
) -> Iterator[Cells]:
    """Yield the cells of the sample under each set of replicate weights of rows.

    Parameters
    ----------
    y, weight : array_like, shape (rows,)
        As given to `cluster`.
    table : Clustered
        What `cluster` returned, for the place of each row.
    replicate_weights : array_like, shape (rows, replicates)
        Combined weights, not factors; 0 or more.

    Raises
    ------
    ValueError
        If there is not one row of weights, finite and 0 or more, for each row.

    Examples
    --------
    >>> y, weight = [1, 0, 0], [2, 2, 1]
    >>> whole = cluster(y, weight, [[0], [0], [3]], kinds=["ordered"],
    ...                 psu=[7, 8, 8], stratum=[1, 1, 1])
    >>> [cells.weight for cells in by_row(y, weight, whole, replicate_weights=[[4], [2], [1]])]
    [array([6., 1.])]
    """
    kept = table.cell_of_row >= 0
    columns = np.asarray(replicate_weights)
    if columns.ndim != 2 or len(columns) != len(kept):
        raise ValueError(
            f"replicate_weights: found shape {columns.shape}, expected ({len(kept)}, replicates)"
        )
    outcome, full = np.asarray(y, float)[kept], np.asarray(weight, float)[kept]
    for column in columns.T:
        own = _checked(column[kept], full.shape)
        yield _moments(
            table.cells,
            table.cell_of_row[kept],
            n=own / full,
            weight=own,
            mean=outcome,
            deviance=np.zeros(len(own)),
        )


def _checked(values: ArrayLike, shape: tuple[int, ...]) -> Array:
    factors = np.asarray(values, float)
    if factors.shape != shape or not (np.isfinite(factors) & (factors >= 0)).all():
        raise ValueError(
            f"found factors or weights of shape {factors.shape}, expected {shape}, "
            "all finite and 0 or more"
        )
    return factors


def _moments(
    cells: Cells, cell: IntArray, *, n: Array, weight: Array, mean: Array, deviance: Array
) -> Cells:
    """Return these cells with the sums of parts that each lie in one of them."""
    size = len(cells.n)
    total = sums(cell, weight, size)
    middle = np.divide(sums(cell, weight * mean, size), total, out=np.zeros(size), where=total > 0)
    return Cells(
        kinds=cells.kinds,
        codes=cells.codes,
        n=sums(cell, n, size),
        weight=total,
        mean=middle,
        deviance=sums(cell, deviance + weight * (mean - middle[cell]) ** 2, size),
        excluded=cells.excluded,
    )
