"""One edition of an index as a page sees it: the rows of the newest period, names, and a scale."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from everycount.index.coverage import known_figures, status_of
from everycount.index.ranking import is_unranked
from everycount.index.result import IndexResult
from everycount.index.state import Floats
from everycount.index.steps import Normalise
from everycount.model.units import Units

_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Edition:
    """The newest period of a result, with what is known of its units."""

    result: IndexResult
    about: Units
    rows: NDArray[np.int64]
    """Rows of the newest period, without those of `unranked`."""
    unranked: NDArray[np.int64]
    """Rows of the newest period that are averages of others: scored, never ranked."""
    period: int
    """The newest period; 0 where the data have none."""
    periods: int
    """How many periods the result has."""

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        """Which figures were observed, shape (rows, indicators)."""
        return known_figures(self.result.state)[self.rows]

    @cached_property
    def statuses(self) -> NDArray[np.object_]:
        """Status of each row at each node, shape (rows, nodes)."""
        return status_of(self.result.state)[self.rows]

    @cached_property
    def years(self) -> NDArray[np.int32]:
        """The year of each figure, 0 where there is none, shape (rows, indicators)."""
        count = self.result.state.leaf_count
        return np.where(self.known, self.result.state.years[self.rows, :count], 0)

    def scores(self, node: int) -> Floats:
        """Return the score of each row at a node."""
        return np.asarray(self.result.state.values[self.rows, node])

    @property
    def top(self) -> Floats:
        """The score of each row."""
        return self.scores(self.result.state.tree.top)

    @property
    def ranks(self) -> Floats:
        """The rank of each row."""
        return np.asarray(self.result.ranks[self.rows, self.result.state.tree.top])

    @property
    def order(self) -> tuple[int, ...]:
        """Return positions of the ranked rows, best first; equals by name."""
        ranks, names = self.ranks, self.names
        ranked = (int(k) for k in np.flatnonzero(~np.isnan(ranks)))
        return tuple(sorted(ranked, key=lambda k: (ranks[k], names[k])))

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The code of each row's unit."""
        state = self.result.state
        return tuple(state.units[u] for u in state.row_units[self.rows])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What people read for each row; its code where it has no name."""
        return tuple(self.about.names.get(unit, unit) for unit in self.units)

    def groups(self, column: str) -> tuple[str, ...]:
        """Return the group of each row in a grouping; "" where it has none."""
        own = self.result.state.grouping(column)
        return tuple(own[row] for row in self.rows)

    @cached_property
    def declared(self) -> tuple[float, float] | None:
        """The ends of the scale that the method puts figures on, where it names one for all."""
        steps = [s for s in self.result.methodology.steps if isinstance(s, Normalise)]
        plain = [s for s in steps if s.method in ("goalposts", "min_max")]
        scales = {step.scale or (0.0, 100.0) for step in plain}
        if len(scales) != 1 or len(plain) < len(steps):
            return None
        (scale,) = scales
        inside = self.top[~np.isnan(self.top)]
        return scale if ((inside >= scale[0]) & (inside <= scale[1])).all() else None

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Round ends of an axis that holds every score, 0 among them."""
        # Groups that are shown beside the index must find room on the same axis.
        nodes = range(self.result.state.leaf_count, len(self.result.state.tree.codes))
        seen = [score for node in nodes for score in self.scores(node) if not np.isnan(score)]
        return round_scale([0.0, *(self.declared or ()), *seen])

    @cached_property
    def decimals(self) -> int:
        """Decimals of a score in text: one on a scale of 100."""
        own = self.result.methodology.ranking.decimals
        low, high = self.scale
        return max(0, 3 - ceil(log10(high - low))) if own is None else own

    def text(self, score: float) -> str:
        """Return a score as people read it."""
        return f"{score:,.{self.decimals}f}"


def newest(result: IndexResult, about: Units) -> Edition:
    """Return the newest edition of a result."""
    periods = np.unique(result.state.row_periods)
    is_newest, is_average = result.state.row_periods == periods[-1], is_unranked(result.state)
    return Edition(
        result=result,
        about=about,
        rows=np.flatnonzero(is_newest & ~is_average),
        unranked=np.flatnonzero(is_newest & is_average),
        period=int(periods[-1]),
        periods=len(periods),
    )


def round_scale(values: Iterable[float]) -> tuple[float, float]:
    """Return the ends of an axis of four equal steps of a round number around some values.

    Examples
    --------
    >>> round_scale([1, 100]), round_scale([0, 0.82]), round_scale([-2.3, 1.9]), round_scale([0])
    ((0.0, 100.0), (0.0, 1.0), (-4.0, 4.0), (0.0, 1.0))
    """
    known = list(values)
    low, high = min(known), max(known)
    if low == high:
        high = low + 1
    for step in _steps((high - low) / 4):
        start = floor(low / step + 1e-9) * step
        if start + 4 * step >= high - 1e-9 * step:
            return start, start + 4 * step
    raise AssertionError("some round step is large enough")


def round_breaks(values: Iterable[float], most: int = 4) -> tuple[float, ...]:
    """Return at most `most` round numbers that part some values into classes.

    Examples
    --------
    >>> round_breaks([39.0, 93.2]), round_breaks([0.01, 0.82])
    ((40.0, 60.0, 80.0), (0.2, 0.4, 0.6, 0.8))
    """
    known = list(values)
    low, high = min(known), max(known)
    if low == high:
        return (low,)
    for step in _steps((high - low) / (most + 1)):
        first = floor(low / step + 1e-9) + 1
        last = ceil(high / step - 1e-9) - 1
        if first <= last < first + most:
            return tuple(round(number * step, 10) for number in range(first, last + 1))
    raise AssertionError("some round step is large enough")


def _steps(least: float) -> tuple[float, ...]:
    """Return round numbers from `least` up, over three orders of magnitude."""
    power = floor(log10(least))
    found = (digit * 10.0 ** (power + k) for k in range(3) for digit in _ROUND[:-1])
    return tuple(round(step, 12) for step in found if step >= least * (1 - 1e-9))
