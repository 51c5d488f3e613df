"""Commands that write reports: page, PDF or Word, by the ending of the file."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from everycount.cli.handbook_options import (
    chosen,
    language_option,
    on_option,
    own_framework,
    persons_option,
    template_option,
)
from everycount.cli.policy_assess import assessed, read_given
from everycount.cli.policy_view import at_hand, frameworks_option, refuse_places, say
from everycount.errors import InputError, Problem
from everycount.io.files import write
from everycount.io.handbooks import read_handbook
from everycount.io.review_file import read_review
from everycount.model.supply import Catalogue
from everycount.reports.assessment_page import assessment_page, assessment_pdf
from everycount.reports.assessment_report import assessment_report
from everycount.reports.assessment_word import assessment_word
from everycount.reports.handbook_page import handbook_html, handbook_pdf
from everycount.reports.handbook_report import handbook_report
from everycount.reports.handbook_word import handbook_word
from everycount.reports.policy_page import policy_page, policy_pdf
from everycount.reports.policy_report import policy_report
from everycount.reports.policy_word import policy_word

P = TypeVar("P")
POLICY = {".html": policy_page, ".pdf": policy_pdf, ".docx": policy_word}
ASSESSMENT = {".html": assessment_page, ".pdf": assessment_pdf, ".docx": assessment_word}
HANDBOOK = {".html": handbook_html, ".pdf": handbook_pdf, ".docx": handbook_word}
places_option = click.option(
    "-o",
    "--output",
    "places",
    multiple=True,
    required=True,
    metavar="FILE",
    help="File ending in .html, .pdf or .docx; may repeat.",
)


@click.group()
def report() -> None:
    """Write a report as a page, PDF or Word document.

    A single `-` in place of a file to read is standard input. Reports of audits and surveys are
    written by `audit run` and `survey report`.
    """


@report.command(
    epilog="""\b
Examples:
  everycount report policy law.review.json -o law.html
  everycount report policy law.review.json -o law.pdf -o law.docx""",
)
@click.argument("review")
@frameworks_option
@places_option
def policy(review: str, *, names: tuple[str, ...], places: tuple[str, ...]) -> None:
    """Write the report of a policy review: issues, indicators, gaps, advice, sign-offs."""
    _refuse_places(places, POLICY, review)
    found = read_review(review)
    page = policy_report(found, Catalogue(frameworks=at_hand(found, names)))
    _write(page, places, POLICY)


@report.command(
    epilog="""\b
Examples:
  everycount report assessment draft.toml --scorecard marks.csv -o draft.html -o draft.pdf
  everycount report assessment rwanda-sdg --against sdg-global --review law.review.json \\
    -o set.docx""",
)
@assessed
@places_option
def assessment(*, places: tuple[str, ...], **files: Any) -> None:
    """Write the report on an indicator set: scorecards, selection, coverage, what it lacks.

    SET and the files are those of `policy assess`, which prints the same on the terminal.
    """
    _refuse_places(places, ASSESSMENT, files["name"], *files["reviews"])
    given = read_given(**files)
    page = assessment_report(
        given.framework,
        given.scorecard,
        given.reviews,
        catalogue=given.catalogue,
        crosswalk=given.crosswalk,
    )
    _write(page, places, ASSESSMENT)


@report.command(
    epilog="""\b
Examples:
  everycount report handbook book.json -o book.html -o book.pdf
  everycount report handbook book.json --template sdg --language vi -o book.vi.html \\
    --also en=book.html""",
)
@click.argument("book")
@template_option
@language_option
@click.option("--framework", "framework_name", metavar="FRAMEWORK", help="Set that orders it.")
@click.option(
    "--also", multiple=True, metavar="LANGUAGE=FILE", help="The same in a language; may repeat."
)
@persons_option
@on_option
@places_option
def handbook(
    book: str,
    *,
    template: str | None,
    language: str | None,
    framework_name: str | None,
    also: tuple[str, ...],
    with_persons: bool,
    on: str,
    places: tuple[str, ...],
) -> None:
    """Write a metadata handbook: all indicators, by a template, in a language.

    A text that is not translated stands in another language and says so; one that is not
    approved says how it stands. Names of persons are left out unless asked for.
    """
    _refuse_places(places, HANDBOOK, book)
    found = read_handbook(book)
    files = dict(each.partition("=")[::2] for each in also)
    page = handbook_report(
        found,
        chosen(found, template),
        language=language or "",
        framework=own_framework(found, framework_name),
        date=on,
        with_persons=with_persons,
        files=files,
    )
    _write(page, places, HANDBOOK)


def _refuse_places(places: Sequence[str], writers: Mapping[str, object], *read: str) -> None:
    """Refuse files of another kind, given twice, read, or in no folder: before anything is done."""
    problems = [
        Problem(place, "another ending", f"one of {', '.join(writers)}")
        for place in places
        if Path(place).suffix.lower() not in writers
    ]
    if problems:
        raise InputError("the output", problems)
    refuse_places(places, read=read)


def _write(page: P, places: Sequence[str], writers: Mapping[str, Callable[[P], bytes]]) -> None:
    """Write a report to each file, by its ending, once all of them are made."""
    made = [(place, writers[Path(place).suffix.lower()](page)) for place in places]
    for place, content in made:
        write(place, content)
        say(f"written: {place}")
