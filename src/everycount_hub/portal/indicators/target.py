"""How far the chosen areas are from the targets of the indicator set and of policies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from everycount.figures.aim import SLIP, Aim, aim_of_target
from everycount.figures.progress import PACE
from everycount.figures.wording import Row, Words
from everycount.model.observation import AREA, PERIOD
from everycount.model.review import Review
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import Edition
from everycount_hub.edition.summaries import Known
from everycount_hub.portal.indicators.charts import target_words
from everycount_hub.portal.indicators.proof import area_of
from everycount_hub.portal.naming import VERDICTS, Tag, area_name, number, tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """One area against one promise."""

    promise: str
    lang: str
    area: str
    target: str
    latest: str
    period: str
    gap: str
    verdict: Tag | None
    pace: str = ""
    pace_verdict: Tag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Distances:
    """The section on targets."""

    target: str
    """The target of the indicator set in words; empty without one."""
    is_band: bool
    rows: tuple[Distance, ...]
    base: int = PACE.base
    to: int = PACE.to


def distances_of(
    edition: Edition,
    known: Known,
    areas: Sequence[str],
    says: Words,
    *,
    reviews: Mapping[str, Review],
) -> Distances:
    """Return the distances of areas.

    Parameters
    ----------
    edition : Edition
    known : Known
    areas : sequence of str
        Codes.
    says : Words
    reviews : mapping of str to Review
        Published policy reviews by the key of their dataset; targets of accepted issues with an
        accepted link count, against the figures of the area whose policy it is.
    """
    aim = known.summary.aim
    newest = {
        row[AREA]: row
        for row in known.summary.latest.filter(pl.col(AREA).is_in(list(areas))).iter_rows(
            named=True
        )
    }
    paces = {row[AREA]: row for row in known.summary.progress.iter_rows(named=True)}
    rows = []
    for code in areas:
        row = newest.get(code)
        if row is None or row["distance"] is None:
            continue
        pace = paces.get(code, {})
        rows.append(
            _row(
                row, says,
                promise=_("Target of the indicator set"), lang="",
                area=area_name(edition, code, says.language), target=target_words(aim, says),
                gap=row["distance"], verdict=tag(VERDICTS, row["verdict"]),
                pace=_pace(pace, says), pace_verdict=tag(VERDICTS, pace.get("verdict")),
            )
        )  # fmt: skip
    rows += _promises(edition, known.entry, newest, says, reviews)
    return Distances(
        target=target_words(aim, says),
        is_band=aim.low is not None and aim.high is not None and aim.low != aim.high,
        rows=tuple(rows),
    )


def _promises(
    edition: Edition,
    entry: IndicatorEntry,
    newest: Mapping[str, Row],
    says: Words,
    reviews: Mapping[str, Review],
) -> list[Distance]:
    rows = []
    for key, review in reviews.items():
        own = area_of(edition, edition.datasets[key])
        issues = {
            link.issue
            for link in review.accepted_links
            if (link.framework, link.key) == (entry.framework, entry.code)
        }
        for issue in review.accepted:
            if issue.id not in issues:
                continue
            for goal in issue.targets:
                aim = aim_of_target(goal)
                is_percent = says.is_percent and goal.unit in ("%", "percent", "per cent")
                if not aim.has_target or not is_percent:
                    continue
                for code, row in newest.items():
                    if own is not None and own.code != code:
                        continue
                    rows += _against(
                        edition, code, row, says, aim=aim, review=review, year=goal.year
                    )
    return rows


def _against(
    edition: Edition,
    code: str,
    row: Row,
    says: Words,
    *,
    aim: Aim,
    review: Review,
    year: int | None,
) -> list[Distance]:
    if row["value"] is None:
        return []
    gap = pl.select(aim.distance(pl.lit(row["value"], pl.Float64))).item()
    reached = gap <= SLIP
    if reached:
        verdict = Tag(text=_("Reached"), kind="good")
    elif year is not None and row["year"] >= year:
        verdict = Tag(text=_("Not kept by {year}").format(year=year), kind="bad")
    else:
        verdict = Tag(text=_("Not reached yet"), kind="warn")
    return [
        _row(
            row, says,
            promise=review.policy.title or review.policy.name, lang=review.policy.language,
            area=area_name(edition, code, says.language), target=target_words(aim, says),
            gap=gap, verdict=verdict,
        )
    ]  # fmt: skip


def _row(row: Row, says: Words, *, gap: float, **given: Any) -> Distance:
    return Distance(
        latest=number(row["value"], says),
        period=says.language.period(row[PERIOD]),
        gap=says.points(gap) if says.is_percent else number(gap, says),
        **given,
    )


def _pace(pace: Row, says: Words) -> str:
    if pace.get("observed") is None:
        return ""
    value = pace["observed"]
    text = says.language.significant(value * 10.0**says.unit_mult, 2)
    return f"+{text}" if value > 0 else text
