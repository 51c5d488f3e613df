"""Make the texts of a report printable: characters that no document may hold become a sign."""

import re
from collections.abc import Hashable
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")
SIGN: Final = "\N{REPLACEMENT CHARACTER}"
UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\uf900-\ufffd\U00010000-\U0001fffd\U00020000-\U0002fffd"
    "\U00030000-\U0003fffd\U000e0000-\U000efffd]"
)
"""What is no character of XML 1.0 (section 2.2), and the private areas of Unicode, whose signs
mean something in one font only. PDF files have both, and halves of pairs of UTF-16."""


def printable(thing: T) -> T:
    r"""Return a text, or the same thing with all texts in it, without unprintable characters.

    Parameters
    ----------
    thing : object
        A text, or a frozen dataclass or tuple that holds some. Anything else stays as it is.

    Returns
    -------
    object
        The same where nothing was to be changed.

    Examples
    --------
    >>> printable(("Article 1", "to\x0bpromote"))
    ('Article 1', 'to�promote')
    """
    return cast("T", _printable(thing))


def _printable(thing: Any) -> Any:
    """Return a thing with all texts in it made printable; itself where all are."""
    kind = type(thing)
    if kind is str:
        return thing if thing.isprintable() and thing.isascii() else UNPRINTABLE.sub(SIGN, thing)
    if kind is tuple:
        return tuple(map(_printable, thing))
    changed = {}
    for name in _names(cast("Hashable", kind)):
        value = getattr(thing, name)
        made = _printable(value)
        if made is not value and made != value:
            changed[name] = made
    return replace(thing, **changed) if changed else thing


@cache
def _names(kind: Hashable) -> tuple[str, ...]:
    """Return the fields of a dataclass; none of any other kind of thing."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
