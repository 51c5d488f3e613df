"""A batch of rows made ready for the kernel: codes, outcomes, and the units rows belong to."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.model.design import Outcome, SurveyDesign
from everycount.survey.findings import Findings
from everycount.survey.measure import Measure, measure
from everycount.survey.plan import SurveyPlan
from everycount.survey.sampled import (
    STRATA,
    UNITS,
    key_columns,
    keys,
    population_of_heads,
    weight_of,
)
from everycount.survey.strata import unit_starts

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Weight = tuple[str | None, float | None]
"""Column of the weight of an outcome and its divisor, as the outcome says them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """A batch made ready: codes and outcomes of its rows, and the units they belong to."""

    codes: tuple[IntArray, ...]
    measures: tuple[Measure, ...]
    starts: IntArray
    strata: pl.DataFrame
    """Keys of the stratum of each unit."""
    units: pl.DataFrame
    """Keys of each unit within its stratum; no column if every row is a unit."""
    base: FloatArray
    """Sampling weight of each row."""
    populations: FloatArray | None
    """Number or share of units in the population, of each unit."""

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return int(self.starts[-1])

    def part(self, first: int, last: int) -> "Batch":
        """Return the units from `first` to before `last`."""
        rows = slice(int(self.starts[first]), int(self.starts[last]))
        return Batch(
            codes=tuple(each[rows] for each in self.codes),
            measures=tuple(each.part(rows) for each in self.measures),
            starts=self.starts[first : last + 1] - self.starts[first],
            strata=self.strata[first:last],
            units=self.units[first:last],
            base=self.base[rows],
            populations=None if self.populations is None else self.populations[first:last],
        )


def prepare(plan: SurveyPlan, frame: pl.DataFrame, stage: int, findings: Findings) -> Batch:
    """Return a batch for the units of one stage of sampling.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    frame : DataFrame
        Rows of the file.
    stage : int
        1 for the first stage.
    findings : Findings
        Where faults and rows left out are noted.
    """
    design, columns = plan.design, plan.source.columns
    sampling = design.sampling
    names = key_columns(sampling, stage)
    starts = unit_starts(frame, names)
    heads = frame.select(names)[starts[:-1]] if names else frame
    rows = np.diff(starts)
    every = keys(sampling, heads, stage, rows=rows, columns=columns, findings=findings)
    above = [name.format(at) for at in range(1, stage) for name in (STRATA, UNITS)]
    units = [name for name in [UNITS.format(stage)] if name in every.columns]
    weights = _weights(plan, frame, findings)
    measures = tuple(
        measure(
            each, frame, columns=columns, weight=weights[_weight(design, each)], findings=findings
        )
        for each in design.outcomes
    )
    population = sampling.population if stage == 1 else sampling.stages[stage - 2].population
    return Batch(
        codes=tuple(each.codes(frame[each.column.name], findings) for each in plan.codings),
        measures=measures,
        starts=starts,
        strata=every.select(*above, STRATA.format(stage)),
        units=every.select(units),
        base=weights[_weight(design, None)],
        populations=None
        if population is None
        else population_of_heads(
            population, frame, starts, column=columns[population], findings=findings
        ),
    )


def _weight(design: SurveyDesign, outcome: Outcome | None) -> Weight:
    """Return the column of the weight of an outcome, or of the sampling weight, and a divisor."""
    if outcome is None or outcome.weight is None:
        return None, None
    return outcome.weight, outcome.weight_divisor


def _weights(plan: SurveyPlan, frame: pl.DataFrame, findings: Findings) -> dict[Weight, FloatArray]:
    """Return all weights of the rows of a batch; the faults of a column are noted once."""
    weights: dict[Weight, FloatArray] = {}
    noted: set[str | None] = set()
    for outcome in (None, *plan.design.outcomes):
        which = _weight(plan.design, outcome)
        if which in weights:
            continue
        name = which[0] or plan.design.sampling.weight
        weights[which] = weight_of(
            plan.design,
            outcome,
            frame,
            columns=plan.source.columns,
            findings=Findings() if name in noted else findings,
        )
        noted.add(name)
    return weights


def batches(plan: SurveyPlan, stage: int, findings: Findings) -> Iterator[Batch]:
    """Yield the rows of the file made ready, some at a time."""
    for frame in plan.source.batches(plan.columns):
        yield prepare(plan, frame, stage, findings)
