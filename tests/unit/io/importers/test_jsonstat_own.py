"""JSON-stat that we wrote is read back whole."""

import io
import json
from datetime import date

import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.exporters.json_stat import write_json_stat
from everycount.io.exporters.outgoing import outgoing_of
from everycount.io.importers import jsonstat_own
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin

ROWS = (
    {"SEX": "M", "OBS_VALUE": 0.1 + 0.2, "CUST_BREAKDOWN": "FIRM--SMALL", "UNIT_MEASURE": "PT"},
    {"SEX": "F", "VALUE_TEXT": "<2.5", "APPRAISAL": "SUPPLEMENTARY", "COMMENT_OBS": "a\nb"},
    {"SEX": "F", "OBS_STATUS": "E", "OBS_VALUE": 2.0, "TIME_PERIOD": "2019/2021", "UNIT_MULT": 3},
    {"SEX": "F", "REF_AREA": "VN1", "TIME_PERIOD": "2019-Q1", "FREQ": "A"},
    {"SEX": "F", "REF_AREA": "VN1", "TIME_PERIOD": "2019-Q2", "AGE": "Y15T24"},
)
CODES = {
    "REF_AREA": CodeList(
        id="CL_AREA",
        codes=(
            Code(id="VN", name={"en": "Viet Nam"}),
            Code(id="VN1", name={"en": "A", "vi": "Á"}, parent="VN", description="in the north"),
        ),
    ),
    "CUST_BREAKDOWN": CodeList(
        id="CL_CUST_BREAKDOWN",
        codes=(Code(id="FIRM--SMALL", name={"en": "Firm: small"}),),
    ),
}
ORIGIN = Origin(
    producer="NSO", title="Survey", licence="CC-BY-4.0", url="https://n.example",
    published=date(2024, 5, 2), sha256="ab",
)  # fmt: skip


def table(*rows):
    usual = {"INDICATOR": "SEATS", "REF_AREA": "704", "TIME_PERIOD": "2019"}
    full = [
        {each.id: {**usual, **row}.get(each.id, each.default or None)
         for each in OBSERVATION.components}
        for row in rows
    ]  # fmt: skip
    return pl.DataFrame(full, schema=dict(OBSERVATION.schema))


def written(**about):
    file = io.BytesIO()
    given = {"codes": CODES, "origins": (ORIGIN,), "notes": ("1 row left out",), **about}
    write_json_stat(outgoing_of(Dataset(table=table(*ROWS), **given)), file)
    return json.loads(file.getvalue())


def read(said):
    return read_dataset(Source(name="a.json", content=json.dumps(said).encode()))


@pytest.mark.parametrize("size", [1, 2, 200_000])
def test_every_component_comes_back_in_its_order(size, monkeypatch):
    monkeypatch.setattr(jsonstat_own, "BATCH", size)
    found = read(written())
    assert found.table.to_dicts() == table(*ROWS).to_dicts()
    assert found.notes[0] == "1 row left out"
    assert found.origins == (ORIGIN,)


def test_names_of_codes_come_back_in_every_language():
    found = read(written()).codes
    assert {code.id: code for code in found["REF_AREA"].codes} == CODES["REF_AREA"].by_id
    assert found["CUST_BREAKDOWN"].by_id == CODES["CUST_BREAKDOWN"].by_id
    assert set(found) == {"REF_AREA", "CUST_BREAKDOWN"}


def test_names_of_attributes_stand_in_the_file():
    codes = written()["extension"]["codes"]
    (told,) = codes["APPRAISAL"]
    assert told["id"] == "SUPPLEMENTARY"
    assert told["name"]["en"]
    assert "SEX" not in codes


def test_without_names_in_the_extension_labels_are_used():
    said = written()
    del said["extension"]["codes"]
    found = read(said).codes
    assert found["CUST_BREAKDOWN"].label("FIRM--SMALL") == "Firm: small"
    assert found["REF_AREA"].label("VN1") == "A"
    assert set(found) == {"REF_AREA", "CUST_BREAKDOWN"}


def test_names_that_are_none_are_passed_over():
    said = written()
    said["extension"]["codes"] = {
        "SEX": "x",
        "NO_SUCH": [{"id": "A", "name": {"en": "A"}}],
        "CUST_BREAKDOWN": [3, {"id": "a b", "name": {}}, {"id": "A"}],
    }
    assert set(read(said).codes) == {"REF_AREA", "CUST_BREAKDOWN"}


def test_values_may_be_lists_and_words_alone_are_an_observation():
    said = written()
    size = 1
    for each in said["size"]:
        size *= each
    said["value"] = [said["value"].get(str(cell)) for cell in range(size)]
    found = read(said).table
    full = table(*ROWS).filter(
        pl.any_horizontal(pl.col("OBS_VALUE", "VALUE_TEXT", "APPRAISAL").is_not_null())
    )
    order = OBSERVATION.key
    assert found.sort(order).to_dicts() == full.sort(order).to_dicts()


def test_without_any_status_it_is_read_too():
    said = written()
    del said["status"]
    assert read(said).table["OBS_STATUS"].null_count() == len(ROWS)


def test_several_origins_are_told_as_one():
    other = Origin(producer="UN", title="Survey", accessed=date(2025, 1, 2))
    (found,) = read(written(origins=(ORIGIN, other))).origins
    assert (found.producer, found.title) == ("NSO; UN", "Survey")
    assert (found.published, found.accessed) == (date(2024, 5, 2), date(2025, 1, 2))


def test_a_title_without_origin_is_kept():
    said = written(origins=())
    assert read(said).origins == ()
    assert read(said | {"label": "Pay"}).origins[0].title == "Pay"


def test_facts_that_are_none_are_passed_over():
    said = written()
    said["extension"]["everycount"] |= {"origins": [{"published": "soon"}], "notes": 3}
    found = read(said)
    assert found.origins == (Origin(producer="", title=""),)
    assert "1 row left out" not in found.notes


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ([1], "attributes: found a list of 1, expected an object of attributes"),
        ({"VALUE_TEXT": "x"}, "attributes, VALUE_TEXT: found 'x', expected an object of cells"),
        ({"VALUE_TEXT": {"99999": "x"}}, "attributes, VALUE_TEXT, key '99999': found no position"),
    ],
)
def test_attributes_that_do_not_fit_are_refused(attributes, message):
    said = written()
    said["extension"]["attributes"] = attributes
    with pytest.raises(InputError, match=message):
        read(said)


def test_an_attribute_that_no_observation_has_is_told():
    said = written()
    said["extension"]["attributes"]["COLOUR"] = {"0": "red"}
    assert "columns left out: COLOUR" in read(said).notes


def test_of_another_structure_it_is_read_as_any_other():
    said = written()
    said["extension"]["everycount"]["structure"] = "urn:other"
    breakdowns = read(said).codes["CUST_BREAKDOWN"].codes
    assert any("Firm: small" in code.name["en"] for code in breakdowns)
