"""The command that ranks indicators and plans how to produce them."""

from dataclasses import asdict

import click

from everycount.cli.policy_view import (
    as_json,
    at_hand,
    frameworks_option,
    name_of,
    on,
    output,
    refuse_existing,
    save_review,
    say,
)
from everycount.io.results import json_bytes
from everycount.io.review_file import read_review
from everycount.model.supply import Catalogue
from everycount.policy.edits import logged
from everycount.policy.plan import costs, draft_plan, unplanned
from everycount.policy.priorities import Priority, priorities
from everycount.reports.wording import plural


@click.command(
    epilog="""\b
Examples:
  everycount policy plan law.review.json
  everycount policy plan law.review.json --by Lan -o law.review.json""",
)
@click.argument("review")
@frameworks_option
@click.option("--by", callback=name_of, metavar="NAME", help="Who drafts the plan; needed with -o.")
@on
@output
@as_json
def plan(
    review: str,
    *,
    names: tuple[str, ...],
    by: str | None,
    on: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Rank the indicators that issues ask for, and plan how to produce them.

    Users rate demand, producers feasibility and cost, 1 to 5: in the sheet Ratings of the
    workbook. With -o each indicator without a step gets a first one, from the state of its
    figures and the next round of its source; dates and costs are for people to fill in.
    """
    found = read_review(review)
    catalogue = Catalogue(frameworks=at_hand(found, names))
    made = found
    if output:
        if not by:
            raise click.UsageError("-o needs --by")
        refuse_existing(output, unless=review)
        made = logged(found, draft_plan(found, catalogue), by=by, on=on, why="drafted")
        save_review(made, output)
    ranked = priorities(made, catalogue)
    if as_json:
        facts = {
            "priorities": [asdict(each) for each in ranked],
            "plan": [asdict(line) for line in made.plan],
            "costs": [asdict(each) for each in costs(made.plan)],
            "unplanned": [" ".join(end) for end in unplanned(made, catalogue)],
        }
        click.echo(json_bytes(facts), nl=False)
        return
    for each in ranked:
        click.echo(_line(each))
    for line in made.plan:
        due = f", due {line.due}" if line.due else ""
        click.echo(f"{line.id}: {line.framework} {line.key}: {line.step} ({line.phase}){due}")
    for cost in costs(made.plan):
        when = cost.year or "without a date"
        paid = f"{cost.total:,.0f} {cost.currency}, " if cost.currency else ""
        click.echo(f"{when}: {paid}{plural(cost.uncosted, 'step')} without cost")
    say(f"{len(unplanned(made, catalogue))} of {len(ranked)} indicators have no step in the plan")


def _line(each: Priority) -> str:
    """Return a priority on one line."""
    score = "   " if each.score is None else f"{each.score:.1f}"
    disputed = ", disputed" if each.is_disputed else ""
    return (
        f"{each.place:<9} {score}  {each.framework} {each.key}: {each.title} "
        f"({plural(len(each.issues), 'issue')}, {plural(each.users, 'user')}, "
        f"{plural(each.producers, 'producer')}{disputed})"
    )
