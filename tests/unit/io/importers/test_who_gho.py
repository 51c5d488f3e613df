"""The Global Health Observatory: CSV of Athena and JSON of OData."""

import json

import pytest

from everycount.errors import InputError
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source

BASE = "GHO,PUBLISHSTATE,YEAR,REGION,COUNTRY"


def read_csv(*lines):
    content = "\n".join([*lines, ""]).encode()
    return read_dataset(Source(name="a.csv", content=content))


def read_json(answer):
    content = json.dumps(answer).encode()
    return read_dataset(Source(name="a.json", content=content), format="who-gho-api")


def item(**changed):
    return {
        "IndicatorCode": "WHS1",
        "SpatialDimType": "COUNTRY",
        "SpatialDim": "NAM",
        "TimeDim": 2019,
        "Value": "12.3 [10.0-14.0]",
        "NumericValue": None,
        **changed,
    }


def test_figures_for_people_give_value_and_bounds():
    table = read_csv(
        f"{BASE},Display Value,Comments",
        "X,PUBLISHED,2019,AFR,NAM,12.3 [10.0-14.0],",
        "X,PUBLISHED,2020,AFR,NAM,Yes,A note",
        "X,PUBLISHED,2021,AFR,NAM,<0.1,",
        "X,PUBLISHED,2022,AFR,NAM,No data,",
        "X,PUBLISHED,2023,AFR,NAM,1 200,",
    ).table
    columns = ["OBS_VALUE", "VALUE_TEXT", "LOWER_BOUND", "UPPER_BOUND", "COMMENT_OBS"]
    assert table.select(columns).rows() == [
        (12.3, None, 10.0, 14.0, None),
        (None, "Yes", None, None, "A note"),
        (None, "<0.1", None, None, None),
        (None, None, None, None, None),
        (1200.0, None, None, None, None),
    ]


def test_dimensions_are_components_or_breakdowns():
    table = read_csv(
        f"{BASE},SEX,AGEGROUP,RESIDENCEAREATYPE,WEALTHQUINTILE,CAUSE,Display Value",
        "X,PUBLISHED,2019,AFR,NAM,FMLE,AGEGROUP_YEARS15-49,RUR,WQ1,CAUSE_A,1",
        "X,PUBLISHED,2019,AFR,NAM,SEX_BTSX,YEARS80-PLUS,TOTL,,,2",
        "X,PUBLISHED,2019,AFR,NAM,MLE,adults,URB,,,3",
    ).table
    columns = ["SEX", "AGE", "URBANISATION", "INCOME_WEALTH_QUANTILE", "CUST_BREAKDOWN"]
    assert table.select(columns).rows() == [
        ("F", "Y15T49", "R", "Q1", "CAUSE--A"),
        ("_T", "Y_GE80", "_T", "_T", "_T"),
        ("M", "_T", "U", "_T", "AGEGROUP--ADULTS"),
    ]


def test_the_area_is_the_most_particular_one():
    table = read_csv(
        "GHO,PUBLISHSTATE,YEAR,REGION,WORLDBANKINCOMEGROUP,COUNTRY,Display Value",
        "X,PUBLISHED,2019,AFR,,NAM,1",
        "X,PUBLISHED,2019,AFR,,,2",
        "X,PUBLISHED,2019,AFR,WB_LI,,3",
        "X,PUBLISHED,2019,GLOBAL,WB_WORLD_INCOME,,4",
        "X,PUBLISHED,2019,,WB_HI,,5",
    ).table
    assert table.select("REF_AREA", "CUST_BREAKDOWN").rows() == [
        ("516", "_T"),
        ("AFR", "_T"),
        ("AFR", "WORLDBANKINCOMEGROUP--WB_LI"),
        ("001", "_T"),
        ("WB_HI", "_T"),
    ]


def test_an_area_by_income_without_a_country_column():
    table = read_csv("GHO,YEAR,REGION,UNREGION,Display Value", "X,2019,AFR,UN_A,1").table
    assert table["CUST_BREAKDOWN"].to_list() == ["UNREGION--UN_A"]


def test_the_verbose_form_has_labels():
    dataset = read_csv(
        "GHO (CODE),GHO (DISPLAY),GHO (URL),YEAR (CODE),COUNTRY (CODE),COUNTRY (DISPLAY),"
        "Display Value",
        "X,An indicator,http://x,2019,ZZZ,Somewhere,1",
    )
    assert dataset.codes["INDICATOR"].label("X") == "An indicator"
    assert dataset.codes["REF_AREA"].label("ZZZ") == "Somewhere"


def test_a_file_without_any_area_is_refused():
    with pytest.raises(InputError, match="expected columns for REF_AREA"):
        read_csv("GHO,YEAR,Display Value", "X,2019,1")


def test_an_answer_in_json_is_read_as_the_csv():
    dataset = read_json(
        [
            {"value": [item(), item(Dim1Type="SEX", Dim1="SEX_FMLE", Dim2Type=None, Dim2=None)]},
            {
                "value": [item(SpatialDimType="WORLD", SpatialDim="GLOBAL", NumericValue=7.25)],
                "@odata.nextLink": "https://x",
            },
        ]
    )
    columns = ["REF_AREA", "SEX", "OBS_VALUE", "LOWER_BOUND"]
    assert dataset.table.select(columns).rows() == [
        ("516", "_T", 12.3, 10.0),
        ("516", "F", 12.3, 10.0),
        ("001", "_T", 7.25, 10.0),
    ]
    assert dataset.notes == ("further pages are not in this file",)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"error": "x"}, "expected an object with a list of observations, value"),
        ({"value": [{"IndicatorCode": "X", "TimeDim": 1}]}, "item 1: found no SpatialDim"),
    ],
)
def test_another_shape_is_refused(answer, message):
    with pytest.raises(InputError, match=message):
        read_json(answer)
