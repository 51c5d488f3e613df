"""Estimates of every cell from the moments of one pass."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from everycount.model.design import Outcome
from everycount.model.sampling import Sampling
from everycount.survey.totals import CellMoments

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
ROUNDING = 1e-13
"""Share of the terms of a variance below which their sum is rounding: an error 3e-7 of the size of
the estimate."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellEstimates:
    """One outcome in every cell, each field (cells,). NaN where a cell has nobody who counts."""

    outcome: Outcome
    estimate: FloatArray
    std_error: FloatArray
    df: FloatArray
    """Units less strata with members: 0 or more."""
    deff: FloatArray
    """Design effect; NaN where simple random sampling would have no error."""
    n: IntArray
    """Rows that count, unweighted."""
    weighted: FloatArray
    """Sum of their weights."""
    yes: FloatArray
    """Weighted numerator; for a proportion the weight of those with the outcome."""
    log_odds_error: FloatArray | None = None
    """Standard error of the log odds of a proportion, where it comes from replicates."""


def cell_estimates(moments: CellMoments, number: int) -> CellEstimates:
    """Return the estimates of one outcome in every cell.

    Parameters
    ----------
    moments : CellMoments
        From `everycount.survey.totals.cell_moments` or from an Ibis backend.
    number : int
        Position of the outcome in the design.

    Notes
    -----
    An estimate is linear in the totals A and C up to a remainder; its variance follows from
    theirs. What the design effect compares with is said by `Sampling.simple_random`. Degrees of
    freedom count the units with members of the universe, answers known or not, as R does. Where
    all strata of a cell have a single unit each there is no error, though R has one of 0 under the
    rules ``remove`` and ``certainty``.
    """
    outcome = moments.plan.design.outcomes[number]
    slots = moments.slots.outcomes[number]
    totals = moments.totals
    count = np.rint(totals[:, slots.rows]).astype(np.int64)
    weight = totals[:, slots.weight]
    estimate, first, second = _linear(outcome, number, moments)
    sampling = moments.plan.design.sampling
    covariance = moments.folded.covariance(sampling.lonely, number)
    with np.errstate(invalid="ignore"):
        variance = difference(
            first * first * covariance[:, 0],
            2 * first * second * covariance[:, 1],
            second * second * covariance[:, 2],
        )
        if sampling.lonely != "adjust" or len(moments.lonely) == moments.strata:
            # Where no stratum says anything of the error, none is not an error of 0.
            variance[moments.folded.alone(number) & (variance == 0)] = np.nan
        deff = variance / _random(outcome, number, moments, estimate=estimate)
    empty = count == 0
    return CellEstimates(
        outcome=outcome,
        estimate=np.where(empty, np.nan, estimate),
        std_error=np.where(empty, np.nan, np.sqrt(variance)),
        df=(moments.folded.units - moments.folded.strata)[:, number].astype(float),
        deff=deff,
        n=count,
        weighted=weight,
        yes=totals[:, slots.value],
    )


def difference(*terms: FloatArray) -> FloatArray:
    """Return a sum of terms that is no less than 0, and 0 where all but rounding cancels.

    Terms of a variance cancel where all people, or all units, have the same value.
    """
    found: FloatArray = np.sum(terms, axis=0)
    size = np.sum(np.abs(terms), axis=0)
    return np.where(found < ROUNDING * size, 0.0, found)


def without_replacement(sampling: Sampling) -> bool:
    """Tell whether design effects compare with simple random sampling without replacement."""
    if sampling.simple_random is not None:
        return sampling.simple_random == "without"
    return sampling.population is not None


def _linear(
    outcome: Outcome, number: int, moments: CellMoments
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the estimate, and how it changes with A and with C."""
    slots, totals = moments.slots.outcomes[number], moments.totals
    value, weight = totals[:, slots.value], totals[:, slots.weight]
    with np.errstate(divide="ignore", invalid="ignore"):
        if outcome.statistic == "total":
            return value, np.ones(len(value)), np.zeros(len(value))
        if outcome.statistic == "ratio":
            below = totals[:, slots.other]
            below = np.where(below == 0, np.nan, below)  # a ratio to nothing is none
            ratio = value / below
            return ratio, 1 / below, -ratio / below
        mean = value / weight
        if slots.is_share:
            return mean, moments.folded.sums[:, number, 1] / weight / weight, -mean / weight
        return _back(mean, moments.shifts[number]), 1 / weight, -mean / weight


def _back(mean: FloatArray, shift: float) -> FloatArray:
    """Return means on the scale of the data, 0 where all but rounding cancels."""
    found = mean + shift
    return np.where(np.abs(found) < ROUNDING * abs(shift), 0.0, found)


def _random(
    outcome: Outcome, number: int, moments: CellMoments, *, estimate: FloatArray
) -> FloatArray:
    """Return the variance of the same estimate from a simple random sample of as many rows."""
    slots, totals = moments.slots.outcomes[number], moments.totals
    count, weight, value = (totals[:, at] for at in (slots.rows, slots.weight, slots.value))
    with np.errstate(divide="ignore", invalid="ignore"):
        if slots.is_share:
            spread = value / weight * moments.folded.sums[:, number, 1]
        elif outcome.statistic == "ratio":
            squares, products, below = (totals[:, slot] for slot in slots.squares)
            spread = difference(squares, -2 * estimate * products, estimate * estimate * below)
        else:
            shifted = value - moments.shifts[number] * weight if slots.is_total else value
            spread = difference(totals[:, slots.squares[0]], -shifted * shifted / weight)
        return simple_random(
            outcome,
            moments.plan.design.sampling,
            count=np.rint(count).astype(np.int64),
            weight=weight,
            spread=spread,
            below=totals[:, slots.other],
        )


def simple_random(
    outcome: Outcome,
    sampling: Sampling,
    *,
    count: IntArray,
    weight: FloatArray,
    spread: FloatArray,
    below: FloatArray,
) -> FloatArray:
    """Return the variances of estimates if their rows were a simple random sample.

    Parameters
    ----------
    outcome : Outcome
        What is estimated.
    sampling : Sampling
        Says whether that sample would be drawn with replacement.
    count : int array, shape (cells,)
        Rows that count.
    weight : float array, shape (cells,)
        Sum of their weights.
    spread : float array, shape (cells,)
        Weighted sum of squared distances: of values from their mean, for a ratio of numerators
        from the ratio times the denominators.
    below : float array, shape (cells,)
        For a ratio, the weighted sum of its denominators.

    Returns
    -------
    float array, shape (cells,)
        NaN where there is none, as everybody has the same value.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        random = weight * spread / (count - 1)
        if outcome.statistic == "ratio":
            random = random / (below * below)
        elif outcome.statistic != "total":
            random = random / (weight * weight)
        if without_replacement(sampling):
            random = random * (1 - count / weight)
        return np.where((count > 1) & (random > 0), random, np.nan)
