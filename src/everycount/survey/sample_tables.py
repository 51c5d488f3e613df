"""Tables of a sample in memory: estimates of any domains of their cells, whatever errors are by."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from everycount.arrays.linearise import design_effect
from everycount.arrays.replicate import replicate_df
from everycount.model.design import Outcome
from everycount.survey.crossings import without_replacement
from everycount.survey.figures import (
    ROUNDING,
    Everyone,
    Figures,
    ReplicateFigures,
    linear,
    linear_figures,
)
from everycount.survey.measure import Measure
from everycount.survey.plan import SurveyPlan
from everycount.survey.quantiles import QuantileKind, quantile_figures
from everycount.survey.repeats import Repeats
from everycount.survey.sample import Sample
from everycount.survey.stages import Sampled
from everycount.survey.unit_totals import (
    TableTotals,
    add_up,
    cell_of_rows,
    cells_of,
    columns_of,
    estimates_of,
    parts_of,
    shifts_of,
)

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BLOCK: Final = 65_536
"""Rows of replicate weights brought together at a time; not critical."""
COLUMNS: Final = 32
"""Replicates added up at a time; not critical."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampleTables:
    """Several tables of one sample."""

    sample: Sample
    tables: tuple[tuple[int, ...], ...]
    quantiles: QuantileKind
    """How limits and errors of quantiles are made."""
    shifts: tuple[float, ...]
    values: FloatArray
    """What rows add to the totals of their units."""

    @classmethod
    def of(
        cls,
        sample: Sample,
        tables: tuple[tuple[int, ...], ...],
        *,
        quantiles: QuantileKind = "mean",
    ) -> "SampleTables":
        """Return tables by the positions of their characteristics."""
        outcomes = sample.plan.design.outcomes
        shifts = shifts_of(outcomes, sample.measures)
        return cls(
            sample=sample,
            tables=tables,
            quantiles=quantiles,
            shifts=shifts,
            values=columns_of(outcomes, sample.measures, shifts),
        )

    @property
    def plan(self) -> SurveyPlan:
        """Return the design, resolved."""
        return self.sample.plan

    @property
    def df(self) -> float:
        """Return the degrees of freedom of the whole sample."""
        sampled, repeats = self.sample.sampled, self.sample.repeats
        if repeats is None:
            assert sampled is not None
            return float(sampled.df(np.ones(sampled.units, dtype=np.bool_)))
        weights = repeats.matrix
        if repeats.are_factors and repeats.place is None:
            weights = weights * self.sample.weight[:, None]
        return repeats.freedom(replicate_df(weights))

    def table(self, at: int) -> "SampleTable":
        """Return the table at a position of `tables`."""
        sample, table = self.sample, self.tables[at]
        cell = cell_of_rows(sample.plan, table, sample.codes, sample.rows)
        cells = cells_of(sample.plan, table)
        totals = None
        if sample.sampled is not None:
            totals = TableTotals(
                table=table,
                cells=cells,
                units=sample.sampled.units,
                sums=add_up(sample.unit, cell, self.values),
            )
        order = np.argsort(cell, kind="stable")
        starts = np.searchsorted(cell[order], np.arange(len(cells) + 1))
        return SampleTable(
            of=self, table=table, cells=cells, totals=totals, order=order, starts=starts
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SampleTable:
    """One table of a sample."""

    of: SampleTables
    table: tuple[int, ...]
    cells: IntArray
    """Level of every characteristic, -1 where not crossed: (cells, characteristics)."""
    totals: TableTotals | None
    order: IntArray
    """Rows by cell."""
    starts: IntArray
    """Where each cell begins in `order`, and the end."""

    @property
    def sample(self) -> Sample:
        """Return the sample."""
        return self.of.sample

    def rows(self, cells: IntArray) -> IntArray:
        """Return the rows of some cells, ascending."""
        parts = [self.order[self.starts[at] : self.starts[at + 1]] for at in cells]
        return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *parts]))

    def counting(self, number: int, cells: IntArray) -> IntArray:
        """Return the rows of some cells that count for an outcome."""
        rows = self.rows(cells)
        return rows[self.sample.measures[number].counts[rows]]

    def counts(self, number: int) -> IntArray:
        """Return how many rows of each cell count for an outcome."""
        counts = self.sample.measures[number].counts[self.order].astype(np.int64)
        sums = np.concatenate([[0], np.cumsum(counts)])
        found: IntArray = np.diff(sums[self.starts])
        return found

    def weights(self, number: int) -> tuple[FloatArray, FloatArray]:
        """Return the weight of those who count in each cell, and of that the numerator."""
        measure = self.sample.measures[number]
        inside = self._incidence(None)
        return inside @ measure.weight, inside @ (measure.weight * measure.value)

    def figures(self, number: int, domains: BoolArray | None = None) -> Figures:
        """Return the estimates of an outcome in domains, each some cells; or in every cell.

        Parameters
        ----------
        number : int
            Position of the outcome.
        domains : ndarray of bool, shape (domains, cells), optional
            Cells that make each domain.
        """
        sample = self.sample
        outcome = sample.plan.design.outcomes[number]
        if outcome.statistic == "quantile":
            if domains is None:
                domains = np.eye(len(self.cells), dtype=np.bool_)
            rows = [self.rows(np.flatnonzero(cells)) for cells in domains]
            kind, rank = self.of.quantiles, self.rank(number, domains)
            return quantile_figures(sample, number, rows, kind=kind, rank=rank)
        if sample.repeats is not None:
            return self._replicated(number, sample.repeats, domains)
        assert self.totals is not None
        assert sample.sampled is not None
        of_everyone = self.is_of_everyone(outcome)
        return linear_figures(
            outcome,
            self.totals,
            number,
            sampled=sample.sampled,
            shift=self.of.shifts[number],
            domains=domains,
            everyone=self._everyone(number, sample.sampled) if of_everyone else None,
        )

    def is_of_everyone(self, outcome: Outcome) -> bool:
        """Tell whether shares are not of their cells."""
        return outcome.share_of == "everyone" and bool(self.table)

    def _everyone(self, number: int, sampled: Sampled) -> Everyone:
        """Return whom a share of everyone is of."""
        measure, unit, units = self.sample.measures[number], self.sample.unit, sampled.units
        return Everyone(
            weight=np.asarray(np.bincount(unit, measure.weight * measure.counts, units), float),
            counted=np.asarray(np.bincount(unit, measure.counts, units), float),
            asked=np.asarray(np.bincount(unit, measure.asked, units), float),
        )

    # ------------------------------------------------------------ replicates

    def _replicated(
        self, number: int, repeats: Repeats, domains: BoolArray | None
    ) -> ReplicateFigures:
        """Return estimates whose errors come from replicates."""
        sample = self.sample
        outcome, measure = sample.plan.design.outcomes[number], sample.measures[number]
        parts = parts_of(outcome, measure, self.of.shifts[number])
        inside = self._incidence(domains)
        above, below = (_weighted(inside, part, measure, repeats) for part in parts)
        counts = np.rint(inside @ measure.counts.astype(float)).astype(np.int64)
        of_everyone = self.is_of_everyone(outcome)
        if of_everyone:
            all_rows = sparse.csr_array(np.ones((1, sample.rows)))
            below = _weighted(all_rows, measure.counts.astype(float), measure, repeats) - above
        estimates = estimates_of(outcome, above, below, self.of.shifts[number])
        estimates = np.where(counts[:, None] > 0, estimates, np.nan)
        return ReplicateFigures(
            estimate=estimates[:, 0],
            rows=np.full(len(counts), measure.counts.sum()) if of_everyone else counts,
            series=estimates[:, 1:],
            repeats=repeats,
            rank=self.rank(number, domains),
        )

    def _incidence(self, domains: BoolArray | None) -> sparse.csr_array:
        """Return which rows each domain has, (domains, rows)."""
        rows = self.order[self.starts[0] :]
        cell = np.repeat(np.arange(len(self.cells)), np.diff(self.starts))
        shape = (len(self.cells), self.sample.rows)
        inside = sparse.csr_array((np.ones(len(rows)), (cell, rows)), shape=shape)
        return inside if domains is None else sparse.csr_array(domains.astype(float) @ inside)

    def rank(self, number: int, domains: BoolArray | None) -> Callable[[int, int], int]:
        """Return what gives the degrees of freedom of replicate weights in two domains."""
        reduced: dict[int, FloatArray] = {}
        found: dict[tuple[int, ...], int] = {}
        everyone = self.is_of_everyone(self.sample.plan.design.outcomes[number])

        def rank(one: int, other: int) -> int:
            if domains is None:
                cells = tuple(sorted({one, other}))
            else:
                cells = tuple(np.flatnonzero(domains[one] | domains[other]).tolist())
            cells = (-1,) if everyone else cells
            if cells not in found:
                for cell in cells:
                    if cell not in reduced:
                        reduced[cell] = self._reduced(number, cell)
                found[cells] = replicate_df(np.concatenate([reduced[cell] for cell in cells]))
            return found[cells]

        return rank

    def _reduced(self, number: int, cell: int) -> FloatArray:
        """Return a matrix of the rank of the replicate weights of those asked in a cell."""
        repeats, measure = self.sample.repeats, self.sample.measures[number]
        assert repeats is not None
        statistic = self.sample.plan.design.outcomes[number].statistic
        asked = measure.counts if statistic == "quantile" else measure.asked
        rows = np.arange(self.sample.rows) if cell < 0 else self.rows(np.array([cell]))
        rows = rows[asked[rows]]
        if repeats.place is not None:  # rows of a unit have the same factors
            _, first = np.unique(repeats.place[rows], return_index=True)
            rows = rows[first]
        triangle = np.zeros((0, repeats.count))
        for start in range(0, len(rows), max(BLOCK, repeats.count)):
            part = rows[start : start + max(BLOCK, repeats.count)]
            weights = repeats.of_rows(part)
            if repeats.are_factors and repeats.place is None:
                weights = weights * self.sample.weight[part, None]
            triangle = np.concatenate([triangle, weights])
            if len(triangle) > repeats.count:
                triangle = np.asarray(np.linalg.qr(triangle, mode="r"))
        return triangle

    # ------------------------------------------------------------ design effects

    def design_effects(self, number: int, variances: FloatArray) -> FloatArray:
        """Return the design effect of an outcome in every cell, NaN for quantiles.

        Parameters
        ----------
        number : int
            Position of the outcome.
        variances : ndarray, shape (cells,)
            Of its estimates.
        """
        sample = self.sample
        outcome, measure = sample.plan.design.outcomes[number], sample.measures[number]
        found = np.full(len(variances), np.nan)
        if outcome.statistic == "quantile":
            return found
        above, below = parts_of(outcome, measure, self.of.shifts[number])
        everyone = np.flatnonzero(measure.counts)
        reference: Literal["without", "with"] = (
            "without" if without_replacement(sample.plan.design.sampling) else "with"
        )
        for cell in np.flatnonzero(~np.isnan(variances)):
            rows = self.counting(number, np.array([cell]))
            own, other = above[rows], below[rows]
            if self.is_of_everyone(outcome):
                own = np.where(np.isin(everyone, rows), above[everyone], 0.0)
                rows, other = everyone, 1 - own
            weight = measure.weight[rows]
            scores = _row_scores(outcome, own * weight, other * weight, self.of.shifts[number])
            found[cell] = design_effect(
                [variances[cell]], scores[:, None], weight, reference=reference
            )[0]
        return found


def _row_scores(outcome: Outcome, above: FloatArray, below: FloatArray, shift: float) -> FloatArray:
    """Return the scores of the rows of one domain."""
    _, slopes = linear(outcome, np.array([above.sum()]), np.array([below.sum()]), shift)
    first, second = slopes[0, 0] * above, slopes[0, 1] * below
    scores: FloatArray = first + second
    scores[np.abs(scores) <= ROUNDING * (np.abs(first) + np.abs(second))] = 0.0
    return scores


def _weighted(
    inside: sparse.csr_array, part: FloatArray, measure: Measure, repeats: Repeats
) -> FloatArray:
    """Return sums over domains under the full weight and every replicate, (domains, R + 1)."""
    sums = np.empty((inside.shape[0], repeats.count + 1))
    sums[:, 0] = inside @ (measure.weight * part)
    own = part * (measure.weight if repeats.are_factors else measure.counts)
    for start in range(0, repeats.count, COLUMNS):
        weights = repeats.matrix[:, start : start + COLUMNS]
        weights = weights if repeats.place is None else weights[repeats.place]
        sums[:, start + 1 : start + 1 + weights.shape[1]] = inside @ (weights * own[:, None])
    return sums
