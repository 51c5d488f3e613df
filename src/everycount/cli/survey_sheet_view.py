"""What the commands on method sheets print: lines that a terminal can show."""

import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from everycount.model.conditions import Condition
from everycount.model.production import GSBPM, Check, ProductionChecklist
from everycount.model.sheet import Disaggregation, MethodSheet, Publication
from everycount.survey.recipes import recipe_inputs

WIDTH = 96
INDENT = "  "
MARKS = {"sound": "sound", "with_care": "with care", "unsound": "UNSOUND"}


def sheet_rows(sheets: Iterable[MethodSheet]) -> list[dict[str, Any]]:
    """Return a row for each sheet: its name, recipe, global indicators and title."""
    return [
        {
            "sheet": each.id,
            "recipe": None if each.recipe is None else each.recipe.name,
            "indicators": list(
                dict.fromkeys(code for outcome in each.outcomes for code in outcome.sdg)
            ),
            "title": each.title,
        }
        for each in sheets
    ]


def sheet_lines(sheet: MethodSheet) -> Iterator[str]:
    """Yield the lines of a sheet; numbers in brackets lead to its sources."""
    numbers = _numbers(sheet.sources)
    yield f"{sheet.id}  {sheet.title}"
    yield from _section("Question", _wrapped(sheet.question))
    instruments = (
        _bullet(
            f"{each.name}. {each.producer}; {each.version}{_cited(each.source, numbers)}",
            each.note,
        )
        for each in sheet.instruments
    )
    yield from _section("Asked by, the one to prefer first", _joined(instruments))
    universe = [sheet.universe.words]
    if sheet.universe.conditions:
        universe.append(f"As conditions: {'; '.join(map(_condition, sheet.universe.conditions))}.")
    yield from _section("Whom the figures are about", _joined(map(_wrapped, universe)))
    yield from _section("Who answers", _wrapped(sheet.respondent))
    yield from _section("Weight", _wrapped(sheet.weight))
    outcomes = (
        _bullet(
            each.name + (f" (SDG {', '.join(each.sdg)})" if each.sdg else ""),
            each.definition + _cited(each.source, numbers),
        )
        for each in sheet.outcomes
    )
    yield from _section("Figures", _joined(outcomes))
    yield from _section("Broken down by", _joined(map(_breakdown, sheet.disaggregations)))
    statements = {
        "Before anyone is asked": [(each.words, each.source) for each in sheet.ethics],
        "What the figures cannot say": [
            (f"{each.kind.replace('_', ' ').capitalize()}: {each.words}", each.source)
            for each in sheet.limits
        ],
        "What would do better": [(each.words, each.source) for each in sheet.better],
    }
    for title, said in statements.items():
        points = (_bullet(words + _cited(source, numbers)) for words, source in said)
        yield from _section(title, _joined(points))
    yield from _section("Computation", _recipe(sheet))
    yield from _section("Sources", _sources(sheet.sources, numbers))


def checklist_lines(found: ProductionChecklist, items: Sequence[Check]) -> Iterator[str]:
    """Yield the lines of a checklist, its questions under the stages they are decided at."""
    numbers = _numbers(found.sources)
    yield f"{found.id}  {found.title}"
    yield from _wrapped(found.description, indent="")
    for stage, own in groupby(items, key=lambda each: each.stage):
        yield from ("", f"GSBPM {stage}  {GSBPM[stage]}")
        for each in own:
            references = "".join(_cited(key, numbers) for key in each.source)
            yield from _bullet(f"{each.question} ({each.id})")
            yield from _wrapped(f"Why: {each.why}{references}", indent=INDENT * 2)
            yield from _wrapped(f"How to find out: {each.how}", indent=INDENT * 2)
    cited = {key for each in items for key in each.source}
    if cited:
        yield from _section("Sources", _sources(found.sources, cited))


def _recipe(sheet: MethodSheet) -> Iterator[str]:
    """Yield how the outcomes are computed, or that nobody has settled it."""
    if sheet.recipe is None:
        yield from _wrapped("None: the field has not settled one yet.")
        return
    yield from _wrapped(
        f"The recipe {sheet.recipe.name} (`everycount survey derive`). {sheet.recipe.note}".strip()
    )
    for each in recipe_inputs(sheet.recipe.name):
        if each.name in sheet.recipe.inputs:
            wanted = "" if each.required else " (if there is one)"
            yield from _bullet(f"{each.name}: {each.meaning}{wanted}")


def _breakdown(each: Disaggregation) -> Iterator[str]:
    yield from _bullet(f"{MARKS[each.soundness]}: {each.by}", each.why)


def _condition(each: Condition) -> str:
    """Return a condition in words."""
    tests = [f"one of {', '.join(map(str, each.among))}"] if each.among else []
    tests += [f"at least {each.at_least:g}"] if each.at_least is not None else []
    tests += [f"at most {each.at_most:g}"] if each.at_most is not None else []
    return f"{each.column} {' and '.join(tests)}"


def _numbers(sources: Iterable[Publication]) -> dict[str, int]:
    return {each.key: number for number, each in enumerate(sources, 1)}


def _cited(key: str, numbers: dict[str, int]) -> str:
    return f" [{numbers[key]}]" if key else ""


def _sources(sources: Iterable[Publication], cited: Collection[str]) -> Iterator[str]:
    for number, each in enumerate(sources, 1):
        if each.key in cited:
            place = f" {each.url}" if each.url else ""
            words = f"{each.title}. {each.publisher}, {each.year}.{place}"
            yield from _wrapped(words, indent=f"{INDENT}[{number}] ")


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    yield from ("", title)
    yield from lines


def _joined(parts: Iterable[Iterable[str]]) -> Iterator[str]:
    for part in parts:
        yield from part


def _bullet(text: str, more: str = "") -> Iterator[str]:
    yield from _wrapped(text, indent=f"{INDENT}- ")
    if more:
        yield from _wrapped(more, indent=INDENT * 2)


def _wrapped(text: str, *, indent: str = INDENT) -> Iterator[str]:
    """Yield a text in lines of at most `WIDTH` characters, later ones under the first."""
    yield from textwrap.wrap(
        text,
        width=WIDTH,
        initial_indent=indent,
        subsequent_indent=" " * len(indent),
        break_long_words=False,  # addresses and names of questions stay whole
        break_on_hyphens=False,
    )
