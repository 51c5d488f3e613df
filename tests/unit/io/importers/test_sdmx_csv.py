import pytest

from everycount.errors import InputError
from everycount.io.importers import sdmx_csv
from everycount.io.importers.read import open_dataset, read_dataset
from everycount.io.importers.sdmx_read import open_sdmx
from everycount.io.importers.sdmx_structures import read_structures
from everycount.io.importers.source import Source
from everycount.model.column_mapping import ColumnMapping


def source(text, name="figures.csv"):
    return Source(name=name, content=text.encode() if isinstance(text, str) else text)


def read(text, mapping=None):
    return read_dataset(source(text), mapping=mapping)


def test_version_1_is_read():
    data = read(
        "DATAFLOW,FREQ,INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
        "UN:GENDER(1.0),A,5a,004,F,2019,1.5,A\nUN:GENDER(1.0),A,5a,004,M,2019,,M\n"
    )
    rows = data.table.select("INDICATOR", "REF_AREA", "SEX", "OBS_VALUE", "OBS_STATUS").rows()
    assert rows == [("5a", "004", "F", 1.5, "A"), ("5a", "004", "M", None, "M")]
    assert data.notes == ()


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_header_with_quotes_or_a_mark_is_recognised(quote, mark):
    header = ",".join(
        f"{quote}{name}{quote}"
        for name in ("STRUCTURE", "STRUCTURE_ID", "INDICATOR", "REF_AREA", "TIME_PERIOD")
    )
    text = f"{mark}{header},OBS_VALUE\ndataflow,A:B(1.0),5a,NA,2019,1\n"
    assert sdmx_csv.recognises(text.encode(), "a.csv")
    assert read(text).table["REF_AREA"].to_list() == ["NA"]


@pytest.mark.parametrize("text", ["STRUCTURE,AREA\n", "REF_AREA,OBS_VALUE\n", "DATAFLOWS,A\n", ""])
def test_other_header_is_not_recognised(text):
    assert not sdmx_csv.recognises(text.encode(), "a.csv")


def test_other_header_is_refused_when_the_user_says_it_is_sdmx():
    with pytest.raises(InputError, match="expected DATAFLOW or STRUCTURE as first column"):
        read_dataset(source("AREA,YEAR\n1,2\n"), format="sdmx-csv")


def test_rows_to_delete_are_left_out_and_the_others_keep_their_numbers():
    text = (
        "STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,SEX,TIME_PERIOD,OBS_VALUE\n"
        "dataflow,A:B(1.0),D,5a,004,F,2019,1\n"
        "dataflow,A:B(1.0),I,5a,004,F,2019,2\n"
        "dataflow,A:B(1.0),R,5a,004,WRONG,2020,2\n"
    )
    reading = open_dataset(source(text))
    with pytest.raises(InputError, match="row 4, SEX: found 'WRONG'"):
        list(reading)
    assert "1 rows with the action D (delete) are left out" in reading.notes
    assert read(text.replace("WRONG", "M")).table["OBS_VALUE"].to_list() == [2, 2]


def test_file_of_deletions_alone_has_no_observations():
    text = "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,TIME_PERIOD,OBS_VALUE\ndataflow,A:B,D,4,2019,1\n"
    data = read(text)
    assert data.table.height == 0
    assert data.notes == ("1 rows with the action D (delete) are left out",)


def test_labels_in_cells_are_set_apart():
    data = read(
        "DATAFLOW:Dataflow,INDICATOR:Indicator,REF_AREA:Area,SEX: Sex,CAUSE: Cause of death,"
        "TIME_PERIOD: Time,OBS_VALUE: Value,COMMENT_OBS: Comment\n"
        "UNICEF:CME(1.0): Mortality,U5: Under five,AFG: Afghanistan,F: Female,MAL: Malaria,2019,"
        '12.5,"Note: see: annex"\n'
        "UNICEF:CME(1.0): Mortality,U5: Under five,AFG: Afghanistan,M: Male,_T: Total,"
        "2019: 2019,1: 1,\n"
    )
    columns = ("INDICATOR", "REF_AREA", "SEX", "CUST_BREAKDOWN", "TIME_PERIOD", "OBS_VALUE")
    assert data.table.select(*columns, "COMMENT_OBS").rows() == [
        ("U5", "004", "F", "CAUSE--MAL", "2019", 12.5, "Note: see: annex"),
        ("U5", "004", "M", "_T", "2019", 1.0, None),
    ]
    assert data.codes["INDICATOR"].label("U5") == "Under five"
    assert data.codes["SEX"].label("M") == "Male"
    assert data.codes["CUST_BREAKDOWN"].label("CAUSE--MAL") == "Cause of death: Malaria"


def test_text_with_colons_in_some_cells_of_an_unknown_column_stays():
    text = (
        "DATAFLOW,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,NOTE: Note\n"
        "A:B(1.0),5a,004,2018,1,plain\nA:B(1.0),5a,004,2019,1,so: not a label\n"
    )
    mapping = ColumnMapping(columns={"NOTE": "COMMENT_OBS"})
    assert read(text, mapping).table["COMMENT_OBS"].to_list() == ["plain", "so: not a label"]


def test_columns_of_names_become_labels():
    data = read(
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,ACTION,REF_AREA,Area,MEASURE,Measure,SEX,Sex,"
        "TIME_PERIOD,Time period,OBS_VALUE,Value,COMMENT_OBS,Comment\n"
        "DATAFLOW,OECD.SDD:DF(1.0),Flow,I,VNM,Viet Nam,EMP,Employed,F,Nữ,2019,,70.5,,hm,\n"
    )
    row = data.table.select("INDICATOR", "REF_AREA", "SEX", "OBS_VALUE", "COMMENT_OBS").row(0)
    assert row == ("EMP", "704", "F", 70.5, "hm")
    assert data.codes["INDICATOR"].label("EMP") == "Employed"
    assert data.codes["SEX"].label("F") == "Nữ"


def test_separators_and_decimal_comma_are_seen():
    text = (
        "STRUCTURE[|];STRUCTURE_ID;ACTION;INDICATOR;REF_AREA;TIME_PERIOD;OBS_VALUE;"
        "COMMENT_OBS[];UPPER_BOUND\n"
        "dataflow;A:B(1.0);I;5a;004;2019;12,4;one|two;13,5\n"
    )
    data = read(text)
    row = data.table.select("OBS_VALUE", "COMMENT_OBS", "UPPER_BOUND").row(0)
    assert row == (12.4, "one; two", 13.5)
    assert "values are written with a decimal comma" in data.notes


@pytest.mark.parametrize("separator", [";", "\t"])
def test_decimal_point_stays_where_another_separator_is_used(separator):
    names = ["DATAFLOW", "INDICATOR", "REF_AREA", "TIME_PERIOD", "OBS_VALUE"]
    rows = [["A:B(1.0)", "5a", "004", str(year), "1.5"] for year in (2018, 2019)]
    text = "\n".join(separator.join(row) for row in [names, *rows])
    assert read(text).table["OBS_VALUE"].to_list() == [1.5, 1.5]


def test_flow_is_the_indicator_where_there_is_no_other():
    data = read(
        "DATAFLOW,REF_AREA,TIME_PERIOD,OBS_VALUE\n"
        "UN:POP(1.0),004,2019,1\nUN:GDP(1.0),004,2019,2\n,,,\n"
    )
    assert data.table.select("INDICATOR", "OBS_VALUE").rows() == [("POP", 1.0), ("GDP", 2.0)]
    assert "UN:POP(1.0): no dimension is the indicator; the dataflow stands for it" in data.notes


def test_several_units_keep_observations_apart():
    text = (
        "DATAFLOW,INDICATOR,REF_AREA,TIME_PERIOD,UNIT_MEASURE,OBS_VALUE,BASE_PER\n"
        "OECD:X(1.0),5a,VNM,2019,PT,1,2015\nOECD:X(1.0),5a,VNM,2019,PS,2,2015\n"
    )
    table = read(text).table
    assert table.select("UNIT_MEASURE", "CUST_BREAKDOWN", "BASE_PER").rows() == [
        ("PT", "UNIT_MEASURE--PT", "2015"),
        ("PS", "UNIT_MEASURE--PS", "2015"),
    ]


def test_eurostat_is_read():
    table = read(
        "DATAFLOW,LAST UPDATE,freq,unit,sex,age,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        "ESTAT:TPS1(1.0),12/01/22 23:00:00,A,PC,T,TOTAL,EL,2019,1.5,b\n"
        "ESTAT:TPS1(1.0),12/01/22 23:00:00,A,PC,F,TOTAL,AT11,2019,2.5,\n"
    ).table
    columns = ("INDICATOR", "REF_AREA", "SEX", "AGE", "UNIT_MEASURE", "CUST_BREAKDOWN")
    assert table.select(*columns, "OBS_STATUS").rows() == [
        ("TPS1", "300", "_T", "_T", "PC", "_T", "B"),
        ("TPS1", "AT11", "F", "_T", "PC", "_T", None),
    ]


def test_named_column_without_labels_in_its_cells_stays():
    text = "DATAFLOW,INDICATOR,REF_AREA: Area,TIME_PERIOD: Time,OBS_VALUE\nA:B,5a,004,2019,1\n"
    assert read(text).table["REF_AREA"].to_list() == ["004"]


def test_users_mapping_wins():
    text = (
        "DATAFLOW,GEO,CAUSE,KIND,TIME_PERIOD,OBS_VALUE\n"
        "UN:POP(1.0),004,A1,x,2019,1\nUN:POP(1.0),004,A2,x,2019,2\n"
    )
    usual = read(text).table
    assert usual.select("INDICATOR", "CUST_BREAKDOWN").row(0) == ("POP", "CAUSE--A1---KIND--X")
    mapping = ColumnMapping(columns={"CAUSE": "INDICATOR"}, ignored=("KIND",))
    mapped = read(text, mapping).table
    assert mapped.select("INDICATOR", "REF_AREA", "CUST_BREAKDOWN").rows() == [
        ("A1", "004", "_T"),
        ("A2", "004", "_T"),
    ]
    constant = ColumnMapping(constants={"INDICATOR": "5a"})
    assert read(text, constant).table["INDICATOR"].to_list() == ["5a", "5a"]


def test_columns_that_are_needed_are_asked_for():
    with pytest.raises(InputError) as caught:
        read("DATAFLOW,DIM,OBS_VALUE\nA:B(1.0),1,2\n")
    assert "expected columns for REF_AREA, TIME_PERIOD" in str(caught.value)
    assert "a column mapping may say" in str(caught.value)


def test_column_twice_is_refused():
    with pytest.raises(InputError, match="header: found SEX twice, expected each column once"):
        read("DATAFLOW,SEX:Sex,SEX[],REF_AREA,TIME_PERIOD,OBS_VALUE\nA:B,F,F,4,2019,1\n")


def test_without_value_column_nothing_is_read_as_comma():
    with pytest.raises(InputError, match="expected columns for OBS_VALUE"):
        read("DATAFLOW;INDICATOR;REF_AREA;TIME_PERIOD\nA:B(1.0);5a;004;2019\n")


def test_structure_says_what_is_a_dimension():
    structures = read_structures(
        source(
            '{"data": {"dataStructures": [{"id": "S", "agencyID": "A", "version": "1.0",'
            '"name": "S", "dataStructureComponents": {"dimensionList": {"dimensions": ['
            '{"id": "REF_AREA"}, {"id": "CAUSE", "localRepresentation":'
            '{"enumeration": "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=A:CL_C(1.0)"}}],'
            '"timeDimension": {"id": "TIME_PERIOD"}}}}],'
            '"codelists": [{"id": "CL_C", "agencyID": "A", "version": "1.0", "codes":'
            '[{"id": "X", "name": "Illness"}]}],'
            '"dataflows": [{"id": "FLOW", "agencyID": "A", "version": "1.0", "name": "Deaths",'
            '"structure": "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=A:S(1.0)"}]}}'
        )
    )
    text = "DATAFLOW,REF_AREA,QUALITY,TIME_PERIOD,OBS_VALUE,CAUSE\nA:FLOW(1.0),004,good,2019,1,X\n"
    reading = open_sdmx(source(text), structures)
    table = next(iter(reading))
    assert table["CUST_BREAKDOWN"].to_list() == ["CAUSE--X"]
    assert reading.codes["CUST_BREAKDOWN"].label("CAUSE--X") == "CAUSE: Illness"
    assert reading.codes["INDICATOR"].label("FLOW") == "Deaths"


def test_open_sdmx_refuses_other_files():
    with pytest.raises(InputError, match="expected SDMX-CSV, SDMX-ML or SDMX-JSON"):
        open_sdmx(source("a,b\n1,2\n"), read_structures(source('{"data": {"codelists": []}}')))


HOSTILE = [
    "Côte d'Ivoire",
    'say "so"',
    "two\nlines",
    "tiếng Việt",
    "بيانات النوع",
    "=1+1",
    "a,b;c\td",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_survives(words):
    quoted = words.replace('"', '""')
    text = (
        "DATAFLOW,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,COMMENT_OBS\n"
        f'A:B(1.0),5a,004,2019,1,"{quoted}"\n'
    )
    assert read(text).table["COMMENT_OBS"].to_list() == [words]


def test_a_column_whose_bracket_is_never_closed_keeps_its_name():
    text = (
        "STRUCTURE,STRUCTURE_ID,ACTION,INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE,Note [a\n"
        "dataflow,A:B(1.0),I,X,704,2020,1,z\n"
    )
    dataset = read(text)
    assert dataset.table["OBS_VALUE"].to_list() == [1.0]
    assert "Note [a" in " ".join(dataset.notes)
