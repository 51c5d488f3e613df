"""What the audit says to people on the terminal."""

from collections.abc import Sequence
from pathlib import Path

import click

from everycount.audit.audit import Audit
from everycount.audit.findings import LIGHTS, Finding, Light
from everycount.audit.words import counted

WIDTH = 96
LISTED = 3  # things that a sentence on the terminal lists


def show_audit(found: Audit, folder: Path | None, files: Sequence[str]) -> None:
    """Print the verdict, and where the files are."""
    method, verdict = found.result.methodology, found.verdict
    click.echo(method.title)
    if method.notice:
        _wrapped(method.notice)
    click.echo()
    _wrapped(" ".join(each for each in (verdict.headline, verdict.places_words) if each))
    sections = {"What may be said": verdict.may, "What may not be said": verdict.may_not}
    graves: tuple[Light, ...] = ("problem", "watch")
    for light in graves:
        own = (each for each in verdict.findings if each.light == light)
        sections[LIGHTS[light]] = tuple(_short(each) for each in own)
    sections["Limits of this audit"] = verdict.caveats
    for title, sentences in sections.items():
        if sentences:
            click.echo(f"\n{title}")
        for sentence in sentences:
            _wrapped(sentence, bullet="- ")
    click.echo()
    _wrapped(_tested(found))
    if folder is not None:
        click.echo(f"written to {folder}: {', '.join(files)}", err=True)


def _short(finding: Finding) -> str:
    """Return a finding with the first few of what it lists; the report has more."""
    if len(finding.items) <= LISTED:
        return finding.words
    more = f"and {len(finding.items) - LISTED} more in the report"
    heading = finding.heading.partition(". ")[0].removesuffix(".")
    return f"{heading}: {'; '.join([*finding.items[:LISTED], more])}."


def _tested(found: Audit) -> str:
    """Say what was built."""
    failed = sum(each.builds for each in found.uncertainty.failed)
    built = counted(found.uncertainty.builds + failed, "build")
    start = "draws as given" if found.replayed else f"seed {found.seed}"
    lost = f"; {failed:,} failed" if failed else ""
    names = [each.name for each in found.result.methodology.audit.assumptions]
    if not names:
        return "Tested: the index as it is declared; nothing was varied."
    return f"Tested: {built} ({start}{lost}), varying {', '.join(names)}."


def _wrapped(text: str, *, bullet: str = "") -> None:
    click.echo(
        click.wrap_text(
            text, width=WIDTH, initial_indent=bullet, subsequent_indent=" " * len(bullet)
        )
    )
