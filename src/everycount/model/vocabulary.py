"""Words a policy is read with: groups it may serve, concepts it may honour, each by language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from everycount.model.indicator import Fault, name_faults, title_faults
from everycount.model.strict import STRICT, Faults

Dimension = Literal["social", "economic", "environmental", "institutional"]
"""ESCAP, Every Policy Is Connected: the four dimensions of an inclusive policy."""
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
Terms = dict[str, tuple[str, ...]]
"""Words that tell of something, by language code; ``*`` at the end of a word takes any ending."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetGroup:
    """A group that a policy is to serve: people, enterprises, places or institutions."""

    __pydantic_config__ = STRICT

    code: str
    """Name within the list, used once."""
    title: dict[str, str]
    """Title by language code, such as en or vi."""
    terms: Terms
    """Words that name the group, by language code; a ``*`` at the end takes any ending."""
    parent: str = ""
    """Code of the wider group it is part of; empty at the top."""
    also: tuple[str, ...] = ()
    """Codes of further wider groups it is part of, such as ethnic minorities."""
    dimension: Dimension = "social"
    """social for people; economic, environmental or institutional for other target groups."""
    breakdowns: tuple[str, ...] = ()
    """Characteristics that figures are needed by to see this group: ["sex", "urbanisation"]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A principle that a policy may honour, with the question that finds it."""

    __pydantic_config__ = STRICT

    code: str
    """Name within the list, used once."""
    title: dict[str, str]
    """Title by language code, such as en or vi."""
    question: dict[str, str]
    """What to ask of a clause, by language code."""
    terms: Terms
    """Words that tell of the concept, by language code; a ``*`` at the end takes any ending."""
    dimension: Dimension | None = None
    """Dimension of an issue that honours it, where that is clear."""
    implies: tuple[str, ...] = ()
    """Codes of target groups that a policy with this concept should name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Target groups and core concepts that a review works with.

    Raises
    ------
    Faults
        If codes repeat, a parent does not exist or groups form a circle: every fault at once.
    """

    __pydantic_config__ = STRICT

    id: str
    """Name of the list: lower case, digits and hyphens."""
    title: dict[str, str]
    """Title by language code, such as en or vi."""
    source: str
    """Where the list comes from, as one would cite it."""
    groups: tuple[TargetGroup, ...] = ()
    """Target groups, wider ones before their parts."""
    concepts: tuple[Concept, ...] = ()
    """Core concepts."""

    def __post_init__(self) -> None:
        """Refuse a list whose groups are no tree, or whose codes repeat."""
        faults = [
            *name_faults(id=self.id, source=self.source),
            *title_faults(self.title),
            *_entry_faults("groups", self.groups),
            *_entry_faults("concepts", self.concepts),
            *_parent_faults(self.groups),
            *_implied_faults(self),
        ]
        if faults:
            raise Faults(faults)

    def group(self, code: str) -> TargetGroup:
        """Return the group of this code.

        Raises
        ------
        KeyError
            If there is none.
        """
        return {each.code: each for each in self.groups}[code]

    def concept(self, code: str) -> Concept:
        """Return the concept of this code.

        Raises
        ------
        KeyError
            If there is none.
        """
        return {each.code: each for each in self.concepts}[code]

    def above(self, code: str) -> tuple[str, ...]:
        """Return the codes of the wider groups that one is part of, the nearest first."""
        wider = {each.code: (each.parent, *each.also) for each in self.groups}
        found: list[str] = []
        waiting = list(wider.get(code, ()))
        while waiting:
            above = waiting.pop(0)
            if above and above not in found:
                found.append(above)
                waiting += wider.get(above, ())
        return tuple(found)


def _entry_faults(table: str, entries: Sequence[TargetGroup | Concept]) -> Iterator[Fault]:
    """Yield entries without code, title or words, and codes that stand twice."""
    first: dict[str, int] = {}
    for position, entry in enumerate(entries):
        for path, found, expected in (*name_faults(code=entry.code), *title_faults(entry.title)):
            yield (table, position, *path), found, expected
        if first.setdefault(entry.code, position) < position:
            found = f"{entry.code!r} again, first in entry {first[entry.code] + 1}"
            yield (table, position, "code"), found, "each code once"
        for language, words in entry.terms.items():
            if not words or not all(word.strip(" *") for word in words):
                yield (table, position, "terms", language), str(list(words)), "words"


def _parent_faults(groups: Sequence[TargetGroup]) -> Iterator[Fault]:
    """Yield parents that do not exist and groups that are part of themselves."""
    parents = {group.code: group.parent for group in groups}
    for position, group in enumerate(groups):
        where = ("groups", position, "parent")
        if group.parent and group.parent not in parents:
            yield where, repr(group.parent), "the code of another group in this list"
        for code in group.also:
            if code not in parents or code == group.code:
                yield ("groups", position, "also"), repr(code), "the code of another group"
        above = group.parent
        for _ in groups:  # a path longer than the number of groups can only be a circle
            above = parents.get(above, "")
        if above:
            yield where, f"{group.parent!r}, a circle", "a chain of parents that ends at the top"


def _implied_faults(vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield groups that a concept implies and the list does not have."""
    known = {group.code for group in vocabulary.groups}
    for position, concept in enumerate(vocabulary.concepts):
        for code in concept.implies:
            if known and code not in known:
                yield ("concepts", position, "implies"), repr(code), "the code of a group"
