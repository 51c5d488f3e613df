"""The series of an indicator, and the one that speaks for it: its headline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from everycount.figures.reading import (
    DIMENSIONS,
    FIGURE,
    SERIES,
    UNIT,
    Figures,
    one_each,
    seen,
)
from everycount.model.codes import TOTAL
from everycount.model.observation import AREA, BREAKDOWNS, INDICATOR, PERIOD

SCARCE = 0.1
"""Share of the areas of the widest series below which a series is no headline. A total that one
area in ten has says nothing of the others. Everycount's own choice; no standard gives one."""
FIRST_SEX = "F"
"""Of two series that are alike but for the sex, that of women speaks for a gender indicator."""
USUAL = {"FREQ": "A"}
"""Of two series that are alike, the annual one is easier to compare."""
Rule = Literal["total", "only", "fewest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series of an indicator: all that tells its figures apart but area and period."""

    indicator: str
    codes: tuple[str, ...]
    """Code of each dimension of `DIMENSIONS`."""
    unit: str | None = None
    unit_mult: int = 0

    @property
    def by_dimension(self) -> Mapping[str, str]:
        """The code of each dimension."""
        return dict(zip(DIMENSIONS, self.codes, strict=True))

    @property
    def breakdowns(self) -> Mapping[str, str]:
        """The codes that are not the total, by dimension."""
        own = self.by_dimension
        return {name: own[name] for name in BREAKDOWNS if own[name] != TOTAL}

    @property
    def id(self) -> str:
        """A name that is the same for the same series: its codes that are not the total."""
        own = {name: code for name, code in self.by_dimension.items() if code != TOTAL}
        unit = {"UNIT_MEASURE": self.unit or "", "UNIT_MULT": str(self.unit_mult or "")}
        return ",".join(f"{name}={code}" for name, code in (own | unit).items() if code)

    def changed(self, **codes: str) -> "Series":
        """Return the series with other codes, such as ``SEX="M"``."""
        own = {**self.by_dimension, **codes}
        return Series(
            indicator=self.indicator,
            codes=tuple(own[name] for name in DIMENSIONS),
            unit=self.unit,
            unit_mult=self.unit_mult,
        )

    def match(self, *without: str) -> pl.Expr:
        """Return whether a row is of the series, but for the columns in `without`."""
        wanted = {INDICATOR: self.indicator, **self.by_dimension}
        unit = pl.col("UNIT_MEASURE")
        return pl.all_horizontal(
            *(pl.col(name) == code for name, code in wanted.items() if name not in without),
            unit.is_null() if self.unit is None else unit == self.unit,
            pl.col("UNIT_MULT") == self.unit_mult,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The series that speaks for an indicator, and why it was chosen."""

    series: Series
    rule: Rule
    """total: it is not broken down; only: it is by nothing but what all figures are broken down by;
    fewest: of all it is broken down by the least."""
    always: tuple[str, ...]
    """Dimensions in which no figure is a total: what the indicator is about, such as SEX."""
    areas: int
    """Areas with a figure."""
    of: int
    """Areas with a figure in any series."""
    alternatives: int
    """Other series."""


def series_of(figures: Figures) -> pl.DataFrame:
    """Return the series there are.

    Parameters
    ----------
    figures : Figures
        Of one indicator or of many.

    Returns
    -------
    DataFrame
        INDICATOR, the columns of `SERIES`, and `areas` (with a figure), `figures`, `first` and
        `last` (years), in the order of the codes. Series without a figure are left out.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.reading import read_figures
    >>> from everycount.model.observation import OBSERVATION
    >>> usual = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row = {**usual, "INDICATOR": "5d", "REF_AREA": "704", "OBS_VALUE": 26.0}
    >>> rows = [row | {"TIME_PERIOD": "2019"}, row | {"TIME_PERIOD": "2020"}]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> found = series_of(read_figures(table, today=date(2021, 1, 1)))
    >>> found.select("areas", "figures", "first", "last").rows()
    [(1, 2, 2019, 2020)]
    """
    known = figures.table.filter(seen())
    names = (INDICATOR, *SERIES)
    # Most dimensions hold one code; grouping by these would cost most of the time.
    same = known.select(pl.col(names).eq_missing(pl.col(names).first()).all())
    varying = [name for name in names if not same[name].item()]
    rest = [pl.col(name).first() for name in names if name not in varying]
    counts = [
        pl.col(AREA).n_unique().cast(pl.Int64).alias("areas"),
        pl.len().cast(pl.Int64).alias("figures"),
        pl.col("year").min().alias("first"),
        pl.col("year").max().alias("last"),
    ]
    if not varying:
        return known.select(*rest, *counts).filter(pl.col("figures") > 0).select(*names, *_COUNTS)
    grouped = known.group_by(varying).agg(*rest, *counts)
    return grouped.select(*names, *_COUNTS).sort(names)


_COUNTS = ("areas", "figures", "first", "last")


def headline(
    figures: Figures, *, series: pl.DataFrame | None = None, prefer: str = ""
) -> Headline | None:
    """Return the series that speaks for an indicator.

    Series that are scarce (`SCARCE`) do not stand for election. Of the others wins, in this order:
    the reporting type that is asked for; the fewest breakdowns, none being a total; the most areas;
    the unit that most figures are in; the most figures; the newest; annual figures; women; the
    first in the order of the codes.

    Parameters
    ----------
    figures : Figures
        Of one indicator.
    series : DataFrame, optional
        What `series_of` says of them, if it is there already.
    prefer : str
        Reporting type to come first, such as ``N``, where it is wanted.

    Returns
    -------
    Headline or None
        None without any figure.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.reading import read_figures
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "REF_AREA": "704"}
    >>> row |= {"TIME_PERIOD": "2020", "UNIT_MEASURE": "PT"}
    >>> sexes = {"_T": 20.0, "F": 15.0, "M": 25.0}
    >>> rows = [row | {"SEX": sex, "OBS_VALUE": value} for sex, value in sexes.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> read = read_figures(table, today=date(2021, 1, 1))
    >>> found = headline(read)
    >>> found.rule, found.series.id
    ('total', 'FREQ=A,REPORTING_TYPE=N,UNIT_MEASURE=PT')
    """
    every = series_of(figures) if series is None else series
    if not every.height:
        return None
    always = tuple(name for name in BREAKDOWNS if not (every[name] == TOTAL).any())
    broken = pl.sum_horizontal((pl.col(name) != TOTAL).cast(pl.Int64) for name in BREAKDOWNS)
    unusual = [pl.col(name) != code for name, code in USUAL.items()]
    least = SCARCE * pl.col("areas").max()
    found = (
        every.with_columns(
            broken.alias("\0broken"), pl.col("figures").sum().over("UNIT_MEASURE").alias("\0used")
        )
        .filter(pl.col("areas") >= least)
        .sort(
            pl.col("REPORTING_TYPE") != (prefer or pl.col("REPORTING_TYPE")),
            pl.col("\0broken"),
            -pl.col("areas"),
            -pl.col("\0used"),
            -pl.col("figures"),
            -pl.col("last"),
            *unusual,
            pl.col("SEX") != FIRST_SEX,
            *SERIES,
            nulls_last=True,
        )
        .row(0, named=True)
    )
    chosen = Series(
        indicator=found[INDICATOR],
        codes=tuple(found[name] for name in DIMENSIONS),
        unit=found["UNIT_MEASURE"],
        unit_mult=found["UNIT_MULT"],
    )
    broken_by = set(chosen.breakdowns)
    only: Rule = "only" if broken_by <= set(always) else "fewest"
    return Headline(
        series=chosen,
        rule=only if broken_by else "total",
        always=always,
        areas=found["areas"],
        of=figures.table.filter(seen())[AREA].n_unique(),
        alternatives=every.height - 1,
    )


def rows_of(figures: Figures, series: Series) -> pl.DataFrame:
    """Return the figures of a series, one for each area and period, the oldest first.

    Where several sources have a figure for one area and period, `one_each` says which stands. The
    dimensions, all of one code, are left out.
    """
    own = figures.table.lazy().filter(series.match())
    return one_each(own.select(INDICATOR, AREA, PERIOD, *UNIT, *FIGURE).collect(), (AREA, PERIOD))
