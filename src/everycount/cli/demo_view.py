"""What the demonstration says to people: progress, who leads, and what to try next."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any, Final

import click

from everycount.io.index_run import IndexRun
from everycount.reports.edition import newest

STEPS: Final = 8
SURVEY_INPUTS: Final = ("survey.toml", "women.parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Says what is done, how long it took, and what came of it; on standard error."""

    facts: dict[str, Any]

    @contextmanager
    def step(self, number: int, words: str) -> Iterator[None]:
        """Say what begins, and how long it took."""
        click.echo(f"[{number}/{STEPS}] {words} … ", nl=False, err=True)
        began = time.perf_counter()
        try:
            yield
        except BaseException:
            click.echo(err=True)
            raise
        click.echo(f"{time.perf_counter() - began:.1f} s", err=True)

    def leave_out(self, number: int, words: str) -> None:
        """Say that a step is not done; why is for the caller to say."""
        click.echo(f"[{number}/{STEPS}] {words}: left out", err=True)

    def say(self, words: str, **facts: Any) -> None:
        """Say what came of a step, and keep it for --json."""
        indent = " " * 6
        click.echo(click.wrap_text(words, 96, indent, indent), err=True)
        self.facts.update(facts)


def ends_of(run: IndexRun) -> list[dict[str, Any]]:
    """Return the first three areas and the last."""
    edition = newest(run.result, run.result.state.about)
    ends = (*edition.order[:3], edition.order[-1])
    return [
        {
            "rank": int(edition.ranks[k]),
            "unit": edition.units[k],
            "name": edition.names[k],
            "score": float(edition.top[k]),
        }
        for k in ends
    ]


def _line(row: Mapping[str, Any]) -> str:
    return f"  {row['rank']:>4}  {row['score']:5.1f}  {row['name']}"


def say_end(run: IndexRun, folder: Path, *, has_survey: bool) -> None:
    """Say who leads, where things are, and what to try next."""
    place = folder.resolve()
    lines = ["", run.result.methodology.title]
    *first, last = ends_of(run)
    lines += [_line(row) for row in first]
    lines += ["         …", _line(last)]
    files = f"{quote(str(folder / 'method.toml'))} {quote(str(folder / 'observations.csv'))}"
    units = f"--units {quote(str(folder / 'units.csv'))}"
    lines += [
        click.wrap_text(run.result.methodology.notice, width=96),
        "",
        f"Open the page in a browser: {place / 'index.html'}",
        f"{place.as_uri()}/index.html",
        f"And its audit: {place / 'audit' / 'report.html'}",
        f"And two policies: {place / 'policy' / 'viet-nam.html'}",
        *([f"And the survey: {place / 'survey' / 'report.html'}"] if has_survey else []),
        "",
        "Try next:",
        f"  everycount index explain {files} {units} --unit VNM",
        f"  everycount index build {files} {units} -o my-index    (after changing method.toml)",
        f"  everycount audit run {files} {units} -o my-audit      (after changing its [audit])",
        "  everycount framework show sdg-gender-index --links",
        f"  everycount policy gaps {quote(str(folder / 'policy' / 'viet-nam.review.json'))}",
    ]
    if has_survey:
        inputs = " ".join(quote(str(folder / "survey" / n)) for n in SURVEY_INPUTS)
        lines.append(f"  everycount survey disaggregate {inputs} -o groups.csv --depth 2")
    for line in lines:
        click.echo(line, err=True)
