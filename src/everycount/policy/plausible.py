"""Say what is odd or impossible in what people wrote of issues and targets."""

from collections.abc import Iterator

from everycount.model.issue import Issue, Target
from everycount.model.review import Review
from everycount.policy.cycle import LEVELS, fineness

PERCENT = "%"
WHOLE = 100
"""A share in percent is not larger; a change or a ratio may be."""


def impossible(target: Target) -> Iterator[tuple[str, str, str]]:
    """Yield the field of a target, what it has and what it can have, where no target is so.

    Parameters
    ----------
    target : Target
        A target with the readings of a person.

    Yields
    ------
    tuple of str
        Field, what was found, what was expected.

    Examples
    --------
    >>> from everycount.model.issue import Cause
    >>> words = Cause(passage="1", start=0, end=4, words="40 %")
    >>> late = Target(id="t", words=words, value=40, year=2025, baseline=30, baseline_year=2030)
    >>> list(impossible(late))
    [('baseline_year', '2030', 'a year before that of the target, 2025')]
    """
    late = target.year is not None and target.baseline_year is not None
    if late and (target.baseline_year or 0) >= (target.year or 0):
        expected = f"a year before that of the target, {target.year}"
        yield "baseline_year", str(target.baseline_year), expected


def oddities(before: Review, after: Review) -> tuple[str, ...]:
    """Return what is odd in the issues and targets that changed.

    Parameters
    ----------
    before, after : Review
        A review, and the same with what somebody changed in it.

    Returns
    -------
    tuple of str
        Sentences for whoever changed it. Odd is not wrong: nothing is refused for it.
    """
    known = {issue.id: issue for issue in before.issues}
    changed = (issue for issue in after.issues if known.get(issue.id) != issue)
    return tuple(words for issue in changed for words in _issue(known.get(issue.id), issue))


def _issue(before: Issue | None, issue: Issue) -> Iterator[str]:
    """Yield what is odd in an issue and was not before."""
    level = issue.area_level
    if level and fineness(level) is None and (before is None or before.area_level != level):
        words = ", ".join(names[0] for names in LEVELS)
        yield (
            f"{issue.id}, area level: {level!r} is no level that can be compared with that of "
            f"figures; known are {words} and a few others"
        )
    targets = before.targets if before else ()
    for target in issue.targets:
        if target not in targets:
            yield from (f"{target.id}: {words}" for words in _target(target))


def _target(target: Target) -> Iterator[str]:
    """Yield what is odd in a target."""
    for _, found, expected in impossible(target):
        yield f"the baseline is of {found}, expected {expected}"
    if not target.unit.startswith(PERCENT) or target.comparator == "change by":
        return
    for name in ("value", "upper", "baseline"):
        share = getattr(target, name)
        if share is not None and share < 0:
            yield f"the {name} is {share:g} %; a share is not below 0, a change has 'change by'"
        if share is not None and share > WHOLE:
            yield f"the {name} is {share:g} %; a share is not above 100, a change has 'change by'"
