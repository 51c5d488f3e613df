"""Rule sets: when a figure is too uncertain to use, and when it would show who somebody is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from everycount.model.sampling import Fault
from everycount.model.strict import STRICT, Faults

Verdict = Literal["caution", "unreliable", "review"]
"""caution: use with care; unreliable: better not used; review: a statistician decides."""
Measured = Literal[
    "n", "n_effective", "df", "cv", "width", "relative_width", "estimate", "small_cells"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One test of one estimate. It is met if the measure lies in the range said."""

    __pydantic_config__ = STRICT

    measure: Measured
    """``n`` rows; ``n_effective`` rows divided by the design effect, at most n; ``df``; ``cv`` as a
    share; ``width`` of the Korn-Graubard interval of a proportion, as a share; ``relative_width``
    that over the estimate; ``estimate``; ``small_cells`` the share of the cells of the table that
    have at most `rows` rows."""
    below: float | None = None
    """Met if the measure is less."""
    at_most: float | None = None
    """Met if the measure is no more."""
    above: float | None = None
    """Met if the measure is more."""
    at_least: float | None = None
    """Met if the measure is no less."""
    rows: int | None = None
    """For ``small_cells``: what a small cell is."""

    def __post_init__(self) -> None:
        """Refuse a test of nothing."""
        if (self.below, self.at_most, self.above, self.at_least) == (None, None, None, None):
            raise Faults([((), "a test without a bound", "below, at_most, above or at_least")])
        if (self.measure == "small_cells") != (self.rows is not None):
            found = f"rows for {self.measure}" if self.rows is not None else "small_cells alone"
            raise Faults([(("rows",), found, "rows with small_cells and with nothing else")])


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityRule:
    """A verdict on estimates that meet all tests."""

    __pydantic_config__ = STRICT

    verdict: Verdict
    """caution, unreliable or review."""
    tests: tuple[Test, ...]
    """All must be met."""
    statistics: tuple[str, ...] = ()
    """Kinds of estimate the rule is for. Left out: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """A named set of rules on which figures are certain enough. They flag, and never hide."""

    __pydantic_config__ = STRICT

    id: str
    """Name of the set."""
    title: str
    """The set in words."""
    source: str
    """Who made the rules, where they are written."""
    rules: tuple[ReliabilityRule, ...]
    """The first rule that an estimate meets gives its verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confidentiality:
    """A named set of rules on which cells would show who somebody is, or what somebody did."""

    __pydantic_config__ = STRICT

    id: str
    """Name of the set."""
    title: str
    """The set in words."""
    source: str
    """Who made the rules, where they are written."""
    minimum: int = 0
    """Fewest respondents a cell may have, if it has any."""
    minimum_yes: int = 0
    """Fewest respondents on either side of a proportion, if the cell has any: 1 hides cells of
    0 % and 100 %."""
    largest_share: float | None = None
    """Totals: the share of a total that the largest contributors may have, with `contributors`."""
    contributors: int = 2
    """Totals: how many contributors are looked at together."""
    percent: float | None = None
    """Totals: how near, as a share, the second largest contributor may come to guessing the
    largest."""
    minimum_df: int = 0
    """Fewest degrees of freedom a published error may have; below it the error is withheld."""
    rounding: int = 0
    """Base to which published numbers of rows are rounded; 0 for none."""

    def __post_init__(self) -> None:
        """Refuse numbers and shares that are none."""
        faults = list(self._faults())
        if faults:
            raise Faults(faults)

    def _faults(self) -> Iterator[Fault]:
        least = {"minimum": 0, "minimum_yes": 0, "contributors": 1, "minimum_df": 0, "rounding": 0}
        for name, number in least.items():
            value = getattr(self, name)
            if value < number:
                yield (name,), str(value), f"{number} or more"
        if self.largest_share is not None and not 0 < self.largest_share < 1:
            found, expected = f"{self.largest_share:g}", "a share above 0 and below 1"
            yield ("largest_share",), found, expected
        if self.percent is not None and not 0 < self.percent <= 1:
            yield ("percent",), f"{self.percent:g}", "a share above 0 and up to 1"
