"""The conceptual checklist: what a person answers, and what nobody has answered yet."""

import polars as pl

from everycount.audit.findings import Finding, Light
from everycount.index.audit_plan import QUESTIONS, AuditPlan

UNANSWERED = "not filled in"
_COLUMNS = ("question", "words", "answer", "note", "by", "date")


def checklist(plan: AuditPlan) -> pl.DataFrame:
    """Return the questions with their answers.

    Returns
    -------
    DataFrame
        Columns `question, words, answer, note, by, date`, in the order of the questions; `answer`
        is "not filled in" where the method file has none.

    Examples
    --------
    >>> checklist(AuditPlan()).row(0)[:3]
    ('purpose', 'Is it written down what the index is for, and for whom?', 'not filled in')
    """
    given = {each.question: each for each in plan.checklist}
    rows = []
    for question, words in QUESTIONS.items():
        own = given.get(question)
        said = (own.answer, own.note, own.by, own.date) if own else (UNANSWERED, "", "", "")
        rows.append((question, words, *said))
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")


def checklist_findings(table: pl.DataFrame) -> tuple[Finding, ...]:
    """Return a finding for each kind of answer that leaves something to be done.

    Parameters
    ----------
    table : DataFrame
        As `checklist` returns it.

    Returns
    -------
    tuple of Finding
        What is not in place, what is in part, what nobody has answered; or that all is in place.
    """
    kinds: tuple[tuple[str, str, Light, str], ...] = (
        ("no", "not_in_place", "problem", "Answered with no"),
        ("partly", "partly_in_place", "watch", "Answered with partly"),
        (UNANSWERED, "unanswered", "note", "Questions that nobody has answered"),
    )
    found = []
    for answer, check, light, heading in kinds:
        rows = table.filter(pl.col("answer") == answer)
        if not rows.is_empty():
            items = " ".join(_said(row["words"], row["note"]) for row in rows.to_dicts())
            words = f"{heading}: {items}"
            found.append(Finding(check=check, part="concept", light=light, words=words))
    if not found:
        words = "Every conceptual question is answered, none with no or partly."
        found.append(Finding(check="checklist", part="concept", light="good", words=words))
    return tuple(found)


def _said(words: str, note: str) -> str:
    return f"{words} ({note})" if note else words
