"""Find clauses that were split into several, or merged into one, by the words they share."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import pairwise
from typing import Final

from everycount.policy.same_clause import fold

WITHIN: Final = 0.8
"""Share of the neighbouring words of a part that stand in the whole, from which it is one: every
fifth may have changed, such as what links it to the part before."""
COVERED: Final = 0.6
"""Share of the whole that its parts hold together, at least."""
SHORTEST: Final = 3
"""Pairs of words of a part, at least: fewer stand in many clauses."""
Pairs = Counter[tuple[str, str]]


def find_parts(
    wholes: Mapping[str, str], parts: Mapping[str, str], homes: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """Return which clauses of one reading are the parts of a clause of the other.

    Parameters
    ----------
    wholes : mapping of str to str
        Words by number of the clauses of one reading that are not the same in the other.
    parts : mapping of str to str
        The same of the other reading.
    homes : mapping of str to str
        For each part that was taken to be one clause, changed, the number of that one.

    Returns
    -------
    dict
        For each whole with two parts or more their numbers, in the order of `parts`. A part
        belongs to one whole, and one that was found elsewhere to none.

    Examples
    --------
    >>> old = {"5": "Fathers have ten days of leave, and mothers have a hundred days of leave."}
    >>> new = {"5.1": "Fathers have ten days of leave.", "5.2": "Mothers have a hundred days."}
    >>> find_parts(old, new, {"5.2": "5"})
    {'5': ('5.1', '5.2')}
    """
    sides = [{number: _pairs(text) for number, text in each.items()} for each in (wholes, parts)]
    found: dict[str, tuple[str, ...]] = {}
    for whole, numbers in _candidates(sides[0], sides[1], homes).items():
        left = sides[0][whole].copy()
        own = set()
        # What a part holds is taken out of the whole: the same words are not two parts of it.
        for number in sorted(numbers, key=lambda each: -sides[1][each].total()):
            held = sides[1][number] & left
            if held.total() >= WITHIN * sides[1][number].total():
                own.add(number)
                left -= held
        if len(own) > 1 and left.total() <= (1 - COVERED) * sides[0][whole].total():
            found[whole] = tuple(number for number in parts if number in own)
    return found


def _candidates(
    wholes: Mapping[str, Pairs], parts: Mapping[str, Pairs], homes: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return for each whole the clauses that stand in it, each in that which holds most of it."""
    places: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for number, pairs in wholes.items():
        for pair in pairs:
            places[pair].append(number)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for number, pairs in parts.items():
        shared = Counter(whole for pair in pairs for whole in places.get(pair, ()))
        # Of two that hold as much of it, the one that it was taken to be, or else the first.
        best = max(shared, key=lambda each: (shared[each], homes.get(number) == each), default="")
        is_long = pairs.total() >= SHORTEST and shared[best] >= WITHIN * len(pairs)
        if is_long and homes.get(number, best) == best:
            found[best].append(number)
    return found


def _pairs(text: str) -> Pairs:
    """Return the neighbouring words of a text, with how often."""
    return Counter(pairwise(fold(text).split()))
