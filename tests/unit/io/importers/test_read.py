import gzip
import io
from dataclasses import replace
from datetime import date

import openpyxl
import polars as pl
import pytest

from everycount.errors import InputError, NotFound
from everycount.io.fit import ROW
from everycount.io.importers import formats as module
from everycount.io.importers.parsed import Parsed
from everycount.io.importers.read import Reading, open_dataset, read_dataset
from everycount.io.importers.source import Source
from everycount.model.codes import Code
from everycount.model.column_mapping import Across, ColumnMapping
from everycount.model.origin import Origin

HEADER = "INDICATOR,REF_AREA,TIME_PERIOD,OBS_VALUE"


@pytest.fixture(autouse=True)
def plain_only(monkeypatch):
    monkeypatch.setattr(module, "MODULES", ("plain",))


def read(*lines, **options):
    content = "\n".join(lines).encode()
    return read_dataset(Source(name="a.csv", content=content), **options)


def batch(*areas, **columns):
    rows = {"INDICATOR": "5a", "TIME_PERIOD": "2019", "OBS_VALUE": "1", **columns}
    return pl.DataFrame({"REF_AREA": areas, **{k: [v] * len(areas) for k, v in rows.items()}})


def test_file_becomes_observations(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(f"{HEADER}\n5a,NA,2019,<2.5\n".encode()))
    data = read_dataset(tmp_path / "a.csv.gz")
    assert data.table.select("REF_AREA", "SEX", "VALUE_TEXT").rows() == [("NA", "_T", "<2.5")]
    assert data.origins == ()


def test_format_may_be_named():
    assert read(HEADER, "5a,004,2019,1", format="plain").table.height == 1
    with pytest.raises(NotFound):
        read(HEADER, format="csv")


def test_columns_of_no_use_are_noted_unless_empty():
    data = read(
        f"{HEADER},remark,void,kept", "5a,004,2019,1,x,,y", mapping=ColumnMapping(ignored=("kept",))
    )
    assert data.notes == ("columns left out: remark",)


def test_faults_are_told_with_the_rows_of_the_file():
    with pytest.raises(InputError, match=r"a\.csv has 1 problem") as caught:
        read(f"{HEADER},SEX", "5a,004,2019,1,F", "5a,004,2019,2,Female")
    assert "row 3, SEX: found 'Female', expected one of F, M" in str(caught.value)


def test_file_without_indicator_is_refused():
    with pytest.raises(InputError, match="expected columns for INDICATOR"):
        read("REF_AREA,TIME_PERIOD,OBS_VALUE", "004,2019,1")


def test_generated_breakdowns_come_with_their_labels():
    data = read(
        f"{HEADER},Cause", "5a,004,2019,1,Illness", mapping=ColumnMapping(breakdown=("Cause",))
    )
    assert data.table["CUST_BREAKDOWN"].to_list() == ["CAUSE--ILLNESS"]
    assert data.codes["CUST_BREAKDOWN"].label("CAUSE--ILLNESS") == "Cause: Illness"
    assert data.codes["CUST_BREAKDOWN"].source == "a.csv"


def test_labels_and_origin_of_a_parser_come_with_the_data():
    origin = Origin(producer="GSO", title="Survey", accessed=date(2026, 1, 1))
    labels = {
        "INDICATOR": {"5a": Code(id="5a", name={"en": "Land"})},
        "REF_AREA": {
            "VNM": Code(id="VNM", name={"en": "Viet Nam"}),
            "ARB": Code(id="ARB", name={"en": "Arab World"}),
        },
        "AGE": {},
    }
    parsed = Parsed(
        batches=iter([batch("VNM"), batch("ARB")]),
        mapping=ColumnMapping(areas="iso3"),
        codes=labels,
        origin=origin,
        notes=["two notes"],
    )
    reading = Reading(parsed, None, subject="a.json")
    tables = list(reading)
    assert [table["REF_AREA"].to_list() for table in tables] == [["704"], ["ARB"]]
    assert set(reading.codes) == {"INDICATOR", "REF_AREA"}
    assert [code.id for code in reading.codes["REF_AREA"].codes] == ["ARB"]
    assert (reading.origins, reading.notes) == ((origin,), ("two notes",))


def test_batches_are_numbered_on_or_bring_their_numbers():
    parsed = Parsed(batches=iter([batch("004", "008"), batch("012", SEX="x")]), first_row=10)
    with pytest.raises(InputError, match="row 12, SEX"):
        list(Reading(parsed, None, subject="a"))
    own = batch("012", SEX="x").with_columns(pl.lit(99).alias(ROW))
    with pytest.raises(InputError, match="row 99, SEX"):
        list(Reading(Parsed(batches=iter([own])), None, subject="a"))


def test_nothing_is_read_before_it_is_asked_for(tmp_path):
    (tmp_path / "a.csv").write_text(f"{HEADER}\n5a,004,2019,x\n")
    reading = open_dataset(tmp_path / "a.csv")
    assert reading.notes == ()
    with pytest.raises(InputError):
        list(reading)


def test_areas_in_iso_codes_are_told_and_stay():
    data = read(HEADER, "5a,VNM,2019,1", "5a,NAM,2019,1")
    assert data.table["REF_AREA"].to_list() == ["VNM", "NAM"]
    (note,) = data.notes
    assert note.startswith("REF_AREA looks like ISO 3166-1 alpha-3 (NAM, VNM): declare areas")
    assert read(HEADER, "5a,VNM,2019,1", mapping=ColumnMapping(areas="own")).notes == ()


def test_area_written_in_two_ways_is_told():
    (note,) = read(HEADER, "5a,VNM,2019,1", "5a,704,2019,1", "5a,Kosovo,2019,2").notes
    assert note.endswith("several ways, which stand apart: 704 as 704, VNM")


@pytest.mark.parametrize("place", ["constants", "defaults"])
def test_area_of_the_mapping_is_translated(place):
    mapping = ColumnMapping(areas="name", **{place: {"REF_AREA": "Viet Nam"}})
    data = read("INDICATOR,TIME_PERIOD,OBS_VALUE", "5a,2019,1", mapping=mapping)
    assert data.table["REF_AREA"].to_list() == ["704"]


def test_names_of_areas_are_translated_or_refused():
    mapping = ColumnMapping(areas="name")
    rows = ("5a,Kosovo,2019,1", "5a,004,2019,1")
    assert read(HEADER, *rows, mapping=mapping).table["REF_AREA"].to_list() == ["412", "004"]
    with pytest.raises(InputError) as caught:
        read(HEADER, "5a,Atlantis,2019,1", "5a,Micronesia,2019,1", mapping=mapping)
    text = str(caught.value)
    assert "row 2, REF_AREA: found 'Atlantis', expected the name of an area (a map" in text
    assert "found 'Micronesia', expected the name of one area, not of 057, 583" in text


def test_constant_area_must_not_hide_areas():
    mapping = ColumnMapping(constants={"REF_AREA": "826"})
    with pytest.raises(InputError) as caught:
        read(HEADER, "5a,004,2019,1", "5a,008,2019,1", mapping=mapping)
    assert str(caught.value.problems[0]) == (
        "column REF_AREA: found [constants] REF_AREA, which would hide 004, 008, expected "
        '[defaults] REF_AREA = "826" for rows without an area, or ignored = ["REF_AREA"]'
    )
    assert read(HEADER, "5a,004,2019,1", mapping=mapping).table["REF_AREA"].to_list() == ["826"]
    ignored = ColumnMapping(constants={"REF_AREA": "826"}, ignored=("REF_AREA",))
    data = read(HEADER, "5a,004,2018,1", "5a,008,2019,1", mapping=ignored)
    assert data.table["REF_AREA"].to_list() == ["826", "826"]


def test_frequency_is_that_of_the_period_where_no_column_says_it():
    data = read(
        HEADER, *(f"5a,004,{each},1" for each in ("2019-05", "2019-Q1", "2019-05-31", "2019"))
    )
    assert data.table["FREQ"].to_list() == ["M", "Q", "D", "A"]
    assert data.notes == ("FREQ, which the file does not have, from the periods: D 1, M 1, Q 1",)
    said = read(f"{HEADER},FREQ", "5a,004,2019-05,1,")
    assert (said.table["FREQ"].to_list(), said.notes) == (["A"], ())


def test_equal_periods_are_the_same_observation():
    with pytest.raises(InputError, match="row 3: found the same observation as in row 2"):
        read(HEADER, "5a,004,2003/2005,1", "5a,004,2003-01-01/P3Y,1")


def workbook(*rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    stream = io.BytesIO()
    book.save(stream)
    return Source(name="a.xlsx", content=stream.getvalue())


def test_header_of_a_workbook_may_have_several_rows_below_titles():
    source = workbook(
        ["Women in parliament"],
        [None, 2019, None],
        ["Area", "Women", "Men"],
        ["004", 1, 2],
        ["008", 3, "x"],
        merged=["B2:C2"],
    )
    mapping = ColumnMapping(
        columns={"Area": "REF_AREA"},
        constants={"INDICATOR": "5.5.1a", "TIME_PERIOD": "2019"},
        across=Across(component="SEX", pattern="2019 / (.*)"),
        values={"SEX": {"Women": "F", "Men": "M"}},
        missing=("x",),
        header_row=2,
        header_rows=2,
    )
    table = read_dataset(source, mapping=mapping).table.sort("REF_AREA", "SEX")
    assert table.select("REF_AREA", "SEX", "OBS_VALUE").rows() == [
        ("004", "F", 1.0),
        ("004", "M", 2.0),
        ("008", "F", 3.0),
        ("008", "M", None),
    ]
    with pytest.raises(InputError, match="row 5, OBS_VALUE: found 'x'"):
        read_dataset(source, mapping=replace(mapping, missing=()))


def test_header_of_a_text_is_its_first_row():
    with pytest.raises(InputError, match=r"found header_row = 2, header_rows = 1, expected a work"):
        read(HEADER, mapping=ColumnMapping(header_row=2))
