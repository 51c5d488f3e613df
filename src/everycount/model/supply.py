"""Where figures come from: sources with their rounds, and what each can give for an indicator."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from everycount.model.framework import Framework
from everycount.model.indicator import Fault, Stage, name_faults
from everycount.model.strict import STRICT, Faults

SourceKind = Literal["census", "survey", "register", "third party", "other"]
SOURCE_KINDS: tuple[SourceKind, ...] = get_args(SourceKind)
State = Literal["produced", "reprocessing", "new module", "no method"]
STATES: tuple[State, ...] = get_args(State)
"""The four cases that Viet Nam's statisticians told apart: figures are produced; can be made from
data that exist; need new questions; nobody has agreed how to measure it."""
Feasibility = Literal["yes", "partly", "no", "not known"]
FEASIBILITIES: tuple[Feasibility, ...] = get_args(Feasibility)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """A census, survey, register or other source, and its cycle."""

    __pydantic_config__ = STRICT

    code: str
    """Name within the review, used once."""
    title: str
    """What it is called."""
    kind: SourceKind = "survey"
    """census, survey, register, third party or other."""
    agency: str = ""
    """Who runs it."""
    frequency: str = ""
    """How often, such as every 5 years."""
    last: int | None = None
    """Year of the last round."""
    next: int | None = None
    """Year of the next round, where one is planned."""

    def __post_init__(self) -> None:
        """Refuse a source without code or title, or whose next round lies before the last."""
        faults: list[Fault] = list(name_faults(code=self.code, title=self.title))
        if self.kind not in SOURCE_KINDS:
            faults.append((("kind",), repr(self.kind), f"one of {', '.join(SOURCE_KINDS)}"))
        if self.last is not None and self.next is not None and self.next < self.last:
            faults.append((("next",), str(self.next), f"a year not before the last, {self.last}"))
        if faults:
            raise Faults(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """What is known of the figures of one indicator, and what its definition says."""

    __pydantic_config__ = STRICT

    framework: str
    """Framework version as id@version."""
    key: str
    """Key of the indicator."""
    state: State | None = None
    """produced, reprocessing, new module or no method; None when nobody has said."""
    sources: tuple[str, ...] = ()
    """Codes of the sources."""
    available: tuple[tuple[str, ...], ...] = ()
    """Disaggregations that exist: [["sex"], ["sex", "age"]]."""
    frequency: str = ""
    """How often figures come out."""
    area_level: str = ""
    """Smallest areas with figures, such as province."""
    stage: Stage | None = None
    """input, process, output or outcome, where the framework does not say."""
    population: str = ""
    """Whom the indicator is about, where the title does not say."""
    age: str = ""
    """Ages it is about, where the title does not say, such as 15-49."""
    numerator: str = ""
    """What is counted."""
    denominator: str = ""
    """Out of what it is counted."""
    feasible_now: Feasibility = "not known"
    """Whether figures can be made this year."""
    feasible_later: Feasibility = "not known"
    """Whether they can in three to five years."""
    note: str = ""
    """What a reader must know."""

    def __post_init__(self) -> None:
        """Refuse what names no indicator, or a state or feasibility that is not in the list."""
        faults: list[Fault] = list(name_faults(framework=self.framework, key=self.key))
        if self.state is not None and self.state not in STATES:
            faults.append((("state",), repr(self.state), f"one of {', '.join(STATES)}"))
        for name in ("feasible_now", "feasible_later"):
            answer = getattr(self, name)
            if answer not in FEASIBILITIES:
                faults.append(((name,), repr(answer), f"one of {', '.join(FEASIBILITIES)}"))
        for position, names in enumerate(self.available):
            if not names or "" in names:
                faults.append((("available", position), str(list(names)), "characteristics"))
        if faults:
            raise Faults(faults)

    @property
    def indicator(self) -> tuple[str, str]:
        """Framework and key."""
        return (self.framework, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The framework versions that are at hand, and what is known of their figures."""

    frameworks: tuple[Framework, ...] = ()
    """In the order of the rounds of matching."""
    supplies: tuple[Supply, ...] = ()
    """What is known of figures, before what a review carries."""


def source_faults(sources: tuple[DataSource, ...], supplies: tuple[Supply, ...]) -> Iterator[Fault]:
    """Yield sources and indicators that stand twice, and sources that nobody described."""
    codes = [each.code for each in sources]
    for position, code in enumerate(codes):
        if code in codes[:position]:
            yield ("sources", position, "code"), f"{code!r} again", "each code once"
    ends = [each.indicator for each in supplies]
    for position, supply in enumerate(supplies):
        if supply.indicator in ends[:position]:
            found = f"{supply.framework} {supply.key} again"
            yield ("supplies", position, "key"), found, "each indicator once"
        for code in supply.sources:
            if code not in codes:
                expected = "the code of one of the sources"
                yield ("supplies", position, "sources"), repr(code), expected
