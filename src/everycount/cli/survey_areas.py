"""The command that models areas in which a survey has too few respondents."""

import textwrap
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click

from everycount.arrays.benchmark import Kind
from everycount.arrays.model_variance import Method
from everycount.arrays.sampling_variance import Smooth
from everycount.arrays.small_area import WhenZero
from everycount.arrays.small_area_transformed import Back, Transformation
from everycount.cli.survey_view import say
from everycount.errors import MethodError
from everycount.io.results import csv_bytes, json_bytes
from everycount.io.survey_areas import AreaRun, BenchmarkChoice, model_area_files
from everycount.survey.small_area import SmallAreaOptions

WIDTH = 96
OPTIONS = {'smooth="zero"': "--smooth zero", "for its share": "for its share (--population)"}
LISTED = 12  # areas that a sentence lists; the trace has all


@click.command(
    epilog="""\b
Examples:
  everycount survey areas estimates.csv census.csv --areas region,ethnicity \\
      --outcome internet --transformation arcsine --smooth zero -o areas.csv
  everycount survey areas estimates.parquet census.xlsx --areas province --outcome literacy \\
      --covariates lights,schools --benchmark ratio --population women -o provinces.parquet""",
)
@click.argument("estimates")
@click.argument("covariates")
@click.option(
    "--areas",
    required=True,
    metavar="NAMES",
    help="Characteristics that together name an area, with commas between.",
)
@click.option("--outcome", metavar="NAME", help="The outcome, where ESTIMATES has several.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="CSV or Parquet file; - for standard output.",
)
@click.option(
    "--covariates",
    "chosen",
    metavar="NAMES",
    help="Columns of COVARIATES to use, with commas between; all but the areas and the "
    "population if left out.",
)
@click.option(
    "--method",
    type=click.Choice(get_args(Method)),
    default="reml",
    show_default=True,
    help="How the model variance is estimated.",
)
@click.option(
    "--when-zero",
    type=click.Choice(get_args(WhenZero)),
    default="adjust",
    show_default=True,
    help="What to do where the model variance comes out as 0.",
)
@click.option(
    "--transformation",
    type=click.Choice(["none", *get_args(Transformation)]),
    default="none",
    show_default=True,
    help="Scale of the model: arcsine is the one for shares.",
)
@click.option(
    "--back",
    type=click.Choice(get_args(Back)),
    default="corrected",
    show_default=True,
    help="How figures come back from that scale.",
)
@click.option(
    "--smooth",
    type=click.Choice(get_args(Smooth)),
    default="refuse",
    show_default=True,
    help="Where all respondents of an area answer alike, so that its error seems 0: refuse, "
    "smooth the error there (zero), or everywhere (all).",
)
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Confidence level of intervals.",
)
@click.option(
    "--replicates",
    type=click.IntRange(min=1),
    default=500,
    show_default=True,
    help="Bootstrap replicates, with a transformation.",
)
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True,
              help="Where its random numbers start.")  # fmt: skip
@click.option(
    "--benchmark",
    "kind",
    type=click.Choice(get_args(Kind)),
    help="Make figures add up to the direct estimate over all areas, in this way.",
)
@click.option(
    "--population",
    metavar="COLUMN",
    help="Column of COVARIATES with the population of each area, for --benchmark.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def areas(
    estimates: str,
    covariates: str,
    *,
    areas: str,
    outcome: str | None,
    output: str | None,
    chosen: str | None,
    kind: Kind | None,
    population: str | None,
    seed: int,
    as_json: bool,
    **options: Any,
) -> None:
    """Model areas in which the survey has too few respondents, or none.

    ESTIMATES is the table of `survey disaggregate`: its rows crossed by exactly --areas are the
    direct estimates; figures that are not shown there are not used. COVARIATES (CSV, Excel or
    Parquet) has one row for each area, those without a sample too, with figures known of all of
    them, such as those of a census. Either may be - for standard input.

    A Fay-Herriot model borrows strength: the figure of an area is its direct estimate pulled
    towards what the covariates say, the more so the less certain it is. Writes one table of
    direct and modelled figures; `nature` says of each row which it is, direct or M (modelled).
    Beside it goes a trace; without -o the table goes to standard output. docs/how-to/small-areas.md
    says when to use it and what it does not say.
    """
    if population is not None and kind is None:
        raise click.UsageError("--population is for --benchmark: give both")
    if estimates == covariates == "-":
        raise click.UsageError("ESTIMATES and COVARIATES cannot both be standard input")
    try:
        run = model_area_files(
            estimates,
            covariates,
            _names(areas),
            outcome=outcome,
            options=SmallAreaOptions(
                covariates=None if chosen is None else _names(chosen), **options
            ),
            benchmark=None if kind is None else BenchmarkChoice(kind=kind, population=population),
            seed=seed,
        )
    except MethodError as error:
        raise _as_options(error) from error
    written = () if output in (None, "-") else run.write(Path(str(output)))
    if as_json:
        click.echo(json_bytes({**run.trace, "estimates": run.table.to_dicts()}), nl=False)
    elif not written:
        click.echo(csv_bytes(run.table), nl=False)
    _say_what_was_modelled(run)
    if written:
        say(f"written: {', '.join(map(str, written))}")


def _as_options(error: MethodError) -> MethodError:
    """Return the same faults, what there is to do said as options of the command."""
    problems = []
    for each in error.problems:
        expected = each.expected
        for said, option in OPTIONS.items():
            expected = expected.replace(said, option)
        problems.append(replace(each, expected=expected))
    return MethodError(error.subject, problems)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for each in text.split(",") if (name := each.strip()))


def _say_what_was_modelled(run: AreaRun) -> None:
    """Say what the figures rest on, what was left out, and what they do not say."""
    report = run.modelled.report
    for sentence in report.words:
        _say_wrapped(sentence)
    left_out = {
        "not shown in the estimates, so not used": run.direct.hidden,
        "shown without a standard error, so not used": run.direct.without_error,
    }
    for why, names in left_out.items():
        if names:
            noun = "figure" if len(names) == 1 else "figures"
            _say_wrapped(f"{len(names):,} direct {noun} {why}: {_listed(names)}")
    effects = len(run.direct.without_effect)
    if effects and run.options.transformation == "arcsine":
        which, was, of = "effect is", "was", "error"
        if effects > 1:
            which, was, of = "effects are", "were", "errors"
        _say_wrapped(
            f"{effects:,} design {which} not in the estimates and {was} worked out from the "
            f"standard {of} and the number of respondents."
        )
    if run.has_drawn:
        say(f"bootstrap with seed {run.seed}")
    wide = max(len(each.name) for each in report.coefficients)
    say(f"\n{'coefficient':<{max(wide, 11)}}  {'value':>10}  {'std_error':>10}  {'p_value':>7}")
    for each in report.coefficients:
        figures = f"{each.value:>10.4g}  {each.std_error:>10.4g}  {each.p_value:>7.3f}"
        say(f"{each.name:<{max(wide, 11)}}  {figures}")


def _listed(names: Sequence[str]) -> str:
    more = len(names) - LISTED
    return ", ".join(names[:LISTED]) + (f" and {more:,} more" if more > 0 else "")


def _say_wrapped(text: str) -> None:
    for line in textwrap.wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False):
        say(line)
