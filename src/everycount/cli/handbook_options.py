"""What the commands on handbooks share: options, and saving a handbook."""

import re
from collections.abc import Sequence

import click

from everycount.cli.policy_view import refuse_existing, say, today
from everycount.errors import NotFound
from everycount.io.files import write
from everycount.io.frameworks import load_framework
from everycount.io.handbooks import handbook_bytes, load_preset
from everycount.io.words import nearest
from everycount.model.framework import Framework
from everycount.model.handbook import Entry, Handbook, Preset
from everycount.model.indicator import LANGUAGE


def _language(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Return a code of a language, or refuse what is none."""
    if value and not LANGUAGE.fullmatch(value):
        raise click.BadParameter(f"found {value!r}, expected a code such as en or vi")
    return value


def _day(context: click.Context, option: click.Parameter, value: str) -> str:
    """Return a whole date, or refuse what is none."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", value):
        raise click.BadParameter(f"found {value!r}, expected a date such as 2026-11-22")
    return value


template_option = click.option(
    "--template",
    metavar="NAME",
    help="sdg, sdg-main, minimum-set, esms, adapt, everycount or a TOML file; that of the "
    "handbook if left out.",
)
language_option = click.option(
    "--language", callback=_language, help="Language; that of the handbook if left out."
)
output_option = click.option(
    "-o", "--output", metavar="FILE", help="Handbook to write; the one that was read if left out."
)
on_option = click.option(
    "--on",
    default=today,
    callback=_day,
    metavar="DATE",
    show_default="today",
    help="Date, such as 2026-11-22.",
)
persons_option = click.option(
    "--with-persons", is_flag=True, help="Have names of persons and how to reach them in it."
)


def put(place: str, content: bytes) -> None:
    """Write a file; ``-`` prints it."""
    if place == "-":
        click.echo(content, nl=False)
        return
    write(place, content)
    say(f"written: {place}")


def save(handbook: Handbook, place: str, *, read: str | None) -> None:
    """Write a handbook whole or not at all; ``-`` prints it, and no other file is written over."""
    if place != "-":
        refuse_existing(place, unless=read)
    put(place, handbook_bytes(handbook))


def chosen(handbook: Handbook, name: str | None) -> Preset:
    """Return the template of that name, or the handbook's own."""
    return load_preset(name or handbook.preset)


def own_framework(handbook: Handbook, name: str | None = None) -> Framework | None:
    """Return the framework that a handbook is of; None where it is not shipped, with a word."""
    try:
        return load_framework(name or handbook.framework)
    except NotFound:
        if name:
            raise
        say(f"{handbook.framework} is not shipped: give its file by --framework")
        return None


def find_entry(handbook: Handbook, indicator: str) -> Entry:
    """Return the entry of an indicator, by its key or code."""
    entries = handbook.by_indicator
    if indicator in entries:
        return entries[indicator]
    codes = [
        entry
        for entry in handbook.entries
        if (code := entry.shown("code", handbook.language)) and code.text == indicator
    ]
    if len(codes) == 1:
        return codes[0]
    raise _nothing(indicator, list(entries))


def _nothing(indicator: str, keys: Sequence[str]) -> NotFound:
    """Return the error for an indicator that a handbook does not have."""
    near = nearest(indicator, keys)
    hint = f"; perhaps {near!r}" if near else ""
    return NotFound(f"the handbook has no indicator {indicator!r}{hint}")
