"""Commands that look at a handbook: show, score, translate, compare."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from textwrap import shorten

import click
import polars as pl

from everycount.cli.framework_view import print_json
from everycount.cli.handbook_options import (
    chosen,
    find_entry,
    language_option,
    put,
    template_option,
)
from everycount.cli.policy_view import as_json as json_option
from everycount.io.handbooks import read_handbook, shipped_fields
from everycount.io.results import csv_bytes
from everycount.model.handbook import Entry, Handbook, Preset
from everycount.model.indicator import wording
from everycount.reports.handbook_report import percent
from everycount.repository.handbook import (
    STANDINGS,
    compare_handbooks,
    completeness,
    requirements,
    stale_texts,
    standing,
)

WIDTH = 72
"""Letters of a text in a list."""


@click.command(
    epilog="""\b
Examples:
  everycount data handbook show book.json
  everycount data handbook show book.json I.1 --template sdg --language vi""",
)
@click.argument("book")
@click.argument("indicator", required=False)
@template_option
@language_option
@json_option
def show(
    book: str,
    *,
    indicator: str | None,
    template: str | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Show the handbook, or what it says of one indicator by a template."""
    found = read_handbook(book)
    spoken = language or found.language
    if indicator is None:
        _show_book(found, spoken, as_json=as_json)
        return
    entry, preset = find_entry(found, indicator), chosen(found, template)
    rows = list(_rows(found, entry, preset, spoken))
    if as_json:
        print_json({"indicator": entry.indicator, "title": entry.title, "texts": rows})
        return
    click.echo(f"{entry.indicator}  {wording(entry.title, spoken) if entry.title else ''}")
    for row in rows:
        tag = row["standing"] if row["language"] in (spoken, "") else f"only in {row['language']}"
        click.echo(f"\n{row['title']} [{tag}]\n{row['text']}".rstrip())


def _show_book(book: Handbook, language: str, *, as_json: bool) -> None:
    """Print what a handbook is, and its indicators."""
    about = {name: getattr(book, name) for name in ("id", "version", "title", "framework")}
    about |= {name: getattr(book, name) for name in ("preset", "language", "publisher", "source")}
    if as_json:
        keys = [entry.indicator for entry in book.entries]
        print_json({**about, "languages": book.languages, "indicators": keys})
        return
    click.echo(wording(book.title, language) if book.title else book.id)
    click.echo(f"{book.framework}, version {book.version}, in {', '.join(book.languages)}")
    for entry in book.entries:
        title = wording(entry.title, language) if entry.title else ""
        click.echo(f"  {entry.indicator}  {shorten(title, WIDTH, placeholder=' …')}")


def _rows(book: Handbook, entry: Entry, preset: Preset, spoken: str) -> Iterator[dict[str, str]]:
    """Yield the texts of an indicator in the order of a template."""
    fields = shipped_fields().by_id
    for item in preset.items:
        shown = entry.shown(item.field, spoken, book.language)
        own = shown.language if shown else ""
        stands = standing(entry, item.field, own, book.language) if shown else "missing"
        if shown or item.is_required:
            title = item.title or wording(fields[item.field].title, spoken)
            yield {
                "field": item.field,
                "concept": item.concept,
                "title": f"{item.number} {title}".strip(),
                "language": own,
                "standing": stands,
                "text": shown.text if shown else "",
            }


@click.command(
    epilog="""\b
Examples:
  everycount data handbook score book.json --template sdg
  everycount data handbook score book.json --language vi --csv scores.csv""",
)
@click.argument("book")
@template_option
@language_option
@click.option("--fields", is_flag=True, help="Also say of each field how many have it.")
@click.option("--csv", "table", metavar="FILE", help="Write a row for each indicator; - prints.")
@json_option
def score(
    book: str,
    *,
    template: str | None,
    language: str | None,
    fields: bool,
    table: str | None,
    as_json: bool,
) -> None:
    """Say how much of a template is filled in, for each indicator.

    A translation that is out of date counts half.
    """
    found = read_handbook(book)
    preset = chosen(found, template)
    scores = completeness(
        found,
        preset,
        language=language or found.language,
        without_language=shipped_fields().without_language,
    )
    rows = [
        {
            "indicator": each.indicator,
            "language": each.language,
            "score": round(each.score, 4),
            "approved": round(each.approved, 4),
            "required": each.required,
            **each.standings,
            "lacking": "; ".join(each.missing),
        }
        for each in scores
    ]
    have = {name: sum(name not in each.missing for each in scores) for name in requirements(preset)}
    if table is not None:
        put(table, csv_bytes(pl.DataFrame(rows, infer_schema_length=None)))
    elif as_json:
        mean = sum(each.score for each in scores) / len(scores) if scores else 0.0
        print_json(
            {"template": preset.id, "mean": round(mean, 4), "indicators": rows, "fields": have}
        )
    else:
        _print_scores(rows)
        if fields:
            for name, number in have.items():
                click.echo(f"  {name:<24}{number:>5} of {len(scores)}")


def _print_scores(rows: Sequence[dict[str, object]]) -> None:
    """Print a line for each indicator: share, and what lacks."""
    for row in rows:
        stands = ", ".join(f"{row[name]} {name}" for name in STANDINGS if row[name])
        share = percent(float(str(row["score"])))
        click.echo(f"{row['indicator']!s:<10}{share:>6}  {stands}")


@click.command(
    epilog="Example: everycount data handbook translate book.json --language vi --csv todo.csv",
)
@click.argument("book")
@click.option("--language", required=True, help="Language to translate into.")
@template_option
@click.option("--csv", "table", metavar="FILE", help="Write a row for each text; - prints.")
@json_option
def translate(
    book: str, *, language: str, template: str | None, table: str | None, as_json: bool
) -> None:
    """List texts without a translation, and translations whose original has changed since.

    Of those out of date it says what the original said when it was translated, and says now.
    """
    found = read_handbook(book)
    names = {item.field for item in chosen(found, template).items}
    names -= shipped_fields().without_language
    rows = [
        {
            "indicator": each.indicator,
            "field": each.field,
            "state": "stale",
            "was": each.was,
            "now": each.now,
            "text": each.text,
        }
        for each in stale_texts(found)
        if each.language == language and each.field in names
    ]
    rows += [
        {
            "indicator": entry.indicator,
            "field": name,
            "state": "missing",
            "was": "",
            "now": texts[found.language].text,
            "text": "",
        }
        for entry in found.entries
        for name, texts in entry.fields.items()
        if name in names
        and texts.get(found.language)
        and standing(entry, name, language, found.language) == "missing"
    ]
    if table is not None:
        schema = ("indicator", "field", "state", "was", "now", "text")
        put(table, csv_bytes(pl.DataFrame(rows, schema=dict.fromkeys(schema, pl.String))))
    elif as_json:
        print_json({"language": language, "texts": rows})
    else:
        for row in rows:
            click.echo(f"{row['indicator']}, {row['field']}: {row['state']}")
            if row["state"] == "stale":
                click.echo(f"  was: {_cut(row['was'])}\n  now: {_cut(row['now'])}")
        stale = sum(row["state"] == "stale" for row in rows)
        click.echo(f"{stale} out of date, {len(rows) - stale} not translated", err=True)


@click.command(epilog="Example: everycount data handbook compare 2025.json 2026.json")
@click.argument("old")
@click.argument("new")
@json_option
def compare(old: str, new: str, *, as_json: bool) -> None:
    """List the texts that one version of a handbook has otherwise than another."""
    changes = list(compare_handbooks(read_handbook(old), read_handbook(new)))
    if as_json:
        print_json({"changes": [asdict(each) for each in changes]})
        return
    for each in changes:
        click.echo(f"{each.indicator}, {each.field} ({each.language})")
        click.echo(f"  was: {_cut(each.old) or 'nothing'}\n  now: {_cut(each.new) or 'nothing'}")
    click.echo(f"{len(changes)} texts changed", err=True)


def _cut(text: str) -> str:
    """Return a text that fits a line."""
    return shorten(text, WIDTH, placeholder=" …")
