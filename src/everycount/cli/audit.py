"""Commands on audits: run."""

from pathlib import Path

import click

from everycount.cli.audit_view import show_audit
from everycount.cli.index import as_json, periods_option, read_years, units_option
from everycount.io.audit_run import AuditRun, audit_files, audit_index
from everycount.reports.audit_page import audit_page, audit_pdf
from everycount.reports.audit_report import audit_report
from everycount.reports.index_page import File

HTML, PDF = "report.html", "report.pdf"
FILES = {
    "ranks.csv": "Nominal rank, median, interval and scores of every area over the builds",
    "acceptability.csv": "Share of builds at each rank and in each band",
    "pairs.csv": "Share of builds in which one area leads another",
    "choices.csv": "What each choice alone does to the ranks",
    "left_out.csv": "What every indicator and group that is left out does to the ranks",
    "sensitivity.csv": "Sensitivity indices, with intervals",
    "coherence.csv": "Statistics, correlations, reliability, importance, size",
    "verdict.json": "The verdict, every finding, the limits and their sources",
    "draws.csv": "The draws, to be built again with --replay",
    "builds.csv": "The score of every area in every build",
    PDF: "This report to print",
    HTML: "This report to read on a screen",
}


@click.group()
def audit() -> None:
    """Test whether one may believe an index.

    METHOD is a TOML file or the name of a shipped method (see `everycount index list`). DATA is
    a CSV or Excel file, or - for standard input. docs/reference/formats.md describes them all.
    """


@audit.command(
    epilog="""\b
Examples:
  everycount audit run my-method.toml figures.csv --units countries.csv -o audit
  everycount audit run my-method.toml figures.csv -o audit --draws 100000 --seed 7
  everycount audit run my-method.toml figures.csv -o again --replay audit/draws.csv""",
)
@click.argument("method")
@click.argument("data")
@click.option(
    "-o", "--output", metavar="DIR", help="Folder for the files; made if it does not exist."
)
@click.option(
    "--draws",
    type=click.IntRange(min=1),
    metavar="N",
    help="Builds to make, instead of what the method says (10000 if nothing).",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    metavar="S",
    help="Where random numbers start, instead of what the method says (1 if nothing).",
)
@click.option("--node", metavar="CODE", help="The group whose ranks are tested; else the index.")
@click.option(
    "--pair",
    "pairs",
    multiple=True,
    metavar="A,B",
    help="Two units whose sensitivities are wanted; may be given several times.",
)
@click.option("--replay", metavar="FILE", help="Build the draws of a CSV file instead.")
@click.option(
    "--external", metavar="FILE", help="Other indices to correlate with: unit and a column each."
)
@click.option("--save-builds", is_flag=True, help="Also write draws.csv and builds.csv.")
@click.option("--no-report", is_flag=True, help="Write the tables and verdict.json only.")
@units_option
@periods_option
@as_json
def run(  # noqa: PLR0913  # a command has as many arguments as options
    method: str,
    data: str,
    *,
    output: str | None,
    draws: int | None,
    seed: int | None,
    node: str | None,
    pairs: tuple[str, ...],
    replay: str | None,
    external: str | None,
    save_builds: bool,
    no_report: bool,
    units_file: str | None,
    periods: str | None,
    as_json: bool,
) -> None:
    """Test coherence, vary what the method's [audit] declares, and say what may be claimed.

    Writes coherence.csv, ranks.csv, acceptability.csv, pairs.csv, choices.csv, left_out.csv,
    sensitivity.csv, verdict.json, report.html and report.pdf into the folder given by -o; without
    it the verdict goes to standard output.
    """
    found = audit_index(
        method,
        data,
        units=units_file,
        periods=read_years(periods),
        draws=draws,
        seed=seed,
        node=node,
        pairs=[_two_units(pair) for pair in pairs],
        replay=replay,
        external=external,
    )
    names: tuple[str, ...] = ()
    if output is not None:
        beside = {} if no_report else report_files(found, builds=save_builds)
        names = found.write(output, beside=beside, builds=save_builds)
    if as_json:
        files = audit_files(found)
        click.echo(files["verdict.json"], nl=False)
        return
    show_audit(found.audit, Path(output) if output is not None else None, names)


def _two_units(pair: str) -> tuple[str, str]:
    """Return the two units of the option --pair."""
    first, comma, second = (each.strip() for each in pair.partition(","))
    if not (first and comma and second) or "," in second:
        what = f"found {pair!r}, expected two units with a comma between them, such as VNM,THA"
        raise click.BadParameter(what, param_hint="--pair")
    return first, second


def report_files(found: AuditRun, *, builds: bool = False) -> dict[str, bytes]:
    """Return the report of an audit, to read on a screen and to print."""
    named = {*audit_files(found, builds=builds), HTML, PDF}
    files = tuple(File(name=n, href=n, what=what) for n, what in FILES.items() if n in named)
    page = audit_report(found.audit, trace=found.inputs.trace, files=files)
    return {HTML: audit_page(page), PDF: audit_pdf(page)}
