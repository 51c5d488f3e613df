"""A metadata handbook: what is to be known of each indicator, field by field and per language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from everycount.model.indicator import Fault
from everycount.model.strict import STRICT, Faults

State = Literal["draft", "reviewed", "approved"]
STATES: tuple[State, ...] = ("draft", "reviewed", "approved")
FieldKind = Literal["text", "code", "date", "number", "address"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the handbook's page of an indicator."""

    __pydantic_config__ = STRICT

    id: str
    title: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing to be known of an indicator."""

    __pydantic_config__ = STRICT

    id: str
    section: str
    title: dict[str, str]
    help: str = ""
    """What to write, in English."""
    kind: FieldKind = "text"
    codes: tuple[str, ...] = ()
    """What a field of codes may hold."""
    is_personal: bool = False
    """Whether it names a person or how to reach one; left out of what is published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A field's place in a published template."""

    __pydantic_config__ = STRICT

    field: str
    concept: str
    """Concept or heading by which the template knows it."""
    number: str = ""
    """Number that the template prints, such as 2.a."""
    title: str = ""
    """Title that the template prints, in English; the field's own if left out."""
    is_required: bool = True
    """Whether it counts for completeness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading of a published template, with the fields under it."""

    __pydantic_config__ = STRICT

    concept: str
    title: dict[str, str]
    number: str = ""
    items: tuple[Item, ...] = ()
    """What stands under it. One that has the heading's own concept is the heading's own text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A published template: which fields it has, under which names, in which order."""

    __pydantic_config__ = STRICT

    id: str
    version: str
    title: str
    source: str
    parts: tuple[Part, ...]
    agency: str = "EVERYCOUNT"
    """Who maintains it, as SDMX names agencies."""
    structure: str = ""
    """Id of its metadata structure in SDMX; empty where the publisher has none."""
    is_flat: bool = False
    """Whether that structure has all concepts at one level, without headings above them."""
    main: str = ""
    """Name under which its main level is offered, where it permits two levels."""
    is_merged: bool = False
    """Whether this is the main level: each heading is one text, made of the fields under it."""

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of all parts, in order."""
        return tuple(item for part in self.parts for item in part.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldList:
    """All fields there are, in sections."""

    __pydantic_config__ = STRICT

    sections: tuple[Section, ...]
    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        """Refuse a field twice, or in a section that does not exist."""
        known = {section.id for section in self.sections}
        ids = [each.id for each in self.fields]
        faults: list[Fault] = [
            (("fields", each.id, "section"), repr(each.section), f"one of {', '.join(known)}")
            for each in self.fields
            if each.section not in known
        ]
        faults += [
            (("fields",), f"{name!r} twice", "each field once")
            for name in dict.fromkeys(ids)
            if ids.count(name) > 1
        ]
        if faults:
            raise Faults(faults)

    @property
    def without_language(self) -> frozenset[str]:
        """Fields that say the same in every language: codes, dates, numbers, addresses, names."""
        return frozenset(each.id for each in self.fields if each.kind != "text" or each.is_personal)

    @property
    def by_id(self) -> Mapping[str, Field]:
        """The fields by their id."""
        return {each.id: each for each in self.fields}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a field says in one language."""

    __pydantic_config__ = STRICT

    text: str
    state: State = "draft"
    by: str = ""
    date: str = ""
    of: str = ""
    """The text that this one translates, as it then was; empty for what is no translation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A text as a reader gets it: perhaps in another language than the one asked for."""

    text: str
    language: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of one indicator."""

    __pydantic_config__ = STRICT

    indicator: str
    """Key of the indicator in the framework."""
    title: dict[str, str] = field(default_factory=dict)
    fields: dict[str, dict[str, Text]] = field(default_factory=dict)
    """Texts by field and language."""

    def shown(self, name: str, *languages: str) -> Shown | None:
        """Return what a field says in the first of some languages, else in any that it has."""
        texts = self.fields.get(name, {})
        for each in (*languages, *texts):
            if each in texts and texts[each].text.strip():
                found = texts[each]
                return Shown(text=found.text, language=each, state=found.state)
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handbook:
    """The metadata of a whole set of indicators."""

    __pydantic_config__ = STRICT

    id: str
    version: str
    title: dict[str, str]
    framework: str
    """Framework whose indicators it describes, as ID@VERSION."""
    preset: str = "everycount"
    language: str = "en"
    """Language that texts are written in first."""
    languages: tuple[str, ...] = ("en",)
    """Languages it is to have."""
    publisher: str = ""
    source: str = ""
    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an indicator twice."""
        keys = [entry.indicator for entry in self.entries]
        faults: list[Fault] = [
            (("entries",), f"the indicator {key!r} twice", "each once")
            for key in dict.fromkeys(keys)
            if keys.count(key) > 1
        ]
        if self.language not in self.languages:
            found = ", ".join(self.languages) or "none"
            faults.append((("languages",), found, f"the language {self.language} among them"))
        if faults:
            raise Faults(faults)

    @property
    def by_indicator(self) -> Mapping[str, Entry]:
        """The entries by the key of their indicator."""
        return {entry.indicator: entry for entry in self.entries}


def is_same_text(one: str, other: str) -> bool:
    r"""Tell whether two texts say the same, spaces apart.

    Examples
    --------
    >>> is_same_text("Seats held  by women", "Seats held by women\n")
    True
    """
    return one.split() == other.split()
