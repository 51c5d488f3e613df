"""Write what `everycount chart` drew: pictures, specifications, and words about them."""

import json
import warnings
from collections import Counter
from pathlib import Path
from typing import Any, cast

import click

from everycount.charts.fonts import BoxesWarning
from everycount.charts.paper import Format
from everycount.charts.picture import Caption, picture
from everycount.charts.theme import Spec
from everycount.errors import InputError, Problem
from everycount.io.files import folder_problems, place_problems, write

ENDINGS = (".svg", ".png", ".pdf", ".json")


def refuse_places(places: tuple[str, ...], *read: str) -> None:
    """Refuse files of another kind, given twice, read, or in no folder: before anything is done."""
    named = [place for place in places if place != "-"]
    problems = [
        Problem(place, "another ending", f"one of {', '.join(ENDINGS)}")
        for place in named
        if Path(place).suffix.lower() not in ENDINGS
    ]
    for place in named:
        problems += folder_problems(place)
    problems += [
        Problem(place, "a name given twice", "a name for each picture")
        for place, count in Counter(map(_resolved, named)).items()
        if count > 1
    ]
    never = [Path(place) for place in read if place != "-"]
    if not problems:
        for place in named:
            problems += place_problems([Path(place)], never=never)
    if problems:
        raise InputError("the output", problems)


def _resolved(place: str) -> str:
    """Return the one name of a file."""
    return str(Path(place).resolve())


def finish(
    spec: Spec,
    caption: Caption,
    places: tuple[str, ...],
    *,
    size: tuple[int, int] | None,
    facts: dict[str, Any],
    as_json: bool,
) -> None:
    """Make every picture, then write them, and say so."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", BoxesWarning)
        made = [(place, _content(spec, caption, place, size=size)) for place in places]
    told = list(dict.fromkeys(str(w.message) for w in caught if w.category is BoxesWarning))
    for words in told:
        click.echo(words, err=True)
    for place, content in made:
        write(place, content)
        if place != "-":
            click.echo(f"written: {place}", err=True)
    if as_json:
        named = [place for place in places if place != "-"]
        click.echo(json.dumps(facts | {"written": named, "warnings": told}, ensure_ascii=False))


def _content(spec: Spec, caption: Caption, place: str, *, size: tuple[int, int] | None) -> bytes:
    """Return a file by its ending; the specification for standard output."""
    ending = Path(place).suffix.lower().removeprefix(".")
    if place == "-" or ending == "json":
        return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()
    try:
        return picture(spec, caption, format=cast("Format", ending), size=size)
    except ValueError as error:
        found = Problem("--size", str(error), "a larger picture, or fewer words")
        raise InputError("the picture", [found]) from error
