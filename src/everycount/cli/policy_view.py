"""What policy commands share: options, reading and saving a review, and words for people."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from everycount.errors import InputError, NotFound, Problem
from everycount.io.frameworks import find_framework, load_framework
from everycount.io.review_file import checked_bytes, write_review
from everycount.model.dates import EXPECTED, is_after, is_date
from everycount.model.framework import Framework
from everycount.model.letters import named, visible
from everycount.model.review import Review

C = TypeVar("C", bound=Callable[..., Any])
SLACK = timedelta(days=1)
"""East of Greenwich it may be tomorrow already, by up to 14 hours (Kiribati)."""


def say(text: str) -> None:
    """Print words on standard error; results alone go to standard output."""
    click.echo(text, err=True)


def today() -> str:
    """Return the date of today, for decisions that state none."""
    return datetime.now(tz=UTC).date().isoformat()


def _date(context: click.Context, option: click.Parameter, value: str) -> str:
    """Return a date, or refuse what is none; one to come is told."""
    if not is_date(value):
        raise click.BadParameter(f"found {value!r}, expected {EXPECTED}")
    if is_to_come(value):
        say(f"warning: {option.opts[0]} {value} has not come yet")
    return value


def is_to_come(value: str) -> bool:
    """Tell whether a date has come nowhere on earth."""
    return is_after(value, date.fromisoformat(today()) + SLACK)


def name_of(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Return the name of a person or group without what nobody sees, or refuse one of nothing."""
    if value is None:
        return None
    name = named(value)
    if not name:
        raise click.BadParameter(f"found {value!a}, expected a name with letters")
    return name


def text_of(context: click.Context, option: click.Parameter, value: str) -> str:
    """Return words without what nobody sees."""
    return visible(value)


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
output = click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Review to write; the review that was read if left out.",
)
by = click.option("--by", required=True, callback=name_of, metavar="NAME", help="Who decides.")
why = click.option("--why", default="", callback=text_of, metavar="WORDS", help="On what ground.")
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
        click.echo(checked_bytes(review), nl=False)
        return
    write_review(review, place)
    say(f"written: {place}")


def refuse_existing(place: str, *, unless: str | None = None, option: str = "") -> None:
    """Refuse to write over a file that holds the work of others.

    Parameters
    ----------
    place : str
        The file to write.
    unless : str, optional
        The file that was read, which may be written over.
    option : str
        By which option it was given; empty for an argument.
    """
    path = Path(place)
    if not path.exists() or (unless is not None and path.resolve() == Path(unless).resolve()):
        return
    expected = "a new name"
    if option:
        expected = f"{expected}, or the same file as {option} to go on with it"
    elif unless is not None:
        expected = f"{expected}, or {unless} itself to go on with it"
    raise InputError("the output", [Problem(place, "a file that exists", expected)])


def refuse_places(places: Sequence[str], *, read: Sequence[str] = ()) -> None:
    """Refuse places that cannot take a file, all at once, before any of them is written.

    Reports are made again by their command, so one that is there is replaced.

    Parameters
    ----------
    places : sequence of str
        Files to write.
    read : sequence of str
        Files that are read, which no report replaces.
    """
    sources = {Path(each).resolve() for each in read}
    taken: set[Path] = set()
    problems = []
    for place in places:
        path = Path(place).resolve()
        if path in sources:
            problems.append(Problem(place, "a file that is read", "another name"))
        elif path in taken:
            problems.append(Problem(place, "the same file again", "a name for each"))
        elif path.is_dir():
            problems.append(Problem(place, "a folder", "a file"))
        elif not path.parent.is_dir():
            problems.append(Problem(place, "no such folder", "a file in a folder that exists"))
        taken.add(path)
    if problems:
        raise InputError("the output", problems)


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
