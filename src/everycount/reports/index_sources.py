"""Make the table of sources on the page of an index: who says each figure, under what licence."""

from typing import Final

import numpy as np
import polars as pl

from everycount.reports.edition import Edition
from everycount.reports.index_page import SourceRow

_SOURCE_COLUMNS: Final = ("producer", "title", "series", "licence")
_MORE_COLUMNS: Final = ("licence_url", "url", "retrieved", "note")


def sources_of(edition: Edition, table: pl.DataFrame | None) -> tuple[SourceRow, ...]:
    """Return a row for each series behind the figures, with its licence.

    Rows of `table` whose `source` no figure names, and whose `indicators` name neither a grouping
    nor a weight of the averages, are left out. Without a table, the method says where its
    indicators come from.
    """
    if table is None:
        return _declared_sources(edition)
    state = edition.result.state
    numbers = np.unique(state.sources[edition.rows, : state.leaf_count])
    used = {state.source_names[number] for number in numbers if number >= 0}
    beside = {each.by for each in edition.result.methodology.averages}
    beside |= {each.weight for each in edition.result.methodology.averages if each.weight}
    rows = []
    for row in table.fill_null("").to_dicts():
        about = set(str(row.get("indicators", "")).split()) & beside
        if row["source"] in used or about:
            texts = {name: str(row.get(name, "")) for name in (*_SOURCE_COLUMNS, *_MORE_COLUMNS)}
            shown = ", ".join(sorted(about)) or row.get("indicators", "").replace(" ", ", ")
            rows.append(SourceRow(indicators=shown, **texts))
    return tuple(rows)


def _declared_sources(edition: Edition) -> tuple[SourceRow, ...]:
    by: dict[str, list[str]] = {}
    for indicator in edition.result.methodology.indicators:
        if indicator.source:
            by.setdefault(indicator.source, []).append(indicator.code)
    return tuple(
        SourceRow(
            indicators=", ".join(codes), producer=source, title="", series="", licence="not stated"
        )
        for source, codes in by.items()
    )
