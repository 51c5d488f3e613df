"""What lies around an area: above, within, beside, before and after it; and its policies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from everycount.io.area_files import shipped_areas
from everycount.io.code_lists import SHIPPED
from everycount.model.area import Area
from everycount_hub.edition.nouns import AreaEntry
from everycount_hub.portal.areas.told import Told
from everycount_hub.portal.indicators.proof import area_of
from everycount_hub.portal.naming import Named, area_name, named
from everycount_hub.portal.places import dataset_address

PEERS = 24
"""Areas of the same region that a profile names."""
WORLD = "001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A published review of a policy."""

    title: Named
    address: str
    issues: int
    links: int


def policies_of(asked: Told) -> list[Policy]:
    """Return the published policy reviews of the area."""
    made = []
    for each in asked.edition.of_content("policy"):
        own = area_of(asked.edition, each)
        if own is not None and own.code == asked.area.code:
            title = each.metadata.get("title") or ""
            shown = Named(text=title, lang="") if title else named(each.titles, asked.words)
            made.append(
                Policy(
                    title=shown,
                    address=dataset_address(each),
                    issues=each.metadata.get("issues", 0),
                    links=each.metadata.get("links", 0),
                )
            )
    return made


def parents_of(asked: Told, area: AreaEntry) -> tuple[str, ...]:
    """Return the areas above one, nearest first, also of provinces that the library knows."""
    own = _subnational().get(area.code)
    if area.parents or own is None or not own.parent:
        return area.parents
    above = asked.edition.area_by_code.get(own.parent)
    return (own.parent, *(above.parents if above else ()))


def above_of(asked: Told) -> list[tuple[str, str]]:
    """Return the areas above, the outermost first, with their place in addresses."""
    edition, words = asked.edition, asked.words
    made = []
    for code in reversed(parents_of(asked, asked.area)):
        if code == WORLD:
            continue
        own = edition.area_by_code.get(code)
        made.append((own.slug if own else "", area_name(edition, code, words)))
    return made


def parts_of(asked: Told) -> list[tuple[str, str, int]]:
    """Return the areas within, with how many indicators they have figures of."""
    edition, words = asked.edition, asked.words
    within = [
        each for each in edition.areas.values() if asked.area.code in parents_of(asked, each)[:1]
    ]
    rows = [(each.slug, area_name(edition, each.code, words), each.indicators) for each in within]
    return sorted(rows, key=lambda row: words.sort_key(row[1]))


def peers_of(asked: Told) -> list[tuple[str, str]]:
    """Return the areas of the same kind with the same area above."""
    edition, area, words = asked.edition, asked.area, asked.words
    above = parents_of(asked, area)[:1]
    if not above:
        return []
    same = [
        each
        for each in edition.areas.values()
        if parents_of(asked, each)[:1] == above
        and each.code != area.code
        and each.is_country == area.is_country
    ]
    rows = [(each.slug, area_name(edition, each.code, words)) for each in same]
    return sorted(rows, key=lambda row: words.sort_key(row[1]))[:PEERS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """What became of a sub-national area, and what it was made from."""

    valid_from: str
    valid_to: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


def succession_of(asked: Told) -> Succession | None:
    """Return since when an area is what it is; None where nothing is known."""
    own = _subnational().get(asked.area.code)
    if own is None:
        return None
    return Succession(
        valid_from=asked.words.date(own.valid_from) if own.valid_from else "",
        valid_to=asked.words.date(own.valid_to) if own.valid_to else "",
        before=tuple(_linked(asked, own.predecessors)),
        after=tuple(_linked(asked, own.successors)),
    )


@cache
def _subnational() -> Mapping[str, Area]:
    """Return the sub-national areas that the library knows, by code."""
    found: dict[str, Area] = {}
    for place in (SHIPPED / "areas").iterdir():
        if place.name.endswith(".csv"):
            found |= shipped_areas(place.name.removesuffix(".csv")).by_code
    return found


def _linked(asked: Told, codes: Sequence[str]) -> Iterable[tuple[str, str]]:
    for code in codes:
        entry = asked.edition.area_by_code.get(code)
        yield (entry.slug if entry else "", area_name(asked.edition, code, asked.words))
