"""How far the figures are from the target, with a verdict whose limits are said."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import polars as pl

from everycount.figures.aim import SLIP, Aim
from everycount.figures.reading import seen
from everycount.model.observation import AREA

Verdict = Literal["on target", "near", "far", "very far"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Shares of the way from the worst figure to the target that are left, up to which it is so.

    The usual ones are the ends of the bands of the 2019 SDG Gender Index: a score of 90 and more is
    very good, one below 60 very poor (Equal Measures 2030, Harnessing the power of data for gender
    equality, 2019, section on scores).
    """

    near: float = 0.10
    """Up to this share the target is near."""
    far: float = 0.40
    """Up to this share it is far; beyond it, very far."""


LIMITS = Limits()


def distances(
    latest: pl.DataFrame,
    aim: Aim,
    *,
    among: Collection[str] | None = None,
    limits: Limits = LIMITS,
) -> pl.DataFrame:
    """Return figures with their distance to the target.

    Parameters
    ----------
    latest : DataFrame
        Of one indicator, as `everycount.figures.latest.latest` returns it.
    aim : Aim
        Where the target lies.
    among : collection of str, optional
        Areas whose extreme is the worst figure where the aim says min or max. Left out: all.
    limits : Limits
        How the verdict is found.

    Returns
    -------
    DataFrame
        With `distance` (in the unit; 0 on target), `share` (of the way from the worst figure to the
        end of the target band that is nearer; where no worst figure is known, of the target itself;
        null where this is 0) and `verdict`: on target, near, far, very far. Null without a target
        or without a number.

    Examples
    --------
    >>> table = pl.DataFrame({"REF_AREA": ["A", "B"], "state": "shown", "value": [26.72, 47.5]})
    >>> found = distances(table, Aim(better="between", low=47.0, high=53.0, worst=0.0))
    >>> found.select(pl.col("distance").round(2), pl.col("share").round(2), "verdict").rows()
    [(20.28, 0.43, 'very far'), (0.0, 0.0, 'on target')]
    """
    value = pl.when(seen()).then(pl.col("value"))
    is_in = pl.lit(value=True) if among is None else pl.col(AREA).is_in(list(among))
    known = latest.select(pl.when(is_in).then(value).alias("value"))["value"].cast(pl.Float64)
    apart = pl.col("distance")
    span = pl.lit(_span(aim, known), pl.Float64)
    share = pl.when(apart == 0).then(0.0).otherwise(apart / span)
    return latest.with_columns(aim.distance(value).alias("distance")).with_columns(
        share.alias("share"), _verdict(share, limits).alias("verdict")
    )


def _span(aim: Aim, known: pl.Series) -> float | None:
    """Return the length of the way from the worst figure to the target; None if there is none."""
    ends = [end for end in (aim.low, aim.high) if end is not None]
    if not ends:
        return None
    worst = aim.worst
    if isinstance(worst, str):
        extreme = known.min() if worst == "min" else known.max()
        worst = float(extreme) if isinstance(extreme, float) else None
    lengths = [abs(end) for end in ends] if worst is None else [abs(end - worst) for end in ends]
    return min(lengths) if min(lengths) > SLIP else None


def _verdict(share: pl.Expr, limits: Limits) -> pl.Expr:
    """Return the verdict on a share of the way that is left."""
    return (
        pl.when(share.is_null())
        .then(None)
        .when(share == 0)
        .then(pl.lit("on target"))
        .when(share <= limits.near + SLIP)
        .then(pl.lit("near"))
        .when(share <= limits.far + SLIP)
        .then(pl.lit("far"))
        .otherwise(pl.lit("very far"))
    )
