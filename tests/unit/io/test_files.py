import io
import os
import re
import sys
from pathlib import Path

import pytest

from everycount.errors import InputError, NotFound
from everycount.io import files


def names(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def stage_all(folder, *names):
    with files.staged_folder(folder) as stage:
        for name in names:
            stage(name, b"new")


def test_digest_is_sha256():
    assert files.digest(b"abc").startswith("ba7816bf")


def test_read_bytes_returns_the_file(tmp_path):
    (tmp_path / "a").write_bytes(b"\0x")
    assert files.read_bytes(str(tmp_path / "a")) == b"\0x"


def test_read_bytes_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"piped")))
    assert files.read_bytes("-") == b"piped"


def test_read_bytes_missing_file(tmp_path):
    with pytest.raises(NotFound, match=r"there is no file .*none\.csv"):
        files.read_bytes(tmp_path / "none.csv")


def test_read_bytes_below_a_file(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(NotFound):
        files.read_bytes(tmp_path / "a" / "b")


def test_read_bytes_folder(tmp_path):
    with pytest.raises(InputError, match="found a folder, expected a file"):
        files.read_bytes(tmp_path)


def test_read_bytes_without_permission(tmp_path, monkeypatch):
    place = tmp_path / "a"
    place.write_bytes(b"")

    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(InputError, match="found no permission, expected a file that may be read"):
        files.read_bytes(place)


def test_write_new_and_again(tmp_path):
    for content in (b"one", b"two"):
        files.write(tmp_path / "a.csv", content)
        assert (tmp_path / "a.csv").read_bytes() == content
    assert names(tmp_path) == ["a.csv"]


def test_write_leaves_the_old_file_when_the_disk_fails(tmp_path, monkeypatch):
    files.write(tmp_path / "a.csv", b"old")

    def fail(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match=r"a\.csv: found a refusal \(No space left on device\)"):
        files.write(tmp_path / "a.csv", b"new")
    assert (tmp_path / "a.csv").read_bytes() == b"old"
    assert names(tmp_path) == ["a.csv"]


def test_write_to_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="found no such folder, expected a file in a folder"):
        files.write(tmp_path / "b" / "a.csv", b"")


def test_write_over_a_folder(tmp_path):
    with pytest.raises(InputError, match="found a folder"):
        files.write(tmp_path, b"")


def test_write_follows_a_link(tmp_path):
    (tmp_path / "real").write_bytes(b"")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    files.write(tmp_path / "link", b"x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"x"


@pytest.fixture
def pipe(tmp_path):
    """A pipe that somebody reads, so that opening it does not wait."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    yield tmp_path / "pipe", lambda: os.read(reader, 1000)
    os.close(reader)


def test_write_to_a_pipe_leaves_the_pipe(pipe):
    place, read = pipe
    files.write(place, b"x")
    assert read() == b"x"
    assert place.is_fifo()


def test_write_dash_is_standard_output(tmp_path, monkeypatch, capfdbinary):
    monkeypatch.chdir(tmp_path)
    sys.stdout.write("before ")
    files.write("-", b"printed")
    assert capfdbinary.readouterr().out.endswith(b"printed")
    assert names(tmp_path) == []


def test_write_together_sends_to_a_pipe_what_is_whole(pipe):
    place, read = pipe
    contents = {place: lambda file: file.write(b"a"), place.with_name("b"): b"b"}
    files.write_together(contents, never=[])
    assert read() == b"a"
    assert place.is_fifo()
    assert place.with_name("b").read_bytes() == b"b"
    files.write_together({place: b"alone"}, never=[])
    assert read() == b"alone"

    def fail(file):
        file.write(b"begun")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="pipe: found a refusal"):
        files.write_together({place: fail, place.with_name("c"): b""}, never=[])
    assert read() == b""
    assert names(place.parent) == ["b"]


def test_staged_folder_refuses_a_pipe(pipe):
    place, _ = pipe
    with pytest.raises(InputError, match="found a device or pipe, expected a file"):
        stage_all(place.parent, "pipe")
    assert place.is_fifo()


def test_staged_folder_follows_links(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "real").write_bytes(b"old")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(other / "real")
    (folder / "new").symlink_to(other / "new")
    files.write_together({folder / "link": b"1", folder / "new": b"2"}, never=[])
    assert (folder / "link").is_symlink()
    assert (folder / "new").is_symlink()
    assert (other / "real").read_bytes() == b"1"
    assert (other / "new").read_bytes() == b"2"
    (folder / "z").mkdir()
    with pytest.raises(InputError, match="z: found a folder"):
        stage_all(folder, "link", "z")
    assert (other / "real").read_bytes() == b"1"
    assert names(other) == ["new", "real"]


def test_two_links_to_one_file_are_a_name_for_two_files(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    found = files.place_problems([tmp_path / "a", tmp_path / "b"], never=[])
    assert [each.found for each in found] == ["a name for two files"]


def test_write_respects_the_umask(tmp_path):
    files.write(tmp_path / "a", b"")
    (tmp_path / "b").write_bytes(b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_staged_folder_writes_all(tmp_path):
    (tmp_path / "keep").write_bytes(b"kept")
    with files.staged_folder(tmp_path) as stage:
        stage("a.html", b"a")
        stage("sub/b.html", b"b")
        assert not (tmp_path / "a.html").exists()
    assert names(tmp_path) == ["a.html", "keep", "sub/b.html"]


def test_staged_folder_takes_the_last_of_two_contents(tmp_path):
    with files.staged_folder(tmp_path) as stage:
        stage("a", b"first")
        stage("a", b"second")
    assert (tmp_path / "a").read_bytes() == b"second"


def test_staged_folder_after_a_failed_rendering_is_as_before(tmp_path):
    folder = tmp_path / "new" / "out"
    with pytest.raises(ValueError, match="not a name"):
        stage_all(folder, "a.html", "../b")
    assert list(tmp_path.iterdir()) == []


def test_staged_folder_undoes_all_when_one_name_is_taken(tmp_path):
    (tmp_path / "a").write_bytes(b"old")
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "inside").write_bytes(b"")
    with pytest.raises(InputError, match=r"z: found a folder"):
        stage_all(tmp_path, "a", "sub/b", "z")
    assert names(tmp_path) == ["a", "z/inside"]
    assert (tmp_path / "a").read_bytes() == b"old"
    assert not (tmp_path / "sub").exists()


def test_staged_folder_where_a_file_is(tmp_path):
    (tmp_path / "a").write_bytes(b"")
    match = "a file where a folder should be"
    with pytest.raises(InputError, match=match), files.staged_folder(tmp_path / "a"):
        pass
    with pytest.raises(InputError, match=match), files.staged_folder(tmp_path / "a" / "b"):
        pass


def test_staged_folder_when_the_disk_fails(tmp_path, monkeypatch):
    def fail(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(InputError, match="No space"), files.staged_folder(tmp_path / "b") as stage:
        stage("a", b"")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["/a", "../a", "a//b", "a\\b", "C:a", "nul.txt", "a ", "a.", ""])
def test_staged_folder_refuses_names_of_some_computers_only(tmp_path, name):
    with (
        pytest.raises(ValueError, match=re.escape(repr(name))),
        files.staged_folder(tmp_path) as stage,
    ):
        stage(name, b"")


def test_staged_folder_refuses_names_that_differ_in_capitals(tmp_path):
    with pytest.raises(ValueError, match="one file on Windows"):
        stage_all(tmp_path, "a", "A")


def test_staged_folder_lets_a_function_write(tmp_path):
    with files.staged_folder(tmp_path) as stage:
        stage("a", lambda file: file.writelines([b"one", b"two"]))
    assert (tmp_path / "a").read_bytes() == b"onetwo"


def test_write_together_writes_all(tmp_path):
    read = tmp_path / "read"
    read.write_bytes(b"")
    folder = tmp_path / "new"
    contents = {folder / "a.csv": b"a", folder / "b.csv": lambda file: file.write(b"b")}
    files.write_together(contents, never=[read, tmp_path / "gone"])
    assert names(tmp_path) == ["new/a.csv", "new/b.csv", "read"]


def test_write_together_lists_every_name_that_will_not_do(tmp_path):
    (tmp_path / "read.csv").write_bytes(b"figures")
    (tmp_path / "parts").mkdir()
    contents = dict.fromkeys(
        [
            tmp_path / "a.csv",
            tmp_path / "sub" / ".." / "read.csv",
            tmp_path / "parts" / "b.csv",
            tmp_path / "other" / "c.csv",
            tmp_path / "nul.csv",
        ],
        b"",
    )
    with pytest.raises(InputError) as caught:
        files.write_together(contents, never=[tmp_path / "read.csv", tmp_path / "parts"])
    assert [(each.found, each.expected) for each in caught.value.problems] == [
        ("a file or folder that is read", "another place"),
        ("a file or folder that is read", "another place"),
        (f"the folder {tmp_path / 'other'}", f"{tmp_path}, as for {tmp_path / 'a.csv'}"),
        ("the name 'nul.csv'", "a name of a file on every computer"),
    ]
    assert names(tmp_path) == ["read.csv"]


def test_a_folder_is_no_place_for_a_file(tmp_path):
    (found,) = files.place_problems([tmp_path], never=[])
    assert (found.found, found.expected) == ("a folder", "a file")
