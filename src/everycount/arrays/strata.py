"""Strata: what the units of one stage of sampling add to a variance, lonely ones by a rule."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]
Lonely: TypeAlias = Literal["fail", "remove", "certainty", "adjust", "average"]
LonelyDomains: TypeAlias = Literal["centre", "adjust"]

WHOLE: Final = 1e-7
"""A stratum of whose population a smaller share is missing is fully sampled; as R survey 4.5."""
ROUNDING: Final = 1e-9
"""Share by which a sample may exceed a population that was divided out of a sampling fraction."""
SHOWN: Final = 20
"""Codes in the text of an error."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """The units of one stage of sampling, their strata and the units of the stage above."""

    units: IntArray
    """Unit of each row, without gaps, (rows,)."""
    stratum: IntArray
    """Stratum of each unit, (units,)."""
    size: FloatArray
    """Number of units sampled in each stratum, (strata,); 0 for a code that no row has."""
    unsampled: FloatArray
    """Share of the population of each stratum that is not in the sample, (strata,); 1 with
    replacement."""
    parent: IntArray
    """Unit of the stage above in which each stratum lies, (strata,); 0 at the first stage."""
    factor: FloatArray
    """Product of the sampling fractions of the stages above, (strata,); 1 at the first stage."""

    @property
    def single(self) -> BoolArray:
        """Tell which strata have one unit and are not fully sampled; (strata,)."""
        return np.asarray((self.size == 1) & (self.unsampled > 0))


def frame(
    units: IntArray, strata: IntArray, population: FloatArray | None, above: Frame | None = None
) -> Frame:
    """Bring one stage of sampling, laid along rows, to its units and strata.

    Parameters
    ----------
    units, strata : ndarray of int, shape (rows,)
        Codes from 0, distinct over the whole sample.
    population : ndarray, shape (rows,), or None
        Number of units in the population of the stratum; None or infinite: with replacement.
    above : Frame or None
        The stage above; None for the first.

    Raises
    ------
    ValueError
        If shapes differ, a code is negative, a unit lies in two strata or a stratum in two units
        of the stage above, or a population is missing, differs within a stratum or is smaller than
        its sample.

    Examples
    --------
    >>> found = frame(np.arange(3), np.array([0, 0, 1]), np.array([4.0, 4.0, 1.0]))
    >>> found.size.tolist(), found.unsampled.tolist(), found.single.tolist()
    ([2.0, 1.0], [0.5, 0.0], [False, False])
    """
    if units.shape != strata.shape or units.ndim != 1 or not units.size:
        raise ValueError(
            f"found units {units.shape} and strata {strata.shape}, expected one code for each row"
        )
    if units.min() < 0 or strata.min() < 0:
        raise ValueError("found a code below 0, expected codes from 0")
    stratum = np.full(int(units.max()) + 1, -1, np.int64)
    stratum[units] = strata
    _refuse("units in more than one stratum", units[stratum[units] != strata])
    has_rows = stratum >= 0
    if not has_rows.all():
        units, stratum = (np.cumsum(has_rows) - 1)[units], stratum[has_rows]
    size = _sums(stratum, np.ones(len(stratum)), int(stratum.max()) + 1)
    parent, factor = np.zeros(len(size), np.int64), np.ones(len(size))
    if above is not None:
        parent[strata] = above.units
        _refuse("strata in two units of the stage above", strata[parent[strata] != above.units])
        factor = (above.factor * (1 - above.unsampled))[above.stratum][parent]
    return Frame(
        units=units,
        stratum=stratum,
        size=size,
        unsampled=_unsampled(strata, size, population),
        parent=parent,
        factor=factor,
    )


def _unsampled(strata: IntArray, size: FloatArray, population: FloatArray | None) -> FloatArray:
    """Return the share of the population of each stratum that is not in the sample."""
    if population is None:
        return np.ones(len(size))
    whole = np.full(len(size), np.inf)
    whole[strata] = population
    wrong = whole[strata] != population  # a missing one equals nothing
    _refuse("strata whose population is missing or not the same in all rows", strata[wrong])
    _refuse("strata larger than their population", np.flatnonzero(size * (1 - ROUNDING) > whole))
    share = 1 - size / whole
    return np.where(share < WHOLE, 0.0, share)


def _refuse(what: str, codes: IntArray) -> None:
    """Raise an error if there are codes."""
    if codes.size:
        found = np.unique(codes)
        shown = ", ".join(map(str, found[:SHOWN]))
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise ValueError(f"found {what}: {shown}{more}")


def between(
    stage: Frame,
    x: FloatArray,
    inside: BoolArray | None,
    *,
    lonely: Lonely,
    lonely_domains: LonelyDomains,
) -> FloatArray:
    """Return what one stage adds to the covariance of sums of scores.

    Totals of units, less their mean in the stratum, times n / (n - 1), the share of the stratum
    that was not sampled, and the sampling fraction of the stages above.

    Parameters
    ----------
    stage : Frame
        The stage.
    x : ndarray, shape (rows, k)
        Scores.
    inside : ndarray of bool, shape (rows, k) or (rows, 1), or None
        Rows of the domain of each column; None: all.
    lonely, lonely_domains
        As in `linearise.covariance`.

    Examples
    --------
    >>> stage = frame(np.arange(3), np.array([0, 0, 1]), None)
    >>> scores, words = np.array([[1.0], [5.0], [6.0]]), {"lonely_domains": "centre"}
    >>> [between(stage, scores, None, lonely=rule, **words).round(9).item()
    ...  for rule in ("remove", "adjust", "average")]
    [16.0, 20.0, 32.0]
    """
    size = np.maximum(stage.size, 1)  # only to divide by; a code without rows has no units
    spread = np.sqrt(stage.factor * stage.unsampled * size / np.maximum(size - 1, 1))
    deviations = np.empty((len(stage.stratum), x.shape[1]), order="F")
    counts = stage.size
    for j in range(x.shape[1]):
        if inside is not None and j < inside.shape[1]:
            counts = _counts(stage, inside[:, j])
        totals = _sums(stage.units, x[:, j], len(stage.stratum))
        apart = totals - (_sums(stage.stratum, totals, len(size)) / size)[stage.stratum]
        # The mean of what is left is the rounding error of the mean: equal totals leave 0.
        apart -= (_sums(stage.stratum, apart, len(size)) / size)[stage.stratum]
        treated = _treated(stage, counts, lonely, lonely_domains)
        factor = spread
        if lonely == "adjust" and treated.any():
            grand = _grand_means(stage, totals, counts > 0)
            apart = np.where(treated[stage.stratum], totals - grand[stage.stratum], apart)
        elif lonely == "average" and treated.any():
            factor = spread * _average_factors(stage, treated, counts > 0)
        deviations[:, j] = apart * factor[stage.stratum]
    return deviations.T @ deviations


def _sums(codes: IntArray, values: FloatArray | BoolArray, length: int) -> FloatArray:
    """Return sums of values by code, added in the order of the rows; (length,)."""
    return np.asarray(np.bincount(codes, values, length), float)


def _counts(stage: Frame, inside: BoolArray) -> FloatArray:
    """Return how many units of each stratum have a row inside; (strata,)."""
    marked = np.zeros(len(stage.stratum), bool)
    marked[stage.units[inside]] = True
    return _sums(stage.stratum, marked, len(stage.size))


def _treated(
    stage: Frame, counts: FloatArray, lonely: Lonely, lonely_domains: LonelyDomains
) -> BoolArray:
    """Tell which strata the rule for lonely strata is for; (strata,)."""
    treated = stage.single & (counts > 0)
    if lonely == "fail":
        _refuse("lonely strata, that is with one unit", np.flatnonzero(treated))
    if lonely_domains == "adjust":
        treated |= (counts == 1) & (stage.unsampled > 0)
    return treated


def _grand_means(stage: Frame, totals: FloatArray, has_members: BoolArray) -> FloatArray:
    """Return the mean of the units' totals over all strata with members; (strata,).

    Below the first stage it is taken within the unit of the stage above.
    """
    parents = int(stage.parent.max()) + 1
    sums = _sums(stage.stratum, totals, len(stage.size))
    over = _sums(stage.parent, np.where(has_members, sums, 0.0), parents)
    units = _sums(stage.parent, np.where(has_members, stage.size, 0.0), parents)
    return (over / np.maximum(units, 1))[stage.parent]


def _average_factors(stage: Frame, treated: BoolArray, has_members: BoolArray) -> FloatArray:
    """Return by what deviations grow so that treated strata count as the others do; (strata,).

    Not a number where no other stratum is left to take an average of.
    """
    parents = int(stage.parent.max()) + 1
    strata = _sums(stage.parent, has_members, parents)
    left = _sums(stage.parent, has_members & ~treated, parents)
    growth = np.full(parents, np.nan)
    np.divide(strata, left, out=growth, where=left > 0)
    own = np.sqrt(growth)[stage.parent]
    return np.where(treated & ~np.isnan(own), 0.0, np.where(has_members, own, 1.0))
