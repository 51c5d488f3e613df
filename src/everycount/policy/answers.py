"""What each group answered, question by question, and how far the answers agree."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from everycount.arrays.agreement import cohen_kappa, fleiss_kappa
from everycount.model.agreement import Agreement, Difference
from everycount.model.issue import Issue
from everycount.model.review import Review
from everycount.policy.same_clause import ClauseKey, issues_by_clause

Answers = Mapping[str, Sequence[str | None]]
"""For each unit what each group says; None where a group has not decided."""


def all_answers(reviews: Sequence[Review]) -> dict[str, dict[str, list[str | None]]]:
    """Return for each question its units with the answers of the groups.

    Parameters
    ----------
    reviews : sequence of Review
        One for each group, of the same document.

    Returns
    -------
    dict of str to dict of str to list
        Question to unit to answers, in the order of `reviews`. A group that accepted an issue
        has decided on all that is tied to it: what it did not take is its no.
    """
    issues = [issues_by_clause(review) for review in reviews]
    keys = list(dict.fromkeys(key for each in issues for key in each))
    decided = {key: [each.get(key) for each in issues] for key in keys}
    return {
        "issues": {say_key(key): [_status(each) for each in row] for key, row in decided.items()},
        "target groups": _tags(decided, "groups"),
        "core concepts": _tags(decided, "concepts"),
        "dimension": {
            say_key(key): [_dimension(each) for each in row]
            for key, row in decided.items()
            if any(_is_accepted(each) for each in row)
        },
        "links": _links(reviews, decided),
    }


def agreement(question: str, answers: Answers) -> Agreement:
    """Return how far groups agree on the units that all of them decided on.

    Examples
    --------
    >>> found = agreement("issues", {"1": ["yes", "yes"], "2": ["yes", "no"], "3": ["no", None]})
    >>> found.units, found.left_out, found.share, found.kappa
    (2, 1, 0.5, 0.0)
    """
    full = [[each for each in row if each is not None] for row in answers.values()]
    full = [row for row in full if row and len(row) == len(next(iter(answers.values())))]
    values = sorted({answer for row in full for answer in row})
    codes = np.array([[values.index(answer) for answer in row] for row in full], dtype=np.intp)
    return Agreement(
        question=question,
        units=len(full),
        left_out=len(answers) - len(full),
        share=_share(full),
        kappa=_kappa(codes, len(values)) if full else float("nan"),
    )


def differences(question: str, answers: Answers, names: Sequence[str]) -> Iterator[Difference]:
    """Yield the units on which groups that decided do not agree."""
    for what, row in answers.items():
        if len({answer for answer in row if answer is not None}) > 1:
            said = tuple(
                (name, answer or "not decided") for name, answer in zip(names, row, strict=True)
            )
            yield Difference(question=question, what=what, answers=said)


def say_key(key: ClauseKey) -> str:
    """Return a clause in words, with which of its issues is meant if it has several."""
    return key.passage if key.place == 0 else f"{key.passage}, issue {key.place + 1}"


def _status(issue: Issue | None) -> str | None:
    """Return whether a group takes a clause for an issue; None where it has not decided."""
    if issue is None or issue.decision.status == "proposed":
        return None
    return "yes" if issue.decision.is_accepted else "no"


def _is_accepted(issue: Issue | None) -> bool:
    return issue is not None and issue.decision.is_accepted


def _dimension(issue: Issue | None) -> str | None:
    """Return the dimension that a group gives an issue it accepted."""
    return (issue.dimension or "none") if issue and issue.decision.is_accepted else None


def _tags(
    decided: Mapping[ClauseKey, Sequence[Issue | None]], field: str
) -> dict[str, list[str | None]]:
    """Return for each issue and code that any group tied to it whether each group did."""
    found: dict[str, list[str | None]] = {}
    for key, row in decided.items():
        sets = [
            {tag.code for tag in getattr(issue, field)}
            if issue and issue.decision.is_accepted
            else None
            for issue in row
        ]
        for code in sorted(set().union(*(each for each in sets if each is not None))):
            answers = [None if each is None else _yes(code in each) for each in sets]
            found[f"{say_key(key)}: {code}"] = answers
    return found


def _links(
    reviews: Sequence[Review], decided: Mapping[ClauseKey, Sequence[Issue | None]]
) -> dict[str, list[str | None]]:
    """Return for each issue and indicator that any group decided on whether each accepted it."""
    links = [
        {link.ends: link for link in review.links if link.decision.status != "proposed"}
        for review in reviews
    ]
    found: dict[str, list[str | None]] = {}
    for key, row in decided.items():
        ends = [
            {end[1:]: link for end, link in each.items() if issue and end[0] == issue.id}
            for each, issue in zip(links, row, strict=True)
        ]
        for end in sorted(set().union(*ends)):
            answers = [
                _yes(end in each and each[end].decision.is_accepted)
                if _is_accepted(issue)
                else None
                for each, issue in zip(ends, row, strict=True)
            ]
            found[f"{say_key(key)}: {' '.join(end)}"] = answers
    return found


def _yes(answer: bool) -> str:  # noqa: FBT001  # a word for a truth value
    return "yes" if answer else "no"


def _share(rows: Sequence[Sequence[str]]) -> float:
    """Return the share of pairs of answers to one unit that are the same."""
    same = [one == other for row in rows for one, other in combinations(row, 2)]
    return sum(same) / len(same) if same else float("nan")


def _kappa(codes: np.ndarray[tuple[int, int], np.dtype[np.intp]], width: int) -> float:
    """Return Cohen's kappa of two groups, Fleiss's of more."""
    if codes.shape[1] == 2:
        return cohen_kappa(codes[:, 0], codes[:, 1])
    counted = [Counter(row) for row in codes.tolist()]
    counts = [[row[value] for value in range(width)] for row in counted]
    return fleiss_kappa(np.array(counts, dtype=np.intp))
