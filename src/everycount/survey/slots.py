"""Which sums each outcome needs, and where they stand in a row of the kernel's table."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from everycount.model.design import Outcome
from everycount.survey.measure import Measure

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeSlots:
    """Places of the sums of one outcome.

    A and C are what its estimate is made of: for a proportion the weight of those with and
    without it, for a mean the weighted values less a shift and the weight, for a total the weighted
    values and the weight, for a ratio the weighted numerators and denominators.
    """

    rows: int
    asked: int
    """Rows in the universe, known or not."""
    weight: int
    value: int
    """A; C is weight less A for a proportion, `other` for a ratio, weight otherwise."""
    other: int
    squares: tuple[int, ...]
    """Weighted squares: of the value less its shift; for a ratio also the product and the square
    of the denominator. None for a proportion, which is its own square."""
    is_share: bool
    is_total: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPlan:
    """Places of the sums of all outcomes. Slot 0 counts rows."""

    outcomes: tuple[OutcomeSlots, ...]
    count: int

    @property
    def pairs(self) -> IntArray:
        """Return the slots of A, C and rows asked, 1 where C is the weight less A, and rows."""
        return np.array(
            [
                [each.value, each.other, each.asked, int(each.is_share), each.rows]
                for each in self.outcomes
            ],
            dtype=np.int64,
        ).reshape(-1, 5)


def plan_slots(outcomes: Sequence[Outcome], own: Sequence[bool]) -> SlotPlan:
    """Give every outcome its slots.

    Parameters
    ----------
    outcomes : sequence of Outcome
        The outcomes.
    own : sequence of bool
        Whether some rows do not count for it, so that it needs rows and weights of its own.

    Examples
    --------
    >>> two = [Outcome(name="reads"), Outcome(name="works")]
    >>> plan_slots(two, [False, False]).pairs.tolist()
    [[2, 1, 0, 1, 0], [3, 1, 0, 1, 0]]
    """
    count = 1
    shared: dict[tuple[str | None, float | None], int] = {}
    for outcome, apart in zip(outcomes, own, strict=True):
        if not apart and (outcome.weight, outcome.weight_divisor) not in shared:
            shared[outcome.weight, outcome.weight_divisor] = count
            count += 1
    placed = []
    for outcome, apart in zip(outcomes, own, strict=True):
        if apart:
            rows, asked, weight = count, count + 1, count + 2
            count += 3
        else:
            rows, asked, weight = 0, 0, shared[outcome.weight, outcome.weight_divisor]
        value = count
        count += 1
        is_ratio = outcome.statistic == "ratio"
        other = count if is_ratio else weight
        count += is_ratio
        is_share = outcome.statistic == "proportion"
        number = 0 if is_share else 3 if is_ratio else 1
        squares = tuple(range(count, count + number))
        count += number
        placed.append(
            OutcomeSlots(
                rows=rows,
                asked=asked,
                weight=weight,
                value=value,
                other=other,
                squares=squares,
                is_share=is_share,
                is_total=outcome.statistic == "total",
            )
        )
    return SlotPlan(outcomes=tuple(placed), count=count)


def fill(
    values: FloatArray, slots: SlotPlan, measures: Sequence[Measure], shifts: Sequence[float]
) -> None:
    """Write what a batch adds up into its columns.

    Parameters
    ----------
    values : float array, shape (rows, padded slots)
        Zeros, changed in place.
    slots : SlotPlan
        Where things go.
    measures : sequence of Measure
        The outcomes of the batch.
    shifts : sequence of float
        What is taken off the values of each outcome: of a mean altogether, of a total before they
        are squared.
    """
    values[:, 0] = 1.0
    for place, each, shift in zip(slots.outcomes, measures, shifts, strict=True):
        if place.rows:
            values[:, place.rows] = each.counts
            values[:, place.asked] = each.asked
        values[:, place.weight] = each.weight
        value = each.value if shift == 0 else np.where(each.counts, each.value - shift, 0.0)
        weighted = each.weight * value
        values[:, place.value] = each.weight * each.value if place.is_total else weighted
        if each.denominator is not None:
            below = each.weight * each.denominator
            values[:, place.other] = below
            values[:, place.squares[1]] = weighted * each.denominator
            values[:, place.squares[2]] = below * each.denominator
        if place.squares:
            values[:, place.squares[0]] = weighted * value
