"""The command `data check`: hold observations against every rule before they are released."""

from contextlib import ExitStack
from dataclasses import fields
from datetime import datetime
from typing import Any

import click

from everycount.cli.data_gathered import Gathered, gathered_file
from everycount.cli.data_reading import reading_options, today_date, today_option
from everycount.cli.framework_view import print_json
from everycount.errors import InputError
from everycount.io.files import write
from everycount.io.frameworks import load_framework
from everycount.io.results import csv_bytes
from everycount.model.finding import Limits
from everycount.repository.check import CheckResult, check_observations
from everycount.repository.check_rules import BY_ID, RULES

LIMITS = {field.name: field for field in fields(Limits)}


def read_limits(pairs: tuple[str, ...]) -> Limits:
    """Return the limits that options name, the usual ones for the rest."""
    chosen: dict[str, float] = {}
    for pair in pairs:
        name, _, text = pair.partition("=")
        try:
            number = float(text)
        except ValueError:
            number = -1.0
        if name not in LIMITS or not 0 <= number < float("inf"):
            known = ", ".join(f"{each}={field.default}" for each, field in LIMITS.items())
            raise click.BadParameter(f"{pair!r} is not NAME=NUMBER; usual are {known}")
        chosen[name] = int(number) if LIMITS[name].type is int else number
    return Limits(**chosen)  # type: ignore[arg-type]


@click.command(
    name="check",
    epilog="""\b
Examples:
  everycount data check figures.csv
  everycount data check figures.csv --framework un-minimum-set --previous last-release.csv
  everycount data check figures.csv --csv findings.csv --limit small_sample=25 --skip stale""",
)
@click.argument("file", metavar="DATA")
@reading_options
@click.option("--framework", "framework_name", metavar="FRAMEWORK", help="Set of indicators.")
@click.option("--previous", metavar="DATA", help="The last release, to find what changed much.")
@today_option
@click.option("--limit", "limits", multiple=True, metavar="NAME=NUMBER", help="Another limit.")
@click.option("--skip", multiple=True, metavar="RULE", help="Leave a rule out; may repeat.")
@click.option("--examples", type=click.IntRange(0), default=3, show_default=True)
@click.option("--csv", "table", metavar="FILE", help="Write all findings as a table; - prints.")
@click.option(
    "--rules",
    "only_rules",
    is_flag=True,
    is_eager=True,
    help="List the rules and end.",
    expose_value=False,
    callback=lambda _, __, value: _list_rules(value),
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def check_command(
    file: str,
    *,
    format: str | None,
    mapping_file: str | None,
    framework_name: str | None,
    previous: str | None,
    today: datetime | None,
    limits: tuple[str, ...],
    skip: tuple[str, ...],
    **shown: Any,
) -> None:
    """Check figures: codes, units, ranges, totals against parts, jumps, precision, coverage.

    Faults that make the file unreadable end with all of them listed and exit code 3. Findings
    are printed rule by rule with reasons; exit code 3 if any is an error. Memory does not grow
    with the number of observations, but for formats that must be read whole, and for what --csv
    and --json list.
    """
    strangers = [rule for rule in skip if rule not in BY_ID]
    if strangers:
        raise click.BadParameter(f"there is no rule {', '.join(strangers)}; --rules lists them")
    chosen = read_limits(limits)
    with ExitStack() as files:

        def open_file(place: str, kind: str | None = None) -> Gathered:
            read = gathered_file(place, format=kind, mapping_file=mapping_file)
            return files.enter_context(read)

        data = open_file(file, format)
        framework = load_framework(framework_name) if framework_name else None
        result = check_observations(
            data.rows,
            today=today_date(today),
            codes=data.codes,
            framework=framework,
            previous=open_file(previous).rows if previous else None,
            limits=chosen,
            skip=skip,
            most=None if shown["table"] or shown["as_json"] else shown["examples"],
        )
    _report(result, data.notes, **shown)
    if not result.is_releasable:
        click.get_current_context().exit(InputError.exit_code)


def _report(
    result: CheckResult, notes: tuple[str, ...], *, examples: int, table: str | None, as_json: bool
) -> None:
    """Print what was found."""
    if table == "-":
        click.echo(csv_bytes(result.findings).decode(), nl=False)
        return
    if table:
        write(table, csv_bytes(result.findings))
    if as_json:
        print_json(
            {
                "observations": result.observations,
                "is_releasable": result.is_releasable,
                "counts": dict(result.counts),
                "notes": list(notes),
                "findings": result.findings.to_dicts(),
            }
        )
        return
    for note in notes:
        click.echo(f"note on reading: {note}", err=True)
    click.echo(result.words(examples=examples))


def _list_rules(value: bool) -> None:  # noqa: FBT001  # click calls so
    """Print every rule and end, if asked to."""
    if not value:
        return
    for rule in RULES:
        click.echo(f"{rule.id} ({rule.severity}): {rule.title}\n  {rule.why} {rule.remedy}")
    raise click.exceptions.Exit
