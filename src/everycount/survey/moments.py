"""What one pass over the rows leaves: covariances of the totals of every cell of every table."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from everycount.model.sampling import Lonely, LonelyDomains

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
WHOLE = 1e-7
"""A stratum of whose population a smaller share is missing is fully sampled; as R survey 4.5."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StratumMoments:
    """Moments of the unit totals of one stratum, in the cells where it has members.

    A and C are the two totals that an outcome's estimate is made of (`OutcomeSlots`). Members are
    rows in the universe; those that count have a known answer too.
    """

    units: int
    """Sampled units of the stratum, also those without members of a cell."""
    population: float
    """Units of the stratum in the population; infinite without a finite population correction."""
    cells: IntArray
    """Cells, (m,), each once."""
    sums: FloatArray
    """Sums over units of A and of C: (m, outcomes, 2)."""
    spread: FloatArray
    """Sums over units with members of the squared distances of A from its mean, of the products
    with those of C, and of the squared distances of C: (m, outcomes, 3). Unlike sums of squares
    they lose no digits where units hardly differ."""
    members: IntArray
    """Units with members, (m, outcomes)."""
    counted: IntArray
    """Units with members that count, (m, outcomes)."""
    fraction: float = 1.0
    """Share of the units above that were sampled, below the first stage."""

    @property
    def correction(self) -> float:
        """Return what finite populations leave of the variance; 0 if all units were sampled."""
        unsampled = 1 - self.units / self.population
        return 0.0 if unsampled < WHOLE else unsampled * self.fraction

    def around(self, what: Literal["mean", "nought"]) -> FloatArray:
        """Return squares and products of the distances of units from their means, or from 0.

        Units without members have totals of 0.

        Returns
        -------
        float array, shape (m, outcomes, 3)
            Of A, of A and C, of C.
        """
        first, second = self.sums[..., 0], self.sums[..., 1]
        products = np.stack([first * first, first * second, second * second], axis=-1)
        members = np.maximum(self.members, 1)
        if what == "nought":
            share = 1 / members
        else:  # 1 / members - 1 / units, which would lose digits where these are nearly alike
            share = (self.units - self.members) / (members * float(self.units))
        products *= share[..., None]
        products += self.spread
        return products


@dataclass(slots=True, eq=False)
class Folded:
    """Covariances of the totals of cells, built up stratum by stratum.

    A stratum is *treated* in a cell if a rule for lonely units is for it: it has one unit, or,
    where asked for, one unit with members that count. A stratum without members of a cell is not
    counted there, as if the design had been made for the cell alone; the variance is the same.

    Attributes
    ----------
    within : float array, shape (cells, outcomes, 3)
        Variance of A, covariance of A and C, variance of C, over the strata that are not treated.
    below : float array, shape (cells, outcomes, 3)
        The same from the stages of sampling below the first, to which no rule applies.
    treated : float array, shape (cells, outcomes, 5)
        Sums of A, C, their squares and product over the treated strata, times their corrections.
    weights : float array, shape (cells, outcomes)
        Corrections of the treated strata, times their units.
    units, strata : int arrays, shape (cells, outcomes)
        Units and strata with members, whose difference is the degrees of freedom.
    counted, treated_strata : int arrays, shape (cells, outcomes)
        Strata with members that count; treated ones among them.
    around : int array, shape (cells, outcomes)
        Units of the strata with members that count, also units without.
    sums : float array, shape (cells, outcomes, 2)
        A and C over all units.
    """

    within: FloatArray
    below: FloatArray
    treated: FloatArray
    weights: FloatArray
    units: IntArray
    strata: IntArray
    counted: IntArray
    treated_strata: IntArray
    around: IntArray
    sums: FloatArray

    @classmethod
    def empty(cls, cells: int, outcomes: int) -> "Folded":
        """Return covariances of nothing."""
        shape = (cells, outcomes)
        return cls(
            within=np.zeros((*shape, 3)),
            below=np.zeros((*shape, 3)),
            treated=np.zeros((*shape, 5)),
            weights=np.zeros(shape),
            units=np.zeros(shape, dtype=np.int64),
            strata=np.zeros(shape, dtype=np.int64),
            counted=np.zeros(shape, dtype=np.int64),
            treated_strata=np.zeros(shape, dtype=np.int64),
            around=np.zeros(shape, dtype=np.int64),
            sums=np.zeros((*shape, 2)),
        )

    def fold(self, stratum: StratumMoments, lonely_domains: LonelyDomains = "centre") -> None:
        """Add a finished stratum."""
        at, units = stratum.cells, stratum.units
        counted = stratum.counted
        self.units[at] += stratum.members
        self.strata[at] += stratum.members > 0
        self.counted[at] += counted > 0
        self.around[at] += units * (counted > 0)
        self.sums[at] += stratum.sums
        correction = stratum.correction
        if correction == 0:
            return
        if units == 1:
            self._treat(stratum, counted > 0, correction)
            return
        scale = correction * units / (units - 1)
        own = stratum.around("mean")
        own *= scale
        if lonely_domains == "adjust":
            is_treated = counted == 1
            own[is_treated] = 0.0
            self._treat(stratum, is_treated, scale)
        self.within[at] += own

    def _treat(self, stratum: StratumMoments, is_treated: BoolArray, scale: float) -> None:
        """Note a stratum for the rule for lonely units, in some of its cells."""
        at = stratum.cells
        sums = np.concatenate([stratum.sums, stratum.around("nought")], axis=-1)
        self.treated[at] += scale * np.where(is_treated[..., None], sums, 0.0)
        self.weights[at] += scale * stratum.units * is_treated
        self.treated_strata[at] += is_treated

    def alone(self, outcome: int) -> BoolArray:
        """Tell for each cell whether all its strata are treated, so that none tells the error."""
        counted = self.counted[:, outcome]
        return np.asarray((counted > 0) & (self.treated_strata[:, outcome] == counted))

    def covariance(self, lonely: Lonely, outcome: int) -> FloatArray:
        """Return the covariance of A and C in every cell under a rule for lonely units.

        Returns
        -------
        float array, shape (cells, 3)
            Variance of A, covariance, variance of C; NaN if the rule has nothing to go by.
        """
        within, below = self.within[:, outcome], self.below[:, outcome]
        treated = self.treated_strata[:, outcome]
        if lonely == "average":
            left = self.counted[:, outcome] - treated
            growth = np.full(left.shape, np.nan)
            np.divide(self.counted[:, outcome], left, out=growth, where=left > 0)
            growth[treated == 0] = 1.0
            grown: FloatArray = within * growth[:, None] + below
            return grown
        if lonely != "adjust" or not treated.any():
            return np.asarray(within + below)
        around = np.maximum(self.around[:, outcome], 1)
        first, second = (self.sums[:, outcome] / around[:, None]).T
        weight, sums = self.weights[:, outcome], self.treated[:, outcome].T
        own = [
            sums[2] - 2 * first * sums[0] + weight * first * first,
            sums[3] - first * sums[1] - second * sums[0] + weight * first * second,
            sums[4] - 2 * second * sums[1] + weight * second * second,
        ]
        return np.asarray(within + below + np.stack(own, axis=-1))
