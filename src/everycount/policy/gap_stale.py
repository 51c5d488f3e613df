"""Say which issues that count in a report are to be looked at again."""

from collections.abc import Sequence
from dataclasses import replace

from everycount.model.gap import GapTable
from everycount.model.issue import Issue
from everycount.policy.gap_words import some
from everycount.policy.landscape import Landscape, count
from everycount.policy.same_clause import GONE

WHOLE = frozenset(
    {"issues-without-indicators", "groups-missed", "concepts-missed", "stage-mix", "production"}
)
"""Reports that count every accepted issue, whether they list it or not."""


def with_stale_note(table: GapTable, land: Landscape) -> GapTable:
    """Return a report with a note on accepted issues in it whose clause is gone or changed.

    Parameters
    ----------
    table : GapTable
        The report.
    land : Landscape
        The review.

    Returns
    -------
    GapTable
        The same where it rests on no such issue.
    """
    stale = [issue for issue in land.issues if issue.stale]
    if not stale:
        return table
    at = table.columns.index("issue") if "issue" in table.columns else None
    named = set() if at is None else {row[at] for row in table.rows}
    notes = [
        f"{count(len(found), 'accepted issue')} {words} "
        f"{'counts' if len(found) == 1 else 'count'} here until a person looks at "
        f"{'it' if len(found) == 1 else 'them'} again: {some([each.id for each in found])}."
        for words, issues in _kinds(stale)
        if (found := [each for each in issues if table.id in WHOLE or each.id in named])
    ]
    return replace(table, notes=(*table.notes, *notes))


def _kinds(stale: Sequence[Issue]) -> tuple[tuple[str, list[Issue]], ...]:
    """Return the issues whose clause is gone, and those whose clause changed."""
    gone = [issue for issue in stale if GONE in issue.stale]
    rest = [issue for issue in stale if GONE not in issue.stale]
    return ("whose clause is no longer in the document", gone), ("marked as stale", rest)
