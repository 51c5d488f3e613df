"""Whether the plan of an audit fits its method: every fault before anything is drawn."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from everycount.index.assumptions import (
    Assumption,
    Fault,
    LeaveOneOut,
    VaryGoalposts,
    VaryGroups,
    VarySteps,
    VaryWeights,
)
from everycount.index.formula import read_formula
from everycount.index.steps import Aggregate, Normalise, Weigh
from everycount.index.variations import groups_of, place_of, varied
from everycount.model.strict import Faults, Path

if TYPE_CHECKING:
    from everycount.index.methodology import Methodology


def plan_faults(method: "Methodology") -> list[Fault]:
    """Return every part of a method's audit that the method has nothing for."""
    plan = method.audit
    above = set(method.tree.codes[method.tree.indicators :])
    faults: list[Fault] = [
        (("audit", "nodes"), repr(code), "the code of a group of this method")
        for code in plan.nodes
        if code not in above
    ]
    faults += [
        (("audit", "nodes"), f"{code!r} a second time", "each node once")
        for i, code in enumerate(plan.nodes)
        if code in plan.nodes[:i]
    ]
    own: list[Fault] = []
    for i, assumption in enumerate(plan.assumptions):
        here = [*_own_faults(assumption, method)]
        own += [(("audit", "assumptions", i, *path), found, want) for path, found, want in here]
    faults += own
    if not own:
        faults += [*_twice(method), *_options(method)]
    faults += _exclusions(plan.assumptions, plan.exclude)
    return faults


def _own_faults(assumption: Assumption, method: "Methodology") -> Iterator[Fault]:
    match assumption:
        case VarySteps():
            yield from _step_faults(assumption, method)
        case VaryGroups():
            yield from _group_faults(assumption, method)
        case VaryGoalposts():
            yield from _goalpost_faults(assumption, method)
        case VaryWeights():
            yield from _weight_faults(assumption, method)
        case LeaveOneOut():
            yield from _left_out_faults(assumption, method)
        case _:
            pass


def _step_faults(assumption: VarySteps, method: "Methodology") -> Iterator[Fault]:
    count = sum(step.do == assumption.do for step in method.steps)
    has = place_of(method.steps, assumption) is not None
    if has and assumption.before is not None:
        found = f"{assumption.before!r}, but the method has a step {assumption.do}"
        yield ("before",), found, "no before; nth says which step"
    elif not has and assumption.before is None:
        key = "nth" if count else "do"
        found = f"{assumption.do!r}, of which the method has {count or 'no step'}"
        if count:
            found = f"{assumption.nth}, but the method has {count} of {assumption.do}"
        yield (key,), found, "a step of the method, or `before` to say where it would stand"
    elif not has and all(step.do != assumption.before for step in method.steps):
        yield ("before",), f"{assumption.before!r}", "the kind of a step of the method"


def _group_faults(assumption: VaryGroups, method: "Methodology") -> Iterator[Fault]:
    tree = method.tree
    known = {group.code: group for group in method.groups}
    for i, code in enumerate(assumption.groups):
        if code not in known:
            yield ("groups", i), repr(code), "the code of a group of this method"
        elif known[code].formula is not None:
            yield ("groups", i), f"{code!r}, which has a formula", "a group without one"
    if assumption.level is not None and not 2 <= assumption.level <= tree.depth:
        yield ("level",), str(assumption.level), f"a level from 2 to {tree.depth}"
    elif not assumption.groups and not groups_of(assumption, method.groups, tree):
        found = "groups with a formula only"
        yield ("level",), found, "a level with a group that has none"


def _goalpost_faults(assumption: VaryGoalposts, method: "Methodology") -> Iterator[Fault]:
    known = {indicator.code for indicator in method.indicators}
    steps = [step for step in method.steps if isinstance(step, Normalise)]
    steps += [
        option.step
        for each in method.audit.assumptions
        if isinstance(each, VarySteps)
        for option in each.options
        if isinstance(option.step, Normalise)
    ]
    if all(step.method != "goalposts" for step in steps):
        yield ("vary",), "'goalposts', which no step measures by", "a step that does"
    for i, option in enumerate(assumption.options):
        for code in option.indicators or {}:
            if code not in known:
                want = "the code of an indicator of this method"
                yield ("options", i, "indicators", code), repr(code), want


def _weight_faults(assumption: VaryWeights, method: "Methodology") -> Iterator[Fault]:
    tree = method.tree
    for i, level in enumerate(assumption.levels):
        if not 1 <= level < tree.depth:
            yield ("levels", i), str(level), f"a level from 1 to {tree.depth - 1}"
    above = set(tree.codes[tree.indicators :])
    for i, code in enumerate(assumption.groups):
        if code not in above:
            yield ("groups", i), repr(code), "the code of a group of this method"
    named: list[tuple[Path, str]] = [(("ranges", code), code) for code in assumption.ranges or {}]
    for i, each in enumerate(assumption.sets):
        named += [(("sets", i, "weights", code), code) for code in each.weights or {}]
    below = set(tree.codes) - {tree.codes[tree.top]}
    for path, code in named:
        if code not in below:
            yield path, repr(code), "the code of a node below the top"
    yield from _weightless(assumption, method)
    late = _weighed_late(method)
    nodes = {tree.codes[j] for j in varied_nodes(assumption, method)} if not named else set()
    if both := sorted((nodes | {code for _, code in named}) & late):
        found = f"weights of {', '.join(both)}, which a step weighs after groups were aggregated"
        yield (), found, "weights the method declares, or weighs before it aggregates"


def _weightless(assumption: VaryWeights, method: "Methodology") -> Iterator[tuple[Path, str, str]]:
    """Find groups whose parts would all have the weight 0."""
    tree = method.tree
    declared = [each.weight for each in method.indicators]
    declared += [each.weight for each in method.groups]
    highest = {code: high for code, (_, high) in (assumption.ranges or {}).items()}
    ways: list[tuple[Path, dict[str, float]]] = [(("ranges",), highest)]
    ways += [(("sets", i, "weights"), each.weights or {}) for i, each in enumerate(assumption.sets)]
    for path, weights in ways:
        for k in tree.order:
            own = [weights.get(tree.codes[j], declared[j]) for j in tree.children[k]]
            if not any(own):
                found = f"0 for all parts of {tree.codes[k]!r}"
                yield path, found, "a part with a weight above 0"


def varied_nodes(assumption: VaryWeights, method: "Methodology") -> tuple[int, ...]:
    """Return the positions of the nodes whose weights an assumption varies."""
    tree = method.tree
    if assumption.ranges is not None:
        return tuple(sorted(tree.position(c) for c in assumption.ranges if c in tree.codes))
    if assumption.sets:
        named = {code for each in assumption.sets for code in each.weights or {}}
        return tuple(sorted(tree.position(code) for code in named if code in tree.codes))
    below = [j for j in range(len(tree.codes)) if j != tree.top]
    if assumption.levels:
        return tuple(j for j in below if tree.level[j] in assumption.levels)
    if assumption.groups:
        return tuple(j for j in below if tree.codes[tree.parent[j]] in assumption.groups)
    return tuple(below)


def _weighed_late(method: "Methodology") -> set[str]:
    """Return the nodes whose weights a step sets after the first aggregate step."""
    tree, late, found = method.tree, False, set[str]()
    for step in method.steps:
        late |= isinstance(step, Aggregate)
        if late and isinstance(step, Weigh):
            found |= {tree.codes[j] for j in tree.at_level(step.level)}
    return found


def in_formulas(method: "Methodology") -> set[str]:
    """Return the nodes that formulas of groups name: none of them can be left out."""
    return {
        name
        for group in method.groups
        if group.formula is not None
        for name in read_formula(group.formula).names
    }


def _left_out_faults(assumption: LeaveOneOut, method: "Methodology") -> Iterator[Fault]:
    known = {indicator.code for indicator in method.indicators}
    needed = in_formulas(method)
    for i, code in enumerate(assumption.indicators):
        if code not in known:
            yield ("indicators", i), repr(code), "the code of an indicator of this method"
        elif code in needed:
            yield ("indicators", i), f"{code!r}, which a formula needs", "another indicator"
    if known <= needed:
        yield (), "indicators that formulas need", "an indicator that can be left out"


def _twice(method: "Methodology") -> list[Fault]:
    """Find two assumptions about the same thing: neither could be told from the other."""
    owner: dict[str, int] = {}
    shared: dict[tuple[int, int], str] = {}
    for i, assumption in enumerate(method.audit.assumptions):
        for what in _subjects(assumption, method):
            if owner.setdefault(what, i) != i:
                shared.setdefault((owner[what], i), what)
    names = [each.name for each in method.audit.assumptions]
    return [
        (("audit", "assumptions", i), f"{what}, as in {names[first]!r}", "it in one assumption")
        for (first, i), what in shared.items()
    ]


def _subjects(assumption: Assumption, method: "Methodology") -> list[str]:
    """Return what an assumption varies, in words."""
    match assumption:
        case VarySteps():
            weighed = _weighed(assumption, method) if assumption.do == "weigh" else []
            return [f"step {assumption.do} {assumption.nth}", *weighed]
        case VaryGroups():
            groups = groups_of(assumption, method.groups, method.tree)
            keys = [
                key
                for key in ("aggregate", "of", "missing", "least", "needs")
                if any(getattr(option, key) is not None for option in assumption.options)
            ]
            return [f"{key} of group {method.groups[i].code}" for i in groups for key in keys]
        case VaryGoalposts():
            sets = [option.indicators or {} for option in assumption.options]
            return [f"goalposts of {code}" for each in sets for code in each]
        case VaryWeights():
            codes = method.tree.codes
            return [f"weight of {codes[j]}" for j in varied_nodes(assumption, method)]
        case LeaveOneOut():
            return ["indicators left out"]
        case _:
            return ["errors of figures"]


def _weighed(assumption: VarySteps, method: "Methodology") -> list[str]:
    """Return the weights that a step sets, as it is or in other ways."""
    tree, at = method.tree, place_of(method.steps, assumption)
    steps = [option.step for option in assumption.options]
    steps += [] if at is None else [method.steps[at]]
    levels = sorted({step.level for step in steps if isinstance(step, Weigh)})
    return [f"weight of {tree.codes[j]}" for level in levels for j in tree.at_level(level)]


def _options(method: "Methodology") -> list[Fault]:
    """Find options that do not fit the method, each taken alone."""
    faults: list[Fault] = []
    for i, assumption in enumerate(method.audit.assumptions):
        if not isinstance(assumption, VarySteps | VaryGroups | VaryGoalposts):
            continue
        for k in range(len(assumption.options)):
            try:
                varied(method, {i: k})
            except Faults as error:
                where: Path = ("audit", "assumptions", i, "options", k)
                faults += [
                    (where, f"{_said(path)}{found}", want) for path, found, want in error.faults
                ]
    return faults


def _said(path: Path) -> str:
    return f"in {'.'.join(map(str, path))}: " if path else ""


def option_names(assumption: Assumption) -> tuple[str, ...]:
    """Return the names of the options of an assumption; empty for one without."""
    match assumption:
        case VarySteps() | VaryGroups() | VaryGoalposts():
            return tuple(option.name for option in assumption.options)
        case VaryWeights(sets=sets):
            return tuple(each.name for each in sets)
        case _:
            return ()


def _exclusions(
    assumptions: Sequence[Assumption], exclude: Sequence[dict[str, str]]
) -> list[Fault]:
    known = {each.name: option_names(each) for each in assumptions}
    faults: list[Fault] = []
    for i, pair in enumerate(exclude):
        where: Path = ("audit", "exclude", i)
        if len(pair) < 2:
            faults.append((where, f"{len(pair)} options", "two or more that cannot go together"))
        for name, option in pair.items():
            if not known.get(name):
                want = "the name of an assumption with options"
                faults.append(((*where, name), repr(name), want))
            elif option not in known[name]:
                faults.append(((*where, name), repr(option), f"one of {', '.join(known[name])}"))
    return faults
