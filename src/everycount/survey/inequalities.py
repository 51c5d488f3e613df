"""WHO's measures of inequality by each characteristic, with errors from the survey's design."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from everycount.arrays.group_table import GroupTable
from everycount.arrays.inequality import Inequality, inequality
from everycount.arrays.inequality_error import Delta, ReplicateGroups, Route
from everycount.arrays.inequality_measures import MEASURES
from everycount.arrays.strata import between
from everycount.survey.coding import Coding
from everycount.survey.figures import Figures, LinearFigures, ReplicateFigures, column_of
from everycount.survey.furthest_rows import Reduced, parts_of_repeats
from everycount.survey.repeats import Repeats
from everycount.survey.sample_tables import SampleTable
from everycount.survey.stages import Sampled

BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CharacteristicInequality:
    """Measures of inequality between the levels of a characteristic."""

    coding: Coding
    levels: IntArray
    """Levels with rows."""
    counts: IntArray
    """Rows, and rows with the outcome (-1 of a mean), of each of them: (levels, 2)."""
    df: float
    """Degrees of freedom of all levels together."""
    measures: tuple[Inequality, ...]


def inequalities(reduced: Reduced) -> tuple[CharacteristicInequality, ...]:
    """Measure inequality between the levels of each circumstance.

    Parameters
    ----------
    reduced : Reduced
        The rows; those without a level of a circumstance are left out of that one alone.

    Returns
    -------
    tuple of CharacteristicInequality
        Levels of an ordered circumstance rise from the most disadvantaged. Errors are of the delta
        method from the joint covariance of estimates and sizes under the design, or of the
        replicate weights of the file.
    """
    return tuple(
        _of(reduced, coding, reduced.codes[:, at]) for at, coding in enumerate(reduced.codings)
    )


def _of(reduced: Reduced, coding: Coding, codes: IntArray) -> CharacteristicInequality:
    """Return the measures of one characteristic."""
    measure, outcome = reduced.measure, reduced.outcome
    number = len(coding.levels)
    table = reduced.table_of(codes, number)
    figures = table.figures(0)
    levels = np.flatnonzero(figures.rows > 0)
    weight = np.where(measure.counts & (codes >= 0), measure.weight, 0.0)
    place = np.where(codes < 0, number, codes)
    sizes = np.bincount(place, weight, number + 1)[levels]
    covariance, route = _errors(reduced, table, figures, levels, place)
    is_share = outcome.statistic == "proportion"
    estimates = figures.estimate[levels]
    groups = GroupTable(
        estimates=np.clip(estimates, 0.0, 1.0) if is_share else estimates,
        direction="favourable" if outcome.direction == "opportunity" else "adverse",
        sizes=sizes / sizes.sum(),
        covariance=covariance,
        order=levels.astype(float) if coding.characteristic.is_ordered else None,
        scale=1.0 if is_share else None,
    )
    yes = np.bincount(place, np.where(weight > 0, measure.value, 0.0), number + 1)[levels]
    counts = [figures.rows[levels], np.rint(yes) if is_share else np.full(len(levels), -1)]
    return CharacteristicInequality(
        coding=coding,
        levels=levels,
        counts=np.column_stack(counts).astype(np.int64),
        df=table.figures(0, np.ones((1, number), dtype=np.bool_)).df(0, 0),
        measures=inequality(
            tuple(MEASURES), groups, error=route, level=reduced.sample.plan.design.level
        ),
    )


def _errors(
    reduced: Reduced, table: SampleTable, figures: Figures, levels: IntArray, place: IntArray
) -> tuple[FloatArray | None, Route]:
    """Return the covariance of estimates and shares of people, or their replicates."""
    if isinstance(figures, ReplicateFigures):
        repeats = figures.repeats
        sizes = _replicate_sizes(reduced, repeats, place, len(figures.estimate))[:, levels]
        route = ReplicateGroups(
            estimates=figures.series[levels].T,
            sizes=sizes,
            scale=repeats.scale,
            rscales=repeats.rscales,
            centre=repeats.centre,
        )
        return None, route
    assert isinstance(figures, LinearFigures)
    assert table.totals is not None
    weights = table.totals.matrix(0, "second")
    if reduced.outcome.statistic == "proportion":
        weights = weights + table.totals.matrix(0, "first")
    people = np.column_stack([column_of(weights, at) for at in levels.tolist()])
    scores = np.column_stack(
        [*(figures.score(at) for at in levels.tolist()), people / people.sum()]
    )
    members = np.asarray(table.totals.matrix(0, "rows").sum(axis=1)).ravel() > 0
    return _covariance(figures.sampled, scores, members), Delta()


def _covariance(sampled: Sampled, scores: FloatArray, members: BoolArray) -> FloatArray:
    """Return the covariance of sums of scores of units, as `Sampled.variance` that of one."""
    inside = members[:, None] if sampled.looks_at_members else None
    columns = np.asfortranarray(scores)
    total = np.zeros((scores.shape[1], scores.shape[1]))
    for depth, stage in enumerate(sampled.frames):
        domains = "centre" if depth else sampled.lonely_domains
        total += between(stage, columns, inside, lonely=sampled.rule, lonely_domains=domains)
    return total


def _replicate_sizes(
    reduced: Reduced, repeats: Repeats, place: IntArray, number: int
) -> FloatArray:
    """Return the weight of each level under each replicate, (replicates, levels)."""
    measure = reduced.measure
    rows = np.arange(reduced.sample.rows)
    found = [
        np.bincount(place, column, number + 1)
        for part in parts_of_repeats(repeats, len(rows))
        for column in part.weights(measure, rows).T
    ]
    return np.array(found)
