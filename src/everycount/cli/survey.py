"""Commands on surveys: describe a design, estimate, disaggregate, find who is furthest behind."""

import click

from everycount.cli.loading import load_command

# Loaded when called, so that the help of one does not wait for what another computes with.
_COMMANDS = {
    "areas": ("everycount.cli.survey_areas:areas", "Model areas with too few respondents."),
    "derive": ("everycount.cli.survey_derive:derive", "Make outcomes by recipes."),
    "design": (
        "everycount.cli.survey_design:design_command",
        "Say what a design understands of a file.",
    ),
    "disaggregate": (
        "everycount.cli.survey_disaggregate:disaggregate",
        "Estimate every outcome in every crossing.",
    ),
    "estimate": (
        "everycount.cli.survey_estimate:estimate",
        "Estimate in one crossing; quantiles, differences.",
    ),
    "furthest": (
        "everycount.cli.survey_furthest:furthest",
        "Find who is furthest behind, and how sure that is.",
    ),
    "report": (
        "everycount.cli.survey_report:report",
        "Write the pages of a survey: groups, who is behind.",
    ),
    "sheet": ("everycount.cli.survey_sheet:sheet", "Read how the hardest areas are measured."),
}
EXTRA = "survey"
"""What must be installed beside the base: the compiled kernel, Stata and SPSS files."""


class _Commands(click.Group):
    """Finds commands by name and loads them when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click asks so
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        return load_command(_COMMANDS[cmd_name][0], extra=EXTRA)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in _COMMANDS.items()])


@click.group(cls=_Commands)
def survey() -> None:
    """Estimate from microdata, for several characteristics at once, with honest errors.

    DESIGN is a TOML file or the name of a preset (dhs, mics, lfs). MICRODATA is a Parquet, CSV,
    Stata (.dta) or SPSS (.sav) file. docs/reference/formats.md describes them all.
    """
