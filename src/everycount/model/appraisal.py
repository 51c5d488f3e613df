"""An appraisal: what was asked of data from outside the office, found, and decided."""

from dataclasses import dataclass, field
from typing import Literal

from everycount.model.dates import is_date
from everycount.model.strict import STRICT, Faults

Level = Literal["A0", "A1", "A2", "A3"]
LEVELS: tuple[Level, ...] = ("A0", "A1", "A2", "A3")
"""None, basic, enhanced, comprehensive assurance. Office for Statistics Regulation (UK), Quality
Assurance of Administrative Data toolkit."""
Degree = Literal["low", "medium", "high"]
Answer = Literal["yes", "no", "not applicable"]
Outcome = Literal["official", "official_note", "supplementary", "context", "declined"]
OUTCOMES: tuple[Outcome, ...] = (
    "official",
    "official_note",
    "supplementary",
    "context",
    "declined",
)
"""From the strongest to none: official; official with a note; supplementary and labelled; for
context only, not for indicators; declined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAnswer:
    """The answer to one question of the gate."""

    __pydantic_config__ = STRICT

    answer: Answer
    evidence: str
    """What shows it: a document, an address, a person in charge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The level reached on one criterion."""

    __pydantic_config__ = STRICT

    level: Level
    evidence: str
    """What shows it. A level above A0 without evidence does not count."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, by whom, on what ground."""

    __pydantic_config__ = STRICT

    outcome: Outcome
    date: str
    by: tuple[str, ...]
    """Names or roles of those who decided."""
    reason: str
    legal_basis: str = ""
    """Article by which the data may be official; needed for official outcomes."""
    authority: str = ""
    """Body that has the power to make them official; needed for official outcomes."""
    conditions: tuple[str, ...] = ()
    expires: str = ""
    """Date after which the data must be appraised anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """An objection of the producer, and what came of it."""

    __pydantic_config__ = STRICT

    date: str
    by: str
    grounds: str
    answer: str = ""
    answered: str = ""
    """Date of the answer."""
    decision: Decision | None = None
    """The decision that replaces the former one, if the appeal was upheld."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """What was asked of one dataset, found, and decided."""

    __pydantic_config__ = STRICT

    id: str
    title: str
    """Title of the data."""
    producer: str
    kind: Literal["administrative", "citizen", "private", "research", "international", "other"]
    """Whose data they are: administrative registers, data of citizens and their organisations, of
    firms, of researchers, of international organisations."""
    risk: Degree
    """How likely it is that something is wrong with the data."""
    profile: Degree
    """How much depends on them: public interest and use."""
    is_sensitive: bool = False
    """Whether they are about violence or other matters that can harm people."""
    indicators: tuple[str, ...] = ()
    """Indicators it holds for; all of the data's if left out."""
    gate: dict[str, GateAnswer] = field(default_factory=dict)
    """Answer by the id of the question."""
    scores: dict[str, Score] = field(default_factory=dict)
    """Level by the id of the criterion."""
    decision: Decision | None = None
    appeals: tuple[Appeal, ...] = ()

    def __post_init__(self) -> None:
        """Refuse dates that are none."""
        decisions = [("decision", self.decision)] + [
            (f"appeals, {number}", appeal.decision) for number, appeal in enumerate(self.appeals, 1)
        ]
        dates = [
            (place, name, text)
            for place, decision in decisions
            if decision
            for name, text in (("date", decision.date), ("expires", decision.expires))
            if text or name == "date"
        ]
        dates += [
            (f"appeals, {number}", name, text)
            for number, appeal in enumerate(self.appeals, 1)
            for name, text in (("date", appeal.date), ("answered", appeal.answered))
            if text or name == "date"
        ]
        faults = [
            ((place, name), repr(text), "a date such as 2026-05-31")
            for place, name, text in dates
            if len(text) != len("2026-05-31") or not is_date(text)
        ]
        if faults:
            raise Faults(faults)

    @property
    def standing(self) -> Decision | None:
        """The decision that stands: the newest that an appeal brought, else the first."""
        upheld = [appeal.decision for appeal in self.appeals if appeal.decision]
        return upheld[-1] if upheld else self.decision
