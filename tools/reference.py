"""Write the generated parts of docs/reference; with --check, say what is out of date.

Generated: the tables between the marks in formats.md, the JSON Schemas, cli.md and api.md.
"""

import importlib
import inspect
import json
import re
import sys
from dataclasses import fields
from pathlib import Path

import click

import everycount
from everycount.audit.verdict_file import VerdictFile
from everycount.cli.main import everycount as command
from everycount.index.audit_plan import QUESTIONS
from everycount.index.methodology import Methodology
from everycount.index.thresholds import SOURCES, Thresholds
from everycount.index.trace import ResultFile
from everycount.io import declare
from everycount.io.exporters.formats import EXPORTERS
from everycount.model.appraisal import Appraisal
from everycount.model.appraisal_scheme import Scheme
from everycount.model.column_mapping import ColumnMapping
from everycount.model.design import SurveyDesign
from everycount.model.framework import Framework
from everycount.model.handbook import Handbook, Preset
from everycount.model.review import Review
from everycount.model.rules import Confidentiality, Reliability
from everycount.model.sheet import MethodSheet
from everycount.model.vocabulary import Vocabulary
from everycount.survey.recipes import RecipeFile

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"
DECLARED = {
    "method": Methodology,
    "framework": Framework,
    "result": ResultFile,
    "verdict": VerdictFile,
    "design": SurveyDesign,
    "reliability": Reliability,
    "confidentiality": Confidentiality,
    "sheet": MethodSheet,
    "recipes": RecipeFile,
    "review": Review,
    "vocabulary": Vocabulary,
    "mapping": ColumnMapping,
    "appraisal": Appraisal,
    "scheme": Scheme,
    "handbook": Handbook,
    "template": Preset,
}
REGION = "<!-- begin {name} -->\n{text}<!-- end {name} -->"


def table(kind: type) -> str:
    """Return the keys of a declaration as Markdown tables, one for each table of the file."""
    sections: dict[str, list[str]] = {}
    titles: dict[str, str] = {}
    for key in declare.describe(kind):
        if ".step[" in key.path:  # a step of an audit is as any other
            continue
        above, _, name = key.path.rpartition(".")
        titles.setdefault(key.path, key.description)
        default = "" if key.default.startswith("a table") else key.default
        line = f"| `{name}` | {cell(key.type)} | {cell(default)} | {cell(key.description)} |"
        sections.setdefault(above, []).append(line)
    parts = []
    for above, lines in sections.items():
        heading = "Top of the file" if not above else f"`{above}`"
        words = titles.get(above, "")
        parts.append(f"#### {heading}\n")
        if words:
            parts.append(f"{words}\n")
        parts.append("| key | type | if left out | meaning |\n|---|---|---|---|")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def cell(text: str) -> str:
    """Return text that can stand in a cell of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|").replace("``", "`")


def schema(kind: type) -> str:
    """Return the JSON Schema of a declaration."""
    return json.dumps(declare.schema(kind), indent=2, ensure_ascii=False) + "\n"


def limits() -> str:
    """Return the limits of an audit with where their values come from, as a Markdown table."""
    lines = [
        f"| `{field.name}` | {field.default:g} | {cell(SOURCES[field.name])} |"
        for field in fields(Thresholds)
    ]
    return "| limit | usual | source |\n|---|---|---|\n" + "\n".join(lines) + "\n"


def questions() -> str:
    """Return the questions of the conceptual checklist, as a Markdown table."""
    lines = [f"| `{name}` | {words} |" for name, words in QUESTIONS.items()]
    return "| question | in words |\n|---|---|\n" + "\n".join(lines) + "\n"


def exporters() -> str:
    """Return the formats that observations are written in, as a Markdown table."""
    lines = [
        f"| `{each.name}` | {each.title} | `{each.ending}` | `{each.media_type}` |"
        for each in EXPORTERS
    ]
    return "| format | what | ending | media type |\n|---|---|---|---|\n" + "\n".join(lines) + "\n"


def formats() -> str:
    """Return formats.md with its tables written anew."""
    text = (REFERENCE / "formats.md").read_text(encoding="utf-8")
    texts = {name: table(kind) for name, kind in DECLARED.items()}
    own = {"limits": limits(), "questions": questions(), "data-formats": exporters()}
    for name, generated in {**texts, **own}.items():
        pattern = re.compile(f"<!-- begin {name} -->.*?<!-- end {name} -->", re.DOTALL)
        if not pattern.search(text):
            raise SystemExit(f"docs/reference/formats.md has no marks for {name}")
        region = REGION.format(name=name, text=generated)
        text = pattern.sub(lambda _, region=region: region, text)
    return text


def commands(group: click.Command, path: str) -> list[str]:
    """Return the help of a command and of all below it."""
    context = click.Context(group, info_name=path, max_content_width=90, terminal_width=90)
    lines = [f"## {path}\n", "```text", group.get_help(context).rstrip(), "```\n"]
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            below = group.get_command(context, name)
            assert below is not None, f"{path} lists {name}"
            lines += commands(below, f"{path} {name}")
    return lines


def cli() -> str:
    """Return cli.md."""
    head = "# The command line\n\nGenerated from the commands by `make fix`; do not edit.\n\n"
    return head + "\n".join(commands(command, "everycount")).rstrip() + "\n"


def api() -> str:
    """Return api.md."""
    head = (
        "# Python\n\nGenerated from docstrings by `make fix`; do not edit. These names come from\n"
        "`import everycount`; everything else may change.\n\n"
    )
    parts = []
    for name in everycount.__all__:
        thing = getattr(everycount, name)
        signature = ""
        if inspect.isfunction(thing):
            signature = str(inspect.signature(thing)).replace("everycount.", "")
        module = importlib.import_module(thing.__module__).__name__
        doc = inspect.cleandoc(thing.__doc__ or "")
        parts.append(f"## `{name}`\n\n`{module}`\n\n```text\n{name}{signature}\n\n{doc}\n```\n")
    return head + "\n".join(parts)


def main() -> None:
    """Write every generated file, or with --check compare them."""
    files = {"formats.md": formats(), "cli.md": cli(), "api.md": api()}
    for name, kind in DECLARED.items():
        files[f"schemas/{name}.schema.json"] = schema(kind)
    stale = []
    for name, text in files.items():
        path = REFERENCE / name
        current = path.read_text(encoding="utf-8") if path.exists() else ""
        if current != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    if "--check" in sys.argv and stale:
        raise SystemExit(f"out of date in docs/reference: {', '.join(stale)}; run make fix")
    print(f"docs/reference: {'written ' + ', '.join(stale) if stale else 'up to date'}")


if __name__ == "__main__":
    main()
