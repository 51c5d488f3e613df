"""Areas beside one another: same periods, groups and their medians, and peers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from everycount.arrays.quantile import Rule, quantile
from everycount.figures.reading import FIGURE, UNIT, Figures, seen
from everycount.figures.series import Series, rows_of
from everycount.model.observation import AREA, PERIOD
from everycount.model.units import Units

TOLERANCE = 2
"""Years by which a figure may lie off the year that is asked for. Everycount's own choice; no
standard gives one. It is said wherever areas are compared."""
QUARTILES = (0.25, 0.5, 0.75)


def compared(
    figures: Figures,
    series: Series,
    *,
    areas: Sequence[str],
    years: Sequence[int],
    tolerance: int = TOLERANCE,
) -> pl.DataFrame:
    """Return the figures of several areas for the same years, the nearest within a tolerance.

    Parameters
    ----------
    figures : Figures
    series : Series
    areas : sequence of str
        In the order in which they are shown.
    years : sequence of int
    tolerance : int
        Years that a figure may lie off. Of two that are as near the newer is taken.

    Returns
    -------
    DataFrame
        `year_asked`, REF_AREA, TIME_PERIOD, `off` (years between; negative if the figure is older),
        the unit and the columns of `FIGURE`: a row for each year and area, empty without a figure.

    Examples
    --------
    >>> from datetime import date
    >>> from everycount.figures.reading import read_figures
    >>> from everycount.figures.series import headline
    >>> from everycount.model.observation import OBSERVATION
    >>> row = {c.id: c.default for c in OBSERVATION.components if c.default}
    >>> row |= {"INDICATOR": "5d", "REF_AREA": "704"}
    >>> years = {"2015": 24.3, "2020": 26.7}
    >>> rows = [row | {"TIME_PERIOD": year, "OBS_VALUE": value} for year, value in years.items()]
    >>> table = pl.DataFrame(rows, schema=dict(OBSERVATION.schema))
    >>> read = read_figures(table, today=date(2021, 1, 1))
    >>> found = compared(read, headline(read).series, areas=["704", "250"], years=[2021])
    >>> found.select("REF_AREA", "TIME_PERIOD", "off", "value").rows()
    [('704', '2020', -1, 26.7), ('250', None, None, None)]
    """
    rows = rows_of(figures, series).filter(seen())
    place = {area: at for at, area in enumerate(dict.fromkeys(areas))}
    every = pl.DataFrame(
        [(year, area) for year in dict.fromkeys(years) for area in place],
        schema={"year_asked": pl.Int64, AREA: pl.String},
        orient="row",
    )
    near = (
        every.join(rows, on=AREA)
        .with_columns((pl.col("year") - pl.col("year_asked")).alias("off"))
        .filter(pl.col("off").abs() <= tolerance)
        .sort(pl.col("off").abs(), -pl.col("end"), PERIOD)
        .unique(["year_asked", AREA], keep="first", maintain_order=True)
    )
    told = every.join(near, on=["year_asked", AREA], how="left", maintain_order="left")
    return told.select("year_asked", AREA, PERIOD, "off", *UNIT, *FIGURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """How the figures of areas are spread. Missing where there is no figure."""

    count: int
    """Areas with a number."""
    low: float | None = None
    lower_quartile: float | None = None
    median: float | None = None
    upper_quartile: float | None = None
    high: float | None = None
    first_year: int | None = None
    """Year of the oldest figure."""
    last_year: int | None = None
    """Year of the newest figure."""
    is_weighted: bool = False


def distribution(
    latest: pl.DataFrame, *, weights: Mapping[str, float] | None = None
) -> Distribution:
    """Return how the figures of areas are spread.

    Parameters
    ----------
    latest : DataFrame
        A row for each area, with `value`, `state` and `year`.
    weights : mapping of str to float, optional
        Weight of each area, such as its population. Left out: every area counts once.

    Returns
    -------
    Distribution
        Quartiles by linear interpolation, as in spreadsheets; with weights the smallest figure
        that half of the weight reaches. Areas without a weight do not count then.

    Examples
    --------
    >>> table = pl.DataFrame({"REF_AREA": ["A", "B", "C"], "state": "shown", "year": 2020,
    ...     "value": [1.0, 2.0, 6.0]})
    >>> distribution(table).median, distribution(table, weights={"A": 1, "C": 3}).median
    (2.0, 6.0)
    """
    rows = latest.filter(seen() & pl.col("value").is_not_null())
    weight = np.ones(rows.height)
    if weights is not None:
        known = rows[AREA].replace_strict(dict(weights), default=None, return_dtype=pl.Float64)
        rows = rows.filter(known > 0)
        weight = known.filter(known > 0).to_numpy()
    if not rows.height:
        return Distribution(count=0, is_weighted=weights is not None)
    values = rows["value"].to_numpy()
    rule: Rule = "hf7" if weights is None else "school"
    # One value is every quartile of itself, which the interpolating rule cannot tell.
    one = values.repeat(len(QUARTILES))
    found = quantile(values, weight, QUARTILES, rule=rule) if rows.height > 1 else one
    years = rows["year"].to_list()
    return Distribution(
        count=rows.height,
        low=float(values.min()),
        lower_quartile=float(found[0]),
        median=float(found[1]),
        upper_quartile=float(found[2]),
        high=float(values.max()),
        first_year=min(years),
        last_year=max(years),
        is_weighted=weights is not None,
    )


def by_group(
    latest: pl.DataFrame,
    groups: Mapping[str, str],
    *,
    weights: Mapping[str, float] | None = None,
) -> pl.DataFrame:
    """Return the median and range of the areas of each group.

    Parameters
    ----------
    latest : DataFrame
        A row for each area.
    groups : mapping of str to str
        Group of each area; areas that it does not name, or names "", are in none.
    weights : mapping of str to float, optional
        As in `distribution`.

    Returns
    -------
    DataFrame
        `group`, `of` (areas in it), `count` (with a number), `low`, `lower_quartile`, `median`,
        `upper_quartile`, `high`, `first_year`, `last_year`, in the order of the groups.

    Examples
    --------
    >>> table = pl.DataFrame({"REF_AREA": ["A", "B"], "state": "shown", "year": 2020,
    ...     "value": [1.0, 2.0]})
    >>> found = by_group(table, {"A": "north", "B": "north", "C": "south"})
    >>> found.select("group", "of", "count", "median").rows()
    [('north', 2, 2, 1.5), ('south', 1, 0, None)]
    """
    columns = (
        "count", "low", "lower_quartile", "median", "upper_quartile", "high", "first_year",
        "last_year",
    )  # fmt: skip
    rows = []
    for group in sorted({name for name in groups.values() if name}):
        members = [area for area, own in groups.items() if own == group]
        spread = distribution(latest.filter(pl.col(AREA).is_in(members)), weights=weights)
        rows.append((group, len(members), *(getattr(spread, name) for name in columns)))
    numbers = dict.fromkeys(columns[1:6], pl.Float64)
    schema = {"group": pl.String, "of": pl.Int64, "count": pl.Int64, **numbers}
    years = {"first_year": pl.Int64, "last_year": pl.Int64}
    return pl.DataFrame(rows, schema={**schema, **years}, orient="row")


def peers(
    area: str, units: Units, columns: Sequence[str] = ("region", "income")
) -> Mapping[str, tuple[str, ...]]:
    """Return the other areas of the same group.

    Parameters
    ----------
    area : str
        Its code.
    units : Units
        Areas with their groups.
    columns : sequence of str
        Groupings; those that the units do not have are left out.

    Returns
    -------
    mapping of str to tuple of str
        Areas by the grouping, in the order of the units; none where the area has no group.

    Examples
    --------
    >>> units = Units(codes=("A", "B", "C"), groups={"region": ("n", "n", "s")})
    >>> dict(peers("A", units))
    {'region': ('B',)}
    """
    found: dict[str, tuple[str, ...]] = {}
    for column in columns:
        if column not in units.groups:
            continue
        group = units.group_of(column, [area])[0]
        own = zip(units.codes, units.groups[column], strict=True)
        found[column] = tuple(
            code for code, other in own if group and other == group and code != area
        )
    return found
