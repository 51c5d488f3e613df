"""What an indicator can be broken down by, one characteristic at a time and several at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from everycount.figures.reading import FIGURE, UNIT, Figures, bounds, one_each, seen
from everycount.figures.series import Series
from everycount.model.indicator import Indicator
from everycount.model.observation import AREA, BREAKDOWNS, PERIOD

JOIN = " x "
"""Between the dimensions of a breakdown by several at once."""
NO_GROUP = ("_U", "_X", "_O", "_N", "_Z")
"""Codes that name no group of people one could compare. SDMX Code List Guidelines: unknown, not
specified, other, no answer, not applicable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LargestGap:
    """The two parts of a breakdown that are furthest apart."""

    high: Mapping[str, str]
    """Codes of the part with the greatest figure, by dimension."""
    low: Mapping[str, str]
    """Codes of the part with the smallest."""
    high_value: float
    low_value: float
    overlap: bool | None
    """Whether their intervals overlap; None where these are not known."""

    @property
    def points(self) -> float:
        """How far apart they are."""
        return self.high_value - self.low_value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Breakdown:
    """Figures of one area and period by one or several characteristics, ready to be shown."""

    by: tuple[str, ...]
    """Dimensions."""
    area: str
    period: str
    rows: pl.DataFrame
    """The dimensions of `by`, `is_total`, the unit and the columns of `FIGURE`. The total, where
    there is one of the same period, is the first row."""
    gap: LargestGap | None
    """Among parts that do not rest on few cases; None with fewer than two."""


def available(figures: Figures, series: Series, *, area: str | None = None) -> pl.DataFrame:
    """Return by what the figures of an indicator are broken down.

    Parameters
    ----------
    figures : Figures
    series : Series
        The headline; what differs from it is a breakdown. Figures of another unit, frequency or
        reporting type do not count.
    area : str, optional
        Only figures of this area.

    Returns
    -------
    DataFrame
        `by` (dimensions joined by `` x ``), `count` (their number), `areas`, `figures`, `first` and
        `last` (years), single characteristics first.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.reading import read_figures
    >>> from everycount.figures.series import headline
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "REF_AREA": "704"}
    >>> row |= {"TIME_PERIOD": "2020", "UNIT_MEASURE": "PT"}
    >>> sexes = {"_T": 20.0, "F": 15.0, "M": 25.0}
    >>> rows = [row | {"SEX": sex, "OBS_VALUE": value} for sex, value in sexes.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> read = read_figures(table, today=date(2021, 1, 1))
    >>> available(read, headline(read).series).select("by", "areas", "figures").rows()
    [('SEX', 1, 2)]
    """
    rows = figures.table.filter(series.match(*BREAKDOWNS) & seen())
    if area is not None:
        rows = rows.filter(pl.col(AREA) == area)
    own = series.by_dimension
    broken = [pl.when(pl.col(each) != own[each]).then(pl.lit(each)) for each in BREAKDOWNS]
    by = pl.concat_str(broken, separator=JOIN, ignore_nulls=True).alias("by")
    return (
        rows.with_columns(by)
        .filter(pl.col("by") != "")
        .group_by("by")
        .agg(
            pl.col(AREA).n_unique().cast(pl.Int64).alias("areas"),
            pl.len().cast(pl.Int64).alias("figures"),
            pl.col("year").min().alias("first"),
            pl.col("year").max().alias("last"),
        )
        .with_columns((pl.col("by").str.count_matches(JOIN) + 1).cast(pl.Int64).alias("count"))
        .select("by", "count", "areas", "figures", "first", "last")
        .sort("count", _place(), "by")
    )


def _place() -> pl.Expr:
    """Return the place of the first dimension of a breakdown in the structure."""
    places = {name: place for place, name in enumerate(BREAKDOWNS)}
    return pl.col("by").str.split(JOIN).list.first().replace_strict(places, return_dtype=pl.Int64)


def breakdown(
    figures: Figures,
    series: Series,
    by: Sequence[str],
    *,
    area: str,
    period: str | None = None,
) -> Breakdown | None:
    """Return the figures of an area by some characteristics.

    Parameters
    ----------
    figures : Figures
    series : Series
        The headline: the total, and the codes of the other characteristics.
    by : sequence of str
        Dimensions, crossed.
    area : str
    period : str, optional
        Left out: the newest in which a part has a figure.

    Returns
    -------
    Breakdown or None
        None where no part has a figure; of a period that is given, also none that is hidden.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.reading import read_figures
    >>> from everycount.figures.series import headline
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "REF_AREA": "704"}
    >>> row |= {"TIME_PERIOD": "2020", "UNIT_MEASURE": "PT"}
    >>> sexes = {"_T": 20.0, "F": 15.0, "M": 25.0}
    >>> rows = [row | {"SEX": sex, "OBS_VALUE": value} for sex, value in sexes.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> read = read_figures(table, today=date(2021, 1, 1))
    >>> found = breakdown(read, headline(read).series, ["SEX"], area="704")
    >>> found.rows.select("SEX", "value").rows(), found.gap.points
    ([('_T', 20.0), ('F', 15.0), ('M', 25.0)], 10.0)
    """
    names = [name for name in BREAKDOWNS if name in by]
    own = series.by_dimension
    is_part = pl.all_horizontal(pl.col(name) != own[name] for name in names)
    is_total = pl.all_horizontal(pl.col(name) == own[name] for name in names)
    rows = figures.table.filter(series.match(*names) & (pl.col(AREA) == area))
    rows = rows.filter((is_part | is_total) & (pl.col("state") != "forecast"))
    rows = one_each(rows, [PERIOD, *names]).with_columns(is_total.alias("is_total"))
    parts = rows.filter(~pl.col("is_total") & (pl.col("state") != "missing"))
    known = parts.filter(seen()) if period is None else parts.filter(pl.col(PERIOD) == period)
    if not known.height:
        return None
    chosen = period or str(known[PERIOD][-1])
    told = rows.filter(pl.col(PERIOD) == chosen).sort(
        ~pl.col("is_total"), *(key for name in names for key in _order(name))
    )
    return Breakdown(
        by=tuple(names),
        area=area,
        period=chosen,
        rows=told.select(*names, "is_total", *UNIT, *FIGURE),
        gap=largest_gap(told, names),
    )


def _order(name: str) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return by what codes are put in order: groups first, ages by their first year, then text."""
    number = pl.col(name).str.extract(r"(\d+)").cast(pl.Int64, strict=False)
    return pl.col(name).is_in(NO_GROUP), number, pl.col(name)


def breakdowns(
    figures: Figures, series: Series, *, area: str, period: str | None = None
) -> tuple[Breakdown, ...]:
    """Return all that the figures of an area are broken down by, single characteristics first.

    Parameters and the choice of the period are those of `breakdown`.
    """
    every = available(figures, series, area=area)["by"].to_list()
    found = (breakdown(figures, series, by.split(JOIN), area=area, period=period) for by in every)
    return tuple(each for each in found if each is not None)


def largest_gap(rows: pl.DataFrame, names: Sequence[str]) -> LargestGap | None:
    """Return the parts of a breakdown that are furthest apart.

    Parameters
    ----------
    rows : DataFrame
        Of a `Breakdown`.
    names : sequence of str
        Dimensions.

    Returns
    -------
    LargestGap or None
        Of equal ones the first. Parts that rest on few cases, are hidden, or are no group, such as
        unknown, do not count.

    Examples
    --------
    >>> table = pl.DataFrame({"SEX": ["_T", "F", "M"], "is_total": [True, False, False],
    ...     "state": "shown", "value": [5.0, 4.0, 6.0], "lower": None, "upper": None,
    ...     "std_error": [None, 0.1, 0.1]})
    >>> largest_gap(table, ["SEX"]).points
    2.0
    """
    is_group = ~pl.any_horizontal(pl.col(name).is_in(NO_GROUP) for name in names)
    low, high = bounds()
    parts = rows.filter(
        ~pl.col("is_total") & (pl.col("state") == "shown") & pl.col("value").is_not_null()
    )
    parts = parts.filter(is_group).with_columns(low.alias("\0low"), high.alias("\0high"))
    if parts.height < 2:
        return None
    most = parts.row(parts["value"].arg_max() or 0, named=True)
    least = parts.row(parts["value"].arg_min() or 0, named=True)
    ends = (least["\0high"], most["\0low"])
    return LargestGap(
        high={name: most[name] for name in names},
        low={name: least[name] for name in names},
        high_value=most["value"],
        low_value=least["value"],
        overlap=None if None in ends else ends[0] >= ends[1],
    )


def asked(
    indicator: Indicator, there: pl.DataFrame, *, dimension: Callable[[str], str]
) -> pl.DataFrame:
    """Return the breakdowns that an indicator asks for, against those there are.

    Parameters
    ----------
    indicator : Indicator
        With `disaggregations` and `combined`.
    there : DataFrame
        What `available` found.
    dimension : callable
        Gives the dimension of a characteristic as frameworks name it.

    Returns
    -------
    DataFrame
        `by`, `words` (as the framework says it), `is_asked`, `is_there`, `areas`, `last`; those
        asked for first, then others there are. A breakdown by more at once holds those by less.

    Examples
    --------
    >>> seats = Indicator(key="1", code="1", title={"en": "Seats"}, disaggregations=("sex",))
    >>> there = pl.DataFrame({"by": ["SEX x AGE"], "areas": [3], "last": [2020]})
    >>> found = asked(seats, there, dimension=str.upper)
    >>> found.select("by", "is_asked", "is_there").rows()
    [('SEX', True, True), ('SEX x AGE', False, True)]
    """
    wanted: dict[str, str] = {}
    for names in [*((name,) for name in indicator.disaggregations), *indicator.combined]:
        dimensions = {dimension(name) for name in names} - {AREA}
        by = JOIN.join(name for name in BREAKDOWNS if name in dimensions)
        if by:
            wanted.setdefault(by, JOIN.join(names))
    have = {row["by"]: row for row in there.iter_rows(named=True)}
    rows = []
    for by in [*wanted, *(by for by in have if by not in wanted)]:
        fits = [row for each, row in have.items() if set(by.split(JOIN)) <= set(each.split(JOIN))]
        rows.append(
            {
                "by": by,
                "words": wanted.get(by, ""),
                "is_asked": by in wanted,
                "is_there": bool(fits),
                "areas": max((row["areas"] for row in fits), default=0),
                "last": max((row["last"] for row in fits), default=None),
            }
        )
    schema = {"by": pl.String, "words": pl.String, "is_asked": pl.Boolean, "is_there": pl.Boolean}
    return pl.DataFrame(rows, schema={**schema, "areas": pl.Int64, "last": pl.Int64})
