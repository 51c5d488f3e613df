"""The command that estimates few tables with everything, and options that compare groups."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from everycount.arrays.multiple_tests import Adjustment
from everycount.cli.survey_options import as_json, design_options, designed
from everycount.cli.survey_view import say
from everycount.io.results import json_bytes
from everycount.io.survey_estimate import Comparisons, EstimateRun, estimate_file
from everycount.io.survey_run import refuse_places, table_bytes, write_tables
from everycount.model.design import SurveyDesign
from everycount.reports.wording import plural
from everycount.survey.differences import Against, Freedom, Kind
from everycount.survey.quantiles import QuantileKind
from everycount.survey.resampled import Made, Resampling

Command = TypeVar("Command", bound=Callable[..., Any])
USUAL = Resampling(kind="bootstrap")
COMPARING = (
    click.option(
        "--differences",
        metavar="FILE",
        help="Also compare groups: write differences, ratios and tests.",
    ),
    click.option(
        "--against",
        multiple=True,
        metavar="WHAT",
        help="What groups are compared with: reference (the first level of a characteristic, "
        "those alike in the others), NAME=CODE (another reference level; may be given several "
        "times), rest, pairs or best.",
    ),
    click.option(
        "--adjust",
        type=click.Choice(get_args(Adjustment)),
        default="holm",
        show_default=True,
        help="How p values are adjusted for the number of comparisons of an outcome.",
    ),
    click.option(
        "--df-of",
        "df",
        type=click.Choice(get_args(Freedom)),
        default="groups",
        show_default=True,
        help="Whose units make the degrees of freedom of a difference.",
    ),
)


def comparing_options(command: Command) -> Command:
    """Give a command the options that compare groups."""
    for option in reversed(COMPARING):
        command = option(command)
    return command


def take_comparisons(options: dict[str, Any]) -> tuple[Path | None, Comparisons | None]:
    """Take the options that compare groups from all others.

    Returns
    -------
    tuple of Path and Comparisons
        Where differences go and which; nothing if none are asked for.

    Raises
    ------
    click.UsageError
        If the options contradict one another.
    """
    file, against, adjust, df = (
        options.pop(name) for name in ("differences", "against", "adjust", "df")
    )
    if file is None:
        if against:
            raise click.UsageError("--against needs --differences FILE")
        return None, None
    kinds = [each for each in against if "=" not in each]
    strange = [each for each in kinds if each not in get_args(Kind)]
    if strange:
        known = ", ".join(get_args(Kind))
        raise click.UsageError(f"--against: found {strange[0]!r}, expected NAME=CODE, {known}")
    levels = dict(each.split("=", 1) for each in against if "=" in each)
    if len(set(kinds)) > 1 or (levels and set(kinds) - {"reference"}):
        raise click.UsageError(f"--against: found {', '.join(against)}, expected one of them")
    kind: Kind = kinds[0] if kinds else "reference"
    comparisons = Comparisons(against=Against(kind=kind, levels=levels), adjust=adjust, df=df)
    return Path(file), comparisons


@click.command(
    epilog="""\b
Examples:
  everycount survey estimate survey.toml women.dta
  everycount survey estimate survey.toml women.dta --by region --by wealth --margins -o e.csv
  everycount survey estimate survey.toml women.dta --by sex -o e.csv --differences d.csv \\
      --against sex=M
  everycount survey estimate survey.toml women.dta --by wealth --replicates bootstrap --seed 7""",
)
@click.argument("design")
@click.argument("microdata")
@click.option("-o", "--output", metavar="FILE", help="CSV or Parquet file; - for standard output.")
@click.option("--margins", is_flag=True, help="Also by some of the characteristics, and in all.")
@click.option("--reliability", metavar="RULES", help="Rules that flag uncertain figures.")
@click.option("--confidentiality", metavar="RULES", help="Rules that hide figures.")
@click.option(
    "--quantile-interval",
    "quantiles",
    type=click.Choice(get_args(QuantileKind)),
    default="mean",
    show_default=True,
    help="Confidence intervals of quantiles.",
)
@click.option(
    "--replicates",
    type=click.Choice(get_args(Made)),
    help="Errors from replicate weights, made here of the sampled units.",
)
@click.option(
    "--replicate-count",
    "count",
    type=click.IntRange(min=2),
    default=USUAL.count,
    show_default=True,
    help="Bootstrap: how many replicates.",
)
@click.option(
    "--rho",
    type=click.FloatRange(0, 1, max_open=True),
    default=USUAL.rho,
    show_default=True,
    help="Fay: the coefficient.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=USUAL.seed,
    show_default=True,
    help="Bootstrap: seed of its random numbers.",
)
@comparing_options
@design_options
@as_json
def estimate(  # a command has as many arguments as options
    design: str,
    microdata: str,
    *,
    output: str | None,
    margins: bool,
    reliability: str | None,
    confidentiality: str | None,
    quantiles: QuantileKind,
    replicates: Made | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Estimate outcomes in one crossing, quantiles and differences included.

    The crossing is of the characteristics named by --by; without any, estimates are of everyone.
    Writes the columns of `survey disaggregate`, and beside them a trace of what was done. Without
    -o the table goes to standard output. The rows are held in memory. Quantiles and shares of
    everyone (share_of = "everyone" of an outcome) are made here alone.
    """
    compared, comparisons = take_comparisons(options)
    place = None if output in (None, "-") else Path(str(output))
    files = [each for each in (place, compared) if each is not None]
    refuse_places(files, read=(design, microdata))
    made = {name: options.pop(name) for name in ("count", "rho", "seed")}

    def change(given: SurveyDesign) -> SurveyDesign:
        if not options["by"]:
            only = replace(given.crossings, only=())
            given = replace(given, characteristics=(), circumstances=(), crossings=only)
        rules = {"reliability": reliability, "confidentiality": confidentiality}
        own: dict[str, Any] = {name: each for name, each in rules.items() if each is not None}
        return designed(replace(given, **own), options)

    run = estimate_file(
        design,
        microdata,
        change=change,
        margins="with" if margins else "without",
        quantiles=quantiles,
        resampling=None if replicates is None else Resampling(kind=replicates, **made),
        comparisons=comparisons,
    )
    tables = {}
    if place is not None:
        tables[place] = run.table
    if compared is not None and run.differences is not None:
        tables[compared] = run.differences
    written = write_tables(run.inputs, tables, run.trace) if tables else ()
    if as_json:
        found = None if run.differences is None else run.differences.to_dicts()
        facts = {**run.trace, "estimates": run.table.to_dicts(), "differences": found}
        click.echo(json_bytes(facts), nl=False)
    elif place is None:
        click.echo(table_bytes(Path("-"), run.table), nl=False)
    show_estimates(run, written)


def show_estimates(run: EstimateRun, written: Sequence[Path]) -> None:
    """Say on standard error what was estimated from what, and what was left out."""
    sample, design = run.result.sample, run.inputs.design
    estimates, outcomes = plural(len(run.table), "estimate"), len(run.result.outcomes)
    say(
        f"{plural(sample.rows, 'row')}; {estimates} of {plural(outcomes, 'outcome')} by "
        f"{', '.join(run.by) or 'nothing'}"
    )
    if sample.sampled is not None:
        units, strata = len(sample.sampled.frames[0].stratum), len(sample.sampled.strata)
        say(f"{units:,} sampled units in {strata:,} strata")
        if sample.sampled.lonely[0]:
            shown = ", ".join(sample.sampled.lonely[0][:10])
            say(f"strata with a single unit: {shown}; rule: {design.sampling.lonely}")
    if sample.repeats is None:
        say("errors by linearisation")
    else:
        say(f"errors from {sample.repeats.count:,} replicate weights ({sample.repeats.kind})")
    for each in run.result.excluded:
        say(f"{plural(each.rows, 'row')} left out of {each.subject}: {each.reason}")
    if run.differences is not None and run.comparisons is not None:
        adjusted = run.comparisons.adjust
        compared = plural(len(run.differences), "comparison")
        say(f"{compared}; p values adjusted by outcome: {adjusted}")
    if run.concealed is not None:
        for words in run.concealed.summary:
            say(words)
        say("rules on confidentiality look at these figures alone: with others of the same file "
            "they may tell more; `survey disaggregate` makes all tables together")  # fmt: skip
    if written:
        say(f"written: {', '.join(map(str, written))}")
