"""Actions on the files of the store. No other code removes one."""

import shutil
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from everycount.errors import Unavailable
from everycount_hub import store
from everycount_hub.actions.audit import record
from everycount_hub.models import AuditHead
from everycount_hub.queries.datasets import named_files

ORPHAN_AFTER = timedelta(days=1)
"""How old a file must be before it may be an orphan: longer than any submission takes."""


def hold_store() -> None:
    """Keep others from naming or removing files until this transaction ends.

    Whoever names a file and whoever removes one add to the audit log; the end of its chain is
    locked from here on, so that neither comes between the other's look and deed.
    """
    AuditHead.objects.get_or_create(id=1)
    AuditHead.objects.select_for_update(no_key=True).get(id=1)


def demand(path: Path) -> None:
    """Make sure that a file that is about to be named is still there.

    Raises
    ------
    Unavailable
        If it was collected as an orphan meanwhile.
    """
    if not path.is_file():
        raise Unavailable(_("The file is no longer in the store: please send it again."))


@transaction.atomic
def remove_unnamed(
    *, now: datetime | None = None, digests: Collection[str] | None = None
) -> tuple[str, ...]:
    """Remove the files that no version names, and record which.

    What killed processes left half-written goes with those that are old.

    Parameters
    ----------
    now : datetime, optional
        The time; now if not given.
    digests : collection of str, optional
        Files that were given up by decision: only these, whatever their age. Without it, all
        files older than `ORPHAN_AFTER`.

    Returns
    -------
    tuple of str
        The names of the files removed.
    """
    hold_store()
    now = now or timezone.now()
    named = _named()
    removed = []
    for path in store.files():
        digest = path.name.partition(".")[0]
        wanted = digest in digests if digests is not None else _age(path, now) > ORPHAN_AFTER
        if wanted and path.name not in named:
            path.unlink()
            removed.append(path.name)
    if digests is None:
        for folder in store.staged():
            if _age(folder, now) > ORPHAN_AFTER:
                shutil.rmtree(folder)
    if removed:
        record(by=None, verb="store.files_removed", target="store", facts={"files": removed})
    return tuple(removed)


def _named() -> set[str]:
    """Return the names of the files that a version needs."""
    return {path.name for path in named_files()}


def _age(path: Path, now: datetime) -> timedelta:
    return now - datetime.fromtimestamp(path.stat().st_mtime, tz=now.tzinfo)
