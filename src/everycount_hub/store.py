"""The store: files of dataset versions, named by their digest, written whole, never changed.

A version is a Parquet file, or a bundle of files where it holds no figures; what a person sent is
kept beside it as it came. A file takes its
name only once the disk has all of it, and the row that names it is written after that: whatever
is killed in between leaves a file that nobody names, never a row without its file.
"""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
from django.conf import settings

from everycount.errors import NotFound, Unavailable

SORTED_BY = ("INDICATOR", "REF_AREA")
"""What rows are sorted by first: a page asks for one indicator in one area."""
ROW_GROUP = 100_000
"""Rows of a group. A slice is in one or two; the statistics of the others let them be skipped."""
SORTING = {
    "threads": 2,
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""DuckDB while it sorts: what does not fit into the memory is spilled beside the file, and nothing
is fetched, as what it needs for Parquet is part of it."""
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""Errors of a system that has no room for a file: disk full, quota reached, file too large."""
STAGED = ".staged-"
"""How the names of folders begin in which files wait for their names."""
ENDING = re.compile(r"\.[a-z0-9]{1,8}")
"""Endings of names that are kept, such as ``.parquet``: they tell formats apart."""
DIGEST = re.compile(r"[0-9a-f]{64}")
"""A SHA-256 in hexadecimal."""
KINDS = ("versions", "bundles", "sources")
"""The folders of the store: tables, bundles of files, and what was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file of the store: the digest that is its name, its bytes, and the rows of a table."""

    digest: str
    size: int
    rows: int | None = None


def version_path(digest: str) -> Path:
    """Return where the table with a digest is, or would be."""
    return _place("versions", digest, ".parquet")


def bundle_path(digest: str) -> Path:
    """Return where the bundle of files with a digest is, or would be."""
    return _place("bundles", digest, ".zip")


def kept_path(digest: str, *, is_table: bool) -> Path:
    """Return where what a version holds is, or would be."""
    return version_path(digest) if is_table else bundle_path(digest)


def source_path(digest: str, name: str) -> Path:
    """Return where a file that was sent is, or would be; `name` is what its sender called it."""
    ending = Path(name).suffix.lower()
    return _place("sources", digest, ending if ENDING.fullmatch(ending) else "")  # .parquet


def put_source(content: Iterable[bytes], *, name: str) -> Stored:
    """Store a file as it came, whole or not at all.

    Parameters
    ----------
    content : iterable of bytes
        Its bytes, piece by piece.
    name : str
        What its sender called it; the ending is kept.

    Raises
    ------
    Unavailable
        If the disk is full or cannot be written to.
    """
    with _staged() as folder:
        path = folder / "source"
        with path.open("xb") as file:
            for piece in content:
                file.write(piece)
        digest = digest_of(path)
        size = path.stat().st_size
        _keep(path, source_path(digest, name))
    return Stored(digest=digest, size=size)


def put_bundle(content: bytes) -> Stored:
    """Store a bundle of files, whole or not at all.

    Raises
    ------
    Unavailable
        If the disk is full or cannot be written to.
    """
    with _staged() as folder:
        path = folder / "bundle"
        path.write_bytes(content)
        digest = digest_of(path)
        _keep(path, bundle_path(digest))
    return Stored(digest=digest, size=len(content))


def put_rows(frames: Iterable[pl.DataFrame]) -> Stored:
    """Store a table as a sorted Parquet file, whole or not at all.

    The same rows give the same digest in whatever order they come, and memory does not grow with
    them: each frame goes to the disk, DuckDB sorts what is there.

    Parameters
    ----------
    frames : iterable of DataFrame
        The rows, in frames with one and the same schema; at least one frame.

    Raises
    ------
    Unavailable
        If the disk is full or cannot be written to.
    ValueError
        If there is no frame, or if two have different columns.
    """
    with _staged() as folder:
        parts, rows, varying = _write_parts(frames, folder)
        path = folder / "sorted.parquet"
        _sort(parts, path, folder, by=varying)
        digest = digest_of(path)
        size = path.stat().st_size
        _keep(path, version_path(digest))
    return Stored(digest=digest, size=size, rows=rows)


def read_slice(
    digest: str,
    where: Mapping[str, str | Sequence[str]],
    *,
    columns: Sequence[str] = (),
    limit: int | None = None,
) -> pl.DataFrame:
    """Return the rows of a version with given codes, in the order of the file.

    Parameters
    ----------
    digest : str
        The version.
    where : mapping of str to str or sequence of str
        Per column the code, or the codes, a row may have. None at all gives every row.
    columns : sequence of str
        Columns to return; all if none is named.
    limit : int, optional
        The most rows to return.

    Raises
    ------
    NotFound
        If the store has no such file, or the file no such column.
    """
    table = scan(digest)
    known = table.collect_schema().names()
    unknown = sorted({*where, *columns} - set(known))
    if unknown:
        raise NotFound(
            f"the version has no column {', '.join(unknown)}; its columns are {', '.join(known)}"
        )
    for name, codes in where.items():
        given = [codes] if isinstance(codes, str) else list(codes)
        table = table.filter(pl.col(name).is_in(given))
    if columns:
        table = table.select(columns)
    return (table if limit is None else table.head(limit)).collect()


def scan(digest: str) -> pl.LazyFrame:
    """Return a whole version, to be collected or streamed.

    Raises
    ------
    NotFound
        If the store has no such file.
    """
    path = version_path(digest)
    if not path.is_file():
        raise NotFound(f"the store has no file of the version {digest[:12]}")
    return _scan(path)


def files() -> Iterator[Path]:
    """Yield the files that have taken their names, in the order of these."""
    for kind in KINDS:
        yield from sorted((Path(settings.STORE_FOLDER) / kind).glob("??/*"))


def staged() -> Iterator[Path]:
    """Yield the folders in which files wait, those of killed processes among them."""
    yield from sorted(Path(settings.STORE_FOLDER).glob(f"{STAGED}*"))


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, without reading all of it into memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _staged() -> Iterator[Path]:
    """Give a folder for what is not yet whole; it is gone afterwards, whatever happened."""
    store: Path = settings.STORE_FOLDER
    try:
        store.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=STAGED, dir=store) as folder:
            yield Path(folder)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise _unavailable(error) from error
    except pl.exceptions.ComputeError as error:  # Polars speaks so of files it cannot write
        if not _is_full(error):
            raise
        raise _unavailable(error) from error


def _write_parts(frames: Iterable[pl.DataFrame], folder: Path) -> tuple[list[Path], int, list[str]]:
    """Write each frame to a file; return them, the number of rows, and the columns that vary."""
    parts: list[Path] = []
    rows = 0
    schema: pl.Schema | None = None
    spans: dict[str, set[object]] = {}
    for frame in frames:
        if schema is not None and frame.schema != schema:
            raise ValueError(f"frames of one table have one schema: {schema}, not {frame.schema}")
        schema = frame.schema
        rows += frame.height
        part = folder / f"{len(parts)}.parquet"
        frame.write_parquet(part)
        parts.append(part)
        for column in frame if frame.height else ():
            spans.setdefault(column.name, set()).update(_span(column))
    if not parts:
        raise ValueError("a table has at least one frame, which may be empty")
    return parts, rows, [name for name, span in spans.items() if len(span) > 1]


def _span(column: pl.Series) -> set[object]:
    """Return the smallest and the largest value of a column, and null if it has any."""
    ends = {column.min(), column.max()}
    return ends | {None} if column.has_nulls() else ends


def _sort(parts: Sequence[Path], path: Path, folder: Path, *, by: Sequence[str]) -> None:
    """Write the rows of all parts in one order, whatever order they came in.

    Columns that hold one value throughout, most of those of an observation, need no sorting.
    DuckDB sorts more than memory holds; but how it cuts and encodes what it sorted depends on
    the order it came in, so Polars writes the file that is named by its bytes.
    """
    first = [name for name in SORTED_BY if name in by]
    order = ", ".join(map(_quoted, [*first, *(name for name in by if name not in first)]))
    in_order = folder / "in-order.parquet"
    target = str(in_order).replace("'", "''")
    with duckdb.connect(config={**SORTING, "temp_directory": str(folder / "spill")}) as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_parquet(?) {f'ORDER BY {order}' if order else ''}) "  # noqa: S608
            f"TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})",
            [[_pattern(part) for part in parts]],
        )
    _scan(in_order).sink_parquet(path, compression="zstd", row_group_size=ROW_GROUP)


def _keep(path: Path, target: Path) -> None:
    """Let a whole file take its name, and wait until the disk knows both.

    A file that is there already is replaced by its like: it then counts as new, so that it is
    not collected as an orphan before the row that names it is written.
    """
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    made = not target.parent.is_dir()
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    for folder in (target.parent, *(target.parents[1:3] if made else ())):
        sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder. Windows cannot be asked to."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _scan(path: Path) -> pl.LazyFrame:
    # A folder may have a name with "*" or "[": it is a place, not a pattern.
    return pl.scan_parquet(path, glob=False)


def _place(kind: str, digest: str, ending: str) -> Path:
    if not DIGEST.fullmatch(digest):
        raise ValueError(f"{digest!r} is not a SHA-256 digest")
    return Path(settings.STORE_FOLDER) / kind / digest[:2] / f"{digest}{ending}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _pattern(path: Path) -> str:
    """Return a path for DuckDB, which reads ``*``, ``?`` and ``[`` as a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))


def _is_full(error: Exception) -> bool:
    return getattr(error, "errno", None) in FULL or any(
        os.strerror(number) in str(error) for number in FULL
    )


def _unavailable(error: Exception) -> Unavailable:
    folder = settings.STORE_FOLDER
    if _is_full(error) or isinstance(error, duckdb.OutOfMemoryException):
        free = shutil.disk_usage(folder).free // 2**20
        return Unavailable(
            f"the disk of the store is full ({free} MB free in {folder}): nothing was stored and "
            "nothing was lost; make room, then try again"
        )
    reason = getattr(error, "strerror", None) or str(error)
    return Unavailable(f"the store {folder} cannot be written to ({reason}): nothing was stored")
