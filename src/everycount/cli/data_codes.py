"""The commands `data codes` and `data fold`: what codes mean, and the global SDG structure."""

from dataclasses import asdict
from typing import Any

import click
import polars as pl

from everycount.cli.data_reading import read_file, reading_options
from everycount.cli.framework_view import print_json
from everycount.errors import NotFound
from everycount.io.code_lists import shipped_code_lists
from everycount.io.exporters.write import write_dataset
from everycount.io.files import write
from everycount.io.fold import fold_to_sdg, unfold_from_sdg
from everycount.io.results import csv_bytes
from everycount.io.words import nearest
from everycount.model.codes import CodeList
from everycount.model.observation import OBSERVATION


@click.command(
    name="codes",
    epilog="""\b
Examples:
  everycount data codes
  everycount data codes SEX --language vi
  everycount data codes CL_AREA --csv areas.csv""",
)
@click.argument("name", metavar="[LIST]", required=False)
@click.option("--language", default="en", show_default=True, help="Language of the names.")
@click.option("--csv", "table", metavar="FILE", help="Write a table; - prints it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def codes_command(name: str | None, *, language: str, table: str | None, as_json: bool) -> None:
    """Show the code lists of observations, or the codes of one.

    LIST is the name of a list, such as CL_SEX, or of the dimension or attribute that has it.
    """
    lists = shipped_code_lists()
    if name is None:
        rows = [_heading(each, language) for each in lists.values()]
        details: Any = rows
    else:
        found = _find(name)
        rows = _codes(found, language)
        details = {**_heading(found, language), "source": found.source, "codes": rows}
    if table is not None:
        write(table, csv_bytes(pl.DataFrame(rows, infer_schema_length=None)))
    elif as_json:
        print_json(details)
    else:
        print_rows(rows)
        if name is not None:
            click.echo(f"source: {found.source}", err=True)


@click.command(
    name="fold",
    epilog="""\b
Examples:
  everycount data fold figures.csv -o for-un.xml --to sdmx-ml-3.0
  everycount data fold from-un.csv --back -o figures.csv""",
)
@click.argument("file", metavar="DATA")
@reading_options
@click.option("-o", "--output", required=True, metavar="FILE", help="File to write; - prints it.")
@click.option("--to", "to_format", metavar="FORMAT", help="Format to write; else by the ending.")
@click.option(
    "--numbered", is_flag=True, help="Call own breakdowns C01, C02 … as the global list does."
)
@click.option("--back", is_flag=True, help="Bring data of the global structure back to ours.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def fold_command(
    file: str,
    *,
    format: str | None,
    mapping_file: str | None,
    output: str,
    to_format: str | None,
    numbered: bool,
    back: bool,
    as_json: bool,
) -> None:
    """Fold data to the global SDG structure, and say what has no place in it.

    Ethnicity, migration and marital status go into the breakdowns that the global structure
    has; standard errors, sample sizes and words in place of values have no place.
    """
    if as_json and output == "-":
        raise click.UsageError("--json needs -o FILE: both would go to standard output")
    data = read_file(file, format=format, mapping_file=mapping_file)
    if back:
        folded = unfold_from_sdg(data)
        report: dict[str, Any] = {"observations": data.table.height, "notes": folded.notes}
        said = folded.notes[len(data.notes) :]
    else:
        folded, counts = fold_to_sdg(data, custom="numbered" if numbered else "named")
        report, said = asdict(counts), counts.sentences()
    notes = write_dataset(folded, output, format=to_format)
    for words in (*said, *notes):
        click.echo(words, err=True)
    if as_json:
        print_json(report)


def _find(name: str) -> CodeList:
    """Return the list of a name or of a component."""
    lists = shipped_code_lists()
    wanted = name.upper()
    component = OBSERVATION.by_id.get(wanted)
    for each in (wanted, f"CL_{wanted}", component.codes if component else ""):
        if each in lists:
            return lists[each]
    near = nearest(wanted, [*lists, *(c.id for c in OBSERVATION.components if c.codes in lists)])
    hint = f"; perhaps {near!r}" if near else ""
    raise NotFound(f"there is no code list {name!r}{hint}. Lists: {', '.join(lists)}")


def _heading(each: CodeList, language: str) -> dict[str, Any]:
    """Return what a list is, for a row."""
    return {
        "list": each.id,
        "version": f"{each.agency} {each.version}",
        "codes": len(each.codes),
        "others": "allowed" if each.is_open else "by rule" if _has_rule(each) else "refused",
        "name": each.name.get(language) or each.name.get("en") or "",
    }


def _has_rule(each: CodeList) -> bool:
    """Tell whether further codes follow a rule."""
    return bool(each.pattern or each.rules)


def _codes(each: CodeList, language: str) -> list[dict[str, Any]]:
    """Return the codes of a list, a row each."""
    return [
        {"code": code.id, "name": each.label(code.id, language), "parent": code.parent}
        for code in each.codes
    ]


def print_rows(rows: list[dict[str, Any]]) -> None:
    """Print a table for people, its last column as long as it is."""
    names = [name for name in rows[0] if any(row[name] not in {"", None} for row in rows)]
    printed = [names, *([str(row[name]) for name in names] for row in rows)]
    widths = [max(len(row[i]) for row in printed) for i in range(len(names))]
    for row in printed:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())
