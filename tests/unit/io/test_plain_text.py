import codecs

import pytest

from everycount.errors import InputError
from everycount.io import plain_text
from everycount.io.plain_text import decode, read_markdown, read_text
from everycount.policy.lines import Table

LAW = "Điều 1. Bình đẳng giới là quyền của mọi người, nam và nữ."


def elements(columns):
    return [each for column in columns for each in column.elements]


@pytest.mark.parametrize(
    "content",
    [
        LAW.encode(),
        codecs.BOM_UTF8 + LAW.encode(),
        codecs.BOM_UTF16_LE + LAW.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + LAW.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + LAW.encode("utf-32-le"),
    ],
)
def test_decode_with_and_without_a_mark(content):
    assert decode(content, "law.txt") == LAW


def test_decode_falls_back_to_windows_1252():
    assert decode("Égalité – «loi»".encode("cp1252"), "law.txt") == "Égalité – «loi»"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LAW.encode("utf-16-le"), "line 1: found the control character 0x"),
        (b"one\ntwo \x00\x01 three", "line 2: found the control character 0x00, as files that are"),
        (b"\xff\x81 caf\xe9 \x8d", "byte 2: found 0x81, which no text in UTF-8 or Windows-1252"),
        (codecs.BOM_UTF8 + b"caf\xe9", "byte 7: found bytes that are not UTF-8, which the first"),
        (codecs.BOM_UTF16_LE + b"a", "byte 3: found bytes that are not UTF-16-LE"),
    ],
)
def test_decode_of_what_is_no_text(content, message):
    with pytest.raises(InputError, match=message):
        decode(content, "law.txt")


def test_decode_of_a_text_too_long(monkeypatch):
    monkeypatch.setattr(plain_text, "MOST", 1_000)

    with pytest.raises(InputError, match="found 1,001 characters, expected at most 1,000: split"):
        decode(b"a" * 1_001, "law.txt")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_read_text_lines_whatever_ends_them(end):
    texts, columns = read_text(f"  One {end}two{end}{end}three{end}".encode(), "law.txt")

    lines = elements(columns)
    assert [(line.text, line.before) for line in lines] == [
        ("One", "\n\n"),
        ("two", "\n"),
        ("three", "\n\n"),
    ]
    assert all(texts[0][line.start : line.end] == line.text for line in lines)


def test_read_text_with_pages_leaves_out_their_heads():
    pages = [
        f"{number}\nAct, No. 5\n\nArticle {number}\n\n{'word ' * number}\n" for number in (1, 2, 3)
    ]

    texts, columns = read_text("\f".join(pages).encode(), "law.txt")

    assert len(texts) == 3
    assert [(line.text, line.page) for line in elements(columns)] == [
        ("Article 1", 1),
        ("word", 1),
        ("Article 2", 2),
        ("word word", 2),
        ("Article 3", 3),
        ("word word word", 3),
    ]


def test_read_markdown_headings_and_emphasis():
    text = "# The **Law** #\n\nTitle two\n---\n\n---\nIt [is](https://x.org/a) `so`.\n\nEnd\n==="

    texts, columns = read_markdown(text.encode(), "law.md")

    lines = elements(columns)
    assert [(line.text, line.level, line.before) for line in lines] == [
        ("The ", 1, "\n\n"),
        ("Law", 0, ""),
        ("Title two", 2, "\n\n"),
        ("It [is]", 0, "\n"),
        (" ", 0, ""),
        ("so", 0, ""),
        (".", 0, ""),
        ("End", 1, "\n\n"),
    ]
    assert all(texts[0][line.start : line.end] == line.text for line in lines)


def test_read_markdown_tables():
    text = "Targets\n\n| Target | 2025 |\n|---|:-:|\n| Seats \\| votes | 30 % |\n| | 5 |\nend"

    texts, columns = read_markdown(text.encode(), "law.md")

    table = elements(columns)[1]
    assert isinstance(table, Table)
    assert [[[line.text for line in cell] for cell in row] for row in table.rows] == [
        [["Target"], ["2025"]],
        [["Seats \\| votes"], ["30 %"]],
        [[], ["5"]],
    ]
    assert all(
        texts[0][line.start : line.end] == line.text
        for row in table.rows
        for cell in row
        for line in cell
    )
