"""The aim of an indicator: which way is better, and where its target lies."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from everycount.model.indicator import Indicator
from everycount.model.issue import Target

Better = Literal["up", "down", "between"]
SLIP = 1e-9
"""Difference below which two figures are equal: sums in another order differ in the last digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Where an indicator should go. A band that is open on a side has None there."""

    better: Better | None = None
    """up, down, or between the ends of a band; None where nobody has said."""
    low: float | None = None
    """Lower end of what is on target."""
    high: float | None = None
    """Upper end of what is on target."""
    worst: float | Literal["min", "max"] | None = None
    """The figure from which the way to the target is measured, or the extreme of the data."""

    @property
    def has_target(self) -> bool:
        """Tell whether there is a target."""
        return self.low is not None or self.high is not None

    def distance(self, value: pl.Expr) -> pl.Expr:
        """Return how far a figure is from the target, 0 on target; null without a target."""
        if not self.has_target:
            return pl.lit(None, pl.Float64)
        short = [] if self.low is None else [self.low - value]
        over = [] if self.high is None else [value - self.high]
        apart = pl.max_horizontal(*short, *over)
        return pl.when(value.is_null()).then(None).when(apart > SLIP).then(apart).otherwise(0.0)

    def edge(self, value: pl.Expr) -> pl.Expr:
        """Return the end of the target band that a figure has to reach, or came in by."""
        if self.low is None or self.high is None:
            return pl.lit(self.low if self.high is None else self.high, pl.Float64)
        middle = (self.low + self.high) / 2
        return pl.when(value < middle).then(self.low).otherwise(self.high)

    def gain(self, before: pl.Expr, after: pl.Expr) -> pl.Expr:
        """Return how much better one figure is than another, negative if worse.

        Null where no direction is known. In a band, coming nearer to it is better, and moving
        within it neither.
        """
        if self.better == "up":
            return after - before
        if self.better == "down":
            return before - after
        return self.distance(before) - self.distance(after)


NO_AIM = Aim()


def aim_of(indicator: Indicator) -> Aim:
    """Return the aim of an indicator by its goalposts and its target.

    Parameters
    ----------
    indicator : Indicator
        The target is `target`; without it, `best` where this is a number or an interval. A
        target beside an interval is a stage on the way: all between them is on target.

    Returns
    -------
    Aim
        A target without goalposts is a point to be met from either side.

    Examples
    --------
    >>> parity = Indicator(key="5d", code="5d", title={"en": "Seats"}, worst=0, best=(47, 53))
    >>> aim_of(parity).better, aim_of(parity).low
    ('between', 47.0)
    >>> deaths = Indicator(key="3a", code="3a", title={"en": "Deaths"}, worst="max", best=0)
    >>> aim_of(deaths).better, aim_of(deaths).high
    ('down', 0.0)
    """
    worst, best = indicator.worst, indicator.best
    if isinstance(best, tuple):
        ends = best if indicator.target is None else (*best, indicator.target)
        return Aim(better="between", low=float(min(ends)), high=float(max(ends)), worst=worst)
    better = _better(indicator)
    end = best if isinstance(best, int | float) and better else None
    goal = indicator.target if indicator.target is not None else end
    if goal is None:
        return Aim(better=better, worst=worst)
    return Aim(
        better=better or "between",
        low=None if better == "down" else float(goal),
        high=None if better == "up" else float(goal),
        worst=worst,
    )


def _better(indicator: Indicator) -> Better | None:
    """Return the direction that two goalposts give."""
    worst, best = indicator.worst, indicator.best
    if best == "max" or worst == "min":
        return "up"
    if best == "min" or worst == "max":
        return "down"
    if isinstance(best, int | float) and isinstance(worst, int | float):
        return "up" if best > worst else "down"
    return None


def aim_of_target(target: Target) -> Aim:
    """Return the aim that the target of a policy sets.

    Parameters
    ----------
    target : Target
        Of an issue for action.

    Returns
    -------
    Aim
        None where the policy names no value, or a change instead of a level. More than and less
        than are read as at least and at most: figures are rounded.

    Examples
    --------
    >>> from everycount.model.issue import Cause
    >>> words = Cause(passage="1", start=0, end=4, words="35 %")
    >>> aim_of_target(Target(id="a", words=words, comparator="at least", value=35)).low
    35.0
    """
    if target.value is None or target.comparator == "change by":
        return NO_AIM
    value = float(target.value)
    if target.comparator in ("at least", "more than"):
        return Aim(better="up", low=value)
    if target.comparator in ("at most", "less than"):
        return Aim(better="down", high=value)
    upper = value if target.upper is None else float(target.upper)
    return Aim(better="between", low=value, high=upper)
