"""Accept or reject issues, links and targets of a review; its log keeps every decision."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TypeVar

from everycount.errors import InputError, NotFound, Problem
from everycount.model.dates import EXPECTED, is_date
from everycount.model.issue import STATUSES, Decision, Issue, Status, Target
from everycount.model.letters import named
from everycount.model.review import Event, IndicatorLink, Review
from everycount.policy.edit_parts import say

K = TypeVar("K")
T = TypeVar("T")
Ends = tuple[str, str, str]
"""Issue, framework and key of a link."""
NEAR = 0.5
"""Ratio of difflib from which a message names what may have been meant; ids are short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What somebody decides on one issue, link or target."""

    issue: str
    """Id of the issue."""
    status: Status
    """accepted, rejected, or proposed to open it again."""
    by: str
    """Who decides."""
    on: str
    """Date of the decision, such as 2026-11-22."""
    why: str = ""
    """On what ground."""
    framework: str = ""
    """Framework version of the indicator, to decide on a link."""
    key: str = ""
    """Key of the indicator."""
    target: str = ""
    """Id of the target, to decide on its readings."""

    @property
    def ends(self) -> Ends:
        """Issue, framework and key of the link."""
        return (self.issue, self.framework, self.key)

    @property
    def name(self) -> str:
        """What the choice is about, in words."""
        if self.framework:
            return f"link {' '.join(self.ends)}"
        return f"issue {self.issue}" + (f", target {self.target}" if self.target else "")


def decide(review: Review, choices: Sequence[Choice]) -> Review:
    """Take decisions, all of them or none.

    Parameters
    ----------
    review : Review
        The review.
    choices : sequence of Choice
        What was decided. What has been decided before may be decided again.

    Returns
    -------
    Review
        The review with the decisions, and an event in the log for each that changed anything.

    Raises
    ------
    InputError
        With every choice that is about nothing in the review, is none of the three, or that
        nobody took.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> issue = Issue(id="11.2", passage="11.2", action="Reach 30 %")
    >>> review = Review(title="Law", policy=law, vocabulary=words, issues=(issue,))
    >>> choice = Choice(issue="11.2", status="accepted", by="Hoa", on="2026-11-22")
    >>> decide(review, [choice]).log[0].after
    'accepted by Hoa on 2026-11-22'
    """
    taking = _Taking(review)
    problems = [problem for choice in choices for problem in taking.problems(choice)]
    if problems:
        raise InputError("the list of decisions", problems)
    for choice in choices:
        taking.take(choice)
    return taking.review()


def decide_issue(
    review: Review, name: str, status: Status, *, by: str, on: str, why: str = ""
) -> Review:
    """Accept or reject an issue, or open it again.

    Parameters
    ----------
    review : Review
        The review.
    name : str
        Id of the issue.
    status : {"accepted", "rejected", "proposed"}
        The decision.
    by, on : str
        Who decides, and the date.
    why : str, optional
        On what ground.

    Returns
    -------
    Review
        The review with the decision, and an event in its log.

    Raises
    ------
    NotFound
        If there is no such issue; the message names the nearest.
    InputError
        If the decision is none of the three, or nobody took it.

    Examples
    --------
    >>> from everycount.model.review import PolicyText, Vocabulary
    >>> law = PolicyText(name="law.pdf", digest="", language="en")
    >>> words = Vocabulary(id="own", title={"en": "Own"}, source="us")
    >>> issue = Issue(id="11.2", passage="11.2", action="Reach 30 %")
    >>> review = Review(title="Law", policy=law, vocabulary=words, issues=(issue,))
    >>> decide_issue(review, "11.2", "rejected", by="Hoa", on="2026-11-22").issues[0].decision.by
    'Hoa'
    """
    find_issue(review, name)
    return decide(review, [Choice(issue=name, status=status, by=by, on=on, why=why)])


def decide_link(
    review: Review, ends: Ends, status: Status, *, by: str, on: str, why: str = ""
) -> Review:
    """Accept or reject a link, or open it again.

    Parameters
    ----------
    review : Review
        The review.
    ends : tuple of str
        Issue, framework and key.
    status : {"accepted", "rejected", "proposed"}
        The decision.
    by, on : str
        Who decides, and the date.
    why : str, optional
        On what ground.

    Returns
    -------
    Review
        The review with the decision, and an event in its log.

    Raises
    ------
    NotFound
        If there is no such link; the message names the nearest.
    InputError
        If the decision is none of the three, or nobody took it.
    """
    find_link(review, ends)
    issue, framework, key = ends
    choice = Choice(issue=issue, framework=framework, key=key, status=status, by=by, on=on, why=why)
    return decide(review, [choice])


class _Taking:
    """Decisions being taken on a review."""

    def __init__(self, review: Review) -> None:
        self.before = review
        self.issues = {issue.id: issue for issue in review.issues}
        self.links = {link.ends: link for link in review.links}
        self.events: list[Event] = []

    def find(self, choice: Choice) -> Issue | IndicatorLink | Target:
        """Return what a choice is about, or raise NotFound."""
        if choice.framework:
            return find_named("link", self.links, choice.ends)
        issue = find_named("issue", self.issues, choice.issue)
        if not choice.target:
            return issue
        targets = {target.id: target for target in issue.targets}
        return find_named("target", targets, choice.target)

    def problems(self, choice: Choice) -> Iterator[Problem]:
        """Yield what keeps a choice from being taken."""
        if choice.status not in STATUSES:
            yield Problem(choice.name, repr(choice.status), f"one of {', '.join(STATUSES)}")
        if choice.status != "proposed" and not named(choice.by):
            yield Problem(choice.name, "nobody", "who decided")
        if choice.on and not is_date(choice.on):
            yield Problem(choice.name, repr(choice.on), EXPECTED)
        try:
            self.find(choice)
        except NotFound as error:
            yield Problem(choice.name, "nothing of that name", f"one that exists ({error})")

    def take(self, choice: Choice) -> None:
        """Take a choice that has no fault."""
        found = self.find(choice)
        decision = Decision(status=choice.status, by=choice.by, on=choice.on, why=choice.why)
        if decision == found.decision:
            return
        self.events.append(
            Event(
                on=choice.on,
                by=choice.by,
                what=" ".join(choice.ends) if choice.framework else choice.issue,
                field=f"target {choice.target}, decision" if choice.target else "decision",
                before=say(found.decision),
                after=say(decision),
                why=choice.why,
            )
        )
        match found:
            case Issue():
                self.issues[found.id] = replace(found, decision=decision)
            case IndicatorLink():
                self.links[found.ends] = replace(found, decision=decision)
            case _:  # a target
                issue = self.issues[choice.issue]
                targets = tuple(
                    replace(each, decision=decision) if each is found else each
                    for each in issue.targets
                )
                self.issues[issue.id] = replace(issue, targets=targets)

    def review(self) -> Review:
        """Return the review with what was decided."""
        return replace(
            self.before,
            issues=tuple(self.issues.values()),
            links=tuple(self.links.values()),
            log=(*self.before.log, *self.events),
        )


def find_issue(review: Review, name: str) -> Issue:
    """Return an issue, or raise NotFound with the nearest ids.

    Parameters
    ----------
    review : Review
        The review.
    name : str
        Id of the issue.

    Returns
    -------
    Issue
        The issue.

    Raises
    ------
    NotFound
        If there is none.
    """
    return find_named("issue", {issue.id: issue for issue in review.issues}, name)


def find_link(review: Review, ends: Ends) -> IndicatorLink:
    """Return a link, or raise NotFound with the nearest ones.

    Parameters
    ----------
    review : Review
        The review.
    ends : tuple of str
        Issue, framework and key.

    Returns
    -------
    IndicatorLink
        The link.

    Raises
    ------
    NotFound
        If there is none.
    """
    return find_named("link", {link.ends: link for link in review.links}, ends)


def find_named(noun: str, things: Mapping[K, T], name: K) -> T:
    """Return the thing of that name, or raise NotFound with the nearest names.

    Parameters
    ----------
    noun : str
        What things are called.
    things : mapping
        Things by name; a name may be a tuple.
    name : str or tuple of str
        The name.

    Returns
    -------
    object
        The thing.

    Raises
    ------
    NotFound
        If there is none.

    Examples
    --------
    >>> find_named("issue", {"11.2": "Reach 30 %"}, "11.3")
    Traceback (most recent call last):
    everycount.errors.NotFound: the review has no issue '11.3'; near: 11.2
    """
    found = things.get(name)
    if found is not None:
        return found
    raise not_found(noun, _words(name), [_words(each) for each in things])


def _words(name: object) -> str:
    """Return a name in words."""
    return " ".join(name) if isinstance(name, tuple) else str(name)


def not_found(noun: str, name: str, names: Sequence[str]) -> NotFound:
    """Return the error that a review has no such thing, with the nearest there are.

    Parameters
    ----------
    noun : str
        What such things are called.
    name : str
        The name.
    names : sequence of str
        Names there are.

    Returns
    -------
    NotFound
        To be raised.

    Examples
    --------
    >>> str(not_found("issue", "11.3", ["11.2", "40"]))
    "the review has no issue '11.3'; near: 11.2"
    """
    near = get_close_matches(name, names, cutoff=NEAR)
    hint = f"; near: {', '.join(near)}" if near else ""
    return NotFound(f"the review has no {noun} {name!r}{hint}")
