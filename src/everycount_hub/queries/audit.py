"""Reading the audit log: events of a workspace, and whether the chain is whole."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS

from everycount.errors import Problem
from everycount_hub.audit_chain import Head, walk
from everycount_hub.models import AuditEvent, AuditHead, Workspace

BATCH = 2000  # events fetched at a time: memory stays flat


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the log is whole: its head as computed, and the first fault."""

    head: Head
    problem: Problem | None


def events_of(
    workspace: Workspace | None, *, before: int | None = None, limit: int = 50
) -> list[AuditEvent]:
    """Return the newest events of a workspace, or of the whole hub, below a position."""
    events = AuditEvent.objects.select_related("by", "workspace").order_by("-position")
    if workspace is not None:
        events = events.filter(workspace=workspace)
    if before is not None:
        events = events.filter(position__lt=before)
    return list(events[:limit])


def head_of(*, using: str = DEFAULT_DB_ALIAS) -> Head:
    """Return the head as the hub keeps it."""
    row = AuditHead.objects.using(using).filter(id=1).first() or AuditHead()
    return Head(position=row.position, digest=row.digest)


def verify(*, expected: Head | None = None, using: str = DEFAULT_DB_ALIAS) -> Verdict:
    """Walk the whole log and return the first event that is not as it was written.

    A chain shows that an event was edited, taken out, put in or moved. It cannot show by itself
    that the newest events were cut off and the head put back, or that the whole log was written
    anew: for that, compare with a head noted earlier elsewhere.

    Parameters
    ----------
    expected : Head, optional
        A head printed earlier. The log must still hold that event with that digest.
    using : str, optional
        Which database.
    """
    head = Head()
    met = expected is None or expected == head
    for event, problem in walk(_all_events(using)):
        if problem is not None:
            return Verdict(head=head, problem=problem)
        head = Head(position=event.position, digest=event.digest)
        met = met or head == expected
    kept = head_of(using=using)
    if kept != head:
        where = "the end of the log"
        found, wanted = f"event {head.position}", f"event {kept.position} ({kept.digest})"
        return Verdict(head=head, problem=Problem(where, found, wanted))
    if not met and expected is not None:
        return Verdict(head=head, problem=_missed(expected, head, using))
    return Verdict(head=head, problem=None)


def _missed(expected: Head, head: Head, using: str) -> Problem:
    """Return why a log does not continue the one whose head was noted."""
    event = AuditEvent.objects.using(using).filter(position=expected.position).first()
    found = f"the digest {event.digest}" if event else f"a log that ends with event {head.position}"
    return Problem(f"event {expected.position}", found, f"the digest {expected.digest}")


def _all_events(using: str) -> Iterator[AuditEvent]:
    return AuditEvent.objects.using(using).order_by("position").iterator(chunk_size=BATCH)
