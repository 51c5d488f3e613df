"""Read numbers as laws write them: figures with either decimal sign, fractions, words."""

import re
import unicodedata
from typing import Final

NUMBER: Final = (
    r"(?<![\w.,/])(?:\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?![\d])(?:[.,]\d{1,2})?"
    r"|\d+(?:[.,]\d+)?)(?!\d)"
)
"""A number in figures, thousands parted or not."""
TENS: Final = {
    "en": "ten twenty thirty forty fifty sixty seventy eighty ninety",
    "fr": "dix vingt trente quarante cinquante soixante soixante-dix quatre-vingts "
    "quatre-vingt-dix",
    "es": "diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "vi": "mười,hai mươi,ba mươi,bốn mươi,năm mươi,sáu mươi,bảy mươi,tám mươi,chín mươi",
}
UNITS: Final = {
    "en": "one two three four five six seven eight nine",
    "fr": "un deux trois quatre cinq six sept huit neuf",
    "es": "uno dos tres cuatro cinco seis siete ocho nueve",
    "vi": "một hai ba bốn năm sáu bảy tám chín",
}
FRACTIONS: Final = {
    "en": {"half": 50, "one half": 50, "one third": 100 / 3, "one-third": 100 / 3,
           "two thirds": 200 / 3, "two-thirds": 200 / 3, "one quarter": 25, "a quarter": 25,
           "three quarters": 75, "three-quarters": 75},
    "fr": {"la moitié": 50, "moitié": 50, "un tiers": 100 / 3, "deux tiers": 200 / 3,
           "un quart": 25, "trois quarts": 75},
    "es": {"la mitad": 50, "un tercio": 100 / 3, "dos tercios": 200 / 3, "una cuarta parte": 25,
           "tres cuartas partes": 75, "una tercera parte": 100 / 3},
    "vi": {"một nửa": 50, "một phần ba": 100 / 3, "hai phần ba": 200 / 3, "một phần tư": 25,
           "ba phần tư": 75},
}  # fmt: skip
"""Fractions in words, in per cent."""


def read_number(text: str, language: str) -> float:
    """Return the value of a number in figures.

    A sign before three figures parts thousands where the language uses it so; a blank always
    does; any other sign is the decimal one.

    Parameters
    ----------
    text : str
        What `NUMBER` matches.
    language : str
        en, where the comma parts thousands; in fr, es and vi it is the point.

    Examples
    --------
    >>> read_number("100,000", "en"), read_number("5,5", "fr"), read_number("100.000", "vi")
    (100000.0, 5.5, 100000.0)
    """
    mark = "," if language == "en" else "."
    plain = re.sub(r"[\u00a0\u202f ]", "", text)
    plain = re.sub(rf"{re.escape(mark)}(?=\d{{3}}(?!\d))", "", plain)
    return float(plain.replace(",", "."))


def _spelled() -> dict[str, dict[str, float]]:
    """Return words for 1 to 99 by language: units, tens, and in English what joins them."""
    found: dict[str, dict[str, float]] = {}
    for language, names in TENS.items():
        tens = names.split("," if "," in names else " ")
        units = UNITS[language].split()
        words = {name: float(at) for at, name in enumerate(units, 1)}
        words |= {name: 10.0 * at for at, name in enumerate(tens, 1)}
        if language == "en":
            words |= {
                f"{ten}-{unit}": 10.0 * (a + 1) + b + 1
                for a, ten in enumerate(tens)
                for b, unit in enumerate(units)
                if a
            }
        found[language] = {unicodedata.normalize("NFC", name): at for name, at in words.items()}
    return found


SPELLED: Final = _spelled()
"""Numbers in words, by language."""
