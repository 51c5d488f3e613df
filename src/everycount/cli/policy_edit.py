"""Commands that change a review by hand: what an issue says, readings of targets, links."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, get_args

import click

from everycount.cli.policy_faults import told_of
from everycount.cli.policy_view import (
    at_hand,
    by,
    frameworks_option,
    on,
    output,
    refuse_existing,
    save_review,
    say,
    text_of,
)
from everycount.errors import InputError, Problem
from everycount.io.review_file import read_review
from everycount.io.supply import breakdowns_of
from everycount.io.words import one_of
from everycount.model.crosswalk import Relation
from everycount.model.issue import Issue, Tag, Target
from everycount.model.letters import visible
from everycount.model.plan import CRITERIA, Rating
from everycount.model.review import IndicatorLink
from everycount.policy.amend import add_link, confirm_target, edit_issue, rate, set_relation
from everycount.policy.decide import decide_link
from everycount.policy.landscape import refuse_unknown
from everycount.policy.plausible import oddities
from everycount.policy.unknown import refuse_unknown_subjects

NUMBERS = {"value": float, "upper": float, "baseline": float, "year": int, "baseline_year": int}
"""Slots of a target that hold numbers."""
FIXED = {"id", "passage", "clause", "causes", "decision", "targets", "stale", "words"}
"""Fields that are not changed by hand."""
WHOLE = "a whole number such as 2030"
EXPECTED = {
    "year": WHOLE,
    "baseline_year": WHOLE,
    "concepts": 'concepts, each with a grade from 0 to 4 if need be, such as "access: 3"',
    "groups": 'groups without grades, such as "women; women-rural"',
}
"""What fields hold where it is not any number."""
EDIT = "the edit"
GRAMMAR = 'FIELD=VALUE, such as "area_level=province"'
ground_option = click.option(
    "--why", "ground", default="", callback=text_of, metavar="WORDS", help="On what ground."
)


@click.command(
    epilog="""\b
Examples:
  everycount policy edit law.review.json 11.c --by Lan --set "area_level=province" \\
    --set "groups=women; women-rural" --set "breakdowns=sex; sex x urbanisation"
  everycount policy edit law.review.json 11.c --target 11.c-t1 --by Lan --set year=2030 \\
    --set "denominator=seats" """,
)
@click.argument("review")
@click.argument("issue")
@click.option("--target", metavar="ID", help="Change and confirm this target of the issue.")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="FIELD=VALUE",
    help='Such as "area_level=province"; may repeat.',
)
@by
@on
@ground_option
@output
def edit(
    review: str,
    issue: str,
    *,
    target: str | None,
    given: tuple[str, ...],
    by: str,
    on: str,
    ground: str,
    output: str | None,
) -> None:
    """Change what an issue says, or correct the readings of a target and so confirm them.

    Lists have a semicolon between; concepts may state a grade: "access: 3". An empty value takes
    a field back. Every change stands in the log.
    """
    if not given:
        raise click.UsageError(f"say what to change by --set {GRAMMAR}; {_fields_of(target)}")
    refuse_existing(output or review, unless=review)
    found = read_review(review)
    if target is None:
        changes = _changes(given, Issue)
        made = edit_issue(found, issue, by=by, on=on, why=ground, changes=changes)
    else:
        changes = _changes(given, Target)
        made = confirm_target(found, issue, target, by=by, on=on, why=ground, changes=changes)
    save_review(made, output or review)
    for event in made.log[len(found.log) :]:
        say(f"{event.what}, {event.field}: {event.after or 'nothing'}")
    for words in oddities(found, made):
        say(f"warning: {words}")


def _fields_of(target: str | None) -> str:
    """Return which fields can be changed, in words."""
    if target is None:
        return f"an issue has {', '.join(_names(Issue))}"
    return f"a target has {', '.join(_names(Target))}"


def _names(kind: type) -> list[str]:
    """Return the fields that are changed by hand."""
    return [each.name for each in fields(kind) if each.name not in FIXED]


def _changes(given: tuple[str, ...], kind: type) -> Mapping[str, object]:
    """Return fields with their new values, or raise one error with all that are none."""
    names = _names(kind)
    changes: dict[str, object] = {}
    problems: list[Problem] = []
    for words in given:
        name, sign, text = words.partition("=")
        name = name.strip()
        if not sign:
            problems.append(Problem(f"--set {words!r}", "no = in it", GRAMMAR))
        elif name not in names:
            expected = f"a field: {one_of(names, found=name)}"
            problems.append(Problem(f"--set {words!r}", f"the field {name!r}", expected))
        elif name in changes:
            problems.append(Problem(f"--set {name}", "two values", "each field once"))
        else:
            changes[name] = _value_or_problem(name, visible(text), problems)
    if problems:
        raise InputError(EDIT, problems)
    return changes


def _value_or_problem(name: str, text: str, problems: list[Problem]) -> Any:
    """Return the value of a field, or None once it is noted what is wrong with it."""
    try:
        with told_of(EDIT, option=f"--set {name}"):
            return _value(name, text)
    except InputError as error:
        problems += error.problems
    except ValueError:
        problems.append(Problem(f"--set {name}", repr(text), EXPECTED.get(name, "a number")))
    return None


def _value(name: str, text: str) -> Any:
    """Return the value of a field."""
    if name in NUMBERS:
        return NUMBERS[name](text) if text else None
    if name in {"groups", "concepts"}:
        return tuple(_tag(each) for each in text.split(";") if each.strip())
    if name == "bodies":
        return tuple(each.strip() for each in text.split(";") if each.strip())
    if name == "breakdowns":
        return breakdowns_of(text)
    return (text or None) if name == "dimension" else text


def _tag(words: str) -> Tag:
    """Return a group, or a concept with its grade."""
    code, _, grade = words.partition(":")
    number: Any = int(grade) if grade.strip() else 0
    return Tag(code=code.strip(), grade=number)


@click.command(
    epilog="""\b
Example:
  everycount policy link law.review.json 11.c sdg-global@2023 5.5.1 --relation close --by Lan""",
)
@click.argument("review")
@click.argument("issue")
@click.argument("framework")
@click.argument("key")
@click.option("--relation", type=click.Choice(get_args(Relation)), help="How it answers.")
@frameworks_option
@by
@on
@ground_option
@output
def link(
    review: str,
    issue: str,
    framework: str,
    key: str,
    *,
    relation: Relation | None,
    names: tuple[str, ...],
    by: str,
    on: str,
    ground: str,
    output: str | None,
) -> None:
    """Accept a link from an issue to an indicator, also one that was not proposed."""
    refuse_existing(output or review, unless=review)
    made = read_review(review)
    ends = (issue, framework, key)
    if ends not in {each.ends for each in made.links}:
        with told_of("the link"):
            new = IndicatorLink(issue=issue, framework=framework, key=key, band="added")
        made = add_link(made, new, by=by, on=on, why=ground)
    made = decide_link(made, ends, "accepted", by=by, on=on, why=ground)
    if relation:
        made = set_relation(made, ends, relation, by=by, on=on, why=ground)
    refuse_unknown(made, at_hand(made, names))
    save_review(made, output or review)
    say(f"{issue} is linked to {framework} {key}")


@click.command(
    name="rate",
    epilog="""\b
Example:
  everycount policy rate law.review.json sdg-global@2023 5.5.1 --demand 5 --by Lan""",
)
@click.argument("review")
@click.argument("framework")
@click.argument("key")
@click.option("--demand", type=int, help="As a user: how much it is wanted, 1 to 5.")
@click.option("--feasibility", type=int, help="As a producer: how well it can be made, 1 to 5.")
@click.option("--cost", type=int, help="As a producer: how dear it is, 1 to 5.")
@frameworks_option
@by
@on
@output
def rate_command(
    review: str,
    framework: str,
    key: str,
    *,
    names: tuple[str, ...],
    by: str,
    on: str,
    output: str | None,
    **marks: int | None,
) -> None:
    """Rate an indicator: users its demand, producers its feasibility and cost."""
    refuse_existing(output or review, unless=review)
    given = {name: mark for name, mark in marks.items() if mark is not None}
    if not given:
        raise click.UsageError("give --demand, --feasibility or --cost")
    found = read_review(review)
    made = found
    for name, mark in given.items():
        made = rate(made, _rating(framework, key, by, name, mark), on=on)
    refuse_unknown_subjects(found, made, at_hand(made, names))
    save_review(made, output or review)


def _rating(framework: str, key: str, by: str, name: str, mark: int) -> Rating:
    """Return one mark, or raise what is wrong with it."""
    sides = {criterion: side for side, criteria in CRITERIA.items() for criterion in criteria}
    with told_of("the rating", option=f"--{name}"):
        return Rating(
            framework=framework, key=key, by=by, side=sides[name], criterion=name, mark=mark
        )
