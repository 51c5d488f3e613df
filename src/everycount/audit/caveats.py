"""Caveats: what an audit did not test, or could not, in sentences."""

from collections.abc import Iterator

import numpy as np

from everycount.audit.sensitivity import Sensitivity
from everycount.audit.uncertainty import WINDOW, Uncertainty
from everycount.audit.words import counted, listed
from everycount.index.aggregating import method_of
from everycount.index.assumptions import LeaveOneOut, VaryGoalposts, VaryGroups, VarySteps
from everycount.index.coverage import known_figures
from everycount.index.methodology import Methodology
from everycount.index.nodes import Group
from everycount.index.result import IndexResult
from everycount.index.steps import Aggregate
from everycount.index.variations import varied

FEW_UNITS = 10
"""With fewer units there are fewer than 45 pairs."""
FEW = 100
"""Base samples below this make wide intervals."""


def caveats_of(
    result: IndexResult,
    uncertainty: Uncertainty,
    sensitivity: Sensitivity,
    notes: tuple[str, ...],
    *,
    is_given: bool = False,
) -> tuple[str, ...]:
    """Return what a reader of the audit must know besides its findings.

    Parameters
    ----------
    result : IndexResult
        The index as it is declared, with the assumptions that were varied.
    uncertainty, sensitivity
        What was found.
    notes : tuple of str
        What is known already: of assumptions that were chosen for a method that declares none.
    is_given : bool
        Whether the draws were given.
    """
    said = [*notes, *_plan(result.methodology), *_missing(result)]
    if is_given:
        said.append(
            "The draws were given: how often each option occurs, and between which limits weights "
            "lie, is as their file has it, whatever the method declares."
        )
    elif result.methodology.audit.exclude:
        said.append("Some options were declared not to go together and were never drawn together.")
    return (*said, *_limits(result, uncertainty, sensitivity))


def _plan(method: Methodology) -> Iterator[str]:
    for i, assumption in enumerate(method.audit.assumptions):
        if isinstance(assumption, VarySteps | VaryGroups | VaryGoalposts):
            ways = [varied(method, {i: k}) for k in range(len(assumption.options))]
            if not any(_is_same(way, method) for way in ways):
                yield (
                    f"None of the options of {assumption.name} is what the method declares; the "
                    "nominal ranks come from a choice that no build made."
                )
        if isinstance(assumption, LeaveOneOut):
            yield (
                "An indicator that is left out is left out where scores are combined; screening "
                "and filling have seen it."
            )


def _is_same(way: Methodology, method: Methodology) -> bool:
    """Tell whether a varied method does what the method does, said otherwise or not."""
    if (way.steps, way.indicators) != (method.steps, method.indicators):
        return False
    steps = [step for step in method.steps if isinstance(step, Aggregate)]
    levels = method.tree.level[method.tree.indicators :]
    pairs = zip(way.groups, method.groups, levels, strict=True)
    return all(
        _effective(made, step, level) == _effective(group, step, level)
        for made, group, level in pairs
        for step in steps
    )


def _effective(group: Group, step: Aggregate, level: int) -> tuple[object, ...]:
    """Return what makes the scores of a group, whoever says it."""
    least = step.least if group.least is None else group.least
    missing = group.missing or step.missing
    counted = group.counted or group.of
    method = method_of(step, group, level)
    return (method, group.power, group.of, missing, least, group.needs, counted)


def _missing(result: IndexResult) -> Iterator[str]:
    state = result.state
    known = known_figures(state)[~np.isnan(result.ranks[:, state.tree.top])]
    gaps = int((~known).sum())
    steps = result.methodology.steps
    filled = any(step.do == "impute" for step in steps)
    shares = any(isinstance(s, Aggregate) and s.missing == "renormalise" for s in steps)
    if gaps and shares and not filled:
        yield (
            f"Of the {counted(known.size, 'figure')} of ranked units {gaps:,} "
            f"{'is' if gaps == 1 else 'are'} missing. Leaving a missing indicator out of a mean is "
            "the same as giving it the mean of the others of its group."
        )


def _limits(
    result: IndexResult, uncertainty: Uncertainty, sensitivity: Sensitivity
) -> Iterator[str]:
    first = uncertainty.standings[0]
    nodes = {each.node for each in uncertainty.standings}
    if len(nodes) > 1:
        others = listed(sorted(nodes - {first.node}))
        yield f"The verdict is about {first.node}; {others}: in the tables only."
    if first.units < FEW_UNITS:
        yield (
            f"There are {counted(first.units, 'ranked unit')}: so few pairs that a single one "
            "decides what is said of all."
        )
    if len(uncertainty.standings) > len(nodes):
        newest = uncertainty.standings[0].period
        yield (
            f"Every period was tested; the verdict and the coherence of the parts are those of "
            f"{newest}, the newest."
        )
    if uncertainty.standings[0].units > WINDOW + 1:
        yield (
            f"Every unit was compared with the {WINDOW} behind it in the ranking, not with those "
            "farther off."
        )
    if 0 < sensitivity.base < FEW:
        yield (
            f"Sensitivities rest on base samples of {sensitivity.base} draws; with so few their "
            "intervals are wide."
        )
    if sensitivity.incomplete:
        names = [result.state.about.names.get(u) or u for u in sensitivity.incomplete]
        yield f"No sensitivity of {listed(names)}: some builds give no rank."
