"""The verdict as plain data: what the file verdict.json holds."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Literal

from everycount.audit.audit import Audit
from everycount.audit.findings import Finding, Light
from everycount.audit.uncertainty import Failed, Standing
from everycount.index.plan_faults import option_names
from everycount.index.thresholds import Thresholds, source_of
from everycount.index.trace import Input, MethodFacts
from everycount.model.strict import STRICT


@dataclass(frozen=True, slots=True, kw_only=True)
class VariedFact:
    """An assumption that was varied."""

    __pydantic_config__ = STRICT

    name: str
    """Its name."""
    vary: Literal["step", "groups", "goalposts", "weights", "leave_one_out", "figures"]
    """What kind it is."""
    options: tuple[str, ...]
    """The names of its options; empty where numbers are drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitFact:
    """A limit that findings were judged by."""

    __pydantic_config__ = STRICT

    name: str
    """Its name under `audit.thresholds`."""
    value: float
    """Its value."""
    source: str
    """Where the value comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitivityFact:
    """How the sensitivities were computed."""

    __pydantic_config__ = STRICT

    base: int
    """Draws of either base sample."""
    builds: int
    """Builds that were made for them."""
    note: str
    """Why there are none; empty where there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerFact:
    """A question of the conceptual checklist."""

    __pydantic_config__ = STRICT

    question: str
    """Its short name."""
    words: str
    """The question."""
    answer: str
    """The answer; "not filled in" where nobody has answered."""
    note: str
    """Why, or where it can be read."""
    by: str
    """Who says so."""
    date: str
    """When."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictFile:
    """The file verdict.json."""

    __pydantic_config__ = STRICT

    everycount: str
    """Version of the library."""
    method: MethodFacts
    """Which method was tested."""
    inputs: tuple[Input, ...]
    """The files that went in."""
    headline: str
    """The verdict in one sentence."""
    light: Light
    """How serious it is."""
    places: int | None
    """Differences of fewer places are not meaningful; null where no difference of places is."""
    places_words: str
    """The same as a sentence; empty where there is nothing to say."""
    may: tuple[str, ...]
    """What may be claimed."""
    may_not: tuple[str, ...]
    """What may not."""
    findings: tuple[Finding, ...]
    """Everything that was looked for, the gravest first."""
    caveats: tuple[str, ...]
    """What was not tested, or could not be."""
    builds: int
    """Builds with a result."""
    failed: tuple[Failed, ...]
    """Builds without one."""
    seed: int
    """Where random numbers started."""
    replayed: bool
    """Whether the draws were given."""
    percentiles: tuple[float, float]
    """The interval of ranks and scores, in percent of the builds."""
    assumptions: tuple[VariedFact, ...]
    """What was varied."""
    thresholds: tuple[LimitFact, ...]
    """Every limit."""
    standings: tuple[Standing, ...]
    """What the builds say of each ranking; the verdict is about the first."""
    sensitivity: SensitivityFact
    """How sensitivities were computed."""
    checklist: tuple[AnswerFact, ...]
    """The conceptual questions and their answers."""
    files: tuple[str, ...]
    """The files that came out beside this one."""


def verdict_facts(found: Audit, trace: dict[str, Any], files: tuple[str, ...]) -> dict[str, Any]:
    """Return what verdict.json holds.

    Parameters
    ----------
    found : Audit
        What was found.
    trace : dict
        `everycount` (version of the library) and `inputs` (role, name and digest of the files).
    files : tuple of str
        The files that stand beside it.
    """
    method, verdict = found.result.methodology, found.verdict
    plan = method.audit
    facts = VerdictFile(
        everycount=trace["everycount"],
        method=found.result.trace().method,
        inputs=tuple(Input(**each) for each in trace["inputs"]),
        headline=verdict.headline,
        light=verdict.light,
        places=verdict.places,
        places_words=verdict.places_words,
        may=verdict.may,
        may_not=verdict.may_not,
        findings=verdict.findings,
        caveats=verdict.caveats,
        builds=found.uncertainty.builds,
        failed=found.uncertainty.failed,
        seed=found.seed,
        replayed=found.replayed,
        percentiles=plan.percentiles,
        assumptions=tuple(
            VariedFact(name=each.name, vary=each.vary, options=option_names(each))
            for each in plan.assumptions
        ),
        thresholds=tuple(
            LimitFact(
                name=field.name,
                value=float(getattr(plan.thresholds, field.name)),
                source=source_of(plan.thresholds, field.name),
            )
            for field in fields(Thresholds)
        ),
        standings=found.uncertainty.standings,
        sensitivity=SensitivityFact(
            base=found.sensitivity.base,
            builds=found.sensitivity.builds,
            note=found.sensitivity.note,
        ),
        checklist=tuple(AnswerFact(**row) for row in found.checklist.to_dicts()),
        files=files,
    )
    return asdict(facts)
