"""The command that compares two versions: of an indicator set, or of the text of a policy."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import click

from everycount.cli.policy_changes_view import clause_facts, show_clauses
from everycount.cli.policy_view import as_json, on, refuse_existing, save_review, say
from everycount.errors import InputError, Problem
from everycount.io.documents import read_document
from everycount.io.files import write
from everycount.io.frameworks import load_framework
from everycount.io.results import csv_bytes, json_bytes
from everycount.io.review_file import read_review
from everycount.model.framework import Framework
from everycount.model.review import PolicyText
from everycount.policy.clause_changes import KINDS, clause_changes
from everycount.policy.follow import policy_text
from everycount.policy.passage_order import out_of_order
from everycount.policy.versions import framework_changes, move_links

DOCUMENTS = (".pdf", ".docx", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt")
REVIEW = ".json"
STDIN = "-"


@click.command(
    epilog="""\b
Examples:
  everycount policy changes sdg-global@2019 sdg-global@2023
  everycount policy changes nsigd-2011.toml nsigd-2019.toml --review law.review.json --by Lan \\
    -o law-2019.review.json
  everycount policy changes law-2006.pdf law-2026.pdf -o changes.csv
  everycount policy changes law.review.json law-2026.pdf --language en""",
)
@click.argument("before", metavar="OLD")
@click.argument("after", metavar="NEW")
@click.option("--language", metavar="CODE", help="Language to read of texts in several.")
@click.option("--review", metavar="FILE", help="Review whose links to move to the NEW set.")
@click.option("--by", metavar="NAME", help="Who asks for it; needed with --review.")
@on
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="CSV of every change; with --review the review to write.",
)
@as_json
def changes(
    before: str,
    after: str,
    *,
    language: str | None,
    review: str | None,
    by: str | None,
    on: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Compare two versions of an indicator set, or of the text of a policy.

    Of a set it says which indicators are the same, and with --review which links are stale by it:
    links to indicators that are the same move to NEW with their decisions; the others stay with
    OLD and are marked. Of a text, given as a DOCUMENT or a REVIEW of it, it says which clauses are
    the same, reworded, split, merged, renumbered, new or dropped, with issues or without; first
    those that change a negation, what must or may be done, or a number, date or unit. To carry
    decisions over to a new text, propose it with --review.
    """
    if before == after == STDIN:
        raise click.UsageError("only one of OLD and NEW can be standard input")
    if is_text(before) or is_text(after):
        if review or by:
            raise click.UsageError(
                "--review and --by go with two sets; `policy propose --review` carries the "
                "decisions of a review over to a new text"
            )
        _compare_texts(before, after, language=language, output=output, as_json=as_json)
        return
    if language:
        raise click.UsageError("--language goes with two texts")
    if review and not (by and output):
        raise click.UsageError("--review needs --by and --output")
    if output:
        refuse_existing(output, unless=review, option="--review" if review else "")
    old, new = load_framework(before), load_framework(after)
    _compare_sets(old, new, output=None if review else output, as_json=as_json)
    if review and by and output:
        made, stale = move_links(read_review(review), old, new, by=by, on=on)
        save_review(made, output)
        for link in stale:
            say(f"stale: {' '.join(link.ends)}: {link.stale}")


def is_text(name: str) -> bool:
    """Tell whether a name is that of a policy text or of a review, not of an indicator set.

    Examples
    --------
    >>> is_text("law.PDF"), is_text("law.review.json"), is_text("nsigd.toml"), is_text("sdg-global")
    (True, True, False, False)
    """
    return Path(name).suffix.lower() in (REVIEW, *DOCUMENTS)


def _compare_sets(old: Framework, new: Framework, *, output: str | None, as_json: bool) -> None:
    """Print what became of each indicator."""
    found = framework_changes(old, new)
    rows = [asdict(each) for each in found]
    if output:
        _write_table(rows, output)
    if as_json:
        click.echo(json_bytes(rows), nl=False)
    elif output != STDIN:
        for each in found:
            if each.kind != "same":
                click.echo(
                    f"{each.kind:<10} {each.before or '-'} -> {each.after or '-'}  {each.words}"
                )
    kinds = Counter(each.kind for each in found)
    say(", ".join(f"{number} {kind}" for kind, number in kinds.items()))


def _compare_texts(
    before: str, after: str, *, language: str | None, output: str | None, as_json: bool
) -> None:
    """Print what became of each clause."""
    if output:
        refuse_existing(output)
    (old, issues), (new, _) = (_text(name, language) for name in (before, after))
    _refuse_incomparable((before, old), (after, new))
    for name, text in ((before, old), (after, new)):
        for words in out_of_order(text.clauses):
            say(f"{name}: {words}")
    found = clause_changes(old, new)
    rows = [clause_facts(each, issues) for each in found]
    if output:
        _write_table([_flat(row) for row in rows], output)
    if as_json:
        click.echo(json_bytes(rows), nl=False)
    elif output != STDIN:
        show_clauses(found, issues)
    kinds = Counter(each.kind for each in found)
    say(", ".join(f"{kinds[kind]} {kind}" for kind in KINDS))


def _text(name: str, language: str | None) -> tuple[PolicyText, dict[str, list[str]]]:
    """Return a policy text, and of a review the issues by the number of their clause."""
    if Path(name).suffix.lower() != REVIEW:
        if name != STDIN and not is_text(name):
            expected = (
                f"a review ({REVIEW}) or a document ({', '.join(DOCUMENTS)}), as the other is"
            )
            raise InputError("the comparison", [Problem(name, "no policy text", expected)])
        return policy_text(read_document(name, language=language)), {}
    review = read_review(name)
    issues: dict[str, list[str]] = {}
    for issue in review.issues:
        issues.setdefault(issue.passage, []).append(issue.id)
    return review.policy, issues


def _refuse_incomparable(*given: tuple[str, PolicyText]) -> None:
    """Refuse readings in two languages, and reviews that hold no words of their clauses."""
    problems = [
        Problem(name, "a review without the words of its clauses", "the document itself")
        for name, text in given
        if not any(clause.text or clause.heading for clause in text.clauses)
    ]
    languages = {text.language for _, text in given}
    if len(languages) > 1:
        found = " and ".join(f"{name} in {text.language}" for name, text in given)
        problems.append(Problem("language", found, "two readings in one; choose by --language"))
    if problems:
        raise InputError("the comparison", problems)


def _flat(row: dict[str, object]) -> dict[str, object]:
    """Return a change with its lists as cells."""
    return {name: "; ".join(_cells(value)) if isinstance(value, list) else value
            for name, value in row.items()}  # fmt: skip


def _cells(values: Sequence[object]) -> Iterator[str]:
    """Yield the entries of a list as words."""
    for value in values:
        if isinstance(value, dict):
            yield f"“{value['before']}” -> “{value['after']}”"
        else:
            yield str(value)


def _write_table(rows: Sequence[dict[str, object]], place: str) -> None:
    """Write changes as CSV."""
    import polars as pl  # noqa: PLC0415 - only a file needs tables

    columns = {name: [None if row[name] in (None, "") else str(row[name]) for row in rows]
               for name in (rows[0] if rows else ())}  # fmt: skip
    content = csv_bytes(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)))
    if place == STDIN:
        click.echo(content, nl=False)
        return
    write(place, content)
    say(f"written: {place}")
