"""National repositories made with Open SDG: data, companions and metadata."""

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.importers import open_sdg_metadata
from everycount.io.importers.read import read_dataset
from everycount.io.importers.source import Source
from everycount.model.column_mapping import ColumnMapping

COUNTRY = ColumnMapping(defaults={"REF_AREA": "704"})


def read(*lines, name="indicator_5-a-1.csv", mapping=COUNTRY):
    content = "\n".join([*lines, ""]).encode()
    return read_dataset(Source(name=name, content=content), mapping=mapping)


def test_empty_cells_are_totals_and_free_columns_breakdowns():
    dataset = read(
        "Year,Sex,Age,Dân tộc,Units,Unit multiplier,Observation status,Value",
        "2019,,,,Percentage (%),Units,Normal value,1",
        "2019,Girls,Under 5,Kinh,Percentage (%),Units,Undefined,2",
        "2019,Male,grown up,,Percentage (%),Thousands,Missing value; suppressed,",
    )
    columns = ["INDICATOR", "SEX", "AGE", "UNIT_MULT", "OBS_STATUS", "OBS_VALUE"]
    assert dataset.table.select(columns).rows() == [
        ("5.a.1", "_T", "_T", 0, "A", 1.0),
        ("5.a.1", "F", "Y0T4", 0, None, 2.0),
        ("5.a.1", "M", "_T", 3, "Q", None),
    ]
    labels = {code.name["en"] for code in dataset.codes["CUST_BREAKDOWN"].codes}
    assert labels == {"Dân tộc: Kinh", "Age: grown up"}


def test_years_of_all_kinds():
    texts = ["2004/05", "2003-05", "2018 to 2020", "1974a", "1974b", "2000 Q1", "2019"]
    table = read("Year,Value", *(f"{text},1" for text in texts)).table
    assert table["TIME_PERIOD"].to_list() == [
        "2004/2005",
        "2003/2005",
        "2018/2020",
        "1974",
        "1974",
        "2000-Q1",
        "2019",
    ]
    assert table["TIME_DETAIL"].to_list() == [*texts[:6], None]
    assert table["FREQ"].to_list() == ["A"] * 5 + ["Q", "A"]
    assert table["CUST_BREAKDOWN"].n_unique() == 3


def test_months_stay_months_where_one_cannot_be_a_year():
    table = read("Year,Value", "2003-05,1", "2003-01,2").table
    assert table["TIME_PERIOD"].to_list() == ["2003-05", "2003-01"]
    assert set(table["FREQ"]) == {"M"}


def test_words_for_the_area_are_its_label():
    dataset = read(
        "Year,Region,Province,Zone,GeoCode,Value",
        "2019,North,Ha Giang,,VN-03,1",
        "2019,North,,,VN-N,2",
        "2019,,,,,3",
        "2019,East,,,,4",
    )
    assert dataset.table.select("REF_AREA", "CUST_BREAKDOWN").rows() == [
        ("VN-03", "_T"),
        ("VN-N", "_T"),
        ("704", "_T"),
        ("704", "REGION--EAST"),
    ]
    assert dataset.codes["REF_AREA"].label("VN-03") == "Ha Giang"


def test_words_that_say_more_than_the_area_stay():
    table = read("Year,District,GeoCode,Value", "2019,One,VN-N,1", "2019,Two,VN-N,2").table
    assert table["CUST_BREAKDOWN"].to_list() == ["DISTRICT--ONE", "DISTRICT--TWO"]


def test_a_second_unit_that_says_less_is_left_out_with_a_note():
    dataset = read("Year,Units,Unit measure,Value", "2019,Index,Units,1")
    assert dataset.table["UNIT_MEASURE"].to_list() == ["IX"]
    assert dataset.notes == ("Unit measure: 1 cells left out, where another column says it",)


def test_a_row_of_words_is_left_out_with_a_note():
    dataset = read("Year,Value", "Not yet known,", "2019,1")
    assert dataset.table.height == 1
    assert dataset.notes == ("1 rows with words in place of a year and no value",)


def test_a_file_of_words_only_is_refused():
    with pytest.raises(InputError, match="only rows such as 'Not statistical'"):
        read("Year,Value", "Not statistical,")


def test_without_a_number_in_its_name_the_mapping_says_the_indicator():
    with pytest.raises(InputError, match="expected columns for INDICATOR"):
        read("Year,Value", "2019,1", name="data.csv")


def test_without_a_country_each_row_without_area_is_named():
    with pytest.raises(InputError, match="row 3, REF_AREA: found nothing"):
        read("Year,GeoCode,Value", "2019,VN-03,1", "2019,,1", mapping=None)


def test_companions_beside_the_data_say_what_words_mean(tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    (data / "indicator_5-1-1.csv").write_text("Year,Group,Series,Value\n2019,Alte,S,1\n")
    (tmp_path / "column_mapping.csv").write_text("Text,Value\nGroup,AGE\nSeries,SERIES\nOdd,ODD\n")
    (tmp_path / "code_mapping.csv").write_text(
        "Text,Dimension,Value\nAlte,AGE,Y_GE65\nS,SERIES,SG_X\nJunge,AGE,Y15T24\n"
    )
    table = read_dataset(data / "indicator_5-1-1.csv", mapping=COUNTRY).table
    assert table.select("AGE", "CUST_BREAKDOWN").rows() == [("Y_GE65", "SERIES--S")]


def test_files_of_the_same_names_and_another_shape_are_passed_over(tmp_path):
    (tmp_path / "indicator_5-1-1.csv").write_text("Year,Value\n2019,1\n")
    (tmp_path / "column_mapping.csv").write_text("a,b\n1,2\n")
    assert read_dataset(tmp_path / "indicator_5-1-1.csv", mapping=COUNTRY).table.height == 1


def test_metadata_keep_every_text_as_written():
    page = open_sdg_metadata.parse(
        b"---\na: 1.10\nb: no\nc:\n  - x: 1\n  - two\nd:\n---\r\n\r\nBody\n", subject="m.md"
    )
    assert page.fields == {"a": "1.10", "b": "no", "c": "x: 1\ntwo"}
    assert page.body == "Body"


def test_metadata_may_be_yaml_alone(tmp_path):
    (tmp_path / "m.yml").write_text("a: text\n")
    assert open_sdg_metadata.read(tmp_path / "m.yml").fields == {"a": "text"}


def test_metadata_may_be_empty():
    assert open_sdg_metadata.parse(b"---\n---\nBody", subject="m").body == "Body"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"---\na: 1\n", "found one line '---'"),
        (b"---\na: 1\nb: [\n---\n", "line 4|line 3"),
        (b"---\n- a\n---\n", "expected keys and texts"),
        (b"a: \x01", "expected YAML"),
    ],
)
def test_metadata_that_cannot_be_read_are_refused(source, message):
    with pytest.raises(InputError, match=message):
        open_sdg_metadata.parse(source, subject="m.md")


def test_metadata_that_are_not_there():
    with pytest.raises(NotFound):
        open_sdg_metadata.read("nowhere.md")


def test_file_without_an_area_says_how_to_name_it():
    with pytest.raises(InputError) as caught:
        read("Year,Sex,Value", "2019,Female,1", mapping=None)
    assert "columns Year, Sex, Value" in str(caught.value).replace("TIME_DETAIL, ", "")
    assert '[defaults] REF_AREA = "826"' in str(caught.value)


def test_constant_area_does_not_hide_geocodes():
    mapping = ColumnMapping(constants={"REF_AREA": "826"})
    with pytest.raises(InputError, match=r"column GeoCode: found .constants. REF_AREA, which"):
        read("Year,GeoCode,Value", "2019,E1,1", "2019,E2,1", mapping=mapping)


def test_a_name_in_place_of_a_geocode_is_told_with_its_row():
    with pytest.raises(InputError) as caught:
        read("Year,Country,Region,GeoCode,Value", "1998,England,East,East of England,9.6")
    assert [str(each) for each in caught.value.problems] == [
        "row 2, REF_AREA: found 'East of England', expected a code of letters, digits, - and _ "
        "(a mapping's values.REF_AREA names it)"
    ]
