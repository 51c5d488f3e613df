"""What folding to another structure did, in counts and in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldReport:
    """What folding moved, could not keep, and left out."""

    observations: int
    """Before."""
    folded: int
    """After."""
    moved: Mapping[str, int] = field(default_factory=dict)
    """Observations whose code of a dimension went into another one, by dimension."""
    lost: Mapping[str, int] = field(default_factory=dict)
    """Values that have no place, by component."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Observations that cannot fold, by reason."""
    altered: Mapping[str, int] = field(default_factory=dict)
    """Observations that fold and would unfold otherwise, by reason."""
    missing: Mapping[str, int] = field(default_factory=dict)
    """Observations without an attribute that the other structure demands, by attribute."""

    def sentences(self) -> tuple[str, ...]:
        """Return the report in words.

        Examples
        --------
        >>> FoldReport(observations=2, folded=2, lost={"STD_ERROR": 1}).sentences()
        ('2 of 2 observations folded', 'cannot fold: STD_ERROR, 1 value')
        """
        said = [f"{self.folded:,} of {self.observations:,} observations folded"]
        said += [
            f"moved to another dimension: {name}, {_count(n, 'observation')}"
            for name, n in self.moved.items()
        ]
        said += [f"cannot fold: {name}, {_count(n, 'value')}" for name, n in self.lost.items()]
        said += [f"left out: {_count(n, 'observation')}, {why}" for why, n in self.left_out.items()]
        said += [
            f"would not unfold to the same: {_count(n, 'observation')}, {why}"
            for why, n in self.altered.items()
        ]
        said += [
            f"demanded and absent: {name} of {_count(n, 'observation')}"
            for name, n in self.missing.items()
        ]
        return tuple(said)


def _count(number: int, noun: str) -> str:
    """Return a number and what it counts."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
