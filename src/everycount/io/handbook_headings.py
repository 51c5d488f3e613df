"""Find the field of a handbook that a heading, concept or key of somebody's file stands for."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from everycount.io import declare
from everycount.io.handbooks import SHIPPED, shipped_fields, shipped_presets
from everycount.model.handbook import Preset
from everycount.model.strict import STRICT

HEADINGS = "headings.toml"
NUMBER = re.compile(
    r"^\s*(\d{1,2}(?:\s*\.\s*(?:\d{1,2}|[a-z](?![a-z])))?)\s*[.):]?(?=\s|$)\s*", re.I
)
"""Number before a heading: `2.a`, `2.a.`, `4.1` or `5`, and then an end or a space."""
ORDER = ("everycount", "sdg", "esms", "adapt")
"""Templates whose headings are looked up where no template is named. Those of the UN Statistics
Division's sheets are not: it calls the function of a person `Title`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """Further headings, by field."""

    __pydantic_config__ = STRICT

    fields: dict[str, tuple[str, ...]]


def find_field(heading: str, preset: Preset | None = None) -> str | None:
    """Return the field that a heading stands for, or None.

    Letters, not signs or capitals, decide. A number before the heading, such as ``2.a``, decides
    alone where a template is given and the words are not known.

    Parameters
    ----------
    heading : str
        A title in any language of the fields, an id, a concept, or a heading that is often used.
    preset : Preset, optional
        Template whose headings and numbers come first.

    Returns
    -------
    str or None

    Examples
    --------
    >>> find_field("Method of computation"), find_field("STAT_CONC_DEF"), find_field("Weather")
    ('formula', 'concept', None)
    >>> find_field("4.c. Wie man rechnet", shipped_presets()["sdg"])
    'formula'
    """
    number, words = split_number(heading)
    known = {**_everywhere(), **_of(preset)} if preset else _everywhere()
    for text in (heading, words):
        if simple(text) in known:
            return known[simple(text)]
    return _numbers(preset).get(number) if preset and number else None


def split_number(heading: str) -> tuple[str, str]:
    """Return the number before a heading, lower case and without a dot behind it, and the rest.

    Examples
    --------
    >>> split_number("2.A. Definition"), split_number("Definition"), split_number("15 years")
    (('2.a', 'Definition'), ('', 'Definition'), ('15', 'years'))
    """
    found = NUMBER.match(heading)
    if not found:
        return "", heading.strip()
    return re.sub(r"\s", "", found[1]).lower(), heading[found.end() :].strip()


def simple(text: str) -> str:
    """Return the letters and digits of a text in lower case, with one space between words.

    Examples
    --------
    >>> simple("Data_availability & countries’ capacity:"), simple("Đơn vị tính")
    ('data availability countries capacity', 'đơn vị tính')
    """
    plain = unicodedata.normalize("NFC", text).casefold().replace("_", " ")
    # A sign that was lost belongs to no word: countries' and countries? are both countries.
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub("['’\ufffd]", "", plain)).split())


@cache
def _everywhere() -> Mapping[str, str]:
    """Return the fields by every heading that needs no template; the first to claim it has it."""
    known: dict[str, str] = {}
    for heading, name in _all():
        known.setdefault(simple(heading), name)
    return known


def _all() -> Iterator[tuple[str, str]]:
    """Yield headings with their fields, those that mean most first."""
    fields = shipped_fields().fields
    yield from ((field.id, field.id) for field in fields)
    yield from ((title, field.id) for field in fields for title in field.title.values())
    source = (SHIPPED / HEADINGS).read_bytes()
    further = declare.read(source, Headings, subject=HEADINGS).fields
    yield from ((each, name) for name, texts in further.items() for each in texts)
    for preset in ORDER:
        yield from _headings(shipped_presets()[preset])


def _of(preset: Preset) -> Mapping[str, str]:
    """Return the fields by the headings of a template."""
    return {simple(heading): name for heading, name in _headings(preset)}


def _headings(preset: Preset) -> Iterator[tuple[str, str]]:
    """Yield concepts and titles of a template with their fields."""
    for part in preset.parts:
        for item in part.items:
            yield item.concept, item.field
            titles = part.title.values() if item.concept == part.concept else (item.title,)
            yield from ((title, item.field) for title in titles if title)


def _numbers(preset: Preset) -> Mapping[str, str]:
    """Return the fields by the numbers that a template prints."""
    return {item.number: item.field for item in preset.items if item.number}
