"""`hub export`: the whole portal as files."""

import json
import os
import time
from pathlib import Path

import click

from everycount.errors import InputError, Problem
from everycount.language.language import LANGUAGES
from everycount_hub.commands.ready import migrate, set_up

EVERY = 2.0
"""Seconds between two lines that tell how far it is."""


@click.command(epilog="Example: everycount hub export portal-copy --languages en,vi")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--languages",
    metavar="CODES",
    default=",".join(LANGUAGES),
    show_default=True,
    help="Languages of the copy, with commas.",
)
@click.option("--replace", is_flag=True, help="Take the place of DIR if it is there already.")
@click.option(
    "--processes",
    type=click.IntRange(1),
    default=max(1, os.cpu_count() or 1),
    show_default="one a core",
    help="Processes that make pages.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def export(folder: Path, *, languages: str, replace: bool, processes: int, as_json: bool) -> None:
    """Write the whole portal into a folder that opens without a server and without a network.

    Every page of the edition that is shown, its figures, charts, search and feeds, with links from
    file to file. Fails with the list of all links that lead nowhere, and then writes nothing.
    """
    codes = _codes(languages)
    problems = []
    if folder.exists() and not replace:
        expected = "a name that is free, or --replace to take its place"
        problems.append(Problem("DIR", f"{folder} is there already", expected))
    if folder.exists() and not folder.is_dir():
        problems.append(Problem("DIR", f"{folder}, a file", "a folder"))
    if problems:
        raise InputError("the copy", problems)
    set_up()
    from everycount_hub.export.write import write_copy  # noqa: PLC0415
    from everycount_hub.queries.editions import current_edition  # noqa: PLC0415

    migrate()
    last = 0.0

    def say(done: int, known: int, what: str) -> None:
        nonlocal last
        if time.monotonic() - last > EVERY:
            last = time.monotonic()
            click.echo(f"{done} of {known} {what}", err=True)

    written = write_copy(
        current_edition(),
        folder.absolute(),
        languages=codes,
        processes=processes,
        say=say,
        replace=replace,
    )
    if as_json:
        told = {"folder": str(folder), "pages": written.pages, "files": written.files}
        click.echo(json.dumps({**told, "bytes": written.size}))
    else:
        click.echo(str(folder / "index.html"))
    size = f"{written.size / 1e6:.1f} MB"
    click.echo(f"{written.pages} pages, {written.files} files, {size}; every link leads", err=True)


def _codes(text: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
    unknown = [each for each in codes if each not in LANGUAGES]
    if unknown or not codes:
        found = ", ".join(map(repr, unknown)) or repr(text)
        expected = f"some of {', '.join(LANGUAGES)}"
        raise InputError("--languages", [Problem("--languages", found, expected)])
    return codes
