"""Reading the edition of the portal that is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from everycount.errors import NotFound
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.models import Edition as EditionRow

_tried: ContextVar[str] = ContextVar("_tried", default="")


def current_edition() -> Edition:
    """Return the edition that is shown.

    Raises
    ------
    NotFound
        If nothing was published yet.
    """
    digest = _tried.get()
    if not digest:
        row = EditionRow.objects.only("digest").first()
        if row is None:
            raise NotFound("nothing is published yet")
        digest = row.digest
    return open_edition(digest)


def shown_before(digest: str) -> frozenset[str]:
    """Return the editions that were shown, but for one."""
    rows = EditionRow.objects.exclude(digest=digest)
    return frozenset(rows.values_list("digest", flat=True))


@contextmanager
def trying(digest: str) -> Iterator[None]:
    """Take an edition for the one that is shown while the block lasts, in this thread alone.

    Its pages can be drawn before anybody sees them.
    """
    token = _tried.set(digest)
    try:
        yield
    finally:
        _tried.reset(token)
