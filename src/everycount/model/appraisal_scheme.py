"""A scheme of appraisal: the questions of the gate, the criteria, and the levels needed."""

from dataclasses import dataclass

from everycount.model.appraisal import LEVELS, Degree, Level
from everycount.model.indicator import Fault
from everycount.model.strict import STRICT, Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class GateQuestion:
    """A question that must be answered with yes."""

    __pydantic_config__ = STRICT

    id: str
    title: dict[str, str]
    question: dict[str, str]
    may_lack: bool = False
    """Whether data may enter without it, as supplementary at most."""
    may_not_apply: bool = False
    """Whether "not applicable" is an answer that passes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A criterion on which data reach a level."""

    __pydantic_config__ = STRICT

    id: str
    title: dict[str, str]
    question: dict[str, str]
    if_sensitive: bool = False
    """Whether the highest level is needed where data are sensitive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How an office appraises data. It may bring its own."""

    __pydantic_config__ = STRICT

    id: str
    version: str
    title: dict[str, str]
    source: str
    needed: dict[Degree, dict[Degree, Level]]
    """Level by risk, then by profile."""
    gate: tuple[GateQuestion, ...]
    criteria: tuple[Criterion, ...]

    def __post_init__(self) -> None:
        """Refuse a scheme with gaps or with one id twice."""
        ids = [question.id for question in self.gate] + [each.id for each in self.criteria]
        faults: list[Fault] = [
            (("gate or criteria",), f"{name!r} twice", "each id once")
            for name in dict.fromkeys(ids)
            if ids.count(name) > 1
        ]
        degrees: tuple[Degree, ...] = ("low", "medium", "high")
        faults += [
            (("needed", risk, profile), "nothing", f"one of {', '.join(LEVELS)}")
            for risk in degrees
            for profile in degrees
            if profile not in self.needed.get(risk, {})
        ]
        if faults:
            raise Faults(faults)

    def level_needed(self, risk: Degree, profile: Degree) -> Level:
        """Return the level that every criterion must reach."""
        return self.needed[risk][profile]
