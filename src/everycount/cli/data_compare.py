"""The command `data compare`: what changed between two versions of the same data."""

from typing import Any

import click

from everycount.cli.data_gathered import gathered_file
from everycount.cli.data_reading import reading_options
from everycount.cli.framework_view import print_json
from everycount.io.files import write
from everycount.io.results import csv_bytes
from everycount.repository.compare import Differences, compare_versions

SHOWN = 10


@click.command(
    name="compare",
    epilog="Example: everycount data compare release-2023.csv release-2024.csv --csv changed.csv",
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@reading_options
@click.option("--old-from", metavar="FORMAT", help="Format of OLD alone, where the two differ.")
@click.option("--new-from", metavar="FORMAT", help="Format of NEW alone.")
@click.option("--old-mapping", metavar="FILE", help="Mapping of OLD alone.")
@click.option("--new-mapping", metavar="FILE", help="Mapping of NEW alone.")
@click.option("--csv", "table", metavar="FILE", help="Write every revised cell as a table.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def compare_command(
    old: str,
    new: str,
    *,
    format: str | None,
    mapping_file: str | None,
    old_from: str | None,
    new_from: str | None,
    old_mapping: str | None,
    new_mapping: str | None,
    **shown: Any,
) -> None:
    """Compare two versions: observations added, removed and revised; codes that changed.

    --from and --mapping are for both files, unless one has its own.
    """
    with (
        gathered_file(
            old, format=old_from or format, mapping_file=old_mapping or mapping_file
        ) as before,
        gathered_file(
            new, format=new_from or format, mapping_file=new_mapping or mapping_file
        ) as after,
    ):
        changes = compare_versions(
            before.rows,
            after.rows,
            old_codes=before.own_codes,
            new_codes=after.own_codes,
            most=None if shown["table"] or shown["as_json"] else SHOWN,
        )
    _report(changes, **shown)


def _report(changes: Differences, *, table: str | None, as_json: bool) -> None:
    """Write and print what changed."""
    if table:
        write(table, csv_bytes(changes.revised))
    if as_json:
        print_json(
            {
                "counts": dict(changes.counts),
                "added": changes.added.to_dicts(),
                "removed": changes.removed.to_dicts(),
                "revised": changes.revised.to_dicts(),
                "codes": [
                    {
                        "component": each.component,
                        "code": each.code,
                        "change": each.change,
                        "old": each.old,
                        "new": each.new,
                    }
                    for each in changes.codes
                ],
            }
        )
        return
    click.echo(changes.words())
    for row in changes.revised.head(SHOWN).iter_rows(named=True):
        place = ", ".join(
            str(row[name])
            for name in changes.revised.columns[:-4]
            if row[name] not in {"_T", "A", "N"}
        )
        was, now = row["old"] or "nothing", row["new"] or "nothing"
        click.echo(f"  {place}: {row['component']} was {was}, is {now}")
    if changes.cells > SHOWN:
        click.echo(f"  … and {changes.cells - SHOWN:,} more; --csv FILE has all")
