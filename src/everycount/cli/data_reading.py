"""Options that every command on data files shares: their format and their columns."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar

import click

from everycount.io.column_mappings import read_column_mapping
from everycount.io.importers.read import read_dataset
from everycount.model.column_mapping import ColumnMapping
from everycount.model.dataset import Dataset

Command = TypeVar("Command", bound=Callable[..., Any])
today_option = click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="Date to judge by; today's if left out."
)


def reading_options(command: Command) -> Command:
    """Add the options that say how a file of data is read."""
    options = (
        click.option(
            "--from",
            "format",
            metavar="FORMAT",
            help="Format of the files (data formats lists them); recognised if left out.",
        ),
        click.option(
            "--mapping",
            "mapping_file",
            metavar="FILE",
            help="TOML file that says where components stand in the columns.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def read_file(place: str, *, format: str | None, mapping_file: str | None) -> Dataset:
    """Return the observations in a file, read as the options say."""
    return read_dataset(place, format=format, mapping=find_mapping(mapping_file))


def find_mapping(mapping_file: str | None) -> ColumnMapping | None:
    """Return the mapping in a file, if one is named."""
    return read_column_mapping(mapping_file) if mapping_file else None


def today_date(today: datetime | None) -> date:
    """Return the date that `today_option` gives, else today's."""
    return today.date() if today else datetime.now(UTC).date()
