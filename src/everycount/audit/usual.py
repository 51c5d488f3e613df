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
from everycount.index.methodology import Methodology
from everycount.index.plan_faults import in_formulas
from everycount.index.steps import Normalise
from everycount.model.strict import Faults

LEAST = 3
"""With fewer indicators, leaving one out would leave one alone."""
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
    for name, assumption in _candidates(method):
        if isinstance(assumption, str):
            notes.append(f"{name} was not varied: {assumption}.")
            continue
        try:
            trial = _with(method, [*kept, assumption])
        except Faults as error:
            found = error.faults[0][1].rpartition(": ")[2]
            notes.append(f"{name} was not varied: it does not fit the method ({found}).")
            continue
        tried, failures = try_all(prepare(trial))
        if failures:
            why = culprits(tried, failures)[0][1]
            notes.append(f"{name} was not varied: {why}.")
        else:
            kept.append(assumption)
    return _with(method, kept), tuple(notes)


def _with(method: Methodology, assumptions: list[Assumption]) -> Methodology:
    return replace(method, audit=replace(method.audit, assumptions=tuple(assumptions)))


Candidate = tuple[str, Assumption | str]
"""What an assumption is called, and the assumption, or why there is none."""


def _candidates(method: Methodology) -> list[Candidate]:
    """Return what is usually varied: weights, the scale, the mean, the choice of indicators."""
    formulas = "every score comes from a formula"
    weights: Assumption | str = VaryWeights(
        vary="weights", name="Weights", how="noise", spread=SPREAD
    )
    if all(group.formula is not None for group in method.groups):
        weights = formulas
    top = method.groups[method.tree.top - method.tree.indicators]
    mean: Assumption | str = "the score comes from a formula"
    if top.formula is None:
        options = (
            GroupOption(name="as declared"),
            GroupOption(name="geometric mean", aggregate="geometric"),
        )
        mean = VaryGroups(vary="groups", name="Aggregation", groups=(top.code,), options=options)
    free = len(method.indicators) - len(in_formulas(method) & {i.code for i in method.indicators})
    left_out: Assumption | str = LeaveOneOut(vary="leave_one_out", name="Indicators")
    if free < LEAST:
        left_out = "there are too few that no formula needs"
    return [
        ("Weights", weights),
        ("Scale", _scales(method)),
        ("Aggregation", mean),
        ("Indicators", left_out),
    ]


def _scales(method: Methodology) -> Assumption | str:
    """Return another way to normalise, where one step does it for all indicators."""
    steps = [s for s in method.steps if isinstance(s, Normalise) and s.level in (None, 1)]
    if len(steps) != 1 or steps[0].nodes:
        return "the method does not normalise all indicators in one step"
    if steps[0].method not in ("goalposts", "min_max"):
        return f"there is no usual other way than {steps[0].method}"
    scale = steps[0].scale or (0.0, 100.0)
    if steps[0].method == "goalposts":
        name = "lowest and highest figure"
        other = replace(steps[0], method="min_max", scale=scale, clip="both")
    else:
        name = "standard deviations from the mean"
        middle, tenth = (scale[0] + scale[1]) / 2, (scale[1] - scale[0]) / 10
        other = replace(steps[0], method="z_score", scale=(middle, tenth))
    options = (StepOption(name="as declared"), StepOption(name=name, step=other))
    return VarySteps(vary="step", name="Scale", do="normalise", options=options)
