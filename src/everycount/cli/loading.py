"""Load commands when they are called, not when their names are listed."""

from importlib import import_module

import click

from everycount.errors import Unavailable


def load_command(place: str, *, extra: str | None = None) -> click.Command:
    """Return the command at a place such as ``package.module:name``.

    Parameters
    ----------
    place : str
        Module and name.
    extra : str, optional
        The optional part of the installation that the command needs.

    Raises
    ------
    Unavailable
        If that part is not installed.

    Examples
    --------
    >>> load_command("everycount.cli.index:index").name
    'index'
    """
    module, _, name = place.partition(":")
    try:
        command = getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        if extra is None or (error.name or "").startswith("everycount"):
            raise
        raise not_installed(name, extra) from error
    assert isinstance(command, click.Command), f"{place} is not a command"
    return command


def not_installed(name: str, extra: str) -> Unavailable:
    """Return the error for a command that takes an optional part which is not there."""
    return Unavailable(
        f"everycount {name} is not part of this installation: install everycount[{extra}]"
    )
