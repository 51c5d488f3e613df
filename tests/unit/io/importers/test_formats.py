import pytest

from everycount.errors import InputError, NotFound
from everycount.io.importers import formats as module
from everycount.io.importers.formats import find_format, formats
from everycount.io.importers.source import Source


@pytest.fixture(autouse=True)
def plain_only(monkeypatch):
    monkeypatch.setattr(module, "MODULES", ("plain",))


def test_formats_are_modules_in_order():
    assert [format.NAME for format in formats()] == ["plain"]


def test_format_is_found_by_its_name():
    assert find_format(Source(name="a.bin", content=b"\0"), "plain").NAME == "plain"


def test_unknown_format_names_the_nearest():
    with pytest.raises(
        NotFound, match=r"there is no format 'plane'; perhaps 'plain'\. Formats: plain"
    ):
        find_format(Source(name="a.csv"), "plane")
    with pytest.raises(NotFound, match=r"there is no format 'zzz'\. Formats: plain"):
        find_format(Source(name="a.csv"), "zzz")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"x"), ("a.TSV.gz", b"x"), ("a", b"PK\x03\x04"), ("standard input", b"a,b\n1,2")],
)
def test_table_is_recognised_by_ending_or_beginning(name, content):
    assert find_format(Source(name=name, content=content)).NAME == "plain"


def test_file_that_begins_like_none_is_refused():
    with pytest.raises(
        InputError, match=r"content that begins b'%PDF-1\.7.*', expected one of: a CSV"
    ):
        find_format(Source(name="a.pdf", content=b"%PDF-1.7\na,b"))
