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


def test_padding_with_nul_is_passed_over(size):
    assert whole(b"a,b\n1,2\n\0\0\0\0") == [("1", "2")]


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
