"""Writing the audit log: one event at a time, each holding the digest of the one before."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from everycount_hub.audit_chain import digest_of
from everycount_hub.models import AuditEvent, AuditHead, User, Workspace


def record(
    *,
    by: User | None,
    verb: str,
    target: models.Model | str,
    workspace: Workspace | None = None,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Add an event to the audit log, inside the transaction of the action it is about.

    Parameters
    ----------
    by : User or None
        Who did it; None for the hub itself.
    verb : str
        What was done, such as ``membership.granted``.
    target : Model or str
        To what: a row, or its name such as ``workspace:7``.
    workspace : Workspace, optional
        Where.
    note : str, optional
        Why, in the person's words.
    facts : mapping, optional
        What is needed to understand the event later: text, whole numbers, true and false, null,
        lists and mappings of them. No personal data, which could never be removed.
    at : datetime, optional
        When; now if left out.

    Returns
    -------
    AuditEvent
        The event. It lasts if the transaction does.

    Raises
    ------
    RuntimeError
        Outside a transaction: the event and the change could come apart.
    TypeError
        If `facts` holds a number with a fraction, which databases do not all give back as it
        was, or anything else that is not JSON.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() belongs inside the transaction of an action")
    # The lock on the head is held until the commit: events of concurrent writers queue here.
    AuditHead.objects.get_or_create(id=1)
    head = AuditHead.objects.select_for_update(no_key=True).get(id=1)
    event = AuditEvent(
        position=head.position + 1,
        at=at or timezone.now(),
        by=by,
        verb=verb,
        target=name_of(target),
        workspace=workspace,
        note=note,
        facts=dict(facts or {}),
        previous=head.digest,
    )
    event.digest = digest_of(event)
    event.save()
    head.position, head.digest = event.position, event.digest
    head.save(update_fields=["position", "digest"])
    return event


def name_of(target: models.Model | str) -> str:
    """Return how a row is named in the log: its kind and its number."""
    if isinstance(target, str):
        return target
    return f"{target._meta.model_name}:{target.pk}"
