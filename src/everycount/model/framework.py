"""A framework: one version of a set of indicators, in a tree of goals, domains or objectives."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from everycount.errors import NotFound
from everycount.model.indicator import Fault, Indicator, name_faults, title_faults
from everycount.model.strict import STRICT, Faults

IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
Level = Literal["national", "regional", "global"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A goal, domain or objective that holds indicators, other groups, or both."""

    __pydantic_config__ = STRICT

    code: str
    """Label of the group, used once in the framework."""
    title: dict[str, str]
    """Title by language code, such as en or vi."""
    parent: str = ""
    """Code of the group above; empty at the top of the tree."""

    def __post_init__(self) -> None:
        """Refuse a group without code or title."""
        faults = [*name_faults(code=self.code), *title_faults(self.title)]
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a framework was published, and what may be done with its wording."""

    __pydantic_config__ = STRICT

    citation: str
    """Publication as one would cite it, with its date."""
    url: str = ""
    """Address of the publication or of the copy that was read."""
    licence: str = ""
    """Terms of the publication; empty when it states none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """One version of an indicator set. It changes by a new version, never in place.

    Raises
    ------
    Faults
        If keys or groups repeat, a group or key named does not exist, or groups form a circle:
        every fault at once.
    """

    __pydantic_config__ = STRICT

    id: str
    """Name of the set over all its versions: lower case, digits and hyphens."""
    version: str
    """Name of this version, such as 2019."""
    title: dict[str, str]
    """Title by language code, such as en or vi."""
    publisher: str
    """Who agreed or published the set."""
    level: Level
    """national, regional or global."""
    valid_from: str
    """Date it applies from: 2019, 2019-12 or 2019-12-11. The newest version is found by it."""
    source: Source
    """Where it was published."""
    description: str = ""
    """What a reader must know about this version: completeness, wording, what is missing."""
    groups: tuple[Group, ...] = ()
    """Goals, domains, objectives, in the order they are printed."""
    indicators: tuple[Indicator, ...] = ()
    """Indicators, in the order they are printed."""

    def __post_init__(self) -> None:
        """Refuse a framework that is not a tree of named indicators."""
        faults = [*_heading_faults(self), *_group_faults(self.groups), *_indicator_faults(self)]
        if faults:
            raise Faults(faults)

    @property
    def reference(self) -> str:
        """Name that identifies this version: ``id@version``."""
        return f"{self.id}@{self.version}"

    @property
    def unique(self) -> tuple[Indicator, ...]:
        """Indicators without those that repeat another under a second group."""
        return tuple(indicator for indicator in self.indicators if not indicator.repeats)

    @property
    def languages(self) -> tuple[str, ...]:
        """Language codes that any title of the framework uses, in alphabetical order."""
        titles = [self.title]
        titles += [group.title for group in self.groups]
        titles += [indicator.title for indicator in self.indicators]
        return tuple(sorted({language for title in titles for language in title}))

    def indicator(self, key: str) -> Indicator:
        """Return the indicator with this key, or raise NotFound with the nearest keys."""
        for indicator in self.indicators:
            if indicator.key == key:
                return indicator
        near = get_close_matches(key, [indicator.key for indicator in self.indicators])
        hint = f"; near: {', '.join(near)}" if near else ""
        raise NotFound(f"{self.reference} has no indicator {key!r}{hint}")

    def children(self, parent: str = "") -> tuple[Group, ...]:
        """Return the groups directly below `parent`; the topmost groups when it is empty."""
        return tuple(group for group in self.groups if group.parent == parent)

    def members(self, group: str = "") -> tuple[Indicator, ...]:
        """Return the indicators that name `group` itself; those in no group when it is empty."""
        return tuple(indicator for indicator in self.indicators if indicator.group == group)

    def within(self, group: str) -> tuple[Indicator, ...]:
        """Return the indicators of `group` and of every group below it."""
        below = (self.within(child.code) for child in self.children(group))
        return tuple(indicator for part in (self.members(group), *below) for indicator in part)


def _heading_faults(framework: Framework) -> Iterator[Fault]:
    """Yield what is wrong with the lines above the groups."""
    forms = (
        ("id", IDENTIFIER, "lower case letters, digits and single hyphens"),
        ("version", VERSION, "a name such as 2019, without spaces or @"),
        ("valid_from", DATE, "a date such as 2019, 2019-12 or 2019-12-11"),
    )
    for name, form, expected in forms:
        value: str = getattr(framework, name)
        if not form.fullmatch(value):
            yield (name,), repr(value), expected
    yield from title_faults(framework.title)


def _group_faults(groups: tuple[Group, ...]) -> Iterator[Fault]:
    """Yield codes that repeat, parents that do not exist, and groups that form a circle."""
    parents = {group.code: group.parent for group in groups}
    yield from _repeats("groups", "code", [group.code for group in groups])
    for position, group in enumerate(groups):
        where = ("groups", position, "parent")
        if group.parent and group.parent not in parents:
            yield where, repr(group.parent), "the code of another group in this file"
        above = group.parent
        for _ in groups:  # a path longer than the number of groups can only be a circle
            above = parents.get(above, "")
        if above:
            yield where, f"{group.parent!r}, a circle", "a chain of parents that ends at the top"


def _indicator_faults(framework: Framework) -> Iterator[Fault]:
    """Yield keys that repeat, and groups and repeated indicators that do not exist."""
    groups = {group.code for group in framework.groups}
    originals = {indicator.key for indicator in framework.unique}
    yield from _repeats("indicators", "key", [each.key for each in framework.indicators])
    for position, indicator in enumerate(framework.indicators):
        where = ("indicators", position)
        if indicator.group and indicator.group not in groups:
            yield (*where, "group"), repr(indicator.group), "the code of a group in this file"
        if indicator.repeats and indicator.repeats not in originals:
            expected = "the key of an indicator that itself repeats none"
            yield (*where, "repeats"), repr(indicator.repeats), expected


def _repeats(table: str, field: str, names: list[str]) -> Iterator[Fault]:
    """Yield names that stand a second time, with the entry where they stood first."""
    first = {name: position for position, name in reversed(list(enumerate(names)))}
    for position, name in enumerate(names):
        if first[name] < position:
            found = f"{name!r} again, first in entry {first[name] + 1}"
            yield (table, position, field), found, f"each {field} once"
