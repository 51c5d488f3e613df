"""The command `data handbook import`: a handbook from the files that people keep."""

from dataclasses import replace

import click

from everycount.cli.framework_view import print_json
from everycount.cli.handbook_options import language_option, on_option, save
from everycount.cli.policy_view import refuse_existing, say
from everycount.io.frameworks import load_framework
from everycount.io.handbook_import import FORMS, import_handbook
from everycount.io.handbooks import handbook_bytes, load_preset
from everycount.repository.handbook_fill import fill, identity_facts


@click.command(
    name="import",
    epilog="""\b
Examples:
  everycount data handbook import metadata/ --framework un-minimum-set@2021 \\
    --catalogue minset_catalog.json -o minimum-set.handbook.json
  everycount data handbook import template.docx --framework sdg-global --indicator 5.5.1 -o h.json
  everycount data handbook import sheets.xlsx --framework nsigd.toml --language vi -o h.json""",
)
@click.argument("places", metavar="FILE...", nargs=-1, required=True)
@click.option("--framework", "framework_name", required=True, metavar="FRAMEWORK")
@click.option("-o", "--output", required=True, metavar="FILE", help="Handbook to write; - prints.")
@click.option("--from", "form", type=click.Choice(FORMS), help="Form of the files; they tell.")
@click.option("--template", metavar="NAME", help="Template whose headings and numbers they have.")
@click.option("--catalogue", metavar="FILE", help="Catalogue of the Minimum Set (JSON).")
@click.option("--indicator", default="", metavar="CODE", help="Indicator of one Word file.")
@click.option("--publisher", default="", metavar="NAME", help="Who publishes the handbook.")
@click.option("--source", default="", metavar="WORDS", help="What it was made from.")
@click.option("--book-version", default="1", show_default=True, metavar="VERSION")
@click.option("--bare", is_flag=True, help="Do not fill in what the framework says.")
@language_option
@on_option
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def import_command(
    places: tuple[str, ...],
    *,
    framework_name: str,
    output: str,
    form: str | None,
    template: str | None,
    catalogue: str | None,
    language: str | None,
    on: str,
    as_json: bool,
    **about: str,
) -> None:
    """Make a handbook from metadata sheets, pages, workbooks and Word templates.

    FILE may be a folder. Every text is a draft. What stands under a heading that is not known is
    kept in the comment of its indicator, and named.
    """
    if output != "-":
        refuse_existing(output)
    framework = load_framework(framework_name)
    preset = load_preset(template) if template else None
    found = import_handbook(
        places,
        framework,
        language=language or "en",
        preset=preset,
        catalogue=catalogue,
        indicator=about["indicator"],
        form=form or "",
    )
    book = replace(
        found.handbook,
        publisher=about["publisher"],
        source=about["source"],
        version=about["book_version"],
        preset=preset.id if preset else found.handbook.preset,
    )
    if not about["bare"]:
        facts = identity_facts(framework, language=book.language)
        book = fill(book, facts, by=f"from {framework.reference}", date=on).handbook
    save(book, output, read=None)
    for note in found.notes:
        say(note)
    texts = sum(len(each) for entry in book.entries for each in entry.fields.values())
    if as_json and output != "-":
        print_json(
            {
                "handbook": output,
                "framework": book.framework,
                "indicators": len(book.entries),
                "texts": texts,
                "bytes": len(handbook_bytes(book)),
                "notes": found.notes,
            }
        )
    else:
        say(f"{len(book.entries):,} indicators, {texts:,} texts")
