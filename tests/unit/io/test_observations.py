import gzip
import io
import sys

import openpyxl
import pytest

from everycount.errors import InputError, NotFound
from everycount.io.observations import parse_observations, read_observations
from everycount.model.layout import Layout


def problems(source, layout=None, *, name="a.csv", **options):
    with pytest.raises(InputError) as caught:
        parse_observations(source, layout, name=name, **options)
    return [str(problem) for problem in caught.value.problems]


def test_file_is_read_by_its_ending(tmp_path):
    text = "unit,period,4a\nA,2019,1.5\n"
    (tmp_path / "a.csv").write_text(text)
    (tmp_path / "a.TSV").write_text(text.replace(",", "\t"))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "a.b.csv").write_text(text)
    for name in ("a.csv", "a.TSV", "a.csv.gz", "a.b.csv"):
        assert read_observations(tmp_path / name).table["value"].to_list() == [1.5]
    with pytest.raises(NotFound):
        read_observations(tmp_path / "b.csv")


def test_dash_is_csv_from_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"unit,x\nA,y\n")))
    with pytest.raises(InputError, match="standard input has 1 problem"):
        read_observations("-")


def test_sdmx_names_are_known():
    source = b"REF_AREA,TIME_PERIOD,INDICATOR,OBS_VALUE,SOURCE_DETAIL\nA,2019,4a,1,GSO\n"
    seen = parse_observations(source, name="a.csv")
    assert seen.table.rows() == [("A", 2019, "4a", 1.0, None, "GSO", "GSO")]


def test_layout_may_be_wide_although_it_looks_long():
    source = b"unit,indicator,value\nA,1,2\n"
    seen = parse_observations(source, Layout(layout="wide", unit="unit"), name="a.csv")
    assert seen.variables == ("indicator", "value")


def test_wide_columns_are_all_variables_but_those_that_mean_something_else():
    source = b"unit,period,DOMAIN,source,COMMENT_OBS,4a,name\nA,2019,x,GSO,c,1,Aland\n"
    layout = Layout(only={"DOMAIN": "x"})
    assert problems(source, layout) == ["row 2, name: found 'Aland', expected a number"]
    seen = parse_observations(source, layout, name="a.csv", variables=["4a"])
    assert seen.variables == ("4a",)
    seen = parse_observations(source, layout, name="a.csv", categorical=["name"])
    assert seen.table.select("variable", "text").rows() == [("4a", None), ("name", "Aland")]


def test_only_keeps_the_numbers_of_rows():
    source = b"unit,indicator,value,DOMAIN\nA,x,bad,y\nA,x,worse,x\nB,x,1,x\n"
    assert problems(source, Layout(only={"DOMAIN": "x"})) == [
        "row 3, value: found 'worse', expected a number"
    ]
    assert problems(source, Layout(only={"DOMAIN": "z", "unit": "A"})) == [
        "layout, only: found no row with DOMAIN = 'z' and unit = 'A', expected at least one"
    ]
    assert problems(source, Layout(only={"DOMIAN": "z"})) == [
        "header: found columns unit, indicator, value, DOMAIN, expected a column 'DOMIAN'"
        " (perhaps 'DOMAIN')"
    ]


def test_columns_that_no_layout_names():
    assert problems(b"iso3,x\nA,1\n") == [
        "header: found columns iso3, x, expected a column 'unit' or 'REF_AREA', or the name of"
        " another declared as unit"
    ]
    got = problems(b"unit,x\nA,1\n", Layout(layout="long"))
    assert [problem.rpartition(" ")[2] for problem in got] == ["indicator", "value"]
    assert "a column 'iso'" in problems(b"iso3,x\nA,1\n", Layout(unit="iso"))[0]


def test_options_of_excel_are_refused_for_text():
    assert problems(b"unit,x\nA,1\n", Layout(sheet="a", header_rows=2)) == [
        "layout, sheet: found 'a', expected nothing: it is for Excel only",
        "layout, header_rows: found 2, expected nothing: it is for Excel only",
    ]


def test_other_files():
    assert problems(b"", name="a.ods")[0].startswith("name: found '.ods', expected a file that")
    assert problems(b"x", name="a.csv.gz") == [
        "file: found bytes that are not a whole gzip archive, expected one"
    ]


def test_excel_rows_are_numbered_as_in_the_sheet():
    book = openpyxl.Workbook()
    for row in (["Table 1"], ["unit", "4a"], [None, "F"], ["A", 1], ["B", "n/a"]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    layout = Layout(header_row=2, header_rows=2)
    got = problems(stream.getvalue(), layout, name="a.xlsx")
    assert got == ["row 5, 4a / F: found 'n/a', expected a number"]
