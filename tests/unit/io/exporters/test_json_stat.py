import io
import json

import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.exporters.json_stat import write_json_stat
from everycount.io.exporters.outgoing import outgoing_of
from everycount.model.codes import Code, CodeList
from everycount.model.dataset import Dataset
from everycount.model.observation import OBSERVATION


def table(*rows):
    full = [
        {each.id: row.get(each.id, each.default or None) for each in OBSERVATION.components}
        for row in rows
    ]
    return pl.DataFrame(full, schema=dict(OBSERVATION.schema))


def written(*rows, **about):
    file = io.BytesIO()
    write_json_stat(outgoing_of(Dataset(table=table(*rows), **about)), file)
    return json.loads(file.getvalue())


def row(**changes):
    usual = {"INDICATOR": "SEATS", "REF_AREA": "704", "TIME_PERIOD": "2019", "OBS_VALUE": 1.5}
    return usual | changes


def test_cells_are_numbered_with_the_last_dimension_fastest():
    cube = written(
        row(SEX="F", TIME_PERIOD="2019", OBS_VALUE=1.0),
        row(SEX="F", TIME_PERIOD="2020", OBS_VALUE=2.0),
        row(SEX="M", TIME_PERIOD="2020", OBS_VALUE=None, VALUE_TEXT="<1"),
    )
    assert cube["id"] == ["FREQ", "INDICATOR", "REF_AREA", "SEX", "TIME_PERIOD"]
    assert cube["size"] == [1, 1, 1, 2, 2]
    assert cube["value"] == {"0": 1.0, "1": 2.0, "3": None}
    assert "status" not in cube
    assert cube["extension"]["attributes"] == {"VALUE_TEXT": {"3": "<1"}}
    assert cube["role"] == {"time": ["TIME_PERIOD"], "geo": ["REF_AREA"], "metric": ["INDICATOR"]}


def test_status_and_units_have_their_places():
    cube = written(
        row(OBS_STATUS="E", UNIT_MEASURE="PT"),
        row(INDICATOR="BIRTHS", UNIT_MEASURE="PS"),
        row(INDICATOR="BIRTHS", UNIT_MEASURE="PT", TIME_PERIOD="2020"),
    )
    assert list(cube["status"].values()) == ["E"]
    units = cube["dimension"]["INDICATOR"]["category"]["unit"]
    assert {code: unit["code"] for code, unit in units.items()} == {"SEATS": "PT"}


def test_codes_say_which_are_part_of_which():
    codes = (Code(id="VN", name={"en": "A"}), Code(id="VN1", name={"en": "B"}, parent="VN"))
    own = {"REF_AREA": CodeList(id="CL_AREA", codes=codes)}
    cube = written(row(REF_AREA="VN"), row(REF_AREA="VN1"), codes=own)
    category = cube["dimension"]["REF_AREA"]["category"]
    assert category["child"] == {"VN": ["VN1"]}
    assert category["label"] == {"VN": "A", "VN1": "B"}


def test_a_cube_too_large_is_refused_with_advice():
    rows = [
        row(INDICATOR=f"I{number}", REF_AREA=f"A{number}", TIME_PERIOD=str(1700 + number))
        for number in range(200)
    ]
    with pytest.raises(InputError) as caught:
        written(*rows)
    assert str(caught.value) == (
        "JSON-stat has 1 problem:\n  cube: found 8,000,000 cells for 200 observations (200 of "
        "INDICATOR x 200 of REF_AREA x 200 of TIME_PERIOD and others), expected at most "
        "5,000,000; write fewer indicators, or sdmx-csv, sdmx-json or parquet, which have no "
        "empty cells"
    )
