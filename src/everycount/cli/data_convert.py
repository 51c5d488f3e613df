"""The command `data convert`: observations from one format to another, of any size."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from everycount.cli.data_reading import find_mapping, reading_options
from everycount.cli.data_view import Progress, conversion, say_conversion, tidy_when_ended
from everycount.errors import InputError, Problem
from everycount.io.column_mappings import save_column_mapping
from everycount.io.exporters.formats import Exporter, exporters_for, find_exporter
from everycount.io.exporters.outgoing import gathered
from everycount.io.exporters.write import export
from everycount.io.files import folder_problems, place_problems
from everycount.io.importers.own_structures import read_all_structures
from everycount.io.importers.read import open_dataset


@click.command(
    name="convert",
    epilog="""\b
Examples:
  everycount data convert figures.csv figures.xlsx
  everycount data convert SG_GEN_PARL.csv seats.xml --to sdmx-ml-3.0
  everycount data convert survey.csv - --mapping survey.toml --to sdmx-csv > survey.sdmx.csv
  everycount data convert figures.csv structure.xml --to structure-ml-3.0""",
)
@click.argument("source", metavar="IN")
@click.argument("target", metavar="OUT")
@reading_options
@click.option(
    "--to",
    "format_out",
    metavar="FORMAT",
    help="Format to write (data formats lists them); by the ending of OUT if left out.",
)
@click.option(
    "--codes",
    "structures",
    multiple=True,
    metavar="STRUCTURE",
    help="SDMX-ML or SDMX-JSON file of the producer's structures, which say what codes mean; "
    "may be given several times.",
)
@click.option(
    "--save-mapping",
    "saved",
    metavar="FILE",
    help="TOML file to write: where components were found, to be changed and used again.",
)
@click.option("--title", help="What the data are called; what IN says if left out.")
@click.option(
    "--prepared",
    metavar="TIME",
    help="When the data were made ready, such as 2026-11-22T12:00:00Z. If left out, the day on "
    "which the source was handed over or published, so that the same IN gives the same OUT.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON instead of text.")
def convert(
    source: str,
    target: str,
    *,
    format: str | None,
    mapping_file: str | None,
    format_out: str | None,
    structures: tuple[str, ...],
    saved: str | None,
    title: str | None,
    prepared: str | None,
    as_json: bool,
) -> None:
    """Read observations from IN and write them to OUT.

    - is standard input or output. OUT is written when all of IN has been read without a fault,
    or not at all. Memory does not grow with the number of observations, but for a few bytes
    each by which repeated ones are found, and for formats that must be read whole.
    """
    exporter = _choose(target, format_out)
    moment = _moment(prepared)
    read = (source, mapping_file, *structures)
    never = [Path(each) for each in read if each and each != "-"]
    _refuse_places(target, saved, never)
    reading = open_dataset(
        source,
        format=format,
        mapping=find_mapping(mapping_file),
        structures=read_all_structures(structures),
    )
    with (
        tidy_when_ended(),
        Progress() as progress,
        gathered(reading, prepared=moment, title=title, progress=progress.say) as outgoing,
    ):
        progress.writing(outgoing.rows)
        notes = export(outgoing, target, exporter, never=never)
        summary: dict[str, Any] = conversion(outgoing, exporter, notes, source, target)
    if saved:
        save_column_mapping(saved, reading.mapping)
        summary["mapping"] = saved
    say_conversion(summary, as_json=as_json, to_stderr=target == "-")


def _choose(target: str, name: str | None) -> Exporter:
    """Return the format to write, which must be said where the file's name does not."""
    if name is not None:
        return find_exporter(name)
    fitting = exporters_for(target)
    if len(fitting) == 1:
        return fitting[0]
    names = ", ".join(each.name for each in fitting)
    asked = f"one of {names}" if names else "a format that `everycount data formats` lists"
    raise click.UsageError(f"OUT {target} does not tell its format; say --to with {asked}")


def _moment(text: str | None) -> datetime | None:
    """Return a point of time in UTC, or refuse what is none."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"found {text!r}, expected a time such as 2026-11-22T12:00:00Z"
        raise click.BadParameter(message, param_hint="--prepared") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _refuse_places(target: str, saved: str | None, never: list[Path]) -> None:
    """Refuse places that cannot be written to before a long file is read."""
    problems: list[Problem] = []
    for each in (target, saved):
        if each is not None and each != "-":
            problems += place_problems([Path(each)], never=never) or folder_problems(each)
    if saved is not None and Path(saved).resolve() == Path(target).resolve():
        problems.append(Problem(saved, "the place of the data too", "another place"))
    if problems:
        raise InputError("the output", problems)
