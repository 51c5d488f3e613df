"""Usual: the assumptions an audit varies when a method declares none."""

from collections.abc import Callable
from dataclasses import replace

from everycount.audit.builds import Builds
from everycount.audit.compatible import culprits, try_all
from everycount.index.assumptions import (
    Assumption,
    GroupOption,
    LeaveOneOut,
    StepOption,
    VaryGroups,
    VarySteps,
    VaryWeights,
)
from everycount.index.audit_plan import AuditPlan
from everycount.index.methodology import Methodology
from everycount.index.plan_faults import in_formulas
from everycount.index.steps import Normalise
from everycount.model.strict import Faults

SPREAD = 0.25
"""Weights a quarter less or more: COINr 1.1.14, default of its noisy weights."""


def usual_plan(
    method: Methodology, prepare: Callable[[Methodology], Builds]
) -> tuple[Methodology, tuple[str, ...]]:
    """Return a method with usual assumptions in its audit, and which of them did not fit.

    Parameters
    ----------
    method : Methodology
        A method whose audit declares no assumptions.
    prepare : callable
        Returns the builds of a method.

    Returns
    -------
    tuple
        The method, and for each assumption that was tried and left out a sentence saying why.
    """
    kept: list[Assumption] = []
    notes: list[str] = []
    for assumption in _candidates(method):
        try:
            trial = _with(method, [*kept, assumption])
        except Faults as error:
            found = error.faults[0][1]
            notes.append(f"{assumption.name} was not varied: {found}.")
            continue
        tried, failures = try_all(prepare(trial))
        if failures:
            why = culprits(tried, failures)[0][1]
            notes.append(f"{assumption.name} was not varied: {why}.")
        else:
            kept.append(assumption)
    return _with(method, kept), tuple(notes)


def _with(method: Methodology, assumptions: list[Assumption]) -> Methodology:
    return replace(method, audit=replace(method.audit, assumptions=tuple(assumptions)))


def _candidates(method: Methodology) -> list[Assumption]:
    """Return what is usually varied: weights, the scale, the mean, the choice of indicators."""
    found: list[Assumption] = []
    if any(group.formula is None for group in method.groups):
        found.append(VaryWeights(vary="weights", name="Weights", how="noise", spread=SPREAD))
    found += _scales(method)
    geometric = GroupOption(name="geometric mean", aggregate="geometric")
    plain = GroupOption(name="as declared")
    top = method.groups[method.tree.top - method.tree.indicators]
    if top.formula is None:
        found.append(
            VaryGroups(
                vary="groups", name="Aggregation", groups=(top.code,), options=(plain, geometric)
            )
        )
    if len(method.indicators) - len(in_formulas(method)) > AuditPlan().thresholds.children:
        found.append(LeaveOneOut(vary="leave_one_out", name="Indicators"))
    return found


def _scales(method: Methodology) -> list[Assumption]:
    """Return another way to normalise, where one step does it for all indicators."""
    steps = [s for s in method.steps if isinstance(s, Normalise) and s.level in (None, 1)]
    if len(steps) != 1 or steps[0].nodes or steps[0].method not in ("goalposts", "min_max"):
        return []
    scale = steps[0].scale or (0.0, 100.0)
    if steps[0].method == "goalposts":
        name = "lowest and highest figure"
        other = replace(steps[0], method="min_max", scale=scale, clip="both")
    else:
        name = "standard deviations from the mean"
        middle, tenth = (scale[0] + scale[1]) / 2, (scale[1] - scale[0]) / 10
        other = replace(steps[0], method="z_score", scale=(middle, tenth))
    options = (StepOption(name="as declared"), StepOption(name=name, step=other))
    return [VarySteps(vary="step", name="Scale", do="normalise", options=options)]
