"""Figures as files: written whole to the disk first, then handed over.

So a fault is told before the first byte, memory does not grow with the figures, and a slow reader
holds no thread of the server: docs/decisions/0017.
"""

import gzip
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO, cast

import polars as pl
from django.http import FileResponse, HttpRequest

from everycount.errors import InputError
from everycount.io.exporters.formats import Exporter, Write
from everycount.io.exporters.outgoing import Outgoing, gathered
from everycount.model.codes import CodeList
from everycount.model.observation import OBSERVATION
from everycount.model.origin import Origin
from everycount.model.structure import DataStructure
from everycount_hub.api.limits import FILES_AT_ONCE, ROWS, TooMuch
from everycount_hub.api.public import LEVEL, Refused, takes_gzip
from everycount_hub.edition.read import DATASET

IN_MEMORY = 1 << 20
"""Bytes up to which a file never touches the disk."""
COMPRESSED = frozenset({"excel", "parquet"})
"""Formats that compress by themselves."""
WRITING = threading.BoundedSemaphore(FILES_AT_ONCE)
PATIENCE = 10.0
"""Seconds a request waits for its turn to write."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Figures as exporters read them: batch by batch, once."""

    structure: DataStructure
    tables: Iterable[pl.LazyFrame]
    """Each of them fits into the memory."""
    codes: Mapping[str, CodeList]
    origins: tuple[Origin, ...]
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Yield the figures; refuse more than one answer may have."""
        yield pl.DataFrame(schema=dict(self.structure.schema))
        yield from _counted(each.select(self.structure.ids) for each in self.tables)


def _counted(tables: Iterable[pl.LazyFrame]) -> Iterator[pl.DataFrame]:
    """Yield tables one by one, up to what one answer may have."""
    count = 0
    for table in tables:
        rows = table.collect()
        count += rows.height
        if count > ROWS:
            raise TooMuch(f"more than {ROWS:,} figures are asked for")
        yield rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file is called, and when what is in it was published."""

    title: str
    name: str
    media_type: str
    published: str = ""


def file_answer(
    request: HttpRequest,
    rows: Rows,
    exporter: Exporter,
    told: Told,
    *,
    write: Write | None = None,
    demand: Callable[[Outgoing], object] = bool,
) -> FileResponse:
    """Return figures as a file of a format.

    Parameters
    ----------
    request : HttpRequest
        Who asks tells whether the file may be compressed.
    rows : Rows
        The figures.
    exporter : Exporter
        The format.
    told : Told
        What the file is called.
    write : callable, optional
        Writes the figures, where the exporter alone would not do.
    demand : callable
        Raises an error where the figures are not what is wanted, such as none.

    Raises
    ------
    TooMuch
        If there are more figures than a file may have, or than the format can hold.
    Refused
        If too many files are written already.
    """
    prepared = datetime.fromisoformat(told.published).astimezone(UTC) if told.published else None

    def content(file: BinaryIO) -> None:
        with gathered(rows, prepared=prepared, title=told.title) as outgoing:
            demand(outgoing)
            try:
                (write or exporter.write)(outgoing, file)
            except InputError as error:  # the format holds less than was asked for
                raise TooMuch(str(error)) from error

    return _answer(request, content, told, packs=exporter.name not in COMPRESSED)


def csv_answer(
    request: HttpRequest,
    tables: Iterable[pl.LazyFrame],
    show: Callable[[pl.DataFrame], pl.DataFrame],
    told: Told,
) -> FileResponse:
    """Return figures as plain CSV, as `show` makes them; else as `file_answer`."""

    def content(file: BinaryIO) -> None:
        empty = pl.DataFrame(schema={**OBSERVATION.schema, DATASET: pl.String})
        file.write(show(empty).write_csv().encode())
        for rows in _counted(tables):
            file.write(show(rows).write_csv(include_header=False).encode())

    return _answer(request, content, told, packs=True)


def _answer(
    request: HttpRequest, content: Callable[[BinaryIO], object], told: Told, *, packs: bool
) -> FileResponse:
    packs = packs and takes_gzip(request)
    if not WRITING.acquire(timeout=PATIENCE):
        raise Refused(503, "Many files are being written: try again soon.", Retry_After="10")
    # Closed by the response once it is sent.
    file = cast("BinaryIO", tempfile.SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115
    try:
        _write(content, file, packs=packs)
    except BaseException:
        file.close()
        raise
    finally:
        WRITING.release()
    size = file.tell()
    file.seek(0)
    response = FileResponse(file, content_type=told.media_type)
    response["Content-Disposition"] = f'attachment; filename="{told.name}"'
    response["Content-Length"] = str(size)
    if packs:
        response["Content-Encoding"] = "gzip"
    return response


def _write(content: Callable[[BinaryIO], object], file: BinaryIO, *, packs: bool) -> None:
    if not packs:
        content(file)
        return
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=LEVEL, mtime=0, filename="") as out:
        content(cast("BinaryIO", out))
