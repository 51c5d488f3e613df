"""The store: whole or not at all, named by its bytes, sorted, sliced, verified."""

import errno
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import hypothesis
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from everycount.errors import NotFound, Unavailable
from everycount_hub import store
from everycount_hub.store_check import verify_store


@pytest.fixture
def folder(settings, tmp_path):
    settings.STORE_FOLDER = tmp_path / "it's [a] store*"
    return settings.STORE_FOLDER


def frame(**columns) -> pl.DataFrame:
    usual = {"INDICATOR": ["5a", "5a", "3b"], "REF_AREA": ["NA", "004", "NA"]}
    return pl.DataFrame({**usual, "OBS_VALUE": [1.5, None, 3.0], **columns})


def everything(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_put_rows_sorts_and_names_by_digest(folder):
    stored = store.put_rows([frame()])
    assert stored.rows == 3
    path = store.version_path(stored.digest)
    assert path.stat().st_size == stored.size
    assert store.digest_of(path) == stored.digest
    assert store.scan(stored.digest).collect().rows() == [
        ("3b", "NA", 3.0),
        ("5a", "004", None),
        ("5a", "NA", 1.5),
    ]
    assert everything(folder) == [path.name]


def test_put_rows_same_rows_in_another_order_have_the_same_digest(folder):
    rows = frame()
    one = store.put_rows([rows])
    two = store.put_rows([rows[2:], rows[:2].reverse()])
    assert one == two
    assert len(everything(folder)) == 1


@pytest.mark.parametrize("values", [[None, 1.0], [2.0, 1.0], [None, None], [1.0, 1.0]])
def test_put_rows_sorts_by_every_column_that_varies(folder, values):
    table = pl.DataFrame(
        {"INDICATOR": ["5a", "5a"], "A": ["x", "x"], "OBS_VALUE": values},
        schema_overrides={"OBS_VALUE": pl.Float64},
    )
    digests = {
        store.put_rows(frames).digest
        for frames in ([table], [table.reverse()], [table[:1], table[1:]], [table[1:], table[:1]])
    }
    assert len(digests) == 1
    assert store.scan(digests.pop()).collect().equals(table.sort("OBS_VALUE", nulls_last=True))


def test_put_rows_other_value_has_another_digest(folder):
    one = store.put_rows([frame()])
    two = store.put_rows([frame(OBS_VALUE=[1.5, 0.0, 3.0])])
    assert one.digest != two.digest


def test_put_rows_keeps_names_and_types(folder):
    table = pl.DataFrame(
        {"a b": ["=1", None], 'q"': [1, 2], "ế": [True, False], "d": [0.1, None]},
        schema_overrides={'q"': pl.Int32},
    )
    read = store.read_slice(store.put_rows([table]).digest, {})
    assert read.schema == table.schema
    assert read.sort('q"').equals(table)


def test_put_rows_without_rows_keeps_the_columns(folder):
    stored = store.put_rows([frame().clear()])
    assert stored.rows == 0
    assert store.read_slice(stored.digest, {"INDICATOR": "5a"}).schema == frame().schema


def test_put_rows_refuses_no_frame_and_frames_that_differ(folder):
    with pytest.raises(ValueError, match="at least one frame"):
        store.put_rows([])
    with pytest.raises(ValueError, match="one schema"):
        store.put_rows([frame(), frame(OBS_VALUE=[1, 2, 3])])
    assert everything(folder) == []


def test_put_rows_fault_in_the_source_leaves_nothing(folder):
    def frames():
        yield frame()
        raise KeyError("line 7")

    with pytest.raises(KeyError, match="line 7"):
        store.put_rows(frames())
    assert everything(folder) == []


def test_put_source_keeps_bytes_and_ending(folder):
    stored = store.put_source([b"a,b\n", b"1,2\n"], name="Dữ liệu.CSV")
    assert stored.size == 8
    path = store.source_path(stored.digest, "Dữ liệu.CSV")
    assert path.name == f"{stored.digest}.csv"
    assert path.read_bytes() == b"a,b\n1,2\n"


@pytest.mark.parametrize(
    "name", ["figures", "a.tar.gzipped-by-me", "x.c$v", "../../etc/passwd", "x./"]
)
def test_source_path_drops_an_ending_that_is_none(folder, name):
    assert store.source_path("0" * 64, name).name == "0" * 64


@pytest.mark.parametrize("digest", ["", "abc", "../" + "0" * 61, "G" * 64, "A" * 64])
def test_version_path_refuses_what_is_no_digest(folder, digest):
    with pytest.raises(ValueError, match="SHA-256"):
        store.version_path(digest)


def test_read_slice_by_code_and_codes(folder):
    digest = store.put_rows([frame()]).digest
    assert store.read_slice(digest, {"INDICATOR": "5a", "REF_AREA": "NA"}).rows() == [
        ("5a", "NA", 1.5)
    ]
    both = store.read_slice(digest, {"REF_AREA": ["NA", "004"]}, columns=["OBS_VALUE"], limit=2)
    assert both.rows() == [(3.0,), (None,)]
    assert store.read_slice(digest, {"REF_AREA": []}).is_empty()
    assert store.read_slice(digest, {}, limit=0).is_empty()


def test_read_slice_names_what_is_missing(folder):
    with pytest.raises(NotFound, match="no file of the version 000000000000"):
        store.read_slice("0" * 64, {})
    with pytest.raises(NotFound, match="no file of the version"):
        store.scan("0" * 64)
    digest = store.put_rows([frame()]).digest
    with pytest.raises(NotFound, match=r"no column 1=1--; its columns are INDICATOR, REF_AREA"):
        store.read_slice(digest, {"1=1--": "x"})


@pytest.mark.slow
@hypothesis.settings(max_examples=30)
@given(code=st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_read_slice_takes_codes_as_text_only(code, tmp_path_factory):
    from django.test import override_settings

    with override_settings(STORE_FOLDER=tmp_path_factory.mktemp("store")):
        digest = store.put_rows([frame(REF_AREA=[code, "NA", "004"])]).digest
        found = store.read_slice(digest, {"REF_AREA": code})
        assert (code,) in found.select("REF_AREA").rows()
        assert found["REF_AREA"].unique().to_list() == [code]


def test_put_rows_again_counts_as_new(folder):
    digest = store.put_rows([frame()]).digest
    path = store.version_path(digest)
    os.utime(path, (0, 0))
    store.put_rows([frame()])
    assert path.stat().st_mtime > 0


def test_verify_store_finds_missing_and_changed(folder):
    kept, lost = store.put_rows([frame()]), store.put_source([b"x"], name="x.csv")
    harmed = store.put_source([b"y"], name="y.csv")
    named = [
        store.version_path(kept.digest),
        store.source_path(lost.digest, "x.csv"),
        store.source_path(harmed.digest, "y.csv"),
    ]
    assert verify_store(named) == ()
    named[1].unlink()
    named[2].write_bytes(b"z")
    assert [(each.name, each.fault) for each in verify_store(named)] == [
        (named[1].name, "missing"),
        (named[2].name, "changed"),
    ]


# ---------------------------------------------------------------- a disk that is full


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "disk of the store is full"),
        (OSError(errno.EACCES, "Permission denied"), r"cannot be written to \(Permission denied\)"),
        (duckdb.IOException("Could not write: No space left on device"), "store is full"),
        (duckdb.OutOfMemoryException("failed to offload"), "store is full"),
        (duckdb.IOException("it broke"), r"cannot be written to \(.*it broke\)"),
        (pl.exceptions.ComputeError("No space left on device"), "disk of the store is full"),
    ],
)
def test_put_rows_trouble_of_the_disk_is_told_and_nothing_is_left(
    folder, monkeypatch, error, words
):
    kept = store.put_rows([frame()])

    def fail(*_given, **_named):
        raise error

    monkeypatch.setattr(store, "_sort", fail)
    with pytest.raises(Unavailable, match=words):
        store.put_rows([frame(OBS_VALUE=[0.0, 0.0, 0.0])])
    assert everything(folder) == [f"{kept.digest}.parquet"]
    assert store.read_slice(kept.digest, {}).height == 3


def test_put_rows_other_error_of_polars_is_not_hidden(folder, monkeypatch):
    def fail(*_given, **_named):
        raise pl.exceptions.ComputeError("our own mistake")

    monkeypatch.setattr(store, "_sort", fail)
    with pytest.raises(pl.exceptions.ComputeError, match="our own"):
        store.put_rows([frame()])


LIMITED = """
    import resource, sys, polars as pl
    from hashlib import sha256
    from pathlib import Path
    from django.conf import settings
    settings.configure(STORE_FOLDER=Path(sys.argv[1]))
    from everycount.errors import Unavailable
    from everycount_hub import store
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
    kept = store.put_source([b"kept"], name="kept.csv")
    made = range(100_000)
    text = [sha256(str(i).encode()).hexdigest() for i in made]
    rows = [pl.DataFrame({"INDICATOR": text[i:i + 5000]}) for i in range(0, 100_000, 5000)]
    def try_both():
        for put in (lambda: store.put_rows(rows),
                    lambda: store.put_source([b"x" * 2_000_000], name="x.csv")):
            try:
                put()
            except Unavailable as error:
                yield str(error)
    found = list(try_both())
    assert len(found) == 2, found
    assert all("is full" in each for each in found), found
    assert [each.name for each in store.files()] == [kept.digest + ".csv"]
    assert store.digest_of(store.source_path(kept.digest, "kept.csv")) == kept.digest
    assert sorted(p.name for p in Path(sys.argv[1]).iterdir()) == ["sources"], "something is left"
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
@pytest.mark.parametrize("limit", [50_000, 1_000_000])
def test_store_with_a_real_limit_of_the_system_stays_sound(tmp_path, limit):
    """The system refuses to write beyond a size: in the parts, in the sorted file, in a source."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LIMITED), str(tmp_path / "store"), str(limit)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
