"""Actions on editions of the portal."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from everycount_hub import queue
from everycount_hub.actions import comparisons
from everycount_hub.edition.write import digest_of
from everycount_hub.models import Edition
from everycount_hub.queries.published import edition_inputs

MAKE, DRAW = "make_edition", "draw_edition"
"""The jobs that make an edition, and draw what is left once it is shown."""
READERS_FIRST = timedelta(minutes=2)
"""How long the drawing waits: those who were told of a release come in the first minutes."""


def ask_for_edition() -> None:
    """Have an edition made of what is published now; call it where that changes.

    The job is named by what it is to be made from, so that a change that comes while one runs
    is another job and not lost.
    """
    digest = digest_of(edition_inputs())
    current = Edition.objects.first()
    if current is None or current.digest != digest:
        queue.enqueue(kind=MAKE, key=f"edition {digest[:32]}", arguments={})


@transaction.atomic
def show_edition(*, digest: str, facts: Mapping[str, Any]) -> bool:
    """Let readers see an edition, unless what is published has changed since; tell which."""
    if digest_of(edition_inputs()) != digest:
        ask_for_edition()
        return False
    current = Edition.objects.first()
    if current is None or current.digest != digest:
        now = timezone.now()
        Edition.objects.create(digest=digest, made_at=now, facts=dict(facts))
        queue.enqueue(
            kind=DRAW,
            key=f"edition {digest[:32]}",
            arguments={"digest": digest},
            run_at=now + READERS_FIRST,
        )
        comparisons.ask_for_published()
    return True
