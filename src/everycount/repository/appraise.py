"""Appraise data from outside the office: what is allowed by the answers, and the label."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import polars as pl

from everycount.errors import InputError, Problem
from everycount.model.appraisal import LEVELS, OUTCOMES, Appraisal, Decision, Level, Outcome
from everycount.model.appraisal_scheme import Criterion, Scheme
from everycount.model.dataset import Dataset
from everycount.model.observation import INDICATOR

CODES: dict[Outcome, str] = {
    "official": "OFFICIAL",
    "official_note": "OFFICIAL_NOTE",
    "supplementary": "SUPPLEMENTARY",
    "context": "CONTEXT",
}
"""Codes of CL_APPRAISAL. What is declined has none: it does not enter."""
State = Literal["open", "decided", "expired"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the answers and levels of an appraisal allow."""

    needed: Level
    """Level that every criterion must reach for the data to be official."""
    unanswered: tuple[str, ...]
    """Questions and criteria without answer or evidence."""
    gate_failed: tuple[str, ...]
    """Questions of the gate that keep the data out."""
    gate_lacking: tuple[str, ...]
    """Questions of the gate without which the data are supplementary at most."""
    short: tuple[str, ...]
    """Criteria below the level they need."""
    without: tuple[str, ...]
    """Criteria at A0, which never pass."""
    strongest: Outcome
    """The strongest outcome that may be decided."""

    @property
    def allowed(self) -> tuple[Outcome, ...]:
        """The outcomes that may be decided, the strongest first."""
        return OUTCOMES[OUTCOMES.index(self.strongest) :]


def assess(appraisal: Appraisal, scheme: Scheme) -> Assessment:
    """Return what an appraisal allows.

    Parameters
    ----------
    appraisal : Appraisal
        Its decision does not count.
    scheme : Scheme
        The questions, criteria and needed levels.

    Returns
    -------
    Assessment
        Data that fail the gate are declined. Data with a criterion at A0, or with questions
        still open, are for context only. Data below the level needed, or that lack what may be
        lacking, are supplementary. Others may be official.

    Raises
    ------
    InputError
        If it answers questions that the scheme does not have.

    References
    ----------
    .. [1] Office for Statistics Regulation (UK), Quality Assurance of Administrative Data:
       levels A0 to A3, and the level needed from risk and public interest.
    """
    _demand_known(appraisal, scheme)
    needed = scheme.level_needed(appraisal.risk, appraisal.profile)
    gate = _by_answer(appraisal, scheme)
    levels = _by_level(appraisal, scheme)
    failed, lacking = gate["failed"], gate["lacking"]
    short, without = levels["short"], levels["without"]
    unanswered = (*gate["open"], *levels["open"])
    if failed:
        strongest: Outcome = "declined"
    elif unanswered or without:
        strongest = "context"
    elif lacking or short:
        strongest = "supplementary"
    else:
        strongest = "official"
    return Assessment(
        needed=needed,
        unanswered=unanswered,
        gate_failed=tuple(failed),
        gate_lacking=tuple(lacking),
        short=tuple(short),
        without=tuple(without),
        strongest=strongest,
    )


def _by_answer(appraisal: Appraisal, scheme: Scheme) -> dict[str, list[str]]:
    """Return the questions of the gate that are open, failed, or lacking."""
    found: dict[str, list[str]] = {"open": [], "failed": [], "lacking": []}
    for question in scheme.gate:
        given = appraisal.gate.get(question.id)
        if given is None or not given.evidence.strip():
            found["open"].append(question.id)
        elif given.answer == "no" or (
            given.answer == "not applicable" and not question.may_not_apply
        ):
            found["lacking" if question.may_lack else "failed"].append(question.id)
    return found


def _by_level(appraisal: Appraisal, scheme: Scheme) -> dict[str, list[str]]:
    """Return the criteria that are open, at A0, or below the level they need."""
    found: dict[str, list[str]] = {"open": [], "without": [], "short": []}
    for criterion in scheme.criteria:
        score = appraisal.scores.get(criterion.id)
        if score is None or (score.level != "A0" and not score.evidence.strip()):
            found["open"].append(criterion.id)
        elif score.level == "A0":
            found["without"].append(criterion.id)
        elif LEVELS.index(score.level) < LEVELS.index(level_of(criterion, appraisal, scheme)):
            found["short"].append(criterion.id)
    return found


def level_of(criterion: Criterion, appraisal: Appraisal, scheme: Scheme) -> Level:
    """Return the level that a criterion needs for these data."""
    if appraisal.is_sensitive and criterion.if_sensitive:
        return LEVELS[-1]
    return scheme.level_needed(appraisal.risk, appraisal.profile)


def decision_faults(appraisal: Appraisal, scheme: Scheme) -> tuple[Problem, ...]:
    """Return why the decision that stands may not be taken.

    Parameters
    ----------
    appraisal : Appraisal
        With a decision.
    scheme : Scheme
        As for `assess`.

    Returns
    -------
    tuple of Problem
        Empty if it may, or if nothing has been decided.
    """
    decision = appraisal.standing
    if decision is None:
        return ()
    return tuple(_decision_faults(decision, assess(appraisal, scheme)))


def state_at(appraisal: Appraisal, day: date) -> State:
    """Tell whether an appraisal is still open, decided, or has expired on a day."""
    decision = appraisal.standing
    if decision is None or decision.date > day.isoformat():
        return "open"
    return "expired" if decision.expires and decision.expires < day.isoformat() else "decided"


def label(dataset: Dataset, appraisal: Appraisal, scheme: Scheme, *, day: date) -> Dataset:
    """Return the data with the label of their appraisal at every figure it holds for.

    Parameters
    ----------
    dataset : Dataset
        Data of the structure of observations.
    appraisal : Appraisal
        Decided, and not expired.
    scheme : Scheme
        As for `assess`.
    day : date
        The day for which to label.

    Returns
    -------
    Dataset
        With APPRAISAL filled, and a note that names the appraisal and its conditions.

    Raises
    ------
    InputError
        If the appraisal is open, expired, declined, contradicts its own answers, or is about
        indicators that the data do not have.
    """
    state, decision = state_at(appraisal, day), appraisal.standing
    problems = list(decision_faults(appraisal, scheme))
    if decision is None or state != "decided":
        found = {"open": "no decision yet", "expired": f"expired {_expiry(decision)}"}
        problems.append(Problem("decision", found.get(state, state), "one that stands"))
    elif decision.outcome == "declined":
        problems.append(Problem("decision", "declined", "an outcome with which data may enter"))
    known = set(dataset.table[INDICATOR].unique())
    strangers = [code for code in appraisal.indicators if code not in known]
    problems += [Problem("indicators", repr(code), "one of the data") for code in strangers]
    if problems or decision is None:
        raise InputError(f"appraisal {appraisal.id}", problems)
    holds = (
        pl.col(INDICATOR).is_in(list(appraisal.indicators))
        if appraisal.indicators
        else pl.lit(value=True)
    )
    code = pl.when(holds).then(pl.lit(CODES[decision.outcome])).otherwise(pl.col("APPRAISAL"))
    conditions = f"; conditions: {'; '.join(decision.conditions)}" if decision.conditions else ""
    note = (
        f"appraisal {appraisal.id}: {decision.outcome.replace('_', ' with ')}, "
        f"decided {decision.date}{_until(decision)}{conditions}"
    )
    return replace(
        dataset,
        table=dataset.table.with_columns(code.alias("APPRAISAL")),
        notes=(*dataset.notes, note),
    )


def _demand_known(appraisal: Appraisal, scheme: Scheme) -> None:
    """Raise an error for answers to questions that the scheme does not have."""
    known: Sequence[tuple[str, set[str], set[str]]] = (
        ("gate", set(appraisal.gate), {each.id for each in scheme.gate}),
        ("scores", set(appraisal.scores), {each.id for each in scheme.criteria}),
    )
    problems = [
        Problem(place, repr(name), f"one of {', '.join(sorted(listed))}")
        for place, given, listed in known
        for name in sorted(given - listed)
    ]
    if problems:
        raise InputError(f"appraisal {appraisal.id}", problems)


def _decision_faults(decision: Decision, found: Assessment) -> Iterator[Problem]:
    """Yield why a decision may not be taken."""
    if decision.outcome not in found.allowed:
        reasons = {
            "questions still open": found.unanswered,
            "gate failed": found.gate_failed,
            "lacking at the gate": found.gate_lacking,
            "at A0": found.without,
            f"below what is needed ({found.needed} or more)": found.short,
        }
        why = "; ".join(f"{words}: {', '.join(ids)}" for words, ids in reasons.items() if ids)
        expected = f"{' or '.join(found.allowed)} ({why})"
        yield Problem("decision, outcome", repr(decision.outcome), expected)
    if decision.outcome in {"official", "official_note"}:
        for name, text, what in (
            ("legal_basis", decision.legal_basis, "the article that allows it"),
            ("authority", decision.authority, "the body that has the power"),
        ):
            if not text.strip():
                yield Problem(f"decision, {name}", "nothing", what)
    if decision.outcome != "declined" and not decision.expires:
        yield Problem("decision, expires", "nothing", "the day until which it holds")
    if decision.expires and decision.expires <= decision.date:
        yield Problem("decision, expires", decision.expires, f"a day after {decision.date}")
    for name, words in (("by", "".join(decision.by)), ("reason", decision.reason)):
        if not words.strip():
            yield Problem(f"decision, {name}", "nothing", "words")


def _expiry(decision: Decision | None) -> str:
    return decision.expires if decision else ""


def _until(decision: Decision) -> str:
    return f", until {decision.expires}" if decision.expires else ""
