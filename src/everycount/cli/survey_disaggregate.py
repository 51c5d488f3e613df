"""The command that estimates every outcome in every crossing."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from everycount.cli.survey_engine import engine_options, take_engine
from everycount.cli.survey_estimate import comparing_options, take_comparisons
from everycount.cli.survey_options import as_json, design_options, designed
from everycount.cli.survey_view import show_disaggregation
from everycount.io.results import json_bytes
from everycount.io.rules import NONE
from everycount.io.survey_estimate import crossing_differences
from everycount.io.survey_run import (
    disaggregate_file,
    refuse_places,
    table_bytes,
    write_inside,
    write_tables,
)
from everycount.model.design import SurveyDesign
from everycount.survey.observations import observations


@click.command(
    epilog="""\b
Examples:
  everycount survey disaggregate survey.toml women.dta -o estimates.csv
  everycount survey disaggregate survey.toml women.parquet -o estimates.csv --depth 2
  everycount survey disaggregate dhs women.dta --by region=v024 --by wealth=v190 \\
      --outcome secondary=v106:2,3 --lonely adjust -o estimates.csv
  everycount survey disaggregate survey.toml "census/*.parquet" --engine ibis -o estimates.csv""",
)
@click.argument("design")
@click.argument("microdata")
@click.option("-o", "--output", metavar="FILE", help="CSV or Parquet file; - for standard output.")
@click.option("--depth", type=click.IntRange(min=1), help="How many characteristics to cross.")
@click.option("--limit", type=click.IntRange(min=1), help="Largest number of cells to make.")
@click.option("--reliability", metavar="RULES", help="Rules that flag uncertain figures.")
@click.option("--confidentiality", metavar="RULES", help="Rules that hide cells to protect people.")
@click.option(
    "--observations",
    "observed",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write the estimates as SDMX-shaped observations.",
)
@click.option(
    "--inside",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Also write what was hidden and why, for those inside: never publish it (JSON).",
)
@comparing_options
@engine_options
@design_options
@as_json
def disaggregate(  # a command has as many arguments as options
    design: str,
    microdata: str,
    *,
    output: str | None,
    depth: int | None,
    limit: int | None,
    reliability: str | None,
    confidentiality: str | None,
    observed: Path | None,
    inside: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Estimate every outcome in every crossing of the characteristics.

    Writes one long table: outcome, statistic, a column for each characteristic (_T where it is
    not crossed), estimate, std_error, ci_low, ci_high, df, deff, n, cv, flag; and beside it a
    trace of what was done. Without -o the table goes to standard output. Quantiles and shares of
    everyone are made by `survey estimate` alone. Rules that hide cells take their time: --depth 2
    is quick.
    """
    compared, comparisons = take_comparisons(options)
    engine, backend = take_engine(options)
    place = None if output in (None, "-") else Path(str(output))
    files = [each for each in (place, observed, compared) if each is not None]
    refuse_places(files, read=(design, microdata), inside=inside)

    rules = {"reliability": reliability, "confidentiality": confidentiality}

    def change(given: SurveyDesign) -> SurveyDesign:
        crossings = replace(given.crossings, **_said({"depth": depth, "limit": limit}))
        changed = replace(given, crossings=crossings, **_said(rules))
        if inside is not None and changed.confidentiality == NONE:
            raise click.UsageError("--inside needs rules that hide cells: --confidentiality RULES")
        return designed(changed, options)

    run = disaggregate_file(design, microdata, change=change, engine=engine, backend=backend)
    result = run.result
    tables = {}
    if place is not None:
        tables[place] = run.table
    if observed is not None:
        tables[observed] = observations(run.table, result.plan.design, result.plan.codings)
    if compared is not None and comparisons is not None:
        tables[compared] = crossing_differences(run, comparisons)
    trace = {**run.trace, "differences": None if comparisons is None else asdict(comparisons)}
    written = write_tables(run.inputs, tables, trace) if tables else ()
    if inside is not None:
        written = (*written, write_inside(run, inside))
    if as_json:
        click.echo(json_bytes({**trace, "estimates": run.table.to_dicts()}), nl=False)
    elif place is None:
        click.echo(table_bytes(Path("-"), run.table), nl=False)
    show_disaggregation(run, written)


def _said(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that were given."""
    return {name: value for name, value in options.items() if value is not None}
