"""What policy commands share: options, reading and saving a review, and words for people."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from everycount.errors import InputError, NotFound, Problem
from everycount.io.files import write
from everycount.io.frameworks import find_framework, load_framework
from everycount.io.results import csv_bytes
from everycount.io.review_file import review_bytes
from everycount.model.framework import DATE, Framework
from everycount.model.gap import GapTable
from everycount.model.review import Review

C = TypeVar("C", bound=Callable[..., Any])
WIDTH = 100


def say(text: str) -> None:
    """Print words on standard error; results alone go to standard output."""
    click.echo(text, err=True)


def today() -> str:
    """Return the date of today, for decisions that state none."""
    return datetime.now(tz=UTC).date().isoformat()


def _date(context: click.Context, option: click.Parameter, value: str) -> str:
    """Return a date, or refuse what is none."""
    if not DATE.fullmatch(value):
        raise click.BadParameter(f"found {value!r}, expected a date such as 2026-11-22")
    return value


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
output = click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Review to write; the review that was read if left out.",
)
by = click.option("--by", required=True, metavar="NAME", help="Who decides.")
on = click.option(
    "--on",
    default=today,
    callback=_date,
    metavar="DATE",
    show_default="today",
    help="Date, such as 2026-11-22.",
)
frameworks_option = click.option(
    "--framework",
    "names",
    multiple=True,
    metavar="NAME",
    help="Framework: ID, ID@VERSION or a TOML file; may repeat.",
)


def save_review(review: Review, place: str) -> None:
    """Write a review whole or not at all; ``-`` prints it."""
    if place == "-":
        click.echo(review_bytes(review), nl=False)
        return
    write(place, review_bytes(review))
    say(f"written: {place}")


def refuse_existing(place: str, *, unless: str | None = None) -> None:
    """Refuse to write over a file that holds the work of others."""
    path = Path(place)
    if path.exists() and (unless is None or path.resolve() != Path(unless).resolve()):
        expected = "a new name, or the same file as --review to go on with it"
        raise InputError("the output", [Problem(place, "a file that exists", expected)])


def load_all(names: Sequence[str]) -> tuple[Framework, ...]:
    """Return the frameworks of these names, or one error with all that are not there."""
    found, problems = [], []
    for name in names:
        try:
            found.append(load_framework(name))
        except NotFound as error:
            problems.append(str(error))
    if problems:
        raise NotFound("; ".join(problems))
    return tuple({each.reference: each for each in found}.values())


def at_hand(review: Review, names: Sequence[str]) -> tuple[Framework, ...]:
    """Return the frameworks that a review names and that are shipped or given."""
    given = {each.reference: each for each in load_all(names)}
    for use in review.frameworks:
        if use.is_loaded and use.reference not in given:
            try:
                given[use.reference] = find_framework(use.reference)
            except NotFound:
                say(f"{use.reference} is not shipped: give its file by --framework")
    return tuple(given.values())


def show_table(table: GapTable, *, rows: int | None = None) -> None:
    """Print one report: its finding, then its rows."""
    click.echo(f"\n{table.title}\n{table.finding}")
    shown = table.rows[:rows]
    for row in shown:
        first, *rest = (cell for cell in row if cell)
        click.echo(_cut(f"  {first}  {' | '.join(rest)}"))
    if len(shown) < len(table.rows):
        click.echo(f"  … and {len(table.rows) - len(shown)} more")
    for note in table.notes:
        click.echo(f"  note: {note}")


def _cut(line: str) -> str:
    """Return a line that fits a terminal."""
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def table_csv(table: GapTable) -> bytes:
    """Return the rows of a report as CSV."""
    import polars as pl  # noqa: PLC0415 - only a folder of reports needs tables

    columns = {name: [row[at] for row in table.rows] for at, name in enumerate(table.columns)}
    return csv_bytes(pl.DataFrame(columns, schema=dict.fromkeys(table.columns, pl.String)))
