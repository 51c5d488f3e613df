"""Chance: how unequal groups look that differ by nothing but who happened to be sampled."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from everycount.arrays.circumstances import sums
from everycount.arrays.opportunity import check_outcome
from everycount.arrays.tree_nodes import Outcome

Array = NDArray[np.float64]
IntArray = NDArray[np.int64]

DRAWS: Final = 200  # the Monte Carlo error of the mean is 7 % of the spread of one draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """The D that groups of these sizes have by chance, and the reported D less it.

    `standard_error` is the Monte Carlo error of `expected`; `p_value` says how often chance does
    as much, the reported D counted as one more draw.
    """

    reported: float
    expected: float
    standard_error: float
    excess: float
    p_value: float


def dissimilarity_by_chance(
    y: ArrayLike,
    weight: ArrayLike,
    groups: ArrayLike,
    *,
    psu: ArrayLike | None = None,
    outcome: Outcome = "opportunity",
    draws: int = DRAWS,
    rng: np.random.Generator,
) -> Chance:
    """Compute the D to expect of groups that do not differ, by giving outcomes to other people.

    D adds up distances and so never errs to the low side where groups are alike: "with so many
    cells D would be x by chance alone". `excess` takes all of x off. Where groups do differ less
    of D is chance, so `excess` is a cautious D, not an unbiased one.

    Parameters
    ----------
    y, weight : array_like, shape (rows,)
        Outcome and weights, as for `circumstances.collapse`.
    groups : array_like of int, shape (rows,)
        Cell or leaf of each row; a negative one is out of the domain.
    psu : array_like of int, shape (rows,), optional
        Distinct code of each PSU. Outcomes then move between PSUs together, PSU by PSU, in random
        order within them and round again where the receiving PSU is larger: neighbours stay
        alike, and chance has the weight it has in a clustered sample. Left out: rows are taken as
        drawn one by one, which understates x.
    outcome : {"opportunity", "barrier"}
        As for `opportunity.opportunity`.
    draws : int
        At least 2.
    rng : numpy.random.Generator
        Source of the draws. Each costs a pass over the rows.

    Returns
    -------
    Chance

    Raises
    ------
    ValueError
        If shapes differ, no row is in the domain, or draws are too few.
    MethodError
        If the outcome is outside its domain.

    References
    ----------
    .. [1] Carrington, W. J. and Troske, K. R. (1997), On measuring segregation in samples with
       small units, Journal of Business and Economic Statistics 15(4), 402-409: the same index D.
    .. [2] Phipson, B. and Smyth, G. K. (2010), Permutation p-values should never be zero,
       Statistical Applications in Genetics and Molecular Biology 9(1), article 39.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = dissimilarity_by_chance(rng.random(400) < 0.3, np.ones(400), np.arange(400) // 5,
    ...                                 rng=rng)
    >>> round(found.reported, 2), round(found.expected, 2), abs(found.excess) < 0.05
    (0.27, 0.27, True)
    """
    which = np.asarray(groups)
    outcomes, weights = np.asarray(y, float), np.asarray(weight, float)
    units = np.arange(len(which)) if psu is None else np.asarray(psu)
    shapes = {part.shape for part in (which, outcomes, weights, units)}
    kept = which >= 0
    if len(shapes) > 1 or not kept.any():
        raise ValueError(
            f"found shapes {sorted(shapes)} and {kept.sum()} rows in a group, "
            "expected one shape and at least one row"
        )
    if draws < 2:
        raise ValueError(f"draws: found {draws}, expected at least 2")
    check_outcome(outcomes[kept], outcome)
    have = 1 - outcomes[kept] if outcome == "barrier" else outcomes[kept]
    place = np.unique(which[kept], return_inverse=True)[1]
    shares = sums(place, weights[kept], int(place.max()) + 1) / weights[kept].sum()
    reported = _dissimilarity(have * weights[kept], place, shares)
    found = np.empty(draws)
    unit = np.unique(units[kept], return_inverse=True)[1]
    for draw in range(draws):
        moved = have[_donors(unit, rng)]
        found[draw] = _dissimilarity(moved * weights[kept], place, shares)
    expected = float(found.mean())
    return Chance(
        reported=reported,
        expected=expected,
        standard_error=float(found.std(ddof=1) / np.sqrt(draws)),
        excess=reported - expected,
        p_value=float((1 + (found >= reported).sum()) / (1 + draws)),
    )


def _dissimilarity(parts: Array, place: IntArray, shares: Array) -> float:
    """Return D from weighted outcomes of rows; 0 where nobody has any."""
    whole = parts.sum()
    if not whole > 0:
        return 0.0
    return float(np.abs(sums(place, parts, len(shares)) / whole - shares).sum() / 2)


def _donors(unit: IntArray, rng: np.random.Generator) -> IntArray:
    """Return whose outcome each row gets: people of one other unit, or again its own."""
    size = np.bincount(unit)
    partner = rng.permutation(len(size))
    if len(size) == len(unit):
        return partner[unit]
    start = np.cumsum(size) - size
    # Numbers of 16 bits are sorted by radix, in a tenth of the time.
    short = unit.astype(np.uint16) if len(size) < 2**16 else unit
    at_random = np.argsort(rng.random(len(unit)))
    shuffled = at_random[np.argsort(short[at_random], kind="stable")]
    rank = np.empty(len(unit), np.int64)
    rank[np.argsort(short, kind="stable")] = np.arange(len(unit)) - np.repeat(start, size)
    other = partner[unit]
    return shuffled[start[other] + rank % size[other]]
