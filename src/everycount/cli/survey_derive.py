"""The command that makes outcomes of microdata by recipes: violence, schooling, hunger."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import polars as pl

from everycount.io.describe import describe
from everycount.io.outcomes_toml import outcomes_toml
from everycount.io.results import json_bytes
from everycount.io.sheets import read_sheet, shipped_sheets
from everycount.io.survey_derive import DerivedFile, derive_file
from everycount.survey.findings import counted
from everycount.survey.recipes import RECIPES, is_row_wise, recipe_inputs

WIDTH = 96


@click.command(
    epilog="""\b
Examples:
  everycount survey derive --list
  everycount survey derive recipes.toml women.dta -o women.parquet
  everycount survey derive recipes.toml women.sav -o women.csv --outcomes outcomes.toml""",
)
@click.argument("recipes", metavar="RECIPES", required=False)
@click.argument("microdata", metavar="MICRODATA", required=False)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Parquet or CSV file of all rows with the new columns; - prints CSV.",
)
@click.option(
    "--outcomes",
    metavar="FILE",
    help="Where the [[outcomes]] for the design go, beside the rows; - prints them.",
)
@click.option("--list", "listed", is_flag=True, help="List the recipes and what they ask for.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def derive(
    recipes: str | None,
    microdata: str | None,
    *,
    output: str | None,
    outcomes: str | None,
    listed: bool,
    as_json: bool,
) -> None:
    """Make outcomes of microdata by recipes, where the field has settled how.

    RECIPES is a TOML file of [[recipes]], or - for standard input; docs/methods/survey-sheets.md
    has one of each kind. MICRODATA is a Parquet, CSV, Stata (.dta) or SPSS (.sav) file.

    Writes all rows and columns with the new ones added, and a trace beside them; without -o the
    rows go to standard output as CSV. Says how each column was made, which rows were left out
    and why, and prints the [[outcomes]] to paste into the survey design. Nothing is written if
    any row has a fault; all faults are listed. With --json what was made is printed as JSON, and
    rows are only written by -o.
    """
    if listed:
        _list_recipes(as_json=as_json)
        return
    if recipes is None or microdata is None:
        missing = "RECIPES" if recipes is None else "MICRODATA"
        raise click.UsageError(f"Missing argument '{missing}'.", click.get_current_context())
    _refuse_two_on_stdout(output, outcomes, as_json=as_json)
    with derive_file(recipes, microdata) as found:
        written: tuple[Path, ...] = ()
        if output not in (None, "-"):
            beside = None if outcomes in (None, "-") else Path(str(outcomes))
            written = found.write(Path(str(output)), beside)
        elif not as_json and outcomes != "-":
            for piece in found.csv():
                click.echo(piece, nl=False)
        if as_json:
            click.echo(json_bytes(found.trace), nl=False)
        _say_what_was_made(found)
        if outcomes == "-":
            click.echo(outcomes_toml(found.outcomes), nl=False)
        elif outcomes is None:
            click.echo("\nFor the survey design:\n", err=True)
            click.echo(outcomes_toml(found.outcomes), err=True)
        if written:
            click.echo(f"written: {', '.join(map(str, written))}", err=True)


def _refuse_two_on_stdout(output: str | None, outcomes: str | None, *, as_json: bool) -> None:
    """Refuse options that contradict one another."""
    if as_json and "-" in (output, outcomes):
        raise click.UsageError("--json prints what was made, and - another thing; choose one")
    if output == "-" and outcomes == "-":
        raise click.UsageError("-o - prints the rows and --outcomes - the outcomes; choose one")
    if output in (None, "-") and outcomes not in (None, "-"):
        raise click.UsageError("--outcomes FILE goes beside the rows: give -o FILE too")


def _say_what_was_made(found: DerivedFile) -> None:
    """Say how each column was made of which rows."""
    click.echo(f"{found.source.name}: {counted(found.source.rows)}", err=True)
    for number, (recipe, made) in enumerate(zip(found.recipes, found.made, strict=True), 1):
        names = ", ".join(made.columns.columns)
        _say_wrapped(f"{number}. {recipe.recipe} makes {names}")
        if not is_row_wise(recipe):
            _say_wrapped(
                "The scale is fitted, so the answers of all rows were read at once.", "   "
            )
        _say_wrapped(made.words, "   ")
        for gone in made.excluded:
            _say_wrapped(f"{counted(gone.rows)} left out of {gone.subject}: {gone.reason}", "   ")
        if "items" in made.tables:
            for line in _table(made.tables["items"]):
                click.echo(f"   {line}", err=True)
    if found.emptied:
        _say_wrapped(
            f"{found.source.name} declares codes that mean not known, in {_named(found.emptied)}; "
            "what is written cannot, so those cells are empty in it."
        )
    if found.labelled:
        _say_wrapped(
            f"Words of codes are not written: {_named(found.labelled)}. Give levels a label in "
            "the design where tables should have words."
        )


def _named(names: Sequence[str]) -> str:
    """Return names of columns, many of them only counted."""
    if len(names) <= 5:
        return ", ".join(names)
    return f"{len(names):,} columns such as {', '.join(names[:3])}"


def _say_wrapped(text: str, indent: str = "") -> None:
    for line in textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    ):
        click.echo(line, err=True)


def _table(table: pl.DataFrame) -> Iterator[str]:
    """Yield a small table in aligned lines, what has no value as a dash."""
    rows = [tuple(table.columns), *(tuple(map(_cell, row)) for row in table.iter_rows())]
    widths = [max(len(row[at]) for row in rows) for at in range(table.width)]
    for name, *cells in rows:
        line = [f"{cell:>{wide}}" for cell, wide in zip(cells, widths[1:], strict=True)]
        yield "  ".join([f"{name:<{widths[0]}}", *line])


def _cell(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.3f}"
        case _:
            return str(value)


def _list_recipes(*, as_json: bool) -> None:
    """Print the recipes with what they ask of the microdata and of the analyst."""
    rows = [_recipe(name) for name in RECIPES]
    if as_json:
        click.echo(json_bytes(rows), nl=False)
        return
    for row in rows:
        for line in textwrap.wrap(f"{row['recipe']}  {row['title']}", WIDTH):
            click.echo(line)
        asked = {
            each["name"]: each["meaning"] + ("" if each["required"] else " (if there is one)")
            for each in row["inputs"]
        }
        for line in (*_pairs("columns", asked), *_pairs("to be said", row["declared"])):
            click.echo(line)
        click.echo(f"  {'sheets':<10}  {', '.join(row['sheets'])}\n")
    click.echo("One of each: docs/methods/survey-sheets.md. All keys: docs/reference/formats.md.")


def _pairs(title: str, said: Mapping[str, str]) -> Iterator[str]:
    """Yield names with what they mean, the title before the first."""
    for name, meaning in said.items():
        lead = f"  {title:<10}  {name:<12}  "
        yield from textwrap.wrap(
            meaning, WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead)
        )
        title = ""


def _recipe(name: str) -> dict[str, Any]:
    """Return what there is to know of a recipe before it is used."""
    kind = RECIPES[name]
    inputs = recipe_inputs(name)
    known = {"recipe", *(each.name for each in inputs)}
    sheets = {each: read_sheet(each).recipe for each in shipped_sheets()}
    return {
        "recipe": name,
        "title": str(kind.__doc__).splitlines()[0],
        "inputs": [asdict(each) for each in inputs],
        "declared": {
            each.path: each.description
            for each in describe(kind)
            if each.default == "required" and each.path.isidentifier() and each.path not in known
        },
        "sheets": [each for each, own in sheets.items() if own and own.name == name],
    }
