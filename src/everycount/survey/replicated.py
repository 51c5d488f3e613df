"""Estimates of every cell under replicate weights: rows become joint cells, then tables."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

from everycount.arrays.replicate import Centre, standard_scale
from everycount.arrays.tables import TablePlan, cell_codes, plan_tables, table_strides
from everycount.errors import MethodError, Problem
from everycount.model.design import Outcome
from everycount.survey.batch import Batch, prepare
from everycount.survey.crossings import CellEstimates, difference, simple_random
from everycount.survey.findings import Findings, no_rows
from everycount.survey.measure import Measure, about_mean
from everycount.survey.patterns import Patterns
from everycount.survey.plan import SurveyPlan
from everycount.survey.repeats import are_factors, refuse_own_weights, replicate_columns

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BATCH = 5_000_000
"""Replicate weights read at a time: 40 MB."""
ROOM = 30_000_000
"""Sums of joint cells kept before they are rolled up: 240 MB."""
ROUNDING = 1e-14
"""Share of an estimate that is rounding: replicates no further from it are the same. 45 times the
distance between doubles."""
HEAD = 5
"""Sums of an outcome before those under replicate weights: rows, weight, three of squares."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplicateSums:
    """Weighted sums of every cell under every replicate weight; the full weight comes first.

    Cells are numbered as in `everycount.survey.totals.CellMoments`.
    """

    plan: SurveyPlan
    tables: tuple[tuple[int, ...], ...]
    codes: IntArray
    rows: IntArray
    """Rows that count, (cells, outcomes)."""
    people: FloatArray
    """Sum of the full weights, (cells, outcomes)."""
    first: FloatArray
    """Weighted values: for a mean less its shift, for a proportion the weight of those with the
    outcome, for a ratio the numerator: (cells, outcomes, R + 1)."""
    second: FloatArray
    """For a proportion the weight of those without the outcome, for a ratio the weighted
    denominator, otherwise the weight: (cells, outcomes, R + 1)."""
    squares: FloatArray
    """Weighted squares of values less their shift, their products with denominators and the
    squares of these, under the full weight: (cells, outcomes, 3)."""
    shifts: tuple[float, ...]
    df: IntArray
    scale: float
    rscales: FloatArray
    centre: Centre
    findings: Findings


@dataclass(slots=True, eq=False)
class _Joint:
    """Sums of joint cells, of all characteristics at once, rolled up when there are many."""

    whole: TablePlan
    strides: IntArray
    room: int = ROOM
    cells: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    sums: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    rolled: FloatArray | None = None

    def add(self, cells: IntArray, sums: FloatArray) -> None:
        """Add sums of joint cells, each of which comes once and in order."""
        new = np.setdiff1d(cells, self.cells, assume_unique=True)
        if len(new):
            place = np.searchsorted(self.cells, new)
            self.cells = np.insert(self.cells, place, new)
            self.sums = np.insert(self.sums.reshape(-1, sums.shape[1]), place, 0.0, axis=0)
        self.sums[np.searchsorted(self.cells, cells)] += sums
        if self.sums.size > self.room:
            self.roll_up()

    def roll_up(self) -> FloatArray:
        """Add what there is to the cells of all tables, and return these."""
        into = list(table_cells(self.cells, self.strides, self.whole))
        joint = np.tile(np.arange(len(self.cells)), len(into))
        shape = (self.whole.cells, len(self.cells))
        made_of = sparse.csr_matrix((np.ones(len(joint)), (np.concatenate(into), joint)), shape)
        more = np.asarray(made_of @ self.sums)
        self.rolled = more if self.rolled is None else self.rolled + more
        self.cells, self.sums = self.cells[:0], self.sums[:0]
        return self.rolled


def replicate_sums(plan: SurveyPlan) -> ReplicateSums:
    """Read the file once and return the sums of all cells under all replicate weights.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved, with replicate weights.

    Returns
    -------
    ReplicateSums
        What estimates and errors follow from.

    Raises
    ------
    InputError
        With every fault of the rows, counted.
    MethodError
        If the file has no rows, there are more cells than allowed, or an outcome has a weight of
        its own that no replicate weights go with.
    """
    tables = plan.tables()
    refuse_own_weights(plan)
    scale, rscales, centre = scales(plan)
    whole = plan_tables([size + 1 for size in plan.sizes], tables, ["person"] * len(plan.sizes))
    strides = np.array(table_strides(whole.sizes, range(len(whole.sizes))), dtype=np.int64)
    findings, joint, patterns = Findings(), _Joint(whole=whole, strides=strides), Patterns()
    shifts: tuple[float, ...] | None = None
    for frame in plan.source.batches(plan.columns, rows=max(1, BATCH // len(plan.replicates))):
        batch = prepare(plan, frame, 1, findings)
        if shifts is None:
            shifts = tuple(map(about_mean, plan.design.outcomes, batch.measures))
        replicates = replicate_columns(plan, frame, findings)
        cells = np.zeros(batch.rows, dtype=np.int64)
        for stride, codes in zip(strides, batch.codes, strict=True):
            cells += stride * codes
        joint.add(*_sums(plan, batch, cells, replicates, shifts))
        patterns.add(cells, replicates * batch.base[:, None] if are_factors(plan) else replicates)
    findings.raise_faults(plan.source.name)
    if shifts is None:
        raise no_rows(plan.source.name)
    count = len(plan.replicates) + 1
    blocks = joint.roll_up().reshape(whole.cells, len(shifts), HEAD + 2 * count)
    return ReplicateSums(
        plan=plan,
        tables=tables,
        codes=cell_codes(whole),
        rows=np.rint(blocks[..., 0]).astype(np.int64),
        people=blocks[..., 1],
        squares=blocks[..., 2:HEAD],
        first=blocks[..., HEAD : HEAD + count],
        second=blocks[..., HEAD + count :],
        shifts=shifts,
        df=_degrees(plan, patterns.df(table_cells(patterns.cells, strides, whole), whole.cells)),
        scale=scale,
        rscales=rscales,
        centre=centre,
        findings=findings,
    )


def _degrees(plan: SurveyPlan, df: IntArray) -> IntArray:
    """Return degrees of freedom, no more than the producer states."""
    given = plan.design.sampling.replicates
    assert given is not None
    return df if given.df is None else np.minimum(df, given.df)


def replicate_estimates(sums: ReplicateSums, number: int) -> CellEstimates:
    """Return the estimates of one outcome in every cell, errors from its replicates."""
    outcome, shift = sums.plan.design.outcomes[number], sums.shifts[number]
    first, second = sums.first[:, number], sums.second[:, number]
    with np.errstate(divide="ignore", invalid="ignore"):
        if outcome.statistic == "total":
            estimates = np.where(sums.rows[:, [number]] > 0, first, np.nan)
        elif outcome.statistic == "proportion":
            estimates = first / (first + second)
        else:
            estimates = first / np.where(second == 0, np.nan, second)
        log_odds = None
        if outcome.statistic == "proportion":
            odds = np.log(first / second)
            log_odds = np.sqrt(_variances(sums, np.where(np.isfinite(odds), odds, np.nan)))
            # Near 1 the share of those without the outcome has more digits, and the same variance.
            spread = np.where(estimates[:, :1] > 0.5, second / (first + second), estimates)
        else:
            spread = estimates
        variance = _variances(sums, spread)
        deff = variance / _random(sums, number, estimates[:, 0])
    is_mean = outcome.statistic == "mean"
    return CellEstimates(
        outcome=outcome,
        estimate=estimates[:, 0] + (shift if is_mean else 0.0),
        std_error=np.sqrt(variance),
        df=sums.df.astype(float),
        deff=deff,
        n=sums.rows[:, number],
        weighted=sums.people[:, number],
        yes=first[:, 0] + (shift * second[:, 0] if is_mean else 0.0),
        log_odds_error=log_odds,
    )


def _variances(sums: ReplicateSums, estimates: FloatArray) -> FloatArray:
    """Return the variance of every cell from its estimates, (cells, R + 1), the full one first.

    As `everycount.arrays.replicate.replicate_covariance`, for many cells at once.
    """
    full, values = estimates[:, 0], estimates[:, 1:]
    there = ~np.isnan(values)
    used = there & (sums.rscales > 0)
    count = used.sum(axis=1)
    if sums.centre == "mean":
        middle = np.where(used, values, 0.0).sum(axis=1) / np.maximum(count, 1)
    else:
        middle = full
    apart = np.where(there, values - middle[:, None], 0.0)
    apart[np.abs(apart) <= ROUNDING * np.abs(middle)[:, None]] = 0.0
    variance = sums.scale * (apart * apart * sums.rscales).sum(axis=1)
    return np.where((count > 0) & ~np.isnan(full), variance, np.nan)


def scales(plan: SurveyPlan) -> tuple[float, FloatArray, Centre]:
    """Return scale, rscales and centre as declared, or as the kind of replicate prescribes.

    Raises
    ------
    MethodError
        If there are too few replicates for their kind.
    """
    given = plan.design.sampling.replicates
    assert given is not None
    count = len(plan.replicates)
    rscales = np.array(given.rscales or [1.0], dtype=float)
    rscales = np.full(count, rscales[0]) if len(rscales) == 1 else rscales
    scale, centre = 1.0, given.centre or "mean"
    if given.kind != "other":
        try:
            scale, rscales, centre = standard_scale(
                given.kind,
                count,
                rho=given.rho,
                rscales=rscales if given.rscales else None,
            )
        except ValueError as error:
            found = f"{count:,} of kind {given.kind}"
            problem = Problem("sampling, replicates", found, "two or more columns of them")
            raise MethodError(plan.source.name, [problem]) from error
    return scale if given.scale is None else given.scale, rscales, given.centre or centre


def table_cells(joint: IntArray, strides: IntArray, whole: TablePlan) -> Iterator[IntArray]:
    """Yield for each table the cell that each joint cell belongs to."""
    codes = joint[None, :] // strides[:, None] % np.array(whole.sizes, dtype=np.int64)[:, None]
    for table, first in zip(whole.wanted, whole.first, strict=True):
        into = np.full(len(joint), first, dtype=np.int64)
        for at, stride in zip(table, table_strides(whole.sizes, table), strict=True):
            into += stride * codes[at]
        yield into


def _sums(
    plan: SurveyPlan,
    batch: Batch,
    cells: IntArray,
    replicates: FloatArray,
    shifts: tuple[float, ...],
) -> tuple[IntArray, FloatArray]:
    """Return the joint cells of a batch, and their sums: `HEAD`, then first and second."""
    joint, place = np.unique(cells, return_inverse=True)
    rows = np.arange(batch.rows)

    def added(amounts: FloatArray, weights: FloatArray) -> FloatArray:
        """Return sums over the rows of joint cells of amounts times weights."""
        shape = (len(joint), batch.rows)
        return np.asarray(sparse.csr_matrix((amounts, (place, rows)), shape) @ weights)

    blocks = []
    for outcome, each, shift in zip(plan.design.outcomes, batch.measures, shifts, strict=True):
        value, below, squares = _parts(outcome, each, shift)
        own = each.weight if are_factors(plan) else each.counts.astype(float)
        head = np.column_stack([each.counts, each.weight, squares * each.weight[:, None]])
        blocks.append(added(np.ones(batch.rows), head))
        for part in (value, below):
            full = added(part * each.weight, np.ones((batch.rows, 1)))
            blocks.append(np.hstack([full, added(part * own, replicates)]))
    return joint, np.hstack(blocks)


def _parts(
    outcome: Outcome, each: Measure, shift: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return what a row adds to the first and second sum, and to the three of squares."""
    ones = np.ones(len(each.value))
    if outcome.statistic == "proportion":
        return each.value, 1 - each.value, np.column_stack([ones, ones, ones])
    shifted = each.value - shift
    below = ones if each.denominator is None else each.denominator
    squares = np.column_stack([shifted * shifted, shifted * below, below * below])
    return shifted if outcome.statistic == "mean" else each.value, below, squares


def _random(sums: ReplicateSums, number: int, estimate: FloatArray) -> FloatArray:
    """Return the variance from a simple random sample of as many rows."""
    outcome = sums.plan.design.outcomes[number]
    first, second = sums.first[:, number, 0], sums.second[:, number, 0]
    squares, products, below = np.moveaxis(sums.squares[:, number], 1, 0)
    if outcome.statistic == "proportion":
        spread = first * second / (first + second)
    elif outcome.statistic == "ratio":
        spread = difference(squares, -2 * estimate * products, estimate * estimate * below)
    else:
        spread = difference(squares, -products * products / second)
    return simple_random(
        outcome,
        sums.plan.design.sampling,
        count=sums.rows[:, number],
        weight=sums.people[:, number],
        spread=spread,
        below=second,
    )
