"""The command that proposes issues for action, and carries decisions over to a new reading."""

import click

from everycount.cli.policy_view import as_json, on, refuse_existing, save_review, say
from everycount.errors import InputError, Problem
from everycount.io.policy_run import reread_review, start_review
from everycount.io.results import json_bytes
from everycount.io.review_file import read_review
from everycount.model.review import Review
from everycount.policy.passage_order import out_of_order
from everycount.reports.policy_report import recognised_words
from everycount.reports.wording import plural


@click.command(
    epilog="""\b
Examples:
  everycount policy propose law.pdf -o law.review.json --reviewers "Group A"
  everycount policy propose law-2026.pdf --review law.review.json --by Lan \\
    -o law-2026.review.json""",
)
@click.argument("document")
@click.option("-o", "--output", required=True, metavar="FILE", help="Review to write.")
@click.option("--language", metavar="CODE", help="Language to read of several: en, fr, es, vi.")
@click.option("--vocabulary", metavar="FILE", help="Target groups and core concepts of your own.")
@click.option("--title", default="", help="What to call the review; the title of the document.")
@click.option("--reviewers", default="", help="Name of the group that reviews.")
@click.option("--review", "before", metavar="FILE", help="Review whose decisions to carry over.")
@click.option("--by", metavar="NAME", help="Who reads it again; needed with --review.")
@on
@as_json
def propose(
    document: str,
    *,
    output: str,
    before: str | None,
    by: str | None,
    on: str,
    as_json: bool,
    **new: str,
) -> None:
    """Propose issues for action from the clauses of a document.

    Each proposal points at its clause with the words that caused it: action, bodies, target
    groups, core concepts with grades, dimension, targets, breakdowns. Nothing is accepted by
    itself. With --review the decisions of an earlier review follow their clauses by the words.
    """
    refuse_existing(output, unless=before, option="--review")
    if before is None:
        made = start_review(document, **_given(new))
    else:
        if not by:
            raise click.UsageError("--review needs --by")
        _refuse_settings(new)
        made, followed = reread_review(
            read_review(before), document, by=by, on=on, language=new["language"] or None
        )
        say(followed.words)
        if followed.gone and not (followed.kept or followed.moved or followed.changed):
            say("nothing that people worked on was found again: is this the right document?")
        for issue in made.issues:
            if issue.stale:
                say(f"issue {issue.id}: {issue.stale}")
    save_review(made, output)
    if made.policy.recognised:
        say(recognised_words(made.policy.recognised))
    for words in out_of_order(made.policy.clauses):
        say(words)
    facts = review_facts(made)
    if as_json:
        click.echo(json_bytes(facts), nl=False)
    say(
        f"{plural(len(made.policy.clauses), 'clause')}, {plural(len(made.issues), 'issue')} "
        f"proposed or decided, {plural(facts['targets'], 'target')}"
    )


def _given(new: dict[str, str]) -> dict[str, str]:
    """Return the options that say something."""
    return {name: value for name, value in new.items() if value}


def _refuse_settings(new: dict[str, str]) -> None:
    """Refuse options that a review has settled already."""
    problems = [
        Problem(f"--{name}", repr(value), "nothing: the review has its own")
        for name, value in new.items()
        if value and name != "language"
    ]
    if problems:
        raise InputError("--review", problems)


def review_facts(review: Review) -> dict[str, int]:
    """Return the counts of a review."""
    statuses = [issue.decision.status for issue in review.issues]
    return {
        "clauses": len(review.policy.clauses),
        "issues": len(review.issues),
        "accepted": statuses.count("accepted"),
        "rejected": statuses.count("rejected"),
        "stale": sum(bool(issue.stale) for issue in review.issues),
        "targets": sum(len(issue.targets) for issue in review.issues),
        "links": len(review.links),
        "accepted_links": len(review.accepted_links),
    }
