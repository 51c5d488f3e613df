"""Reading the database as it was at one moment, while others write."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

ALIAS = "snapshot"


@contextmanager
def snapshot() -> Iterator[str]:
    """Give the name of a second connection that sees one moment until the block ends.

    On SQLite a deferred transaction in WAL mode reads without keeping writers out; on PostgreSQL
    REPEATABLE READ does. The moment is that of the first query.
    """
    main = connections[DEFAULT_DB_ALIAS]
    # Known to this thread alone, and to nothing that goes through all databases.
    connections[ALIAS] = type(main)(_described(main), ALIAS)
    try:
        with transaction.atomic(using=ALIAS):
            yield ALIAS
    finally:
        connections[ALIAS].close()
        del connections[ALIAS]


def _described(main: BaseDatabaseWrapper) -> dict[str, object]:
    """Return how the second connection is made."""
    described = deepcopy(main.settings_dict)
    if main.vendor == "sqlite":
        described["OPTIONS"]["transaction_mode"] = "DEFERRED"
    else:
        from psycopg import IsolationLevel  # noqa: PLC0415 - needed with PostgreSQL alone

        described["OPTIONS"]["isolation_level"] = IsolationLevel.REPEATABLE_READ
    return described
