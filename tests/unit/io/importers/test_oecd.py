"""Exports of OECD.Stat and data.oecd.org."""

import pytest

from everycount.errors import InputError
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source


def read(*lines):
    return read_dataset(Source(name="a.csv", content="\n".join([*lines, ""]).encode()))


def test_names_beside_codes_are_labels():
    dataset = read(
        "LOCATION,Country,VAR,Variable,SEX,Sex,KIND,Kind of work,TIME,Time,"
        "Unit Code,Unit,PowerCode Code,PowerCode,Value,Flag Codes,Flags",
        "AUS,Australia,GAP,Pay gap,WOMEN,Women,P,Part-time,2019,2019,PCT,Percentage,0,Units,5,E,e",
        "OAVG,OECD average,GAP,Pay gap,MEN,Men,P,Part-time,2019,2019,PCT,Percentage,3,x,6,Z,Odd",
    )
    columns = ["REF_AREA", "SEX", "UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "COMMENT_OBS"]
    assert dataset.table.select(columns).rows() == [
        ("036", "F", "PT", 0, "E", None),
        ("OAVG", "M", "PT", 3, None, "Odd"),
    ]
    assert dataset.codes["REF_AREA"].label("OAVG") == "OECD average"
    assert dataset.codes["INDICATOR"].label("GAP") == "Pay gap"
    labels = [code.name["en"] for code in dataset.codes["CUST_BREAKDOWN"].codes]
    assert labels == ["KIND: Part-time"]


def test_a_figure_of_several_groups_is_kept_once():
    dataset = read(
        "REGION,Region,LOCATION,Country,VAR,Variable,TIME,Year,Value,Flag Codes,Flags",
        "ASI,Asia,AUS,Australia,X,Index,2019,2019,1,,",
        "ALL,All,AUS,Australia,X,Index,2019,2019,1,,",
    )
    assert dataset.table.height == 1
    assert dataset.notes == ("1 rows left out that repeat a figure under another group",)


def test_two_figures_for_one_observation_are_refused_with_their_rows():
    with pytest.raises(InputError, match="row 3: found the same observation as in row 2"):
        read(
            "REGION,Region,LOCATION,Country,VAR,Variable,TIME,Year,Value,Flag Codes,Flags",
            "ASI,Asia,AUS,Australia,X,Index,2019,2019,1,,",
            "ALL,All,AUS,Australia,X,Index,2019,2019,2,,",
        )


def test_the_short_form_without_names_has_sex_in_its_subject():
    dataset = read(
        "LOCATION,INDICATOR,SUBJECT,MEASURE,FREQUENCY,TIME,Value,Flag Codes",
        "AUS,WAGEGAP,WOMEN,PC,A,2019,1,",
        "AUS,WAGEGAP,SELF,PC,A,2019,2,P",
        "AUS,WAGEGAP,TOT,PC,Q,2019-Q1,3,",
    )
    assert dataset.table.select("SEX", "FREQ", "OBS_STATUS").rows() == [
        ("F", "A", None),
        ("_T", "A", "P"),
        ("_T", "Q", None),
    ]
    assert dataset.table["CUST_BREAKDOWN"].to_list() == [
        "MEASURE--PC",
        "MEASURE--PC---SUBJECT--SELF",
        "MEASURE--PC",
    ]


def test_without_an_indicator_the_mapping_must_say_it():
    with pytest.raises(InputError, match="expected columns for INDICATOR"):
        read("LOCATION,TIME,Value,Flag Codes", "AUS,2019,1,")
