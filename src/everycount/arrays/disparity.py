"""Disparity: how far groups lie apart, from one another, from the best of them or from the mean."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from everycount.arrays import gradient
from everycount.arrays.group_table import GroupTable

Numbers = NDArray[Any]  # real, or complex where `inequality_error` differentiates

Weighting = Literal["weighted", "unweighted"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Groups as a measure sees them: many versions of a table at once, one in each row.

    `y` has shape (versions, groups); so has `share`, the population shares, or it is None where
    sizes are not known. `mean` has shape (versions,). Where groups are ordered the most
    disadvantaged comes first. `reference` is the number of a group. Every measure is NaN where it
    has no value, and where `y` is complex also where it has no derivative.
    """

    y: Numbers
    share: Numbers | None
    mean: Numbers | None
    order: Literal["ordered", "unordered"]
    direction: Literal["favourable", "adverse"]
    reference: int | None
    scale: float | None

    @property
    def shares(self) -> Numbers:
        """Return `share`, which measures that need sizes have."""
        assert self.share is not None
        return self.share

    @property
    def average(self) -> Numbers:
        """Return `mean`, which measures about the mean have."""
        assert self.mean is not None
        return self.mean


Kernel = Callable[[Cells], Numbers]
Versions = Callable[[Numbers, Numbers | None], Numbers]
"""A measure of estimates and sizes, (versions, groups) each; the result has a row a version."""


def bind(kernel: Kernel, table: GroupTable, *, times: float = 1.0) -> Versions:
    """Return a kernel as a function of estimates and sizes alone, in the table's order of groups.

    Order, direction, reference, scale and average are the table's.

    Examples
    --------
    >>> table = GroupTable(estimates=np.array([1.0, 4.0]), direction="favourable")
    >>> bind(difference, table)(np.array([[1.0, 4.0], [6.0, 4.0]]), None)
    array([3., 2.])
    """
    groups = np.arange(len(table.estimates))
    rising = groups if table.order is None else np.argsort(table.order)
    reference = None
    if table.reference is not None:
        reference = int(np.flatnonzero(rising == table.reference)[0])

    def versions(estimates: Numbers, sizes: Numbers | None) -> Numbers:
        y = estimates[:, rising]
        share = mean = None
        if sizes is not None:
            share = sizes[:, rising] / np.sum(sizes[:, rising], axis=1, keepdims=True)
            mean = np.sum(share * y, axis=1)
        elif table.average is not None:
            mean = np.full(len(y), table.average)
        cells = Cells(
            y=y,
            share=share,
            mean=mean,
            order="unordered" if table.order is None else "ordered",
            direction=table.direction,
            reference=reference,
            scale=table.scale,
        )
        return times * kernel(cells)

    return versions


def _picked(y: Numbers, at: NDArray[np.int64]) -> Numbers:
    return np.take_along_axis(y, at[:, None], axis=-1)[:, 0]


def _highest(cells: Cells) -> Numbers:
    return _picked(cells.y, np.argmax(cells.y.real, axis=-1))


def _lowest(cells: Cells) -> Numbers:
    return _picked(cells.y, np.argmin(cells.y.real, axis=-1))


def best(cells: Cells) -> Numbers:
    """Return the estimate of the best group: the highest, of an adverse indicator the lowest.

    Where several share it the first is taken.
    """
    return _highest(cells) if cells.direction == "favourable" else _lowest(cells)


def absolute(y: Numbers) -> Numbers:
    """Return the absolute values of real numbers, with the sign of the real part where complex."""
    return np.where(y.real < 0, -y, y)


def _summed(y: Numbers) -> Numbers:
    total: Numbers = np.sum(y, axis=-1)
    return total


def _unless(y: Numbers, undefined: NDArray[np.bool_]) -> Numbers:
    return np.where(undefined, np.nan, y)


def _where_smooth(y: Numbers, edge: NDArray[np.bool_], value: float) -> Numbers:
    """Put the value at an edge, where there is no derivative."""
    return np.where(edge, np.nan if np.iscomplexobj(y) else value, y)


# ------------------------------------------------------------------------------------- two groups


def ends(cells: Cells) -> tuple[Numbers, Numbers]:
    """Return the estimates of the two groups that a difference or ratio compares, upper first.

    Ordered groups: of a favourable indicator the most and the least advantaged, of an adverse one
    the least and the most. Others: the highest and the lowest; where a reference group is named,
    that and the lowest of a favourable indicator, the highest and that of an adverse one.
    """
    is_favourable = cells.direction == "favourable"
    if cells.order == "ordered":
        last, first = cells.y[:, -1], cells.y[:, 0]
        return (last, first) if is_favourable else (first, last)
    if cells.reference is None:
        return _highest(cells), _lowest(cells)
    named = cells.y[:, cells.reference]
    return (named, _lowest(cells)) if is_favourable else (_highest(cells), named)


def difference(cells: Cells) -> Numbers:
    """Return the upper end less the lower."""
    upper, lower = ends(cells)
    return upper - lower


def ratio(cells: Cells) -> Numbers:
    """Return the upper end by the lower, if that is above 0 and neither below."""
    upper, lower = ends(cells)
    return _unless(upper / lower, (lower.real <= 0) | (upper.real < 0))


def end_switches(cells: Cells) -> Numbers:
    """Return how far other groups are from taking the place of those compared."""
    if cells.order == "ordered":
        return cells.y[:, :0]
    lower = cells.y - _lowest(cells)[:, None]
    upper = _highest(cells)[:, None] - cells.y
    if cells.reference is None:
        return np.concatenate([upper, lower], axis=-1)
    return lower if cells.direction == "favourable" else upper


# ----------------------------------------------------------------------------- ordered groups


def absolute_concentration(cells: Cells) -> Numbers:
    """Return twice the covariance of indicator and rank."""
    return gradient.concentration(cells.y, cells.shares)


def relative_concentration(cells: Cells) -> Numbers:
    """Return the absolute index by the mean."""
    return relative(absolute_concentration(cells), cells.average)


def slope(cells: Cells, curve: Literal["logit", "linear"]) -> Numbers:
    """Return the fit at rank 1 less that at rank 0."""
    low, high = _fitted(cells, curve)
    return high - low


def slope_ratio(cells: Cells, curve: Literal["logit", "linear"]) -> Numbers:
    """Return the fit at rank 1 by that at rank 0, if that is above 0 and neither below."""
    low, high = _fitted(cells, curve)
    return _unless(high / low, (low.real <= 0) | (high.real < 0))


def _fitted(cells: Cells, curve: Literal["logit", "linear"]) -> tuple[Numbers, Numbers]:
    if curve == "linear":
        return gradient.linear_ends(cells.y, cells.shares)
    assert cells.scale is not None
    return gradient.logit_ends(cells.y, cells.shares, cells.scale)


# --------------------------------------------------------------------------- distances from one


def spread_from(cells: Cells, level: Numbers, weighting: Weighting) -> Numbers:
    """Return the mean absolute distance of the groups from a level, one for each row."""
    distance = absolute(cells.y - level[:, None])
    if weighting == "weighted":
        return _summed(cells.shares * distance)
    return _summed(distance / distance.shape[1])


def from_mean(cells: Cells, weighting: Weighting) -> Numbers:
    """Return the mean distance from the mean of all people."""
    return spread_from(cells, cells.average, weighting)


def from_best(cells: Cells, weighting: Weighting) -> Numbers:
    """Return the mean distance from the best group, which counts among the groups."""
    return spread_from(cells, best(cells), weighting)


def from_reference(cells: Cells, weighting: Weighting) -> Numbers:
    """Return the mean distance from the reference group, which counts among the groups."""
    return spread_from(cells, cells.y[:, cells.reference], weighting)


def disparity(cells: Cells, weighting: Weighting) -> Numbers:
    """Return the mean distance from the mean by the mean."""
    return relative(from_mean(cells, weighting), cells.average)


def mean_switches(cells: Cells) -> Numbers:
    """Return how far each group is from the other side of the mean."""
    return cells.y - cells.average[:, None]


def best_switches(cells: Cells) -> Numbers:
    """Return how far each group is from being the best."""
    return cells.y - best(cells)[:, None]


def reference_switches(cells: Cells) -> Numbers:
    """Return how far each group is from the other side of the reference group."""
    return cells.y - cells.y[:, cells.reference][:, None]


# ----------------------------------------------------------------------- variance and entropy


def variance(cells: Cells) -> Numbers:
    """Return the between-group variance about the weighted mean."""
    return _summed(cells.shares * (cells.y - cells.average[:, None]) ** 2)


def deviation(cells: Cells) -> Numbers:
    """Return the between-group standard deviation; it has an edge at 0."""
    between = variance(cells)
    return _where_smooth(np.sqrt(between), between.real <= 0, 0.0)


def variation(cells: Cells) -> Numbers:
    """Return the standard deviation by the mean."""
    return relative(deviation(cells), cells.average)


def theil(cells: Cells) -> Numbers:
    """Return the Theil index; a group at 0 adds nothing to it, one below 0 makes it undefined."""
    times = cells.y / cells.average[:, None]
    # Leaving 0 it would fall without bound at first: no derivative by that group.
    at_zero = np.where(cells.y.imag == 0, 0.0, np.nan)
    term = np.where(cells.y.real == 0, at_zero, times * np.log(times))
    return _unless(_summed(cells.shares * term), _has_below_zero(cells))


def log_deviation(cells: Cells) -> Numbers:
    """Return the mean log deviation; undefined if a group with people in it is at 0 or below."""
    term = -np.log(cells.y / cells.average[:, None])
    at_zero = np.any((cells.y.real <= 0) & (cells.shares.real > 0), axis=-1)
    counted = np.where(cells.shares.real > 0, term, 0)
    return _unless(_summed(cells.shares * counted), at_zero | _has_below_zero(cells))


def _has_below_zero(cells: Cells) -> NDArray[np.bool_]:
    below: NDArray[np.bool_] = np.any(cells.y.real < 0, axis=-1) | (cells.average.real <= 0)
    return below


def relative(measure: Numbers, mean: Numbers) -> Numbers:
    """Divide by the mean where it is above 0."""
    return _unless(measure / mean, mean.real <= 0)


# --------------------------------------------------------------------------------------- impact


def attributable(cells: Cells) -> Numbers:
    """Return by how much the mean would rise or fall if all were at the level of one group.

    That is the most advantaged of ordered groups, otherwise the best. Where the mean is better
    already there is nothing to gain: 0.
    """
    gain = unclipped(cells)
    worse = gain.real < 0 if cells.direction == "favourable" else gain.real > 0
    return _where_smooth(gain, worse, 0.0)


def unclipped(cells: Cells) -> Numbers:
    """Return the distance of the group aimed at from the mean."""
    aim = cells.y[:, -1] if cells.order == "ordered" else best(cells)
    return aim - cells.average


def attributable_fraction(cells: Cells) -> Numbers:
    """Return the gain by the mean."""
    return relative(attributable(cells), cells.average)


def aim_switches(cells: Cells) -> Numbers:
    """Return how far the choice of the group aimed at, and of its side of the mean, is from edge.

    The best of unordered groups is never on the wrong side, so there its rivals are what counts.
    """
    if cells.order == "ordered":
        return unclipped(cells)[:, None]
    return best_switches(cells)
