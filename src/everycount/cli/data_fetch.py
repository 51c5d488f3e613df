"""The command `data fetch`: observations from a service, as a file."""

from datetime import timedelta
from pathlib import Path

import click

from everycount.cli.data_reading import find_mapping
from everycount.io.exporters.write import write_dataset
from everycount.io.fetching.cache import Cache
from everycount.io.fetching.client import Client
from everycount.io.fetching.fetch import fetch_dataset, fetch_pages, find_service
from everycount.io.fetching.query import Query
from everycount.io.files import staged_folder

CACHE = "~/.cache/everycount"


@click.command(
    name="fetch",
    epilog="""\b
Examples:
  everycount data fetch world-bank SG.GEN.PARL.ZS --area VNM --first 2010 -o seats.csv
  everycount data fetch un-sdg SG_GEN_PARL -o seats.xml --to sdmx-ml-3.0
  everycount data fetch sdmx ESTAT,EARN_GR_GPGR2 --address https://… --key A... -o gap.csv""",
)
@click.argument("service", metavar="SERVICE")
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@click.option("-o", "--output", required=True, metavar="FILE", help="File to write; - prints.")
@click.option("--to", "format", metavar="FORMAT", help="Format of the file; by its ending.")
@click.option("--raw", is_flag=True, help="OUTPUT is a folder for the answers as they came.")
@click.option("--area", "areas", multiple=True, metavar="CODE", help="As the service has it.")
@click.option("--first", type=int, metavar="YEAR", help="First year.")
@click.option("--last", type=int, metavar="YEAR", help="Last year.")
@click.option("--key", default="", help="Key of an SDMX query.")
@click.option("--address", default="", metavar="URL", help="Another address of the service.")
@click.option("--mapping", "mapping_file", metavar="FILE", help="Where components stand.")
@click.option("--cache", default=CACHE, show_default=True, metavar="DIR", help="Kept answers.")
@click.option("--no-cache", is_flag=True, help="Keep nothing, ask for everything.")
@click.option(
    "--resume-hours",
    type=click.FloatRange(0),
    default=1.0,
    show_default=True,
    help="Take kept answers of this age without asking.",
)
def fetch_command(
    service: str,
    codes: tuple[str, ...],
    *,
    output: str,
    format: str | None,
    raw: bool,
    cache: str,
    no_cache: bool,
    resume_hours: float,
    mapping_file: str | None,
    **asked: object,
) -> None:
    """Fetch series from a service: world-bank, un-sdg, unsd, who, or any SDMX REST service.

    An interrupted fetch goes on where it stopped when the same command is given again.
    """
    found = find_service(service)
    query = Query(codes=codes, **asked)  # type: ignore[arg-type]
    kept = None if no_cache else Cache(Path(cache).expanduser())
    client = Client(kept, pause=found.PAUSE, resume=timedelta(hours=resume_hours))
    if raw:
        with staged_folder(output) as stage:
            for page in fetch_pages(found, query, client=client):
                stage(page.name, page.content)
        return
    data = fetch_dataset(service, query, mapping=find_mapping(mapping_file), client=client)
    write_dataset(data, output, format=format)
    click.echo(f"{data.table.height:,} observations, {client.asked} requests", err=True)
    for note in data.notes:
        click.echo(f"note: {note}", err=True)
