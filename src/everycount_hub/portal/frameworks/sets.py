"""Indicator sets as pages show them: which of their indicators have figures, and where else."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from everycount.errors import NotFound
from everycount.io.frameworks import shipped_crosswalk, shipped_frameworks
from everycount.language.language import Language, language
from everycount.model.crosswalk import Link
from everycount.model.framework import Framework, Group
from everycount.model.indicator import Indicator
from everycount.policy.versions import Change, framework_changes
from everycount_hub.edition.nouns import AreaEntry, IndicatorEntry
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.portal.indicators.choice import find_area
from everycount_hub.portal.matches import RELATIONS, declared_in, entry_of, framework_of
from everycount_hub.portal.naming import Named, area_name, named

STATES = {
    "own": (gettext_lazy("Figures"), "unit"),
    "elsewhere": (gettext_lazy("Figures, but none of this area"), "unit unit-lim"),
    "substitute": (gettext_lazy("Figure of another set's indicator only"), "unit unit-proxy"),
    "none": (gettext_lazy("No figures"), "unit unit-none"),
}
"""What is known of an indicator, with the class of its square."""
SHORT = 80
"""Indicators up to which groups stand open on a page. Our choice."""
LEVELS = {
    "national": gettext_lazy("national"),
    "regional": gettext_lazy("regional"),
    "global": gettext_lazy("global"),
}
CHANGES = {
    "reworded": (gettext_lazy("Reworded"), "info"),
    "renumbered": (gettext_lazy("Renumbered"), "line"),
    "changed": (gettext_lazy("Changed"), "warn"),
    "gone": (gettext_lazy("Gone"), "bad"),
    "new": (gettext_lazy("New"), "good"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An indicator of a set, and what is known of it."""

    key: str
    code: str
    title: Named
    group: str
    state: str
    entry: IndicatorEntry | None
    relation: str
    """What the indicator with figures is to this one; empty if it is itself."""
    links: int
    """Indicators of other sets it is linked to."""

    @property
    def state_words(self) -> str:
        """The state in words."""
        return str(STATES[self.state][0])

    @property
    def css(self) -> str:
        """The class of its square."""
        return STATES[self.state][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A group with its indicators and the groups within."""

    code: str
    title: Named
    depth: int
    lines: tuple[Line, ...]
    branches: tuple["Branch", ...]

    @property
    def every(self) -> tuple[Line, ...]:
        """The indicators of the group and of all within."""
        return (*self.lines, *(line for each in self.branches for line in each.every))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """A link of an indicator to one of another set."""

    code: str
    title: Named
    relation: str
    other_key: str
    other_title: Named
    slug: str
    by: str


def sets_of(edition: Edition) -> tuple[Framework, ...]:
    """Return the sets that are shown: those in use, then shipped ones that are linked to others."""
    linked = {
        end
        for each in shipped_crosswalk().links
        for end in (each.from_framework, each.to_framework)
    }
    used = edition.frameworks.values()
    others = [
        each
        for each in shipped_frameworks()
        if each.reference in linked and each.reference not in edition.frameworks
    ]
    return (*used, *others)


def set_named(edition: Edition, name: str) -> Framework:
    """Return a set by ID@VERSION, or by its ID: the newest version, one in use before others.

    Raises
    ------
    NotFound
        If no such set is shown.
    """
    known = sets_of(edition)
    for each in known:
        if each.reference == name:
            return each
    same = [each for each in known if each.id == name]
    if not same:
        raise NotFound(f"no indicator set {name[:60]!r} is shown")
    return max(same, key=lambda each: (each.reference in edition.frameworks, each.valid_from))


@dataclass(frozen=True, kw_only=True, eq=False)
class OpenSet:
    """An indicator set in the language of its reader, for all areas or for one."""

    edition: Edition
    framework: Framework
    words: Language
    area: AreaEntry | None

    @property
    def address(self) -> str:
        """Where its page is."""
        return reverse("portal:framework", args=[self.framework.reference])

    @property
    def title(self) -> Named:
        """What it is called."""
        return named(self.framework.title, self.words)

    @property
    def level(self) -> str:
        """Of whom it is."""
        return str(LEVELS[self.framework.level])

    @property
    def is_short(self) -> bool:
        """Whether the whole tree is shown at once."""
        return len(self.lines) <= SHORT

    @property
    def is_used(self) -> bool:
        """Whether data here are coded in it."""
        return self.framework.reference in self.edition.frameworks

    @property
    def place(self) -> str:
        """The chosen area in words; empty without one."""
        return "" if self.area is None else area_name(self.edition, self.area.code, self.words)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """The indicators, those that repeat another left out."""
        counts: dict[str, int] = {}
        for link in self.links():
            counts[link.from_key] = counts.get(link.from_key, 0) + 1
        return tuple(self._line(each, counts.get(each.key, 0)) for each in self.framework.unique)

    @cached_property
    def tree(self) -> tuple[Branch, ...]:
        """The groups as a tree; indicators in no group come first, under no title."""
        by_group: dict[str, list[Line]] = {}
        for line in self.lines:
            by_group.setdefault(line.group, []).append(line)
        top = tuple(by_group.get("", ()))
        loose = Branch(code="", title=Named(text=""), depth=1, lines=top, branches=())
        made = tuple(self._branch(each, by_group, 1) for each in self.framework.children())
        return (*((loose,) if top else ()), *(each for each in made if each.every))

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many indicators are in each state."""
        states = [each.state for each in self.lines]
        return {state: states.count(state) for state in STATES}

    def legend(self) -> Iterator[tuple[str, str, str]]:
        """Yield the states that there are: name, words, count."""
        for state, (title, _css) in STATES.items():
            if self.counts[state]:
                yield state, str(title), self.words.number(self.counts[state], 0)

    @property
    def finding(self) -> str:
        """How much is known, in a sentence."""
        all_, known = len(self.lines), self.counts["own"]
        if self.area is None:
            sentence = ngettext(
                "{known} of {count} indicator has published figures.",
                "{known} of {count} indicators have published figures.",
                all_,
            )
        else:
            sentence = ngettext(
                "{area}: {known} of {count} indicator has a published figure.",
                "{area}: {known} of {count} indicators have a published figure.",
                all_,
            )
        return sentence.format(
            area=self.words.isolate(self.place),
            known=self.words.number(known, 0),
            count=self.words.number(all_, 0),
        )

    @property
    def finding_more(self) -> str:
        """How many more could be seen by indicators of other sets; empty if none."""
        if not self.counts["substitute"]:
            return ""
        return _("Through linked indicators of other sets: {count} more.").format(
            count=self.words.number(self.counts["substitute"], 0)
        )

    def _line(self, indicator: Indicator, links: int) -> Line:
        reference = self.framework.reference
        code = "" if self.area is None else self.area.code
        own = self.edition.indicator_by_key.get((reference, indicator.key))
        entry, relation = entry_of(self.edition, reference, indicator.key, code)
        is_own = entry is not None and entry is own
        return Line(
            key=indicator.key,
            code=indicator.code,
            title=named(indicator.title, self.words),
            group=indicator.group,
            state=_state(entry, own, code),
            entry=entry,
            relation="" if is_own or entry is None else str(RELATIONS[relation]),
            links=links,
        )

    def _branch(self, group: Group, by_group: Mapping[str, Sequence[Line]], depth: int) -> Branch:
        below = (
            self._branch(each, by_group, depth + 1) for each in self.framework.children(group.code)
        )
        return Branch(
            code=group.code,
            title=named(group.title, self.words),
            depth=depth,
            lines=tuple(by_group.get(group.code, ())),
            branches=tuple(each for each in below if each.every),
        )

    @cached_property
    def linked_sets(self) -> tuple[tuple[str, Named, int], ...]:
        """Sets that this one is linked to: ID@VERSION, title, number of links."""
        counts: dict[str, int] = {}
        for link in self.links():
            counts[link.to_framework] = counts.get(link.to_framework, 0) + 1
        return tuple((each, self._set_title(each), counts[each]) for each in sorted(counts))

    def links(self) -> tuple[Link, ...]:
        """Return the links of the crosswalk, told from this set's side."""
        return shipped_crosswalk().seen_from(self.framework.reference)

    def crossings(self, other: str = "") -> tuple[Crossing, ...]:
        """Return the links to another set, or to all."""
        return tuple(
            self._crossing(each.from_key, each.to_framework, each.to_key, each.relation, by=each.by)
            for each in self.links()
            if other in ("", each.to_framework)
        )

    def _crossing(
        self, key: str, other: str, other_key: str, relation: str, *, by: str
    ) -> Crossing:
        own = declared_in(self.framework, key)
        found = declared_in(framework_of(self.edition, other), other_key)
        entry = self.edition.indicator_by_key.get((other, other_key))
        return Crossing(
            code=own.code if own else key,
            title=named(own.title, self.words) if own else Named(text=""),
            relation=str(RELATIONS[relation]),
            other_key=found.code if found else other_key,
            other_title=named(found.title, self.words) if found else Named(text=""),
            slug=entry.slug if entry else "",
            by=by,
        )

    def _set_title(self, reference: str) -> Named:
        framework = framework_of(self.edition, reference)
        return named(framework.title, self.words) if framework else Named(text=reference)

    @cached_property
    def versions(self) -> tuple[Framework, ...]:
        """All versions of the set that are shown, oldest first."""
        same = [each for each in sets_of(self.edition) if each.id == self.framework.id]
        return tuple(sorted(same, key=lambda each: each.valid_from))

    def changes_since(self, version: str) -> tuple[Change, ...]:
        """Return what is not as in another version.

        Raises
        ------
        NotFound
            If no such version is shown.
        """
        other = next((each for each in self.versions if each.version == version), None)
        if other is None or other is self.framework:
            raise NotFound(f"{self.framework.id} has no other version {version[:40]!r} here")
        pair = sorted((other, self.framework), key=lambda each: each.valid_from)
        return tuple(each for each in framework_changes(*pair) if each.kind != "same")


def _state(entry: IndicatorEntry | None, own: IndicatorEntry | None, area: str) -> str:
    if entry is None or not entry.has_figures:
        return "none"
    is_own = entry is own
    if area and area not in entry.areas:
        return "elsewhere" if own is not None and own.has_figures else "none"
    return "own" if is_own else "substitute"


def opened(edition: Edition, framework: Framework, words: Language, area: str = "") -> OpenSet:
    """Return an indicator set as a reader of a language meets it.

    Parameters
    ----------
    edition : Edition
    framework : Framework
    words : Language
    area : str
        Code, short name or name of an area; one that is not known counts as none.
    """
    found = find_area(edition, area) if area else None
    code = "" if found is None else found.code
    return _opened(edition.digest, framework.reference, words.code, code)


@lru_cache(64)
def _opened(digest: str, reference: str, code: str, area: str) -> OpenSet:
    edition = open_edition(digest)
    framework = framework_of(edition, reference)
    assert framework is not None
    return OpenSet(
        edition=edition,
        framework=framework,
        words=language(code),
        area=edition.area_by_code[area] if area else None,
    )
