"""Two readings of a policy text: which clauses are the same, reworded, split, new, dropped."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal, get_args

from everycount.model.review import Clause, PolicyText
from everycount.policy.change_words import Weight, weights
from everycount.policy.clause_parts import find_parts
from everycount.policy.follow_clauses import find_clauses, same_places, similarity
from everycount.policy.same_clause import fold
from everycount.policy.stray_titles import stray_titles

Kind = Literal["same", "renumbered", "reworded", "split", "merged", "changed", "new", "dropped"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseChange:
    """What became of one clause from one reading to the next."""

    kind: Kind
    """same; renumbered: the same words under another number; reworded: nearly the same words,
    under whatever number; split: one of several clauses that hold the words of the old one;
    merged: one of several clauses whose words the new one holds; changed: other words under the
    same number, in the same article or part; new; dropped."""
    before: Clause | None
    """As it was; None if it is new."""
    after: Clause | None
    """As it is; None if it was dropped."""
    similarity: float | None = None
    """Share of pairs of neighbouring words that both have (Dice), 0 to 1, heading included; None
    for a clause of one reading only. Of a clause that was split or merged all parts count."""
    differences: tuple[tuple[str, str], ...] = ()
    """Words that went, with those that came in their place; either may be empty."""
    weights: tuple[Weight, ...] = ()
    """What of substance these touch: negation, duty (must, may, a right), figure; the gravest
    first. None of a clause that has other words altogether."""
    is_along: bool = False
    """Whether it has another number only because the article or part it is in has."""


def clause_changes(before: PolicyText, after: PolicyText) -> tuple[ClauseChange, ...]:
    """Return what became of each clause, in the order of the older reading, new ones last.

    Parameters
    ----------
    before, after : PolicyText
        Two readings in one language, usually of two versions of one document, with their words.

    Returns
    -------
    tuple of ClauseChange
        Case, white space, hyphens at ends of lines and punctuation are no change, nor is a title
        that one reading has in the margin and the other among the words. A clause that was split
        or merged is told once for each part, its differences being those of all parts together.

    Notes
    -----
    Clauses are found again as decisions follow them: by equal words, then by the pairs that are
    nearest on the whole and at least half alike. What is left under its old number in the same
    article is `changed`, however little alike; `similarity` says how much.

    Examples
    --------
    >>> def law(*texts):
    ...     clauses = tuple(
    ...         Clause(number=str(at), kind="article", label=f"Article {at}", text=text)
    ...         for at, text in enumerate(texts, 1)
    ...     )
    ...     return PolicyText(name="law.txt", digest="", language="en", clauses=clauses)
    >>> old = law("Women hold at least 30 % of all seats.", "The council reports every year.")
    >>> new = law("Women hold at least 40 % of all seats.", "Schools are free.")
    >>> [(each.kind, each.differences) for each in clause_changes(old, new)][0]
    ('reworded', (('30', '40'),))
    >>> [each.kind for each in clause_changes(old, new)]
    ['reworded', 'changed']
    """
    return tuple(_Comparison(before, after).changes())


class _Comparison:
    """Two readings, and where the clauses of one are in the other."""

    def __init__(self, before: PolicyText, after: PolicyText) -> None:
        self.sides = before.clauses, after.clauses
        self.language = after.language
        self.titles = stray_titles(before.clauses, after.clauses)
        was = {each.number: _words(each, self.titles.before) for each in before.clauses}
        now = {each.number: _words(each, self.titles.after) for each in after.clauses}
        self.found = find_clauses(was, now)
        self.splits, self.merges = self._parts(was, now)
        self.homes = self._homes()

    def _parts(
        self, was: dict[str, str], now: dict[str, str]
    ) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        """Return the parts of clauses that were split, and of those that were merged."""
        homes = {number: place for number, (place, _) in self.found.items()}
        same = {a: b for a, b in homes.items() if fold(was[a]) == fold(now[b])}
        near = {number: place for number, place in homes.items() if number not in same}
        old = {number: text for number, text in was.items() if number not in same}
        new = {number: text for number, text in now.items() if number not in same.values()}
        back = {place: number for number, place in near.items()}
        splits = _framed(find_parts(old, new, back), self.sides[0], self.sides[1], set(new))
        taken = {part for parts in splits.values() for part in parts}
        old = {number: text for number, text in old.items() if number not in splits}
        new = {number: text for number, text in new.items() if number not in taken}
        return splits, _framed(find_parts(new, old, near), self.sides[1], self.sides[0], set(old))

    def _homes(self) -> dict[str, str]:
        """Return the new number of each clause that is still one."""
        parents = [{each.number: each.parent for each in side} for side in self.sides]
        places = same_places(self.found, parents[0], parents[1])
        homes = {number: place for number, (place, _) in self.found.items()}
        homes |= {each: each for each in places}
        gone = {*self.splits, *(part for parts in self.merges.values() for part in parts)}
        taken = {*self.merges, *(part for parts in self.splits.values() for part in parts)}
        return {a: b for a, b in homes.items() if a not in gone and b not in taken}

    def changes(self) -> Iterator[ClauseChange]:
        """Yield what became of each clause."""
        was, now = ({each.number: each for each in side} for side in self.sides)
        merged = {part: whole for whole, parts in self.merges.items() for part in parts}
        met = {*self.homes.values(), *self.merges, *(p for ps in self.splits.values() for p in ps)}
        for clause in self.sides[0]:
            number = clause.number
            if number in self.splits:
                parts = [now[each] for each in self.splits[number]]
                compared = self._compared([clause], parts)
                yield from (replace(compared, kind="split", after=part) for part in parts)
            elif number in merged:
                whole = merged[number]
                compared = self._compared([was[each] for each in self.merges[whole]], [now[whole]])
                yield replace(compared, kind="merged", before=clause)
            elif number in self.homes:
                yield self._one(clause, now[self.homes[number]])
            else:
                yield ClauseChange(kind="dropped", before=clause, after=None)
        for clause in self.sides[1]:
            if clause.number not in met:
                yield ClauseChange(kind="new", before=None, after=clause)

    def _one(self, before: Clause, after: Clause) -> ClauseChange:
        """Return how a clause differs from what it was."""
        kind: Kind = "same" if before.number == after.number else "renumbered"
        compared = self._compared([before], [after])
        if compared.differences:
            kind = "reworded" if before.number in self.found else "changed"
        if kind == "changed":
            # Where all words are others, single ones say nothing.
            compared = replace(compared, weights=())
        return replace(
            compared,
            kind=kind,
            is_along=_is_along(before, after, self.homes),
        )

    def _compared(self, before: Sequence[Clause], after: Sequence[Clause]) -> ClauseChange:
        """Return the words that went and came between clauses taken together."""
        was = " ".join(_without_title(each, self.titles.before) for each in before)
        now = " ".join(_without_title(each, self.titles.after) for each in after)
        runs = [] if fold(was) == fold(now) else differences(was, now)
        pairs = (self.titles.without(*run) for run in runs)
        kept = tuple(pair for pair in pairs if fold(pair[0]) != fold(pair[1]))
        return ClauseChange(
            kind="same",
            before=before[0],
            after=after[0],
            similarity=similarity(was, now) if kept else 1.0,
            differences=kept,
            weights=weights(kept, self.language),
        )


def _words(clause: Clause, titles: frozenset[str]) -> str:
    """Return the words by which a clause is found again."""
    return clause.text or ("" if fold(clause.heading) in titles else clause.heading)


def _without_title(clause: Clause, titles: frozenset[str]) -> str:
    """Return the words of a clause, its heading unless the other reading has it in the text."""
    return clause.text if fold(clause.heading) in titles else whole_words(clause)


def _framed(
    found: Mapping[str, tuple[str, ...]],
    wholes: Sequence[Clause],
    parts: Sequence[Clause],
    open_: Collection[str],
) -> dict[str, tuple[str, ...]]:
    """Return parts with the article they are in first, if it has no words but a heading."""
    one = {each.number: each for each in wholes}
    other = {each.number: each for each in parts}
    framed = {}
    for number, places in found.items():
        frame = other.get(other[places[0]].parent)
        framed[number] = places
        if frame and not frame.text and frame.number in open_ and _names(one[number], frame):
            framed[number] = (frame.number, *places)
    return framed


def _names(whole: Clause, frame: Clause) -> bool:
    """Tell whether an article that holds parts has the number or heading of the whole."""
    is_titled = bool(frame.heading) and fold(frame.heading) == fold(whole.heading)
    return is_titled or frame.number == whole.number


def _is_along(before: Clause, after: Clause, homes: Mapping[str, str]) -> bool:
    """Tell whether a clause has another number only because what it is in has."""
    is_within = bool(before.parent) and homes.get(before.parent) == after.parent
    ends = [each.number.removeprefix(each.parent) for each in (before, after)]
    return before.number != after.number and is_within and ends[0] == ends[1]


def whole_words(clause: Clause) -> str:
    """Return the heading and the words of a clause.

    Examples
    --------
    >>> whole_words(Clause(number="1", kind="article", label="1", text="It is.", heading="A"))
    'A: It is.'
    """
    return ": ".join(filter(None, (clause.heading, clause.text)))


def differences(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """Return the words that went from one text to another, with those in their place.

    Parameters
    ----------
    before, after : str
        The texts.

    Returns
    -------
    tuple of pairs
        In the order of the text; words are as they stand, differences of case or punctuation
        alone are left out.

    Examples
    --------
    >>> differences("Women hold at least 30 % of seats.", "By 2030, women hold 40 % of the seats.")
    (('', 'By 2030,'), ('at least 30', '40'), ('', 'the'))
    """
    was, now = before.split(), after.split()
    folded = [[fold(word) for word in words] for words in (was, now)]
    # Words that are everywhere in a long clause count too: nothing is junk.
    matcher = SequenceMatcher(None, folded[0], folded[1], autojunk=False)
    runs = (
        (" ".join(was[start:end]), " ".join(now[begin:stop]))
        for tag, start, end, begin, stop in matcher.get_opcodes()
        if tag != "equal"
    )
    return tuple((old, new) for old, new in runs if fold(old) != fold(new))
