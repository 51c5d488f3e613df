"""The command that reviews an indicator set, and what its report needs of the same files."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from everycount.cli.policy_gaps import write_tables
from everycount.cli.policy_table import show_table
from everycount.cli.policy_view import as_json, is_to_come, load_all, say
from everycount.errors import InputError, Problem
from everycount.io.files import digest
from everycount.io.frameworks import load_framework, read_accepted_links, shipped_crosswalk
from everycount.io.results import json_bytes
from everycount.io.review_file import read_review, review_bytes
from everycount.io.supply import read_scorecard, read_supplies
from everycount.model.crosswalk import Crosswalk
from everycount.model.framework import Framework
from everycount.model.review import Review
from everycount.model.scorecard import Scorecard
from everycount.model.supply import Catalogue
from everycount.policy.assessment import assess_set
from everycount.policy.assessment_coverage import is_matched

C = TypeVar("C", bound=Callable[..., Any])
SHOWN = 8
"""Rows printed of each report; a folder, --json and the written report have all."""
OPTIONS = (
    click.argument("name", metavar="SET"),
    click.option("--scorecard", metavar="FILE", help="CSV of marks and selections."),
    click.option("--review", "reviews", multiple=True, metavar="FILE", help="Of a policy; may "
                 "repeat."),
    click.option("--against", multiple=True, metavar="NAME", help="International set; may repeat."),
    click.option("--links", metavar="FILE", help="CSV of links between the set and those."),
    click.option("--supply", metavar="FILE", help="CSV of what is known of figures."),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the files say of an indicator set."""

    framework: Framework
    scorecard: Scorecard
    reviews: tuple[Review, ...]
    catalogue: Catalogue
    crosswalk: Crosswalk


def assessed(command: C) -> C:
    """Return a command with the argument and options by which a set is reviewed."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def read_given(
    name: str,
    *,
    scorecard: str | None,
    reviews: tuple[str, ...],
    against: tuple[str, ...],
    links: str | None,
    supply: str | None,
) -> Given:
    """Return the set and what is said of it, or raise what is wrong with a file."""
    framework = load_framework(name)
    reference = framework.reference
    others = load_all(against)
    _refuse_itself(framework, others)
    card = Scorecard(framework=reference)
    if scorecard:
        card = read_scorecard(scorecard, reference, tell=say)
    _refuse_others(card, framework)
    told = {place: read_review(place) for place in reviews}
    _refuse_twice(reviews, told)
    _tell(framework, told, card, name=name)
    given = read_accepted_links(links).links if links else ()
    own = {link.ends for link in given}
    shipped = (link for link in shipped_crosswalk().links if link.ends not in own)
    return Given(
        framework=framework,
        scorecard=card,
        reviews=tuple(told.values()),
        catalogue=Catalogue(
            frameworks=others, supplies=read_supplies(supply, tell=say) if supply else ()
        ),
        crosswalk=Crosswalk(links=(*given, *shipped)),
    )


def _refuse_others(card: Scorecard, framework: Framework) -> None:
    """Refuse marks and selections of what is no candidate."""
    known = {each.key for each in framework.indicators}
    named = dict.fromkeys([*(each.key for each in card.marks), *dict(card.selections)])
    problems = [
        Problem(f"candidate {key}", "no such indicator", f"a key of {framework.reference}")
        for key in named
        if key not in known
    ]
    if problems:
        raise InputError("the scorecard", problems)


def _refuse_itself(framework: Framework, others: Sequence[Framework]) -> None:
    """Refuse to compare a set with itself, which lacks nothing of it."""
    if any(other.reference == framework.reference for other in others):
        expected = "an international set, or another version of this one"
        problem = Problem("--against", f"the set itself, {framework.reference}", expected)
        raise InputError("the comparison", [problem])


def _refuse_twice(places: Sequence[str], reviews: Mapping[str, Review]) -> None:
    """Refuse a review that is given a second time, for its issues would count twice."""
    first: dict[str, str] = {}
    problems = []
    for at, place in enumerate(places):
        # The log and the sign-offs make no other review of the same issues.
        content = replace(reviews[place], log=(), sign_offs=())
        known = first.setdefault(digest(review_bytes(content)), place)
        if known != place or place in places[:at]:
            found = f"the review of {known} again"
            problems.append(Problem(f"--review {place}", found, "each review once"))
    if problems:
        raise InputError("the list of reviews", problems)


def _tell(
    framework: Framework, reviews: Mapping[str, Review], card: Scorecard, *, name: str
) -> None:
    """Say what must be known of the files before the reports are read."""
    documents: dict[str, str] = {}
    for place, review in reviews.items():
        if not is_matched(review, framework):
            say(
                f"{place}: this review was not matched to {framework.reference}; propose links "
                f"by: everycount policy match {shlex.quote(place)} --framework {shlex.quote(name)}"
            )
        known = documents.setdefault(review.policy.digest or place, place)
        if known != place:
            say(
                f"warning: {known} and {place} are reviews of one document, and both count; "
                "`everycount policy merge` makes one of several groups' reviews"
            )
    for key, decision in card.selections:
        if decision.on and is_to_come(decision.on):
            say(f"warning: candidate {key}: the date {decision.on} has not come yet")


@click.command(
    epilog="""\b
Examples:
  everycount policy assess draft.toml --scorecard marks.csv --review law.review.json
  everycount policy assess draft.toml --against un-minimum-set --links links.csv -o review""",
)
@assessed
@click.option("-o", "--output", metavar="DIR", help="Folder for a CSV of each report.")
@as_json
def assess(*, output: str | None, as_json: bool, **files: Any) -> None:
    """Review an indicator set, such as a draft that is to be decided on.

    Scorecards on six criteria with the selection; coverage of policies; how far it goes beyond
    today's data; balance of input, process, output and outcome; completeness of metadata; what
    international sets have that it lacks. `report assessment` writes the same as a page, PDF or
    Word document.
    """
    given = read_given(**files)
    tables = assess_set(
        given.framework,
        given.scorecard,
        given.reviews,
        catalogue=given.catalogue,
        crosswalk=given.crosswalk,
    )
    if output:
        write_tables(tables, Path(output))
    if as_json:
        click.echo(json_bytes([asdict(table) for table in tables]), nl=False)
    elif not output:
        for table in tables:
            show_table(table, rows=SHOWN)
