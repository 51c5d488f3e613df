"""Restoring a backup: everything is verified before anything is replaced."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, transaction

from everycount.errors import InputError, Problem
from everycount.io.files import staged_folder
from everycount_hub import audit_guard, store
from everycount_hub.actions.audit import record
from everycount_hub.audit_chain import Head
from everycount_hub.backup.archive import Reader, read_archive
from everycount_hub.backup.make import migrations_of
from everycount_hub.backup.rows import load, tables
from everycount_hub.models import AuditEvent, User
from everycount_hub.queries.audit import verify


def restore_backup(path: Path, *, replace: bool, accept_broken_log: bool = False) -> Head:
    """Put the hub back as a backup has it; return the head of its audit log.

    The archive is compared with its manifest first. The tables are filled in one transaction
    that is taken back if the audit log turns out broken. Files of the store are only added,
    since their names are their digests.

    Parameters
    ----------
    path : Path
        The archive.
    replace : bool
        Whether a hub that holds accounts or events may be replaced.
    accept_broken_log : bool, optional
        Whether an audit log that was broken when the backup was made is taken as it is.

    Raises
    ------
    InputError
        If the archive is damaged or of another version, the log broken, or the hub not empty.
    """
    with read_archive(path) as reader:
        _refuse_others(reader, path.name)
        if not replace and holds_anything():
            expected = "an empty hub, or --replace"
            raise InputError(
                str(settings.HOME), [Problem("the hub", "accounts and data", expected)]
            )
        _restore_store(reader)
        return _restore_tables(reader, path.name, accept_broken_log=accept_broken_log)


def holds_anything() -> bool:
    """Tell whether the hub has been used."""
    return User.objects.exists() or AuditEvent.objects.exists()


def _refuse_others(reader: Reader, subject: str) -> None:
    """Refuse an archive whose tables are not those of this version."""
    found = reader.manifest.migrations
    expected = migrations_of(DEFAULT_DB_ALIAS)
    named = {f"database/{model._meta.label_lower}.jsonl" for model in tables()}
    if found == expected and set(reader.names("database")) == named:
        return
    version = f"the tables of version {reader.manifest.version}"
    advice = "those of this version; restore with that version, then upgrade"
    raise InputError(subject, [Problem("the database", version, advice)])


def _restore_store(reader: Reader) -> None:
    """Add the files that the store does not have."""
    with staged_folder(settings.STORE_FOLDER) as stage:
        for name in reader.names("store"):
            place = settings.STORE_FOLDER / name.removeprefix("store/")
            digest = reader.manifest.files[name]["sha256"]
            if not (place.is_file() and store.digest_of(place) == digest):
                stage(name.removeprefix("store/"), _copier(reader, name))


def _copier(reader: Reader, name: str) -> Callable[[BinaryIO], None]:
    def copy(file: BinaryIO) -> None:
        for chunk in reader.chunks(name):
            file.write(chunk)

    return copy


@transaction.atomic
def _restore_tables(reader: Reader, subject: str, *, accept_broken_log: bool) -> Head:
    """Replace all rows, verify the audit log, and record in it what was done."""
    with audit_guard.lifted():
        _empty()
        try:
            for model in tables():
                name = f"database/{model._meta.label_lower}.jsonl"
                load(model, reader.lines(name), using=DEFAULT_DB_ALIAS)
            connection.check_constraints()
        except IntegrityError as error:
            problem = Problem("the database", str(error), "rows that fit together")
            raise InputError(subject, [problem]) from error
    verdict = verify()
    kept = Head(**reader.manifest.head)
    if verdict.problem is not None and not accept_broken_log:
        raise InputError(subject, [verdict.problem])
    if verdict.problem is None and verdict.head != kept:
        raise InputError(subject, [Problem("the audit log", str(verdict.head), str(kept))])
    _reset_numbers()
    facts = {"made_at": reader.manifest.made_at, "head": str(kept)}
    record(by=None, verb="hub.restored", target="hub", facts=facts)
    return verdict.head


def _empty() -> None:
    """Delete all rows, sessions among them; constraints are looked at when all is in place."""
    with connection.cursor() as cursor:
        for model in (*tables(), Session):
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables


def _reset_numbers() -> None:
    """Let the next row of each table have a number above the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)
