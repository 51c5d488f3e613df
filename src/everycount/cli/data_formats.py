"""The command `data formats`: what can be read and written."""

import click

from everycount.cli.framework_view import print_json
from everycount.io.exporters.formats import EXPORTERS
from everycount.io.importers.formats import formats as read_formats


@click.command(name="formats", epilog="Example: everycount data formats")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def formats(*, as_json: bool) -> None:
    """List the formats that data are read from and written in."""
    read = [{"name": each.NAME, "title": each.TITLE} for each in read_formats()]
    written = [
        {
            "name": each.name,
            "title": each.title,
            "ending": each.ending,
            "media_type": each.media_type,
            "holds": each.holds,
        }
        for each in EXPORTERS
    ]
    if as_json:
        print_json({"read": read, "written": written})
        return
    width = max(len(each["name"]) for each in (*read, *written))
    click.echo("Read (--from), recognised by their content:")
    for each in read:
        click.echo(f"  {each['name']:<{width}}  {each['title']}")
    click.echo("\nWritten (--to):")
    for each in written:
        click.echo(f"  {each['name']:<{width}}  {each['title']} ({each['ending']})")
