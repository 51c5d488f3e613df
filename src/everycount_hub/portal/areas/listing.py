"""The list of areas, region by region."""

from dataclasses import dataclass

from everycount.language.language import Language
from everycount_hub.edition.nouns import AreaEntry
from everycount_hub.edition.read import Edition
from everycount_hub.portal.indicators.charts import region_of
from everycount_hub.portal.indicators.choice import LENGTH, plain_name
from everycount_hub.portal.naming import Named, area_name, named


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An area in the list."""

    slug: str
    name: str
    code: str
    indicators: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region or a country, with the areas in it that have figures."""

    code: str
    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The page."""

    query: str
    regions: tuple[Region, ...]
    count: int
    of: int


def listing_of(text: str, edition: Edition, words: Language, *, region: str = "") -> Listing:
    """Return the areas whose name in any language, or code, holds the words of a text."""
    text = text.strip()[:LENGTH]
    wanted = plain_name(text).split()
    found: dict[str, list[Row]] = {}
    for area in edition.areas.values():
        name = area_name(edition, area.code, words)
        titles = plain_name(" ".join((name, area.code, area.iso3, *area.names.values())))
        if all(word in titles for word in wanted):
            row = Row(
                slug=area.slug, name=name, code=area.iso3 or area.code, indicators=area.indicators
            )
            found.setdefault(region_of(area), []).append(row)
    if region:
        found = {code: rows for code, rows in found.items() if code == region}
    regions = [
        Region(
            code=code,
            name=area_name(edition, code, words) if code else "",
            rows=tuple(sorted(rows, key=lambda row: words.sort_key(row.name))),
        )
        for code, rows in found.items()
    ]
    return Listing(
        query=text,
        regions=tuple(sorted(regions, key=lambda each: (not each.code, words.sort_key(each.name)))),
        count=sum(len(each.rows) for each in regions),
        of=len(edition.areas),
    )


def near_areas(edition: Edition, slug: str, words: Language) -> list[tuple[str, Named]]:
    """Return areas whose code or name begins like a text."""
    wanted = plain_name(slug[:LENGTH])
    ranked: list[tuple[int, AreaEntry]] = []
    for area in edition.areas.values():
        names = [area.slug, area.code, *(plain_name(each) for each in area.names.values())]
        shared = max(_shared(wanted, each) for each in names)
        ranked.append((-shared, area))
    ranked.sort(key=lambda each: (each[0], each[1].slug))
    return [(area.slug, named(area.names, words)) for shared, area in ranked[:5] if shared < 0]


def _shared(one: str, other: str) -> int:
    """Return how many letters two words begin with alike."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count
