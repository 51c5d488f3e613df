"""The archive: tables, files of the store, and a manifest with the digest of each."""

import hashlib
import json
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Self

from everycount.errors import InputError, NotFound, Problem

FORMAT = "everycount backup 1"
MANIFEST = "manifest.json"
CHUNK = 1024 * 1024
NAME = re.compile(r"(database/[a-z0-9_]+\.[a-z0-9_]+\.jsonl|store(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+)")
"""Names of members. None begins with a dot or leads out of the folder."""

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    KeyError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What zipfile raises for an archive with flipped bits, depending on where they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What an archive says about itself."""

    format: str
    version: str
    made_at: str
    engine: str
    migrations: list[list[str]]
    head: dict[str, Any]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)


class Writer:
    """Adds members to a new archive and keeps their digests for the manifest."""

    def __init__(self, file: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(file, "w", allowZip64=True)
        self._files: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._zip.close()

    def add(self, name: str, chunks: Iterable[bytes], *, compress: bool) -> str:
        """Add a member from its parts; return its digest."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_info(name, compress=compress), "w", force_zip64=True) as member:
            for chunk in chunks:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._files[name] = {"sha256": digest.hexdigest(), "size": size}
        return digest.hexdigest()

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest, which must be the last member."""
        told = {**asdict(manifest), "files": self._files}
        text = json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        self._zip.writestr(_info(MANIFEST, compress=True), text.encode())


@contextmanager
def read_archive(path: Path) -> Iterator["Reader"]:
    """Open an archive and compare its every byte with its manifest.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If anything is not as the manifest says; with every member that is not.
    """
    if not path.exists():
        raise NotFound(f"there is no file {path}")
    with ExitStack() as opened:
        try:
            file = opened.enter_context(path.open("rb"))
            archive = opened.enter_context(zipfile.ZipFile(file))
        except DAMAGED as error:
            problem = Problem(path.name, str(error), "a whole archive")
            raise InputError(path.name, [problem]) from error
        yield Reader(archive, path.name)


class Reader:
    """An archive whose every byte was compared with its manifest."""

    def __init__(self, archive: zipfile.ZipFile, subject: str) -> None:
        self._zip, self._subject = archive, subject
        self.manifest = self._read_manifest()
        problems = list(self._faults())
        if problems:
            raise self._refusal(problems)

    def names(self, kind: str) -> list[str]:
        """Return the members under ``database`` or ``store``."""
        return sorted(name for name in self.manifest.files if name.startswith(f"{kind}/"))

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a member."""
        with self._zip.open(name) as member:
            yield from member

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a member in parts."""
        with self._zip.open(name) as member:
            yield from chunks_of(member)

    def _read_manifest(self) -> Manifest:
        """Read what the archive says about itself."""
        expected = f"a manifest of the form “{FORMAT}”"
        try:
            told = json.loads(self._zip.read(MANIFEST))
            if told["format"] != FORMAT:
                raise self._refusal([Problem(MANIFEST, repr(told["format"]), expected)])
            return Manifest(**told)
        except (*DAMAGED, TypeError) as error:
            raise self._refusal([Problem(MANIFEST, f"a fault: {error}", expected)]) from error

    def _faults(self) -> Iterator[Problem]:
        """Yield every difference between the members and the manifest."""
        present = [name for name in self._zip.namelist() if name != MANIFEST]
        told = self.manifest.files
        for name in sorted(set(present) | set(told)):
            if present.count(name) != 1 or name not in told:
                found = f"{present.count(name)} of it in the archive"
                expected = "one, as in the manifest" if name in told else "none in the manifest"
                yield Problem(name, found, expected)
            elif not NAME.fullmatch(name):
                yield Problem(name, "this name", "database/<table>.jsonl or store/<file>")
            elif (digest := self._digest(name)) != told[name]["sha256"]:
                yield Problem(name, f"the digest {digest}", f"the digest {told[name]['sha256']}")

    def _digest(self, name: str) -> str:
        """Return the digest of a member, or in words why it cannot be read."""
        digest = hashlib.sha256()
        try:
            for chunk in self.chunks(name):
                digest.update(chunk)
        except DAMAGED as error:
            return f"of a damaged member ({error})"
        return digest.hexdigest()

    def _refusal(self, problems: list[Problem]) -> InputError:
        return InputError(self._subject, problems)


def chunks_of(file: Any) -> Iterator[bytes]:
    """Yield an open file in parts."""
    while chunk := file.read(CHUNK):
        yield chunk


def _info(name: str, *, compress: bool) -> zipfile.ZipInfo:
    """Return the entry of a member; without a date, so that the same content is the same bytes."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    return info
