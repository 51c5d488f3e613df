"""Whether the steps of a method fit its tree and one another."""

from collections.abc import Sequence, Set

from everycount.index.derivation import derivation_order
from everycount.index.formula import read_formula
from everycount.index.nodes import Group, ScoredIndicator, in_words
from everycount.index.steps import Aggregate, Impute, Normalise, Select, Step, Treat, Weigh
from everycount.index.tree import Fault, Tree
from everycount.model.strict import Path

# A step that does what indicators declare, and the key they declare it with.
_DECLARED = {"derive": "derive", "recode": "recode", "clip": "clip", "denominate": "denominator"}
# The figures themselves are spent once one of these has run.
_SCORING = ("normalise", "weigh", "aggregate")


def step_faults(
    steps: Sequence[Step],
    indicators: Sequence[ScoredIndicator],
    groups: Sequence[Group],
    tree: Tree,
) -> list[Fault]:
    """Return every step that cannot do its work on this tree, in this order."""
    faults = [*_undeclared(steps, indicators), *_circular_derivations(indicators)]
    faults += [*_order_faults(steps), *_group_columns(steps, indicators, groups)]
    faults += [*_uncorrected(steps, indicators, tree), *_needs_faults(groups, tree)]
    faults += _originals(groups, tree)
    computed, scored = 1, set[int]()
    for i, step in enumerate(steps):
        path: Path = ("steps", i)
        faults += [(path + where, found, want) for where, found, want in _names(step, tree)]
        faults += [(path + at, found, want) for at, found, want in _levels(step, tree, computed)]
        if isinstance(step, Impute | Normalise | Treat | Weigh) and computed > 1:
            faults += [(path, *fault) for fault in _too_late(step, groups, tree, computed)]
        if isinstance(step, Normalise):
            nodes = set(_known_nodes(step, tree))
            faults += _directions(step, indicators, nodes - scored)
            again = _twice(step, nodes & scored, tree)
            faults += [(path + at, found, want) for at, found, want in again]
            scored |= nodes
        if isinstance(step, Aggregate):
            computed = step.to or tree.depth
    return faults


def treeless_faults(steps: Sequence[Step], indicators: Sequence[ScoredIndicator]) -> list[Fault]:
    """Return what can be said of the steps while the groups are not one tree."""
    faults = [*_undeclared(steps, indicators), *_circular_derivations(indicators)]
    faults += _order_faults(steps)
    for step in steps:
        if isinstance(step, Normalise) and not step.nodes and step.level in (None, 1):
            return faults + _directions(step, indicators, set(range(len(indicators))))
    return faults


def nodes_of(step: Impute | Normalise | Treat, tree: Tree) -> tuple[int, ...]:
    """Return the positions of the nodes a step works on."""
    if step.nodes:
        return tuple(tree.position(code) for code in step.nodes)
    return tree.at_level(getattr(step, "level", None) or 1)


def _undeclared(steps: Sequence[Step], indicators: Sequence[ScoredIndicator]) -> list[Fault]:
    """Find a declaration without its step, and a step with nothing declared for it."""
    faults: list[Fault] = []
    present = {step.do for step in steps}
    for do, key in _DECLARED.items():
        declaring = [i for i, each in enumerate(indicators) if getattr(each, key) is not None]
        if do not in present:
            want = f'a step with do = "{do}", or no {key}'
            faults += [(("indicators", i, key), "no step that does it", want) for i in declaring]
        elif not declaring:
            where = next(i for i, step in enumerate(steps) if step.do == do)
            faults.append(
                (("steps", where), f"no indicator with {key}", "at least one, or no step")
            )
    return faults


def _circular_derivations(indicators: Sequence[ScoredIndicator]) -> list[Fault]:
    """Find indicators that are derived from one another in a circle."""
    circle = derivation_order(indicators)[1]
    codes = ", ".join(indicators[j].code for j in circle)
    want = "operands that do not lead back to it"
    return [(("indicators", j, "derive"), f"a circle of {codes}", want) for j in circle]


def _originals(groups: Sequence[Group], tree: Tree) -> list[Fault]:
    """Find groups that hold more parts than they say their original has."""
    faults: list[Fault] = []
    for i, group in enumerate(groups):
        k = tree.indicators + i
        by_leaf = (group.counted or group.of) == "indicators"
        parts = len(tree.leaves[k] if by_leaf else tree.children[k])
        if group.out_of is not None and group.out_of < parts:
            faults.append((("groups", i, "out_of"), str(group.out_of), f"{parts} or more"))
    return faults


def _order_faults(steps: Sequence[Step]) -> list[Fault]:
    """Find steps on figures that come after figures have become scores, and repeated ones."""
    faults: list[Fault] = []
    scored = ""
    for i, step in enumerate(steps):
        if step.do in _SCORING:
            scored = scored or step.do
        elif scored and step.do in ("select", "derive", "recode", "clip", "denominate"):
            found = f"{step.do} after {scored}"
            faults.append((("steps", i, "do"), found, f"{step.do} before {scored}"))
    for do in ("select", *_DECLARED):
        where = [i for i, step in enumerate(steps) if step.do == do]
        faults += [(("steps", i, "do"), f"{do} a second time", "once") for i in where[1:]]
    for i, step in enumerate(steps[:-1]):
        if isinstance(step, Aggregate) and step.to is None:
            later = [s for s in steps[i + 1 :] if isinstance(s, Aggregate)]
            if later:
                want = "`to`, as another aggregate step follows"
                faults.append((("steps", i, "to"), "nothing", want))
    selects = [step for step in steps if isinstance(step, Select)]
    before = steps[: steps.index(selects[0])] if selects else ()
    faults += [
        (("steps", i, "do"), "screen before select", "screen after it, as it leaves out editions")
        for i, step in enumerate(before)
        if step.do == "screen"
    ]
    if selects and any(
        isinstance(step, Impute) and step.method in ("last", "linear") for step in steps
    ):
        faults += _time_faults(steps, selects[0])
    return faults


def _time_faults(steps: Sequence[Step], select: Select) -> list[Fault]:
    """Find filling along time where one period is left: it belongs before select."""
    at = steps.index(select)
    return [
        (
            ("steps", i, "method"),
            f"{step.method} after one edition was selected",
            "it before select",
        )
        for i, step in enumerate(steps)
        if isinstance(step, Impute)
        and step.method in ("last", "linear")
        and i > at
        and len(select.periods) < 2
    ]


def _names(step: Step, tree: Tree) -> list[Fault]:
    """Find nodes, parents and targets that are not in the tree."""
    groups = set(tree.codes[tree.indicators :])
    faults: list[Fault] = []
    if isinstance(step, Impute | Normalise | Treat):
        known = set(tree.codes) if not isinstance(step, Treat) else set(tree.codes) - groups
        faults += [
            (("nodes",), repr(code), "the code of a node of this method")
            for code in step.nodes
            if code not in known
        ]
    if isinstance(step, Impute) and step.values is not None:
        faults += [
            (("values", code), repr(code), "the code of a node of this method")
            for code in step.values
            if code not in tree.codes
        ]
    if isinstance(step, Weigh):
        named = [("parents", code) for code in step.parents]
        named += [("target", step.target)] if step.target is not None else []
        faults += [
            ((key,), repr(code), "the code of a group of this method")
            for key, code in named
            if code not in groups
        ]
    return faults


def _levels(step: Step, tree: Tree, computed: int) -> list[Fault]:
    """Find levels that the tree does not have, or that no step before has computed."""
    if isinstance(step, Aggregate):
        return _aggregate_levels(step, tree, computed)
    if not isinstance(step, Impute | Normalise | Weigh):
        return []
    level = step.level or 1
    nodes = () if isinstance(step, Weigh) else step.nodes
    if level > tree.depth or (isinstance(step, Weigh) and level >= tree.depth):
        top = tree.depth - 1 if isinstance(step, Weigh) else tree.depth
        return [(("level",), str(level), f"a level from 1 to {top}")]
    known = [code for code in nodes if code in tree.codes]
    highest = max((tree.level[tree.position(code)] for code in known), default=level)
    if highest > computed:
        want = f"an aggregate step with to = {highest} before it"
        return [(("nodes" if nodes else "level",), f"level {highest}, not computed yet", want)]
    return []


def _aggregate_levels(step: Aggregate, tree: Tree, computed: int) -> list[Fault]:
    if step.to is not None and not 2 <= step.to <= tree.depth:
        return [(("to",), str(step.to), f"a level from 2 to {tree.depth}")]
    if (step.to or tree.depth) <= computed:
        return [(("to",), f"level {step.to or tree.depth}, computed before", "a higher level")]
    if isinstance(step.method, tuple) and len(step.method) != tree.depth - 1:
        found = f"{len(step.method)} methods"
        return [(("method",), found, f"{tree.depth - 1}, one a level above the indicators")]
    return []


def _group_columns(
    steps: Sequence[Step], indicators: Sequence[ScoredIndicator], groups: Sequence[Group]
) -> list[Fault]:
    """Find groups named where a column of figures is meant: they have no figures of their own."""
    named: list[tuple[Path, tuple[str, ...]]] = []
    for i, indicator in enumerate(indicators):
        texts = indicator.derive.operands if indicator.derive else ()
        operands = tuple(name for text in texts for name in read_formula(text).names)
        named.append((("indicators", i, "derive"), operands))
        if indicator.denominator is not None:
            named.append((("indicators", i, "denominator"), (indicator.denominator,)))
        if indicator.correction is not None:
            level = read_formula(indicator.correction.level).names
            named.append((("indicators", i, "correction", "level"), level))
    for i, step in enumerate(steps):
        if isinstance(step, Impute) and step.weight is not None:
            named.append((("steps", i, "weight"), (step.weight,)))
    codes = {group.code for group in groups}
    want = "a column of the data or an indicator"
    return [
        (path, f"{name!r}, which is a group", want)
        for path, names in named
        for name in names
        if name in codes
    ]


def _uncorrected(
    steps: Sequence[Step], indicators: Sequence[ScoredIndicator], tree: Tree
) -> list[Fault]:
    """Find corrections that no step by goalposts will make."""
    made = {
        j
        for step in steps
        if isinstance(step, Normalise) and step.method == "goalposts"
        for j in _known_nodes(step, tree)
    }
    want = 'a normalise step with method = "goalposts" for it, or no correction'
    return [
        (("indicators", i, "correction"), "no step that makes it", want)
        for i, indicator in enumerate(indicators)
        if indicator.correction is not None and i not in made
    ]


def _needs_faults(groups: Sequence[Group], tree: Tree) -> list[Fault]:
    """Find groups that need more parts than they have, so that nobody could have a score."""
    faults: list[Fault] = []
    for i, group in enumerate(groups):
        k = tree.indicators + i
        parts = len(tree.children[k])
        if (group.counted or group.of) == "indicators":
            parts = len(tree.leaves[k])
        elif group.formula is not None:
            parts = len(read_formula(group.formula).names)
        if group.needs is not None and group.needs > parts:
            want = f"at most {parts}, as it has no more parts"
            faults.append((("groups", i, "needs"), str(group.needs), want))
    return faults


def _too_late(
    step: Impute | Normalise | Treat | Weigh, groups: Sequence[Group], tree: Tree, computed: int
) -> list[tuple[str, str]]:
    """Find steps on nodes that no group will be computed from any more."""
    if isinstance(step, Weigh):
        nodes = set(tree.at_level(step.level))
    else:
        nodes = {tree.position(c) for c in step.nodes if c in tree.codes} or set(
            tree.at_level(getattr(step, "level", None) or 1)
        )
    waiting = {tree.top}
    for i, group in enumerate(groups):
        k = tree.indicators + i
        if tree.level[k] > computed:
            names = read_formula(group.formula).names if group.formula else ()
            waiting |= {*tree.children[k], *(tree.position(name) for name in names)}
            waiting |= set(tree.leaves[k]) if group.of == "indicators" else set()
    if nodes & waiting or not nodes:
        return []
    return [(f"{step.do} after the groups above were aggregated", "it before that aggregate step")]


def _directions(
    step: Normalise, indicators: Sequence[ScoredIndicator], nodes: Set[int]
) -> list[Fault]:
    """Find indicators that are to be normalised but say not which way is better."""
    faults: list[Fault] = []
    for j in sorted(nodes):
        if j >= len(indicators):
            continue
        indicator = indicators[j]
        if indicator.best is None:
            want = f"worst and best, as step {step.do} ({step.method}) needs the direction"
            faults.append((("indicators", j), "no goalposts", want))
        elif step.method == "truncate" and not isinstance(indicator.best, int | float):
            found = in_words(indicator.best)
            faults.append((("indicators", j, "best"), found, "a number to cut at"))
    return faults


def _known_nodes(step: Normalise, tree: Tree) -> tuple[int, ...]:
    """Return the nodes of a step that are in the tree."""
    if step.nodes:
        return tuple(tree.position(code) for code in step.nodes if code in tree.codes)
    return tree.at_level(step.level or 1)


def _twice(step: Normalise, nodes: set[int], tree: Tree) -> list[Fault]:
    """Goalposts are figures: a score that an earlier step made cannot lie between them."""
    again = [tree.codes[j] for j in sorted(nodes) if j < tree.indicators]
    if step.method not in ("goalposts", "truncate") or not again:
        return []
    found = f"{step.method} of {', '.join(again)}, which are scores already"
    return [(("method",), found, "a method that reads its limits off the scores")]
