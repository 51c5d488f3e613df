"""Commands that write reports: page, PDF or Word, by the ending of the file."""

from pathlib import Path

import click

from everycount.cli.policy_view import at_hand, frameworks_option, say
from everycount.errors import InputError, Problem
from everycount.io.files import write
from everycount.io.review_file import read_review
from everycount.model.supply import Catalogue
from everycount.reports.policy_page import policy_page, policy_pdf
from everycount.reports.policy_report import policy_report
from everycount.reports.policy_word import policy_word

WRITERS = {".html": policy_page, ".pdf": policy_pdf, ".docx": policy_word}


@click.group()
def report() -> None:
    """Write a report as a page, PDF or Word document.

    Reports of audits and surveys are written by `audit run` and `survey report`.
    """


@report.command(
    epilog="""\b
Examples:
  everycount report policy law.review.json -o law.html
  everycount report policy law.review.json -o law.pdf -o law.docx""",
)
@click.argument("review")
@frameworks_option
@click.option(
    "-o",
    "--output",
    "places",
    multiple=True,
    required=True,
    metavar="FILE",
    help="File ending in .html, .pdf or .docx; may repeat.",
)
def policy(review: str, *, names: tuple[str, ...], places: tuple[str, ...]) -> None:
    """Write the report of a policy review: issues, indicators, gaps, advice, sign-offs."""
    problems = [
        Problem(place, "another ending", f"one of {', '.join(WRITERS)}")
        for place in places
        if Path(place).suffix.lower() not in WRITERS
    ]
    if problems:
        raise InputError("the output", problems)
    found = read_review(review)
    page = policy_report(found, Catalogue(frameworks=at_hand(found, names)))
    for place in places:
        write(place, WRITERS[Path(place).suffix.lower()](page))
        say(f"written: {place}")
