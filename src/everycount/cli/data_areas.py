"""The commands `data areas` and `data carry-over`: areas through time."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import polars as pl

from everycount.cli.data_codes import print_rows
from everycount.cli.data_reading import read_file, reading_options
from everycount.cli.framework_view import print_json
from everycount.errors import InputError, Problem
from everycount.io.area_files import read_areas, shipped_areas
from everycount.io.csv import read_table
from everycount.io.exporters.write import write_dataset
from everycount.io.files import read_bytes, write
from everycount.io.results import csv_bytes
from everycount.model.area import Area, Areas
from everycount.repository.area_figures import WEIGHT, carry_over
from everycount.repository.succession import areas_at, became

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    name="areas",
    epilog="""\b
Examples:
  everycount data areas VN --at 2025-07-01
  everycount data areas VN --of VN_24 --at 2026-01-01
  everycount data areas our-provinces.csv --csv all.csv""",
)
@click.argument("country", metavar="AREAS")
@click.option("--at", type=DAY, help="Only areas that exist on this day.")
@click.option("--of", "code", metavar="CODE", help="What became of this area (with --at).")
@click.option("--language", default="en", show_default=True, help="Language of the names.")
@click.option("--csv", "table", metavar="FILE", help="Write a table; - prints it.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def areas_command(
    country: str,
    *,
    at: datetime | None,
    code: str | None,
    language: str,
    table: str | None,
    as_json: bool,
) -> None:
    """Show the areas of a country, those of a day, or what became of one.

    AREAS is a country whose areas are shipped, such as VN, or a CSV file.
    """
    if code and at is None:
        raise click.UsageError("--of needs --at DAY: the day whose areas are asked for")
    areas = find_areas(country)
    shown: Iterable[Area] = areas.areas
    if at is not None:
        shown = became(areas, code, at.date()) if code else areas_at(areas, at.date())
    rows = [_row(area, language) for area in shown]
    if table is not None:
        schema = dict.fromkeys(_row(Area(code="", names={}), language), pl.String)
        write(table, csv_bytes(pl.DataFrame(rows, schema=schema)))
    elif as_json:
        print_json(rows)
    elif rows:
        print_rows(rows)
    else:
        click.echo("none", err=True)


@click.command(
    name="carry-over",
    epilog="""\b
Examples:
  everycount data carry-over old.csv --areas VN --at 2025-07-01 --additive BIRTHS -o new.csv
  everycount data carry-over old.csv --areas VN --at 2025-07-01 --weights women.csv -o new.csv""",
)
@click.argument("file", metavar="DATA")
@reading_options
@click.option("--areas", "country", required=True, metavar="AREAS", help="Country or CSV file.")
@click.option("--at", type=DAY, required=True, help="The day whose areas are wanted.")
@click.option(
    "--additive", multiple=True, metavar="INDICATOR", help="Adds up over areas; may repeat."
)
@click.option(
    "--weights",
    metavar="FILE",
    help=f"CSV with REF_AREA, {WEIGHT} and other columns of the key: means are weighted by it.",
)
@click.option("-o", "--output", required=True, metavar="FILE", help="File to write; - prints it.")
@click.option("--to", "to_format", metavar="FORMAT", help="Format to write; else by the ending.")
def carry_over_command(
    file: str,
    *,
    format: str | None,
    mapping_file: str | None,
    country: str,
    at: datetime,
    additive: tuple[str, ...],
    weights: str | None,
    output: str,
    to_format: str | None,
) -> None:
    """Turn figures of areas that were merged into figures of those that followed them.

    Only where it is right: figures that add up are added, others need weights, and all areas
    that were merged must have a figure.
    """
    data = read_file(file, format=format, mapping_file=mapping_file)
    table = read_weights(weights) if weights else None
    carried, counts = carry_over(
        data, find_areas(country), at.date(), additive=additive, weights=table
    )
    notes = write_dataset(carried, output, format=to_format)
    for words in (*counts.sentences(), *notes):
        click.echo(words, err=True)


def find_areas(name: str) -> Areas:
    """Return the areas of a shipped country or of a file."""
    return read_areas(name) if Path(name).suffix else shipped_areas(name.upper())


def read_weights(place: str) -> pl.DataFrame:
    """Return a table of weights, with every weight that is no number refused."""
    subject = Path(place).name
    table = read_table(read_bytes(place), subject=subject)
    if WEIGHT not in table.columns:
        found = f"columns {', '.join(table.columns)}"
        raise InputError(subject, [Problem("header", found, f"a column {WEIGHT}")])
    numbers = table[WEIGHT].cast(pl.Float64, strict=False)
    wrong = (numbers.is_null() | ~numbers.is_finite()).fill_null(value=True).arg_true()
    if len(wrong):
        raise InputError(
            subject,
            [Problem(f"row {i + 2}, {WEIGHT}", repr(table[WEIGHT][i]), "a number") for i in wrong],
        )
    return table.with_columns(numbers)


def _row(area: Area, language: str) -> dict[str, Any]:
    """Return an area as a row of text."""
    return {
        "code": area.code,
        "official_code": area.official_code,
        "kind": area.kind,
        "valid_from": str(area.valid_from or ""),
        "valid_to": str(area.valid_to or ""),
        "before": " ".join(area.predecessors),
        "after": " ".join(area.successors),
        "name": area.name(language),
    }
