"""The tree of an index as positions: who stands below whom, and in what order to compute."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from everycount.index.formula import read_formula
from everycount.index.nodes import Group, ScoredIndicator
from everycount.model.strict import Path

Fault = tuple[Path, str, str]
CIRCLE: Path = ("groups",)
"""Where a circle is said to be: in all groups together."""
Node = ScoredIndicator | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Nodes by position: the indicators first, then the groups, both as declared."""

    codes: tuple[str, ...]
    indicators: int
    """How many of the nodes are indicators."""
    parent: tuple[int, ...]
    """Position of the parent; -1 for the top."""
    level: tuple[int, ...]
    """1 for an indicator; one more than its highest part for a group."""
    children: tuple[tuple[int, ...], ...]
    leaves: tuple[tuple[int, ...], ...]
    """The indicators below each node; an indicator's own position for an indicator."""
    order: tuple[int, ...]
    """The groups, each after everything it is computed from."""
    top: int

    @property
    def depth(self) -> int:
        """The level of the top."""
        return max(self.level)

    def position(self, code: str) -> int:
        """Return where `code` stands."""
        return self.codes.index(code)

    def at_level(self, level: int) -> tuple[int, ...]:
        """Return the nodes of a level."""
        return tuple(j for j, own in enumerate(self.level) if own == level)


def grow(indicators: Sequence[ScoredIndicator], groups: Sequence[Group]) -> Tree:
    """Arrange nodes that have passed `tree_faults`."""
    nodes: tuple[Node, ...] = (*indicators, *groups)
    codes = tuple(node.code for node in nodes)
    position = {code: j for j, code in enumerate(codes)}
    parent = tuple(-1 if node.parent is None else position[node.parent] for node in nodes)
    children = tuple(
        tuple(j for j, above in enumerate(parent) if above == k) for k in range(len(nodes))
    )
    parts = _parts(groups, position, children, len(indicators))
    order = _order(parts)
    assert order is not None, "tree_faults lets no circle pass"
    level = [1] * len(nodes)
    leaves: list[tuple[int, ...]] = [(j,) for j in range(len(nodes))]
    for k in order:
        level[k] = 1 + max(level[j] for j in parts[k])
        leaves[k] = tuple(sorted({leaf for j in parts[k] for leaf in leaves[j]}))
    return Tree(
        codes=codes,
        indicators=len(indicators),
        parent=parent,
        level=tuple(level),
        children=children,
        leaves=tuple(leaves),
        order=order,
        top=parent.index(-1),
    )


def _parts(
    groups: Sequence[Group],
    position: Mapping[str, int],
    children: Sequence[tuple[int, ...]],
    first: int,
) -> dict[int, tuple[int, ...]]:
    """Return, for each group, its children and what its formula and requirements name."""
    found = {}
    for k, group in enumerate(groups, start=first):
        named = read_formula(group.formula).names if group.formula else ()
        named = (*named, *group.requires)
        found[k] = tuple({*children[k], *(position[name] for name in named if name in position)})
    return found


def _order(parts: Mapping[int, tuple[int, ...]]) -> tuple[int, ...] | None:
    """Return the groups, each after its parts, or None when they stand in a circle."""
    done: list[int] = []
    ready: set[int] = set()
    waiting = dict(parts)
    while waiting:
        free = [
            k for k, below in waiting.items() if all(j in ready or j not in parts for j in below)
        ]
        if not free:
            return None
        for k in free:
            del waiting[k]
        ready.update(free)
        done += free
    return tuple(done)


def tree_faults(indicators: Sequence[ScoredIndicator], groups: Sequence[Group]) -> list[Fault]:
    """Return everything that keeps the nodes from being one tree."""
    faults = [*_repeats(indicators, groups), *_unnamed(indicators, groups)]
    known = {group.code for group in groups}
    leaf_codes = {indicator.code for indicator in indicators}
    for kind, i, node in _numbered(indicators, groups):
        if node.parent is not None and node.parent not in known:
            why = "an indicator" if node.parent in leaf_codes else "no group of this method"
            found = f"{node.parent!r}, which is {why}"
            faults.append(((kind, i, "parent"), found, "the code of a group"))
    tops = [group.code for group in groups if group.parent is None]
    if len(tops) != 1:
        found = "none" if not tops else ", ".join(tops)
        faults.append((("groups",), f"groups without a parent: {found}", "exactly one, the top"))
    if not indicators:
        faults.append((("indicators",), "none", "at least one indicator"))
    faults += [*_named(groups, known | leaf_codes), *_strangers(indicators, groups)]
    # Below a parent that is not there stands what some other group may seem to lack.
    shape = _shape_faults(indicators, groups)
    return faults + (shape if not faults else [each for each in shape if each[0] == CIRCLE])


def _unnamed(indicators: Sequence[ScoredIndicator], groups: Sequence[Group]) -> list[Fault]:
    return [
        ((kind, i, "code"), repr(node.code), "a code without spaces around it")
        for kind, i, node in _numbered(indicators, groups)
        if not node.code or node.code != node.code.strip()
    ]


def _repeats(indicators: Sequence[ScoredIndicator], groups: Sequence[Group]) -> list[Fault]:
    counts = Counter([node.code for node in indicators] + [node.code for node in groups])
    return [
        ((kind, i, "code"), f"{node.code!r} {counts[node.code]} times", "each code once")
        for kind, i, node in _numbered(indicators, groups)
        if counts[node.code] > 1
    ]


def _numbered(
    indicators: Sequence[ScoredIndicator], groups: Sequence[Group]
) -> Iterator[tuple[str, int, Node]]:
    """Yield every node with the key and the number under which it is declared."""
    for i, indicator in enumerate(indicators):
        yield "indicators", i, indicator
    for i, group in enumerate(groups):
        yield "groups", i, group


def _named(groups: Sequence[Group], known: set[str]) -> list[Fault]:
    """Find names in formulas and requirements that no node has."""
    want = "the code of an indicator or group of this method"
    faults: list[Fault] = []
    for i, group in enumerate(groups):
        formula = read_formula(group.formula).names if group.formula else ()
        named = [("formula", name) for name in formula]
        named += [("requires", name) for name in group.requires]
        faults += [
            (("groups", i, key), repr(name), want) for key, name in named if name not in known
        ]
    return faults


def _strangers(indicators: Sequence[ScoredIndicator], groups: Sequence[Group]) -> list[Fault]:
    """Find required nodes that stand elsewhere in the tree."""
    nodes: tuple[Node, ...] = (*indicators, *groups)
    parent = {node.code: node.parent for node in nodes}
    faults: list[Fault] = []
    for i, group in enumerate(groups):
        for code in group.requires:
            above, steps = parent.get(code), 0
            while above is not None and above != group.code and steps < len(parent):
                above, steps = parent.get(above), steps + 1
            if code in parent and above != group.code:
                want = f"an indicator or group below {group.code!r}"
                faults.append((("groups", i, "requires"), repr(code), want))
    return faults


def _shape_faults(indicators: Sequence[ScoredIndicator], groups: Sequence[Group]) -> list[Fault]:
    """Return groups that stand in a circle, or that have nothing below them."""
    nodes: tuple[Node, ...] = (*indicators, *groups)
    position = {node.code: j for j, node in enumerate(nodes)}
    children = tuple(
        tuple(j for j, node in enumerate(nodes) if node.parent == own.code) for own in nodes
    )
    first = len(indicators)
    parts = _parts(groups, position, children, first)
    faults: list[Fault] = [
        (("groups", k - first), f"{nodes[k].code!r} with nothing below it", "an indicator or group")
        for k, below in parts.items()
        if not below
    ]
    if _order(parts) is None:
        circle = _circle(parts, nodes)
        faults.append((CIRCLE, f"groups in a circle: {circle}", "groups that lead up to the top"))
    faults += [
        (("groups", i), "parts whose weights are all 0", "a part with a weight above 0")
        for i, group in enumerate(groups)
        if children[first + i] and all(nodes[j].weight == 0 for j in children[first + i])
    ]
    return faults


def _circle(parts: Mapping[int, tuple[int, ...]], nodes: Sequence[Node]) -> str:
    """Name the groups that can never be computed because each waits for another."""
    stuck = dict(parts)
    while free := [k for k, below in stuck.items() if not any(j in stuck for j in below)]:
        for k in free:
            del stuck[k]
    # What only waits for the circle is not part of it.
    while loose := [k for k in stuck if not any(k in stuck[j] for j in stuck)]:
        for k in loose:
            del stuck[k]
    return ", ".join(nodes[k].code for k in stuck)
