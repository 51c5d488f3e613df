"""Commands on frameworks: list, show, check, import, translate."""

from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import click

from everycount.cli.framework_view import (
    count,
    details,
    heading,
    print_json,
    report,
    show_framework,
    show_indicator,
    tree,
)
from everycount.errors import InputError
from everycount.io.csv import Delimiter
from everycount.io.files import read_bytes, write
from everycount.io.framework_list import ListColumns, framework_from_list, read_list
from everycount.io.framework_toml import framework_toml
from everycount.io.frameworks import (
    load_framework,
    read_crosswalk,
    shipped_crosswalk,
    shipped_frameworks,
)
from everycount.io.translations import read_translations
from everycount.model.framework import DATE, Framework, Level, Source
from everycount.model.indicator import wording
from everycount.model.strict import Faults
from everycount.policy.match_translations import with_translations
from everycount.reports.wording import listed
from everycount.repository.framework_check import (
    SEVERITIES,
    check_framework,
    findings_of,
)

NAMED = 10
"""Indicators without a title that a message names; --json has all."""

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


@click.group(name="framework")
def framework() -> None:
    """Show, check and import sets of indicators, and how they hang together.

    A framework is named ID or ID@VERSION, such as un-minimum-set@2013; without a version the
    newest is meant. A TOML file may be given in its place.
    """


@framework.command(name="list", epilog="Example: everycount framework list")
@as_json
def list_frameworks(*, as_json: bool) -> None:
    """List the frameworks that Everycount ships."""
    shipped = shipped_frameworks()
    if as_json:
        print_json([heading(each) for each in shipped])
        return
    rows = [("framework", "indicators", "level", "title")]
    rows += [
        (each.reference, str(len(each.indicators)), each.level, wording(each.title))
        for each in shipped
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for name, number, level, title in rows:
        line = f"{name:<{widths[0]}}  {number:>{widths[1]}}  {level:<{widths[2]}}  {title}"
        click.echo(line)


@framework.command(
    name="show",
    epilog="""\b
Examples:
  everycount framework show sdg-gender-index --links
  everycount framework show sdg-global@2019 --indicator 5.5.1 --links""",
)
@click.argument("name", metavar="FRAMEWORK")
@click.option("--indicator", "key", metavar="KEY", help="Show only this indicator, in full.")
@click.option("--links", "with_links", is_flag=True, help="Add links to other frameworks.")
@click.option("--language", default="en", show_default=True, help="Language of titles, if known.")
@as_json
def show(name: str, *, key: str | None, with_links: bool, language: str, as_json: bool) -> None:
    """Show the tree of a framework, or one of its indicators."""
    shown = _load(name)
    crosswalk = shipped_crosswalk() if with_links else None
    chosen = shown.indicators if key is None else (shown.indicator(key),)
    if as_json:
        known = [details(shown, each, crosswalk) for each in chosen]
        if key is None:
            print_json({**heading(shown), **tree(shown), "indicators": known})
        else:
            print_json({"framework": shown.reference, **known[0]})
    elif key is None:
        for line in show_framework(shown, crosswalk, language):
            click.echo(line)
    else:
        for line in show_indicator(shown, chosen[0], crosswalk, language):
            click.echo(line)


@framework.command(
    name="check",
    epilog="""\b
Examples:
  everycount framework check my-indicators.toml
  everycount framework check sdg-gender-index --json""",
)
@click.argument("name", metavar="FRAMEWORK")
@click.option(
    "--crosswalk",
    "crosswalk_file",
    metavar="FILE",
    help="Also follow the links in this CSV file (from_framework, from_key, to_framework, "
    "to_key, relation, by, basis, source).",
)
@click.option(
    "--language", "languages", multiple=True, help="Language every title must have; may repeat."
)
@as_json
def check(
    name: str, *, crosswalk_file: str | None, languages: tuple[str, ...], as_json: bool
) -> None:
    """Find duplicate codes, broken links, missing units and titles, uneven groups.

    Prints one finding a line: severity, rule, place, words. Ends with exit code 3 if any finding
    is an error; warnings and remarks leave it at 0.
    """
    links = list(shipped_crosswalk().links)
    if crosswalk_file is not None:
        links += read_crosswalk(crosswalk_file).links
    known = {each.reference: each for each in shipped_frameworks()}
    try:
        checked = _load(name)
        findings = check_framework(checked, links=links, known=known, languages=languages)
        subject = checked.reference
    except InputError as error:
        findings, subject = findings_of(error), error.subject
    counts = Counter(finding.severity for finding in findings)
    if as_json:
        numbers = {severity: counts[severity] for severity in SEVERITIES}
        rows = [asdict(finding) for finding in findings]
        print_json({"framework": subject, "counts": numbers, "findings": rows})
    else:
        for line in report(findings):
            click.echo(line)
    click.echo(
        f"{subject}: {', '.join(count(counts[each], each) for each in SEVERITIES)}", err=True
    )
    if counts["error"]:
        click.get_current_context().exit(InputError.exit_code)


@framework.command(
    name="import",
    epilog="""\b
Example:
  everycount framework import nsigd.xlsx -o nsigd-2019.toml --id nsigd --version 2019 \\
    --title "Bộ chỉ tiêu thống kê phát triển giới" --title-language vi \\
    --code-column "Mã số" --title-column "Tên chỉ tiêu\"""",
)
@click.argument("file", metavar="LIST")
@click.option("-o", "--output", required=True, metavar="FILE", help="TOML file to write; - prints.")
@click.option("--id", "identifier", required=True, help="Name over all versions, such as nsigd.")
@click.option("--version", required=True, help="Name of this version, such as 2019.")
@click.option("--title", required=True, help="Title of the framework.")
@click.option("--title-language", default="en", show_default=True, help="Language of all titles.")
@click.option("--publisher", default="not stated", help="Who published the list.")
@click.option("--level", type=click.Choice(get_args(Level)), default="national", show_default=True)
@click.option("--valid-from", help="Date it applies from; the version if that is a date.")
@click.option("--citation", help="How to cite the list; the name of the file if left out.")
@click.option("--url", default="", help="Address of the list.")
@click.option("--licence", default="", help="Terms of the list.")
@click.option("--sheet", help="Sheet of an Excel workbook with several.")
@click.option("--header-row", type=click.IntRange(1), help="Row of the header in Excel.")
@click.option("--delimiter", type=click.Choice(get_args(Delimiter)), help="Of CSV; a comma.")
@click.option("--code-column", default="code", show_default=True, help="Column of codes.")
@click.option("--title-column", default="title", show_default=True, help="Column of titles.")
@click.option("--group-column", help="Column of goals, domains or objectives  [group, if any].")
@click.option("--unit-column", help="Column of units  [unit, if any].")
@click.option("--tier-column", help="Column of tiers  [tier, if any].")
@as_json
def import_list(file: str, *, output: str, as_json: bool, **options: Any) -> None:
    """Turn a CSV or Excel list of indicators into a framework file.

    The list has one indicator a row. All faults of the list come in one message; nothing is
    written then. A code that stands twice stays as printed and gets the keys CODE and CODE-2.
    """
    if as_json and output == "-":
        raise click.UsageError("--json prints a summary and -o - the framework; choose one")
    subject = Path(file).name
    empty = _empty_framework(options, citation=options["citation"] or subject)
    text, first_row = read_list(
        read_bytes(file),
        subject=subject,
        sheet=options["sheet"],
        header_row=options["header_row"],
        delimiter=options["delimiter"],
    )
    columns = ListColumns(
        code=options["code_column"],
        title=options["title_column"],
        group=options["group_column"],
        unit=options["unit_column"],
        tier=options["tier_column"],
    )
    made = framework_from_list(
        text,
        empty,
        columns=columns,
        language=options["title_language"],
        subject=subject,
        first_row=first_row,
    )
    _save(made, output)
    renamed = [each for each in made.indicators if each.key != each.code]
    if as_json:
        keys = [{"code": each.code, "key": each.key} for each in renamed]
        print_json({"file": output, **heading(made), "renamed": keys})
    for each in renamed:
        click.echo(f"the code {each.code} stands again; its key is {each.key}", err=True)
    counts = f"{count(len(made.indicators), 'indicator')}, {count(len(made.groups), 'group')}"
    click.echo(f"{made.reference}: {counts} written to {output}", err=True)


@framework.command(
    name="translate",
    epilog="""\b
Example:
  everycount framework translate sdg-global titles-vi.csv -o sdg-global-vi.toml""",
)
@click.argument("name", metavar="FRAMEWORK")
@click.argument("file", metavar="TITLES")
@click.option("-o", "--output", required=True, metavar="FILE", help="TOML file to write; - prints.")
@as_json
def translate(name: str, file: str, *, output: str, as_json: bool) -> None:
    """Give a framework titles in further languages, so that policies in them can be matched.

    TITLES is a CSV file with the columns key, language and title. Its faults come in one message;
    what still has no title in a language is named.
    """
    if as_json and output == "-":
        raise click.UsageError("--json prints a summary and -o - the framework; choose one")
    made = with_translations(_load(name), read_translations(file))
    _save(made.framework, output)
    if as_json:
        print_json({"file": output, "missing": made.missing, "replaced": made.replaced})
    for key, language in made.replaced:
        click.echo(f"{key}: another title in {language} was replaced", err=True)
    for language, keys in made.missing.items():
        named = listed(keys, NAMED)
        click.echo(
            f"{language}: {count(len(keys), 'indicator')} without a title: {named}", err=True
        )


def _load(name: str) -> Framework:
    """Return a framework, and tell which version it is when several were possible."""
    found = load_framework(name)
    versions = [each.version for each in shipped_frameworks() if each.id == name]
    if len(versions) > 1:
        known = ", ".join(versions)
        click.echo(f"{name}: version {found.version}, the newest of {known}", err=True)
    return found


def _empty_framework(options: dict[str, Any], *, citation: str) -> Framework:
    """Return a framework without indicators from the options of `import`."""
    version = options["version"]
    valid_from = options["valid_from"] or (version if DATE.fullmatch(version) else "")
    try:
        return Framework(
            id=options["identifier"],
            version=version,
            title={options["title_language"]: options["title"]},
            publisher=options["publisher"],
            level=options["level"],
            valid_from=valid_from,
            source=Source(citation=citation, url=options["url"], licence=options["licence"]),
        )
    except Faults as error:
        faults = (
            f"--{str(path[0]).replace('_', '-')}: found {found}, expected {expected}"
            for path, found, expected in error.faults
        )
        raise click.UsageError("; ".join(faults)) from error


def _save(made: Framework, output: str) -> None:
    """Write a framework to a file, or to standard output."""
    if output == "-":
        click.echo(framework_toml(made), nl=False)
    else:
        write(output, framework_toml(made))
