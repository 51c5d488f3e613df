"""The conceptual checklist, as answered and as left open."""

from everycount.audit.checklist import checklist, checklist_findings
from everycount.index.audit_plan import QUESTIONS, Answer, AuditPlan


def plan(**answers):
    given = (Answer(question=name, answer=answer) for name, answer in answers.items())
    return AuditPlan(checklist=tuple(given))


def test_every_question_with_its_answer():
    own = Answer(question="users", answer="partly", note="two of five", by="A", date="2026-03-08")
    table = checklist(AuditPlan(checklist=(own,)))
    assert table["question"].to_list() == list(QUESTIONS)
    assert table.row(2) == ("users", QUESTIONS["users"], "partly", "two of five", "A", "2026-03-08")
    assert set(table["answer"]) == {"partly", "not filled in"}


def test_what_is_left_to_do():
    own = Answer(question="users", answer="partly", note="two of five")
    given = AuditPlan(checklist=(own, Answer(question="trade", answer="no")))
    found = {each.check: each for each in checklist_findings(checklist(given))}
    assert {check: each.light for check, each in found.items()} == {
        "not_in_place": "problem",
        "partly_in_place": "watch",
        "unanswered": "note",
    }
    assert found["not_in_place"].words == f"Answered with no: {QUESTIONS['trade']}"
    assert found["partly_in_place"].words.endswith(f"{QUESTIONS['users']} (two of five)")
    assert QUESTIONS["scale"] in found["unanswered"].words
    assert {each.part for each in found.values()} == {"concept"}


def test_everything_in_place():
    answers = dict.fromkeys(QUESTIONS, "yes") | {"links": "not applicable"}
    (only,) = checklist_findings(checklist(plan(**answers)))
    assert only.light == "good"
    assert only.words == "Every conceptual question is answered, none with no or partly."
