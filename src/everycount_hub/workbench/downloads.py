"""Files that are handed over: written whole first, as an attachment, never shown by a browser."""

import tempfile
import threading
import zipfile
from pathlib import Path
from typing import IO, BinaryIO, cast

import polars as pl
from django.http import FileResponse, Http404

from everycount.errors import Unavailable
from everycount.io.exporters.formats import find_exporter
from everycount.io.exporters.outgoing import gathered
from everycount_hub import store
from everycount_hub.models import DatasetVersion
from everycount_hub.queries.contents import Leaving

IN_MEMORY = 1 << 20
"""Bytes up to which a file never touches the disk."""
WRITING = threading.BoundedSemaphore(2)
"""Files that are written at a time, so that pages go on being answered."""
PATIENCE = 10.0
"""Seconds a request waits for its turn to write."""
ANY = "application/octet-stream"
"""What files of other people are served as, whatever they are."""


def as_file(version: DatasetVersion, table: pl.LazyFrame, kind: str) -> FileResponse:
    """Return figures of a version in a format of the library.

    Raises
    ------
    InputError
        If there are more figures than a file or the format can hold.
    Unavailable
        If others are writing files, or the disk has no room.
    """
    exporter = find_exporter(kind)
    if not WRITING.acquire(timeout=PATIENCE):
        raise Unavailable("other files are being written: try again in a minute")
    # Closed by the response once it is sent.
    spooled = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
    file = cast("BinaryIO", spooled)
    try:
        with gathered(Leaving(version=version, table=table), title=str(version)) as outgoing:
            exporter.write(outgoing, file)
    except BaseException:
        file.close()
        raise
    finally:
        WRITING.release()
    file.seek(0)
    return _attached(file, f"{_stem(version)}{exporter.ending}", exporter.media_type)


def kept_source(version: DatasetVersion) -> FileResponse:
    """Return the file that was sent, as it came."""
    path = store.source_path(version.source, version.source_name)
    if not path.is_file():
        raise Http404
    return _attached(path.open("rb"), version.source_name)


def kept_bundle(version: DatasetVersion) -> FileResponse:
    """Return all files of a version that holds no figures."""
    return _attached(_bundle(version).open("rb"), f"{_stem(version)}.zip")


def part_of_bundle(version: DatasetVersion, name: str) -> FileResponse:
    """Return one file of a version that holds no figures."""
    try:
        with zipfile.ZipFile(_bundle(version)) as archive:
            # It goes on being read when the archive is closed, until it is closed itself.
            held = archive.open(name)
    except KeyError as error:
        raise Http404 from error
    return _attached(held, name.rpartition("/")[2])


def _bundle(version: DatasetVersion) -> Path:
    if version.dataset.has_figures or not version.digest or version.is_file_removed:
        raise Http404
    path = store.kept_path(version.digest, is_table=False)
    if not path.is_file():
        raise Http404
    return path


def _stem(version: DatasetVersion) -> str:
    return f"{version.dataset.slug}-{version.number}"


def _attached(file: IO[bytes], name: str, media_type: str = ANY) -> FileResponse:
    """Return a file that is saved and not opened: what it holds may be a page that acts."""
    response = FileResponse(file, as_attachment=True, filename=name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
