"""An indicator page: what was asked for, and all that is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from everycount.figures.area_statements import headline_statement
from everycount.figures.reading import Figures
from everycount.figures.series import rows_of
from everycount.figures.wording import COUNTS, Row, Words
from everycount.io.geometry import world_geometry
from everycount.language.language import Language, language
from everycount.model.observation import AREA, PERIOD
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import Edition, open_edition
from everycount_hub.edition.summaries import (
    Known,
    compared_areas,
    declared,
    figures_of,
    known_alone,
    summaries_of,
)
from everycount_hub.portal.drawn import Drawn, drawn
from everycount_hub.portal.indicators.breakdown import Parts, parts_of
from everycount_hub.portal.indicators.charts import (
    MapClass,
    interval_of,
    map_breaks,
    map_legend,
    target_of,
    trend_chart,
    world_chart,
)
from everycount_hub.portal.indicators.choice import Choice, read_choice
from everycount_hub.portal.indicators.compare import (
    beside_of,
    comparison_of,
    places_of,
    sexes_of,
)
from everycount_hub.portal.indicators.finding import finding_of, notice_of, why_these
from everycount_hub.portal.indicators.linked import dataset_ld
from everycount_hub.portal.indicators.proof import (
    chain_of,
    citation_of,
    facts_of,
    reviews_of,
    sources_of,
)
from everycount_hub.portal.indicators.reading import reading_of
from everycount_hub.portal.indicators.tables import within
from everycount_hub.portal.indicators.target import distances_of
from everycount_hub.portal.naming import (
    DIMENSIONS,
    FLAGS,
    area_name,
    code_name,
    group_title,
    named,
    number,
    own_codes,
    sayer,
    told,
    unit_words,
)

SHARED = 128
"""Pages of which what all choices share is kept at hand; some 200 kB each with the map."""
LEAST_COUNTRIES = 10
"""Countries with a figure from which a map of the world says more than a table. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """What a page is of, with the figures it needs."""

    edition: Edition
    entry: IndicatorEntry
    words: Language
    today: date
    address: str
    choice: Choice
    known: Known | None
    says: Words | None
    figures: Figures | None
    """Of the chosen areas."""
    parts: Parts | None

    @classmethod
    def read(
        cls,
        query: QueryDict,
        edition: Edition,
        entry: IndicatorEntry,
        *,
        words: Language,
        today: date,
        address: str,
    ) -> "Asked":
        """Return what an address asks for."""
        known = summaries_of(edition, today).of(entry.slug)
        choice = read_choice(query, edition, known)
        if choice.dataset and len(entry.datasets) > 1:
            known = known_alone(edition.digest, entry.slug, choice.dataset, today.year)
        says, figures, parts = None, None, None
        if known is not None:
            says = sayer(edition, entry, known.summary.headline.series, words)
            own = (choice.dataset,) if choice.dataset else ()
            figures = figures_of(edition, entry, areas=choice.codes, datasets=own, today=today)
            parts = parts_of(edition, known, choice, says, figures=figures)
        return cls(
            edition=edition, entry=entry, words=words, today=today, address=address,
            choice=choice, known=known, says=says, figures=figures, parts=parts,
        )  # fmt: skip


def page_of(asked: Asked) -> dict[str, Any]:
    """Return what the template of an indicator page shows."""
    edition, entry, words = asked.edition, asked.entry, asked.words
    known, says, choice = asked.known, asked.says, asked.choice
    chain, more_clauses = chain_of(edition, known, entry, choice, says, words)
    same = shared(edition.digest, entry.slug, words.code, choice.dataset, asked.today.year)
    framework = edition.frameworks.get(entry.framework)
    indicator = declared(edition, entry)
    shown: dict[str, Any] = {
        "entry": entry,
        "title": named(entry.names, words),
        "framework": named(framework.title, words) if framework else None,
        "group": group_title(framework, entry.group, words) if entry.group else None,
        "declared": indicator,
        "choice": choice,
        "finding": finding_of(known, choice, says),
        "notice": notice_of(edition, entry, choice, says),
        "chain": chain,
        "more_clauses": more_clauses,
        **same,
        "citation": citation_of(edition, entry, asked.address, words),
        "address": asked.address,
        "query": _query(choice),
        "api": _api(entry, choice),
        "json_ld": dataset_ld(edition, entry, asked.address, words),
    }
    if known is None or says is None or asked.figures is None:
        return shown
    return shown | _figures(asked, known, says, asked.figures)


def _figures(asked: Asked, known: Known, says: Words, figures: Figures) -> dict[str, Any]:
    """Return what is shown of an indicator with figures."""
    edition, choice, words = asked.edition, asked.choice, asked.words
    series = known.summary.headline.series
    rows = within(rows_of(figures, series), choice)
    names = {code: area_name(edition, code, words) for code in choice.codes}
    area, beside = beside_of(edition, known, choice, says)
    target = distances_of(edition, known, choice.codes, says, reviews=reviews_of(edition))
    return {
        "known": known,
        "summary": known.summary,
        "why_these": why_these(edition, choice, says),
        "names": list(names.items()),
        "trend": _trend(asked, known, says, rows, names),
        "table": _table(rows, choice, says),
        "years": _years(rows, known, words),
        "target": target,
        "sexes": sexes_of(edition, known, choice, says),
        "parts": asked.parts,
        "own_places": places_of(edition, known, choice, says),
        "beside": beside,
        "beside_area": area,
    }


@lru_cache(SHARED)
def shared(digest: str, slug: str, code: str, dataset: str, year: int) -> dict[str, Any]:
    """Return what is the same on the page of an indicator whichever areas are chosen.

    Parameters
    ----------
    digest : str
        Of the edition.
    slug : str
        Place of the indicator in addresses.
    code : str
        Of the language, which has to be the active one.
    dataset : str
        Key of the one dataset whose figures are shown; empty for all.
    year : int
    """
    edition, words, today = open_edition(digest), language(code), date(year, 1, 1)
    entry = edition.indicators[slug]
    shown: dict[str, Any] = {
        "sources": sources_of(edition, entry, words),
        "facts": facts_of(edition, entry, words),
    }
    query = QueryDict(urlencode({"dataset": dataset}) if dataset else "")
    asked = Asked.read(query, edition, entry, words=words, today=today, address="")
    known, says = asked.known, asked.says
    if known is None or says is None:
        return shown
    comparison = comparison_of(edition, known, asked.choice, says)
    shown |= {
        "unit": unit_words(says),
        "series_words": _series_words(asked, known),
        "headline": headline_statement(
            known.summary.headline, words, name=lambda each: str(DIMENSIONS.get(each, each))
        ).finding,
        "map": _map(asked, known, says),
        "flags": _flags(known),
        "reading": reading_of(known, says),
        "rule": comparison.rule if comparison else "",
    }
    parts = {**shown, "comparison": comparison, "options": _options(asked), "words": words}
    shown["areas_html"] = (
        render_to_string("portal/indicators/_areas.html", parts) if comparison else ""
    )
    shown["options_html"] = render_to_string("portal/indicators/_options.html", parts)
    return shown


def _trend(
    asked: Asked, known: Known, says: Words, rows: pl.DataFrame, names: Mapping[str, str]
) -> Drawn | None:
    if not rows["value"].is_not_null().any():
        return None
    target = target_of(known.summary.aim, says)
    return drawn(
        asked.edition,
        ("trend", asked.entry.slug, asked.words.code, *asked.choice.key),
        lambda width: trend_chart(rows, list(names.items()), says, target=target, width=width),
        kept=asked.choice.is_plain,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """The map with its legend."""

    drawing: Drawn
    legend: list[MapClass]
    note: str


def _map(asked: Asked, known: Known, says: Words) -> Map | None:
    """Return the map of countries; None where there are few, or a map would show counts."""
    newest = known.summary.latest.filter(
        pl.col(AREA).is_in(list(compared_areas(asked.edition, known.entry)))
    )
    own = asked.edition.area_by_code
    countries = [code for code in newest[AREA] if own[code].is_country]
    newest = newest.filter(pl.col(AREA).is_in(countries) & (pl.col("state") != "hidden"))
    breaks = map_breaks(newest, known.summary.aim)
    if newest.height < LEAST_COUNTRIES or not breaks or says.unit in COUNTS:
        return None
    return Map(
        drawing=drawn(
            asked.edition,
            ("map", asked.entry.slug, asked.words.code, asked.choice.dataset),
            lambda width: world_chart(newest, breaks, says, width=width),
            has_narrow=False,
        ),
        legend=map_legend(breaks, says),
        note=world_geometry().note(asked.words.code),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A figure in the table of areas and years."""

    text: str
    flags: str = ""
    more: str = ""
    is_missing: bool = False


def _table(rows: pl.DataFrame, choice: Choice, says: Words) -> list[tuple[str, list[Cell]]]:
    """Return the table of the view: a row for each period, the newest first."""
    found: dict[str, dict[str, Row]] = {}
    for row in rows.sort("end", PERIOD, descending=True).iter_rows(named=True):
        if row["state"] != "forecast":
            found.setdefault(row[PERIOD], {})[row[AREA]] = row
    return [
        (
            says.language.period(period),
            [_cell(cells[code], says) if code in cells else _NOTHING for code in choice.codes],
        )
        for period, cells in found.items()
    ]


_NOTHING = Cell(text="–", is_missing=True)


def _cell(row: Row, says: Words) -> Cell:
    more = []
    has_interval = row["std_error"] is not None or None not in (row["lower"], row["upper"])
    if row["value"] is not None and has_interval:
        low, high = interval_of(row)
        more.append(_("{low} to {high}").format(low=number(low, says), high=number(high, says)))
    if row["sample_size"] is not None:
        cases = says.language.number(row["sample_size"], 0)
        more.append(_("{count} cases").format(count=cases))
    return Cell(
        text=told(row, says),
        flags=row["flags"] or "",
        more="; ".join(more),
        is_missing=row["state"] in ("hidden", "missing"),
    )


def _flags(known: Known) -> list[tuple[str, str]]:
    """Return the letters that stand beside figures, with what they mean."""
    used = set("".join(known.flags))
    return [(letter, str(FLAGS[letter])) for letter in sorted(used) if letter in FLAGS]


def _years(rows: pl.DataFrame, known: Known, words: Language) -> str:
    years = rows["year"].drop_nulls()
    if not years.len():
        years = known.summary.latest["year"].drop_nulls()
    if not years.len():
        return ""
    first, last = years.min(), years.max()
    return words.period(str(first) if first == last else f"{first}/{last}")


def _series_words(asked: Asked, known: Known) -> str:
    """Return what the series is broken down by, such as female."""
    own = known.summary.headline.series.breakdowns
    return ", ".join(
        code_name(name, code, asked.words, own_codes(asked.edition, asked.entry, name))
        for name, code in own.items()
    )


def _options(asked: Asked) -> list[str]:
    """Return the names of areas that a reader can choose, in the reader's order."""
    names = [area_name(asked.edition, code, asked.words) for code in asked.entry.areas]
    return sorted(set(names), key=asked.words.sort_key)


def _query(choice: Choice) -> str:
    """Return the part of the address that asks for the same again."""
    pairs = [("area", each.slug) for each in choice.areas] if choice.why == "asked" else []
    if choice.first is not None:
        pairs.append(("from", str(choice.first)))
    if choice.last is not None:
        pairs.append(("to", str(choice.last)))
    if choice.by:
        pairs.append(("by", " ".join(choice.by)))
    if choice.dataset:
        pairs.append(("dataset", choice.dataset))
    return f"?{urlencode(pairs)}" if pairs else ""


def _api(entry: IndicatorEntry, choice: Choice) -> str:
    """Return the question to the API that gives the figures of the view."""
    pairs = [("indicator", entry.code)]
    if choice.areas:
        pairs.append(("area", ",".join(each.iso3 or each.code for each in choice.areas)))
    if choice.first is not None or choice.last is not None:
        pairs.append(("period", f"{choice.first or ''}..{choice.last or ''}"))
    return f"/api/v1/observations?{urlencode(pairs, safe=',.')}"
