"""What an indicator is broken down by: asked for, there, and one breakdown at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from everycount.figures.breakdowns import JOIN, Breakdown, asked, available, breakdown
from everycount.figures.reading import Figures
from everycount.figures.wording import Row, Words
from everycount.repository.check_coverage import dimension_of
from everycount_hub.edition.read import Edition
from everycount_hub.edition.summaries import Known, declared
from everycount_hub.portal.drawn import Drawn, drawn
from everycount_hub.portal.indicators.charts import interval_of, parts_chart
from everycount_hub.portal.indicators.choice import Choice
from everycount_hub.portal.naming import (
    DIMENSIONS,
    Tag,
    area_name,
    code_name,
    number,
    own_codes,
    told,
    unit_words,
)

Codes = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Names of codes by dimension, code and language."""
SHOWN = 25
"""Parts in a chart; a table holds the rest."""
LISTED = 200
"""Parts in the table of a page; the files hold all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A breakdown that a reader can choose."""

    words: str
    query: str
    is_shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A row of the table of a breakdown."""

    name: str
    is_total: bool
    value: str
    interval: str
    cases: str
    flags: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parts:
    """The section on breakdowns."""

    area: str
    ways: tuple[Way, ...]
    title: str = ""
    period: str = ""
    unit: str = ""
    rows: tuple[Part, ...] = ()
    beyond: int = 0
    has_intervals: bool = False
    has_cases: bool = False
    gap: str = ""
    chart: Drawn | None = None
    wanted: tuple[tuple[str, str, Tag, str], ...] = ()
    found: Breakdown | None = None


def parts_of(
    edition: Edition, known: Known, choice: Choice, says: Words, *, figures: Figures
) -> Parts | None:
    """Return the breakdowns of the first area that is shown."""
    if not choice.areas:
        return None
    area, series = choice.areas[0], known.summary.headline.series
    # Most indicators have no breakdown in any area, which is known beforehand.
    is_split = known.breakdowns.height > 0
    there = available(figures, series, area=area.code)["by"].to_list() if is_split else []
    wanted = _wanted(edition, known, says)
    name = area_name(edition, area.code, says.language)
    if not there:
        return Parts(area=name, ways=(), wanted=wanted)
    asked_for = JOIN.join(choice.by)
    by = asked_for if asked_for in there else there[0]
    ways = tuple(
        Way(words=by_words(each, says), query=_query(choice, each), is_shown=each == by)
        for each in there
    )
    found = breakdown(figures, series, by.split(JOIN), area=area.code)
    if found is None:
        return Parts(area=name, ways=ways, wanted=wanted)
    rows = [
        (part_name(row, found.by, says, _codes(edition, known, found.by)), row)
        for row in found.rows.iter_rows(named=True)
    ]
    title = _("{area}, by {breakdown}").format(area=name, breakdown=by_words(by, says))
    period = says.language.period(found.period)
    return Parts(
        area=name,
        ways=ways,
        title=title,
        period=period,
        unit=unit_words(says),
        rows=tuple(_part(name, row, says) for name, row in rows[:LISTED]),
        beyond=max(0, len(rows) - LISTED),
        has_intervals=any(
            row["std_error"] is not None or row["lower"] is not None for _n, row in rows
        ),
        has_cases=any(row["sample_size"] is not None for _n, row in rows),
        gap=_gap(found, says, _codes(edition, known, found.by)),
        chart=_chart(edition, known, choice, says, by=by, rows=rows[:SHOWN], title=title),
        wanted=wanted,
        found=found,
    )


def by_words(by: str, says: Words) -> str:
    """Return a breakdown in words."""
    return says.language.listed(str(DIMENSIONS[each]) for each in by.split(JOIN))


def part_name(row: Row, by: Sequence[str], says: Words, codes: Codes) -> str:
    """Return what a part of a breakdown is called."""
    if row["is_total"]:
        return _("Total")
    return ", ".join(code_name(each, row[each], says.language, codes[each]) for each in by)


def _codes(edition: Edition, known: Known, by: Sequence[str]) -> Codes:
    return {each: own_codes(edition, known.entry, each) for each in by}


def _part(name: str, row: Row, says: Words) -> Part:
    interval = ""
    if row["value"] is not None and (
        row["std_error"] is not None or None not in (row["lower"], row["upper"])
    ):
        low, high = interval_of(row)
        interval = _("{low} to {high}").format(low=number(low, says), high=number(high, says))
    size = row["sample_size"]
    return Part(
        name=name,
        is_total=row["is_total"],
        value=told(row, says),
        interval=interval,
        cases="" if size is None else says.language.number(size, 0),
        flags=row["flags"] or "",
    )


def _gap(found: Breakdown, says: Words, codes: Codes) -> str:
    gap = found.gap
    if gap is None or not gap.points:
        return ""
    parts = {
        "high": part_name({**gap.high, "is_total": False}, found.by, says, codes),
        "low": part_name({**gap.low, "is_total": False}, found.by, says, codes),
    }
    if gap.overlap:
        message = _(
            "Furthest apart: {high} and {low}; their intervals overlap, so they cannot be told "
            "apart."
        )
        return message.format(**parts)
    values = {"top": number(gap.high_value, says), "bottom": number(gap.low_value, says)}
    if says.is_percent:
        message = _(
            "Furthest apart: {high} at {top} and {low} at {bottom}, {points} points between."
        )
        return message.format(**parts, **values, points=says.points(gap.points))
    return _("Furthest apart: {high} at {top} and {low} at {bottom}.").format(**parts, **values)


def _chart(
    edition: Edition,
    known: Known,
    choice: Choice,
    says: Words,
    *,
    by: str,
    rows: Sequence[tuple[str, Row]],
    title: str,
) -> Drawn | None:
    if not any(row["value"] is not None for _name, row in rows):
        return None
    return drawn(
        edition,
        ("parts", known.entry.slug, says.language.code, choice.codes[0], by, choice.dataset),
        lambda width: parts_chart(rows, title, says, target=None, width=width),
        kept=choice.is_plain,
    )


def _query(choice: Choice, by: str) -> str:
    areas = [("area", each.slug) for each in choice.areas] if choice.why == "asked" else []
    dataset = [("dataset", choice.dataset)] if choice.dataset else []
    return urlencode([*areas, *dataset, ("by", by.replace(JOIN, " "))])


def _wanted(edition: Edition, known: Known, says: Words) -> tuple[tuple[str, str, Tag, str], ...]:
    indicator = declared(edition, known.entry)
    if indicator is None or not (indicator.disaggregations or indicator.combined):
        return ()
    rows = asked(indicator, known.breakdowns, dimension=dimension_of)
    made = []
    for row in rows.filter(rows["is_asked"]).iter_rows(named=True):
        if row["is_there"]:
            state = Tag(text=_("Published"), kind="good")
            more = _("{count} areas, last year {year}").format(
                count=says.language.number(row["areas"], 0), year=row["last"]
            )
        else:
            state, more = Tag(text=_("Not in these figures"), kind="bad"), ""
        made.append((by_words(row["by"], says), row["words"], state, more))
    return tuple(made)
