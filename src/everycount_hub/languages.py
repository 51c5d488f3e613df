"""The languages in which the workbench can be read: those whose catalogue is all but complete.

A page in two languages at once is read aloud wrongly and, in Arabic, stands in the wrong direction.
The portal has addresses of its own for each language and is not concerned.
"""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation

SOURCE = "en"
ENOUGH = 0.9
"""The share of messages beyond which a language is offered: a few new ones do not take it away."""
LOCALE = Path(__file__).parent / "locale"
TEXT = re.compile(r'^(msgid|msgstr(?:\[\d+\])?) ((?:"[^\n]*"\n?)+)', re.MULTILINE)
"""A message or a translation in a catalogue, and its quoted lines."""


@cache
def offered() -> tuple[str, ...]:
    """Return the codes of the languages that the workbench offers, in the order of the settings."""
    return tuple(
        code for code, _ in settings.LANGUAGES if code == SOURCE or translated(code) > ENOUGH
    )


def translated(code: str) -> float:
    """Return the share of the hub's messages that a language has."""
    place = LOCALE / code / "LC_MESSAGES" / "django.po"
    return share_of(place.read_text(encoding="utf-8")) if place.is_file() else 0.0


def share_of(catalogue: str) -> float:
    r"""Return the share of the messages of a catalogue that are translated, for certain.

    Examples
    --------
    >>> share_of('msgid ""\nmsgstr "head"\n\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n')
    0.5
    """
    count = done = 0
    for entry in re.split(r"\n\s*\n", catalogue):
        texts = [(name, _joined(lines)) for name, lines in TEXT.findall(entry)]
        if not any(name == "msgid" and text for name, text in texts):
            continue  # the head, and messages that are no longer used
        count += 1
        is_sure = not re.search(r"^#,.*\bfuzzy\b", entry, re.MULTILINE)
        done += is_sure and all(text for name, text in texts if name != "msgid")
    return done / count if count else 0.0


def activate_offered(wanted: str | None) -> str:
    """Speak a language if it is offered, else English; return its code."""
    code = wanted if wanted in offered() else SOURCE
    translation.activate(code)
    return code


def _joined(lines: str) -> str:
    return "".join(each[1:-1] for each in lines.splitlines())
