"""Read observations for readers: what is shown, rests on few cases, is hidden, or is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from everycount.figures.periods import ends
from everycount.model.observation import AREA, INDICATOR, OBSERVATION, PERIOD, VALUE

HIDDEN_BELOW = 25
"""Cases in the sample below which a figure is not shown. DHS and MICS tables leave out figures
that rest on fewer than 25 unweighted cases."""
FEW_BELOW = 50
"""Cases in the sample below which a figure is shown with a warning: 25 to 49, the figures that DHS
and MICS put in parentheses."""
FREE = "F"
"""Confidentiality status of figures that all may see. SDMX CL_CONF_STATUS."""
SUPPRESSED, FORECAST, BREAK = "Q", "F", "B"
"""SDMX CL_OBS_STATUS."""
TOLD = ("B", "D", "E", "G", "I", "P", "U", "V", "W")
"""Statuses of figures that a reader is told of by a flag, the same letter in small. CL_OBS_STATUS:
break, other definition, estimated, experimental, imputed, provisional, low reliability, not
validated, includes another category."""
MODELLED = ("E", "M")
"""Natures of figures that the country did not produce itself: estimated, modelled. CL_NATURE."""
ESTIMATED = ("E", "I")
"""Statuses that say the same of a single observation. CL_OBS_STATUS."""
STATES = ("shown", "few", "hidden", "missing", "forecast")
FIGURES = ("shown", "few")
"""States in which there is a figure that a reader sees."""
TRUST = ("OFFICIAL", "OFFICIAL_NOTE", "SUPPLEMENTARY", "CONTEXT")
"""Labels of appraisal, from the strongest. CL_APPRAISAL. Figures without one are a producer's own
and count as official."""
Z = 1.96
"""Half a 95 % interval in standard errors, normal distribution."""

DIMENSIONS = tuple(each for each in OBSERVATION.dimensions if each not in (INDICATOR, AREA))
"""Dimensions that tell the series of an indicator apart."""
UNIT = ("UNIT_MEASURE", "UNIT_MULT")
SERIES = (*DIMENSIONS, *UNIT)
"""Columns that tell series apart: figures in different units are never one series."""
PLAIN = {
    "text": "VALUE_TEXT",
    "lower": "LOWER_BOUND",
    "upper": "UPPER_BOUND",
    "std_error": "STD_ERROR",
    "sample_size": "SAMPLE_SIZE",
}
"""What is hidden together with the value, by the name it has here."""
ABOUT = {
    "status": "OBS_STATUS",
    "nature": "NATURE",
    "source": "SOURCE_DETAIL",
    "appraisal": "APPRAISAL",
    "comment": "COMMENT_OBS",
    "updated": "DATA_LAST_UPDATE",
}
FIGURE = ("value", *PLAIN, *ABOUT, "state", "flags", "is_modelled", "year", "end")
"""Columns that tell of a figure."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figures:
    """Observations as readers may see them. Treat `table` as read-only.

    `table` has INDICATOR, REF_AREA, TIME_PERIOD, the columns of `SERIES` and those of `FIGURE`:
    `state` is one of `STATES`; `value` and all that is hidden with it are null where the state is
    hidden; `flags` are letters such as ``be``; `year` is that in which the period ends.
    """

    table: pl.DataFrame
    today: date


def read_figures(table: pl.DataFrame, *, today: date, known: date | None = None) -> Figures:
    """Return observations as readers may see them.

    Parameters
    ----------
    table : DataFrame
        In the structure OBSERVATION, of one indicator or of many.
    today : date
        From which the age of figures is counted.
    known : date, optional
        The day the data were published or fetched. Periods that begin in a later year are
        forecasts, also where the status does not say so; as are those after DATA_LAST_UPDATE.
        Left out: today.

    Returns
    -------
    Figures
        A row for each observation, in any order. Figures are hidden where the status is Q, where
        the confidentiality status is not F, and where the sample is below `HIDDEN_BELOW`.

    Examples
    --------
    >>> row = {"INDICATOR": "5d", "REF_AREA": "704", "TIME_PERIOD": "2020", "OBS_VALUE": 26.7}
    >>> table = pl.DataFrame([row | {"SAMPLE_SIZE": 24.0}], schema=dict(OBSERVATION.schema))
    >>> read_figures(table, today=date(2021, 1, 1)).table.select("value", "state").rows()
    [(None, 'hidden')]
    """
    end, year = ends(table[PERIOD])
    number = pl.col(VALUE).fill_nan(None)
    size = pl.col("SAMPLE_SIZE").fill_nan(None)
    limit = pl.min_horizontal(pl.lit((known or today).year), _year(pl.col("DATA_LAST_UPDATE")))
    state = (
        pl.when(_is_hidden(size))
        .then(pl.lit("hidden"))
        .when(number.is_null() & pl.col("VALUE_TEXT").is_null())
        .then(pl.lit("missing"))
        .when((pl.col("OBS_STATUS") == FORECAST) | (_year(pl.col(PERIOD)) > limit))
        .then(pl.lit("forecast"))
        .when(size < FEW_BELOW)
        .then(pl.lit("few"))
        .otherwise(pl.lit("shown"))
    )
    by_model = pl.col("NATURE").is_in(MODELLED) | pl.col("OBS_STATUS").is_in(ESTIMATED)
    rows = table.select(
        INDICATOR,
        AREA,
        PERIOD,
        *DIMENSIONS,
        "UNIT_MEASURE",
        pl.col("UNIT_MULT").fill_null(0),
        number.alias("value"),
        *(pl.col(column).alias(name) for name, column in PLAIN.items()),
        *(pl.col(column).alias(name) for name, column in ABOUT.items()),
        state.alias("state"),
        by_model.fill_null(value=False).alias("is_modelled"),
        year.alias("year"),
        end.alias("end"),
    )
    hidden = pl.col("state") == "hidden"
    shown = rows.with_columns(
        *(pl.when(~hidden).then(pl.col(name)).alias(name) for name in ("value", *PLAIN)),
        _flags().alias("flags"),
    )
    return Figures(table=shown.select(INDICATOR, AREA, PERIOD, *SERIES, *FIGURE), today=today)


def _year(text: pl.Expr) -> pl.Expr:
    """Return the year that a period or a date begins with."""
    return text.str.slice(0, 4).cast(pl.Int32, strict=False)


def _is_hidden(size: pl.Expr) -> pl.Expr:
    """Tell whether a figure must not be shown."""
    confidential = pl.col("CONF_STATUS").is_not_null() & (pl.col("CONF_STATUS") != FREE)
    is_hidden = (pl.col("OBS_STATUS") == SUPPRESSED) | confidential | (size < HIDDEN_BELOW)
    return is_hidden.fill_null(value=False)


def _flags() -> pl.Expr:
    """Return what a reader is told of a figure, one letter each."""
    known = pl.when(pl.col("status").is_in(TOLD)).then(pl.col("status").str.to_lowercase())
    modelled = pl.when(pl.col("is_modelled") & (known.fill_null("") != "e")).then(pl.lit("e"))
    return pl.concat_str(known, modelled, ignore_nulls=True)


def seen() -> pl.Expr:
    """Return whether a reader sees a figure, be it a number or words."""
    return pl.col("state").is_in(FIGURES)


def one_each(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return one row for each key, the oldest period first, whatever the order of the rows.

    Parameters
    ----------
    rows : DataFrame
        Of `Figures`; figures of several sources may stand for one area and period.
    key : sequence of str
        Columns that identify a figure.

    Returns
    -------
    DataFrame
        Of several, the figure that is seen; then that with the stronger label of appraisal, the
        later update, a source that comes first in the alphabet, and the greater value.

    Examples
    --------
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {"REF_AREA": "704", "TIME_PERIOD": "2020", "OBS_VALUE": 26.0}
    >>> newer = row | {"OBS_VALUE": 27.0, "DATA_LAST_UPDATE": "2021-02-01"}
    >>> table = pl.DataFrame([newer, row], schema=dict(OBSERVATION.schema))
    >>> read = read_figures(table, today=date(2022, 1, 1)).table
    >>> one_each(read, ["REF_AREA", "TIME_PERIOD"])["value"].to_list()
    [27.0]
    """
    weakness = {label: float(place) for place, label in enumerate(TRUST)}
    trust = pl.col("appraisal").replace_strict(weakness, default=0.0, return_dtype=pl.Float64)
    order = [pl.col("end"), pl.col(PERIOD)]
    # A full sort costs most of the time, and tables in which nothing repeats need only the time.
    if rows.height == rows.select(pl.struct(key).n_unique()).item():
        return rows.sort([*order, *key])
    preferred = [seen(), -trust, pl.col("updated"), pl.col("source")]
    others = [pl.col(name) for name in FIGURE if name not in {"updated", "source", "end"}]
    is_descending = [False] * 5 + [True] + [False] * len(others)
    ranked = rows.sort([*order, *preferred, *others], descending=is_descending)
    return ranked.unique(key, keep="last", maintain_order=True).sort([*order, *key])


def bounds() -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of the interval of a figure: as published, else from its standard error."""
    half = Z * pl.col("std_error")
    low = pl.coalesce(pl.col("lower"), pl.col("value") - half)
    return low, pl.coalesce(pl.col("upper"), pl.col("value") + half)
