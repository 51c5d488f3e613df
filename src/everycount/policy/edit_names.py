"""Give new names to things that two sides added under one name."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from everycount.policy.edit_parts import Thing, Things, free_name

SAME_WHEN: dict[str, tuple[str, ...]] = {
    "issue": ("passage", "clause", "action"),
    "target": ("words",),
    "source": ("title",),
    "plan": ("framework", "key", "step"),
}
"""Things with names that people choose, and what agrees where two mean the same. Other things
are named by what they are: a link by its ends, a rating by who rates what."""
Names = dict[tuple[str, str], str]
"""New names by kind and old name."""


def with_free_names(old: Things, own: Things, other: Things) -> Things:
    """Return the things of the other side, with new names where both added a different one.

    Parameters
    ----------
    old, own, other : dict
        Things of the common state, of one side and of the other.

    Returns
    -------
    dict
        The other side's things. Where a name changed, what cites it follows.

    Examples
    --------
    >>> from everycount.model.supply import DataSource
    >>> own = {("source", "LFS"): DataSource(code="LFS", title="Labour force survey")}
    >>> other = {("source", "LFS"): DataSource(code="LFS", title="Living standards survey")}
    >>> list(with_free_names({}, own, other))
    [('source', 'LFS-2')]
    """
    taken = {*own, *other}
    names: Names = {}
    targets: dict[Thing, str] = {}
    for thing, entity in other.items():
        kind = thing[0]
        if kind not in SAME_WHEN or thing in old or thing not in own:
            continue
        mine = own[thing]
        if all(getattr(mine, name) == getattr(entity, name) for name in SAME_WHEN[kind]):
            continue
        front = thing[:-1]
        last = {each[-1] for each in taken if each[:-1] == front}
        name = free_name(thing[-1], last)
        taken.add((*front, name))
        if kind == "target":
            targets[thing] = name
        else:
            names[kind, thing[-1]] = name
    if not names and not targets:
        return other
    return dict(_renamed(thing, each, names, targets) for thing, each in other.items())


def _renamed(
    thing: Thing, entity: Any, names: Names, targets: dict[Thing, str]
) -> tuple[Thing, Any]:
    """Return a thing under its new name, if it has one, and with new names in what it cites."""
    follow = _FOLLOW.get(thing[0])
    if thing in targets:
        name = targets[thing]
        thing, entity = (*thing[:-1], name), replace(entity, id=name)
    return follow(thing, entity, names) if follow else (thing, entity)


def _issue(thing: Thing, entity: Any, names: Names) -> tuple[Thing, Any]:
    name = names.get(("issue", entity.id), entity.id)
    return ("issue", name), replace(entity, id=name)


def _target(thing: Thing, entity: Any, names: Names) -> tuple[Thing, Any]:
    return ("target", names.get(("issue", thing[1]), thing[1]), thing[2]), entity


def _link(thing: Thing, entity: Any, names: Names) -> tuple[Thing, Any]:
    name = names.get(("issue", entity.issue), entity.issue)
    return ("link", name, *thing[2:]), replace(entity, issue=name)


def _sign_off(thing: Thing, entity: Any, names: Names) -> tuple[Thing, Any]:
    first, space, rest = entity.about.partition(" ")
    about = f"{names.get(('issue', first), first)}{space}{rest}"
    return (*thing[:2], about, *thing[3:]), replace(entity, about=about)


def _source(thing: Thing, entity: Any, names: Names) -> tuple[Thing, Any]:
    code = names.get(("source", entity.code), entity.code)
    return ("source", code), replace(entity, code=code)


def _supply(thing: Thing, entity: Any, names: Names) -> tuple[Thing, Any]:
    codes = tuple(names.get(("source", code), code) for code in entity.sources)
    return thing, replace(entity, sources=codes)


def _plan(thing: Thing, entity: Any, names: Names) -> tuple[Thing, Any]:
    name = names.get(("plan", entity.id), entity.id)
    source = names.get(("source", entity.source), entity.source)
    return ("plan", name, *thing[2:]), replace(entity, id=name, source=source)


_FOLLOW: dict[str, Callable[[Thing, Any, Names], tuple[Thing, Any]]] = {
    "issue": _issue,
    "target": _target,
    "link": _link,
    "sign-off": _sign_off,
    "source": _source,
    "supply": _supply,
    "plan": _plan,
}
