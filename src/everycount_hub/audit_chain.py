"""The chain of the audit log: what is hashed, and where it is broken."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from everycount.errors import Problem
from everycount_hub.models import AuditEvent

SEAL = "everycount audit event 1"
"""Stands in every event, so that a later form of events can be told from this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a chain: how many events there are, and the digest of the last."""

    position: int = 0
    digest: str = ""

    def __str__(self) -> str:
        return f"{self.position}:{self.digest}"


def canonical(event: AuditEvent) -> bytes:
    """Return the event as the JSON that is hashed: sorted keys, no spaces, UTF-8, UTC.

    Raises
    ------
    TypeError
        If the facts hold what JSON or a database would change.
    """
    body = {
        "seal": SEAL,
        "position": event.position,
        "at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "by": event.by_id,
        "verb": event.verb,
        "target": event.target,
        "workspace": event.workspace_id,
        "note": event.note,
        "facts": _checked(event.facts),
        "previous": event.previous,
    }
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest_of(event: AuditEvent) -> str:
    """Return the SHA-256 of the event's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(event)).hexdigest()


def walk(events: Iterable[AuditEvent]) -> Iterator[tuple[AuditEvent, Problem | None]]:
    """Yield each event with the first fault that it shows, from the first event on.

    Parameters
    ----------
    events : iterable of AuditEvent
        All of them, by position.
    """
    before = Head()
    for event in events:
        yield event, _fault(event, before)
        before = Head(position=event.position, digest=event.digest)


def _fault(event: AuditEvent, before: Head) -> Problem | None:
    """Return why an event cannot follow the one before, or None."""
    where = f"event {event.position}"
    if event.position != before.position + 1:
        missing = f"event {before.position + 1}"
        return Problem(missing, f"event {event.position} in its place", missing)
    if event.previous != before.digest:
        expected = f"the digest of the event before, {before.digest or 'none'}"
        return Problem(where, f"it follows {event.previous or 'nothing'}", expected)
    try:
        own = digest_of(event)
    except TypeError as error:
        return Problem(where, str(error), "facts as they were recorded")
    if own != event.digest:
        return Problem(where, f"content with the digest {own}", f"the digest {event.digest}")
    return None


def _checked(value: Any) -> Any:
    """Return facts that come back from every database as they went in."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_checked(each) for each in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {key: _checked(each) for key, each in value.items()}
    raise TypeError(
        f"facts of the audit log: found {value!r}, expected text, whole numbers, true or false, "
        "null, lists, or mappings with text as keys"
    )
