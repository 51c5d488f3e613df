"""Write a copy: ask for all pages, let them lead to one another, check every link."""

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from everycount.errors import InputError, Problem
from everycount.language.language import LANGUAGES
from everycount_hub.edition.read import Edition
from everycount_hub.export.ask import Answer, Order, fetch, mapped
from everycount_hub.export.places import PAGE, file_of
from everycount_hub.export.processes import Run, workers
from everycount_hub.export.rewrite import Known, faults_in, rewritten
from everycount_hub.export.tags import ids_of

README = "README.txt"
ROUND = 16
"""Pages that a process is given at once."""
Say = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written."""

    pages: int
    files: int
    size: int


def write_copy(
    edition: Edition,
    folder: Path,
    *,
    languages: Sequence[str],
    processes: int,
    say: Say,
    replace: bool = False,
) -> Written:
    """Write the portal into a folder, whole or not at all.

    Parameters
    ----------
    edition : Edition
    folder : Path
        Which is not there, unless it is replaced.
    languages : sequence of str
    processes : int
        One asks in this process.
    say : callable
        Told how many are done, of how many known, and of what.
    replace : bool
        Take the place of a folder that is there.

    Raises
    ------
    InputError
        With every page that could not be made, and every link that leads nowhere.
    """
    staged = folder.with_name(f".{folder.name}-{secrets.token_hex(4)}")
    staged.mkdir(parents=True)
    try:
        order = Order(edition=edition.digest, languages=tuple(languages), folder=staged)
        with workers(processes) as run:
            answers = _gather(order, _seeds(edition, order), run, say)
            _refuse(
                Problem(each.path, each.fault, "a page") for each in answers.values() if each.fault
            )
            _link(order, answers, run, say)
        _entry(staged, edition.digest, languages)
        made = _checked(staged)
        _take_place(staged, folder, replace=replace)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return made


def _seeds(edition: Edition, order: Order) -> list[str]:
    """Return the paths to begin with: first pages, the sitemap, what the edition holds."""
    found = [f"/{code}/" for code in order.languages]
    found += [f"/{code}/search/" for code in order.languages]
    found += [each for each in mapped() if order.wants(each)]
    for code in order.languages:
        found += [f"/{code}/indicators/{slug}/" for slug in edition.indicators]
        found += [f"/{code}/areas/{slug}/" for slug in edition.areas]
    return list(dict.fromkeys(found))


def _fetched(paths: Sequence[str], order: Order) -> list[Answer]:
    return [fetch(each, order) for each in paths]


def _gather(order: Order, seeds: Sequence[str], run: Run, say: Say) -> dict[str, Answer]:
    """Ask for the seeds and all that they lead to."""
    known, waiting = dict.fromkeys(seeds), list(seeds)
    answers: dict[str, Answer] = {}
    running: set[Future[Any]] = set()
    while waiting or running:
        size = max(1, min(ROUND, len(waiting) // 4))
        while waiting and len(running) < 2 * (os.cpu_count() or 1):
            running.add(run(_fetched, waiting[:size], order))
            waiting = waiting[size:]
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for answer in (each for future in done for each in future.result()):
            answers[answer.path] = answer
            fresh = [each for each in answer.leads_to if each not in known]
            known.update(dict.fromkeys(fresh))
            waiting += fresh
        say(len(answers), len(known), "asked for")
    return dict(sorted(answers.items()))


def _link(order: Order, answers: Mapping[str, Answer], run: Run, say: Say) -> None:
    """Make the links of all pages fit for a folder."""
    pages = [path for path, each in answers.items() if each.is_page]
    known = Known(answers=answers, order=order)
    parts = max(1, min(len(pages) // ROUND, 4 * (os.cpu_count() or 1)))
    for number, future in enumerate(
        [run(_rewrite, pages[at::parts], known) for at in range(parts)], start=1
    ):
        future.result()
        say(number * len(pages) // parts, len(pages), "linked")


def _rewrite(paths: Sequence[str], known: Known) -> None:
    for path in paths:
        place = known.order.folder / file_of(path)
        place.write_text(
            rewritten(place.read_text(encoding="utf-8"), path, known), encoding="utf-8"
        )


def _checked(folder: Path) -> Written:
    """Return what is there if every link leads to a file and a place of it."""
    files = {
        place.relative_to(folder).as_posix(): place
        for place in sorted(folder.rglob("*"))
        if place.is_file()
    }
    pages = {name: place for name, place in files.items() if name.endswith(".html")}
    ids = dict.fromkeys(files, frozenset[str]())
    ids |= {name: frozenset(ids_of(_text(place))) for name, place in pages.items()}
    problems = []
    for name, place in pages.items():
        missed = dict.fromkeys(faults_in(_text(place), name, ids))
        problems += [Problem(name, each, "a file and a place in it") for each in missed]
    _refuse(problems)
    size = sum(place.stat().st_size for place in files.values())
    return Written(pages=len(pages), files=len(files), size=size)


def _text(place: Path) -> str:
    return place.read_text(encoding="utf-8")


def _refuse(problems: Iterable[Problem]) -> None:
    listed = list(problems)
    if listed:
        raise InputError("the copy", listed)


def _entry(folder: Path, edition: str, languages: Sequence[str]) -> None:
    """Write the first page, which asks for the language, and what to read about the copy."""
    links = "".join(
        f'<li><a href="{code}/{PAGE}" lang="{code}">{escape(LANGUAGES[code])}</a></li>'
        for code in languages
    )
    page = (
        '<!doctype html><html lang="en" data-copy=""><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<title>Everycount</title><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="static/everycount.css"></head><body>'
        f'<main id="main"><div class="wrap"><div class="page-head"><h1>Everycount</h1></div>'
        f'<ul class="links">{links}</ul></div></main></body></html>'
    )
    (folder / PAGE).write_text(page, encoding="utf-8")
    text = (
        "Everycount: a copy of a portal of gender data\n\n"
        f"Edition {edition}\nLanguages: {', '.join(languages)}\n\n"
        f"Open {PAGE} in a browser. No network and no server are needed; the folder can also be\n"
        "put on any web server, at any address.\n\n"
        "Every page has its figures beside it as data.csv, data.xlsx and data.json.\n"
        "Search and charts work. What asks the server of the portal does not: choices of other\n"
        "areas, years and breakdowns, narrowing of lists, weights of your own, signing in, and\n"
        "the interface for programs. A link to an indicator of one area leads to the line of the\n"
        "area on the page of the indicator.\n\n"
        "The digest of the edition stands at the foot of every page: two copies with the same\n"
        "digest show the same figures.\n"
    )
    (folder / README).write_text(text, encoding="utf-8")


def _take_place(staged: Path, folder: Path, *, replace: bool) -> None:
    """Give a folder its name; what had it before goes once the new one is in place."""
    before = folder.with_name(f".{folder.name}-before-{secrets.token_hex(4)}")
    if replace and folder.exists():
        folder.rename(before)
    try:
        staged.rename(folder)
    except OSError:
        if before.exists():
            before.rename(folder)
        raise
    shutil.rmtree(before, ignore_errors=True)
