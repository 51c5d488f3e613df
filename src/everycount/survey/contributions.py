"""Who makes how much of a total: what dominance rules look at."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from everycount.arrays.lattice import Lattice, cells_above
from everycount.arrays.tables import table_strides
from everycount.errors import MethodError, Problem
from everycount.survey.batch import prepare
from everycount.survey.findings import Findings
from everycount.survey.plan import SurveyPlan

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contributions:
    """Weighted contributions of respondents to the total of one outcome."""

    amounts: FloatArray
    """Total of each joint cell, (joint,)."""
    largest: FloatArray
    """Largest contributions to each cell of the lattice, descending, 0 where there are fewer:
    (cells, k)."""


def contributions(
    plan: SurveyPlan, lattice: Lattice, number: int, *, largest: int
) -> Contributions:
    """Read the file once and return what respondents contribute to the total of an outcome.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    lattice : Lattice
        From `everycount.survey.joint_counts.joint_counts`.
    number : int
        Position of the outcome.
    largest : int
        How many contributions are kept of each cell.

    Raises
    ------
    MethodError
        If contributions are below 0: rules on who makes how much of a total say nothing of these.
    """
    below = 0
    # The lattice of a design without characteristics has one of a single level.
    crossed = range(len(plan.codings))
    strides = np.array(table_strides(lattice.levels, crossed), dtype=np.int64)
    amounts = np.zeros(lattice.joint)
    cells, values = np.empty(0, dtype=np.int64), np.empty(0)
    for frame in plan.source.batches(plan.columns):
        batch = prepare(plan, frame, 1, Findings())
        codes = np.array(batch.codes, dtype=np.int64).reshape(len(strides), batch.rows)
        joint, each = strides @ codes, batch.measures[number]
        amount = each.weight * each.value
        below += int((amount < 0).sum())
        amounts += np.bincount(joint, amount, lattice.joint)
        cells, values = top(np.append(cells, joint), np.append(values, amount), largest)
    if below:
        where = f"outcome {plan.design.outcomes[number].name}"
        told = f"{below:,} rows with a contribution below 0"
        expected = (
            "contributions of 0 or more, as rules on who makes how much of a total take them; or "
            "rules without largest_share and percent"
        )
        raise MethodError(plan.source.name, [Problem(where, told, expected)])
    above = cells_above(lattice, cells).reshape(len(cells), len(lattice.crossings))
    found = np.zeros((lattice.cells, largest))
    for column in above.T:
        kept, most = top(column, values, largest)
        at = np.arange(len(kept)) - np.searchsorted(kept, kept, side="left")
        found[kept, at] = most
    return Contributions(amounts=amounts, largest=found)


def top(cells: IntArray, values: FloatArray, number: int) -> tuple[IntArray, FloatArray]:
    """Return the largest values of each cell, cells ascending and values descending.

    Examples
    --------
    >>> top(np.array([1, 0, 1, 1]), np.array([2.0, 5.0, 9.0, 4.0]), 2)
    (array([0, 1, 1]), array([5., 9., 4.]))
    """
    order = np.lexsort([-values, cells])
    cells, values = cells[order], values[order]
    at = np.arange(len(cells)) - np.searchsorted(cells, cells, side="left")
    return cells[at < number], values[at < number]
