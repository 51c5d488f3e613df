"""Commands on indicator sets: what changed between versions, and whether a draft is a good set."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import click

from everycount.cli.policy_gaps import write_tables
from everycount.cli.policy_view import (
    as_json,
    load_all,
    on,
    refuse_existing,
    save_review,
    say,
    show_table,
)
from everycount.errors import InputError, Problem
from everycount.io.files import write
from everycount.io.frameworks import load_framework, read_accepted_links, shipped_crosswalk
from everycount.io.results import json_bytes
from everycount.io.review_file import read_review
from everycount.io.supply import read_scorecard, read_supplies
from everycount.io.vocabularies import shipped_vocabulary, vocabulary_toml
from everycount.model.crosswalk import Crosswalk
from everycount.model.framework import Framework
from everycount.model.scorecard import Scorecard
from everycount.model.supply import Catalogue
from everycount.policy.assessment import assess_set
from everycount.policy.versions import framework_changes, move_links


@click.command(
    epilog="""\b
Examples:
  everycount policy changes sdg-global@2019 sdg-global@2023
  everycount policy changes nsigd-2011.toml nsigd-2019.toml --review law.review.json --by Lan \\
    -o law-2019.review.json""",
)
@click.argument("before", metavar="OLD")
@click.argument("after", metavar="NEW")
@click.option("--review", metavar="FILE", help="Review whose links to move to NEW.")
@click.option("--by", metavar="NAME", help="Who asks for it; needed with --review.")
@on
@click.option("-o", "--output", metavar="FILE", help="Review to write; needed with --review.")
@as_json
def changes(
    before: str,
    after: str,
    *,
    review: str | None,
    by: str | None,
    on: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Compare two versions of an indicator set, and say which links are stale by it.

    With --review, links to indicators that are the same move to NEW with their decisions; the
    others stay with OLD and are marked. To compare two versions of a policy, propose the new one
    with --review.
    """
    old, new = load_framework(before), load_framework(after)
    found = framework_changes(old, new)
    if as_json:
        click.echo(json_bytes([asdict(each) for each in found]), nl=False)
    else:
        for each in found:
            if each.kind != "same":
                click.echo(
                    f"{each.kind:<10} {each.before or '-'} -> {each.after or '-'}  {each.words}"
                )
    kinds = Counter(each.kind for each in found)
    say(", ".join(f"{number} {kind}" for kind, number in kinds.items()))
    if review:
        if not by or not output:
            raise click.UsageError("--review needs --by and --output")
        refuse_existing(output, unless=review)
        made, stale = move_links(read_review(review), old, new, by=by, on=on)
        save_review(made, output)
        for link in stale:
            say(f"stale: {' '.join(link.ends)}: {link.stale}")


@click.command(
    epilog="""\b
Examples:
  everycount policy assess draft.toml --scorecard marks.csv --review law.review.json
  everycount policy assess draft.toml --against un-minimum-set --links links.csv -o review""",
)
@click.argument("name", metavar="SET")
@click.option("--scorecard", metavar="FILE", help="CSV of marks and selections.")
@click.option("--review", "reviews", multiple=True, metavar="FILE", help="Of a policy; may repeat.")
@click.option("--against", multiple=True, metavar="NAME", help="International set; may repeat.")
@click.option("--links", metavar="FILE", help="CSV of links between the set and those.")
@click.option("--supply", metavar="FILE", help="CSV of what is known of figures.")
@click.option("-o", "--output", metavar="DIR", help="Folder for a CSV of each report.")
@as_json
def assess(
    name: str,
    *,
    scorecard: str | None,
    reviews: tuple[str, ...],
    against: tuple[str, ...],
    links: str | None,
    supply: str | None,
    output: str | None,
    as_json: bool,
) -> None:
    """Review an indicator set, such as a draft that is to be decided on.

    Scorecards on six criteria with the selection; coverage of policies; how far it goes beyond
    today's data; balance of input, process, output and outcome; completeness of metadata; what
    international sets have that it lacks.
    """
    framework = load_framework(name)
    reference = framework.reference
    card = read_scorecard(scorecard, reference) if scorecard else Scorecard(framework=reference)
    _refuse_others(card, framework)
    given = read_accepted_links(links).links if links else ()
    own = {link.ends for link in given}
    shipped = (link for link in shipped_crosswalk().links if link.ends not in own)
    tables = assess_set(
        framework,
        card,
        [read_review(each) for each in reviews],
        catalogue=Catalogue(
            frameworks=load_all(against), supplies=read_supplies(supply) if supply else ()
        ),
        crosswalk=Crosswalk(links=(*given, *shipped)),
    )
    if output:
        write_tables(tables, Path(output))
    if as_json:
        click.echo(json_bytes([asdict(table) for table in tables]), nl=False)
    elif not output:
        for table in tables:
            show_table(table, rows=8)


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


@click.command(epilog="Example: everycount policy vocabulary -o words.toml")
@click.option("-o", "--output", default="-", show_default=True, metavar="FILE")
def vocabulary(*, output: str) -> None:
    """Write the shipped target groups and core concepts as a file to edit.

    Give the edited file to `policy propose --vocabulary`.
    """
    content = vocabulary_toml(shipped_vocabulary())
    if output == "-":
        click.echo(content, nl=False)
    else:
        refuse_existing(output)
        write(output, content)
        say(f"written: {output}")
