"""What the audit of a method tests: assumptions, limits, and what a person has to answer."""

from dataclasses import dataclass, field
from typing import Literal

from everycount.index.assumptions import Assumption
from everycount.index.thresholds import Thresholds
from everycount.model.strict import STRICT, Faults, Path

QUESTIONS: dict[str, str] = {
    "purpose": "Is it written down what the index is for, and for whom?",
    "concept": "Is what is measured defined, with a framework behind it and its source?",
    "users": "Were experts and those concerned asked about the framework and the indicators?",
    "groups": "Does each group stand for one part of the concept, and does nothing overlap?",
    "criteria": "Are there criteria for choosing indicators, and are the rejected ones listed?",
    "direction": "Is it agreed for every indicator which way is better?",
    "quality": "Are the sources, years and limits of the figures published?",
    "missing": "Is it published what was missing and what was done about it?",
    "scale": "Do the scale and the goalposts follow from the purpose of the index?",
    "weights": "Is it explained what the weights stand for, and who set them?",
    "trade": "Is it wanted that a low score can be made good by a high one?",
    "links": "Was the index compared with others that measure the like?",
    "words": "Do those who publish it say what it does not measure?",
}
"""Questions no computer can answer, one for each step of a sound index.

After the ten steps of OECD and JRC (2008), Handbook on Constructing Composite Indicators, table 1.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a person says to one question of the conceptual checklist."""

    __pydantic_config__ = STRICT

    question: str
    """The question's short name, as docs/reference/formats.md lists them."""
    answer: Literal["yes", "partly", "no", "not applicable"]
    """The answer."""
    note: str = ""
    """Why, or where it can be read."""
    by: str = ""
    """Who says so."""
    date: str = ""
    """When, such as 2026-03-08."""

    def __post_init__(self) -> None:
        if self.question not in QUESTIONS:
            raise Faults([(("question",), repr(self.question), f"one of {', '.join(QUESTIONS)}")])


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPlan:
    """How an audit tests a method. Every key may be left out."""

    __pydantic_config__ = STRICT

    assumptions: tuple[Assumption, ...] = ()
    """The choices to vary. Left out: a usual set, which the report names."""
    exclude: tuple[dict[str, str], ...] = ()
    """Options that cannot go together, each as `{ Normalisation = "z-scores", Aggregation =
    "geometric" }`. They are never drawn; the assumptions then depend on one another, so that
    sensitivities are not computed."""
    nodes: tuple[str, ...] = ()
    """Groups whose scores and ranks are tested. Left out: the top of the tree."""
    draws: int = 10000
    """How many builds, where `--draws` does not say."""
    sensitivity_draws: int = 500
    """How many builds of either base sample for sensitivities: each assumption adds as many. 0
    for none."""
    seed: int = 1
    """Where random numbers start, where `--seed` does not say."""
    percentiles: tuple[float, float] = (5, 95)
    """The interval of ranks and scores, in percent of the builds."""
    pairs: tuple[tuple[str, str], ...] = ()
    """Pairs of units whose sensitivities are computed."""
    size: tuple[str, ...] = ()
    """Columns of `--units` or of the data that tell the size of units. Left out: all figures of
    `--units` and all denominators."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    """The limits that findings are judged by."""
    checklist: tuple[Answer, ...] = ()
    """What a person answers to the conceptual questions."""

    def __post_init__(self) -> None:
        faults: list[tuple[Path, str, str]] = []
        names = [each.name for each in self.assumptions]
        faults += [
            (("assumptions", i, "name"), f"{name!r} {names.count(name)} times", "each name once")
            for i, name in enumerate(names)
            if names.count(name) > 1
        ]
        low, high = self.percentiles
        if not 0 <= low < high <= 100 or f"{low:g}" == f"{high:g}":
            found = f"[{low:g}, {high:g}]"
            faults.append((("percentiles",), found, "two percentages, the lower first"))
        for name, least in (("draws", 1), ("sensitivity_draws", 0), ("seed", 0)):
            if getattr(self, name) < least:
                faults.append(((name,), str(getattr(self, name)), f"{least} or more"))
        faults += [
            (("pairs", i), f"{one!r} twice", "two units")
            for i, (one, other) in enumerate(self.pairs)
            if one == other
        ]
        asked = [answer.question for answer in self.checklist]
        faults += [
            (("checklist", i, "question"), f"{name!r} a second time", "each question once")
            for i, name in enumerate(asked)
            if name in asked[:i]
        ]
        if faults:
            raise Faults(faults)
