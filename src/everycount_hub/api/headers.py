"""Headers of requests as text. A header is bytes; what they mean is for the sender to say."""

import re
from urllib.parse import unquote

PERCENT = re.compile(r"(?:[!#-$&-~]|%[0-9A-Fa-f]{2})*")
"""Text that is percent-encoded throughout: no blanks, and each % begins a byte. RFC 3986, 2.1."""


def header_text(value: str) -> str:
    r"""Return what a header says.

    UTF-8 is read as such, as curl sends it; text that is percent-encoded throughout is decoded, as
    browsers and libraries send it that know ASCII alone; anything else is Latin-1.

    Parameters
    ----------
    value : str
        As the server gives it, each byte a character.

    Examples
    --------
    >>> header_text("S\u00c3\u00ad"), header_text("S%C3%AD"), header_text("S\u00ed")
    ('Sí', 'Sí', 'Sí')
    >>> header_text("%FF"), header_text("50% more"), header_text("UTF-8''s%C3%AD.csv")
    ('%FF', '50% more', 'sí.csv')
    """
    if not value.isascii():
        try:
            return value.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return value
    encoded = re.sub(r"(?i)^utf-8'[a-z0-9-]*'", "", value)
    if PERCENT.fullmatch(encoded):
        try:
            return unquote(encoded, errors="strict")
        except UnicodeDecodeError:
            pass
    return value
