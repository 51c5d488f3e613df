"""One finding with its chart, chosen by rule: the widest informative gap.

The rule: of the indicators in per cent, those with a figure of the last five years first, the one
whose median area is furthest apart between women and men, if five areas or more have both. Where
no indicator has figures of both, the one whose median area is furthest from its target, by the
share of the way that is left. As for ranks, figures count that are at most five years older than
the newest of the indicator. Equal ones come in the order of the indicators.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from everycount.figures.comparison import distribution
from everycount.figures.statements import gap_statement, indicator_statement
from everycount.figures.wording import PERCENT, Words
from everycount.language.language import Language
from everycount.model.observation import AREA
from everycount_hub.edition.read import Edition
from everycount_hub.edition.summaries import Known, compared_areas, summaries_of
from everycount_hub.portal.drawn import Drawn, drawn
from everycount_hub.portal.indicators.charts import (
    PAIRS,
    region_chart,
    regions_of,
    sexes_chart,
    target_of,
    target_words,
)
from everycount_hub.portal.indicators.finding import emphasised
from everycount_hub.portal.indicators.proof import Source, sources_of
from everycount_hub.portal.naming import Named, area_name, named, sayer, unit_words

YEARS = 5
"""How much older than the newest a figure may be: the limit of ranks, docs/methods/figures.md."""
AREAS = 5
"""Fewer areas say little of an indicator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The finding as the page shows it."""

    title: Named
    sentence: SafeString
    more: tuple[str, ...]
    unit: str
    drawing: Drawn
    address: str
    sources: tuple[Source, ...]
    rule: str


def finding_of(edition: Edition, words: Language, today: date) -> Shown | None:
    """Return the finding; None where no indicator can tell one."""
    every = [each for each in summaries_of(edition, today).every.values() if _is_percent(each)]
    apart = _largest([(_typical_gap(edition, each), each) for each in every], today)
    if apart is not None:
        return _between(edition, apart, words, today)
    far = _largest([(_typical_distance(edition, each), each) for each in every], today)
    return None if far is None else _to_target(edition, far, words)


def _largest(sizes: Sequence[tuple[float, Known]], today: date) -> Known | None:
    found = [(_newest(known) >= today.year - YEARS, size, known) for size, known in sizes if size]
    return max(found, key=lambda each: each[:2])[2] if found else None


def _newest(known: Known) -> int:
    year = known.summary.latest["year"].max()
    return year if isinstance(year, int) else 0


def _is_percent(known: Known) -> bool:
    return known.summary.headline.series.unit in PERCENT


def _recent(table: pl.DataFrame, edition: Edition, known: Known) -> pl.DataFrame:
    compared = list(compared_areas(edition, known.entry))
    own = table.filter(pl.col(AREA).is_in(compared))
    return own.filter(pl.col("year") >= pl.col("year").max() - YEARS)


def _typical_gap(edition: Edition, known: Known) -> float:
    rows = _recent(known.summary.gaps, edition, known)
    return float(rows["points"].abs().median() or 0) if rows.height >= AREAS else 0.0  # type: ignore[arg-type]


def _typical_distance(edition: Edition, known: Known) -> float:
    rows = _recent(known.summary.latest, edition, known)["share"].drop_nulls()
    return float(rows.median() or 0) if rows.len() >= AREAS else 0.0  # type: ignore[arg-type]


def _between(edition: Edition, known: Known, words: Language, today: date) -> Shown:
    """Return the areas with the widest gaps between women and men."""
    says = sayer(edition, known.entry, known.summary.headline.series, words)
    rows = _recent(known.summary.gaps, edition, known)
    rows = rows.with_columns(pl.col("points").abs().alias("size"))
    widest = rows.sort("size", AREA, descending=[True, False]).head(PAIRS).to_dicts()
    names = {row[AREA]: area_name(edition, row[AREA], words) for row in widest}
    told = gap_statement(widest[0], says, age=today.year - widest[0]["year"])
    return _shown(
        edition, known, says,
        sentence=emphasised(told.finding, says.points(widest[0]["points"])),
        more=told.caveats,
        drawing=drawn(
            edition, ("front", "sexes", known.entry.slug, words.code, str(today.year)),
            lambda width: sexes_chart(widest, names, says, width=width),
        ),
        rule=_("Chosen by rule: of the indicators in per cent, the newest ones first, the one "
               "whose typical area has the widest gap between women and men."),
    )  # fmt: skip


def _to_target(edition: Edition, known: Known, words: Language) -> Shown:
    """Return all areas, by region, with the target."""
    says = sayer(edition, known.entry, known.summary.headline.series, words)
    compared = list(compared_areas(edition, known.entry))
    newest = known.summary.latest.filter(pl.col(AREA).is_in(compared))
    regions = regions_of(edition, newest[AREA].to_list(), says)
    names = {code: area_name(edition, code, words) for code in regions}
    target = target_of(known.summary.aim, says)
    told = indicator_statement(known.summary, says)
    median = distribution(newest.filter(pl.col("rank").is_not_null())).median
    return _shown(
        edition, known, says,
        sentence=emphasised(told.finding, "" if median is None else says.value(median)),
        more=(*told.caveats, target_words(known.summary.aim, says)),
        drawing=drawn(
            edition, ("front", "target", known.entry.slug, words.code),
            lambda width: region_chart(
                newest, regions, names, says, picked=(), target=target, width=width
            ),
        ),
        rule=_("Chosen by rule: of the indicators in per cent, the newest ones first, the one "
               "whose typical area is furthest from its target."),
    )  # fmt: skip


def _shown(
    edition: Edition,
    known: Known,
    says: Words,
    *,
    sentence: SafeString,
    more: tuple[str, ...],
    drawing: Drawn,
    rule: str,
) -> Shown:
    entry = known.entry
    return Shown(
        title=named(entry.names, says.language),
        sentence=sentence,
        more=tuple(each for each in more if each),
        unit=unit_words(says),
        drawing=drawing,
        address=reverse("portal:indicator", args=[entry.slug]),
        sources=sources_of(edition, entry, says.language),
        rule=rule,
    )
