"""What the figures of each indicator say, made once for an edition and kept in its folder.

Pages of areas need this of all indicators at once, and pages of indicators of all areas at once;
neither reads whole tables when it is asked for.
"""

import json
import secrets
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from everycount.errors import NotFound
from everycount.figures.aim import Aim
from everycount.figures.breakdowns import available
from everycount.figures.comparison import Distribution
from everycount.figures.profile import Overview, overview
from everycount.figures.reading import Figures, read_figures
from everycount.figures.series import Headline, Series, rows_of
from everycount.figures.summary import Summary, summarise
from everycount.model.indicator import Indicator
from everycount.model.observation import AREA, OBSERVATION
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import DATASET, Edition, open_edition

KEY, SOURCE = "key", "source"
TABLES = ("series", "latest", "changes", "gaps", "progress")
"""Tables of a summary, each kept with those of the other indicators in one file."""
FACTS, BREAKDOWNS, SOURCES = "facts.json", "breakdowns", "sources"
KEPT_TABLES = (*TABLES, BREAKDOWNS, SOURCES)
HELD = 4
"""Sets of summaries that are kept open, one a year of an edition; some 20 MB each."""
ALONE = 64
"""Indicators of which what one dataset alone says is kept at hand; a megabyte each at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """What is kept of one indicator."""

    entry: IndicatorEntry
    summary: Summary
    """Without its figures; `key` is the indicator's place in addresses."""
    breakdowns: pl.DataFrame
    """By what its figures are broken down: `everycount.figures.breakdowns.available`."""
    sources: Mapping[str, str]
    """Key of the dataset that the figures of an area are taken from, by area."""
    flags: tuple[str, ...] = ()
    """Flags that figures of the headline series have."""


class Summaries:
    """The summaries of an edition, as of a year."""

    def __init__(self, edition: Edition, today: date) -> None:
        self.edition = edition
        self.today = today
        self.folder = _made(edition, today)

    def of(self, slug: str) -> Known | None:
        """Return what is kept of an indicator; None without a figure."""
        return self.every.get(slug)

    @cached_property
    def every(self) -> Mapping[str, Known]:
        """All indicators with a figure, in the order of the edition."""
        facts = json.loads((self.folder / FACTS).read_bytes())
        if not facts:
            return {}
        parts = {name: _Parts(self.folder / f"{name}.parquet") for name in KEPT_TABLES}
        nothing = Figures(table=_no_figures(), today=self.today)
        known = {}
        for slug, about in facts.items():
            own = {name: parts[name].of(slug) for name in TABLES}
            age = (self.today.year - pl.col("year")).alias("age")
            known[slug] = Known(
                entry=self.edition.indicators[slug],
                summary=Summary(
                    key=slug,
                    aim=Aim(**about["aim"]),
                    figures=nothing,
                    headline=_headline(about["headline"]),
                    spread=Distribution(**about["spread"]),
                    by_sex=tuple(about["by_sex"]),
                    is_of_one_sex=about["is_of_one_sex"],
                    **{**own, "latest": own["latest"].with_columns(age)},
                ),
                breakdowns=parts[BREAKDOWNS].of(slug),
                sources=dict(parts[SOURCES].of(slug).iter_rows()),
                flags=tuple(about["flags"]),
            )
        return known

    @cached_property
    def overview(self) -> Overview | None:
        """All indicators together, for the profiles of areas; None without any figure."""
        every = [each.summary for each in self.every.values()]
        return overview(every) if every else None


def summaries_of(edition: Edition, today: date) -> Summaries:
    """Return the summaries of an edition as of the year of a day, made if they are not there."""
    return _open(edition.digest, today.year)


@lru_cache(HELD)
def _open(digest: str, year: int) -> Summaries:
    return Summaries(open_edition(digest), date(year, 1, 1))


@lru_cache(ALONE)
def known_alone(digest: str, slug: str, dataset: str, year: int) -> Known | None:
    """Return what the figures of one dataset alone say of an indicator; None without a figure.

    Parameters
    ----------
    digest : str
        Of the edition.
    slug : str
        Place of the indicator in addresses.
    dataset : str
        Key of the dataset.
    year : int
        As of which the figures are read.
    """
    edition, today = open_edition(digest), date(year, 1, 1)
    entry = edition.indicators[slug]
    own = replace(entry, datasets=(dataset,))
    return _known(edition, own, today=today)


def compared_areas(edition: Edition, entry: IndicatorEntry) -> tuple[str, ...]:
    """Return the areas of an indicator that are ranked: countries, else those nothing is within.

    Parameters
    ----------
    edition : Edition
    entry : IndicatorEntry

    Returns
    -------
    tuple of str
        A region is never ranked beside its countries, nor a country beside its provinces.
    """
    own = [edition.area_by_code[code] for code in entry.areas if code in edition.area_by_code]
    countries = tuple(each.code for each in own if each.is_country)
    if len(countries) > 1:
        return countries
    above = {parent for each in own for parent in each.parents}
    return tuple(each.code for each in own if each.code not in above)


def datasets_in_order(edition: Edition, entry: IndicatorEntry) -> tuple[str, ...]:
    """Return the datasets of an indicator: own before third-party ones, then those of most rows."""

    def place(key: str) -> tuple[bool, int]:
        dataset = edition.datasets[key]
        return dataset.kind == "third_party", -(dataset.rows or 0)

    return tuple(sorted(entry.datasets, key=place))


def one_dataset_each(
    edition: Edition, entry: IndicatorEntry, table: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return figures with one dataset for each area, and which it is.

    Two datasets may tell different things of one area; figures of both are never made one series.

    Parameters
    ----------
    edition : Edition
    entry : IndicatorEntry
    table : DataFrame
        As `Edition.figures` returns it.
    """
    order = {key: at for at, key in enumerate(datasets_in_order(edition, entry))}
    place = pl.col(DATASET).replace_strict(order, return_dtype=pl.Int64)
    first = (
        table.select(AREA, DATASET, place.alias("place"))
        .unique()
        .sort("place", AREA)
        .unique(AREA, keep="first", maintain_order=True)
        .select(AREA, DATASET)
    )
    if len(order) > 1:
        table = table.join(first, on=[AREA, DATASET], how="semi", maintain_order="left")
    return table, dict(first.iter_rows())


def _made(edition: Edition, today: date) -> Path:
    """Return the folder of the summaries of a year, made whole or not at all."""
    folder = edition.folder / f"summaries-{today.year}"
    if folder.is_dir():
        return folder
    staged = edition.folder / f".summaries-{secrets.token_hex(4)}"
    staged.mkdir()
    try:
        _fill(staged, edition, today)
        try:
            staged.replace(folder)
        except OSError:
            # Somebody else was first; what is there is the same.
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return folder


def _fill(folder: Path, edition: Edition, today: date) -> None:
    facts: dict[str, Any] = {}
    found: dict[str, list[pl.DataFrame]] = {name: [] for name in KEPT_TABLES}
    for known in _summarised(edition, today):
        slug, summary, sources = known.entry.slug, known.summary, known.sources
        facts[slug] = {
            "aim": asdict(summary.aim),
            "headline": asdict(summary.headline),
            "spread": asdict(summary.spread),
            "by_sex": summary.by_sex,
            "is_of_one_sex": summary.is_of_one_sex,
            "flags": known.flags,
        }
        tables = {name: getattr(summary, name) for name in TABLES}
        tables[BREAKDOWNS] = known.breakdowns
        tables[SOURCES] = pl.DataFrame(
            {AREA: list(sources), SOURCE: list(sources.values())},
            schema={AREA: pl.String, SOURCE: pl.String},
        )
        for name, table in tables.items():
            found[name].append(table.select(pl.lit(slug).alias(KEY), pl.all()))
    for name, parts in found.items():
        if parts:
            pl.concat(parts, how="vertical_relaxed").write_parquet(folder / f"{name}.parquet")
    (folder / FACTS).write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _summarised(edition: Edition, today: date) -> Iterator[Known]:
    for entry in edition.indicators.values():
        known = _known(edition, entry, today=today) if entry.has_figures else None
        if known is not None:
            yield known


def _known(edition: Edition, entry: IndicatorEntry, *, today: date) -> Known | None:
    table, sources = one_dataset_each(edition, entry, edition.figures(entry))
    summary = summarise(
        table,
        today=today,
        indicator=declared(edition, entry),
        among=compared_areas(edition, entry),
    )
    if summary is None:
        return None
    nothing = Figures(table=summary.figures.table.clear(), today=today)
    return Known(
        entry=entry,
        summary=replace(summary, key=entry.slug, figures=nothing),
        breakdowns=available(summary.figures, summary.headline.series),
        sources=sources,
        flags=tuple(
            rows_of(summary.figures, summary.headline.series)["flags"].drop_nulls().unique().sort()
        ),
    )


def declared(edition: Edition, entry: IndicatorEntry) -> Indicator | None:
    """Return what the indicator set of an indicator says of it."""
    framework = edition.frameworks.get(entry.framework)
    if framework is None:
        return None
    try:
        return framework.indicator(entry.code)
    except NotFound:
        return None


def figures_of(
    edition: Edition,
    entry: IndicatorEntry,
    *,
    areas: Collection[str],
    datasets: Collection[str] = (),
    today: date,
) -> Figures:
    """Return the figures of some areas as readers may see them, one dataset for each area.

    Parameters
    ----------
    edition : Edition
    entry : IndicatorEntry
    areas : collection of str
    datasets : collection of str
        Take only these; left out, the one that `one_dataset_each` gives.
    today : date
    """
    known = summaries_of(edition, today).of(entry.slug)
    table = edition.figures(entry, areas=areas)
    if datasets:
        table = table.filter(pl.col(DATASET).is_in(list(datasets)))
    elif known is not None and len(entry.datasets) > 1:
        own = pl.col(AREA).replace_strict(dict(known.sources), default="", return_dtype=pl.String)
        table = table.filter(pl.col(DATASET) == own)
    return read_figures(table, today=today)


def _headline(about: Mapping[str, Any]) -> Headline:
    series = about["series"]
    return Headline(
        **{
            **about,
            "series": Series(**{**series, "codes": tuple(series["codes"])}),
            "always": tuple(about["always"]),
        }
    )


class _Parts:
    """A file that holds a table of each indicator one after the other."""

    def __init__(self, place: Path) -> None:
        every = pl.read_parquet(place)
        parts = every.partition_by(KEY, as_dict=True, include_key=False)
        self.parts = {str(key): table for (key,), table in parts.items()}
        self.nothing = every.clear().drop(KEY)

    def of(self, slug: str) -> pl.DataFrame:
        """Return the table of an indicator, without rows where it has none."""
        return self.parts.get(slug, self.nothing)


def _no_figures() -> pl.DataFrame:
    return read_figures(pl.DataFrame(schema=dict(OBSERVATION.schema)), today=date.min).table
