"""Tell whether two reviews mean the same clause, and the same issue in it."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from everycount.model.issue import Issue
from everycount.model.review import Review
from everycount.policy.invisible import visible

GONE = "the clause is no longer in the document"
"""How `Issue.stale` begins where a clause was not found again."""
SIGNS = "%‰°€$£¥<>=≤≥±"
"""Signs without which a clause says something else: 30 is not 30 %."""


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

    Case, white space, hyphens and punctuation go; letters are composed (NFC), and signs that
    belong to a number stay.

    Examples
    --------
    >>> fold("The State shall  pro-" + chr(10) + "tect women.")
    'the state shall protect women'
    >>> fold("At least 30%") == fold("at least 30 %"), fold("30 %") == fold("30")
    (True, False)
    """
    # Readings of earlier versions may hold characters that nobody sees.
    composed = unicodedata.normalize("NFC", visible(text)).lower()
    joined = re.sub(r"[-‐‑­]\s*", "", composed)
    return " ".join(re.findall(rf"\w+|[{SIGNS}]", joined))


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
