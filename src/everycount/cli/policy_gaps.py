"""The command that reports the gaps of a review."""

from dataclasses import asdict
from pathlib import Path

import click

from everycount.cli.policy_table import show_table, table_csv
from everycount.cli.policy_view import (
    as_json,
    at_hand,
    frameworks_option,
    say,
)
from everycount.errors import NotFound
from everycount.io.files import staged_folder
from everycount.io.results import json_bytes
from everycount.io.review_file import read_review
from everycount.model.gap import GapTable
from everycount.model.supply import Catalogue
from everycount.policy.gaps import gaps

SHOWN = 8
"""Rows printed of each report; a folder or --json has all."""


@click.command(
    name="gaps",
    epilog="""\b
Examples:
  everycount policy gaps law.review.json
  everycount policy gaps law.review.json --report breakdown-demand
  everycount policy gaps law.review.json --framework nsigd.toml -o gaps""",
)
@click.argument("review")
@frameworks_option
@click.option("--report", "only", metavar="NAME", help="Only this report, with all its rows.")
@click.option("-o", "--output", metavar="DIR", help="Folder for a CSV of each report.")
@as_json
def gaps_command(
    review: str,
    *,
    names: tuple[str, ...],
    only: str | None,
    output: str | None,
    as_json: bool,
) -> None:
    """Report what the policy asks that no figure shows, and the other way round.

    Counts only what people accepted. A set that the review names and that is not loaded is named
    as such, never counted as a gap.
    """
    found = read_review(review)
    tables = _chosen(gaps(found, Catalogue(frameworks=at_hand(found, names))), only)
    if output:
        write_tables(tables, Path(output))
    if as_json:
        click.echo(json_bytes([asdict(table) for table in tables]), nl=False)
    elif not output:
        for table in tables:
            show_table(table, rows=None if only else SHOWN)


def _chosen(tables: tuple[GapTable, ...], only: str | None) -> tuple[GapTable, ...]:
    """Return the reports asked for."""
    if only is None:
        return tables
    chosen = tuple(table for table in tables if table.id == only)
    if not chosen:
        names = ", ".join(table.id for table in tables)
        raise NotFound(f"there is no report {only!r}; there is {names}")
    return chosen


def write_tables(tables: tuple[GapTable, ...], folder: Path) -> None:
    """Write a CSV of each report, and all of them with their findings as JSON."""
    with staged_folder(folder) as stage:
        for table in tables:
            stage(f"{table.id}.csv", table_csv(table))
        stage("gaps.json", json_bytes([asdict(table) for table in tables]))
    say(f"{len(tables)} reports in {folder}")
