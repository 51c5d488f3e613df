"""JSON of services: numbers as written, and what is wrong said with its place."""

import pytest

from everycount.errors import InputError
from everycount.io.importers.json_text import (
    demand_rows,
    read_json,
    table_of,
    write_text,
)
from everycount.io.importers.source import Source


def said(content):
    return read_json(Source(name="a.json", content=content))


def test_read_json_keeps_every_digit_of_numbers():
    assert said(b'\xef\xbb\xbf{"a": 1.50, "b": 12345678901234567890, "c": NaN}\0\0') == {
        "a": "1.50",
        "b": "12345678901234567890",
        "c": None,
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b" ", "found nothing, expected JSON"),
        (b"<html>", "found a web page or XML"),
        (b'{"a": ', "line 1, column 6: found the end of the file"),
        (b'{"a": 1\n "b"}', "line 2, column 2: found '\"b\"}', expected JSON"),
        (b'{"a": "\xe9"}', "byte 0xE9"),
        (b"[" * 200_000, "brackets nested too deeply"),
    ],
)
def test_read_json_says_what_is_wrong(content, message):
    with pytest.raises(InputError, match=None) as caught:
        said(content)
    assert message in str(caught.value)


def test_write_text_gives_the_text_of_a_cell():
    assert write_text({"a": "é"}) == '{"a": "é"}'
    assert write_text("") is None
    assert write_text(False) == "false"


def test_table_of_has_every_key():
    assert table_of([{"a": "1"}, {"b": ["x", "y"]}]).rows() == [("1", None), (None, "x; y")]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("text", "data: found 'text', expected a list of observations"),
        ([], "found an empty list"),
        ([{}, 3], "data, item 2: found 3"),
    ],
)
def test_demand_rows_refuses_what_is_no_list_of_objects(value, message):
    with pytest.raises(InputError, match=message):
        demand_rows(value, subject="a.json", key="data")


@pytest.mark.parametrize("text", [r'"SE\u0000ATS"', r'"\ud800"', r'"\uDC00\ud83d"', r'"\ud83d"'])
def test_escapes_that_are_no_characters_are_refused(text):
    content = b'{\n"a": ' + text.encode() + b"}"
    with pytest.raises(InputError, match=r"line 2: found 'u[0dD]\w+', expected a letter or sign"):
        read_json(Source(name="a.json", content=content))


def test_escapes_of_characters_are_read():
    content = rb'["\ud83d\ude00", "\u00e9", "\\u0000"]' + b"\n\0\0"
    found = read_json(Source(name="a.json", content=content))
    assert found == ["\U0001f600", "\u00e9", "\\u0000"]
