"""A handbook and its fields check themselves."""

import pytest

from everycount.model.handbook import Entry, Field, FieldList, Handbook, Section, Text
from everycount.model.strict import Faults

ABOUT = Section(id="definition", title={"en": "Definition"})


def field(name: str, section: str = "definition", **more: object) -> Field:
    return Field(id=name, section=section, title={"en": name}, **more)


def test_fields_in_no_section_or_twice_are_refused_together():
    with pytest.raises(Faults) as found:
        FieldList(sections=(ABOUT,), fields=(field("unit"), field("unit"), field("x", "weather")))
    assert list(found.value.faults) == [
        (("fields", "x", "section"), "'weather'", "one of definition"),
        (("fields",), "'unit' twice", "each field once"),
    ]


def test_codes_and_names_of_persons_have_no_language():
    fields = FieldList(
        sections=(ABOUT,),
        fields=(field("unit"), field("code", kind="code"), field("person", is_personal=True)),
    )
    assert fields.without_language == {"code", "person"}
    assert set(fields.by_id) == {"unit", "code", "person"}


def test_handbook_with_an_indicator_twice_and_without_its_language_is_refused():
    entries = (Entry(indicator="I.1"), Entry(indicator="I.1"))
    with pytest.raises(Faults) as found:
        Handbook(id="h", version="1", title={}, framework="f@1", languages=(), entries=entries)
    assert list(found.value.faults) == [
        (("entries",), "the indicator 'I.1' twice", "each once"),
        (("languages",), "none", "the language en among them"),
    ]


def test_text_is_shown_in_the_first_language_that_says_something():
    texts = {"fr": Text(text="  "), "es": Text(text="Escaños", state="approved")}
    entry = Entry(indicator="5a", fields={"unit": texts})
    shown = entry.shown("unit", "vi", "fr", "en")
    assert (shown.text, shown.language, shown.state) == ("Escaños", "es", "approved")
    assert entry.shown("limits", "en") is None
