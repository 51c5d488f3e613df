import gzip

import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io import csv_blocks, microdata_csv
from everycount.io.microdata_csv import open_csv


@pytest.fixture
def read(tmp_path):
    """Read CSV: all cells, and the number of rows that was told before."""

    def rows(content, name="a.csv", columns=None, at_most=250_000, **options):
        place = tmp_path / name
        place.write_bytes(content)
        survey = open_csv(place, name=name, **options)
        found = pl.concat(list(survey.batches(columns or list(survey.columns), rows=at_most)))
        assert found.height == survey.rows
        assert set(found.dtypes) == {pl.String}
        return found.rows()

    return rows


def problems(read, content, **options):
    with pytest.raises(InputError) as caught:
        read(content, **options)
    return [str(problem) for problem in caught.value.problems]


def test_cells_stay_as_they_are_and_empty_ones_are_null(read):
    content = '﻿area, year \r\n004,2020\r\nNA,""\r\n" x, ""y""\nz",\r\n'.encode()
    assert read(content) == [("004", "2020"), ("NA", None), (' x, "y"\nz', None)]


def test_only_the_columns_asked_for(read):
    assert read(b"a,b,c\n1,2,3\n", columns=["c", "a"]) == [("3", "1")]


def test_empty_rows_stay_but_not_at_the_end(read):
    assert read(b"a,b\n\n1,2\n\n3,4\n\n,\r\n, \n\n") == [
        (None, None), ("1", "2"), (None, None), ("3", "4")
    ]  # fmt: skip
    assert read(b"a,b\n1,2\n3,4") == [("1", "2"), ("3", "4")]
    assert read(b"a\n1\n\n2\n\n") == [("1",), (None,), ("2",)]


def test_columns_without_a_name_are_left_out(read):
    assert read(b'"",a,\n1,2,3\n') == [("2",)]


def test_lines_of_old_macs(read):
    assert read(b"a,b\r1,2\r3,4\r") == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("block", [1, 2, 3, 7, 20])
def test_blocks_end_anywhere(read, monkeypatch, block):
    content = 'a,b\n1,"x\n\n""y"""\n\n3,é€𝄞\n4,5\n\n'.encode()
    expected = [("1", 'x\n\n"y"'), (None, None), ("3", "é€𝄞"), ("4", "5")]
    shape = microdata_csv.read_shape
    with monkeypatch.context() as patch:
        patch.setattr(csv_blocks, "BLOCK", block)
        patch.setattr(microdata_csv, "read_shape", lambda *given: in_whole(shape, *given))
        for zipped, name in ((content, "a.csv"), (gzip.compress(content), "a.csv.gz")):
            assert read(zipped, name=name) == expected
            assert read(zipped, name=name, at_most=3) == expected


def in_whole(shape, *given):
    """Read the header of a file in one block, however small the others are."""
    small, csv_blocks.BLOCK = csv_blocks.BLOCK, 1_000
    try:
        return shape(*given)
    finally:
        csv_blocks.BLOCK = small


def test_batches_have_at_most_so_many_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_blocks, "BLOCK", 12)
    place = tmp_path / "a.csv"
    place.write_text("a\n" + "".join(f"{number}\n" for number in range(11)), encoding="utf-8")
    survey = open_csv(place, name="a.csv")
    frames = list(survey.batches(["a"], rows=4))
    assert [frame.height for frame in frames] == [4, 4, 3]
    assert [cell for frame in frames for cell in frame["a"]] == [str(n) for n in range(11)]
    assert [frame.height for frame in survey.batches(["a"], rows=11)] == [11]


@pytest.mark.parametrize("cut", [4, 5, 6])
def test_a_header_block_that_ends_within_a_letter(read, monkeypatch, cut):
    content = "a,𝄞\n1,2\n".encode()
    monkeypatch.setattr(csv_blocks, "BLOCK", len("a,\n1,2\n") + cut)
    assert read(content, columns=["a"]) == [("1",)]
    whole = content[:cut]
    assert csv_blocks._whole_letters(whole) == (content[:2] if cut < 6 else whole)
    assert csv_blocks._whole_letters(b"\x80\x80\x80\x80") == b"\x80\x80\x80\x80"


@pytest.mark.parametrize(
    ("name", "content", "names"),
    [
        ("a.tsv", b"a,x\tb\n1\t2\n", ["a,x", "b"]),
        ("a.TAB.gz", b"a\tb\n1\t2\n", ["a", "b"]),
        ("a.csv", b"a\tb\n1\t2\n", ["a", "b"]),
        ("a.csv", b'"a,x";b\n1;2\n', ["a,x", "b"]),
        ("a.csv", b"a\n1,2\n", None),
        ("a.csv", b"a\n1\n", ["a"]),
    ],
)
def test_what_separates_cells(tmp_path, name, content, names):
    place = tmp_path / name
    place.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    if names is None:
        with pytest.raises(InputError, match="row 2: found 2 cells, expected 1 as in the header"):
            open_csv(place, name=name)
    else:
        assert list(open_csv(place, name=name).columns) == names


def test_two_separators_in_the_header(read):
    assert problems(read, b"a,b;c\n1,2\n") == [
        "header: found ',' and ';', either of which may separate, expected a delimiter given"
    ]
    assert read(b"a,b;c\n1,2\n", delimiter=",") == [("1", "2")]


def test_a_quotation_mark_inside_a_cell_is_one(read):
    assert read(b'a,b\n5" x 6",2\n"3",4\n') == [('5" x 6"', "2"), ("3", "4")]
    assert read(b'a,b\n5",2\n3,4\n', columns=["b"]) == [("2",), ("4",)]


def test_ragged_rows_are_all_named(read, monkeypatch):
    monkeypatch.setattr(csv_blocks, "BLOCK", 14)
    assert problems(read, b"a,b\n1,2\n1\n3,4\n1,2,3\n\n5,6\n7\n") == [
        "row 3: found 1 cells, expected 2 as in the header",
        "row 5: found 3 cells, expected 2 as in the header (',' inside a cell needs quotation "
        "marks)",
        "row 8: found 1 cells, expected 2 as in the header",
    ]
    assert problems(read, b"a\tb\n1\t2\t3\n", name="a.tsv")[0].endswith(
        "('tab' inside a cell needs quotation marks)"
    )


def test_a_file_that_is_ragged_throughout_is_not_read_to_its_end(read, monkeypatch):
    monkeypatch.setattr(csv_blocks, "BLOCK", 8)
    monkeypatch.setattr(microdata_csv, "MANY", 4)
    found = problems(read, b"a,b\n" + b"1\n" * 50)
    assert len(found) < 12
    assert found[-1].startswith("rows after ")
    assert found[-1].endswith("found no reason to look at them, expected the rows above right")


def test_quotation_marks_that_do_not_fit(read, monkeypatch):
    assert problems(read, b'a,b\n1,2\n"x"y,"2\n') == [
        "row 3: found text after a closing quotation mark, expected the next cell"
    ]
    assert problems(read, b'a,b\n1,2\n3,"x\n') == [
        "row 3: found an error (unexpected end of data), expected every quotation mark that opens "
        "a cell to close it"
    ]
    long = b"x" * 140_000  # more than csv.field_size_limit
    assert problems(read, b'a,b"' + long + b"\n1,2\n")[0].startswith("row 1: found an error (field")
    monkeypatch.setattr(csv_blocks, "BLOCK", 10)
    monkeypatch.setattr(csv_blocks, "LONGEST", 30)
    assert problems(read, b'a,b\n1,2\n3,"x\n' + b"4,5\n" * 20) == [
        "file: found a row of 30 bytes or more, expected every quotation mark that opens a cell "
        "to close it"
    ]


def test_a_row_that_only_reading_shows_to_be_wrong(tmp_path):
    place = tmp_path / "a.csv"
    place.write_bytes(b"a,b\n1,2\n3,4\n")
    survey = open_csv(place, name="a.csv")
    place.write_bytes(b"a,b\n1,2\n3\n4\n")
    with pytest.raises(InputError, match="row 3: found 1 cells"):
        list(survey.batches(["a"]))


def test_what_polars_reads_otherwise_is_read_again(read, monkeypatch):
    def fails(*_, **__):
        raise pl.exceptions.ComputeError("no")

    monkeypatch.setattr(microdata_csv.pl, "read_csv", fails)
    assert read(b"a,b,c\n1,2,3\n\n4,,6\n", columns=["c", "b"]) == [
        ("3", "2"), (None, None), ("6", None)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b" \n\n", "file: found nothing, expected a header and rows"),
        (b"\n1,2\n", "row 1: found no names of columns, expected the header"),
        (b",\n1,2\n", "row 1: found no names of columns, expected the header"),
        (b"a,b,a, b\n1,2,3,4\n", "columns: found 'a' in columns 1 and 3, expected each name once"),
        (b"a,b\n", "file: found no rows, expected at least one"),
        (b"a,b\n\n,\n", "file: found no rows, expected at least one"),
        ("a\n1\n".encode("utf-16"), "file: found text in UTF-16, expected text in UTF-8"),
        (b"a,b\n1,2\n3,\xe9\n", "line 3, byte 3: found byte 0xE9 ('é' if this is Windows-1252, as"),
        (b"a,b\n1,2\n3,\x8d\n", "line 3, byte 3: found byte 0x8D, expected text in UTF-8"),
        (b"a,b\n1,\n\0,4\n", "line 3: found 1 NUL bytes"),
    ],
)
def test_what_is_no_table(read, content, found):
    assert problems(read, content)[0].startswith(found)


def test_bytes_that_are_no_text_far_down(read, monkeypatch):
    monkeypatch.setattr(csv_blocks, "BLOCK", 12)
    assert problems(read, b"a,b\n1,2\n3,4\n5,6\n7,\xe9\n") == [
        "line 5: found byte 0xE9 ('é' if this is Windows-1252), expected text in UTF-8 (in Excel: "
        "Save As, 'CSV UTF-8')"
    ]
    assert problems(read, b"a,b\n1,2\n3,4\n5,6\n7,\0\n")[0].startswith("line 5: found a NUL byte")


def test_a_damaged_archive(tmp_path):
    place = tmp_path / "a.csv.gz"
    place.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 1000)[:-20])
    with pytest.raises(InputError, match="expected a whole gzip archive"):
        open_csv(place, name="a.csv.gz")
