"""Equating: put a scale on the metric of another by the items they share, and count beyond."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

from everycount.errors import ColumnError

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Equating:
    """How the metric of a scale turns into that of a standard: shift + scale * severity."""

    scale: float
    shift: float
    common: NDArray[np.bool_]
    """Items that carry the metric, shape (k,); the others mean something of their own here."""
    correlation: float
    """Of the severities of the common items on both scales."""
    difference: Array
    """Severity on the standard's metric less that of the standard, shape (k,), in its logits."""

    def to_standard(self, severity: ArrayLike) -> Array:
        """Return severities of this scale on the metric of the standard."""
        return np.asarray(self.shift + self.scale * np.asarray(severity, float))

    def from_standard(self, severity: ArrayLike) -> Array:
        """Return severities on the metric of the standard, such as thresholds, on this scale."""
        return np.asarray((np.asarray(severity, float) - self.shift) / self.scale)


def equate(
    severity: ArrayLike, standard: ArrayLike, *, tolerance: float = 0.35, least: int = 4
) -> Equating:
    """Equate a scale to a standard by the items that stand alike on both.

    Starting with all items, mean and standard deviation of the common items are made equal on
    both scales; the item farthest from the standard is set aside if it is beyond the tolerance,
    and this is repeated until none is.

    Parameters
    ----------
    severity, standard : array_like, shape (k,)
        Severities of the same items on this scale and on the standard.
    tolerance : float
        Distance in logits of the standard up to which an item is common.
    least : int
        Fewest common items with which scales may be equated. FAO asks for four of the eight FIES
        items; its software keeps five unless told otherwise.

    Returns
    -------
    Equating

    Raises
    ------
    ColumnError
        Naming the items set aside and the next, if that leaves fewer than `least`; or all items
        if they stand alike.

    References
    ----------
    .. [1] Cafiero, C., Viviani, S. and Nord, M. (2018), Food security measurement in a global
       context: the Food Insecurity Experience Scale, Measurement 116.
    .. [2] FAO, metadata of SDG indicator 2.1.2 (2023), data sources: at least four of the eight
       items must be common.
    .. [3] Viviani, S. (2018), RM.weights 2.0, function equating.fun: tolerance 0.35. Compared
       with its figures for four countries.

    Examples
    --------
    >>> found = equate([-1.2, -0.4, 0.4, 1.2, 0.0], [-0.6, -0.2, 0.2, 0.6, 0.9], least=4)
    >>> round(found.scale, 3), found.common
    (0.5, array([ True,  True,  True,  True, False]))
    """
    own, other = np.asarray(severity, float), np.asarray(standard, float)
    common = np.ones(own.size, bool)
    if not own.std() * other.std():
        wanted = "severities that differ from item to item"
        raise ColumnError((j, f"{own[j]:g} as for every item", wanted) for j in range(own.size))
    while True:
        scale = float(other[common].std() / own[common].std())
        shift = float(other[common].mean() - scale * own[common].mean())
        difference = shift + scale * own - other
        farthest = int(np.argmax(np.where(common, np.abs(difference), -1.0)))
        if abs(difference[farthest]) <= tolerance:
            break
        common[farthest] = False
        if common.sum() < least:
            wanted = f"at most {tolerance:g}, or {own.size - least} such items at most"
            raise ColumnError(
                (int(j), f"{difference[j]:+.2f} logits from the standard", wanted)
                for j in np.flatnonzero(~common)
            )
    return Equating(
        scale=scale,
        shift=shift,
        common=common,
        correlation=float(np.corrcoef(own[common], other[common])[0, 1]),
        difference=difference,
    )


def share_beyond(severity: ArrayLike, error: ArrayLike, threshold: float) -> Array:
    """Return for each raw score the probability that people with it are beyond a threshold.

    People with a score are spread normally about its severity with its error of measurement. A
    raw score of 0 counts as not beyond, whatever the threshold, as FAO has it.

    Parameters
    ----------
    severity, error : array_like, shape (k + 1,)
        Severity of people with raw score 0 to k and its error, as `person_severities` gives.
    threshold : float
        On the same metric.

    Returns
    -------
    ndarray, shape (k + 1,)

    References
    ----------
    .. [1] Cafiero, C., Viviani, S. and Nord, M. (2018), Measurement 116; RM.weights 2.0,
       function prob.assign.

    Examples
    --------
    >>> share_beyond([-2.0, 0.0, 2.0], [1.0, 1.0, 1.0], 0.0).round(3)
    array([0.   , 0.5  , 0.977])
    """
    found = ndtr((np.asarray(severity, float) - threshold) / np.asarray(error, float))
    found[0] = 0.0
    return np.asarray(found)
