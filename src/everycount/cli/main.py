"""The command `everycount`: joins the commands, prints errors for people, sets exit codes."""

import sys
from importlib.metadata import entry_points, version
from importlib.util import find_spec

import click

from everycount.cli.loading import load_command, not_installed
from everycount.errors import EverycountError

# Loaded when called, so that `everycount --help` does not wait for NumPy.
_COMMANDS = {
    "audit": ("everycount.cli.audit:audit", "Test whether one may believe an index."),
    "chart": ("everycount.cli.chart:chart", "Draw figures as SVG, PNG or PDF: charts and maps."),
    "data": ("everycount.cli.data:data", "Read, check, compare, fetch and convert data."),
    "demo": ("everycount.cli.demo:demo", "Build the shipped example from figures to a page."),
    "framework": ("everycount.cli.framework:framework", "List, show, check, import frameworks."),
    "index": ("everycount.cli.index:index", "Build an index, explain a score, follow a trend."),
    "policy": ("everycount.cli.policy:policy", "Read a law, match indicators, report the gaps."),
    "report": ("everycount.cli.report:report", "Write a report as page, PDF or Word."),
    "survey": ("everycount.cli.survey:survey", "Estimate from microdata, group by group."),
}
_EXTRAS = {"hub": ("hub", "django", "Run the web hub, back it up, verify it.")}
"""Commands that an optional part of the installation brings: the name of its extra, a package it
needs, and the words of the help, which so need not wait for that package."""


class _Commands(click.Group):
    """Finds commands by name: those of the library, then those that other parts registered."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click asks so
        registered = [each.name for each in entry_points(group="everycount.commands")]
        return sorted({*_COMMANDS, *(name for name in registered if "-" not in name)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name in _COMMANDS:
            return load_command(_COMMANDS[cmd_name][0])
        for each in entry_points(group="everycount.commands", name=cmd_name):
            try:
                command = each.load()
            except ModuleNotFoundError as error:
                if cmd_name not in _EXTRAS or (error.name or "").startswith("everycount"):
                    raise
                raise not_installed(cmd_name, _EXTRAS[cmd_name][0]) from error
            assert isinstance(command, click.Command), f"{each.value} is not a command"
            return command
        if cmd_name in _EXTRAS:
            raise not_installed(cmd_name, _EXTRAS[cmd_name][0])
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _COMMANDS[name][1]) for name in sorted(_COMMANDS)]
        others = (name for name in self.list_commands(ctx) if name not in _COMMANDS)
        for name in others:
            if name in _EXTRAS:
                extra, needed, words = _EXTRAS[name]
                absent = f"Not installed: everycount[{extra}] brings it."
                rows.append((name, words if find_spec(needed) else absent))
            else:
                command = self.get_command(ctx, name)
                rows.append((name, command.get_short_help_str() if command else ""))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 fine, 2 usage, 3 faults in the input, 4 the method cannot be applied, "
    "5 not found, 6 not available.",
)
@click.version_option(version("everycount"), prog_name="everycount")
def everycount() -> None:
    """From a policy promise to the number that shows whether it was kept."""


def main() -> None:
    """Run the command; print an error in words on standard error and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # Windows consoles and pipes may not be UTF-8
            reconfigure(encoding="utf-8", errors="replace")
    try:
        everycount()
    except EverycountError as error:
        click.echo(f"everycount: {error}", err=True)
        sys.exit(error.exit_code)
