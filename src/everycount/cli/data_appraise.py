"""The commands `data appraise` and `data label`: data from outside the office, and their label."""

from datetime import date, datetime

import click

from everycount.cli.data_reading import read_file, reading_options, today_date, today_option
from everycount.cli.framework_view import print_json
from everycount.errors import InputError
from everycount.io.appraisals import appraisal_form, read_appraisal, read_scheme, shipped_scheme
from everycount.io.exporters.write import write_dataset
from everycount.io.files import write
from everycount.model.appraisal import Appraisal
from everycount.model.appraisal_scheme import Scheme
from everycount.repository.appraise import Assessment, assess, decision_faults, label, state_at

scheme_option = click.option(
    "--scheme", "scheme_file", metavar="FILE", help="The office's own questions and criteria."
)


def find_scheme(scheme_file: str | None) -> Scheme:
    """Return the scheme in a file, or the one that is shipped."""
    return read_scheme(scheme_file) if scheme_file else shipped_scheme()


@click.command(
    name="appraise",
    epilog="""\b
Examples:
  everycount data appraise --new helpline.toml
  everycount data appraise helpline.toml""",
)
@click.argument("file", metavar="APPRAISAL")
@click.option("--new", is_flag=True, help="Write a form to fill in.")
@click.option("--language", default="en", show_default=True, help="Language of the form.")
@scheme_option
@today_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def appraise(
    file: str,
    *,
    new: bool,
    language: str,
    scheme_file: str | None,
    today: datetime | None,
    as_json: bool,
) -> None:
    """Tell what an appraisal allows, what is still open, and whether its decision may stand.

    Exit code 3 if the decision contradicts the answers or lacks its grounds.
    """
    scheme = find_scheme(scheme_file)
    if new:
        write(file, appraisal_form(scheme, language=language).encode())
        return
    appraisal = read_appraisal(file)
    found, day = assess(appraisal, scheme), today_date(today)
    faults = decision_faults(appraisal, scheme)
    if as_json:
        print_json(_plain(appraisal, found, [str(fault) for fault in faults], day))
    else:
        for line in _lines(appraisal, found, scheme, day):
            click.echo(line)
    if faults:
        raise InputError(f"appraisal {appraisal.id}", faults)


@click.command(
    name="label",
    epilog="Example: everycount data label calls.csv --appraisal helpline.toml -o labelled.csv",
)
@click.argument("file", metavar="DATA")
@reading_options
@click.option("--appraisal", "appraisal_file", required=True, metavar="FILE")
@click.option("-o", "--output", required=True, metavar="FILE", help="File to write; - prints.")
@click.option("--to", "target", metavar="FORMAT", help="Format of the file; by its ending.")
@scheme_option
@today_option
def label_command(
    file: str,
    *,
    format: str | None,
    mapping_file: str | None,
    appraisal_file: str,
    output: str,
    target: str | None,
    scheme_file: str | None,
    today: datetime | None,
) -> None:
    """Write data with the label of their appraisal at every figure it holds for."""
    data = read_file(file, format=format, mapping_file=mapping_file)
    labelled = label(
        data, read_appraisal(appraisal_file), find_scheme(scheme_file), day=today_date(today)
    )
    write_dataset(labelled, output, format=target)
    click.echo(labelled.notes[-1], err=True)


def _plain(
    appraisal: Appraisal, found: Assessment, faults: list[str], day: date
) -> dict[str, object]:
    """Return what was found for JSON."""
    decision = appraisal.standing
    return {
        "id": appraisal.id,
        "state": state_at(appraisal, day),
        "outcome": decision.outcome if decision else None,
        "needed": found.needed,
        "allowed": found.allowed,
        "open": found.unanswered,
        "gate_failed": found.gate_failed,
        "gate_lacking": found.gate_lacking,
        "below_needed": found.short,
        "at_a0": found.without,
        "faults": faults,
    }


def _lines(appraisal: Appraisal, found: Assessment, scheme: Scheme, day: date) -> list[str]:
    """Return what was found in words."""
    titles = {question.id: question.title["en"] for question in scheme.gate}
    titles |= {criterion.id: criterion.title["en"] for criterion in scheme.criteria}
    decision = appraisal.standing
    lines = [
        f"{appraisal.title}, {appraisal.producer}",
        f"risk {appraisal.risk}, profile {appraisal.profile}: every criterion needs "
        f"{found.needed} or more{' (sensitive data)' if appraisal.is_sensitive else ''}",
    ]
    for words, ids in (
        ("not answered, or without evidence", found.unanswered),
        ("the gate is not passed", found.gate_failed),
        ("lacking at the gate", found.gate_lacking),
        ("at A0, which never passes", found.without),
        ("below the level needed", found.short),
    ):
        if ids:
            lines.append(f"{words}: {', '.join(titles[id] for id in ids)}")
    lines.append(
        f"may be decided: {', '.join(each.replace('_', ' with ') for each in found.allowed)}"
    )
    if decision:
        until = f", until {decision.expires}" if decision.expires else ""
        outcome = decision.outcome.replace("_", " with ")
        lines.append(f"decided {decision.date}: {outcome}{until} ({state_at(appraisal, day)})")
    return lines
