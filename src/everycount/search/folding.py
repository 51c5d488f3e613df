"""Words as they are compared: without marks, capitals, endings of the plural and articles."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_LETTER: Final = r"(?:[^\W_]|[\u0300-\u036f\u064b-\u065f\u0670])"
WORD: Final = re.compile(f"{_LETTER}+(?:[._]{_LETTER}+)*")
"""Letters with their marks, and digits; dots and low lines within a code (5.5.1, SG_GEN_PARL) are
part of it."""
SPELLED: Final = str.maketrans(
    {
        "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe",
        "þ": "th", "ة": "ه", "ى": "ي", "ـ": "", "ٱ": "ا",
    }
)  # fmt: skip
"""Letters that Unicode does not take apart, and Arabic ones that people write for one another."""
ARTICLES: Final = ("وال", "بال", "كال", "فال", "لل", "ال")
"""The Arabic article, alone and after the particles that are written together with it."""
ENDINGS: Final = ("ات", "ون", "ين")
"""Endings of the Arabic plural."""
STEM: Final = 3
"""Letters that are left of a word at least when an article or ending goes."""
CODE: Final = 2
"""Letters of a word that is never taken for a plural, such as "as"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of a text."""

    stem: str
    """What it is compared by."""
    marked: str
    """In small letters, with its marks, which tell Đức (Germany) from dục (as in education)."""


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a text in their order.

    Parameters
    ----------
    text : str
        In any language of the portal.

    Returns
    -------
    tuple of Word

    Examples
    --------
    >>> [each.stem for each in words_of("Sièges du Parlement: 5.5.1")]
    ['siege', 'du', 'parlement', '5.5.1']
    >>> [each.stem for each in words_of("Quốc hội")], [each.stem for each in words_of("البرلمان")]
    (['quoc', 'hoi'], ['برلمان'])
    """
    found = []
    for part in WORD.findall(unicodedata.normalize("NFC", text).lower()):
        plain = _plain(part)
        if plain:
            found.append(Word(stem=_stem(plain), marked=part))
    return tuple(found)


def stems_of(text: str) -> list[str]:
    """Return what the words of a text are compared by.

    Examples
    --------
    >>> stems_of("Countries, women")
    ['country', 'women']
    """
    return [each.stem for each in words_of(text)]


def _plain(word: str) -> str:
    taken_apart = unicodedata.normalize("NFKD", word)
    bare = "".join(each for each in taken_apart if unicodedata.category(each) != "Mn")
    return bare.translate(SPELLED)


def _stem(word: str) -> str:
    if "\u0600" <= word[0] <= "\u06ff":
        return _arabic(word)
    if len(word) <= STEM or not word.endswith("s") or word.endswith("ss"):
        return word
    if word.endswith("ies") and len(word) > STEM + CODE:
        return word[:-3] + "y"
    return word[:-1]


def _arabic(word: str) -> str:
    for article in ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= STEM:
            word = word[len(article) :]
            break
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) > STEM:
            return word[: -len(ending)]
    return word
