"""What the framework commands print: lines for people, plain values for JSON."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from everycount.model.crosswalk import Crosswalk, Link, Relation
from everycount.model.framework import Framework
from everycount.model.indicator import Indicator, wording
from everycount.repository.framework_check import Finding

SPELT_OUT = 5  # findings of one rule that are printed; --json has all
SAID: dict[Relation, str] = {
    "exact": "the same as",
    "close": "close to",
    "broader": "broader than",
    "narrower": "narrower than",
    "related": "related to",
}


def heading(shown: Framework) -> dict[str, Any]:
    """Return what stands above the tree, with counts."""
    return {
        "id": shown.id,
        "version": shown.version,
        "reference": shown.reference,
        "title": shown.title,
        "publisher": shown.publisher,
        "level": shown.level,
        "valid_from": shown.valid_from,
        "counts": {
            "indicators": len(shown.indicators),
            "unique": len(shown.unique),
            "groups": len(shown.groups),
        },
    }


def tree(shown: Framework) -> dict[str, Any]:
    """Return source, description and groups for JSON."""
    return {
        "source": asdict(shown.source),
        "description": shown.description,
        "groups": [asdict(group) for group in shown.groups],
    }


def details(shown: Framework, each: Indicator, crosswalk: Crosswalk | None) -> dict[str, Any]:
    """Return an indicator for JSON, with its links if a crosswalk is given."""
    if crosswalk is None:
        return asdict(each)
    links = [asdict(link) for link in crosswalk.seen_from(shown.reference, each.key)]
    return {**asdict(each), "links": links}


def show_framework(shown: Framework, crosswalk: Crosswalk | None, language: str) -> Iterator[str]:
    """Yield the lines of a framework: heading, then the tree."""
    unique = len(shown.unique)
    counts = [count(len(shown.indicators), "indicator")]
    if unique < len(shown.indicators):
        counts.append(f"{unique} of them unique")
    counts.append(count(len(shown.groups), "group"))
    yield f"{shown.reference}  {wording(shown.title, language)}"
    yield f"{shown.publisher}; {shown.level}; valid from {shown.valid_from}"
    yield ", ".join(counts)
    yield f"source: {' '.join(filter(None, (shown.source.citation, shown.source.url)))}"
    if shown.description:
        yield f"note: {shown.description}"
    yield ""
    yield from _branch(shown, "", crosswalk, language)


def _branch(
    shown: Framework, parent: str, crosswalk: Crosswalk | None, language: str, depth: int = 0
) -> Iterator[str]:
    """Yield the indicators of a group, then the groups below it."""
    indent = "  " * depth
    for each in shown.members(parent):
        yield indent + _line(each, language)
        for link in crosswalk.seen_from(shown.reference, each.key) if crosswalk else ():
            yield f"{indent}    {_told(link)}"
    for group in shown.children(parent):
        yield f"{indent}{group.code}  {wording(group.title, language)}"
        yield from _branch(shown, group.code, crosswalk, language, depth + 1)


def _line(each: Indicator, language: str) -> str:
    """Return an indicator on one line."""
    marks = [f"[{each.unit}]"] if each.unit else []
    marks += [f"(printed {each.code})"] if each.code != each.key else []
    marks += [f"(repeats {each.repeats})"] if each.repeats else []
    return "  ".join((each.key, wording(each.title, language), *marks))


def show_indicator(
    shown: Framework, each: Indicator, crosswalk: Crosswalk | None, language: str
) -> Iterator[str]:
    """Yield the lines of one indicator: everything known about it."""
    yield f"{shown.reference} {each.key}  {wording(each.title, language)}"
    hidden = ("key", "title") if each.code != each.key else ("key", "title", "code")
    facts = {
        name: value
        for name, value in asdict(each).items()
        if value not in (None, "", ()) and name not in hidden
    }
    for name, value in facts.items():
        yield f"{name}: {_fact(value)}"
    for link in crosswalk.seen_from(shown.reference, each.key) if crosswalk else ():
        yield _told(link)


def _fact(value: Any) -> str:
    """Return a value of an indicator in words."""
    if isinstance(value, tuple):
        inside = " to " if isinstance(value[0], int | float) else ", "
        return inside.join(" by ".join(x) if isinstance(x, tuple) else _fact(x) for x in value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _told(link: Link) -> str:
    """Return a link in words, from the side of its first indicator."""
    basis = f": {link.basis}" if link.basis else ""
    return f"{SAID[link.relation]} {link.to_framework} {link.to_key} ({link.by}{basis})"


def report(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Yield findings as lines; of one rule only the first few."""
    printed: Counter[str] = Counter()
    total = Counter(finding.rule for finding in findings)
    for finding in findings:
        printed[finding.rule] += 1
        if printed[finding.rule] <= SPELT_OUT or finding.severity == "error":
            yield f"{finding.severity}  {finding.rule}  {finding.where}: {finding.words}"
        elif printed[finding.rule] == total[finding.rule]:
            more = total[finding.rule] - SPELT_OUT
            yield f"{finding.severity}  {finding.rule}  and {more} more (--json lists all)"


def count(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def print_json(value: Any) -> None:
    """Print a value as JSON in UTF-8."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
