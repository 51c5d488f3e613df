"""The catalogue of an edition: which indicators and areas there are figures of."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from everycount.io.areas import area_table
from everycount.io.code_lists import shipped_code_lists
from everycount.model.framework import Framework
from everycount.model.observation import AREA, BREAKDOWNS, INDICATOR, PERIOD
from everycount_hub import store
from everycount_hub.edition.nouns import AreaEntry, IndicatorEntry, PublishedDataset

SPAN = ("first", "last")
UNIT = "UNIT_MEASURE"
NO_SLUG = re.compile(r"[^a-z0-9._-]+")
NAMELESS = frozenset({"."})
"""A slug of dots alone would be a step in an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What one dataset has of one indicator."""

    dataset: PublishedDataset
    row: Mapping[str, object]


def indicators(
    datasets: Iterable[PublishedDataset], frameworks: Mapping[str, Framework]
) -> tuple[IndicatorEntry, ...]:
    """Return every indicator with figures, and those that an indicator set in use names without.

    Two datasets have one indicator where the code is the same and belongs to the same set, or is
    a code of a source in both.

    Parameters
    ----------
    datasets : iterable of PublishedDataset
        Those that hold figures.
    frameworks : mapping of str to Framework
        The sets that datasets name, by ID@VERSION.
    """
    found: dict[tuple[str, str], list[_Found]] = defaultdict(list)
    for dataset in datasets:
        for row in _summary(dataset).iter_rows(named=True):
            code = str(row[INDICATOR])
            if dataset.shows(code):
                found[dataset.framework, code].append(_Found(dataset=dataset, row=row))
    for reference, framework in frameworks.items():
        for each in framework.unique:
            found.setdefault((reference, each.key), [])
    keys = sorted(found, key=lambda key: (key[0], _natural(key[1])))
    slugs = _slugs(keys)
    return tuple(_indicator(key, slugs[key], found[key], frameworks.get(key[0])) for key in keys)


def areas(
    entries: Iterable[IndicatorEntry], own: Mapping[str, Mapping[str, str]]
) -> tuple[AreaEntry, ...]:
    """Return every area with figures, in the order of the codes.

    Parameters
    ----------
    entries : iterable of IndicatorEntry
        The indicators.
    own : mapping of str to mapping
        Names, by code and language, that came with the figures.
    """
    counts: dict[str, int] = defaultdict(int)
    for entry in entries:
        for code in entry.areas:
            counts[code] += 1
    known = shipped_code_lists()["CL_AREA"].by_id
    iso3 = dict(area_table().select("code", "iso3").iter_rows())
    made = []
    for code in sorted(counts):
        shipped = known.get(code)
        names = own.get(code) or (shipped.name if shipped else {}) or {"en": code}
        letters = iso3.get(code) or ""
        made.append(
            AreaEntry(
                slug=letters.lower() or slug_of(code),
                code=code,
                names=dict(names),
                parents=_parents(code),
                iso3=letters,
                indicators=counts[code],
            )
        )
    return tuple(made)


@cache
def m49_by_iso3() -> Mapping[str, str]:
    """Return the UN's number of each country by its ISO code.

    Figures are written with either; an edition has them under the number, so that a country is
    one area whoever sent its figures.
    """
    table = area_table().filter(pl.col("iso3").is_not_null())
    return dict(table.select("iso3", "code").iter_rows())


def slug_of(code: str) -> str:
    """Return a code as it stands in addresses.

    Examples
    --------
    >>> slug_of("SG_GEN_PARL"), slug_of("5.5.1 (a)"), slug_of("..")
    ('sg_gen_parl', '5.5.1-a', 'x..')
    """
    slug = NO_SLUG.sub("-", code.lower()).strip("-")
    return slug if slug.strip(".") else f"x{slug}"


def _parents(code: str) -> tuple[str, ...]:
    known = shipped_code_lists()["CL_AREA"].by_id
    found: list[str] = []
    above = known[code].parent if code in known else ""
    while above and above not in found:
        found.append(above)
        above = known[above].parent if above in known else ""
    return tuple(found)


def _summary(dataset: PublishedDataset) -> pl.DataFrame:
    """Return for each indicator of a dataset how much there is of it."""
    return (
        store.scan(dataset.digest)
        .group_by(INDICATOR)
        .agg(
            pl.len().alias("rows"),
            pl.col(AREA).replace(m49_by_iso3()).unique().sort().alias("areas"),
            pl.col(PERIOD).min().alias("first"),
            pl.col(PERIOD).max().alias("last"),
            pl.col(UNIT).drop_nulls().unique().sort().alias("units"),
            *((pl.col(name) != "_T").any().alias(name) for name in BREAKDOWNS),
        )
        .collect(engine="streaming")
    )


def _slugs(keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return an address for each indicator; a code that stands in two sets takes their names."""
    taken: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key in keys:
        taken[slug_of(key[1])].append(key)
    slugs: dict[tuple[str, str], str] = {}
    used: set[str] = set()
    for slug, same in taken.items():
        for key in same:
            wanted = slug if len(same) == 1 else slug_of(f"{key[0].partition('@')[0]}-{key[1]}")
            made, number = wanted, 2
            while made in used or (made != slug and made in taken):
                made, number = f"{wanted}-{number}", number + 1
            used.add(made)
            slugs[key] = made
    return slugs


def _natural(code: str) -> list[tuple[int, int, str]]:
    """Return the order of a code in which 5.2 comes before 5.10."""
    parts = re.findall(r"\d+|\D+", code)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]


def _indicator(
    key: tuple[str, str], slug: str, found: Sequence[_Found], framework: Framework | None
) -> IndicatorEntry:
    reference, code = key
    declared = None
    if framework is not None:
        declared = next((each for each in framework.indicators if each.key == code), None)
    rows = [each.row for each in found]
    own = [_label(each.dataset, code) for each in found]
    names = dict(declared.title) if declared else next((each for each in own if each), {"en": code})
    return IndicatorEntry(
        slug=slug,
        code=code,
        framework=reference,
        names=names,
        group=declared.group if declared else "",
        datasets=tuple(each.dataset.key for each in found),
        rows=sum(int(str(row["rows"])) for row in rows),
        areas=_all(rows, "areas"),
        first=min((str(row["first"]) for row in rows if row["first"]), default=""),
        last=max((str(row["last"]) for row in rows if row["last"]), default=""),
        units=_all(rows, "units"),
        breakdowns=tuple(name for name in BREAKDOWNS if any(row[name] for row in rows)),
    )


def _all(rows: Iterable[Mapping[str, object]], column: str) -> tuple[str, ...]:
    """Return what some row has in a column of lists, in order."""
    seen: set[str] = set()
    for row in rows:
        values = row[column]
        assert isinstance(values, list)
        seen.update(values)
    return tuple(sorted(seen))


def _label(dataset: PublishedDataset, code: str) -> dict[str, str]:
    """Return what a dataset calls an indicator itself."""
    names: dict[str, str] = dataset.metadata.get("codes", {}).get(INDICATOR, {}).get(code, {})
    return names
