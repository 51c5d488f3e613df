"""What the commands on indices say to people: words on standard error, tables on output."""

import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
import numpy as np

from everycount.index.explanation import Explanation, Figure
from everycount.index.methodology import Methodology
from everycount.index.result import IndexResult
from everycount.index.trends import Trend

SHOWN = 5
_STATED = ("units", "rows", "scored", "ranked", "indicators", "figures")
"""Counts that the first line of a summary states; the others are told when they are not 0."""


def show_summary(result: IndexResult, folder: Path, files: Sequence[str]) -> None:
    """Say what a build did, and where its files are."""
    state = result.state
    trace = result.trace()
    counts = asdict(trace.counts)
    say = [result.methodology.notice] if result.methodology.notice else []
    line = f"{result.methodology.title}: {counts['ranked']} of {counts['rows']} units ranked"
    if len(np.unique(state.row_periods)) > 1:
        line = (
            f"{result.methodology.title}: {counts['ranked']} of {counts['rows']} unit-years ranked"
        )
    say.append(f"{line}, from {counts['figures']:,} figures of {counts['indicators']} indicators")
    touched = (
        "imputed",
        "groups_imputed",
        "winsorised",
        "transformed",
        "screened_out",
        "indicators_left_out",
    )
    say += [f"{what.replace('_', ' ')}: {counts[what]:,}" for what in touched if counts[what]]
    say += [f"warning: {each}" for each in trace.warnings]
    say += _leaders(result)
    say.append(f"written to {folder}: {', '.join(files)}")
    for each in say:
        click.echo(each, err=True)


def _leaders(result: IndexResult) -> list[str]:
    """Name the units that rank first in the newest period."""
    state, top = result.state, result.state.tree.top
    newest = state.row_periods == state.row_periods.max()
    ranked = np.flatnonzero(newest & ~np.isnan(result.ranks[:, top]))
    best = ranked[np.argsort(result.ranks[ranked, top], kind="stable")][:SHOWN]
    lines = []
    for row in best:
        code = state.units[state.row_units[row]]
        name = state.about.names.get(code) or code
        lines.append(f"  {result.ranks[row, top]:>4.0f}  {name}  {_short(state.values[row, top])}")
    return lines


def show_explanation(found: Explanation, methodology: Methodology) -> None:
    """Print an explanation as a page of text."""
    when = f" in {found.period}" if found.period else ""
    click.echo(f"{found.name} ({found.unit}): {methodology.title}{when}")
    if methodology.notice:
        click.echo(methodology.notice)
    rank = "not ranked" if found.rank is None else f"rank {found.rank:g} of {found.of}"
    click.echo(f"score {_short(found.score)}, {rank}")
    if found.next_unit is not None and found.next_score is not None:
        gap = abs(found.next_score - found.score)
        above = found.next_name or found.next_unit
        click.echo(f"next above: {above} with {_short(found.next_score)}, {_short(gap)} away")
    counted = (
        "contributions are weight times score and add up to the score"
        if found.baseline_kind == "zero"
        else f"contributions (Shapley) are counted from {_short(found.baseline)}, the score of a "
        "unit with the mean of all in every indicator"
    )
    click.echo(f"{counted}\n")
    click.echo(f"{'':<42} {'score':>8} {'rank':>6} {'adds':>8}")
    for part in found.parts:
        if part.level > 1:
            indent = "  " * (found.parts[0].level - part.level)
            name = _cut(f"{indent}{part.name}", 42)
            rank = "" if part.rank is None else f"{part.rank:g}"
            click.echo(
                f"{name:<42} {_short(part.score):>8} {rank:>6} {_signed(part.contribution):>8}"
                + ("" if part.score is not None else f"  {part.status}")
            )
    click.echo(
        f"\n{'indicator':<34} {'figure':>10} {'year':>5} {'worst':>6} {'best':>8} "
        f"{'score':>6} {'adds':>7} {'at target':>10} {'to gain a rank':>15}"
    )
    for figure in found.figures:
        if figure.score is not None:
            click.echo(_figure_line(figure))
    _show_sources(found)
    if found.missing:
        click.echo(f"\nno figure: {', '.join(found.missing)}")
    for note in found.notes:
        click.echo(note)


def _show_sources(found: Explanation) -> None:
    """Print which source each figure is from."""
    codes: dict[str, list[str]] = {}
    for figure in found.figures:
        if figure.source is not None and figure.value is not None:
            codes.setdefault(figure.source, []).append(figure.code)
    if codes:
        click.echo("\nsources")
    for source, own in codes.items():
        click.echo(f"  {', '.join(own)}: {source}")


def _figure_line(figure: Figure) -> str:
    named = figure.code if figure.name == figure.code else f"{figure.code} {figure.name}"
    name = _cut(named, 34)
    at_target = ""
    if figure.score_at_target is not None:
        rank = "" if figure.rank_at_target is None else f" ({figure.rank_at_target})"
        at_target = f"{_short(figure.score_at_target)}{rank}"
    gain = _enough(figure)
    year = "" if figure.year is None else str(figure.year)
    return (
        f"{name:<34} {_short(figure.value):>10} {year:>5} {_post(figure.worst):>6} "
        f"{_post(figure.best):>8} "
        f"{_short(figure.score):>6} {_signed(figure.contribution):>7} {at_target:>10} {gain:>15}"
    )


def _enough(figure: Figure) -> str:
    """Write the figure that gains a rank, rounded to the side on which it is still enough."""
    if figure.value_to_gain is None or figure.value is None:
        return ""
    digits = 3 if abs(figure.value_to_gain) < 1 else 1
    up = figure.value_to_gain >= figure.value
    shifted = figure.value_to_gain * 10**digits
    return f"{(math.ceil(shifted) if up else math.floor(shifted)) / 10**digits:,.{digits}f}"


def _post(post: str) -> str:
    """Write goalposts with the digits that fit the table: 4.60517 to 4.605, min as it is."""
    return " to ".join(_brief(part) for part in post.split(" to "))


def _brief(part: str) -> str:
    try:
        return f"{float(part):.4g}"
    except ValueError:
        return part


def show_trend(found: Trend, methodology: Methodology, folder: Path) -> None:
    """Say what a trend found, and where its files are."""
    top = next(group.code for group in methodology.groups if group.parent is None)
    table = found.nodes.filter(found.nodes["node"] == top)
    verdicts = table["verdict"].drop_nulls().value_counts(sort=True).to_dicts()
    counted = ", ".join(f"{each['count']} {each['verdict']}" for each in verdicts)
    if not counted:
        none = table["target"].null_count() == len(table)
        counted = "no verdict, as " + (
            "its scores have no common best to reach" if none else "no unit has both scores"
        )
    click.echo(
        f"{methodology.title}, {found.base} to {found.current}, projected to {found.to}: {counted}",
        err=True,
    )
    click.echo(f"written to {folder}: contributions.csv, trends.csv", err=True)


def _short(number: float | None) -> str:
    """Write a number with the digits a reader needs: four of them, or all before the point."""
    if number is None:
        return "–"
    if number and abs(number) < 1:
        return f"{number:.3f}"
    return f"{number:,.1f}"


def _signed(number: float | None) -> str:
    return "" if number is None else f"{number:+.2f}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
