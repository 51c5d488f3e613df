"""Choose a language for a reader by what the browser asks for."""

import re
from collections.abc import Iterable, Iterator

RANGE = re.compile(
    r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?"
)
"""One language and how much it is liked. RFC 9110, section 12.5.4."""


def choose(header: str, codes: Iterable[str]) -> str:
    """Return the language that a reader likes best among `codes`.

    Parameters
    ----------
    header : str
        Value of Accept-Language. What is not of its form is passed over.
    codes : iterable of str
        Languages there are; the first is for readers who ask for none of them.

    Returns
    -------
    str

    Examples
    --------
    >>> choose("pt-BR, es-419;q=0.8, en;q=0.3", ["en", "fr", "es"]), choose("ja", ["en", "fr"])
    ('es', 'en')
    """
    known = tuple(codes)
    liked: dict[str, float] = {}
    rest = 0.0
    for language, quality in _asked(header):
        if language == "*":
            rest = quality
        else:
            liked[language] = max(quality, liked.get(language, 0.0))
    # Python's max takes the first of equals; those asked for stand in the order asked.
    order = [code for code in liked if code in known] + [c for c in known if c not in liked]
    best = max(order, key=lambda code: liked.get(code, rest))
    return best if liked.get(best, rest) > 0 else known[0]


def _asked(header: str) -> Iterator[tuple[str, float]]:
    """Yield the languages of a header without their region, and their quality."""
    for part in header.split(","):
        if found := RANGE.fullmatch(part):
            yield found[1].split("-")[0].lower(), min(float(found[2] or 1), 1.0)
