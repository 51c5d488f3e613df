"""How far groups that reviewed one policy agree, and where they differ."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Agreement of groups on one question, such as which clauses are issues for action."""

    question: str
    """issues, links, target groups, core concepts or dimension."""
    units: int
    """Things that all groups decided on."""
    left_out: int
    """Things that some group left undecided."""
    share: float
    """Share of pairs of groups that agree, over all units; NaN without units."""
    kappa: float
    """Agreement beyond chance: Cohen's with two groups, Fleiss's with more. NaN where all give
    one answer, so that chance alone would agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that groups decided differently."""

    question: str
    """As in `Agreement`, or a field of an issue such as action."""
    what: str
    """Clause, and the indicator, group or concept."""
    answers: tuple[tuple[str, str], ...]
    """Name of each group with its answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What several groups agree on, how far, and where they differ."""

    groups: tuple[str, ...]
    """Names of the groups, in the order given."""
    agreements: tuple[Agreement, ...]
    differences: tuple[Difference, ...]
