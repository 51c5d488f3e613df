"""Options that say which engine works, and where the rows are."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from everycount.io.survey_run import Engine

Command = TypeVar("Command", bound=Callable[..., Any])
OPTIONS = (
    click.option(
        "--engine",
        type=click.Choice(get_args(Engine)),
        default="embedded",
        show_default=True,
        help="What works: this program, or a database that Ibis reaches.",
    ),
    click.option(
        "--backend",
        metavar="NAME",
        help="The database of --engine ibis: duckdb (the default), pyspark, or a URL such as "
        "postgres://user@host/census. MICRODATA is then Parquet, for DuckDB also CSV, a pattern "
        "or file.duckdb::table; otherwise the name of a table.",
    ),
)


def engine_options(command: Command) -> Command:
    """Give a command the options that choose an engine."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def take_engine(options: dict[str, Any]) -> tuple[Engine, str]:
    """Take the options that choose an engine from all others.

    Returns
    -------
    tuple of str
        The engine, and the backend it is for if it is Ibis.

    Raises
    ------
    click.UsageError
        If a backend is named for the embedded engine.
    """
    engine, backend = options.pop("engine"), options.pop("backend")
    if backend is not None and engine != "ibis":
        raise click.UsageError("--backend needs --engine ibis")
    return engine, backend or "duckdb"
