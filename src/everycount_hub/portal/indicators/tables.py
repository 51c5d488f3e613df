"""The tables of an indicator page as files."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import polars as pl

from everycount.figures.reading import Figures, read_figures
from everycount.figures.series import rows_of
from everycount.language.language import language as language_of
from everycount.model.observation import AREA, INDICATOR, PERIOD
from everycount_hub.edition.nouns import IndicatorEntry
from everycount_hub.edition.read import DATASET, Edition
from everycount_hub.edition.summaries import Known
from everycount_hub.portal.indicators.breakdown import Parts
from everycount_hub.portal.indicators.choice import Choice
from everycount_hub.portal.naming import area_names
from everycount_hub.portal.tables import Table

NAME, SERIES = "AREA_NAME", "SERIES"
COLUMNS = (
    PERIOD, "value", "text", "UNIT_MEASURE", "UNIT_MULT", "lower", "upper", "std_error",
    "sample_size", "state", "flags", "status", "nature", "source", "comment", "appraisal",
)  # fmt: skip


def within(rows: pl.DataFrame, choice: Choice) -> pl.DataFrame:
    """Return the rows of the years that were asked for."""
    if choice.first is not None:
        rows = rows.filter(pl.col("year") >= choice.first)
    if choice.last is not None:
        rows = rows.filter(pl.col("year") <= choice.last)
    return rows


def view_tables(
    edition: Edition,
    known: Known,
    choice: Choice,
    *,
    figures: Figures,
    parts: Parts | None,
    language: str,
) -> list[Table]:
    """Return the tables of the view, the figures of the chosen areas first."""
    summary = known.summary
    named_series = pl.lit(summary.headline.series.id).alias(SERIES)
    rows = within(rows_of(figures, summary.headline.series), choice).with_columns(named_series)
    order = {code: at for at, code in enumerate(choice.codes)}
    rows = rows.sort(pl.col(AREA).replace_strict(order, return_dtype=pl.Int64), "end", PERIOD)
    made = [
        Table(
            id="figures", title="Figures", rows=_named(edition, rows, language, (SERIES, *COLUMNS))
        ),
        Table(
            id="latest",
            title="Newest figure of each area",
            rows=_named(
                edition,
                summary.latest.sort("rank", AREA, nulls_last=True).with_columns(named_series),
                language,
                ("rank", SERIES, *COLUMNS, "distance", "share", "verdict"),
            ),
        ),
    ]
    if summary.gaps.height:
        columns = (PERIOD, "women", "men", "points", "ratio", "higher", "overlap", "few", "trend")
        made.append(
            Table(
                id="women-and-men",
                title="Women and men",
                rows=_named(edition, summary.gaps, language, columns),
            )
        )
    if parts is not None and parts.found is not None:
        found = parts.found
        dimensions = tuple(each for each in found.by if each not in COLUMNS)
        table = found.rows.with_columns(
            pl.lit(found.area).alias(AREA), pl.lit(found.period).alias(PERIOD)
        )
        columns = tuple(each for each in (*dimensions, *COLUMNS) if each in table.columns)
        made.append(
            Table(id="breakdown", title="Breakdown", rows=_named(edition, table, language, columns))
        )
    return made


def full_chunks(edition: Edition, entry: IndicatorEntry, today: date) -> Iterator[bytes]:
    """Yield every figure of an indicator that readers may see, a dataset at a time, as CSV."""
    yield b"\xef\xbb\xbf"
    is_first = True
    for key in entry.datasets:
        table = edition.figures(replace(entry, datasets=(key,)))
        read = read_figures(table, today=today).table.sort(AREA, "end", PERIOD)
        columns = [name for name in read.columns if name not in {"end", "year", "is_modelled"}]
        rows = read.select(
            pl.lit(key).alias(DATASET), INDICATOR, *[c for c in columns if c != INDICATOR]
        )
        yield rows.write_csv(include_header=is_first).encode()
        is_first = False


def _named(
    edition: Edition, rows: pl.DataFrame, language: str, columns: tuple[str, ...]
) -> pl.DataFrame:
    words, names = language_of(language), area_names(edition)
    codes = rows[AREA].unique().to_list()
    told = {code: words.area(code, names) for code in codes}
    name = pl.col(AREA).replace_strict(told, default=None, return_dtype=pl.String).alias(NAME)
    return rows.select(AREA, name, *columns)
