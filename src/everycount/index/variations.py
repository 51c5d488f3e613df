"""Make the method that other choices would have been: one option of each assumption at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from everycount.index.assumptions import (
    Assumption,
    GroupOption,
    VaryGoalposts,
    VaryGroups,
    VarySteps,
)
from everycount.index.audit_plan import AuditPlan
from everycount.index.nodes import Group, ScoredIndicator
from everycount.index.steps import Step
from everycount.index.tree import Tree
from everycount.model.strict import Faults, Path

if TYPE_CHECKING:  # a method checks its plan, which asks what the method would be
    from everycount.index.methodology import Methodology

Choices = Mapping[int, int]
"""The number of the option, by the number of its assumption; others are as declared."""


def varied(methodology: "Methodology", choices: Choices) -> "Methodology":
    """Return the method with some of its choices made otherwise.

    Parameters
    ----------
    methodology : Methodology
        The method, with the assumptions in its audit.
    choices : mapping of int to int
        For assumptions about steps, groups and goalposts the option to take, both by number.

    Returns
    -------
    Methodology
        Without a plan for its own audit.

    Raises
    ------
    Faults
        If the choices do not fit one another; paths are those of the method that was made.
    """
    made = [(methodology.audit.assumptions[i], k) for i, k in sorted(choices.items())]
    return replace(
        methodology,
        steps=varied_steps(methodology.steps, made),
        groups=_groups(methodology.groups, methodology.tree, made),
        indicators=_indicators(methodology.indicators, made),
        audit=AuditPlan(),
    )


def varied_steps(steps: Sequence[Step], made: Sequence[tuple[Assumption, int]]) -> tuple[Step, ...]:
    """Return the steps with some replaced, left out or put in."""
    instead: dict[int, Step | None] = {}
    added: dict[int, list[Step]] = {}
    for assumption, k in made:
        if not isinstance(assumption, VarySteps):
            continue
        option = assumption.options[k]
        at = place_of(steps, assumption)
        if at is not None and (option.step is not None or option.leave_out):
            instead[at] = option.step
        elif at is None and option.step is not None:
            first = next(i for i, step in enumerate(steps) if step.do == assumption.before)
            added.setdefault(first, []).append(option.step)
    result: list[Step] = []
    for i, step in enumerate(steps):
        result += added.get(i, [])
        kept = instead.get(i, step)
        result += [] if kept is None else [kept]
    return tuple(result)


def place_of(steps: Sequence[Step], assumption: VarySteps) -> int | None:
    """Return where the step of an assumption stands, None where the method has it not."""
    places = [i for i, step in enumerate(steps) if step.do == assumption.do]
    return places[assumption.nth - 1] if len(places) >= assumption.nth else None


def groups_of(assumption: VaryGroups, groups: Sequence[Group], tree: Tree) -> tuple[int, ...]:
    """Return the numbers of the groups an assumption is about, among the groups."""
    if assumption.groups:
        codes = [group.code for group in groups]
        return tuple(codes.index(code) for code in assumption.groups)
    return tuple(
        i
        for i, group in enumerate(groups)
        if group.formula is None and assumption.level in (None, tree.level[tree.indicators + i])
    )


def varied_group(group: Group, option: GroupOption) -> Group:
    """Return a group with its scores made as an option says; coverage counts what it counted."""
    if option.aggregate is not None:
        keeps_limits = option.aggregate == "benefit_of_the_doubt"
        group = replace(
            group,
            aggregate=option.aggregate,
            power=option.power,
            share_limits=group.share_limits if keeps_limits else None,
        )
    return replace(
        group,
        of=option.of or group.of,
        counted=group.counted or (group.of if option.of else None),
        missing=option.missing or group.missing,
        least=group.least if option.least is None else option.least,
        needs=group.needs if option.needs is None else option.needs,
    )


def _groups(
    groups: Sequence[Group], tree: Tree, made: Sequence[tuple[Assumption, int]]
) -> tuple[Group, ...]:
    result = list(groups)
    for assumption, k in made:
        if isinstance(assumption, VaryGroups):
            for i in groups_of(assumption, groups, tree):
                result[i] = varied_group(result[i], assumption.options[k])
    return tuple(result)


def _indicators(
    indicators: Sequence[ScoredIndicator], made: Sequence[tuple[Assumption, int]]
) -> tuple[ScoredIndicator, ...]:
    posts = {
        code: each
        for assumption, k in made
        if isinstance(assumption, VaryGoalposts)
        for code, each in (assumption.options[k].indicators or {}).items()
    }
    faults: list[tuple[Path, str, str]] = []
    result = []
    for each in indicators:
        own = posts.get(each.code)
        if own is None:
            result.append(each)
            continue
        worst = each.worst if own.worst is None else own.worst
        best = each.best if own.best is None else own.best
        try:
            result.append(replace(each, worst=worst, best=best))
        except Faults as error:
            faults += [((each.code, *path), found, want) for path, found, want in error.faults]
    if faults:
        raise Faults(faults)
    return tuple(result)
