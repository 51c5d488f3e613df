"""Replicate weights of the rows in memory: those of the file, or factors made from its units."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.replicate import Centre, Kind, Replicates, replicate_covariance
from everycount.errors import MethodError, Problem
from everycount.survey.cells import as_numbers
from everycount.survey.findings import Findings
from everycount.survey.measure import Measure
from everycount.survey.plan import SurveyPlan

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Repeats:
    """Replicate weights of every row, and how estimates under them become variances."""

    matrix: FloatArray
    """Whole weights of the rows, or factors of their weights: (rows, R); factors of the units of
    the first stage if `place` is given, (units, R)."""
    are_factors: bool
    scale: float
    rscales: FloatArray
    centre: Centre
    kind: Kind
    place: IntArray | None = None
    """Unit of the first stage of each row."""
    df: int | None = None
    """Degrees of freedom as the producer states them."""

    @property
    def count(self) -> int:
        """Return the number of replicates."""
        return int(self.matrix.shape[1])

    def weights(self, measure: Measure, rows: IntArray) -> FloatArray:
        """Return the replicate weights of some rows for an outcome, 0 where they do not count.

        Parameters
        ----------
        measure : Measure
            The outcome.
        rows : ndarray of int, shape (n,)
            Numbers of the rows.

        Returns
        -------
        ndarray, shape (n, R)
        """
        own = measure.weight if self.are_factors else measure.counts
        found: FloatArray = self.of_rows(rows) * own[rows, None]
        return found

    def of_rows(self, rows: IntArray) -> FloatArray:
        """Return the weights or factors of some rows."""
        return self.matrix[rows if self.place is None else self.place[rows]]

    def whole(self, base: FloatArray) -> Replicates:
        """Return the whole weights of all rows, made from their sampling weights."""
        weights = self.of_rows(np.arange(len(base)))
        return Replicates(
            weights=weights * base[:, None] if self.are_factors else weights,
            scale=self.scale,
            rscales=self.rscales,
            centre=self.centre,
            kind=self.kind,
        )

    def freedom(self, rank: int) -> float:
        """Return degrees of freedom: those of the weights, no more than the producer states."""
        return float(rank if self.df is None else min(rank, self.df))

    def variance(self, series: FloatArray, full: float) -> float:
        """Return the variance of an estimate from its replicates, (R,); NaN where it is."""
        if np.isnan(full):
            return np.nan
        found = replicate_covariance(
            series, [full], scale=self.scale, rscales=self.rscales, centre=self.centre
        )
        return float(found[0, 0])


def are_factors(plan: SurveyPlan) -> bool:
    """Tell whether the replicate columns of the file multiply the sampling weight."""
    given = plan.design.sampling.replicates
    return given is not None and given.weights_are == "factors"


def refuse_own_weights(plan: SurveyPlan) -> None:
    """Refuse outcomes whose own weight has no replicates.

    Raises
    ------
    MethodError
        With every such outcome.
    """
    own = [outcome for outcome in plan.design.outcomes if outcome.weight]
    if own and plan.design.sampling.replicates and not are_factors(plan):
        expected = "the sampling weight, of which the file has replicates; or factors"
        raise MethodError(
            plan.source.name,
            (
                Problem(f"outcome {each.name}", f"a weight of its own ({each.weight})", expected)
                for each in own
            ),
        )


def replicate_columns(plan: SurveyPlan, frame: pl.DataFrame, findings: Findings) -> FloatArray:
    """Return the replicate weights or factors of a batch, (rows, R), faults noted."""
    weights = np.empty((len(frame), len(plan.replicates)))
    for at, name in enumerate(plan.replicates):
        numbers, _ = as_numbers(frame[name])
        faulty = ~(numbers >= 0)  # a missing one too
        if faulty.any():
            where, found = f"replicate weight, column {name}", "nothing, text or less than 0"
            findings.fault(where, found, "a number from 0", rows=int(faulty.sum()))
        weights[:, at] = np.where(faulty, 0.0, numbers)
    if not are_factors(plan):
        weights /= plan.design.sampling.weight_divisor
    return weights
