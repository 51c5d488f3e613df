"""The command that says what a design understands of a file."""

from dataclasses import asdict
from typing import Any

import click

from everycount.cli.survey_options import as_json, design_options, designed
from everycount.cli.survey_view import show_design
from everycount.io.results import json_bytes
from everycount.io.survey_run import read_survey
from everycount.survey.describe import describe
from everycount.survey.plan import resolve


@click.command(
    name="design",
    epilog="Example: everycount survey design survey.toml women.dta",
)
@click.argument("design")
@click.argument("microdata")
@design_options
@as_json
def design_command(design: str, microdata: str, *, as_json: bool, **options: Any) -> None:
    """Say what a design understands of a file: strata, units, weights, levels, what is missing.

    Reads the file once and writes nothing. Faults of the file are listed with their rows.
    """
    inputs = read_survey(design, microdata, change=lambda given: designed(given, options))
    found = describe(resolve(inputs.design, inputs.source))
    if as_json:
        click.echo(json_bytes({**inputs.trace, **asdict(found)}), nl=False)
    else:
        show_design(found, inputs.design)
