"""The command that writes the words by which policies are read."""

import click

from everycount.cli.policy_view import refuse_existing, say
from everycount.io.files import write
from everycount.io.vocabularies import shipped_vocabulary, vocabulary_toml


@click.command(epilog="Example: everycount policy vocabulary -o words.toml")
@click.option("-o", "--output", default="-", show_default=True, metavar="FILE")
def vocabulary(*, output: str) -> None:
    """Write the shipped target groups and core concepts as a file to edit.

    Give the edited file to `policy propose --vocabulary`.
    """
    content = vocabulary_toml(shipped_vocabulary())
    if output == "-":
        click.echo(content, nl=False)
    else:
        refuse_existing(output)
        write(output, content)
        say(f"written: {output}")
