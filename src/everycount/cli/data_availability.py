"""The command `data availability`: which indicators have figures, by sex, recent, open."""

from dataclasses import replace
from datetime import datetime

import click
import polars as pl

from everycount.cli.data_reading import read_file, reading_options, today_date, today_option
from everycount.cli.framework_view import print_json
from everycount.errors import NotFound
from everycount.io.areas import AreaCode, m49_codes
from everycount.io.code_lists import code_lists
from everycount.io.files import write
from everycount.io.frameworks import load_framework
from everycount.io.results import csv_bytes
from everycount.model.dataset import Dataset
from everycount.model.framework import Framework
from everycount.model.observation import AREA, INDICATOR, OBSERVATION
from everycount.model.origin import Origin
from everycount.repository.availability import RECENT, Availability, availability
from everycount.repository.check import cited

KINDS: tuple[AreaCode, ...] = ("iso3", "iso2")
SHOWN = 5
"""Indicators outside the framework that are named."""
MOST = 12
"""Areas of which the headline is printed; --csv and --json have all."""


@click.command(
    name="availability",
    epilog="""\b
Examples:
  everycount data availability figures.csv --framework un-minimum-set --area 704
  everycount data availability a.csv b.csv --framework nsigd.toml --csv availability.csv""",
)
@click.argument("files", metavar="DATA...", nargs=-1, required=True)
@reading_options
@click.option("--framework", "framework_name", required=True, metavar="FRAMEWORK")
@click.option("--area", "areas", multiple=True, metavar="CODE", help="Only this area; may repeat.")
@click.option(
    "--recent",
    type=click.IntRange(1),
    default=RECENT,
    show_default=True,
    help="Years that count as up to date, this one included.",
)
@click.option("--licence", help="Licence of all files, where they do not say: an SPDX identifier.")
@today_option
@click.option("--csv", "table", metavar="FILE", help="Write a row for each area and indicator.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def availability_command(
    files: tuple[str, ...],
    *,
    format: str | None,
    mapping_file: str | None,
    framework_name: str,
    areas: tuple[str, ...],
    recent: int,
    licence: str | None,
    today: datetime | None,
    table: str | None,
    as_json: bool,
) -> None:
    """Count the indicators of a framework that have figures, by sex, up to date, open."""
    datasets = [
        _licensed(read_file(file, format=format, mapping_file=mapping_file), licence, file)
        for file in files
    ]
    framework = load_framework(framework_name)
    _say_strangers(datasets, framework)
    found = availability(
        datasets,
        framework,
        today=today_date(today),
        areas=[_area(code, datasets) for code in areas] or None,
        recent=recent,
    )
    if table:
        rows = found.indicators.with_columns(pl.col("breakdowns", "lacking").list.join("; "))
        write(table, csv_bytes(rows))
    names = {area: _area_names(datasets).get(area, area) for area in found.areas}
    if as_json:
        print_json(_plain(found, names))
        return
    if not found.areas:
        click.echo("No area has figures of this framework; --area CODE asks for one all the same.")
    for area in found.areas[:MOST]:
        click.echo(found.sentence(area, names[area]))
    if len(found.areas) > MOST:
        click.echo(f"… and {len(found.areas) - MOST} more areas; --csv FILE has all", err=True)


def _say_strangers(datasets: list[Dataset], framework: Framework) -> None:
    """Say how many indicators of the data the framework does not have."""
    used, strangers = 0, []
    for data in datasets:
        known = cited(framework, data.codes.get(INDICATOR))
        codes = data.table[INDICATOR].unique(maintain_order=True).to_list()
        used += len(codes)
        strangers += [code for code in codes if code not in known]
    if strangers:
        shown = ", ".join(strangers[:SHOWN]) + (", …" if len(strangers) > SHOWN else "")
        click.echo(
            f"{len(strangers)} of {used} indicators in the data are not in {framework.reference} "
            f"and are not counted: {shown}",
            err=True,
        )


def _area(code: str, datasets: list[Dataset]) -> str:
    """Return an area as the data and the code list have it.

    Raises
    ------
    NotFound
        If nobody knows the code.
    """
    listed = code_lists(OBSERVATION)[AREA]
    if code in listed.by_id or any((data.table[AREA] == code).any() for data in datasets):
        return code
    for kind in KINDS:
        found = m49_codes(kind).get(code)
        if found is not None:
            return found
    raise NotFound(
        f"there is no area {code!r}: give a code that the data have, UN M49 such as 704, or ISO "
        "3166-1 such as VN or VNM"
    )


def _licensed(data: Dataset, licence: str | None, file: str) -> Dataset:
    """Return a dataset with a licence where its origins have none."""
    if licence is None:
        return data
    origins = data.origins or (Origin(producer="", title=file),)
    return replace(
        data, origins=tuple(replace(each, licence=each.licence or licence) for each in origins)
    )


def _area_names(datasets: list[Dataset]) -> dict[str, str]:
    """Return the names of areas, of the data and of the shipped list."""
    names: dict[str, str] = {}
    for data in datasets:
        listed = code_lists(OBSERVATION, data.codes).get(AREA)
        used = data.table[AREA].unique().to_list() if listed else []
        names |= {area: listed.label(area) for area in used if listed}
    return names


def _plain(found: Availability, names: dict[str, str]) -> dict[str, object]:
    """Return what was found for JSON."""
    return {
        "framework": found.framework,
        "since": found.since,
        "areas": [
            {"area": area, **found.counts(area), "sentence": found.sentence(area, names[area])}
            for area in found.areas
        ],
        "indicators": found.indicators.to_dicts(),
    }
