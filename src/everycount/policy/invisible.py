"""Take characters that nobody sees out of a text, such as blanks of no width inside words."""

import re
from typing import Final

BLANKS: Final = "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Blanks of no width, joiners and marks of direction. The Unicode Standard, 23.2 and 23.8."""
HYPHENS: Final = "\u00ad\ufffe"
"""The soft hyphen, and what PDFium makes of one."""
JOINING: Final = "\u0590-\u1cff\ua840-\uabff\ufb1d-\ufdff\ufe0f\ufe70-\ufefc\U0001f000-\U0001ffff"
"""Letters whose shape the joiners U+200C and U+200D choose: Arabic and the scripts of India and
its neighbours, and the pictures that U+200D makes one of."""
HIDDEN: Final = re.compile(
    rf"[{BLANKS}]|[{HYPHENS}](?=[{BLANKS}]*[^\s{BLANKS}])|(?<![{JOINING}])[\u200c\u200d]"
)
"""What is left out. A hyphen at the end of a line stays: it tells that the word goes on."""
AROUND: Final = "".join(
    letter
    for letter in map(chr, range(0x10000))
    if letter.isspace() or re.match(rf"[{BLANKS}\u200c\u200d]", letter)
)
"""What stands around the words of a line and is no part of them."""


def visible(text: str) -> str:
    r"""Return a text without characters that nobody sees.

    Parameters
    ----------
    text : str
        A line, or several.

    Returns
    -------
    str
        Joiners stay in scripts that need them, and a soft hyphen at the end of a line.

    Examples
    --------
    >>> visible("Art\u200bicle 1, wo\u00admen")
    'Article 1, women'
    """
    # Most texts have none, and are in characters that none of these is among.
    return text if text.isascii() else HIDDEN.sub("", text)


def visible_at(text: str) -> list[int]:
    r"""Return where the characters of a text stand that somebody sees.

    Parameters
    ----------
    text : str
        A line.

    Returns
    -------
    list of int

    Examples
    --------
    >>> visible_at("a\u200bb")
    [0, 2]
    """
    hidden = {match.start() for match in HIDDEN.finditer(text)}
    return [at for at in range(len(text)) if at not in hidden]


def own_words(text: str) -> tuple[int, int]:
    r"""Return where the words of a line begin and end, blanks of any width around them left out.

    Parameters
    ----------
    text : str
        A line.

    Returns
    -------
    int
    int
        The same as the first if nothing can be seen in it.

    Examples
    --------
    >>> own_words("\ufeff one \u200b"), own_words(" \u200b ")
    ((2, 5), (3, 3))
    """
    start = len(text) - len(text.lstrip(AROUND))
    return start, max(start, len(text.rstrip(AROUND)))
