"""What a text affirms and what it denies or leaves out, so that opposites are told apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from everycount.policy import negation_words as table
from everycount.policy.match_words import split_excluded, split_tail, topic_stem

MOST: Final = 0.5
"""Share of the words of a denial above which another text is about what it denies: more than half,
so that a single shared word such as "access" does not do. A reader's rule, not fitted."""
_FIRST: Final = ("IDLE", "WHOLE", "BOTH")
_LAST: Final = ("DENIAL", "NEXT", "END", "OR")
"""Kinds of words in the order in which they are looked for, around those that name a state."""
_LISTED: Final = r"(?:(?:\s+\w+){{1,3}}?(?:,(?:\s+\w+){{1,3}}?){{0,9}},?)?\s+(?:{})\b"
"""The rest of a list with a word such as "or" before its last part; filled by language. Of
ten parts at most, so that a long table of words costs no time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """Something a text denies or leaves out."""

    words: str
    """As the text says it; of what it leaves out, without the word for leaving out."""
    stems: frozenset[str]
    is_left_out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What a text affirms, and what it denies."""

    affirmed: frozenset[str]
    """Stems of words that tell a topic."""
    denials: tuple[Denial, ...] = ()

    @property
    def denied(self) -> frozenset[frozenset[str]]:
        """Return what is denied, whatever the words around it."""
        return frozenset(each.stems for each in self.denials)


@dataclass(slots=True, kw_only=True)
class _Part:
    """A part of a text that is denied, as far as it has been read."""

    lead: str
    """The word of denial, where it does not stand right before the part."""
    start: int
    end: int
    stems: set[str]


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Where the reading of a text stands."""

    affirmed: set[str]
    parts: list[_Part]
    opener: str = ""
    """The word of denial whose part is being read; empty outside one."""
    kind: str = ""
    """NEXT when only the next word is denied, BOTH when what is denied is affirmed as well."""


@lru_cache(maxsize=20_000)
def sides_of(text: str, language: str = "en") -> Sides:
    """Return what a text affirms and what it denies; breakdowns at its end count as neither.

    Parameters
    ----------
    text : str
        Title, part of a title, or clause.
    language : str
        en, fr, es or vi. In others nothing counts as denied.

    Returns
    -------
    Sides
        A word like "unemployed" denies what "employed" affirms; what a text says it leaves out
        ("other than ...") counts as denied. Prohibitions deny nothing.

    Examples
    --------
    >>> found = sides_of("Young women not in employment or training")
    >>> sorted(found.affirmed), [each.words for each in found.denials]
    (['women', 'young'], ['not in employment', 'not training'])
    >>> found.denied == sides_of("Unemployed women without training").denied
    True
    """
    kept, excluded = split_excluded(split_tail(text, language)[0], language)
    reader = _Reader(affirmed=set(), parts=[])
    for kind, name, found in _tokens(kept, language):
        _read(reader, kind, name or topic_stem(found.group().lower(), language), found=found)
    denials = [
        Denial(words=part.lead + kept[part.start : part.end], stems=frozenset(part.stems))
        for part in reader.parts
    ]
    for words in excluded:
        inner = sides_of(words, language)
        denials.append(Denial(words=words, stems=inner.affirmed, is_left_out=True))
    return Sides(
        affirmed=frozenset(reader.affirmed), denials=tuple(each for each in denials if each.stems)
    )


def contrary(one: Sides, other: Sides) -> tuple[Denial, ...]:
    """Return what one text denies and another affirms.

    Parameters
    ----------
    one : Sides
        The text that may deny something.
    other : Sides
        The text that may affirm it.

    Returns
    -------
    tuple of Denial
        Denials of the first text. A text that names both sides, such as "with and without", denies
        neither.

    Examples
    --------
    >>> one, other = (sides_of(text) for text in ("Women not in employment", "Employed women"))
    >>> [each.words for each in contrary(one, other)], contrary(other, one)
    (['not in employment'], ())
    """
    alike = one.affirmed.union(*other.denied)
    return tuple(
        each
        for each in one.denials
        if len(each.stems & (other.affirmed - alike)) > MOST * len(each.stems)
    )


def _read(reader: _Reader, kind: str, stem: str, *, found: re.Match[str]) -> None:
    """Take in one word."""
    start, end = found.span()
    if kind in {"DENIAL", "NEXT", "BOTH"}:
        reader.parts.append(_Part(lead="", start=start, end=end, stems=set()))
        reader.opener, reader.kind = found.group(), kind
    elif kind == "OR" and reader.opener:
        lead = f"{reader.opener} "
        reader.parts.append(_Part(lead=lead, start=end + 1, end=end, stems=set()))
    elif kind == "END":
        reader.opener = ""
    elif kind == "REVERSE" and not reader.opener:
        reader.parts.append(_Part(lead="", start=start, end=end, stems={stem}))
    elif kind in {"WORD", "STATE", "REVERSE"}:
        _place(reader, stem, end, is_reverse=kind == "REVERSE")


def _place(reader: _Reader, stem: str, end: int, *, is_reverse: bool) -> None:
    """Count a word as affirmed or denied; a denied reverse is affirmed."""
    if not reader.opener or is_reverse:
        reader.affirmed |= {stem} - {""}
        reader.opener = ""
        return
    part = reader.parts[-1]
    part.stems |= {stem} - {""}
    part.end = end
    if reader.kind == "BOTH":
        reader.affirmed |= part.stems
    if reader.kind == "NEXT":
        reader.opener = ""


def _tokens(text: str, language: str) -> Iterator[tuple[str, str, re.Match[str]]]:
    """Yield the words of a text with their kind, and the name of the state they stand for."""
    for found in _scanner(language).finditer(text):
        kind, _, number = str(found.lastgroup).partition("_")
        if kind == "MARK":
            listed = found.group() == "," and _rest_of_list(language).match(text, found.end())
            kind = "OR" if listed else "END"
        name = list(table.STATE[language])[int(number)] if number.isdigit() else ""
        yield kind, name, found


@cache
def _scanner(language: str) -> re.Pattern[str]:
    """Return one expression for all kinds of words of a language, the longest kinds first."""
    parts = [(kind, getattr(table, kind).get(language, "")) for kind in _FIRST]
    names = list(table.STATE.get(language, ()))
    for kind, states in (("REVERSE", table.REVERSE), ("STATE", table.STATE)):
        parts += [
            (f"{kind}_{names.index(name)}", words)
            for name, words in states.get(language, {}).items()
        ]
    parts += [(kind, getattr(table, kind).get(language, "")) for kind in _LAST]
    either = "|".join(rf"(?P<{kind}>(?<!\w)(?:{words})(?!\w))" for kind, words in parts if words)
    return re.compile(f"{either}{'|' if either else ''}(?P<WORD>\\w+)|(?P<MARK>[,;:.()])", re.I)


@cache
def _rest_of_list(language: str) -> re.Pattern[str]:
    """Return the expression for the rest of a list; in other languages there is none."""
    words = table.OR.get(language)
    return re.compile(_LISTED.format(words) if words else r"(?!)", re.I)
