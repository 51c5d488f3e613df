"""Tell which proposal of a new reading an issue of a review stands for."""

from collections.abc import Iterable
from dataclasses import replace

from everycount.model.issue import Issue
from everycount.policy.edit_parts import free_name
from everycount.policy.follow_clauses import SIMILAR, similarity
from everycount.policy.same_clause import fold


def by_passage(issues: Iterable[Issue]) -> dict[str, list[Issue]]:
    """Return issues by their passage."""
    found: dict[str, list[Issue]] = {}
    for issue in issues:
        found.setdefault(issue.passage, []).append(issue)
    return found


def take(issue: Issue, proposals: list[Issue]) -> Issue | None:
    """Take the proposal that means the same as an issue out of those of its clause."""
    best = max(proposals, key=lambda each: _nearness(issue, each), default=None)
    if best is None or _nearness(issue, best) < SIMILAR:
        return None
    proposals.remove(best)
    return best


def _nearness(issue: Issue, proposal: Issue) -> float:
    """Return how near two issues of one clause are: 1 if the same words caused them."""
    causes = [{fold(cause.words) for cause in each.causes} for each in (issue, proposal)]
    if causes[0] and causes[0] == causes[1]:
        return 1.0 + (fold(issue.action) == fold(proposal.action))
    return similarity(issue.action, proposal.action)


def with_free_targets(issue: Issue, taken: set[str]) -> Issue:
    """Return an issue whose targets have ids that no other target has; they are taken then."""
    targets = []
    for target in issue.targets:
        name = free_name(target.id, taken)
        taken.add(name)
        targets.append(replace(target, id=name))
    return replace(issue, targets=tuple(targets))
