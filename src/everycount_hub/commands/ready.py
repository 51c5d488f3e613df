"""Setting Django up for a command."""

import os

import click
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from everycount.errors import Unavailable


def set_up() -> None:
    """Read the settings and load the models; commands import theirs after this."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "everycount_hub.settings")
    os.umask(0o077)  # what a hub writes is for its own account alone
    django.setup()


def migrate() -> None:
    """Bring the database up to this version, if it is not."""
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            click.echo("Preparing the database …", err=True)
            call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise Unavailable(f"the database does not answer: {error}") from error
