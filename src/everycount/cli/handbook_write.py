"""Commands that change or write out a handbook: set, merge, export."""

from datetime import UTC, datetime
from pathlib import Path

import click

from everycount.cli.framework_view import print_json
from everycount.cli.handbook_options import (
    chosen,
    find_entry,
    language_option,
    on_option,
    output_option,
    persons_option,
    put,
    save,
    template_option,
)
from everycount.cli.policy_view import as_json as json_option
from everycount.cli.policy_view import by, say
from everycount.errors import InputError, NotFound, Problem
from everycount.io.exporters.metadata_files import FORMATS, metadata_bytes
from everycount.io.files import read_bytes
from everycount.io.handbook_workbook import read_handbook_workbook
from everycount.io.handbooks import read_handbook, shipped_fields
from everycount.io.text import utf8
from everycount.io.words import one_of
from everycount.model.handbook import STATES, Handbook, State
from everycount.repository.handbook import write_text
from everycount.repository.handbook_merge import merge_handbooks


@click.command(
    name="set",
    epilog="""\b
Examples:
  everycount data handbook set book.json I.1 unit --text "hours a day" --by Lan
  everycount data handbook set book.json I.1 concept --language vi --file concept.txt --by Lan
  everycount data handbook set book.json I.1 unit --state approved --by Minh""",
)
@click.argument("book")
@click.argument("indicator")
@click.argument("field")
@click.option("--text", metavar="WORDS", help="The text.")
@click.option("--file", metavar="FILE", help="File with the text; - is standard input.")
@click.option("--state", type=click.Choice(STATES), help="How it stands; draft if it is new.")
@language_option
@by
@on_option
@output_option
def set_command(
    book: str,
    indicator: str,
    field: str,
    *,
    text: str | None,
    file: str | None,
    state: State | None,
    language: str | None,
    by: str,
    on: str,
    output: str | None,
) -> None:
    """Write what a field says of an indicator, or say how its text stands.

    A translation remembers the text that it translates: when that changes, it is out of date.
    """
    if text is not None and file is not None:
        raise click.UsageError("give --text or --file, not both")
    if text is None and file is None and state is None:
        raise click.UsageError("give --text, --file or --state")
    found = read_handbook(book)
    entry = find_entry(found, indicator)
    spoken = language or found.language
    words = text if file is None else _read(file)
    if words is None:
        old = entry.fields.get(field, {}).get(spoken)
        if old is None:
            raise NotFound(f"{entry.indicator}, {field} has no text in {spoken!r} to be {state}")
        words = old.text
    _refuse(field, words)
    changed = write_text(
        found,
        entry.indicator,
        field,
        language=spoken,
        text=words.strip(),
        by=by,
        date=on,
        state=state or "draft",
    )
    save(changed, output or book, read=book)
    say(f"{entry.indicator}, {field} ({spoken}): {state or 'draft'}")


def _read(file: str) -> str:
    """Return the text in a file."""
    return utf8(read_bytes(file), subject=file).decode()


def _refuse(name: str, words: str) -> None:
    """Refuse a field that does not exist, and a code that it may not hold."""
    fields = shipped_fields().by_id
    if name not in fields:
        problem = Problem("field", repr(name), one_of(list(fields), found=name))
        raise InputError("the handbook", [problem])
    codes = fields[name].codes
    if codes and words.strip() not in codes:
        raise InputError("the handbook", [Problem(name, repr(words), f"one of {', '.join(codes)}")])


@click.command(
    epilog="Example: everycount data handbook merge book.json book.xlsx --by Lan",
)
@click.argument("book")
@click.argument("workbook")
@by
@on_option
@output_option
@json_option
def merge(book: str, *, workbook: str, by: str, on: str, output: str | None, as_json: bool) -> None:
    """Take in what people wrote in a workbook that `export` made.

    What changed both here and there is told, and stays as it is here.
    """
    found = read_handbook(book)
    edits = read_handbook_workbook(workbook, by=by, date=on)
    merged, conflicts = merge_handbooks(edits.base, found, edits.theirs)
    save(merged, output or book, read=book)
    for notice in edits.notices:
        say(notice)
    for each in conflicts:
        say(
            f"conflict: {each.indicator}, {each.field} ({each.language}): here {each.mine!r}, "
            f"in the workbook {each.theirs!r}"
        )
    changed = _changed(found, merged)
    say(f"{changed} texts taken in, {len(conflicts)} conflicts")
    if as_json:
        rows = [
            {
                "indicator": each.indicator,
                "field": each.field,
                "language": each.language,
                "base": each.base,
                "mine": each.mine,
                "theirs": each.theirs,
            }
            for each in conflicts
        ]
        print_json({"changed": changed, "conflicts": rows, "notices": edits.notices})


def _changed(before: Handbook, after: Handbook) -> int:
    """Return how many texts two handbooks have otherwise, states included."""
    known = before.by_indicator
    return sum(
        known[entry.indicator].fields.get(name, {}).get(language) != text
        for entry in after.entries
        for name, texts in entry.fields.items()
        for language, text in texts.items()
    ) + sum(
        language not in after.by_indicator[entry.indicator].fields.get(name, {})
        for entry in before.entries
        for name, texts in entry.fields.items()
        for language in texts
    )


@click.command(
    epilog="""\b
Examples:
  everycount data handbook export book.json -o metadata.xml --template sdg
  everycount data handbook export book.json -o book.xlsx --language en --language vi""",
)
@click.argument("book")
@click.option("-o", "--output", required=True, metavar="FILE", help="File to write; - prints.")
@click.option("--to", "target", type=click.Choice(list(FORMATS.values())), help="By its ending.")
@template_option
@click.option("--language", "languages", multiple=True, help="Column of a workbook; may repeat.")
@persons_option
@on_option
def export(
    book: str,
    *,
    output: str,
    target: str | None,
    template: str | None,
    languages: tuple[str, ...],
    with_persons: bool,
    on: str,
) -> None:
    """Write a handbook as SDMX-ML 3.0 (.xml), SDMX-JSON 2.0 (.json) or a workbook (.xlsx).

    A workbook is for those who write: it comes back by `merge`, and has names of persons.
    """
    format = target or FORMATS.get(Path(output).suffix.lower())
    if format is None:
        expected = f"one of {', '.join(FORMATS)}, or --to"
        raise InputError("the output", [Problem(output, "another ending", expected)])
    if Path(output).exists() and Path(output).resolve() == Path(book).resolve():
        raise InputError("the output", [Problem(output, "the handbook itself", "another file")])
    found = read_handbook(book)
    content = metadata_bytes(
        found,
        chosen(found, template),
        format=format,
        prepared=datetime.fromisoformat(on).replace(tzinfo=UTC),
        languages=languages,
        with_persons=with_persons,
    )
    put(output, content)
