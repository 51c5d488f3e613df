"""Turn a handbook into the metadata sets of SDMX: one for each indicator, by a template."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from everycount.model.handbook import Entry, FieldList, Handbook, Part, Preset, Text
from everycount.model.indicator import wording

MODEL = "urn:sdmx:org.sdmx.infomodel."
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
VERSION = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*))?(\.(0|[1-9]\d*))?")
"""Versions that SDMX 3.0 knows: one, two or three numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A concept with what is reported under it."""

    id: str
    texts: Mapping[str, str]
    """By language; empty for a heading that says nothing itself."""
    states: Mapping[str, str]
    """How each text stands, where it is not approved, by language."""
    is_day: bool = False
    """Whether it is a date, which has no language."""
    parts: tuple["Attribute", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataSet:
    """What is reported of one indicator."""

    id: str
    name: Mapping[str, str]
    target: str
    """URN of the indicator."""
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataMessage:
    """All that a message of reference metadata says."""

    id: str
    version: str
    agency: str
    sender: str
    name: Mapping[str, str]
    flow: str
    """URN of the metadata flow that the template is."""
    prepared: datetime
    sets: tuple[MetadataSet, ...]


def metadata_message(
    handbook: Handbook, preset: Preset, fields: FieldList, *, prepared: datetime
) -> MetadataMessage:
    """Return what a message of reference metadata says, by a template.

    Indicators of which the template has nothing are left out. Texts stand in all languages they
    have; those that are not approved say so.

    Parameters
    ----------
    handbook : Handbook
        What is reported: take personal fields out before, with `published`.
    preset : Preset
        Template: which concepts, and whether at one level or under headings.
    fields : FieldList
        All fields, for their kinds.
    prepared : datetime
        When the message is made.

    Returns
    -------
    MetadataMessage
    """
    agency = re.sub(r"[^A-Za-z0-9_-]", "_", preset.agency)
    own = preset.structure or _id(preset.id).upper()
    version = sdmx_version(preset.version)
    framework, _, edition = handbook.framework.partition("@")
    scheme = f"CL_{_id(framework).upper()}({sdmx_version(edition)})"
    days = frozenset(each.id for each in fields.fields if each.kind == "date")
    sets = (
        MetadataSet(
            id=_id(entry.indicator),
            name=entry.title or {"en": entry.indicator},
            target=f"{MODEL}codelist.Code=EVERYCOUNT:{scheme}.{_id(entry.indicator)}",
            attributes=tuple(_attributes(entry, preset, fields, days)),
        )
        for entry in handbook.entries
    )
    return MetadataMessage(
        id=_id(f"{handbook.id}-{preset.id}"),
        version=three_numbers(handbook.version),
        agency=agency,
        sender=_id(handbook.publisher) or "EVERYCOUNT",
        name=handbook.title,
        flow=f"{MODEL}metadatastructure.Metadataflow={agency}:{own}({version})",
        prepared=prepared,
        sets=tuple(each for each in sets if each.attributes),
    )


def sdmx_version(version: str) -> str:
    """Return a version as SDMX takes them: numbers, 1.0 where it has none.

    Examples
    --------
    >>> sdmx_version("2021"), sdmx_version("2.0"), sdmx_version("draft")
    ('2021.0', '2.0', '1.0')
    """
    if not VERSION.fullmatch(version):
        return "1.0"
    return version if "." in version else f"{version}.0"


def three_numbers(version: str) -> str:
    """Return a version of three numbers, as sets of metadata have them.

    Examples
    --------
    >>> three_numbers("2021"), three_numbers("1.2"), three_numbers("1.2.3")
    ('2021.0.0', '1.2.0', '1.2.3')
    """
    known = sdmx_version(version)
    return known if known.count(".") == 2 else f"{known}.0"


def _id(text: str) -> str:
    """Return a name as ids of SDMX may be: letters, digits, low lines and hyphens."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_")


def _attributes(
    entry: Entry, preset: Preset, fields: FieldList, days: frozenset[str]
) -> Iterator[Attribute]:
    """Yield the concepts of a template that an entry says something under."""
    for part in preset.parts:
        if preset.is_merged:
            yield from _merged(entry, part, fields)
            continue
        own = {
            item.concept: found
            for item in part.items
            if (found := _attribute(entry, item.field, item.concept, days))
        }
        if preset.is_flat:
            yield from own.values()
        elif own:
            head = own.pop(part.concept, Attribute(id=part.concept, texts={}, states={}))
            yield Attribute(
                id=head.id,
                texts=head.texts,
                states=head.states,
                is_day=head.is_day,
                parts=tuple(own.values()),
            )


def _attribute(entry: Entry, name: str, concept: str, days: frozenset[str]) -> Attribute | None:
    """Return a field as an attribute, or nothing where it says nothing."""
    texts = _said(entry, name)
    if not texts:
        return None
    is_day = name in days and all(DAY.fullmatch(each.text.strip()) for each in texts.values())
    states = {key: each.state for key, each in texts.items() if each.state != "approved"}
    words = {key: each.text for key, each in texts.items()}
    return Attribute(id=concept, texts=words, states=states, is_day=is_day)


def _merged(entry: Entry, part: Part, fields: FieldList) -> Iterator[Attribute]:
    """Yield a heading with one text, made of the fields under it with their titles."""
    titles = {each.id: each.title for each in fields.fields}
    said = {item.field: _said(entry, item.field) for item in part.items}
    languages = dict.fromkeys(key for texts in said.values() for key in texts)
    texts, states = {}, {}
    for language in languages:
        found = [(name, each[language]) for name, each in said.items() if language in each]
        lines = [
            each.text if len(part.items) == 1 else f"{wording(titles[name], language)}: {each.text}"
            for name, each in found
        ]
        texts[language] = "\n\n".join(lines)
        lowest = min((each.state for _, each in found), key=("draft", "reviewed", "approved").index)
        if lowest != "approved":
            states[language] = lowest
    if texts:
        yield Attribute(id=part.concept, texts=texts, states=states)


def _said(entry: Entry, name: str) -> dict[str, Text]:
    """Return the texts of a field that say something."""
    texts = entry.fields.get(name, {})
    return {language: each for language, each in texts.items() if each.text.strip()}
