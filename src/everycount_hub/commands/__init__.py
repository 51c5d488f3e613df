"""Commands that run and keep a hub."""

import click

from everycount_hub.commands.administration import createadmin, verify_audit, verify_store
from everycount_hub.commands.archives import backup, restore
from everycount_hub.commands.export import export
from everycount_hub.commands.serve import serve
from everycount_hub.commands.worker import worker


@click.group(name="hub")
def hub() -> None:
    """Run the web hub, back it up, verify its audit log and its files.

    The environment says where it lives: EVERYCOUNT_HOME, DATABASE_URL, EVERYCOUNT_HOSTS.
    """


for each in (backup, createadmin, export, restore, serve, verify_audit, verify_store, worker):
    hub.add_command(each)
