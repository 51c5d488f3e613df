"""What can be found in an edition, with all its words in the languages of the portal.

The index of a language is made of it, with the pages of the portal itself: see `portal.search`.
"""

import json
import logging
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from everycount.errors import EverycountError
from everycount.io.areas import m49_codes
from everycount.io.review_file import parse_review
from everycount.io.thesaurus import shipped_keywords, shipped_thesaurus
from everycount.language.areas import area_name
from everycount.language.language import LANGUAGES
from everycount.model.framework import Framework
from everycount.policy.thesaurus import find, finder
from everycount.search.index import joined
from everycount_hub import store
from everycount_hub.contents import policy as policy_content
from everycount_hub.contents.archive import unpack
from everycount_hub.edition.nouns import AreaEntry, IndicatorEntry, PublishedDataset

FILE = "search.json"
SDG = "sdg-"
"""How the names of indicator sets begin whose codes are those of SDG targets and indicators."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """One thing that can be found."""

    kind: str
    titles: Mapping[str, str]
    page: str = ""
    """Name of its address within the portal; empty for that of its dataset."""
    arguments: tuple[str, ...] = ()
    query: str = ""
    dataset: str = ""
    """Key of the dataset it is, or is within."""
    parameter: str = ""
    names: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    goal: str = ""
    area: str = ""
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contents:
    """What an edition holds."""

    indicators: Collection[IndicatorEntry]
    areas: Collection[AreaEntry]
    datasets: Collection[PublishedDataset]
    frameworks: Mapping[str, Framework]
    workspace_areas: Mapping[str, str] = field(default_factory=dict)
    """ISO code of the country of a workspace, by its short name."""


def write_findable(folder: Path, contents: Contents) -> None:
    """Write all that can be found into the folder of an edition, whole or not at all."""
    every = [_plain(each) for each in findable(contents)]
    staged = folder / f".{FILE}-{secrets.token_hex(4)}"
    staged.write_text(json.dumps(every, ensure_ascii=False, sort_keys=True), encoding="utf-8")
    staged.replace(folder / FILE)


def read_findable(folder: Path) -> tuple[Findable, ...]:
    """Return what `write_findable` wrote."""
    lists = ("arguments", "names", "codes", "about", "areas")
    return tuple(
        Findable(**{**each, **{name: tuple(each[name]) for name in lists if name in each}})
        for each in json.loads((folder / FILE).read_bytes())
    )


def findable(contents: Contents) -> Iterator[Findable]:
    """Yield all that can be found, in the order in which it comes where nothing else decides."""
    by_code = {each.code: each for each in contents.areas}
    for entry in contents.indicators:
        yield _indicator(entry, by_code, contents.frameworks.get(entry.framework))
    for area in contents.areas:
        yield _area(area)
    for reference, framework in contents.frameworks.items():
        yield from _framework(reference, framework)
    for dataset in contents.datasets:
        if dataset.digest:
            yield from _dataset(dataset, contents.workspace_areas.get(dataset.workspace, ""))


def parameter_of(area: AreaEntry) -> str:
    """Return what stands for an area in the addresses of other pages."""
    return area.iso3 or area.code


def _indicator(
    entry: IndicatorEntry, areas: Mapping[str, AreaEntry], framework: Framework | None
) -> Findable:
    said = [_concepts(text, code) for code, text in entry.names.items()]
    if entry.framework.startswith(SDG):
        parts = entry.code.split(".")
        said += [
            phrases.get(".".join(parts[:count]), ())
            for phrases in shipped_keywords().values()
            for count in (2, 3)
        ]
    groups = framework.groups if framework else ()
    titles = [text for each in groups if each.code == entry.group for text in each.title.values()]
    return Findable(
        kind="indicator",
        titles=entry.names,
        page="indicator",
        arguments=(entry.slug,),
        codes=(entry.code,),
        about=(*dict.fromkeys(text for texts in said for text in texts), *titles),
        goal=entry.group,
        areas=tuple(parameter_of(areas[code]) for code in entry.areas if code in areas),
    )


def _area(area: AreaEntry) -> Findable:
    names = {code: area_name(area.code, code, {area.code: area.names}) for code in LANGUAGES}
    official = {joined(name) for name in names.values()}
    others = (name for name in _aliases().get(area.code, ()) if joined(name) not in official)
    return Findable(
        kind="area",
        titles=names,
        page="area",
        arguments=(area.slug,),
        parameter=parameter_of(area),
        names=tuple(others),
        codes=(area.iso3,) if area.iso3 else (area.code,),
    )


def _framework(reference: str, framework: Framework) -> Iterator[Findable]:
    # The parts of a reference, so that its short name alone finds it.
    name = reference.partition("@")[0]
    yield Findable(
        kind="framework",
        titles=framework.title,
        page="framework",
        arguments=(framework.id,),
        codes=(reference, name),
        about=(name.replace("-", " "), framework.publisher),
    )
    for group in framework.groups:
        yield Findable(
            kind="group",
            titles=group.title,
            page="indicators",
            query=urlencode({"group": f"{reference} {group.code}"}),
            codes=(group.code,),
            about=tuple(framework.title.values()),
            goal=group.code,
        )


def _dataset(dataset: PublishedDataset, area: str) -> Iterator[Findable]:
    title = str(dataset.metadata.get("title") or "")
    kinds = {"index": "index", "policy": "policy", "survey": "survey", "framework": ""}
    kind = kinds.get(dataset.content, "dataset")
    near = tuple({area_name(area, code): None for code in LANGUAGES}) if area else ()
    if not kind:
        return
    language = str(dataset.metadata.get("language") or "en")
    yield Findable(
        kind=kind,
        titles={language: title} if title else dataset.titles,
        names=tuple(dataset.titles.values()),
        about=(*near, *dataset.producer.values(), dataset.slug.replace("-", " ")),
        dataset=dataset.key,
        area=area,
    )
    if kind == "policy":
        yield from _issues(dataset, area, near)


def _issues(dataset: PublishedDataset, area: str, near: tuple[str, ...]) -> Iterator[Findable]:
    try:
        content = unpack(store.bundle_path(dataset.digest))[policy_content.FILE]
        review = parse_review(content, subject=dataset.key)
    except EverycountError:
        # A review that this version cannot read is found by its title.
        log.exception("the issues of %s cannot be found", dataset.key)
        return
    for issue in review.accepted:
        yield Findable(
            kind="issue",
            titles={review.policy.language or "en": issue.action},
            about=(*near, *_concepts(issue.action, review.policy.language or "en")),
            page="policy_clause" if issue.passage else "",
            arguments=(dataset.workspace, dataset.slug, issue.passage),
            dataset=dataset.key,
            area=area,
        )


def _concepts(text: str, code: str) -> tuple[str, ...]:
    """Return the words, in every language of the thesaurus, for the concepts of a title."""
    found = find(_finder(code), text, code)
    return tuple(part for concept in found for part in _terms().get(concept, ()))


@cache
def _finder(code: str) -> Any:
    return finder(shipped_thesaurus(), code)


@cache
def _terms() -> Mapping[str, tuple[str, ...]]:
    made: dict[str, list[str]] = {}
    for term in shipped_thesaurus().terms:
        made.setdefault(term.group, []).extend(term.parts)
    return {group: tuple(dict.fromkeys(parts)) for group, parts in made.items()}


@cache
def _aliases() -> Mapping[str, tuple[str, ...]]:
    made: dict[str, list[str]] = {}
    for name, code in m49_codes("name").items():
        made.setdefault(code, []).append(name)
    return {code: tuple(names) for code, names in made.items()}


def _plain(each: Findable) -> dict[str, Any]:
    fields: Iterable[str] = Findable.__dataclass_fields__
    return {name: value for name in fields if (value := getattr(each, name))}
