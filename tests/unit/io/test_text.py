import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.text import name_columns, utf8


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("area\ncafé".encode("latin-1"), r"line 2, byte 4: found byte 0xE9 \('é' if this is Windo"),
        (b"a\n\x81", r"line 2, byte 1: found byte 0x81, expected text in UTF-8 \(in Excel: Save"),
        ("a,b".encode("utf-16"), "found text in UTF-16"),
        ("a,b".encode("utf-16-le"), "every other byte empty, as text in UTF-16"),
        (b"a,b,c\nd\0\0", "line 2: found 2 NUL bytes, which some services pad their files with"),
        (b"PK\x03\x04", "an Excel workbook"),
        (b"\xd0\xcf\x11\xe0", r"\.xls"),
        (b"\x1f\x8b", "gzip"),
        (b"%PDF", "PDF"),
    ],
)
def test_utf8_says_what_else_it_is(source, message):
    with pytest.raises(InputError, match=message):
        utf8(source, subject="a.csv")


def test_utf8_drops_the_byte_order_mark():
    assert utf8("é".encode("utf-8-sig"), subject="a.csv") == "é".encode()


def test_name_columns_reports_every_fault():
    table = pl.DataFrame({"0": ["1"], "1": ["1"], "2": ["1"], "3": [""]})
    with pytest.raises(InputError) as caught:
        name_columns(table, ["a", "a ", "", ""], subject="a.csv")
    assert [str(problem) for problem in caught.value.problems] == [
        "header: found 'a' in columns 1 and 2, expected each name once",
        "column 3: found cells but no name in the header, expected a name",
    ]


def test_name_columns_drops_empty_ends():
    table = pl.DataFrame({"0": ["1", "", "2", ""], "1": [None, None, None, ""]})
    got = name_columns(table, ["a", ""], subject="a.csv")
    assert got.to_dict(as_series=False) == {"a": ["1", None, "2"]}
