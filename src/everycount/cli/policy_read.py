"""The command that reads a document into numbered clauses."""

import click

from everycount.cli.policy_view import as_json, say
from everycount.io.documents import read_document
from everycount.io.results import json_bytes
from everycount.model.document import Document, Passage
from everycount.policy.passage_order import out_of_order
from everycount.reports.policy_report import recognised_words
from everycount.reports.wording import plural

SHOWN = 76
"""Characters of a clause on one line."""


@click.command(
    epilog="""\b
Examples:
  everycount policy read law.pdf
  everycount policy read gazette.pdf --language en --json""",
)
@click.argument("document")
@click.option("--language", metavar="CODE", help="Language to read of several: en, fr, es, vi.")
@as_json
def read(document: str, *, language: str | None, as_json: bool) -> None:
    """Read a law or strategy into numbered clauses, each with its page and place.

    Prints a line for each clause: page, number, kind, first words. With --json also the offsets
    of its words in the text of the page, which is given as it is in the file. A scanned PDF is
    read by OCR where everycount[ocr] and tesseract are installed.
    """
    found = read_document(document, language=language)
    if as_json:
        click.echo(json_bytes(document_json(found)), nl=False)
    else:
        for passage in found.passages:
            click.echo(_line(passage))
    if found.recognised:
        say(recognised_words(found.recognised))
    for words in out_of_order(found.passages):
        say(words)
    numbered = sum(passage.kind == "article" for passage in found.passages)
    say(
        f"{found.name}: {found.language}, {plural(len(found.pages), 'page')}, "
        f"{plural(len(found.passages), 'passage')}, {plural(numbered, 'article')}"
    )


def _line(passage: Passage) -> str:
    """Return a passage on one line."""
    words = f"{passage.heading}: {passage.text}" if passage.heading else passage.text
    cut = words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
    return f"{passage.page:>4}  {passage.number:<10} {passage.kind:<9} {cut}"


def document_json(document: Document) -> dict[str, object]:
    """Return a document as plain data, with the places of its passages."""
    return {
        "name": document.name,
        "digest": document.digest,
        "language": document.language,
        "title": document.title,
        "recognised": list(document.recognised),
        "out_of_order": list(out_of_order(document.passages)),
        "pages": list(document.pages),
        "passages": [
            {
                "number": each.number,
                "kind": each.kind,
                "label": each.label,
                "heading": each.heading,
                "text": each.text,
                "parent": each.parent,
                "spans": [
                    {"page": span.page, "start": span.start, "end": span.end} for span in each.spans
                ],
            }
            for each in document.passages
        ],
    }
