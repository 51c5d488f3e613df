"""What answers allow, what a decision needs, and the label that travels with figures."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.appraisals import shipped_scheme
from everycount.model.appraisal import Appeal, Appraisal, Decision, GateAnswer, Score
from everycount.model.appraisal_scheme import Scheme
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.model.strict import Faults
from everycount.repository.appraise import assess, decision_faults, label, state_at

SCHEME = shipped_scheme()
YES = {each.id: GateAnswer(answer="yes", evidence="letter of 3 May") for each in SCHEME.gate}
USUAL = {c.id: c.default for c in OBSERVATION.components if c.default}
DAY = date(2026, 6, 1)


def scores(level="A2", **changes):
    levels = {each.id: level for each in SCHEME.criteria} | changes
    return {id: Score(level=each, evidence="report, p. 4") for id, each in levels.items()}


def decided(outcome="official", **changes):
    usual = {
        "outcome": outcome, "date": "2026-05-01", "by": ("committee",), "reason": "passed",
        "legal_basis": "article 9", "authority": "statistics office", "expires": "2028-05-01",
    }  # fmt: skip
    return Decision(**{**usual, **changes})


def appraisal(**changes):
    usual = {
        "id": "helpline", "title": "Calls", "producer": "Helpline", "kind": "citizen",
        "risk": "medium", "profile": "medium", "gate": YES, "scores": scores(),
        "decision": decided(),
    }  # fmt: skip
    return Appraisal(**{**usual, **changes})


@pytest.mark.parametrize(
    ("changes", "strongest"),
    [
        ({}, "official"),
        ({"scores": scores("A1")}, "supplementary"),
        ({"scores": scores("A1"), "risk": "low", "profile": "low"}, "official"),
        ({"risk": "high"}, "supplementary"),
        ({"risk": "high", "scores": scores("A3")}, "official"),
        ({"is_sensitive": True}, "supplementary"),  # training and security need A3
        ({"is_sensitive": True, "scores": scores(training="A3", security="A3")}, "official"),
        ({"scores": scores(coverage="A0")}, "context"),
        ({"scores": {}}, "context"),
        ({"gate": YES | {"gap": GateAnswer(answer="no", evidence="LFS")}}, "supplementary"),
        ({"gate": YES | {"licence": GateAnswer(answer="no", evidence="none")}}, "declined"),
        (
            {"gate": YES | {"licence": GateAnswer(answer="not applicable", evidence="x")}},
            "declined",
        ),
        (
            {"gate": YES | {"no-harm": GateAnswer(answer="not applicable", evidence="x")}},
            "official",
        ),
        ({"gate": YES | {"licence": GateAnswer(answer="yes", evidence=" ")}}, "context"),
        ({"scores": scores() | {"openness": Score(level="A3", evidence="")}}, "context"),
    ],
)
def test_strongest_outcome_follows_from_the_answers(changes, strongest):
    found = assess(appraisal(**changes), SCHEME)
    assert found.strongest == strongest
    assert found.allowed[0] == strongest
    assert found.allowed[-1] == "declined"


def test_what_is_missing_is_named():
    gate = {id: answer for id, answer in YES.items() if id != "purpose"}
    found = assess(appraisal(gate=gate, scores=scores("A1", coverage="A0")), SCHEME)
    assert found.needed == "A2"
    assert found.unanswered == ("purpose",)
    assert found.without == ("coverage",)
    assert len(found.short) == len(SCHEME.criteria) - 1


def test_answers_to_unknown_questions_are_refused():
    gate = YES | {"licences": GateAnswer(answer="yes", evidence="x")}
    extra = scores() | {"speed": Score(level="A1", evidence="x")}
    with pytest.raises(InputError) as error:
        assess(appraisal(gate=gate, scores=extra), SCHEME)
    assert [p.where for p in error.value.problems] == ["gate", "scores"]
    assert "expected one of comparability, concepts" in str(error.value)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"outcome": "official"}, []),
        ({"legal_basis": ""}, ["decision, legal_basis: found nothing, expected the article"]),
        ({"outcome": "official_note", "authority": " "}, ["decision, authority: found nothing"]),
        ({"outcome": "supplementary", "legal_basis": "", "authority": ""}, []),
        ({"expires": ""}, ["decision, expires: found nothing, expected the day until"]),
        ({"outcome": "declined", "expires": ""}, []),
        ({"expires": "2026-05-01"}, ["decision, expires: found 2026-05-01, expected a day after"]),
        ({"by": (), "reason": " "}, ["decision, by: found nothing", "decision, reason: found"]),
    ],
)
def test_decision_needs_its_grounds(changes, words):
    problems = decision_faults(appraisal(decision=decided(**changes)), SCHEME)
    assert len(problems) == len(words)
    for problem, expected in zip(problems, words, strict=True):
        assert str(problem).startswith(expected)


def test_decision_beyond_the_answers_is_refused_with_the_reason():
    weak = appraisal(scores=scores("A2", coverage="A1"))
    (problem,) = decision_faults(weak, SCHEME)
    assert str(problem) == (
        "decision, outcome: found 'official', expected supplementary or context or declined "
        "(below what is needed (A2 or more): coverage)"
    )
    assert decision_faults(appraisal(decision=None), SCHEME) == ()


def test_appeal_that_was_upheld_replaces_the_decision():
    other = decided("supplementary", date="2026-05-20")
    appeals = (
        Appeal(date="2026-05-10", by="producer", grounds="new frame"),
        Appeal(
            date="2026-05-11", by="producer", grounds="x", answered="2026-05-20", decision=other
        ),
    )
    appealed = appraisal(decision=decided("declined"), appeals=appeals)
    assert appealed.standing == other
    assert appraisal(appeals=appeals[:1]).standing == decided()


def test_dates_that_are_none_are_refused():
    bad = Appeal(date="May", by="x", grounds="x", decision=decided(date=""))
    with pytest.raises(Faults) as error:
        appraisal(decision=decided(expires="2027-02-30"), appeals=(bad,))
    assert [path for path, *_ in error.value.faults] == [
        ("decision", "expires"),
        ("appeals, 1", "date"),
        ("appeals, 1", "date"),
    ]


@pytest.mark.parametrize(
    ("day", "state"),
    [("2026-04-30", "open"), ("2026-05-01", "decided"), ("2028-05-01", "decided"),
     ("2028-05-02", "expired")],
)  # fmt: skip
def test_state_depends_on_the_day(day, state):
    assert state_at(appraisal(), date.fromisoformat(day)) == state


def test_state_without_decision_or_expiry():
    assert state_at(appraisal(decision=None), DAY) == "open"
    assert state_at(appraisal(decision=decided("declined", expires="")), DAY) == "decided"


def dataset():
    rows = [{**USUAL, "INDICATOR": code, "REF_AREA": "704", "TIME_PERIOD": "2024"} for code in "ab"]
    return Dataset(table=pl.DataFrame(rows, schema=dict(OBSERVATION.schema)))


def test_label_stands_at_every_figure_it_holds_for():
    labelled = label(dataset(), appraisal(), SCHEME, day=DAY)
    assert labelled.table["APPRAISAL"].to_list() == ["OFFICIAL", "OFFICIAL"]
    decision = decided("supplementary", conditions=("cite the helpline", "no ranking"))
    part = appraisal(indicators=("a",), decision=decision)
    labelled = label(dataset(), part, SCHEME, day=DAY)
    assert labelled.table["APPRAISAL"].to_list() == ["SUPPLEMENTARY", None]
    assert labelled.notes == (
        "appraisal helpline: supplementary, decided 2026-05-01, until 2028-05-01; "
        "conditions: cite the helpline; no ranking",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"decision": None}, "found no decision yet, expected one that stands"),
        ({"decision": decided(date="2027-01-01")}, "found no decision yet"),
        ({"decision": decided(expires="2026-05-31")}, "found expired 2026-05-31"),
        ({"decision": decided("declined", expires="")}, "found declined, expected an outcome"),
        ({"scores": scores("A1")}, "found 'official', expected supplementary"),
        ({"indicators": ("a", "z")}, "indicators: found 'z', expected one of the data"),
    ],
)
def test_data_without_a_standing_appraisal_are_not_labelled(changes, words):
    with pytest.raises(InputError, match=words):
        label(dataset(), appraisal(**changes), SCHEME, day=DAY)


def test_scheme_with_gaps_is_refused():
    with pytest.raises(Faults, match=r"needed\.low\.high: found nothing, expected one of A0, A1"):
        replace(SCHEME, needed={**SCHEME.needed, "low": {"low": "A1", "medium": "A1"}})
    with pytest.raises(Faults, match="'producer' twice"):
        Scheme(
            id="x", version="1", title={"en": "x"}, source="x", needed=SCHEME.needed,
            gate=(SCHEME.gate[0], SCHEME.gate[0]), criteria=(),
        )  # fmt: skip
