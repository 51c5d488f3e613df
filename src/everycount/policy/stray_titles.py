"""Find titles of clauses that another reading has in the text, as notes in a margin are read."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from everycount.model.review import Clause
from everycount.policy.same_clause import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class StrayTitles:
    """Titles of either reading that stand in the text of the other, folded."""

    before: frozenset[str]
    """Titles of the older reading, in the text of the newer one."""
    after: frozenset[str]
    """Titles of the newer reading, in the text of the older one."""

    def without(self, was: str, now: str) -> tuple[str, str]:
        """Return words that went and came without titles that only changed their place."""
        return _trimmed(was, self.after), _trimmed(now, self.before)


def stray_titles(before: Sequence[Clause], after: Sequence[Clause]) -> StrayTitles:
    """Return the titles that are words of the text in the other reading.

    Parameters
    ----------
    before, after : sequence of Clause
        Two readings of a document.

    Returns
    -------
    StrayTitles
        Titles of which the other reading has fewer clauses, and more often words of its text.

    Examples
    --------
    >>> note = Clause(number="1", kind="article", label="1", heading="Aim", text="It is this.")
    >>> line = Clause(number="1", kind="article", label="1", text="It is this. Aim")
    >>> stray_titles([note], [line])
    StrayTitles(before=frozenset({'aim'}), after=frozenset())
    """
    titles = [Counter(fold(each.heading) for each in side) for side in (before, after)]
    texts = [_text(side) for side in (before, after)]
    return StrayTitles(
        before=frozenset(_newly(titles[0] - titles[1], texts[0], texts[1])),
        after=frozenset(_newly(titles[1] - titles[0], texts[1], texts[0])),
    )


def _text(clauses: Iterable[Clause]) -> str:
    """Return the words of all clauses, each word between blanks of its own."""
    return " / ".join(["", *("  ".join(fold(each.text).split()) for each in clauses), ""])


def _newly(titles: Iterable[str], own: str, other: str) -> Iterable[str]:
    """Return the titles that stand more often in the other text than in their own."""
    for title in filter(None, titles):
        spaced = f" {'  '.join(title.split())} "
        if other.count(spaced) > own.count(spaced):
            yield title


def _trimmed(run: str, titles: Collection[str]) -> str:
    """Return words without the titles they begin or end with."""
    words = run.split()
    # Signs that stand alone are words of the run and none of the title.
    longest = 2 * max((len(title.split()) for title in titles), default=0)
    while words and titles:
        ends = range(min(longest, len(words)), 0, -1)
        ahead = next((at for at in ends if fold(" ".join(words[:at])) in titles), 0)
        behind = 0 if ahead else next(
            (at for at in ends if fold(" ".join(words[-at:])) in titles), 0
        )  # fmt: skip
        if not ahead and not behind:
            break
        words = words[ahead : len(words) - behind]
    return " ".join(words)
