import gzip
import io
import sys

import pytest

from everycount.errors import InputError, NotFound
from everycount.io.importers import source as module
from everycount.io.importers.source import Source


def test_file_is_read_from_its_place(tmp_path):
    (tmp_path / "A.CSV").write_bytes(b"area")
    found = Source.at(tmp_path / "A.CSV")
    assert (found.name, found.stem, found.head(2), found.read()) == (
        "A.CSV",
        "a.csv",
        b"ar",
        b"area",
    )


def test_packed_file_is_unpacked(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"area,1"))
    found = Source.at(str(tmp_path / "a.csv.gz"))
    assert (found.stem, found.read()) == ("a.csv", b"area,1")
    assert Source(name="a", content=gzip.compress(b"x")).head() == b"x"


def test_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"area")))
    found = Source.at("-")
    assert (found.name, found.read()) == ("standard input", b"area")


def test_absent_file_and_folder_are_refused(tmp_path):
    with pytest.raises(NotFound):
        Source.at(tmp_path / "a.csv")
    with pytest.raises(InputError):
        Source.at(tmp_path)


def test_damaged_archive_is_refused():
    content = gzip.compress(b"area" * 1000)[:-12]
    with pytest.raises(InputError, match=r"a\.gz has 1 problem") as caught:
        Source(name="a.gz", content=content).read()
    assert "a gzip archive that is truncated or not gzip" in str(caught.value)


def test_archive_that_grows_beyond_measure_is_refused(monkeypatch):
    match = "found more than 10 bytes when unpacked, expected less"
    most, more = (Source(name="a", content=gzip.compress(b"0" * size)) for size in (10, 11))
    monkeypatch.setattr(module, "WHOLE_AT_MOST", 10)
    assert most.read() == b"0" * 10
    with pytest.raises(InputError, match=match):
        more.read()
    monkeypatch.setattr(module, "UNPACKED_AT_MOST", 10)
    with most.open() as opened:
        assert opened.readline() == b"0" * 10
    for read in ("read", "readline"):
        with more.open() as opened, pytest.raises(InputError, match=match):
            getattr(opened, read)(None)


def test_a_plain_file_may_be_of_any_size(monkeypatch):
    monkeypatch.setattr(module, "WHOLE_AT_MOST", 1)
    assert Source(name="a", content=b"00").read() == b"00"


def test_file_beside_is_found_packed_or_not(tmp_path):
    (tmp_path / "meta").mkdir()
    for name in ("a.csv", "b.csv.gz", "meta/c.yml"):
        (tmp_path / name).write_bytes(b"x")
    found = Source.at(tmp_path / "a.csv")
    assert found.beside("b.csv").name == "b.csv.gz"
    assert found.beside("meta/c.yml").name == "c.yml"
    assert found.beside("absent.csv") is None
    assert Source(name="a", content=b"x").beside("a.csv") is None
