"""The World Bank: answers of its service, and bulk files."""

import json
from datetime import date

import pytest

from everycount.errors import InputError
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source

HEAD = {"page": 1, "pages": 1, "lastupdated": "2020-03-18"}


def item(**changed):
    return {
        "indicator": {"id": "SP.POP.TOTL", "value": "Population"},
        "country": {"id": "NA", "value": "Namibia"},
        "countryiso3code": "NAM",
        "date": "2013",
        "value": 1.5,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
        **changed,
    }


def read_json(answer):
    content = json.dumps(answer).encode()
    return read_dataset(Source(name="a.json", content=content), format="world-bank-json")


def read_csv(text):
    return read_dataset(Source(name="a.csv", content=text.encode()), format="world-bank-csv")


def test_groups_keep_their_codes_and_labels():
    world, group = {"id": "1W", "value": "World"}, {"id": "XD", "value": "High income"}
    dataset = read_json(
        [
            HEAD,
            [
                item(country=world, countryiso3code="WLD"),
                item(country=group, countryiso3code="", date="2013Q2"),
                item(date="2013M01", obs_status="E"),
            ],
        ]
    )
    assert dataset.table.select("REF_AREA", "TIME_PERIOD", "FREQ", "OBS_STATUS").rows() == [
        ("001", "2013", "A", None),
        ("XD", "2013-Q2", "Q", None),
        ("516", "2013-01", "M", "E"),
    ]
    assert [code.id for code in dataset.codes["REF_AREA"].codes] == ["XD"]
    assert dataset.codes["INDICATOR"].label("SP.POP.TOTL") == "Population"
    assert dataset.origins[0].published == date(2020, 3, 18)


def test_years_without_a_value_are_left_out_with_a_note():
    dataset = read_json([HEAD, [item(value=None), item(date="2014")]])
    assert dataset.table["TIME_PERIOD"].to_list() == ["2014"]
    assert dataset.notes == ("1 years without a value left out",)


def test_pages_together_and_pages_that_are_absent():
    first, second = [HEAD | {"pages": 3}, [item()]], [HEAD | {"pages": 3}, [item(date="2014")]]
    dataset = read_json([first, second])
    assert dataset.table.height == 2
    assert dataset.notes == ("2 of 3 pages: the others are not in this file",)


def test_a_heading_without_a_date_has_no_origin_date():
    assert read_json([{"page": 1}, [item()]]).origins[0].published is None


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            [{"message": [{"id": "120", "key": "Invalid value", "value": "Not valid"}]}],
            "says 'Invalid value: Not valid'",
        ),
        ([{"message": []}], "says 'nothing'"),
        ([HEAD, None], "observations: found none"),
        ([HEAD], "found a list of 1"),
        ([1, 2], "found a list of 2"),
        ({}, "found an empty table"),
        ([HEAD, [{"indicator": 5, "country": {}, "date": "1"}]], "item 1: found no indicator"),
        ([HEAD, [item(value="many")]], "observations, item 1, OBS_VALUE: found 'many'"),
    ],
)
def test_what_is_no_page_of_figures_is_refused(answer, message):
    with pytest.raises(InputError, match=message):
        read_json(answer)


def test_databank_has_years_in_brackets_and_closing_lines():
    dataset = read_csv(
        "Country Name,Country Code,Series Name,Series Code,2019 [YR2019],2020 [YR2020]\n"
        "Kosovo,XKX,Women,SG.X,..,2.5\n"
        ",,,,,\n"
        "Data from database: Gender Statistics,,,,,\n"
        "Namibia,NAM,Women,SG.X,3,\n"
    )
    columns = ["INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"]
    found = sorted(dataset.table.drop_nulls("OBS_VALUE").select(columns).rows())
    assert found == [("SG.X", "412", "2020", 2.5), ("SG.X", "516", "2019", 3.0)]
    assert dataset.notes == ("2 closing lines without a country and series",)


def test_names_of_series_may_be_absent():
    dataset = read_csv("Country Name,Country Code,Indicator Code,2019\nNamibia,NAM,SG.X,3\n")
    assert "INDICATOR" not in dataset.codes


@pytest.mark.parametrize(
    ("header", "what"),
    [
        ("Country Code,Short Name,Region", "a list of countries"),
        ("Series Code,Topic,Indicator Name", "a list of series"),
        ("SeriesCode,Year,DESCRIPTION", "notes on series and years"),
        ("CountryCode,SeriesCode,Year,DESCRIPTION", "footnotes"),
    ],
)
def test_files_beside_the_figures_are_refused_with_advice(header, what):
    with pytest.raises(InputError, match=f"{what}.* without figures, expected the file beside it"):
        read_csv(f"{header}\nx,y,z\n")


def test_a_file_without_such_a_header_is_refused():
    with pytest.raises(InputError, match="none in the first lines"):
        read_csv("a,b\n1,2\n")


def test_a_row_that_is_too_long_has_its_number_in_the_file():
    top = '"Data Source","Bank",\n\n"Last Updated Date","2020",\n\n'
    header = "Country Name,Country Code,Indicator Name,Indicator Code,2019\n"
    with pytest.raises(InputError, match="row 6: found 6 cells, expected 5"):
        read_csv(f"{top}{header}A,NAM,x,X,1,2\n")


def test_a_bulk_file_without_names_of_countries_is_read():
    dataset = read_csv("Country Code,Indicator Code,2019\nNAM,X,1\n")
    assert dataset.table.select("REF_AREA", "OBS_VALUE").rows() == [("516", 1.0)]
