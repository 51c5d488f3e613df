import gzip

import polars as pl
import pytest

from everycount.errors import InputError
from everycount.io.importers import csv_batches as module
from everycount.io.importers.csv_batches import csv_batches
from everycount.io.importers.source import Source


def read(content, delimiter=None, name="a.csv", **options):
    return list(csv_batches(Source(name=name, content=content), delimiter, **options))


def whole(content, **options):
    return pl.concat(read(content, **options)).rows()


@pytest.fixture(params=[1, 3, 7, 64, 1 << 20])
def size(request, monkeypatch):
    monkeypatch.setattr(module, "BATCH", request.param)
    return request.param


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_batches_of_any_size_are_the_same_table(size, end, last):
    lines = ["\ufeffa,b", "1,x", '"2,5","say ""no"""', '"on\ntwo lines",Tày', "", "NA,"]
    content = (end.join(lines) + last).encode()
    rows = whole(content)
    broken = [("1", "x"), ("2,5", 'say "no"'), ("on\ntwo lines", "Tày"), (None, None), ("NA", None)]
    assert [row for row in rows if row != (None, None)] == [r for r in broken if r != (None, None)]


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n\0\0\0\0",
        b"\0\0a,b\0\n\0\0\n1,2\0\0\n",
        b"a,b\r\n\0\0\r\n1,2\0\0",
        b'a,b\n"1",2\0\r\n\0',
    ],
)
def test_padding_with_nul_is_passed_over(size, content):
    assert [row for row in whole(content) if row != (None, None)] == [("1", "2")]


def test_nul_inside_a_row_is_refused_with_its_line(size):
    content = b"a,b\n\n1,2\0\nSE\0ATS,3\n4\0\0,5\n"
    with pytest.raises(InputError) as caught:
        read(content)
    found = "line 4: found a NUL byte in 'SE\\x00ATS,3', expected the letters that stood there"
    assert str(caught.value.problems[0]) == found
    if size == 1 << 20:
        assert "line 5: found a NUL byte in '4\\x00,5'" in str(caught.value)


def test_text_in_utf_16_without_its_mark_is_told():
    with pytest.raises(InputError, match="every other byte empty, as text in UTF-16 has"):
        read("a,b\n1,2\n".encode("utf-16-le"))


@pytest.mark.parametrize("part", [b"1" * 3000, b'"' + b"x\n" * 1500, b"\n" * 3000])
def test_a_row_without_end_is_refused(part, monkeypatch):
    monkeypatch.setattr(module, "BATCH", 100)
    monkeypatch.setattr(module, "ROW_AT_MOST", 1000)
    match = "behind row 2: found a row of more than 0 MiB, or as many bytes of empty ones"
    with pytest.raises(InputError, match=match):
        read(gzip.compress(b"a,b\n1,2\n" + part))


def test_fault_in_a_later_batch_has_its_row(monkeypatch):
    monkeypatch.setattr(module, "BATCH", 8)
    with pytest.raises(InputError, match="row 5"):
        read(b"a,b\n1,2\n3,4\n5,6\n7,8,9\n")


def test_delimiter_is_declared_or_known_by_the_ending():
    assert whole(b"a;b\n1;2\n", delimiter=";") == [("1", "2")]
    assert whole(b"a\tb\n1\t2\n", name="a.tsv") == [("1", "2")]
    source = Source(name="a.csv", content=b"a;b\n1;2\n", delimiter=";")
    assert next(csv_batches(source)).rows() == [("1", "2")]


def test_lines_above_the_header_are_skipped_and_counted(monkeypatch):
    content = b"Title\n\na,b\n1,2\n3\n"
    assert whole(content[:-2], skipped=2) == [("1", "2")]
    with pytest.raises(InputError, match="row 5"):
        read(content, skipped=2)


def test_empty_file_is_refused():
    with pytest.raises(InputError, match="found nothing, expected a header and rows"):
        read(b"")


def test_nothing_but_nul_bytes_is_said(size):
    match = "found nothing but 3 NUL bytes, expected a header and rows"
    with pytest.raises(InputError, match=match):
        read(gzip.compress(b"\0\0\n\0"), name="a.csv.gz")


def test_old_mac_line_ends_are_read():
    assert whole(b"a,b\r1,2\r3,4") == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("skipped", [0, 1])
def test_damaged_archive_is_refused(skipped):
    content = gzip.compress(b"a,b\n" * 100)
    with pytest.raises(InputError, match="a gzip archive that is truncated or not gzip"):
        read(content[:14] + b"\xff" * 20, name="a.gz", skipped=skipped)


def test_damage_at_the_end_is_refused():
    with pytest.raises(InputError, match="a gzip archive that is truncated or not gzip"):
        read(gzip.compress(b"a,b\n" * 100)[:-6], name="a.gz")
