"""What pages show of organisations."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet

from everycount_hub.models import AuditEvent, Membership, Organisation

Edges = Mapping[int, frozenset[int]]


class Turn(StrEnum):
    """What happened to organisations on a day."""

    BEGAN = "began"
    RENAMED = "renamed"
    MERGED = "merged"
    SPLIT = "split"
    ENDED = "ended"


WHY = {
    Turn.BEGAN: "organisation.added",
    Turn.RENAMED: "organisation.succeeded",
    Turn.MERGED: "organisation.succeeded",
    Turn.SPLIT: "organisation.split",
    Turn.ENDED: "organisation.ended",
}
"""The event of the log whose note says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change in a history."""

    on: date | None
    """The first day of the new order."""
    turn: Turn
    before: tuple[Organisation, ...]
    after: tuple[Organisation, ...]
    why: str = ""


def organisations_on(day: date) -> QuerySet[Organisation]:
    """Return the organisations that exist on a day."""
    return Organisation.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
    )


def all_organisations() -> list[Organisation]:
    """Return every organisation with what it came from, those that exist first."""
    rows = Organisation.objects.prefetch_related("predecessors", "successors")
    return sorted(rows, key=lambda each: (each.valid_to is not None, str(each).casefold()))


def people_of(organisation: Organisation) -> list[Membership]:
    """Return the roles of people who act for an organisation now, by name."""
    held = Membership.objects.filter(organisation=organisation, ended_at__isnull=True)
    rows = held.select_related("user", "workspace")
    return sorted(rows, key=lambda each: (str(each.user).casefold(), each.pk))


def history_of(organisation: Organisation) -> list[Change]:
    """Return all that became of an organisation, of those it came from and of those after it.

    The oldest comes first; what has no day comes before what has one.
    """
    before, after = _edges()
    line = _line(organisation.pk, before, after)
    # Others that merged with one of them, or came from the same split, belong to the sentence.
    partners = line.union(*(before.get(key, ()) for key in line))
    found = Organisation.objects.in_bulk(partners.union(*(after.get(key, ()) for key in partners)))
    why = _reasons(found)
    ends = _ends([found[key] for key in sorted(line - after.keys())])
    told = [
        replace(each, why=why.get(_event(each), ""))
        for each in (*_successions(found, before), *ends)
        if line.intersection(one.pk for one in (*each.before, *each.after))
    ]
    return sorted(told, key=lambda each: (each.on or date.min, [one.pk for one in each.after]))


def _edges() -> tuple[Edges, Edges]:
    """Return from which others each organisation came, and which came from it."""
    before, after = defaultdict(set), defaultdict(set)
    links = Organisation.predecessors.through.objects.values_list(
        "from_organisation_id", "to_organisation_id"
    )
    for made, closed in links:
        before[made].add(closed)
        after[closed].add(made)
    return (
        {key: frozenset(found) for key, found in before.items()},
        {key: frozenset(found) for key, found in after.items()},
    )


def _line(key: int, before: Edges, after: Edges) -> set[int]:
    """Return the organisation with all it came from and all that came from it."""
    found = {key}
    for edges in (before, after):
        waiting = [key]
        while waiting:
            fresh = edges.get(waiting.pop(), frozenset()) - found
            found |= fresh
            waiting += fresh
    return found


def _successions(found: Mapping[int, Organisation], before: Edges) -> Iterable[Change]:
    """Yield beginnings, new names, mergers and splits."""
    groups: dict[tuple[frozenset[int], date | None], list[Organisation]] = defaultdict(list)
    for key in sorted(found):
        sources = before.get(key, frozenset())
        if sources <= found.keys():
            alone = sources or frozenset({-key})
            groups[alone, found[key].valid_from].append(found[key])
    for (sources, day), made in groups.items():
        closed = tuple(found[key] for key in sorted(sources) if key in found)
        if closed or day is not None:
            yield Change(on=day, turn=_turn(len(closed), len(made)), before=closed, after=(*made,))


def _turn(closed: int, made: int) -> Turn:
    if not closed:
        return Turn.BEGAN
    if closed > 1:
        return Turn.MERGED
    return Turn.SPLIT if made > 1 else Turn.RENAMED


def _ends(last: Iterable[Organisation]) -> Iterable[Change]:
    """Yield the ends of organisations that nothing succeeded."""
    for each in last:
        if each.valid_to is not None:
            day = each.valid_to + timedelta(days=1)
            yield Change(on=day, turn=Turn.ENDED, before=(each,), after=())


def _reasons(keys: Iterable[int]) -> dict[tuple[str, str], str]:
    """Return why organisations changed: by what the log calls the event and its target."""
    targets = [f"organisation:{key}" for key in keys]
    events = AuditEvent.objects.filter(target__in=targets, verb__in=set(WHY.values()))
    rows = events.order_by("position").values_list("verb", "target", "note")
    return {(verb, target): note for verb, target, note in rows}


def _event(change: Change) -> tuple[str, str]:
    """Return how the log calls a change, and under whose number."""
    named = change.before if change.turn in {Turn.SPLIT, Turn.ENDED} else change.after
    return WHY[change.turn], f"organisation:{named[0].pk}"
