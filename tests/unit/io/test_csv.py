import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io import csv as module
from everycount.io.csv import read_table


def problems(source, **options):
    with pytest.raises(InputError) as caught:
        read_table(source, subject="a.csv", **options)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_cells_are_text_whatever_ends_a_line(end):
    source = end.join(["area,value", "004,1.50", "NA,", '"a ""b"", c",x', ""]).encode()
    rows = [("004", "1.50"), ("NA", None), ('a "b", c', "x")]
    assert read_table(source, subject="a.csv").rows() == rows


def test_quoted_line_end_stays_in_the_cell():
    source = b'a,b\r\n"x\ny",1\r\n"",2\r\n'
    assert read_table(source, subject="a.csv").rows() == [("x\ny", "1"), (None, "2")]


def test_empty_rows_stay_so_that_rows_can_be_counted():
    source = b"a,b\n1,2\n\n3,4\n,\n\n"
    assert read_table(source, subject="a.csv").rows() == [("1", "2"), (None, None), ("3", "4")]


def test_one_column_with_an_empty_row():
    assert read_table(b"a\n1\n\n2", subject="a.csv")["a"].to_list() == ["1", None, "2"]


def test_column_without_name_and_cells_is_dropped():
    assert read_table(b"a,b,\n1,2,\n", subject="a.csv").columns == ["a", "b"]


def test_quotation_mark_inside_a_cell_is_read():
    source = b'a,b\n5" pipe,1\n\n6" pipe,2\n'
    assert read_table(source, subject="a.csv").rows()[0] == ('5" pipe', "1")
    assert read_table(b'a,b\n5" pipe,1\n', subject="a.csv").rows() == [('5" pipe', "1")]


@pytest.mark.parametrize(("mark", "name"), [(";", ";"), ("\t", "tab")])
def test_delimiter_is_declared(mark, name):
    source = f"a{mark}b\n1,5{mark}2\n".encode()
    assert read_table(source, subject="a.csv", delimiter=name).rows() == [("1,5", "2")]
    [problem] = problems(source)
    assert f"expected columns separated by ','; if '{name}' separates" in problem
    assert f"declare delimiter = '{name}'" in problem


def test_every_ragged_row_is_listed():
    assert problems(b"a,b\n1\n1,2\n1,2,3\n") == [
        "row 2: found 1 cells, expected 2 as in the header",
        "row 4: found 3 cells, expected 2 as in the header (',' inside a cell needs quotation"
        " marks)",
    ]


@pytest.mark.parametrize("source", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_empty_file(source):
    assert problems(source) == ["file: found nothing, expected a header and rows"]


def test_header_alone():
    assert problems(b"a,b\n") == ["file: found no rows below the header, expected at least one"]


def test_header_after_an_empty_row():
    assert problems(b"\na,b\n1,2\n") == ["row 1: found an empty row, expected the header"]


def test_repeated_names():
    assert problems(b"a,a\n1,2\n") == [
        "header: found 'a' in columns 1 and 2, expected each name once"
    ]


def test_quotation_mark_that_is_never_closed():
    assert problems(b'a,b\n1\n2,"x\n3,4\n') == [
        "row 2: found 1 cells, expected 2 as in the header",
        "row 3: found a quotation mark that is never closed, expected a closing one",
    ]
    assert "row 1: found a quotation mark" in problems(b'a,"b\n')[0]


def test_text_after_a_closing_quotation_mark():
    assert problems(b'a,b\n"x"y,2\n') == [
        "row 2: found text after a closing quotation mark, expected the next cell"
    ]


def test_wrong_encoding():
    assert "Windows-1252" in problems("a\né\n".encode("cp1252"))[0]


def test_a_cell_that_is_too_long_is_told():
    content = b"a,b\n1\n" + b"2," + b"x" * 131_073 + b"\n"
    assert problems(content)[1] == (
        "row 3: found a cell of more than 131,072 characters, "
        "expected a shorter one, or its quotation mark closed"
    )


def test_more_columns_than_a_sheet_has():
    assert problems(b"a," * 16_384 + b"a\n1\n") == [
        "header: found 16,385 columns, expected at most 16,384, as many as a sheet has"
    ]


def test_ragged_rows_beyond_measure_are_not_told_one_by_one(monkeypatch):
    monkeypatch.setattr(module, "LISTED", 2)
    assert problems(b"a,b\n" + b"1\n" * 9) == [
        "row 2: found 1 cells, expected 2 as in the header",
        "row 3: found 1 cells, expected 2 as in the header",
        "rows below: found not looked at, expected fewer such rows",
    ]


def test_a_panic_of_polars_leads_to_the_slow_reader(monkeypatch):
    def panic(*_arguments, **_options):
        raise pl.exceptions.PanicException("index out of bounds")

    monkeypatch.setattr(pl, "read_csv", panic)
    assert read_table(b"a,b\n1,2\n", subject="a.csv").rows() == [("1", "2")]
