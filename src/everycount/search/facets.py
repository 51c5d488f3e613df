"""Narrowing what a query found."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from everycount.search.find import PAIR, Hit
from everycount.search.index import AREA, Index

YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What is left of what was found, and how many there are of each kind and so on."""

    hits: tuple[Hit, ...]
    counts: Mapping[str, Mapping[str, int]]
    """By facet and value, the hits that choosing it would leave; the most first."""


def values_of(index: Index, hit: Hit) -> dict[str, tuple[str, ...]]:
    """Return the values of a hit by facet: kind, area, goal, figures.

    Examples
    --------
    >>> from everycount.search.index import Entry, build
    >>> area = Entry(kind="area", title="Viet Nam", address="areas/vnm/", parameter="VNM")
    >>> values_of(build([area]), Hit(kind="area", entry=0))
    {'kind': ('area',), 'area': ('VNM',), 'goal': (), 'figures': ()}
    """
    entry = index.entries[hit.entry]
    own = entry.parameter if entry.kind == AREA else entry.area
    areas = tuple(index.entries[each].parameter for each in hit.areas) or ((own,) if own else ())
    return {
        "kind": (entry.kind,),
        "area": areas,
        "goal": (entry.goal,) if entry.goal else (),
        "figures": (YES,) if entry.has_figures or hit.kind == PAIR else (),
    }


def narrow(index: Index, hits: Sequence[Hit], chosen: Mapping[str, str]) -> Narrowed:
    """Return the hits with the chosen values, in their order, and what else can be chosen.

    Parameters
    ----------
    index : Index
    hits : sequence of Hit
    chosen : mapping of str to str
        Value by facet; an empty one chooses nothing.
    """
    asked = {name: value for name, value in chosen.items() if value}
    left, counts = [], {name: Counter[str]() for name in ("kind", "area", "goal", "figures")}
    for hit in hits:
        own = values_of(index, hit)
        missed = [name for name, value in asked.items() if value not in own.get(name, ())]
        if not missed:
            left.append(hit)
        for name, values in own.items():
            if all(each == name for each in missed):
                counts[name].update(values)
    return Narrowed(
        hits=tuple(left),
        counts={
            name: dict(sorted(count.items(), key=lambda each: (-each[1], each[0])))
            for name, count in counts.items()
        },
    )
