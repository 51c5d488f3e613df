"""Compare two reviews field by field, and merge two that come from one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from everycount.model.review import Event, Review
from everycount.model.strict import Faults
from everycount.policy.edit_names import with_free_names
from everycount.policy.edit_parts import (
    Fields,
    Thing,
    Things,
    default_of,
    fields_of,
    made_of,
    name_field,
    name_thing,
    put_together,
    say,
    take_apart,
)

ABSENT = object()
"""A tag that is not there, told apart from a field that is empty."""
LASTING = frozenset({"review", "policy", "vocabulary", "group", "concept"})
"""Kinds that a merge never takes away."""
SUMMARY = {
    "issue": "action",
    "target": "words",
    "link": "band",
    "source": "title",
    "plan": "step",
    "rating": "mark",
    "sign-off": "verdict",
    "supply": "state",
}
"""The field that says most about a thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What differs between two reviews."""

    what: str
    """The thing, such as ``issue 11.2`` or ``link 11.2 sdg-global@2023 5.5.1``."""
    field: str
    """What of it; the kind of the thing where it is new or gone as a whole."""
    before: str
    """As it was, in words; empty if it is new."""
    after: str
    """As it is, in words; empty if it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What two sides changed differently. The merged review has `mine`."""

    what: str
    """The thing, such as ``issue 11.2``."""
    field: str
    """What of it."""
    base: str
    """As both had it before."""
    mine: str
    """As it is here, and stays."""
    theirs: str
    """As the other side has it."""


def differences(before: Review, after: Review) -> tuple[Edit, ...]:
    """Return what differs between two reviews, field by field.

    Parameters
    ----------
    before, after : Review
        Two states of a review. The log is left aside, and so is the order of things.

    Returns
    -------
    tuple of Edit
        In the order of the parts of a review; empty when nothing differs.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> review = Review(title="Law", policy=law, vocabulary=words)
    >>> edit, = differences(review, replace(review, reviewers="Group 2"))
    >>> edit.field, edit.after
    ('reviewers', 'Group 2')
    """
    return tuple(
        Edit(what=name_thing(thing), field=name_field(thing, field), before=old, after=new)
        for thing, field, old, new in _changes(before, after)
    )


def logged(before: Review, after: Review, *, by: str, on: str, why: str = "") -> Review:
    """Return a changed review with an entry in its log for everything that changed.

    Parameters
    ----------
    before, after : Review
        The review as it was and as it is.
    by : str
        Who changed it.
    on : str
        Date of the change.
    why : str, optional
        On what ground.

    Returns
    -------
    Review
        `after`, its log longer by one event for each field that differs.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> review = Review(title="Law", policy=law, vocabulary=words)
    >>> logged(review, replace(review, title="Act"), by="Hoa", on="2026-11-22").log[0].after
    'Act'
    """
    events = tuple(
        Event(
            on=on,
            by=by,
            what=_event_name(thing),
            field=name_field(thing, field),
            before=old,
            after=new,
            why=why,
        )
        for thing, field, old, new in _changes(before, after)
    )
    return replace(after, log=after.log + events)


def merge_edits(
    base: Review, mine: Review, theirs: Review, *, by: str, on: str, why: str = "merged"
) -> tuple[Review, tuple[Conflict, ...]]:
    """Merge two reviews that were changed apart from one common state.

    Parameters
    ----------
    base : Review
        The state that both began with.
    mine : Review
        The present review.
    theirs : Review
        The other side's.
    by : str
        Who merges.
    on : str
        Date of the merge.
    why : str
        What the log says of it.

    Returns
    -------
    review : Review
        What only one side changed is taken from it; what both changed differently stays as in
        `mine`. What was accepted on either side is not taken away by the other. Things that both
        added under one id and that differ are both kept, theirs under a new id. Every change
        taken over is an event in the log.
    conflicts : tuple of Conflict
        What both changed differently.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> base = Review(title="Law", policy=law, vocabulary=words)
    >>> mine, theirs = replace(base, title="Act"), replace(base, title="Code", reviewers="B")
    >>> merged, conflicts = merge_edits(base, mine, theirs, by="Hoa", on="2026-11-22")
    >>> merged.title, merged.reviewers, conflicts[0].theirs
    ('Act', 'B', 'Code')
    """
    old, own = take_apart(base), take_apart(mine)
    other = with_free_names(old, own, take_apart(theirs))
    merging = _Merging(old, own, other)
    merged = put_together(merging.run(), _joined_log(base, mine, theirs))
    return logged(mine, merged, by=by, on=on, why=why), tuple(merging.conflicts)


class _Merging:
    """Three states of things, and the conflicts found so far."""

    def __init__(self, old: Things, own: Things, other: Things) -> None:
        self.old, self.own, self.other = old, own, other
        self.conflicts: list[Conflict] = []

    def run(self) -> Things:
        """Return the merged things, in the order of `own`, new ones after their neighbours."""
        merged = {
            thing: entity
            for thing in (*self.own, *(each for each in self.other if each not in self.own))
            if (entity := self.one(thing)) is not None
        }
        self.restore(merged)
        self.mend_circle(merged)
        return {thing: merged[thing] for thing in _ordered(merged, self.own, self.other)}

    def one(self, thing: Thing) -> Any:
        """Return the merged thing, or None where it is gone."""
        own, other = self.own.get(thing), self.other.get(thing)
        if own is not None and other is not None:
            return own if own == other else self.fields(thing, own, other)
        if thing not in self.old:
            return own if other is None else other
        kept, is_own = (own, True) if other is None else (other, False)
        is_same = fields_of(thing, kept) == fields_of(thing, self.old[thing])
        if thing[0] in LASTING or _is_accepted(kept) or (is_own and not is_same):
            if not is_same or _is_accepted(kept):
                self.gone(thing, own, other)
            return kept
        if not is_same:
            self.gone(thing, own, other)
        return None

    def gone(self, thing: Thing, own: Any, other: Any) -> None:
        """Note that one side took away what the other changed or accepted."""
        sides = [None if each is None else _summary(thing, each) for each in (own, other)]
        mine, theirs = (words if words is not None else "taken away" for words in sides)
        base = _summary(thing, self.old[thing])
        self.conflict(thing, "", (base, mine, theirs))

    def fields(self, thing: Thing, own: Any, other: Any) -> Any:
        """Return a thing that both sides have, each field from the side that changed it."""
        mine, theirs = fields_of(thing, own), fields_of(thing, other)
        base = fields_of(thing, self.old[thing]) if thing in self.old else {}
        found: Fields = {}
        count = len(self.conflicts)
        for field in dict.fromkeys((*mine, *theirs)):
            start = base.get(field, ABSENT) if thing in self.old else default_of(thing, field)
            sides = mine.get(field, ABSENT), theirs.get(field, ABSENT)
            value = sides[1] if sides[0] == start else sides[0]
            if start not in sides and sides[0] != sides[1]:
                words = [_say(each, field) for each in (start, *sides)]
                self.conflict(thing, field, (words[0], words[1], words[2]))
            if value is not ABSENT:
                found[field] = value
        try:
            return made_of(thing, found)
        except Faults as error:
            del self.conflicts[count:]
            words = [_summary(thing, self.old.get(thing)), str(own), f"{other} ({error})"]
            self.conflict(thing, "", (words[0], words[1], words[2]))
            return own

    def conflict(self, thing: Thing, field: str, words: tuple[str, str, str]) -> None:
        """Note a conflict: base, mine, theirs."""
        self.conflicts.append(
            Conflict(
                what=name_thing(thing),
                field=name_field(thing, field),
                base=words[0],
                mine=words[1],
                theirs=words[2],
            )
        )

    def restore(self, merged: Things) -> None:
        """Put back what one side took away and something that stays needs."""
        for thing in list(merged):
            for need in _needs(thing, merged[thing]):
                if need not in merged:
                    sides = (self.own, self.other)
                    merged[need] = next(side[need] for side in sides if need in side)

    def mend_circle(self, merged: Things) -> None:
        """Take the groups of `own` as they are, where merged ones would be part of themselves."""
        groups = {thing: each for thing, each in merged.items() if thing[0] == "group"}
        try:
            replace(merged["vocabulary",], groups=tuple(groups.values()))
        except Faults as error:
            self.conflict(("vocabulary",), "groups", ("", "as they were", str(error)))
            merged.update({thing: self.own[thing] for thing in groups if thing in self.own})


def _needs(thing: Thing, entity: Any) -> Iterator[Thing]:
    """Yield the things that one cannot be without."""
    if thing[0] in {"link", "target"}:
        yield ("issue", thing[1])
    if thing[0] == "link":
        yield ("framework", thing[2])
    if thing[0] == "supply":
        for code in entity.sources:
            yield ("source", code)


def _is_accepted(entity: Any) -> bool:
    """Tell whether a person accepted it."""
    decision = getattr(entity, "decision", None)
    return decision is not None and decision.is_accepted


def _ordered(merged: Things, own: Things, other: Things) -> Iterator[Thing]:
    """Yield things in the order of `own`, those of `other` alone behind their neighbours there."""
    behind: dict[Thing | None, list[Thing]] = {}
    before: Thing | None = None
    for thing in other:
        if thing in own:
            before = thing
        elif thing in merged:
            behind.setdefault(before, []).append(thing)
    waiting = behind.get(None, [])
    for thing in own:
        if thing in other:
            yield from waiting
            waiting = behind.get(thing, [])
        if thing in merged:
            yield thing
    yield from waiting


def _joined_log(base: Review, mine: Review, theirs: Review) -> tuple[Event, ...]:
    """Return the log of `mine` with what the other side did meanwhile."""
    known = {*base.log, *mine.log}
    return (*mine.log, *(event for event in theirs.log if event not in known))


def _changes(before: Review, after: Review) -> Iterator[tuple[Thing, str, str, str]]:
    """Yield the thing, the field and both states in words of all that differs."""
    old, new = take_apart(before), take_apart(after)
    for thing in (*old, *(each for each in new if each not in old)):
        was, is_now = old.get(thing), new.get(thing)
        if was is None or is_now is None:
            yield thing, "", _summary(thing, was), _summary(thing, is_now)
        elif was is not is_now and was != is_now:
            yield from _field_changes(thing, fields_of(thing, was), fields_of(thing, is_now))


def _field_changes(thing: Thing, old: Fields, new: Fields) -> Iterator[tuple[Thing, str, str, str]]:
    """Yield the fields of a thing that differ."""
    for field in dict.fromkeys((*old, *new)):
        was, is_now = old.get(field, ABSENT), new.get(field, ABSENT)
        if was != is_now:
            yield thing, field, _say(was, field), _say(is_now, field)


def _say(value: Any, field: str) -> str:
    """Return a field in words; nothing for a tag that is not there."""
    return "" if value is ABSENT else say(value, field)


def _summary(thing: Thing, entity: Any) -> str:
    """Return a thing in words: what says most about it, and what was decided on it."""
    if entity is None:
        return ""
    words = say(getattr(entity, SUMMARY.get(thing[0], ""), None)) or "there"
    decision = getattr(entity, "decision", None)
    if decision is not None and decision.status != "proposed":
        return f"{words} ({say(decision)})"
    return words


def _event_name(thing: Thing) -> str:
    """Return a thing as the log calls it: issues by their id, links by their ends."""
    return name_thing(thing).removeprefix("issue ").removeprefix("link ")
