"""Numbers of passages as laws write them: in figures, Roman, as a letter or in words."""

import re
from typing import Final

NAMES: Final = (
    "one first premier première premiere 1er 1ère primero primera único nhất",
    "two second deux deuxième seconde dos segundo segunda",
    "three third trois troisième tres tercero tercera",
    "four fourth quatre quatrième cuatro cuarto cuarta",
    "five fifth cinq cinquième cinco quinto quinta",
    "six sixth sixième seis sexto sexta",
    "seven seventh sept septième siete séptimo séptima",
    "eight eighth huit huitième ocho octavo octava",
    "nine ninth neuf neuvième nueve noveno novena",
    "ten tenth dix dixième diez décimo décima",
)
"""Words for 1 to 10 in English, French and Spanish; Vietnamese laws use figures."""
WORDS: Final = {word: at for at, words in enumerate(NAMES, 1) for word in words.split()}
SPELLED: Final = "|".join(sorted(WORDS, key=len, reverse=True))
"""The same, for use in an expression."""
ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
STEPS: Final = (
    *((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix")),
    *((5, "v"), (4, "iv"), (1, "i")),
)
"""What Roman numbers are written with, from the greatest."""


def number_of(text: str) -> tuple[int, str]:
    """Return a number and the letters behind it.

    Parameters
    ----------
    text : str
        Figures, a Roman number, a word or one letter. Of figures with dots the last.

    Returns
    -------
    int
    str
        Capitals, mostly none.

    Examples
    --------
    >>> number_of("12A"), number_of("XIV"), number_of("première"), number_of("B"), number_of("2.3")
    ((12, 'A'), (14, ''), (1, ''), (2, ''), (3, ''))
    """
    lower = text.lower()
    if lower in WORDS:
        return WORDS[lower], ""
    figures = re.fullmatch(r"(?:\d+\.)*(\d+)([a-z]*)", lower)
    if figures:
        return int(figures[1]), figures[2].upper()
    if is_roman(lower):
        return arabic(lower), ""
    return ord(lower[0]) - ord("a") + 1, ""


def is_roman(text: str) -> bool:
    """Tell whether a text is a Roman number, written as it should be.

    Examples
    --------
    >>> is_roman("xiv"), is_roman("iiii"), is_roman("b")
    (True, False, False)
    """
    return set(text.lower()) <= set(ROMAN) and roman(arabic(text)) == text.lower()


def arabic(text: str) -> int:
    """Return what a Roman number says.

    Examples
    --------
    >>> arabic("xxiv"), arabic("IX")
    (24, 9)
    """
    values = [ROMAN[letter] for letter in text.lower()]
    return sum(
        -value if any(later > value for later in values[at + 1 : at + 2]) else value
        for at, value in enumerate(values)
    )


def roman(number: int) -> str:
    """Return a number in small Roman letters.

    Examples
    --------
    >>> roman(24), roman(99)
    ('xxiv', 'xcix')
    """
    found = ""
    for value, letters in STEPS:
        times, number = divmod(number, value)
        found += letters * times
    return found


def lettered(number: int) -> str:
    """Return a number as a small letter, doubled beyond z as Word does.

    Examples
    --------
    >>> lettered(2), lettered(27)
    ('b', 'aa')
    """
    times, at = divmod(number - 1, 26)
    return chr(ord("a") + at) * (times + 1)
