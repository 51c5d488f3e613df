"""Actions on comparisons of versions: ask for those that are not there."""

from collections.abc import Iterable

from django.db import transaction

from everycount_hub import queue
from everycount_hub.models import Release, User
from everycount_hub.queries.releases import COMPARE, DatasetChange, before, compare


@transaction.atomic
def ask(*, changes: Iterable[DatasetChange], by: User | None) -> None:
    """Have versions compared; those that are being compared already are not asked for twice.

    Nobody has to ask for those that public pages show: `by` is None.
    """
    for each in changes:
        if each.pair is None or each.comparison is not None:
            continue
        assert each.old is not None and each.new is not None  # noqa: PT018  # a pair has both
        queue.enqueue(
            kind=COMPARE,
            key=each.pair.key,
            arguments={"old": each.old.pk, "new": each.new.pk},
            by=by,
            workspace=each.new.dataset.workspace,
        )


def ask_for_published() -> None:
    """Have every public release compared with the one before it, as their pages show."""
    published = Release.objects.filter(state=Release.State.PUBLISHED, workspace__is_public=True)
    for release in published.select_related("workspace"):
        older = before(release, published.filter(workspace=release.workspace))
        if older is not None:
            missing = [each for each in compare(older, release) if each.is_missing]
            ask(changes=missing, by=None)
