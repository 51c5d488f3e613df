"""The command that proposes indicators: for the issues of a review, or for another set."""

from collections import Counter
from pathlib import Path

import click
import polars as pl

from everycount.cli.policy_view import (
    as_json,
    frameworks_option,
    load_all,
    refuse_existing,
    save_review,
    say,
)
from everycount.io.files import write
from everycount.io.frameworks import load_framework, read_accepted_links
from everycount.io.policy_run import match_review, match_set
from everycount.io.results import csv_bytes, json_bytes
from everycount.io.review_file import read_review
from everycount.model.crosswalk import Crosswalk
from everycount.model.framework import Framework
from everycount.model.match import Match
from everycount.model.review import FrameworkUse, Review
from everycount.reports.wording import plural

COLUMNS = (
    *("from_framework", "from_key", "title", "to_framework", "to_key", "to_title"),
    *("relation", "by", "basis", "source"),
    *("band", "rank", "score", "words", "meaning", "reasons", "warnings"),
)


@click.command(
    epilog="""\b
Examples:
  everycount policy match law.review.json --framework rwanda-sdg --framework sdg-global
  everycount policy match law.review.json --framework nsigd.toml --model ./all-MiniLM-L6-v2
  everycount policy match nsigd.toml --framework sdg-global -o links.csv""",
)
@click.argument("source", metavar="REVIEW|SET")
@frameworks_option
@click.option(
    "--model", metavar="DIR", help="Sentence embedding model; takes everycount[semantic]."
)
@click.option(
    "--not-loaded",
    "away",
    multiple=True,
    metavar="ID@VERSION=TITLE",
    help="National set that matters and is not at hand; may repeat.",
)
@click.option(
    "--learn", multiple=True, metavar="FILE", help="Another review to learn from; may repeat."
)
@click.option("--links", metavar="FILE", help="CSV of accepted links to learn from.")
@click.option("--language", default="en", show_default=True, help="Language of titles of a SET.")
@click.option("-o", "--output", metavar="FILE", help="Review, or CSV of links; REVIEW if left out.")
@as_json
def match(
    source: str,
    *,
    names: tuple[str, ...],
    model: str | None,
    away: tuple[str, ...],
    learn: tuple[str, ...],
    links: str | None,
    language: str,
    output: str | None,
    as_json: bool,
) -> None:
    """Propose indicators for the issues of a REVIEW, or for the indicators of a SET.

    National sets come first, then regional and global ones. Each proposal has a score, its reason
    in words and warnings: likely, possible, or none found with the nearest. Links that people
    accepted, here or in other countries, count as further wordings. Nothing is accepted by itself.
    """
    if not names:
        raise click.UsageError("name at least one set by --framework")
    frameworks = load_all(names)
    accepted = read_accepted_links(links) if links else Crosswalk()
    if source.endswith(".json"):
        review = read_review(source)
        refuse_existing(output or source, unless=source)
        made = match_review(
            review,
            frameworks,
            away=[_away(each) for each in away],
            model=model,
            reviews=[read_review(each) for each in learn],
            links=accepted,
        )
        save_review(made, output or source)
        _tell_review(made, frameworks, as_json=as_json)
        return
    if away or learn:
        raise click.UsageError("--not-loaded and --learn go with a review")
    if output:
        refuse_existing(output)  # people fill in relation and by
    framework = load_framework(source)
    matches = match_set(framework, frameworks, language=language, model=model, links=accepted)
    _tell_set(framework, matches, output=output, as_json=as_json)


def _away(words: str) -> FrameworkUse:
    """Return a set that is not at hand."""
    reference, _, title = words.partition("=")
    if not all(reference.partition("@")) or not title:
        raise click.UsageError(f"--not-loaded {words!r}: expected ID@VERSION=TITLE")
    return FrameworkUse(reference=reference, title=title, level="national", is_loaded=False)


def _tell_review(review: Review, frameworks: tuple[Framework, ...], *, as_json: bool) -> None:
    """Say how many issues have a likely or possible indicator in each framework."""
    rank = ("likely", "added", "possible", "nearest")
    counts: dict[str, Counter[str]] = {}
    for framework in frameworks:
        best: dict[str, str] = {}
        for link in review.links:
            if link.framework == framework.reference:
                known = best.get(link.issue, "nearest")
                best[link.issue] = min(known, link.band, key=rank.index)
        counts[framework.reference] = Counter(best.values())
    if as_json:
        click.echo(json_bytes({name: dict(each) for name, each in counts.items()}), nl=False)
        return
    for use in review.frameworks:
        each = counts.get(use.reference)
        if not use.is_loaded:
            click.echo(f"{use.reference}: not loaded")
        elif use.note:
            click.echo(f"{use.reference}: {use.note}")
        elif each is not None:
            click.echo(
                f"{use.reference}: {each['likely']} likely, {each['possible']} possible, "
                f"{each['nearest']} none found"
            )


def _tell_set(
    framework: Framework, matches: tuple[Match, ...], *, output: str | None, as_json: bool
) -> None:
    """Print or write the proposals for a set, and count the bands."""
    rows = [row for match_ in matches for row in _rows(framework, match_)]
    table = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")
    if output:
        write(Path(output), csv_bytes(table))
    elif as_json:
        click.echo(json_bytes(table.to_dicts()), nl=False)
    else:
        for match_ in matches:
            _print(match_)
    bands = Counter(match_.band for match_ in matches)
    say(", ".join(f"{bands[band]} {band}" for band in ("likely", "possible", "none")))
    notes = {match_.note for match_ in matches if match_.note}
    for note in sorted(notes):
        say(note)
    say(f"{plural(len(matches), 'comparison')} of {framework.reference}")


def _rows(framework: Framework, found: Match) -> list[tuple[str | None, ...]]:
    """Return a row for each candidate of a match."""
    return [
        (
            framework.reference,
            found.query.id,
            found.query.text,
            each.framework,
            each.key,
            each.title,
            *(None, None, None, None),  # for whoever accepts the link to fill in
            found.band,
            str(each.rank),
            f"{each.score:.3f}",
            f"{each.lexical:.3f}",
            None if each.semantic is None else f"{each.semantic:.3f}",
            "; ".join(each.reasons),
            "; ".join(each.warnings),
        )
        for each in found.candidates
    ]


def _print(found: Match) -> None:
    """Print a match: what was looked for, and the best candidates with reasons."""
    none = "none found; nearest" if found.band == "none" else found.band
    click.echo(f"\n{found.query.id}  {found.query.text}\n  {found.framework}: {none}")
    for each in found.candidates[:3]:
        click.echo(f"  {each.score:.2f}  {each.key}  {each.title}")
        for words in each.reasons:
            click.echo(f"        {words}")
        for words in each.warnings:
            click.echo(f"        warning: {words}")
