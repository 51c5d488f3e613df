"""The command that finds who is furthest behind."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from textwrap import wrap
from typing import Any

import click

from everycount.cli.survey_options import design_options, designed, names_of
from everycount.cli.survey_view import say
from everycount.io.results import json_bytes
from everycount.io.survey_furthest import FurthestRun, RoundRun, furthest_files
from everycount.model.design import SurveyDesign
from everycount.reports.wording import plural
from everycount.survey.furthest import FurthestBehind
from everycount.survey.furthest_rows import METHODS, FurthestOptions, Method

WIDTH = 96


@click.command(
    epilog="""\b
Examples:
  everycount survey furthest survey.toml women.dta -o furthest
  everycount survey furthest survey.toml women.dta --outcome internet --method escap
  everycount survey furthest survey.toml women-2015.dta women-2020.dta -o rounds
  everycount survey furthest 2015.toml women-2015.dta --round 2020.toml women-2020.dta""",
)
@click.argument("design")
@click.argument("microdata", nargs=-1, required=True)
@click.option(
    "-o", "--output", metavar="DIR", help="Folder for the files; made if it does not exist."
)
@click.option(
    "--round",
    "later",
    nargs=2,
    multiple=True,
    metavar="DESIGN MICRODATA",
    help="A later round with a design of its own; may be given several times.",
)
@click.option(
    "--method",
    type=click.Choice([*METHODS, "both"]),
    default="both",
    show_default=True,
    help="The tree of UN ESCAP, or the one cross-validation over sampled units chooses.",
)
@click.option(
    "--circumstances",
    metavar="NAMES",
    help="Characteristics that may make groups, with commas between.",
)
@click.option(
    "--identity",
    metavar="NAMES",
    help="Circumstances that say who people are (religion, language): groups may be smaller.",
)
@click.option("--confidentiality", metavar="RULES", help="Rules on groups that are not shown.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Where random numbers start.",
)
@click.option(
    "--replicates",
    type=click.IntRange(min=2),
    metavar="N",
    help="Bootstraps of sampled units, where the file has no replicate weights (200, fewer for "
    "very many combinations of circumstances, if left out).",
)
@click.option(
    "--draws",
    type=click.IntRange(min=2),
    metavar="N",
    help="Draws for the D to expect by chance (200, fewer for large files, if left out).",
)
@design_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
def furthest(  # noqa: PLR0913  # a command has as many arguments as options
    design: str,
    microdata: tuple[str, ...],
    *,
    output: str | None,
    later: tuple[tuple[str, str], ...],
    method: str,
    circumstances: str | None,
    identity: str | None,
    confidentiality: str | None,
    seed: int,
    replicates: int | None,
    draws: int | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Find who is furthest behind, how sure that is, and how unequal the chances are.

    Several files are rounds of one survey, the first one first: the groups of the first are
    followed into the others. Writes tree.csv, groups.csv, opportunity.csv, contributions.csv,
    inequality.csv, rounds.csv (of several rounds) and furthest.json into the folder given by -o;
    without it a summary goes to standard output.
    """
    if output == "-":
        raise click.UsageError("-o - is no folder: several files are written; --json prints them")
    methods: tuple[Method, ...] = tuple(each for each in METHODS if method in (each, "both"))
    wanted = FurthestOptions(
        methods=methods,
        circumstances=names_of(circumstances),
        identity=names_of(identity),
        seed=seed,
        replicates=replicates,
        draws=draws,
    )
    run = furthest_files(
        [*((design, place) for place in microdata), *later],
        wanted,
        change=lambda given: _changed(given, options, confidentiality),
    )
    written: Sequence[Path] = run.write(output) if output is not None else ()
    if as_json:
        tables = {name: table.to_dicts() for name, table in run.tables.items()}
        click.echo(json_bytes({**run.trace, "tables": tables}), nl=False)
    elif output is None:
        show_furthest(run)
    _show_rows(run, written)


def _changed(
    given: SurveyDesign, options: Mapping[str, Any], confidentiality: str | None
) -> SurveyDesign:
    """Return a design changed by options."""
    rules = given.confidentiality if confidentiality is None else confidentiality
    return replace(designed(given, options), confidentiality=rules)


def show_furthest(run: FurthestRun) -> None:
    """Print what was found, in words."""
    for each in run.rounds:
        if len(run.rounds) > 1:
            click.echo(f"{each.label}\n")
        for found in each.results:
            _show_outcome(found)
    for name, changes in run.changes.items():
        click.echo(f"{name}, from the first round to the others")
        _show_list(changes or ("No group of the first round has a figure in the others.",))
    click.echo("Mind")
    _show_list(dict.fromkeys(text for each in run.rounds for found in each.results
                             for text in found.caveats))  # fmt: skip


def _show_outcome(found: FurthestBehind) -> None:
    label = found.outcome.label
    click.echo(f"{found.outcome.name}{f' ({label})' if label else ''}")
    _show_list(found.sentences)


def _show_list(texts: Sequence[str] | Mapping[str, None]) -> None:
    """Print sentences as a list, lines folded."""
    for text in texts:
        click.echo("\n".join(wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")))
    click.echo()


def _show_rows(run: FurthestRun, written: Sequence[Path]) -> None:
    """Say on standard error what was used, left out and written."""
    for each in run.rounds:
        _show_round(each)
    say(f"random numbers from seed {run.options.seed}")
    if written:
        say(f"written: {', '.join(map(str, written))}")


def _show_round(each: RoundRun) -> None:
    name = each.inputs.source.name
    for found in each.results:
        reduced = found.reduced
        used = found.secret.base * round(reduced.rows / found.secret.base)
        units = plural(reduced.psus, "sampled unit")
        say(f"{name}, {found.outcome.name}: {plural(used, 'row')} in {units} used")
        for gone in found.excluded:
            say(f"{plural(gone.rows, 'row')} left out of {gone.subject}: {gone.reason}")
        hidden = sum(map(len, found.secret.nodes.values()))
        if hidden:
            say(f"{plural(hidden, 'group')} not shown, to protect people")
    for outcome in each.skipped:
        say(f"{name}: {outcome} left out, as it is no proportion or mean")
