"""The tables of a profile as files."""

import polars as pl

from everycount.model.observation import PERIOD
from everycount_hub.portal.areas.told import Told
from everycount_hub.portal.naming import named
from everycount_hub.portal.tables import Table

FIGURES = (
    PERIOD, "value", "text", "UNIT_MEASURE", "UNIT_MULT", "lower", "upper", "std_error",
    "sample_size", "state", "flags", "age", "rank", "of", "distance", "share", "verdict",
)  # fmt: skip
CHANGES = (
    "first_period", "first", "last_period", "last", "points", "per_cent", "per_year", "direction",
    "overlap",
)  # fmt: skip
GAPS = (PERIOD, "women", "men", "points", "ratio", "higher", "trend")


def tables_of(asked: Told) -> list[Table]:
    """Return the tables of a profile: the newest figure of each indicator first."""
    found, overview = asked.profile, asked.known.overview
    if found is None or overview is None:
        return [Table(id="figures", title="Figures", rows=pl.DataFrame())]
    keys = [each.slug for each in asked.entries]

    def own(table: pl.DataFrame) -> pl.DataFrame:
        mine = (pl.col("REF_AREA") == asked.area.code) & pl.col("key").is_in(keys)
        return table.filter(mine).sort(
            pl.col("key").replace_strict(_order(keys), return_dtype=pl.Int64)
        )

    missing = [(key, "no figure") for key in found.not_collected]
    missing += [(key, "not shown") for key in found.hidden]
    missing += [(key, "not by sex") for key in found.not_by_sex]
    missing_rows = pl.DataFrame(missing, schema={"key": pl.String, "what": pl.String}, orient="row")
    return [
        Table(id="figures", title="Newest figures", rows=_titled(asked, found.figures, FIGURES)),
        Table(id="changes", title="Changes", rows=_titled(asked, own(overview.changes), CHANGES)),
        Table(
            id="women-and-men", title="Women and men", rows=_titled(asked, own(overview.gaps), GAPS)
        ),
        Table(id="missing", title="What is missing", rows=_titled(asked, missing_rows, ("what",))),
    ]


def _order(keys: list[str]) -> dict[str, int]:
    return {key: at for at, key in enumerate(keys)}


def _titled(asked: Told, rows: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    titles = {each.slug: named(each.names, asked.words).text for each in asked.entries}
    codes = {each.slug: each.code for each in asked.entries}
    return rows.select(
        pl.col("key").replace_strict(codes, return_dtype=pl.String).alias("INDICATOR"),
        pl.col("key").replace_strict(titles, return_dtype=pl.String).alias("TITLE"),
        *columns,
    )
