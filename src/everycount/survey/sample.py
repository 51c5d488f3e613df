"""The rows of one survey in memory: levels, outcomes, sampled units and replicate weights."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from everycount.arrays.linearise import Stage
from everycount.arrays.replicate import Replicates
from everycount.survey.batch import Batch, prepare
from everycount.survey.findings import Findings, no_rows
from everycount.survey.measure import Measure
from everycount.survey.plan import SurveyPlan
from everycount.survey.repeats import (
    Repeats,
    are_factors,
    refuse_own_weights,
    replicate_columns,
)
from everycount.survey.replicated import scales
from everycount.survey.stages import Register, Sampled

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sample:
    """All rows of a survey that estimates need, in the order of the file."""

    plan: SurveyPlan
    codes: tuple[IntArray, ...]
    """Level of each characteristic by row, from 0; the number of its levels where a row has none.
    """
    measures: tuple[Measure, ...]
    """Each outcome of the design."""
    weight: FloatArray
    """Sampling weight of each row."""
    unit: IntArray
    """Sampled unit of each row, of the last stage that adds to the variance."""
    sampled: Sampled | None
    """The sampled units; nothing where errors come from replicate weights of the file."""
    repeats: Repeats | None
    """Replicate weights, if errors come from them."""
    findings: Findings

    @property
    def rows(self) -> int:
        """Return the number of rows."""
        return len(self.weight)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Return the stages of sampling that add to the variance, laid along the rows."""
        if self.sampled is None:
            return ()
        return tuple(
            Stage(
                units=each.units[self.unit],
                strata=each.strata[self.unit],
                population=None if each.population is None else each.population[self.unit],
            )
            for each in self.sampled.stages
        )

    @property
    def replicates(self) -> Replicates | None:
        """Return the replicates of the sampling weight by row, factors multiplied by it."""
        return None if self.repeats is None else self.repeats.whole(self.weight)


def load(plan: SurveyPlan) -> Sample:
    """Read a file of microdata into memory.

    Parameters
    ----------
    plan : SurveyPlan
        From `everycount.survey.plan.resolve`. Rows may stand in any order.

    Returns
    -------
    Sample
        What estimates are made from.

    Raises
    ------
    InputError
        With every fault of the rows, counted.
    MethodError
        If the file has no rows, a stratum has one unit and the rule is to fail, or an outcome has
        a weight of its own that no replicate weights go with.
    """
    refuse_own_weights(plan)
    findings, register = Findings(), Register(plan=plan)
    parts: list[tuple[Batch, IntArray]] = []
    matrices: list[FloatArray] = []
    for frame, batch, unit in units_of_batches(plan, register, findings):
        parts.append((batch, unit))
        if plan.replicates:
            matrices.append(replicate_columns(plan, frame, findings))
    if not parts:
        raise no_rows(plan.source.name)
    sampled = None if plan.replicates else register.sampled(findings)
    findings.raise_faults(plan.source.name)
    if sampled is not None:
        sampled.refuse_lonely(plan.source.name)
    batches = [batch for batch, _ in parts]
    return Sample(
        plan=plan,
        codes=tuple(
            np.concatenate([batch.codes[at] for batch in batches])
            for at in range(len(plan.codings))
        ),
        measures=tuple(
            joined([batch.measures[at] for batch in batches])
            for at in range(len(plan.design.outcomes))
        ),
        weight=np.concatenate([batch.base for batch in batches]),
        unit=np.concatenate([unit for _, unit in parts]),
        sampled=sampled,
        repeats=_given(plan, np.concatenate(matrices)) if matrices else None,
        findings=findings,
    )


def units_of_batches(
    plan: SurveyPlan, register: Register, findings: Findings
) -> Iterator[tuple[pl.DataFrame, Batch, IntArray]]:
    """Yield the rows of a file, as they are and made ready, and the unit of each row.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved.
    register : Register
        Where units are numbered.
    findings : Findings
        Where faults and rows left out are noted.
    """
    for frame in plan.source.batches(plan.columns):
        if not len(frame):
            continue
        batch = prepare(plan, frame, register.stages, findings)
        yield frame, batch, register.number(batch, frame, findings)


def joined(parts: list[Measure]) -> Measure:
    """Return an outcome of all rows from its batches."""
    below = [each.denominator for each in parts if each.denominator is not None]
    return Measure(
        weight=np.concatenate([each.weight for each in parts]),
        value=np.concatenate([each.value for each in parts]),
        counts=np.concatenate([each.counts for each in parts]),
        asked=np.concatenate([each.asked for each in parts]),
        denominator=np.concatenate(below) if below else None,
    )


def _given(plan: SurveyPlan, matrix: FloatArray) -> Repeats:
    """Return the replicate weights of the file."""
    given = plan.design.sampling.replicates
    assert given is not None
    scale, rscales, centre = scales(plan)
    return Repeats(
        matrix=matrix,
        are_factors=are_factors(plan),
        scale=scale,
        rscales=rscales,
        centre=centre,
        kind=given.kind,
        df=given.df,
    )
