"""One pass over the rows: moments of every cell of every wanted table."""

from contextlib import closing
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from everycount.arrays.tables import cell_codes
from everycount.errors import MethodError, Problem
from everycount.survey.ahead import ahead
from everycount.survey.batch import Batch, batches
from everycount.survey.findings import Findings, no_rows
from everycount.survey.measure import about_mean
from everycount.survey.moments import Folded
from everycount.survey.passing import Frame, Going, Wider, shape_of
from everycount.survey.plan import SurveyPlan
from everycount.survey.shape import Shape
from everycount.survey.slots import SlotPlan, plan_slots
from everycount.survey.strata import Stratum

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
MEMORY = 400_000_000
"""Bytes that moments of open strata may take."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellMoments:
    """Sums and covariances of every cell of every wanted table.

    Cells are numbered table by table as `tables` has them, levels of the last characteristic
    closest; a characteristic has one level more than it has, for rows without one.
    """

    plan: SurveyPlan
    tables: tuple[tuple[int, ...], ...]
    codes: IntArray
    """Level of each characteristic, -1 where not crossed: (cells, characteristics)."""
    slots: SlotPlan
    shifts: tuple[float, ...]
    totals: FloatArray
    """Sums over all rows, (cells, slots)."""
    folded: Folded
    findings: Findings
    units: int
    """Sampled units of the first stage."""
    strata: int
    lonely: tuple[str, ...]
    """Strata with one unit."""


def cell_moments(plan: SurveyPlan) -> CellMoments:
    """Read the file and return the moments of all cells.

    The file is read once for each stage of sampling that adds to the variance.

    Parameters
    ----------
    plan : SurveyPlan
        The design, resolved. Outcomes are proportions, means, totals or ratios; the rows of a
        sampled unit stand together.

    Returns
    -------
    CellMoments
        What estimates and their errors follow from.

    Raises
    ------
    InputError
        With every fault of the rows, counted.
    MethodError
        If there are more cells than allowed, or a stratum with one unit and the rule is to fail.
    NotGrouped
        If the rows of a unit do not stand together: sort them by stratum and unit first.
    """
    tables = plan.tables()
    going, findings = _through(plan, tables, stage=1, above=None)
    if going.lonely and plan.design.sampling.lonely == "fail":
        raise lonely_error(going.lonely, plan.source.name)
    fractions = going.fractions
    for stage in range(2, plan.design.sampling.stages_of_variance + 1):
        below, _ = _through(plan, tables, stage=stage, above=fractions)
        fractions = below.fractions
        _refuse_lonely_below(plan, below, stage)
        going.folded.below += below.folded.within
    return CellMoments(
        plan=plan,
        tables=tables,
        codes=cell_codes(going.whole),
        slots=going.frame.slots,
        shifts=going.frame.shifts,
        totals=going.totals,
        folded=going.folded,
        findings=findings,
        units=going.units,
        strata=going.strata,
        lonely=tuple(going.lonely),
    )


def _refuse_lonely_below(plan: SurveyPlan, below: Going, stage: int) -> None:
    """Refuse lonely units of a lower stage under a rule that looks at other strata."""
    sampling = plan.design.sampling
    is_simple = sampling.lonely == "adjust" and not sampling.stages[stage - 2].strata
    if not below.lonely or sampling.lonely in ("remove", "certainty") or is_simple:
        return  # a unit alone in the unit above is its own mean, so that "adjust" adds nothing
    raise lonely_error(below.lonely, plan.source.name, stage=stage)


def lonely_error(strata: list[str], subject: str, *, stage: int = 1) -> MethodError:
    """Return the error for strata of a stage with one sampled unit."""
    shown = ", ".join(strata[:20]) + (", …" if len(strata) > 20 else "")
    count = "1 stratum" if len(strata) == 1 else f"{len(strata):,} strata"
    found = f"{count} with a single sampled unit ({shown})"
    rules = "remove, certainty, adjust or average" if stage == 1 else "remove or certainty"
    expected = (
        "two or more in each; or a rule (`lonely` of the design, --lonely of the command): "
        f"{rules}; or neighbouring strata joined"
    )
    where = "sampling, lonely" if stage == 1 else f"sampling, lonely, stage {stage}"
    return MethodError(subject, [Problem(where, found, expected)])


def _through(
    plan: SurveyPlan,
    tables: tuple[tuple[int, ...], ...],
    *,
    stage: int,
    above: dict[tuple[object, ...], float] | None,
) -> tuple[Going, Findings]:
    """Go through the file for one stage, again with a wider shape if it turns out so."""
    shape: Shape | None = None
    again = 0
    while True:
        findings = Findings()
        try:
            going = _one_way(plan, tables, stage, above, shape, findings)
        except Wider as error:
            again += 1
            shape = error.shape if again == 1 else error.shape.widest()
            continue
        findings.raise_faults(plan.source.name)
        return going, findings


def _one_way(
    plan: SurveyPlan,
    tables: tuple[tuple[int, ...], ...],
    stage: int,
    above: dict[tuple[object, ...], float] | None,
    shape: Shape | None,
    findings: Findings,
) -> Going:
    going: Going | None = None
    # Closed here and now: left to the garbage collector, it would wait for its thread anywhere.
    with closing(ahead(batches(plan, stage, findings))) as ready:
        for batch in ready:
            if not batch.rows:
                continue
            if going is None:
                going = _start(plan, tables, batch, stage, above, shape, findings)
            going.add(batch)
    if going is None:
        raise no_rows(plan.source.name)
    going.finish()
    return going


def _start(
    plan: SurveyPlan,
    tables: tuple[tuple[int, ...], ...],
    batch: Batch,
    stage: int,
    above: dict[tuple[object, ...], float] | None,
    shape: Shape | None,
    findings: Findings,
) -> Going:
    """Return a pass that begins with a batch."""
    outcomes = plan.design.outcomes
    strata = batch.strata.hash_rows(seed=0).to_numpy()
    _, at = np.unique(strata, return_inverse=True)
    found, _ = shape_of(batch, at)
    shape = found if shape is None else shape
    shifts = tuple(map(about_mean, outcomes, batch.measures))

    def fraction(stratum: Stratum) -> float:
        """Return the share sampled of the units above a stratum of a lower stage."""
        # Its key begins with the stratum and the unit of every stage above.
        return 1.0 if above is None else above[stratum.key[: 2 * stage - 3]]

    sampling = plan.design.sampling
    has_rule = stage == 1 and sampling.lonely in ("adjust", "average")
    frame = Frame(
        sizes=plan.sizes,
        tables=tables,
        shape=shape,
        slots=plan_slots(outcomes, shape.own),
        shifts=shifts,
        nested=sampling.nested or stage > 1,
        lonely_domains=sampling.lonely_domains if has_rule else "centre",
        fraction=fraction,
        memory=MEMORY,
    )
    return Going(frame=frame, findings=findings)
