"""Triggers by which the database itself refuses to change or delete events of the audit log.

They stop accidents and wrong code. The owner of the database can drop them, which is why events
are chained as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

TABLE = "everycount_hub_auditevent"

_REFUSE = "events of the audit log are never changed or deleted"

_INSTALL = {
    "sqlite": [
        f"CREATE TRIGGER IF NOT EXISTS audit_event_{verb} BEFORE {verb.upper()} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$",
        f"CREATE OR REPLACE TRIGGER audit_event_guard BEFORE UPDATE OR DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION audit_event_refuse()",
    ],
}
_REMOVE = {
    "sqlite": [f"DROP TRIGGER IF EXISTS audit_event_{verb}" for verb in ("update", "delete")],
    "postgresql": [f"DROP TRIGGER IF EXISTS audit_event_guard ON {TABLE}"],
}


def install(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Set the triggers, unless they are there."""
    _run(_INSTALL, using)


def remove(*, using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the triggers away, if they are there."""
    _run(_REMOVE, using)


@contextmanager
def lifted(*, using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Take the triggers away inside a transaction that replaces the whole log."""
    remove(using=using)
    yield
    _install_if_wanted(using)


def after_migrate(*, using: str, **_: object) -> None:
    """Set the triggers after a migration."""
    if TABLE in connections[using].introspection.table_names():
        _install_if_wanted(using)


def _install_if_wanted(using: str) -> None:
    """Set the triggers, unless the settings leave the guard off, as those of tests do."""
    if getattr(settings, "AUDIT_GUARD", True):
        install(using=using)


def _run(statements: dict[str, list[str]], using: str) -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
