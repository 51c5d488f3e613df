"""What survey commands say to people on the terminal."""

from collections.abc import Sequence
from pathlib import Path

import click

from everycount.io.survey_run import DisaggregationRun
from everycount.model.design import SurveyDesign
from everycount.reports.wording import plural
from everycount.survey.describe import CharacteristicCounts, SurveyDescription


def say(text: str) -> None:
    """Print words on standard error; figures alone go to standard output."""
    click.echo(text, err=True)


def show_disaggregation(run: DisaggregationRun, written: Sequence[Path]) -> None:
    """Say on standard error what was estimated from what, and what was left out."""
    result, sampling = run.result, run.inputs.design.sampling
    say(
        f"{plural(result.rows, 'row')}; {plural(run.cells, 'cell')} in "
        f"{plural(len(result.moments.tables), 'table')}, "
        f"{plural(len(run.inputs.design.outcomes), 'outcome')}"
    )
    if sampling.replicates:
        say(f"errors from {len(result.plan.replicates):,} replicate weights")
    else:
        say(f"{result.units:,} sampled units in {result.strata:,} strata; errors by linearisation")
        if result.lonely:
            shown = ", ".join(result.lonely[:10]) + (", …" if len(result.lonely) > 10 else "")
            say(f"strata with a single unit: {shown}; rule: {sampling.lonely}")
    for each in result.excluded:
        say(f"{plural(each.rows, 'row')} left out of {each.subject}: {each.reason}")
    if run.concealed is None and result.empty:
        say(f"{result.empty:,} cells that nobody counts in are not in the table")
    for joined in run.joined:
        say(f"joined to protect people: {joined.words}")
    for sentence in () if run.concealed is None else run.concealed.summary:
        say(sentence)
    flagged = run.table.filter(run.table["flag"] != "")["flag"].value_counts(sort=True)
    for flag, count in flagged.iter_rows():
        say(f"{plural(count, 'figure')} flagged {flag}")
    if written:
        say(f"written: {', '.join(map(str, written))}")


def show_design(found: SurveyDescription, design: SurveyDesign) -> None:
    """Print what a design understood of a file."""
    sampling, weights = design.sampling, found.weights
    if found.title:
        click.echo(found.title)
    click.echo(plural(found.rows, "row"))
    click.echo("\nSample")
    if found.replicates:
        assert sampling.replicates is not None
        kind = sampling.replicates.kind
        click.echo(f"  {found.replicates:,} replicate weights ({kind}); errors come from them")
    least, mean, most = found.rows_per_unit
    what = "sampled units" if sampling.psu else "sampled units, one a row"
    click.echo(f"  {found.strata:,} strata, {found.units:,} {what}")
    if sampling.psu:
        click.echo(f"  {least:,} to {most:,} rows in a unit, {mean:,.1f} on average")
    if found.lonely:
        shown = ", ".join(found.lonely[:10]) + (", …" if len(found.lonely) > 10 else "")
        many = "1 stratum" if len(found.lonely) == 1 else f"{len(found.lonely):,} strata"
        click.echo(f"  {many} with a single unit: {shown}")
        click.echo(f"  rule for them: {sampling.lonely}")
    correction = sampling.population or "none"
    click.echo(f"  finite population correction: {correction}")
    click.echo("\nWeights")
    name = sampling.weight or "none, so that every row counts 1"
    click.echo(f"  {name}; sum {weights.total:,.1f} over {plural(weights.rows, 'row')}")
    click.echo(f"  {weights.smallest:g} to {weights.largest:g}; design effect of unequal weights "
               f"{weights.effect:.2f}")  # fmt: skip
    if weights.zero:
        click.echo(f"  {weights.zero:,} rows have weight 0 and count for nothing but their unit")
    _show_characteristics(found.characteristics)
    click.echo("\nOutcomes")
    for each in found.outcomes:
        label = f" ({each.label})" if each.label else ""
        click.echo(f"  {each.name}{label}: {plural(each.rows, 'row')}, weight {each.weighted:,.1f}")
    for gone in found.excluded:
        click.echo(f"  {plural(gone.rows, 'row')} left out of {gone.subject}: {gone.reason}")
    limit = design.crossings.limit
    click.echo(
        f"\n{plural(found.tables, 'table')} with {plural(found.cells, 'cell')} for each outcome"
        + (f"; the limit is {limit:,}" if found.cells > limit else "")
    )


def _show_characteristics(characteristics: Sequence[CharacteristicCounts]) -> None:
    """Print the levels of characteristics with their rows."""
    click.echo("\nCharacteristics")
    for each in characteristics:
        missing = f"; {plural(each.missing, 'row')} without" if each.missing else ""
        label = f" ({each.label})" if each.label != each.name else ""
        click.echo(f"  {each.name}{label}: {plural(len(each.levels), 'level')}{missing}")
        for level in each.levels[:12]:
            label = f" {level.label}" if level.label != level.code else ""
            click.echo(f"    {level.code}{label}: {plural(level.rows, 'row')}")
        if len(each.levels) > 12:
            click.echo(f"    and {len(each.levels) - 12:,} more")
