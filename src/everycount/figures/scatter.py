"""Two indicators over the same areas, and how far they put them in the same order."""

from dataclasses import dataclass

import polars as pl

from everycount.arrays.correlate import spearman
from everycount.figures.latest import TOLERANCE
from everycount.figures.reading import seen
from everycount.model.observation import AREA, PERIOD

FEW = 10
"""Areas below which a correlation says next to nothing: its 95 % interval is then wider than 1.2
whatever it is near 0 (Fisher's z, standard error 1 / sqrt(n - 3))."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scatter:
    """Two indicators over the same areas. That they go together does not make one the cause."""

    points: pl.DataFrame
    """REF_AREA, `x`, `y`, `x_period`, `y_period`, `years_apart`, in the order of the areas."""
    correlation: float | None
    """Spearman's, from -1 to 1; None with fewer than 3 areas, or where one indicator is constant.
    Its sign follows the figures, not which way is better."""
    p_value: float | None
    """How seldom so strong a correlation arises where there is none; of a choice of areas only."""
    count: int
    """Areas with both."""
    cautions: tuple[str, ...]
    """association (always: going together is not cause), few areas, different years, words."""


def scatter(x: pl.DataFrame, y: pl.DataFrame, *, tolerance: int = TOLERANCE) -> Scatter:
    """Return two indicators over the same areas.

    Parameters
    ----------
    x, y : DataFrame
        The newest figure of each area, as `everycount.figures.latest.latest` returns it.
    tolerance : int
        Years that the two figures of an area may lie apart.

    Returns
    -------
    Scatter

    Examples
    --------
    >>> rows = {"REF_AREA": ["A", "B", "C"], "TIME_PERIOD": "2020", "year": 2020, "state": "shown"}
    >>> one = pl.DataFrame(rows | {"value": [1.0, 2.0, 3.0]})
    >>> two = pl.DataFrame(rows | {"value": [9.0, 5.0, 1.0]})
    >>> found = scatter(one, two)
    >>> found.correlation, found.count, found.cautions
    (-1.0, 3, ('association', 'few areas'))
    """
    left, right = (
        table.filter(seen() & pl.col("value").is_not_null()).select(
            AREA,
            pl.col("value").alias(name),
            pl.col(PERIOD).alias(f"{name}_period"),
            pl.col("year").alias(f"{name}_year"),
        )
        for name, table in (("x", x), ("y", y))
    )
    apart = (pl.col("x_year") - pl.col("y_year")).abs().alias("years_apart")
    points = left.join(right, on=AREA).with_columns(apart)
    points = points.filter(pl.col("years_apart") <= tolerance).sort(AREA)
    points = points.select(AREA, "x", "y", "x_period", "y_period", "years_apart")
    found = spearman(points.select("x").to_numpy(), points.select("y").to_numpy())
    is_known = points.height > 0 and found.r[0, 0] == found.r[0, 0]
    cautions = ["association"]
    if points.height < FEW:
        cautions.append("few areas")
    if (points["years_apart"] > 0).any():
        cautions.append("different years")
    return Scatter(
        points=points,
        correlation=float(found.r[0, 0]) if is_known else None,
        p_value=float(found.p_value[0, 0]) if is_known else None,
        count=points.height,
        cautions=tuple(cautions),
    )
