"""Archives that people send and that the store keeps: flat, of known names, of sane size."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from everycount.errors import InputError, Problem
from everycount_hub.contents import Expected

LARGEST = 200 * 2**20
"""Bytes that the files of an archive may have together, unpacked: a hundred times the largest
index there is."""
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same files give the same bytes. The earliest a zip knows."""


def read_archive(place: Path, name: str, expected: Expected) -> dict[str, bytes]:
    """Return the files of an archive that was sent.

    One folder around all files, as packers make it, is looked through.

    Parameters
    ----------
    place : Path
        Where it is.
    name : str
        What its sender called it.
    expected : Expected
        The names it must and may hold. Others are refused, not dropped: what is published was
        looked at.

    Raises
    ------
    InputError
        If it is no zip file, is too long unpacked, lacks a file or holds one that nobody asked
        for: every fault at once.
    """
    try:
        with zipfile.ZipFile(place) as archive:
            entries = [each for each in archive.infolist() if not each.is_dir()]
            names = _flat([each.filename for each in entries])
            problems = [*_problems(names, sum(each.file_size for each in entries), expected)]
            if problems:
                raise InputError(name, problems)
            return {short: archive.read(entry) for short, entry in zip(names, entries, strict=True)}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        found = str(error) or type(error).__name__
        problem = Problem("file", found, f"a zip file with {', '.join(expected.required)}")
        raise InputError(name, [problem]) from error


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file whose bytes depend on names and contents alone."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def unpack(place: Path) -> dict[str, bytes]:
    """Return the files of a bundle of the store."""
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _flat(names: list[str]) -> list[str]:
    """Return the names without the one folder that holds them all, if there is one."""
    folders = {name.partition("/")[0] for name in names}
    if len(folders) == 1 and all("/" in name for name in names):
        return [name.partition("/")[2] for name in names]
    return names


def _problems(names: list[str], size: int, expected: Expected) -> Iterator[Problem]:
    if size > LARGEST:
        yield Problem("size", f"{size >> 20} MB unpacked", f"at most {LARGEST >> 20} MB")
    for name in expected.required:
        if name not in names:
            yield Problem(name, "no such file", "this file in the archive")
    known = {*expected.required, *expected.optional}
    for name in dict.fromkeys(names):
        if name not in known:
            yield Problem(name, "a file nobody asked for", f"one of {', '.join(sorted(known))}")
        elif names.count(name) > 1:
            yield Problem(name, f"{names.count(name)} files of this name", "one")
