"""Words of the four languages that clauses are read by, as expressions."""

import re
import unicodedata
from collections.abc import Mapping

Words = Mapping[str, Mapping[str, str]]
"""Expressions by language and then by what they tell of."""


def compiled(words: Words) -> dict[str, dict[str, re.Pattern[str]]]:
    """Return expressions ready for use: whole words, any case, composed characters.

    Parameters
    ----------
    words : mapping
        Alternatives by language and by name; a bar between blanks parts them, any other bar
        stands in a group.

    Examples
    --------
    >>> compiled({"en": {"duty": "shall | must"}})["en"]["duty"].search("It MUST be.").group()
    'MUST'
    """
    return {
        language: {name: expression(text) for name, text in entries.items()}
        for language, entries in words.items()
    }


def expression(text: str) -> re.Pattern[str]:
    """Return one expression, which matches whole words only.

    Examples
    --------
    >>> bool(expression("shall | must").search("marshall"))
    False
    """
    joined = re.sub(r"\s+\|\s+", "|", unicodedata.normalize("NFC", text.strip()))
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)
