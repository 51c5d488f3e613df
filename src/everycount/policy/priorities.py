"""Which indicators come first: how much users want a figure against what producers can do."""

from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from everycount.model.letters import named
from everycount.model.plan import HIGHEST, LOWEST, Rating
from everycount.model.review import Review
from everycount.model.supply import Catalogue
from everycount.policy.landscape import End, landscape

Place = Literal["first", "invest", "easy", "later", "not rated"]
MIDDLE = (LOWEST + HIGHEST) / 2
"""A mean mark above it counts as high."""
WIDE = 3
"""Marks of one criterion this far apart show that raters do not agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """What users and producers gave one indicator."""

    framework: str
    key: str
    title: str
    issues: tuple[str, ...]
    """Accepted issues that ask for it."""
    demand: float | None
    """Mean mark of users, 1 to 5; None without any."""
    feasibility: float | None
    cost: float | None
    """Mean marks of producers; a high cost is dear."""
    score: float | None
    """Mean of demand, feasibility and what is left of cost (6 less the mark), 1 to 5; None until
    both sides have rated."""
    place: Place
    """first: wanted and within reach; invest: wanted, not within reach; easy: within reach, not
    much wanted; later: neither."""
    users: int
    producers: int
    """How many rated."""
    is_disputed: bool
    """Whether marks of one criterion lie 3 or more apart."""


def priorities(review: Review, catalogue: Catalogue) -> tuple[Priority, ...]:
    """Return the indicators that accepted issues ask for, the most urgent first.

    Parameters
    ----------
    review : Review
        With ratings by users and producers.
    catalogue : Catalogue
        For titles.

    Returns
    -------
    tuple of Priority
        By place, then by score, then by how many issues ask. Indicators that were rated without
        being asked for by an accepted issue come too.
    """
    land = landscape(review, catalogue)
    asked: dict[End, list[str]] = {}
    for issue in land.issues:
        for link in land.links.get(issue.id, ()):
            asked.setdefault((link.framework, link.key), []).append(issue.id)
    for rating in review.ratings:
        asked.setdefault((rating.framework, rating.key), [])
    found = [
        _priority(end, land.title(*end), issues, review.ratings) for end, issues in asked.items()
    ]
    order = ("first", "invest", "easy", "later", "not rated")
    return tuple(
        sorted(found, key=lambda p: (order.index(p.place), -(p.score or 0), -len(p.issues)))
    )


def _priority(end: End, title: str, issues: list[str], ratings: tuple[Rating, ...]) -> Priority:
    """Return what one indicator was given."""
    own = [rating for rating in ratings if (rating.framework, rating.key) == end]
    marks = {
        name: [rating.mark for rating in own if rating.criterion == name]
        for name in ("demand", "feasibility", "cost")
    }
    means = {name: fmean(given) if given else None for name, given in marks.items()}
    demand, feasibility, cost = means["demand"], means["feasibility"], means["cost"]
    within_reach = _reach(feasibility, cost)
    score = None
    if demand is not None and within_reach is not None:
        known = [demand, *(each for each in (feasibility, _left(cost)) if each is not None)]
        score = fmean(known)
    return Priority(
        framework=end[0],
        key=end[1],
        title=title,
        issues=tuple(issues),
        demand=demand,
        feasibility=feasibility,
        cost=cost,
        score=score,
        place=_place(demand, within_reach),
        users=len({named(rating.by) for rating in own if rating.side == "user"}),
        producers=len({named(rating.by) for rating in own if rating.side == "producer"}),
        is_disputed=any(given and max(given) - min(given) >= WIDE for given in marks.values()),
    )


def _left(cost: float | None) -> float | None:
    """Return a cost turned so that a high mark is good."""
    return None if cost is None else LOWEST + HIGHEST - cost


def _reach(feasibility: float | None, cost: float | None) -> float | None:
    """Return how far a figure is within reach: the mean of feasibility and what is left of cost."""
    known = [each for each in (feasibility, _left(cost)) if each is not None]
    return fmean(known) if known else None


def _place(demand: float | None, within_reach: float | None) -> Place:
    """Return in which corner of the plane of demand and reach an indicator lies."""
    if demand is None or within_reach is None:
        return "not rated"
    if demand > MIDDLE:
        return "first" if within_reach > MIDDLE else "invest"
    return "easy" if within_reach > MIDDLE else "later"
