"""Commands on method sheets: list, show, and the checklist for production."""

from dataclasses import asdict

import click

from everycount.cli.survey_sheet_view import checklist_lines, sheet_lines, sheet_rows
from everycount.io.results import json_bytes
from everycount.io.sheets import read_checklist, read_sheet, shipped_sheets
from everycount.model.production import GSBPM, ProductionChecklist

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group()
def sheet() -> None:
    """Read how the hardest areas are measured, by what, of whom, and what cannot be said.

    A sheet says how an area such as violence against older women or food security is measured
    well: instruments, universe, respondent, weight, outcomes, breakdowns, ethics and limits. It
    holds no figures. SHEET is the name of a shipped sheet, a TOML file of your own, or - for
    standard input.
    """


@sheet.command(name="list", epilog="Example: everycount survey sheet list")
@as_json
def list_sheets(*, as_json: bool) -> None:
    """List the sheets that Everycount ships."""
    rows = sheet_rows([read_sheet(name) for name in shipped_sheets()])
    if as_json:
        click.echo(json_bytes(rows), nl=False)
        return
    said = [("sheet", "SDG indicators", "title")]
    said += [(row["sheet"], ", ".join(row["indicators"]), row["title"]) for row in rows]
    widths = [max(len(line[column]) for line in said) for column in range(2)]
    for name, codes, title in said:
        click.echo(f"{name:<{widths[0]}}  {codes:<{widths[1]}}  {title}")


@sheet.command(
    epilog="""\b
Examples:
  everycount survey sheet show violence-against-older-women
  everycount survey sheet show my-sheet.toml --json""",
)
@click.argument("name", metavar="SHEET")
@as_json
def show(name: str, *, as_json: bool) -> None:
    """Show a sheet: what is asked of whom, what may be said, and what may not.

    Also checks a sheet of your own; every fault is listed at once.
    """
    found = read_sheet(name)
    if as_json:
        click.echo(json_bytes(asdict(found)), nl=False)
        return
    for line in sheet_lines(found):
        click.echo(line)


@sheet.command(
    epilog="""\b
Examples:
  everycount survey sheet checklist
  everycount survey sheet checklist --stage 2
  everycount survey sheet checklist my-checklist.toml --json""",
)
@click.argument("file", metavar="[FILE]", required=False)
@click.option(
    "--stage",
    type=click.Choice(list(GSBPM)),
    metavar="STAGE",
    help="Only what is decided at this stage of GSBPM 5.1: a phase such as 2, or a sub-process "
    "such as 2.3.",
)
@as_json
def checklist(file: str | None, *, stage: str | None, as_json: bool) -> None:
    """Show the questions to put to a survey, by stage of production (GSBPM 5.1).

    Without FILE, the shipped checklist for a gender perspective. Answer each question with yes,
    partly or no; a no does not forbid a figure, it belongs beside it.
    """
    found = read_checklist(file)
    items = tuple(
        each for each in found.items if stage is None or f"{each.stage}.".startswith(f"{stage}.")
    )
    if as_json:
        facts = {**asdict(found), "items": [_item(found, each.id) for each in items]}
        click.echo(json_bytes(facts), nl=False)
        return
    for line in checklist_lines(found, items):
        click.echo(line)
    if not items:
        click.echo(f"nothing is asked at stage {stage}", err=True)


def _item(found: ProductionChecklist, name: str) -> dict[str, object]:
    """Return a question for JSON, its stage also in words."""
    each = next(item for item in found.items if item.id == name)
    return {**asdict(each), "stage_words": each.stage_words}
