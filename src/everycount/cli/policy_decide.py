"""The command that accepts or rejects issues, links and readings of targets."""

import re
from collections import Counter

import click

from everycount.cli.policy_propose import review_facts
from everycount.cli.policy_view import (
    as_json,
    by,
    on,
    output,
    refuse_existing,
    save_review,
    say,
    why,
)
from everycount.io.results import json_bytes
from everycount.io.review_file import read_review
from everycount.model.issue import Status
from everycount.policy.decide import Choice, decide
from everycount.reports.wording import plural

LINK = re.compile(r"(?P<issue>\S+) (?P<framework>\S+@\S+) (?P<key>.+)")
TARGET = re.compile(r"(?P<issue>\S+) target (?P<target>\S+)")


@click.command(
    name="decide",
    epilog="""\b
Examples:
  everycount policy decide law.review.json --by Lan --accept 11.a --accept 11.b
  everycount policy decide law.review.json --by Lan --accept "11.a sdg-global@2023 5.5.1"
  everycount policy decide law.review.json --by Lan --accept "2.1 target 2.1-t1"
  everycount policy decide law.review.json --by Lan --reject 42 --why "penalties" """,
)
@click.argument("review", metavar="REVIEW")
@click.option("--accept", "accepted", multiple=True, metavar="WHAT", help="Accept; may repeat.")
@click.option("--reject", "rejected", multiple=True, metavar="WHAT", help="Reject; may repeat.")
@click.option("--reopen", "opened", multiple=True, metavar="WHAT", help="Open again; may repeat.")
@by
@on
@why
@output
@as_json
def decide_command(
    review: str,
    *,
    accepted: tuple[str, ...],
    rejected: tuple[str, ...],
    opened: tuple[str, ...],
    by: str,
    on: str,
    why: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Accept or reject issues, links and readings of targets; all of them or none.

    WHAT is the id of an issue, "ISSUE FRAMEWORK KEY" for a link, or "ISSUE target ID" for the
    readings of a target. Every decision stays in the log of the review.
    """
    refuse_existing(output or review, unless=review)
    found = read_review(review)
    given: tuple[tuple[Status, tuple[str, ...]], ...] = (
        ("accepted", accepted),
        ("rejected", rejected),
        ("proposed", opened),
    )
    twice = [name for name, times in Counter((*accepted, *rejected, *opened)).items() if times > 1]
    if twice:
        raise click.UsageError(f"decided twice: {', '.join(twice)}")
    choices = [
        _choice(each, status, by=by, on=on, why=why) for status, names in given for each in names
    ]
    if not choices:
        raise click.UsageError("name something by --accept, --reject or --reopen")
    made = decide(found, choices)
    save_review(made, output or review)
    facts = review_facts(made)
    if as_json:
        click.echo(json_bytes(facts), nl=False)
    say(
        f"{facts['accepted']} of {plural(facts['issues'], 'issue')} accepted, "
        f"{facts['rejected']} rejected; {plural(facts['accepted_links'], 'link')} accepted"
    )


def _choice(words: str, status: Status, *, by: str, on: str, why: str) -> Choice:
    """Return what one WHAT asks for."""
    link, target = LINK.fullmatch(words), TARGET.fullmatch(words)
    if link:
        return Choice(
            issue=link["issue"],
            framework=link["framework"],
            key=link["key"],
            status=status,
            by=by,
            on=on,
            why=why,
        )
    name = target["issue"] if target else words
    reading = target["target"] if target else ""
    return Choice(issue=name, target=reading, status=status, by=by, on=on, why=why)
