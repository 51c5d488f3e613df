"""Making a backup while the hub is at work."""

from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from everycount.errors import Problem
from everycount.io.files import write_together
from everycount_hub import store
from everycount_hub.audit_chain import Head
from everycount_hub.backup.archive import FORMAT, Manifest, Writer, chunks_of
from everycount_hub.backup.rows import lines_of, tables
from everycount_hub.queries.audit import verify
from everycount_hub.snapshot import snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a backup holds.

    `problem` is the first fault of the audit log, if it has one; `damaged` are files of the store
    whose content is no longer that of their name.
    """

    head: Head
    problem: Problem | None
    tables: int
    store_files: int
    damaged: tuple[str, ...]


def make_backup(path: Path, *, at: datetime) -> Made:
    """Write one archive of the hub as it is at one moment, whole or not at all.

    Parameters
    ----------
    path : Path
        Where to. A file that is there is replaced when the new one is whole.
    at : datetime
        The time that the archive carries.
    """
    made: list[Made] = []

    def write(file: BinaryIO) -> None:
        made.append(_write(file, at))

    write_together({path: write}, never=[settings.HOME, settings.STORE_FOLDER])
    return made[0]


def _write(file: BinaryIO, at: datetime) -> Made:
    """Write the tables first: every file that they name was in the store before them."""
    with Writer(file) as writer:
        manifest, problem = _write_tables(writer, at)
        damaged, count = [], 0
        for place in store.files():
            name = place.relative_to(settings.STORE_FOLDER).as_posix()
            with place.open("rb") as stored:
                digest = writer.add(f"store/{name}", chunks_of(stored), compress=False)
            count += 1
            if digest != place.stem:
                damaged.append(name)
        writer.finish(manifest)
    return Made(
        head=Head(**manifest.head),
        problem=problem,
        tables=len(tables()),
        store_files=count,
        damaged=tuple(damaged),
    )


def _write_tables(writer: Writer, at: datetime) -> tuple[Manifest, Problem | None]:
    """Write all rows as they are at one moment, and verify the audit log of that moment."""
    with snapshot() as alias:
        verdict = verify(using=alias)
        for model in tables():
            name = f"database/{model._meta.label_lower}.jsonl"
            writer.add(name, lines_of(model, using=alias), compress=True)
        manifest = Manifest(
            format=FORMAT,
            version=version("everycount"),
            made_at=at.isoformat(),
            engine=connections[alias].vendor,
            migrations=migrations_of(alias),
            head=asdict(verdict.head),
        )
    return manifest, verdict.problem


def migrations_of(alias: str) -> list[list[str]]:
    """Return the migrations that a database has been through: they say how its tables look."""
    applied = MigrationRecorder(connections[alias]).applied_migrations()
    return sorted([app, name] for app, name in applied)
