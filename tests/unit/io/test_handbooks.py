"""Handbooks as files, and the fields and templates that are shipped."""

import json
from dataclasses import replace

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.handbook_words import shipped_words
from everycount.io.handbooks import (
    handbook_bytes,
    load_preset,
    read_handbook,
    shipped_fields,
    shipped_presets,
)  # fmt: skip
from everycount.model.handbook import Entry, Handbook, Text
from everycount.repository.handbook import preset_faults

LANGUAGES = {"en", "fr", "es", "vi", "ar"}
BOOK = Handbook(
    id="h",
    version="1",
    title={"en": "H"},
    framework="f@1",
    entries=(Entry(indicator="I.1", fields={"unit": {"en": Text(text="%")}}),),
)


def test_every_title_and_word_is_there_in_five_languages():
    fields = shipped_fields()
    for each in (*fields.sections, *fields.fields):
        assert set(each.title) == LANGUAGES, each.id
    for preset in shipped_presets().values():
        assert {frozenset(part.title) for part in preset.parts} == {frozenset(LANGUAGES)}
    for texts in (*shipped_words().words.values(), *shipped_words().languages.values()):
        assert set(texts) == LANGUAGES


@pytest.mark.parametrize("preset", shipped_presets().values(), ids=lambda each: each.id)
def test_templates_name_fields_that_exist_and_each_concept_once(preset):
    assert preset_faults(preset, shipped_fields()) == ()
    concepts = [item.concept for item in preset.items]
    assert len(set(concepts)) == len(concepts)
    own = {part.concept for part in preset.parts}
    inside = {(p.concept, i.concept) for p in preset.parts for i in p.items if i.concept in own}
    assert all(part == item for part, item in inside)


def test_the_sdg_template_has_the_concepts_of_its_structure():
    sdg = shipped_presets()["sdg"]
    assert [part.number for part in sdg.parts] == list("01234567")
    assert len(sdg.items) == 38
    assert (sdg.structure, sdg.agency, sdg.is_flat) == ("SDG_MSD", "IAEG-SDGs", True)
    assert [item.concept for item in sdg.parts[2].items] == [
        "STAT_CONC_DEF", "UNIT_MEASURE", "CLASS_SYSTEM",
    ]  # fmt: skip


def test_the_main_level_is_a_template_of_its_own():
    main = shipped_presets()["sdg-main"]
    assert main.is_merged
    assert main.parts == shipped_presets()["sdg"].parts


def test_a_handbook_comes_back_as_it_was(tmp_path):
    place = tmp_path / "h.json"
    place.write_bytes(handbook_bytes(BOOK))
    assert read_handbook(place) == BOOK


def test_fields_that_do_not_exist_are_all_named(tmp_path):
    place = tmp_path / "h.json"
    made = json.loads(handbook_bytes(BOOK))
    made["entries"][0]["fields"] |= {"colour": {"en": {"text": "red"}}, "weight": {}}
    place.write_text(json.dumps(made))
    with pytest.raises(InputError) as found:
        read_handbook(place)
    assert [each.where for each in found.value.problems] == ["I.1, colour", "I.1, weight"]


def test_a_template_of_ones_own_is_read_from_a_file(tmp_path):
    place = tmp_path / "own.toml"
    place.write_text(
        'id = "own"\nversion = "1"\ntitle = "Own"\nsource = "us"\n\n[[parts]]\nconcept = "A"\n'
        'title = { en = "A" }\n\n[[parts.items]]\nfield = "unit"\nconcept = "U"\n'
    )
    assert load_preset(str(place)).items[0].field == "unit"
    place.write_text(place.read_text().replace('"unit"', '"weather"'))
    with pytest.raises(InputError, match="items: found 'weather', expected a field: "):
        load_preset(str(place))


def test_an_unknown_template_is_told_with_the_nearest():
    with pytest.raises(NotFound, match="there is no template 'esm'; perhaps 'esms'"):
        load_preset("esm")
    with pytest.raises(NotFound, match=r"there is no template 'qqqq'\. Templates: adapt"):
        load_preset("qqqq")


def test_standard_input_is_called_so(monkeypatch):
    import io
    import sys

    class Fake:
        buffer = io.BytesIO(
            handbook_bytes(replace(BOOK, id="")).replace(b'"version": "1"', b'"version": 1')
        )

    monkeypatch.setattr(sys, "stdin", Fake)
    with pytest.raises(InputError, match="standard input"):
        read_handbook("-")
