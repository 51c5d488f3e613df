"""Commands that hand a review to Excel and take it back."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import click

from everycount.cli.policy_view import (
    as_json,
    at_hand,
    by,
    frameworks_option,
    is_to_come,
    name_of,
    on,
    output,
    refuse_existing,
    save_review,
    say,
)
from everycount.errors import InputError, Problem
from everycount.io.files import write
from everycount.io.results import json_bytes
from everycount.io.review_file import read_review
from everycount.io.review_workbook import import_workbook, workbook_bytes
from everycount.model.review import Review
from everycount.model.supply import Catalogue
from everycount.policy.gaps import gaps
from everycount.policy.landscape import refuse_unknown
from everycount.policy.plausible import oddities
from everycount.policy.unknown import refuse_unknown_subjects
from everycount.reports.wording import listed, plural

SHOWN = 10
"""Decisions without a date that a message names."""


@click.command(
    epilog="Example: everycount policy export law.review.json -o law.xlsx",
)
@click.argument("review")
@frameworks_option
@click.option("-o", "--output", required=True, metavar="FILE", help="Workbook (.xlsx) to write.")
def export(review: str, *, names: tuple[str, ...], output: str) -> None:
    """Write a workbook with a sheet for each step, so that a workshop can go on in Excel.

    White cells may be filled in; grey ones are locked without a password. The workbook carries
    the review, so that `policy import` can tell what was changed.
    """
    if Path(output).suffix.lower() != ".xlsx":
        problem = Problem(output, "another ending", ".xlsx; pages are written by `report policy`")
        raise InputError("the output", [problem])
    refuse_existing(output)
    found = read_review(review)
    catalogue = Catalogue(frameworks=at_hand(found, names))
    write(output, workbook_bytes(found, catalogue, reports=gaps(found, catalogue)))
    say(f"written: {output}")


@click.command(
    name="import",
    epilog="""\b
Example:
  everycount policy import law.review.json law.xlsx --by "Lan, GSO" """,
)
@click.argument("review")
@click.argument("workbook")
@frameworks_option
@by
@on
@click.option(
    "--decided-by",
    callback=name_of,
    metavar="NAME",
    help="Who decided, for rows without a name.",
)
@output
@as_json
def import_(
    review: str,
    workbook: str,
    *,
    names: tuple[str, ...],
    by: str,
    on: str,
    decided_by: str | None,
    output: str | None,
    as_json: bool,
) -> None:
    """Take back what people filled in, and tell every conflict.

    What only the workbook changed is taken over and printed, each change with an entry in the
    log. A column that was sorted alone is refused; of decisions it can be told only where they
    stand in order, so read the changes. A decision without a date stays so and is named. What the
    review changed differently in the meantime stays as it is in the review and is named. Rows
    that are not there any more delete nothing.
    """
    refuse_existing(output or review, unless=review)
    found = read_review(review)
    made, conflicts, notices = import_workbook(
        found, workbook, by=by, on=on, decided_by=decided_by or ""
    )
    frameworks = at_hand(made, names)
    refuse_unknown(made, frameworks)
    refuse_unknown_subjects(found, made, frameworks)
    save_review(made, output or review)
    changes = made.log[len(found.log) :]
    notices = (*notices, *undated(found, made), *early(found, made), *oddities(found, made))
    if as_json:
        facts = {
            "changes": [asdict(each) for each in changes],
            "conflicts": [asdict(each) for each in conflicts],
            "notices": list(notices),
        }
        click.echo(json_bytes(facts), nl=False)
    else:
        for change in changes:
            click.echo(f"changed: {change.what}, {change.field}: {change.after or 'nothing'}")
        for each in conflicts:
            click.echo(
                f"conflict: {each.what}, {each.field}: was {each.base or 'empty'}; the review "
                f"has {each.mine or 'nothing'}, the workbook {each.theirs or 'nothing'}"
            )
        for notice in notices:
            click.echo(f"note: {notice}")
    say(f"{plural(len(changes), 'change')} taken over, {plural(len(conflicts), 'conflict')}")


def undated(before: Review, after: Review) -> tuple[str, ...]:
    """Return that new decisions have no date, or nothing where all have one.

    Parameters
    ----------
    before, after : Review
        The review, and the same with what came back.

    Returns
    -------
    tuple of str
        At most one sentence, with the first of them.
    """
    found = _new(before, after, lambda day: not day)
    if not found:
        return ()
    return (
        f"{plural(len(found), 'decision')} without a date (On): {listed(found, SHOWN)}; no date "
        "was put in, fill in On and import again",
    )


def early(before: Review, after: Review) -> tuple[str, ...]:
    """Return that new decisions have a date to come, or nothing where none has.

    Parameters
    ----------
    before, after : Review
        The review, and the same with what came back.

    Returns
    -------
    tuple of str
        At most one sentence, with the first of them.
    """
    found = _new(before, after, is_to_come)
    if not found:
        return ()
    return (f"{plural(len(found), 'decision')} with a date to come: {listed(found, SHOWN)}",)


def _new(before: Review, after: Review, is_meant: Callable[[str], bool]) -> list[str]:
    """Return what was decided anew with a date as it is meant."""
    known = set(_dated(before, is_meant))
    return [name for name in _dated(after, is_meant) if name not in known]


def _dated(review: Review, is_meant: Callable[[str], bool]) -> Iterator[str]:
    """Yield what was decided with a date as it is meant."""
    named = [
        *((issue.id, issue.decision) for issue in review.issues),
        *((" ".join(link.ends), link.decision) for link in review.links),
        *(
            (f"{issue.id} target {target.id}", target.decision)
            for issue in review.issues
            for target in issue.targets
        ),
    ]
    yield from (name for name, each in named if each.status != "proposed" and is_meant(each.on))
