"""The scorecard of a candidate indicator: marks on six criteria, and whether it was selected."""

from dataclasses import dataclass
from typing import Literal, get_args

from everycount.model.indicator import Fault, name_faults
from everycount.model.issue import UNDECIDED, Decision
from everycount.model.letters import person_faults
from everycount.model.strict import STRICT, Faults

Criterion = Literal[
    "relevance",
    "advocacy",
    "availability",
    "alignment",
    "ease of use",
    "transformational potential",
]
CRITERIA: tuple[Criterion, ...] = get_args(Criterion)
QUESTIONS: dict[Criterion, str] = {
    "relevance": "Is it about an issue that comes first, with figures that are recent enough?",
    "advocacy": "Can somebody be held to account with it, whatever the wealth of the place?",
    "availability": "Are there figures of today, for at least 80 % of the places?",
    "alignment": "Does it follow the intention of a policy or SDG target, and show a side of it "
    "that no other does?",
    "ease of use": "Is it calculated openly, and understood at once?",
    "transformational potential": "Does it carry the voices of women and girls, or show lived "
    "realities in a new way?",
}
"""After the six criteria of the SDG Gender Index 2019 (Equal Measures 2030), in our own words."""
LOWEST, HIGHEST = 0, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one reviewer gives a candidate on one criterion."""

    __pydantic_config__ = STRICT

    key: str
    """Key of the indicator."""
    criterion: Criterion
    """relevance, advocacy, availability, alignment, ease of use or transformational potential."""
    mark: int
    """0 not at all, 1 hardly, 2 mostly, 3 fully."""
    by: str
    """Who marks."""

    def __post_init__(self) -> None:
        """Refuse marks outside of the scale and criteria that are none."""
        faults: list[Fault] = list(name_faults(key=self.key, by=self.by))
        faults += person_faults(by=self.by)
        if self.criterion not in CRITERIA:
            faults.append((("criterion",), repr(self.criterion), f"one of {', '.join(CRITERIA)}"))
        if not LOWEST <= self.mark <= HIGHEST:
            faults.append((("mark",), str(self.mark), f"a number from {LOWEST} to {HIGHEST}"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """Marks and selection of the candidates of one indicator set."""

    framework: str
    """Framework version as id@version."""
    marks: tuple[Mark, ...] = ()
    selections: tuple[tuple[str, Decision], ...] = ()
    """Key of a candidate with whether it was selected (accepted) or not (rejected)."""

    def selection(self, key: str) -> Decision:
        """Return whether a candidate was selected."""
        return dict(self.selections).get(key, UNDECIDED)
