"""Commands on data: read them in one format and write them in another, and what that needs."""

import click

from everycount.cli.loading import load_command

# Loaded when called, so that the help of one does not wait for what another reads or writes.
_COMMANDS = {
    "convert": ("everycount.cli.data_convert:convert", "Read data in one format, write another."),
    "formats": ("everycount.cli.data_formats:formats", "List the formats of data."),
    "check": ("everycount.cli.data_check:check_command", "Check data rule by rule."),
    "compare": ("everycount.cli.data_compare:compare_command", "Compare two versions of data."),
    "availability": (
        "everycount.cli.data_availability:availability_command",
        "Say which indicators have data.",
    ),
    "appraise": (
        "everycount.cli.data_appraise:appraise",
        "Appraise data from outside the office.",
    ),
    "label": ("everycount.cli.data_appraise:label_command", "Label data by their appraisal."),
    "codes": ("everycount.cli.data_codes:codes_command", "Show the code lists."),
    "fold": ("everycount.cli.data_codes:fold_command", "Bring data to the global SDG structure."),
    "areas": ("everycount.cli.data_areas:areas_command", "Show areas and what became of them."),
    "carry-over": (
        "everycount.cli.data_areas:carry_over_command",
        "Bring figures to the areas of a day.",
    ),
    "handbook": ("everycount.cli.handbook:handbook", "Keep a metadata handbook."),
    "fetch": ("everycount.cli.data_fetch:fetch_command", "Fetch series from a service."),
}


class _Commands(click.Group):
    """Finds commands by name and loads them when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click asks so
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return load_command(_COMMANDS[cmd_name][0]) if cmd_name in _COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in _COMMANDS.items()])


@click.group(cls=_Commands)
def data() -> None:
    """Read, check, compare, fetch and convert observations.

    Data have one structure, whatever file they come from: indicator, area, period, breakdowns,
    value, and what describes it. docs/how-to/convert-data.md shows how a file of another shape
    is read.
    """
