"""Parts: what each circumstance contributes to the index of dissimilarity, by Shapley."""

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.circumstances import Cells, distinct_rows
from everycount.arrays.main_effects import main_effects
from everycount.arrays.opportunity import Over, grouped, opportunity
from everycount.arrays.shapley import LARGEST, contributions
from everycount.arrays.tree_nodes import Outcome

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]


def contributions_to_dissimilarity(
    cells: Cells,
    *,
    over: Over = "cells",
    outcome: Outcome = "opportunity",
    decimals: int | None = None,
) -> Array:
    """Share out D among the circumstances that make it.

    The contribution of a circumstance is what it adds to D, averaged over all orders in which
    circumstances may be taken into account; D of none of them is 0.

    Parameters
    ----------
    cells : Cells
        Of at most 12 circumstances.
    over : {"cells", "logit"}
        Whether D of some of the circumstances is that over their cells, or over the chances fitted
        by `main_effects`. Over cells every circumstance adds something by chance alone.
    outcome : {"opportunity", "barrier"}
        As for `opportunity`.
    decimals : int, optional
        Decimals to which D of each set of circumstances is rounded before it is shared out, so that
        contributions say no more than rounded D does. Left out: not rounded.

    Returns
    -------
    ndarray, shape (circumstances,)
        They add to D of all. Over cells none is negative, as D never falls when cells are divided.

    Raises
    ------
    ValueError
        With more than 12 circumstances, of which there are too many sets.

    References
    ----------
    .. [1] Shorrocks, A. F. (2013), Decomposition procedures for distributional analysis: a unified
       framework based on the Shapley value, Journal of Economic Inequality 11, 99-126.
    .. [2] Hoyos, A. and Narayan, A. (2011), Inequality of opportunities among children: how much
       does gender matter?, World Bank: the decomposition of D. ESCAP's code has it with the
       absolute value of each step, which does not add up.

    Examples
    --------
    >>> from everycount.arrays.circumstances import collapse
    >>> cells = collapse([0, 0, 0, 1], np.ones(4), [[0, 0], [0, 1], [1, 0], [1, 1]],
    ...                  kinds=["ordered", "nominal"])
    >>> contributions_to_dissimilarity(cells)
    array([0.375, 0.375])
    >>> contributions_to_dissimilarity(cells, decimals=1)
    array([0.4, 0.4])
    """
    count = cells.codes.shape[1]
    if count > LARGEST:
        raise ValueError(f"found {count} circumstances, expected at most {LARGEST}")

    def worth(chosen: Array) -> Array:
        sets = (np.flatnonzero(row) for row in chosen)
        found = np.array([_dissimilarity(cells, columns, over, outcome) for columns in sets])
        return found if decimals is None else np.round(found, decimals)

    shared: Array = contributions(np.ones((1, count)), np.zeros(count), worth)[0]
    return shared


def _dissimilarity(cells: Cells, columns: IntArray, over: Over, outcome: Outcome) -> float:
    """Return D over some of the circumstances."""
    if not columns.size:
        return 0.0
    codes, place = distinct_rows(cells.codes[:, columns])
    weight, mean = grouped(cells.weight, cells.mean, place)
    if over == "logit":
        mean = main_effects(codes, weight, mean)
    return opportunity(weight, mean, outcome=outcome).dissimilarity
