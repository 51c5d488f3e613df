"""Commands on policies: read a text, agree on issues, match indicators, report the gaps."""

from typing import Any

import click

from everycount.cli.loading import load_command
from everycount.cli.policy_faults import told_of

# Loaded when called, so that the help of one does not wait for what another reads or computes.
_COMMANDS = {
    "read": ("everycount.cli.policy_read:read", "Read a law or strategy into numbered clauses."),
    "propose": ("everycount.cli.policy_propose:propose", "Propose issues for action from clauses."),
    "match": ("everycount.cli.policy_match:match", "Propose indicators for issues, or for a set."),
    "decide": (
        "everycount.cli.policy_decide:decide_command",
        "Accept or reject what was proposed.",
    ),
    "edit": ("everycount.cli.policy_edit:edit", "Change an issue, or the readings of a target."),
    "link": ("everycount.cli.policy_edit:link", "Link an issue to an indicator."),
    "rate": ("everycount.cli.policy_edit:rate_command", "Rate an indicator."),
    "supply": ("everycount.cli.policy_supply:supply", "Say what is known of figures."),
    "gaps": (
        "everycount.cli.policy_gaps:gaps_command",
        "Report what the policy asks that nothing shows.",
    ),
    "export": ("everycount.cli.policy_files:export", "Write a workbook to go on in Excel."),
    "import": ("everycount.cli.policy_files:import_", "Take a workbook back, with every conflict."),
    "merge": ("everycount.cli.policy_groups:merge", "Merge reviews of several groups."),
    "sign": ("everycount.cli.policy_groups:sign", "Sign a review off, or record a dissent."),
    "plan": ("everycount.cli.policy_plan:plan", "Rank indicators, and plan how to produce them."),
    "changes": ("everycount.cli.policy_changes:changes", "Compare two versions of a set or text."),
    "assess": ("everycount.cli.policy_assess:assess", "Review an indicator set by scorecards."),
    "vocabulary": ("everycount.cli.policy_vocabulary:vocabulary", "Write the words to edit them."),
}


class _Commands(click.Group):
    """Finds commands by name and loads them when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click asks so
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        return load_command(_COMMANDS[cmd_name][0]) if cmd_name in _COMMANDS else None

    def invoke(self, ctx: click.Context) -> Any:
        with told_of("what the command was given"):
            return super().invoke(ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in _COMMANDS.items()])


@click.group(cls=_Commands)
def policy() -> None:
    """Find the indicators that would show whether a policy is kept.

    DOCUMENT is a PDF, Word (.docx), HTML, Markdown or text file. REVIEW is a JSON file that
    `policy propose` writes: it carries the clauses, the issues, the links and every decision.
    A single `-` in place of a file to read is standard input, and after -o standard output.
    Nothing is accepted by itself. docs/how-to/review-a-policy.md goes through a review.
    """
