"""The command that takes into a review what is known of figures and their sources."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import click

from everycount.cli.policy_faults import told_of
from everycount.cli.policy_view import as_json, by, on, output, refuse_existing, save_review, say
from everycount.io.results import json_bytes
from everycount.io.review_file import read_review
from everycount.io.supply import read_sources, read_supplies
from everycount.policy.edits import logged
from everycount.reports.wording import plural

T = TypeVar("T")


@click.command(
    epilog="""\b
Example:
  everycount policy supply law.review.json --supply supply.csv --sources sources.csv --by Lan""",
)
@click.argument("review")
@click.option("--supply", "figures", metavar="FILE", help="CSV of what is known of figures.")
@click.option("--sources", metavar="FILE", help="CSV of censuses, surveys and registers.")
@by
@on
@output
@as_json
def supply(
    review: str,
    *,
    figures: str | None,
    sources: str | None,
    by: str,
    on: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Take into a review what is known of figures: state, sources, breakdowns, feasibility.

    Gaps, plan, workbook and reports then count with it. A line for an indicator or source that
    the review has already takes its place; every change stands in the log.
    """
    if not figures and not sources:
        raise click.UsageError("give --supply, --sources or both")
    refuse_existing(output or review, unless=review)
    found = read_review(review)
    new_sources = read_sources(sources, tell=say) if sources else ()
    new_figures = read_supplies(figures, tell=say) if figures else ()
    with told_of("what is known of figures"):
        made = replace(
            found,
            sources=_joined(found.sources, new_sources, "code"),
            supplies=_joined(found.supplies, new_figures, "indicator"),
        )
    made = logged(found, made, by=by, on=on, why="from tables of supply and sources")
    save_review(made, output or review)
    facts = {"supplies": len(made.supplies), "sources": len(made.sources)}
    if as_json:
        click.echo(json_bytes(facts), nl=False)
    say(
        f"{plural(len(made.supplies), 'indicator')} and {plural(len(made.sources), 'source')} known"
    )


def _joined(known: Sequence[T], new: Sequence[T], name: str) -> tuple[T, ...]:
    """Return what was known with what is new in its place or behind it."""
    found = {getattr(each, name): each for each in (*known, *new)}
    return tuple(found.values())
