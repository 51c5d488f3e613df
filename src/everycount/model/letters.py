"""Texts and names without what nobody sees, so that two that look alike are one."""

import unicodedata
from collections.abc import Iterator

from everycount.model.indicator import Fault

JOINERS = frozenset("\u200c\u200d")
"""They change how the letters beside them are drawn in Persian, Hindi and others."""
JOINED = ("ARABIC", "SYRIAC", "MONGOLIAN", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI",
          "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "KHMER", "MYANMAR",
          "TIBETAN", "NEWA", "MEETEI")  # fmt: skip
"""Scripts in which a joiner has a meaning. Unicode Standard, section 23.2."""
BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")
"""Letters and marks that are drawn as nothing. Unicode, Default_Ignorable_Code_Point; U+2800 is
the Braille pattern without dots."""
VARIANTS = frozenset(chr(code) for code in range(0xFE00, 0xFE10))
"""Variation selectors choose a form of the letter before them and have none themselves."""
HIDDEN = frozenset({"Cc", "Cf"})
"""Categories without a shape: controls, zero-width spaces, marks of direction."""
SPACES = frozenset("\t\n\r")
"""Controls that part words or lines."""


def visible(text: str) -> str:
    r"""Return a text without characters that nobody sees, and without spaces around it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        In Unicode form NFC. Ends of lines stay, and joiners between letters that they join.

    Examples
    --------
    >>> visible(" La\u0302n\u200b "), visible("\u200b\u2060")
    ('Lân', '')
    """
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.isprintable():
        return composed.strip()
    kept = (letter for at, letter in enumerate(composed) if _is_kept(composed, at))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def named(text: str) -> str:
    r"""Return the name of a person or group as `visible` does, with single spaces.

    Parameters
    ----------
    text : str
        A name.

    Returns
    -------
    str
        Empty where nobody would see a name.

    Examples
    --------
    >>> named("Nguyen\u00a0 Thi\u200b Lan\n"), named("\u200b")
    ('Nguyen Thi Lan', '')
    """
    return " ".join(visible(text).split())


def person_faults(**names: str) -> Iterator[Fault]:
    """Yield the names in which nobody would see a letter; empty ones are for `name_faults`."""
    for field, name in names.items():
        if name and not named(name):
            yield (field,), ascii(name), "a name with letters that can be seen"


def _is_kept(text: str, at: int) -> bool:
    """Tell whether the letter there can be seen or joins two that can."""
    letter = text[at]
    if letter in JOINERS:
        return 0 < at < len(text) - 1 and _joins(text[at - 1]) and _joins(text[at + 1])
    if letter in BLANK or letter in VARIANTS:
        return False
    return letter in SPACES or unicodedata.category(letter) not in HIDDEN


def _joins(letter: str) -> bool:
    """Tell whether a letter is of a script with joined letters."""
    return unicodedata.name(letter, "").startswith(JOINED)
