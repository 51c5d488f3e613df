"""Units (countries, provinces) with their names, groups, population and denominators."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Units:
    """What is known of units apart from their indicators.

    `groups` holds text columns (region, income), `figures` numeric ones (population, area); each
    has one entry a unit, in the order of `codes`. A unit may lack a group ("") or a figure (NaN).
    """

    codes: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    figures: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def group_of(self, column: str, units: Sequence[str]) -> tuple[str, ...]:
        """Return the group of each unit in the grouping `column`; "" where it has none."""
        own = dict(zip(self.codes, self.groups[column], strict=True))
        return tuple(own.get(unit, "") for unit in units)

    def figure_of(self, column: str, units: Sequence[str]) -> NDArray[np.float64]:
        """Return the figure of each unit in `column`; NaN where it has none."""
        own = dict(zip(self.codes, self.figures[column], strict=True))
        return np.array([own.get(unit, np.nan) for unit in units], float)
