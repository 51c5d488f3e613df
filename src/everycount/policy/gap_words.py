"""Gaps in the text: target groups that it does not name, concepts and dimensions it leaves out."""

from everycount.model.gap import GapTable
from everycount.model.indicator import wording
from everycount.model.issue import GRADES, Issue
from everycount.model.vocabulary import DIMENSIONS, TargetGroup
from everycount.policy.coverage import NOTE, coverage
from everycount.policy.landscape import Landscape, count

SHOWN = 6
"""Issues named in one cell before "and N more"."""


def groups_missed(land: Landscape) -> GapTable:
    """Return the target groups of the list that no accepted issue names, nor a part of them."""
    vocabulary = land.review.vocabulary
    named: dict[str, list[str]] = {}
    for issue in land.issues:
        for tag in issue.groups:
            for code in (tag.code, *vocabulary.above(tag.code)):
                named.setdefault(code, []).append(issue.id)
    missed = [group for group in vocabulary.groups if group.code not in named]
    return GapTable(
        id="groups-missed",
        title="Target groups that the policy misses",
        finding=f"{len(missed)} of {count(len(vocabulary.groups), 'target group')} of the list "
        f"“{wording(vocabulary.title, land.language)}” "
        f"{'is' if len(missed) == 1 else 'are'} named in no accepted issue.",
        columns=("group", "title", "part of", "implied by", "named elsewhere"),
        rows=tuple(_group_cells(land, group) for group in missed),
        count=len(missed),
        of=len(vocabulary.groups),
        notes=(
            "A group counts as named when a part of it is. A wider group does not name its parts: "
            "a policy for women need not have rural women in mind.",
        ),
    )


def _group_cells(land: Landscape, group: TargetGroup) -> tuple[str, str, str, str, str]:
    """Return the row of a group that is missed."""
    vocabulary = land.review.vocabulary
    implied = [
        issue.id
        for issue in land.issues
        if any(group.code in vocabulary.concept(tag.code).implies for tag in issue.concepts)
    ]
    others = [
        issue.id
        for issue in land.review.issues
        if not issue.decision.is_accepted and any(tag.code == group.code for tag in issue.groups)
    ]
    parent = vocabulary.group(group.parent) if group.parent else None
    return (
        group.code,
        wording(group.title, land.language),
        wording(parent.title, land.language) if parent else "",
        some(implied),
        f"issues not accepted: {some(others)}" if others else "",
    )


def concepts_missed(land: Landscape) -> GapTable:
    """Return the concepts and dimensions with how far the accepted issues go with each."""
    vocabulary = land.review.vocabulary
    rows = []
    missed = 0
    for concept in vocabulary.concepts:
        grades = {
            issue.id: tag.grade
            for issue in land.issues
            for tag in issue.concepts
            if tag.code == concept.code
        }
        best = max(grades.values(), default=0)
        missed += not grades
        question = wording(concept.question, land.language)
        words = f"{best}, {GRADES[best]}" if grades else "no issue"
        title = wording(concept.title, land.language)
        rows.append(("concept", title, question, words, some(list(grades))))
    for dimension in DIMENSIONS:
        issues = [issue.id for issue in land.issues if issue.dimension == dimension]
        missed += not issues
        words = count(len(issues), "issue") if issues else "no issue"
        rows.append(("dimension", dimension, "", words, some(issues)))
    return GapTable(
        id="concepts-missed",
        title="Core concepts and dimensions, those that the policy misses first",
        finding=f"{count(missed, 'core concept or dimension', 'core concepts or dimensions')} "
        f"of {len(rows)} {'has' if missed == 1 else 'have'} no accepted issue.",
        columns=("kind", "name", "key question", "how far", "issues"),
        rows=tuple(sorted(rows, key=lambda row: row[3] != "no issue")),
        count=missed,
        of=len(rows),
        notes=(_rank(land), NOTE, f"Lists: {vocabulary.source}"),
    )


def _rank(land: Landscape) -> str:
    """Return EquiFrame's shares and rank in a sentence."""
    found = coverage(land.issues, land.review.vocabulary)
    return (
        f"As EquiFrame counts: {100 * found.concept_share:.0f} % of concepts named, "
        f"{100 * found.group_share:.0f} % of groups named, action or monitoring on "
        f"{100 * found.quality:.0f} % of concepts; rank {found.rank}."
    )


def open_targets(land: Landscape) -> GapTable:
    """Return the targets of accepted issues that lack what makes them measurable."""
    rows = []
    targets = [(issue, target) for issue in land.issues for target in issue.targets]
    for issue, target in targets:
        lacking = [*target.open_slots, *(() if issue.breakdowns else ("breakdown",))]
        is_confirmed = target.decision.is_accepted
        if lacking or not is_confirmed:
            words = ", ".join(lacking)
            state = "confirmed" if is_confirmed else "reading not confirmed"
            rows.append((issue.id, land.at(issue), target.words.words, words, state))
    without = [row for row in rows if row[3]]
    return GapTable(
        id="open-targets",
        title="Targets without baseline, year, denominator or breakdown",
        finding=f"{len(without)} of {count(len(targets), 'target')} "
        f"{'leaves' if len(without) == 1 else 'leave'} open what one would need to measure it; "
        f"{_aimless(land)} no target at all.",
        columns=("issue", "clause", "target", "not stated", "reading"),
        rows=tuple(rows),
        count=len(without),
        of=len(targets),
    )


def _aimless(land: Landscape) -> str:
    """Return how many issues state no target."""
    issues: list[Issue] = [issue for issue in land.issues if not issue.targets]
    return f"{count(len(issues), 'issue')} {'states' if len(issues) == 1 else 'state'}"


def some(names: list[str]) -> str:
    """Return names in a row, the first few of many.

    Examples
    --------
    >>> some(["11.1", "12"]), some([str(n) for n in range(9)])
    ('11.1, 12', '0, 1, 2, 3, 4, 5 and 3 more')
    """
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
