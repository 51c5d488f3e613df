"""Commands that fill a handbook from what is known elsewhere: framework, data, policy."""

from collections.abc import Mapping
from datetime import date

import click

from everycount.cli.data_reading import read_file, reading_options
from everycount.cli.framework_view import print_json
from everycount.cli.handbook_options import on_option, output_option, own_framework, save
from everycount.cli.policy_view import as_json as json_option
from everycount.cli.policy_view import at_hand, say
from everycount.errors import NotFound
from everycount.io.handbook_gather import named
from everycount.io.handbooks import read_handbook
from everycount.io.review_file import read_review
from everycount.model.handbook import Handbook
from everycount.model.supply import Catalogue
from everycount.policy.handbook_demand import demand_facts
from everycount.repository.availability import availability
from everycount.repository.handbook_fill import Filled, fill, identity_facts, supply_facts

framework_option = click.option(
    "--framework", "framework_name", metavar="FRAMEWORK", help="That of the handbook if left out."
)


@click.command(
    name="fill",
    epilog="""\b
Examples:
  everycount data handbook fill book.json
  everycount data handbook fill book.json figures.csv --area 704""",
)
@click.argument("book")
@click.argument("files", metavar="[DATA]...", nargs=-1)
@reading_options
@click.option("--area", metavar="CODE", help="Area whose figures are told; needed with data.")
@framework_option
@on_option
@output_option
@json_option
def fill_command(
    book: str,
    *,
    files: tuple[str, ...],
    format: str | None,
    mapping_file: str | None,
    area: str | None,
    framework_name: str | None,
    on: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Fill in what the framework says of its indicators and, with data, what figures there are.

    What a person wrote stays, and is told where it differs.
    """
    if files and not area:
        raise click.UsageError("give --area: the code of the area whose figures are told")
    found = read_handbook(book)
    framework = own_framework(found, framework_name)
    if framework is None:
        raise NotFound(f"the framework {found.framework} is not at hand")
    facts = identity_facts(framework, language=found.language)
    done = [fill(found, facts, by=f"from {framework.reference}", date=on)]
    if files and area:
        datasets = [read_file(each, format=format, mapping_file=mapping_file) for each in files]
        known = availability(datasets, framework, today=date.fromisoformat(on), areas=[area])
        supply = supply_facts(known, area, language=found.language)
        done.append(fill(done[-1].handbook, supply, by=f"from data for {area}", date=on))
    _tell(done, save_as=output or book, read=book, as_json=as_json)


@click.command(
    epilog="Example: everycount data handbook demand book.json law.review.json",
)
@click.argument("book")
@click.argument("review")
@click.option("--framework", "names", multiple=True, metavar="NAME", help="As in policy commands.")
@on_option
@output_option
@json_option
def demand(
    book: str,
    *,
    review: str,
    names: tuple[str, ...],
    on: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Fill in clauses, issues, targets and breakdowns from what a policy review accepted."""
    found, policy = read_handbook(book), read_review(review)
    catalogue = Catalogue(frameworks=at_hand(policy, names))
    facts = demand_facts(policy, catalogue, found.framework, language=found.language)
    if not facts:
        say(f"the review links no accepted issue with an indicator of {found.framework}")
    done = fill(found, _known(facts, found), by=f"from review {policy.title}", date=on)
    _tell([done], save_as=output or book, read=book, as_json=as_json)


def _known(
    facts: Mapping[str, Mapping[str, Mapping[str, str]]], book: Handbook
) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the facts of indicators that the handbook has, and say which others there are."""
    entries = book.by_indicator
    away = [key for key in facts if key not in entries]
    if away:
        say(f"not in the handbook, and left out: {named(away)}")
    return {key: each for key, each in facts.items() if key in entries}


def _tell(done: list[Filled], *, save_as: str, read: str, as_json: bool) -> None:
    """Save what was filled in, and say how much, and what was kept."""
    save(done[-1].handbook, save_as, read=read)
    written = sum(each.written for each in done)
    kept = [row for each in done for row in each.kept]
    for indicator, name, language in kept:
        say(f"kept as it was written: {indicator}, {name} ({language})")
    if as_json and save_as != "-":
        rows = [dict(zip(("indicator", "field", "language"), row, strict=True)) for row in kept]
        print_json({"written": written, "kept": rows})
    else:
        say(f"{written} texts filled in, {len(kept)} kept")
