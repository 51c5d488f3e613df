"""Commands on indices: list, check, build, explain, trend."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from everycount.cli.index_view import show_explanation, show_summary, show_trend
from everycount.index.explanation import explain
from everycount.index.trends import trend
from everycount.io.files import staged_folder
from everycount.io.index_run import build_index
from everycount.io.methods import read_method, shipped_methods
from everycount.io.results import csv_bytes, json_bytes, result_files

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
units_option = click.option(
    "--units",
    "units_file",
    metavar="FILE",
    help="Names, groups, population and denominators of units (CSV or Excel).",
)
periods_option = click.option(
    "--periods",
    metavar="YEARS",
    help="Reference years instead of those of the select step, such as 2015,2019,2022.",
)
output = click.option(
    "-o", "--output", metavar="DIR", help="Folder for the files; made if it does not exist."
)


@click.group()
def index() -> None:
    """Build an index from a method and figures, and explain it.

    METHOD is a TOML file or the name of a shipped method (see `everycount index list`). DATA is
    a CSV or Excel file, or - for standard input. docs/reference/formats.md describes them all.
    """


@index.command(name="list", epilog="Example: everycount index list")
@as_json
def list_methods(*, as_json: bool) -> None:
    """List the methods that Everycount ships."""
    rows = []
    for name in shipped_methods():
        method = read_method(name).methodology
        rows.append({"method": name, "indicators": len(method.indicators), "title": method.title})
    if as_json:
        click.echo(json_bytes(rows), nl=False)
        return
    wide = max(len(str(row["method"])) for row in rows)
    for row in rows:
        click.echo(f"{row['method']:<{wide}}  {row['indicators']:>3} indicators  {row['title']}")


@index.command(epilog="Example: everycount index check my-method.toml")
@click.argument("method")
@as_json
def check(method: str, *, as_json: bool) -> None:
    """Check a method file; every fault is listed at once."""
    found = read_method(method)
    tree = found.methodology.tree
    facts = {
        "id": found.methodology.id,
        "version": found.methodology.version,
        "title": found.methodology.title,
        "indicators": tree.indicators,
        "groups": len(tree.order),
        "levels": tree.depth,
        "steps": [step.do for step in found.methodology.steps],
        "digest": found.digest,
    }
    if as_json:
        click.echo(json_bytes(facts), nl=False)
        return
    click.echo(
        f"{found.name} is in order: {tree.indicators} indicators, {len(tree.order)} groups in "
        f"{tree.depth} levels, steps {', '.join(step.do for step in found.methodology.steps)}"
    )


@index.command(
    name="build",
    epilog="""\b
Examples:
  everycount index build undp-gii figures.csv -o out
  everycount index build my-method.toml figures.xlsx --units countries.csv -o out""",
)
@click.argument("method")
@click.argument("data")
@output
@units_option
@periods_option
@as_json
def build_command(
    method: str,
    data: str,
    *,
    output: str | None,
    units_file: str | None,
    periods: str | None,
    as_json: bool,
) -> None:
    """Compute scores, ranks and averages.

    Writes scores.csv, data.csv, figures.csv, averages.csv, group_ranks.csv and result.json into
    the folder given by -o; without it, scores.csv goes to standard output.
    """
    run = build_index(method, data, units=units_file, periods=read_years(periods))
    if output is None or as_json:
        files = result_files(run.result, run.trace)
        click.echo(files["result.json" if as_json else "scores.csv"], nl=False)
    if output is not None:
        show_summary(run.result, Path(output), run.write(output))


@index.command(
    name="explain",
    epilog="Example: everycount index explain sdg-gender-index-2019-open figures.csv --unit VNM",
)
@click.argument("method")
@click.argument("data")
@click.option("--unit", required=True, metavar="CODE", help="The unit, such as VNM.")
@click.option("--period", type=int, metavar="YEAR", help="The reference year, in a panel.")
@units_option
@periods_option
@as_json
def explain_command(
    method: str,
    data: str,
    *,
    unit: str,
    period: int | None,
    units_file: str | None,
    periods: str | None,
    as_json: bool,
) -> None:
    """Explain the score of a unit, down to each figure, its year and its source.

    Also says what it would take to gain one rank, and what reaching each target would do.
    """
    result = build_index(method, data, units=units_file, periods=read_years(periods)).result
    for warning in result.trace().warnings:
        click.echo(f"warning: {warning}", err=True)
    found = explain(result, unit, period=period)
    if as_json:
        click.echo(json_bytes(asdict(found)), nl=False)
    else:
        show_explanation(found, result.methodology)


@index.command(
    name="trend",
    epilog="Example: everycount index trend my-method.toml panel.csv --periods 2012,2016,2020 "
    "--to 2030 -o out",
)
@click.argument("method")
@click.argument("data")
@click.option("--to", type=int, default=2030, show_default=True, help="Target year.")
@click.option("--from", "base", type=int, metavar="YEAR", help="First period; else the oldest.")
@click.option("--until", type=int, metavar="YEAR", help="Last period; else the newest.")
@output
@units_option
@periods_option
@as_json
def trend_command(
    method: str,
    data: str,
    *,
    to: int,
    base: int | None,
    until: int | None,
    output: str | None,
    units_file: str | None,
    periods: str | None,
    as_json: bool,
) -> None:
    """Show what changed between two periods, why, and whether targets will be met.

    Writes trends.csv and contributions.csv into the folder given by -o; without it, trends.csv
    goes to standard output.
    """
    if base is not None and until is not None and not base < until:
        raise click.UsageError(f"--from {base} is not before --until {until}")
    run = build_index(method, data, units=units_file, periods=read_years(periods))
    result = run.result
    for warning in result.trace().warnings:
        click.echo(f"warning: {warning}", err=True)
    found = trend(result, to, base=base, current=until)
    files = {
        "trends.csv": csv_bytes(found.nodes),
        "contributions.csv": csv_bytes(found.contributions),
    }
    if as_json:
        facts: dict[str, Any] = {"from": found.base, "until": found.current, "to": found.to}
        facts["nodes"] = found.nodes.to_dicts()
        facts["contributions"] = found.contributions.to_dicts()
        click.echo(json_bytes(facts), nl=False)
    elif output is None:
        click.echo(files["trends.csv"], nl=False)
    if output is not None:
        run.refuse_overwriting(output, files)
        with staged_folder(output) as stage:
            for name, content in files.items():
                stage(name, content)
        show_trend(found, result.methodology, Path(output))


def read_years(periods: str | None) -> tuple[int, ...]:
    """Return the years of the option --periods."""
    if periods is None:
        return ()
    try:
        return tuple(int(year) for year in periods.split(","))
    except ValueError as error:
        what = f"found {periods!r}, expected years with commas between them, such as 2015,2019"
        raise click.BadParameter(what, param_hint="--periods") from error
