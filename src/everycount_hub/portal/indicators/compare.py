"""All areas beside one another: ranks, regions, women and men, and sources side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from everycount.charts.cell_marks import cell_bar
from everycount.figures.comparison import by_group
from everycount.figures.reading import read_figures, seen
from everycount.figures.statements import gap_statement
from everycount.figures.wording import Row, Words
from everycount.model.observation import AREA, PERIOD
from everycount_hub.edition.read import DATASET, Edition
from everycount_hub.edition.summaries import Known, compared_areas
from everycount_hub.portal.drawn import Drawn, drawn
from everycount_hub.portal.indicators.charts import (
    PAIRS,
    region_chart,
    regions_of,
    sexes_chart,
    target_of,
)
from everycount_hub.portal.indicators.choice import Choice
from everycount_hub.portal.naming import (
    HIGHER,
    TRENDS,
    area_name,
    code_name,
    named,
    number,
    told,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row of the ranking."""

    rank: str
    of: str
    slug: str
    name: str
    value: str
    flags: str
    year: str
    bar: SafeString


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A row of the table of regions."""

    name: str
    areas: str
    with_figure: str
    median: str
    low: str
    high: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The section that compares areas."""

    places: tuple[Place, ...]
    regions: tuple[Region, ...]
    chart: Drawn | None
    since: int | None
    rule: str
    """What rank 1 is."""


def comparison_of(edition: Edition, known: Known, choice: Choice, says: Words) -> Comparison | None:
    """Return all areas that can be compared; None with one alone."""
    summary = known.summary
    among = compared_areas(edition, known.entry)
    newest = summary.latest.filter(pl.col(AREA).is_in(list(among)))
    if newest.filter(pl.col("value").is_not_null()).height < 2:
        return None
    names = {code: area_name(edition, code, says.language) for code in newest[AREA]}
    rows = newest.sort("rank", "value", AREA, nulls_last=True)
    values = [each for each in newest["value"].to_list() if each is not None]
    scale = (min(0.0, *values), max(0.0, *values))
    regions = regions_of(edition, newest[AREA].to_list(), says)
    spread = by_group(newest, regions)
    order = {name: at for at, name in enumerate(dict.fromkeys(regions.values()))}
    picked = choice.codes if choice.why != "asked" else ()
    return Comparison(
        places=tuple(
            _place(row, names[row[AREA]], says, scale=scale, edition=edition)
            for row in rows.iter_rows(named=True)
        ),
        regions=tuple(
            _region(row, says)
            for row in sorted(spread.iter_rows(named=True), key=lambda row: order[row["group"]])
        ),
        chart=drawn(
            edition,
            ("regions", known.entry.slug, says.language.code, *picked, choice.dataset),
            lambda width: region_chart(
                newest,
                regions,
                names,
                says,
                picked=picked,
                target=target_of(summary.aim, says),
                width=width,
            ),
        ),
        since=next((row["since"] for row in newest.head(1).iter_rows(named=True)), None),
        rule={
            "up": _("Rank 1 is the highest figure."),
            "down": _("Rank 1 is the lowest figure."),
            "between": _("Rank 1 is nearest to the target band."),
        }.get(
            summary.aim.better or "",
            _("Rank 1 is the highest figure; nobody has said which way is better."),
        ),
    )


def places_of(edition: Edition, known: Known, choice: Choice, says: Words) -> tuple[Place, ...]:
    """Return the places of the chosen areas in the ranking, without bars."""
    rows = chosen_rows(known, choice.codes).iter_rows(named=True)
    return tuple(
        _place(
            row, area_name(edition, row[AREA], says.language), says, scale=(0, 0), edition=edition
        )
        for row in rows
    )


def _place(
    row: Row, name: str, says: Words, *, scale: tuple[float, float], edition: Edition
) -> Place:
    has_bar = row["value"] is not None and scale[0] < scale[1]
    bar = cell_bar(row["value"], scale=scale, colour="--c-1") if has_bar else ""
    return Place(
        of="" if row["of"] is None else says.language.number(row["of"], 0),
        rank="" if row["rank"] is None else says.language.number(row["rank"], 0),
        slug=edition.area_by_code[row[AREA]].slug,
        name=name,
        value=told(row, says),
        flags=row["flags"] or "",
        year=says.language.period(row[PERIOD]),
        bar=mark_safe(bar),  # noqa: S308 - drawn by the library from numbers alone
    )


def _region(row: Row, says: Words) -> Region:
    def told_number(name: str) -> str:
        return "" if row[name] is None else number(row[name], says)

    return Region(
        name=row["group"],
        areas=says.language.number(row["of"], 0),
        with_figure=says.language.number(row["count"], 0),
        median=told_number("median"),
        low=told_number("low"),
        high=told_number("high"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sexes:
    """The section on women and men."""

    findings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    chart: Drawn | None
    count: str
    """Areas with figures of both."""
    pairs: int


def sexes_of(edition: Edition, known: Known, choice: Choice, says: Words) -> Sexes | None:
    """Return women and men: the chosen areas, then those furthest apart; None without any."""
    gaps = known.summary.gaps
    if not gaps.height:
        return None
    own = gaps.filter(pl.col(AREA).is_in(list(choice.codes)))
    wide = gaps.filter(~pl.col(AREA).is_in(list(choice.codes)))
    wide = wide.sort(pl.col("points").abs(), AREA, descending=[True, False])
    rows = [
        *own.iter_rows(named=True),
        *wide.head(max(0, PAIRS - own.height)).iter_rows(named=True),
    ]
    rows.sort(key=lambda row: -abs(row["points"]))
    names = {row[AREA]: area_name(edition, row[AREA], says.language) for row in rows}
    today = known.summary.figures.today
    return Sexes(
        findings=tuple(
            gap_statement(row, says, age=today.year - row["year"]).text
            for row in own.iter_rows(named=True)
        ),
        rows=tuple(_pair(row, names, says) for row in rows),
        chart=drawn(
            edition,
            ("sexes", known.entry.slug, says.language.code, *choice.codes, choice.dataset),
            lambda width: sexes_chart(rows, names, says, width=width),
            kept=choice.is_plain,
        ),
        count=says.language.number(gaps.height, 0),
        pairs=gaps.height,
    )


def _pair(row: Row, names: Mapping[str, str], says: Words) -> tuple[str, ...]:
    return (
        names[row[AREA]],
        number(row["women"], says),
        number(row["men"], says),
        says.points(row["points"]) if says.is_percent else number(abs(row["points"]), says),
        "" if row["ratio"] is None else says.language.significant(row["ratio"]),
        str(HIGHER.get(row["higher"], "")),
        says.language.period(row[PERIOD]),
        str(TRENDS.get(row["trend"] or "", "")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A figure of one source or definition, beside those of others."""

    dataset: str
    dataset_lang: str
    producer: str
    type: str
    period: str
    value: str
    key: str
    is_shown: bool


def beside_of(
    edition: Edition, known: Known, choice: Choice, says: Words
) -> tuple[str, tuple[Beside, ...]]:
    """Return what each dataset and reporting type says of the first area; nothing if all is one.

    Returns
    -------
    tuple
        The area's name, and a row for each.
    """
    entry, summary = known.entry, known.summary
    types = summary.series["REPORTING_TYPE"].n_unique()
    if not choice.areas or (len(edition.indicators[entry.slug].datasets) < 2 and types < 2):
        return "", ()
    area = choice.areas[0]
    whole = edition.indicators[entry.slug]
    table = edition.figures(whole, areas=[area.code])
    shown = choice.dataset or known.sources.get(area.code, "")
    series, rows = summary.headline.series, []
    for key in whole.datasets:
        figures = read_figures(table.filter(pl.col(DATASET) == key), today=summary.figures.today)
        own = figures.table.filter(series.match("REPORTING_TYPE") & seen())
        newest = (
            own.sort("end", PERIOD).unique("REPORTING_TYPE", keep="last").sort("REPORTING_TYPE")
        )
        dataset = edition.datasets[key]
        title = named(dataset.titles, says.language)
        for row in newest.iter_rows(named=True):
            kind = row["REPORTING_TYPE"]
            is_shown = key == shown and kind == series.by_dimension["REPORTING_TYPE"]
            rows.append(
                Beside(
                    dataset=title.text,
                    dataset_lang=title.lang,
                    producer=named(dataset.producer, says.language).text,
                    type=code_name("REPORTING_TYPE", kind, says.language, {}),
                    period=says.language.period(row[PERIOD]),
                    value=told(row, says),
                    key=key,
                    is_shown=is_shown,
                )
            )
    name = area_name(edition, area.code, says.language)
    return (name, tuple(rows)) if len(rows) > 1 else ("", ())


def chosen_rows(known: Known, codes: Sequence[str]) -> pl.DataFrame:
    """Return the newest figures of areas, in their order."""
    order = {code: at for at, code in enumerate(codes)}
    rows = known.summary.latest.filter(pl.col(AREA).is_in(list(codes)))
    return rows.sort(pl.col(AREA).replace_strict(order, return_dtype=pl.Int64))
