"""Propose links from issues to indicators, and learn from the links that people accepted."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from everycount.model.framework import Framework
from everycount.model.indicator import wording
from everycount.model.issue import Issue
from everycount.model.match import Alias, Candidate, Match, Query
from everycount.model.review import Band, Clause, FrameworkUse, IndicatorLink, Review

SHOWN = 3
"""Indicators proposed for an issue from one framework. More would not be read in a workshop."""
NEAR = 0.5
"""Share of the score of the first that the others have at least: on the worked examples, those
below it were about something else."""
ROUNDS = ("national", "regional", "global")
"""Levels in the order in which Hai Phong mapped them: what the country has comes first."""


def queries_of(review: Review) -> tuple[Query, ...]:
    """Return what to look for: the issues that nobody rejected.

    The heading of the clause is given apart, so that it does not drown the clause.
    """
    clauses = {clause.number: clause for clause in review.policy.clauses}
    return tuple(
        Query(
            id=issue.id,
            text=_own_words(issue, clauses.get(issue.passage)),
            heading=clauses[issue.passage].heading if issue.passage in clauses else "",
            language=review.policy.language,
        )
        for issue in review.issues
        if issue.decision.status != "rejected"
    )


def _own_words(issue: Issue, clause: Clause | None) -> str:
    """Return the action without the lead-in that all points of a list share."""
    own = clause.text.strip(" .;:,") if clause else ""
    return own if own and own in issue.action else issue.action


def in_rounds(frameworks: Sequence[Framework]) -> tuple[Framework, ...]:
    """Return frameworks in the order of the rounds: national, regional, global."""
    return tuple(sorted(frameworks, key=lambda each: ROUNDS.index(each.level)))


def propose_links(
    review: Review,
    matches: Sequence[Match],
    frameworks: Sequence[Framework],
    *,
    away: Sequence[FrameworkUse] = (),
) -> Review:
    """Return the review with the links that matches propose. Nothing is accepted by itself.

    Links that people decided on, or added, stay. Open proposals for the frameworks that were
    matched make room for the new ones.

    Parameters
    ----------
    review : Review
    matches : sequence of Match
        One for each issue and framework.
    frameworks : sequence of Framework
        Those that were matched.
    away : sequence of FrameworkUse, optional
        Sets that matter and were not at hand, to be shown as not loaded.

    Returns
    -------
    Review
    """
    matched = {framework.reference for framework in frameworks}
    kept = [
        link
        for link in review.links
        if link.framework not in matched or link.decision.status != "proposed" or link.score is None
    ]
    taken = {link.ends for link in kept}
    proposed = [link for match in matches for link in _links(match) if link.ends not in taken]
    place = {issue.id: at for at, issue in enumerate(review.issues)}
    uses = _uses(review, in_rounds(frameworks), matches, away)
    order = {use.reference: at for at, use in enumerate(uses)}
    links = sorted((*kept, *proposed), key=lambda link: (place[link.issue], order[link.framework]))
    return replace(review, frameworks=uses, links=tuple(links))


def _links(match: Match) -> Iterator[IndicatorLink]:
    """Yield the links that one match proposes."""
    number = SHOWN if match.band in {"likely", "possible"} else 1
    least = NEAR * match.candidates[0].score if match.candidates else 0.0
    shown = [each for each in match.candidates[:number] if each.score >= least]
    for candidate in dict.fromkeys((*shown, *_firsts(match, shown))):
        others = f"the same title stands under {', '.join(candidate.same_title)}"
        yield IndicatorLink(
            issue=match.query.id,
            framework=match.framework,
            key=candidate.key,
            band=_band(match, is_first=candidate is match.candidates[0]),
            score=round(candidate.score, 3),
            reasons=(*candidate.reasons, *((others,) if candidate.same_title else ())),
            warnings=candidate.warnings,
        )


def _firsts(match: Match, shown: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the first by words alone and by meaning alone, where the joint list lost them."""
    keys = {candidate.key for candidate in shown}
    if match.band in {"likely", "possible"} and match.semantic:
        for how, candidates in (("words", match.lexical), ("meaning", match.semantic)):
            for first in candidates[:1]:
                if first.key not in keys:
                    keys.add(first.key)
                    yield replace(first, reasons=(*first.reasons, f"first by {how} alone"))


def _band(match: Match, *, is_first: bool) -> Band:
    """Return how sure one candidate is: only the first of a likely match is likely."""
    if match.band == "none":
        return "nearest"
    return "likely" if match.band == "likely" and is_first else "possible"


def _uses(
    review: Review,
    frameworks: Sequence[Framework],
    matches: Sequence[Match],
    away: Sequence[FrameworkUse],
) -> tuple[FrameworkUse, ...]:
    """Return all frameworks of a review in the order of the rounds."""
    notes = {match.framework: match.note for match in matches if match.note}
    uses = {use.reference: use for use in (*review.frameworks, *away)}
    for framework in frameworks:
        uses[framework.reference] = FrameworkUse(
            reference=framework.reference,
            title=wording(framework.title, review.policy.language),
            level=framework.level,
            note=notes.get(framework.reference, ""),
        )
    return tuple(sorted(uses.values(), key=lambda use: ROUNDS.index(use.level)))


def wordings_of(reviews: Sequence[Review]) -> Iterator[Alias]:
    """Yield the words of issues as wordings of the indicators that people linked them to.

    Parameters
    ----------
    reviews : sequence of Review
        Reviews of this workspace and of others. A link that was graded broader or related gives
        none: its words are about something else.
    """
    for review in reviews:
        issues = {issue.id: issue for issue in review.accepted}
        for link in review.accepted_links:
            if link.relation not in {"broader", "related"}:
                issue = issues[link.issue]
                yield Alias(
                    framework=link.framework,
                    key=link.key,
                    title=issue.action,
                    origin=f"{review.title}, {issue.passage or issue.id}",
                    language=review.policy.language,
                )
