"""The UN Global SDG Indicators Database, CSV and JSON."""

import json

import pytest

from everycount.errors import InputError
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source
from everycount.model.column_mapping import ColumnMapping

HEADER = "Indicator,SeriesCode,SeriesDescription,GeoAreaCode,GeoAreaName,TimePeriod,Value"


def read_csv(extra, *rows, mapping=None):
    text = "\n".join([HEADER + extra, *rows]) + "\n"
    return read_dataset(Source(name="a.csv", content=text.encode()), mapping=mapping)


def item(**changed):
    return {
        "indicator": ["5.1.1"],
        "series": "SG_X",
        "seriesDescription": "A series",
        "geoAreaCode": "516",
        "geoAreaName": "Namibia",
        "timePeriodStart": 2019.0,
        "value": "1.50",
        "footnotes": ["One", "Two"],
        "attributes": {"Nature": "NA", "Units": "PERCENT"},
        "dimensions": {"Sex": "FEMALE", "Age": "15+"},
        **changed,
    }


def read_json(answer):
    return read_dataset(Source(name="a.json", content=json.dumps(answer).encode()))


def test_values_in_words_stay_words_and_nan_is_missing():
    rows = [
        f"5.1.1,S,Words,4,Afghanistan,{2000 + at},{value}"
        for at, value in enumerate(["<2.5", "N", "NaN", "7"])
    ]
    table = read_csv("", *rows).table
    assert table["OBS_VALUE"].to_list() == [None, None, None, 7.0]
    assert table["VALUE_TEXT"].to_list() == ["<2.5", "N", None, None]


def test_brackets_are_components_or_breakdowns():
    dataset = read_csv(
        ",[Sex],[Age],[Cause of death],[Nature]",
        "5.1.1,S,Words,62,Southern Asia,2019,1,FEMALE,<18Y,Malaria,NA",
        "5.1.1,S,Words,8,Albania,2019,1,_O,everyone else,_T,C",
    )
    columns = ["REF_AREA", "SEX", "AGE", "NATURE", "CUST_BREAKDOWN"]
    assert dataset.table.select(columns).rows() == [
        ("062", "F", "Y0T17", "_X", "CAUSE_OF_DEATH--MALARIA"),
        ("008", "_O", "_T", "C", "AGE--EVERYONE_ELSE"),
    ]
    assert dataset.codes["INDICATOR"].by_id["S"].description == "5.1.1"


def test_a_sex_that_is_unknown_is_refused():
    with pytest.raises(InputError, match="row 2, SEX: found 'FEMAL'"):
        read_csv(",[Sex]", "5.1.1,S,Words,4,Afghanistan,2019,1,FEMAL")


def test_bounds_in_words_stand_in_the_comment():
    table = read_csv(
        ",UpperBound,LowerBound,FootNote", "5.1.1,S,Words,4,Afghanistan,2019,1,2,<0.1,A note"
    ).table
    assert table.select("UPPER_BOUND", "LOWER_BOUND", "COMMENT_OBS").rows() == [
        (2.0, None, "A note; Lower bound: <0.1")
    ]


def test_names_may_be_absent():
    text = b"SeriesCode,GeoAreaCode,TimePeriod,Value\nS,4,2019,1\n"
    assert read_dataset(Source(name="a.csv", content=text)).table["REF_AREA"].to_list() == ["004"]


def test_a_user_may_keep_the_codes_of_areas():
    row = "5.1.1,S,Words,4,Afghanistan,2019,1"
    assert read_csv("", row, mapping=ColumnMapping(areas="own")).table["REF_AREA"][0] == "4"


def test_an_answer_in_json_is_read_as_the_csv():
    dataset = read_json([{"totalPages": 2, "data": [item()]}, {"data": [item(series="SG_Y")]}])
    columns = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "SEX", "AGE", "NATURE", "COMMENT_OBS"]
    assert dataset.table.select(columns).rows()[0] == (
        "SG_X",
        "516",
        "2019",
        "F",
        "Y_GE15",
        "_X",
        "One; Two",
    )
    assert dataset.codes["INDICATOR"].by_id["SG_X"].description == "5.1.1"


def test_pages_that_are_absent_are_noted():
    dataset = read_json({"totalPages": 3, "data": [item(dimensions=None)]})
    assert dataset.notes == ("1 of 3 pages",)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"geoAreaCode": 1, "timePeriodStart": 1}, "file: found a table with geoAreaCode"),
        ([{"data": [item()]}, 5], "page 2: found '5'"),
        ({"data": [{"geoAreaCode": "4", "timePeriodStart": 1}]}, "data, item 1: found no series"),
    ],
)
def test_another_shape_is_refused(answer, message):
    content = json.dumps(answer).encode()
    with pytest.raises(InputError, match=message):
        read_dataset(Source(name="a.json", content=content), format="un-sdg-api")
