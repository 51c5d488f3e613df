"""Observations: one figure a row, with every unit that was named, whether it has figures or not."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

COLUMNS = {
    "unit": pl.String,
    "period": pl.Int64,
    "variable": pl.String,
    "value": pl.Float64,
    "text": pl.String,
    "source": pl.String,
}
"""The columns every table of observations begins with, and their types."""

ATTRIBUTES = (
    "UNIT_MEASURE",
    "UNIT_MULT",
    "OBS_STATUS",
    "NATURE",
    "LOWER_BOUND",
    "UPPER_BOUND",
    "STD_ERROR",
    "SAMPLE_SIZE",
    "SOURCE_DETAIL",
    "COMMENT_OBS",
)
"""SDMX attributes of an observation that are kept, as text, when a file has them.

SDMX Global DSD for the Sustainable Development Goals, version 1.x, concept scheme of attributes.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Observations:
    """Figures in one long table. Treat `table` as read-only.

    `table` begins with the columns `COLUMNS`. ``value`` is null where ``text`` holds a category
    that is still to be turned into a number; one of the two always stands. ``period`` is null
    when the file names no period. `units` keeps the order of the file and also names units
    without any figure; `periods` ascends.
    """

    table: pl.DataFrame
    units: tuple[str, ...]
    periods: tuple[int, ...] = ()
    variables: tuple[str, ...] = ()
    layout: Literal["long", "wide"] = "long"
    """How the file was laid out. A wide file has a column for all it could hold; a long one does
    not name an indicator that nobody has a figure of."""

    def __post_init__(self) -> None:
        """Refuse a table of another shape: that would be our own mistake."""
        begins = dict(list(self.table.schema.items())[: len(COLUMNS)])
        if begins != COLUMNS:
            raise ValueError(f"a table of observations begins with {COLUMNS}, not with {begins}")
        strangers = set(self.table["unit"].unique()) - set(self.units)
        if strangers:
            raise ValueError(f"units {sorted(map(str, strangers))} are in the table, not in units")
