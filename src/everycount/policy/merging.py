"""Merge the reviews of one policy by several groups: what they agree on, and where they differ."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

from everycount.errors import InputError, Problem
from everycount.model.agreement import Difference, Merged
from everycount.model.issue import UNDECIDED, Decision, Issue, Tag, Target
from everycount.model.letters import named
from everycount.model.review import Event, FrameworkUse, IndicatorLink, Review
from everycount.policy.answers import agreement, all_answers, differences, say_key
from everycount.policy.same_clause import ClauseKey, issues_by_clause

T = TypeVar("T")
WORDED = ("action", "reference_population", "frequency", "area_level", "bodies", "breakdowns")
"""What groups may word differently. The first group's words stand, and the difference is told."""


def merge(reviews: Sequence[Review], *, on: str) -> tuple[Review, Merged]:
    """Merge the reviews of the same document by different groups.

    What all groups accepted is accepted, what all rejected is rejected; whatever they differ on
    is open again, with who said what. Nothing that any group did is left out.

    Parameters
    ----------
    reviews : sequence of Review
        One for each group, two or more.
    on : str
        Date of the merge, such as 2026-11-22.

    Returns
    -------
    review : Review
        The merged review, of all groups.
    merged : Merged
        How far the groups agree, and every difference.

    Raises
    ------
    InputError
        If there are fewer than two, they are of different documents or vocabularies, or two
        groups have one name: every fault at once.
    """
    names = _names(reviews)
    answers = all_answers(reviews)
    merged = Merged(
        groups=names,
        agreements=tuple(agreement(question, units) for question, units in answers.items()),
        differences=(
            *(
                each
                for question, units in answers.items()
                for each in differences(question, units, names)
            ),
            *_worded(reviews, names),
            *_named(reviews, names),
        ),
    )
    return _joined(reviews, names, on=on), merged


def _names(reviews: Sequence[Review]) -> tuple[str, ...]:
    """Return the names of the groups, or raise one error with why they cannot be merged."""
    problems = []
    if len(reviews) < 2:
        problems.append(Problem("reviews", str(len(reviews)), "two or more"))
    first = reviews[0] if reviews else None
    names = [named(review.reviewers) for review in reviews]
    for at, (review, name) in enumerate(zip(reviews, names, strict=True)):
        where = f"review {at + 1}"
        if not name:
            problems.append(Problem(f"{where}, reviewers", "nothing", "the name of the group"))
        elif name in names[:at]:
            problems.append(Problem(f"{where}, reviewers", f"{name!r} again", "another name"))
        if first and review.policy.digest != first.policy.digest:
            found = f"{review.policy.name}, digest {review.policy.digest[:12] or 'none'}"
            expected = f"the document of review 1, {first.policy.digest[:12] or 'none'}"
            problems.append(Problem(f"{where}, policy", found, expected))
        if first and review.vocabulary != first.vocabulary:
            found = f"another list than review 1 ({review.vocabulary.id})"
            problems.append(Problem(f"{where}, vocabulary", found, "the same groups and concepts"))
    if problems:
        raise InputError("the list of reviews to merge", problems)
    return tuple(names)


def _worded(reviews: Sequence[Review], names: Sequence[str]) -> Iterator[Difference]:
    """Yield what groups that accepted the same issue say of it in different words."""
    found = [issues_by_clause(review) for review in reviews]
    for key in dict.fromkeys(key for each in found for key in each):
        issues = [each.get(key) for each in found]
        for field in WORDED:
            said = tuple(
                (name, _say(getattr(issue, field)))
                for name, issue in zip(names, issues, strict=True)
                if issue and issue.decision.is_accepted
            )
            if len({words for _, words in said}) > 1:
                yield Difference(question=field, what=say_key(key), answers=said)


def _named(reviews: Sequence[Review], names: Sequence[str]) -> Iterator[Difference]:
    """Yield targets, sources, figures and steps that groups describe differently."""
    for question, parts in _PARTS.items():
        found: dict[str, dict[str, Any]] = {}
        for name, review in zip(names, reviews, strict=True):
            for label, part in parts(review):
                found.setdefault(label, {})[name] = part
        for label, said in found.items():
            parts_said = list(said.values())
            for field in fields(parts_said[0]):
                answers = tuple(
                    (name, _say(getattr(each, field.name))) for name, each in said.items()
                )
                if field.name != "decision" and len({words for _, words in answers}) > 1:
                    what = f"{label}, {field.name}"
                    yield Difference(question=question, what=what, answers=answers)


def _targets_of(review: Review) -> Iterator[tuple[str, Target]]:
    """Yield the targets of the issues that a group accepted."""
    for issue in review.accepted:
        for target in issue.targets:
            yield target.id, target


_PARTS: dict[str, Callable[[Review], Iterable[tuple[str, Any]]]] = {
    "targets": _targets_of,
    "sources": lambda review: [(each.code, each) for each in review.sources],
    "figures": lambda review: [(" ".join(each.indicator), each) for each in review.supplies],
    "plan": lambda review: [(each.id, each) for each in review.plan],
}
"""Parts of a review that have names. The first group's description stands."""


def _say(value: object, *, within: bool = False) -> str:
    """Return a field of an issue in words."""
    if isinstance(value, tuple):
        inner = " x " if value and isinstance(value[0], str) and within else "; "
        return inner.join(_say(each, within=True) for each in value) or "nothing"
    return str(value) or "nothing"


def _joined(reviews: Sequence[Review], names: Sequence[str], *, on: str) -> Review:
    """Return one review with the work of all."""
    found = [issues_by_clause(review) for review in reviews]
    keys = list(dict.fromkeys(key for each in found for key in each))
    ids = _ids(keys, found)
    issues = tuple(
        _issue(ids[key], [each.get(key) for each in found], names, on=on) for key in keys
    )
    new_id = [{issue.id: ids[key] for key, issue in each.items()} for each in found]
    first = reviews[0]
    return replace(
        first,
        reviewers="; ".join(names),
        frameworks=_frameworks(reviews),
        issues=issues,
        links=_links(reviews, new_id, names, on=on),
        sources=_first_of([each for review in reviews for each in review.sources], "code"),
        supplies=_first_of([each for review in reviews for each in review.supplies], "indicator"),
        sign_offs=tuple(
            replace(each, about=_renamed(each.about, ids))
            for review, ids in zip(reviews, new_id, strict=True)
            for each in review.sign_offs
        ),
        ratings=tuple(dict.fromkeys(each for review in reviews for each in review.ratings)),
        plan=_first_of([each for review in reviews for each in review.plan], "id"),
        log=(
            *(
                replace(event, what=_renamed(event.what, ids))
                for review, ids in zip(reviews, new_id, strict=True)
                for event in review.log
            ),
            Event(on=on, by="; ".join(names), what="review", field="merged", after=str(len(names))),
        ),
    )


def _renamed(name: str, ids: dict[str, str]) -> str:
    """Return the name of an issue or link, such as ``issue 9``, under the new ids of issues."""
    words = name.split(" ")
    return " ".join(ids.get(word, word) for word in words[:2]) + "".join(
        f" {word}" for word in words[2:]
    )


def _ids(
    keys: Sequence[ClauseKey], found: Sequence[dict[ClauseKey, Issue]]
) -> dict[ClauseKey, str]:
    """Return an id for each issue: that of the first group that has it, unless it is taken."""
    ids: dict[ClauseKey, str] = {}
    for key in keys:
        own = next(each[key].id for each in found if key in each)
        name, number = own, 2
        while name in ids.values():
            name, number = f"{own}-{number}", number + 1
        ids[key] = name
    return ids


def _issue(name: str, issues: Sequence[Issue | None], names: Sequence[str], *, on: str) -> Issue:
    """Return what groups made of one issue."""
    had = [(group, issue) for group, issue in zip(names, issues, strict=True) if issue]
    # The words of those who accepted it come before those of others.
    had.sort(key=lambda pair: not pair[1].decision.is_accepted)
    decision, stale = _decision([(group, issue.decision) for group, issue in had], names, on=on)
    all_ = [issue for _, issue in had]
    return replace(
        all_[0],
        id=name,
        groups=_tags([issue.groups for issue in all_]),
        concepts=_tags([issue.concepts for issue in all_]),
        targets=_targets([issue.targets for issue in all_]),
        decision=decision,
        stale="; ".join(dict.fromkeys(filter(None, (*(each.stale for each in all_), stale)))),
    )


def _decision(
    decisions: Sequence[tuple[str, Decision]], names: Sequence[str], *, on: str
) -> tuple[Decision, str]:
    """Return what the groups that decided agree on, or an open decision with what each said.

    A group that did not decide stands back: groups may share the clauses of a long law out.
    """
    decided = [(group, each) for group, each in decisions if each.status != "proposed"]
    statuses = {decision.status for _, decision in decided}
    if len(statuses) == 1:
        by = "; ".join(dict.fromkeys(decision.by for _, decision in decided))
        why = "; ".join(dict.fromkeys(each.why for _, each in decided if each.why))
        return Decision(status=statuses.pop(), by=by, on=on, why=why), ""
    if not decided:
        return UNDECIDED, ""
    said = [f"{group}: {decision.status}" for group, decision in decided]
    silent = set(names) - {group for group, _ in decided}
    said += [f"{group}: not decided" for group in names if group in silent]
    return UNDECIDED, f"groups differ ({', '.join(said)})"


def _tags(lists: Sequence[tuple[Tag, ...]]) -> tuple[Tag, ...]:
    """Return the tags of all groups, each with its highest grade."""
    best: dict[str, Tag] = {}
    for tag in (tag for tags in lists for tag in tags):
        known = best.get(tag.code)
        if known is None or known.grade < tag.grade:
            best[tag.code] = tag
    return tuple(best.values())


def _targets(lists: Sequence[tuple[Target, ...]]) -> tuple[Target, ...]:
    """Return the targets of all groups; a reading that somebody confirmed comes first."""
    best: dict[str, Target] = {}
    for target in (target for targets in lists for target in targets):
        known = best.get(target.id)
        if known is None or (target.decision.is_accepted and not known.decision.is_accepted):
            best[target.id] = target
    return tuple(best.values())


def _links(
    reviews: Sequence[Review],
    new_id: Sequence[dict[str, str]],
    names: Sequence[str],
    *,
    on: str,
) -> tuple[IndicatorLink, ...]:
    """Return the links of all groups under the new ids of issues."""
    found: dict[tuple[str, str, str], dict[str, IndicatorLink]] = {}
    for review, ids, name in zip(reviews, new_id, names, strict=True):
        for link in review.links:
            moved = replace(link, issue=ids[link.issue])
            found.setdefault(moved.ends, {})[name] = moved
    return tuple(_link(each, names, on=on) for each in found.values())


def _link(had: dict[str, IndicatorLink], names: Sequence[str], *, on: str) -> IndicatorLink:
    """Return what groups made of one link."""
    said = [(name, link.decision) for name, link in had.items()]
    decision, stale = _decision(said, names, on=on)
    relations = {link.relation for link in had.values() if link.relation is not None}
    first = next(iter(had.values()))
    told = [each.stale for each in had.values()] + [stale]
    return replace(
        first,
        relation=relations.pop() if len(relations) == 1 else None,
        decision=decision,
        stale="; ".join(dict.fromkeys(filter(None, told))),
    )


def _frameworks(reviews: Sequence[Review]) -> tuple[FrameworkUse, ...]:
    """Return the frameworks of all groups; one that any of them had loaded is loaded."""
    found: dict[str, FrameworkUse] = {}
    for use in (use for review in reviews for use in review.frameworks):
        known = found.get(use.reference)
        if known is None or (use.is_loaded and not known.is_loaded):
            found[use.reference] = use
    return tuple(found.values())


def _first_of(things: Sequence[T], field: str) -> tuple[T, ...]:
    """Return things without those that repeat the name of one before."""
    found: dict[object, T] = {}
    for each in things:
        found.setdefault(getattr(each, field), each)
    return tuple(found.values())
