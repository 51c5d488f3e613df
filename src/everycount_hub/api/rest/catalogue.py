"""Indicators, areas, frameworks, datasets and releases, as JSON."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import polars as pl
from django.conf import settings

from everycount.errors import InputError, NotFound, Problem
from everycount.io.areas import plain_names
from everycount.io.words import LENGTH, nearest, quote
from everycount.model.framework import Framework
from everycount_hub.api import described
from everycount_hub.api.rest.asked import LANGUAGES
from everycount_hub.edition.nouns import (
    AreaEntry,
    IndicatorEntry,
    PublishedDataset,
    PublishedRelease,
)
from everycount_hub.edition.read import Edition


def language_of(asked: str | None) -> str:
    """Return the language that names are wanted in.

    Raises
    ------
    InputError
        If the hub does not have it.
    """
    if asked and asked not in LANGUAGES:
        problem = Problem("lang", quote(asked), f"one of {', '.join(LANGUAGES)}")
        raise InputError("the request", [problem])
    return asked or "en"


def find_area(edition: Edition, asked: str) -> AreaEntry:
    """Return the area of an ISO code, a number of M49 with or without zeros, or an own code.

    Raises
    ------
    NotFound
        If nothing is published of any such area.
    """
    for code in (asked, asked.zfill(3) if asked.isdecimal() else asked):
        if code in edition.area_by_code:
            return edition.area_by_code[code]
    found = edition.areas.get(asked.lower()[:LENGTH])
    if found is not None:
        return found
    near = nearest(asked[:LENGTH], edition.areas)
    hint = f"; perhaps {near!r}" if near else ""
    raise NotFound(f"there are no figures of an area {quote(asked)}{hint}: see /api/v1/areas")


def find_indicators(edition: Edition, asked: str) -> tuple[IndicatorEntry, ...]:
    """Return the indicators that a name in addresses or a code means.

    Raises
    ------
    NotFound
        If there is none.
    InputError
        If several indicator sets have the code.
    """
    if asked in edition.indicators:
        return (edition.indicators[asked],)
    found = tuple(each for each in edition.indicators.values() if each.code == asked)
    if not found and asked.lower() in edition.indicators:
        found = (edition.indicators[asked.lower()],)
    if not found:
        near = nearest(asked[:LENGTH], edition.indicators)
        hint = f"; perhaps {near!r}" if near else ""
        raise NotFound(f"there is no indicator {quote(asked)}{hint}: see /api/v1/indicators")
    if len(found) > 1:
        several = ", ".join(each.slug for each in found)
        problem = Problem("indicator", f"{quote(asked)}, which several sets have", several)
        raise InputError("the request", [problem])
    return found


def indicator_told(each: IndicatorEntry, language: str) -> dict[str, Any]:
    """Return what lists say of an indicator."""
    return {
        "id": each.slug,
        "code": each.code,
        "framework": each.framework or None,
        "group": each.group or None,
        "name": described.text(each.names, language) or each.code,
        "names": dict(each.names),
        "datasets": list(each.datasets),
        "figures": each.rows,
        "areas": len(each.areas),
        "first": each.first or None,
        "last": each.last or None,
        "units": list(each.units),
        "breakdowns": list(each.breakdowns),
        "page": f"{settings.PUBLIC_URL}/{language}/indicators/{each.slug}/",
    }


def indicators(
    edition: Edition, *, q: str | None, framework: str | None, group: str | None, area: str | None
) -> list[IndicatorEntry]:
    """Return the indicators that fit, in the order of their codes."""
    found = list(edition.indicators.values())
    if framework:
        found = [e for e in found if framework in {e.framework, e.framework.partition("@")[0]}]
    if group:
        found = [each for each in found if each.group == group]
    if area:
        code = find_area(edition, area).code
        found = [each for each in found if code in each.areas]
    return named_so(found, q, [" ".join([e.code, e.slug, *e.names.values()]) for e in found])


def indicator(edition: Edition, asked: str, language: str) -> dict[str, Any]:
    """Return all that is said of one indicator."""
    (entry,) = find_indicators(edition, asked)
    told = indicator_told(entry, language)
    framework = edition.frameworks.get(entry.framework)
    declared = None
    if framework is not None:
        declared = next((e for e in framework.indicators if e.key == entry.code), None)
    held = [edition.datasets[key] for key in entry.datasets]
    return {
        **told,
        "area_codes": list(entry.areas),
        "definition": asdict(declared) if declared else None,
        "sources": [described.told(edition, each, language) for each in held],
    }


def area_told(each: AreaEntry, language: str) -> dict[str, Any]:
    """Return what lists say of an area."""
    return {
        "id": each.slug,
        "code": each.code,
        "iso3": each.iso3 or None,
        "name": described.text(each.names, language) or each.code,
        "names": dict(each.names),
        "parents": list(each.parents),
        "indicators": each.indicators,
        "page": f"{settings.PUBLIC_URL}/{language}/areas/{each.slug}/",
    }


def areas(edition: Edition, *, q: str | None) -> list[AreaEntry]:
    """Return the areas whose name or code has the words."""
    found = list(edition.areas.values())
    return named_so(found, q, [" ".join([e.code, e.iso3, *e.names.values()]) for e in found])


def named_so(entries: list[Any], q: str | None, texts: Sequence[str]) -> list[Any]:
    """Return entries whose text has every word asked for, accents and capitals aside."""
    if not q or not entries:
        return entries
    words = plain_names(pl.Series([q[:200]])).item().split()
    plain = plain_names(pl.Series(texts))
    return [e for e, text in zip(entries, plain, strict=True) if all(w in text for w in words)]


def framework_told(each: Framework, language: str) -> dict[str, Any]:
    """Return what lists say of an indicator set."""
    return {
        "id": each.reference,
        "title": described.text(each.title, language),
        "titles": dict(each.title),
        "publisher": each.publisher,
        "level": each.level,
        "valid_from": each.valid_from,
        "groups": len(each.groups),
        "indicators": len(each.unique),
    }


def framework(edition: Edition, asked: str) -> dict[str, Any]:
    """Return an indicator set as it was declared.

    Raises
    ------
    NotFound
        If no dataset uses it.
    """
    if asked not in edition.frameworks:
        raise NotFound(f"there is no indicator set {quote(asked)}: see /api/v1/frameworks")
    return asdict(edition.frameworks[asked])


def dataset_told(edition: Edition, each: PublishedDataset, language: str) -> dict[str, Any]:
    """Return what lists say of a dataset, and where its files are."""
    files = {
        format: f"{settings.PUBLIC_URL}/api/v1/observations?dataset={each.key}&format={format}"
        for format in ("csv", "parquet", "excel", "sdmx-csv", "json-stat")
    }
    return {
        **described.told(edition, each, language),
        "id": each.key,
        "titles": dict(each.titles),
        "workspace": each.workspace,
        "content": each.content,
        "kind": each.kind,
        "framework": each.framework or None,
        "figures": each.rows,
        "digest": each.digest or None,
        "withdrawn": {"at": each.withdrawn_at, "reason": each.withdrawn_reason}
        if each.withdrawn_at
        else None,
        "files": files if each.has_figures else {},
        "history": [asdict(version) for version in each.versions],
    }


def release_told(each: PublishedRelease) -> dict[str, Any]:
    """Return what is said of a release."""
    return {"id": f"{each.workspace}/{each.number}", **asdict(each)}
