"""The command that writes the pages of a survey."""

from dataclasses import replace
from typing import Any

import click

from everycount.cli.survey_options import as_json, design_options, designed, names_of
from everycount.cli.survey_view import say, show_disaggregation
from everycount.io.results import json_bytes
from everycount.io.survey_estimate import Comparisons, crossing_differences
from everycount.io.survey_furthest import furthest_files
from everycount.io.survey_run import DisaggregationRun, disaggregate_file, write_folder
from everycount.model.design import SurveyDesign
from everycount.reports.survey_folder import survey_folder
from everycount.reports.survey_report import Shown, SurveyWords
from everycount.survey.furthest_rows import METHODS, SUITABLE, FurthestOptions


@click.command(
    epilog="""\b
Examples:
  everycount survey report survey.toml women.dta -o report
  everycount survey report survey.toml women.dta -o report --outcome internet --depth 3
  everycount survey report survey.toml women.dta -o report --dots urban,wealth""",
)
@click.argument("design")
@click.argument("microdata")
@click.option(
    "-o", "--output", metavar="DIR", required=True, help="Folder; made if it does not exist."
)
@click.option(
    "--depth",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="How many characteristics to cross.",
)
@click.option("--reliability", metavar="RULES", help="Rules that flag uncertain figures.")
@click.option("--confidentiality", metavar="RULES", help="Rules that hide cells to protect people.")
@click.option("--dots", metavar="NAMES", help="One or two characteristics for the chart of dots.")
@click.option("--squares", metavar="NAMES", help="Two characteristics for the heat map.")
@click.option("--notice", help="What readers must know before anything else.")
@click.option(
    "--method",
    type=click.Choice([*METHODS, "none"]),
    default="chosen",
    show_default=True,
    help="The tree that finds who is furthest behind; none to leave it out.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Of random numbers."
)
@click.option(
    "--replicates", type=click.IntRange(min=2), metavar="N", help="Bootstraps of sampled units."
)
@design_options
@as_json
def report(  # noqa: PLR0913  # a command has as many arguments as options
    design: str,
    microdata: str,
    *,
    output: str,
    depth: int,
    reliability: str | None,
    confidentiality: str | None,
    dots: str | None,
    squares: str | None,
    notice: str | None,
    method: str,
    seed: int,
    replicates: int | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Write a page for each outcome: groups, who is furthest behind, quality and secrecy.

    Writes into a folder one page for each outcome of the design, that opens in any browser
    without a network, with the tables it is made of: estimates.csv, differences.csv,
    observations.csv and trace.json. What charts show is chosen unless --dots and --squares say
    it. Tables of who is furthest behind are written only where no rules hide cells, as they might
    tell these; the page shows what it may.
    """
    if output == "-":
        raise click.UsageError("-o: found -, expected a folder")
    rules = {"reliability": reliability, "confidentiality": confidentiality}
    said: dict[str, Any] = {name: each for name, each in rules.items() if each is not None}

    def change(given: SurveyDesign) -> SurveyDesign:
        crossings = replace(given.crossings, depth=depth)
        return designed(replace(given, crossings=crossings, **said), options)

    run = disaggregate_file(design, microdata, change=change)
    behind = None
    methods = tuple(each for each in METHODS if each == method)
    if methods and _can_grow(run):
        wanted = FurthestOptions(methods=methods, seed=seed, replicates=replicates)
        behind = furthest_files([(design, microdata)], wanted, change=change)
    files = survey_folder(
        run,
        differences=crossing_differences(run, Comparisons()),
        furthest=behind,
        shown=Shown(by=names_of(dots), crossed=names_of(squares)),
        words=SurveyWords(notice=notice or ""),
    )
    written = write_folder([run.inputs], output, files)
    if as_json:
        names = [str(path) for path in written]
        click.echo(json_bytes({**run.trace, "files": names}), nl=False)
    show_disaggregation(run, ())
    pages = [str(path) for path in written if path.suffix == ".html"]
    say(f"{len(written):,} files in {output}; open {', '.join(pages)}")


def _can_grow(run: DisaggregationRun) -> bool:
    """Tell whether there is an outcome, and a characteristic, for a tree."""
    design = run.inputs.design
    suits = any(each.statistic in SUITABLE for each in design.outcomes)
    return suits and bool(design.circumstances or design.characteristics)
