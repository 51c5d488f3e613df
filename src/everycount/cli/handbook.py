"""Commands on metadata handbooks: what is to be known of each indicator, and who has written it."""

import click

from everycount.cli.loading import load_command

_COMMANDS = {
    "import": ("everycount.cli.handbook_import:import_command", "Make a handbook from files."),
    "show": ("everycount.cli.handbook_show:show", "Show what is known of an indicator."),
    "score": ("everycount.cli.handbook_show:score", "Say how complete each indicator is."),
    "translate": (
        "everycount.cli.handbook_show:translate",
        "List texts to translate, and translations out of date.",
    ),
    "set": ("everycount.cli.handbook_write:set_command", "Write a text, or say how it stands."),
    "merge": ("everycount.cli.handbook_write:merge", "Take a workbook back in."),
    "fill": ("everycount.cli.handbook_fill:fill_command", "Fill in what frameworks and data say."),
    "demand": ("everycount.cli.handbook_fill:demand", "Fill in what a policy asks for."),
    "compare": ("everycount.cli.handbook_show:compare", "List texts that changed."),
    "export": ("everycount.cli.handbook_write:export", "Write SDMX metadata or a workbook."),
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
def handbook() -> None:
    """Keep a metadata handbook: one file for a whole set of indicators.

    Each indicator has fields, each field a text in each language, and each text says whether it
    is a draft, reviewed or approved. `report handbook` writes it as a page, PDF or Word file.
    docs/how-to/write-a-handbook.md shows the way from files to a handbook.
    """
