"""`hub backup` and `hub restore`."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from everycount.errors import InputError, Problem
from everycount.io.files import folder_problems
from everycount_hub.commands.ready import migrate, set_up


@click.command(epilog="Example: everycount hub backup /backups/hub-2026-11-22.zip")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Write over FILE if it is there already.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def backup(file: Path, *, replace: bool, as_json: bool) -> None:
    """Write the whole hub as it is now into one archive, while it goes on working.

    The archive holds hashes of passwords and secrets of second factors: keep it like a key.
    Everybody is signed out after a restore, and secret.key is not part of it.
    """
    problems = folder_problems(file)
    if file.exists() and not replace:
        expected = "a name that is free, or --replace to write over it"
        problems.append(Problem("FILE", f"{file} is there already", expected))
    if problems:
        raise InputError("the backup", problems)
    set_up()
    from django.utils import timezone  # noqa: PLC0415

    from everycount_hub.backup.make import make_backup  # noqa: PLC0415

    migrate()
    made = make_backup(file, at=timezone.now())
    if as_json:
        told = {
            "file": str(file),
            "head": asdict(made.head),
            "problem": str(made.problem) if made.problem else None,
            "tables": made.tables,
            "store_files": made.store_files,
            "damaged": made.damaged,
        }
        click.echo(json.dumps(told))
    else:
        click.echo(made.head)
    click.echo(f"{made.tables} tables and {made.store_files} files written to {file}", err=True)
    for name in made.damaged:
        click.echo(f"warning: damaged in the store: {name}", err=True)
    if made.problem is not None:
        click.echo(f"warning: the audit log is broken: {made.problem}", err=True)


@click.command(epilog="Example: everycount hub restore /backups/hub-2026-11-22.zip")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace a hub that holds accounts and data.")
@click.option(
    "--accept-broken-log",
    is_flag=True,
    help="Take an audit log that was broken already when the backup was made.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def restore(file: Path, *, replace: bool, accept_broken_log: bool, as_json: bool) -> None:
    """Put the hub back as an archive has it, after verifying every byte and the audit log.

    If anything is wrong, the hub stays as it was. SQLite and PostgreSQL read each other's archives.
    """
    set_up()
    from everycount_hub.backup.restore import restore_backup  # noqa: PLC0415

    migrate()
    head = restore_backup(file, replace=replace, accept_broken_log=accept_broken_log)
    click.echo(json.dumps({"head": asdict(head)}) if as_json else head)
    click.echo(f"restored from {file}; everybody has to sign in again", err=True)
