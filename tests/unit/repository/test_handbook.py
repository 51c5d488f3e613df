"""How complete a handbook is, what is out of date, what changed."""

from dataclasses import replace

import pytest

from everycount.model.handbook import (
    Entry,
    Field,
    FieldList,
    Handbook,
    Item,
    Part,
    Preset,
    Section,
    Text,
)  # fmt: skip
from everycount.repository.handbook import (
    compare_handbooks,
    completeness,
    preset_faults,
    published,
    requirements,
    stale_texts,
    write_text,
)  # fmt: skip

PRESET = Preset(
    id="p",
    version="1",
    title="P",
    source="own",
    parts=(
        Part(
            concept="DEF",
            title={"en": "Definition"},
            items=(
                Item(field="concept", concept="C"),
                Item(field="unit", concept="U"),
                Item(field="comment", concept="X", is_required=False),
            ),
        ),
        Part(concept="M", title={"en": "Method"}, items=(Item(field="formula", concept="F"),)),
    ),
)


def book(**fields: dict[str, Text]) -> Handbook:
    entry = Entry(indicator="I.1", fields=fields)
    return Handbook(id="h", version="1", title={"en": "H"}, framework="f@1", entries=(entry,))


def test_completeness_counts_required_fields_by_how_they_stand():
    found = book(concept={"en": Text(text="A", state="approved")}, formula={"en": Text(text=" ")})
    (score,) = completeness(found, PRESET, language="en")
    assert (score.required, score.missing) == (3, ("unit", "formula"))
    assert score.score == pytest.approx(1 / 3)
    assert score.approved == pytest.approx(1 / 3)


def test_a_stale_translation_counts_half():
    texts = {"en": Text(text="New"), "vi": Text(text="Cũ", of="Old")}
    (score,) = completeness(book(concept=texts), PRESET, language="vi")
    assert (score.stale, score.score) == (("concept",), pytest.approx(1 / 6))


def test_at_the_main_level_a_heading_needs_one_of_its_fields():
    merged = replace(PRESET, is_merged=True)
    assert requirements(merged) == {"concept": ("concept", "unit"), "formula": ("formula",)}
    (score,) = completeness(book(unit={"en": Text(text="%")}), merged, language="en")
    assert (score.required, score.missing, score.score) == (2, ("formula",), 0.5)


def test_a_template_that_requires_nothing_is_complete():
    empty = replace(PRESET, parts=())
    (score,) = completeness(book(), empty, language="en")
    assert (score.score, score.approved) == (1.0, 1.0)


def test_fields_without_language_count_in_every_language():
    (score,) = completeness(
        book(unit={"en": Text(text="%")}), PRESET, language="vi", without_language={"unit"}
    )
    assert score.missing == ("concept", "formula")


def test_translation_remembers_what_it_translates_and_tells_when_that_changed():
    found = book(unit={"en": Text(text="hours")})
    one = {"by": "Lan", "date": "2026-11-22"}
    found = write_text(found, "I.1", "unit", language="vi", text="giờ", **one)
    assert found.languages == ("en", "vi")
    assert list(stale_texts(found)) == []
    same = write_text(found, "I.1", "unit", language="en", text=" hours ", **one)
    assert list(stale_texts(same)) == []
    found = write_text(found, "I.1", "unit", language="en", text="hours a day", **one)
    (stale,) = stale_texts(found)
    assert (stale.indicator, stale.field, stale.language) == ("I.1", "unit", "vi")
    assert (stale.was, stale.now, stale.text) == ("hours", "hours a day", "giờ")


def test_a_text_for_a_new_indicator_begins_its_entry():
    found = write_text(book(), "I.2", "unit", language="en", text="%", by="Lan", date="2026")
    assert [entry.indicator for entry in found.entries] == ["I.1", "I.2"]
    assert found.entries[1].fields["unit"]["en"] == Text(text="%", by="Lan", date="2026")


def test_what_is_published_names_no_person():
    fields = FieldList(
        sections=(Section(id="s", title={}),),
        fields=(
            Field(id="unit", section="s", title={}),
            Field(id="contact_name", section="s", title={}, is_personal=True),
        ),
    )
    found = book(unit={"en": Text(text="%")}, contact_name={"en": Text(text="Lan")})
    assert set(published(found, fields).entries[0].fields) == {"unit"}


def test_comparison_tells_new_changed_and_removed_texts():
    old = book(unit={"en": Text(text="%")}, concept={"en": Text(text="A")})
    new = book(concept={"en": Text(text="A"), "vi": Text(text="B")})
    told = [(each.field, each.language, each.old, each.new) for each in compare_handbooks(old, new)]
    assert told == [("concept", "vi", "", "B"), ("unit", "en", "%", "")]


def test_fields_that_a_template_invents_are_named():
    assert preset_faults(PRESET, FieldList(sections=(), fields=())) == (
        "concept", "unit", "comment", "formula",
    )  # fmt: skip
