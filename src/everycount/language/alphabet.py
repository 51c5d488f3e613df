"""Order names as a reader of the language looks for them: letters first, accents, then capitals.

Unicode Technical Standard 10 in its three levels, with the letters that CLDR gives a language of
their own.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

SortKey = tuple[tuple[int, ...], tuple[tuple[int, ...], ...], tuple[bool, ...], str]

GRAVE, ACUTE, CIRCUMFLEX, TILDE, BREVE = "\u0300", "\u0301", "\u0302", "\u0303", "\u0306"
HOOK, HORN, DOT_BELOW, STROKE = "\u0309", "\u031b", "\u0323", "\u0335"
OWN: Mapping[str, Mapping[str, str]] = {
    "es": {"n": TILDE},
    "vi": {
        "a": BREVE + CIRCUMFLEX,
        "d": STROKE,
        "e": CIRCUMFLEX,
        "o": CIRCUMFLEX + HORN,
        "u": HORN,
    },
}
"""Marks that make another letter of one, in the order of the alphabet, by language and letter:
a ă â b c d đ e ê … in Vietnamese, n ñ in Spanish. CLDR 48, collation of es and vi."""
TONES = (GRAVE, HOOK, TILDE, ACUTE, DOT_BELOW)
"""Order of the tones of Vietnamese after the level one, which has no mark. CLDR 48, vi."""
SPELLED: Mapping[str, str] = {
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "ł": "l",
    "đ": "d" + STROKE,
    "ı": "i",
    "ð": "d" + STROKE,
    "þ": "th",
    "\u0640": "",
}
"""Letters that Unicode does not take apart, as people sort them; the Arabic tatweel only stretches
the letter before it."""
ARTICLE = "ال"
ARABIC = range(0x0600, 0x0700)
UNSEEN = frozenset({"Cc", "Cf"})
SPACE = 0
"""Before any letter or digit stands what parts words, so that "Guinea-Bissau" follows "Guinea"."""


@lru_cache(maxsize=8192)
def sort_key(name: str, code: str) -> SortKey:
    """Return what names are sorted by in a language.

    Parameters
    ----------
    name : str
        A name in any script.
    code : str
        The language of the list.

    Returns
    -------
    SortKey
        Names with the same letters stay apart by accents, then by capitals. In an Arabic list,
        the article, vowel signs and the hamza on a letter do not count, and names in Arabic
        letters come first.

    Examples
    --------
    >>> sorted(["Đan Mạch", "Dominica", "Ấn Độ", "Anh"], key=lambda name: sort_key(name, "vi"))
    ['Anh', 'Ấn Độ', 'Dominica', 'Đan Mạch']
    >>> sorted(["Ñuñoa", "Nueva", "Oca"], key=lambda name: sort_key(name, "es"))
    ['Nueva', 'Ñuñoa', 'Oca']
    """
    own = OWN.get(code, {})
    letters, accents, capitals = [], [], []
    for letter, marks, is_capital in _letters(_without_article(name) if code == "ar" else name):
        special = own.get(letter, "")
        variant = next((at for at, mark in enumerate(special, start=1) if mark in marks), 0)
        letters.append(_place(letter, code) + variant)
        accents.append(tuple(_weight(mark) for mark in marks if mark not in special))
        capitals.append(is_capital)
    return tuple(letters), tuple(accents), tuple(capitals), name


def _letters(name: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each letter in lower case with the marks on it, and whether it is a capital."""
    letter, marks, is_capital = "", "", False
    for each in unicodedata.normalize("NFD", name):
        for part in SPELLED.get(each.casefold(), each.casefold()):
            if unicodedata.combining(part) or unicodedata.category(part) == "Mn":
                marks += part
            elif unicodedata.category(part) not in UNSEEN:
                if letter:
                    yield letter, marks, is_capital
                letter, marks, is_capital = part, "", each.isupper()
    if letter:
        yield letter, marks, is_capital


def _place(letter: str, code: str) -> int:
    """Return the place of a plain letter, with room for its variants behind it."""
    if not letter.isalnum():
        return SPACE
    number = ord(letter)
    is_first = letter.isdigit() or (number in ARABIC) == (code == "ar")
    return number * 4 if is_first else (number + 0x110000) * 4


def _weight(mark: str) -> int:
    """Return the place of an accent: tones in their order, then others."""
    return TONES.index(mark) + 1 if mark in TONES else ord(mark)


def _without_article(name: str) -> str:
    """Return an Arabic name without the article of any word, if more than a letter is left.

    The article has a bare alef: ألمانيا, Germany, does not begin with it.
    """
    return " ".join(
        word.removeprefix(ARTICLE) if len(word) > len(ARTICLE) + 1 else word
        for word in name.split(" ")
    )
