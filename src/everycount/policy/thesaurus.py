"""Find the concepts of a thesaurus in a text, whatever words the text uses for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from everycount.policy.match_words import stems

WINDOW = 12
"""Words, function words not counted, within which the parts of a `near` term must stand: about one
clause, so that "women" and "court" far apart in a long article make no concept."""
Way = Literal["phrase", "near"]
WAYS: tuple[Way, ...] = ("phrase", "near")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One wording of a concept in one language."""

    group: str
    """Name of the concept, the same in every language."""
    label: str
    """The concept in a few English words."""
    language: str
    """ISO 639-1 code."""
    term: str
    """Wording. The parts of a `near` term are joined by `` + ``."""
    match: Way = "phrase"
    """phrase: the words in this order; near: the parts in any order, close to one another."""

    @property
    def parts(self) -> tuple[str, ...]:
        """Phrases that must all be there."""
        return tuple(self.term.split(" + ")) if self.match == "near" else (self.term,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thesaurus:
    """Concepts of a subject and the words for them."""

    terms: tuple[Term, ...] = ()

    @property
    def labels(self) -> dict[str, str]:
        """English label by concept."""
        return {term.group: term.label for term in self.terms}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finder:
    """The terms of one language, ready to be looked for."""

    entries: Mapping[str, Sequence[tuple[tuple[tuple[str, ...], ...], str]]] = field(
        default_factory=dict
    )
    """By the first stem of the first part: the stems of every part, and the concept."""


def finder(thesaurus: Thesaurus, language: str) -> Finder:
    """Return what finds the terms of one language.

    Parameters
    ----------
    thesaurus : Thesaurus
        Terms in any languages.
    language : str
        ISO 639-1 code.

    Returns
    -------
    Finder
        Empty when the thesaurus does not speak the language.

    Examples
    --------
    >>> spouse = Term(group="ipv", label="partner violence", language="en", term="wife beating")
    >>> find(finder(Thesaurus(terms=(spouse,)), "en"), "Wives beaten; wife beating accepted")
    {'ipv': 'wife beat'}
    """
    entries: dict[str, list[tuple[tuple[tuple[str, ...], ...], str]]] = {}
    for term in thesaurus.terms:
        parts = tuple(tuple(stems(part, language)) for part in term.parts)
        if term.language == language and all(parts):
            entries.setdefault(parts[0][0], []).append((parts, term.group))
    return Finder(entries=entries)


def find(known: Finder, text: str, language: str = "en") -> dict[str, str]:
    """Return the concepts of a text with the stems that stand for each.

    Parameters
    ----------
    known : Finder
        Terms of `language`.
    text : str
        Title or clause.
    language : str
        ISO 639-1 code of the text.

    Returns
    -------
    dict of str to str
        Words found, by concept, in the order of the text; the first wording found is told.
    """
    found: dict[str, str] = {}
    sequence = stems(text, language)
    for start, word in enumerate(sequence):
        for parts, group in known.entries.get(word, ()):
            if group not in found and _stand(parts, sequence, start):
                found[group] = " + ".join(" ".join(part) for part in parts)
    return found


def _stand(parts: tuple[tuple[str, ...], ...], sequence: list[str], start: int) -> bool:
    """Tell whether the first part stands at `start` and the others stand near it."""
    first, *others = parts
    if tuple(sequence[start : start + len(first)]) != first:
        return False
    near = sequence[max(start - WINDOW, 0) : start + len(first) + WINDOW]
    return all(
        any(tuple(near[at : at + len(part)]) == part for at in range(len(near))) for part in others
    )
