"""Tell whether two reviews mean the same clause, and the same issue in it."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from everycount.model.issue import Issue
from everycount.model.review import Review


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ClauseKey:
    """A clause, and which of its issues."""

    passage: str
    text: str
    """Its words, folded."""
    place: int
    """0 for the first issue of the clause in a review."""


def fold(text: str) -> str:
    """Return a text without what two readings of one page may differ in.

    Case, white space, hyphens and punctuation go; letters are composed (NFC).

    Examples
    --------
    >>> fold("The State shall  pro-" + chr(10) + "tect women.")
    'the state shall protect women'
    """
    composed = unicodedata.normalize("NFC", text).lower()
    joined = re.sub(r"[-‐‑­]\s*", "", composed)
    return " ".join(re.findall(r"\w+", joined))


def issues_by_clause(review: Review) -> dict[ClauseKey, Issue]:
    """Return the issues of a review by the clause they stand in."""
    seen: Counter[tuple[str, str]] = Counter()
    found = {}
    for issue in review.issues:
        clause = (issue.passage, fold(issue.clause))
        key = ClauseKey(passage=clause[0], text=clause[1], place=seen[clause])
        seen[clause] += 1
        found[key] = issue
    return found
