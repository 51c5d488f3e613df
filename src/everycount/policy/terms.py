"""Find the words of a list in a text, the longest first."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from everycount.model.vocabulary import Concept, TargetGroup

START: Final = re.compile(r"\b\w")
WILD: Final = re.escape("*")
KEY: Final = 3
"""Letters by which terms are looked up; a list of hundreds is then as quick as a short one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A term of an entry of the list, where it stands."""

    code: str
    start: int
    end: int


Finder = Callable[[str], tuple[Hit, ...]]


def finder(entries: Sequence[TargetGroup | Concept], language: str) -> Finder:
    """Return what finds the terms of a list in texts of one language.

    Parameters
    ----------
    entries : sequence of TargetGroup or Concept
        The list.
    language : str
        Language code of the terms to look for.

    Returns
    -------
    callable
        From a text in Unicode NFC to hits in their order. A hit within a longer one is left out.

    Examples
    --------
    >>> women = TargetGroup(code="w", title={"en": "Women"}, terms={"en": ("women",)})
    >>> rural = TargetGroup(code="r", title={"en": "Rural"}, terms={"en": ("rural wom*",)})
    >>> [hit.code for hit in finder((women, rural), "en")("Women, and Rural Women first")]
    ['w', 'r']
    """
    terms: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        for term in entry.terms.get(language, ()):
            written = unicodedata.normalize("NFC", " ".join(term.split()))
            terms.setdefault(_key(written), []).append((written, entry.code))
    known = {key: _expression(found) for key, found in terms.items()}

    def find(text: str) -> tuple[Hit, ...]:
        return tuple(_outermost(_hits(text, known)))

    return find


def _key(term: str) -> str:
    return term.rstrip("*").lower()[:KEY]


def _expression(terms: Sequence[tuple[str, str]]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Return an expression with one group for each term, longer ones first, and their codes."""
    any_ending = r"\w*"
    ordered = sorted(terms, key=lambda term: (-len(term[0]), term))
    parts = [f"({re.escape(term).replace(WILD, any_ending)})" for term, _ in ordered]
    pattern = re.compile(rf"(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
    return pattern, tuple(code for _, code in ordered)


def _hits(text: str, known: dict[str, tuple[re.Pattern[str], tuple[str, ...]]]) -> Iterator[Hit]:
    """Yield the longest term at each beginning of a word."""
    for start in START.finditer(text):
        at = start.start()
        for length in range(KEY, 0, -1):
            entry = known.get(text[at : at + length].lower())
            match = entry[0].match(text, at) if entry else None
            if entry and match and match.lastindex:
                code = entry[1][match.lastindex - 1]
                yield Hit(code=code, start=match.start(), end=match.end())
                break


def _outermost(hits: Iterator[Hit]) -> Iterator[Hit]:
    """Yield hits without those that end within an earlier one."""
    end = -1
    for hit in hits:
        if hit.end > end:
            yield hit
            end = hit.end
