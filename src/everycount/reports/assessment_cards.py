"""Show each candidate of an indicator set on its scorecard, with what the files say beside it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from statistics import fmean

from everycount.model.framework import Framework
from everycount.model.gap import GapTable
from everycount.model.indicator import Indicator, wording
from everycount.model.issue import Decision
from everycount.model.review import Review
from everycount.model.scorecard import CRITERIA, HIGHEST, Mark, Scorecard
from everycount.policy.assessment import is_disputed
from everycount.reports.assessment_page import CandidateCard
from everycount.reports.policy_cards import SIGNS
from everycount.reports.policy_places import plain
from everycount.reports.wording import both, label

STATUSES = {"accepted": "selected", "rejected": "not selected", "proposed": "not decided"}


def cards_of(
    framework: Framework,
    scorecard: Scorecard,
    reviews: Sequence[Review],
    *,
    tables: Sequence[GapTable],
) -> tuple[CandidateCard, ...]:
    """Return a card for each candidate that somebody marked, decided on, or asks for.

    Parameters
    ----------
    framework : Framework
        The set.
    scorecard : Scorecard
        Marks and selections.
    reviews : sequence of Review
        Reviews of policies, for the issues that ask for a candidate.
    tables : sequence of GapTable
        From `everycount.policy.assessment.assess_set`, for what the files say.

    Returns
    -------
    tuple of CandidateCard
        In the order of the set.
    """
    marks: dict[str, list[Mark]] = defaultdict(list)
    for mark in scorecard.marks:
        marks[mark.key].append(mark)
    asking = _asking(framework, reviews)
    told = _told(tables, framework)
    return tuple(
        _card(f"candidate-{number}", each, scorecard.selection(each.key), marks[each.key],
              facts=(("Asked for by", "; ".join(asking[each.key])), *told[each.key]))
        for number, each in enumerate(framework.unique, 1)
        if marks[each.key]
        or asking[each.key]
        or scorecard.selection(each.key).status != "proposed"
    )  # fmt: skip


def _asking(framework: Framework, reviews: Sequence[Review]) -> dict[str, list[str]]:
    """Return the policies that ask for each candidate, with their issues, by key."""
    found: dict[str, list[str]] = defaultdict(list)
    for review in reviews:
        issues: dict[str, list[str]] = defaultdict(list)
        for link in review.accepted_links:
            if link.framework == framework.reference:
                issues[link.key].append(link.issue)
        for key, names in issues.items():
            found[key].append(f"{review.title} ({', '.join(names)})")
    return found


def _told(
    tables: Sequence[GapTable], framework: Framework
) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return what the files say of each candidate, by key."""
    by_id = {table.id: table for table in tables}
    scores, metadata = by_id["scorecard"], by_id["metadata"]
    state, alike = (scores.columns.index(name) for name in ("figures", "same or close in"))
    share, lacking = (metadata.columns.index(name) for name in ("facts", "lacking"))
    rows = zip(framework.unique, scores.rows, metadata.rows, strict=True)
    return {
        each.key: (
            ("Figures", score[state]),
            ("Same or close in", score[alike]),
            ("Metadata", f"{facts[share]} facts"),
            ("Lacking", facts[lacking]),
        )
        for each, score, facts in rows
    }


def _card(
    place: str,
    indicator: Indicator,
    decision: Decision,
    marks: Sequence[Mark],
    *,
    facts: Sequence[tuple[str, str]],
) -> CandidateCard:
    """Return the scorecard of one candidate."""
    known = (("Decision", selection_words(decision)), *facts)
    return CandidateCard(
        id=place,
        code=indicator.code,
        title=wording(indicator.title),
        sign=SIGNS[decision.status],
        status=STATUSES[decision.status],
        warnings=tuple(_far_apart(marks)),
        marks=tuple(_marks(marks)) if marks else (),
        facts=tuple((name, plain(words)) for name, words in known if words),
    )


def _far_apart(marks: Sequence[Mark]) -> Iterator[str]:
    """Yield on which criteria reviewers differ widely."""
    given = {name: [each.mark for each in marks if each.criterion == name] for name in CRITERIA}
    found = [
        f"{name} ({min(values)} to {max(values)})"
        for name, values in given.items()
        if is_disputed(values)
    ]
    if found:
        yield f"Marks far apart on {both(found)}."


def _marks(marks: Sequence[Mark]) -> Iterator[tuple[str, str]]:
    """Yield each criterion with its mean mark and who gave which, then the mean of all."""
    means = []
    for criterion in CRITERIA:
        given = [each for each in marks if each.criterion == criterion]
        if not given:
            yield label(criterion), "not marked"
            continue
        means.append(fmean(each.mark for each in given))
        said = ", ".join(f"{each.by} {each.mark}" for each in given)
        yield label(criterion), f"{means[-1]:.1f} of {HIGHEST} ({said})"
    yield "Mean of those marked", f"{fmean(means):.2f} of {HIGHEST}"


def selection_words(decision: Decision) -> str:
    """Return whether a candidate was selected, in words.

    Examples
    --------
    >>> selection_words(Decision(status="rejected", by="Hoa", on="2026-11-22", why="no figures"))
    'not selected by Hoa on 2026-11-22: no figures'
    """
    if decision.status == "proposed":
        return "not decided"
    on = f" on {decision.on}" if decision.on else ", without a date"
    why = f": {decision.why}" if decision.why else ""
    return f"{STATUSES[decision.status]} by {decision.by}{on}{why}"
