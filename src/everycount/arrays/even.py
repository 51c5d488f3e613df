"""Even: the most even table that has the same margins as another."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everycount.arrays.lattice import Lattice, margins, sum_over

Array = NDArray[np.float64]

SWEEPS: Final = 500
"""Rounds over all crossings at most. Forty to sixty suffice for 56 crossings of eight
characteristics, measured with 5 thousand to a million respondents."""
CLOSE: Final = 1e-13
"""Largest error of a margin, as a share of the total; some hundred times the spacing of doubles."""
CLOSE_ENOUGH: Final = 1e-8
"""Largest error of a margin in respondents: no more is asked, and more is never accepted where
the total is small; a hundredth of what counts as nobody elsewhere."""


def even_out(lattice: Lattice, tables: NDArray[Any]) -> Array:
    """Return the table of largest entropy among those with the same cells in all crossings.

    By iterative proportional fitting from a table of ones. It shares the respondents of every
    cell out over all joint cells that may hold them, as fractions, so that moves find respondents
    everywhere, and it is as good an explanation of the published figures as the true table.

    Parameters
    ----------
    lattice : Lattice
    tables : ndarray, shape (layers, *levels)
        Respondents, or amounts, 0 or more.

    Returns
    -------
    ndarray, shape (layers, *levels)
        Margins differ by no more than rounding. Where the fitting does not come near in `SWEEPS`
        rounds, it is mixed with `tables` in the share that makes its margins right.

    References
    ----------
    .. [1] Deming, W. E. and Stephan, F. F. (1940), On a least squares adjustment of a sampled
       frequency table when the expected marginal totals are known, Annals of Mathematical
       Statistics 11, 427-444.
    .. [2] Csiszar, I. (1975), I-divergence geometry of probability distributions and minimization
       problems, Annals of Probability 3, 146-158.

    Examples
    --------
    >>> from everycount.arrays.lattice import cross
    >>> even_out(cross((2, 2), order=1), np.array([[[2, 0], [0, 2]]])).tolist()
    [[[1.0, 1.0], [1.0, 1.0]]]
    """
    counts = np.asarray(tables, float)
    sets = [set(crossing) for crossing in lattice.crossings]
    top = [c for c in lattice.crossings if not any(set(c) < other for other in sets)]
    gone = [tuple(1 + i for i in range(len(lattice.levels)) if i not in c) for c in top]
    wanted = [sum_over(counts, axes) for axes in gone]
    allowed = max(CLOSE * float(counts.sum()), CLOSE_ENOUGH)
    table = np.ones(counts.shape)
    for _ in range(SWEEPS):
        error = 0.0
        for axes, sums in zip(gone, wanted, strict=True):
            found = sum_over(table, axes)
            error = max(error, float(np.abs(found - sums).max()))
            table *= np.divide(sums, found, out=np.zeros(sums.shape), where=found > 0)
        if error <= allowed:
            break
    flat = (table - counts).reshape(len(counts), -1)
    error = float(np.abs(margins(lattice, flat)).max())
    share = 1.0 if error <= 10 * allowed else allowed / error
    result: Array = counts + share * (table - counts)
    return result
