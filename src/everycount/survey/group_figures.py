"""Figures of groups with the words for them: what a sentence about a survey is made of."""

from dataclasses import dataclass
from math import inf, isfinite, isnan, nan
from typing import Literal

Flag = Literal["", "few", "hidden", "modelled"]
"""What a reader must know of a figure: nothing; few cases; not shown, whatever the reason; from a
model and not from the answers of the group itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeWords:
    """What is measured, in words that follow a group of people."""

    present: str
    """In the present tense, plural: "have electricity"; of a mean, "have on average"."""
    past: str
    """In the past tense: "had electricity"."""
    kind: Literal["share", "mean"] = "share"
    """A share is from 0 to 1."""
    unit: str = ""
    """Of a mean: "years of schooling"."""
    behind: Literal["low", "high"] = "low"
    """Where those left behind are: low for what people should have, high for a barrier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFigure:
    """The estimate for one group, in words: "women aged 15–49", "the poorest rural women"."""

    words: str
    estimate: float = nan
    """NaN where there is none."""
    low: float = nan
    """Lower end of the interval; NaN where there is none."""
    high: float = nan
    """Upper end."""
    n: int | None = None
    """Cases behind it; none where that is not told."""
    flag: Flag = ""

    def __post_init__(self) -> None:
        figures = (self.estimate, self.low, self.high)
        if self.flag == "hidden" and not all(isnan(figure) for figure in figures):
            # The message does not tell it either: messages are shown and kept.
            raise ValueError(f"{self.words}: the figure of a hidden group must not be given")
        if any(figure in {inf, -inf} for figure in figures):
            raise ValueError(f"{self.words}: found {figures}, expected finite numbers")
        if self.low > self.high:
            raise ValueError(f"{self.words}: found an interval from {self.low} to {self.high}")

    @property
    def is_shown(self) -> bool:
        """Whether there is a figure to tell."""
        return not isnan(self.estimate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A tested difference: the second group less the first, in the unit of the estimates."""

    value: float
    low: float
    """Lower end of its interval, from the covariance of the two."""
    high: float
    p_value: float = nan
    """NaN where only the interval is known."""
    correction: str = ""
    """How `p_value` allows for many comparisons, as "Holm"; empty where it does not."""

    def __post_init__(self) -> None:
        if not (isfinite(self.value) and self.low <= self.high):
            raise ValueError(
                f"a difference of {self.value} from {self.low} to {self.high}: expected a finite "
                "number and an interval"
            )

    def is_distinguishable(self, level: float = 95) -> bool:
        """Say whether the difference is told from none by its interval and by its test.

        Both must agree, so that a correction for many comparisons is never overruled.
        """
        is_outside = self.low > 0 or self.high < 0
        return is_outside and not self.p_value > (100 - level) / 100
