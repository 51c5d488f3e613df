"""How far an indicator set serves the policies that were reviewed."""

from collections.abc import Sequence

from everycount.model.framework import Framework
from everycount.model.gap import GapTable
from everycount.model.review import Review
from everycount.policy.landscape import count

UNKNOWN = "not known"


def is_matched(review: Review, framework: Framework) -> bool:
    """Tell whether the indicators of a set were offered to the issues of a review.

    Parameters
    ----------
    review : Review
        The review of a policy.
    framework : Framework
        The set, in this version.

    Returns
    -------
    bool
        False also where the set was named but not at hand. What such a review lacks is not
        known, so it is no gap.
    """
    reference = framework.reference
    uses = any(each.reference == reference and each.is_loaded for each in review.frameworks)
    return uses or any(link.framework == reference for link in review.links)


def served_issues(review: Review, framework: Framework) -> frozenset[str]:
    """Return the accepted issues that people linked to an indicator of the set."""
    reference = framework.reference
    return frozenset(each.issue for each in review.accepted_links if each.framework == reference)


def coverage(framework: Framework, reviews: Sequence[Review]) -> GapTable:
    """Return how far the set serves the policies that were reviewed.

    Parameters
    ----------
    framework : Framework
        The set.
    reviews : sequence of Review
        Reviews of policies; one that was not matched to the set is named and not counted.

    Returns
    -------
    GapTable
        A row for each policy.
    """
    matched = [review for review in reviews if is_matched(review, framework)]
    served = [len(served_issues(review, framework)) for review in matched]
    total = sum(len(review.accepted) for review in matched)
    return GapTable(
        id="policy-coverage",
        title="Coverage of policies",
        finding=_finding(reviews, matched, total - sum(served), total),
        columns=("policy", "issues", "with an indicator", "indicators used", "issues without"),
        rows=tuple(_row(review, framework) for review in reviews),
        count=total - sum(served) if matched else None,
        of=total if matched else None,
        notes=tuple(note for review in reviews if (note := _note(review, framework))),
    )


def _finding(reviews: Sequence[Review], matched: Sequence[Review], lacking: int, total: int) -> str:
    """Return what was found in a sentence or two."""
    if not reviews:
        return "No review of a policy was given, so nothing can be said."
    away = len(reviews) - len(matched)
    left = f"{count(away, 'review')} {'was' if away == 1 else 'were'} not matched to the set"
    if not matched:
        return f"{left}, so its coverage is not known."
    policies = count(len(matched), "policy", "policies")
    found = (
        f"{lacking} of {count(total, 'accepted issue')} of {policies} "
        f"{'has' if lacking == 1 else 'have'} no indicator in the set."
    )
    return f"{found} {left} and not counted." if away else found


def _row(review: Review, framework: Framework) -> tuple[str, ...]:
    """Return the row of one policy."""
    number = str(len(review.accepted))
    if not is_matched(review, framework):
        return (review.title, number, UNKNOWN, UNKNOWN, "")
    served = served_issues(review, framework)
    used = {each.key for each in review.accepted_links if each.framework == framework.reference}
    without = ", ".join(each.id for each in review.accepted if each.id not in served)
    return (review.title, number, str(len(served)), str(len(used)), without)


def _note(review: Review, framework: Framework) -> str:
    """Return what must be known of one policy; empty where nothing must."""
    reference = framework.reference
    if not is_matched(review, framework):
        others = [
            each.reference
            for each in review.frameworks
            if each.is_loaded and each.reference.partition("@")[0] == framework.id
        ]
        known = f", only to {', '.join(others)}" if others else ""
        return (
            f"{review.title}: this review was not matched to {reference}{known}, so what the set "
            f"lacks for it is not known. `everycount policy match REVIEW --framework SET` "
            "proposes links."
        )
    waiting = {
        link.issue
        for link in review.links
        if link.framework == reference and link.decision.status == "proposed"
    }
    served = served_issues(review, framework)
    undecided = [each.id for each in review.accepted if each.id in waiting - served]
    if not undecided:
        return ""
    return (
        f"{review.title}: for {count(len(undecided), 'issue')} without an indicator, links to the "
        "set are proposed and wait for a decision."
    )
