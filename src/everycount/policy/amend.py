"""Change issues, links and targets of a review by hand, and add to it; its log keeps all."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar, cast

from everycount.errors import InputError, Problem
from everycount.model.crosswalk import Relation
from everycount.model.issue import Issue, Status, Target
from everycount.model.letters import named
from everycount.model.plan import Rating
from everycount.model.review import IndicatorLink, Review, SignOff
from everycount.model.strict import Faults
from everycount.policy.decide import (
    Choice,
    Ends,
    decide,
    find_issue,
    find_link,
    find_named,
    not_found,
)
from everycount.policy.edits import logged
from everycount.policy.plausible import impossible

T = TypeVar("T")
FIXED = frozenset({"id", "decision"})
"""What is not changed but named, or decided."""


def confirm_target(
    review: Review,
    name: str,
    target: str,
    *,
    by: str,
    on: str,
    why: str = "",
    status: Status = "accepted",
    changes: Mapping[str, object] | None = None,
) -> Review:
    """Confirm how a target was read, or correct the reading and confirm it.

    Parameters
    ----------
    review : Review
        The review.
    name : str
        Id of the issue.
    target : str
        Id of the target.
    by, on : str
        Who confirms, and the date.
    why : str, optional
        On what ground.
    status : {"accepted", "rejected", "proposed"}, optional
        rejected where the clause states no such target.
    changes : mapping, optional
        Fields of `Target` that were read wrongly, with what is right.

    Returns
    -------
    Review
        The review with the target, and an event in its log for each field that changed.

    Raises
    ------
    NotFound
        If there is no such issue or target; the message names the nearest.
    InputError
        With every fault of the changes or of the decision.
    """
    issue = find_issue(review, name)
    found = find_named("target", {each.id: each for each in issue.targets}, target)
    changed = _changed(found, changes or {}, subject=f"target {target}")
    if {"year", "baseline_year"} & set(changes or {}):
        _refuse_impossible(changed)
    targets = tuple(changed if each is found else each for each in issue.targets)
    after = _with_issue(review, issue, replace(issue, targets=targets))
    choice = Choice(issue=name, target=target, status=status, by=by, on=on, why=why)
    return decide(logged(review, after, by=by, on=on, why=why), [choice])


def edit_issue(
    review: Review, name: str, *, by: str, on: str, why: str = "", changes: Mapping[str, object]
) -> Review:
    """Change what an issue says.

    Parameters
    ----------
    review : Review
        The review.
    name : str
        Id of the issue.
    by, on : str
        Who changes it, and the date.
    why : str, optional
        On what ground.
    changes : mapping
        Fields of `Issue` with their new values; not its id and not the decision.

    Returns
    -------
    Review
        The review with the issue, and an event in its log for each field that changed.

    Raises
    ------
    NotFound
        If there is no such issue; the message names the nearest.
    InputError
        With every fault of the changes.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> issue = Issue(id="11.2", passage="11.2", action="Reach 30 %")
    >>> review = Review(title="Law", policy=law, vocabulary=words, issues=(issue,))
    >>> changes = {"frequency": "every year"}
    >>> edit_issue(review, "11.2", by="Hoa", on="2026-11-22", changes=changes).log[0].field
    'frequency'
    """
    issue = find_issue(review, name)
    changed = _changed(issue, changes, subject=f"issue {name}")
    return logged(review, _with_issue(review, issue, changed), by=by, on=on, why=why)


def add_issue(review: Review, issue: Issue, *, by: str, on: str, why: str = "") -> Review:
    """Add an issue that the reader did not propose.

    Parameters
    ----------
    review : Review
        The review.
    issue : Issue
        The issue, under an id that is not taken.
    by, on : str
        Who adds it, and the date.
    why : str, optional
        On what ground.

    Returns
    -------
    Review
        The review with the issue at its end, and an event in its log.

    Raises
    ------
    InputError
        If the id is taken, or the vocabulary lacks one of its groups or concepts.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> review = Review(title="Law", policy=law, vocabulary=words)
    >>> issue = Issue(id="1", passage="", action="Fund shelters")
    >>> add_issue(review, issue, by="Hoa", on="2026-11-22").log[0].after
    'Fund shelters'
    """
    after = _whole(review, f"issue {issue.id}", issues=(*review.issues, issue))
    return logged(review, after, by=by, on=on, why=why)


def add_link(review: Review, link: IndicatorLink, *, by: str, on: str, why: str = "") -> Review:
    """Add a link that the matcher did not propose.

    Parameters
    ----------
    review : Review
        The review.
    link : IndicatorLink
        The link; its band is usually ``added``.
    by, on : str
        Who adds it, and the date.
    why : str, optional
        On what ground.

    Returns
    -------
    Review
        The review with the link at its end, and an event in its log.

    Raises
    ------
    InputError
        If the link is there already, or the review lacks its issue or framework.
    """
    after = _whole(review, f"link {' '.join(link.ends)}", links=(*review.links, link))
    return logged(review, after, by=by, on=on, why=why)


def set_relation(
    review: Review, ends: Ends, relation: Relation | None, *, by: str, on: str, why: str = ""
) -> Review:
    """Say how an indicator answers to an issue.

    Parameters
    ----------
    review : Review
        The review.
    ends : tuple of str
        Issue, framework and key.
    relation : {"exact", "close", "broader", "narrower", "related"} or None
        None takes it back.
    by, on : str
        Who says so, and the date.
    why : str, optional
        On what ground.

    Returns
    -------
    Review
        The review with the relation, and an event in its log.

    Raises
    ------
    NotFound
        If there is no such link; the message names the nearest.
    InputError
        If the relation is none of the five.
    """
    link = find_link(review, ends)
    changed = _changed(link, {"relation": relation}, subject=f"link {' '.join(ends)}")
    links = tuple(changed if each is link else each for each in review.links)
    return logged(review, replace(review, links=links), by=by, on=on, why=why)


def sign(review: Review, sign_off: SignOff) -> Review:
    """Record what a participant says of the review or of a part of it.

    Parameters
    ----------
    review : Review
        The review.
    sign_off : SignOff
        Agreement, remarks or dissent. Earlier ones of the same person stay.

    Returns
    -------
    Review
        The review with the sign-off, and an event in its log.

    Raises
    ------
    NotFound
        If it is about an issue or link that is not there; the message names the nearest.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> review = Review(title="Law", policy=law, vocabulary=words)
    >>> said = SignOff(by="Hoa", organisation="GSO", verdict="agrees", on="2026-11-22")
    >>> sign(review, said).sign_offs[0].by
    'Hoa'
    """
    names = [issue.id for issue in review.issues]
    names += [" ".join(link.ends) for link in review.links]
    if sign_off.about and sign_off.about not in names:
        raise not_found("issue or link", sign_off.about, names)
    after = replace(review, sign_offs=(*review.sign_offs, sign_off))
    return logged(review, after, by=sign_off.by, on=sign_off.on, why=sign_off.words)


def rate(review: Review, rating: Rating, *, on: str) -> Review:
    """Record what a participant gives an indicator, in place of an earlier mark.

    Parameters
    ----------
    review : Review
        The review.
    rating : Rating
        The mark.
    on : str
        Date.

    Returns
    -------
    Review
        The review with the mark, and an event in its log if it is another one.

    Raises
    ------
    NotFound
        If the framework is none of the review's; the message names the nearest.
    """
    references = [each.reference for each in review.frameworks]
    if rating.framework not in references:
        raise not_found("framework", rating.framework, references)
    ratings = [each for each in review.ratings if _rated(each) != _rated(rating)]
    after = replace(review, ratings=(*ratings, rating))
    return logged(review, after, by=rating.by, on=on)


def _rated(rating: Rating) -> tuple[str, ...]:
    """Return who rates what."""
    return (rating.framework, rating.key, named(rating.by), rating.side, rating.criterion)


def _changed(thing: T, changes: Mapping[str, object], *, subject: str) -> T:
    """Return a thing with changed fields, or raise one error with every fault of them."""
    known = [field.name for field in fields(cast(Any, thing)) if field.name not in FIXED]
    problems = [
        Problem(name, "a field that is not known", f"one of {', '.join(known)}")
        for name in changes
        if name not in known
    ]
    right = {name: value for name, value in changes.items() if name in known}
    try:
        changed = replace(cast(Any, thing), **right)
    except Faults as error:
        problems += _problems(error)
    if problems:
        raise InputError(subject, problems)
    return cast(T, changed)


def _refuse_impossible(target: Target) -> None:
    """Refuse readings that no target can have."""
    problems = [Problem(*each) for each in impossible(target)]
    if problems:
        raise InputError(f"target {target.id}", problems)


def _problems(error: Faults) -> list[Problem]:
    """Return the faults of a thing as problems."""
    return [
        Problem(", ".join(str(step) for step in path), found, expected)
        for path, found, expected in error.faults
    ]


def _with_issue(review: Review, issue: Issue, changed: Issue) -> Review:
    """Return the review with an issue changed, or raise why it cannot be."""
    issues = tuple(changed if each is issue else each for each in review.issues)
    return _whole(review, f"issue {issue.id}", issues=issues)


def _whole(
    review: Review,
    subject: str,
    *,
    issues: tuple[Issue, ...] | None = None,
    links: tuple[IndicatorLink, ...] | None = None,
) -> Review:
    """Return the review with other issues or links, or raise what does not hang together."""
    try:
        return replace(
            review,
            issues=review.issues if issues is None else issues,
            links=review.links if links is None else links,
        )
    except Faults as error:
        raise InputError(subject, _problems(error)) from error
