"""Refuse ratings and steps of a plan for indicators that do not exist."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from everycount.errors import InputError, Problem
from everycount.model.framework import Framework
from everycount.model.review import Review


def refuse_unknown_subjects(before: Review, after: Review, frameworks: Iterable[Framework]) -> None:
    """Refuse new ratings and steps of a plan for indicators that their framework does not have.

    Parameters
    ----------
    before, after : Review
        A review, and the same with what somebody added.
    frameworks : iterable of Framework
        Those at hand; what is said of others cannot be judged.

    Raises
    ------
    InputError
        With every such rating or step and the nearest keys.
    """
    keys = {each.reference: [one.key for one in each.indicators] for each in frameworks}
    named = dict.fromkeys(
        (what, framework, key)
        for what, framework, key in _subjects(after)
        if key not in keys.get(framework, [key])
    )
    for known in _subjects(before):
        named.pop(known, None)
    problems = []
    for what, framework, key in named:
        near = get_close_matches(key, keys[framework]) or keys[framework][:1]
        expected = f"an indicator of {framework}, such as {', '.join(near)}"
        problems.append(Problem(f"{what} {framework} {key}", f"the key {key!r}", expected))
    if problems:
        raise InputError(after.title, problems)


def _subjects(review: Review) -> Iterator[tuple[str, str, str]]:
    """Yield what ratings and steps of the plan are about."""
    for rating in review.ratings:
        yield "rating of", rating.framework, rating.key
    for line in review.plan:
        yield f"step {line.id} of the plan,", line.framework, line.key
