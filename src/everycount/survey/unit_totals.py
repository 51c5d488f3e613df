"""Totals of every sampled unit in every cell: what differences and replicates follow from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Final, Literal, Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from everycount.arrays.replicate import Factors
from everycount.arrays.tables import table_strides
from everycount.model.design import Outcome
from everycount.survey.findings import Findings, no_rows
from everycount.survey.measure import Measure, about_mean
from everycount.survey.plan import SurveyPlan
from everycount.survey.sample import units_of_batches
from everycount.survey.stages import Register, Sampled

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Part = Literal["rows", "asked", "first", "second"]
PARTS: Final[tuple[Part, ...]] = ("rows", "asked", "first", "second")
"""What is added up of each outcome: rows that count, rows asked, and A and C of its estimate."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sums:
    """Sums by unit and cell of one table, each pair once, in the order of units, then cells."""

    unit: IntArray
    cell: IntArray
    values: FloatArray
    """(pairs, 4 x outcomes): `PARTS` of the first outcome, of the second, ..."""


def add_up(unit: IntArray, cell: IntArray, values: FloatArray) -> Sums:
    """Return sums by unit and cell, added in the order of the rows.

    Parameters
    ----------
    unit, cell : ndarray of int, shape (rows,)
        Codes from 0; a cell below 0 is that of rows which are left out.
    values : ndarray, shape (rows, k)
        What is added up.

    Examples
    --------
    >>> found = add_up(np.array([1, 0, 1]), np.array([0, 0, 0]), np.array([[1.0], [2.0], [3.0]]))
    >>> found.unit, found.values[:, 0]
    (array([0, 1]), array([2., 4.]))
    """
    if (cell < 0).any():
        unit, cell, values = unit[cell >= 0], cell[cell >= 0], values[cell >= 0]
    width = int(cell.max(initial=0)) + 1
    pairs, place = np.unique(unit * width + cell, return_inverse=True)
    sums = [np.bincount(place, column, len(pairs)) for column in values.T]
    return Sums(unit=pairs // width, cell=pairs % width, values=np.column_stack(sums))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableTotals:
    """Totals of the units in the cells of one table."""

    table: tuple[int, ...]
    """Characteristics that are crossed, by position."""
    cells: IntArray
    """Level of every characteristic, -1 where not crossed: (cells, characteristics)."""
    units: int
    sums: Sums

    def matrix(self, number: int, part: Part) -> sparse.csc_array:
        """Return what the units have of an outcome in each cell, (units, cells)."""
        values = self.sums.values[:, len(PARTS) * number + PARTS.index(part)]
        pairs = (self.sums.unit, self.sums.cell)
        return sparse.csc_array((values, pairs), shape=(self.units, len(self.cells)))


class Shelf(Protocol):
    """Where sums are kept until all rows have been seen: in memory, or on a disk."""

    def put(self, table: int, part: Sums) -> None:
        """Keep a part of the sums of a table."""

    def take(self, table: int) -> list[Sums]:
        """Return the parts of a table in the order they came."""


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """A shelf in memory."""

    parts: dict[int, list[Sums]] = field(default_factory=dict)

    def put(self, table: int, part: Sums) -> None:
        """Keep a part of the sums of a table."""
        self.parts.setdefault(table, []).append(part)

    def take(self, table: int) -> list[Sums]:
        """Return the parts of a table in the order they came."""
        return self.parts.get(table, [])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UnitTotals:
    """Totals of the sampled units in the cells of several tables.

    Units are those of the last stage of sampling that adds to the variance.
    """

    plan: SurveyPlan
    tables: tuple[tuple[int, ...], ...]
    sampled: Sampled
    shifts: tuple[float, ...]
    """What was taken off the values of each outcome."""
    shelf: Shelf
    findings: Findings

    def table(self, at: int) -> TableTotals:
        """Return the totals of the table at a position of `tables`."""
        parts = self.shelf.take(at)
        sums = add_up(
            np.concatenate([part.unit for part in parts]),
            np.concatenate([part.cell for part in parts]),
            np.concatenate([part.values for part in parts]),
        )
        return TableTotals(
            table=self.tables[at],
            cells=cells_of(self.plan, self.tables[at]),
            units=self.sampled.units,
            sums=sums,
        )


def unit_totals(
    plan: SurveyPlan, tables: Sequence[tuple[int, ...]], *, shelf: Shelf | None = None
) -> UnitTotals:
    """Read the file once and return the totals of its units in the cells of some tables.

    Memory is proportional to the units, and so is that of the shelf, times the cells in which a
    unit has members; rows may stand in any order.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved. Outcomes are proportions, means, totals or ratios; errors come from
        its strata and units.
    tables : sequence of tuples of int
        Tables by positions of characteristics; rows without a level of one are left out.
    shelf : Shelf, optional
        Where sums are kept. Left out: in memory.

    Raises
    ------
    InputError
        With every fault of the rows, counted.
    MethodError
        If the file has no rows, or a stratum has one unit and the rule is to fail.
    """
    shelf = Memory() if shelf is None else shelf
    findings, register = Findings(), Register(plan=plan)
    shifts: tuple[float, ...] | None = None
    for _, batch, unit in units_of_batches(plan, register, findings):
        if shifts is None:
            shifts = shifts_of(plan.design.outcomes, batch.measures)
        values = columns_of(plan.design.outcomes, batch.measures, shifts)
        for at, table in enumerate(tables):
            shelf.put(at, add_up(unit, cell_of_rows(plan, table, batch.codes, batch.rows), values))
    if shifts is None:
        raise no_rows(plan.source.name)
    sampled = register.sampled(findings)
    findings.raise_faults(plan.source.name)
    assert sampled is not None
    sampled.refuse_lonely(plan.source.name)
    return UnitTotals(
        plan=plan,
        tables=tuple(tables),
        sampled=sampled,
        shifts=shifts,
        shelf=shelf,
        findings=findings,
    )


def shifts_of(outcomes: Sequence[Outcome], measures: Sequence[Measure]) -> tuple[float, ...]:
    """Return about the mean of each mean, so that sums lose no digits; 0 for other statistics."""
    return tuple(
        about_mean(outcome, each) if outcome.statistic == "mean" else 0.0
        for outcome, each in zip(outcomes, measures, strict=True)
    )


def parts_of(outcome: Outcome, each: Measure, shift: float) -> tuple[FloatArray, FloatArray]:
    """Return by row what A and C of an outcome are sums of, before weights.

    For a proportion 1 with and 1 without the outcome; for a mean the value less the shift, and 1;
    for a total the value and 1; for a ratio the numerator and the denominator.
    """
    counts = each.counts.astype(float)
    if outcome.statistic == "proportion":
        return each.value * counts, (1 - each.value) * counts
    if each.denominator is not None:
        return each.value * counts, each.denominator * counts
    return (each.value - shift) * counts, counts


def columns_of(
    outcomes: Sequence[Outcome], measures: Sequence[Measure], shifts: Sequence[float]
) -> FloatArray:
    """Return what rows add to `Sums`, (rows, 4 x outcomes)."""
    columns = []
    for outcome, each, shift in zip(outcomes, measures, shifts, strict=True):
        first, second = parts_of(outcome, each, shift)
        columns += [each.counts, each.asked, each.weight * first, each.weight * second]
    return np.column_stack(columns).astype(float)


def cell_of_rows(
    plan: SurveyPlan, table: Sequence[int], codes: Sequence[IntArray], rows: int
) -> IntArray:
    """Return the cell of each row in a table, -1 where it has no level of a characteristic."""
    cell = np.zeros(rows, dtype=np.int64)
    for at, stride in zip(table, table_strides(plan.sizes, table), strict=True):
        cell[codes[at] == plan.sizes[at]] = -1
        cell = np.where(cell < 0, -1, cell + stride * codes[at])
    return cell


def cells_of(plan: SurveyPlan, table: Sequence[int]) -> IntArray:
    """Return the level of every characteristic in every cell of a table, -1 where not crossed."""
    shape = [plan.sizes[at] for at in table]
    cells = np.full((prod(shape), len(plan.sizes)), -1, dtype=np.int64)
    grid = np.indices(shape).reshape(len(shape), prod(shape))
    for at, levels in zip(table, grid, strict=True):
        cells[:, at] = levels
    return cells


def estimates_of(
    outcome: Outcome, first: FloatArray, second: FloatArray, shift: float
) -> FloatArray:
    """Return estimates from their totals A and C; NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if outcome.statistic == "total":
            return first
        if outcome.statistic == "proportion":
            return np.asarray(first / (first + second))
        whole = np.where(second == 0, np.nan, second)  # a ratio to nothing is none
        return np.asarray(first / whole + shift)


def replicate_estimates_of_units(
    totals: UnitTotals, factors: Factors, *, table: int = 0, outcome: int = 0
) -> FloatArray:
    """Return the estimates of the cells of a table under replicates of its units.

    Parameters
    ----------
    totals : UnitTotals
        Totals of the units.
    factors : Factors
        From `everycount.arrays.resample`, of the units of the first stage in the order of
        `Sampled.psu`.
    table, outcome : int
        Positions of the table and of the outcome.

    Returns
    -------
    ndarray, shape (cells, R + 1)
        The estimate of the full sample, then those of the replicates; NaN where there is none.
    """
    found = totals.table(table)
    rows = np.column_stack([np.ones(totals.sampled.units), factors.factors[totals.sampled.psu]])
    first, second = (found.matrix(outcome, part).T @ rows for part in ("first", "second"))
    each = totals.plan.design.outcomes[outcome]
    estimates = estimates_of(each, first, second, totals.shifts[outcome])
    has_members = np.asarray(found.matrix(outcome, "rows").sum(axis=0)) > 0
    return np.where(has_members[:, None], estimates, np.nan)
